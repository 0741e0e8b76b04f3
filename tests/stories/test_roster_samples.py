"""The twelve sample rosters, each read by the real child: what was understood, and every error by its cell."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.sheets import read_sheet
from config.demo import demo_people_rows
from config.rules import load_rules
from domain.people_sheet import read_people
from domain.roster_check import OnLeave
from domain.roster_entry import Layout
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import RosterSheet, read_roster
from domain.sheet_kind import SheetKind, detect_kind
from tests.inputs.rosters.make import SAMPLES

FOLDER = Path(__file__).parents[1] / "inputs" / "rosters"
STREET = [
    KnownPerson(n, p.name, p.phone, tuple(r.role for r in p.roles))
    for n, p in enumerate(read_people(demo_people_rows()).people, 1)
]
SECOND = KnownPerson(999, "周凯", "13900000001")
AWAY = OnLeave(next(p.id for p in STREET if p.name == "吴静"), date(2026, 10, 2), date(2026, 10, 4))


async def read(file: str) -> RosterSheet:
    """Read a sample in an office of one shift a day, where 何琳 has no phone, 周凯 a namesake, and 吴静 is away."""
    people = [replace(p, phone="") if p.name == "何琳" and file == "缺电话.xlsx" else p for p in STREET]
    people += [SECOND] if file == "名字不对.xlsx" else []
    leaves = [AWAY] if file == "请假仍排班.txt" else []
    office = Office(people, load_rules().roster, ZoneInfo("Asia/Shanghai"), leaves=leaves)
    sheet = await read_sheet((FOLDER / file).read_bytes(), file)
    assert detect_kind(sheet.rows, office.directory) is SheetKind.ROSTER
    return read_roster(sheet.rows, office, today=date(2026, 9, 24), name=file, merged=sheet.merged)


RIGHT = [
    ("国庆值班安排表.xlsx", Layout.DAYS, date(2026, 10, 1), 7, 29, "带班领导、主班、副班、驾驶员"),
    ("白班夜班分列.xlsx", Layout.COLUMNS, date(2026, 10, 1), 10, 30, "带班领导、主班"),
    ("每班一行.xlsx", Layout.ROWS, date(2026, 10, 8), 6, 18, "带班领导、主班"),
    ("人员月表.xlsx", Layout.PEOPLE, date(2026, 10, 1), 31, 93, "带班领导、主班、副班"),
    ("岗位月表.xls", Layout.POSTS, date(2026, 11, 1), 30, 120, "带班领导、主班、副班、驾驶员"),
    ("带班表.csv", Layout.DAYS, date(2026, 10, 1), 8, 8, "带班领导"),
]


@pytest.mark.parametrize(
    ("file", "layout", "first", "days", "shifts", "posts"), RIGHT, ids=[r[0] for r in RIGHT]
)
async def test_a_right_sheet_is_understood_whole(
    file: str, layout: Layout, first: date, days: int, shifts: int, posts: str
) -> None:
    sheet = await read(file)
    assert (sheet.errors, sheet.gaps) == ((), ())
    assert (sheet.layout, sheet.days[0].date, len(sheet.days), len(sheet.shifts)) == (
        layout,
        first,
        days,
        shifts,
    )
    assert "、".join(post.word for post in sheet.posts) == posts


WRONG = [
    ("星期不符.csv", [("B4", "2026年10月2日是星期五")]),
    ("名字不对.xlsx", [("C3", "是不是“刘芳”"), ("C4", "有 2 位叫周凯")]),
    ("一人两岗.xlsx", [("D4", "陈刚当天已在C4排了主班")]),
    ("请假仍排班.txt", [("D2", "吴静10月2日至10月4日已请假")]),
    ("缺电话.xlsx", [("E4", "缺电话：何琳")]),
    ("九月三十一日.xlsx", [(cell, "没有2026年9月31日") for cell in ("AH4", "AH9", "AH15")]),
]


@pytest.mark.parametrize(("file", "expected"), WRONG, ids=[w[0] for w in WRONG])
async def test_each_error_is_named_by_its_cell(file: str, expected: list[tuple[str, str]]) -> None:
    errors = (await read(file)).errors
    assert [e.cell for e in errors] == [cell for cell, _ in expected]
    assert all(why in e.reason for e, (_, why) in zip(errors, expected, strict=True)), errors


async def test_a_number_that_lost_its_zero_is_read_and_compared() -> None:
    warnings = (await read("缺电话.xlsx")).warnings
    assert [(w.cell, w.value) for w in warnings] == [("C4", "022-28880000")]


async def test_day_and_night_hours_are_the_sheets_where_the_office_has_none_and_it_is_said() -> None:
    sheet = await read("白班夜班分列.xlsx")
    assert [w.reason for w in sheet.warnings] == [
        "班制里没有白班，按表里写的 08:30-17:30 读",
        "班制里没有夜班，按表里写的 17:30-08:30 读",
    ]
    spans = [(s.label, f"{s.starts_at:%d %H:%M}-{s.ends_at:%d %H:%M}") for s in sheet.shifts[:3]]
    assert spans == [
        ("", "01 08:30-02 08:30"),
        ("白班", "01 08:30-01 17:30"),
        ("夜班", "01 17:30-02 08:30"),
    ]


def test_the_samples_are_those_that_the_script_writes() -> None:
    kept = {path.name for path in FOLDER.iterdir() if path.suffix not in (".py", "")}
    assert kept == set(SAMPLES) == {name for name, *_ in RIGHT} | {name for name, _ in WRONG}

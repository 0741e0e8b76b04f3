"""A roster sheet in the forms offices use is read into days; nothing is silently mended."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.rules import load_rules
from domain.people import Role
from domain.roster import Post
from domain.roster_gaps import Gap
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import RosterSheet, read_roster

L, O, D, V = Post.LEADER, Post.OFFICER, Post.DEPUTY, Post.DRIVER  # noqa: E741 - the table reads by letters
NAMES = ("王志强", "李建国", "刘芳", "陈刚", "周凯", "冯磊", "马永军")
PEOPLE = [KnownPerson(n, name, f"1380000000{n}") for n, name in enumerate(NAMES, 1)]
TODAY = date(2026, 7, 1)
RULES = load_rules().roster
TITLE = ["沽水街道2026年7月值班表"]
HEADER = ["日期", "星期", "带班领导", "职务", "电话", "值班人员", "电话", "副班/驾驶员", "备注"]
#         A       B       C         D       E       F         G       H            I


def row(**cells: str) -> list[str]:
    """A right row of 25 July with some cells otherwise."""
    right = {"a": "2026-07-25", "b": "六", "c": "王志强", "d": "书记", "f": "刘芳", "h": "冯磊"}
    return [{**right, **cells}.get(letter, "") for letter in "abcdefghi"]


def read(*rows: list[str], people: list[KnownPerson] = PEOPLE, **more: object) -> RosterSheet:
    """Read rows under the usual title and header: the first row is Excel's row 3."""
    return read_rows([TITLE, HEADER, *rows], people=people, **more)


def read_rows(rows: list[list[str]], *, people: list[KnownPerson] = PEOPLE, **more: object) -> RosterSheet:
    """Read a whole sheet in an office with one shift a day."""
    office = Office(people, RULES, ZoneInfo("Asia/Shanghai"))
    return read_roster(rows, office, today=TODAY, **more)  # type: ignore[arg-type]  # a test's shorthand


def posts(sheet: RosterSheet) -> list[dict[Post, tuple[int, ...]]]:
    assert sheet.errors == ()
    return [dict(day.posts) for day in sheet.days]


DATES = [
    ("2026-07-25", "六"),
    ("7.25", "星期六"),
    ("7月25日（周六）", ""),
    ("7月25日（周六）", "周六"),
    ("7月25日", "周六（调休）"),
    ("2026年7月25日", "Sat"),
    ("2026/7/25", "礼拜六"),
    ("46228", "六"),
    ("25日", "六"),
    ("25", ""),
    ("7-25 星期六", ""),
]


@pytest.mark.parametrize(("written", "weekday"), DATES)
def test_a_date_is_read_in_each_way_it_is_written(written: str, weekday: str) -> None:
    sheet = read(row(a=written, b=weekday))
    assert [(d.date, d.row) for d in sheet.days] == [(date(2026, 7, 25), 3)]
    assert sheet.errors == ()


def test_the_year_comes_from_the_title_then_the_name_of_the_file_then_today() -> None:
    def year(title: str, name: str) -> int:
        rows = [[title], HEADER, row(a="7.25", b="")]
        return read_rows(rows, name=name).days[0].date.year

    found = (year("2025年7月", "2024年7月.xlsx"), year("值班表", "2024年.xlsx"), year("值班表", "表.xlsx"))
    assert found == (2025, 2024, 2026)


def test_a_december_sheet_may_run_into_january() -> None:
    rows = [["2026年12月值班表"], HEADER, row(a="12.31", b="四"), row(a="1.1", b="五", f="陈刚")]
    sheet = read_rows(rows)
    assert [d.date for d in sheet.days] == [date(2026, 12, 31), date(2027, 1, 1)]
    assert sheet.errors == ()


SHAPES = [
    ("two names are the main officer and the deputy", row(f="刘芳、周凯"), {L: (1,), O: (3,), D: (5, 6)}),
    ("names parted by a blank", row(f="刘芳 周凯", h=""), {L: (1,), O: (3,), D: (5,)}),
    ("a name widened by a full-width blank", row(f="刘　芳"), {L: (1,), O: (3,), D: (6,)}),
    ("two leaders of a sensitive day", row(c="王志强，李建国"), {L: (1, 2), O: (3,), D: (6,)}),
    ("a driver after the deputy", row(h="冯磊、马永军"), {L: (1,), O: (3,), D: (6,), V: (7,)}),
    ("a driver who is called one", row(h="马永军（司机）"), {L: (1,), O: (3,), V: (7,)}),
    ("a phone within the name's cell", row(f="刘芳 13800000003"), {L: (1,), O: (3,), D: (6,)}),
    ("a dash for nobody", row(h="—"), {L: (1,), O: (3,)}),
]


@pytest.mark.parametrize(("cells", "expected"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_names_fill_their_posts(cells: list[str], expected: dict[Post, tuple[int, ...]]) -> None:
    assert posts(read(cells)) == [expected]


def test_a_driver_by_role_is_no_deputy() -> None:
    people = [*PEOPLE[:6], KnownPerson(7, "马永军", "13800000007", [Role.DRIVER])]
    assert posts(read(row(h="马永军"), people=people))[0][V] == (7,)


def test_same_as_above_takes_the_cell_above() -> None:
    sheet = read(row(), row(a="7.26", b="日", c="同上", f="陈刚", h="〃"))
    assert posts(sheet)[1] == {L: (1,), O: (4,), D: (6,)}


def test_a_leader_merged_over_two_days_is_on_both_but_a_blank_is_a_gap() -> None:
    rows = (row(), row(a="7.26", b="日", c="", f="陈刚"))
    assert posts(read(*rows, merged=[(2, 2, 3, 2)]))[1][L] == (1,)
    assert read(*rows).gaps == (Gap(date(2026, 7, 26), L),)


def test_a_day_may_take_two_rows_under_one_date() -> None:
    sheet = read(row(), row(a="", b="", c="", d="", f="周凯", h=""), merged=[(2, 0, 3, 0), (2, 2, 3, 2)])
    assert posts(sheet) == [{L: (1,), O: (3,), D: (6, 5)}]


def test_foot_lines_and_blank_rows_are_no_days() -> None:
    foot = [
        ["值班电话：022-28880000"],
        ["传真", "022-28880001"],
        [""],
        ["制表：", "某某"],
        ["沽水街道办事处"],
    ]
    foot += [["1.值班人员不得脱岗"], ["2、8:30交接"], ["(3)电话畅通"]]
    assert len(posts(read(row(), *foot))) == 1


def test_other_header_words_and_a_header_of_two_rows_are_understood() -> None:
    top = ["值班日期", "周几", "值班领导", "", "主班", "", "副班", "司机"]
    sub = ["", "", "姓名", "电话", "姓名", "电话", "", ""]
    day = ["7.25", "六", "王志强", "13800000001", "刘芳", "13800000003", "冯磊", "马永军"]
    sheet = read_rows([TITLE, top, sub, day])
    assert posts(sheet) == [{L: (1,), O: (3,), D: (6,), V: (7,)}]
    assert sheet.warnings == ()


ERRORS = [
    ("a weekday that is not that date's", [row(b="五")], "B3", "2026年7月25日是星期六"),
    ("a weekday within the date that is not its", [row(a="7月25日（周日）")], "A3", "星期六"),
    ("the 31st of June", [row(a="6.31", b="")], "A3", "没有2026年6月31日"),
    ("a date nobody can read", [row(a="下周")], "A3", "日期看不懂"),
    ("the same date twice", [row(), row(f="陈刚")], "A4", "第3行已经有了"),
    ("an unknown name with the nearest", [row(f="刘方芳")], "F3", "是不是“刘芳”"),
    ("an unknown second name", [row(f="刘芳、周恺")], "F3", "是不是“周凯”"),
    ("one person leader and officer", [row(f="王志强")], "F3", "已在C3排了带班领导"),
    ("a name without a date", [row(a="", b="")], "A3", "没有日期"),
]


@pytest.mark.parametrize(("rows", "cell", "reason"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_an_error_names_its_cell(rows: list[list[str]], cell: str, reason: str) -> None:
    errors = read(*rows).errors
    assert [(e.cell, reason in e.reason) for e in errors] == [(cell, True)], errors


def test_a_name_of_two_people_is_decided_by_the_phone_beside_it_only() -> None:
    people = [*PEOPLE, KnownPerson(9, "刘芳", "13800000009")]
    assert "有 2 位叫刘芳" in read(row(), people=people).errors[0].reason
    assert posts(read(row(g="13800000009"), people=people))[0][O] == (9,)


def test_a_phone_unlike_the_known_one_is_a_warning() -> None:
    warnings = read(row(e="13900000001", g="13800000003")).warnings
    assert [(w.cell, "王志强 13800000001" in w.reason) for w in warnings] == [("E3", True)]


def test_missing_days_and_open_posts_are_gaps_but_a_wrong_name_is_not_told_twice() -> None:
    sheet = read(row(), row(a="7.27", b="一", c=""), row(a="7.28", b="二", f="谁"))
    assert sheet.gaps == (Gap(date(2026, 7, 26), None), Gap(date(2026, 7, 27), L))
    assert [e.cell for e in sheet.errors] == ["F5"]


def test_a_sheet_of_leaders_only_is_about_leaders_only() -> None:
    sheet = read_rows([["日期", "带班领导"], ["7.25", "王志强"]])
    assert (posts(sheet), sheet.posts, sheet.gaps) == ([{L: (1,)}], (L,), ())


def test_a_year_misread_is_no_list_of_hundreds_of_gaps() -> None:
    sheet = read(row(), row(a="2028-07-26", b="三"))
    assert sheet.gaps == ()
    assert [(e.row, "核对年份" in e.reason) for e in sheet.errors] == [(4, True)]


@pytest.mark.parametrize("rows", [[], [[""]], [["日期"]], [TITLE, HEADER]])
def test_an_empty_roster_says_so(rows: list[list[str]]) -> None:
    sheet = read_rows(rows)
    assert (sheet.days, len(sheet.errors)) == ((), 1)


CELLS = st.sampled_from(
    ["", "7.25", "7.26", "六", "同上", "刘芳", "刘芳、周凯", "谁", "13800000003", "46228", "注："]
)


@given(st.lists(st.lists(CELLS, max_size=10), max_size=8))
def test_no_table_of_cells_breaks_the_reader_and_nobody_is_on_twice_a_day(rows: list[list[str]]) -> None:
    sheet = read(*rows)
    assert all(e.reason and e.where for e in (*sheet.errors, *sheet.warnings))
    for day in sheet.days:
        on = [person for ids in day.posts.values() for person in ids]
        assert len(on) == len(set(on))

"""Rosters in the layouts of domain.md §6.3, as tables: shifts, matrices, marks, names, texts."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.demo import demo_people_rows
from config.rules import change_rules, load_rules
from domain.people_sheet import read_people
from domain.roster_label import Words
from domain.roster_marks import Marks
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import RosterSheet, read_roster
from domain.roster_text import looks_like_roster, rows_of_text
from domain.sheet import Rows
from domain.sheet_kind import SheetKind, detect_kind

STREET = [
    KnownPerson(n, p.name, p.phone, tuple(r.role for r in p.roles))
    for n, p in enumerate(read_people(demo_people_rows()).people, 1)
]
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 9, 24)
ONE = Office(STREET, load_rules().roster, ZONE)
TITLE = ["2026年10月值班表"]
NUMBERS = [str(n) for n in range(1, 32)]


def changed(**rules: str) -> Office:
    """An office with some rules otherwise."""
    all_rules = load_rules()
    for key, value in rules.items():
        all_rules = change_rules(all_rules, f"roster.{key}", value)
    return Office(STREET, all_rules.roster, ZONE)


TWO = changed(shifts="白班 08:30-17:30,夜班 17:30-08:30", rest="12h")


def read(rows: Rows | str, office: Office = ONE, **more: object) -> RosterSheet:
    """Read a table, or a text as it is pasted."""
    if isinstance(rows, str):
        rows = [cell.split("\t") for row in rows_of_text(rows) for cell in row]
    return read_roster(rows, office, today=TODAY, **more)  # type: ignore[arg-type]  # a test's shorthand


def said(sheet: RosterSheet) -> list[str]:
    """Return the shifts in short, each as `1 白班 主班 刘芳`; there must be no error."""
    assert sheet.errors == ()
    return [
        f"{s.day.day} {s.label} {s.post.word} {s.entry.person.name}".replace("  ", " ") for s in sheet.shifts
    ]


def across(*rows: list[str], title: list[str] = TITLE, corner: str = "姓名") -> list[list[str]]:
    """A matrix of the first five days of October."""
    return [title, [corner, *NUMBERS[:5]], *rows]


TABLES = [
    (
        "shifts beside one another under two rows",
        [
            ["日期", "带班领导", "白班(8:30-17:30)", "", "夜班", ""],
            ["", "", "值班员", "电话", "值班员", "电话"],
            ["10.1", "王志强", "刘芳", "", "陈刚", ""],
        ],
        ["1 带班领导 王志强", "1 白班 主班 刘芳", "1 夜班 主班 陈刚"],
    ),
    (
        "shifts over posts over names",
        [
            ["日期", "日班", "", "", "晚班", "", ""],
            ["", "带班领导", "值班员", "", "带班领导", "值班员", ""],
            ["", "", "姓名", "电话", "", "姓名", "电话"],
            ["10.1", "王志强", "刘芳", "", "李建国", "陈刚", ""],
        ],
        ["1 白班 带班领导 王志强", "1 白班 主班 刘芳", "1 夜班 带班领导 李建国", "1 夜班 主班 陈刚"],
    ),
    (
        "a column headed by the shift alone",
        [["日期", "白天", "夜间"], ["10.1", "刘芳、冯磊", "陈刚"]],
        ["1 白班 主班 刘芳", "1 白班 副班 冯磊", "1 夜班 主班 陈刚"],
    ),
    (
        "a row for each shift by its name, the leader of the first row is the day's",
        [
            ["日期", "班次", "带班领导", "值班员"],
            ["10.1", "白班", "王志强", "刘芳"],
            ["", "夜班", "", "陈刚"],
        ],
        ["1 带班领导 王志强", "1 白班 主班 刘芳", "1 夜班 主班 陈刚"],
    ),
    (
        "a row for each shift by its hours, with another leader",
        [
            ["日期", "时间", "带班领导", "值班员"],
            ["10.1", "08:30-17:30", "王志强", "刘芳"],
            ["10.1", "17:30-次日8:30", "李建国", "陈刚"],
        ],
        ["1 白班 带班领导 王志强", "1 白班 主班 刘芳", "1 夜班 带班领导 李建国", "1 夜班 主班 陈刚"],
    ),
    (
        "a leader of the first row only, where the second says nobody",
        [
            ["日期", "班次", "带班领导", "值班员"],
            ["10.1", "白班", "王志强", "刘芳"],
            ["", "夜班", "无", "陈刚"],
        ],
        ["1 白班 带班领导 王志强", "1 白班 主班 刘芳", "1 夜班 主班 陈刚"],
    ),
    (
        "a row for each person",
        [
            ["日期", "班次", "岗位", "姓名", "电话"],
            ["10.1", "全天", "带班领导", "王志强", ""],
            ["10.1", "白班", "", "刘芳", ""],
            ["10.1", "夜班", "主班", "陈刚", ""],
        ],
        ["1 带班领导 王志强", "1 白班 主班 刘芳", "1 夜班 主班 陈刚"],
    ),
    (
        "letters for shifts, month and day apart, the day it was made at the foot",
        [
            ["月", "日", "班次", "值班员"],
            ["10", "1", "白", "刘芳"],
            ["", "", "夜", "陈刚"],
            ["", "2026年9月20日"],
        ],
        ["1 白班 主班 刘芳", "1 夜班 主班 陈刚"],
    ),
    (
        "posts and shifts down",
        [
            TITLE,
            ["班次", "岗位", *NUMBERS[:5]],
            ["白班", "值班员", "刘芳", "", "", "", ""],
            ["", "副班", "冯磊", "", "", "", ""],
            ["夜班", "值班员", "陈刚", "", "", "", ""],
        ],
        ["1 白班 主班 刘芳", "1 白班 副班 冯磊", "1 夜班 主班 陈刚"],
    ),
    (
        "people down, marks for shifts",
        across(["刘芳", "白", "夜", "休", "", ""], ["陈刚", "夜", "", "白", "", ""]),
        ["1 白班 主班 刘芳", "1 夜班 主班 陈刚", "2 夜班 主班 刘芳", "3 白班 主班 陈刚"],
    ),
]


@pytest.mark.parametrize(("rows", "expected"), [t[1:] for t in TABLES], ids=[t[0] for t in TABLES])
def test_shifts_fall_on_the_offices_own(rows: list[list[str]], expected: list[str]) -> None:
    assert said(read(rows, TWO)) == expected


WEEK = [
    ["2026年10月值班安排"],
    ["星期", "一", "二", "三", "四", "五", "六", "日"],
    ["日期", "", "", "", "1", "2", "3", "4"],
    ["带班领导", "", "", "", "王志强", "李建国", "张慧敏", "赵文斌"],
    ["日期", "5", "6", "7", "8", "9", "10", "11"],
    ["带班领导", "孙立新", "王志强", "李建国", "张慧敏", "赵文斌", "孙立新", "王志强"],
]
MONTHS = [
    ("posts from roles", across(["刘芳", "班"], ["王志强", "√"], ["马永军", "●"]), "主班 刘芳、带班领导 王志强、驾驶员 马永军"),
    ("posts from marks", across(["刘芳", "副"], ["陈刚", "主"], ["王志强", "带"]), "副班 刘芳、主班 陈刚、带班领导 王志强"),
    (
        "posts from a column",
        [TITLE, ["姓名", "岗位", *NUMBERS[:5]], ["刘芳", "副班", "√"], ["陈刚", "主班", "√"]],
        "副班 刘芳、主班 陈刚",
    ),
    ("a legend's own mark", across(["刘芳", "A"], ["冯磊", "B"], ["注：A=主班，B=副班"]), "主班 刘芳、副班 冯磊"),
    ("people across, days down", [TITLE, ["日期", "刘芳", "王志强"], *([str(n), "√", "带"] for n in range(1, 6))], "主班 刘芳、带班领导 王志强"),
    ("weeks under one another", WEEK, "带班领导 王志强"),
    (
        "days under a heading 日期",
        [TITLE, ["序号", "姓名", "日期", "", "", "", ""], ["", "", *NUMBERS[:5]], ["1", "刘芳", "班"]],
        "主班 刘芳",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), [m[1:] for m in MONTHS], ids=[m[0] for m in MONTHS])
def test_a_month_is_read_whichever_way_it_stands(rows: list[list[str]], expected: str) -> None:
    sheet = read(rows)
    assert [line.removeprefix("1 ") for line in said(sheet) if line.startswith("1 ")] == expected.split("、")


MARKS = [
    ("√", "[]"),
    ("主", "officer"),
    ("主夜", "officer 夜班"),
    ("夜（副）", "deputy 夜班"),
    ("白夜", "白班/夜班"),
    ("白/夜", "白班/夜班"),
    ("休", ""),
    ("出差", ""),
    ("甲", "白班"),
    ("○", "deputy"),
    ("?", None),
    ("刘芳", None),
]


@pytest.mark.parametrize(("mark", "expected"), MARKS)
def test_a_mark_means_what_is_usual_or_what_the_foot_explains(mark: str, expected: str | None) -> None:
    marks = Marks(Words(shifts=("白班", "夜班")), [["备注：甲=白班(8:30-17:30)；○表示副班"]])
    read_in = marks.read(mark)
    words = [f"{m.post} {m.shift.name if m.shift else ''}".strip() or "[]" for m in read_in or ()]
    assert (None if read_in is None else "/".join(words)) == expected


NAMES = [
    ("王志强（书记） 13800000007", "王志强"),
    ("王志强书记", "王志强"),
    ("王志强 书记", "王志强"),
    ("刘　芳", "刘芳"),
    ("刘 芳 陈 刚", "刘芳、陈刚"),
    ("刘芳\n13800000001\n冯磊", "刘芳、冯磊"),
    ("带班王志强", "王志强"),
    ("主班：刘芳 副班：冯磊", "刘芳、冯磊"),
    ("刘芳（主）、冯磊（副）", "刘芳、冯磊"),
    ("无", ""),
    ("——", ""),
]


@pytest.mark.parametrize(("cell", "expected"), NAMES)
def test_names_are_found_among_titles_numbers_and_blanks(cell: str, expected: str) -> None:
    sheet = read([["日期", "值班员"], ["10月1日", cell]])
    assert "、".join(s.entry.person.name for s in sheet.shifts) == expected
    assert sheet.errors == ()


ERRORS = [
    ("an officer's shift untold", [["日期", "值班员"], ["10.1", "刘芳"], ["10.2", "陈刚"]], ["B2"], "没写主班排的是哪一班"),
    ("a shift nobody knows", [["日期", "上午"], ["10.1", "刘芳"]], ["B2"], "没写几点到几点"),
    ("an unknown mark", across(["刘芳", "?"]), ["B3"], "标记看不懂"),
    ("a post nobody tells", across(["宋倩", "白"]), ["A3"], "看不出排的是哪个岗位"),
    ("a day twice", [["日期", "班次", "值班员"], ["10.1", "白班", "刘芳"], ["10.1", "白班", "陈刚"]], ["A3"], "一班只写一次"),
    ("a shift column nobody can read", [["日期", "班次", "值班员"], ["10.1", "丙", "刘芳"]], ["B2"], "班次看不懂"),
    ("no month told", [["值班表"], ["姓名", *NUMBERS[:5]], ["刘芳", "白"]], ["B3"], "没写是哪个月"),
    ("a weekday across", across(["", "五", "五", "六", "日", "一"], ["刘芳", "白"]), ["B3"], "是星期四"),
    ("an absence behind a name", [["日期", "白班"], ["10.1", "刘芳（请假）"]], ["B2"], "请写明由谁值班"),
    ("a row nobody understands", across(["带班领导", "王志强"], ["伙食", "刘芳"], corner="岗位"), ["A4"], "看不懂这一行"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "cells", "why"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_what_a_sheet_does_not_tell_is_an_error_in_its_cell(
    rows: list[list[str]], cells: list[str], why: str
) -> None:
    errors = read(rows, TWO).errors
    assert [e.cell for e in errors] == cells, errors
    assert all(why in e.reason for e in errors)


def test_a_shift_that_overlaps_the_next_days_is_an_error_and_too_little_rest_a_warning() -> None:
    rows = [
        ["日期", "夜班(17:30-12:00)", "白班(08:30-17:30)"],
        ["10月1日", "刘芳", ""],
        ["10月2日", "", "刘芳"],
    ]
    assert [(e.cell, "时间重叠" in e.reason) for e in read(rows).errors] == [("C3", True)]
    sheet = read([["日期", "值班员"], *([f"10月{n}日", "刘芳"] for n in (1, 2, 3))])
    assert [(w.cell, "连班" in w.reason, "共 2 处" in w.reason) for w in sheet.warnings] == [
        ("B3", True, True)
    ]


def test_the_offices_hours_win_and_the_difference_is_told_once() -> None:
    rows = [["日期", "白班(9:00-17:00)"], ["10月1日", "刘芳"], ["10月2日", "陈刚"]]
    sheet = read(rows, TWO)
    assert [(w.cell, "按班制读" in w.reason) for w in sheet.warnings] == [("B2", True)]
    assert f"{sheet.shifts[0].starts_at:%H:%M}" == "08:30"


def test_a_note_at_the_foot_tells_the_hours_of_a_shift() -> None:
    rows = [["日期", "白班"], ["10月1日", "刘芳"], ["说明：白班9:00-18:00，夜班18:00-次日9:00"]]
    assert [f"{s.starts_at:%H:%M}-{s.ends_at:%H:%M}" for s in read(rows).shifts] == ["09:00-18:00"]


def test_an_offices_own_post_is_a_column_and_a_strange_one_is_told() -> None:
    rows = [["日期", "值班长", "值班员"], ["10月1日", "吴静", "刘芳"]]
    assert said(read(rows, changed(posts="值班长 值班员 副班"))) == ["1 值班长 吴静", "1 主班 刘芳"]
    assert [(w.cell, "不认识" in w.reason) for w in read(rows).warnings] == [("B2", True)]


def test_one_leader_where_a_holiday_wants_two_is_a_gap_of_its_shift() -> None:
    office = changed(periods="国庆 2026.10.1-2026.10.7 带班领导2")
    rows = [
        ["日期", "带班领导", "值班员"],
        ["10月1日", "王志强", "刘芳"],
        ["10月2日", "王志强、李建国", "陈刚"],
    ]
    assert [(g.text, g.missing) for g in read(rows, office).gaps] == [("10月1日 带班领导", 1)]
    night = read([["日期", "白班值班员", "夜班值班员"], ["10月1日", "刘芳", ""]], TWO).gaps
    assert [(g.shift, g.post.word if g.post else "") for g in night] == [("夜班", "主班")]


def test_a_line_of_dates_stands_for_each_of_them() -> None:
    sheet = read([["日期", "带班领导"], ["10月1日-3日", "王志强"], ["10月4日8:30至10月5日8:30", "李建国"]])
    assert said(sheet) == [f"{n} 带班领导 {'王志强' if n < 4 else '李建国'}" for n in (1, 2, 3, 4)]


YEARS = [
    ("二〇二六年十月值班表", date(2026, 10, 1)),
    ("10月份值班表", date(2026, 10, 1)),
    ("沽水街道2027年1月值班表", date(2027, 1, 1)),
    ("2026年国庆节（10月1日-10月8日）值班安排", date(2026, 10, 1)),
]


@pytest.mark.parametrize(("title", "day"), YEARS)
def test_the_month_of_bare_days_is_in_the_title_or_the_name_of_the_file(title: str, day: date) -> None:
    rows = [["日期", "带班领导"], ["1", "王志强"]]
    assert read([[title], *rows]).days[0].date == read(rows, name=f"{title}.xlsx").days[0].date == day


def test_january_is_the_coming_one_in_december() -> None:
    rows = [["日期", "带班领导"], ["1月1日", "王志强"]]
    assert read_roster(rows, ONE, today=date(2026, 12, 20)).days[0].date == date(2027, 1, 1)


LINES = "王志强 刘芳 冯磊", "李建国 陈刚 许佳"
PASTED = [
    ("lines without a header", f"10月1日 周四 {LINES[0]}\n10月2日 周五 {LINES[1]}"),
    ("lines under a header", f"国庆值班\n日期 星期 带班领导 主班 副班\n10月1日 周四 {LINES[0]}\n10月2日 周五 {LINES[1]}"),
    ("tabs", "日期\t星期\t带班领导\t主班\t副班\n10月1日\t四\t王志强\t刘芳\t冯磊\n10月2日\t五\t李建国\t陈刚\t许佳"),
    ("commas", "日期,带班领导,主班,副班\n10月1日,王志强,刘芳,冯磊\n10月2日,李建国,陈刚,许佳"),
    ("a table of bars", "| 日期 | 带班领导 | 主班 | 副班 |\n|---|---|---|---|\n| 10.1 | 王志强 | 刘芳 | 冯磊 |\n| 10.2 | 李建国 | 陈刚 | 许佳 |"),
    ("words before the names", "10月1日：带班领导：王志强，主班：刘芳，副班：冯磊\n10月2日：带班领导：李建国，主班：陈刚，副班：许佳"),
    ("words glued to the names", "安排如下：\n10月1日 带班王志强，值班刘芳、冯磊\n10月2日 带班李建国，值班陈刚、许佳\n请按时到岗"),
    ("a block for each day", "10月1日 周四\n带班：王志强\n主班：刘芳\n副班：冯磊\n10月2日 周五\n带班：李建国\n主班：陈刚\n副班：许佳"),
]  # fmt: skip


@pytest.mark.parametrize("text", [p[1] for p in PASTED], ids=[p[0] for p in PASTED])
def test_a_pasted_roster_is_known_and_read(text: str) -> None:
    assert looks_like_roster(text, ONE.directory)
    assert detect_kind(rows_of_text(text), ONE.directory) is SheetKind.ROSTER
    expected = ["带班领导 王志强", "主班 刘芳", "副班 冯磊", "带班领导 李建国", "主班 陈刚", "副班 许佳"]
    assert [line[2:] for line in said(read(text))] == expected


OTHER = [
    "请各位10月1日前报送防汛材料",
    "10月1日 刘芳 请假\n10月2日 陈刚 出差",
    "10月1日 王志强到海棠里社区检查，刘芳陪同",
    "10.1 暴雨 3.5 毫米\n10.2 晴",
    "刘芳 陈刚 周凯",
    "天津市气象台2026年10月1日16时20分发布暴雨橙色预警信号",
    "明天开会，王志强、李建国、刘芳参加\n10月3日再议",
    "1 2 3 4 5 6",
]


@pytest.mark.parametrize("text", OTHER)
def test_a_text_that_is_not_plainly_a_roster_is_not_taken_for_one(text: str) -> None:
    assert not looks_like_roster(text, ONE.directory)


def test_more_than_a_year_at_a_time_is_refused_in_words() -> None:
    rows = [["日期", "带班领导"], *([(TODAY + timedelta(days=n)).isoformat(), "王志强"] for n in range(401))]
    errors = read(rows).errors
    assert [(e.row, "一次最多导入 400 天" in e.reason) for e in errors] == [(0, True)]

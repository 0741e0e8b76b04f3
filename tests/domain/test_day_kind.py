"""The kinds of days in China: as published, not yet published, and as an office imported them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.day_kind import Arrangement, Day, DayKind, kind_of, published
from domain.day_kind_sheet import ArrangementSheet, read_arrangement

W, R, H, M = DayKind.WORKDAY, DayKind.RESTDAY, DayKind.HOLIDAY, DayKind.MAKEUP
NONE = Arrangement()

PUBLISHED = [
    ("an ordinary Friday", date(2026, 9, 18), Day(W)),
    ("an ordinary Saturday", date(2026, 9, 19), Day(R)),
    ("a Sunday worked for the National Day", date(2026, 9, 20), Day(M, "国庆节")),
    ("the first of the Mid-autumn days", date(2026, 9, 25), Day(H, "中秋节")),
    ("a Sunday within them", date(2026, 9, 27), Day(H, "中秋节")),
    ("the last day before the National Day", date(2026, 9, 30), Day(W)),
    ("the National Day", date(2026, 10, 1), Day(H, "国庆节")),
    ("a Saturday within its week", date(2026, 10, 3), Day(H, "国庆节")),
    ("a Wednesday off in lieu", date(2026, 10, 7), Day(H, "国庆节")),
    ("the Thursday after", date(2026, 10, 8), Day(W)),
    ("a Saturday worked for it", date(2026, 10, 10), Day(M, "国庆节")),
    ("the Sunday after that", date(2026, 10, 11), Day(R)),
    ("the Spring Festival's Sunday", date(2026, 2, 15), Day(H, "春节")),
    ("the Tomb-sweeping day", date(2026, 4, 5), Day(H, "清明节")),
    ("the Dragon-boat day", date(2026, 6, 19), Day(H, "端午节")),
    ("New Year", date(2026, 1, 1), Day(H, "元旦")),
    ("Labour Day", date(2026, 5, 1), Day(H, "劳动节")),
]


@pytest.mark.parametrize(("day", "expected"), [p[1:] for p in PUBLISHED], ids=[p[0] for p in PUBLISHED])
def test_a_published_day_is_what_the_state_council_said(day: date, expected: Day) -> None:
    assert kind_of(day, NONE) == expected


def test_a_whole_published_year_is_told_apart() -> None:
    days = [kind_of(date(2026, 1, 1) + timedelta(days=n), NONE).kind for n in range(365)]
    assert {kind: days.count(kind) for kind in DayKind} == {W: 242, R: 84, H: 33, M: 6}


def test_of_a_year_not_yet_published_only_weekends_are_known() -> None:
    assert (published(2026, NONE), published(2027, NONE), published(1999, NONE)) == (True, False, False)
    assert kind_of(date(2027, 10, 1), NONE) == Day(W)
    assert kind_of(date(2027, 10, 2), NONE) == Day(R)
    assert kind_of(date(2027, 10, 3), NONE) == Day(R)


def test_an_imported_year_is_published_and_its_other_days_are_weekdays_and_weekends() -> None:
    table = Arrangement({date(2027, 10, 1): Day(H, "国庆节"), date(2027, 10, 9): Day(M, "国庆节")})
    assert published(2027, table)
    assert not published(2028, table)
    assert kind_of(date(2027, 10, 1), table) == Day(H, "国庆节")
    assert kind_of(date(2027, 10, 9), table) == Day(M, "国庆节")
    assert kind_of(date(2027, 10, 10), table) == Day(R)


def test_an_imported_day_goes_before_the_library() -> None:
    table = Arrangement({date(2026, 10, 10): Day(R), date(2026, 10, 8): Day(H, "国庆节")})
    assert kind_of(date(2026, 10, 10), table) == Day(R)
    assert kind_of(date(2026, 10, 8), table) == Day(H, "国庆节")
    assert kind_of(date(2026, 9, 20), table) == Day(M, "国庆节")


# --- the importable table ---------------------------------------------------------------------------------

TITLE = ["2027年部分节假日安排"]
HEADER = ["日期", "类型", "名称"]


def read(*rows: list[str], title: list[str] = TITLE) -> ArrangementSheet:
    """Read rows under the usual title and header: the first row is Excel's row 3."""
    return read_arrangement([title, HEADER, *rows])


def span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


SPRING = span(date(2027, 2, 5), date(2027, 2, 11))
WRITTEN = [
    ("2027-02-05至2027-02-11", SPRING),
    ("2027/2/5-2027/2/11", SPRING),
    ("2027-02-05-2027-02-11", SPRING),
    ("2月5日-11日", SPRING),
    ("2月5日至2月11日", SPRING),
    ("2.5～2.11", SPRING),
    ("2月5日（星期五）至11日（星期四），共7天", SPRING),
    ("2027年2月5日—11日", SPRING),
    ("2027-02-05", SPRING[:1]),
    ("46423", SPRING[:1]),
    ("2027-02-05 00:00:00", SPRING[:1]),
    ("2月5日、2月7日", [SPRING[0], SPRING[2]]),
    ("2月5日、6日至8日", SPRING[:4]),
    ("12月31日至1月2日", span(date(2027, 12, 31), date(2028, 1, 2))),
]


@pytest.mark.parametrize(("written", "days"), WRITTEN, ids=[w[0] for w in WRITTEN])
def test_days_are_read_in_each_way_they_are_written(written: str, days: list[date]) -> None:
    sheet = read([written, "放假", "春节"])
    assert sheet.errors == ()
    assert dict(sheet.days) == dict.fromkeys(days, Day(H, "春节"))


@pytest.mark.parametrize(
    ("word", "day", "kind"),
    [
        *((word, "2月5日", H) for word in ("放假", "休", "节假日", "法定节假日")),
        *((word, "2月6日", M) for word in ("调休", "补班", "上班", "调休上班")),
        ("休息日", "2月6日", R),
        ("工作日", "2月5日", W),
    ],
)
def test_a_kind_is_read_in_each_of_its_words(word: str, day: str, kind: DayKind) -> None:
    assert [d.kind for d in read([day, word, ""]).days.values()] == [kind]


def test_the_shape_of_the_notice_is_read_too() -> None:
    rows = [
        TITLE,
        ["节日", "放假时间", "调休上班日期", "天数"],
        ["国庆节", "10月1日至7日", "9月26日、10月9日", "7天"],
        ["元旦", "1月1日至3日", "无", "3天"],
    ]
    sheet = read_arrangement(rows)
    assert sheet.errors == ()
    assert (len(sheet.days), sheet.days[date(2027, 9, 26)]) == (12, Day(M, "国庆节"))
    assert kind_of(date(2027, 10, 9), sheet.arrangement) == Day(M, "国庆节")
    assert kind_of(date(2027, 1, 2), sheet.arrangement) == Day(H, "元旦")


def test_blank_rows_and_foot_lines_are_no_days() -> None:
    assert (
        len(read(["", "", ""], ["2月5日", "放假", "春节"], ["注：以国务院通知为准"], ["备注", "", ""]).days)
        == 1
    )


ERRORS = [
    ("an unknown kind", [["2月5日", "放价", "春节"]], "B3", "类型请写“放假”或“调休上班”，是不是“放假”"),
    ("a date nobody can read", [["春节前", "放假", ""]], "A3", "日期看不懂"),
    ("no date", [["", "放假", "春节"]], "A3", "没有日期"),
    ("a day that is none", [["2月30日", "放假", ""]], "A3", "没有2027年2月30日这一天"),
    ("a span whose end is none", [["2月5日至31日", "放假", ""]], "A3", "没有2027年2月31日这一天"),
    ("a span backwards", [["2月11日至5日", "放假", ""]], "A3", "早于开始日期"),
    ("a span of months", [["2月5日至5月1日", "放假", ""]], "A3", "有 86 天"),
    ("one day twice", [["2月5日", "放假", ""], ["2月4日至6日", "放假", ""]], "A4", "第3行已经有了"),
    (
        "working a Friday in lieu",
        [["2月5日", "上班", ""]],
        "A3",
        "2027年2月5日是星期五，调休上班只会在周六、周日",
    ),
    ("a Friday as an ordinary day of rest", [["2月5日", "休息日", ""]], "A3", "休息日只会在周六、周日"),
    ("a Saturday as an ordinary working day", [["2月6日", "工作日", ""]], "A3", "如要上班请写“调休上班”"),
    (
        "another weekday than the date's",
        [["2月5日(周六)", "放假", ""]],
        "A3",
        "2027年2月5日是星期五，不是星期六",
    ),
    ("another weekday at the end", [["2月5日(周五)至11日(周三)", "放假", ""]], "A3", "2月11日是星期四"),
]


@pytest.mark.parametrize(("rows", "cell", "reason"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_an_error_names_its_cell(rows: list[list[str]], cell: str, reason: str) -> None:
    errors = read(*rows).errors
    assert [(e.cell, reason in e.reason) for e in errors] == [(cell, True)], errors


def test_a_table_without_a_year_says_so() -> None:
    errors = read(["2月5日", "放假", ""], title=["节假日安排"]).errors
    assert [(e.cell, "没有年份" in e.reason) for e in errors] == [("A3", True)]
    assert (
        read(["2月30日", "放假", ""], title=["节假日安排"]).errors[0].reason.startswith("没有2月30日这一天")
    )
    assert read(["2027-02-05", "放假", ""], title=["节假日安排"]).errors == ()


@pytest.mark.parametrize("rows", [[], [[""]], [["日期"]], [TITLE, HEADER], [["日期", "星期"], ["2.5", "五"]]])
def test_a_table_that_is_none_says_so(rows: list[list[str]]) -> None:
    sheet = read_arrangement(rows)
    assert (len(sheet.days), len(sheet.errors)) == (0, 1)
    assert "类型（放假或调休上班）" in sheet.errors[0].reason


CELLS = st.sampled_from(
    [
        "",
        "2月5日",
        "2.5-",
        "至",
        "2.6~2.5",
        "1月-2月",
        "放假",
        "上班",
        "春节",
        "46423",
        "、",
        "9-9-9",
        "12.31",
    ]
)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=6))
def test_no_table_of_cells_breaks_the_reader(rows: list[list[str]]) -> None:
    sheet = read(*rows)
    assert all(e.reason and e.where for e in sheet.errors)
    assert all(day.year in (2026, 2027, 2028) for day in sheet.days)

"""Days and months are read from the words people type."""

from datetime import date

import pytest

from domain.day_text import read_day, read_month

TODAY = date(2026, 7, 25)  # a Saturday

DAYS = [
    ("今天", "2026-07-25", "today"),
    ("今晚", "2026-07-25", "tonight is today's duty"),
    ("大后天", "2026-07-28", "three days on"),
    ("前天", "2026-07-23", "two days back"),
    ("周六", "2026-07-25", "a weekday is this week's"),
    ("周一", "2026-07-20", "this week's, even when past"),
    ("下周三", "2026-07-29", "weeks begin on Monday"),
    ("下下周一", "2026-08-03", "the week after next"),
    ("上周日", "2026-07-19", "last week's"),
    ("下个星期天", "2026-08-02", "said at length"),
    ("周末", "2026-07-25", "a weekend begins on Saturday"),
    ("7.26", "2026-07-26", "month and day"),
    ("10月1日", "2026-10-01", "written out"),
    ("10月1号", "2026-10-01", "as spoken"),
    ("10 月 1 日", "2026-10-01", "with blanks"),
    ("７．２６", "2026-07-26", "full-width"),
    ("2027-01-02", "2027-01-02", "with a year"),
    ("25号", "2026-07-25", "today's own number"),
    ("28日", "2026-07-28", "still ahead this month"),
    ("3号", "2026-08-03", "past this month: the next one"),
    ("月底", "2026-07-31", "the month's last day"),
    ("国庆", "2026-10-01", "the first day off"),
    ("十一", "2026-10-01", "the same by its other name"),
    ("中秋", "2026-09-25", "by the published arrangement"),
    ("元旦", "2027-01-01", "fixed in the solar calendar, before the year is published"),
    ("改天", None, "no day"),
    ("2月30日", None, "there is none"),
    ("7.25.26", None, "not a date"),
    ("33号", None, "no month has it"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "day", "why"), DAYS, ids=[why for _, _, why in DAYS])
def test_a_day_is_read_as_it_is_said(text: str, day: str | None, why: str) -> None:
    assert read_day(text, TODAY) == (date.fromisoformat(day) if day else None), why


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("1.1", "2026-12-31", "2027-01-01"),
        ("1月15日", "2026-12-20", "2027-01-15"),
        ("12.31", "2027-01-01", "2026-12-31"),
        ("12月30日", "2027-01-20", "2026-12-30"),
        ("7.25", "2026-12-31", "2026-07-25"),
        ("11.20", "2026-03-01", "2026-11-20"),
        ("2026-01-01", "2026-12-31", "2026-01-01"),
        ("2.29", "2028-01-31", "2028-02-29"),
        ("2.29", "2027-12-31", "2028-02-29"),
    ],
)
def test_at_the_turn_of_a_year_the_nearest_day_is_meant(text: str, today: str, day: str) -> None:
    assert read_day(text, date.fromisoformat(today)) == date.fromisoformat(day)


def test_within_a_holiday_its_name_means_today() -> None:
    assert read_day("国庆", date(2026, 10, 3)) == date(2026, 10, 3)


def test_a_day_of_the_month_that_the_next_one_lacks_is_no_day() -> None:
    assert read_day("30号", date(2026, 1, 31)) is None


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("", (2026, 7)),
        ("下个月", (2026, 8)),
        ("上月", (2026, 6)),
        ("10月", (2026, 10)),
        ("2026-10", (2026, 10)),
        ("2026年10月", (2026, 10)),
        ("13月", None),
        ("9999-12", None),
        ("9998-12", (9998, 12)),
        ("十月份", None),
    ],
)
def test_a_month_is_read_as_it_is_said(text: str, month: tuple[int, int] | None) -> None:
    assert read_month(text, TODAY) == month


def test_months_before_and_after_the_turn_of_a_year() -> None:
    assert (read_month("下月", date(2026, 12, 31)), read_month("上月", date(2026, 1, 31))) == (
        (2027, 1),
        (2025, 12),
    )
    assert read_month("1月", date(2026, 12, 31)) == (2027, 1)
    assert read_month("1月", TODAY) == (2026, 1)
    assert read_month("2026-01", date(2026, 12, 31)) == (2026, 1)

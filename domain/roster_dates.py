"""Dates as roster sheets write them: 7.25, 7月25日(周六), 2026-07-25, Excel serials; days of the room."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from domain.numerals import read_number
from domain.roster_label import take_hours
from domain.roster_words import FOOT, ONE_DAY, WEEKDAYS, WEEKDAYS_ENGLISH
from domain.sheet import Rows, tidy

SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0, its leap-year slip of 1900 allowed for
HALF_YEAR = 6
MONTHS = 12
MOST_DAYS = 31  # of one cell: 10月1日至7日
RIGHT = "日期请写成 2026-07-25、7月25日 或 7.25"
_DAY = r"(?:20\d\d[-./年])?\d{1,2}(?:月|[./])\d{1,2}[日号]?|20\d\d-\d{1,2}-\d{1,2}|\d{1,2}[日号]"


@dataclass(frozen=True)
class Period:
    """The year of a sheet, and its month when the title tells; else `near`: the month around which it is meant."""

    year: int
    month: int | None = None
    near: int | None = None


def read_period(rows: Rows, name: str, today: date) -> Period:
    """Return the year and month of the title rows ("2026年7月"), else of the file's name, else around today."""
    texts = [text for row in rows if not (text := "".join(tidy(cell) for cell in row)).startswith(FOOT)]
    year = month = None
    for text in (*texts, tidy(name)):
        found = _title(text)
        year, month = year or found[0], month or found[1]
    if year is not None:
        return Period(year, month)
    if month is None:
        return Period(today.year, near=today.month)
    return Period(_year(Period(today.year, near=today.month), month), month)


@lru_cache(maxsize=64)
def _title(text: str) -> tuple[int | None, int | None]:
    """Return the year and month a title names; months of 10月份, 10月1日, 十月 and 2026-10 count."""
    text = re.sub(r"二[〇零oO○]([一二三四五六七八九〇零])([一二三四五六七八九〇零])年", _arabic_year, text)
    year = re.search(r"(20\d\d)(?:年|[-./]\d)", text)
    month = re.search(r"(?:20\d\d[-./年])?(?<!\d)(1[0-2]|0?[1-9])月", text) or re.search(
        r"20\d\d[-./年](1[0-2]|0?[1-9])(?!\d)", text
    )
    worded = re.search(r"(十[一二]?|[一二三四五六七八九])月(?!\d)", text)
    found = int(month[1]) if month else read_number(worded[1]) if worded else None
    return int(year[1]) if year else None, found


def _arabic_year(found: re.Match[str]) -> str:
    return "20" + "".join(str(read_number(found[n].replace("〇", "零")) or 0) for n in (1, 2)) + "年"


def read_days(text: str, period: Period) -> list[date] | str:
    """Return the calendar days of a cell, mostly one; 10月1日至7日 are seven, 10月1日8:30至2日8:30 is one."""
    whole = _plain(text)
    found = re.fullmatch(rf"({_DAY})(\d{{1,2}}:\d\d)?[-—–~至到]+({_DAY})(\d{{1,2}}:\d\d)?", whole)
    if found is None:
        day = read_date(take_hours(whole)[0], period)
        return day if isinstance(day, str) else [day]
    first = read_date(found[1], period)
    if isinstance(first, str):
        return first
    last = read_date(found[3], Period(first.year, first.month))
    if isinstance(last, str):
        return last
    last -= ONE_DAY * bool(found[2] and found[4] and last > first)
    count = (last - first).days + 1
    if not 0 < count <= MOST_DAYS:
        return f"起止日期不对，{RIGHT}，或 7月25日至26日"
    return [first + ONE_DAY * n for n in range(count)]


def read_date(text: str, period: Period) -> date | str:
    """Return the calendar day, or the reason in Chinese why it is none."""
    return _read_date(_plain(text), period)


@lru_cache(maxsize=4096)
def _read_date(whole: str, period: Period) -> date | str:
    if re.fullmatch(r"[3-6][0-9]{4}", whole):
        return SERIAL_ZERO + timedelta(days=int(whole))
    if found := re.fullmatch(r"(20[0-9]{2})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})[日号]?", whole):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(20[0-9]{2})([01][0-9])([0-3][0-9])", whole):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})(?:[-./]|月)([0-9]{1,2})[日号]?", whole):
        return _day(_year(period, int(found[1])), int(found[1]), int(found[2]))
    if found := re.fullmatch(r"([0-9]{1,2})[日号]?", whole):
        if period.month:
            return _day(period.year, period.month, int(found[1]))
        return "只写了几号，没写是哪个月；请在标题写明年月，如 2026年7月值班表"
    if found := re.fullmatch(r"([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?", whole):
        month, day = read_number(found[1]) or 0, read_number(found[2]) or 0
        return _day(_year(period, month), month, day)
    return f"日期看不懂，{RIGHT}"


def _plain(text: str) -> str:
    return re.sub(r"\(.*?\)|(星期|周|礼拜)[一二三四五六日天]|00:00(:00)?$|[,，;；]$", "", tidy(text))


def _year(period: Period, month: int) -> int:
    """A December sheet may run into January and a January one begin in December."""
    middle = period.month or period.near
    if middle is None or abs(month - middle) <= HALF_YEAR:
        return period.year
    return period.year + (1 if month < middle else -1)


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except ValueError:
        return f"没有{year}年{month}月{day}日这一天，请核对日期"


def read_weekday(text: str) -> int | None:
    """Return the weekday (Monday 0) of 六, 周六, 星期六(调休), Sat; None when there is none."""
    whole = tidy(text).lower()
    if found := re.search(r"(?:星期|周|礼拜)([一二三四五六日天])", whole):
        return WEEKDAYS[found[1]]
    if found := re.match(r"([一二三四五六日天])(?:$|\()", whole):
        return WEEKDAYS[found[1]]
    return WEEKDAYS_ENGLISH.get(whole[:3])


def runs_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return the first and last day of each run of days that follow one another."""
    runs: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][1] == ONE_DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs

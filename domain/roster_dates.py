"""Dates as roster sheets write them: 7.25, 7月25日(周六), 2026-07-25, Excel serials; days of the room."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.roster_words import WEEKDAYS, WEEKDAYS_ENGLISH
from domain.sheet import Rows, tidy

SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0, its leap-year slip of 1900 allowed for
HALF_YEAR = 6
RIGHT = "日期请写成 2026-07-25、7月25日 或 7.25"


@dataclass(frozen=True)
class Period:
    """The year of a sheet, and its month when the title tells."""

    year: int
    month: int | None = None


def read_period(rows: Rows, year_hint: int | None, today: date) -> Period:
    """Return the year and month of the title rows ("2026年7月"), else the hint's year, else today's."""
    for row in rows:
        text = "".join(tidy(cell) for cell in row)
        if found := re.search(r"(20[0-9]{2})年(?:([01]?[0-9])月)?", text):
            month = int(found[2]) if found[2] else None
            return Period(int(found[1]), month if month and 1 <= month <= 12 else None)  # noqa: PLR2004 - months
    return Period(year_hint or today.year)


def read_date(text: str, period: Period) -> date | str:
    """Return the calendar day, or the reason in Chinese why it is none."""
    whole = re.sub(r"\(.*?\)|(星期|周|礼拜)[一二三四五六日天]|00:00(:00)?$", "", tidy(text))
    if re.fullmatch(r"[3-6][0-9]{4}", whole):
        return SERIAL_ZERO + timedelta(days=int(whole))
    if found := re.fullmatch(r"(20[0-9]{2})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?", whole):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(20[0-9]{2})([01][0-9])([0-3][0-9])", whole):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})(?:[-./]|月)([0-9]{1,2})[日号]?", whole):
        return _day(_year(period, int(found[1])), int(found[1]), int(found[2]))
    if (found := re.fullmatch(r"([0-9]{1,2})[日号]?", whole)) and period.month:
        return _day(period.year, period.month, int(found[1]))
    return f"日期看不懂，{RIGHT}"


def _year(period: Period, month: int) -> int:
    """A December sheet may run into January and a January one begin in December."""
    if period.month is None or abs(month - period.month) <= HALF_YEAR:
        return period.year
    return period.year + (1 if month < period.month else -1)


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

"""Kinds of calendar days in China: the published arrangements, and what an office imported over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import chinese_calendar

SATURDAY = 5
LIBRARY_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
"""The library's short names as the State Council writes them; the others are alike."""


class DayKind(StrEnum):
    """What a calendar day is to a roster (domain.md §1.2)."""

    WORKDAY = "工作日"
    RESTDAY = "休息日"
    HOLIDAY = "节假日"
    MAKEUP = "调休上班"


@dataclass(frozen=True)
class Day:
    """A day's kind, and the holiday it belongs to in Chinese ("" for none; a 调休上班 day names its holiday)."""

    kind: DayKind
    name: str = ""


@dataclass(frozen=True)
class Arrangement:
    """Days an office imported: they go before the library, day by day."""

    days: Mapping[date, Day] = field(default_factory=dict)


def kind_of(day: date, arrangement: Arrangement) -> Day:
    """Return what a day of the room is; in a year not yet published only weekends are known."""
    if imported := arrangement.days.get(day):
        return imported
    if day.year not in LIBRARY_YEARS:
        return Day(DayKind.RESTDAY if is_weekend(day) else DayKind.WORKDAY)
    free, english = chinese_calendar.get_holiday_detail(day)
    if english is None:
        return Day(DayKind.RESTDAY if free else DayKind.WORKDAY)
    return Day(DayKind.HOLIDAY if free else DayKind.MAKEUP, _chinese(english))


def published(year: int, arrangement: Arrangement) -> bool:
    """Return False while neither the library nor an imported table knows the year's holidays."""
    return year in LIBRARY_YEARS or any(day.year == year for day in arrangement.days)


def is_weekend(day: date) -> bool:
    """Return True for Saturday and Sunday."""
    return day.weekday() >= SATURDAY


def _chinese(english: str) -> str:
    name: str = chinese_calendar.Holiday(english).chinese
    return NAMES.get(name, name)

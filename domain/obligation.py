"""Periodic obligations: which have a clear calendar period, and how much of it is left."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique


@unique
class Cadence(StrEnum):
    """How often the document asks for an obligation ([SEED], frequency column of obligations.csv)."""

    MONTH = "每月"
    QUARTER = "每季度"
    HALF = "每半年"
    YEAR = "每年"
    PER_PERSON = "按人计算"
    UNSET = "未设定"
    OTHER = "常设或随事"


def cadence_of(frequency: str) -> Cadence:
    """Return the cadence of a frequency as the document words it; what it leaves open is UNSET."""
    if "频次未定" in frequency:
        return Cadence.UNSET
    for cadence in (Cadence.MONTH, Cadence.QUARTER, Cadence.HALF):
        if frequency.startswith(cadence.value):
            return cadence
    if re.match(r"每年|年度", frequency):
        return Cadence.YEAR
    if re.match(r"每\d年|\d年内", frequency):
        return Cadence.PER_PERSON
    return Cadence.OTHER


@dataclass(frozen=True)
class Period:
    """A calendar period by its key (2026-10, 2026Q4, 2026H2, 2026), first and last day included."""

    key: str
    first: date
    last: date

    def days_left(self, today: date) -> int:
        """Return the days after today that still belong to the period; 0 on its last day."""
        return (self.last - today).days


def period_of(cadence: Cadence, day: date) -> Period | None:
    """Return the calendar period that `day` (local) falls in; None where the cadence has none."""
    match cadence:
        case Cadence.MONTH:
            return Period(f"{day:%Y-%m}", day.replace(day=1), _before(day.year, day.month + 1))
        case Cadence.HALF:
            half = (day.month - 1) // 6
            return Period(
                f"{day.year}H{half + 1}", date(day.year, half * 6 + 1, 1), _before(day.year, half * 6 + 7)
            )
        case Cadence.QUARTER:
            quarter = (day.month - 1) // 3
            first = date(day.year, quarter * 3 + 1, 1)
            return Period(f"{day.year}Q{quarter + 1}", first, _before(day.year, quarter * 3 + 4))
        case Cadence.YEAR:
            return Period(str(day.year), date(day.year, 1, 1), date(day.year, 12, 31))
        case Cadence.PER_PERSON | Cadence.UNSET | Cadence.OTHER:
            return None


def _before(year: int, month: int) -> date:
    """Return the day before the first of `month`, where 13 is January of the next year."""
    first = date(year + month // 13, (month - 1) % 12 + 1, 1)
    return first - timedelta(days=1)

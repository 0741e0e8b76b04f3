"""Times as printed in bulletins: full, without year, without month, hour only, dashed.

All results are aware datetimes in the room's zone; what the print leaves out is the nearest that fits.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.numerals import DIGITS, read_number

_HAN = "〇零○一二两三四五六七八九"
_YEAR = rf"(?:\d{{4}}|\d{{2}}|[\d{_HAN}]{{4}})"
TWO = rf"(?:\d{{1,2}}|[{_HAN}十廿]{{1,3}})"
_PART = r"(?P<part>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜间|晚)?"
_CLOCK = rf"(?P<H>{TWO})(?:(?:时|点)(?:整|(?P<half>半)|(?P<M>{TWO})(?:分|(?!\d*[年月日时点毫米级个次])))?|:(?P<M2>\d{{2}}))(?::\d{{2}}|\d{{1,2}}秒)?"  # noqa: E501 - a pattern is read whole
_WORDS = re.compile(
    rf"(?<![\d{_HAN}十廿])(?:(?P<Y>{_YEAR})年)?(?:(?P<mo>{TWO})月)?(?P<d>{TWO})[日号](?:\([^)]{{1,6}}\))?[,的]?"
    + _PART
    + _CLOCK
)
_DASHED = re.compile(
    r"(?<![\d.:/-])(?:(?P<Y>\d{4})[-/.])?(?P<mo>1[0-2]|0?[1-9])[-/.](?P<d>3[01]|[12]\d|0?[1-9])[T,]?(?P<part>凌晨|上午|中午|下午|晚上|晚)?(?P<H>[01]\d|2[0-4]|\d):(?P<M>\d{2})(?::\d{2})?"
)
_BARE = re.compile(r"(?<![\d月日-])(?:今天|今日)?" + _PART + _CLOCK)
_LATE_PARTS = ("下午", "傍晚", "晚上", "夜间", "晚")
_NOON = 12


@dataclass(frozen=True, slots=True)
class Stamp:
    """A printed time: where it stands, and the parts that were printed."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None
    hour: int
    minute: int

    def resolve(self, near: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the time nearest to `near` that fits what was printed, None when no such time exists."""
        found = [t for day in self._days(near.astimezone(zone).date()) if (t := self._on(day, zone))]
        return min(found, key=lambda t: abs(t - near), default=None)

    def _days(self, near: date) -> Iterator[date]:
        if self.day is None:
            yield from (near + timedelta(days=n) for n in (-1, 0, 1))
            return
        months = [(near.year, near.month + n) for n in (-1, 0, 1)]
        if self.month is not None:
            years = [self.year] if self.year is not None else [near.year + n for n in (-1, 0, 1)]
            months = [(year, self.month) for year in years]
        for year, month in months:
            turn, index = divmod(month - 1, 12) if self.month is None else (0, month - 1)
            try:
                yield date(year + turn, index + 1, self.day)
            except ValueError:
                continue

    def _on(self, day: date, zone: ZoneInfo) -> datetime | None:
        if self.hour > 24 or self.minute > 59:  # noqa: PLR2004 - the clock's own bounds
            return None
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        try:
            return start + timedelta(hours=self.hour, minutes=self.minute)
        except OverflowError:
            return None


def _number(word: str) -> int:
    """Return the number in digits, in Chinese numerals (十六) or in Chinese digits (二〇二六); 99 when it is none."""
    plain = word.replace("○", "〇").replace("廿", "二十")
    if all(char in DIGITS or char.isdecimal() for char in plain):
        return int("".join(str(DIGITS.get(char, char)) for char in plain))
    value = read_number(plain)
    return 99 if value is None else value  # no day, hour or minute is 99: such a time does not exist


def _stamp(match: re.Match[str]) -> Stamp:
    got = match.groupdict()
    number = {key: _number(got[key]) if got.get(key) else None for key in ("Y", "mo", "d")}
    year = number["Y"]
    hour = _number(got["H"])
    if got.get("part") in _LATE_PARTS and hour < _NOON:
        hour += _NOON
    full_year = year + 2000 if year is not None and year < 100 else year  # noqa: PLR2004 - a year of two digits
    return Stamp(
        match.start(),
        match.end(),
        full_year,
        number["mo"],
        number["d"],
        hour,
        30 if got.get("half") else _number(got.get("M") or got.get("M2") or "0"),
    )


def find_stamps(text: str, *, bare: bool = False) -> list[Stamp]:
    """Return the printed times of plain `text` in order; `bare` also takes a clock without a day."""
    taken: list[Stamp] = []
    for pattern in (_WORDS, _DASHED, *([_BARE] if bare else [])):
        for match in pattern.finditer(text):
            if all(match.end() <= s.start or match.start() >= s.end for s in taken):
                taken.append(_stamp(match))
    return sorted(taken, key=lambda s: s.start)

"""The dates of a roster with days down: which rows begin a day, and whether date and weekday are right."""

import re
from collections.abc import Sequence
from datetime import date

from domain.roster_dates import Period, read_days, read_weekday
from domain.roster_entry import Gathered, Place
from domain.roster_header import RosterHeader
from domain.roster_label import ShiftSaid, Words
from domain.roster_roles import wrong_weekday
from domain.roster_words import ONE_DAY
from domain.sheet import cell_at, tidy

DATED = re.compile(r"[0-9]+([^0-9、)]+[0-9]|[日号]|$)|[一二三四五六七八九十]+月")


class DayCells:
    """Reads the cells of dates and weekdays, row by row."""

    def __init__(self, header: RosterHeader, words: Words, period: Period, into: Gathered) -> None:
        self.header, self.words, self.period, self.into = header, words, period, into
        self.month = ""
        self.seen: set[tuple[date, str]] = set()

    def written(self, row: Sequence[str]) -> str:
        """Return the date as written; where month and day are two columns, put together."""
        day = cell_at(row, self.header.date)
        if self.header.month is None or not day.isdigit():
            return day
        self.month = cell_at(row, self.header.month).removesuffix("月") or self.month
        return f"{self.month}月{day}日" if self.month else day

    def is_none(self, written: str, *, named: bool, alone: bool) -> bool:
        """Return True where the cell begins no day: a header again, a line under the table, a heading within it."""
        if self._is_header(written):
            return True
        if named:
            return False
        return not DATED.match(tidy(written)) or (alone and self._dates_the_table(written))

    def _is_header(self, written: str) -> bool:
        found = self.words.read(written) if written and not written[0].isdigit() else None
        return found is not None and found.kind in ("date", "time")

    def _dates_the_table(self, written: str) -> bool:
        """Return True for a date that stands alone and is not the next day: when the table was made."""
        days = read_days(written, self.period)
        return isinstance(days, list) and bool(self.into.days) and days[0] != max(self.into.days) + ONE_DAY

    def read(self, number: int, row: Sequence[str], written: str, shift: ShiftSaid | None) -> list[date]:
        """Return the days that begin with this row, none when its date cannot be used."""
        at = Place(number, self.header.date, "日期")
        days = read_days(written, self.period)
        if isinstance(days, str):
            self.into.error(at, written, days)
            return []
        self._check_weekday(number, row, written, days)
        key = shift.word if shift else ""
        for day in days:
            again = (day, key) in self.seen if self.header.shift is not None else day in self.into.days
            if again and not any(not name.post for name in self.header.names):
                what = f"{day.month}月{day.day}日{key}"
                self.into.error(
                    at,
                    written,
                    f"{what}在第{self.into.days[day]}行已经有了，一{'班' if key else '天'}只写一次",
                )
                return []
        for day in days:
            self.seen.add((day, key))
            self.into.days.setdefault(day, number)
        return days

    def _check_weekday(self, number: int, row: Sequence[str], written: str, days: Sequence[date]) -> None:
        column = self.header.weekday
        for at, text in ((self.header.date, written), (column, cell_at(row, column))):
            said = read_weekday(text) if at is not None and text else None
            if at is not None and said is not None and all(said != day.weekday() for day in days):
                self.into.error(Place(number, at, "星期"), text, wrong_weekday(days[0]))
        if (
            column is not None
            and (text := cell_at(row, column))
            and read_weekday(text) is None
            and len(days) == 1
        ):
            self.into.error(Place(number, column, "星期"), text, "星期看不懂，请写 六 或 星期六")

"""The rows of a roster sheet, each read under its header into the day it belongs to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.people import Role
from domain.roster import Post
from domain.roster_dates import Period, read_date, read_weekday
from domain.roster_header import PostColumn, RosterHeader
from domain.roster_names import Directory, KnownPerson, Named, Unknown, read_phones
from domain.roster_words import FOOT, WEEKDAY_WORDS
from domain.sheet import SAME_AS_ABOVE, SheetError, cell_at, letter_of, tidy


@dataclass
class DayRead:
    """A day as it is read, perhaps from several rows."""

    date: date
    row: int
    posts: dict[Post, list[int]] = field(default_factory=dict)
    held: dict[int, tuple[Post, str]] = field(default_factory=dict)
    doubted: set[Post] = field(default_factory=set)


class RosterReader:
    """Reads the rows under the header one by one."""

    def __init__(
        self, header: RosterHeader, people: Directory, period: Period, covered: Mapping[tuple[int, int], int]
    ) -> None:
        self.header, self.people, self.period, self.covered = header, people, period, covered
        self.days: dict[date, DayRead] = {}
        self.errors: list[SheetError] = []
        self.warnings: list[SheetError] = []
        self.above: dict[int, str] = {}
        self.at_row: dict[tuple[int, int], str] = {}
        self.current: DayRead | None = None

    def read(self, number: int, row: Sequence[str]) -> None:
        """Take one row, numbered from 1."""
        full = [tidy(cell) for cell in row if cell.strip()]
        if not full or full[0].startswith(FOOT):
            return
        written = cell_at(row, self.header.date)
        fresh = bool(written)
        named = [p for p in self.header.posts if tidy(cell_at(row, p.column))]
        if fresh and not named and not re.match(r"[0-9]+([^0-9、)]+[0-9]|[日号]|$)", tidy(written)):
            return  # a line under the table, or a heading within it
        if fresh:
            self.current = self._day(number, row, written)
        if self.current is None:
            if named and not fresh:
                self._error(number, self.header.date, "日期", "", "这一行有名字却没有日期")
            return
        for post in self.header.posts:
            self._take(self.current, number, row, post, fresh=fresh)
        self._check_deputies(self.current)

    def _error(self, number: int, column: int, word: str, value: str, reason: str) -> None:
        self.errors.append(SheetError(number, word, value, reason, letter_of(column)))

    def _day(self, number: int, row: Sequence[str], written: str) -> DayRead | None:
        """Return the day that begins with this row, None when its date cannot be used."""
        at = self.header.date
        day = read_date(written, self.period)
        if isinstance(day, str):
            self._error(number, at, "日期", written, day)
            return None
        self._check_weekday(number, row, written, day)
        if day in self.days:
            why = f"{day.month}月{day.day}日在第{self.days[day].row}行已经有了，一天只写一次"
            self._error(number, at, "日期", written, why)
            return None
        self.days[day] = DayRead(day, number)
        return self.days[day]

    def _check_weekday(self, number: int, row: Sequence[str], written: str, day: date) -> None:
        column = self.header.weekday
        for at, text in ((self.header.date, written), (column, cell_at(row, column))):
            said = read_weekday(text) if at is not None and text else None
            if at is not None and said is not None and said != day.weekday():
                why = (
                    f"{day.year}年{day.month}月{day.day}日是{WEEKDAY_WORDS[day.weekday()]}，请核对日期和星期"
                )
                self._error(number, at, "星期", text, why)
        if column is not None and (text := cell_at(row, column)) and read_weekday(text) is None:
            self._error(number, column, "星期", text, "星期看不懂，请写 六 或 星期六")

    def _text(self, number: int, row: Sequence[str], column: int, *, fresh: bool) -> str:
        """Return a cell's text; 同上 and a merged cell take the text above (merged: only for a new day)."""
        text = cell_at(row, column)
        if tidy(text) in SAME_AS_ABOVE:
            text = self.above.get(column, "")
        elif not text and fresh and (number - 1, column) in self.covered:
            text = self.at_row.get((self.covered[number - 1, column] + 1, column), "")
        if fresh or text:
            self.above[column] = text
        self.at_row[number, column] = text
        return text

    def _take(
        self, day: DayRead, number: int, row: Sequence[str], column: PostColumn, *, fresh: bool
    ) -> None:
        text = self._text(number, row, column.column, fresh=fresh)
        phones = []
        if column.phone is not None:
            phones = read_phones(self._text(number, row, column.phone, fresh=fresh))
        if tidy(text) and not cell_at(row, column.column):
            phones = []
        found = self.people.read(text, phones)
        for index, one in enumerate(found):
            post = _post(column.post, index, len(found), one)
            if isinstance(one, Unknown):
                day.doubted.add(post)
                self._error(number, column.column, column.label, one.word, one.reason)
            else:
                self._place(day, number, column, post, one)
        self._check_phones(number, column, found, phones)

    def _place(self, day: DayRead, number: int, column: PostColumn, post: Post, one: Named) -> None:
        before = day.held.get(one.person.id)
        if before is not None:
            why = f"{one.person.name}当天已在{before[1]}排了{before[0].word}，一人一天只能排一个岗"
            self._error(number, column.column, column.label, one.person.name, why)
            day.doubted.add(post)
            return
        day.held[one.person.id] = (post, f"{column.letter}{number}")
        day.posts.setdefault(post, []).append(one.person.id)

    def _check_deputies(self, day: DayRead) -> None:
        if len(day.posts.get(Post.OFFICER, ())) > 1:  # a row below the first names the deputies
            first, *others = day.posts[Post.OFFICER]
            day.posts[Post.OFFICER] = [first]
            day.posts.setdefault(Post.DEPUTY, []).extend(others)

    def _check_phones(
        self, number: int, column: PostColumn, found: Sequence[Named | Unknown], phones: Sequence[str]
    ) -> None:
        known = [one.person for one in found if isinstance(one, Named)]
        for phone in phones:
            if known and column.phone is not None and phone not in [p.phone for p in known]:
                right = "、".join(f"{p.name} {p.phone}" for p in known)
                why = f"和人员表里的电话不同（{right}），请核对"
                self.warnings.append(SheetError(number, "电话", phone, why, letter_of(column.phone)))


def _post(column: str, index: int, count: int, one: Named | Unknown) -> Post:
    """Return the post of the n-th name of a cell: after the main officer come deputies; drivers say so."""
    if column == "officer":
        return Post.OFFICER if index == 0 else Post.DEPUTY
    if column == "deputy_driver":
        if isinstance(one, Named) and (one.driver or _drives_only(one.person)):
            return Post.DRIVER
        told = isinstance(one, Named) and Role.DEPUTY in one.person.roles
        return Post.DRIVER if count > 1 and index == count - 1 and not told else Post.DEPUTY
    return Post(column)


def _drives_only(person: KnownPerson) -> bool:
    return Role.DRIVER in person.roles and Role.DEPUTY not in person.roles

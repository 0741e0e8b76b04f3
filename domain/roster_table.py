"""A roster with days down: each row read under its header into the day, and the shift, it belongs to."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.roster import Post
from domain.roster_dates import Period, read_weekday
from domain.roster_day_cells import DayCells
from domain.roster_entry import Entry, Gathered, Place
from domain.roster_header import NameColumn, RosterHeader
from domain.roster_label import ShiftSaid, Words
from domain.roster_names import Directory, Named, Unknown, read_phones
from domain.roster_roles import deputy_or_driver, no_post, post_by_role, posts_of_column
from domain.roster_words import FOOT, NOBODY, SHIFT_OF
from domain.sheet import SAME_AS_ABOVE, cell_at, tidy


class TableReader:
    """Reads the rows under the header one by one."""

    def __init__(
        self,
        header: RosterHeader,
        people: Directory,
        period: Period,
        covered: Mapping[tuple[int, int], int],
        gathered: Gathered,
    ) -> None:
        self.header, self.people, self.period, self.covered = header, people, period, covered
        self.words: Words = people.words
        self.into = gathered
        self.above: dict[int, str] = {}
        self.at_row: dict[tuple[int, int], str] = {}
        self.current: list[date] = []
        self.asked: set[int] = set()
        self.dates = DayCells(header, people.words, period, gathered)
        self.into.posts |= {post for name in header.names for post in posts_of_column(name.post)}

    def read(self, number: int, row: Sequence[str]) -> None:
        """Take one row, numbered from 1."""
        full = [tidy(cell) for cell in row if cell.strip()]
        if not full or full[0].startswith(FOOT):
            return
        written = self.dates.written(row)
        named = [n for n in self.header.names if tidy(cell_at(row, n.column)) not in NOBODY]
        if written and self.dates.is_none(written, named=bool(named), alone=len(full) == 1):
            return
        shift, readable = self._shift(number, row)
        if written:
            self.current = self.dates.read(number, row, written, shift)
        if not readable:
            self.into.lost |= set(self.current)
            return
        if not self.current:
            if named and not written:
                self.into.error(self._at(number, self.header.date, "日期"), "", "这一行有名字却没有日期")
            return
        for at, word in self.header.unknown:
            self._ask(number, row, at, word)
        for column in self.header.names:
            self._take(number, row, column, shift, fresh=bool(written))

    def _ask(self, number: int, row: Sequence[str], column: int, word: str) -> None:
        """Tell once of a column that holds names under a header nobody understands."""
        text = cell_at(row, column)
        if column not in self.asked and any(isinstance(one, Named) for one in self.people.read(text, ())):
            self.asked.add(column)
            why = f"表头“{tidy(word)}”不认识，这一列没有读；如是本单位的岗位，请先加岗位再导入"
            self.into.warn(self._at(number, column, tidy(word)), text, why)

    @staticmethod
    def _at(number: int, column: int, word: str) -> Place:
        return Place(number, column, word)

    def _shift(self, number: int, row: Sequence[str]) -> tuple[ShiftSaid | None, bool]:
        """Return the shift a row tells in its own column, and False for a word nobody understands."""
        column = self.header.shift
        if column is None:
            return None, True
        text = self._text(number, row, column, fresh=True)
        if tidy(text) in NOBODY or read_weekday(text) is not None:
            return None, True
        letter = SHIFT_OF.get(tidy(text))
        found = self.words.shift(text) or (ShiftSaid(letter) if letter else None)
        if found is None:
            why = "班次看不懂，请写班次名（如 白班、夜班）或时间（如 08:30-17:30）"
            self.into.error(self._at(number, column, "班次"), text, why)
        return found, found is not None

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
        self, number: int, row: Sequence[str], column: NameColumn, shift: ShiftSaid | None, *, fresh: bool
    ) -> None:
        text = self._text(
            number, row, column.column, fresh=fresh or bool(shift and column.post in ("officer", "deputy"))
        )
        phones: list[str] = []
        if column.phone is not None:
            phones = read_phones(self._text(number, row, column.phone, fresh=fresh))
        if tidy(text) and not cell_at(row, column.column):
            phones = []
        if tidy(text) and tidy(text) in NOBODY:
            self.into.nobody |= {(day, post) for day in self.current for post in posts_of_column(column.post)}
        place = self._at(number, column.column, column.label)
        found = self.people.read(text, phones)
        for index, one in enumerate(found):
            self._place(place, row, column, shift, one, (index, len(found), phones))
        self._check_phones(number, column, found, phones)

    def _place(
        self,
        place: Place,
        row: Sequence[str],
        column: NameColumn,
        shift: ShiftSaid | None,
        one: Named | Unknown,
        where: tuple[int, int, Sequence[str]],
    ) -> None:
        index, count, phones = where
        label = one.label
        said = (label.shift if label else None) or column.shift or shift
        post = self._post((label.post if label else "") or column.post, row, index, count, one)
        if isinstance(one, Unknown):
            if post:
                self.into.doubted |= {(day, Post(post)) for day in self.current}
            else:
                self.into.lost |= set(self.current)
            self.into.error(place, one.word, one.reason)
        elif not post:
            self.into.error(place, one.person.name, no_post(one.person))
        else:
            own = (
                phones[index : index + 1]
                if len(phones) == count
                else [p for p in phones if p == one.person.phone]
            )
            at = self._at(place.row, column.phone, "电话") if column.phone is not None else None
            at = (
                None if phones and not own else at
            )  # two names beside one number: it is not told whose is missing
            stood = Post(post)
            self.into.posts.add(stood)
            self.into.entries += [
                Entry(day, stood, said, one.person, place, (*one.phones, *own), at) for day in self.current
            ]

    def _post(self, written: str, row: Sequence[str], index: int, count: int, one: Named | Unknown) -> str:
        """Return the post of the n-th name of a cell, "" when nothing tells it."""
        if written == "deputy_driver":
            return deputy_or_driver(index, count, one)
        if written == "officer" and index > 0 and isinstance(one, Unknown):
            return "deputy"
        if not written:
            written = self.words.post(cell_at(row, self.header.post)) if self.header.post is not None else ""
        return written or (post_by_role(one.person) if isinstance(one, Named) else "")

    def _check_phones(
        self, number: int, column: NameColumn, found: Sequence[Named | Unknown], phones: Sequence[str]
    ) -> None:
        known = [one.person for one in found if isinstance(one, Named)]
        for phone in phones:
            registered = [p for p in known if p.phone]
            if registered and column.phone is not None and phone not in [p.phone for p in registered]:
                right = "、".join(f"{p.name} {p.phone}" for p in registered)
                why = f"和人员表里的电话不同（{right}），请核对"
                self.into.warn(self._at(number, column.phone, "电话"), phone, why)

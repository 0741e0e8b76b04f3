"""A month's matrix: what its two layouts share - days across, cells merged over several, a foot beneath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.roster import Post
from domain.roster_dates import read_weekday
from domain.roster_entry import Entry, Gathered, Place
from domain.roster_label import ShiftSaid
from domain.roster_marks import Mark
from domain.roster_month import Block, written_weekday
from domain.roster_names import Directory, KnownPerson
from domain.roster_roles import wrong_weekday
from domain.roster_words import FOOT, NOBODY
from domain.sheet import Rows, cell_at, tidy


@dataclass
class Matrix:
    """The cells of a matrix; `turned`: rows and columns were exchanged, so that days stand across.

    `merged`: for each further cell of a merged range the one that has its text, from 0.
    """

    rows: Rows
    people: Directory
    merged: Mapping[tuple[int, int], tuple[int, int]]
    into: Gathered
    turned: bool = False
    above: dict[int, str] = field(default_factory=dict)

    def place(self, number: int, column: int, word: str) -> Place:
        """Return the place of a cell counted from 0, as it stands in the sheet that was sent."""
        return Place(column + 1, number, word) if self.turned else Place(number + 1, column, word)

    def cell(self, number: int, column: int) -> str:
        """Return a cell's text; a merged one has the text of the first cell it reaches over."""
        text = cell_at(self.rows[number], column)
        if not text and (first := self.merged.get((number, column))):
            return cell_at(self.rows[first[0]], first[1])
        return text

    def head(self, block: Block) -> None:
        """Take the days of a block, and check their weekdays."""
        for column, day in block.days.items():
            if isinstance(day, str):
                continue
            place = self.place(block.row, column, "日期")
            text = self.cell(block.row, column)
            if day in self.into.days:
                self.into.error(place, text, f"{day.month}月{day.day}日写了两次，一天只写一次")
            self.into.days.setdefault(day, place.row)
            if (said := written_weekday(text)) is not None and said != day.weekday():
                self.into.error(place, text, wrong_weekday(day))
            self._check_weekday(block, column, day)

    def _check_weekday(self, block: Block, column: int, day: date) -> None:
        if block.weekdays is None:
            return
        text = self.cell(block.weekdays, column)
        said = read_weekday(text)
        if text and said != day.weekday():
            why = wrong_weekday(day) if said is not None else "星期看不懂，请写 六 或 星期六"
            self.into.error(self.place(block.weekdays, column, "星期"), text, why)

    def is_foot(self, block: Block, number: int) -> bool:
        """Return True for a blank row, a line under the matrix, or one merged over labels and days."""
        full = [tidy(cell) for cell in self.rows[number] if cell.strip()]
        first = self.merged.get((number, min(block.days)))
        return not full or full[0].startswith(FOOT) or (first is not None and first[1] < min(block.days))

    def told(
        self, block: Block, number: int, nothing: frozenset[str] = NOBODY
    ) -> list[tuple[int, date, str]]:
        """Return column, day and text of each cell that says something; on a day that is none it is an error."""
        found = []
        for column, day in block.days.items():
            text = self.cell(number, column)
            if tidy(text) in nothing:
                continue
            if isinstance(day, str):
                place = self.place(number, column, self.cell(block.row, column))
                self.into.error(place, text, day)
            else:
                found.append((column, day, text))
        return found

    def beside(self, block: Block, number: int, *, fill: bool = False) -> Mark | None:
        """Return the post and shift the columns beside a row tell; `fill`: a blank one takes what stands above."""
        post, shift = "", None
        for column in left_of(block):
            if block.kinds[column] == "name":
                continue
            text = self.cell(number, column) or (self.above.get(column, "") if fill else "")
            label = self.people.words.read(text)
            if label is not None and label.kind == "on":
                post, shift = label.post or post, label.shift or shift
        return Mark(post, shift) if post or shift else None

    def pass_by(self, block: Block, number: int) -> None:
        """Remember a row's labels for the rows under it."""
        self.above |= {n: text for n in left_of(block) if (text := cell_at(self.rows[number], n))}

    def stand(
        self,
        day: date,
        post: str,
        shift: ShiftSaid | None,
        person: KnownPerson,
        at: Place,
        phones: tuple[Sequence[str], Place | None],
    ) -> None:
        """Keep who stands where."""
        self.into.posts.add(Post(post))
        self.into.entries.append(Entry(day, Post(post), shift, person, at, *phones))

    def check_phone(self, person: KnownPerson, phones: Sequence[str], at: Place | None) -> None:
        """Tell of a phone unlike the known one."""
        if at is not None and phones and person.phone and person.phone not in phones:
            why = f"和人员表里的电话不同（{person.name} {person.phone}），请核对"
            self.into.warn(at, "、".join(phones), why)


def left_of(block: Block) -> list[int]:
    """Return the columns of labels before the days."""
    return [n for n in block.kinds if n < min(block.days)]

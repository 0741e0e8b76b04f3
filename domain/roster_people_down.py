"""A month's matrix with people down: a cell's mark says that they are on, perhaps on which post or shift."""

from collections.abc import Sequence
from datetime import date

from domain.roster_entry import Place
from domain.roster_marks import Mark, Marks
from domain.roster_matrix import Matrix, left_of
from domain.roster_month import Block
from domain.roster_names import Named, Unknown, read_phones
from domain.roster_roles import no_post, post_by_role
from domain.sheet import tidy

COMMON = "班、√、主、副、带、驾、白、夜、休"


class PeopleDown:
    """Reads the rows of one block, one person each."""

    def __init__(self, matrix: Matrix, block: Block, marks: Marks) -> None:
        self.matrix, self.block, self.marks = matrix, block, marks
        self.into, self.people = matrix.into, matrix.people
        self.name = self._name_column()
        self.phone = next((n for n, kind in block.kinds.items() if kind == "phone"), None)

    def _name_column(self) -> int:
        """Return the column of names: by its header, else the one that holds most of them, else the last."""
        kinds, left = self.block.kinds, left_of(self.block)
        free = (
            [n for n, kind in kinds.items() if kind == "name"] or [n for n in left if kinds[n] == ""] or left
        )
        known = {n: sum(self._is_name(row, n) for row in range(len(self.matrix.rows))) for n in free}
        return max(free, key=lambda n: (known[n], n))

    def _is_name(self, number: int, column: int) -> bool:
        return tidy(self.matrix.cell(number, column)) in self.people.by_name

    def read(self, number: int) -> None:
        """Take one row, numbered from 0."""
        if self.matrix.is_foot(self.block, number):
            return
        text = self.matrix.cell(number, self.name)
        if not text and "shift" in self.block.kinds.values():
            text = self.matrix.above.get(self.name, "")
        label = self.people.words.read(text) if text else None
        if label is not None and label.kind in ("skip", "weekday", "date"):
            return
        told = self.matrix.told(self.block, number)
        if not told:
            return
        phones = read_phones(self.matrix.cell(number, self.phone)) if self.phone is not None else []
        place = self.matrix.place(number, self.name, "姓名")
        found = self.people.read(text, phones)
        if len(found) == 1 and isinstance(one := found[0], Named):
            at = self.matrix.place(number, self.phone, "电话") if self.phone is not None else None
            self.matrix.check_phone(one.person, phones, at)
            self._marked(number, one, told, place, ((*one.phones, *phones), at))
        else:
            self.into.lost |= {day for _, day, _ in told}
            self._not_one(place, text, found)

    def _not_one(self, place: Place, text: str, found: Sequence[Named | Unknown]) -> None:
        unknown = [one for one in found if isinstance(one, Unknown)]
        for one in unknown:
            self.into.error(place, one.word, one.reason)
        if not unknown:
            self.into.error(place, text, "一行只写一个人" if found else "这一行有标记却没有名字")

    def _marked(
        self,
        number: int,
        one: Named,
        told: Sequence[tuple[int, date, str]],
        place: Place,
        phones: tuple[Sequence[str], Place | None],
    ) -> None:
        said = self.matrix.beside(self.block, number) or Mark()
        usual = (one.label.post if one.label else "") or said.post or post_by_role(one.person)
        for column, day, text in told:
            at = self.matrix.place(number, column, one.person.name)
            read = self.marks.read(text)
            if read is None:
                why = f"标记看不懂；常用的标记是 {COMMON}，别的请在表下注明，如 A=白班"
                self.into.error(at, text, why)
                self.into.lost.add(day)
            for mark in read or ():
                post = mark.post or usual
                if not post:
                    self.into.lost |= {day for _, day, _ in told}
                    self.into.error(place, one.person.name, no_post(one.person))
                    return
                self.matrix.stand(day, post, mark.shift or said.shift, one.person, at, phones)

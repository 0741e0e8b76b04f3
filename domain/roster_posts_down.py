"""A month's matrix with posts, or shifts, down: the cells hold names."""

from collections.abc import Sequence
from datetime import date

from domain.roster import Post
from domain.roster_entry import Place
from domain.roster_label import Label
from domain.roster_matrix import Matrix, left_of
from domain.roster_month import Block
from domain.roster_names import Named, Unknown, read_phones
from domain.sheet import cell_at, tidy

SAME_AS_LEFT = frozenset({"同左", "同前", '"', "″", "〃"})
WHICH = "看不懂这一行是哪个岗位，请写 带班领导、主班、副班、驾驶员 或本单位的岗位名"


class PostsDown:
    """Reads the rows of one block, one post (of a shift) each."""

    def __init__(self, matrix: Matrix, block: Block) -> None:
        self.matrix, self.block = matrix, block
        self.into, self.people, self.words = matrix.into, matrix.people, matrix.people.words

    def read(self, number: int) -> None:
        """Take one row, numbered from 0."""
        if self.matrix.is_foot(self.block, number):
            return
        own = [(n, text) for n in self._labels() if (text := self.matrix.cell(number, n))]
        last = self.words.read(own[-1][1]) if own else None
        if last is not None and last.kind != "on":
            return
        told = self.matrix.told(self.block, number, frozenset({""}))
        word = "".join(tidy(text) for _, text in own)
        label = None if own and last is None else self._label(number)
        if label is not None:
            self._take(number, label, word, told)
        elif told:
            self.into.error(self.matrix.place(number, own[-1][0] if own else 0, "岗位"), word, WHICH)

    def _labels(self) -> list[int]:
        return [n for n in left_of(self.block) if self.block.kinds[n] != "skip"]

    def _label(self, number: int) -> Label | None:
        said = self.matrix.beside(self.block, number, fill=True)
        return Label("on", said.post or "officer", said.shift) if said else None

    def _take(self, number: int, label: Label, word: str, told: Sequence[tuple[int, date, str]]) -> None:
        self.into.posts |= {
            Post(p) for p in (("deputy", "driver") if label.post == "deputy_driver" else (label.post,))
        }
        before: list[Named | Unknown] = []
        for column, day, text in told:
            phones, at = self._phones_under(number, column)
            found = before if tidy(text) in SAME_AS_LEFT else self.people.read(text, phones)
            self._names(day, label, found, self.matrix.place(number, column, word), (phones, at))
            before = found

    def _phones_under(self, number: int, column: int) -> tuple[list[str], Place | None]:
        """Return the numbers in the row of phones right below a row of names."""
        if number + 1 >= len(self.matrix.rows):
            return [], None
        below = self.matrix.rows[number + 1]
        read = [self.words.read(text) for n in left_of(self.block) if (text := cell_at(below, n))]
        if not read or read[-1] is None or read[-1].kind != "phone":
            return [], None
        return read_phones(cell_at(below, column)), self.matrix.place(number + 1, column, "电话")

    def _names(
        self,
        day: date,
        label: Label,
        found: Sequence[Named | Unknown],
        place: Place,
        phones: tuple[Sequence[str], Place | None],
    ) -> None:
        numbers, at = phones
        for index, one in enumerate(found):
            post = (one.label.post if one.label else "") or label.post
            post = ("driver" if index else "deputy") if post == "deputy_driver" else post
            shift = (one.label.shift if one.label else None) or label.shift
            if isinstance(one, Unknown):
                self.into.error(place, one.word, one.reason)
                self.into.doubted.add((day, Post(post)))
                continue
            mine = numbers[index : index + 1] if len(numbers) == len(found) else []
            self.matrix.check_phone(one.person, mine, at)
            self.matrix.stand(day, post, shift, one.person, place, ((*one.phones, *mine), at))

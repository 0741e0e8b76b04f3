"""A month's matrix: people or posts down, days across (domain.md §6.3)."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.roster import Post
from domain.roster_dates import read_weekday
from domain.roster_entry import Entry, Gathered, Layout, Place
from domain.roster_label import Label, ShiftSaid
from domain.roster_marks import Mark, Marks
from domain.roster_month import Block, written_weekday
from domain.roster_names import Directory, KnownPerson, Named, Unknown, read_phones
from domain.roster_roles import post_by_role
from domain.roster_table import no_post, wrong_weekday
from domain.roster_words import FOOT, NOBODY
from domain.sheet import Rows, cell_at, tidy

COMMON = "班、√、主、副、带、驾、白、夜、休"
SAME_AS_LEFT = frozenset({"同左", "同前", '"', "″", "〃"})


class MatrixReader:
    """Reads the blocks of a matrix; merged cells count for each of the days, or rows, they reach over."""

    def __init__(
        self,
        rows: Rows,
        people: Directory,
        merged: Mapping[tuple[int, int], tuple[int, int]],
        gathered: Gathered,
    ) -> None:
        self.rows, self.people, self.merged, self.into = rows, people, merged, gathered
        self.words = people.words
        self.above: dict[int, str] = {}
        self.name_at: dict[int, int] = {}

    def read(self, blocks: Sequence[Block]) -> Layout:
        """Read every block and return the layout of the first."""
        layout = self._layout(blocks[0], self._end(blocks, 0))
        used = {n for block in blocks for n in range(block.start, block.end + 1)}
        legend = [row for n, row in enumerate(self.rows) if n not in used]
        marks = Marks(self.words, legend)
        for index, block in enumerate(blocks):
            self._head(block)
            self.above = {}
            for number in range(block.end + 1, self._end(blocks, index)):
                if layout is Layout.PEOPLE:
                    self._person(block, number, marks)
                else:
                    self._post(block, number)
                self.above |= {n: text for n in _left(block) if (text := cell_at(self.rows[number], n))}
        return layout

    def _end(self, blocks: Sequence[Block], index: int) -> int:
        return blocks[index + 1].start if index + 1 < len(blocks) else len(self.rows)

    def _layout(self, block: Block, end: int) -> Layout:
        """Return whether people or posts stand down: by the header, else by most of what stands there."""
        kinds = set(block.kinds.values())
        if "name" in kinds:
            return Layout.PEOPLE
        people = posts = 0
        for row in self.rows[block.end + 1 : end]:
            for column in _left(block):
                text = cell_at(row, column)
                people += block.kinds[column] == "" and tidy(text) in self.people.by_name
                posts += (found := self.words.read(text)) is not None and found.kind == "on"
        if people:
            return Layout.PEOPLE
        return Layout.POSTS if posts or kinds & {"post", "shift"} else Layout.PEOPLE

    # --- head ---------------------------------------------------------------------------------------------

    def _head(self, block: Block) -> None:
        for column, day in block.days.items():
            if isinstance(day, str):
                continue
            place = Place(block.row + 1, column, "日期")
            if day in self.into.days:
                self.into.error(
                    place, self._cell(block.row, column), f"{day.month}月{day.day}日写了两次，一天只写一列"
                )
            self.into.days.setdefault(day, block.row + 1)
            text = self._cell(block.row, column)
            if (said := written_weekday(text)) is not None and said != day.weekday():
                self.into.error(place, text, wrong_weekday(day))
            self._check_weekday(block, column, day)

    def _check_weekday(self, block: Block, column: int, day: date) -> None:
        if block.weekdays is None:
            return
        text = self._cell(block.weekdays, column)
        said = read_weekday(text)
        if text and said != day.weekday():
            why = wrong_weekday(day) if said is not None else "星期看不懂，请写 六 或 星期六"
            self.into.error(Place(block.weekdays + 1, column, "星期"), text, why)

    # --- cells --------------------------------------------------------------------------------------------

    def _cell(self, number: int, column: int) -> str:
        """Return a cell's text; a merged one has the text of the first cell it reaches over."""
        text = cell_at(self.rows[number], column)
        if not text and (first := self.merged.get((number, column))):
            return cell_at(self.rows[first[0]], first[1])
        return text

    def _is_foot(self, block: Block, number: int) -> bool:
        full = [tidy(cell) for cell in self.rows[number] if cell.strip()]
        reaches = (number, min(block.days)) in self.merged and self.merged[number, min(block.days)][1] == 0
        return not full or full[0].startswith(FOOT) or reaches

    def _days(
        self, block: Block, number: int, *, off: frozenset[str] = NOBODY
    ) -> list[tuple[int, date, str]]:
        """Return column, day and text of each cell that says something; a day that is none is an error there."""
        found = []
        for column, day in block.days.items():
            text = self._cell(number, column)
            if tidy(text) in off:
                continue
            if isinstance(day, str):
                self.into.error(Place(number + 1, column, self._cell(block.row, column)), text, day)
            else:
                found.append((column, day, text))
        return found

    # --- people down --------------------------------------------------------------------------------------

    def _person(self, block: Block, number: int, marks: Marks) -> None:
        if self._is_foot(block, number):
            return
        column = self._name_column(block)
        text = self._cell(number, column)
        if not text and "shift" in block.kinds.values():
            text = self.above.get(column, "")
        label = self.words.read(text) if text else None
        if label is not None and label.kind in ("skip", "weekday", "date"):
            return
        told = self._days(block, number)
        if not told:
            return
        phone_at = next((n for n, kind in block.kinds.items() if kind == "phone"), None)
        phones = read_phones(self._cell(number, phone_at)) if phone_at is not None else []
        place = Place(number + 1, column, "姓名")
        found = self.people.read(text, phones)
        if len(found) != 1 or isinstance(found[0], Unknown):
            self._not_one(place, text, found)
            return
        at = Place(number + 1, phone_at, "电话") if phone_at is not None else None
        self._check_phone(found[0].person, phones, at)
        self._marks(block, number, found[0], told, marks, place, (*found[0].phones, *phones), at)

    def _name_column(self, block: Block) -> int:
        """Return the column of names: by its header, else the one that holds most of them, else the last."""
        if block.row not in self.name_at:
            named = [n for n, kind in block.kinds.items() if kind == "name"]
            free = named or [n for n in _left(block) if block.kinds[n] == ""] or _left(block)
            known = {n: sum(tidy(cell_at(row, n)) in self.people.by_name for row in self.rows) for n in free}
            self.name_at[block.row] = max(free, key=lambda n: (known[n], n))
        return self.name_at[block.row]

    def _not_one(self, place: Place, text: str, found: Sequence[Named | Unknown]) -> None:
        unknown = [one for one in found if isinstance(one, Unknown)]
        for one in unknown:
            self.into.error(place, one.word, one.reason)
        if not unknown:
            why = "一行只写一个人" if found else "这一行有标记却没有名字"
            self.into.error(place, text, why)

    def _check_phone(self, person: KnownPerson, phones: Sequence[str], at: Place | None) -> None:
        if at is not None and phones and person.phone and person.phone not in phones:
            why = f"和人员表里的电话不同（{person.name} {person.phone}），请核对"
            self.into.warn(at, "、".join(phones), why)

    def _marks(
        self,
        block: Block,
        number: int,
        one: Named,
        told: Sequence[tuple[int, date, str]],
        marks: Marks,
        place: Place,
        phones: Sequence[str],
        phone_at: Place | None,
    ) -> None:
        said = self._beside(block, number)
        usual = (
            (one.label.post if one.label else "") or (said.post if said else "") or post_by_role(one.person)
        )
        for column, day, text in told:
            at = Place(number + 1, column, one.person.name)
            read = marks.read(text)
            if read is None:
                why = f"标记看不懂；常用的标记是 {COMMON}，别的请在表下注明，如 A=白班"
                self.into.error(at, text, why)
                self.into.lost.add(day)
            for mark in read or ():
                post = mark.post or usual
                if not post:
                    self.into.error(place, one.person.name, no_post(one.person))
                    return
                shift = mark.shift or (said.shift if said else None)
                self._stand(day, Post(post), shift, one.person, at, phones, phone_at)

    def _stand(
        self,
        day: date,
        post: Post,
        shift: ShiftSaid | None,
        person: KnownPerson,
        at: Place,
        phones: Sequence[str],
        phone_at: Place | None,
    ) -> None:
        self.into.posts.add(post)
        self.into.entries.append(Entry(day, post, shift, person, at, phones, phone_at))

    def _beside(self, block: Block, number: int, *, fill: bool = False) -> Mark | None:
        """Return the post and shift that the columns beside a row tell; `fill`: a blank one takes what stands above."""
        post, shift = "", None
        for column in _left(block):
            if block.kinds[column] == "name":
                continue
            text = self._cell(number, column) or (self.above.get(column, "") if fill else "")
            label = self.words.read(text)
            if label is not None and label.kind == "on":
                post, shift = label.post or post, label.shift or shift
        return Mark(post, shift) if post or shift else None

    # --- posts down ---------------------------------------------------------------------------------------

    def _post(self, block: Block, number: int) -> None:
        if self._is_foot(block, number):
            return
        texts = [(n, self._cell(number, n)) for n in _left(block) if block.kinds[n] != "skip"]
        own = [(n, text) for n, text in texts if text]
        last = self.words.read(own[-1][1]) if own else None
        if last is not None and last.kind != "on":
            return
        told = self._days(block, number, off=frozenset({""}))
        label = self._row_label(block, number, own)
        word = "".join(tidy(text) for _, text in own)
        if label is None:
            if told:
                place = Place(number + 1, own[-1][0] if own else 0, "岗位")
                self.into.error(
                    place, word, "看不懂这一行是哪个岗位，请写 带班领导、主班、副班、驾驶员 或本单位的岗位名"
                )
            return
        before: list[Named | Unknown] = []
        self.into.posts |= {Post(p) for p in _each(label.post)}
        for column, day, text in told:
            phones, at = self._phone_under(block, number, column)
            found = before if tidy(text) in SAME_AS_LEFT else self.people.read(text, phones)
            self._names(day, label, found, Place(number + 1, column, word), phones, at)
            before = found

    def _row_label(self, block: Block, number: int, own: Sequence[tuple[int, str]]) -> Label | None:
        if own and self.words.read(own[-1][1]) is None:
            return None
        said = self._beside(block, number, fill=True)
        if said is None:
            return None
        return Label("on", said.post or "officer", said.shift)

    def _phone_under(self, block: Block, number: int, column: int) -> tuple[list[str], Place | None]:
        """Return the numbers in the row of phones right below a row of names."""
        if number + 1 >= len(self.rows):
            return [], None
        labels = [self.words.read(text) for n in _left(block) if (text := cell_at(self.rows[number + 1], n))]
        if not labels or labels[-1] is None or labels[-1].kind != "phone":
            return [], None
        return read_phones(cell_at(self.rows[number + 1], column)), Place(number + 2, column, "电话")

    def _names(
        self,
        day: date,
        label: Label,
        found: Sequence[Named | Unknown],
        place: Place,
        phones: Sequence[str],
        phone_at: Place | None,
    ) -> None:
        for index, one in enumerate(found):
            own = one.label
            post = (own.post if own else "") or label.post
            post = ("driver" if index else "deputy") if post == "deputy_driver" else post
            shift = (own.shift if own else None) or label.shift
            if isinstance(one, Unknown):
                self.into.error(place, one.word, one.reason)
                self.into.doubted.add((day, Post(post)))
                continue
            mine = phones[index : index + 1] if len(phones) == len(found) else []
            self._check_phone(one.person, mine, phone_at)
            self._stand(day, Post(post), shift, one.person, place, (*one.phones, *mine), phone_at)


def _left(block: Block) -> list[int]:
    return [n for n in block.kinds if n < min(block.days)]


def _each(post: str) -> tuple[str, ...]:
    return ("deputy", "driver") if post == "deputy_driver" else (post,)

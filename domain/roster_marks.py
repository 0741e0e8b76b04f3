"""The marks in a month's matrix: common ones, and those the sheet explains at its foot (√=值班 白=白班)."""

import re
import unicodedata
from dataclasses import dataclass

from domain.roster_label import Label, ShiftSaid, Words
from domain.roster_words import DAY, NIGHT, SHIFT_OF, WHOLE
from domain.sheet import Rows, tidy

ON = frozenset(
    (
        "班",
        "值",
        "值班",
        "在岗",
        "当班",
        "上班",
        "√",
        "✓",
        "✔",
        "☑",
        "v",
        "●",
        "■",
        "★",
        "▲",
        "◆",
        "1",
        "是",
        "y",
    )
)
OFF = frozenset(
    (
        *(
            "休",
            "休息",
            "轮休",
            "调休",
            "补休",
            "公休",
            "年休",
            "空",
            "空班",
            "不值班",
            "不排班",
            "下夜班",
            "下夜",
        ),
        *(
            "假",
            "请假",
            "年假",
            "病假",
            "事假",
            "产假",
            "年",
            "病",
            "事",
            "差",
            "出差",
            "公差",
            "学",
            "学习",
            "培训",
        ),
        *("否",),
    )
)
MOST_LETTERS = 4
SHIFT_MARKS = {"d": DAY, "n": NIGHT, "24": WHOLE, "24h": WHOLE}
EXPLAINED = re.compile(
    r"([^\s,;、:=()。]{1,4})\s*(?:=|:|表示|代表|为|即)\s*((?:[^\s,;、。:=]|(?<=\d):(?=\d))+)"
)
SIGNED = re.compile(r"([○△□◇☆◎※●■▲★◆√A-Za-z])\s?([一-鿿]{1,8})(?=$|[\s,;、。(])")
BEFORE = re.compile(r"^\s*(?:备注|注|说明|图例|标记|标记说明)\s*:?")


@dataclass(frozen=True)
class Mark:
    """What a mark says: on duty, perhaps on which post and in which shift."""

    post: str = ""
    shift: ShiftSaid | None = None


class Marks:
    """Reads marks by the sheet's own explanations first."""

    def __init__(self, words: Words, legend: Rows) -> None:
        self.words = words
        self.own: dict[str, list[Mark] | None] = {}
        for row in legend:
            for cell in row:
                self._explain(unicodedata.normalize("NFKC", cell))
        self._read: dict[str, list[Mark] | None] = {}

    def read(self, cell: str) -> list[Mark] | None:
        """Return the shifts a mark stands for, none for a day off; None for an unknown mark."""
        if cell not in self._read:
            self._read[cell] = self._meaning(_form(cell))
        return self._read[cell]

    def _explain(self, text: str) -> None:
        text = BEFORE.sub("", text)
        for found in (*EXPLAINED.finditer(text), *SIGNED.finditer(text)):
            mark, meaning = _form(found[1]), self._worded(_form(found[2]))
            if meaning is None and len(found[2]) <= 2 and (turned := self._worded(mark)) is not None:  # noqa: PLR2004 - 白班：A
                mark, meaning = _form(found[2]), turned
            if meaning is not None:
                self.own.setdefault(mark, meaning)

    def _worded(self, word: str) -> list[Mark] | None:
        """Return what an explanation says: a post, a shift, on duty or off."""
        if word in OFF:
            return []
        if word in ON:
            return [Mark()]
        label = self.words.read(word)
        if label is None or label.kind != "on" or not (label.post or (label.shift and label.shift.name)):
            return None
        return [_marked(label)]

    def _meaning(self, mark: str) -> list[Mark] | None:
        if mark in self.own:
            return self.own[mark]
        if mark in OFF or not mark:
            return []
        if (one := self._one(mark)) is not None:
            return [one]
        parts = [part for part in re.split(r"[/、,+和()·\-]", mark) if part]
        found = (
            [self._one(part) for part in parts] if len(parts) > 1 else [self._one(letter) for letter in mark]
        )
        if not all(found) or len(found) > MOST_LETTERS:
            return None
        return _put_together([one for one in found if one is not None])

    def _one(self, mark: str) -> Mark | None:
        own = self.own.get(mark)
        if own:
            return own[0]
        if mark in ON:
            return Mark()
        label = self.words.read(mark)
        if label is not None and label.kind == "on":
            return _marked(label)
        shift = self._named(mark) or SHIFT_MARKS.get(mark) or SHIFT_OF.get(mark)
        return Mark(shift=ShiftSaid(shift)) if shift else None

    def _named(self, mark: str) -> str:
        """Return the only shift of the office that begins with this letter, "" for none or several."""
        begin = {
            name
            for word, name in self.words.shifts.items()
            if word.startswith(mark) and name in self.words.own
        }
        return begin.pop() if len(begin) == 1 else ""


def _form(mark: str) -> str:
    return tidy(mark).lower()


def _marked(label: Label) -> Mark:
    """值班 alone is no post in a matrix: whoever is marked so is on duty on the post they hold."""
    return Mark(label.post, label.shift)


def _put_together(marks: list[Mark]) -> list[Mark]:
    """Return the shifts of a mark of several letters: 主夜 is one, 白夜 are two."""
    post = next((m.post for m in marks if m.post), "")
    shifts = [m.shift for m in marks if m.shift]
    if len({m.post for m in marks if m.post}) > 1:
        return marks
    return [Mark(post, shift) for shift in shifts] or [Mark(post)]

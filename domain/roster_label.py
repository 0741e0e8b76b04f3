"""What a word of a roster sheet means: a header, a row's label, a word before a name, a mark's explanation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time

from domain.roster import Post
from domain.roster_words import HEADER_WORDS, POST_KEYS, POST_LETTERS, SHIFT_OF
from domain.sheet import Rows, tidy, without_brackets

_AT = r"(\d{1,2})(?::(\d{2})|[点时](?:(\d{2})分?|(半))?)"
HOURS = re.compile(rf"{_AT}[-—–~至到]+(?:次日|第二天|翌日|当日|隔天)?(?:凌晨|早|晚)?{_AT}")
NOTED = re.compile(rf"({'|'.join(word for word in SHIFT_OF if len(word) > 1)})(?:时间|为|是|[:(=])*$")
PHONE_TAIL = ("联系电话", "手机号码", "电话号码", "手机号", "联系方式", "电话", "手机")
NAME_TAIL = ("姓名", "名单", "人员")
GLUE = "-—·/、_:,.+和()[]"


@dataclass(frozen=True)
class ShiftSaid:
    """A shift as a sheet writes it: its name ("" when only hours are written) and its hours."""

    name: str
    hours: tuple[time, time] | None = None

    @property
    def word(self) -> str:
        """Return the shift as it is said back."""
        return self.name or write_hours(self.hours)


@dataclass(frozen=True)
class Label:
    """What a word stands for: date, weekday, phone, name, post (column of posts), shift (of shifts), skip, on.

    `on`: the names beside or beneath it stand on `post` ("" when only the shift is told) in `shift`.
    """

    kind: str
    post: str = ""
    shift: ShiftSaid | None = None


def write_hours(hours: tuple[time, time] | None) -> str:
    """Return hours as 08:30-17:30, "" for none."""
    return f"{hours[0]:%H:%M}-{hours[1]:%H:%M}" if hours else ""


def take_hours(text: str) -> tuple[str, tuple[time, time] | None]:
    """Return a tidied text without its hours, and the hours (24:00 is midnight); none where they cannot be."""
    found = HOURS.search(text)
    if found is None:
        return text, None
    start, end = _clock(found.groups()[:4]), _clock(found.groups()[4:])
    if start is None or end is None:
        return text, None
    rest = text[: found.start()] + text[found.end() :]
    return re.sub(r"\(\)|\[\]|【】", "", rest), (start, end)


def noted_hours(rows: Rows) -> dict[str, tuple[time, time]]:
    """Return the hours of shifts that a title or a note tells: 白班8:30-17:30，夜班17:30-次日8:30."""
    found: dict[str, tuple[time, time]] = {}
    for row in rows:
        full = [cell for cell in row if cell.strip()]
        if len(full) > 2 or not any(re.search(r"\d[:点：]", cell) for cell in full):  # noqa: PLR2004 - a note stands alone
            continue
        text = tidy("".join(full))
        for match in HOURS.finditer(text):
            word = NOTED.search(text[: match.start()])
            hours = take_hours(match[0])[1]
            if word is not None and hours is not None:
                found.setdefault(SHIFT_OF[word[1]], hours)
    return found


def _clock(parts: Sequence[str | None]) -> time | None:
    hour = int(parts[0] or 0) % 24
    minute = 30 if parts[3] else int(parts[1] or parts[2] or 0)
    return time(hour, minute) if int(parts[0] or 0) <= 24 and minute < 60 else None  # noqa: PLR2004 - a clock


class Words:
    """Reads labels by the common words, the office's own posts and the names of its shifts."""

    def __init__(self, posts: Sequence[Post] = (), shifts: Sequence[str] = ()) -> None:
        self.words = {**POST_LETTERS, **HEADER_WORDS, **{post.word.lower(): str(post) for post in posts}}
        self.posts = {*POST_KEYS, *posts}
        self.own = frozenset(shifts)
        names = {word: word for word in SHIFT_OF if len(word) > 1} | {tidy(w).lower(): w for w in shifts}
        self.shifts = dict(sorted(names.items(), key=lambda item: -len(item[0])))
        self._read: dict[str, Label | None] = {}

    def read(self, label: str) -> Label | None:
        """Return what a label means, None for an unknown one."""
        if label not in self._read:
            self._read[label] = self._meaning(tidy(label).lower())
        return self._read[label]

    def post(self, label: str) -> str:
        """Return the post (or deputy_driver) a label names, "" for none."""
        found = self.read(label)
        return found.post if found and found.kind == "on" else ""

    def shift(self, label: str) -> ShiftSaid | None:
        """Return the shift a label names, alone or with a post."""
        found = self.read(label)
        return found.shift if found and found.kind == "on" else None

    def _meaning(self, whole: str) -> Label | None:
        rest, hours = take_hours(whole)
        for word in dict.fromkeys((rest, without_brackets(rest), re.sub(r"[一二三四1-4]$", "", rest))):
            if (found := self._word(word)) is not None:
                return self._with_hours(found, hours)
        if hours and not rest.strip(GLUE):
            return Label("on", shift=ShiftSaid("", hours))
        for word in self.shifts:
            if rest.startswith(word) or rest.endswith(word):
                return self._in_shift(rest, word, hours)
        return self._with_hours(self._tailed(rest), hours) if self._tailed(rest) else None

    @staticmethod
    def _with_hours(found: Label | None, hours: tuple[time, time] | None) -> Label | None:
        if found is None or hours is None or found.kind != "on":
            return found
        return replace(found, shift=ShiftSaid(found.shift.name if found.shift else "", hours))

    def _word(self, word: str) -> Label | None:
        if word in self.shifts:
            return Label("on", shift=ShiftSaid(self.shifts[word]))
        key = self.words.get(word)
        if key is None:
            return None
        return Label("on", key) if key in self.posts else Label(key)

    def _in_shift(self, whole: str, shift: str, hours: tuple[time, time] | None) -> Label | None:
        rest = whole.removeprefix(shift) if whole.startswith(shift) else whole.removesuffix(shift)
        said = ShiftSaid(self.shifts[shift], hours)
        rest = rest.strip(GLUE)
        if not rest:
            return Label("on", shift=said)
        found = self._word(rest) or self._word(without_brackets(rest)) or self._tailed(rest)
        if found is None or found.kind not in ("on", "phone", "name"):
            return None
        if found.kind == "name":
            return Label("on", shift=said)
        return replace(found, shift=said)

    def _tailed(self, word: str) -> Label | None:
        """Read 带班领导电话, 值班员姓名, 主班职务: a post with what of it the column holds."""
        for tail in PHONE_TAIL:
            if word.endswith(tail) and self._word(word.removesuffix(tail)):
                return Label("phone")
        for tail in NAME_TAIL:
            if word.endswith(tail) and (found := self._word(word.removesuffix(tail))):
                return found
        return Label("skip") if word.endswith(("职务", "职位", "签名", "签字")) else None

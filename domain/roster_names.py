"""The names in one cell of a roster, matched to known people; a near name is suggested, never taken."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from domain.people import Role
from domain.phone import Phone, read_phone
from domain.roster_label import Label, ShiftSaid, Words
from domain.roster_words import AWAY, NOBODY, SHIFT_OF, TITLES
from domain.sheet import tidy, without_brackets

LABEL = re.compile(r"([一-鿿/]{1,10}(?:\([^()]*\))?)[::]")
PARTS = re.compile(r"[、,，/;；\n+＋&]")
NUMBER = r"\+?[0-9][0-9-]{6,}"


@dataclass(frozen=True)
class KnownPerson:
    """A person of the room; `roles` tell a driver from a deputy where one column holds both."""

    id: int
    name: str
    phone: str
    roles: Collection[Role] = ()


@dataclass(frozen=True)
class Named:
    """A known person as a cell names them; `label`: what the cell itself says of post and shift."""

    person: KnownPerson
    label: Label | None = None
    phones: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unknown:
    """A word that names nobody, or several; `reason` is Chinese."""

    word: str
    reason: str
    label: Label | None = None


@dataclass
class Directory:
    """The known people by name, and the words that may stand before or behind a name."""

    people: Sequence[KnownPerson]
    words: Words = field(default_factory=Words)

    def __post_init__(self) -> None:
        """Index the names, and each name with one letter left out, for suggestions."""
        self.known_cells: dict[tuple[str, ...], list[Named | Unknown]] = {}
        self.by_name: dict[str, list[KnownPerson]] = {}
        for person in self.people:
            self.by_name.setdefault(tidy(person.name), []).append(person)
        self.near: dict[str, list[str]] = {}
        for name in self.by_name:
            for key in _blurred(name):
                self.near.setdefault(key, []).append(name)

    def read(self, cell: str, phones: Sequence[str]) -> list[Named | Unknown]:
        """Return who stands in a cell, in order; `phones` (beside it) decide between people of one name."""
        key = (cell, *phones)
        if key not in self.known_cells:
            self.known_cells[key] = self._read(cell, phones)
        return self.known_cells[key]

    def _read(self, cell: str, phones: Sequence[str]) -> list[Named | Unknown]:
        parts = list(self.labelled(cell))
        phones = [*phones, *(n for label, text in parts if _of_phone(label) for n in read_phones(text))]
        found: list[Named | Unknown] = []
        for label, text in parts:
            if tidy(text) not in NOBODY and not _of_phone(label):
                found += [self._named(word, label, phones) for word in self._words(text)]
        return found

    def labelled(self, cell: str) -> Iterator[tuple[Label | None, str]]:
        """Part a cell such as 主班：刘芳 副班：冯磊 into what it says of whom; a plain cell is one part."""
        if ":" not in cell and "：" not in cell:
            yield None, cell
            return
        text = cell.replace("（", "(").replace("）", ")").replace("：", ":")
        marks = [(m, label) for m in LABEL.finditer(text) if (label := self._before_names(m[1]))]
        if not marks or text[: marks[0][0].start()].strip():
            yield None, text[: marks[0][0].start()] if marks else text
        ends = [m.start() for m, _ in marks[1:]] + [len(text)]
        for (mark, label), end in zip(marks, ends, strict=False):
            yield label, text[mark.end() : end]

    def _before_names(self, word: str) -> Label | None:
        if len(word) == 1 and word in SHIFT_OF:
            return Label("on", shift=ShiftSaid(SHIFT_OF[word]))
        found = self.words.read(word)
        return found if found and found.kind in ("on", "phone") else None

    def _words(self, text: str) -> list[str]:
        words: list[str] = []
        for part in PARTS.split(text):
            blanks = part.split()
            if len(blanks) > 1 and not self.by_name.get(tidy(part)) and self._apart(blanks):
                words += _joined(blanks)
            elif words and re.fullmatch(rf"(?:{NUMBER}|\([^)]*\))+", tidy(part)):
                words[-1] += part  # a number or a title under its name
            else:
                words.append(part)
        return [word for word in words if without_brackets(tidy(word))]

    def _apart(self, blanks: Sequence[str]) -> bool:
        """Return True if blanks part several names and are not within one: 刘 芳 is one, 刘芳 周凯 are two."""
        return len(_joined(blanks)) > 1

    def _named(self, word: str, label: Label | None, phones: Sequence[str]) -> Named | Unknown:
        whole = tidy(word)
        own = tuple(n.number for p in re.findall(NUMBER, whole) if isinstance(n := read_phone(p), Phone))
        brackets = re.findall(r"\(([^)]*)\)", whole)
        said = next((found for text in brackets if (found := self._before_names(text))), None)
        name = re.sub(rf"{NUMBER}|:", "", without_brackets(whole))
        if away := next((text for text in brackets if text in AWAY), ""):
            return Unknown(name, f"{name}后面写着“{away}”，请写明由谁值班", label)
        if name not in self.by_name and (told := self._prefixed(name)):
            said, name = told
        person = self._find(name, [*own, *phones])
        if isinstance(person, str):
            return Unknown(name, person, said or label)
        return Named(person, said or label, own)

    def _prefixed(self, word: str) -> tuple[Label, str] | None:
        """Return post and name of 带班王志强, where nothing parts the two."""
        for at in range(2, len(word) - 1):
            if word[at:] in self.by_name and (label := self._before_names(word[:at])):
                return label, word[at:]
        return None

    def _find(self, name: str, phones: Sequence[str]) -> KnownPerson | str:
        same = self.by_name.get(name) or self.by_name.get(_untitled(name)) or []
        if len(same) > 1:
            same = [p for p in same if p.phone and p.phone in phones] or same
        if len(same) == 1:
            return same[0]
        if same:
            numbers = "、".join(p.phone or "无电话" for p in same)
            return f"有 {len(same)} 位叫{same[0].name}，请在电话列写明是哪一位：{numbers}"
        return f"人员表里没有这个人{self._suggestion(name)}；请改正名字或先导入人员"

    def _suggestion(self, name: str) -> str:
        """Return a clause naming the known names one letter away, those of the same surname first."""
        found = dict.fromkeys(near for key in _blurred(_untitled(name)) for near in self.near.get(key, ()))
        first = sorted(found, key=lambda near: (near[:1] != name[:1], near[-1:] != name[-1:]))[:2]
        return f"，是不是{'或'.join(f'“{near}”' for near in first)}" if first else ""


def _of_phone(label: Label | None) -> bool:
    return label is not None and label.kind == "phone"


def _joined(blanks: Sequence[str]) -> list[str]:
    """Return the words between blanks; letters are put together (刘 芳), numbers and titles to their name."""
    words: list[str] = []
    for blank in blanks:
        bare = tidy(blank)
        behind = bool(words) and (re.fullmatch(rf"{NUMBER}|\([^)]*\)", bare) or bare in TITLES)
        pair = bool(words) and len(bare) == len(tidy(words[-1])) == 1
        if behind or pair:
            words[-1] += blank if pair else f"({blank})" if bare in TITLES else blank
        else:
            words.append(blank)
    return words


def _untitled(name: str) -> str:
    """Return a name without the title behind it: 王志强书记 is 王志强."""
    return next((name.removesuffix(t) for t in TITLES if name.endswith(t) and len(name) > len(t) + 1), name)


def _blurred(name: str) -> set[str]:
    """Return the name, it with each letter left out and blanked: names one letter apart share one of these."""
    if not 1 < len(name) < 9:  # noqa: PLR2004 - longer words are no names
        return {name}
    cut = [(name[:n], name[n + 1 :]) for n in range(len(name))]
    return {name, *(a + b for a, b in cut if len(name) > 2), *(f"{a}?{b}" for a, b in cut)}  # noqa: PLR2004 - two letters less one are a surname only


def read_phones(cell: str) -> list[str]:
    """Return the numbers of a phone cell in one form; what is none is kept as written."""
    words = [word for word in re.split(r"[、,，/;；\n\s]+", cell.strip()) if word]
    phones = [(word, read_phone(word)) for word in words]
    return [phone.number if isinstance(phone, Phone) else word for word, phone in phones]

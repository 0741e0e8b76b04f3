"""The names in one cell of a roster, matched to known people; a near name is suggested, never taken."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.people import Role
from domain.phone import Phone, read_phone
from domain.roster_words import NOBODY
from domain.sheet import nearest, tidy, without_brackets


@dataclass(frozen=True)
class KnownPerson:
    """A person of the room; `roles` tell a driver from a deputy where one column holds both."""

    id: int
    name: str
    phone: str
    roles: Collection[Role] = ()


@dataclass(frozen=True)
class Named:
    """A known person as a cell names them; `driver` when the cell says so itself."""

    person: KnownPerson
    driver: bool = False


@dataclass(frozen=True)
class Unknown:
    """A word that names nobody, or several; `reason` is Chinese."""

    word: str
    reason: str


class Directory:
    """The known people by name."""

    def __init__(self, people: Sequence[KnownPerson]) -> None:
        self.by_name: dict[str, list[KnownPerson]] = {}
        for person in people:
            self.by_name.setdefault(tidy(person.name), []).append(person)

    def read(self, cell: str, phones: Sequence[str]) -> list[Named | Unknown]:
        """Return who stands in a cell, in order; `phones` (beside it) decide between people of one name."""
        if tidy(cell) in NOBODY:
            return []
        found: list[Named | Unknown] = []
        for word in self._words(cell):
            own = re.findall(r"[0-9-]{7,}", tidy(word))
            name = re.sub(r"[0-9:-]{7,}|[:]", "", without_brackets(tidy(word)))
            person = self._find(name, [*own, *phones])
            driver = bool(re.search(r"\((驾驶员|司机)\)", tidy(word)))
            found.append(person if isinstance(person, Unknown) else Named(person, driver))
        return found

    def _words(self, cell: str) -> list[str]:
        words = []
        for part in re.split(r"[、,，/;；\n]", cell):
            blanks = re.split(r"\s+", part.strip())
            apart = len(blanks) > 1 and all(without_brackets(tidy(b)) in self.by_name for b in blanks)
            words += blanks if apart else [part]
        return [word for word in words if without_brackets(tidy(word))]

    def _find(self, name: str, phones: Sequence[str]) -> KnownPerson | Unknown:
        same = self.by_name.get(name, [])
        if len(same) > 1:
            same = [p for p in same if p.phone in phones] or same
        if len(same) == 1:
            return same[0]
        if same:
            numbers = "、".join(p.phone for p in same)
            return Unknown(name, f"有 {len(same)} 位叫{name}，请在电话列写明是哪一位：{numbers}")
        return Unknown(name, f"人员表里没有这个人{nearest(name, self.by_name)}；请改正名字或先导入人员")


def read_phones(cell: str) -> list[str]:
    """Return the numbers of a phone cell in one form; what is none is kept as written."""
    words = [word for word in re.split(r"[、,，/;；\n\s]+", cell.strip()) if word]
    phones = [(word, read_phone(word)) for word in words]
    return [phone.number if isinstance(phone, Phone) else word for word, phone in phones]

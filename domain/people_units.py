"""The unit tree of a people sheet: one level and one parent per unit, no circle, no missing parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.people import UnitLevel
from domain.people_rows import Draft
from domain.people_words import WORDS
from domain.sheet import SheetError, nearest

ROOTS = (UnitLevel.STREET, UnitLevel.SUPERIOR)


@dataclass(frozen=True)
class UnitRow:
    """A unit; `parent` "" for a root; `row` where it stands first, from 1."""

    name: str
    parent: str
    level: UnitLevel
    row: int
    tags: tuple[str, ...] | None = None


class UnitTree:
    """The tree of the sheet, checked as it is built."""

    def __init__(
        self, drafts: Sequence[Draft], known: Mapping[str, UnitLevel], errors: list[SheetError]
    ) -> None:
        self.known, self.errors = known, errors
        self.first: dict[str, Draft] = {}
        self.levels: dict[str, UnitLevel] = {}
        self.parents: dict[str, tuple[str, Draft]] = {}
        self.tags: dict[str, tuple[str, ...]] = {}
        for draft in drafts:
            self._take(draft)
        for name, draft in self.first.items():
            self._check(name, draft)

    def _take(self, draft: Draft) -> None:
        if not draft.unit:
            return
        self.first.setdefault(draft.unit, draft)
        if draft.tags:
            self.tags[draft.unit] = (*self.tags.get(draft.unit, ()), *draft.tags)
        if draft.level and self.levels.setdefault(draft.unit, draft.level) is not draft.level:
            was = self.levels[draft.unit].word
            self._wrong(
                draft, "level", draft.level.word, f"“{draft.unit}”前面写的层级是“{was}”，请改成一样的"
            )
        if draft.parent:
            parent, at = self.parents.setdefault(draft.unit, (draft.parent, draft))
            if parent != draft.parent:
                why = (
                    f"“{draft.unit}”第{at.row}行写的上级单位是“{parent}”，请改成一样的；不同单位请用不同名字"
                )
                self._wrong(draft, "parent", draft.parent, why)

    def _check(self, name: str, draft: Draft) -> None:
        level = self.levels.get(name)
        if level is None:
            if name not in self.known and not draft.level_wrong:
                words = "、".join(level.word for level in UnitLevel)
                self._wrong(draft, "level", "", f"“{name}”没有写层级，请写：{words} 之一")
            return
        if name not in self.parents:
            if level not in ROOTS and self.known.get(name) is not level:
                why = f"“{name}”没有写上级单位，请写街道或村/社区的名字"
                self._wrong(draft, "parent", "", why)
            return
        parent, at = self.parents[name]
        names = {*self.first, *self.known}
        if parent not in names:
            near = nearest(parent, names)
            self._wrong(at, "parent", parent, f"表里没有叫“{parent}”的单位{near}；请先写上这个单位或改正名字")
        elif self._circular(name):
            self._wrong(at, "parent", parent, f"“{name}”的上级绕回了自己，请改正上级单位")

    def _circular(self, name: str) -> bool:
        seen, at = set[str](), name
        while at in self.parents and at not in seen:
            seen.add(at)
            at = self.parents[at][0]
        return at == name

    def _wrong(self, draft: Draft, key: str, value: str, reason: str) -> None:
        self.errors.append(SheetError(draft.row, WORDS[key], value, reason, draft.letters.get(key, "")))

    def ordered(self) -> tuple[UnitRow, ...]:
        """Return the units, parents first; those of a circle last."""
        made = [
            UnitRow(
                name,
                self.parents[name][0] if name in self.parents else "",
                self.levels[name],
                draft.row,
                tuple(dict.fromkeys(self.tags[name])) if name in self.tags else None,
            )
            for name, draft in self.first.items()
            if name in self.levels and not self._stands(name)
        ]
        return tuple(sorted(made, key=lambda unit: self._depth(unit.name)))

    def _stands(self, name: str) -> bool:
        """Return True if the sheet says nothing new of a known unit: its parent must not be lost."""
        level = self.levels[name]
        nothing_new = name not in self.parents and name not in self.tags
        return nothing_new and level not in ROOTS and self.known.get(name) is level

    def _depth(self, name: str) -> int:
        depth = 0
        while name in self.parents and depth <= len(self.parents):
            name, depth = self.parents[name][0], depth + 1
        return depth

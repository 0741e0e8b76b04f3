"""Whom a warning goes to: everybody, or picked units with all below them, or units by tag such as 低洼."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage import people
from storage.database import Tx
from storage.people import Unit

EVERYBODY = ("全部", "全街道", "全镇", "全乡", "所有", "全体", "不限")


@dataclass(frozen=True)
class Scope:
    """The picked words and the keys of the units they mean (None: everybody); what no unit or tag is called."""

    words: tuple[str, ...]
    units: frozenset[int] | None
    unknown: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


async def read_scope(tx: Tx, said: str | Sequence[str]) -> Scope:
    """Return the units meant by typed words or by the words kept with a bulletin; each brings all below it."""
    words = [w for w in re.split(r"[\s、,，;；]+", said) if w] if isinstance(said, str) else list(said)
    if not words or any(word in EVERYBODY for word in words):
        return Scope((), None)
    tree = await people.all_units(tx)
    tags = await people.tags(tx)
    kept: list[str] = []
    meant: list[int] = []
    unknown: list[str] = []
    for word in words:
        name = word if word in tree else _unit_of(word, tree)
        if word in tags:
            kept.append(word)
            meant += tags[word]
        elif name is not None:
            kept.append(name)
            meant.append(tree[name].id)
        else:
            unknown.append(word)
    near = [n for w in unknown for n in difflib.get_close_matches(w, [*tree, *tags], n=2, cutoff=0.4)]
    units = frozenset(_with_below(meant, list(tree.values())))
    return Scope(tuple(dict.fromkeys(kept)), units, tuple(unknown), tuple(near))


def _unit_of(word: str, tree: Mapping[str, Unit]) -> str | None:
    """Return the one unit whose name holds the word, or the one all others lie under: 海棠里 is the community."""
    names = [name for name in tree if word in name]
    tops = [n for n in names if all(tree[o].parent_id == tree[n].id for o in names if o != n)]
    return tops[0] if len(tops) == 1 else None


def _with_below(meant: Sequence[int], units: Sequence[Unit]) -> set[int]:
    below: dict[int | None, list[int]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit.id)
    found: set[int] = set()
    waiting = list(meant)
    while waiting:
        unit_id = waiting.pop()
        if unit_id not in found:
            found.add(unit_id)
            waiting += below.get(unit_id, [])
    return found

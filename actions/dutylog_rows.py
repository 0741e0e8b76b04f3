"""Entries of the duty log as they are shown: each with everything that corrects it, however many times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.dutylog import LISTED, WRITTEN, corrected
from domain.notices import dutylog as say
from storage import dutylog, people
from storage.database import Tx
from storage.dutylog import Kept


@dataclass(frozen=True)
class Family:
    """An entry, and its corrections and theirs, in the order they were written."""

    root: Kept
    corrections: tuple[Kept, ...]


async def families(tx: Tx, found: Iterable[Kept]) -> list[Family]:
    """Return the entries with what corrects them, oldest first; a correction found stands under its entry."""
    roots = await _roots(tx, found)
    home = {seq: seq for seq in roots}
    under: dict[int, list[Kept]] = {seq: [] for seq in roots}
    level = [seq for seq, kept in roots.items() if kept.act == WRITTEN]
    while level:
        fresh = [c for c in await dutylog.about_entries(tx, WRITTEN, level) if c.seq not in home]
        for one in fresh:
            home[one.seq] = home[corrected(one.act, one.subject) or one.seq]
            under[home[one.seq]].append(one)
        level = [one.seq for one in fresh]
    return [Family(roots[seq], tuple(sorted(under[seq], key=lambda one: one.seq))) for seq in sorted(roots)]


async def _roots(tx: Tx, found: Iterable[Kept]) -> dict[int, Kept]:
    roots: dict[int, Kept] = {}
    level = list(found)
    while level:
        older = {kept.seq: corrected(kept.act, kept.subject) for kept in level}
        roots |= {kept.seq: kept for kept in level if older[kept.seq] is None}
        wanted = [number for number in older.values() if number is not None and number not in roots]
        level = await dutylog.by_numbers(tx, LISTED, wanted) if wanted else []
    return roots


async def rows(tx: Tx, found: Iterable[Family], cut: int | None = None) -> tuple[say.LogRow, ...]:
    """Return entries as rows, oldest first; texts longer than `cut` are shortened, None: whole."""
    shown = list(found)
    ids = {one.person_id for f in shown for one in (f.root, *f.corrections) if one.person_id}
    names = {key: actor.name for key, actor in (await people.by_ids(tx, ids)).items()}
    return tuple(
        say.LogRow(
            at=f.root.at,
            number=f.root.seq,
            kind=f.root.act,
            subject=f.root.subject,
            person=names.get(f.root.person_id or 0, ""),
            text=_cut(f.root.text, cut),
            file=f.root.file,
            corrected_by=tuple(
                f"L{c.seq} {_when(tx, c.at, f.root.at)} {names.get(c.person_id or 0, '')}："
                f"{_cut(c.text, cut)}"
                for c in f.corrections
            ),
            cut=cut is not None and any(len(one.text) > cut for one in (f.root, *f.corrections)),
        )
        for f in shown
    )


def _when(tx: Tx, at: datetime, first: datetime) -> str:
    """Return a correction's clock time, with the day when it is another one than the entry's."""
    local = at.astimezone(tx.zone)
    same = local.date() == first.astimezone(tx.zone).date()
    return f"{local:%H:%M}" if same else f"{local.month}月{local.day}日 {local:%H:%M}"


def _cut(text: str, most: int | None) -> str:
    if most is None:
        return text
    line = text.replace("\n", " ")
    return line if len(line) <= most else line[: most - 1] + "…"

"""The duty log looked through: newest first, always within some time, one event or some numbers.

The log grows for years: times are turned into numbers by the index on `at`, and numbers are the primary key.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from storage.database import Tx
from storage.schema import log, people


@dataclass(frozen=True)
class Kept:
    """An entry of the log with the name and hash of its file ("" when it has none)."""

    seq: int
    at: datetime
    person_id: int | None
    act: str
    subject: str
    text: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Term:
    """A word that fits an entry by its text, by its act, or by who made it."""

    word: str
    acts: tuple[str, ...]
    people: tuple[int, ...]


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    file = json.loads(row.data).get("file") or {}
    return Kept(
        *(row.seq, row.at, row.person_id, row.act, row.subject, row.text),
        *(str(file.get("name", "")), str(file.get("sha256", ""))),
    )


async def _read(tx: Tx, statement: Select[tuple[object, ...]]) -> list[Kept]:
    return [_kept(row) for row in await tx.all(statement)]


async def people_called(tx: Tx, name: str) -> tuple[int, ...]:
    """Return everybody of exactly this name, those who left too."""
    rows = await tx.all(select(people.c.id).where(people.c.room_id == tx.room, people.c.name == name))
    return tuple(int(row.id) for row in rows)


async def within(
    tx: Tx, acts: Sequence[str], start: datetime, end: datetime, terms: Iterable[Term], limit: int
) -> list[Kept]:
    """Return the newest entries of some acts in [start, end) that fit every term, newest first."""
    lies = (log.c.at >= start, log.c.at < end)
    span = await tx.one(
        select(func.min(log.c.seq).label("low"), func.max(log.c.seq).label("high")).where(*lies)
    )
    if span is None or span.low is None:
        return []
    statement = _fitting(tx, acts, terms).where(log.c.seq.between(span.low, span.high), *lies)
    return await _read(tx, statement.order_by(log.c.seq.desc()).limit(limit))


async def of_event(
    tx: Tx, acts: Sequence[str], subject: str, terms: Iterable[Term], limit: int
) -> list[Kept]:
    """Return the newest entries about an event that fit every term, newest first."""
    statement = _fitting(tx, acts, terms).where(log.c.subject == subject)
    return await _read(tx, statement.order_by(log.c.seq.desc()).limit(limit))


def _fitting(tx: Tx, acts: Sequence[str], terms: Iterable[Term]) -> Select[tuple[object, ...]]:
    return select(log).where(log.c.room_id == tx.room, log.c.act.in_(acts), *map(_fits, terms))


def _fits(term: Term) -> ColumnElement[bool]:
    return or_(
        log.c.text.icontains(term.word, autoescape=True),
        log.c.act.in_(term.acts),
        log.c.person_id.in_(term.people),
    )


async def by_numbers(tx: Tx, acts: Sequence[str], numbers: Iterable[int]) -> list[Kept]:
    """Return these entries as far as they are of some acts, in their order."""
    statement = select(log).where(
        log.c.room_id == tx.room, log.c.seq.in_(sorted(set(numbers))), log.c.act.in_(acts)
    )
    return await _read(tx, statement.order_by(log.c.seq))


async def about_entries(tx: Tx, act: str, numbers: Iterable[int]) -> list[Kept]:
    """Return the entries of an act whose subject is one of these entries, in their order."""
    subjects = [f"L{number}" for number in sorted(set(numbers))]
    found = await _read(tx, select(log).where(log.c.room_id == tx.room, log.c.subject.in_(subjects)))
    # act and order are seen to here: in SQL, SQLite would walk all entries of the act (150 ms of a million)
    return sorted((kept for kept in found if kept.act == act), key=lambda kept: kept.seq)

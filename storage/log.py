"""The append-only, hash-chained log (P7). Each row's hash covers the row and the hash before it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from storage.database import Tx
from storage.schema import log

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One act: when, who, what kind, about which event, in words and data."""

    seq: int
    at: datetime
    person_id: int | None
    act: str
    subject: str
    text: str


def entry_hash(previous: str, seq: int, fields: Sequence[object]) -> str:
    """Return SHA-256 over the previous hash and the row in canonical JSON."""
    canonical = json.dumps([previous, seq, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class New:
    """An entry to be added."""

    person_id: int | None
    act: str
    subject: str = ""
    text: str = ""
    data: str = "{}"


async def append(
    tx: Tx, now: datetime, person_id: int | None, act: str, subject: str = "", text: str = "", **data: object
) -> int:
    """Add an entry in this unit of work and return its number."""
    packed = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return await append_all(tx, now, [New(person_id, act, subject, text, packed)])


async def append_all(tx: Tx, now: datetime, entries: Sequence[New]) -> int:
    """Add entries in this unit of work, in this order, and return the number of the last."""
    last = await tx.one(select(log.c.seq, log.c.hash).order_by(log.c.seq.desc()).limit(1))
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    at, rows = _micros(now), []
    for new in entries:
        seq += 1
        fields = (at, tx.room, new.person_id, new.act, new.subject, new.text, new.data)
        digest = entry_hash(previous, seq, fields)
        rows.append(
            {
                "seq": seq,
                "at": now,
                "room_id": tx.room,
                "person_id": new.person_id,
                "act": new.act,
                "subject": new.subject,
                "text": new.text,
                "data": new.data,
                "previous": previous,
                "hash": digest,
            }
        )
        previous = digest
    if rows:
        await tx.run(insert(log), rows)
    return seq


def _micros(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


@dataclass(frozen=True)
class Verified:
    """The chain is whole: how many entries, and the hash of the last."""

    count: int
    head: str


@dataclass(frozen=True)
class Broken:
    """The chain breaks at this entry."""

    seq: int
    reason: str


async def verify(tx: Tx) -> Verified | Broken:
    """Recompute every hash in order; the first entry that does not fit is named."""
    rows = await tx.all(select(log).order_by(log.c.seq))
    return chain((row.at, row._mapping) for row in rows)


def chain(rows: Iterable[tuple[datetime, Any]]) -> Verified | Broken:
    """Recompute the hashes of entries in order, each a row by column beside its moment."""
    previous, expected = GENESIS, 1
    for at, row in rows:
        if row["seq"] != expected:
            return Broken(expected, f"缺少第 {expected} 条")
        fields = (
            _micros(at),
            *(row[name] for name in ("room_id", "person_id", "act", "subject", "text", "data")),
        )
        if row["previous"] != previous or row["hash"] != entry_hash(previous, row["seq"], fields):
            return Broken(row["seq"], f"第 {row['seq']} 条被改动")
        previous, expected = row["hash"], expected + 1
    return Verified(expected - 1, previous)


async def entries(
    tx: Tx, *, subject: str = "", act: str = "", since: datetime | None = None, limit: int = 1000
) -> list[Entry]:
    """Return the newest entries that fit, oldest first."""
    statement = select(log).where(log.c.room_id == tx.room)
    if subject:
        statement = statement.where(log.c.subject == subject)
    if act:
        statement = statement.where(log.c.act == act)
    if since:
        statement = statement.where(log.c.at >= since)
    rows = await tx.all(statement.order_by(log.c.seq.desc()).limit(limit))
    return [Entry(r.seq, r.at, r.person_id, r.act, r.subject, r.text) for r in reversed(rows)]

"""The append-only, hash-chained log (P7). Each row's hash covers the row and the hash before it.

Number and hash of the last row stand in a fact as well: without it nobody would miss a row taken from the end.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.database import Tx
from storage.schema import facts, log

GENESIS = "0" * 64
HEAD = "log.head"
"""The fact that names the last row: its number and its hash."""
HEAD_SINCE = "0005"
"""The revision of the schema that wrote it first."""
AT_ONCE = 500
"""Rows read at a time when the chain is recomputed: a log of many years does not fit into memory, and all else waits
while they are gone through."""
_CANONICAL = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: an encoder for each of a million entries takes as long as their hashes."""


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
    return hashlib.sha256(_CANONICAL.encode([previous, seq, *fields]).encode()).hexdigest()


@dataclass(frozen=True)
class New:
    """An entry to be added."""

    person_id: int | None
    act: str
    subject: str = ""
    text: str = ""
    data: str = "{}"


_LAST = select(log.c.seq, log.c.hash).order_by(log.c.seq.desc()).limit(1)
_ADD = insert(log)
_MOVE_HEAD = update(facts).where(facts.c.name == HEAD).values(value=bindparam("head"))


async def append(
    tx: Tx, now: datetime, person_id: int | None, act: str, subject: str = "", text: str = "", **data: object
) -> int:
    """Add an entry in this unit of work and return its number."""
    packed = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return await append_all(tx, now, [New(person_id, act, subject, text, packed)])


async def append_all(tx: Tx, now: datetime, entries: Sequence[New]) -> int:
    """Add entries in this unit of work, in this order, and return the number of the last."""
    last = await tx.one(_LAST)
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
        await tx.run(_ADD, rows)
        await tx.run(_MOVE_HEAD, {"head": f"{seq} {previous}"})
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


Checked = Verified | Broken


async def verify(tx: Tx) -> Checked:
    """Recompute every hash in order; the first entry that does not fit is named."""
    chain = Chain()
    while rows := await tx.all(select(log).where(log.c.seq > chain.last).order_by(log.c.seq).limit(AT_ONCE)):
        for row in rows:
            if broken := chain.add(row.at, row._mapping):
                return broken
    head = await tx.value(select(facts.c.value).where(facts.c.name == HEAD))
    return chain.end(head or "")


class Chain:
    """The log's hashes recomputed, entry after entry from the first one."""

    def __init__(self) -> None:
        self.last, self.head = 0, GENESIS

    def add(self, at: datetime, row: Any) -> Broken | None:  # noqa: ANN401 - a row by column, of whichever driver
        """Take the next entry; return what does not fit."""
        seq = self.last + 1
        if row["seq"] != seq:
            return Broken(min(seq, row["seq"]), f"缺少第 {seq} 条")
        kept = ("room_id", "person_id", "act", "subject", "text", "data")
        expected = entry_hash(self.head, seq, (_micros(at), *(row[name] for name in kept)))
        if row["previous"] != self.head or row["hash"] != expected:
            return Broken(seq, f"第 {seq} 条被改动")
        self.last, self.head = seq, expected
        return None

    def end(self, head: str) -> Verified | Broken:
        """Return how the whole stands beside its head as it was written down ("" where it is missing)."""
        number, _, digest = head.partition(" ")
        if not number.isdecimal():
            return Broken(self.last + 1, f"第 {self.last} 条之后的链尾登记不见了")
        if int(number) > self.last:
            return Broken(self.last + 1, f"缺少第 {self.last + 1} 条")
        if int(number) < self.last:
            return Broken(int(number) + 1, f"第 {int(number) + 1} 条不是本程序记的")
        if digest != self.head:
            return Broken(self.last, f"第 {self.last} 条被改动")
        return Verified(self.last, self.head)


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

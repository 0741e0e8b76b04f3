"""The log as evidence: single entries, and whole segments whose hashes anybody can recompute (P7)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select

from storage.database import Tx
from storage.schema import log


@dataclass(frozen=True)
class Link:
    """An entry with everything its hash covers, in the very form the hash was taken over."""

    seq: int
    at: str
    room: int
    person: int | None
    act: str
    subject: str
    text: str
    data: str
    previous: str
    hash: str

    @property
    def when(self) -> datetime:
        """The moment of the entry."""
        return datetime.fromisoformat(self.at)


async def _links(tx: Tx, statement: Select[Any]) -> list[Link]:
    return [
        Link(
            r.seq,
            r.at.astimezone(UTC).isoformat(),
            r.room_id,
            r.person_id,
            r.act,
            r.subject,
            r.text,
            r.data,
            r.previous,
            r.hash,
        )
        for r in await tx.all(statement)
    ]


async def entry(tx: Tx, seq: int) -> Link | None:
    """Return one entry of this room."""
    found = await _links(tx, select(log).where(log.c.seq == seq, log.c.room_id == tx.room))
    return found[0] if found else None


async def segment(tx: Tx, subject: str) -> list[Link]:
    """Return every entry from the first to the last of an event, others between them included."""
    bounds = await tx.one(
        select(func.min(log.c.seq).label("low"), func.max(log.c.seq).label("high")).where(
            log.c.subject == subject, log.c.room_id == tx.room
        )
    )
    if bounds is None or bounds.low is None:
        return []
    return await _links(tx, select(log).where(log.c.seq.between(bounds.low, bounds.high)).order_by(log.c.seq))


async def of_act(tx: Tx, subject: str, act: str) -> list[Link]:
    """Return every entry of an act about an event, oldest first."""
    where = (log.c.subject == subject, log.c.act == act, log.c.room_id == tx.room)
    return await _links(tx, select(log).where(*where).order_by(log.c.seq))

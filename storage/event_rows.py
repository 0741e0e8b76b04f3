"""Rows about one event, for its evidence: what was said to whom, partner units, people moved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import Tx
from storage.schema import evacuees, outbox, partners, people, units


@dataclass(frozen=True)
class Message:
    """A message about an event as the outbox has it; `to`: the person's name, "" for the group."""

    id: int
    kind: str
    subject: str
    person_id: int | None
    to: str
    queued_at: datetime
    sent_at: datetime | None
    state: str
    error: str


async def messages(tx: Tx, subjects: Collection[str]) -> list[Message]:
    """Return every message about these events, oldest first."""
    rows = await tx.all(
        select(outbox, people.c.name)
        .outerjoin(people, people.c.id == outbox.c.person_id)
        .where(outbox.c.subject.in_(subjects))
        .order_by(outbox.c.id)
    )
    return [
        Message(
            *(r.id, r.kind, r.subject, r.person_id, r.name or ""),
            *(r.created_at, r.sent_at, r.state, r.error or ""),
        )
        for r in rows
    ]


@dataclass(frozen=True)
class Partner:
    """A partner unit that was told or asked for help."""

    unit: str
    kind: str
    text: str
    told_at: datetime
    acked_at: datetime | None
    arrived_at: datetime | None
    arrived_text: str


async def partners_of(tx: Tx, incident_id: int) -> list[Partner]:
    """Return the partner units of an incident in the order they were told."""
    rows = await tx.all(
        select(partners, units.c.name)
        .join(units, units.c.id == partners.c.unit_id)
        .where(partners.c.incident_id == incident_id)
        .order_by(partners.c.id)
    )
    return [
        Partner(r.name, r.kind, r.text, r.told_at, r.acked_at, r.arrived_at, r.arrived_text or "")
        for r in rows
    ]


@dataclass(frozen=True)
class Moved:
    """People moved away, or back: `returns`."""

    who: str
    headcount: int
    origin: str
    shelter: str
    by: str
    at: datetime
    returns: bool
    withdrawn_at: datetime | None


async def moved_of(tx: Tx, incident_id: int) -> list[Moved]:
    """Return who was moved because of an incident, and who came back, oldest first."""
    rows = await tx.all(
        select(evacuees, people.c.name)
        .join(people, people.c.id == evacuees.c.by_id)
        .where(evacuees.c.incident_id == incident_id)
        .order_by(evacuees.c.id)
    )
    return [
        Moved(
            *(r.who, r.headcount, r.origin, r.shelter, r.name, r.at),
            *(r.returns_id is not None, r.withdrawn_at),
        )
        for r in rows
    ]

"""Fallback channels of people and units, and the outbox rows that go out by them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, insert, or_, select, union, update

from domain.notice import Priority
from storage.database import Loop, Tx
from storage.outbox import Sending, by_channel
from storage.schema import channels, contacts, outbox, people, posts_held, units

LOOKED_AT = 1000
"""So many waiting rows are looked through, so that a gateway with a full queue does not hide the others."""


@dataclass(frozen=True)
class Channel:
    """A channel in force: whose (`owner` in words; `unit`: a unit's), its name and address. The address is a secret."""

    id: int
    owner: str
    unit: bool
    name: str
    url: str

    def __repr__(self) -> str:
        """Return the channel without its address, for logs and tracebacks."""
        return f"Channel({self.id}, {self.owner} {self.name})"


@dataclass(frozen=True)
class Owner:
    """Whose channels are meant: a person or a unit."""

    name: str
    person_id: int | None = None
    unit_id: int | None = None


async def add(tx: Tx, now: datetime, owner: Owner, name: str, url: str, by: int) -> None:
    """Put a channel in force."""
    await tx.add(
        channels,
        person_id=owner.person_id,
        unit_id=owner.unit_id,
        name=name,
        url=url,
        by_id=by,
        created_at=now,
    )


async def end(tx: Tx, now: datetime, owner: Owner, name: str) -> int:
    """End the owner's channels of this name; return how many."""
    where = (_of(owner), channels.c.name == name, channels.c.revoked_at.is_(None))
    return await tx.run(update(channels).where(*where).values(revoked_at=now))


def _of(owner: Owner) -> ColumnElement[bool]:
    if owner.person_id is not None:
        return channels.c.person_id == owner.person_id
    return channels.c.unit_id == owner.unit_id


async def in_force(tx: Tx, owner: Owner | None = None, ids: Collection[int] | None = None) -> list[Channel]:
    """Return the room's channels in force (of an owner; of these keys), people's first."""
    statement = (
        select(
            channels.c.id,
            func.coalesce(people.c.name, units.c.name).label("owner"),
            channels.c.unit_id,
            channels.c.name,
            channels.c.url,
        )
        .outerjoin(people, people.c.id == channels.c.person_id)
        .outerjoin(units, units.c.id == channels.c.unit_id)
        .where(
            channels.c.revoked_at.is_(None),
            or_(and_(people.c.room_id == tx.room, people.c.active.is_(True)), units.c.room_id == tx.room),
        )
        .order_by(channels.c.unit_id.is_not(None), "owner", channels.c.id)
    )
    if owner is not None:
        statement = statement.where(_of(owner))
    if ids is not None:
        statement = statement.where(channels.c.id.in_(ids))
    return [Channel(r.id, r.owner, r.unit_id is not None, r.name, r.url) for r in await tx.all(statement)]


def _pairs(tx: Tx) -> CompoundSelect[Any]:
    own = (
        select(channels.c.person_id.label("person"), channels.c.id.label("channel"))
        .join(people, people.c.id == channels.c.person_id)
        .where(channels.c.revoked_at.is_(None), people.c.room_id == tx.room, people.c.active.is_(True))
    )
    of_units = (
        select(posts_held.c.person_id, channels.c.id)
        .join(posts_held, posts_held.c.unit_id == channels.c.unit_id)
        .join(people, people.c.id == posts_held.c.person_id)
        .where(
            channels.c.revoked_at.is_(None),
            posts_held.c.role == "contact",
            people.c.room_id == tx.room,
            people.c.active.is_(True),
        )
    )
    return union(own, of_units)


async def of_people(tx: Tx) -> list[tuple[int, int]]:
    """Return who is reached by which channel: by their own, or by that of a unit they are a contact of."""
    rows = await tx.all(_pairs(tx).order_by("person", "channel"))
    return [(int(r.person), int(r.channel)) for r in rows]


async def silent(tx: Tx, bulletin_id: int, *, stand_ins: bool = False, unbound: bool = False) -> set[int]:
    """Return who has a channel and has not acknowledged, as A-role (or as B-role that has been told).

    `unbound`: only those without an account.
    """
    person = contacts.c.b_id if stand_ins else contacts.c.a_id
    reachable = select(_pairs(tx).subquery().c.person)
    statement = (
        select(person.label("person"))
        .join(people, people.c.id == person)
        .where(contacts.c.bulletin_id == bulletin_id, contacts.c.acked_at.is_(None), person.in_(reachable))
    )
    if stand_ins:
        statement = statement.where(contacts.c.b_told_at.is_not(None), contacts.c.b_id != contacts.c.a_id)
    if unbound:
        statement = statement.where(people.c.telegram_id.is_(None))
    return {int(r.person) for r in await tx.all(statement)}


@dataclass(frozen=True)
class Promise:
    """A row to be written: its key, for whom, and what it is built from."""

    key: str
    person_id: int
    data: Mapping[str, Any]


async def promise(
    tx: Tx, now: datetime, kind: str, subject: str, priority: Priority, rows: Sequence[Promise]
) -> int:
    """Promise these in one statement, each key once; return how many are new."""
    known = select(outbox.c.key).where(outbox.c.subject == subject, outbox.c.kind == kind)
    already = {r.key for r in await tx.all(known)}
    fresh = [
        {
            "key": row.key,
            "kind": kind,
            "subject": subject,
            "data": dict(row.data),
            "person_id": row.person_id,
            "priority": int(priority),
            "not_before": now,
            "created_at": now,
        }
        for row in rows
        if row.key not in already
    ]
    if fresh:
        await tx.run(insert(outbox), fresh)
        tx.wake_at(now, Loop.CHANNELS)
    return len(fresh)


async def waiting(tx: Tx, now: datetime) -> list[Sending]:
    """Return the rows that may go out by a channel now, most urgent first."""
    rows = await tx.all(
        select(
            *(outbox.c[n] for n in ("id", "kind", "subject", "data", "person_id", "chat_id")),
            *(outbox.c[n] for n in ("priority", "attempts", "repeated", "created_at")),
        )
        .where(outbox.c.state == "pending", outbox.c.not_before <= now, outbox.c.kind.in_(by_channel()))
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(LOOKED_AT)
    )
    return [Sending(**r._mapping) for r in rows]


async def claim(tx: Tx, row_ids: Collection[int]) -> None:
    """Mark rows as being sent."""
    await tx.run(
        update(outbox).where(outbox.c.id.in_(row_ids)).values(state="sending", attempts=outbox.c.attempts + 1)
    )


@dataclass(frozen=True)
class Failure:
    """A row that could not go out: to whom, by which channel, why."""

    person_id: int
    channel_id: int
    why: str


async def failures(tx: Tx, subject: str) -> list[Failure]:
    """Return what could not go out by channels in an event, in order."""
    rows = await tx.all(
        select(outbox.c.person_id, outbox.c.data, outbox.c.error)
        .where(
            outbox.c.subject == subject,
            outbox.c.kind.in_(by_channel()),
            outbox.c.state == "failed",
            outbox.c.person_id.is_not(None),
        )
        .order_by(outbox.c.id)
    )
    return [Failure(r.person_id, r.data["channel"], r.error or "") for r in rows]

"""The cascade of a bulletin: one row per targeted unit, with both duties and how they were met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, update

from domain.notice import Priority
from storage.database import Tx
from storage.schema import bulletins, contacts, outbox, people, phone_calls, posts_held, units

a_role = people.alias("a_role")
b_role = people.alias("b_role")
parent = units.alias("parent")


@dataclass(frozen=True)
class Contact:
    """A targeted unit of a bulletin: who answers for it and what has been answered; its number is K<id>."""

    id: int
    bulletin_id: int
    unit_id: int
    unit: str
    parent_unit_id: int | None
    parent_unit: str | None
    level: str
    a_id: int
    a_name: str
    a_phone: str
    a_account: int | None
    b_id: int | None
    b_name: str | None
    b_phone: str | None
    b_account: int | None
    delivered_at: datetime | None
    undeliverable: str | None
    b_told_at: datetime | None
    listed_at: datetime | None
    acked_at: datetime | None
    acked_how: str | None
    acked_by: int | None
    passed_at: datetime | None
    passed_by: int | None
    passed_note: str


def _contacts() -> Select[Any]:
    return (
        select(
            contacts.c.id,
            contacts.c.bulletin_id,
            contacts.c.unit_id,
            units.c.name.label("unit"),
            contacts.c.parent_unit_id,
            parent.c.name.label("parent_unit"),
            contacts.c.level,
            contacts.c.a_id,
            a_role.c.name.label("a_name"),
            a_role.c.phone.label("a_phone"),
            a_role.c.telegram_id.label("a_account"),
            contacts.c.b_id,
            b_role.c.name.label("b_name"),
            b_role.c.phone.label("b_phone"),
            b_role.c.telegram_id.label("b_account"),
            *[contacts.c[n] for n in list(Contact.__dataclass_fields__)[15:]],
        )
        .join(units, units.c.id == contacts.c.unit_id)
        .join(a_role, a_role.c.id == contacts.c.a_id)
        .outerjoin(b_role, b_role.c.id == contacts.c.b_id)
        .outerjoin(parent, parent.c.id == contacts.c.parent_unit_id)
        .order_by(contacts.c.id)
    )


async def _list(tx: Tx, statement: Select[Any]) -> list[Contact]:
    return [Contact(**r._mapping) for r in await tx.all(statement)]


async def open_cascade(tx: Tx, bulletin_id: int, levels: Sequence[str]) -> tuple[int, list[str]]:
    """Write one contact per targeted unit in one statement; return how many, and the units nobody answers for.

    A unit without an A-role is answered for by its B-role; a unit with neither is returned by name.
    """

    def holder(ab: str) -> Any:  # noqa: ANN401 - SQLAlchemy's scalar subquery
        return (
            select(func.min(posts_held.c.person_id))
            .join(people, people.c.id == posts_held.c.person_id)
            .where(
                posts_held.c.unit_id == units.c.id,
                posts_held.c.role == "contact",
                posts_held.c.ab == ab,
                people.c.active.is_(True),
            )
            .correlate(units)
            .scalar_subquery()
        )

    a, b = holder("A"), holder("B")
    targeted = and_(units.c.room_id == tx.room, units.c.level.in_(levels))
    written = await tx.run(
        insert(contacts).from_select(
            ["bulletin_id", "unit_id", "parent_unit_id", "level", "a_id", "b_id", "passed_note"],
            select(
                literal(bulletin_id),
                units.c.id,
                units.c.parent_id,
                units.c.level,
                func.coalesce(a, b),
                b,
                literal(""),
            ).where(targeted, or_(a.is_not(None), b.is_not(None))),
        )
    )
    rows = await tx.all(select(units.c.name).where(targeted, a.is_(None), b.is_(None)).order_by(units.c.id))
    return written, [r.name for r in rows]


async def tell(
    tx: Tx,
    now: datetime,
    bulletin_id: int,
    kind: str,
    priority: Priority,
    *,
    silent_only: bool,
    to_b: bool = False,
    late_minutes: int | None = None,
    again: str = "",
) -> int:
    """Promise a notice of `kind` to every (silent) contact in one statement; one per person; return how many."""
    person = contacts.c.b_id if to_b else contacts.c.a_id
    key = literal(f"{kind}:W{bulletin_id}:P") + person.cast(outbox.c.key.type) + literal(again)
    statement = select(
        key.label("key"),
        literal(kind),
        literal(f"W{bulletin_id}"),
        literal({"late_minutes": late_minutes}, outbox.c.data.type),
        person,
        literal(int(priority)),
        literal("pending"),
        literal(0),
        literal(value=False),
        literal(now, outbox.c.not_before.type),
        literal(now, outbox.c.created_at.type),
    ).where(contacts.c.bulletin_id == bulletin_id, person.is_not(None))
    if silent_only:
        statement = statement.where(contacts.c.acked_at.is_(None))
    if to_b:
        statement = statement.where(contacts.c.b_id != contacts.c.a_id, contacts.c.b_told_at.is_(None))
    already = select(outbox.c.key).where(outbox.c.subject == f"W{bulletin_id}", outbox.c.key.is_not(None))
    statement = statement.where(key.not_in(already))
    told = await tx.run(
        insert(outbox).from_select(
            [
                "key",
                "kind",
                "subject",
                "data",
                "person_id",
                "priority",
                "state",
                "attempts",
                "repeated",
                "not_before",
                "created_at",
            ],
            statement.group_by(person),
        )
    )
    if told:
        tx.wake_at(now)
    return told


async def mark(tx: Tx, now: datetime, bulletin_id: int, column: str) -> int:
    """Stamp `b_told_at` or `listed_at` on every silent contact; return how many."""
    stamp = contacts.c[column]
    statement = update(contacts).where(
        contacts.c.bulletin_id == bulletin_id, contacts.c.acked_at.is_(None), stamp.is_(None)
    )
    if column == "b_told_at":
        statement = statement.where(contacts.c.b_id.is_not(None), contacts.c.b_id != contacts.c.a_id)
    return await tx.run(statement.values({stamp: now}))


async def of_bulletin(tx: Tx, bulletin_id: int) -> list[Contact]:
    """Return all contacts of a bulletin."""
    return await _list(tx, _contacts().where(contacts.c.bulletin_id == bulletin_id))


async def silent(tx: Tx, bulletin_id: int) -> list[Contact]:
    """Return the contacts that have not acknowledged."""
    return await _list(
        tx, _contacts().where(contacts.c.bulletin_id == bulletin_id, contacts.c.acked_at.is_(None))
    )


async def of_person(tx: Tx, bulletin_id: int, person_id: int) -> list[Contact]:
    """Return the contacts of a bulletin that a person answers for, as A or B."""
    return (await of_people(tx, bulletin_id, [person_id]))[person_id]


def _within(bulletin_id: int) -> ColumnElement[bool]:
    """Say which bulletin, where people say which rows: without the + 0 SQLite walks the whole bulletin instead."""
    return contacts.c.bulletin_id + 0 == bulletin_id


async def of_people(tx: Tx, bulletin_id: int, people_ids: Sequence[int]) -> dict[int, list[Contact]]:
    """Return the contacts of a bulletin that each of these people answers for, as A or B."""
    theirs = or_(contacts.c.a_id.in_(people_ids), contacts.c.b_id.in_(people_ids))
    found: dict[int, list[Contact]] = {person: [] for person in people_ids}
    for c in await _list(tx, _contacts().where(_within(bulletin_id), theirs)):
        for person in found.keys() & {c.a_id, c.b_id}:
            found[person].append(c)
    return found


async def owed_by(tx: Tx, person_id: int) -> list[int]:
    """Return the live bulletins that a person has a duty in, newest first."""
    mine = or_(contacts.c.a_id == person_id, contacts.c.b_id == person_id)
    rows = await tx.all(
        select(contacts.c.bulletin_id)
        .join(bulletins, bulletins.c.id == contacts.c.bulletin_id)
        .where(mine, bulletins.c.state == "live")
        .distinct()
        .order_by(contacts.c.bulletin_id.desc())
    )
    return [r.bulletin_id for r in rows]


async def by_id(tx: Tx, contact_id: int) -> Contact | None:
    """Return one contact."""
    found = await _list(tx, _contacts().where(contacts.c.id == contact_id))
    return found[0] if found else None


async def acknowledge(tx: Tx, now: datetime, contact_id: int, how: str, by: int) -> bool:
    """Return True if this was the first acknowledgement."""
    return (
        await tx.run(
            update(contacts)
            .where(contacts.c.id == contact_id, contacts.c.acked_at.is_(None))
            .values(acked_at=now, acked_how=how, acked_by=by)
        )
        == 1
    )


async def pass_on(tx: Tx, now: datetime, contact_id: int, by: int, note: str) -> bool:
    """Return True if this was the first report of passing on."""
    return (
        await tx.run(
            update(contacts)
            .where(contacts.c.id == contact_id, contacts.c.passed_at.is_(None))
            .values(passed_at=now, passed_by=by, passed_note=note)
        )
        == 1
    )


async def delivered(tx: Tx, now: datetime, bulletin_id: int, people_ids: Sequence[int]) -> None:
    """The verbatim text arrived at these A-roles: the clocks of their contacts run."""
    await tx.run(
        update(contacts)
        .where(
            _within(bulletin_id),
            contacts.c.a_id.in_(people_ids),
            contacts.c.delivered_at.is_(None),
        )
        .values(delivered_at=now)
    )


async def undeliverable(tx: Tx, bulletin_id: int, person_id: int, why: str) -> list[Contact]:
    """Note that the A-role cannot be written to; return the contacts still silent because of it."""
    await tx.run(
        update(contacts)
        .where(contacts.c.bulletin_id == bulletin_id, contacts.c.a_id == person_id)
        .values(undeliverable=why)
    )
    return [c for c in await of_person(tx, bulletin_id, person_id) if c.a_id == person_id and not c.acked_at]


async def stamp(tx: Tx, now: datetime, contact_id: int, column: str) -> None:
    """Stamp one contact."""
    await tx.run(update(contacts).where(contacts.c.id == contact_id).values({contacts.c[column]: now}))


@dataclass(frozen=True)
class PhoneCall:
    """One call of the officer to a contact."""

    contact_id: int
    at: datetime
    reached: bool
    who: str
    number: str
    read_back: bool


async def add_call(
    tx: Tx, now: datetime, contact_id: int, by: int, *, reached: bool, who: str, number: str, read_back: bool
) -> None:
    """Record a call."""
    await tx.add(
        phone_calls,
        contact_id=contact_id,
        by_id=by,
        at=now,
        reached=reached,
        who=who,
        number=number,
        read_back=read_back,
    )


async def calls(tx: Tx, bulletin_id: int) -> list[PhoneCall]:
    """Return every call of a bulletin, oldest first."""
    rows = await tx.all(
        select(phone_calls)
        .join(contacts, contacts.c.id == phone_calls.c.contact_id)
        .where(contacts.c.bulletin_id == bulletin_id)
        .order_by(phone_calls.c.id)
    )
    return [PhoneCall(r.contact_id, r.at, r.reached, r.who, r.number, r.read_back) for r in rows]

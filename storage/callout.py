"""The cascade of a bulletin: one row per targeted unit, with both duties and how they were met."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)

from domain.notice import Priority
from domain.passing import Passing
from storage.columns import UtcTime, earlier
from storage.database import Loop, Tx
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
    passed_how: str | None
    passed_note: str
    channel: str | None
    households: int | None
    households_total: int | None
    cannot_at: datetime | None
    cannot_why: str | None
    reminded_at: datetime | None
    pass_listed_at: datetime | None
    claimed_by: int | None
    claimed_until: datetime | None


_CONTACTS = (
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


async def _list(tx: Tx, statement: Select[Any], **values: object) -> list[Contact]:
    rows = cast("Sequence[tuple[Any, ...]]", await tx.all(statement, values))
    return [Contact(*row) for row in rows]  # the columns stand in the order of the fields


@dataclass(frozen=True)
class Opened:
    """How many units are targeted, and the names of those nobody answers for."""

    units: int
    empty: list[str]


def _targets(tx: Tx, levels: Sequence[str], only: Collection[int] | None) -> ColumnElement[bool]:
    picked = true() if only is None else units.c.id.in_(only)
    return and_(units.c.room_id == tx.room, units.c.level.in_(levels), picked)


async def count_targets(tx: Tx, levels: Sequence[str], only: Collection[int] | None) -> int:
    """Return how many units a warning would go to (`only`: of these)."""
    where = _targets(tx, levels, only)
    return int(await tx.value(select(func.count()).select_from(units).where(where)) or 0)


def _holder(ab: str, today: str) -> Any:  # noqa: ANN401 - SQLAlchemy's scalar subquery
    """Return who holds a unit's A- or B-role on a day."""
    held = posts_held.c
    return (
        select(func.min(held.person_id))
        .join(people, people.c.id == held.person_id)
        .where(
            held.unit_id == units.c.id,
            held.role == "contact",
            held.ab == ab,
            or_(held.first_day.is_(None), held.first_day <= today),
            or_(held.last_day.is_(None), held.last_day >= today),
            people.c.active.is_(True),
        )
        .correlate(units)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Reheld:
    """A silent contact of a live warning whose unit somebody else answers for now."""

    id: int
    bulletin_id: int
    unit: str
    a_id: int
    b_id: int | None


async def rehold(tx: Tx, today: str) -> list[Reheld]:
    """Give the silent contacts of live warnings to whoever holds the unit's roles now; return those that changed."""
    a, b = _holder("A", today), _holder("B", today)
    first = func.coalesce(a, b)
    rows = await tx.all(
        select(
            contacts.c.id,
            contacts.c.bulletin_id,
            units.c.name.label("unit"),
            first.label("a_id"),
            b.label("b_id"),
            contacts.c.a_id.label("old_a"),
        )
        .join(units, units.c.id == contacts.c.unit_id)
        .join(bulletins, bulletins.c.id == contacts.c.bulletin_id)
        .where(
            bulletins.c.room_id == tx.room,
            bulletins.c.state == "live",
            contacts.c.acked_at.is_(None),
            first.is_not(None),
            or_(contacts.c.a_id != first, contacts.c.b_id.is_distinct_from(b)),
        )
        .order_by(contacts.c.id)
    )
    for r in rows:
        values = {"a_id": r.a_id, "b_id": r.b_id}
        if r.a_id != r.old_a:
            values |= {"delivered_at": None, "undeliverable": None, "reminded_at": None, "b_told_at": None}
        await tx.run(update(contacts).where(contacts.c.id == r.id).values(**values))
    return [Reheld(r.id, r.bulletin_id, r.unit, r.a_id, r.b_id) for r in rows if r.a_id != r.old_a]


async def open_cascade(
    tx: Tx, bulletin_id: int, levels: Sequence[str], only: Collection[int] | None, today: str
) -> Opened:
    """Write one contact per targeted unit in one statement, top level first.

    A role counts on the days it is held (`today`: the room's day, YYYY-MM-DD). A unit without an A-role is answered
    for by its B-role; a unit with neither is returned by name.
    """
    a, b = _holder("A", today), _holder("B", today)
    targeted = _targets(tx, levels, only)
    rank = case({level: order for order, level in enumerate(levels)}, value=units.c.level)
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
            )
            .where(targeted, or_(a.is_not(None), b.is_not(None)))
            .order_by(rank, units.c.id),
        )
    )
    rows = await tx.all(select(units.c.name).where(targeted, a.is_(None), b.is_(None)).order_by(units.c.id))
    return Opened(written, [r.name for r in rows])


class Group(Enum):
    """To whom of a warning's contacts something is said."""

    ALL = "all"
    SILENT = "silent"
    TO_REMIND = "to remind"
    SILENT_B = "silent's B-role"
    UNPASSED = "acknowledged, not passed on"
    ABOVE_SILENT = "unit above a silent one"


_OF_BULLETIN = contacts.c.bulletin_id == bindparam("bulletin")
_SILENT = contacts.c.acked_at.is_(None)


def _group(group: Group) -> tuple[ColumnElement[int], list[ColumnElement[bool]]]:
    """Return whom a group's notice goes to, and which contacts of a bulletin are in it."""
    c = contacts.c
    match group:
        case Group.ALL:
            return c.a_id, [_OF_BULLETIN]
        case Group.SILENT:
            return c.a_id, [_OF_BULLETIN, _SILENT]
        case Group.TO_REMIND:
            return c.a_id, [_OF_BULLETIN, _SILENT, c.delivered_at.is_not(None), c.reminded_at.is_(None)]
        case Group.SILENT_B:
            other = (c.b_id.is_not(None), c.b_id != c.a_id, c.b_told_at.is_(None))
            return c.b_id, [_OF_BULLETIN, _SILENT, *other]
        case Group.UNPASSED:
            return c.acked_by, [_OF_BULLETIN, c.acked_by.is_not(None), c.passed_at.is_(None)]
        case Group.ABOVE_SILENT:
            below = contacts.alias("below")
            parents = select(below.c.parent_unit_id).where(
                below.c.bulletin_id == bindparam("bulletin"),
                below.c.acked_at.is_(None),
                below.c.parent_unit_id.is_not(None),
            )
            return c.a_id, [_OF_BULLETIN, c.unit_id.in_(parents)]


async def tell(
    tx: Tx,
    now: datetime,
    bulletin_id: int,
    kind: str,
    priority: Priority,
    group: Group,
    *,
    late_minutes: int | None = None,
    again: str = "",
) -> int:
    """Promise a notice of `kind` to a group in one statement; one per person, never twice; return how many."""
    subject = f"W{bulletin_id}"
    told = await tx.run(
        _told(group),
        {
            "bulletin": bulletin_id,
            "of": subject,
            "name": kind,
            "before": f"{kind}:{subject}:P",
            "after": again,
            "said": {"late_minutes": late_minutes},
            "level": int(priority),
            "now": now,
        },
    )
    if told:
        tx.wake_at(now, Loop.CHAT)
    return told


@cache
def _told(group: Group) -> Insert:
    person, where = _group(group)
    o = outbox.c
    key = (
        bindparam("before", type_=o.key.type) + person.cast(o.key.type) + bindparam("after", type_=o.key.type)
    )
    values = {
        o.key: key.label("key"),
        o.kind: bindparam("name", type_=o.kind.type),
        o.subject: bindparam("of", type_=o.subject.type),
        o.data: bindparam("said", type_=o.data.type),
        o.person_id: person,
        o.priority: bindparam("level", type_=o.priority.type),
        o.state: literal("pending"),
        o.attempts: literal(0),
        o.repeated: literal(value=False),
        o.not_before: bindparam("now", type_=o.not_before.type),
        o.created_at: bindparam("now", type_=o.created_at.type),
    }
    already = select(o.key).where(o.subject == bindparam("of"), o.key.is_not(None))
    fits = select(*values.values()).where(*where, key.not_in(already))
    return insert(outbox).from_select([*values], fits.group_by(person).order_by(func.min(contacts.c.id)))


async def mark(tx: Tx, now: datetime, bulletin_id: int, column: str) -> int:
    """Stamp `reminded_at`, `b_told_at` or `listed_at` on the silent contacts it is about; return how many."""
    return await tx.run(_marked(column), {"bulletin": bulletin_id, "at": now})


@cache
def _marked(column: str) -> Update:
    group = {"reminded_at": Group.TO_REMIND, "b_told_at": Group.SILENT_B}.get(column, Group.SILENT)
    _, where = _group(group)
    stamp = contacts.c[column]
    return update(contacts).where(stamp.is_(None), *where).values({stamp: bindparam("at")})


_ON_ITS_WAY = (
    select(contacts.c.id)
    .where(_OF_BULLETIN, _SILENT, contacts.c.delivered_at.is_(None), contacts.c.undeliverable.is_(None))
    .limit(1)
)


async def awaiting_receipt(tx: Tx, bulletin_id: int) -> bool:
    """Return True while the text is still on its way to somebody silent."""
    return await tx.value(_ON_ITS_WAY, {"bulletin": bulletin_id}) is not None


@dataclass(frozen=True)
class Totals:
    """How many contacts of a level are there, answered, passed on, by phone, by the B-role, could not pass on."""

    level: str
    total: int
    acked: int
    passed: int
    by_phone: int
    by_b: int
    cannot: int


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


_TOTALS = (
    select(
        contacts.c.level,
        func.count().label("total"),
        _count(contacts.c.acked_at.is_not(None)).label("acked"),
        _count(contacts.c.passed_at.is_not(None)).label("passed"),
        _count(contacts.c.acked_how == "phone").label("by_phone"),
        _count(and_(contacts.c.acked_by == contacts.c.b_id, contacts.c.b_id != contacts.c.a_id)).label(
            "by_b"
        ),
        _count(and_(contacts.c.cannot_at.is_not(None), contacts.c.passed_at.is_(None))).label("cannot"),
    )
    .where(_OF_BULLETIN)
    .group_by(contacts.c.level)
)


async def totals(tx: Tx, bulletin_id: int) -> list[Totals]:
    """Return the totals of each level."""
    return [Totals(**r._mapping) for r in await tx.all(_TOTALS, {"bulletin": bulletin_id})]


_ALL_OF = _CONTACTS.where(_OF_BULLETIN)


async def of_bulletin(tx: Tx, bulletin_id: int) -> list[Contact]:
    """Return all contacts of a bulletin."""
    return await _list(tx, _ALL_OF, bulletin=bulletin_id)


def _rank(levels: Sequence[str]) -> ColumnElement[int]:
    """Return a contact's level as a number, the top level first."""
    order = {level: place for place, level in enumerate(levels)}
    return case(order, value=contacts.c.level, else_=9)


def _attempts() -> Any:  # noqa: ANN401 - SQLAlchemy's scalar subquery
    """Return how often a contact was called in vain; a record taken back is no call."""
    return (
        select(func.count())
        .select_from(phone_calls)
        .where(
            phone_calls.c.contact_id == contacts.c.id,
            phone_calls.c.reached.is_(False),
            phone_calls.c.withdraws_id.is_(None),
        )
        .correlate(contacts)
        .scalar_subquery()
    )


async def next_to_call(tx: Tx, bulletin_id: int, now: datetime) -> Contact | None:
    """Return the contact on the call list that nobody is calling: who was called least, then the top level first."""
    c, rank = contacts.c, _rank(tx.rules.callout.levels)
    free = or_(c.claimed_until.is_(None), c.claimed_until <= now)
    listed = _ALL_OF.where(_SILENT, c.listed_at.is_not(None), free)
    statement = listed.order_by(None).order_by(_attempts(), rank, c.unit_id).limit(1)
    found = await _list(tx, statement, bulletin=bulletin_id)
    return found[0] if found else None


async def silent(
    tx: Tx,
    bulletin_id: int,
    *,
    listed: bool = False,
    parents: Collection[int] | None = None,
    limit: int | None = None,
) -> list[Contact]:
    """Return the contacts that have not acknowledged: the top level first, those called least before the others.

    `listed`: only those on the call list; `parents`: only those below these units.
    """
    some = {"listed": listed, "below": parents is not None, "limited": limit is not None}
    statement = _silent(tuple(tx.rules.callout.levels), **some)
    return await _list(tx, statement, bulletin=bulletin_id, parents=list(parents or ()), most=limit)


@cache
def _silent(levels: tuple[str, ...], *, listed: bool, below: bool, limited: bool) -> Select[Any]:
    statement = _ALL_OF.where(_SILENT)
    if listed:
        statement = statement.where(contacts.c.listed_at.is_not(None))
    if below:
        statement = statement.where(contacts.c.parent_unit_id.in_(bindparam("parents", expanding=True)))
    if limited:
        statement = statement.limit(bindparam("most"))
    return statement.order_by(None).order_by(_rank(levels), _attempts(), contacts.c.unit_id)


_OWING = _ALL_OF.where(
    contacts.c.acked_at <= bindparam("before"),
    contacts.c.passed_at.is_(None),
    contacts.c.cannot_at.is_(None),
    contacts.c.pass_listed_at.is_(None),
)


async def unpassed(tx: Tx, bulletin_id: int, before: datetime) -> list[Contact]:
    """Return who acknowledged before a moment, has not passed on, gave no reason, and was not named before."""
    return await _list(tx, _OWING, bulletin=bulletin_id, before=before)


_NOT_PASSED = select(contacts.c.id).where(_OF_BULLETIN, contacts.c.passed_at.is_(None)).limit(1)


async def open_duties(tx: Tx, bulletin_id: int) -> bool:
    """Return True while somebody has not passed on."""
    return await tx.value(_NOT_PASSED, {"bulletin": bulletin_id}) is not None


async def late(tx: Tx, bulletin_id: int, limit: timedelta) -> int:
    """Return how many acknowledged later than `limit` after their own receipt."""
    c = contacts.c
    rows = await tx.all(
        select(c.delivered_at, c.acked_at).where(
            c.bulletin_id == bulletin_id, c.acked_at.is_not(None), c.delivered_at.is_not(None)
        )
    )
    return sum(r.acked_at - r.delivered_at > limit for r in rows)


_COUNT_SILENT = select(func.count()).select_from(contacts).where(_OF_BULLETIN, _SILENT)
_COUNT_LISTED = _COUNT_SILENT.where(contacts.c.listed_at.is_not(None))


async def count_silent(tx: Tx, bulletin_id: int, *, listed: bool = False) -> int:
    """Return how many have not acknowledged (`listed`: of those on the call list)."""
    counted = _COUNT_LISTED if listed else _COUNT_SILENT
    return int(await tx.value(counted, {"bulletin": bulletin_id}) or 0)


@dataclass(frozen=True)
class Below:
    """A grid of a village: its name, who answers for it, and when it was acknowledged."""

    unit: str
    a_name: str
    acked_at: datetime | None


_BELOW = (
    select(contacts.c.parent_unit_id, units.c.name, a_role.c.name.label("a_name"), contacts.c.acked_at)
    .join(units, units.c.id == contacts.c.unit_id)
    .join(a_role, a_role.c.id == contacts.c.a_id)
    .where(_OF_BULLETIN, contacts.c.parent_unit_id.in_(bindparam("units", expanding=True)))
    .order_by(contacts.c.id)
)


async def below(tx: Tx, bulletin_id: int, unit_ids: Collection[int]) -> dict[int, list[Below]]:
    """Return the contacts right below each of these units that has any: a village's grids."""
    found: dict[int, list[Below]] = {}
    if not unit_ids:
        return found
    for r in await tx.all(_BELOW, {"bulletin": bulletin_id, "units": list(unit_ids)}):
        found.setdefault(r.parent_unit_id, []).append(Below(r.name, r.a_name, r.acked_at))
    return found


async def of_person(tx: Tx, bulletin_id: int, person_id: int) -> list[Contact]:
    """Return the contacts of a bulletin that a person answers for, as A or B."""
    return (await of_people(tx, bulletin_id, [person_id]))[person_id]


_WITHIN = contacts.c.bulletin_id + 0 == bindparam("bulletin")
"""Which bulletin, where people say which rows: without the + 0 SQLite walks the whole bulletin instead."""
_OF_PEOPLE = _CONTACTS.where(
    _WITHIN,
    or_(
        contacts.c.a_id.in_(bindparam("people", expanding=True)),
        contacts.c.b_id.in_(bindparam("people", expanding=True)),
    ),
)


async def of_people(tx: Tx, bulletin_id: int, people_ids: Sequence[int]) -> dict[int, list[Contact]]:
    """Return the contacts of a bulletin that each of these people answers for, as A or B."""
    found: dict[int, list[Contact]] = {person: [] for person in people_ids}
    for c in await _list(tx, _OF_PEOPLE, bulletin=bulletin_id, people=list(people_ids)):
        for person in found.keys() & {c.a_id, c.b_id}:
            found[person].append(c)
    return found


async def people_of_units(tx: Tx, bulletin_id: int, unit_ids: Collection[int]) -> set[int]:
    """Return who answers for these units in a bulletin, A-roles and B-roles."""
    rows = await tx.all(
        select(contacts.c.a_id, contacts.c.b_id).where(
            contacts.c.bulletin_id == bulletin_id, contacts.c.unit_id.in_(unit_ids)
        )
    )
    return {p for r in rows for p in (r.a_id, r.b_id) if p}


async def named(tx: Tx, bulletin_id: int, name: str) -> list[Contact]:
    """Return the contacts of this person or unit, A or B."""
    fits = or_(a_role.c.name == name, b_role.c.name == name, units.c.name == name)
    return await _list(tx, _CONTACTS.where(contacts.c.bulletin_id == bulletin_id, fits))


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


_BY_ID = _CONTACTS.where(contacts.c.id == bindparam("key"))


async def by_id(tx: Tx, contact_id: int) -> Contact | None:
    """Return one contact."""
    found = await _list(tx, _BY_ID, key=contact_id)
    return found[0] if found else None


_ACKED = (
    update(contacts)
    .where(contacts.c.id == bindparam("contact"), contacts.c.acked_at.is_(None))
    .values(acked_at=bindparam("at"), acked_how=bindparam("how"), acked_by=bindparam("who"))
)


async def acknowledge_all(tx: Tx, now: datetime, how: str, by: Mapping[int, int]) -> None:
    """Record who acknowledged which contact; one that was acknowledged before stays as it is."""
    if by:
        rows = [{"contact": contact, "at": now, "how": how, "who": who} for contact, who in by.items()]
        await tx.run(_ACKED, rows)


async def pass_on(
    tx: Tx, now: datetime, contact_id: int, by: int | None, note: str, how: str, told: Passing | None = None
) -> bool:
    """Return True if this was the first report of passing on."""
    values = {"passed_at": now, "passed_by": by, "passed_note": note, "passed_how": how}
    if told is not None:
        values |= {
            "channel": told.channel,
            "households": told.households,
            "households_total": told.total,
        }
    return (
        await tx.run(
            update(contacts)
            .where(contacts.c.id == contact_id, contacts.c.passed_at.is_(None))
            .values(**values)
        )
        == 1
    )


async def prove(tx: Tx, now: datetime, bulletin_id: int, villages: Collection[int]) -> list[str]:
    """Record as passed on those of these villages whose grids have all acknowledged; return their names."""
    grid = contacts.alias("grid")
    own = (grid.c.bulletin_id == bulletin_id, grid.c.parent_unit_id == contacts.c.unit_id)
    rows = await tx.all(
        select(contacts.c.id, units.c.name)
        .join(units, units.c.id == contacts.c.unit_id)
        .where(
            contacts.c.bulletin_id == bulletin_id,
            contacts.c.unit_id.in_(villages),
            contacts.c.passed_at.is_(None),
            ~exists(select(grid.c.id).where(*own, grid.c.acked_at.is_(None))),
            exists(select(grid.c.id).where(*own)),
        )
        .order_by(contacts.c.id)
    )
    if rows:
        await tx.run(
            update(contacts)
            .where(contacts.c.id.in_([r.id for r in rows]))
            .values(passed_at=now, passed_how="grids")
        )
    return [r.name for r in rows]


async def unprove(tx: Tx, bulletin_id: int, village_id: int) -> None:
    """A grid's acknowledgement was withdrawn: the village is no longer proven by its grids."""
    await tx.run(
        update(contacts)
        .where(
            contacts.c.bulletin_id == bulletin_id,
            contacts.c.unit_id == village_id,
            contacts.c.passed_how == "grids",
        )
        .values(passed_at=None, passed_how=None)
    )


async def cannot_pass(tx: Tx, now: datetime, contact_id: int, why: str) -> None:
    """Note that a contact cannot pass the warning on, and why."""
    await tx.run(update(contacts).where(contacts.c.id == contact_id).values(cannot_at=now, cannot_why=why))


async def claim(tx: Tx, now: datetime, contact_id: int, by: int, until: datetime) -> bool:
    """Return True if nobody else is calling this contact and the claim is now `by`'s."""
    c = contacts.c
    free = or_(c.claimed_until.is_(None), c.claimed_until <= now, c.claimed_by == by)
    return (
        await tx.run(
            update(contacts)
            .where(c.id == contact_id, c.acked_at.is_(None), free)
            .values(claimed_by=by, claimed_until=until)
        )
        == 1
    )


async def release(tx: Tx, contact_id: int) -> None:
    """The call is over: the claim ends."""
    await tx.run(
        update(contacts).where(contacts.c.id == contact_id).values(claimed_by=None, claimed_until=None)
    )


async def move_earlier(tx: Tx, by: timedelta) -> None:
    """Let all that is noted of running cascades have been earlier by this much: the time of day was set back."""
    live = bulletins.c.state == "live"
    times = [column for column in contacts.c if isinstance(column.type, UtcTime)]
    of_live = contacts.c.bulletin_id.in_(select(bulletins.c.id).where(live))
    await tx.run(update(contacts).where(of_live).values({c: earlier(c, by) for c in times}))
    dispatched = earlier(bulletins.c.dispatched_at, by)
    await tx.run(update(bulletins).where(live).values(dispatched_at=dispatched))


async def unacknowledge(tx: Tx, now: datetime, contact_id: int) -> bool:
    """A phone record was a mistake: what the person answered since counts, else the contact is silent and listed.

    Return True if it is silent.
    """
    c = contacts.c
    own = update(contacts).where(c.id == contact_id, c.own_at.is_not(None))
    if await tx.run(own.values(acked_at=c.own_at, acked_how=c.own_how, acked_by=c.own_by)):
        return False
    silent = {"acked_at": None, "acked_how": None, "acked_by": None, "listed_at": now}
    await tx.run(update(contacts).where(c.id == contact_id).values(**silent))
    return True


async def confirm(tx: Tx, now: datetime, contact_ids: Collection[int], by: int, how: str) -> None:
    """Keep the own answer of somebody who was recorded as reached by phone: it counts if that record is withdrawn."""
    c = contacts.c
    where = (c.id.in_(contact_ids), c.acked_how == "phone", c.own_at.is_(None))
    await tx.run(update(contacts).where(*where).values(own_at=now, own_how=how, own_by=by))


_DELIVERED = (
    update(contacts)
    .where(
        _WITHIN,
        contacts.c.a_id.in_(bindparam("people", expanding=True)),
        contacts.c.delivered_at.is_(None),
    )
    .values(delivered_at=bindparam("at"))
)


async def delivered(tx: Tx, now: datetime, bulletin_id: int, people_ids: Sequence[int]) -> None:
    """The verbatim text arrived at these A-roles: the clocks of their contacts run."""
    await tx.run(_DELIVERED, {"bulletin": bulletin_id, "people": list(people_ids), "at": now})


async def undeliverable(tx: Tx, bulletin_id: int, person_id: int, why: str) -> list[Contact]:
    """Note that a person cannot be written to; return the contacts still silent because of it (as A, or as B told)."""
    await tx.run(
        update(contacts)
        .where(contacts.c.bulletin_id == bulletin_id, contacts.c.a_id == person_id)
        .values(undeliverable=why)
    )
    mine = await of_person(tx, bulletin_id, person_id)
    return [c for c in mine if c.acked_at is None and (c.a_id == person_id or c.b_told_at is not None)]


CHUNK = 500
"""How many go into one statement: SQLite takes a limited number of values."""


async def stamp(tx: Tx, now: datetime, contact_ids: Sequence[int], column: str) -> None:
    """Stamp contacts."""
    for start in range(0, len(contact_ids), CHUNK):
        some = contacts.c.id.in_(contact_ids[start : start + CHUNK])
        await tx.run(update(contacts).where(some).values({contacts.c[column]: now}))


@dataclass(frozen=True)
class PhoneCall:
    """One call of the officer to a contact; one that `withdraws` another takes that one's record back."""

    id: int
    contact_id: int
    by_id: int
    at: datetime
    reached: bool
    who: str
    number: str
    read_back: bool
    withdraws_id: int | None
    why: str


_CALL = [phone_calls.c[name] for name in PhoneCall.__dataclass_fields__]
_CALLS = select(*_CALL).join(contacts, contacts.c.id == phone_calls.c.contact_id).where(_OF_BULLETIN)
_ALL_CALLS = _CALLS.order_by(phone_calls.c.id)
_NEWEST_CALLS = _CALLS.order_by(phone_calls.c.id.desc()).limit(bindparam("most"))
_CALLS_TO = (
    select(*_CALL)
    .where(phone_calls.c.contact_id.in_(bindparam("contacts", expanding=True)))
    .order_by(phone_calls.c.id)
)


async def add_call(
    tx: Tx,
    now: datetime,
    contact_id: int,
    by: int,
    *,
    reached: bool,
    who: str,
    number: str,
    read_back: bool = False,
    withdraws: int | None = None,
    why: str = "",
) -> None:
    """Record a call, or that an earlier record was a mistake."""
    await tx.add(
        phone_calls,
        contact_id=contact_id,
        by_id=by,
        at=now,
        reached=reached,
        who=who,
        number=number,
        read_back=read_back,
        withdraws_id=withdraws,
        why=why,
    )


async def calls(tx: Tx, bulletin_id: int, *, newest: int | None = None) -> list[PhoneCall]:
    """Return every call of a bulletin, oldest first (`newest`: only so many, the newest first)."""
    rows = await tx.all(_NEWEST_CALLS if newest else _ALL_CALLS, {"bulletin": bulletin_id, "most": newest})
    return [PhoneCall(**r._mapping) for r in rows]


async def calls_to(tx: Tx, contact_ids: Collection[int]) -> list[PhoneCall]:
    """Return the calls to these contacts, oldest first."""
    rows = await tx.all(_CALLS_TO, {"contacts": list(contact_ids)})
    return [PhoneCall(**r._mapping) for r in rows]


async def within_reach(tx: Tx, person_id: int) -> None:
    """Somebody can be written to again: no open duty says any more that they cannot."""
    open_ = (contacts.c.a_id == person_id, contacts.c.acked_at.is_(None))
    await tx.run(update(contacts).where(*open_).values(undeliverable=None))


async def not_asked(
    tx: Tx, bulletin_id: int, levels: Sequence[str], only: Collection[int] | None
) -> set[int]:
    """Return the targeted units from which nobody was asked to answer, since there was nobody."""
    asked = select(contacts.c.unit_id).where(contacts.c.bulletin_id == bulletin_id)
    rows = await tx.all(select(units.c.id).where(_targets(tx, levels, only), units.c.id.not_in(asked)))
    return {r.id for r in rows}

"""Partner units of an incident: told, acknowledged, arrived; and what was asked of them as reinforcement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, or_, select, update

from domain.people import Role, UnitLevel
from storage.database import Tx
from storage.schema import partners, people, posts_held, units

told = people.alias("told")
acked = people.alias("acked")
arrived = people.alias("arrived")


@dataclass(frozen=True)
class Partner:
    """A unit told of an incident (`kind` told), or asked for something (reinforce), with the names behind its keys."""

    id: int
    incident_id: int
    unit_id: int
    unit: str
    kind: str
    text: str
    told_by_id: int
    told_by: str
    told_by_phone: str
    told_at: datetime
    acked_by: str | None
    acked_at: datetime | None
    acked_how: str | None
    arrived_by: str | None
    arrived_at: datetime | None
    arrived_text: str | None


def _rows() -> Select[tuple[object, ...]]:
    return (
        select(
            partners.c.id,
            partners.c.incident_id,
            partners.c.unit_id,
            units.c.name.label("unit"),
            partners.c.kind,
            partners.c.text,
            partners.c.told_by.label("told_by_id"),
            told.c.name.label("told_by"),
            told.c.phone.label("told_by_phone"),
            partners.c.told_at,
            acked.c.name.label("acked_by"),
            partners.c.acked_at,
            partners.c.acked_how,
            arrived.c.name.label("arrived_by"),
            partners.c.arrived_at,
            partners.c.arrived_text,
        )
        .join(units, units.c.id == partners.c.unit_id)
        .join(told, told.c.id == partners.c.told_by)
        .outerjoin(acked, acked.c.id == partners.c.acked_by)
        .outerjoin(arrived, arrived.c.id == partners.c.arrived_by)
        .order_by(partners.c.id)
    )


_OF_INCIDENT = _rows().where(partners.c.incident_id == bindparam("incident"))


async def of_incident(tx: Tx, incident_id: int) -> list[Partner]:
    """Return what units were told or asked in an incident, oldest first."""
    rows = await tx.all(_OF_INCIDENT, {"incident": incident_id})
    return [Partner(**r._mapping) for r in rows]


async def by_id(tx: Tx, partner_id: int) -> Partner | None:
    """Return one of them."""
    r = await tx.one(_rows().where(partners.c.id == partner_id))
    return Partner(**r._mapping) if r else None


async def unanswered(tx: Tx, unit_ids: Collection[int], *, arrival: bool = False) -> list[int]:
    """Return the incidents in which these units have not acknowledged (`arrival`: not arrived) yet."""
    open_yet = partners.c.arrived_at.is_(None) if arrival else partners.c.acked_at.is_(None)
    rows = await tx.all(
        select(partners.c.incident_id)
        .where(partners.c.unit_id.in_(unit_ids), open_yet)
        .distinct()
        .order_by(partners.c.incident_id)
    )
    return [r.incident_id for r in rows]


async def incidents_of(tx: Tx, unit_ids: Collection[int]) -> list[int]:
    """Return the incidents these units were told of or asked in."""
    told = select(partners.c.incident_id).where(partners.c.unit_id.in_(unit_ids))
    return [r.incident_id for r in await tx.all(told.distinct().order_by(partners.c.incident_id))]


async def add(tx: Tx, now: datetime, incident_id: int, unit_id: int, kind: str, text: str, by: int) -> int:
    """Note that a unit is told or asked, and return the key; once per incident, unit and kind."""
    return await tx.add(
        partners, incident_id=incident_id, unit_id=unit_id, kind=kind, text=text, told_by=by, told_at=now
    )


async def ask_more(tx: Tx, now: datetime, partner_id: int, text: str, by: int) -> None:
    """Ask a unit for more: the words grow, and wait for a new acknowledgement; the log keeps the earlier one."""
    await tx.run(
        update(partners)
        .where(partners.c.id == partner_id)
        .values(text=text, told_by=by, told_at=now, acked_by=None, acked_at=None, acked_how=None)
    )


async def ask_anew(tx: Tx, now: datetime, partner_id: int, text: str, by: int) -> None:
    """Tell or ask a unit as if for the first time: acknowledgement and arrival wait; the log keeps the earlier ones."""
    arrival = {"arrived_by": None, "arrived_at": None, "arrived_text": None}
    await tx.run(update(partners).where(partners.c.id == partner_id).values(**arrival))
    await ask_more(tx, now, partner_id, text, by)


async def acknowledge(tx: Tx, now: datetime, partner_id: int, by: int, how: str) -> bool:
    """Return True if it had not been acknowledged and now is."""
    where = (partners.c.id == partner_id, partners.c.acked_at.is_(None))
    return await tx.run(update(partners).where(*where).values(acked_by=by, acked_at=now, acked_how=how)) == 1


async def arrive(tx: Tx, now: datetime, partner_id: int, by: int, text: str) -> bool:
    """Return True if the unit had not arrived and now has."""
    where = (partners.c.id == partner_id, partners.c.arrived_at.is_(None))
    values = {"arrived_by": by, "arrived_at": now, "arrived_text": text}
    return await tx.run(update(partners).where(*where).values(**values)) == 1


async def carry(tx: Tx, old: int, new: int) -> None:
    """Put what units were told or asked in an incident under the one it was joined to, but what stands there too."""
    known = {(r.unit_id, r.kind) for r in await of_incident(tx, new)}
    for r in await of_incident(tx, old):
        if (r.unit_id, r.kind) not in known:
            await tx.run(update(partners).where(partners.c.id == r.id).values(incident_id=new))


async def say_arrival(tx: Tx, partner_id: int, text: str) -> None:
    """Add the words of an arrival that was recorded without any."""
    await tx.run(update(partners).where(partners.c.id == partner_id).values(arrived_text=text))


@dataclass(frozen=True)
class Member:
    """Somebody of a unit; `reachable`: can be written to."""

    id: int
    name: str
    phone: str
    unit_id: int
    ab: str
    reachable: bool


async def members(tx: Tx, unit_ids: Collection[int], today: str) -> list[Member]:
    """Return who answers for these units on a day (YYYY-MM-DD): A-role, B-role, then the others, each once a unit."""
    held = posts_held.c
    rows = await tx.all(
        select(
            people.c.id,
            people.c.name,
            people.c.phone,
            people.c.telegram_id,
            people.c.blocked_at,
            held.unit_id,
            held.ab,
        )
        .join(posts_held, held.person_id == people.c.id)
        .where(
            held.unit_id.in_(unit_ids),
            held.role.in_([r.value for r in (Role.CONTACT, Role.REPORTER, Role.SUPERIOR)]),
            people.c.active.is_(True),
            or_(held.first_day.is_(None), held.first_day <= today),
            or_(held.last_day.is_(None), held.last_day >= today),
        )
        .order_by(held.unit_id, held.ab.is_(None), held.ab, held.id)
    )
    found: dict[tuple[int, int], Member] = {}
    for r in rows:
        reachable = r.telegram_id is not None and r.blocked_at is None
        one = Member(r.id, r.name, r.phone, r.unit_id, r.ab or "", reachable)
        found.setdefault((r.unit_id, r.id), one)
    return list(found.values())


async def units_of(tx: Tx, *levels: UnitLevel) -> dict[int, str]:
    """Return the units that can be told or asked, by key, in the order they were made."""
    rows = await tx.all(
        select(units.c.id, units.c.name)
        .where(units.c.room_id == tx.room, units.c.level.in_([level.value for level in levels]))
        .order_by(units.c.id)
    )
    return {r.id: r.name for r in rows}

"""People, their posts and units, invitations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from domain.actor import Actor, PostHeld
from domain.people import Role, UnitLevel
from storage.database import Tx
from storage.schema import ack_links, cards, feeds, invitations, people, posts_held, unit_tags, units


@dataclass(frozen=True)
class Unit:
    """A node of the unit tree."""

    id: int
    name: str
    parent_id: int | None
    level: UnitLevel


_WITH_POSTS = (
    select(
        people.c.id,
        people.c.name,
        people.c.title,
        people.c.phone,
        people.c.telegram_id,
        people.c.blocked_at,
        posts_held.c.role,
        posts_held.c.unit_id,
        posts_held.c.ab,
        units.c.name.label("unit"),
    )
    .outerjoin(posts_held, posts_held.c.person_id == people.c.id)
    .outerjoin(units, units.c.id == posts_held.c.unit_id)
    .order_by(people.c.id, posts_held.c.id)
)
_BOUND = _WITH_POSTS.where(
    people.c.room_id == bindparam("room"),
    people.c.active.is_(True),
    people.c.telegram_id.in_(bindparam("accounts", expanding=True)),
)


_BY_IDS = _WITH_POSTS.where(people.c.id.in_(bindparam("ids", expanding=True)))
_ACTIVE = select(people.c.id).where(people.c.room_id == bindparam("room"), people.c.active.is_(True))
_EVERYBODY = _WITH_POSTS.where(people.c.id.in_(_ACTIVE))
_NAMED = _WITH_POSTS.where(people.c.id.in_(_ACTIVE.where(people.c.name == bindparam("name"))))
_HELD = select(posts_held.c.person_id).where(posts_held.c.role.in_(bindparam("roles", expanding=True)))
_WITH_ROLE = _WITH_POSTS.where(people.c.id.in_(_ACTIVE.where(people.c.id.in_(_HELD))))
_IS_ACTIVE = _ACTIVE.where(people.c.id == bindparam("key"))
_LOST = people.c.telegram_id.is_(None) & (people.c.phone == "")


def _read(rows: Sequence[Row[Any]]) -> list[Actor]:
    found: dict[int, tuple[Row[Any], list[PostHeld]]] = {}
    for r in rows:
        _, posts = found.setdefault(r.id, (r, []))
        if r.role is not None:
            posts.append(PostHeld(Role(r.role), r.unit_id, r.unit or "", r.ab))
    return [
        Actor(r.id, r.name, r.title, r.phone, r.telegram_id, tuple(posts), blocked=r.blocked_at is not None)
        for r, posts in found.values()
    ]


async def by_account(tx: Tx, telegram_id: int) -> Actor | None:
    """Return the person bound to an account, or None for a stranger or somebody revoked."""
    return (await by_accounts(tx, [telegram_id])).get(telegram_id)


async def by_accounts(tx: Tx, telegram_ids: Sequence[int]) -> dict[int, Actor]:
    """Return the people bound to these accounts; strangers and the revoked are left out."""
    rows = await tx.all(_BOUND, {"room": tx.room, "accounts": list(telegram_ids)})
    return {actor.telegram_id: actor for actor in _read(rows) if actor.telegram_id is not None}


async def by_id(tx: Tx, person_id: int) -> Actor | None:
    """Return a person, revoked or not."""
    return (await by_ids(tx, [person_id])).get(person_id)


async def is_active(tx: Tx, person_id: int) -> bool:
    """Return whether a person belongs to the room now: False for somebody revoked."""
    return await tx.one(_IS_ACTIVE, {"room": tx.room, "key": person_id}) is not None


async def by_ids(tx: Tx, ids: Iterable[int]) -> dict[int, Actor]:
    """Return people by key."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {actor.id: actor for actor in _read(await tx.all(_BY_IDS, {"ids": list(wanted)}))}


async def by_name(tx: Tx, name: str) -> list[Actor]:
    """Return the active people of exactly this name."""
    return _read(await tx.all(_NAMED, {"room": tx.room, "name": name}))


async def is_revoked(tx: Tx, name: str) -> bool:
    """Return whether somebody of exactly this name had access once and none of that name has now."""
    rows = await tx.all(select(people.c.active).where(people.c.room_id == tx.room, people.c.name == name))
    return bool(rows) and not any(row.active for row in rows)


async def everybody(tx: Tx) -> list[Actor]:
    """Return all active people."""
    return _read(await tx.all(_EVERYBODY, {"room": tx.room}))


async def with_role(tx: Tx, *roles: Role) -> list[Actor]:
    """Return the active people who hold any of `roles`."""
    return _read(await tx.all(_WITH_ROLE, {"room": tx.room, "roles": [r.value for r in roles]}))


async def bind(tx: Tx, person_id: int, telegram_id: int) -> None:
    """Bind an account to a person; the account leaves whoever held it."""
    await tx.run(update(people).where(people.c.telegram_id == telegram_id).values(telegram_id=None))
    await tx.run(
        update(people).where(people.c.id == person_id).values(telegram_id=telegram_id, blocked_at=None)
    )


async def blocked(tx: Tx, person_id: int, when: datetime | None) -> None:
    """Note that the person's account cannot be written to (or can again: None)."""
    await tx.run(update(people).where(people.c.id == person_id).values(blocked_at=when))


async def revoke(tx: Tx, now: datetime, person_id: int) -> None:
    """Take a person's access away at once, their cards, links and invitations with it; the record stays."""
    await tx.run(update(people).where(people.c.id == person_id).values(active=False, telegram_id=None))
    await tx.run(delete(cards).where(cards.c.person_id == person_id))
    await tx.run(delete(ack_links).where(ack_links.c.person_id == person_id))
    unused = (invitations.c.person_id == person_id, invitations.c.used_at.is_(None))
    await tx.run(delete(invitations).where(*unused))
    ends = (feeds.c.by_id == person_id, feeds.c.revoked_at.is_(None))
    await tx.run(update(feeds).where(*ends).values(revoked_at=now))


async def active_ids(tx: Tx) -> set[int]:
    """Return the keys of all active people."""
    return {r.id for r in await tx.all(_ACTIVE, {"room": tx.room})}


async def unreachable_ids(tx: Tx) -> set[int]:
    """Return the keys of active people with neither a bound account nor a phone."""
    return {r.id for r in await tx.all(_ACTIVE.where(_LOST), {"room": tx.room})}


async def unreachable(tx: Tx) -> list[Actor]:
    """Return active people with neither a bound account nor a phone, and those who blocked the bot."""
    lost = _ACTIVE.where(_LOST | people.c.blocked_at.is_not(None))
    return _read(await tx.all(_WITH_POSTS.where(people.c.id.in_(lost)), {"room": tx.room}))


async def add_person(
    tx: Tx, name: str, title: str = "", phone: str = "", telegram_id: int | None = None
) -> int:
    """Add a person and return the key."""
    return await tx.add(
        people, room_id=tx.room, name=name, title=title, phone=phone, telegram_id=telegram_id, active=True
    )


async def change_person(
    tx: Tx, person_id: int, *, name: str, title: str, phone: str, telegram_id: int | None
) -> None:
    """Write what a newer sheet says; an account is never unbound by an empty cell."""
    values: dict[str, object] = {"name": name, "title": title, "phone": phone, "active": True}
    if telegram_id is not None:
        await tx.run(
            update(people)
            .where(people.c.telegram_id == telegram_id, people.c.id != person_id)
            .values(telegram_id=None)
        )
        values["telegram_id"] = telegram_id
    await tx.run(update(people).where(people.c.id == person_id).values(**values))


async def give_post(
    tx: Tx,
    person_id: int,
    role: Role,
    unit_id: int | None = None,
    ab: str | None = None,
    *,
    first_day: str | None = None,
    last_day: str | None = None,
) -> None:
    """Give a role in a unit, on these days (YYYY-MM-DD, both included); the same role in the same unit is replaced."""
    where = [posts_held.c.person_id == person_id, posts_held.c.role == role.value]
    where.append(posts_held.c.unit_id.is_(None) if unit_id is None else posts_held.c.unit_id == unit_id)
    await tx.run(delete(posts_held).where(*where))
    await tx.add(
        posts_held,
        person_id=person_id,
        unit_id=unit_id,
        role=role.value,
        ab=ab,
        first_day=first_day,
        last_day=last_day,
    )


async def clear_posts(tx: Tx, unit_ids: Sequence[int], role: Role) -> None:
    """Take a role from everybody in these units, before a sheet gives it anew."""
    await tx.run(
        delete(posts_held).where(posts_held.c.unit_id.in_(unit_ids), posts_held.c.role == role.value)
    )


async def all_units(tx: Tx) -> dict[str, Unit]:
    """Return the unit tree by name."""
    rows = await tx.all(select(units).where(units.c.room_id == tx.room).order_by(units.c.id))
    return {r.name: Unit(r.id, r.name, r.parent_id, UnitLevel(r.level)) for r in rows}


async def put_unit(tx: Tx, name: str, level: UnitLevel, parent_id: int | None) -> int:
    """Add or change a unit and return its key."""
    known = await tx.value(select(units.c.id).where(units.c.room_id == tx.room, units.c.name == name))
    if known is None:
        return await tx.add(units, room_id=tx.room, name=name, level=level.value, parent_id=parent_id)
    await tx.run(update(units).where(units.c.id == known).values(level=level.value, parent_id=parent_id))
    return int(known)


async def tags(tx: Tx) -> dict[str, list[int]]:
    """Return the units of each tag."""
    rows = await tx.all(
        select(unit_tags.c.tag, unit_tags.c.unit_id)
        .join(units, units.c.id == unit_tags.c.unit_id)
        .where(units.c.room_id == tx.room)
        .order_by(unit_tags.c.tag, unit_tags.c.unit_id)
    )
    found: dict[str, list[int]] = {}
    for r in rows:
        found.setdefault(r.tag, []).append(r.unit_id)
    return found


async def set_tags(tx: Tx, unit_id: int, words: Iterable[str]) -> None:
    """Give a unit exactly these tags."""
    await tx.run(delete(unit_tags).where(unit_tags.c.unit_id == unit_id))
    for word in dict.fromkeys(words):
        await tx.run(unit_tags.insert().values(unit_id=unit_id, tag=word[:16]))


async def invite(tx: Tx, now: datetime, code_hash: str, expires_at: datetime, person_id: int | None) -> None:
    """Keep an invitation (person None: the first admin's claim); earlier unused ones of the person end."""
    where = invitations.c.person_id.is_(None) if person_id is None else invitations.c.person_id == person_id
    await tx.run(delete(invitations).where(where, invitations.c.used_at.is_(None)))
    await tx.add(invitations, person_id=person_id, code_hash=code_hash, expires_at=expires_at, created_at=now)


@dataclass(frozen=True)
class Invitation:
    """An invitation as kept: only the hash of its code."""

    id: int
    person_id: int | None
    expires_at: datetime
    used_at: datetime | None


async def invitation(tx: Tx, code_hash: str) -> Invitation | None:
    """Return the invitation of a code's hash."""
    r = await tx.one(select(invitations).where(invitations.c.code_hash == code_hash))
    return Invitation(r.id, r.person_id, r.expires_at, r.used_at) if r else None


async def use_invitation(tx: Tx, now: datetime, invitation_id: int) -> bool:
    """Return True if the invitation was ours to use."""
    return (
        await tx.run(
            update(invitations)
            .where(invitations.c.id == invitation_id, invitations.c.used_at.is_(None))
            .values(used_at=now)
        )
        == 1
    )


async def count(tx: Tx) -> int:
    """Return how many active people there are."""
    counted = select(func.count()).select_from(_ACTIVE.subquery())
    return int(await tx.value(counted, {"room": tx.room}) or 0)


_REACHABLE = select(people.c.id).where(
    people.c.id.in_(bindparam("ids", expanding=True)),
    people.c.active.is_(True),
    people.c.telegram_id.is_not(None),
    people.c.blocked_at.is_(None),
)


async def reachable(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Return those of `ids` who are active and can be written to."""
    return {r.id for r in await tx.all(_REACHABLE, {"ids": list(set(ids))})}


async def former(tx: Tx) -> list[Actor]:
    """Return those whose access was taken away, the newest first."""
    ended = _WITH_POSTS.where(people.c.room_id == tx.room, people.c.active.is_(False))
    return _read(await tx.all(ended))[::-1]


async def restore(tx: Tx, person_id: int) -> None:
    """Give somebody back the access that was taken away, without the roles held before."""
    await tx.run(delete(posts_held).where(posts_held.c.person_id == person_id))
    await tx.run(update(people).where(people.c.id == person_id).values(active=True, blocked_at=None))

"""Shifts, and who holds the watch now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update

from domain.roster import Post, Wanted
from storage.database import Tx
from storage.schema import people, shifts, watches


@dataclass(frozen=True)
class Shift:
    """One period of duty of one person (times in UTC)."""

    id: int
    post: Post
    person_id: int
    name: str
    phone: str
    telegram_id: int | None
    starts_at: datetime
    ends_at: datetime
    confirmed_at: datetime | None
    arrived_at: datetime | None
    label: str
    """The shift template's name: 白班, 夜班; "" where an office has one shift a day."""
    turn_id: int
    """Whose turn it is in the rotation, which no swap moves."""
    gone: bool = False
    """The person was deactivated and the shift not given to another yet."""
    source: str = "import"
    """How it came: import, generated, swap, cover."""


_TURN = func.coalesce(shifts.c.turn_id, shifts.c.person_id).label("turn_id")


_EVERY = (
    select(
        shifts.c.id,
        shifts.c.post,
        shifts.c.person_id,
        people.c.name,
        people.c.phone,
        people.c.telegram_id,
        shifts.c.starts_at,
        shifts.c.ends_at,
        shifts.c.confirmed_at,
        shifts.c.arrived_at,
        shifts.c.name.label("label"),
        _TURN,
        people.c.active.is_(False).label("gone"),
        shifts.c.source,
    )
    .join(people, people.c.id == shifts.c.person_id)
    .order_by(shifts.c.starts_at, shifts.c.id)
)
_ANY = _EVERY.where(shifts.c.room_id == bindparam("room"))
_PLANNED = _ANY.where(shifts.c.state == "planned")
_BY_ID = _PLANNED.where(shifts.c.id == bindparam("key"))
_ANY_BY_ID = _ANY.where(shifts.c.id == bindparam("key"))
_AT = _PLANNED.where(shifts.c.starts_at <= bindparam("at"), shifts.c.ends_at > bindparam("at"))
_DURING = _PLANNED.where(shifts.c.starts_at < bindparam("end"), shifts.c.ends_at > bindparam("start"))
_BETWEEN = _PLANNED.where(shifts.c.starts_at >= bindparam("start"), shifts.c.starts_at < bindparam("end"))
_OF_PERSON = _PLANNED.where(
    shifts.c.person_id == bindparam("person"), shifts.c.ends_at > bindparam("since")
).limit(bindparam("limit"))
_NEXT_OF = _PLANNED.where(shifts.c.post == bindparam("post"), shifts.c.starts_at > bindparam("after")).limit(
    1
)


async def _list(tx: Tx, statement: Select[tuple[object, ...]], **values: object) -> list[Shift]:
    return _read(await tx.all(statement, {"room": tx.room, **values}))


def _read(rows: Sequence[Row[Any]]) -> list[Shift]:
    return [Shift(**{**r._mapping, "post": Post(r.post), "gone": bool(r.gone)}) for r in rows]


async def at(tx: Tx, when: datetime) -> list[Shift]:
    """Return the shifts that run at this instant."""
    return await _list(tx, _AT, at=when)


async def during(tx: Tx, start: datetime, end: datetime) -> list[Shift]:
    """Return the shifts that run at any time within [start, end)."""
    return await _list(tx, _DURING, start=start, end=end)


async def between(tx: Tx, start: datetime, end: datetime) -> list[Shift]:
    """Return the shifts that begin in [start, end)."""
    return await _list(tx, _BETWEEN, start=start, end=end)


async def of_person(tx: Tx, person_id: int, since: datetime, limit: int = 20) -> list[Shift]:
    """Return a person's shifts that end after `since`."""
    return await _list(tx, _OF_PERSON, person=person_id, since=since, limit=limit)


async def by_id(tx: Tx, shift_id: int) -> Shift | None:
    """Return a shift that still stands."""
    found = await _list(tx, _BY_ID, key=shift_id)
    return found[0] if found else None


async def any_by_id(tx: Tx, shift_id: int) -> Shift:
    """Return a shift, replaced or not; raise LookupError for a number never given."""
    found = await _list(tx, _ANY_BY_ID, key=shift_id)
    if not found:
        raise LookupError(f"S{shift_id}")
    return found[0]


async def next_of(tx: Tx, post: Post, after: datetime) -> Shift | None:
    """Return the first shift of a post that begins after this instant."""
    found = await _list(tx, _NEXT_OF, post=post.value, after=after)
    return found[0] if found else None


async def add_shift(
    tx: Tx,
    post: Post,
    person_id: int,
    starts_at: datetime,
    ends_at: datetime,
    source: str = "import",
    *,
    label: str = "",
    turn_id: int | None = None,
) -> int:
    """Add a shift and return its number; `turn_id`: whose turn it is where that is somebody else."""
    return await tx.add(
        shifts,
        room_id=tx.room,
        post=post.value,
        person_id=person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        state="planned",
        source=source,
        name=label,
        turn_id=turn_id,
    )


async def add_shifts(tx: Tx, wanted: Sequence[Wanted], source: str) -> list[int]:
    """Add many shifts and return their numbers in the same order."""
    rows = [
        {
            "room_id": tx.room,
            "post": w.post.value,
            "person_id": w.person_id,
            "starts_at": w.starts_at,
            "ends_at": w.ends_at,
            "state": "planned",
            "source": source,
            "name": w.label,
        }
        for w in wanted
    ]
    if not rows:
        return []
    statement = insert(shifts).returning(shifts.c.id, sort_by_parameter_order=True)
    return [int(r.id) for r in await tx.all(statement, rows)]


async def replace_shifts(tx: Tx, ids: Sequence[int]) -> None:
    """Take shifts out."""
    if ids:
        await tx.run(update(shifts).where(shifts.c.id.in_(ids)).values(state="replaced"))


async def confirm(tx: Tx, now: datetime, shift_id: int) -> None:
    """The person said 收到 to the prompt."""
    await tx.run(update(shifts).where(shifts.c.id == shift_id).values(confirmed_at=now))


async def arrive(tx: Tx, now: datetime, shift_id: int) -> None:
    """The person said 到岗."""
    await tx.run(update(shifts).where(shifts.c.id == shift_id).values(arrived_at=now))


@dataclass(frozen=True)
class Watch:
    """Who holds a post now, since when: it moves only by a signed or forced handover."""

    person_id: int
    name: str
    phone: str
    telegram_id: int | None
    since: datetime
    shift_id: int | None


_WATCH = (
    select(watches, people.c.name, people.c.phone, people.c.telegram_id)
    .join(people, people.c.id == watches.c.person_id)
    .where(watches.c.room_id == bindparam("room"), watches.c.post == bindparam("post"))
)


async def watch(tx: Tx, post: Post = Post.OFFICER) -> Watch | None:
    """Return who holds the watch of a post."""
    r = await tx.one(_WATCH, {"room": tx.room, "post": post.value})
    return Watch(r.person_id, r.name, r.phone, r.telegram_id, r.since, r.shift_id) if r else None


async def take_watch(
    tx: Tx, now: datetime, person_id: int, shift_id: int | None, post: Post = Post.OFFICER
) -> None:
    """Move the watch of a post to a person."""
    await tx.run(delete(watches).where(watches.c.room_id == tx.room, watches.c.post == post.value))
    await tx.add(watches, room_id=tx.room, post=post.value, person_id=person_id, shift_id=shift_id, since=now)


async def counts(tx: Tx, start: datetime, end: datetime) -> dict[str, int]:
    """Return how many shifts each person has in [start, end), by name."""
    rows = await tx.all(
        select(people.c.name, func.count().label("n"))
        .join(shifts, shifts.c.person_id == people.c.id)
        .where(
            shifts.c.room_id == tx.room,
            shifts.c.state == "planned",
            shifts.c.starts_at >= start,
            shifts.c.starts_at < end,
        )
        .group_by(people.c.name)
        .order_by(people.c.name)
    )
    return {str(r.name): int(r.n) for r in rows}

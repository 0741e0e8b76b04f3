"""Leave of people, by calendar days of the room."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select, update

from storage.database import Tx
from storage.schema import leaves, people


@dataclass(frozen=True)
class Leave:
    """A leave, first and last day included; its number is Q<id>."""

    id: int
    person_id: int
    name: str
    first: date
    last: date
    reason: str
    state: str


def _leaves(tx: Tx) -> Select[tuple[object, ...]]:
    return (
        select(leaves, people.c.name)
        .join(people, people.c.id == leaves.c.person_id)
        .where(leaves.c.room_id == tx.room)
        .order_by(leaves.c.first_day, leaves.c.id)
    )


async def _list(tx: Tx, statement: Select[tuple[object, ...]]) -> list[Leave]:
    return [
        Leave(
            r.id,
            r.person_id,
            r.name,
            date.fromisoformat(r.first_day),
            date.fromisoformat(r.last_day),
            r.reason,
            r.state,
        )
        for r in await tx.all(statement)
    ]


async def granted(tx: Tx, first: date, last: date) -> list[Leave]:
    """Return the granted leaves that touch [first, last], both included."""
    return await _list(
        tx,
        _leaves(tx).where(
            leaves.c.state == "granted",
            leaves.c.first_day <= last.isoformat(),
            leaves.c.last_day >= first.isoformat(),
        ),
    )


async def standing(tx: Tx, since: date) -> list[Leave]:
    """Return the leaves asked or granted that end on or after a day."""
    return await _list(
        tx,
        _leaves(tx).where(leaves.c.state.in_(("asked", "granted")), leaves.c.last_day >= since.isoformat()),
    )


async def by_id(tx: Tx, leave_id: int) -> Leave | None:
    """Return a leave."""
    found = await _list(tx, _leaves(tx).where(leaves.c.id == leave_id))
    return found[0] if found else None


async def add(
    tx: Tx, now: datetime, person_id: int, first: date, last: date, reason: str, *, state: str, by: int
) -> int:
    """Add a leave and return its number."""
    return await tx.add(
        leaves,
        room_id=tx.room,
        person_id=person_id,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        reason=reason,
        state=state,
        by_id=by,
        created_at=now,
    )


async def decide(tx: Tx, now: datetime, leave_id: int, before: tuple[str, ...], state: str, by: int) -> bool:
    """Return True if the leave was in one of the states `before` and is now in `state`."""
    where = (leaves.c.id == leave_id, leaves.c.state.in_(before))
    return await tx.run(update(leaves).where(*where).values(state=state, decided_by=by, decided_at=now)) == 1

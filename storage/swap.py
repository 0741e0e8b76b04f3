"""Swaps and covers of shifts, called by the shift's number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.swap import OPEN, Move, SwapState, after
from storage.database import Tx
from storage.schema import swaps


@dataclass(frozen=True)
class Swap:
    """A swap or cover of a shift; `by_id`: who made it, where that is not the person concerned."""

    id: int
    shift_id: int
    other_shift_id: int | None
    from_id: int
    to_id: int
    kind: str
    state: str
    reason: str
    by_id: int | None


_FIELDS = [swaps.c[name] for name in Swap.__dataclass_fields__]


async def of_shift(tx: Tx, shift_id: int) -> Swap | None:
    """Return the newest swap offered for a shift."""
    r = await tx.one(
        select(*_FIELDS).where(swaps.c.shift_id == shift_id).order_by(swaps.c.id.desc()).limit(1)
    )
    return Swap(**r._mapping) if r else None


async def touching(tx: Tx, shift_ids: Sequence[int]) -> list[Swap]:
    """Return the open swaps any of these shifts is part of, on either side."""
    where = (
        swaps.c.room_id == tx.room,
        swaps.c.state.in_([s.value for s in OPEN]),
        swaps.c.shift_id.in_(shift_ids) | swaps.c.other_shift_id.in_(shift_ids),
    )
    return [Swap(**r._mapping) for r in await tx.all(select(*_FIELDS).where(*where).order_by(swaps.c.id))]


async def of_person(tx: Tx, person: int) -> list[Swap]:
    """Return the open swaps a person asked for or is asked in."""
    where = (
        swaps.c.room_id == tx.room,
        swaps.c.state.in_([s.value for s in OPEN]),
        (swaps.c.from_id == person) | (swaps.c.to_id == person),
    )
    return [Swap(**r._mapping) for r in await tx.all(select(*_FIELDS).where(*where).order_by(swaps.c.id))]


async def add(
    tx: Tx,
    now: datetime,
    *,
    shift: int,
    other: int | None,
    from_id: int,
    to_id: int,
    kind: str,
    state: SwapState,
    reason: str,
    by: int | None = None,
) -> int:
    """Add a swap in its first state and return its key."""
    return await tx.add(
        swaps,
        room_id=tx.room,
        shift_id=shift,
        other_shift_id=other,
        from_id=from_id,
        to_id=to_id,
        kind=kind,
        state=state.value,
        reason=reason,
        created_at=now,
        by_id=by,
    )


async def move(tx: Tx, now: datetime, s: Swap, how: Move, by: int | None) -> SwapState | None:
    """Return the state after the move, None when the swap stood elsewhere and nothing changed."""
    state = after(s.state, how)
    if state is None:
        return None
    values = {"state": state.value, "decided_at": now, "decided_by": by}
    touched = await tx.run(update(swaps).where(swaps.c.id == s.id, swaps.c.state == s.state).values(**values))
    return state if touched else None


async def waiting(tx: Tx, person_id: int, *, decides: bool) -> list[int]:
    """Return the shifts whose swap waits for this person, or (decides) for a leader."""
    wanted = (swaps.c.state == "offered") & (swaps.c.to_id == person_id)
    if decides:
        wanted |= swaps.c.state.in_(("accepted", "effective"))
    rows = await tx.all(
        select(swaps.c.shift_id).where(swaps.c.room_id == tx.room, wanted).order_by(swaps.c.id)
    )
    return [r.shift_id for r in rows]


async def decided_since(tx: Tx, when: datetime) -> list[Swap]:
    """Return the swaps and covers that took effect since, oldest first, and those that wait for approval."""
    took = swaps.c.state.in_(("approved", "effective")) & (
        (swaps.c.decided_at >= when) | (swaps.c.created_at >= when)
    )
    waits = swaps.c.state == "accepted"
    rows = await tx.all(select(*_FIELDS).where(swaps.c.room_id == tx.room, took | waits).order_by(swaps.c.id))
    return [Swap(**r._mapping) for r in rows]

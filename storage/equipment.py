"""Equipment of the duty room: every check is a new row, the newest one of a piece is its state."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from storage.database import Tx
from storage.schema import equipment_checks, people


@dataclass(frozen=True)
class Check:
    """The newest check of a piece: its fault ("" for none), by whom and when."""

    item: str
    fault: str
    by: str
    at: datetime


async def newest(tx: Tx) -> dict[str, Check]:
    """Return the newest check of every piece that was ever checked."""
    last = (
        select(func.max(equipment_checks.c.id))
        .where(equipment_checks.c.room_id == tx.room)
        .group_by(equipment_checks.c.item)
    )
    rows = await tx.all(
        select(equipment_checks, people.c.name)
        .join(people, people.c.id == equipment_checks.c.by_id)
        .where(equipment_checks.c.id.in_(last))
        .order_by(equipment_checks.c.id)
    )
    return {r.item: Check(r.item, r.fault, r.name, r.at) for r in rows}


async def add(tx: Tx, now: datetime, item: str, fault: str, by: int) -> None:
    """Write a check."""
    await tx.add(equipment_checks, room_id=tx.room, item=item, fault=fault, by_id=by, at=now)

"""Handovers and their carried items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import Tx
from storage.schema import handover_items, handovers


@dataclass(frozen=True)
class Handover:
    """A handover: draft → signed_out → done, or forced; its number is H<id>."""

    id: int
    out_id: int
    in_id: int | None
    state: str
    sheet: dict[str, Any]
    notes: str
    opened_at: datetime
    signed_out_at: datetime | None
    signed_in_at: datetime | None


_FIELDS = [handovers.c[name] for name in Handover.__dataclass_fields__]


async def running(tx: Tx) -> Handover | None:
    """Return the handover that is not finished."""
    r = await tx.one(
        select(*_FIELDS)
        .where(handovers.c.room_id == tx.room, handovers.c.state.in_(("draft", "signed_out")))
        .order_by(handovers.c.id.desc())
    )
    return Handover(**r._mapping) if r else None


async def by_id(tx: Tx, handover_id: int) -> Handover | None:
    """Return a handover."""
    r = await tx.one(select(*_FIELDS).where(handovers.c.id == handover_id))
    return Handover(**r._mapping) if r else None


async def since(tx: Tx, when: datetime) -> list[Handover]:
    """Return the handovers opened since."""
    rows = await tx.all(
        select(*_FIELDS)
        .where(handovers.c.room_id == tx.room, handovers.c.opened_at >= when)
        .order_by(handovers.c.id)
    )
    return [Handover(**r._mapping) for r in rows]


async def open_draft(tx: Tx, now: datetime, out_id: int, in_id: int | None) -> int:
    """Open a handover and return its key."""
    return await tx.add(
        handovers,
        room_id=tx.room,
        out_id=out_id,
        in_id=in_id,
        state="draft",
        sheet={},
        notes="",
        opened_at=now,
    )


async def change(tx: Tx, handover_id: int, **values: object) -> None:
    """Move a handover along."""
    await tx.run(update(handovers).where(handovers.c.id == handover_id).values(**values))


async def add_item(tx: Tx, handover_id: int, subject: str, text: str) -> None:
    """Carry an item."""
    await tx.add(handover_items, handover_id=handover_id, subject=subject, text=text)


@dataclass(frozen=True)
class Item:
    """A carried item and what the incoming officer answered."""

    id: int
    subject: str
    text: str
    answer: str | None


async def items(tx: Tx, handover_id: int) -> list[Item]:
    """Return the carried items."""
    rows = await tx.all(
        select(handover_items)
        .where(handover_items.c.handover_id == handover_id)
        .order_by(handover_items.c.id)
    )
    return [Item(r.id, r.subject, r.text, r.answer) for r in rows]


async def answer_item(tx: Tx, now: datetime, item_id: int, answer: str) -> None:
    """The incoming officer answered an item."""
    await tx.run(
        update(handover_items).where(handover_items.c.id == item_id).values(answer=answer, answered_at=now)
    )


async def item_handover(tx: Tx, item_id: int) -> int | None:
    """Return the handover of an item."""
    found: int | None = await tx.value(
        select(handover_items.c.handover_id).where(handover_items.c.id == item_id)
    )
    return found

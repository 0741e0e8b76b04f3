"""Handovers and their carried items."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from domain.handover import Item as Carried
from storage import roster
from storage.database import Tx
from storage.roster import Watch
from storage.schema import handover_items, handovers
from storage.schema import next_actions as next_actions_


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
    forced_by: int | None
    forced_reason: str | None

    @property
    def at(self) -> datetime:
        """When the watch moved; until then when the sheet was opened."""
        return self.signed_in_at or self.opened_at


_FIELDS = [handovers.c[name] for name in Handover.__dataclass_fields__]


async def running(tx: Tx) -> Handover | None:
    """Return the handover that is not finished; one whose signer has been relieved otherwise since is void."""
    last = next(iter(await newest(tx, 1)), None)
    if last is None or last.state not in ("draft", "signed_out") or await relieved_by(tx, last):
        return None
    return last


async def relieved_by(tx: Tx, h: Handover) -> Watch | None:
    """Return who holds the watch where a signed sheet is void: it moved otherwise, or a newer sheet was opened."""
    watch = await roster.watch(tx) if h.state == "signed_out" else None
    if watch is None or (watch.person_id == h.out_id and h.id == (await newest(tx, 1))[0].id):
        return None
    return watch


async def by_id(tx: Tx, handover_id: int) -> Handover | None:
    """Return a handover."""
    r = await tx.one(select(*_FIELDS).where(handovers.c.id == handover_id))
    return Handover(**r._mapping) if r else None


async def moved_within(tx: Tx, start: datetime, end: datetime) -> list[Handover]:
    """Return the handovers in [start, end): by when the watch moved, an unfinished one by when it was opened."""
    at = func.coalesce(handovers.c.signed_in_at, handovers.c.opened_at)
    rows = await tx.all(
        select(*_FIELDS).where(handovers.c.room_id == tx.room, at >= start, at < end).order_by(handovers.c.id)
    )
    return [Handover(**r._mapping) for r in rows]


async def newest(tx: Tx, limit: int) -> list[Handover]:
    """Return the newest handovers, newest first."""
    rows = await tx.all(
        select(*_FIELDS).where(handovers.c.room_id == tx.room).order_by(handovers.c.id.desc()).limit(limit)
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


async def add_item(tx: Tx, handover_id: int, i: Carried, *, top: bool) -> None:
    """Carry an item; `top`: the incoming officer has to read it back."""
    await tx.add(
        handover_items,
        handover_id=handover_id,
        subject=i.subject,
        text=i.text,
        owner=i.owner,
        next_action=i.next_action,
        due_at=i.due_at,
        risk=i.risk,
        top=top,
    )


@dataclass(frozen=True)
class Item:
    """A carried item, what the incoming officer answered, and when they read it back."""

    id: int
    subject: str
    text: str
    answer: str | None
    owner: str
    next_action: str
    due_at: datetime | None
    risk: int
    top: bool
    read_back_at: datetime | None


async def items(tx: Tx, handover_id: int) -> list[Item]:
    """Return the carried items, in the order of the sheet."""
    fields = [handover_items.c[name] for name in Item.__dataclass_fields__]
    rows = await tx.all(
        select(*fields).where(handover_items.c.handover_id == handover_id).order_by(handover_items.c.id)
    )
    return [Item(**r._mapping) for r in rows]


async def read_back(tx: Tx, now: datetime, item_id: int) -> None:
    """The incoming officer named this item among the top risks."""
    await tx.run(
        update(handover_items)
        .where(handover_items.c.id == item_id, handover_items.c.read_back_at.is_(None))
        .values(read_back_at=now)
    )


async def next_actions(tx: Tx) -> dict[str, str]:
    """Return the officers' own words for what comes next, by event number."""
    rows = await tx.all(select(next_actions_).where(next_actions_.c.room_id == tx.room))
    return {r.subject: r.text for r in rows}


async def set_next_action(tx: Tx, now: datetime, subject: str, text: str, by: int) -> None:
    """Keep what comes next for an event, in place of what was said before."""
    where = (next_actions_.c.room_id == tx.room, next_actions_.c.subject == subject)
    await tx.run(delete(next_actions_).where(*where))
    await tx.add(next_actions_, room_id=tx.room, subject=subject, text=text, by_id=by, at=now)


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

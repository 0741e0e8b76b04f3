"""The inbox: an update is confirmed to Telegram only after it stands here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.database import Tx
from storage.schema import inbox


@dataclass(frozen=True)
class Pending:
    """An update to be handled: as it came, when it came, and what was fetched for it beforehand."""

    update_id: int
    raw: dict[str, Any]
    received_at: datetime
    prepared: dict[str, Any] | None


_ROWS = select(inbox.c.update_id, inbox.c.raw, inbox.c.received_at, inbox.c.prepared)
_KNOWN = select(inbox.c.update_id).where(inbox.c.update_id.in_(bindparam("ids", expanding=True)))
_PENDING = (
    _ROWS.where(inbox.c.done_at.is_(None), inbox.c.ready.is_(True))
    .order_by(inbox.c.update_id)
    .limit(bindparam("limit"))
)
_DONE = (
    update(inbox)
    .where(inbox.c.update_id.in_(bindparam("ids", expanding=True)))
    .values(done_at=bindparam("at"), error=bindparam("why"))
)


async def keep(tx: Tx, now: datetime, updates: Sequence[tuple[dict[str, Any], bool]]) -> int:
    """Store raw updates (with whether they are ready to be handled); those known are ignored."""
    ids = [raw["update_id"] for raw, _ in updates]
    known = set(await _known(tx, ids))
    new = [
        {"update_id": raw["update_id"], "raw": raw, "received_at": now, "ready": ready}
        for raw, ready in updates
        if raw["update_id"] not in known
    ]
    if new:
        await tx.run(inbox.insert(), new)
    return len(new)


async def _known(tx: Tx, ids: Sequence[int]) -> list[int]:
    return [r.update_id for r in await tx.all(_KNOWN, {"ids": list(ids)})]


async def pending(tx: Tx, limit: int) -> list[Pending]:
    """Return what is ready to be handled, in order."""
    rows = await tx.all(_PENDING, {"limit": limit})
    return [Pending(r.update_id, r.raw, r.received_at, r.prepared) for r in rows]


async def unprepared(tx: Tx) -> list[Pending]:
    """Return what still waits for its attachment."""
    rows = await tx.all(
        _ROWS.where(inbox.c.done_at.is_(None), inbox.c.ready.is_(False)).order_by(inbox.c.update_id)
    )
    return [Pending(r.update_id, r.raw, r.received_at, r.prepared) for r in rows]


async def prepare(tx: Tx, update_id: int, prepared: dict[str, Any]) -> None:
    """The attachment stands on disk: the update may be handled."""
    await tx.run(update(inbox).where(inbox.c.update_id == update_id).values(ready=True, prepared=prepared))


async def done(tx: Tx, now: datetime, update_ids: Sequence[int], error: str | None = None) -> None:
    """The updates were handled, or set aside with their traceback."""
    await tx.run(_DONE, {"ids": list(update_ids), "at": now, "why": error})


async def put_words(tx: Tx, update_id: int, words: str) -> None:
    """Put words in the place of a message's own, which are not to be kept."""
    raw = await tx.value(select(inbox.c.raw).where(inbox.c.update_id == update_id))
    if raw is not None:
        message = {**raw["message"], "text": words, "entities": []}
        await tx.run(
            update(inbox).where(inbox.c.update_id == update_id).values(raw={**raw, "message": message})
        )


async def next_offset(tx: Tx) -> int:
    """Return the offset to ask Telegram for: one past the newest kept."""
    return int(await tx.value(select(func.max(inbox.c.update_id))) or 0) + 1


async def set_aside(tx: Tx) -> int:
    """Return how many updates failed."""
    return int(await tx.value(select(func.count()).where(inbox.c.error.is_not(None))) or 0)


async def unhandled(tx: Tx) -> tuple[int, datetime | None]:
    """Return how many updates wait to be handled, and since when the oldest does."""
    row = await tx.one(
        select(func.count().label("n"), func.min(inbox.c.received_at).label("oldest")).where(
            inbox.c.done_at.is_(None)
        )
    )
    return (row.n, row.oldest) if row else (0, None)

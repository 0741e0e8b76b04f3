"""Bulletins: the issued text, verbatim, with what was read of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from storage.database import Tx
from storage.schema import bulletins


@dataclass(frozen=True)
class Bulletin:
    """A bulletin; its number is W<id>. Three times are kept apart: issued, system, received."""

    id: int
    raw: str
    reading: dict[str, Any]
    issuer: str | None
    hazard: str | None
    colour: str | None
    action: str
    issued_at: datetime | None
    received_at: datetime
    state: str
    drill: bool
    predecessor_id: int | None
    by_id: int
    dispatched_at: datetime | None
    ended_at: datetime | None

    @property
    def number(self) -> str:
        """W12."""
        return f"W{self.id}"


_FIELDS = [bulletins.c[name] for name in Bulletin.__dataclass_fields__]


async def add(tx: Tx, **values: object) -> int:
    """Keep a bulletin as a draft and return its key."""
    return await tx.add(bulletins, room_id=tx.room, state="draft", **values)


async def by_id(tx: Tx, bulletin_id: int) -> Bulletin | None:
    """Return a bulletin."""
    r = await tx.one(select(*_FIELDS).where(bulletins.c.id == bulletin_id))
    return Bulletin(**r._mapping) if r else None


async def live(tx: Tx) -> list[Bulletin]:
    """Return the bulletins whose cascade runs, newest first."""
    return await _where(tx, bulletins.c.state == "live")


async def drafts(tx: Tx) -> list[Bulletin]:
    """Return the bulletins that wait for dispatch, newest first."""
    return await _where(tx, bulletins.c.state == "draft")


async def recent(tx: Tx, since: datetime) -> list[Bulletin]:
    """Return the dispatched bulletins received since, newest first."""
    return await _where(tx, bulletins.c.dispatched_at.is_not(None) & (bulletins.c.received_at >= since))


async def _where(tx: Tx, condition: Any) -> list[Bulletin]:  # noqa: ANN401 - SQLAlchemy's condition
    rows = await tx.all(
        select(*_FIELDS).where(bulletins.c.room_id == tx.room, condition).order_by(bulletins.c.id.desc())
    )
    return [Bulletin(**r._mapping) for r in rows]


async def predecessor(
    tx: Tx, hazard: str | None, issuer: str | None, before: int | None = None
) -> Bulletin | None:
    """Return the newest live bulletin of the same hazard and issuer (product.md §6, chain).

    An issuer that could not be read fits any; `before`: only bulletins other than this one.
    """
    if hazard is None:
        return None
    found = await _where(
        tx,
        (bulletins.c.state == "live") & (bulletins.c.hazard == hazard) & (bulletins.c.action != "cancel"),
    )
    return next(
        (b for b in found if b.id != before and (b.issuer == issuer or not issuer or not b.issuer)), None
    )


async def follow(tx: Tx, bulletin_id: int, predecessor_id: int) -> None:
    """Note which bulletin this one succeeds."""
    await tx.run(update(bulletins).where(bulletins.c.id == bulletin_id).values(predecessor_id=predecessor_id))


async def move(tx: Tx, bulletin_id: int, from_state: str, to_state: str, **values: object) -> bool:
    """Return True if the bulletin stood in `from_state` and now stands in `to_state`."""
    return (
        await tx.run(
            update(bulletins)
            .where(bulletins.c.id == bulletin_id, bulletins.c.state == from_state)
            .values(state=to_state, **values)
        )
        == 1
    )

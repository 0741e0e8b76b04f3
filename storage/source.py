"""Sources that may hand in bulletins by HTTP, by the hash of their token."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Tx
from storage.schema import bulletin_sources, bulletins


@dataclass(frozen=True)
class Source:
    """A source: its name, since when it has been ended (None: in force), when it last handed something in."""

    id: int
    name: str
    revoked_at: datetime | None
    last_at: datetime | None


_FIELDS = [bulletin_sources.c[name] for name in Source.__dataclass_fields__]


async def put(tx: Tx, now: datetime, name: str, token_hash: str, by: int) -> bool:
    """Give a source a token, ending an older one; return True if one was in force."""
    known = next((s for s in await every(tx) if s.name == name), None)
    values = {"token_hash": token_hash, "by_id": by, "created_at": now, "revoked_at": None}
    if known is None:
        await tx.add(bulletin_sources, room_id=tx.room, name=name, **values)
        return False
    await tx.run(update(bulletin_sources).where(bulletin_sources.c.id == known.id).values(**values))
    return known.revoked_at is None


async def end(tx: Tx, now: datetime, name: str) -> bool:
    """Return True if a source of this name was in force; it is no longer."""
    return bool(
        await tx.run(
            update(bulletin_sources)
            .where(
                bulletin_sources.c.room_id == tx.room,
                bulletin_sources.c.name == name,
                bulletin_sources.c.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
    )


async def every(tx: Tx) -> list[Source]:
    """Return all sources, those in force first."""
    rows = await tx.all(
        select(*_FIELDS)
        .where(bulletin_sources.c.room_id == tx.room)
        .order_by(bulletin_sources.c.revoked_at.is_not(None), bulletin_sources.c.name)
    )
    return [Source(**r._mapping) for r in rows]


async def by_hash(tx: Tx, token_hash: str) -> Source | None:
    """Return the source in force of a token's hash."""
    r = await tx.one(
        select(*_FIELDS).where(
            bulletin_sources.c.token_hash == token_hash,
            bulletin_sources.c.room_id == tx.room,
            bulletin_sources.c.revoked_at.is_(None),
        )
    )
    return Source(**r._mapping) if r else None


async def used(tx: Tx, now: datetime, source_id: int) -> None:
    """Note when a source last handed something in."""
    await tx.run(update(bulletin_sources).where(bulletin_sources.c.id == source_id).values(last_at=now))


@dataclass(frozen=True)
class Came:
    """A bulletin that came from a source."""

    number: str
    colour: str | None
    state: str
    received_at: datetime


async def came(tx: Tx, name: str, since: datetime) -> list[Came]:
    """Return what has come from a source since, oldest first."""
    rows = await tx.all(
        select(bulletins.c.id, bulletins.c.colour, bulletins.c.state, bulletins.c.received_at)
        .where(
            bulletins.c.room_id == tx.room,
            bulletins.c.source == name,
            bulletins.c.by_id.is_(None),
            bulletins.c.received_at > since,
        )
        .order_by(bulletins.c.id)
    )
    return [Came(f"W{r.id}", r.colour, r.state, r.received_at) for r in rows]

"""Links of calendar feeds, by the hash of their token."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Tx
from storage.schema import feeds, people


@dataclass(frozen=True)
class Feed:
    """A link in force: whose shifts (None: the whole room's), who made it, when it was last read."""

    id: int
    person_id: int | None
    by_id: int
    read_at: datetime | None


async def add(tx: Tx, now: datetime, person_id: int | None, by_id: int, token_hash: str) -> None:
    """Put a link in force."""
    await tx.add(
        feeds, room_id=tx.room, person_id=person_id, by_id=by_id, token_hash=token_hash, created_at=now
    )


async def end(tx: Tx, now: datetime, by_id: int, *, whole: bool | None = None) -> int:
    """End the links a person made: the room's, their own, or both (None); return how many."""
    which = [feeds.c.room_id == tx.room, feeds.c.by_id == by_id, feeds.c.revoked_at.is_(None)]
    if whole is not None:
        which.append(feeds.c.person_id.is_(None) if whole else feeds.c.person_id.is_not(None))
    return await tx.run(update(feeds).where(*which).values(revoked_at=now))


async def by_hash(tx: Tx, token_hash: str) -> Feed | None:
    """Return the link of a token's hash while it is in force and who made it is active."""
    r = await tx.one(
        select(feeds.c.id, feeds.c.person_id, feeds.c.by_id, feeds.c.read_at)
        .join(people, people.c.id == feeds.c.by_id)
        .where(
            feeds.c.token_hash == token_hash,
            feeds.c.room_id == tx.room,
            feeds.c.revoked_at.is_(None),
            people.c.active.is_(True),
        )
    )
    return Feed(r.id, r.person_id, r.by_id, r.read_at) if r else None


async def read(tx: Tx, now: datetime, feed_id: int) -> None:
    """Note when a link was read."""
    await tx.run(update(feeds).where(feeds.c.id == feed_id).values(read_at=now))

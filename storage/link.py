"""Personal links to a bulletin's page, by the hash of their token."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from storage.database import Tx
from storage.schema import ack_links, people


@dataclass(frozen=True)
class Link:
    """A link of an active person to a bulletin."""

    id: int
    bulletin_id: int
    person_id: int
    created_at: datetime


async def add(tx: Tx, now: datetime, bulletin_id: int, person_id: int, token_hash: str) -> None:
    """Put a link in force."""
    await tx.add(
        ack_links, bulletin_id=bulletin_id, person_id=person_id, token_hash=token_hash, created_at=now
    )


async def by_hash(tx: Tx, token_hash: str) -> Link | None:
    """Return the link of a token's hash while its person is active."""
    r = await tx.one(
        select(ack_links.c.id, ack_links.c.bulletin_id, ack_links.c.person_id, ack_links.c.created_at)
        .join(people, people.c.id == ack_links.c.person_id)
        .where(ack_links.c.token_hash == token_hash, people.c.room_id == tx.room, people.c.active.is_(True))
    )
    return Link(**r._mapping) if r else None


async def used(tx: Tx, now: datetime, link_id: int) -> None:
    """Note the first answer through a link; the mere reading is noted nowhere, for previews read links too."""
    await tx.run(
        update(ack_links)
        .where(ack_links.c.id == link_id, ack_links.c.opened_at.is_(None))
        .values(opened_at=now)
    )

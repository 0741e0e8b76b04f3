"""What was found wrong with the roster ahead: opened once, told once, closed when it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.roster import Post
from domain.roster_check import Finding, Wrong
from storage.database import Tx
from storage.schema import findings


@dataclass(frozen=True)
class Open:
    """A finding that stands."""

    id: int
    finding: Finding
    told_at: datetime | None


async def standing(tx: Tx) -> list[Open]:
    """Return the findings not closed."""
    rows = await tx.all(
        select(findings)
        .where(findings.c.room_id == tx.room, findings.c.closed_at.is_(None))
        .order_by(findings.c.starts_at, findings.c.id)
    )
    return [
        Open(
            r.id,
            Finding(Wrong(r.kind), Post(r.post), r.person_id, r.starts_at, r.ends_at, r.missing),
            r.told_at,
        )
        for r in rows
    ]


async def add(tx: Tx, now: datetime, found: Iterable[Finding], *, told: bool) -> None:
    """Open findings; `told`: somebody hears of them in this unit of work."""
    for one in found:
        await tx.add(
            findings,
            room_id=tx.room,
            kind=one.kind.value,
            post=one.post.value,
            person_id=one.person_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            missing=one.missing,
            opened_at=now,
            told_at=now if told else None,
        )


async def close(tx: Tx, now: datetime, ids: Iterable[int]) -> None:
    """Close what is mended or past."""
    await tx.run(update(findings).where(findings.c.id.in_(list(ids))).values(closed_at=now))

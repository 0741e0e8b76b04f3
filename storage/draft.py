"""Drafts: nothing a person typed is lost; a text that cannot be used at once waits here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.database import Tx
from storage.schema import drafts

ANSWERED_WITHIN = timedelta(minutes=5)
"""So long a plain message may be the answer to a question."""


@dataclass(frozen=True)
class Draft:
    """A kept text; its number is D<id>."""

    id: int
    person_id: int
    kind: str
    text: str
    data: dict[str, Any] | None
    created_at: datetime
    used_at: datetime | None


_BY_ID = select(drafts).where(drafts.c.id == bindparam("key"))
_OF_KIND = (
    select(drafts).where(drafts.c.kind == bindparam("kind"), drafts.c.used_at.is_(None)).order_by(drafts.c.id)
)
_NEWEST = (
    _OF_KIND.where(drafts.c.person_id == bindparam("person")).order_by(None).order_by(drafts.c.id.desc())
)


async def keep(
    tx: Tx, now: datetime, person_id: int, kind: str, text: str, data: dict[str, Any] | None = None
) -> int:
    """Keep a text and return its key."""
    return await tx.add(drafts, person_id=person_id, kind=kind, text=text, data=data, created_at=now)


async def by_id(tx: Tx, draft_id: int) -> Draft | None:
    """Return a draft."""
    r = await tx.one(_BY_ID, {"key": draft_id})
    return Draft(**r._mapping) if r else None


async def newest(tx: Tx, person_id: int, kind: str) -> Draft | None:
    """Return the person's newest unused draft of a kind."""
    r = await tx.one(_NEWEST, {"person": person_id, "kind": kind})
    return Draft(**r._mapping) if r else None


async def asked(tx: Tx, now: datetime, person_id: int, kind: str) -> str:
    """Return what a person was asked about last by a question of this kind, "" once it is answered or long ago."""
    last = await newest(tx, person_id, kind)
    return last.text if last is not None and now - last.created_at <= ANSWERED_WITHIN else ""


async def use(tx: Tx, now: datetime, draft_id: int) -> bool:
    """Return True if the draft was ours to use."""
    return (
        await tx.run(
            update(drafts).where(drafts.c.id == draft_id, drafts.c.used_at.is_(None)).values(used_at=now)
        )
        == 1
    )


async def mark_cancelled(tx: Tx, draft_id: int) -> None:
    """The person put the draft away instead of using it."""
    found = await by_id(tx, draft_id)
    data = {**((found.data if found else None) or {}), "cancelled": True}
    await tx.run(update(drafts).where(drafts.c.id == draft_id).values(data=data))


async def waiting(tx: Tx, person_id: int, kind_prefix: str) -> list[int]:
    """Return the person's unused drafts of these kinds, newest first."""
    rows = await tx.all(
        select(drafts.c.id)
        .where(
            drafts.c.person_id == person_id, drafts.c.kind.startswith(kind_prefix), drafts.c.used_at.is_(None)
        )
        .order_by(drafts.c.id.desc())
        .limit(8)
    )
    return [r.id for r in rows]


async def of_kind(tx: Tx, kind: str) -> list[Draft]:
    """Return everybody's unused drafts of a kind, oldest first."""
    rows = await tx.all(_OF_KIND, {"kind": kind})
    return [Draft(**r._mapping) for r in rows]


async def change(tx: Tx, draft_id: int, data: dict[str, Any]) -> None:
    """Write what became of a draft that is still being made."""
    await tx.run(update(drafts).where(drafts.c.id == draft_id).values(data=data))

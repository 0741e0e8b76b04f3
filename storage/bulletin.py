"""Bulletins: the issued text, verbatim, with what was read of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, or_, select, update

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
    system_at: datetime | None
    received_at: datetime
    state: str
    drill: bool
    predecessor_id: int | None
    joined_id: int | None
    identifier: str | None
    refs: list[str]
    expires_at: datetime | None
    source: str
    advice: str
    scope: list[str]
    by_id: int | None
    dispatched_at: datetime | None
    ended_at: datetime | None

    @property
    def number(self) -> str:
        """W12."""
        return f"W{self.id}"


_FIELDS = [bulletins.c[name] for name in Bulletin.__dataclass_fields__]
_BY_ID = select(*_FIELDS).where(bulletins.c.id == bindparam("key"))
_NEWEST_FIRST = (
    select(*_FIELDS).where(bulletins.c.room_id == bindparam("room")).order_by(bulletins.c.id.desc())
)
_JOINED = _NEWEST_FIRST.where(bulletins.c.joined_id == bindparam("bulletin"))
_IN_STATE = _NEWEST_FIRST.where(bulletins.c.state == bindparam("state"))


async def add(tx: Tx, **values: object) -> int:
    """Keep a bulletin as a draft and return its key."""
    return await tx.add(bulletins, room_id=tx.room, state="draft", **values)


async def by_id(tx: Tx, bulletin_id: int) -> Bulletin | None:
    """Return a bulletin."""
    r = await tx.one(_BY_ID, {"key": bulletin_id})
    return Bulletin(**r._mapping) if r else None


async def live(tx: Tx) -> list[Bulletin]:
    """Return the bulletins whose cascade runs, newest first."""
    return await _list(tx, _IN_STATE, state="live")


async def drafts(tx: Tx) -> list[Bulletin]:
    """Return the bulletins that wait for dispatch, newest first."""
    return await _list(tx, _IN_STATE, state="draft")


async def recent(tx: Tx, since: datetime) -> list[Bulletin]:
    """Return the dispatched bulletins received since, newest first."""
    dispatched = bulletins.c.dispatched_at.is_not(None) & (bulletins.c.received_at >= since)
    return await _list(tx, _NEWEST_FIRST.where(dispatched))


async def _list(tx: Tx, statement: Select[Any], **values: object) -> list[Bulletin]:
    rows = await tx.all(statement, {"room": tx.room, **values})
    return [Bulletin(**r._mapping) for r in rows]


@dataclass(frozen=True)
class Heard:
    """What a bulletin just read is known by: its own id, what it refers to, and what it says."""

    raw: str
    identifier: str | None
    refs: tuple[str, ...]
    issuer: str | None
    hazard: str | None
    colour: str | None
    from_colour: str | None
    action: str
    issued_at: datetime | None
    drill: bool

    @property
    def goes_on_from(self) -> str | None:
        """Return the colour of what it goes on from, as it says itself."""
        return (
            None
            if self.action == "new"
            else self.from_colour or (None if self.action in ("upgrade", "downgrade") else self.colour)
        )


RECENT = timedelta(hours=48)
"""Warnings rarely last longer (domain.md §3.6, [S87]): what is older is no predecessor and no duplicate."""


async def same(tx: Tx, now: datetime, heard: Heard) -> Bulletin | None:
    """Return the bulletin that came in before by this or another way: same id, same text, or same statement."""
    b = bulletins.c
    alike = [b.raw == heard.raw]
    if heard.identifier:
        alike.append(b.identifier == heard.identifier)
    if heard.issuer and heard.hazard and heard.colour and heard.issued_at:
        said = (b.issuer == heard.issuer, b.colour == heard.colour, b.issued_at == heard.issued_at)
        alike.append(and_(*said))
    where = (
        or_(*alike),
        b.hazard.is_not_distinct_from(heard.hazard),
        b.action == heard.action,
        b.drill.is_(heard.drill),
        b.state != "discarded",
        b.received_at >= now - RECENT,
    )
    found = await _list(tx, _NEWEST_FIRST.where(*where))
    return found[0] if found else None


def heard_of(b: Bulletin) -> Heard:
    """Return what a bulletin is known by."""
    said = b.reading.get("from_colour")
    return Heard(
        b.raw, b.identifier, tuple(b.refs), b.issuer, b.hazard, b.colour, said, b.action, b.issued_at, b.drill
    )


async def predecessors(
    tx: Tx, now: datetime, heard: Heard, *, states: Sequence[str] = ("live",), before: int | None = None
) -> list[Bulletin]:
    """Return what this one may go on from, the likeliest first.

    Those it refers to by id; else those of its hazard and issuer, of the colour it names before others, the newest
    first. An issuer that could not be read fits any; a cancel is nobody's predecessor; `before`: never itself.
    """
    chain = [b for b in await _chain(tx, now, heard) if b.state in states and b.id != before]
    chain = [b for b in chain if b.action != "cancel"]
    named = [b for b in chain if b.identifier in heard.refs] if heard.refs else []
    same = [b for b in chain if _fits(b.issuer, heard.issuer) and b not in named]
    return [*named, *sorted(same, key=lambda b: heard.goes_on_from not in (None, b.colour))]


async def predecessor(
    tx: Tx, now: datetime, heard: Heard, *, states: Sequence[str] = ("live",), before: int | None = None
) -> Bulletin | None:
    """Return the likeliest predecessor."""
    found = await predecessors(tx, now, heard, states=states, before=before)
    return found[0] if found else None


async def later(tx: Tx, now: datetime, b: Bulletin) -> Bulletin | None:
    """Return a bulletin of the same hazard and issuer that was issued after this one: this one may be outdated."""
    issued = b.issued_at
    if issued is None or b.hazard is None:
        return None
    found = [o for o in await _chain(tx, now, heard_of(b)) if o.id != b.id and _fits(o.issuer, b.issuer)]
    return next((o for o in found if o.issued_at and o.issued_at > issued and o.state != "discarded"), None)


async def lifts_before(tx: Tx, now: datetime, b: Bulletin) -> list[Bulletin]:
    """Return the live cancels of the same hazard and issuer that were issued before this one; a cancel has none."""
    if b.action == "cancel":
        return []
    found = await _chain(tx, now, heard_of(b))
    lifts = [o for o in found if o.action == "cancel" and o.state == "live" and _fits(o.issuer, b.issuer)]
    return [o for o in lifts if not (o.issued_at and b.issued_at and o.issued_at > b.issued_at)]


async def of_others(tx: Tx, now: datetime, b: Bulletin) -> Bulletin | None:
    """Return a live bulletin of the same hazard from another issuer: perhaps the same event (district and city)."""
    if b.hazard is None or b.issuer is None:
        return None
    found = [o for o in await _chain(tx, now, heard_of(b)) if o.state == "live" and o.action != "cancel"]
    return next((o for o in found if o.id != b.id and o.issuer and o.issuer != b.issuer), None)


async def drafts_like(tx: Tx, b: Bulletin) -> list[Bulletin]:
    """Return the other drafts of this hazard: what their cards ask may have changed."""
    return [o for o in await drafts(tx) if o.hazard == b.hazard and o.id != b.id]


async def joined(tx: Tx, bulletin_id: int) -> list[Bulletin]:
    """Return the bulletins an officer put under this one as the same event, oldest first."""
    return list(reversed(await _list(tx, _JOINED, bulletin=bulletin_id)))


async def _chain(tx: Tx, now: datetime, heard: Heard) -> list[Bulletin]:
    """Return the recent bulletins of this hazard, or referred to by id, newest issue first."""
    within = bulletins.c.hazard == heard.hazard if heard.hazard else false()
    if heard.refs:
        within = or_(within, bulletins.c.identifier.in_(heard.refs))
    of_kind = bulletins.c.drill.is_(heard.drill)  # an exercise and a real warning never touch each other
    found = await _list(tx, _NEWEST_FIRST.where(within, of_kind, bulletins.c.received_at >= now - RECENT))
    return sorted(found, key=lambda b: (b.issued_at or b.received_at, b.id), reverse=True)


def _fits(one: str | None, other: str | None) -> bool:
    return one == other or not one or not other


async def change(tx: Tx, bulletin_id: int, **values: object) -> None:
    """Write what an officer put right, added or picked in a bulletin; its text is never touched."""
    await tx.run(update(bulletins).where(bulletins.c.id == bulletin_id).values(**values))


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

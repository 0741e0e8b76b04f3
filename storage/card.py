"""Cards: one message per event and chat, edited in place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Update, bindparam, delete, insert, select, update

from storage.database import Loop, Tx
from storage.schema import cards


@dataclass(frozen=True)
class Card:
    """A message that shows an event: where it is and what it showed last."""

    id: int
    kind: str
    subject: str
    person_id: int | None
    chat_id: int
    message_id: int
    shown: str
    parts: int


def _card(row: object) -> Card:
    m = row._mapping  # type: ignore[attr-defined]  # SQLAlchemy's row
    return Card(**{name: m[name] for name in Card.__dataclass_fields__})


@dataclass(frozen=True)
class Placed:
    """A message that has become the card of an event in a chat."""

    kind: str
    subject: str
    person_id: int | None
    chat_id: int
    message_id: int
    shown: str
    parts: int = 1

    @property
    def name(self) -> tuple[str, str, int]:
        """What there is one card of."""
        return self.kind, self.subject, self.chat_id


_THERE = select(cards.c.id, cards.c.kind, cards.c.subject, cards.c.chat_id, cards.c.message_id).where(
    cards.c.kind.in_(bindparam("kinds", expanding=True)),
    cards.c.subject.in_(bindparam("subjects", expanding=True)),
    cards.c.chat_id.in_(bindparam("chats", expanding=True)),
)
_PLACED = insert(cards)


async def place(tx: Tx, now: datetime, placed: Sequence[Placed]) -> dict[Placed, int]:
    """Remember the messages that are their events' cards; return the older ones they take the place of."""
    if not placed:
        return {}
    rows = await tx.all(
        _THERE,
        {
            "kinds": list({p.kind for p in placed}),
            "subjects": list({p.subject for p in placed}),
            "chats": list({p.chat_id for p in placed}),
        },
    )
    there = {(r.kind, r.subject, r.chat_id): r for r in rows}
    older = {p: there[p.name] for p in placed if p.name in there}
    if older:
        await tx.run(delete(cards).where(cards.c.id.in_([r.id for r in older.values()])))
    await tx.run(_PLACED, [{**vars(p), "edited_at": now} for p in placed])
    return {p: int(r.message_id) for p, r in older.items()}


async def touch(
    tx: Tx, now: datetime, subject: str, kinds: Sequence[str] = (), *, people: Collection[int] | None = None
) -> None:
    """Mark the cards of an event (of these kinds, of these people) as out of date."""
    values = {"of": subject, "kinds": list(kinds), "people": list(people or ()), "at": now}
    if await tx.run(_touched(some_kinds=bool(kinds), some_people=people is not None), values):
        tx.wake_at(now, Loop.CHAT)


@cache
def _touched(*, some_kinds: bool, some_people: bool) -> Update:
    statement = update(cards).where(cards.c.subject == bindparam("of"), cards.c.dirty_at.is_(None))
    if some_kinds:
        statement = statement.where(cards.c.kind.in_(bindparam("kinds", expanding=True)))
    if some_people:
        statement = statement.where(cards.c.person_id.in_(bindparam("people", expanding=True)))
    return statement.values(dirty_at=bindparam("at"))


_STALE = (
    select(cards)
    .where(cards.c.dirty_at.is_not(None), cards.c.edited_at <= bindparam("before"))
    .order_by(cards.c.kind.in_(bindparam("last", expanding=True)), cards.c.dirty_at, cards.c.id)
    .limit(bindparam("limit"))
)


async def stale(tx: Tx, now: datetime, gap: timedelta, limit: int, last: Collection[str] = ()) -> list[Card]:
    """Return the cards to edit now: out of date and last edited at least `gap` ago, oldest first.

    `last`: kinds that come after all others.
    """
    rows = await tx.all(_STALE, {"before": now - gap, "last": list(last), "limit": limit})
    return [_card(row) for row in rows]


_FRESH = (
    update(cards)
    .where(cards.c.id == bindparam("card"))
    .values(shown=bindparam("now"), edited_at=bindparam("at"))
)


async def fresh(tx: Tx, now: datetime, shown: Mapping[int, str]) -> None:
    """These cards show the present state."""
    if shown:
        await tx.run(_FRESH, [{"card": card, "now": what, "at": now} for card, what in shown.items()])


async def bring_forward(tx: Tx, now: datetime) -> None:
    """Let cards be edited again: the clock by which they were edited last was set back."""
    await tx.run(update(cards).where(cards.c.edited_at > now).values(edited_at=now))


_CLEAN = update(cards).where(cards.c.id.in_(bindparam("ids", expanding=True))).values(dirty_at=None)


async def clean(tx: Tx, card_ids: Sequence[int]) -> None:
    """Take the mark off before rendering, so that a change meanwhile marks it anew."""
    if card_ids:
        await tx.run(_CLEAN, {"ids": list(card_ids)})


async def dirty_again(tx: Tx, now: datetime, card_id: int, until: datetime) -> None:
    """The edit did not arrive: try again, not before `until`."""
    await tx.run(update(cards).where(cards.c.id == card_id).values(dirty_at=now, edited_at=until))
    tx.wake_at(until, Loop.CHAT)


async def rest(tx: Tx, until: datetime) -> None:
    """Put off the edits of cards last edited before then, as if they had been edited at that moment."""
    await tx.run(
        update(cards).where(cards.c.dirty_at.is_not(None), cards.c.edited_at < until).values(edited_at=until)
    )


async def forget(tx: Tx, card_id: int) -> None:
    """The message is gone."""
    await tx.run(delete(cards).where(cards.c.id == card_id))


async def find(tx: Tx, kind: str, subject: str, chat: int) -> Card | None:
    """Return the event's card in this chat."""
    row = await tx.one(
        select(cards).where(cards.c.kind == kind, cards.c.subject == subject, cards.c.chat_id == chat)
    )
    return _card(row) if row else None

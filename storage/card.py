"""Cards: one message per event and chat, edited in place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from storage.database import Tx
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


def _card(row: object) -> Card:
    m = row._mapping  # type: ignore[attr-defined]  # SQLAlchemy's row
    return Card(m["id"], m["kind"], m["subject"], m["person_id"], m["chat_id"], m["message_id"], m["shown"])


async def place(
    tx: Tx, now: datetime, kind: str, subject: str, person: int | None, chat: int, message: int, shown: str
) -> int | None:
    """Remember the message that is the event's card in this chat; return the older one it takes the place of."""
    where = (cards.c.kind == kind, cards.c.subject == subject, cards.c.chat_id == chat)
    older: int | None = await tx.value(select(cards.c.message_id).where(*where))
    await tx.run(delete(cards).where(*where))
    await tx.add(
        cards,
        kind=kind,
        subject=subject,
        person_id=person,
        chat_id=chat,
        message_id=message,
        shown=shown,
        edited_at=now,
    )
    return older


async def touch(
    tx: Tx, now: datetime, subject: str, kinds: Sequence[str] = (), *, person: int | None = None
) -> None:
    """Mark the cards of an event (of these kinds, of this person) as out of date."""
    statement = update(cards).where(cards.c.subject == subject, cards.c.dirty_at.is_(None))
    if kinds:
        statement = statement.where(cards.c.kind.in_(kinds))
    if person is not None:
        statement = statement.where(cards.c.person_id == person)
    if await tx.run(statement.values(dirty_at=now)):
        tx.wake_at(now)


async def stale(tx: Tx, now: datetime, gap: timedelta, limit: int) -> list[Card]:
    """Return the cards to edit now: out of date and last edited at least `gap` ago, oldest first."""
    rows = await tx.all(
        select(cards)
        .where(cards.c.dirty_at.is_not(None), cards.c.edited_at <= now - gap)
        .order_by(cards.c.dirty_at, cards.c.id)
        .limit(limit)
    )
    return [_card(row) for row in rows]


async def fresh(tx: Tx, now: datetime, card_id: int, shown: str) -> None:
    """The card shows the present state."""
    await tx.run(update(cards).where(cards.c.id == card_id).values(shown=shown, edited_at=now))


async def clean(tx: Tx, card_id: int) -> None:
    """Take the mark off before rendering, so that a change meanwhile marks it anew."""
    await tx.run(update(cards).where(cards.c.id == card_id).values(dirty_at=None))


async def dirty_again(tx: Tx, now: datetime, card_id: int, until: datetime) -> None:
    """The edit did not arrive: try again, not before `until`."""
    await tx.run(update(cards).where(cards.c.id == card_id).values(dirty_at=now, edited_at=until))
    tx.wake_at(until)


async def forget(tx: Tx, card_id: int) -> None:
    """The message is gone."""
    await tx.run(delete(cards).where(cards.c.id == card_id))


async def find(tx: Tx, kind: str, subject: str, chat: int) -> Card | None:
    """Return the event's card in this chat."""
    row = await tx.one(
        select(cards).where(cards.c.kind == kind, cards.c.subject == subject, cards.c.chat_id == chat)
    )
    return _card(row) if row else None


async def next_edit(tx: Tx, gap: timedelta) -> datetime | None:
    """Return when the next card may be edited."""
    oldest: datetime | None = await tx.value(
        select(cards.c.edited_at).where(cards.c.dirty_at.is_not(None)).order_by(cards.c.edited_at).limit(1)
    )
    return None if oldest is None else oldest + gap

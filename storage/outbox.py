"""The outbox: what is to be said, claimed, sent and marked, at least once and never silently twice."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select, tuple_, update

from domain.notice import Notice, Priority
from storage.database import Loop, Tx
from storage.schema import cards, outbox, people

PROMPT = timedelta(minutes=1)
"""What waited less to be sent comes in time."""


@dataclass(frozen=True)
class Sending:
    """A claimed row with the chat it goes to now (None: the person has no bound account)."""

    id: int
    kind: str
    subject: str
    data: dict[str, Any]
    person_id: int | None
    chat_id: int | None
    priority: int
    attempts: int
    repeated: bool
    created_at: datetime

    def told_at(self, now: datetime) -> dict[str, Any]:
        """Return what is to be said, with the minutes it has waited where it says how late it comes."""
        waited = now - self.created_at
        if not Notice.registry[self.kind].timely or waited < PROMPT:
            return self.data
        late = (self.data.get("late_minutes") or 0) + int(waited.total_seconds() // 60)
        return self.data | {"late_minutes": late}


async def say(
    tx: Tx,
    now: datetime,
    notice: Notice,
    *,
    person: int | None = None,
    chat: int | None = None,
    subject: str = "",
    key: str | None = None,
    priority: Priority | None = None,
) -> bool:
    """Promise a notice to a person or chat in this unit; False when the same key was promised before."""
    data = notice.model_dump(mode="json")
    return await say_live(
        tx, now, type(notice), subject, person=person, chat=chat, key=key, priority=priority, data=data
    )


async def say_live(
    tx: Tx,
    now: datetime,
    notice: type[Notice],
    subject: str,
    *,
    person: int | None = None,
    chat: int | None = None,
    key: str | None = None,
    priority: Priority | None = None,
    data: dict[str, Any],
) -> bool:
    """Promise a notice that is built from the present state when it goes out."""
    if key is not None and await promised(tx, key):
        return False
    await tx.add(
        outbox,
        key=key,
        kind=notice.kind(),
        subject=subject,
        data=data,
        person_id=person,
        chat_id=chat,
        priority=int(notice.priority if priority is None else priority),
        not_before=now,
        created_at=now,
    )
    tx.wake_at(now, Loop.CHANNELS if notice.by_channel else Loop.CHAT)
    return True


async def say_newest(
    tx: Tx,
    now: datetime,
    notice: Notice,
    *,
    person: int,
    subject: str,
    same: Sequence[str] = (),
    priority: Priority | None = None,
) -> None:
    """Promise a reminder; earlier ones that still wait for this reader are dropped, for it says all they say.

    `same`: the fields that make two of a kind reminders of one thing.
    """
    data = notice.model_dump(mode="json")
    await supersede(
        tx, type(notice), subject, person, lambda older: all(older.get(name) == data[name] for name in same)
    )
    await say(tx, now, notice, person=person, subject=subject, priority=priority)


async def supersede(
    tx: Tx, notice: type[Notice], subject: str, person: int, covered: Callable[[Mapping[str, Any]], bool]
) -> list[dict[str, Any]]:
    """Drop what waits for this reader and is covered by a newer one; return what was in it."""
    waiting = await _waiting(tx, notice.kind(), subject, person)
    gone = [(row_id, data) for row_id, data in waiting if covered(data)]
    for row_id, _ in gone:
        await drop(tx, row_id, "有更新的提醒")
    return [data for _, data in gone]


_TO_READER = (
    outbox.c.subject == bindparam("subject"),
    outbox.c.kind == bindparam("kind"),
    outbox.c.person_id == bindparam("person"),
)
_FRESH = (
    select(outbox.c.id)
    .where(*_TO_READER, (outbox.c.state == "pending") | (outbox.c.sent_at > bindparam("since")))
    .limit(1)
)
_WAITS = select(outbox.c.id, outbox.c.data).where(outbox.c.state == "pending", *_TO_READER)


async def fresh(tx: Tx, kind: str, subject: str, person: int, since: datetime) -> bool:
    """Return True if a message of this kind about this event waits for this reader, or left only after `since`."""
    values = {"subject": subject, "kind": kind, "person": person, "since": since}
    return await tx.value(_FRESH, values) is not None


async def waits(tx: Tx, kind: str, subject: str, person: int) -> bool:
    """Return True if a message of this kind about this event still waits for this reader."""
    return bool(await _waiting(tx, kind, subject, person))


async def _waiting(tx: Tx, kind: str, subject: str, person: int) -> list[tuple[int, dict[str, Any]]]:
    rows = await tx.all(_WAITS, {"subject": subject, "kind": kind, "person": person})
    return [(row.id, row.data) for row in rows]


async def told(tx: Tx, kind: str, subject: str, person: int, data: Mapping[str, Any]) -> bool:
    """Return True if this reader was promised these very words, and they did not fail."""
    said = select(outbox.c.data).where(outbox.c.state != "failed", *_TO_READER)
    rows = await tx.all(said, {"subject": subject, "kind": kind, "person": person})
    return any(row.data == data for row in rows)


_PROMISED = select(outbox.c.id).where(outbox.c.key == bindparam("key"))


async def promised(tx: Tx, key: str) -> bool:
    """Return True if a message was promised under this key."""
    return await tx.value(_PROMISED, {"key": key}) is not None


PAGE = 100
"""So many waiting rows are looked at in one go."""


def by_channel() -> list[str]:
    """Return the kinds that go out by a fallback channel, which another sender takes."""
    return Notice.channel_kinds


_OURS = (outbox.c.state == "pending", outbox.c.kind.not_in(bindparam("channels", expanding=True)))


async def claim(
    tx: Tx, now: datetime, limit: int, busy_chats: Collection[int], *, above: int | None = None
) -> list[Sending]:
    """Mark up to `limit` rows for the chat as being sent, most urgent first, and return them; one per chat and claim.

    `above`: only rows more urgent than this priority.
    """
    taken: list[Sending] = []
    busy, size = set(busy_chats), max(PAGE, limit)
    values: dict[str, Any] = {"now": now, "above": above, "channels": by_channel(), "size": size}
    page = await tx.all(_due(above=above is not None, busy=bool(busy)), {**values, "busy": [*busy]})
    while page:
        for row in page:
            if row.chat_id in busy or len(taken) == limit:
                continue
            if row.chat_id is not None:
                busy.add(row.chat_id)
            taken.append(Sending(**row._mapping))
        if len(taken) == limit or len(page) < size:
            break
        values |= {"after": page[-1].priority, "after_id": page[-1].id, "busy": [*busy]}
        page = await tx.all(_due(above=above is not None, busy=bool(busy), later=True), values)
    if taken:
        await tx.run(_CLAIMED, {"ids": [s.id for s in taken]})
    return taken


_CLAIMED = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="sending", attempts=outbox.c.attempts + 1)
)
_CHAT = func.coalesce(people.c.telegram_id, outbox.c.chat_id)


@cache
def _due(*, above: bool, busy: bool, later: bool = False) -> Select[Any]:
    """Return what may go `now`, with the chat it goes to, most urgent first.

    `above`: only what is more urgent than this. `busy`: leave out what goes to these chats: thousands may wait for
    one, and would be read in vain page after page. `later`: the next page.
    """
    statement = (
        select(
            outbox.c.id,
            outbox.c.kind,
            outbox.c.subject,
            outbox.c.data,
            outbox.c.person_id,
            _CHAT.label("chat_id"),
            outbox.c.priority,
            outbox.c.attempts,
            outbox.c.repeated,
            outbox.c.created_at,
        )
        .select_from(outbox.outerjoin(people, people.c.id == outbox.c.person_id))
        .where(*_OURS, outbox.c.not_before <= bindparam("now"))
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(bindparam("size"))
    )
    if above:
        statement = statement.where(outbox.c.priority < bindparam("above"))
    if busy:
        statement = statement.where(_CHAT.is_(None) | _CHAT.not_in(bindparam("busy", expanding=True)))
    if later:
        after = tuple_(bindparam("after", type_=Integer), bindparam("after_id", type_=Integer))
        statement = statement.where(tuple_(outbox.c.priority, outbox.c.id) > after)
    return statement


_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(state="sent", sent_at=bindparam("at"), message_id=bindparam("message"))
)


async def sent(tx: Tx, now: datetime, messages: Mapping[int, int | None]) -> None:
    """Mark rows as delivered, each with the number of its message."""
    if messages:
        await tx.run(
            _SENT, [{"row": row, "at": now, "message": message} for row, message in messages.items()]
        )


async def forget(tx: Tx, row_id: int) -> None:
    """Forget what was in a row: a key that was handed over is not kept here."""
    await tx.run(update(outbox).where(outbox.c.id == row_id).values(data={}))


async def drop(tx: Tx, row_id: int, why: str) -> None:
    """Mark a row as no longer needed."""
    await tx.run(update(outbox).where(outbox.c.id == row_id).values(state="dropped", error=why))


async def fail(tx: Tx, row_id: int, why: str) -> None:
    """Mark a row as undeliverable for good."""
    await tx.run(update(outbox).where(outbox.c.id == row_id).values(state="failed", error=why))


async def postpone(tx: Tx, row_id: int, until: datetime, why: str, *, uncertain: bool) -> None:
    """Put a row back; `uncertain`: it may have arrived, so the next try says 重发."""
    values: dict[str, Any] = {"state": "pending", "not_before": until, "error": why}
    if uncertain:
        values["repeated"] = True
    await tx.run(update(outbox).where(outbox.c.id == row_id).values(**values))
    tx.wake_at(until, Loop.CHAT, Loop.CHANNELS)


async def rest(tx: Tx, until: datetime) -> None:
    """Put off whatever for the chat could go before then: nobody is there to take it.

    What waits for a try of its own too, so that all are due together: one tries, the others are behind it in order.
    """
    sooner = (outbox.c.state == "pending", outbox.c.not_before < until, outbox.c.kind.not_in(by_channel()))
    await tx.run(update(outbox).where(*sooner).values(not_before=until))
    tx.wake_at(until, Loop.CHAT)


async def recover(tx: Tx, now: datetime) -> int:
    """After a crash: whatever was being sent may have arrived; send it again, saying so. Return how many."""
    return await tx.run(
        update(outbox)
        .where(outbox.c.state == "sending")
        .values(state="pending", repeated=True, not_before=now)
    )


async def bring_forward(tx: Tx, now: datetime) -> None:
    """Let what was put off go now: the clock by which it was put off was set back."""
    later = (outbox.c.state == "pending", outbox.c.not_before > now)
    await tx.run(update(outbox).where(*later).values(not_before=now))
    tx.wake_at(now, Loop.CHAT, Loop.CHANNELS)


async def drop_pending(tx: Tx, subject: str, kinds: Sequence[str], why: str) -> int:
    """Drop what has not gone out yet of a subject that no longer matters; return how many."""
    return await tx.run(
        update(outbox)
        .where(outbox.c.state == "pending", outbox.c.subject == subject, outbox.c.kind.in_(kinds))
        .values(state="dropped", error=why)
    )


async def next_by_channel(tx: Tx) -> datetime | None:
    """Return the earliest moment at which a pending row for a channel may go."""
    ours = (outbox.c.state == "pending", outbox.c.kind.in_(by_channel()))
    found: datetime | None = await tx.value(select(func.min(outbox.c.not_before)).where(*ours))
    return found


async def ages(tx: Tx) -> dict[str, int]:
    """Return how many rows wait, are being sent or failed; what was sent is not gone through."""
    counted = outbox.c.state.in_(("pending", "sending", "failed"))
    rows = await tx.all(
        select(outbox.c.state, func.count().label("n")).where(counted).group_by(outbox.c.state)
    )
    return {str(row.state): int(row.n) for row in rows}


async def oldest(tx: Tx) -> datetime | None:
    """Return since when the oldest row waits to be sent."""
    waits = outbox.c.state.in_(("pending", "sending"))
    found: datetime | None = await tx.value(select(func.min(outbox.c.created_at)).where(waits))
    return found


@dataclass(frozen=True)
class Stalled:
    """Messages to one person (None: a group) that were tried again and again in vain."""

    name: str | None
    count: int
    why: str


_STALLED = (
    select(people.c.name, func.count().label("n"), func.max(outbox.c.error).label("why"))
    .select_from(outbox.outerjoin(people, people.c.id == outbox.c.person_id))
    .where(
        outbox.c.state.in_(("pending", "sending")),
        outbox.c.attempts >= bindparam("tries"),
        outbox.c.created_at <= bindparam("since"),
        outbox.c.error != bindparam("never_mind"),
        outbox.c.kind.not_in(bindparam("channels", expanding=True)),
    )
    .group_by(people.c.name)
    .order_by(func.min(outbox.c.id))
)


async def stalled(tx: Tx, since: datetime, tries: int, never_mind: str) -> list[Stalled]:
    """Return whom rows written before `since` did not reach in so many tries, but for the reason `never_mind`."""
    values = {"since": since, "tries": tries, "never_mind": never_mind, "channels": by_channel()}
    rows = await tx.all(_STALLED, values)
    return [Stalled(r.name, r.n, r.why) for r in rows]


async def readdress(tx: Tx, now: datetime, old: int, new: int, row_id: int) -> None:
    """The chat has a new number: what waits for it goes there."""
    await tx.run(
        update(outbox)
        .where((outbox.c.id == row_id) | ((outbox.c.chat_id == old) & (outbox.c.state == "pending")))
        .values(chat_id=new, state="pending", not_before=now)
    )
    tx.wake_at(now, Loop.CHAT)


_STALE = cards.c.dirty_at.is_not(None)
_MAY_GO = select(
    func.coalesce(
        select(outbox.c.not_before)
        .where(*_OURS, outbox.c.not_before <= bindparam("now"))
        .limit(1)
        .scalar_subquery(),
        select(func.min(outbox.c.not_before)).where(*_OURS).scalar_subquery(),
    ).label("sending"),
    func.coalesce(
        select(cards.c.edited_at)
        .where(_STALE, cards.c.edited_at <= bindparam("edited"))
        .limit(1)
        .scalar_subquery(),
        select(func.min(cards.c.edited_at)).where(_STALE).scalar_subquery(),
    ).label("edit"),
)
"""One that may go now ends the search: thousands may wait."""


async def next_moment(tx: Tx, now: datetime, gap: timedelta) -> datetime | None:
    """Return when the next message or edit may go by the chat: any moment up to now where one may go at once."""
    values = {"channels": by_channel(), "now": now, "edited": now - gap}
    row = await tx.one(_MAY_GO, values)
    moments = [row.sending, row.edit and row.edit + gap] if row else []
    return min((at for at in moments if at is not None), default=None)


_WAITING_LONGER = (
    select(func.count())
    .select_from(outbox)
    .where(
        outbox.c.state == "pending",
        outbox.c.priority <= bindparam("up_to"),
        outbox.c.not_before <= bindparam("since"),
        outbox.c.created_at <= bindparam("since"),
    )
)


async def waiting_longer(tx: Tx, since: datetime, up_to: Priority) -> int:
    """Return how many urgent rows have been allowed to go since before `since` and have not gone."""
    return int(await tx.value(_WAITING_LONGER, {"up_to": int(up_to), "since": since}) or 0)


async def subjects(tx: Tx, kind: str, among: Collection[str]) -> set[str]:
    """Return those of these subjects for which a notice of this kind was ever promised."""
    rows = await tx.all(
        select(outbox.c.subject).where(outbox.c.kind == kind, outbox.c.subject.in_(among)).distinct()
    )
    return {str(r.subject) for r in rows}


@dataclass(frozen=True)
class Message:
    """A message about an event as the outbox has it; `to`: the person's name, "" for the group."""

    id: int
    kind: str
    subject: str
    person_id: int | None
    to: str
    queued_at: datetime
    sent_at: datetime | None
    state: str
    error: str


async def messages(tx: Tx, subjects: Collection[str]) -> list[Message]:
    """Return every message about these events, oldest first."""
    rows = await tx.all(
        select(outbox, people.c.name)
        .outerjoin(people, people.c.id == outbox.c.person_id)
        .where(outbox.c.subject.in_(subjects))
        .order_by(outbox.c.id)
    )
    return [
        Message(
            *(r.id, r.kind, r.subject, r.person_id, r.name or ""),
            *(r.created_at, r.sent_at, r.state, r.error or ""),
        )
        for r in rows
    ]

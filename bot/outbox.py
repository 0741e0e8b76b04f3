"""The outbox at work: claim → render late → send → mark; cards edited in place; at least once, never silently twice."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TypeVar

from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from actions import delivery
from actions.view import Asked, build
from bot import telegram
from bot.clock import Clock
from bot.limiter import Limiter
from bot.telegram import (
    IN_FLIGHT,
    Delivered,
    File,
    Later,
    Lost,
    Moved,
    Refused,
    Result,
    Uncertain,
    Unchanged,
    Unreachable,
)
from domain.notice import Notice
from domain.notices import base
from messages.render import Document, Rendered, render
from storage import button, card, outbox
from storage.button import Button
from storage.card import Card, Placed
from storage.database import Database, StorageFailed, Tx
from storage.outbox import Sending

logger = logging.getLogger(__name__)

BACKOFF = (1, 3, 10, 30, 60)
"""Seconds before the next try, by attempt."""
GATHER = 0.02
"""Seconds in which more may come back from the wire: one commit marks many."""
AWAY = timedelta(seconds=60)
"""When nothing at all was taken for so long, one message at a time tries whether Telegram is back."""
REST = timedelta(seconds=30)
"""Meanwhile all others rest so long: within this, and then most urgent first, they go on once it is."""
GENTLE = 4
"""So many go first after a start, then as many as have come back: a process that dies again and again repeats few."""
IDLE = 5.0
"""The loop looks at least this often (seconds)."""


@dataclass(frozen=True)
class Job:
    """A message to be sent, or a card to be edited, ready for the wire."""

    chat: int
    rendered: Rendered
    tokens: dict[tuple[str, str], str]
    sending: Sending | None = None
    edits: Card | None = None
    notice: Notice | None = None

    @property
    def shown(self) -> str:
        """Return the hash of what the message shows."""
        what = repr((self.rendered.parts, self.rendered.buttons))
        return hashlib.sha256(what.encode()).hexdigest()


@dataclass(frozen=True)
class Wanted:
    """A message to be rendered: the row that promised it, or the card it brings up to date."""

    chat: int
    notice: Notice
    sending: Sending | None = None
    edits: Card | None = None


@dataclass
class Outbox:
    """Sends what the rows promise, most urgent first."""

    db: Database
    bot: Bot
    clock: Clock
    limiter: Limiter
    card_gap: timedelta
    turned: Callable[[str], None] = lambda _loop: None
    """Told at each turn of the loop."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    last_sent: datetime | None = None
    failing_since: datetime | None = None
    _unsettled: list[tuple[Job, Result]] = field(default_factory=list)
    _flying: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    """What is on the wire, by chat."""
    _begun: dict[int, int] = field(default_factory=dict)
    """Parts of a row that arrived before it had to wait, by row; a crash forgets them, and says 重发."""
    _returned: int = 0
    """How many came back from the wire since the start."""
    _gathering: asyncio.TimerHandle | None = None
    """Something came back, and is marked when this rings, or with what goes next."""
    _wait: float = IDLE
    _empty: bool = False
    """Nothing waits to be sent or shown anew."""

    async def recover(self) -> int:
        """At start-up: what was being sent may have arrived; it goes again and says so."""
        async with self.db.write() as tx:
            return await outbox.recover(tx, self.clock.now())

    async def round(self, in_flight: set[int]) -> list[Job]:
        """In one transaction: mark what came back, claim what may go next. Raises StorageFailed."""
        settled = list(self._unsettled)
        jobs = await self.db.attempt(lambda tx: self._round(tx, in_flight, settled), urgent=True)
        del self._unsettled[: len(settled)]
        t = self.clock.monotonic()  # they go now: a second is counted from here
        for job in jobs:
            self.limiter.take(job.chat, t)
        return jobs

    async def _round(self, tx: Tx, in_flight: set[int], settled: Sequence[tuple[Job, Result]]) -> list[Job]:
        now, t = self.clock.now(), self.clock.monotonic()
        jobs: list[Job] = []
        await self._settle_all(tx, now, settled)
        away = self.failing_since is not None and now - self.failing_since >= AWAY
        if away and any(_failed(result) for _, result in settled):
            await outbox.rest(tx, now + REST)
            await card.rest(tx, now - self.card_gap + REST)
        most = 1 if away else min(IN_FLIGHT, max(GENTLE, self._returned))
        room = min(most - len(in_flight), self.limiter.free(t))
        if room > 0:
            busy = self.limiter.busy(t) | in_flight
            jobs = await self._claim(tx, now, room, busy)
            if len(jobs) < room:
                busy |= {job.chat for job in jobs}
                jobs += await self._claim_edits(tx, now, room - len(jobs), busy)
        self._wait = await self._next(tx, now, t)
        if self._empty and not jobs and not in_flight:
            self.failing_since = None  # what failed is not wanted any more
        return jobs

    async def _next(self, tx: Tx, now: datetime, t: float) -> float:
        moment = await outbox.next_moment(tx, now, self.card_gap)
        self._empty = moment is None
        if moment is None:
            return IDLE
        wait = (moment - now).total_seconds() if moment > now else self.limiter.next_free(t)
        return min(IDLE, max(wait, 0.02))

    async def _claim(self, tx: Tx, now: datetime, room: int, busy: set[int]) -> list[Job]:
        claimed = await outbox.claim(tx, now, room, busy)
        place = {sending.id: number for number, sending in enumerate(claimed)}
        jobs = [job for same in _by_event(claimed) for job in await self._prepare_all(tx, now, same)]
        return sorted(jobs, key=lambda job: place[job.sending.id] if job.sending else 0)

    async def _prepare_all(self, tx: Tx, now: datetime, claimed: Sequence[Sending]) -> list[Job]:
        """Prepare messages of one kind and event together; one that cannot be rendered must not hold back the rest."""
        try:
            async with tx.savepoint():
                return await self._prepare(tx, now, claimed)
        except StorageFailed:
            raise
        except Exception as error:
            if len(claimed) > 1:
                return [job for one in claimed for job in await self._prepare_all(tx, now, [one])]
            (sending,) = claimed
            logger.exception("%s of %s could not be rendered", sending.kind, sending.subject)
            await outbox.fail(tx, sending.id, repr(error)[:500])
            text = f"一条消息（{sending.kind} {sending.subject}）没有生成，请查日志"
            await delivery.alarm(tx, now, text, f"render:{sending.kind}:{now:%y%m%d%H}")
            return []

    async def _prepare(self, tx: Tx, now: datetime, claimed: Sequence[Sending]) -> list[Job]:
        asked = [Asked(s.subject, s.person_id, s.told_at(now), now) for s in claimed]
        wanted: list[Wanted] = []
        for sending, notice in zip(claimed, await build(tx, claimed[0].kind, asked), strict=True):
            if sending.chat_id is None:
                await outbox.fail(tx, sending.id, "未绑定")
                await self._unreachable(tx, now, sending, "未绑定")
            elif notice is None:
                await outbox.drop(tx, sending.id, "已不需要")
            else:
                wanted.append(Wanted(sending.chat_id, notice, sending=sending))
        return await self._jobs(tx, now, wanted)

    async def _jobs(self, tx: Tx, now: datetime, wanted: Sequence[Wanted]) -> list[Job]:
        """Render messages, with tokens for their buttons."""
        rendered = [
            render(w.notice, zone=tx.zone, now=now, repeated=w.sending is not None and w.sending.repeated)
            for w in wanted
        ]
        buttons = [
            [Button(w.chat, b.act, b.subject) for row in made.buttons for b in row]
            for w, made in zip(wanted, rendered, strict=True)
        ]
        tokens = await button.tokens(tx, now, [one for own in buttons for one in own])
        return [
            Job(
                w.chat, made, {(b.act, b.subject): tokens[b] for b in own},
                sending=w.sending, edits=w.edits, notice=w.notice,
            )
            for w, made, own in zip(wanted, rendered, buttons, strict=True)
        ]  # fmt: skip

    async def _claim_edits(self, tx: Tx, now: datetime, room: int, busy: set[int]) -> list[Job]:
        taken: dict[int, Card] = {}
        for old in await card.stale(tx, now, self.card_gap, room * 2, _receipts()):
            if old.chat_id not in busy and len(taken) < room:
                taken.setdefault(old.chat_id, old)
        await card.clean(tx, [old.id for old in taken.values()])
        return [job for same in _by_event(taken.values()) for job in await self._edit_all(tx, now, same)]

    async def _edit_all(self, tx: Tx, now: datetime, olds: Sequence[Card]) -> list[Job]:
        """Prepare edits of cards of one kind and event together; one that cannot be rendered stays as it is."""
        try:
            async with tx.savepoint():
                return await self._edits(tx, now, olds)
        except StorageFailed:
            raise
        except Exception:
            if len(olds) > 1:
                return [job for one in olds for job in await self._edit_all(tx, now, [one])]
            logger.exception("card %s of %s could not be rendered", olds[0].kind, olds[0].subject)
            return []

    async def _edits(self, tx: Tx, now: datetime, olds: Sequence[Card]) -> list[Job]:
        notices = await build(tx, olds[0].kind, [Asked(old.subject, old.person_id, {}, now) for old in olds])
        wanted: list[Wanted] = []
        for old, notice in zip(olds, notices, strict=True):
            if notice is None:
                await card.forget(tx, old.id)
            else:
                wanted.append(Wanted(old.chat_id, notice, edits=old))
        jobs = await self._jobs(tx, now, wanted)
        same = {job.edits.id: job.shown for job in jobs if job.edits and job.shown == job.edits.shown}
        await card.fresh(tx, now, same)
        grown = {job.edits.id for job in jobs if job.edits and len(job.rendered.parts) > job.edits.parts}
        for job in jobs:
            if job.edits is not None and job.notice is not None and job.edits.id in grown:
                await self._send_anew(tx, now, job.edits, type(job.notice))
        return [job for job in jobs if job.edits and job.edits.id not in same.keys() | grown]

    async def _send_anew(self, tx: Tx, now: datetime, old: Card, kind: type[Notice]) -> None:
        """A card that outgrew its message is sent whole: an edit would cost its reader the beginning of the text."""
        key = f"grown:{old.id}"
        chat = None if old.person_id else old.chat_id
        await outbox.say_live(tx, now, kind, old.subject, person=old.person_id, chat=chat, key=key, data={})

    async def deliver(self, job: Job) -> Result:
        """Put one job on the wire; never raises."""
        try:
            return await self._deliver(job)
        except Exception as error:  # whatever happens on the wire is a result
            logger.exception("sending to a chat failed")
            return Uncertain(repr(error)[:200])

    async def _deliver(self, job: Job) -> Result:
        if isinstance(job.notice, base.Menu):
            return await self._menu(job.chat, job.notice)
        if isinstance(job.notice, base.Leave):
            return await self._leave(job.chat)
        if isinstance(job.notice, base.Retire):
            return await telegram.retire(self.bot, job.chat, job.notice.message_id)
        if job.edits is not None:
            return await telegram.edit(self.bot, job.chat, job.edits.message_id, job.rendered, job.tokens)
        files = [file for one in job.rendered.documents if (file := await _made(one)) is not None]
        begun = self._begun.get(job.sending.id, 0) if job.sending else 0
        return await telegram.send(self.bot, job.chat, job.rendered, job.tokens, files, begun)

    async def _menu(self, chat: int, menu: base.Menu) -> Result:
        try:
            commands = [BotCommand(name, words) for name, words in menu.commands]
            await self.bot.set_my_commands(commands, scope=BotCommandScopeChat(chat))
        except TelegramError as error:
            return telegram.translate(error)
        return Delivered(None)

    async def _leave(self, chat: int) -> Result:
        try:
            await self.bot.leave_chat(chat)
        except TelegramError as error:
            return telegram.translate(error)
        return Delivered(None)

    def came_back(self, job: Job, result: Result) -> None:
        """Remember a result until it is marked in the next round."""
        self._unsettled.append((job, result))
        self._returned += 1
        if job.sending is not None:
            self._begun.pop(job.sending.id, None)
            if isinstance(result, Later) and result.begun:
                self._begun[job.sending.id] = result.begun
        if isinstance(result, Delivered):
            for _ in range(result.messages - 1):
                self.limiter.take(job.chat, self.clock.monotonic())
        if isinstance(result, Later) and result.flood:
            self.limiter.hold(job.chat, result.wait.total_seconds(), self.clock.monotonic())
            return  # Telegram answers; it only wants this chat to wait
        if _failed(result):
            self.failing_since = self.failing_since or self.clock.now()
        else:
            self.failing_since, self.last_sent = None, self.clock.now()

    async def _settle_all(self, tx: Tx, now: datetime, results: Sequence[tuple[Job, Result]]) -> None:
        """Mark results together, else each in its own savepoint: one that cannot be marked must not stop the rest."""
        if not results:
            return
        try:
            async with tx.savepoint():
                await self._settle(tx, now, results)
        except StorageFailed:
            raise
        except Exception:
            if len(results) > 1:
                for one in results:
                    await self._settle_all(tx, now, [one])
            else:  # the row stays `sending` and goes again, marked, after a restart
                job = results[0][0]
                logger.exception("a result of %s could not be marked", job.sending or job.edits)

    async def _settle(self, tx: Tx, now: datetime, results: Sequence[tuple[Job, Result]]) -> None:
        arrived = [
            (job, job.sending, result)
            for job, result in results
            if job.sending is not None and isinstance(result, Delivered)
        ]
        await self._arrived(tx, now, arrived)
        shown = [
            (job.edits.id, job.shown)
            for job, result in results
            if job.edits is not None and isinstance(result, Delivered | Unchanged)
        ]
        await card.fresh(tx, now, dict(shown))
        for job, result in results:
            if job.sending is not None:
                await self._settle_sending(tx, now, job, job.sending, result)
            elif job.edits is not None:
                await self._settle_edit(tx, now, job, job.edits, result)

    async def _arrived(
        self, tx: Tx, now: datetime, arrived: Sequence[tuple[Job, Sending, Delivered]]
    ) -> None:
        await outbox.sent(tx, now, {row.id: result.message_id for _, row, result in arrived})
        placed = [
            Placed(
                job.notice.card,
                row.subject,
                row.person_id,
                job.chat,
                result.message_id,
                job.shown,
                len(job.rendered.parts),
            )
            for job, row, result in arrived
            if job.notice is not None and job.notice.card and result.message_id is not None
        ]
        for new, older in (await card.place(tx, now, placed)).items():
            await outbox.say(tx, now, base.Retire(message_id=older), chat=new.chat_id)
        await delivery.delivered(tx, now, [(row.kind, row.subject, row.person_id) for _, row, _ in arrived])

    async def _unreachable(self, tx: Tx, now: datetime, row: Sending, why: str) -> None:
        instead = delivery.Instead(row.id, row.priority, row.data)
        await delivery.unreachable(tx, now, row.kind, row.subject, row.person_id, why, instead)

    async def _settle_sending(self, tx: Tx, now: datetime, job: Job, row: Sending, result: Result) -> None:
        wait = timedelta(seconds=BACKOFF[min(row.attempts, len(BACKOFF) - 1)])
        match result:
            case Later(pause, why):
                await outbox.postpone(tx, row.id, now + max(pause, wait), why, uncertain=False)
            case Uncertain(why):
                await outbox.postpone(tx, row.id, now + wait, why, uncertain=True)
            case Unreachable(why):
                await outbox.fail(tx, row.id, why)
                await self._unreachable(tx, now, row, why)
            case Moved(chat):
                await delivery.moved(tx, job.chat, chat)
                await outbox.readdress(tx, now, job.chat, chat, row.id)
            case Delivered():
                pass  # marked with all that arrived
            case Unchanged() | Lost():
                await outbox.fail(tx, row.id, "unexpected answer to a send")
            case Refused(why):
                logger.error("%s of %s was refused: %s", row.kind, row.subject, why)
                await outbox.fail(tx, row.id, why)
        if job.notice is not None and job.notice.secret and not isinstance(result, Later | Uncertain | Moved):
            await outbox.forget(tx, row.id)

    async def _settle_edit(self, tx: Tx, now: datetime, job: Job, old: Card, result: Result) -> None:
        match result:
            case Delivered() | Unchanged():
                pass  # marked with all that were edited
            case Later(pause):
                await card.dirty_again(tx, now, old.id, now + pause)
            case Uncertain():
                await card.dirty_again(tx, now, old.id, now)
            case Lost() if job.notice is not None:
                await card.forget(tx, old.id)
                await outbox.say_live(
                    tx,
                    now,
                    type(job.notice),
                    old.subject,
                    person=old.person_id,
                    chat=None if old.person_id else old.chat_id,
                    data={},
                )
            case Unreachable() | Refused() | Lost():
                await card.forget(tx, old.id)
            case Moved(chat):
                await delivery.moved(tx, job.chat, chat)
                await card.forget(tx, old.id)
                if job.notice is not None:
                    await outbox.say_live(tx, now, type(job.notice), old.subject, chat=chat, data={})

    async def pump(self) -> int:
        """One round with everything awaited, for a clock that is an argument; return how many were sent."""
        jobs = await self.round(set())
        for job, result in zip(jobs, await asyncio.gather(*map(self.deliver, jobs)), strict=True):
            self.came_back(job, result)
        if jobs:
            await self.round(_NOTHING_FREE)
        return len(jobs)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then let what is on the wire come back and mark it."""
        stopping = asyncio.create_task(self._wake_at(stop))
        while not stop.is_set() or self._flying:
            self.turned("outbox")
            busy = _NOTHING_FREE if stop.is_set() else set(self._flying)
            try:
                jobs = await self.round(busy)
            except StorageFailed:
                logger.exception("the outbox could not be written")
                await asyncio.sleep(1)
                continue
            for job in jobs:
                self._flying[job.chat] = asyncio.create_task(self._fly(job))
            await self._sleep()
        if self._unsettled:
            await self.round(_NOTHING_FREE)
        await stopping

    async def _fly(self, job: Job) -> None:
        self.came_back(job, await self.deliver(job))
        del self._flying[job.chat]
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHER, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self.woken.set()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self.woken.set()

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), self._wait)
        self.woken.clear()


@cache
def _receipts() -> frozenset[str]:
    """Return the kinds of cards that confirm their reader's own act."""
    return frozenset(notice.card for notice in Notice.registry.values() if notice.receipt)


T = TypeVar("T", Sending, Card)


def _by_event(rows: Iterable[T]) -> list[list[T]]:
    """Return the rows of each kind and event together, in the order of their first."""
    same: dict[tuple[str, str], list[T]] = {}
    for row in rows:
        same.setdefault((row.kind, row.subject), []).append(row)
    return list(same.values())


def _failed(result: Result) -> bool:
    """Return True if Telegram was not there for it."""
    return isinstance(result, Uncertain) or (isinstance(result, Later) and not result.flood)


async def _made(document: Document) -> File | None:
    """Make a file in a thread; a picture that cannot be made is left out, another file's failure is raised."""
    try:
        data = await asyncio.to_thread(document.make)
    except Exception:
        if not document.photo:
            raise
        logger.exception("the picture %s could not be made", document.name)
        return None
    return File(document.name, data, document.photo) if data else None


_NOTHING_FREE: set[int] = set(range(IN_FLIGHT))
"""As many chats in flight as may be: a round that only marks."""

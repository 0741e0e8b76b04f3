"""The outbox at work: claim → render late → send → mark; cards edited in place; at least once, never silently twice."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

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
from storage.card import Card
from storage.database import Database, StorageFailed, Tx
from storage.outbox import Sending

logger = logging.getLogger(__name__)

BACKOFF = (1, 3, 10, 30, 60)
"""Seconds before the next try, by attempt."""
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


@dataclass
class Outbox:
    """Sends what the rows promise, most urgent first."""

    db: Database
    bot: Bot
    clock: Clock
    limiter: Limiter
    card_gap: timedelta
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    last_sent: datetime | None = None
    failing_since: datetime | None = None
    _unsettled: list[tuple[Job, Result]] = field(default_factory=list)
    _begun: dict[int, int] = field(default_factory=dict)
    """Parts of a row that arrived before it had to wait, by row; a crash forgets them, and says 重发."""
    _wait: float = IDLE

    async def recover(self) -> int:
        """At start-up: what was being sent may have arrived; it goes again and says so."""
        async with self.db.write() as tx:
            return await outbox.recover(tx, self.clock.now())

    async def round(self, in_flight: set[int]) -> list[Job]:
        """In one transaction: mark what came back, claim what may go next. Raises StorageFailed."""
        now, t = self.clock.now(), self.clock.monotonic()
        jobs: list[Job] = []
        async with self.db.write() as tx:
            settled = list(self._unsettled)
            for job, result in settled:
                await self._settle_alone(tx, now, job, result)
            room = min(IN_FLIGHT - len(in_flight), self.limiter.free(t))
            if room > 0:
                busy = self.limiter.busy(t) | in_flight
                jobs = await self._claim(tx, now, room, busy)
                if len(jobs) < room:
                    busy |= {job.chat for job in jobs}
                    jobs += await self._claim_edits(tx, now, room - len(jobs), busy)
            self._wait = await self._next(tx, now, t)
        del self._unsettled[: len(settled)]
        for job in jobs:
            self.limiter.take(job.chat, t)
        return jobs

    async def _next(self, tx: Tx, now: datetime, t: float) -> float:
        moments = [await outbox.next_sending(tx), await card.next_edit(tx, self.card_gap)]
        waits = [(m - now).total_seconds() for m in moments if m is not None]
        soonest = min(waits, default=IDLE)
        return min(IDLE, max(soonest, self.limiter.next_free(t) if soonest <= 0 else 0.0, 0.02))

    async def _claim(self, tx: Tx, now: datetime, room: int, busy: set[int]) -> list[Job]:
        jobs: list[Job] = []
        for sending in await outbox.claim(tx, now, room, busy):
            try:
                async with tx.savepoint():
                    job = await self._prepare(tx, now, sending)
            except Exception as error:  # one that cannot be rendered must not hold back the rest
                logger.exception("%s of %s could not be rendered", sending.kind, sending.subject)
                await outbox.fail(tx, sending.id, repr(error)[:500])
                text = f"一条消息（{sending.kind} {sending.subject}）没有生成，请查日志"
                await delivery.alarm(tx, now, text, f"render:{sending.kind}:{now:%y%m%d%H}")
                continue
            if job is not None:
                jobs.append(job)
        return jobs

    async def _prepare(self, tx: Tx, now: datetime, sending: Sending) -> Job | None:
        if sending.chat_id is None:
            await outbox.fail(tx, sending.id, "未绑定")
            await self._unreachable(tx, now, sending, "未绑定")
            return None
        asked = Asked(sending.subject, sending.person_id, sending.data, now)
        notice = await build(tx, sending.kind, asked)
        if notice is None:
            await outbox.drop(tx, sending.id, "已不需要")
            return None
        return await self._job(tx, now, sending.chat_id, notice, sending=sending)

    async def _job(
        self,
        tx: Tx,
        now: datetime,
        chat: int,
        notice: Notice,
        *,
        sending: Sending | None = None,
        edits: Card | None = None,
    ) -> Job:
        repeated = sending is not None and sending.repeated
        rendered = render(notice, zone=tx.zone, now=now, repeated=repeated)
        wanted = [Button(chat, b.act, b.subject) for row in rendered.buttons for b in row]
        tokens = await button.tokens(tx, now, wanted)
        return Job(chat, rendered, {(b.act, b.subject): t for b, t in tokens.items()}, sending, edits, notice)

    async def _claim_edits(self, tx: Tx, now: datetime, room: int, busy: set[int]) -> list[Job]:
        jobs: list[Job] = []
        for old in await card.stale(tx, now, self.card_gap, room * 2):
            if old.chat_id in busy or len(jobs) == room:
                continue
            busy.add(old.chat_id)
            await card.clean(tx, old.id)
            notice = await build(tx, old.kind, Asked(old.subject, old.person_id, {}, now))
            if notice is None:
                await card.forget(tx, old.id)
                continue
            job = await self._job(tx, now, old.chat_id, notice, edits=old)
            if job.shown == old.shown:
                await card.fresh(tx, now, old.id, old.shown)
                continue
            jobs.append(job)
        return jobs

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
        if job.sending is not None:
            self._begun.pop(job.sending.id, None)
            if isinstance(result, Later) and result.begun:
                self._begun[job.sending.id] = result.begun
        if isinstance(result, Delivered):
            for _ in range(result.messages - 1):
                self.limiter.take(job.chat, self.clock.monotonic())
        if isinstance(result, Later) and result.flood:
            self.limiter.hold(job.chat, result.wait.total_seconds(), self.clock.monotonic())
        if isinstance(result, Later | Uncertain):
            self.failing_since = self.failing_since or self.clock.now()
        else:
            self.failing_since, self.last_sent = None, self.clock.now()

    async def _settle_alone(self, tx: Tx, now: datetime, job: Job, result: Result) -> None:
        """Mark one result in its own savepoint: one that cannot be marked must not stop the rest."""
        try:
            async with tx.savepoint():
                await self._settle(tx, now, job, result)
        except StorageFailed:
            raise
        except Exception:  # the row stays `sending` and goes again, marked, after a restart
            logger.exception("a result of %s could not be marked", job.sending or job.edits)

    async def _settle(self, tx: Tx, now: datetime, job: Job, result: Result) -> None:
        if job.sending is not None:
            await self._settle_sending(tx, now, job, job.sending, result)
        elif job.edits is not None:
            await self._settle_edit(tx, now, job, job.edits, result)

    async def _unreachable(self, tx: Tx, now: datetime, row: Sending, why: str) -> None:
        instead = delivery.Instead(row.id, row.priority, row.data)
        await delivery.unreachable(tx, now, row.kind, row.subject, row.person_id, why, instead)

    async def _settle_sending(self, tx: Tx, now: datetime, job: Job, row: Sending, result: Result) -> None:
        wait = timedelta(seconds=BACKOFF[min(row.attempts, len(BACKOFF) - 1)])
        match result:
            case Delivered(message_id):
                await outbox.sent(tx, now, row.id, message_id)
                if job.notice is not None and job.notice.card and message_id is not None:
                    await self._place(tx, now, job, row, message_id)
                await delivery.delivered(tx, now, row.kind, row.subject, row.person_id)
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
            case Unchanged() | Lost():
                await outbox.fail(tx, row.id, "unexpected answer to a send")
            case Refused(why):
                logger.error("%s of %s was refused: %s", row.kind, row.subject, why)
                await outbox.fail(tx, row.id, why)
        if job.notice is not None and job.notice.secret and not isinstance(result, Later | Uncertain | Moved):
            await outbox.forget(tx, row.id)

    async def _place(self, tx: Tx, now: datetime, job: Job, row: Sending, message_id: int) -> None:
        kind = job.notice.card if job.notice else ""
        older = await card.place(tx, now, kind, row.subject, row.person_id, job.chat, message_id, job.shown)
        if older is not None:
            await outbox.say(tx, now, base.Retire(message_id=older), chat=job.chat)

    async def _settle_edit(self, tx: Tx, now: datetime, job: Job, old: Card, result: Result) -> None:
        match result:
            case Delivered() | Unchanged():
                await card.fresh(tx, now, old.id, job.shown)
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
        flying: dict[asyncio.Task[Result], Job] = {}
        while not stop.is_set() or flying:
            busy = _NOTHING_FREE if stop.is_set() else {job.chat for job in flying.values()}
            try:
                jobs = await self.round(busy)
            except StorageFailed:
                logger.exception("the outbox could not be written")
                await asyncio.sleep(1)
                continue
            for job in jobs:
                flying[asyncio.create_task(self.deliver(job))] = job
            await self._sleep(flying, stop)
            for task in [task for task in flying if task.done()]:
                self.came_back(flying.pop(task), task.result())
        if self._unsettled:
            await self.round(_NOTHING_FREE)

    async def _sleep(self, flying: dict[asyncio.Task[Result], Job], stop: asyncio.Event) -> None:
        wake = asyncio.create_task(self.woken.wait())
        ended = asyncio.create_task(stop.wait())
        waiting: set[asyncio.Task[object]] = {wake, *flying}
        if not stop.is_set():
            waiting.add(ended)
        await asyncio.wait(waiting, timeout=self._wait, return_when=asyncio.FIRST_COMPLETED)
        self.woken.clear()
        for task in (wake, ended):
            task.cancel()


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

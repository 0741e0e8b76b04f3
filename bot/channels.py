"""Fallback channels at work: claim → render late → hand to the gateway → mark; beside the chat, and without it too.

Apprise blocks, so each sending has a daemon thread: one that hangs is given up, and holds up nothing, not even the end.
"""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module

from actions import channel as act
from actions import delivery
from actions.view import Asked, build
from bot.clock import Clock
from bot.gateway import Result, send
from bot.outbox import BACKOFF, IDLE
from bot.telegram import Delivered, Later, Refused, Uncertain
from domain.notices.channel import Trial
from handlers.identity import web_url
from messages.render import Rendered, render
from storage import channel, outbox
from storage.channel import Channel
from storage.database import Database, StorageFailed, Tx
from storage.outbox import Sending

logger = logging.getLogger(__name__)

AT_ONCE = 16
PER_GATEWAY = 8
"""A gateway that hangs leaves room for the others."""
SECONDS = 15.0
TRIES = 10
"""So often a sending is tried, over about six minutes; then the officer is told."""
MOST_GIVEN_UP = 64
"""So many threads may hang in gateways that never answer; beyond it nothing new is begun."""


@dataclass(frozen=True)
class Job:
    """A sending ready for its gateway: the first line is the title, where the service has one."""

    sending: Sending
    channel: Channel
    gateway: str
    title: str
    body: str

    def __repr__(self) -> str:
        """Return which it is, without the personal link in its words."""
        return f"Job({self.sending.id}, {self.channel!r})"


@dataclass
class Channels:
    """Sends what the rows promise by channels, most urgent first."""

    db: Database
    clock: Clock
    seconds: float = SECONDS
    turned: Callable[[str], None] = lambda _loop: None
    """Told at each turn of the loop."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _unsettled: list[tuple[Job, Result]] = field(default_factory=list)
    _threads: set[threading.Thread] = field(default_factory=set)
    _wait: float = IDLE

    async def round(self, flying: list[Job]) -> list[Job]:
        """In one transaction: mark what came back, claim what may go next. Raises StorageFailed."""
        now = self.clock.now()
        async with self.db.read() as tx:
            soonest = await outbox.next_by_channel(tx)
        self._wait = IDLE if soonest is None else min(IDLE, max(0.02, (soonest - now).total_seconds()))
        room = AT_ONCE - len(flying) if self._given_up() < MOST_GIVEN_UP else 0
        due = soonest is not None and soonest <= now
        if due and room <= 0:
            self._wait = IDLE
        if not self._unsettled and not (due and room > 0):
            return []
        async with self.db.write() as tx:
            settled = list(self._unsettled)
            for job, result in settled:
                await self._settle_alone(tx, now, job, result)
            jobs = (
                await self._claim(tx, now, room, Counter(job.gateway for job in flying)) if room > 0 else []
            )
        del self._unsettled[: len(settled)]
        if due and not jobs:
            self._wait = 1.0  # what waits waits for its gateway
        return jobs

    def _given_up(self) -> int:
        self._threads = {thread for thread in self._threads if thread.is_alive()}
        return len(self._threads)

    async def _claim(self, tx: Tx, now: datetime, room: int, busy: Counter[str]) -> list[Job]:
        from actions.channel_address import gateway_of  # noqa: PLC0415 - Apprise is loaded with the first channel

        waiting = await channel.waiting(tx, now)
        found = {c.id: c for c in await channel.in_force(tx, ids={s.data["channel"] for s in waiting})}
        jobs: list[Job] = []
        for sending in waiting:
            if len(jobs) == room:
                break
            over = found.get(sending.data["channel"])
            if over is None:
                await outbox.drop(tx, sending.id, "通道已停用")
                continue
            gateway = gateway_of(over.url)
            if busy[gateway] < PER_GATEWAY and (job := await self._prepare(tx, now, sending, over, gateway)):
                busy[gateway] += 1
                jobs.append(job)
        await channel.claim(tx, [job.sending.id for job in jobs])
        return jobs

    async def _prepare(
        self, tx: Tx, now: datetime, sending: Sending, over: Channel, gateway: str
    ) -> Job | None:
        data = sending.told_at(now) | {"base": web_url(), "again": sending.repeated}
        try:
            async with tx.savepoint():
                asked = Asked(sending.subject, sending.person_id, data, now)
                (notice,) = await build(tx, sending.kind, [asked])
        except Exception as error:  # one that cannot be rendered must not hold back the rest
            logger.exception("%s of %s could not be rendered", sending.kind, sending.subject)
            await outbox.fail(tx, sending.id, repr(error)[:500])
            text = f"一条通道消息（{sending.kind} {sending.subject}）没有生成，请查日志"
            await delivery.alarm(tx, now, text, f"render:{sending.kind}:{now:%y%m%d%H}")
            return None
        if notice is None:
            await outbox.drop(tx, sending.id, "已不需要")
            return None
        title, _, body = _plain(render(notice, zone=tx.zone, now=now)).partition("\n")
        return Job(sending, over, gateway, title, body.strip("\n"))

    async def deliver(self, job: Job) -> Result:
        """Hand one to its gateway and say what came of it; never raises."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Result] = loop.create_future()

        def work() -> None:
            try:
                result = send(job.channel.url, job.title, job.body, self.seconds)
            except Exception as error:  # whatever a service's plugin does is a result
                logger.exception("a channel failed: %s", job)
                result = Uncertain(type(error).__name__)
            try:
                loop.call_soon_threadsafe(_answer, answered, result)
            except RuntimeError:
                return  # the process has ended meanwhile; the row goes again and says 重发

        thread = threading.Thread(target=work, daemon=True, name=f"channel {job.sending.id}")
        thread.start()
        try:
            return await asyncio.wait_for(answered, self.seconds)
        except TimeoutError:
            self._threads.add(thread)
            return Uncertain("网关没有回答")

    def came_back(self, job: Job, result: Result) -> None:
        """Remember a result until it is marked in the next round."""
        self._unsettled.append((job, result))

    async def _settle_alone(self, tx: Tx, now: datetime, job: Job, result: Result) -> None:
        try:
            async with tx.savepoint():
                await self._settle(tx, now, job, result)
        except StorageFailed:
            raise
        except Exception:  # the row stays `sending` and goes again, marked, after a restart
            logger.exception("a result of %s could not be marked", job)

    async def _settle(self, tx: Tx, now: datetime, job: Job, result: Result) -> None:
        row, tries = job.sending, job.sending.attempts + 1
        last = tries >= TRIES or row.kind == Trial.kind()
        pause = timedelta(seconds=BACKOFF[min(tries - 1, len(BACKOFF) - 1)])
        match result:
            case Delivered():
                await outbox.sent(tx, now, {row.id: None})
                await act.arrived(tx, now, row, job.channel.name)
            case Later(wait, why) if not last:
                await outbox.postpone(tx, row.id, now + max(wait, pause), why, uncertain=False)
            case Uncertain(why) if not last:
                await outbox.postpone(tx, row.id, now + pause, why, uncertain=True)
            case Refused(why) | Later(_, why) | Uncertain(why):
                who = f"{job.channel.owner} {job.channel.name}"
                logger.error("channel %s did not take %s of %s: %s", who, row.kind, row.subject, why)
                await outbox.fail(tx, row.id, why)
                await act.failed(tx, now, row, job.channel.name, why)

    async def pump(self) -> int:
        """One round with everything awaited, for a clock that is an argument; return how many were handed over."""
        jobs = await self.round([])
        for job, result in zip(jobs, await asyncio.gather(*map(self.deliver, jobs)), strict=True):
            self.came_back(job, result)
        if jobs:
            await self.round([jobs[0]] * AT_ONCE)
        return len(jobs)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; then let what is under way come back and mark it."""
        await self._load()
        flying: dict[asyncio.Task[Result], Job] = {}
        while not stop.is_set() or flying:
            self.turned("channels")
            busy = list(flying.values())
            try:
                jobs = await self.round(busy if not stop.is_set() else busy[:1] * AT_ONCE)
            except StorageFailed:
                logger.exception("the channels' rows could not be written")
                await asyncio.sleep(1)
                continue
            for job in jobs:
                flying[asyncio.create_task(self.deliver(job))] = job
            await self._sleep(flying, stop)
            for task in [task for task in flying if task.done()]:
                self.came_back(flying.pop(task), task.result())
        if self._unsettled:
            await self.round([self._unsettled[0][0]] * AT_ONCE)

    async def _load(self) -> None:
        """Load Apprise beforehand where there are channels: half a second that no red warning should wait for."""
        try:
            async with self.db.read() as tx:
                known = await channel.in_force(tx)
        except StorageFailed:
            logger.exception("the channels could not be read")
            return
        if known:
            await asyncio.to_thread(import_module, "actions.channel_address")

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


def _answer(answered: "asyncio.Future[Result]", result: Result) -> None:
    if not answered.done():
        answered.set_result(result)


def _plain(rendered: Rendered) -> str:
    return rendered.plain if rendered.html else "\n".join(rendered.parts)

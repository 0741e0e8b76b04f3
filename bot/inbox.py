"""The inbox at work: polled, committed, only then confirmed; handled in order, each update in its own savepoint."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.attachments import file_of, prepare
from bot.clock import Clock
from bot.telegram import raw_updates
from domain.notices.base import Broken
from handlers.dispatch import PopUp, handle, together
from messages.render import render, toast
from storage import inbox, outbox, people
from storage.database import Database, StorageFailed, Tx

logger = logging.getLogger(__name__)

BATCH = 100
TURN = 0.3
"""Seconds a batch may hold the one writer: what is to be sent, marked or called for waits meanwhile."""
CONFLICT_WAIT = 5.0
ACCOUNTS = 2**52
"""The Bot API's numbers of accounts and chats stay below this."""
POP_UPS_AT_ONCE = 8
"""More would keep the loop from the next batch of updates, which is what people wait for."""


@dataclass
class Inbox:
    """Takes updates in and works them off."""

    db: Database
    bot: Bot
    clock: Clock
    files: Path
    alarm: Callable[[str, str], Awaitable[None]]
    turned: Callable[[str], None] = lambda _loop: None
    """Told at each turn of a loop."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    last_poll: datetime | None = None
    refused: bool = False
    """Telegram refuses the token."""
    conflict_since: datetime | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(POP_UPS_AT_ONCE))
    _preparing: set[int] = field(default_factory=set)
    _unprepared: bool = True
    """A file may wait to be fetched: one came, or was left by an earlier process, or could not be noted."""

    async def take(self, updates: list[dict[str, Any]]) -> None:
        """Commit raw updates; those that carry a file of somebody known wait until it is fetched."""
        async with self.db.write() as tx:
            pairs = [(raw, not await self._to_prepare(tx, raw)) for raw in updates]
            await inbox.keep(tx, self.clock.now(), pairs)
        self._unprepared = self._unprepared or not all(ready for _, ready in pairs)
        self.arrived.set()

    async def _to_prepare(self, tx: Tx, raw: dict[str, Any]) -> bool:
        try:
            file = file_of(raw)
        except (TypeError, AttributeError, LookupError):
            return False  # of a shape that is not read: handled as it is, and set aside if it must be
        sender = _number(raw, "message", "from", "id")
        return bool(file and sender) and await people.by_account(tx, sender) is not None

    async def poll(self, stop: asyncio.Event) -> None:
        """Ask Telegram for updates until `stop`; a second poller on the token is said, waited for, taken over."""
        async with self.db.read() as tx:
            offset = await inbox.next_offset(tx)
        wait = 1.0
        while not stop.is_set():
            self.turned("poll")
            try:
                updates = await raw_updates(self.bot, offset)
            except Conflict:
                await self._conflict()
                await _pause(stop, CONFLICT_WAIT)
                continue
            except TelegramError as error:
                self.refused = isinstance(error, InvalidToken)
                logger.warning("polling failed: %s", error)
                await _pause(stop, wait)
                wait = min(wait * 2, 30.0)
                continue
            wait, self.last_poll, self.refused = 1.0, self.clock.now(), False
            await self._no_conflict()
            if updates:
                offset = await self._store(stop, updates, offset)

    async def _store(self, stop: asyncio.Event, updates: list[dict[str, Any]], offset: int) -> int:
        """Commit before the next offset confirms; while that is impossible, Telegram keeps them."""
        try:
            await self.take(updates)
        except StorageFailed:
            logger.exception("updates could not be kept; Telegram keeps them")
            await _pause(stop, 1.0)
            return offset
        return int(updates[-1]["update_id"]) + 1

    async def _conflict(self) -> None:
        now = self.clock.now()
        if self.conflict_since is None:
            self.conflict_since = now
            logger.error("another process polls with the same token; waiting")
            await self.alarm(
                "同一个机器人令牌正被另一个进程收取消息（409），本进程等待接管，请停掉另一个",
                f"conflict:{now:%y%m%d%H%M}",
            )

    async def _no_conflict(self) -> None:
        if self.conflict_since is not None:
            since, self.conflict_since = self.conflict_since, None
            logger.info("polling taken over")
            await self.alarm("已重新接管收取消息", f"conflict-over:{since:%y%m%d%H%M}")

    async def prepare_waiting(self) -> None:
        """Fetch the files that updates wait for, each in its own task, outside any transaction."""
        if not self._unprepared:
            return
        self._unprepared = False
        try:
            async with self.db.read() as tx:
                waiting = await inbox.unprepared(tx)
        except StorageFailed:
            self._unprepared = True
            raise
        for pending in waiting:
            if pending.update_id not in self._preparing:
                self._preparing.add(pending.update_id)
                task = asyncio.create_task(self._prepare(pending))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _prepare(self, pending: inbox.Pending) -> None:
        """Fetch and keep a file; when that cannot be done the words that came with it are handled all the same."""
        file = file_of(pending.raw)
        try:
            prepared = await prepare(self.bot, self.files, file) if file else {}
        except Exception:
            logger.exception("file of update %s could not be kept", pending.update_id)
            name = file.name if file else ""
            prepared = {
                "name": name,
                "sha256": "",
                "size": 0,
                "kind": "document",
                "refused": "文件没有存下，请稍后重发",
            }
        try:
            async with self.db.write() as tx:
                await inbox.prepare(tx, pending.update_id, prepared)
        except StorageFailed:
            logger.exception("file of update %s could not be noted", pending.update_id)
            await asyncio.sleep(1)
            self._unprepared = True
        self._preparing.discard(pending.update_id)
        self.arrived.set()

    async def prepared(self) -> None:
        """Wait until the files under way are fetched (for tests and shutdown)."""
        await self.prepare_waiting()
        while self._tasks:
            await asyncio.gather(*list(self._tasks))

    async def work(self) -> int:
        """Handle what is ready in one unit of bounded length; give the pop-ups after the commit; return how many."""
        tried, pop_ups = await self.db.attempt(self._work)
        await self._give(pop_ups)
        return tried

    async def _work(self, tx: Tx) -> tuple[int, list[PopUp]]:
        pop_ups: list[PopUp] = []
        now, began = self.clock.now(), self.clock.monotonic()
        ready = await inbox.pending(tx, BATCH)
        handled: list[int] = []
        tried = 0
        for places in await together(tx, [pending.raw for pending in ready]):
            if tried and self.clock.monotonic() - began > TURN:
                self.arrived.set()
                break
            pop_ups += await self._some(tx, now, [ready[place] for place in places], handled)
            tried += len(places)
        if handled:
            await inbox.done(tx, now, handled)
        return tried, pop_ups

    async def _some(
        self, tx: Tx, now: datetime, some: Sequence[inbox.Pending], handled: list[int]
    ) -> list[PopUp]:
        """Handle one update, or some together; when that fails each alone, and what fails alone is set aside."""
        try:
            async with tx.savepoint():
                raws, first = [one.raw for one in some], some[0]
                pop_ups = await handle(tx, now, self.bot, raws, first.prepared, first.received_at)
        except StorageFailed:
            raise  # the disk's fault, not the update's
        except Exception:
            if len(some) > 1:
                return [pop_up for one in some for pop_up in await self._some(tx, now, [one], handled)]
            logger.exception("update %s was set aside", some[0].update_id)
            told = traceback.format_exc()[-4000:].encode("utf-8", "backslashreplace").decode()
            await inbox.done(tx, now, [some[0].update_id], told.replace("\x00", "\\x00"))
            return await self._say_broken(tx, now, some[0])
        handled += [one.update_id for one in some]
        return pop_ups

    async def _say_broken(self, tx: Tx, now: datetime, pending: inbox.Pending) -> list[PopUp]:
        """Tell whoever sent it, as far as that can be seen."""
        notice = Broken(update_id=pending.update_id, at=now)
        query = _at(pending.raw, "callback_query", "id")
        sender = _number(pending.raw, "callback_query", "from", "id")
        if isinstance(query, str) and sender > 0:
            return [PopUp(query, notice, sender)]
        chat = _number(pending.raw, "message", "chat", "id")
        if chat > 0:
            await outbox.say(tx, now, notice, chat=chat)
        return []

    async def _give(self, pop_ups: list[PopUp]) -> None:
        for pop_up in pop_ups:
            task = asyncio.create_task(self._give_in_turn(pop_up))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _give_in_turn(self, pop_up: PopUp) -> None:
        async with self._turn:
            try:
                await self._give_one(pop_up)
            except Exception:
                logger.exception("a press could not be answered")

    async def _give_one(self, pop_up: PopUp) -> None:
        """Answer a press; one that Telegram no longer takes is said as a message instead."""
        now = self.clock.now()
        text, alert = None, False
        if pop_up.notice is not None:
            text = toast(render(pop_up.notice, zone=self.db.zone, now=now))
            alert = pop_up.notice.alert
        try:
            await self._pop_up(pop_up.query_id, text, alert=alert)
        except BadRequest:
            if pop_up.notice is not None and pop_up.chat > 0:
                async with self.db.write() as tx:
                    await outbox.say(tx, now, pop_up.notice, chat=pop_up.chat)
        except TelegramError as error:
            logger.warning("a press could not be answered: %s", error)

    async def _pop_up(self, query_id: str, text: str | None, *, alert: bool) -> None:
        if not query_id:
            raise BadRequest("a press without a number cannot be answered")
        await self.bot.answer_callback_query(query_id, text=text, show_alert=alert)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`, then finish what was begun."""
        while not stop.is_set():
            self.turned("inbox")
            try:
                await self.prepare_waiting()
                if await self.work() == BATCH:
                    continue
            except StorageFailed:
                logger.exception("the inbox could not be worked")
                await _pause(stop, 1.0)
            await self._sleep(stop)
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=3)

    async def _sleep(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(self.arrived.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        self.arrived.clear()
        for task in waiting:
            task.cancel()


def _at(raw: object, *keys: str) -> object:
    """Return what stands there in an update of any shape, None where nothing does."""
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def _number(raw: object, *keys: str) -> int:
    """Return the account or chat that stands there, 0 where none does."""
    found = _at(raw, *keys)
    return found if isinstance(found, int) and abs(found) < ACCOUNTS else 0


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return

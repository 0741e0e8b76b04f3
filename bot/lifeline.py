"""What needs no database: while nothing can be stored the admins hear so from here, and when it is so again.

The accounts are those of the last good read. The alarm waits for a second look, so that a moment's trouble is none.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from telegram import Bot

from actions import duty
from bot import telegram
from bot.clock import Clock
from bot.limiter import Limiter
from bot.telegram import Delivered, Uncertain
from domain.notice import Notice
from domain.notices import process as say
from domain.people import Role
from messages.render import render
from storage import log, outbox, people, room
from storage.database import Database, StorageFailed

logger = logging.getLogger(__name__)

PROBE = timedelta(seconds=10)
"""Something is written at least this often: the only way to see that it can be."""
DOUBT = timedelta(seconds=6)
"""Trouble that a write has not disproved for so long is told: a lock shows only after SQLite's own patience."""
AGAIN = timedelta(minutes=30)
PROBED = "probed"


@dataclass
class Lifeline:
    """Sees whether what is said can be stored, and tells the admins when it cannot."""

    db: Database
    bot: Bot
    clock: Clock
    limiter: Limiter
    since: datetime | None = None
    """Since when nothing can be stored."""
    why: str = ""
    _admins: tuple[int, ...] = ()
    _room: str = ""
    _told_at: dict[int, datetime] = field(default_factory=dict)
    _probed_at: datetime | None = None
    _probe: asyncio.Task[bool] | None = None

    async def learn(self) -> None:
        """Remember the admins' accounts."""
        try:
            async with self.db.read() as tx:
                found = await people.with_role(tx, Role.ADMIN)
                self._room = tx.rules.room.name
        except StorageFailed:
            return
        self._admins = tuple(admin.telegram_id for admin in found if admin.telegram_id is not None)

    async def look(self) -> None:
        """Try to store something now and then; tell the admins when that does not work, and when it does again."""
        now = self.clock.now()
        if self.db.failed and self.since is None:
            self.since = now
        await self._try(now)
        if self.since is None:
            return
        self.why = self.db.failed or self.why
        if not self.db.failed:
            await self._back(now)
        elif now - self.since >= DOUBT:
            notice = say.StorageDown(
                room=self._room, why=self.why, since=self.since, at=now, damaged=self.db.damaged
            )
            await self._tell(notice, now)

    async def _try(self, now: datetime) -> None:
        """Begin a probe when it is time; take up one that has ended. A locked database keeps it for seconds."""
        if self._probe is None and (self.db.failed or not self._probed_at or now - self._probed_at >= PROBE):
            self._probed_at = now
            self._probe = asyncio.create_task(self._write(now))
            await asyncio.wait([self._probe], timeout=0.5)
        if self._probe is not None and self._probe.done():
            stored, self._probe = self._probe.result(), None
            if stored and not self.db.damaged:
                self.db.failed = ""
            if stored:
                await self.learn()

    async def _write(self, now: datetime) -> bool:
        try:
            async with self.db.write() as tx:
                await room.remember(tx, PROBED, now.isoformat())
        except StorageFailed as error:
            logger.error("nothing can be stored: %s", error)  # noqa: TRY400 - said every few seconds, one line
            self.db.failed = self.db.failed or str(error)
            return False
        return True

    async def _tell(self, notice: Notice, now: datetime) -> None:
        """Tell each admin once, and again after a longer time; whom it does not reach is tried at the next look."""
        rendered = render(notice, zone=self.db.zone, now=now)
        for chat in self._admins:
            told = self._told_at.get(chat)
            if told is not None and now - told < AGAIN:
                continue
            self.limiter.take(chat, self.clock.monotonic())
            result = await telegram.send(self.bot, chat, rendered, {})
            if isinstance(result, Delivered | Uncertain):
                self._told_at[chat] = now
            else:
                logger.error("an admin could not be told: %s", result)

    async def _back(self, now: datetime) -> None:
        since, told, seconds = self.since or now, bool(self._told_at), 0
        if told:
            seconds = round((now - since).total_seconds())
            try:
                async with self.db.write() as tx:
                    await log.append(
                        tx, now, None, "process.back", "", f"数据库曾用不了（{self.why}），约 {seconds} 秒"
                    )
                    for admin in await duty.admins(tx):
                        back = say.StorageBack(why=self.why, since=since, at=now, seconds=seconds)
                        await outbox.say(tx, now, back, person=admin.id)
            except StorageFailed:
                return
        self.since = None
        self._told_at.clear()

    async def gone(self) -> None:
        """The file was deleted or replaced: the last word before the process stops."""
        self._told_at.clear()
        now = self.clock.now()
        await self._tell(say.StorageGone(room=self._room, at=now), now)

    async def close(self) -> None:
        """End a probe that is under way."""
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)

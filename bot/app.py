"""The one place that wires everything: database, bot, inbox, outbox, clockwork, calendar, pages."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from actions import auditor, delivery, feed, finding, generation, nil_report, outage, prints
from bot import fonts, notify, telegram
from bot.channels import Channels
from bot.clock import Clock
from bot.clockwork import LONGEST_SLEEP, Clockwork
from bot.convert import converter
from bot.generation import make
from bot.health import Health
from bot.heartbeat import Heartbeat
from bot.inbox import Inbox
from bot.lifeline import Lifeline
from bot.limiter import Limiter
from bot.outbox import Outbox
from bot.prints import Prints
from bot.pulse import Pulse
from config.settings import Settings
from domain.feed import Calendar
from domain.notice import Notice
from domain.notices import process as say
from domain.pattern import compile_all
from handlers.all_features import LOADED
from handlers.identity import set_bot_name, set_web_url
from handlers.process import Made, Process, lend
from messages import callout_files, generation_files, kept_files, room_files, roster_files, roster_picture
from storage import backup, log, outbox
from storage.database import GONE, Database, Loop, StorageFailed
from storage.lock import FolderLock
from storage.migrate import migrate
from web.calendar import Served

logger = logging.getLogger(__name__)

DRAIN = 4.0
"""Seconds given to what is on the wire at shutdown; the rest is uncertain and goes again as 重发."""
BACKLOG = 5.0
"""Seconds at a start in which nothing but what a crash left in the inbox is handled."""
SETTLED = 3.0
"""Seconds after a start in which nothing is done that is not asked for."""
WATCH_EVERY = 10.0
GUARD_EVERY = 2.0


@dataclass
class App:
    """One room's process, from files to stopping."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    bot: Bot | None = None
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    jobs: set[asyncio.Task[None]] = field(default_factory=set)
    """What runs beside the loops: rosters being solved."""
    _stuck: list[str] = field(default_factory=list)
    _away: bool = True
    """Telegram is away, or was when an earlier process ended: to be looked at once it answers."""

    def __post_init__(self) -> None:
        """Build the parts; nothing is opened yet."""
        logger.debug(
            "%d features, files by %s",
            len(LOADED),
            (roster_files, room_files, generation_files, kept_files, callout_files),
        )
        roster_picture.draw_with(fonts.cjk_font)
        set_web_url(self.settings.web_base)
        if self.bot is None:
            token = self.settings.telegram_token
            if token is None:
                raise ValueError("a token is needed to make a bot")
            self.bot = telegram.make_bot(
                token.get_secret_value(),
                self.settings.telegram_api,
                heard=self._heard,
            )
        self.db = Database(self.settings.url, self.settings.zone, self.settings.rules)
        self.db.woken = self._woken
        rules = self.db.rules.misc
        self.pulse = Pulse(self.clock.monotonic)
        url = self.settings.heartbeat_url
        self.heartbeat = Heartbeat(url.get_secret_value()) if url else None
        self.outbox = Outbox(
            self.db,
            self.bot,
            self.clock,
            Limiter(rules.sends_per_second, rules.chat_gap.total_seconds()),
            rules.card_gap,
            self.pulse.turned,
        )
        self.lifeline = Lifeline(self.db, self.bot, self.clock, self.outbox.limiter)
        self.channels = Channels(self.db, self.clock, turned=self.pulse.turned)
        self.inbox = Inbox(self.db, self.bot, self.clock, self.files, self.alarm, self.pulse.turned)
        self.clockwork = Clockwork(
            self.db,
            self.clock,
            self._stepped,
            turned=self._turned,
            telegram_works=lambda: self.health.away() is None,
            audited=self._audited,
        )
        self.health = Health(
            self.db, self.clock, self.inbox, self.outbox, self.clockwork, self.settings.data, self.pulse
        )
        self.prints = Prints(self.db, self.clock, self.files, converter(self.settings.converter))
        kept_files.read_with(self.prints.read)
        lend(
            Process(
                self.health.now,
                self.prints.state,
                self.backup_for,
                self.generate,
                self.print,
                self.check,
            )
        )

    @property
    def files(self) -> Path:
        """Where attachments are kept."""
        return self.settings.data / "files"

    @property
    def backups(self) -> Path:
        """Where backups are kept."""
        return self.settings.data / "backups"

    def _woken(self, wakes: Mapping[Loop, datetime]) -> None:
        """A unit of work wrote something for these loops: let them look; the clockwork looks within 5 s by itself."""
        if Loop.CHAT in wakes:
            self.outbox.woken.set()
        if Loop.CHANNELS in wakes:
            self.channels.woken.set()
        if Loop.DUE in wakes and wakes[Loop.DUE] <= self.clock.now() + timedelta(seconds=LONGEST_SLEEP):
            self.clockwork.woken.set()

    def _heard(self, date: datetime) -> None:
        """Telegram told its time: the bot is made before what watches it."""
        self.health.heard(date)

    def tell(self, what: str) -> None:
        """Tell the supervisor that started this process."""
        notify.tell(what, os.environ)

    def _turned(self, loop: str) -> None:
        """The clockwork turned: the supervisor hears that we are alive, unless another loop stands still."""
        self.pulse.turned(loop)
        stuck = self.pulse.stuck()
        if stuck and stuck != self._stuck:
            logger.error("standing still: %s; the supervisor is not told that we are alive", stuck)
        self._stuck = stuck
        if not stuck:
            self.tell(notify.ALIVE)

    def _audited(self, found: list[str]) -> None:
        """An audit was made: the outside hears of us if it was clean and nothing else is wrong."""
        well = not found and not self.health.trouble() and self.health.there()
        if self.heartbeat is not None and well:
            self._beside(self.heartbeat.beat(), "heartbeat")

    async def alarm(self, text: str, key: str) -> None:
        """Tell every admin once per key."""
        try:
            async with self.db.write() as tx:
                await delivery.alarm(tx, self.clock.now(), text, key)
        except StorageFailed:
            logger.exception("an alarm could not be kept: %s", text)

    async def _stepped(self, step: timedelta) -> None:
        seconds = int(step.total_seconds())
        logger.warning("the wall clock was stepped by %s s; countdowns go on by elapsed time", seconds)
        now = self.clock.now()
        await self.alarm(
            f"服务器时钟跳变 {seconds} 秒，倒计时按实际经过时间继续，请检查对时", f"clock:{now:%y%m%d%H%M%S}"
        )

    async def open(self) -> None:
        """Migrate, recover what a crash left, and show open buttons again after a longer absence."""
        self.files.mkdir(parents=True, exist_ok=True)
        await migrate(self.db, self.clock.now(), self.backups)
        self.db.lost()
        async with self.db.write() as tx:
            await auditor.set_back(tx, self.clock.now())
        await self.outbox.recover()
        await self._work_off()
        async with self.db.write() as tx:
            await auditor.came_back(tx, self.clock.now())
            await prints.begin_again(tx, self.clock.now())
            waiting = await generation.waiting(tx)
        for one in waiting:
            await self.generate(one)
        await self.lifeline.learn()

    async def _work_off(self) -> None:
        """Handle first what a crash left, answers above all; a long backlog goes on beside what is due."""
        end, handled = self.clock.monotonic() + BACKLOG, 0
        while self.clock.monotonic() < end and (some := await self.inbox.work()):
            handled += some
        if handled:
            logger.info("worked off %d updates that a crash left in the inbox", handled)

    async def connect(self) -> None:
        """Ask Telegram who we are, again and again until it answers; duty goes on meanwhile."""
        wait = 1.0
        while not self.stop.is_set():
            self.pulse.turned("connect")
            try:
                await self.bot.initialize()  # type: ignore[union-attr]  # set in __post_init__
                name = self.bot.username  # type: ignore[union-attr]  # same
                set_bot_name(name)
            except InvalidToken:
                logger.error("Telegram refuses the token (DUTYROOM_TELEGRAM_TOKEN)")  # noqa: TRY400 - no traceback: it may hold the token
                wait, self.inbox.refused = 30.0, True
            except TelegramError as error:
                logger.warning("Telegram cannot be reached: %s", error)
            else:
                logger.info("connected as @%s", name)
                self.pulse.ended("connect")
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), wait)
            wait = min(wait * 2, 30.0)

    async def run(self) -> None:
        """Run until `stop` is set; raises what a loop dies of, so that a supervisor starts us anew."""
        self.health.began = self.clock.now()
        calendar = self._calendar()
        calendar.start()
        self._beside(self.missed_backup(), "missed backup")
        self._beside(self._get_ready(), "patterns")
        loops = [
            asyncio.create_task(self.clockwork.run(self.stop), name="clockwork"),
            asyncio.create_task(self.inbox.run(self.stop), name="inbox"),
            asyncio.create_task(self.channels.run(self.stop), name="channels"),
            asyncio.create_task(self._online(), name="online"),
            asyncio.create_task(self._watch(), name="watch"),
            asyncio.create_task(self._guard(), name="guard"),
        ]
        try:
            await asyncio.wait(loops, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.tell(notify.STOPPING)
            self.stop.set()
            self.outbox.woken.set()
            self.channels.woken.set()
            calendar.shutdown(wait=False)
            _, late = await asyncio.wait(loops, timeout=DRAIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for task in loops:
            if not task.cancelled() and (error := task.exception()):
                raise error

    async def _get_ready(self) -> None:
        """Compile what reads reports and warnings, once there was time for the first answers."""
        try:
            await asyncio.wait_for(self.stop.wait(), SETTLED)
        except TimeoutError:
            await asyncio.to_thread(compile_all)

    async def _online(self) -> None:
        await self.connect()
        sending = asyncio.create_task(self.outbox.run(self.stop), name="outbox")
        polling = asyncio.create_task(self.inbox.poll(self.stop), name="poll")
        stopping = asyncio.create_task(self.stop.wait())
        done, _ = await asyncio.wait([sending, polling, stopping], return_when=asyncio.FIRST_COMPLETED)
        self.stop.set()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await sending
        for task in done - {stopping}:
            task.result()

    async def _watch(self) -> None:
        """See that polling and sending work, and tell what else is wrong."""
        while not self.stop.is_set():
            for kind, words in self.health.trouble().items():
                if kind == "storage":
                    continue  # told by the lifeline
                await self.alarm(words, f"trouble:{kind}:{self.clock.now():%y%m%d%H}")
            await self.watch_telegram()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), WATCH_EVERY)

    async def _guard(self) -> None:
        """See that what is said can be stored, in the file that was opened; raises StorageFailed when that is gone."""
        while not self.stop.is_set():
            if self.db.lost():
                logger.error("%s was deleted or replaced; what is written now would be lost", self.db.path)
                await self.lifeline.gone()
                raise StorageFailed(f"{GONE}（{self.db.path}），已停止")
            await self.lifeline.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), GUARD_EVERY)

    async def watch_telegram(self) -> None:
        """Tell by the channels that are left when Telegram is away, and by one message when it is back."""
        now = self.clock.now()
        try:
            if away := self.health.away():
                async with self.db.write() as tx:
                    await outage.begin(
                        tx,
                        now,
                        away.since,
                        polling=away.polling,
                        sending=away.sending,
                        refused=self.inbox.refused,
                    )
                self._away = True
            elif self._away and self.health.there():
                async with self.db.write() as tx:
                    await outage.end(tx, now)
                self._away = False
        except StorageFailed:
            logger.exception("an outage could not be noted; tried again")

    def _calendar(self) -> AsyncIOScheduler:
        """Daily jobs, in the room's zone; each may run late or twice without harm. Deadlines are rows, not jobs."""
        calendar = AsyncIOScheduler(
            timezone=self.settings.zone, job_defaults={"misfire_grace_time": None, "coalesce": True}
        )
        nil_at = self.db.rules.report.nil_report_at
        calendar.add_job(self.gap_check, CronTrigger(hour=9, minute=0, timezone=self.settings.zone))
        calendar.add_job(self.nightly_backup, CronTrigger(hour=3, minute=30, timezone=self.settings.zone))
        calendar.add_job(self.post_head, CronTrigger(hour=8, minute=0, timezone=self.settings.zone))
        calendar.add_job(
            self.nil_report, CronTrigger(hour=nil_at.hour, minute=nil_at.minute, timezone=self.settings.zone)
        )
        return calendar

    async def gap_check(self) -> None:
        """Look for what is wrong with the roster ahead."""
        async with self.db.write() as tx:
            await finding.daily(tx, self.clock.now())

    async def nil_report(self) -> None:
        """Offer the day's zero report when nothing happened."""
        async with self.db.write() as tx:
            await nil_report.offer(tx, self.clock.now())

    async def backup(self, kind: str = "每日") -> Path:
        """Write a checked backup, named by the room's time, and rotate its kind."""
        now = self.clock.now().astimezone(self.settings.zone)
        target = await backup.back_up(self.db, backup.backup_file(self.backups, now, kind))
        await asyncio.to_thread(backup.keep_files, self.files, self.backups)
        backup.rotate(self.backups, kind)
        return target

    async def nightly_backup(self) -> None:
        """Write the day's backup and look for damage; a failure is told to the admins."""
        if self.db.path is None:
            return  # PostgreSQL is backed up by its own means
        day = f"{self.clock.now():%y%m%d}"
        try:
            if damage := await self.db.damage():
                await self.alarm(f"数据库有损坏：{damage}。请看运行手册“数据库损坏”", f"damage:{day}")
            state = await asyncio.to_thread(backup.check, await self.backup())
        except (backup.BackupFailed, OSError, StorageFailed) as error:
            logger.exception("the nightly backup failed")
            await self.alarm(f"每日备份没有完成：{error}", f"backup:{day}")
        else:
            if isinstance(state, log.Broken):
                await self.alarm(f"日志链校验不过：{state.reason}", f"chain:{day}")

    async def missed_backup(self) -> None:
        """Write the day's backup at the start if the machine slept through its hour."""
        newest = backup.newest(self.backups)
        made = backup.written_at(newest) if newest else None
        now = self.clock.now().astimezone(self.settings.zone).replace(tzinfo=None)
        if made is not None and now - made > timedelta(hours=24):
            await self.nightly_backup()

    async def backup_for(self, chat: int) -> None:
        """Write a backup and say to a chat what became of it."""
        now = self.clock.now()
        notice: Notice
        try:
            target = await self.backup("手动")
            notice = say.BackupDone(file=target.name, at=now, size_kb=target.stat().st_size // 1024)
        except (backup.BackupFailed, OSError, StorageFailed) as error:
            notice = say.BackupFailed(why=str(error))
        async with self.db.write() as tx:
            await outbox.say(tx, now, notice, chat=chat)

    async def generate(self, draft: int) -> None:
        """Begin to solve a request; it goes on beside the loops, and again after a crash."""
        self._beside(make(self.db, self.clock, draft), f"generate D{draft}")

    def _beside(self, work: Coroutine[object, object, None], name: str) -> None:
        job = asyncio.create_task(work, name=name)
        self.jobs.add(job)
        job.add_done_callback(self._job_done)

    async def print(self, subject: str) -> None:
        """Begin to print what a row asks for; again until it is done."""
        self._beside(self.prints.print(subject), f"print {subject}")

    async def check(self, chat: int, made: Made) -> None:
        """Begin to check the log's chain and say what is made of it; asked again after a crash."""
        self._beside(self._checked(chat, made), "check of the log")

    async def _checked(self, chat: int, made: Made) -> None:
        async with self.db.read() as tx:
            checked = await log.verify(tx)
        async with self.db.write() as tx:
            now = self.clock.now()
            notice = await made(tx, now, checked)
            await outbox.say(tx, now, notice, chat=chat, subject=notice.event())

    def _job_done(self, job: asyncio.Task[None]) -> None:
        self.jobs.discard(job)
        if not job.cancelled() and (error := job.exception()):
            logger.error("%s failed", job.get_name(), exc_info=error)

    async def calendar(self, token: str) -> Served | None:
        """Return the calendar behind a link's token, None where there is none; raises StorageFailed."""
        now = self.clock.now()
        async with self.db.read() as tx:
            found = await feed.read(tx, now, token)
        if found is None:
            return None
        if found.to_note:
            await self._note_read(now, found.feed_id)
        return Served(*await asyncio.to_thread(_written, found.calendar, now))

    async def _note_read(self, now: datetime, feed_id: int) -> None:
        try:
            async with self.db.write() as tx:
                await feed.note_read(tx, now, feed_id)
        except StorageFailed:  # a full disk keeps nobody from reading the roster
            logger.exception("the reading of a feed could not be noted")

    async def post_head(self) -> None:
        """Post the log's head outside: within the database nothing shows a log rewritten as a whole."""
        async with self.db.read() as tx:  # beside the writer: a long log takes seconds
            verified = await log.verify(tx)
        text = (
            f"日志链第 {verified.count} 条，摘要 {verified.head[:16]}"
            if isinstance(verified, log.Verified)
            else f"日志链校验不过：{verified.reason}"
        )
        await self.alarm(text, f"head:{self.clock.now():%y%m%d}")

    async def close(self) -> None:
        """Close the connections; what is being solved is begun anew at the next start."""
        for job in list(self.jobs):
            job.cancel()
        await asyncio.gather(*self.jobs, return_exceptions=True)
        await self.lifeline.close()
        with contextlib.suppress(Exception):
            await self.bot.shutdown()  # type: ignore[union-attr]  # set in __post_init__
        await self.db.close()


def _written(calendar: Calendar, now: datetime) -> tuple[bytes, str]:
    from messages.roster_calendar import (  # noqa: PLC0415 - its writer is loaded with the first subscriber
        calendar_bytes,
        calendar_tag,
    )

    return calendar_bytes(calendar, now), calendar_tag(calendar)


def take_lock(settings: Settings, clock: Clock) -> FolderLock:
    """Take the data folder for this process; raises AlreadyRunning naming the holder."""
    lock = FolderLock(settings.data)
    lock.take(clock.now().astimezone(settings.zone))
    return lock

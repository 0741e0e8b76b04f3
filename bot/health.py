"""How the process is: ages of polling, sending and the loops, the newest backup, disk, clock, the database file."""

import asyncio
import shutil
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bot import fonts
from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.pulse import Pulse
from domain.notices.process import HealthNow
from storage import backup, deadline, inbox, log, outbox, people
from storage.database import Database, StorageFailed
from storage.migrate import HEAD

AWAY = timedelta(seconds=60)
"""So long may polling or sending fail before it is an outage; a long poll takes up to 35 s in fair weather."""
WAITING = timedelta(seconds=60)
LOOP_TROUBLE = timedelta(seconds=30)
BACKUP_TROUBLE = timedelta(hours=26)
DRIFT_TROUBLE = 30.0
"""Seconds."""
DISK_TROUBLE = 200 * 1024 * 1024


@dataclass(frozen=True)
class Away:
    """Telegram is away since then: polling fails, sending fails, or both."""

    since: datetime
    polling: bool
    sending: bool


@dataclass(frozen=True)
class Backup:
    """The newest backup, when it was made, and whether it is whole."""

    name: str
    at: datetime
    whole: bool


@dataclass
class Health:
    """Reads the state of the parts."""

    db: Database
    clock: Clock
    inbox: Inbox
    outbox: Outbox
    clockwork: Clockwork
    data: Path
    pulse: Pulse
    began: datetime | None = None
    """When the loops began to run."""
    drift: float | None = None
    """Seconds by which our time is ahead of Telegram's."""
    _checked: dict[tuple[str, int, int], bool] = field(default_factory=dict)
    """What the check of a backup said, by its name, size and time of change."""

    def heard(self, date: datetime) -> None:
        """Telegram told its time: whole seconds, cut off."""
        self.drift = round((self.clock.now() - date).total_seconds() - 0.5, 1)

    def away(self) -> Away | None:
        """Return since when Telegram is away, None while it is there."""
        now = self.clock.now()
        polled = self.inbox.last_poll or self.began
        polling = polled if self.inbox.conflict_since is None else None  # told by itself: Telegram is there
        since = [at if at and now - at >= AWAY else None for at in (polling, self.outbox.failing_since)]
        found = [at for at in since if at is not None]
        return Away(min(found), since[0] is not None, since[1] is not None) if found else None

    def there(self) -> bool:
        """Return True if Telegram has answered of late, and takes what is sent."""
        fresh = self.inbox.last_poll is not None and self.clock.now() - self.inbox.last_poll < AWAY
        return fresh and self.outbox.failing_since is None

    def trouble(self) -> dict[str, str]:
        """Return what is wrong now, in words, by its kind; Telegram's absence is `away`."""
        now = self.clock.now()
        found = {}
        if self.db.failed:
            found["storage"] = f"数据库用不了：{self.db.failed}"
        if self.clockwork.last_run and now - self.clockwork.last_run > LOOP_TROUBLE:
            found["due"] = "到期处理停顿"
        if stuck := self.pulse.stuck():
            found["loops"] = f"停住：{'、'.join(stuck)}"
        if self.free() < DISK_TROUBLE:
            found["disk"] = f"磁盘只剩 {self.free() >> 20} MB"
        if self.drift is not None and abs(self.drift) > DRIFT_TROUBLE:
            fast = "快" if self.drift > 0 else "慢"
            found["drift"] = f"本机时间比 Telegram {fast} {round(abs(self.drift))} 秒，请对时，再重启机器人"
        if late := self._backup_late(now):
            found["backup"] = late
        return found

    def _backup_late(self, now: datetime) -> str:
        if self.db.path is None or self.began is None:
            return ""  # PostgreSQL is backed up by its own means
        newest = backup.newest(self.backups)
        at = self._made(newest) if newest else None
        if now - (at or self.began) <= BACKUP_TROUBLE:
            return ""
        return f"最近备份是 {at:%m月%d日%H:%M} 的" if at else "还没有备份"

    @property
    def backups(self) -> Path:
        """Where backups are kept."""
        return self.data / "backups"

    def _made(self, file: Path) -> datetime | None:
        at = backup.written_at(file)
        return at.replace(tzinfo=self.db.zone) if at else None

    def free(self) -> int:
        """Return the free bytes of the data folder's disk."""
        return shutil.disk_usage(self.data).free if self.data.exists() else 0

    def newest_backup(self) -> Backup | None:
        """Return the newest backup, checked once as long as it stays the same; takes seconds for a large one."""
        file = backup.newest(self.backups)
        at = self._made(file) if file else None
        if file is None or at is None:
            return None
        state = file.stat()
        key = (file.name, state.st_size, state.st_mtime_ns)
        if key not in self._checked:
            try:
                backup.check(file)
            except backup.BackupFailed:
                self._checked = {key: False}
            else:
                self._checked = {key: True}
        return Backup(file.name, at, self._checked[key])

    async def now(self) -> HealthNow:
        """Return the state as a notice; a database that cannot be read is trouble too."""
        try:
            state = await self._read()
        except StorageFailed as error:
            state = HealthNow(at=self.clock.now(), trouble=(f"数据库读不了：{error}",))
        newest = await asyncio.to_thread(self.newest_backup)
        whole = newest is None or newest.whole
        own = [*self._telegram(), *self.trouble().values(), *([] if whole else ["最近的备份校验不过"])]
        return state.model_copy(
            update={
                "trouble": (*own, *state.trouble),
                "version": version(),
                "revision": HEAD,
                "polled": self.inbox.last_poll,
                "backup": newest.name if newest else None,
                "backup_at": newest.at if newest else None,
                "backup_whole": newest.whole if newest else None,
                "free_mb": self.free() >> 20,
                "drift": self.drift,
                "pictures": await asyncio.to_thread(fonts.cjk_font) is not None,
            }
        )

    def _telegram(self) -> list[str]:
        away = self.away()
        if away is None:
            return ["另一个进程占着机器人令牌（409）"] if self.inbox.conflict_since else []
        what = [*(["收不到消息"] if away.polling else []), *(["发不出消息"] if away.sending else [])]
        why = "，令牌被拒绝" if self.inbox.refused else ""
        return [f"连不上 Telegram：{'、'.join(what)}，已 {self._seconds(away.since)} 秒{why}"]

    def _seconds(self, since: datetime) -> int:
        return int((self.clock.now() - since).total_seconds())

    async def _read(self) -> HealthNow:
        now = self.clock.now()
        async with self.db.read() as tx:
            rows = await outbox.ages(tx)
            oldest = await outbox.oldest(tx)
            unhandled, unhandled_since = await inbox.unhandled(tx)
            overdue, overdue_since = await deadline.open_since(tx, now)
            aside = await inbox.set_aside(tx)
            lost = await people.unreachable(tx)
            last = await log.entries(tx, limit=1)
        trouble = []
        if unhandled_since and now - unhandled_since > WAITING:
            trouble.append(f"{unhandled} 条收到的消息没有处理，最早的已 {self._seconds(unhandled_since)} 秒")
        if overdue_since and now - overdue_since > WAITING:
            trouble.append(f"{overdue} 个到期事项没有处理，最早的已 {self._seconds(overdue_since)} 秒")
        return HealthNow(
            at=now,
            trouble=tuple(trouble),
            pending=rows.get("pending", 0) + rows.get("sending", 0),
            oldest=oldest,
            failed=rows.get("failed", 0),
            unhandled=unhandled,
            unhandled_since=unhandled_since,
            set_aside=aside,
            overdue=overdue,
            overdue_since=overdue_since,
            unreachable=tuple(f"{p.name} {p.phone}".strip() for p in lost[:10]),
            unreachable_more=max(0, len(lost) - 10),
            log_count=last[-1].seq if last else 0,
        )


@cache
def version() -> str:
    """Return the version of this checkout."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])

"""How the process is: ages of polling, sending and the loops, the newest backup, disk, the database file."""

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import fonts
from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.inbox import Inbox
from bot.outbox import Outbox
from domain.notices.process import HealthNow
from storage import inbox, log, outbox, people
from storage.database import Database

POLL_TROUBLE = timedelta(seconds=90)
SEND_TROUBLE = timedelta(seconds=60)
LOOP_TROUBLE = timedelta(seconds=30)
DISK_TROUBLE = 200 * 1024 * 1024


@dataclass
class Health:
    """Reads the state of the parts."""

    db: Database
    clock: Clock
    inbox: Inbox
    outbox: Outbox
    clockwork: Clockwork
    data: Path

    def trouble(self) -> list[str]:
        """Return what is wrong now, in words."""
        now = self.clock.now()
        found = []
        if self.inbox.last_poll and now - self.inbox.last_poll > POLL_TROUBLE:
            found.append(f"{_ago(now, self.inbox.last_poll)}没有收到 Telegram 应答")
        if self.outbox.failing_since and now - self.outbox.failing_since > SEND_TROUBLE:
            found.append(f"发送失败已 {_ago(now, self.outbox.failing_since)}")
        if self.clockwork.last_run and now - self.clockwork.last_run > LOOP_TROUBLE:
            found.append("到期处理停顿")
        if self.free() < DISK_TROUBLE:
            found.append(f"磁盘只剩 {self.free() // 1024 // 1024} MB")
        return found

    def free(self) -> int:
        """Return the free bytes of the data folder's disk."""
        return shutil.disk_usage(self.data).free if self.data.exists() else 0

    def newest_backup(self) -> str | None:
        """Return the name of the newest backup."""
        found = sorted((self.data / "backups").glob("*.sqlite3"))
        return found[-1].name if found else None

    async def now(self) -> HealthNow:
        """Return the state as a notice."""
        async with self.db.read() as tx:
            rows = await outbox.ages(tx)
            lost = await people.unreachable(tx)
            last = await log.entries(tx, limit=1)
            aside = await inbox.set_aside(tx)
        face = await asyncio.to_thread(fonts.cjk_font)
        now = self.clock.now()
        return HealthNow(
            at=now,
            trouble=tuple(self.trouble()),
            polled=self.inbox.last_poll,
            pending=rows.get("pending", 0) + rows.get("sending", 0),
            failed=rows.get("failed", 0),
            set_aside=aside,
            backup=self.newest_backup(),
            free_mb=self.free() // 1024 // 1024,
            unreachable=tuple(f"{p.name} {p.phone}".strip() for p in lost[:10]),
            unreachable_more=max(0, len(lost) - 10),
            log_count=last[-1].seq if last else 0,
            pictures=face is not None,
        )


def _ago(now: datetime, then: datetime) -> str:
    return f"{int((now - then).total_seconds())} 秒"

"""What is said about the process and the day's zero report."""

from datetime import date, datetime
from typing import ClassVar

from domain.notice import Notice, Priority


class HealthNow(Notice):
    """How the process is; `pictures`: there is a font to draw Chinese with.

    `oldest`: since when the oldest message waits to be sent, `unhandled_since` the oldest update to be handled,
    `overdue_since` the oldest step to be acted on. `backup_whole`: what a check of the newest backup said.
    `drift`: seconds by which this machine's time is ahead of Telegram's.
    """

    at: datetime
    trouble: tuple[str, ...] = ()
    version: str = ""
    revision: str = ""
    polled: datetime | None = None
    pending: int = 0
    oldest: datetime | None = None
    failed: int = 0
    unhandled: int = 0
    unhandled_since: datetime | None = None
    set_aside: int = 0
    overdue: int = 0
    overdue_since: datetime | None = None
    backup: str | None = None
    backup_at: datetime | None = None
    backup_whole: bool | None = None
    free_mb: int = 0
    drift: float | None = None
    unreachable: tuple[str, ...] = ()
    unreachable_more: int = 0
    log_count: int = 0
    pictures: bool = True

    def public(self) -> dict[str, object]:
        """Return the state for whoever watches the process: ages in seconds, and nobody's name or number."""

        def age(since: datetime | None) -> int | None:
            return None if since is None else round((self.at - since).total_seconds())

        return {
            "status": "trouble" if self.trouble else "ok",
            "trouble": list(self.trouble),
            "at": self.at.isoformat(),
            "version": self.version,
            "schema": self.revision,
            "poll_age_s": age(self.polled),
            "outbox": {
                "waiting": self.pending,
                "oldest_age_s": age(self.oldest),
                "undeliverable": self.failed,
            },
            "inbox": {
                "waiting": self.unhandled,
                "oldest_age_s": age(self.unhandled_since),
                "set_aside": self.set_aside,
            },
            "deadlines": {"overdue": self.overdue, "oldest_age_s": age(self.overdue_since)},
            "backup": {"file": self.backup, "age_s": age(self.backup_at), "whole": self.backup_whole},
            "disk_free_mb": self.free_mb,
            "clock_drift_s": self.drift,
            "unreachable": len(self.unreachable) + self.unreachable_more,
            "log_entries": self.log_count,
            "pictures": self.pictures,
        }


class Away(Notice):
    """Telegram cannot be reached, by a channel that is left: receiving or sending fails since then."""

    priority = Priority.CLOCK
    by_channel: ClassVar[bool] = True
    room: str
    since: datetime
    at: datetime
    polling: bool
    sending: bool
    refused: bool


class Back(Notice):
    """Telegram is there again after so many minutes."""

    priority = Priority.CLOCK
    since: datetime
    at: datetime
    minutes: int


class StorageDown(Notice):
    """Nothing can be stored since then: sent without the database."""

    priority = Priority.CLOCK
    room: str
    why: str
    since: datetime
    at: datetime
    damaged: bool = False


class StorageGone(Notice):
    """The database file is not the one that was opened: the process stops. Sent without the database."""

    priority = Priority.CLOCK
    room: str
    at: datetime


class StorageBack(Notice):
    """What is said is stored again, after so many seconds."""

    priority = Priority.CLOCK
    why: str
    since: datetime
    at: datetime
    seconds: int


class Stalled(Notice):
    """Sending works, but these people's messages were tried again and again in vain."""

    priority = Priority.CLOCK
    names: tuple[str, ...]
    more: int
    messages: int
    why: str
    at: datetime


class BackupDone(Notice):
    """A checked backup was written."""

    file: str
    at: datetime
    size_kb: int


class BackupFailed(Notice):
    """The backup could not be written."""

    why: str


class NilOffer(Notice):
    """Nothing happened today: the zero report is offered."""

    priority = Priority.REMINDER
    day: date
    superior: str


class NilSent(Notice):
    """The zero report is recorded and told to the superior; `again`: it had been before, at `at`."""

    toast = True
    day: date
    at: datetime
    superior: str
    again: bool


class NilForSuperior(Notice):
    """One line to the superior, as it stands in the duty log."""

    line: str
    room: str
    officer: str
    at: datetime


class NilOvertaken(Notice):
    """Something happened after the day's zero report: it no longer holds."""

    priority = Priority.CLOCK
    number: str
    day: date
    sent_at: datetime
    superior: str


class NilRefused(Notice):
    """Something happened: no zero report."""

    alert = True
    day: date
    incidents: tuple[str, ...]

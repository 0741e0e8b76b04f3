"""What is said about the process and the day's zero report."""

from datetime import date, datetime

from domain.notice import Notice, Priority


class HealthNow(Notice):
    """How the process is; `pictures`: there is a font to draw Chinese with."""

    at: datetime
    trouble: tuple[str, ...]
    polled: datetime | None
    pending: int
    failed: int
    set_aside: int
    backup: str | None
    free_mb: int
    unreachable: tuple[str, ...]
    unreachable_more: int
    log_count: int
    pictures: bool = True


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

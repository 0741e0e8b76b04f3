"""What is said about the duty log when it is looked through."""

from datetime import date, datetime

from pydantic import BaseModel

from domain.notice import Notice


class LogRow(BaseModel, frozen=True):
    """An entry as it stands and what corrects it, oldest first; `kind`: the act, `file`: its file's name.

    `cut`: something of it was too long for a list and is shortened.
    """

    at: datetime
    number: int
    kind: str
    subject: str
    person: str
    text: str
    file: str
    corrected_by: tuple[str, ...]
    cut: bool


class LogDay(BaseModel, frozen=True):
    """A calendar day of the duty log, to be printed."""

    room: str
    day: date
    leaders: tuple[str, ...]
    officers: tuple[str, ...]
    phone: str
    rows: tuple[LogRow, ...]


class LogFound(Notice):
    """The newest entries that fit, oldest first, and how many older ones fit (`capped`: at least so many).

    `day`: of this calendar day; `since`: since this shift or day began; `days`: of so many days back; none: of all.
    `holder`: whose watch it is.
    """

    asked: tuple[str, ...]
    day: date | None
    since: datetime | None
    holder: str
    days: int | None
    rows: tuple[LogRow, ...]
    more: int
    capped: bool


class LogEntry(Notice):
    """One entry in full; `asked`: its own number, or that of a correction of it. `sha256`: of its file."""

    asked: int
    row: LogRow
    sha256: str


class LogPrinting(Notice):
    """The day's print is on its way."""

    day: date
    count: int

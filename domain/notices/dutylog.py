"""What is said about the duty log when it is looked through."""

from datetime import date, datetime

from pydantic import BaseModel

from domain.notice import Notice


class LogRow(BaseModel, frozen=True):
    """An entry as it was written, and the entries that correct it; `kind`: the act."""

    at: datetime
    number: int
    kind: str
    subject: str
    person: str
    text: str
    file: str
    corrected_by: tuple[str, ...]


class LogDay(Notice):
    """A calendar day of the duty log, to be printed."""

    room: str
    day: date
    leaders: tuple[str, ...]
    officers: tuple[str, ...]
    phone: str
    rows: tuple[LogRow, ...]


class LogFound(Notice):
    """The entries that fit; `since`: they are of this shift; `total` of them, of which the newest are shown."""

    what: str
    since: datetime | None
    day: date | None
    rows: tuple[LogRow, ...]
    total: int


class LogPrinting(Notice):
    """The day's print is on its way."""

    day: date
    count: int

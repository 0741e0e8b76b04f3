"""What is said about first words on their way in: files, additions, what became of them, and mending."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority


class EventFile(Notice):
    """A file of an event, sent as it is kept: `what` says in Chinese what it is, `words` came with it."""

    priority = Priority.CLOCK
    number: str
    name: str
    sha256: str
    picture: bool
    by: str
    at: datetime
    words: str


class FileAttached(Notice):
    """A file or an entry of the duty log now belongs to an event."""

    toast = True
    number: str
    name: str
    at: datetime


class NoFiles(Notice):
    """The event has no files."""

    alert = True
    number: str


class Added(Notice):
    """The reporter hears that what he sent was added to his word; `refused`: why his file was not taken."""

    number: str
    at: datetime
    file: str | None
    refused: str | None


class WordAdded(Notice):
    """The officer hears what a reporter or leader added; `draft`: its words, to fill in or (`submitted`) to report.

    `word`: the report they are for.
    """

    priority = Priority.CLOCK
    number: str
    title: str
    reporter: str
    unit: str
    phone: str
    text: str
    draft: int | None
    submitted: bool
    word: str = "续报"


class HandedOn(Notice):
    """A leader hears to whom the words for a report went: it is the officers who write and send it."""

    number: str
    word: str
    told: str
    at: datetime


class WordOutcome(Notice):
    """The reporter hears what became of his word: `state` is open, joined or logged."""

    number: str
    state: str
    target: str | None
    officer: str
    phone: str


class Merged(Notice):
    """An incident opened twice was joined to the other; its clocks are not required."""

    toast = True
    number: str
    target: str


class TakeFirst(Notice):
    """The word to join to waits itself: it is to be taken up first."""

    alert = True
    number: str
    target: str


class NotMerged(Notice):
    """A report of the incident was submitted: it stands for itself."""

    alert = True
    number: str


class Split(Notice):
    """The second event of a message is an incident of its own."""

    toast = True
    number: str
    other: str


class MendAsked(Notice):
    """One field of an incident is asked for; `kinds`: types to pick, as (word, subject of the button)."""

    number: str
    field: str
    example: str
    kinds: tuple[tuple[str, str], ...]


class Change(BaseModel, frozen=True):
    """A field as it stood (None: empty) and as it is now; `when`: the moment a time was read as."""

    field: str
    old: str | None
    new: str
    when: datetime | None = None


class Differ(BaseModel, frozen=True):
    """A field that stands otherwise than was said; `subject` of the button, None where a reason must be written."""

    field: str
    old: str
    new: str
    subject: str | None


class Mended(Notice):
    """What was filled in or corrected, and what was left because it stands otherwise."""

    number: str
    at: datetime
    changes: tuple[Change, ...]
    differs: tuple[Differ, ...]
    raised: str | None


class Submitted(Notice):
    """The first report was submitted: its facts stand, the words are kept for a follow-up."""

    number: str
    draft: int

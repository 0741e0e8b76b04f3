"""What is said about sources of bulletins by HTTP."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from domain.notice import Notice, Priority
from domain.notices.callout import Head


class Token(Notice):
    """A source's token, shown this once; `replaced`: an older one ended; `local`: opens on the server only."""

    secret: ClassVar[bool] = True
    name: str
    token: str
    url: str
    replaced: bool
    local: bool
    at: datetime


class Line(BaseModel, frozen=True):
    """One source as it is listed."""

    name: str
    ended: bool
    last_at: datetime | None


class Sources(Notice):
    """The sources, those in force first."""

    lines: tuple[Line, ...]


class Ended(Notice):
    """A source's token is no longer good."""

    name: str
    at: datetime


class NoSource(Notice):
    """No source in force has this name."""

    name: str
    names: tuple[str, ...]


class Crowded(Notice):
    """More came from a source than was shown: the rest waits as drafts, by number."""

    priority = Priority.WARNING
    name: str
    numbers: tuple[str, ...]
    more: int


class Waiting(Notice):
    """A warning that came by HTTP has been neither dispatched nor put away; `officer`: whose it is, for the leader."""

    priority = Priority.LADDER
    timely = True
    head: Head
    name: str
    minutes: int
    officer: str | None
    late_minutes: int | None

"""What is said about fallback channels, and what goes out by them."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from domain.notice import Notice, Priority
from domain.notices.callout import Head


class Added(Notice):
    """A channel is in force; `local`: the pages' address opens on the server only, so links would be of no use."""

    target: str
    name: str
    where: str
    replaced: bool
    unit: bool
    local: bool
    at: datetime


class WrongAddress(Notice):
    """The address is none that can be sent to; the right forms. It is not repeated: it may hold a key."""

    target: str
    name: str


class NoTarget(Notice):
    """No person or unit, or several, answer to this name."""

    target: str
    near: tuple[str, ...]
    several: int


class Line(BaseModel, frozen=True):
    """One channel as it is listed: its scheme and host only."""

    target: str
    name: str
    where: str


class Channels(Notice):
    """The channels in force; `target` "" for all."""

    target: str
    lines: tuple[Line, ...]
    more: int


class Removed(Notice):
    """A channel is no longer in force."""

    target: str
    name: str
    at: datetime


class NoChannel(Notice):
    """The target has no channel of this name (`name` "": none at all)."""

    target: str
    name: str
    names: tuple[str, ...]


class Trying(Notice):
    """Trials are under way; what comes of them follows."""

    target: str
    names: tuple[str, ...]


class Trial(Notice):
    """The trial itself, as it arrives; `by`: who asked and is told what came of it."""

    by_channel: ClassVar[bool] = True
    channel: int
    by: int
    target: str
    name: str
    room: str
    phone: str
    at: datetime


class TrialResult(Notice):
    """What came of a trial; `why` when it did not arrive for sure."""

    target: str
    name: str
    arrived: bool
    why: str
    at: datetime


class ByChannel(Notice):
    """A warning to somebody without the chat, or silent there: verbatim, with a personal link; in plain letters.

    `urging`: it went out before, and nothing was answered.
    """

    priority = Priority.LADDER
    timely = True
    by_channel: ClassVar[bool] = True
    head: Head
    raw: str
    advice: str
    name: str
    units: tuple[str, ...]
    as_b: bool
    urging: bool
    url: str
    room: str
    phone: str
    late_minutes: int | None
    again: bool


class Failure(BaseModel, frozen=True):
    """A channel (`channel` "": ended since) by which a person could not be reached."""

    name: str
    phone: str
    channel: str
    why: str


class Failed(Notice):
    """The officer hears whom the channels did not reach: they have to be called."""

    priority = Priority.LADDER
    head: Head
    lines: tuple[Failure, ...]
    more: int

"""Sources of bulletins by HTTP: what 来源 asks for, and how many of theirs are put before the officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_NAME = 20
PER_MINUTE, PER_HOUR = 6, 30
"""So many cards a source may put before the officers; the rest is kept, counted and told in one message."""
WAITS = {
    True: (timedelta(minutes=2), timedelta(minutes=5)),
    False: (timedelta(minutes=10), timedelta(minutes=20)),
}
"""By urgency: when the officer is reminded of a draft that waits, and when the leader is told."""
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class ShowAll:
    """来源."""


@dataclass(frozen=True)
class Add:
    """来源 新增 区应急局: a token for a source; a newer one ends the older."""

    name: str


@dataclass(frozen=True)
class End:
    """来源 停用 区应急局."""

    name: str


Wish = ShowAll | Add | End


def read_wish(text: str) -> Wish | None:
    """Return what is asked for; None when it is not understood."""
    match text.split():
        case []:
            return ShowAll()
        case ["新增", name] if len(name) <= LONGEST_NAME:
            return Add(name)
        case ["停用", name]:
            return End(name)
        case _:
            return None


def is_urgent(colour: str | None) -> bool:
    """Return True for red and orange, and for a colour that was not read: they have places of their own."""
    return colour not in ("蓝", "黄")


def may_show(now: datetime, came: Sequence[datetime]) -> bool:
    """Return True while a source's cards do not crowd the officers out.

    `came`: when its bulletins of this urgency came within the hour, the one in question included.
    """
    return sum(now - at < MINUTE for at in came) <= PER_MINUTE and len(came) <= PER_HOUR

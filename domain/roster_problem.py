"""What a roster is made from and what comes out of it: plain values, posts as plain strings, times aware."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from domain.day_kind import DayKind
from domain.roster_fairness import NOTHING, Served

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Slot:
    """One post of one shift, for `count` people; `day`: the calendar day it belongs to; `key` is its own."""

    key: str
    post: str
    starts_at: datetime
    ends_at: datetime
    day: date
    kind: DayKind
    count: int = 1


@dataclass(frozen=True)
class Worker:
    """Somebody who may be put on duty.

    `leave`: first and last day, a shift of such a day is not theirs; `served`: by post, this year and before the
    slots; `busy`: shifts that stand already and are not to be changed.
    """

    id: int
    name: str
    posts: frozenset[str]
    leave: tuple[tuple[date, date], ...] = ()
    served: Mapping[str, Served] = field(default_factory=dict)
    busy: tuple[Span, ...] = ()

    def is_away(self, day: date) -> bool:
        """Return True on a day of leave."""
        return any(first <= day <= last for first, last in self.leave)

    def served_in(self, post: str) -> Served:
        """Return what was served in a post before."""
        return self.served.get(post, NOTHING)


@dataclass(frozen=True)
class Rules:
    """What no roster may break.

    `rest`: least time between two shifts of one person, whatever the posts; `apart`: people never on duty at the
    same time; `together`: people newly put on duty on a day only if all of the set are on duty that day.
    """

    rest: timedelta = timedelta(hours=24)
    apart: tuple[frozenset[int], ...] = ()
    together: tuple[frozenset[int], ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Unmet:
    """A slot that lacks `missing` people; `why` in Chinese: what keeps each of the qualified from it."""

    slot: str
    missing: int
    why: str


@dataclass(frozen=True)
class Plan:
    """A roster: who takes which slot, in the order of time; what stayed open; how even it is.

    `counts`: by worker and post, what was served before included; `spread`: by post, the most less the least;
    `optimal`: each month was proven the fullest, then the fairest, that its forerunners leave.
    """

    assigned: tuple[tuple[str, int], ...]
    unmet: tuple[Unmet, ...]
    counts: Mapping[tuple[int, str], Served]
    spread: Mapping[str, Served]
    optimal: bool

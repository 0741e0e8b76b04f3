"""Calendar feeds: what is asked for, and what a subscriber's calendar shows of the roster (times aware)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class Wish(Enum):
    """What 日历 and the word after it ask for."""

    OWN = ""
    ROOM = "值班室"
    END = "停用"


def read_wish(text: str) -> Wish | None:
    """Return what the words after 日历 ask for; None when they are not understood."""
    return next((wish for wish in Wish if wish.value == text.strip()), None)


@dataclass(frozen=True)
class Standing:
    """A person on a post (in words) during a shift; `key` stays the same while the shift stands."""

    key: str
    post: str
    label: str
    person_id: int
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar: a shift, and who is on it (`post` "" in the room's calendar)."""

    key: str
    post: str
    label: str
    starts_at: datetime
    ends_at: datetime
    people: tuple[Standing, ...]


@dataclass(frozen=True)
class Calendar:
    """A feed's calendar; `owner` "" for the room's; `alarm`: how long before a shift it rings."""

    owner: str
    room: str
    phone: str
    zone: str
    alarm: timedelta
    entries: tuple[Entry, ...]


def entries_of(person_id: int, shifts: Sequence[Standing]) -> tuple[Entry, ...]:
    """Return a person's shifts, each with those who are on at the same time."""
    return tuple(
        Entry(
            own.key,
            own.post,
            own.label,
            own.starts_at,
            own.ends_at,
            tuple(s for s in shifts if s.person_id != person_id and _together(own, s)),
        )
        for own in shifts
        if own.person_id == person_id
    )


def entries_of_room(shifts: Sequence[Standing]) -> tuple[Entry, ...]:
    """Return the room's shifts, each once with everybody on it."""
    spans = dict.fromkeys((s.starts_at, s.ends_at, s.label) for s in shifts)
    return tuple(
        Entry(
            f"R{start:%Y%m%d%H%M}-{end:%Y%m%d%H%M}-{label.encode().hex()}".rstrip("-"),
            "",
            label,
            start,
            end,
            tuple(s for s in shifts if (s.starts_at, s.ends_at, s.label) == (start, end, label)),
        )
        for start, end, label in spans
    )


def _together(one: Standing, other: Standing) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at

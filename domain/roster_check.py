"""What is wrong with a roster ahead: open posts, clashes, leave, people gone or out of reach (product.md §4)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.roster import Post, Slot


class Wrong(StrEnum):
    """Kinds of findings, the gravest first."""

    GAP = "gap"
    CLASH = "clash"
    LEAVE = "leave"
    LEFT = "left"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Standing:
    """A shift as the check sees it: post, person, from, to (aware)."""

    post: Post
    person_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Finding:
    """One thing wrong, from, to (aware): `missing` people of a post (gap), else whose shift it is."""

    kind: Wrong
    post: Post
    person_id: int | None
    starts_at: datetime
    ends_at: datetime
    missing: int = 0


@dataclass(frozen=True)
class OnLeave:
    """A person away from the first to the last calendar day, both included."""

    person_id: int
    first: date
    last: date


@dataclass(frozen=True)
class People:
    """What the check knows of people: who has left, who has neither account nor phone, who is on leave."""

    left: Collection[int] = ()
    unreachable: Collection[int] = ()
    leaves: Sequence[OnLeave] = ()


def open_spans(slots: Iterable[Slot], shifts: Sequence[Standing]) -> list[Finding]:
    """Return where a slot has fewer people than it needs, in order; neighbouring spans of a slot are one."""
    found: list[Finding] = []
    for slot in slots:
        for post, need in sorted(slot.needs.items(), key=lambda item: item[0].rank):
            found += _open_in(slot, post, need, [s for s in shifts if s.post is post])
    return sorted(set(found), key=lambda f: (f.starts_at, f.post.rank, f.ends_at))


def uncovered(slots: Iterable[Slot], posts: Iterable[Post], start: datetime, end: datetime) -> list[Finding]:
    """Return when none of these slots asks for a post at all, from start to end."""
    asked = [Standing(post, n, s.starts_at, s.ends_at) for n, s in enumerate(slots) for post in s.needs]
    return open_spans([Slot("", start, end, dict.fromkeys(posts, 1))], asked)


def _open_in(slot: Slot, post: Post, need: int, shifts: Sequence[Standing]) -> list[Finding]:
    within = [s for s in shifts if s.starts_at < slot.ends_at and s.ends_at > slot.starts_at]
    moments = {slot.starts_at, slot.ends_at}
    moments |= {at for s in within for at in (s.starts_at, s.ends_at) if slot.starts_at < at < slot.ends_at}
    edges = sorted(moments)
    found: list[Finding] = []
    for start, end in pairwise(edges):
        there = {s.person_id for s in within if s.starts_at <= start and s.ends_at >= end}
        missing = need - len(there)
        if missing <= 0:
            continue
        if found and found[-1].ends_at == start and found[-1].missing == missing:
            start = found.pop().starts_at  # noqa: PLW2901 - the span goes on
        found.append(Finding(Wrong.GAP, post, None, start, end, missing))
    return found


def check(slots: Iterable[Slot], shifts: Sequence[Standing], people: People, zone: ZoneInfo) -> list[Finding]:
    """Return everything wrong with these shifts, the gravest kinds first and each in order of time."""
    of_person = _clashes(shifts)
    for s in shifts:
        if any(away.person_id == s.person_id and on_leave(away, s, zone) for away in people.leaves):
            of_person.append(_of(Wrong.LEAVE, s))
        if s.person_id in people.left:
            of_person.append(_of(Wrong.LEFT, s))
        elif s.person_id in people.unreachable:
            of_person.append(_of(Wrong.UNREACHABLE, s))
    kinds = list(Wrong)
    of_person.sort(key=lambda f: (kinds.index(f.kind), f.starts_at, f.post.rank))
    return open_spans(slots, shifts) + of_person


def on_leave(away: OnLeave, s: Standing, zone: ZoneInfo) -> bool:
    """Return True if the shift begins on a day of the leave: leave and rosters are counted by calendar days."""
    return away.first <= s.starts_at.astimezone(zone).date() <= away.last


def _of(kind: Wrong, s: Standing) -> Finding:
    return Finding(kind, s.post, s.person_id, s.starts_at, s.ends_at)


def _clashes(shifts: Sequence[Standing]) -> list[Finding]:
    """Return the shifts that begin while the same person still stands on another."""
    by_person: dict[int, list[Standing]] = {}
    for s in sorted(shifts, key=lambda s: (s.starts_at, s.ends_at)):
        by_person.setdefault(s.person_id, []).append(s)
    return [
        _of(Wrong.CLASH, later)
        for own in by_person.values()
        for index, later in enumerate(own)
        if any(earlier.ends_at > later.starts_at for earlier in own[:index])
    ]

"""Whether two tellings are of one event: by place, kind and time, with the reason that is shown.

It suggests and nothing more: a person joins.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

LIKELY = 4
"""The least sum of points at which two tellings are suggested as one event."""
FAR = timedelta(hours=12)
"""Tellings of times further apart are not of one event."""
_STEPS = ((timedelta(minutes=15), 2), (timedelta(hours=3), 1), (FAR, -1))
"""Up to so far apart in time: so many points."""
_LEFT_OUT = re.compile(r"[\s,，。、:：()（）\"“”·]|附近|旁边|对面|门口|里面|街道")
_HOUSE = re.compile(r"\d+(?:号楼|号院|号|栋|幢|座|楼)")
_KIN = 0.5
"""From this share of common pairs of characters on, two names are of one neighbourhood."""
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Telling:
    """What is known of an event for this: None is not said; `at` is when it happened, else when it was told."""

    number: str
    title: str
    place: str | None
    category: str | None
    subtype: str | None
    at: datetime
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Likely:
    """An event that may be the same, why, and how many points speak for it."""

    telling: Telling
    reason: str
    points: int


def score(new: Telling, old: Telling) -> Likely | None:
    """Return why two tellings may be of one event, None when they are not likely to be."""
    apart = abs(new.at - old.at)
    if apart > FAR:
        return None
    (place, where), (kind, what) = _place(new.place, old.place), _kind(new, old)
    points = place + kind + next(given for limit, given in _STEPS if apart <= limit)
    if points < LIKELY:
        return None
    return Likely(old, "、".join(filter(None, (where, what, _apart(apart)))), points)


def likely(new: Telling, others: Iterable[Telling], most: int = 3) -> list[Likely]:
    """Return the events that may be the same, the likeliest and newest first."""
    found = [one for old in others if old.number != new.number and (one := score(new, old))]
    return sorted(found, key=lambda one: (-one.points, -one.telling.at.timestamp()))[:most]


def another(new: Telling, old: Telling, *, said: bool) -> bool:
    """Return True if a second telling of one person is of another event.

    It names another place; when it is `said` to be a first report, also unless it names the same place or kind.
    """
    place, kind = _place(new.place, old.place)[0], _kind(new, old)[0]
    return place < 0 or (said and place <= 0 and kind <= 0)


def _apart(apart: timedelta) -> str:
    minutes = round(apart.total_seconds() / 60)
    if minutes < 1:
        return "同一时间"
    return f"相差{minutes}分钟" if minutes < 120 else f"相差约{round(minutes / 60)}小时"  # noqa: PLR2004 - two hours are said in hours


def _place(one: str | None, other: str | None) -> tuple[int, str]:
    if not one or not other:
        return 0, ""
    (name, houses), (named, others) = _read(one), _read(other)
    same = name == named or (name and named and (name in named or named in name))
    if houses and others and not houses & others:
        return (2, "地点相近（楼号不同）") if same or _kin(name, named) else (-3, "")
    if same:
        return 3, "同一地点"
    return (2, "地点相近") if _kin(name, named) else (-3, "")


@lru_cache(1024)
def _read(place: str) -> tuple[str, frozenset[str]]:
    """Return the name of a place without its house numbers, and those."""
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFKC", place))
    return _HOUSE.sub("", plain), frozenset(_HOUSE.findall(plain))


@lru_cache(1024)
def _pairs(words: str) -> frozenset[str]:
    return frozenset(words[at : at + _PAIR] for at in range(len(words) - 1))


def _kin(one: str, other: str) -> bool:
    a, b = _pairs(one), _pairs(other)
    return bool(a and b) and _PAIR * len(a & b) / (len(a) + len(b)) >= _KIN


def _kind(new: Telling, old: Telling) -> tuple[int, str]:
    if new.category is None or old.category is None:
        return 0, ""
    if new.category != old.category:
        return -2, ""
    one, other = (kind.subtype.removesuffix("(疑似)") if kind.subtype else "" for kind in (new, old))
    if one and one == other:
        return 2, f"都是{one}"
    if common := _common(one, other):
        return 1, f"都是{common}"
    return 0, ""


def _common(one: str, other: str) -> str:
    """Return the last pair of characters two kinds have in common (居民火灾, 高层火灾: 火灾)."""
    return next((one[at : at + 2] for at in range(len(one) - 2, -1, -1) if one[at : at + 2] in other), "")

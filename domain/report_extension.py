"""Reads and judges a wish for more time on a report: how long, or until when, and why (product.md §7)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.numerals import NUMBER, read_number
from domain.report_profile import LaneName

HALF_DAY = timedelta(hours=12)
Refused = Literal["over", "shorter", "too_long"]

_LANES: dict[str, LaneName] = {"电话": "phone", "书面": "written"}
_COUNT = rf"(?:[0-9]{{1,4}}|{NUMBER})"
_LENGTH = re.compile(
    rf"(?:(?P<hours>{_COUNT})\s?个?(?:小时|h)(?P<half>半)?)?\s?(?:(?P<minutes>{_COUNT})\s?(?:分钟?|min|m))?(?P<only>半个?小时)?"
)
_UNTIL = re.compile(
    r"(?:至|到|延至|延到)\s?(?P<h>[0-9]{1,2})(?::(?P<m>[0-9]{2})|[点时](?P<cm>[0-9]{1,2})?分?)"
)


@dataclass(frozen=True, slots=True)
class Extension:
    """What was asked for: the lane, `more` time after the present end, or `until` a time of day; why."""

    lane: LaneName
    more: timedelta | None
    until: time | None
    reason: str


def read_extension(words: str) -> Extension | None:
    """Return what `电话 20分钟 线路不通` or `书面 至15:40 领导在途` asks for; None when it cannot be read."""
    text = unicodedata.normalize("NFKC", words).strip()
    lane = _LANES.get(text[:2])
    rest = re.sub(
        r"^(?:报告)?[\s,，:：]*(?:再|需要?|申请)*(?:延期?|推迟|晚)?(?=\s?[\d半一二三四五六七八九十两])",
        "",
        text[2:].strip(),
    )
    rest = re.sub(r"^报告", "", rest).strip()
    found = _UNTIL.match(rest) or _LENGTH.match(rest)
    if lane is None or found is None or not found[0].strip():
        return None
    reason = rest[found.end() :].strip(" ,，。:：")
    if found.re is _UNTIL:
        hour, minute = int(found["h"]), int(found["m"] or found["cm"] or 0)
        return Extension(lane, None, time(hour, minute), reason) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - the clock's own bounds
    return Extension(lane, _length(found), None, reason)


def _length(found: re.Match[str]) -> timedelta:
    hours, minutes = (read_number(found[name] or "0") or 0 for name in ("hours", "minutes"))
    halves = bool(found["half"]) + bool(found["only"])
    return timedelta(hours=hours, minutes=minutes + 30 * halves)


def extend(
    asked: Extension, due_at: datetime, now: datetime, most: timedelta, zone: ZoneInfo
) -> datetime | Refused:
    """Return the new end, or why there is none: it is over already, not later than before, or by more than `most`."""
    if now >= due_at:
        return "over"
    end = due_at + asked.more if asked.more is not None else _next(asked.until or time(), due_at, zone)
    if end <= due_at:
        return "shorter"
    return "too_long" if end - due_at > most else end


def _next(at: time, due_at: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment with this time of day that is nearest to the present end."""
    local = due_at.astimezone(zone)
    same = datetime.combine(local.date(), at, zone)
    for moment in (same - timedelta(days=1), same, same + timedelta(days=1)):
        if abs(moment - local) <= HALF_DAY:
            return moment
    return same

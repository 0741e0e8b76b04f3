"""Lengths of time and times of day as people write them in rules: 45s, 10m, 2h, 10分钟; 08:30, 8:30, 8点半."""

import re
import unicodedata
from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = timedelta(days=366)
"""The longest duration a rule may have: a year; what is added to a date stays a date."""
_WORDS = {"秒": "s", "分钟": "m", "分": "m", "小时": "h", "天": "d"}


def read_duration(value: object) -> timedelta:
    """Return the duration of `45s`, `10m`, `2h`, `1h30m` or `10分钟`, a year at most; else raise ValueError."""
    if isinstance(value, timedelta):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip().lower()
    for word, unit in _WORDS.items():
        text = text.replace(word, unit)
    if not re.fullmatch(r"(?:\d+(?:\.\d+)?[smhd])+", text):
        raise ValueError("时长写作 45s、10m、2h 或 10分钟")
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd])", text)
    seconds = sum(float(n) * _UNITS[unit] for n, unit in parts)
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"时长不能大于 {LONGEST.days}d")
    return timedelta(seconds=seconds)


def read_wait(value: object) -> timedelta:
    """Return a duration of a second at least: what is repeated after it, or ends with it, may not come at once."""
    length = read_duration(value)
    if length < timedelta(seconds=1):
        raise ValueError("时长不能小于 1s")
    return length


def read_clock(value: object) -> time:
    """Return the time of day of `08:30`, `8:30`, `8点半` or `17点`; seconds and anything else raise ValueError."""
    if isinstance(value, time):
        return value
    text = unicodedata.normalize("NFKC", str(value)).strip().replace("点半", "点30")
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2})(?::00)?|[点时](?:(\d{1,2})分?)?)", text)
    if not found or int(found[1]) > 23 or int(found[2] or found[3] or 0) > 59:  # noqa: PLR2004 - a day's own bounds
        raise ValueError("钟点写作 08:30")
    return time(int(found[1]), int(found[2] or found[3] or 0))


def write_duration(value: timedelta) -> str:
    """Return the shortest exact form that read_duration reads back."""
    seconds = value.total_seconds()
    for unit in ("h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{int(seconds // _UNITS[unit])}{unit}"
    return f"{seconds:g}s"


Duration = Annotated[timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration, str)]
Wait = Annotated[timedelta, BeforeValidator(read_wait), PlainSerializer(write_duration, str)]
Clock = Annotated[time, BeforeValidator(read_clock)]
OptionalDuration = Annotated[
    timedelta | None,
    BeforeValidator(lambda v: None if v in ("", "-", "无", None) else read_duration(v)),
    PlainSerializer(lambda v: "-" if v is None else write_duration(v), str),
]

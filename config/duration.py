"""Lengths of time as people write them in rules: 45s, 10m, 2h, 10分钟."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WORDS = {"秒": "s", "分钟": "m", "分": "m", "小时": "h", "天": "d"}


def read_duration(value: object) -> timedelta:
    """Return the duration of `45s`, `10m`, `2h`, `1h30m` or `10分钟`; else raise ValueError."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower()
    for word, unit in _WORDS.items():
        text = text.replace(word, unit)
    if not re.fullmatch(r"(?:\d+(?:\.\d+)?[smhd])+", text):
        raise ValueError("时长写作 45s、10m、2h 或 10分钟")
    parts = re.findall(r"(\d+(?:\.\d+)?)([smhd])", text)
    return timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in parts))


def write_duration(value: timedelta) -> str:
    """Return the shortest exact form that read_duration reads back."""
    seconds = value.total_seconds()
    for unit in ("h", "m"):
        if seconds and seconds % _UNITS[unit] == 0:
            return f"{int(seconds // _UNITS[unit])}{unit}"
    return f"{seconds:g}s"


Duration = Annotated[timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration, str)]
OptionalDuration = Annotated[
    timedelta | None,
    BeforeValidator(lambda v: None if v in ("", "-", "无", None) else read_duration(v)),
    PlainSerializer(lambda v: "-" if v is None else write_duration(v), str),
]

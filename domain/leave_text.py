"""Leave as people type it: 8.1-8.5 年休假, 明天 看病, 刘芳 8月1日至3日 出差."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from domain.day_text import LONGEST_SPAN, read_day, read_span
from domain.numerals import NUMBER, read_number

_DAYS = re.compile(
    rf"(?:起|开始|共|一共|连续?|请|休|假|的)*\s*(\d{{1,3}}|{NUMBER})\s*天(?:假|年休假?)?(?![前后])"
)
_SINCE = re.compile(r"(?<=[\d日号天一二三四五六])(?:起|开始|共|一共|连休|连续)")


@dataclass(frozen=True)
class LeaveText:
    """What was typed: for whom ("" for oneself), first and last day, both included, and why."""

    name: str
    first: date
    last: date
    reason: str


def read_leave(text: str, names: Collection[str], today: date) -> LeaveText | None:
    """Return the leave of a text, None when it names no days; a day without a year is the next such day."""
    words = re.sub(r"[,，;；。:：]+(?=[^\d\s]|$)", " ", _SINCE.sub(r" \g<0>", text)).split()
    name = words.pop(0) if words and words[0] in names else ""
    if len(words) > 1 and (first := _day(words[0], today)) and (last := _day(words[1], first)):
        return LeaveText(name, first, last, " ".join(words[2:])) if first <= last else None
    if words and len(words[0]) > 1:
        words[0] = re.sub("^[从自]", "", words[0])
    for count in range(min(3, len(words)), 0, -1):
        span = read_span("".join(words[:count]), today, _day)
        if span is not None:
            return _lasting(LeaveText(name, *span, " ".join(words[count:])))
    return None


def _lasting(said: LeaveText) -> LeaveText:
    """Return the leave with the days it is said to last (明天 3天), where only its first is said."""
    found = _DAYS.match(said.reason) if said.first == said.last else None
    days = read_number(found[1]) if found else None
    if found is None or not days or days > LONGEST_SPAN:
        return said
    last = said.first + timedelta(days=days - 1)
    return LeaveText(said.name, said.first, last, said.reason[found.end() :].strip())


def _day(text: str, today: date) -> date | None:
    """Return the day, in the next year where this year's is long past."""
    day = read_day(text, today)
    if day is not None and day < today - timedelta(days=60) and not re.match(r"20\d\d", text):
        return read_day(f"{day.year + 1}.{day.month}.{day.day}", today)
    return day

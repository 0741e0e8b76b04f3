"""A leader's instruction or a to-do as typed: to whom, by when, the words themselves verbatim."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.day_text import read_day
from domain.numerals import NUMBER, read_number

_DAYS = {"今天": 0, "今日": 0, "今晚": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2}
_LATE = ("下午", "傍晚", "晚上", "晚", "今晚", "明晚")
_NIGHT = ("晚上", "晚", "今晚", "明晚")
_DUE = re.compile(
    rf"(?:(?P<day>{'|'.join(_DAYS)})|(?P<week>(?:下下|下|本|这)?(?:个?周|个?星期|个?礼拜)[一二三四五六日天])|(?:(?P<mo>\d{{1,2}})月)?(?P<d>\d{{1,2}})[日号])?\s*"
    rf"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|晚|早)?\s*"
    rf"(?<!\d)(?P<h>\d{{1,2}}|{NUMBER})(?:[:\uff1a](?P<m>[0-5]\d)|[点时](?:(?P<m2>[0-5]?\d)分?|(?P<half>半))?钟?)\s*(?:之|以)?前"
)
_WITHIN = re.compile(
    rf"(?<![\d.月])(?P<n>\d{{1,3}}|半|{NUMBER})(?P<half>个半)?个?(?P<u>分钟|小时|钟头|刻钟|天|日|周|星期|礼拜)(?:之|以)?内"
)
_DATED = re.compile(
    r"(?:(?P<mo>\d{1,2})月)?(?P<d>\d{1,2})[日号](?:(?:之|以)?[前内])|(?P<today>今[天日](?:之|以)?内)"
    r"|(?P<named>[明后][天日]|月[底末]|(?:下下|下|本|这)?(?:个?周|个?星期|个?礼拜)[一二三四五六日天])(?:之|以)?前|(?P<whole>本[周月])(?:之|以)?内"
)
_PART_ENDS = re.compile(
    r"(?:(?P<day>[今明后][天日]|(?:下下|下|本|这)?(?:个?周|个?星期|个?礼拜)[一二三四五六日天]|(?:\d{1,2}月)?\d{1,2}[日号])的?\s*)?"
    r"(?P<word>下班|天亮|天黑|今晚|今夜|中午|午夜|半夜)(?:之|以)?前"
)
_ENDS = {"下班": 17.5, "天亮": 6, "天黑": 18, "今晚": 24, "今夜": 24, "中午": 12, "午夜": 24, "半夜": 24}
"""The hour (local) at which a part of the day ends, as an office reckons; the answer names it."""
_WHOLE = {"本周": "本周日", "本月": "月底"}
_MINUTES = {"分钟": 1, "小时": 60, "钟头": 60, "刻钟": 15, "天": 1440, "日": 1440}
_MINUTES |= dict.fromkeys(("周", "星期", "礼拜"), 10080)
_ADDRESSED = re.compile(
    r"^(?P<head>@|\uff20|给|由|让|请|叫|派|安排|通知|麻烦)\s*(?P<name>[^\s,:\uff0c\uff1a、。]{2,20})(?P<rest>.*)$",
    re.DOTALL,
)
_NAMED = re.compile(r"^(?P<name>[^\s,:\uff0c\uff1a、。]{2,20})(?P<rest>[\s,:\uff0c\uff1a、].*)$", re.DOTALL)
_STRANGER = re.compile(r"\s*、\s*(?P<name>[一-龥]{2,3})[\s,:\uff0c\uff1a]")
"""Somebody named beside the owner whom nobody knows."""
_NOON, _HOURS = 12, 24
_NAME = 4


class NoSuchDay(ValueError):
    """A day was named that the calendar does not have."""


@dataclass(frozen=True)
class Instruction:
    """What was typed: `owner` a known name, `unknown` a name nobody bears, `due` in UTC; None if unsaid.

    `others`: who is named beside the owner, to do the same.
    """

    text: str
    owner: str | None
    unknown: str | None
    due: datetime | None
    others: tuple[str, ...] = ()


def read_instruction(text: str, names: Collection[str], now: datetime, zone: ZoneInfo) -> Instruction:
    """Return the parts of an instruction; a time without a day is the next such time after `now`.

    A name stands first, after @, 给 or 让, or alone before a gap; the longest known name that fits wins.
    Raises NoSuchDay.
    """
    owner, unknown, words = _owner(text.strip(), names)
    others: list[str] = []
    while owner is not None and (beside := _beside(words, names)):
        others.append(beside)
        words = words[words.index(beside) + len(beside) :]
    if owner is not None and (stranger := _STRANGER.match(words)):
        unknown = stranger["name"]
    words = re.sub(r"^[\s,:\uff0c\uff1a、。]+", "", words) if owner is not None else words
    return Instruction(words, owner, unknown, read_due(words, now, zone), tuple(others))


def _beside(rest: str, names: Collection[str]) -> str | None:
    """Return the known name that is joined to the one before it: 、陈刚, 和陈刚, or 陈刚 alone between gaps."""
    joined = re.match(r"\s*(?:、|和|与|及|以及|跟)\s*", rest)
    gap = re.match(r"[\s,\uff0c]+", rest)
    found = joined or gap
    behind = rest[found.end() :] if found else ""
    known = max((name for name in names if name and behind.startswith(name)), key=len, default=None)
    if known is None or joined:
        return known
    return known if re.match(r"[\s,:\uff0c\uff1a、。]|$", behind[len(known) :]) else None


def _owner(text: str, names: Collection[str]) -> tuple[str | None, str | None, str]:
    found = _ADDRESSED.match(text)
    if found is None:
        alone = _NAMED.match(text)
        if alone is None or alone["name"] not in names:
            return None, None, text
        return alone["name"], None, alone["rest"]
    said = found["name"]
    known = max((n for n in names if said.startswith(n)), key=len, default=None)
    if known is not None:
        return known, None, said[len(known) :] + found["rest"]
    named = found["head"] in "给由" and len(said) <= _NAME and re.match(r"\s", found["rest"])
    meant = found["head"] in "@\uff20" or named
    return None, said if meant else None, text


def read_due(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the moment of `17:00前`, `半小时内` or `12月31日前` (its last minute) in UTC, None when none is said.

    Raises NoSuchDay where the calendar has no such day.
    """
    found = _DUE.search(text)
    hour = _hour(found) if found else None
    local = now.astimezone(zone)
    if found is None:
        return _within(text, now) or _part_ends(text, local, now) or _end_of_day(text, local, now)
    if hour is None:
        return None
    minute = 30 if found["half"] else int(found["m"] or found["m2"] or 0)
    day = _day(found, local.date())
    due = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour, minutes=minute)
    if due <= local and not found["day"] and not found["d"] and not found["week"]:
        due += timedelta(days=1)
    return due.astimezone(now.tzinfo)


def _within(text: str, now: datetime) -> datetime | None:
    found = _WITHIN.search(text)
    if found is None:
        return None
    count = 0.5 if found["n"] == "半" else float(read_number(found["n"]) or 0)
    minutes = (count + (0.5 if found["half"] else 0)) * _MINUTES[found["u"]]
    return now + timedelta(minutes=minutes) if minutes else None


def _part_ends(text: str, local: datetime, now: datetime) -> datetime | None:
    """Return the next end of a part of the day: 下班前, 天亮前."""
    found = _PART_ENDS.search(text)
    if found is None:
        return None
    today = local.date()
    day = _ahead(re.sub(r"(?<=[今明后])日", "天", found["day"] or "今天"), today)
    due = datetime(day.year, day.month, day.day, tzinfo=local.tzinfo) + timedelta(hours=_ENDS[found["word"]])
    return (due if due > local or found["day"] else due + timedelta(days=1)).astimezone(now.tzinfo)


def _end_of_day(text: str, local: datetime, now: datetime) -> datetime | None:
    found = _DATED.search(text)
    if found is None:
        return None
    word = found["named"] or _WHOLE.get(found["whole"] or "")
    day = _ahead(word.replace("日", "天"), local.date()) if word else _day(found, local.date())
    last = datetime(day.year, day.month, day.day, 23, 59, tzinfo=local.tzinfo)
    return last.astimezone(now.tzinfo)


def _hour(found: re.Match[str]) -> int | None:
    hour = read_number(found["h"])
    if hour is None or hour > _HOURS:
        return None
    late = found["part"] in _LATE or found["day"] in _LATE or (found["part"] == "中午" and hour < _NOON - 2)
    if hour == _NOON and (found["part"] in _NIGHT or found["day"] in _NIGHT):
        return _HOURS
    return hour + _NOON if late and hour < _NOON else hour


def _day(found: re.Match[str], today: date) -> date:
    said = found.groupdict()
    if said.get("week"):
        return _ahead(said["week"], today)
    if not found["d"]:
        return today + timedelta(days=_DAYS.get(said.get("day") or "", 0))
    month = int(found["mo"] or today.month)
    for year in (today.year, today.year + 1):
        try:
            day = date(year, month, int(found["d"]))
        except ValueError:
            continue
        if day >= today:
            return day
        if not found["mo"]:
            return _next_month(day)
    raise NoSuchDay


def _ahead(word: str, today: date) -> date:
    """Return the day a word names; a weekday that is past is next week's."""
    day = read_day(word, today) or today
    return day + timedelta(weeks=1) if day < today else day


def _next_month(day: date) -> date:
    try:
        return date(day.year + day.month // 12, day.month % 12 + 1, day.day)
    except ValueError as wrong:
        raise NoSuchDay from wrong

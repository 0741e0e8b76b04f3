"""When it happened, in the words of a hurried line, resolved against the time of receipt.

Times of somebody's arrival, of the call or of a deadline are not the occurrence.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.numerals import NUMBER, read_number
from domain.plain import make_plain

Precision = Literal["准", "约", "区间", "未知"]

_DAYS = {
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨儿": -1,
    "今天": 0,
    "今日": 0,
    "今早上": 0,
    "今早": 0,
    "今晨": 0,
    "今晚": 0,
    "今儿": 0,
}
_DAY = rf"(?P<day>{'|'.join(_DAYS)}|(?:(?P<Y>\d{{4}})年)?(?:(?P<mo>\d{{1,2}})月)?(?P<d>\d{{1,2}})[日号])"
_PART = r"(?P<part>凌晨|清晨|早晨|早上|一早|上午|中午|午后|下午|傍晚|晚上|夜里|夜间|半夜|晚间|早|晚)"
_CLOCK = re.compile(
    rf"(?<![\d:.-])(?P<lead>从|大约|大概|约|差不多)?(?:{_DAY}\s?)?(?:{_PART}\s?)?(?P<h>\d{{1,2}}|{NUMBER})(?P<sep>点钟|点|时(?!候|间|许)|时(?=许)|:)"
    rf"(?P<m>半|一刻|三刻|\d{{1,2}}(?!\d|人|名|个|户|号|楼|栋|-)分?|(?:零|〇)?{NUMBER}分|整)?(?P<vague>多|左右|许|前后|上下|来钟|不到|刚过|过后|过)?"
)
_AGO = re.compile(
    rf"(?:大约|大概|约|差不多)?(?P<n>\d{{1,3}}|{NUMBER}|半|几)(?P<more>多|来|几)?个?(?P<half>半)?(?P<more2>多)?(?P<u>分钟|小时|钟头|刻钟|分)(?:之|以)?前"
)
_UNKNOWN = re.compile(
    r"(?:几点|什么时候|啥时候|啥时|何时|(?:发生|起火|事发|具体)?时间)[^,。;\d\n]{0,8}?(?:不知道|不清楚|不详|没问|说不清|不确定|未知|没说|不晓得|不明)"
    r"|不(?:知道|清楚|晓得)(?:是)?(?:几点|什么时候|啥时候|啥时)[^,。;\d\n]{0,4}"
)
_SPAN = re.compile(
    r"(?:昨天|昨日|昨晚|昨夜|今早|今晨|今天|夜里|凌晨|上午|下午|早上|晚上)(?:早上|上午|中午|下午|晚上|夜里|凌晨|早晨)?(?:(?:到|至)(?:今天|今早|今晨|现在|早上|上午|中午|下午|晚上|凌晨)(?:早上|上午|中午|下午|凌晨)?)?"
)
_JUST = re.compile(r"刚才|刚刚|方才|刚(?![度性好])")
_NOT_AFTER = re.compile(
    r"^[^,。;\n]{0,9}?(?:到的|到了?现场|到场|到达|赶到|到位|打来|来电|来的电话|打的电话|打电话|接报|接到|报的|报警|报告|报到|上报|来报|报来|反映|通知|要求|让|灭|扑灭|关阀|恢复|救出|送医|拉走|处置完|清完|结束|出警|出动|断的)"
    r"|^(?:钟)?(?:之|以)?前(?!后)"
)
_NOT_BEFORE = re.compile(
    r"(?:接报|来电|到场|到达|接警|收到|预计|计划|截至|截止|将于|要在|报告|解除|更新|续报[一二三四五六七八九十\d]*|赶到|接到(?:电话|报告)?|电话)(?:时间)?[:于是]?\s?$"
)
_SEEN = re.compile(r"^[^,。;\n]{0,12}?(?:发现|传|看到|闻到|听到|听见|群里)")
_LATE = ("午后", "下午", "傍晚", "晚上", "晚间", "晚")
_SLACK = timedelta(minutes=5)
_NOON, _DAWN = 12, 5


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as said: `value` aware or None, `text` the words, `precision` how exact the words are."""

    value: datetime | None
    text: str
    precision: Precision


def _hour(match: re.Match[str]) -> int | None:
    hour = read_number(match["h"])
    part = match["part"] or ("晚" if match["day"] in {"昨晚", "昨夜", "今晚"} else "")
    if hour is None or hour > 24:  # noqa: PLR2004 - the clock's own bounds
        return None
    if part in _LATE and (hour < _NOON and not (part.startswith("晚") and hour <= _DAWN)):
        return hour + _NOON
    if part in {"晚", "晚上", "夜里", "半夜", "夜间"} and hour == _NOON:
        return 24
    if part in {"夜里", "夜间"} and hour >= 6 and hour < _NOON:  # noqa: PLR2004 - "夜里十点" is late evening
        return hour + _NOON
    return hour + _NOON if part == "中午" and hour in {1, 2} else hour


def _minute(word: str | None) -> int | None:
    fixed = {None: 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
    if word in fixed:
        return fixed[word]
    minute = read_number((word or "").removesuffix("分").lstrip("零〇") or "0")
    return minute if minute is not None and minute < 60 else None  # noqa: PLR2004 - the clock's own bounds


def _at(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour, minutes=minute)


def _printed_day(match: re.Match[str], today: date) -> date | None:
    """Return the latest day up to tomorrow that fits the printed month and day."""
    number = int(match["d"])
    months = (
        [(today.year, int(match["mo"])), (today.year - 1, int(match["mo"]))]
        if match["mo"]
        else [(today.year, today.month), (today.year - (today.month == 1), (today.month - 2) % 12 + 1)]
    )
    if match["Y"]:
        months = [(int(match["Y"]), int(match["mo"] or today.month))]
    for year, month in months:
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if match["Y"] or day <= today:
            return day
    return None


def _value(match: re.Match[str], received: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the clock's time: the day as said, else the last such time up to receipt."""
    hour, minute = _hour(match), _minute(match["m"])
    if hour is None or minute is None:
        return None
    today = received.date()
    if match["d"]:
        day = _printed_day(match, today)
        return _at(day, hour, minute, zone) if day else None
    if match["day"]:
        night = hour <= _DAWN and (
            match["day"] in {"昨晚", "昨夜", "今晚"} or match["part"] in {"夜里", "半夜", "晚上"}
        )
        said = _at(today + timedelta(days=_DAYS[match["day"]] + (1 if night else 0)), hour, minute, zone)
        later = said + timedelta(hours=_NOON)
        plain_hour = (
            match["sep"].startswith("点")
            and not match["part"]
            and match["day"] in {"今天", "今日", "今儿"}
            and hour < _NOON
        )
        return later if plain_hour and hour <= 6 and later <= received + _SLACK else said  # noqa: PLR2004 - "今天3点" in the afternoon
    hours = [hour]
    if match["sep"].startswith("点") and not match["part"] and 0 < hour < _NOON:
        hours.append(hour + _NOON)
    past = [
        t
        for n in (-1, 0)
        for h in hours
        if (t := _at(today + timedelta(days=n), h, minute, zone)) <= received + _SLACK
    ]
    return max(past, default=None)


def _clocks(text: str) -> list[re.Match[str]]:
    found = []
    for match in _CLOCK.finditer(text):
        after, before = text[match.end() : match.end() + 24], text[max(match.start() - 10, 0) : match.start()]
        if match["sep"] == ":" and not re.fullmatch(r"\d{2}分?", match["m"] or ""):
            continue
        following = _CLOCK.search(after)
        if following:
            after = after[: following.start()]
        if not _NOT_AFTER.search(after) and not _NOT_BEFORE.search(before):
            found.append(match)
    return found


def _read_clock(text: str, received: datetime, zone: ZoneInfo) -> Moment | None:
    for match in _clocks(text):
        value = _value(match, received, zone)
        if value is None:
            continue
        tail = re.match(r"(?:到|至|-|~)(?P<w>\d{1,2}(?:点|时|:\d{2})半?(?:之间)?)", text[match.end() :])
        words = match.group() + (tail.group() if tail else "")
        vague = match["vague"] or match["lead"] or match["m"] is None or _SEEN.match(text[match.end() :])
        return Moment(value, words.strip(), "区间" if tail else "约" if vague else "准")
    return None


def _read_ago(text: str, received: datetime) -> Moment | None:
    match = _AGO.search(text)
    if match is None or re.match(r"[^,。;\n]{0,9}?(?:到的|到场|打来|来电|报的|打电话)", text[match.end() :]):
        return None
    if match["n"] == "几":
        return Moment(None, match.group(), "约")
    minutes = {"分钟": 1, "分": 1, "小时": 60, "钟头": 60, "刻钟": 15}[match["u"]]
    count = 0.5 if match["n"] == "半" else float(read_number(match["n"]) or 0)
    span = timedelta(minutes=(count + (0.5 if match["half"] else 0)) * minutes)
    return Moment(received - span, match.group(), "约")


def read_moment(text: str, received_at: datetime, zone: ZoneInfo) -> Moment | None:
    """Return when the event happened as said in `text`, None when nothing is said; values are in `zone`."""
    plain = make_plain(text, tight=False).text
    received = received_at.astimezone(zone)
    unknown = _UNKNOWN.search(plain)
    if unknown:
        return Moment(None, unknown.group().strip(), "未知")
    said = _read_clock(plain, received, zone) or _read_ago(plain, received)
    if said:
        return said
    just = _JUST.search(plain)
    if just and just.group() != "刚":
        return Moment(received, just.group(), "约")
    span = _SPAN.search(plain)
    if span and not re.match(r"\s?(?:\d|[一二三四五六七八九十]+点)", plain[span.end() :]):
        return Moment(None, span.group(), "区间")
    return Moment(received, just.group(), "约") if just else None

"""When it happened, in the words of a hurried line, resolved against the time of receipt.

Times of somebody's arrival, of the call or of a deadline are not the occurrence.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.numerals import NUMBER, read_number
from domain.pattern import Pattern
from domain.plain import make_plain

Precision = Literal["准", "约", "区间", "未知"]

_DAYS = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "前晚": -2,
    "前儿": -2,
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
    "今儿个": 0,
    "今儿": 0,
    "当日": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "明儿": 1,
    "后天": 2,
}
_WEEKDAY = r"(?:上|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天]"
_NIGHTS = {"昨晚", "昨夜", "今晚", "前晚", "明晚"}
_DAY = rf"(?P<day>{'|'.join(_DAYS)}|{_WEEKDAY}|(?:(?P<Y>\d{{4}})[-年/.])?(?:(?P<mo>\d{{1,2}})[-月/.])?(?P<d>\d{{1,2}})(?:[日号]|(?<=[-/.]\d)|(?<=[-/.]\d\d)(?!\d[点时:])))"  # noqa: E501 - a pattern is read whole
_PART = r"(?P<part>后半夜|前半夜|凌晨|清晨|早晨|一大早|大早上|大清早|早上|早起|清早|一早|上午|中午|晌午|午后|下午|后半晌|前半晌|后晌|傍晚|晚上|夜里|夜间|半夜|晚间|早|晚)"  # noqa: E501 - a pattern is read whole
_WORD_MINUTE = r"(?:[二三四五]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九])(?![几多余来一二三四五六七八九十百千\s]?\s?(?:人|名|个|户|号|楼|栋|位|辆|台|岁|度|米|几|余))"  # noqa: E501 - a pattern is read whole
_CLOCK = Pattern(
    rf"(?<!\d:)(?<![\d.-])(?P<lead>从|大约|大概|约|差不多|快|将近|不到|也就)?(?:{_DAY}\s?)?(?:{_PART}\s?)?(?:大约|大概|约|也就|快)?(?P<h>\d{{1,2}}|{NUMBER})(?P<sep>点钟|点|时(?!候|间|许)|时(?=许)|:)"
    rf"(?P<m>半|一刻|三刻|\d{{1,2}}(?!\d|人|名|个|户|号|楼|栋|[-–—](?!\d{{1,2}}[:点时]))分?|(?:零|〇)?{NUMBER}分|{_WORD_MINUTE}|整)?(?P<vague>来分|多分|多钟|多|左右|许|前后|上下|来钟|不到|刚过|过后|过|出头|那会儿|那阵儿?|光景|的样子)?"
)
_AGO = Pattern(
    rf"(?:大约|大概|约|差不多|也就|不到)?(?P<n>\d{{1,3}}|{NUMBER}|半|几|个把)(?P<more>多|来|几)?个?(?P<half>半)?(?P<more2>多)?(?P<u>分钟|小时|钟头|刻钟|分)(?:之|以)?前"
)
_LASTING = Pattern(
    rf"(?:(?:已经|都|有)\s?)?(?:快|大概|约|将近)?(?P<n>\d{{1,3}}|{NUMBER}|半)(?P<more>多|来)?个?(?P<half>半)?(?P<more2>多)?(?P<u>分钟|小时|钟头|刻钟)(?:左右)?了"
)
_UNKNOWN = Pattern(
    r"(?:具体)?(?:几点|什么时候|啥时候|啥时|何时|(?:发生|起火|事发|具体)?时间)[^,。;\d\n]{0,8}?(?:不知道|不清楚|不详|没问|说不清|不确定|未知|没说|不晓得|不明)"
    r"|不(?:知道|清楚|晓得)(?:是)?(?:几点|什么时候|啥时候|啥时)[^,。;\d\n]{0,4}"
)
_WHEN = r"(?:今天|今日|今早上|今晚上|昨晚上|今早|今晨|今儿|今晚|昨天|昨日|昨晚|昨夜|昨儿|前天|前晚|夜里|后半夜|半夜|凌晨|清晨|一大早|早上|早晨|上午|中午|晌午|后半晌|后晌|下午|傍晚|晚上|(?:早|午|晚|中午|夜)饭(?:以?后|前)|放学后|下班后)"  # noqa: E501 - a pattern is read whole
_SPAN = Pattern(
    rf"(?:打?从)?(?:(?:\d{{1,2}}月)?\d{{1,2}}[日号])?{_WHEN}{{1,2}}(?:[^,。;\n\d]{{0,4}}?(?:一直)?(?:到|至)(?:现在|今(?![年天日早晨晚])|目前|{_WHEN}{{1,2}}))?|(?:这|前|近|最近|头)(?:两|几|三)天|这一?(?:周|礼拜|星期)(?![一二三四五六日天])|(?:打?从)?(?:这|上|前)个?(?:周|星期|礼拜)[一二三四五六日天]?"
)
_TO = Pattern(
    rf"(?:一直)?[漏停下着烧淹堵断困闹吐跑]?(?:到|至|[-–—~])(?:现在|目前|(?:今天|今早|今晨|次日)?(?:凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里)?(?:\d{{1,2}}|{NUMBER})(?:点|时|:\d{{2}})(?:半|\d{{1,2}}分)?(?:左右|多)?(?:之间)?)"
)
_PLANNED = Pattern(r"(?:预计|估计|最快|定于|计划|争取|约定|(?:上回|上次|以前|之前|原来)[^,。;]{0,3})$")
_COMING = Pattern(r"(?:来|到|去|再|才|能|就来)")
_JUST = Pattern(r"刚才|刚刚|方才|(?:(?<!1[12][09])刚|刚(?!打|报))(?![度性好])")
_NOT_AFTER = Pattern(
    r"^[^,。;\n]{0,9}?(?:到的|到了?现场|到场|到达|赶到|到位|打来|来电|来的电话|打的电话|打电话|接报|接(?:群众|居民|到|警)|报的|报警|报告|报到|上报|来报|报来|反映|接警|来人|上门|开会|通知|要求|让|灭|扑灭|关阀|恢复|救出|送医|拉走|处置完|清完|结束|出警|开始[抢修抽]|出动|断的|已?上去|已派|已到|已关|已送)"
    r"|^(?:钟)?(?:之|以)?前(?!后)"
)
_NOT_BEFORE = Pattern(
    r"(?:接报|来电|到场|到达|接警|收到|预计|计划|截至|截止|将于|要在|报告时间|解除|更新|续报[一二三四五六七八九十\d]*|赶到|接到(?:电话|报告)?|电话)(?:时间)?[:于是]?\s?$"
)
_SEEN = Pattern(r"^[^,。;\n]{0,12}?(?:发现|传|看到|闻到|听到|听见|群里)")
_LATE = ("午后", "下午", "后半晌", "后晌", "傍晚", "晚上", "晚间", "晚", "前半夜")
_SLACK = timedelta(minutes=10)
_SOON = timedelta(hours=3)
_LONG_AGO = timedelta(days=30)
_NOON, _DAWN = 12, 5


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as said: `value` aware or None, `text` the words, `precision` how exact the words are."""

    value: datetime | None
    text: str
    precision: Precision


def _hour(match: re.Match[str]) -> int | None:
    hour = read_number(match["h"])
    part = match["part"] or ("晚" if match["day"] in _NIGHTS else "")
    if hour is None or hour > 24:  # noqa: PLR2004 - the clock's own bounds
        return None
    if part in _LATE and (hour < _NOON and not (part.startswith("晚") and hour <= _DAWN)):
        return hour + _NOON
    if part in {"晚", "晚上", "夜里", "半夜", "夜间", "前半夜"} and hour == _NOON:
        return 24
    if part in {"夜里", "夜间", "半夜"} and hour >= 6 and hour < _NOON:  # noqa: PLR2004 - "夜里十点" is late evening
        return hour + _NOON
    return hour + _NOON if part in {"中午", "晌午"} and hour in {1, 2} else hour


def _minute(word: str | None) -> int | None:
    fixed = {None: 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}
    if word in fixed:
        return fixed[word]
    minute = read_number((word or "").removesuffix("分").lstrip("零〇") or "0")
    return minute if minute is not None and minute < 60 else None  # noqa: PLR2004 - the clock's own bounds


def _at(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(hours=hour, minutes=minute)


def _printed_day(match: re.Match[str], today: date) -> date | None:
    """Return the latest day up to a month ahead that fits the printed month and day; up to today without month."""
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
        if match["Y"] or day <= today + (_LONG_AGO if match["mo"] else timedelta(0)):
            return day
    return None


def _named_day(word: str, today: date) -> date:
    """Return the day of 昨天 or 周五: the last such weekday up to today, that of the week before for 上周五."""
    if word in _DAYS:
        return today + timedelta(days=_DAYS[word])
    weekday = "一二三四五六日".index(word[-1].replace("天", "日"))
    if word.startswith("上"):
        return today - timedelta(days=today.weekday() + 7 - weekday)
    return today - timedelta(days=(today.weekday() - weekday) % 7)


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
            match["day"] in _NIGHTS or match["part"] in {"夜里", "半夜", "后半夜", "晚上"}
        )
        day = _named_day(match["day"], today)
        said = _at(day + timedelta(days=1 if night else 0), hour, minute, zone)
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
    near = [_at(today + timedelta(days=n), h, minute, zone) for n in (-1, 0) for h in hours]
    past = max((t for t in near if t <= received + _SLACK), default=None)
    if past is None or received - past > timedelta(hours=_NOON):
        # Nobody tells of yesterday without saying so: a clock just ahead is today's, mistyped, and a doubt.
        return next((t for t in near if received < t <= received + _SOON), past)
    return past


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
        tail = _TO.match(text, match.end())
        words = match.group() + (tail.group() if tail else "")
        vague = (
            match["vague"]
            or match["lead"]
            or match["m"] is None
            or _SEEN.match(text[match.end() :])
            or re.match(r"\s?:", text[match.end() :])
        )
        return Moment(value, words.strip(), "区间" if tail else "约" if vague else "准")
    return None


def _read_ago(text: str, received: datetime) -> Moment | None:
    match = _AGO.search(text)
    if match is None or re.match(r"[^,。;\n]{0,9}?(?:到的|到场|打来|来电|报的|打电话)", text[match.end() :]):
        match = _LASTING.search(text)
    if match is None:
        return None
    if match["n"] in {"几", "个把"}:
        return Moment(None, match.group(), "约")
    minutes = {"分钟": 1, "分": 1, "小时": 60, "钟头": 60, "刻钟": 15}[match["u"]]
    count = 0.5 if match["n"] == "半" else float(read_number(match["n"]) or 0)
    span = timedelta(minutes=(count + (0.5 if match["half"] else 0)) * minutes)
    return Moment(received - span, match.group(), "约")


def _is_past(text: str, span: re.Match[str]) -> bool:
    """Return False for a part of a day that is planned ("说下午来摘") or of an earlier case ("上回是上礼拜")."""
    before = text[max(span.start() - 6, 0) : span.start()]
    coming = before.endswith("说") and _COMING.match(text, span.end())
    return not coming and not _PLANNED.search(before)


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
    span = next((m for m in _SPAN.finditer(plain) if _is_past(plain, m)), None)
    if span and not re.match(r"\s?(?:\d|[一二三四五六七八九十]+点)", plain[span.end() :]):
        return Moment(None, span.group(), "区间")
    return Moment(received, just.group(), "约") if just else None


_TO_COME = Pattern(r"预计|计划|[将拟要再等能会前后]|准备|安排|定于|争取|约定|下次|次日")
"""A clause with one of these tells of what is to come."""
_STOP = Pattern(r"[,，。;；\n]")


def ahead_doubts(text: str, received_at: datetime, zone: ZoneInfo) -> list[str]:
    """Return doubts on times of day that are told of as past and have not come yet."""
    plain = make_plain(text, tight=False).text
    received = received_at.astimezone(zone)
    found = []
    for match in _CLOCK.finditer(plain):
        before, after = (
            plain[max(match.start() - 40, 0) : match.start()],
            plain[match.end() : match.end() + 40],
        )
        clause = _STOP.split(before)[-1] + _STOP.split(after)[0]
        loose = match["sep"] == ":" and not re.fullmatch(r"\d{2}分?", match["m"] or "")
        if loose or _TO_COME.search(clause) or match["day"] not in (None, "今天", "今日"):
            continue
        value = _value(match, received, zone)
        if value is not None and value > received + _SLACK:
            found.append(f"“{match.group().strip()}”时间在收到之后，请核实")
    return found


def when_doubts(when: Moment | None, received_at: datetime) -> list[str]:
    """Return doubts on a time that cannot be, or hardly: after receipt, or more than a month before it."""
    if when is None or when.value is None:
        return []
    if when.value > received_at + _SLACK:
        return [f"“{when.text}”时间在收到之后，请核实"]
    if received_at - when.value > _LONG_AGO:
        return [f"“{when.text}”是一个月以前，请核实"]
    return []

"""Days and months as people type them: 明天, 7.25, 7月25日, 25号, 下周三, 月底, 国庆, 2026-10."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from domain.day_kind import Arrangement, DayKind, kind_of

WEEKDAYS = "一二三四五六日"
WORDS = {
    "今天": 0,
    "今晚": 0,
    "今夜": 0,
    "今早": 0,
    "明天": 1,
    "明晚": 1,
    "明早": 1,
    "后天": 2,
    "大后天": 3,
    "昨天": -1,
    "昨晚": -1,
    "前天": -2,
}
HOLIDAYS = {
    "元旦": "元旦", "春节": "春节", "过年": "春节", "清明": "清明节", "清明节": "清明节", "五一": "劳动节",
    "劳动节": "劳动节", "端午": "端午节", "端午节": "端午节", "中秋": "中秋节", "中秋节": "中秋节",
    "国庆": "国庆节", "国庆节": "国庆节", "十一": "国庆节",
}  # fmt: skip
"""What people call a holiday, and its name in the arrangements."""
FIXED = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
"""Holidays of the solar calendar: known before the year's arrangement is published."""
YEAR = 366
FAR = 270
"""A day without a year that lies further off than so many days is the year beside's: 1.1 said on 31 December."""
FAR_MONTHS = 9
"""The same of months that are past: 1月 said in December."""
ASKING = "?？呢啊 "
"""What may stand behind a day that is asked about."""
_ANY = date(2000, 1, 1)
DAWN = 6
"""The hour (local) up to which people say 今晚 of the night that began yesterday."""


_DAY = (
    r"(?:大后天|后天|[今明][天晚]|(?:下下|下|本|这)?(?:个?周|个?星期|个?礼拜)[一二三四五六日天末]"
    r"|(?:\d{1,2}月)?\d{1,2}[日号]|\d{1,2}[月./]\d{1,2}(?![\d度]))"
)
_FULL = re.compile(r"(?:(\d{4})[-年./])?(\d{1,2})[-月./](\d{1,2})[日号]?")
_TO = re.compile(r"\s*-*[至到—–~～]+-*\s*")
_DASH = re.compile(r"\s*-+\s*")
"""What stands between two days; a dash may stand within one too (2026-07-25)."""
LONGEST_SPAN = 400
"""Days a span may have."""
Days = tuple[date, date]
"""The first and the last day, both included."""
_BESIDE = re.compile(rf"(?:^|\0)的?({_DAY})|({_DAY})的?(?:那个?)?[一-龥]?班")


def day_of_shift(words: str, names: Iterable[str], today: date) -> date | None:
    """Return the day of the shift that words of 我来顶 are about: a word of its own, or beside a name or 班."""
    for word in words.split():
        if (day := read_day(word, today)) is not None:
            return day
    plain = unicodedata.normalize("NFKC", words)
    for name in names:
        plain = plain.replace(name, "\0")
    found = _BESIDE.search(plain)
    return read_day(found[1] or found[2], today) if found else None


def is_tonight(words: str, now: datetime) -> bool:
    """Return True if words speak of tonight before the day has dawned: the night that began yesterday may be meant."""
    return now.hour < DAWN and re.search(r"今[晚夜]", words) is not None


def read_day(text: str, today: date) -> date | None:
    """Return the day a text names, seen from `today` in the room's zone; None when it names none.

    A day without a year is this year's, at the turn of a year the nearest.
    A day of the month (25号) and a holiday (国庆: its first day, or today within it) are the next one ahead.
    """
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if text in WORDS:
        return today + timedelta(days=WORDS[text])
    if text in HOLIDAYS:
        return _holiday(HOLIDAYS[text], today)
    if text in ("月底", "月末"):
        return _next_month(today) - timedelta(days=1)
    week = re.fullmatch(r"(下下|下|本|这|上)?(?:个?周|个?星期|个?礼拜)([一二三四五六日天末])", text)
    if week:
        monday = today - timedelta(days=today.weekday())
        ahead = {"下": 1, "下下": 2, "上": -1}.get(week[1] or "", 0)
        place = WEEKDAYS.index(week[2].replace("天", "日").replace("末", "六"))
        return monday + timedelta(weeks=ahead, days=place)
    if day := re.fullmatch(r"(\d{1,2})[号日]", text):
        return _day_of_month(int(day[1]), today)
    full = _FULL.fullmatch(text)
    if full is None:
        return None
    month, number = int(full[2]), int(full[3])
    return _date(int(full[1]), month, number) if full[1] else _nearest(month, number, today)


def read_span(text: str, today: date, read: Callable[[str, date], date | None] = read_day) -> Days | None:
    """Return the first and last day a text names: 7.25-7.28, 7月25日到28日, or one day; None where it names none."""
    apart = (_TO if _TO.search(text) else _DASH).split(text)
    parts = apart if read(text, today) is None else [text]
    unit = re.search(r"[号日]$", text) if parts[0].isdecimal() else None
    first = read(parts[0] + (unit[0] if unit else ""), today)  # 25-27号
    if first is None or len(parts) > 2:  # noqa: PLR2004 - from and to
        return None
    last = first if len(parts) == 1 else read(parts[1], first) or _same_month(parts[1], first)
    if last is None or not timedelta() <= last - first <= timedelta(days=LONGEST_SPAN):
        return None
    return first, last


def _same_month(text: str, first: date) -> date | None:
    found = re.fullmatch(r"(\d{1,2})[日号]?", unicodedata.normalize("NFKC", text))
    return _date(first.year, first.month, int(found[1])) if found else None


def names_day(text: str) -> bool:
    """Return True if a text is the name of a day, or of several (7.25-7.28)."""
    return read_span(text, _ANY) is not None


def is_no_day(text: str) -> bool:
    """Return True if a text has the form of a day that is in no calendar of these years: 2.29, 6月31日."""
    words = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return _FULL.fullmatch(words) is not None


def names_month(text: str) -> bool:
    """Return True if a text is the name of a month."""
    return bool(text.strip()) and read_month(text, _ANY) is not None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date | None:
    """Return the day in this year, else in the year beside where it is nearer and this year's is far off."""
    every = (_date(today.year + n, month, day) for n in (0, 1, -1))
    return next(
        (found for found in every if found and abs((found - today).days) <= FAR),
        _date(today.year, month, day),
    )


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _day_of_month(day: int, today: date) -> date | None:
    month = today if day >= today.day else _next_month(today)
    return _date(month.year, month.month, day)


def _holiday(name: str, today: date) -> date | None:
    """Return the next day of a holiday by the published arrangements, else by the solar calendar."""
    fixed = FIXED.get(name)
    for day in (today + timedelta(days=n) for n in range(YEAR)):
        known = kind_of(day, Arrangement())
        if (known.kind is DayKind.HOLIDAY and known.name == name) or fixed == (day.month, day.day):
            return day
    return None


def read_month(text: str, today: date) -> tuple[int, int] | None:
    """Return the year and month a text names (empty: this one); None when it names none."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text in ("", "本月", "这个月"):
        return today.year, today.month
    if text in ("下月", "下个月"):
        ahead = _next_month(today)
        return ahead.year, ahead.month
    if text in ("上月", "上个月"):
        before = today.replace(day=1) - timedelta(days=1)
        return before.year, before.month
    found = re.fullmatch(r"(?:(\d{4})[-年./])?(\d{1,2})月?", text)
    if (
        not found or _date(int(found[1] or today.year) + 1, int(found[2]), 1) is None
    ):  # a month has one after it
        return None
    month = int(found[2])
    turned = not found[1] and today.month - month >= FAR_MONTHS
    return int(found[1] or today.year) + turned, month

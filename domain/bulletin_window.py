"""When a bulletin applies: the window of its forecast, in words or in hours."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.numerals import NUMBER, read_number
from domain.stamps import TWO, find_stamps

_GUIDE = re.compile(
    r"防御指南|防范建议|防御措施|防御提示|\n1[.、]|要求|务必|请(?!.{0,4}(?:和平|河))|\(?(?:预警)?信息来源|来源:"
)
_DAY = rf"(?:今明两天|今明后三天|今天|今日|今晚|今夜|今晨|明天|明日|明晚|明晨|明早|后天|大后天|[本下]?周[一二三四五六日天末]|今起|(?:\d{{4}}年)?(?:{TWO}月)?(?<!周)(?<!星期){TWO}日)"  # noqa: E501 - a pattern is read whole
_PART = rf"(?:早晨|清晨|早上|上午|中午|午后|午前|下午|傍晚|夜间|夜里|白天|前半夜|后半夜|上半夜|下半夜|凌晨|晚上|半夜|{TWO}(?:时|点)(?:{TWO}分)?|\d{{1,2}}:\d{{2}})"  # noqa: E501 - a pattern is read whole
_NOTE = r"(?:\([^)]{1,8}\))?"
_POINT = rf"(?:{_DAY}{_NOTE}{_PART}{{0,2}}{_NOTE}|{_PART}{{1,2}})"
_WORDS = re.compile(rf"{_POINT}(?:(?:前后)?(?:到|至|-|~|—|、|和|及)(?:{_POINT}))?(?:前后|起|左右)?")
_CLOCK = re.compile(rf"{TWO}(?:时|点)(?:{TWO}分)?|\d{{1,2}}:\d{{2}}")
_HOURS = re.compile(rf"(?:预计)?(?:未来|今后|接下来)?({NUMBER}|\d+)(?:个)?小时(?:内|之内)?")
_FUTURE = re.compile(
    rf"(?:未来|今后|接下来)(?:{NUMBER}|\d+)(?:(?:-|~|至|到)(?:{NUMBER}|\d+))?(?:个)?(?:小时|天|日)(?:内|之内)?|(?:未来|今后)(?:一|1)周"
)
_WITHIN = re.compile(rf"(?<!过去)(?<!近)(?<!前)(?<![\d-])(\d+|{NUMBER})(?:个)?小时(?:内|之内)(?!已)")
_LASTING = re.compile(rf"(?:将)?持续({NUMBER}|\d+)(?:个)?小时")


@dataclass(frozen=True, slots=True)
class Window:
    """The forecast's window: its words (or PTnH) and, when exact, its ends."""

    words: str | None = None
    onset: datetime | None = None
    expires: datetime | None = None


def forecast_part(body: str) -> str:
    """Return the body up to the advice and the source note."""
    cut = _GUIDE.search(body)
    return body[: cut.start()] if cut else body


def _span(words: str, issued: datetime, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    stamps = find_stamps(words, bare=True)
    if len(stamps) != 2:  # noqa: PLR2004 - a window has two ends
        return None, None
    onset = stamps[0].resolve(issued, zone)
    expires = stamps[1].resolve(onset, zone) if onset else None
    if onset and expires and expires < onset:
        expires += timedelta(days=1) if stamps[1].day is None else timedelta(0)
    return (onset, expires) if onset and expires and expires > onset else (None, None)


def _in_hours(text: str, issued: datetime | None) -> Window | None:
    match = _FUTURE.search(text) or _WITHIN.search(text)
    if match is None:
        return None
    exact = _HOURS.fullmatch(match.group())
    count = read_number(exact.group(1)) if exact else None
    if count is None or "天" in match.group():
        return Window(match.group())
    if issued is None or count > 240:  # noqa: PLR2004 - no forecast window is longer than ten days
        return Window(f"PT{count}H")
    return Window(f"PT{count}H", issued, issued + timedelta(hours=count))


def read_window(body: str, issued: datetime | None, zone: ZoneInfo) -> Window:
    """Return the window forecast in the body; ends are given only when both are printed to the hour."""
    text = forecast_part(body)
    at = max(text.find("预计"), 0)
    for part in (text[at:], text):
        hours = _in_hours(part.split("。")[0] if at else part, issued)
        words = next((m for m in _WORDS.finditer(part) if not _past(part, m)), None)
        if hours and (words is None or part.find(hours.words or "") < words.start() or hours.onset):
            return hours
        if words:
            onset, expires = _span(words.group(), issued, zone) if issued else (None, None)
            return Window(words.group(), onset, expires)
    return Window()


def _past(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(match.start() - 6, 0) : match.start()], text[match.end() : match.end() + 6]
    if _CLOCK.fullmatch(match.group()) and not re.search("预计|未来|将", text):
        return True  # a clock alone in a text that expects nothing tells when something was done
    begins = match.group().endswith("起")
    return bool(
        re.search(r"过去|截至|已$" if begins else r"过去|截至|自$|已|从$|解除时间", before)
        or re.match(r"以来|已|(?:前|后)?(?:发布|的)|分", after)
    )

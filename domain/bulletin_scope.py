"""Where and when a bulletin applies: area names, directions, the window it forecasts."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.tables import Places
from domain.numerals import NUMBER, read_number
from domain.stamps import find_stamps

_GUIDE = re.compile(
    r"防御指南|防范建议|防御措施|\n?1[.、]|请(?!.{0,4}(?:和平|河))|\(?(?:预警)?信息来源|来源:"
)
_SPLIT = re.compile(
    r"[、,;:。()\[\]\s]|以及|(?<=[区县镇乡道市东辰清清坻河海州])[及和与]|[及和与](?=[一-龥]{2,3}[、区])"
)
_LEAD = re.compile(
    r"^(?:预计|预报|未来|今后|目前|受.{1,12}?影响|过去\d+小时|[\d一二两三四五六十-]+(?:个)?小时内?|今天|今日|今晚|今夜|明天|明日|明晚|白天|夜间|凌晨|早晨|上午|中午|下午|傍晚|前半夜|后半夜|到|至|将|在|对|向|于|为|有|我市|我区|天津市(?=.)|天津(?=.)|位于|其中|包括|以及|另外|及|和|与|小时内|内(?!蒙))+"
)
_UNIT = re.compile(r"^[一-龥]{1,6}?(?:街道|镇|乡|新区|区|县)(?!域|间)")
_NOT_UNIT = re.compile(
    r"^(?:[东南西北中]{1,3}部|相关|有关|各|等|该|本|我|全|山|地|城|社|市|海|灾|郊|园|林|辖|景|低洼|部分|大部|其余|其他|多数|个别|上述|涉及|沿海|危险|受|请|村|街|乡镇|防|注|易).{0,3}(?:区|镇|乡|街道|县)"
)
_OURS = re.compile(r"我市|全市|本市|我区|全区|本区|我县|全县|我镇|我街道?|我国天津")
_SIDE = re.compile(
    r"(?:中|东|西|南|北|东南|东北|西南|西北|中东|中西|中南|中北){1,2}部(?:[、及和与](?:中|东|西|南|北){1,2}部)*(?:的?(?:部分)?(?:地区|山区|沿海|海域|海区|平原))?"
)
_COAST = re.compile(r"沿海|渤海")
_DAY = r"(?:今明两天|今天|今日|今晚|今夜|明天|明日|明晚|明晨|明早|后天|今起|(?:\d{1,2}月)?\d{1,2}日)"
_PART = r"(?:早晨|清晨|早上|上午|中午|午后|下午|傍晚|夜间|夜里|白天|前半夜|后半夜|上半夜|下半夜|凌晨|晚上|半夜|\d{1,2}时(?:\d{1,2}分)?|\d{1,2}:\d{2})"  # noqa: E501 - a pattern is read whole
_POINT = rf"(?:{_DAY}(?:\([^)]{{1,6}}\))?{_PART}{{0,2}}|{_PART}{{1,2}})"
_WORDS = re.compile(rf"{_POINT}(?:(?:到|至|-|~)(?:{_POINT}))?(?:前后)?")
_HOURS = re.compile(rf"(?:预计)?(?:未来|今后|接下来)?({NUMBER}|\d+)(?:个)?小时(?:内|之内)?")
_FUTURE = re.compile(
    rf"(?:未来|今后|接下来)(?:{NUMBER}|\d+)(?:(?:-|~|至|到)(?:{NUMBER}|\d+))?(?:个)?(?:小时|天)(?:内|之内)?"
)
_WITHIN = re.compile(rf"(?<!过去)(?<!近)(?<!前)(\d+|{NUMBER})(?:个)?小时(?:内|之内)(?!已)")


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


def _district(piece: str, places: Places) -> str | None:
    for name in sorted([*places.districts, *places.groups], key=len, reverse=True):
        if piece.startswith(name):
            return name
    for name in places.districts:
        if piece.startswith(name.removesuffix("区")) and not piece.startswith(f"{name[:-1]}镇"):
            return name
    return None


def _sides(text: str) -> list[str]:
    attached = re.compile(r"(?:区|县|镇|乡|街道|渤海|海)$")
    return [m.group() for m in _SIDE.finditer(text) if not attached.search(text[: m.start()])]


def read_area(body: str, issuer_area: str | None, places: Places) -> tuple[str, ...]:
    """Return the areas named in the forecast: units, else directions, else "我市" as the issuer's, or ()."""
    text = re.sub(r"除[^,。]{1,20}?外", "", forecast_part(body))
    found: list[str] = []
    for piece in _SPLIT.split(text):
        bare = _LEAD.sub("", piece)
        name = _district(bare, places)
        if name is None and not _NOT_UNIT.match(bare):
            unit = _UNIT.match(bare)
            name = unit.group() if unit else None
        if name and not re.match(r"[一-龥]{0,2}(?:气象|分局|局)", bare[len(name) :]):
            found.append(name)
    exact = [name for name in found if not _COAST.search(name)]
    if found:
        return tuple(dict.fromkeys(exact or found))
    sides = _sides(text)
    if sides:
        return tuple(dict.fromkeys(sides))
    return (issuer_area,) if issuer_area and _OURS.search(text) else ()


def issuer_area(issuer: str | None, places: Places) -> str | None:
    """Return the jurisdiction in the first issuer's name, None when it has none."""
    if issuer is None:
        return None
    for name in places.districts:
        if name in issuer or f"{name[:-1]}分局" in issuer:
            return name
    if issuer.startswith((places.city, places.city.removesuffix("市"))):
        return places.city
    unit = re.match(r"(?:[一-龥]{2,3}(?:省|市))?([一-龥]{2,5}?(?:新区|区|县|市|街道|镇|乡))", issuer)
    return unit.group(1) if unit else None


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
    future = _FUTURE.search(text)
    within = _WITHIN.search(text)
    match = future or within
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
    return bool(
        re.search(r"过去|截至|自$|已|从$", before) or re.match(r"以来|已|(?:前|后)?(?:发布|的)|分", after)
    )

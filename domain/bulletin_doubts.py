"""What is odd about a reading: questions in Chinese to the officer, never a refusal."""

import re
from datetime import datetime, timedelta

from config.tables import Hazard, Places
from domain.bulletin_changes import Change
from domain.bulletin_levels import marked_levels
from domain.bulletin_reading import Colour

_EARLY = timedelta(hours=3)
_LATE = timedelta(minutes=10)
_BASIN = re.compile(
    r"^(?:中央|国家|全国|海河|黄河|长江|淮河|珠江|松辽|太湖|水利部|自然资源部|国务院|应急管理部|生态环境部|中国)"
)
_ELSEWHERE = re.compile(
    r"(?![东南西北中]{1,3}部|[我全本])[一-龥]{1,6}?(?:[省市州盟旗县]|(?<![地山城矿海])区(?!域))"
)
_DRILL = re.compile(r"[\[【(<《](?:[^\])】>》\n]{0,6})演练(?:[^\])】>》\n]{0,6})[\])】>》]|^\W*演练|演练演练")


def time_doubts(issued: datetime | None, received_at: datetime, *, printed: bool) -> list[str]:
    """Return what is odd about the issue time; `printed` is True when one is written at all."""
    if not printed:
        return ["没写发布时间"]
    if issued is None:
        return ["发布时间不成立，请核对"]
    if issued > received_at + _LATE:
        return ["发布时间晚于收到时间"]
    if issued < received_at - _EARLY:
        hours = int((received_at - issued) / timedelta(hours=1))
        return [f"发布时间比收到早{hours}小时" if hours < 48 else f"发布时间比收到早{hours // 24}天"]  # noqa: PLR2004 - two days are said in days
    return []


def hazard_doubts(typed: str | None, known: Hazard | None, colour: Colour | None) -> list[str]:
    """Return what is odd about a hazard and its colour (domain.md §3.2: warn, do not refuse)."""
    out = [] if colour else ["没写颜色"]
    if typed is None:
        return ["没写灾种", *out]
    if known is None:
        return [f"没见过的灾种：{typed}", *out]
    if colour and known.colours and colour.value not in known.colours:
        out.append(f"{known.name}没有{colour}色预警，请核对")
    return out


def level_doubts(text: str, change: Change, known: Hazard | None) -> list[str]:
    """Return the doubt that a level in brackets is not the colour's: "橙色预警[Ⅲ级/较重]"."""
    levels = marked_levels(text, rising=known is not None and known.rising)
    return [f"颜色{change.colour}与级别不符"] if levels and change.colour not in {None, *levels} else []


def outside(issuer: str | None, area: tuple[str, ...], places: Places) -> list[str]:
    """Return the doubt that the warning is wholly for another province or city.

    A station elsewhere has its own 中心城区 and 和平区: from there only our city's name means us.
    """
    first = (issuer or "").split("、")[0]
    short = places.city.removesuffix("市")
    if first and not _BASIN.match(first) and _is_abroad(first, places):
        home = any(short in name for name in area)
    else:
        home = not area or not all(_is_abroad(name, places) for name in area)
    return [] if home else [f"范围在外省（{'、'.join(area) or first}），请核对是否与本街道有关"]


def _is_ours(name: str, places: Places) -> bool:
    """Return True when a name is of our city; "沈阳市和平区" is not."""
    short = places.city.removesuffix("市")
    if re.match(r"[一-龥]{2,4}(?:省|市)", name) and short not in name[:6]:
        return False
    known = [*places.districts, *places.groups, *places.seas, *(d[:-1] + "分局" for d in places.districts)]
    return short in name or any(word in name for word in known)


def _is_abroad(name: str, places: Places) -> bool:
    """Return True when a name says that it lies elsewhere: another province, city, county or district."""
    if _is_ours(name, places):
        return False
    return name.startswith(places.provinces) or _ELSEWHERE.match(name) is not None


def is_drill(text: str) -> bool:
    """Return True when a text says in brackets or at its head that it is a drill."""
    return _DRILL.search(text) is not None

"""Whether one message tells of two incidents, and where the second begins; when in doubt it is one."""

from itertools import pairwise

from domain.pattern import Pattern
from domain.place import read_place
from domain.plain import make_plain

_COLON = "[:：,，、.．)）\\s]"
_NUMBERED = Pattern(
    rf"(?:^|(?<=[。;；!！\n,，:：\s]))(?:[①②③]|(?:[1-3１-３一二三])[、.．)）](?!\d)|其[一二三]{_COLON}|第[一二三](?:件|个|起)(?:事儿?|情况|是)?{_COLON}?|一个是|一是|二是|三是)"
)
_ANOTHER = Pattern(
    rf"(?:^|(?<=[。;；!！\n,，\s]))(?:另外?{_COLON}|另外?(?:还有|还|有)?(?:一|个|件)(?:件|个|起|桩|处)?(?:事儿?|情况)?{_COLON}?|还有(?:一|个|件)(?:件|个|起|桩|处)?(?:事儿?|情况)?{_COLON}?|再(?:一个|有一个|报一(?:个|起))(?:事儿?|情况)?是?{_COLON}?|同时(?:还)?(?:接|有)(?:报|一起)|另外(?:还有)?|还有)"
)
_MARK = Pattern(rf"^(?:{_ANOTHER.pattern})")
_EVENT = Pattern(
    r"火|冒.?烟|爆(?!满)|炸|漏|泄|塌|倒了|刮[倒断]|撞|追尾|翻车|侧翻|停[水电气暖]|断[水电气]|没[水电气]|跑水|爆管|积水|淹|被?困|关着|落水|溺水|触电|中毒|昏|晕|吐|拉肚子|腹泻|发烧|死|伤|打架|打起来|斗殴|砍|捅|跳楼|聚集|聚了|堵门|横幅|讨薪|掉下|砸|滑坡|结冰|臭|刺鼻|死鱼|失踪|走失|暖气|冒溢|险情"
)
_SHORTEST = 8


def split_incidents(text: str) -> tuple[str, ...]:
    """Return the message's incidents as typed but for 另外, one part when it tells of one: each part must tell of an event at a place of its own."""  # noqa: E501 - a contract is read whole
    for marks in (_NUMBERED, _ANOTHER):
        parts = _parts(text, [match.start() for match in marks.finditer(text)], numbered=marks is _NUMBERED)
        if len(parts) > 1 and _apart(parts):
            return parts
    return (text,)


def _parts(text: str, starts: list[int], *, numbered: bool) -> tuple[str, ...]:
    """Return the pieces that begin at the marks; before the first stands a heading or the first incident."""
    if not starts:
        return (text,)
    head = text[: starts[0]]
    if numbered and not _EVENT.search(head):
        starts = starts[1:]
    edges = [0, *starts[:2], len(text)] if numbered else [0, starts[0], len(text)]
    return tuple(piece for a, b in pairwise(edges) if (piece := _MARK.sub("", text[a:b].strip())))


def _apart(parts: tuple[str, ...]) -> bool:
    places = [read_place(make_plain(_MARK.sub("", part), tight=False).text) for part in parts]
    told = all(len(part) >= _SHORTEST and _EVENT.search(part) for part in parts)
    named = all(place and not place[0].isdigit() for place in places)  # "5号楼" is in what was named before
    return told and named and len(set(places)) == len(places)

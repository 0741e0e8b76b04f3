"""Warnings named in a statement: which hazard, which colour, or which level where no colour is written."""

import re
from dataclasses import dataclass

from config.tables import Hazard, HazardTable
from domain.bulletin_levels import NUMBERED, WORDED, colour_of_level
from domain.bulletin_reading import Colour

_COLOUR = re.compile(
    r"[(\[【]?(?P<c>[蓝黄橙红])(?P<full>色|(?=[)\]】]?(?:预警|警报)))[)\]】]?(?P<kind>[^,。;:、\n]{0,6}?(?:预警|警报|信号))?"
)
_GRADE = re.compile(
    rf"(?P<open>[(\[/【]?)(?P<c>{NUMBERED}|{WORDED})(?:[(\[/、](?:{NUMBERED}|{WORDED}))*[)\]/】]*"
    r"(?P<kind>[^,。;:、\n]{0,6}?(?:预警|警报|信号|响应))?"
)
_GAP = re.compile(
    rf"(?:[(\[/]?{NUMBERED}[)\]/、]?)?(?:气象)?(?:灾害)?(?:风险)?(?:预警信号|预警|警报)?(?:等?级别?)?(?:[(\[/]?{NUMBERED}[)\]/、]?|[(\[/【])?$"
)
_AND = re.compile(r"[、和及与]$")
_STARTS = re.compile(
    r".*(?:发布|更新|变更|解除|取消|撤销|升级|降级|调整|维持|延续|继续|联合|启动|为|将|的|至|到|对|由|从|信号|预警|市|区|县|镇|乡|街道|地区)"
)
_UNNAMED = re.compile(r"[一-龥A-Za-z()]{1,10}$")
_NAMED = re.compile(r"预警|警报|信号")
_KIND = re.compile(r"(?:天气|气象)?(?:灾害)?(?:风险)?(?:预警信号|预警|警报)")
_TURNED = re.compile(r"(?:为|至|到|成|由|从)了?$")
_NEXT = re.compile(r"(?:天气|灾害|气象风险|风险)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A hazard with a colour at text[start:end]; `hazard` is as typed, None when left out ("升级为橙色").

    `level` is the word of a level that stands for the colour where no colour is written.
    """

    hazard: str | None
    colour: Colour | None
    start: int
    end: int
    kind: bool
    level: str | None = None


def _left(text: str, end: int, words: list[str]) -> tuple[str | None, int, bool]:
    """Return (hazard as typed, its start, known?) standing right before text[end]."""
    gap = _GAP.search(text, max(end - 20, 0), end)
    stop = gap.start() if gap else end
    for at in dict.fromkeys((end, stop)):
        bare = _NEXT.search(text[max(at - 4, 0) : at])
        inner = at - len(bare.group()) if bare else at
        for near in dict.fromkeys((at, inner)):
            word = next((w for w in words if text.endswith(w, 0, near)), None)
            if word:
                return word, near - len(word), True
    chunk = _UNNAMED.search(text, max(stop - 10, 0), stop)
    if chunk is None:
        return None, end, False
    cut = _STARTS.match(chunk.group())
    word = (chunk.group()[cut.end() :] if cut else chunk.group()).strip("()0123456789")
    return (word or None), stop - len(word), False


def _right(text: str, start: int, words: list[str]) -> tuple[str, int] | None:
    for word in words:
        if text.startswith(word, start) and _KIND.match(text, start + len(word)):
            return word, start + len(word)
    return None


def _shared(text: str, start: int, colour: Colour, words: list[str]) -> list[Mention]:
    """Return the hazards listed before one colour: "暴雨、雷电黄色预警"."""
    out: list[Mention] = []
    while _AND.search(text, max(start - 1, 0), start):
        word, begin, known = _left(text, start - 1, words)
        if word is None or not known:
            break
        out.insert(0, Mention(word, colour, begin, start - 1, kind=False))
        start = begin
    return out


def _before(text: str, end: int, words: list[str]) -> str | None:
    """Return the hazard of the last warning named before text[end] without a colour: "暴雨预警升级为橙色"."""
    found = [(at, w) for w in words if (at := text.rfind(w, 0, end)) >= 0 and _KIND.match(text, at + len(w))]
    return max(found, key=lambda f: (f[0] + len(f[1]), len(f[1])))[1] if found else None


def _mentions(text: str, table: HazardTable, pattern: re.Pattern[str]) -> list[Mention]:
    words = table.words()
    out: list[Mention] = []
    for match in pattern.finditer(text):
        colour = _colour(match)
        if colour is None:
            continue
        kind = match["kind"] is not None
        stem = match.start() - (text[match.start() - 1 : match.start()] in {"由", "从"})
        word, start, known = _left(text, stem, words)
        turned = _TURNED.search(text[max(match.start() - 2, 0) : match.start()])
        right = _right(text, match.end("full") if pattern is _COLOUR else match.end("c"), words)
        kind = kind or (known and bool(_NAMED.search(text[start : match.end()])))
        if (turned and not known) or (not known and right):
            start, known = match.start(), bool(right)
            word = right[0] if right else None
        if turned and word is None and not out:
            word = _before(text, match.start(), words)
            kind = kind or word is not None
        if not known and not kind and not (out and (turned or word is None)):
            continue
        known_as = table.find(word) if word else None
        if not _is_warning(match, text, known_as):
            continue
        if known_as and known_as.rising and pattern is _GRADE:
            colour = colour_of_level(match["c"], rising=True) or colour
        if known and word:
            out += _shared(text, start, colour, words)
        level = match["c"] if pattern is _GRADE else None
        out.append(Mention(word, colour, start, match.end(), kind, level))
    return out


def _colour(match: re.Match[str]) -> Colour | None:
    if match.re is _COLOUR:
        return Colour(match["c"])
    if match["c"].endswith("级") or match["open"] or (match["kind"] or "").startswith(("预警", "警报")):
        return colour_of_level(match["c"]) or colour_of_level(match["c"], rising=True)
    return None


def _is_warning(match: re.Match[str], text: str, known: Hazard | None) -> bool:
    """Return False for a response level, unless this hazard's warnings are announced as one (重污染天气)."""
    response = (match["kind"] or "").endswith("响应") or text.startswith(("响应", "应急响应"), match.end())
    return not response or (known is not None and known.by_response)


def find_mentions(text: str, table: HazardTable) -> list[Mention]:
    """Return the warnings of a plain, tight statement in their order: coloured, else those with a level."""
    coloured = _mentions(text, table, _COLOUR)
    return coloured or [m for m in _mentions(text, table, _GRADE) if m.hazard]


def find_uncoloured(text: str, table: HazardTable) -> Mention | None:
    """Return the first warning named without a colour ("发布暴雨预警"), if any."""
    found = [
        Mention(word, None, at, end.end(), kind=True)
        for word in table.words()
        if (at := text.find(word)) >= 0 and (end := _KIND.match(text, at + len(word)))
    ]
    return min(found, key=lambda m: (m.start, -(m.end - m.start)), default=None)

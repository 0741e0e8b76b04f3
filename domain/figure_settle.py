"""Several counts of one figure in one text made one figure: repeated, a part, told in parts, or contradictory.

Nothing is added up: a sum would be a number that nobody said (P5).
"""

import re
from dataclasses import dataclass

from domain.figure_words import FOLK, HOSPITAL, WORDS

LABEL = {
    "deaths": "死亡",
    "injured": "受伤",
    "missing": "失联",
    "trapped": "被困",
    "evacuated": "疏散",
    "households": "户数",
}
_PART = re.compile(r"其中|里面|里头|包括|含|剩下?|余下")
_TOTAL = re.compile(r"累计|总共|共计|一共|合计|总计")
_MORE = re.compile(r"又|另|还有|再|外加|加上")
_HARM = re.compile(WORDS["injured"])
_ANY = re.compile(
    r"受伤|伤者|伤员|伤亡|[炸撞砸摔烫压崩熏伤砍捅咬][着了到倒]|打了|拍着|疹|呕吐|腹泻|发烧|发热|拉肚子|不适|症状|恶心|头晕|中毒"
)
_ADDED = re.compile(r"(?:新增|增加|又增|新发现|多了)[^,。;\d]{0,2}$")
_LEFT = re.compile(r"(?:还|仍|尚)(?:有|剩)?[^,。;\d]{0,3}$")
_KIND = re.compile(r"轻微?伤|重伤|骨折|(?:擦|烧|烫|摔|砸|划|割|刺|咬|夹|压|炸|扭|挫)伤")
_WHOM = re.compile(rf"(?!伤者|伤员|死者|人员|群众|患者|病人)(?:{FOLK}|成人|成年人)$")
_NOW = re.compile(r"(?:现在|目前|最新)[^,。;]{0,2}$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as said: exact (`value`), a span (`low`-`high`, one may be open), or words (`text`)."""

    value: int | None
    low: int | None
    high: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Count:
    """A count found in a text: of what, how many, the words right before it and its own."""

    name: str
    figure: Figure
    before: str
    words: str


def floor(figure: Figure) -> int | None:
    """Return the number that is certain: the value, else the low end."""
    return figure.value if figure.value is not None else figure.low


def settle(
    counts: list[Count], *, open_ended: bool, relieved: bool = False
) -> tuple[dict[str, Figure], list[str]]:
    """Return (a figure per name, doubts).

    `open_ended`: the text says that more are still being counted; `relieved`: that some were found or brought out.
    """
    got: dict[str, Figure] = {}
    doubts: list[str] = []
    for name in dict.fromkeys(c.name for c in counts):
        told = [c for c in counts if c.name == name]
        if relieved and name in {"missing", "trapped"}:
            told = [c for c in told if _LEFT.search(c.before)][-1:] or told
        figure, doubt = _one(told, LABEL.get(name, "救出"))
        got[name] = figure
        doubts += doubt
    hospital = got.pop(HOSPITAL, None)
    if hospital:
        parts = [c for c in counts if c.name == "injured"]
        if parts and all(_PART.search(c.before) for c in parts):
            got["injured"] = hospital
        else:
            doubts += _in_hospital(got, hospital)
    injured = got.get("injured")
    if open_ended and injured and injured.value is not None:
        got["injured"] = Figure(None, injured.value, None, injured.text)
    return got, doubts


def _in_hospital(got: dict[str, Figure], hospital: Figure) -> list[str]:
    """Who was taken to hospital is injured when no injured are told; else they are some of the harmed."""
    if "injured" not in got:
        got["injured"] = hospital
        return []
    known = [n for name in ("injured", "deaths") if name in got and (n := floor(got[name])) is not None]
    taken = floor(hospital)
    if taken is not None and known and taken > sum(known):
        return [f"受伤{got['injured'].text}，送医{hospital.text}，对不上"]
    return []


def _one(counts: list[Count], label: str) -> tuple[Figure, list[str]]:
    first = floor(counts[0].figure)
    counts = [c for c in counts if not _ADDED.search(c.before)] or counts
    if not _in_parts(counts):
        counts = [c for i, c in enumerate(counts) if i == 0 or not _a_few_of(c, first)]
    total = [c for c in counts if _TOTAL.search(c.before[-5:]) or _NOW.search(c.before)][-1:]
    whole = total or [c for c in counts if not _PART.search(c.before)] or counts
    if _in_kinds(whole) and any(floor(c.figure) for c in whole):
        whole = [c for c in whole if c.figure.value != 0]
    figures = list(dict.fromkeys((c.figure.value, c.figure.low, c.figure.high) for c in whole))
    if len(figures) == 1 and not (floor(whole[0].figure) and _apart(whole)):
        return whole[0].figure, []
    words = "、".join(dict.fromkeys(c.figure.text for c in whole))
    if len(figures) == 1:
        words = "、".join(c.words for c in whole)
    floors = [n for c in whole if (n := floor(c.figure)) is not None]
    if not floors:
        return whole[0].figure, [f"{label}有两个说法：{words}"]
    if _in_kinds(whole):
        most = max(floors)
        if floor(whole[0].figure) == most and _ANY.search(whole[0].words):
            return whole[0].figure, []
        return Figure(None, most, None, words), [f"{label}分开报了{words}，没有相加，请核实"]
    if _in_parts(whole) or _apart(whole):
        return Figure(None, max(floors), None, words), [f"{label}分开报了{words}，没有相加，请核实"]
    highs = [c.figure.high for c in whole if c.figure.high is not None]
    high = max([*floors, *highs])
    low = min(floors)
    return Figure(None, low, None if high == low else high, words), [f"{label}有两个说法：{words}"]


def _a_few_of(count: Count, first: int | None) -> bool:
    """Return True for "3个员工受伤，1个重的烧伤": fewer than told before, and of whom is not said again."""
    few = floor(count.figure)
    bare = re.fullmatch(r"[^个名]+[个名]", count.figure.text) and not _MORE.search(count.before[-4:])
    return bool(bare) and first is not None and few is not None and few < first


def _in_kinds(counts: list[Count]) -> bool:
    """Return True when each count tells of another harm ("5人擦伤，1人骨折")."""
    kinds = [(found := _ANY.search(c.words) or _HARM.search(c.words)) and found.group() for c in counts]
    return all(kinds) and len(set(kinds)) == len(kinds)


def _apart(counts: list[Count]) -> bool:
    """Return True when each count tells of others by their harm ("1人轻伤、1人重伤") or by who they are."""
    for pattern, of in ((_KIND, [c.words for c in counts]), (_WHOM, [c.figure.text for c in counts])):
        said = [found.group() for words in of if (found := pattern.search(words))]
        if len(said) == len(counts) == len(set(said)) and len(counts) > 1:
            return True
    return False


def _in_parts(counts: list[Count]) -> bool:
    """Return True for "又有2人受伤": parts of a sum, not two words on one thing."""
    return _in_kinds(counts) or any(
        (_MORE.search(c.before[-4:] + c.words[:1]) or "又" in c.words) and "说" not in c.before[-4:]
        for c in counts[1:]
    )

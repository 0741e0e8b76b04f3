"""Warnings named in a statement: which hazard, which colour, what is done with it (domain.md §3.5)."""

import re
from dataclasses import dataclass, replace

from config.tables import HazardTable
from domain.bulletin_reading import Action, Colour

_LEVEL = r"(?:[1-4一二三四]|I{1,3}|IV)级"
_COLOUR = re.compile(r"[(\[【]?(?P<c>[蓝黄橙红])色[)\]】]?(?P<kind>[^,。;:、\n]{0,6}?(?:预警|警报|信号))?")
_GAP = re.compile(rf"(?:气象)?(?:灾害)?(?:风险)?(?:预警信号|预警|警报)?(?:[(\[/]?{_LEVEL}[)\]/、]?|[(\[/])?$")
_AND = re.compile(r"[、和及与]$")
_STARTS = re.compile(
    r".*(?:发布|更新|变更|解除|取消|撤销|升级|降级|调整|维持|延续|继续|联合|启动|为|将|的|至|到|对|由|从|信号|预警|市|区|县|镇|乡|街道|地区)"
)
_UNNAMED = re.compile(r"[一-龥A-Za-z()]{1,10}$")
_NAMED = re.compile(r"预警|警报|信号")
_NO_COLOUR = re.compile(r"(?:天气|气象)?(?:灾害)?(?:风险)?(?:预警信号|预警|警报)")
_TURN = re.compile(
    r"(?:升级|降级|更新|变更|调整|提升|提高|升格|升|降|转|改|上调|下调).{0,6}?(?:为|至|到|成)|为$"
)
_UPDATES = ("更新", "变更", "调整", "升级", "降级", "由", "从", "改", "上调", "下调", "提升")
_VERBS: tuple[tuple[str, Action | None], ...] = (
    ("解除", Action.CANCEL),
    ("取消", Action.CANCEL),
    ("撤销", Action.CANCEL),
    ("终止", Action.CANCEL),
    ("继续发布", Action.CONTINUE),
    ("继续维持", Action.CONTINUE),
    ("持续发布", Action.CONTINUE),
    ("延续", Action.CONTINUE),
    ("续发", Action.CONTINUE),
    ("维持", Action.CONTINUE),
    ("升级发布", Action.UPGRADE),
    ("降级发布", Action.DOWNGRADE),
    ("更新发布", None),
    ("变更发布", None),
    ("升级", Action.UPGRADE),
    ("上调", Action.UPGRADE),
    ("降级", Action.DOWNGRADE),
    ("下调", Action.DOWNGRADE),
    ("更新", None),
    ("变更", None),
    ("调整", None),
    ("发布", Action.NEW),
    ("签发", Action.NEW),
    ("启动", Action.NEW),
)
VERB = re.compile("|".join(word for word, _ in _VERBS) + "|将(?!有|会|出现|达|持续)")
_AMENDS = {"更新", "变更", "调整", "更新发布", "变更发布"}
_KNOWN_ACTS = dict(_VERBS)


@dataclass(frozen=True, slots=True)
class Mention:
    """A hazard with a colour at text[start:end]; `hazard` is as typed, None when left out ("升级为橙色")."""

    hazard: str | None
    colour: Colour | None
    start: int
    end: int
    kind: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement does to one warning."""

    action: Action
    hazard: str | None
    colour: Colour | None
    from_colour: Colour | None
    doubts: tuple[str, ...] = ()


def _left(text: str, end: int, words: list[str]) -> tuple[str | None, int, bool]:
    """Return (hazard as typed, its start, known?) standing right before text[end]."""
    gap = _GAP.search(text, 0, end)
    stop = gap.start() if gap else end
    for at in dict.fromkeys((end, stop)):
        for word in words:
            if text.endswith(word, 0, at):
                return word, at - len(word), True
        bare = re.search(r"(?:天气|灾害|气象风险|风险)$", text[:at])
        inner = bare.start() if bare else at
        for word in words:
            if bare and text.endswith(word, 0, inner):
                return word, inner - len(word), True
    chunk = _UNNAMED.search(text, 0, stop)
    if chunk is None:
        return None, end, False
    cut = _STARTS.match(chunk.group())
    word = chunk.group()[cut.end() :] if cut else chunk.group()
    word = word.strip("()0123456789")
    return (word or None), stop - len(word), False


def _right(text: str, start: int, words: list[str]) -> tuple[str, int] | None:
    for word in words:
        if text.startswith(word, start) and _NO_COLOUR.match(text, start + len(word)):
            return word, start + len(word)
    return None


def _shared(text: str, start: int, colour: Colour, words: list[str]) -> list[Mention]:
    """Return the hazards listed before one colour: "暴雨、雷电黄色预警"."""
    out: list[Mention] = []
    while _AND.search(text, 0, start):
        word, begin, known = _left(text, start - 1, words)
        if word is None or not known:
            break
        out.insert(0, Mention(word, colour, begin, start - 1, kind=False))
        start = begin
    return out


def find_mentions(text: str, table: HazardTable) -> list[Mention]:
    """Return the coloured warnings of a plain, tight statement in their order."""
    words = table.words()
    out: list[Mention] = []
    for match in _COLOUR.finditer(text):
        colour, kind = Colour(match["c"]), match["kind"] is not None
        stem = match.start() - (text[match.start() - 1 : match.start()] in {"由", "从"})
        word, start, known = _left(text, stem, words)
        turned = re.search(r"(?:为|至|到|成|由|从)$", text[: match.start()])
        right = _right(text, match.end("c") + 1, words)
        kind = kind or (known and bool(_NAMED.search(text[start : match.end()])))
        if (turned and not known) or (not known and right):
            word, start, known = (right[0], match.start(), True) if right else (None, match.start(), False)
        if not known and not kind and not (out and (turned or word is None)):
            continue
        if known and word:
            out += _shared(text, start, colour, words)
        out.append(Mention(word, colour, start, match.end(), kind))
    return out


def find_uncoloured(text: str, table: HazardTable) -> Mention | None:
    """Return the first warning named without a colour ("发布暴雨预警"), if any."""
    found = [
        Mention(word, None, at, end.end(), kind=True)
        for word in table.words()
        if (at := text.find(word)) >= 0 and (end := _NO_COLOUR.match(text, at + len(word)))
    ]
    return min(found, key=lambda m: (m.start, -(m.end - m.start)), default=None)


def _verb_for(text: str, mention: Mention) -> str | None:
    before = [m.group() for m in VERB.finditer(text, 0, mention.start) if m.group() != "将"]
    if before:
        return before[-1]
    after = [m.group() for m in VERB.finditer(text, mention.end) if m.group() != "将"]
    return after[0] if after else None


def _turns(text: str, first: Mention, second: Mention) -> bool:
    if second.hazard not in {None, first.hazard}:
        return False
    between = text[first.end : second.start]
    if _TURN.search(between):
        return True
    if "发布" in between and "解除" in text[: first.start]:
        return True
    return between in {"为", "至", "到", "成"} and any(word in text[: first.start] for word in _UPDATES)


def _turn(text: str, first: Mention, second: Mention) -> Change:
    old, new = first.colour, second.colour
    doubts: list[str] = []
    action = Action.CONTINUE
    if old and new and old.rank != new.rank:
        action = Action.UPGRADE if new.rank > old.rank else Action.DOWNGRADE
    said = {Action.UPGRADE: ("升级", "上调"), Action.DOWNGRADE: ("降级", "下调")}
    for meant, verbs in said.items():
        if any(verb in text for verb in verbs) and action is not meant:
            doubts.append(f"写的是{verbs[0]}，颜色却是{old}→{new}")
    return Change(action, first.hazard, new, old if old != new else None, tuple(doubts))


def _single(text: str, mention: Mention) -> Change:
    verb = _verb_for(text, mention)
    if verb is None:
        return Change(Action.NEW, mention.hazard, mention.colour, None, ("没写发布还是解除",))
    act = _KNOWN_ACTS.get(verb)
    if verb in _AMENDS and act is None:
        return Change(
            Action.CONTINUE, mention.hazard, mention.colour, None, (f"写的是{verb}，没写原来的颜色",)
        )
    return Change(act or Action.NEW, mention.hazard, mention.colour, None)


def read_changes(text: str, mentions: list[Mention]) -> list[Change]:
    """Return what the statement does, one change per warning, in the order of the text."""
    out: list[Change] = []
    rest = list(mentions)
    while rest:
        first = rest.pop(0)
        if rest and _turns(text, first, rest[0]):
            second = rest.pop(0)
            named = first if first.hazard else replace(first, hazard=second.hazard)
            out.append(_turn(text, named, second))
        else:
            out.append(_single(text, first))
    return list(dict.fromkeys(out))

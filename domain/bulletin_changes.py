"""What a statement does to the warnings it names: issues, continues, raises, lowers or cancels them."""

import re
from dataclasses import dataclass, replace

from domain.bulletin_mentions import Mention
from domain.bulletin_reading import Action, Colour

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
    ("继续生效", Action.CONTINUE),
    ("继续有效", Action.CONTINUE),
    ("升级发布", Action.UPGRADE),
    ("降级发布", Action.DOWNGRADE),
    ("更新发布", None),
    ("变更发布", None),
    ("升级", Action.UPGRADE),
    ("提升", Action.UPGRADE),
    ("上调", Action.UPGRADE),
    ("升为", Action.UPGRADE),
    ("升至", Action.UPGRADE),
    ("升到", Action.UPGRADE),
    ("降级", Action.DOWNGRADE),
    ("下调", Action.DOWNGRADE),
    ("降为", Action.DOWNGRADE),
    ("降至", Action.DOWNGRADE),
    ("降到", Action.DOWNGRADE),
    ("更新", None),
    ("变更", None),
    ("调整", None),
    ("发布", Action.NEW),
    ("签发", Action.NEW),
    ("改发", Action.NEW),
    ("换发", Action.NEW),
    ("启动", Action.NEW),
)
_NO_NOUN = "(?!单位|机构|部门|时间|日期|人|中心|网|平台|系统)"
_NOT_OF_WEATHER = "(?<![温度位压量])"
"""最高气温升至37℃, 能见度降至200米 raise and lower no warning."""
VERB = re.compile(
    "|".join(
        _NOT_OF_WEATHER * word.startswith(("升", "降")) + word + _NO_NOUN * word.endswith("发布")
        for word, _ in _VERBS
    )
    + "|将(?!有|会|出现|达|持续)"
)
_OWN_VERB = re.compile(
    r"(?:预警|警报)?(?:信号)?(?:[,，]?(?:于|并于)?(?:\d{1,2}月)?(?:\d{1,2}日)\d{1,2}(?:时|:)(?:\d{1,2}分?)?)?(?:仍然?|现|已经?|同时|也)*(?P<verb>继续生效|继续有效|继续维持|维持(?=不变|有效|生效|$|[,;。])|解除|取消|终止)(?:不变|有效|生效)?(?:的?(?:通知|公告|通告))?(?=[,;。!)]|$)"
)
"""The verb behind a warning's name that is its own: 雷雨大风黄色预警信号继续生效, …预警解除通知."""
_AMENDS = {"更新", "变更", "调整", "更新发布", "变更发布"}
_KNOWN_ACTS = dict(_VERBS)
_RAISED = ("升级", "上调", "提升", "升为", "升至")
_LOWERED = ("降级", "下调", "降为", "降至")


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement does to one warning."""

    action: Action
    hazard: str | None
    colour: Colour | None
    from_colour: Colour | None
    doubts: tuple[str, ...] = ()
    verb: bool = True


def _verb_for(text: str, mention: Mention) -> str | None:
    """Return the verb of a warning: the nearest before it, unless that only tells of the past ("发布的…")."""
    if own := _OWN_VERB.match(text, mention.end):
        return own["verb"]
    verbs = [m for m in VERB.finditer(text) if m.group() != "将"]
    before = [m for m in verbs if m.end() <= mention.start]
    after = [m.group() for m in verbs if m.start() >= mention.end]
    said = [m.group() for m in before if text[m.end() : m.end() + 1] != "的"]
    if before and text[before[-1].end() : before[-1].end() + 1] == "的":
        return next(iter([*after[:1], *said[-1:], before[-1].group()]))
    return next(iter([*said[-1:], *after[:1]]), None)


def _turns(text: str, first: Mention, second: Mention) -> bool:
    if second.hazard not in {None, first.hazard}:
        return False
    between = text[first.end : second.start]
    if _TURN.search(between):
        return True
    if re.search(r"发布|[改换]发", between) and "解除" in text[: first.start]:
        return True
    return between in {"为", "至", "到", "成"} and any(word in text[: first.start] for word in _UPDATES)


def _turn(text: str, first: Mention, second: Mention) -> Change:
    old, new = first.colour, second.colour
    doubts: list[str] = []
    action = Action.CONTINUE
    if old and new and old.rank != new.rank:
        action = Action.UPGRADE if new.rank > old.rank else Action.DOWNGRADE
    for meant, verbs in {Action.UPGRADE: _RAISED, Action.DOWNGRADE: _LOWERED}.items():
        if any(verb in text for verb in verbs) and action is not meant:
            doubts.append(f"写的是{verbs[0]}，颜色却是{old}→{new}")
    doubts += _level_doubt(second)
    return Change(action, first.hazard, new, old if old != new else None, tuple(doubts))


def level_doubt(word: str, colour: Colour) -> str:
    """Return the doubt about a colour that only a level's word says."""
    return f"没写颜色，按级别（{word}）判为{colour}色，请核对"


def _level_doubt(mention: Mention) -> list[str]:
    return [level_doubt(mention.level, mention.colour)] if mention.level and mention.colour else []


def _single(text: str, mention: Mention) -> Change:
    verb = _verb_for(text, mention)
    doubts = _level_doubt(mention)
    if verb is None:
        return Change(Action.NEW, mention.hazard, mention.colour, None, tuple(doubts), verb=False)
    act = _KNOWN_ACTS.get(verb)
    if act is None and verb in _AMENDS:
        act, doubts = Action.CONTINUE, [*doubts, f"写的是{verb}，没写原来的颜色"]
    elif act in {Action.UPGRADE, Action.DOWNGRADE} and "发布" not in verb:
        doubts.append("没写原来的颜色")
    return Change(act or Action.NEW, mention.hazard, mention.colour, None, tuple(doubts))


def _came_from(text: str, first: Mention, second: Mention) -> bool:
    """Return True for "发布暴雨橙色预警信号(由黄色升级)": the second colour is the old one."""
    return second.hazard in {None, first.hazard} and text[first.end : second.start].endswith(
        ("由", "从", "原")
    )


def read_changes(text: str, mentions: list[Mention]) -> list[Change]:
    """Return what the statement does, one change per warning, in the order of the text."""
    out: list[Change] = []
    rest = list(mentions)
    while rest:
        first = rest.pop(0)
        if rest and _came_from(text, first, rest[0]):
            out.append(_turn(text, replace(rest.pop(0), hazard=first.hazard), first))
        elif rest and _turns(text, first, rest[0]):
            second = rest.pop(0)
            named = first if first.hazard else replace(first, hazard=second.hazard)
            out.append(_turn(text, named, second))
        else:
            out.append(_single(text, first))
    return list(dict.fromkeys(out))

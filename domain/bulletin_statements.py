"""Statements of a bulletin that announce something: who, when, which warnings (domain.md §3.5)."""

import re
from dataclasses import dataclass

from config.tables import HazardTable
from domain.bulletin_mentions import VERB, Mention, find_mentions, find_uncoloured
from domain.stamps import Stamp, find_stamps

_END = re.compile(r"[。\n;!]|(?<!\d):|:(?!\d)")
_ORG = r"(?:台|局|中心|站|办公室|指挥部|委员会|委|厅|应急办|防汛办|防指)"
_ISSUER = re.compile(rf"[一-龥、]{{1,60}}{_ORG}$")
_SPOT = re.compile(r"[,:;!|\[\]()【】<>《》\"“”'#*\d.·—-]+")
_TAIL = re.compile(
    r"(?:于|在|今天|今日|今早|今晨|今晚|刚刚|刚才|联合|再次|已|现|正式|最新|消息|共同|继续|又|和|与|、)+$"
)
_HEAD = re.compile(
    r"^(?:请注意|各位.{0,4}?(?:领导|同志)|注意|转发|转|接到|接|根据|据|来自|由|最新|紧急通知|紧急|通知|重要|提醒|预警信息|预警|信息|发布单位|和|与|、|的)+"
)
_JOINT = re.compile(rf"(?<=[台局心站室部会委厅办])(?:、|和|与|及|会同|联合)(?=[一-龥]{{2,30}}{_ORG})")
_MAYBE = re.compile(
    r"可能|或将|不排除|如果|如遇|若|一旦|视情|适时|是否|有没有|吗|怎么|什么时候|会不会|要不要|期间|演练方案|预案|\?"
)
_TOLD = re.compile(r"收到|已转|转给|已发给|已发群|发到群|通知到|已通知|已传达|叫应|已读|未应答|回复")
_WEATHERLY = re.compile(r"气象|预警|水文|海洋|水务|水利|防汛|规划和自然资源|生态环境|应急|森林|林业")


@dataclass(frozen=True, slots=True)
class Statement:
    """An announcing statement at plain[start:end] with what it says."""

    text: str
    start: int
    end: int
    mentions: tuple[Mention, ...]
    issuer: str | None
    stamp: Stamp | None
    verb: bool
    quoted: bool


def split_statements(plain: str) -> list[tuple[int, int]]:
    """Return the bounds of the statements in plain, tight text."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(plain):
        bounds.append((start, match.start()))
        start = match.end()
    bounds.append((start, len(plain)))
    return [(a, b) for a, b in bounds if b > a]


def _cut_region(name: str, table: HazardTable) -> str:
    """Return the name from its first known region on: greetings typed before it fall off."""
    regions = (table.places.city, *table.places.districts)
    at = [p for region in regions if (p := name.find(region)) > 0]
    lead = name[: min(at)] if at else ""
    return name[len(lead) :] if lead and not re.search(r"[省市区县国]$", lead) else name


def read_issuer(left: str, table: HazardTable) -> str | None:
    """Return the issuers at the end of `left` joined by 、, None when no office stands there."""
    for piece in reversed(_SPOT.split(left)):
        name = _TAIL.sub("", piece)
        if not _ISSUER.fullmatch(name):
            continue
        parts = [_cut_region(_HEAD.sub("", part), table) for part in _JOINT.split(name)]
        return "、".join(part for part in parts if part) or None
    return None


def _blank(text: str, stamps: list[Stamp]) -> str:
    for stamp in stamps:
        text = text[: stamp.start] + "|" * (stamp.end - stamp.start) + text[stamp.end :]
    return text


def _issue_stamp(text: str, verb: int | None) -> Stamp | None:
    stamps = find_stamps(text)
    if verb is not None:
        before = [s for s in stamps if s.end <= verb]
        bare = [s for s in find_stamps(text, bare=True) if s.end <= verb and verb - s.end <= 6]  # noqa: PLR2004 - adjacent to the verb
        found = before or bare
        return found[-1] if found else None
    return stamps[0] if stamps else None


def read_statement(plain: str, start: int, end: int, table: HazardTable) -> Statement | None:
    """Return the statement when it announces a warning, None for any other sentence."""
    text = plain[start:end]
    heading = text.rfind("】") + 1
    if heading and find_mentions(text[heading:], table):
        start, text = start + heading, text[heading:]
    mentions = find_mentions(text, table)
    if not mentions:
        verb = VERB.search(text)
        bare = find_uncoloured(text, table) if verb else None
        mentions = [bare] if bare and verb and verb.group() != "将" and verb.end() <= bare.start else []
    if not any(m.kind for m in mentions):
        return None
    if _MAYBE.search(text) or _TOLD.search(text):
        return None
    verb = next(VERB.finditer(text), None)
    stamp = _issue_stamp(text, verb.start() if verb else None)
    stop = verb.start() if verb else mentions[0].start
    if stamp and stop < stamp.start:
        stop = stamp.start
    issuer = read_issuer(_blank(text, [*find_stamps(text, bare=True)])[:stop], table)
    quoted = bool(verb and text[verb.end() : verb.end() + 1] == "的")
    return Statement(text, start, end, tuple(mentions), issuer, stamp, verb is not None, quoted)


def announces(statement: Statement) -> bool:
    """Return True for a statement that stands as a bulletin's head by itself."""
    if statement.quoted:
        return statement.issuer is not None and statement.stamp is not None
    if statement.verb:
        return True
    return (
        statement.issuer is not None
        and statement.stamp is not None
        and bool(_WEATHERLY.search(statement.issuer))
    )


def sign_off(plain: str, table: HazardTable) -> tuple[str | None, Stamp | None]:
    """Return (issuer, time) from labels or a signature line outside the head, each None when absent."""
    text = re.sub(r"\(?(?:预警)?信息来源[^)\n]*\)?|来源:[^\n]*", "", plain)
    label = re.search(r"发布(?:单位|机构|部门):([一-龥、]{2,60})", text)
    issuer = read_issuer(label.group(1), table) if label else None
    when = re.search(r"发布(?:时间|日期)[:为]?", text)
    stamps = find_stamps(text[when.end() : when.end() + 30]) if when else []
    stamp = stamps[0] if stamps else None
    for start, end in split_statements(text):
        line = text[start:end]
        found = find_stamps(line)
        rest = (
            _SPOT.sub("", _blank(line, found)).removesuffix("发布").removesuffix("消息").removesuffix("最新")
        )
        named = read_issuer(rest, table) if _ISSUER.fullmatch(rest) and _WEATHERLY.search(rest) else None
        if named:
            issuer = issuer or named
            stamp = stamp or (found[0] if found else None)
        elif found and not rest and stamp is None and end >= len(text.rstrip()) - 1:
            stamp = found[0]
    return issuer, stamp

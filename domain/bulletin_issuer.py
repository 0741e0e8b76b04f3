"""Who issues a bulletin: the office before the verb, or the one that signs below."""

import re

from config.tables import HazardTable
from domain.stamps import Stamp, find_stamps

ORG = r"(?:台|局|中心|总?站|办公室|指挥部|委员会|委|厅|应急办|防汛办|防指|水务集团|管理处)"
_ISSUER = re.compile(rf"[一-龥、]{{1,60}}{ORG}$")
_SPOT = re.compile(r"[^一-龥、]+")
_TAIL = re.compile(
    r"(?:于|在|今天|今日|今早|今晨|今晚|刚刚|刚才|联合|再次|已|现|正式|最新|消息|共同|决定|继续|又|和|与|同|把|将|自|从|、)+$"
)
_HEAD = re.compile(
    r"^(?:请注意|各位.{0,4}?(?:领导|同志)|注意|速转|转发|转|接到|接|根据|据|按照|来自|由|最新|刚刚|刚才|今天|今日|紧急通知|紧急|通知|重要|提醒|预警信息|预警发布|预警|信息|发布单位|发布机构|经|和|与|、|的)+"
)
_JOINT = re.compile(
    rf"(?<=[台局心站室部会委厅办处])(?:、|和|与|及|会同|联合)(?=[一-龥]{{2,30}}?{ORG})|(?<=[台局厅委])(?=[一-龥]{{2,3}}[省市区县])"
)
LONGEST_OFFICE = 24
"""Characters of an office that stands alone."""
_WEATHERLY = re.compile(
    r"气象|预警|水文|海洋|预报|水务|水利|防汛|三防|防指|规划和自然资源|自然资源|生态环境|应急|森林|林业|林草|地震|环境"
)
_LABEL = re.compile(rf"(?:发布|预警)(?:单位|机构|部门):?([一-龥、]{{1,60}}{ORG})")
_SOURCE = re.compile(r"\(?(?:预警)?(?:信息)?来源[^)\n]*\)?")


def is_weatherly(name: str) -> bool:
    """Return True for an office whose name says that it may issue warnings."""
    return _WEATHERLY.search(name) is not None


def _cut_region(name: str, table: HazardTable) -> str:
    """Return the name from its first known region on: greetings typed before it fall off."""
    regions = (table.places.city, *table.places.districts)
    at = [p for region in regions if (p := name.find(region)) > 0]
    lead = name[: min(at)] if at else ""
    return name[len(lead) :] if lead and not re.search(r"[省市区县国]$", lead) else name


def _part(text: str, table: HazardTable) -> str:
    bare = text if text.startswith(("和平", "和田", "和县")) else _HEAD.sub("", text)
    return _cut_region(bare, table)


def read_issuer(left: str, table: HazardTable) -> str | None:
    """Return the issuers at the end of `left` joined by 、, None when no office stands there."""
    for piece in reversed(_SPOT.split(left)):
        name = _TAIL.sub("", piece)
        if not _ISSUER.fullmatch(name):
            continue
        parts = [_part(part, table) for part in _JOINT.split(name)]
        return "、".join(part for part in parts if part) or None
    return None


def read_office(words: str, table: HazardTable) -> str | None:
    """Return the office that words are and nothing else ("【河北省气象台】", "长江委水文局"), None for others."""
    name = re.sub(r"[^一-龥、]+", "", words)
    named = read_issuer(name, table) if _ISSUER.fullmatch(name) and len(name) <= LONGEST_OFFICE else None
    return named if named and is_weatherly(named) else None


def blank_stamps(text: str, stamps: list[Stamp]) -> str:
    """Return text of the same length with the printed times blotted out."""
    for stamp in stamps:
        text = text[: stamp.start] + "|" * (stamp.end - stamp.start) + text[stamp.end :]
    return text


def _signature(line: str, table: HazardTable) -> tuple[str | None, Stamp | None]:
    """Return (issuer, time) of a line that holds nothing else."""
    found = find_stamps(line)
    rest = re.sub(r"[^一-龥、]+", "", blank_stamps(line, found))
    rest = re.sub(r"^.*(?:信号|预警|警报|[蓝黄橙红]色)(?=[一-龥]{2,}[省市区县])", "", rest)
    rest = re.sub(r"^(?:发布单位|签发|发布)|(?:于|发布|消息|最新)+$", "", rest)
    if not rest:
        return None, (found[0] if found else None)
    named = read_issuer(rest, table) if _ISSUER.fullmatch(rest) and is_weatherly(rest) else None
    return named, (found[0] if named and found else None)


def sign_off(plain: str, table: HazardTable) -> tuple[str | None, Stamp | None]:
    """Return (issuer, time) from labels or a signature line outside the head, each None when absent."""
    text = _SOURCE.sub("", plain)
    label = _LABEL.search(text)
    issuer = read_issuer(label.group(1), table) if label else None
    when = re.search(r"发布(?:时间|日期)[:为]?", text)
    stamps = find_stamps(text[when.end() : when.end() + 30]) if when else []
    stamp = stamps[0] if stamps else None
    signed_at: Stamp | None = None
    for line in re.split(r"[。\n;!|]|(?<!\d):|:(?!\d)", text):
        named, found = _signature(line, table)
        issuer, signed_at = issuer or named, found or signed_at
    return issuer, stamp or signed_at

"""What a mending of an incident says: one field with its words, or a free sentence (补 E7 …)."""

import re
import unicodedata
from dataclasses import dataclass

from config.tables import IncidentType, IncidentTypes
from domain.figures import Figure, read_quantity
from domain.report_kind import find_kind, mend

FIELDS = ("时间", "地点", "类型", "伤亡", "来源", "电话", "措施")
"""What a button asks for."""
COUNTED = {
    "死亡": "deaths",
    "受伤": "injured",
    "失踪": "missing",
    "失联": "missing",
    "被困": "trapped",
    "转移": "evacuated",
    "疏散": "evacuated",
    "涉及户数": "households",
    "户数": "households",
}
"""The figures by the words they are mended with."""
LABEL = {name: word for word, name in reversed(COUNTED.items())}
ASKED_BY = {
    "确切时间": "时间",
    "事发时间": "时间",
    "地点": "地点",
    "事件类型": "类型",
    "人员伤亡": "伤亡",
    "信息来源": "来源",
    "报告人电话": "电话",
}
"""Which field fills a line of 待补."""
MOST = 99_999
"""No figure of a street is larger: such a number is a slip of the finger."""
_USUAL = frozenset(
    {"火灾", "燃气泄漏", "电梯困人", "道路交通事故", "溺水", "触电", "高处坠落", "供水中断", "停电"}
    | {
        "管线破损",
        "城市内涝",
        "大风次生(倒树)",
        "道路塌陷",
        "食物中毒",
        "传染病聚集",
        "群体性聚集",
        "刑事治安案件",
    }
)
"""Types a street has every month: offered when the words tell nothing."""
_ALSO = {
    "事件类型": "类型",
    "类别": "类型",
    "联系人": "电话",
    "联系电话": "电话",
    "事发时间": "时间",
    "事发地点": "地点",
}
_NAMES = sorted((*FIELDS, *COUNTED, *_ALSO), key=len, reverse=True)
_HEAD = re.compile(rf"(?P<name>{'|'.join(_NAMES)})(?:人数)?\s*[:：,，是为]?\s*(?P<words>.*)", re.DOTALL)
_CORRECTS = re.compile(r"\s*更正\s*[:：,，]?\s*")
_NONE = re.compile(r"[零〇0]\s?[人名户个]?|没有?|无")
_UNKNOWN = re.compile(r"正在核实|核实中|不详|不清楚|不知道|未知|待核实?")
_BARE = re.compile(r"(?P<n>-?\d+(?:\.\d+)?)\s?[人名户个位]?")


@dataclass(frozen=True, slots=True)
class MendSaid:
    """A mending as typed: `field` None is a free sentence; `corrects`: what stands otherwise is meant to change."""

    field: str | None
    words: str
    corrects: bool


def read_mend(text: str) -> MendSaid:
    """Return which field a mending is about, and its words."""
    corrects = _CORRECTS.match(text)
    rest = text[corrects.end() :] if corrects else text
    found = _HEAD.fullmatch(rest.strip())
    if found is None or not found["words"].strip():
        alone = _ALSO.get(rest.strip(), rest.strip())
        field = alone if alone in FIELDS or alone in COUNTED else None
        return MendSaid(field, "" if field else rest.strip(), bool(corrects))
    name = _ALSO.get(found["name"], found["name"])
    words = found["words"].strip()
    if name == "伤亡" and _NONE.fullmatch(words):
        words = "没有人员伤亡"
    return MendSaid(name, words, bool(corrects))


def read_count_of(words: str) -> Figure | str:
    """Return the figure of a mending, or in Chinese why it is none; unknown is a figure without a value."""
    plain = unicodedata.normalize("NFKC", words).strip(" 。.,，")
    if _NONE.fullmatch(plain):
        return Figure(0, None, None, words)
    if _UNKNOWN.fullmatch(plain):
        return Figure(None, None, None, words)
    if re.search(r"[A-Za-z*/^]", plain):
        return "看不出人数"
    bare = _BARE.fullmatch(plain)
    if bare and (bare["n"].startswith("-") or "." in bare["n"]):
        return "人数要写成不小于 0 的整数"
    if re.search(rf"\d{{{len(str(MOST)) + 1},}}", plain):
        return "数字过大，请核对"
    if bare:
        return Figure(int(bare["n"]), None, None, words)
    figure = read_quantity(plain)
    if figure is None or re.search(r"-\s?\d", plain.split("人", maxsplit=1)[0][:2]):
        return "看不出人数"
    return figure


def find_type(words: str, types: IncidentTypes) -> IncidentType | None:
    """Return the type a mending names: by its name, else by a part of it that only one has, else by its words."""
    plain = unicodedata.normalize("NFKC", words).strip(" 。")
    exact = next((kind for kind in types.type if kind.subtype == plain), None)
    part = [kind for kind in types.type if plain and plain in kind.subtype]
    return exact or (part[0] if len(part) == 1 else find_kind(mend(plain, types.homophones), types)[0])


def likely_types(text: str, category: str | None, types: IncidentTypes, most: int = 8) -> list[int]:
    """Return the places in the table of the types to offer: by the text's words, then usual ones of its category."""
    said = [
        place
        for place, kind in enumerate(types.type)
        if find_kind(mend(text, types.homophones), types.model_copy(update={"type": (kind,)}))[0]
    ]
    usual = [
        place
        for place, kind in enumerate(types.type)
        if kind.subtype in _USUAL and category in (None, kind.category)
    ]
    return list(dict.fromkeys([*said, *usual]))[:most]

"""Where it happened: the named place of a hurried line with its house, gate or nearness, as typed."""

import re
from dataclasses import dataclass

from domain.place_words import (
    BREAK,
    CARE,
    CONTACT,
    DETAIL,
    KIND,
    LEAD,
    NEAR,
    NOT_THERE,
    ROAD,
    SPEAKER,
    THERE,
)

_KIND = re.compile(KIND)
_TAIL = re.compile(rf"(?:{DETAIL}|{NEAR})")
_SPACED = re.compile(rf"\s(?=\d+号?楼|\d+-\d)(?:{DETAIL})")
_HOUSE = re.compile(DETAIL)
_STEP = re.compile(rf"[一-龥A-Za-z]{{0,7}}?{KIND}")
_CROSS = re.compile(
    rf"\s?(?:与|和|跟|、|及|至|到)\s?(?P<other>[一-龥A-Za-z\d]{{1,6}}?{ROAD})(?P<near>\s?(?:的)?(?:交叉口|交口|路口|交汇处|口|之间))?"
)
_LABEL = re.compile(r"(?:位置|地点|地址)(?:在|是|为|就在|:)?\s?(?P<p>[^,。;!?\n]{2,40})")
_TIME = re.compile(
    r"(?:\d{1,3}|半|十?几|[一二三四五六七八九十两]+)(?:多|来)?个?半?多?(?:分钟|小时|钟头|刻钟)(?:以|之)?前|\d{1,4}年|\d{1,2}月|\d{1,2}日|(?<=月)\d{1,2}号|\d{1,2}(?:时|点|:)(?:\d{1,2}分?|半|[一二三四五六七八九十]+)?(?:许|左右|多|不到|来钟)?|[一二三四五六七八九十两]+点(?:半|[一二三四五六七八九十]+分?)?(?:许|左右|多|不到|来钟)?"
)
_ALONE = {
    "码头",
    "教堂",
    "园区",
    "开发区",
    "工业园",
    "产业园",
    "清真寺",
    "菜市场",
    "养老院",
    "敬老院",
    "福利院",
    "幼儿园",
    "卫生院",
}
_SUPPLIER = re.compile(r"(?:燃气|自来水|供电|电力|热力|供热|物业|水务|保险|电梯|维保)公司$")
_INSIDE = re.compile(r"(?:车间|食堂|仓库|库房|操场|宿舍楼?|教学楼|后山|北山|树林|山坡|大院)$")
_LIST = re.compile(r"、[一-龥]{1,5}?(?:里|苑|园|小区|社区|村|花园|家园)(?![一-龥]?(?:网格|居委))")
_BLOCK = r"号楼|\d号(?:冷?库|厂房|车间|仓库)|[栋幢]|\d-\d"
_INNER = re.compile(r"[\d一二三四五六七八九十](?:门|号|楼|单元|层|栋|室|组|队|期|个|名)")
_SHORT = 4
_PHONE = re.compile(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[- ]?\d{7,8}")
_WINDOW = 12
_NO_NAME = {
    "街道",
    "辖区",
    "我区",
    "全区",
    "社区",
    "小区",
    "学校",
    "公司",
    "工地",
    "市场",
    "医院",
    "物业公司",
    "街",
    "施工",
    "马路",
    "路段",
    "现场",
    "本街道",
    "施工工地",
    "车间",
    "仓库",
    "食堂",
    "操场",
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A place found: where it stands, its name, what follows the name, and how likely it is the scene."""

    start: int
    end: int
    name: str
    details: str
    weight: int

    @property
    def words(self) -> str:
        return self.name + self.details


def _begin(text: str, end: int) -> int:
    """Return where the name that ends at `end` begins: after the last word that is no part of a name."""
    start = end
    while start > 0 and end - start < _WINDOW and re.match(r"[一-龥A-Za-z]", text[start - 1]):
        start -= 1
    cut = start
    for match in BREAK.finditer(text, start, end):
        cut = match.end()
    lead = LEAD.match(text[cut:end])
    return cut + lead.end() if lead else cut


def _after(text: str, at: int) -> int:
    """Return where house, gate, nearness, the crossing road and inner places behind a name end."""
    while found := _step(text, at):
        at = found
    return at


def _step(text: str, at: int) -> int | None:
    """Return the end of the one piece of a place that begins at `at`."""
    if found := _TAIL.match(text, at) or _SPACED.match(text, at):
        return found.end()
    if re.search(ROAD + "$", text[max(at - 2, 0) : at]) and (found := _CROSS.match(text, at)):
        return found.end()
    if found := _LIST.match(text, at):
        return found.end()
    inner = _STEP.match(text, at)
    if inner is None or BREAK.search(inner.group()) or re.search(r"网格|物业|保安|书记", inner.group()):
        return None
    return inner.end()


def _is_name(text: str, start: int, name: str, kind: str) -> bool:
    """Return False for a bare kind ("小区"), but for those there is one of, and for a piece of a house number."""
    if name in _ALONE or (name == kind and re.fullmatch(r"[一二三四五六七八九十]{1,2}[小中]", kind)):
        return True
    if _SUPPLIER.search(name):
        return False
    if name.endswith("里") and len(name) < _SHORT - 1:
        return False
    bare = len(name) <= len(kind) or len(name) < 2 or name in _NO_NAME  # noqa: PLR2004 - one character names no place
    return not bare and not _INNER.match(text[max(start - 1, 0) :])


def _weight(text: str, start: int, name_end: int, end: int) -> int:
    before, name = text[max(start - 6, 0) : start], text[start:name_end]
    weight = (
        -(name in _ALONE)
        + 2 * bool(THERE.search(before))
        + 2 * bool(end > name_end)
        - 12 * bool(NOT_THERE.search(before))
    )
    weight -= 4 * bool(SPEAKER.match(text[end : end + 14])) + 4 * bool(CONTACT.search(before))
    return weight - 3 * (
        bool(CARE.search(name)) and bool(re.search(r"送|去|到|在", text[max(start - 8, 0) : start]))
    )


def _places(text: str) -> list[_Place]:
    out: list[_Place] = []
    done = 0
    for kind in _KIND.finditer(text):
        if kind.end() <= done:
            continue
        start = max(_begin(text, kind.end()), done)
        name = text[start : kind.end()]
        if not _is_name(text, start, name, kind.group()):
            continue
        end = _after(text, kind.end())
        out.append(_Place(start, end, name, text[kind.end() : end], _weight(text, start, kind.end(), end)))
        done = end
    return out


def read_place(text: str) -> str | None:
    """Return the place as typed: a named place with its house or gate; None when none is named."""
    label = _LABEL.search(text)
    if label and not re.match(r"不|没|未|正在|待", label["p"]):
        return _cut(label["p"])
    spaced = _TIME.sub(lambda m: "," * len(m.group()), _PHONE.sub(lambda m: "," * len(m.group()), text))
    found = _places(spaced)
    best = max(found, key=lambda p: (p.weight, -p.start), default=None)
    house = _own_house(spaced, found)
    if best is None or best.weight < -8:  # noqa: PLR2004 - only places that are not the scene
        return house or None
    if _INSIDE.search(best.name) and len(best.name) <= _SHORT:
        return _unit(found, best) + best.words
    if not best.details or not re.search(r"\d", best.details):
        return best.words + (house if house and best.weight <= 0 and re.search(_BLOCK, house) else "")
    return best.words


def _unit(places: list[_Place], inner: _Place) -> str:
    """Return the unit that speaks, before a place inside it ("宏利注塑厂职工反映喷漆车间…"), "" when none does."""
    return next((p.name for p in places if p.weight < 0 and p.weight > -10 and p.name != inner.name), "")  # noqa: PLR2004 - below are places gone to


def _cut(words: str) -> str:
    """Return a labelled place up to the first word that is no part of one."""
    spaced = re.split(r"\s(?=[一-龥])", words.strip())[0]
    return re.sub(r"(?:发生|着火|起火|有人|电话|联系)[^\n]*$", "", spaced).strip(" :")


def _own_house(text: str, places: list[_Place]) -> str:
    """Return the first house number that stands by no name ("…说3号楼2门楼道着火")."""
    for match in _HOUSE.finditer(text):
        if any(p.start <= match.start() < p.end for p in places) or not re.search(r"\d", match.group()):
            continue
        if re.search(_BLOCK, match.group()):
            return text[match.start() : _after(text, match.end())].strip()
    return ""

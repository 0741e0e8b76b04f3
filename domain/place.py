"""Where it happened: the named place of a hurried line with its house, gate or nearness, as typed."""

import re
from dataclasses import dataclass

from domain.pattern import Pattern
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

_KIND = Pattern(KIND)
_TAIL = Pattern(rf"(?:{DETAIL}|{NEAR})")
_SPACED = Pattern(rf"\s(?=\d+号?楼|\d+-\d)(?:{DETAIL})")
_HOUSE = Pattern(DETAIL)
_STEP = Pattern(rf"[一-龥A-Za-z]{{0,7}}?{KIND}")
_CROSS = Pattern(
    rf"\s?(?:与|和|跟|、|及|至|到)\s?(?P<other>[一-龥A-Za-z\d]{{1,6}}?{ROAD})(?P<near>\s?(?:的)?(?:交叉口|交口|路口|交汇处|口|之间))?"
)
_LABEL = Pattern(r"(?:位置|地点|地址)(?:还|仍|就|改|应|更正)?(?:在|是|为|就在|:)?\s?(?P<p>[^,。;!?\n]{2,40})")
_TIME = Pattern(
    r"(?:\d{1,3}|半|十?几|(?<![一二三四五六七八九十两])[一二三四五六七八九十两]{1,4})(?:多|来)?个?半?多?(?:分钟|小时|钟头|刻钟)(?:以|之)?前|\d{1,4}年|\d{1,2}月|\d{1,2}日|(?<=月)\d{1,2}号|\d{1,2}(?:时|点|:)(?:\d{1,2}分?|半|[一二三四五六七八九十]{1,4})?(?:许|左右|多|不到|来钟)?|(?<![零〇一二三四五六七八九十两])[零〇一二三四五六七八九十两]{1,3}(?:点|时(?!候|间))(?:半|[零〇一二三四五六七八九十]{1,4}分?)?(?:许|左右|多|不到|来钟)?"
)
_CORDON = Pattern(r"(?:已经?|正在|都)?(?:拉|设|布|围)[了起上好]?(?:置|设)?(?:了|起|好)?警戒(?:线|带|区)")
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
_SUPPLIER = Pattern(
    r"(?:燃气|自来水|供电|电力|热力|供热|物业|水务|保险|电梯|维保)公司$|兽医站|供热站|消防站|热线$|在线$|急救站|检查站|服务站$"
)
_INSIDE = Pattern(r"(?:车间|食堂|仓库|库房|操场|宿舍楼?|教学楼|后山|北山|树林|山坡|大院)$")
_LIST = Pattern(r"、[一-龥]{1,5}?(?:里|苑|园|小区|社区|村|花园|家园)(?![一-龥]?(?:网格|居委))")
_BLOCK = r"号楼|\d号(?:冷?库|厂房|车间|仓库)|[栋幢]|\d-\d"
_INNER = Pattern(r"[\d一二三四五六七八九十](?:门|号|楼|单元|层|栋|室|组|队|期|个|名)")
_SHORT = 4
_FAR = -8
_GONE = -10
"""Below it a place is not the scene: gone to, sent to, lived at."""
_PHONE = Pattern(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[- ]?\d{7,8}")
_WINDOW = 12
_LONG_WINDOW = 20
_LONG_KIND = Pattern(r"(?:公司|学校|中学|小学|医院|学院)$")
_LETTER = Pattern(r"[一-龥A-Za-z]")
_NUMBER = Pattern(r"\d|[一二三四五六七八九十]号")
_NUMBERED = Pattern(r"(?P<name>[一-龥]{2})\d{2,4}$")
"""A number inside a name ("阳光100小区")."""
_SHOP = r"(?:店|馆|厂|楼|院|场|园|铺|吧|超市|公司|站|桥|小区|工地)"
_OF = Pattern(
    rf"(?:[上里边旁]|旁边|附近)的(?P<in>[一-龥]{{2,8}}?{_SHOP})|(?:的)?(?:那|这)(?:个|家)[一-龥]{{1,6}}?{_SHOP}|一(?:个|家|处|户|间|栋|座)?[一-龥]{{1,6}}?(?:{_SHOP}|民房|平房|仓库|房)"
)
_STRETCH = Pattern(r"[一-龥]{2,3}段|[一-龥]{2,7}?(?=门口|对面|旁边|附近|楼下|门前|[东南西北后]门)")
_APART = Pattern(
    r"[,\s]{1,2}(?=(?:\d{1,5}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|单元|门\d|层|楼(?!道)|-\d)|[地负]下?[一二三\d]层)"
)
_FLOOR = r"[一二三四五六七八九十\d]{1,2}楼(?!道)"
_PIECE = f"(?:{DETAIL}|{NEAR}|{_FLOOR})"
_OWN = Pattern(
    r"(?:(?:我们?|咱们?|俺们?|本|该)(?:校|厂|村|园|院|司|公司|单位|学校|小区|社区|工地|店|楼|市场|站|酒店)|(?<=[我咱俺]们)(?:厂|校|村|园|院))(?:的)?"
    rf"(?P<in>{_PIECE}+(?:[一-龥]{{0,6}}?{KIND})?{_PIECE}*|[一-龥]{{0,7}}?{KIND}{_PIECE}*)"
    rf"|(?<![一-龥])(?:厂|校|院|园|店|村)里(?P<at>{_PIECE}+)"
)
_UNIT = Pattern(
    r"(?:学|校|园|厂|公司|院|村|小区|社区|酒店|饭店|市场|站|里|苑|中|店|超市|工地|项目部|养老院|物流|中心|电厂|科技|酒楼|宾馆|商场)$"
)
_BUILDING = Pattern(
    rf"(?<![一-龥送去到往])(?:教学楼|实验楼|宿舍楼|办公楼|综合楼|图书馆|体育馆|食堂|操场|后厨|锅炉房|配电室|车间)(?:{_PIECE})*(?:[一-龥]{{1,4}}?(?:实验室|教室|车间|仓库))?"
)
_BY = Pattern(
    r"(?P<p>[一-龥A-Za-z\d]{2,9}?(?:附近|门口|对面|旁边|后身|边上|楼下|楼顶|院里|桥头|路边|河边|村头|地头))"
)
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
    "在建工地",
    "车间",
    "仓库",
    "食堂",
    "操场",
    "大马路",
    "半路",
    "回家路",
    "上学路",
    "公路",
    "小路",
    "土路",
    "村路",
    "中心",
    "绿地",
    "果园",
    "菜地",
    "有限公司",
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
        return re.sub(r"[,)]|(?<=[一-龥])\s(?=[一-龥])", "", self.name + self.details).strip()


def _begin(text: str, end: int) -> int:
    """Return where the name that ends at `end` begins: after the last word that is no part of a name."""
    start = end
    window = _LONG_WINDOW if _LONG_KIND.search(text[max(end - 4, 0) : end]) else _WINDOW
    while start > 0 and end - start < window and _LETTER.match(text[start - 1]):
        start -= 1
    if road := re.search(r"[GS]\d{1,4}$", text[max(start - 5, 0) : start]):
        return start - len(road.group())
    number = _NUMBERED.search(text[max(start - 6, 0) : start])
    if number and not BREAK.search(number["name"]) and not BREAK.search(text, start, end):
        return start - len(number.group())
    cut = start
    for match in BREAK.finditer(text, start, end):
        cut = match.end()
    lead = LEAD.match(text[cut:end])
    return cut + lead.end() if lead else cut


def _after(text: str, at: int) -> int:
    """Return where house, gate, nearness, the crossing road and inner places behind a name end."""
    while (found := _step(text, at)) and found > at:
        at = found
    return at


def _step(text: str, at: int) -> int | None:
    """Return the end of the one piece of a place that begins at `at`."""
    if found := _TAIL.match(text, at) or _SPACED.match(text, at):
        return found.end()
    if re.search(ROAD + "$", text[max(at - 2, 0) : at]) and (found := _CROSS.match(text, at)):
        return found.end()
    if found := _LIST.match(text, at) or _APART.match(text, at):
        return found.end()
    if (found := _OF.match(text, at)) and not BREAK.search(found["in"] or ""):
        return found.end()
    if re.search(ROAD + "$", text[max(at - 2, 0) : at]) and (found := _STRETCH.match(text, at)):
        return at if BREAK.search(found.group()) else found.end()
    if text[at : at + 1] == ")":
        return at + 1 if _STEP.match(text, at + 1) or _TAIL.match(text, at + 1) else None
    inner = _STEP.match(text, at)
    if (
        inner is None
        or (BREAK.search(inner.group()) and not _KIND.fullmatch(inner.group()))
        or re.search(r"网格|物业|保安|书记", inner.group())
    ):
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
    numbered = _NUMBER.search(text[name_end:end]) is not None
    weight = (
        -(name in _ALONE and not numbered)
        + 2 * bool(THERE.search(before))
        + 2 * bool(end > name_end)
        + numbered
        - 12 * bool(NOT_THERE.search(before))
    )
    weight -= 6 * bool(text[start:end].endswith("线") and re.match(r"跳闸|故障|停|断", text[end : end + 2]))
    weight -= 4 * bool(
        re.match(r"楼?[^,。;]{0,3}[\d一二三四五六七八九十百千]+[余多来]?户", text[end : end + 12])
    )
    weight -= 4 * bool(CARE.search(name) and re.search(r"接诊|收治|就诊|收了\d", text))
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
    spaced = _CORDON.sub(lambda m: "," * len(m.group()), spaced)
    found = _places(spaced)
    best = max(found, key=lambda p: (p.weight, -p.start), default=None)
    house = _own_house(spaced, found)
    if inner := _owned(spaced, found, best):
        return inner
    if best is None or best.weight < _FAR:
        near = _near(spaced)
        return house or near or None
    best = _joined(found, best, spaced)
    if _INSIDE.search(best.name) and len(best.name) <= _SHORT:
        return _unit(found, best) + best.words
    if not best.details or not re.search(r"\d", best.details):
        return best.words + (house if house and best.weight <= 0 and re.search(_BLOCK, house) else "")
    return best.words


def _owned(text: str, found: list[_Place], best: _Place | None) -> str:
    """Return the speaker's unit with the place inside it ("我校二楼楼梯", "教学楼三楼"), "" when none is told."""
    unit = next(
        (
            p
            for p in found
            if _UNIT.search(p.name) and p.weight > _GONE and re.match(r"[^村厂校园院店]{2}", p.name)
        ),
        None,
    )
    within = _OWN.search(text)
    if unit is None:
        return ""
    if within and (best is None or unit == best or best.start >= within.start()):
        words = within["in"] or within["at"]
        return "" if BREAK.search(words) else unit.name + words
    if unit == best and unit.weight < 0 and not unit.details:
        building = _BUILDING.search(text, unit.end)
        return unit.name + building.group() if building else ""
    return ""


def _joined(found: list[_Place], best: _Place, text: str) -> _Place:
    """Return a house of a road with the firm named right after it ("津华路11号，环宇电镀有限公司") as one place."""
    after = next((p for p in found if p.start == best.end + 1 and text[best.end] in ", "), None)
    if after is None or not re.search(r"\d号$|口$", best.words) or after.weight < 0:
        return best
    return _Place(best.start, after.end, best.words, after.words, best.weight)


def _near(text: str) -> str:
    """Return what something is said to be near of, when no place has a name of its kind ("天塔附近")."""
    for match in _BY.finditer(text):
        cut = match.start()
        for found in BREAK.finditer(text, match.start(), match.end() - 2):
            cut = found.end()
        words = text[cut : match.end()]
        lead = LEAD.match(words)
        words = words[lead.end() :] if lead else words
        if len(words) >= _SHORT and not NOT_THERE.search(text[max(cut - 4, 0) : cut]):
            return words
    return ""


def _unit(places: list[_Place], inner: _Place) -> str:
    """Return the unit that speaks, before a place inside it ("宏利注塑厂职工反映喷漆车间…"), "" when none does."""
    return next((p.name for p in places if p.weight < 0 and p.weight > -10 and p.name != inner.name), "")  # noqa: PLR2004 - below are places gone to


def _cut(words: str) -> str:
    """Return a labelled place up to the first word that is no part of one."""
    spaced = re.split(r"\s(?=[一-龥]|\d{7})", words.strip())[0]
    return re.sub(r"(?:发生|着火|起火|有人|电话|联系)[^\n]*$", "", spaced).strip(" :")


def _own_house(text: str, places: list[_Place]) -> str:
    """Return the first house number that stands by no name ("…说3号楼2门楼道着火")."""
    for match in _HOUSE.finditer(text):
        if any(p.start <= match.start() < p.end for p in places) or not re.search(r"\d", match.group()):
            continue
        if re.search(_BLOCK, match.group()):
            return text[match.start() : _after(text, match.end())].strip()
    return ""

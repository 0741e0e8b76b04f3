"""Where a bulletin applies: the places named in its forecast, directions, or the issuer's own area."""

import re
from dataclasses import dataclass

from config.tables import Places
from domain.bulletin_window import forecast_part
from domain.pattern import Pattern

_BREAK = Pattern(r"[,;:。()\[\]\s]|以及|并伴|其中|包括")
_AND = Pattern(r"[、及]|与(?!部)|和(?!平|田|县|布克|静县|硕县|政县|林格尔)")
_LEAD = Pattern(
    r"^(?:解除|继续发布|升级发布|发布|变更|更新|预计|预报|届时|未来|今后|目前|受.{1,12}?影响|过去\d+小时|[\d一二两三四五六十~-]+(?:个)?小时(?:之)?内?|今天|今日|今晚|今夜|明天|明日|明晚|白天|夜间|凌晨|早晨|清晨|上午|中午|午后|下午|傍晚|前半夜|后半夜|[\d.]{1,5}(?:年|月|日|时|分)|起|到|至|将|在|对|向|于|为|有|我市(?=[一-龥]{2,5}[区县镇乡])|我区(?=[一-龥]{2,5}[镇乡街])|天津市(?=.)|天津(?=.)|沿岸|沿海(?=[一-龥]{2})(?!地区)|位于|含|另外|及|和(?!平)|与|内(?!蒙)|自|从|由|请|预警区域|影响区域|影响范围|预警范围|范围)+"
)
_SUFFIX = (
    r"(?:州(?!市)(?=[一-龥]{1,4}县)|街道|新区|开发区|高新区|自治[州县旗]|流域|街(?=$|等|有|将|的)|(?<=[一-龥]{2})州(?=$)"
    r"|镇(?!市)|[省市区县乡旗盟])"
)
_UP_TO = Pattern(r"^.*(?:预计|预报|显示|表明|影响|位于|集中在|主要在|覆盖|小时内|小时)(?=[一-龥]{2})")
_THEN = Pattern(r"(?:在?未来|今后|今[天日晚夜]|明[天日晚])")
_NO_NAME = Pattern(
    r"[按据受的了是被把刚]|[并而]且|将(?!乐)|出现|影响|发生|注意|降[雨雪水]|气象|根据|要求|预警|[仍已转]|达(?=到|\d)|各(?!庄)|(?:[部心主老新全沿本等分]|^)[山城]区$|(?:社|小|地|辖|景|库|林|牧|灾|片|校|园|(?:近|沿|外|深|浅|各|该|^)海|街|县|郊)区$"
)
_UNIT = Pattern(rf"^[一-龥]{{1,7}}?{_SUFFIX}(?!域|间|内涝|民|场|委|政|政府)")
_NOT_UNIT = Pattern(
    r"^(?:[东南西北中]{1,3}部|相关|有关|各|等|(?:该|本|我|全)(?=[省市区县镇乡街])|山(?=[区地洪体前脚上])|地(?=[区质势下])|城(?=[区镇市乡])|社|市(?=[区县镇乡直郊域内])|海(?=[区域面上边岸])|灾|郊|园|林(?=[区场地业])|辖|景(?=[区点])|低洼|部分|大部|其余|其他|多数|个别|上述|涉及|沿海|危险|受|请|村|街|乡镇|防|注|易|以上|以下|周边|附近|降|出现|局地|阵).{0,3}(?:区|镇|乡|街道|县|市)"
)
_LONGER_NAME = Pattern(r"[镇乡街省市县支走路站庄村道桥公]")
_OURS = Pattern(r"(?:我|全|本)(?:市|区|县|省|镇|街道|街|州(?!县)|域)")
_REST = Pattern(r"^(?:的)?(?:其他|其余|其它)")
_WIDE = r"(?:地区|山区|沿海|沿河|海域|海面|海区|平原|丘陵|乡镇|镇街|区域|大部|县区|区县|局部)"
_DIR = r"(?:东南|东北|西南|西北|中东|中西|中南|中北|[中东西南北])"
_SIDE = Pattern(
    rf"(?:{_DIR}{{1,2}}部|{_DIR}{{2}}(?=山区|地区)|北部|沿山|(?:平原|丘陵|沿海)地区|山区(?=[和及、]))(?:(?:[、及和与]|以及){_DIR}{{1,2}}部)*(?:的?(?:部分|大部分?|个别)?{_WIDE})?"
)
_PROVINCE_SIDE = Pattern(rf"河北(?:{_DIR}{{1,2}}部|大部)")
"""The province beside us, not the district of its name."""
_SIDE_OF = Pattern(
    r"(?![我全本该各][市区县省])(?!预计|未来|今|明|夜|白|上|下|局|大部)[一-龥]{2,4}?(?<![我全本该市区县省的在对])(?:东南|东北|西南|西北|[东西南北中])部(?![门队委署])"
)
"""A city or province without its suffix and a side of it: 汉中东部."""
_OUR_SIDE = Pattern(rf"(?:[我全本][市区县])?的?{_DIR}{{1,2}}部的?")
_ATTACHED = Pattern(r"(?<![我全本])(?:区|县|镇|乡|街道|海|湾|市|省|州)$")
_LIST_END = Pattern(
    r"(?P<stem>[一-龥]{1,4}?)(?P<many>等(?:\d{1,2}|[一二两三四五六七八九十])?个?)?(?P<suffix>街道|镇|乡|区|县|市|流域)(?![域内民场委])"
)
_LIST_OPEN = Pattern(r"(?P<stem>[一-龥]{2,3}?)(?:沿海|一带|等地(?![质震面下势形])|境内)")
_STEM = Pattern(
    r"(?!沿|部分|大部)[一-龥]{1,4}(?<![部区县镇乡市街道雨雪风电雹雾霾温水潮灾害川路])(?<![一-龥]{2}州)"
)
_EXCEPT = Pattern(
    r"除(?:了)?([^,。;除]{1,30}?)(?:之|以)?外[,]?|([^,。;(]{1,30}?)除外|\(除([^)]{1,20})\)|\(不含([^)]{1,30})\)"
)
_OBSERVED = Pattern(
    r"目前[^,。]*位于|云团|回波|过去|已(?:经)?(?:出现|达|有|普遍|降|累计)|实况|截至|刚刚过去|前期|此前"
)
_ABOVE = Pattern(r"上述|以上(?:地区|区域)|该(?:地区|区域)|这些")
_OFFICE = Pattern(r"^[一-龥]{0,4}(?:气象(?:局|台|站|服务|部门)|分局|局(?!地|部)|委|政府|应急)")


@dataclass(frozen=True, slots=True)
class Area:
    """The places named, and those expressly left out."""

    names: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def _match_district(piece: str, places: Places) -> tuple[str, int] | None:
    """Return (district or group, characters it is written in) at the head of a piece; "武清" is 武清区."""
    for name in places.on_land:
        if piece.startswith(name) and (name in places.districts or piece[len(name) : len(name) + 1] != "街"):
            return name, len(name)
    for name in places.districts:
        short = name.removesuffix("区").removesuffix("新")
        if _PROVINCE_SIDE.match(piece):
            return None
        if piece.startswith(short) and not _LONGER_NAME.match(piece, len(short)):
            return name, len(short)
    return None


def _district(piece: str, places: Places) -> str | None:
    match = _match_district(piece, places)
    return match[0] if match else None


def _sea(piece: str, places: Places) -> str | None:
    for name in places.at_sea:
        if piece.startswith(name):
            side = re.match(rf"{_DIR}{{1,2}}部|沿岸|近海", piece[len(name) :])
            return name + (side.group() if side else "")
    return None


def _unit(piece: str) -> str | None:
    found = None if _NOT_UNIT.match(piece) else _UNIT.match(piece)
    return found.group() if found and not _NO_NAME.search(found.group()) else None


def _province(piece: str, places: Places) -> str | None:
    return next((name for name in places.provinces if piece.startswith(name)), None)


def _innermost(name: str, piece: str, places: Places) -> str:
    """Return the smaller place written right behind a larger one: "蓟州区下营镇" is 下营镇."""
    for _ in range(3):  # province, city, district, town
        piece = piece[len(name) :]
        inner = _district(piece, places) or _unit(piece)
        if inner is None or name[-1] not in "省市区县州" or inner in {"区", "市", "沿海"}:
            break
        name = inner
    return name


def _named_at(text: str, places: Places) -> int:
    """Return where a district's full name stands in a text that begins with other words, else 0."""
    at = [found for name in places.districts if (found := text.find(name)) > 0]
    return min(at) if at and not re.search(r"[省市区县州]", text[: min(at)]) else 0


def _place(piece: str, places: Places) -> str | None:
    """Return the place at the head of a piece of text, None when it begins with none."""
    bare = _LEAD.sub("", _UP_TO.sub("", piece))
    if (first := _LEAD.sub("", piece)) != bare and (name := _unit(first)):
        name = _innermost(name, first, places)
        if _THEN.match(first, first.find(name) + len(name)):
            return name  # 海东市未来6小时有雷电
    side = _OUR_SIDE.match(bare)
    if side and (_district(bare[side.end() :], places) or _unit(bare[side.end() :])):
        bare = bare[side.end() :]
    bare = bare[_named_at(bare, places) :]
    if province := _PROVINCE_SIDE.match(bare):
        return province.group()
    name = _sea(bare, places) or _district(bare, places) or _unit(bare) or _province(bare, places)
    if name is None or _OFFICE.match(bare[len(name) :]):
        return None
    return _innermost(name, bare, places) if bare.startswith(name) else name


def _listed(clause: str, places: Places) -> list[str]:
    """Return the places of one clause in their order."""
    out: list[str] = []
    pieces = [p for p in _AND.split(clause) if p]
    for piece, given in zip(pieces, _shared(pieces, places), strict=True):
        side = re.match(rf"{_DIR}{{1,2}}部", piece)
        sea = _sea_of(out[-1], places) if out and side else None
        name = given or (sea + side.group() if sea and side else _place(piece, places))
        if name:
            out += [name, *([] if given else _run_on(piece, places))]
    return out


def _run_on(piece: str, places: Places) -> list[str]:
    """Return the districts written right behind the first one, their blanks lost: "东丽津南滨海"."""
    rest = _LEAD.sub("", _UP_TO.sub("", piece))
    found: list[str] = []
    while match := _match_district(rest, places):
        found.append(match[0])
        rest = rest[match[1] :]
    return found[1:]


def _shared(pieces: list[str], places: Places) -> list[str | None]:
    """Return the names that pieces take from the end of their list.

    "天河、越秀、海珠区" share 区, "下营、官庄等2个镇" share 镇; "舟山、宁波沿海" are names as they stand.
    """
    out: list[str | None] = [None] * len(pieces)
    for end, piece in enumerate(pieces):
        bare = _LEAD.sub("", piece)
        last = _LIST_END.match(bare) or _LIST_OPEN.match(bare)
        if last is None:
            continue
        suffix = last.groupdict().get("suffix") or ""
        if suffix == "乡" and len(last["stem"]) == 1:
            continue  # 宁乡 is a name of its own
        for at in range(end - 1, -1, -1):
            stem = _LEAD.sub("", pieces[at])
            if not _STEM.fullmatch(stem) or _district(stem, places) or _sea(stem, places):
                break
            out[at] = stem + suffix
        if last.groupdict().get("many") or (not suffix and end and out[end - 1]):
            out[end] = last["stem"] + suffix * (last["stem"][-1] not in "街镇乡区县市")
    return out


def _sea_of(name: str, places: Places) -> str | None:
    return next((s for s in places.at_sea if name.startswith(s)), None)


def _sides_of(clause: str) -> list[str]:
    """Return the places of a list in which one stands with its side: "广元、巴中、达州北部"."""
    pieces = [_LEAD.sub("", piece) for piece in _AND.split(clause)]
    sided = [_SIDE_OF.match(piece) for piece in pieces]
    if not any(sided):
        return []
    pairs = zip(pieces, sided, strict=True)
    return [
        found.group() if found else piece
        for piece, found in pairs
        if found or (_STEM.fullmatch(piece) and len(piece) > 1)
    ]


def _sides(text: str) -> list[str]:
    """Return the directions that belong to no place named before them, else those places with their directions."""
    if of_places := [name for clause in _BREAK.split(text) if clause for name in _sides_of(clause)]:
        return of_places
    found = ((m.group(), text[max(m.start() - 3, 0) : m.start()]) for m in _SIDE.finditer(text))
    return [side for side, before in found if not _ATTACHED.search(before)]


def _own(text: str, places: Places) -> bool:
    """Return True when the issuer's whole area is meant: "我市大部分地区", not "我市北部" or "全市其他地区"."""
    for match in _OURS.finditer(text):
        rest = text[match.end() : match.end() + 12]
        if _SIDE.match(rest) or _REST.match(rest) or _district(rest, places) or _unit(rest):
            continue
        return True
    return False


def _city_named(text: str, places: Places) -> bool:
    """Return True when another's forecast names our city or a side of it: "山东北部、天津中南部"."""
    short = places.city.removesuffix("市")
    return re.search(rf"{short}市?(?:{_DIR}{{1,2}}部|全市|大部|地区|[、和及,]|等)", text) is not None


def _clauses(text: str) -> list[list[str]]:
    """Return the clauses to read, best first: a forecast's without what has been observed, then all.

    All at once when the forecast refers to what was observed ("上述地区").
    """
    clauses = [c for c in _BREAK.split(text) if c]
    ahead = [] if _ABOVE.search(text) else [c for c in clauses if not _OBSERVED.search(c)]
    return [ahead, clauses] if ahead else [clauses]


def _exclude(text: str, places: Places) -> tuple[str, list[str]]:
    out: list[str] = []
    for match in _EXCEPT.finditer(text):
        said = next(g for g in match.groups() if g).removeprefix("含")
        out += [said] if _listed(said, places) else []
    rest = _EXCEPT.sub("", text)
    whole = out and not _OURS.search(text.replace("全市其他", "")) and not _named_in(rest, places)
    return (_EXCEPT.sub("全市", text) if whole else rest), out


def _named_in(text: str, places: Places) -> bool:
    return any(_listed(clause, places) for clause in _BREAK.split(text) if clause)


def _read(clauses: list[str], own: str | None, places: Places) -> list[str]:
    found = [name for clause in clauses for name in _listed(clause, places)]
    joined = ",".join(clauses)
    if own and _own(joined, places):
        within = [name for name in found if _sea_of(name, places)]
        return [*within, own]
    if own != places.city and own not in places.districts and _city_named(joined, places):
        found = [places.city, *found]
    exact = [name for name in found if not name.startswith("沿海")]
    return exact or found or _sides(joined)


def read_area(body: str, issuer_area: str | None, places: Places) -> Area:
    """Return the areas named in the forecast: units, else directions, else "我市" as the issuer's, or none."""
    text, excluded = _exclude(forecast_part(body), places)
    if excluded:
        text = re.sub(r"(全市|全区|全县|我市|我区|我县)的?(?:其他|其余|其它)", r"\1", text)
    ways = (found for clauses in _clauses(text) if (found := _read(clauses, issuer_area, places)))
    found = next(ways, []) or _addressed(body, places)
    left_out = {name for said in excluded for name in _listed(said, places)}
    names = [name for name in dict.fromkeys(found) if name not in left_out or name == issuer_area]
    return Area(tuple(names), tuple(dict.fromkeys(excluded)))


def _addressed(body: str, places: Places) -> list[str]:
    """Return the places to which the advice is addressed: "请武清区、北辰区沿河有关单位…"."""
    match = re.search(
        r"请([^,。;\n]{1,40}?)(?:的)?(?:沿|有关|相关|做好|注意|密切|加强|及时|单位|公众|群众|居民|广大|市民)",
        body,
    )
    return _listed(match.group(1), places) if match else []


def issuer_area(issuer: str | None, places: Places) -> str | None:
    """Return the jurisdiction in the first issuer's name, None when it has none."""
    if issuer is None:
        return None
    first = issuer.split("、")[0]
    abroad = re.match(r"([一-龥]{2,4}省)?([一-龥]{2,4}?市)", first)
    if abroad is None or abroad.group(2) == places.city:
        for name in places.districts:
            if name in first or f"{name[:-1]}分局" in first:
                return name
    if first.startswith(("市", places.city, places.city.removesuffix("市"))):
        return places.city
    unit = re.match(
        r"(?:[一-龥]{2,3}(?:省|市)(?=[一-龥]{2,5}?(?:区|县|市|旗)))?([一-龥]{2,6}?(?:自治[州县旗]|新区|省|区|县|市|旗|街道|镇|乡))",
        first,
    )
    return unit.group(1) if unit else _province(first, places)

"""Numbers of people and households as people say them; never rounded, added or invented (domain.md §2.4).

`value` 0 means "said to be none"; a figure of None means not said or not known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.figure_said import ASKED, clause_at, read_dead, read_none, read_some
from domain.figure_settle import Count, Figure, floor, settle
from domain.figure_words import (
    ALSO_SAID,
    BODIES,
    BRIEF,
    COUNT,
    DIED_OF_IT,
    FOLK,
    HOSPITAL,
    LABELLED,
    NEXT_COUNT,
    NUMBER_WORD,
    PEOPLE,
    TOLL,
    UNIT,
    VAGUE,
    VICTIM,
    WHOLE,
    WORDS,
    Q,
    figure_of,
)
from domain.pattern import Pattern
from domain.quantity import read_count, read_quantity

__all__ = ["NAMES", "NUMBER_WORD", "Figure", "FiguresReading", "read_figures", "read_quantity"]

NAMES = ("deaths", "injured", "missing", "trapped", "evacuated", "households")

_HEARSAY = Pattern(r"疑似|可能|好像|听说|据说|估计|应该|传")
_HARM = Pattern(
    r"打倒|电倒|倒地|躺在?地上|昏迷|昏倒|晕倒|晕过去|不省人事|叫不醒|(?:120|救护车)[^,。]{0,6}(?:拉走|接走|送)|送[^,。;]{0,10}医院|去[^,。;]{0,5}医院|抢救|断了|肿了?|有血|流血|中暑|晕|掉下来|摔下来"
    r"|坠|触电|电着|动不了|疼|骨折|烧伤|烫伤"
)
_HARMED = Pattern(
    rf"[^,。;、\d\n\s没无未]{{0,6}}?(?>(?P<deaths>{WORDS['deaths']})|(?:{WORDS['injured']})){NEXT_COUNT}"
)
_FREED = Pattern(
    r"^[^,。;\d\n]{0,3}?(?:全部|都|均|已经?|悉数|全)?[^,。;\d\n]{0,2}(?:救出|获救|脱困|出来了|救上|放出来)"
    + NEXT_COUNT
)
_PLANNED = Pattern(r"(?:准备|做好|拟|计划|打算|需要?|待(?=转移|疏散|撤离))[^,。;已了]*$")
_READY = Pattern(r"[^,。;已了]{0,4}(?:准备|待命|预案)")
"""Words that make people moved people to be moved."""
_PIT = Pattern(r"井|化粪池|沼气|罐|窖|沟|管道|池子|有限空间|电梯|楼|火")
_CORRECTED = Pattern(
    r"不是(?P<not>[^,。;\n]{1,12}?)[,、\s]?(?:而?是)(?=[^,。;\n])"
    r"|(?:刚才|之前|前面|原来?|上次|首报)?[报称]的?(?P<was>[^,。;\n]{1,14}?)(?:[系是属]误报|有误|错了|报错了?|不对|不准)[,。;]?(?:应为|改为|更正为|实际|应该是|是)?"
    r"|(?:由|从)(?P<from>[^,。;\n]{1,10}?)(?:更正|改|修正|调整|变)[为成]|(?:由|从)(?P<then>[^,。;\n]{1,8}?)(?=(?:增|增加|上升|升|减|减少|降|下降|上调|下调)[到至为])|原报(?:的)?(?P<old>[^,。;\n)]{1,10})"
    r"|(?:前报|上报|此前报|上次报|原报|首报)[的称:]?(?P<before>[^。;\n]{1,30}?)[,。;]\s?(?=(?:现(?!场)|目前|截至|最新|实际))"
    r"|[“\"「](?P<quoted>[^“”\"「」\n]{1,14})[”\"」](?=(?:更正|改|修正|调整|变更)为)"
    r"|(?P<turned>(?<![\d一二三四五六七八九十两百])(?:\d{1,6}|[一二三四五六七八九十两百]{1,6})[人名户个])(?=(?:死亡|受伤|轻伤|重伤|失联|被困)?(?:变|改|更正|调整|核减|核增|修正|更新)为)"
    r"|(?P<said>(?<![\d一二三四五六七八九十两百])(?:\d{1,6}|[一二三四五六七八九十两百]{1,6})[多余几]?[人户名个])(?:说错了|报错了|有误|不对|不准)"
    r"|(?:刚才|之前|前面|原来?|上次|首报|一开始)[说报讲]的?(?P<prev>[^,。;\s]{1,12}?)[,。;\s][^,。;\d]{0,6}?(?:核|实际|应|其实|确认|现|医院|最新)[^,。;\d]{0,8}?(?:是|为)"
)
_TAKEN_BACK = ("said", "prev", "not", "was", "from", "then", "old", "before", "quoted", "turned")
_COMPARED = Pattern(r"\((?:较|比)[^()\n]{1,16}\)")
"""(较上报增加1人): the difference from the report before, no figure of its own."""
_CLOCK = Pattern(
    r"(?<!\d)1(?:10|19|20|22)(?=[说来到都和已刚在也、])|续报\s?\d{1,2}(?=\s)|\d+-\d+-\d+|(?<!\d)\d{1,2}:\d{2}(?!\d)|[高初大][一二三四](?=[一二三四五六两\d班年])"
)
_INSTEAD = Pattern(rf"[^,。;\d\n]{{0,4}}?(?P<q>{Q})(?P<u>{UNIT})")
_PERSON = rf"(?P<q>{Q})(?P<u>[个名位]?(?:{FOLK}))"
_AND = Pattern(rf"[、和及跟与]?\s?{_PERSON}(?!被|[^,。;]{{0,3}}没)")
_AND_BEFORE = Pattern(
    rf"(?<![\d一二三四五六七八九十第])(?P<q>{Q})(?P<u>[个名位](?=[、和及跟与])|[个名位]?(?:{FOLK}))(?:[、和及跟与][一-龥]{{0,4}})?$"
)
_NAMED_BESIDE = Pattern(
    rf"(?<![\d一二三四五六七八九十百两俩仨几数名个位口])(?:{FOLK})(?:和|以?及|与|跟|同|还有)(?:其他?|另外?)?$"
)
"""Somebody without a number, told of together with those counted: 司机和7名乘客受伤."""
_RELIEVED = Pattern(r"找到|救出|救起|获救|脱困|脱险|升井|联系上|取得联系")
_ILL = Pattern(r"发病|症状|伤|呕吐|死亡|就诊|确诊|感染|中毒|收治|发烧|发热|病例|拉肚子|腹泻")
_WHO = Pattern(r"\((?:男|女)[^()\d]{0,4}\d{0,3}[^()\d]{0,4}\)|,?[男女]性?,?约?\d{1,3}[余多]?岁(?=[,。;\s])")
"""Sex and age set beside a person, which part him from what befell him."""
_MORE = Pattern(
    r"还有[^,。;]{0,8}(?:没统计|没算|没数|不算)|不止(?=[\d一二三四五六七八九十几这])|还在(?:增加|统计|增多)|人数还在"
)


@dataclass(frozen=True, slots=True)
class FiguresReading:
    """Every figure of NAMES (None: not said), people rescued, and doubts in Chinese."""

    figures: dict[str, Figure | None]
    rescued: Figure | None
    doubts: tuple[str, ...]


def _denied(text: str, match: re.Match[str]) -> bool:
    """Return True for "无一人受伤" and for "几个人受伤不知道": no count is said."""
    if re.search(r"(?:无|没|没有|未有)$", text[max(match.start() - 3, 0) : match.start()]):
        return True
    word = next(
        match.start(key) for key, value in match.groupdict().items() if key[:2] in {"a_", "b_"} and value
    )
    if re.search(r"(?:没有?|未|无)[被受有]?$", text[max(word - 3, 0) : word]):
        return True
    said = match["q1"] or match["q2"]
    return bool(re.search(VAGUE, said)) and bool(ASKED.search(clause_at(text, match.start())))


def _slot(name: str, unit: str) -> str | None:
    if unit.startswith("户"):
        return "households" if name in {"evacuated", "affected", "trapped"} else None
    return None if name == "affected" else name


def _happened(text: str, match: re.Match[str]) -> str:
    """Return what the count is of: who got out is rescued, who did not come up out of a pit is trapped."""
    name = figure_of(match)
    if name == "missing" and match.group().endswith("没上来") and _PIT.search(text):
        return "trapped"
    if name == "missing" and re.match(
        rf"[^,。;\d\n]{{0,4}}?(?:都|已|已经|全)?(?:找到|联系上){NEXT_COUNT}", text[match.end() :]
    ):
        return "found"
    if name in {"injured", HOSPITAL} and DIED_OF_IT.match(text, match.end()):
        return "deaths"
    if name == "evacuated" and _is_planned(text, match):
        return "affected"
    if name == "trapped" and _FREED.match(text[match.end() : match.end() + 14]):
        return "rescued"
    return name


def _counted(text: str, match: re.Match[str]) -> Iterable[Count]:
    name, got = _happened(text, match), match.groupdict()
    before = text[max(match.start() - 8, 0) : match.start()]
    if got["q0"] and name in {"evacuated", "affected"}:
        yield _one("households", got["q0"] + "户", before, match)
    for q, u in (("q1", "u1"), ("q2", "u2"), ("q3", "u3")):
        slot = _slot(name, got[u]) if got[q] and got[u] is not None else None
        if slot == "found":
            yield Count("missing", Figure(0, None, None, match.group()), before, match.group())
        elif slot:
            yield _one(slot, got[q] + got[u], before, match)


def _is_planned(text: str, match: re.Match[str]) -> bool:
    """Return True for people who are still to be moved ("做好112人转移准备", "拟转移37户")."""
    begin = max(text.rfind(mark, 0, match.start()) for mark in ",。;\n") + 1
    return bool(_PLANNED.search(text[begin : match.end()]) or _READY.match(text, match.end()))


def _after_rescue(text: str, match: re.Match[str]) -> Iterable[Count]:
    """Yield the harm told of those just counted as brought out ("救出2人均受轻伤", "扒出来一个腿折了")."""
    q = "q2" if match["q2"] else "q1"
    if _happened(text, match) not in {"rescued", "evacuated"}:
        return
    harm = _HARMED.match(text, match.end())
    if harm:
        name = "deaths" if harm["deaths"] else "injured"
        yield _one(name, match[q] + match[f"u{q[1]}"], "", match)


def _beside(text: str, match: re.Match[str]) -> Iterable[Count]:
    """Yield the people told of right beside those just counted ("咬了2个老人1个小孩"): parts of one sum."""
    name = _happened(text, match)
    if name not in {"injured", "deaths", "missing", "trapped"}:
        return
    beside = [
        _AND.match(text, match.end()),
        _AND_BEFORE.search(text[max(match.start() - 14, 0) : match.start()]),
    ]
    for found in beside:
        if found:
            yield _one(name, found["q"] + found["u"], "又", found)


def _one(name: str, words: str, before: str, match: re.Match[str]) -> Count:
    figure = read_quantity(words) or Figure(None, None, None, words)
    return Count(name, figure, before, match.group())


class _Sheet:
    """The counts found in a text, the text with what was read blanked, and the doubts."""

    def __init__(self, text: str) -> None:
        self.text = self.rest = text
        self.counts: list[Count] = []
        self.doubts: list[str] = []

    def blank(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + "□" * (end - start) + self.rest[end:]


def _read_corrections(sheet: _Sheet) -> None:
    """Blank what a correction takes back: of "不是3人,是4人" only the second is said, and of the same people."""
    for match in _CORRECTED.finditer(sheet.rest):
        for name in _TAKEN_BACK:
            if match[name] and re.search(NUMBER_WORD, match[name]):
                _read_instead(sheet, match[name], match.end())
                start, end = match.span(name)
                sheet.blank(start, end - match[name].endswith("户"))


def _read_instead(sheet: _Sheet, was: str, at: int) -> None:
    """Take the bare number behind a correction as the figure that is taken back: "不是两人受伤是三人"."""
    told, now = COUNT.search(was), _INSTEAD.match(sheet.rest, at)
    if told is None or now is None or COUNT.match(sheet.rest, now.start("q")):
        return
    if slot := _slot(figure_of(told), now["u"]):
        sheet.counts.append(_one(slot, now["q"] + now["u"], "", now))
        sheet.blank(*now.span("q"))
        sheet.blank(*now.span("u"))


def _read_counts(sheet: _Sheet) -> None:
    for match in TOLL.finditer(sheet.rest):
        before = sheet.rest[max(match.start() - 8, 0) : match.start()]
        for name, number in (
            ("deaths", match["d"] or match["d2"]),
            ("injured", match["i"] or match["i2"]),
            ("injured", match["i3"]),
            ("missing", match["m"]),
        ):
            count = read_count(number) if number else None
            if count is not None:
                words = match.group() if number != match["i3"] else f"另{match.group()}"
                sheet.counts.append(Count(name, Figure(count, None, None, match.group()), before, words))
        sheet.blank(*match.span())
    _read_labelled(sheet)
    text = sheet.rest
    for match in COUNT.finditer(text):
        if _denied(text, match):
            continue
        sheet.counts += _with_named(sheet, match, list(_counted(text, match)))
        sheet.counts += _after_rescue(text, match)
        beside = list(_beside(text, match))
        sheet.counts += beside
        for part in beside:
            sheet.rest = sheet.rest.replace(part.words, "□" * len(part.words))
        happened = _happened(text, match)
        told = any(_slot(happened, u) for u in (match["u1"], match["u2"], match["u3"]) if u is not None)
        if told and (happened != "affected" or figure_of(match) == "affected"):
            sheet.blank(*match.span())
        if _HEARSAY.search(match.group()) or re.search(
            r"(?:疑似|可能|好像|听说|据说|传说|说是|估计)$", text[: match.start()][-4:]
        ):
            sheet.doubts.append(f"“{match.group().strip()}”未核实")


def _read_labelled(sheet: _Sheet) -> None:
    """Take the lines of a form (死亡0，受伤人数2) and bodies that were found (一具男尸)."""
    for match in LABELLED.finditer(sheet.rest):
        name = next(one for one, word in match.groupdict().items() if word and one != "q")
        count = 0 if match["q"] in {"无", "零"} else int(match["q"])
        sheet.counts.append(Count(name, Figure(count, None, None, match.group()), "", match.group()))
        sheet.blank(*match.span())
    for match in BRIEF.finditer(sheet.rest):
        if (brief := read_count(match["q"] or match["q2"])) is not None:
            name = "deaths" if match["deaths"] or match["deaths2"] else "injured"
            sheet.counts.append(Count(name, Figure(brief, None, None, match.group()), "", match.group()))
            sheet.blank(*match.span())
    for match in BODIES.finditer(sheet.rest):
        sheet.counts.append(_one("deaths", match.group(), "", match))
        sheet.blank(*match.span())


def _with_named(sheet: _Sheet, match: re.Match[str], counts: list[Count]) -> list[Count]:
    """Return the counts of a match, open upwards where somebody without a number is told of with them: no sum (P5)."""
    named = _NAMED_BESIDE.search(sheet.rest[max(match.start() - 12, 0) : match.start()])
    if named is None or not match["q1"]:
        return counts
    sheet.doubts.append(f"“{named.group()}{match.group()}”：只数了{match['q1']}{match['u1']}，请核实一共几人")
    return [
        Count(c.name, Figure(None, floor(c.figure), None, named.group() + c.figure.text), c.before, c.words)
        for c in counts
    ]


def _read_also(sheet: _Sheet) -> None:
    """Take "有说5个人的" as another word on the figure counted before it."""
    for match in ALSO_SAID.finditer(sheet.rest):
        figure = read_quantity(match["q"] + match["u"])
        if sheet.counts and figure:
            sheet.counts.append(Count(sheet.counts[-1].name, figure, "", match.group()))
            sheet.blank(*match.span())


def _read_whole(sheet: _Sheet) -> None:
    """Let a total ("累计23人") stand for the last figure counted before it, the ill when there is none."""
    for match in WHOLE.finditer(sheet.rest):
        counted = [c for c in sheet.counts if c.name in {"deaths", "injured", "evacuated", HOSPITAL}]
        said = [c.name for c in counted if sheet.text.find(c.words) < match.start()]
        if counted and not said and not (match["moved"] or match["dead"]) and match.group()[0] == "共":
            continue  # 共15人,已转移9人: of whom is not said
        name = (
            "evacuated" if match["moved"] else "deaths" if match["dead"] else said[-1] if said else "injured"
        )
        name = "injured" if name == HOSPITAL else name
        if not said and not match["moved"] and not _ILL.search(sheet.rest):
            continue
        for q, u in (("q", "u"), ("q2", "u2")):
            slot = "households" if (match[u] or "").startswith("户") else name
            if match[q]:
                gone = {slot, HOSPITAL} if slot == "injured" else {slot}
                sheet.counts = [c for c in sheet.counts if c.name not in gone]
                sheet.counts.append(_one(slot, match[q] + match[u], "", match))
        sheet.blank(*match.span())


def _read_households(sheet: _Sheet) -> None:
    """Take the households of another clause when the line tells of a supply that is cut."""
    if any(c.name == "households" for c in sheet.counts):
        return
    if not re.search(
        r"□户|停[水电气暖]|冰凉|没[水电气]|没暖气|不热|影响|断[水电气]|受灾|受淹|被淹|进水", sheet.rest
    ):
        return
    found = [m for m in PEOPLE.finditer(sheet.rest) if m.group().endswith("户") and m.group()[0] not in "-负"]
    for match in found[:1]:
        figure = read_quantity(match.group())
        if figure and figure.value != 1 and figure.low != 2:  # noqa: PLR2004 - one or two are somebody's, not the supply's
            sheet.counts.append(Count("households", figure, "", match.group()))
            sheet.blank(*match.span())


def _read_victim(sheet: _Sheet, got: dict[str, Figure], doubts: list[str]) -> None:
    """Count the one group of persons told of when the line tells of harm but no number of injured."""
    found = list(VICTIM.finditer(sheet.rest))
    if (
        got.keys() & {"injured", "deaths", "missing", "trapped"}
        or len(found) != 1
        or not _HARM.search(sheet.rest)
    ):
        return
    figure = read_quantity(found[0].group())
    if figure and floor(figure) is not None:
        got["injured"] = figure
        doubts.append("受伤人数由叙述读出，请核实")
        sheet.blank(*found[0].span())


def _unplaced(text: str, known: set[int]) -> list[str]:
    """Return a doubt for each count of people that belongs to no figure: nothing said is lost silently (P5)."""
    out = []
    for match in PEOPLE.finditer(text):
        figure = read_quantity(match.group())
        if figure and figure.value in known:
            continue
        before = text[max(match.start() - 3, 0) : match.start()]
        if (
            re.search(r"[没无独每含]$|包括$|哪$|其中有?$|里[面头]有?$", before)
            or re.fullmatch(r"有?[一1]户", match.group())
            or re.match(r"(?:几|数)(?:个|名|位)?人", match.group())
        ):
            continue
        words = re.sub(r"^(?:得?有个?|是)", "", match.group())
        odd = words[0] in "-负" or re.search(r"\d{8}|[.]", words)
        out.append(f"“{words}”{'不像人数，请核实' if odd else '没有归到哪一项，请核实'}")
    return out


def read_figures(text: str) -> FiguresReading:
    """Return the figures said in plain text (see plain.make_plain)."""
    sheet = _Sheet(_CLOCK.sub(lambda m: "□" * len(m.group()), _WHO.sub("", _COMPARED.sub("", text))))
    _read_corrections(sheet)
    _read_counts(sheet)
    _read_also(sheet)
    _read_whole(sheet)
    _read_households(sheet)
    got, doubts = settle(
        sheet.counts,
        open_ended=_MORE.search(text) is not None,
        relieved=_RELIEVED.search(text) is not None,
    )
    doubts = [*sheet.doubts, *doubts]
    read_none(sheet.rest, got, doubts)
    read_some(sheet.rest, got, doubts)
    read_dead(sheet.rest, got, doubts)
    _read_victim(sheet, got, doubts)
    doubts += _unplaced(
        sheet.rest, {figure.value for figure in got.values() if figure.value and figure.value > 1}
    )
    figures = {name: got.get(name) for name in NAMES}
    return FiguresReading(figures, got.get("rescued"), tuple(dict.fromkeys(doubts)))

"""Numbers of people and households as people say them; never rounded, added or invented (domain.md §2.4).

`value` 0 means "said to be none"; a figure of None means not said or not known.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.figure_settle import LABEL, Count, Figure, settle
from domain.figure_words import (
    ALSO_SAID,
    COUNT,
    FOLK,
    HOSPITAL,
    JOINED,
    NUMBER_WORD,
    PAIR,
    PEOPLE,
    SOME,
    SUBJECTLESS,
    TOLL,
    VAGUE,
    VICTIM,
    WHOLE,
    figure_of,
)
from domain.numerals import read_number

__all__ = ["NAMES", "NUMBER_WORD", "Figure", "FiguresReading", "read_figures", "read_quantity"]

NAMES = ("deaths", "injured", "missing", "trapped", "evacuated", "households")

_NO = r"(?<![有是])(?:没有|没|无|未|尚无|暂无|暂未|并无|均无|都没)(?:造成|发现|出现|发生|接到|收到|有|听说|报告)?"
_ONE_OF = rf"(?:[一1]?[个名位]?)?(?:人员?|群众|人(?:员)?员|{FOLK})?(?:的)?"
_NONE: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("deaths", "injured"),
        rf"{_NO}{_ONE_OF}(?:伤亡|死伤)|零伤亡|0伤亡|伤亡(?:人数)?(?:为|:)?(?:0|零|无)(?![\d.])",
    ),
    (("deaths",), rf"{_NO}{_ONE_OF}(?:死亡|死人|遇难|死的)"),
    (
        ("injured", "deaths"),
        (
            rf"{_NO}{_ONE_OF}(?:受伤|受轻伤|伤着人?|伤到人?|伤人|伤(?![亡势情心]))|{_NO}(?:砸|伤|压|碰|撞)[着到]人?|人(?:员|也|全|倒)?都?(?:没啥?事|没大事|平安|安全(?!员|帽|绳))"
            r"|(?:都|全)没事|一个人?[也都]没(?:有)?(?:受)?伤"
        ),
    ),
    (("trapped",), rf"{_NO}{_ONE_OF}(?:被困|受困|困)(?!难)"),
    (
        ("missing",),
        rf"{_NO}{_ONE_OF}(?:失踪|失联)|(?<!没)(?<!没有)(?:人|{FOLK})(?:都|也|全)?(?:已经?)?找到了|都联系上了|全(?:部|都)?联系上",
    ),
)
_PEACE = re.compile(r"(?:没有?|未)(?:发生|起)?(?:肢体|正面)?冲突|没(?:有)?动手|没打起来")
_OTHERS = re.compile(r"(?:其余|其他|其它|别人|别的|另外|剩下)[^,。;]{0,6}$")
_ASKED = re.compile(
    r"有没有|有无|是否|是不是|(?<!十)几个人|不知道|不清楚|不详|不明|没问|待核|待查|未知|不好说|没统计|还没数|在核实|说不准|没法确定|不确定"
)
_SOFT = re.compile(r"应该|好像|估计|可能|听说|据说|暂|目前|吧|大概|初步|看样子|疑似|接到|收到|说是")
_HEARSAY = re.compile(r"疑似|可能|好像|听说|据说|估计|应该|传")
_HARM = re.compile(
    r"躺在?地上|昏迷|昏倒|晕倒|晕过去|不省人事|叫不醒|(?:120|救护车)[^,。]{0,6}(?:拉走|接走|送)|送[^,。;]{0,10}医院|去[^,。;]{0,5}医院|抢救|断了|肿了?|有血|流血|中暑|晕|掉下来|摔下来"
    r"|坠|触电|电着|动不了|疼|骨折|烧伤|烫伤"
)
_FREED = re.compile(
    r"^[^,。;\d\n]{0,3}?(?:全部|都|均|已经?|悉数|全)?[^,。;\d\n]{0,2}(?:救出|获救|脱困|出来了|救上|放出来)"
)
_PIT = re.compile(r"井|化粪池|沼气|罐|窖|沟|管道|池子|有限空间|电梯|楼|火")
_CORRECTED = re.compile(
    r"不是(?P<not>[^,。;\n]{1,12}?)[,、\s]?(?:而?是)(?=[^,。;\n])"
    r"|(?:刚才|之前|前面|原来?|上次|首报)?报的?(?P<was>[^,。;\n]{1,14}?)(?:有误|错了|报错了?|不对|不准)[,。;]?(?:应为|改为|更正为|实际|应该是|是)?"
    r"|(?:由|从)(?P<from>[^,。;\n]{1,10}?)(?:更正|改|修正|调整)[为成]"
)
_MORE = re.compile(r"还有[^,。;]{0,8}(?:没统计|没算|没数|不算)|不止|还在(?:增加|统计|增多)|人数还在")
_FLOOR, _CEILING = ("至少", "不少于", "超过", "起码", "最少"), ("不到", "近", "将近")


@dataclass(frozen=True, slots=True)
class FiguresReading:
    """Every figure of NAMES (None: not said), people rescued, and doubts in Chinese."""

    figures: dict[str, Figure | None]
    rescued: Figure | None
    doubts: tuple[str, ...]


def _span(core: str) -> tuple[int | None, int | None]:
    """Return (low, high) of "四五十", "十五六", "5、6", "40-50"; equal ends for one number."""
    pair = re.fullmatch(
        r"([二三四五六七八九]?十)?([一二三四五六七八九])([一二三四五六七八九])([十百]?)", core
    )
    if pair:
        before, *digits, unit = pair.groups()
        ends = [read_number(f"{before or ''}{digit}{unit}") for digit in digits]
        return ends[0], ends[1]
    parts = [_count(part.strip()) for part in re.split(r"[-~—至到、或,]者?", core)]
    return (parts[0], parts[-1]) if parts and None not in parts else (None, None)


def _count(word: str) -> int | None:
    return read_number({"俩": "两", "仨": "三"}.get(word, word))


def read_quantity(text: str) -> Figure | None:
    """Return the figure of one quantity phrase ("约5、6户", "二十余人"), None when it holds no number."""
    words = re.sub(r"^(?:得?有个?|是)", "", text.strip())
    found = re.search(rf"{PAIR}|{JOINED}", text)
    if re.search(VAGUE, text) and not (found and re.search(r"\d", found.group())):
        return Figure(None, None, None, words)
    if found is None:
        return None
    low, high = _span(found.group())
    if low is None or high is None or high < low:
        return Figure(None, None, None, words)
    if low != high:
        return Figure(None, low, high, words)
    after = text[found.end() :].strip()
    if after[:1] in {"余", "多", "来", "几"} or after.endswith(("以上", "开外")) or words.startswith(_FLOOR):
        return Figure(None, low, None, words)
    if words.startswith(_CEILING):
        return Figure(None, None, low, words)
    return Figure(low, None, None, words)


def _clause(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in ",。;\n")
    ends = [e for mark in ",。;\n" if (e := text.find(mark, at)) >= 0]
    return text[start + 1 : min(ends, default=len(text))]


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
    return bool(re.search(VAGUE, said)) and bool(_ASKED.search(_clause(text, match.start())))


def _slot(name: str, unit: str) -> str | None:
    if unit.startswith("户"):
        return "households" if name in {"evacuated", "affected"} else None
    return None if name == "affected" else name


def _happened(text: str, match: re.Match[str]) -> str:
    """Return what the count is of: who got out is rescued, who did not come up out of a pit is trapped."""
    name = figure_of(match)
    if name == "missing" and match.group().endswith("没上来") and _PIT.search(text):
        return "trapped"
    if name == "trapped" and _FREED.match(text[match.end() : match.end() + 14]):
        return "rescued"
    return name


def _counted(text: str, match: re.Match[str]) -> Iterable[Count]:
    name, got = _happened(text, match), match.groupdict()
    before = text[max(match.start() - 8, 0) : match.start()]
    if got["q0"] and name == "evacuated":
        yield _one("households", got["q0"] + "户", before, match)
    for q, u in (("q1", "u1"), ("q2", "u2"), ("q3", "u3")):
        slot = _slot(name, got[u]) if got[q] and got[u] is not None else None
        if slot:
            yield _one(slot, got[q] + got[u], before if q != "q3" else "", match)


def _one(name: str, words: str, before: str, match: re.Match[str]) -> Count:
    figure = read_quantity(words) or Figure(None, None, None, words)
    return Count(name, figure, before, match.group())


class _Sheet:
    """The counts found in a text, the text with what was read blanked, and the doubts."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.counts: list[Count] = []
        self.doubts: list[str] = []

    def blank(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + "□" * (end - start) + self.rest[end:]


def _read_corrections(sheet: _Sheet) -> None:
    """Blank what a correction takes back: of "不是3人,是4人" only the second is said."""
    for match in _CORRECTED.finditer(sheet.rest):
        for name in ("not", "was", "from"):
            if match[name] and re.search(NUMBER_WORD, match[name]):
                start, end = match.span(name)
                sheet.blank(start, end - match[name].endswith("户"))


def _read_counts(sheet: _Sheet) -> None:
    for match in TOLL.finditer(sheet.rest):
        for name, groups in (("deaths", ("d", "d2")), ("injured", ("i", "i2"))):
            count = _count(match[groups[0]] or match[groups[1]])
            if count is not None:
                sheet.counts.append(Count(name, Figure(count, None, None, match.group()), "", match.group()))
        sheet.blank(*match.span())
    text = sheet.rest
    for match in COUNT.finditer(text):
        if _denied(text, match):
            continue
        sheet.counts += _counted(text, match)
        if any(
            _slot(_happened(text, match), u) for u in (match["u1"], match["u2"], match["u3"]) if u is not None
        ):
            sheet.blank(*match.span())
        if _HEARSAY.search(match.group()) or re.search(
            r"(?:疑似|可能|好像|听说|估计)$", text[: match.start()][-4:]
        ):
            sheet.doubts.append(f"“{match.group().strip()}”未核实")


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
        figure = read_quantity(match["q"] + match["u"])
        said = [c.name for c in sheet.counts if c.name in {"deaths", "injured", "evacuated", HOSPITAL}]
        name = "households" if match["u"].startswith("户") else said[-1] if said else "injured"
        if figure and (said or name == "households" or re.search(r"发病|症状|伤|呕吐", match.group())):
            name = "injured" if name == HOSPITAL else name
            sheet.counts = [
                c for c in sheet.counts if c.name not in {name, *([HOSPITAL] if name == "injured" else [])}
            ]
            sheet.counts.append(Count(name, figure, "", match.group()))
            sheet.blank(*match.span())


def _read_households(sheet: _Sheet) -> None:
    """Take the households of another clause when the line tells of a supply that is cut."""
    if any(c.name == "households" for c in sheet.counts):
        return
    if not re.search(
        r"□户|停[水电气暖]|没[水电气]|没暖气|不热|影响|断[水电气]|受灾|受淹|被淹|进水", sheet.rest
    ):
        return
    found = [m for m in PEOPLE.finditer(sheet.rest) if m.group().endswith("户") and m.group()[0] not in "-负"]
    for match in found[:1]:
        figure = read_quantity(match.group())
        if figure and figure.value != 1 and figure.low != 2:  # noqa: PLR2004 - one or two are somebody's, not the supply's
            sheet.counts.append(Count("households", figure, "", match.group()))
            sheet.blank(*match.span())


def _read_none(text: str, got: dict[str, Figure], doubts: list[str]) -> None:
    for names, pattern in _NONE:
        for match in re.finditer(pattern, text):
            clause = _clause(text, match.start())
            if _ASKED.search(clause) or _OTHERS.search(text[max(match.start() - 10, 0) : match.start()]):
                continue
            for name in names:
                if name not in got:
                    got[name] = Figure(0, None, None, match.group())
                    if name == "deaths" and names[0] == "injured":
                        doubts.append("死亡没有单独说，由“没人受伤”得0")
            if _SOFT.search(clause):
                doubts.append(f"“{clause.strip()[:20]}”未核实")
    peace = _PEACE.search(text)
    if peace and "deaths" not in got and "injured" not in got:
        got["deaths"] = got["injured"] = Figure(0, None, None, peace.group())
        doubts.append(f"伤亡没有单独说，由“{peace.group()}”得0，未核实")


def _read_some(text: str, got: dict[str, Figure], doubts: list[str]) -> None:
    for match in [*SOME.finditer(text), *SUBJECTLESS.finditer(text)]:
        name = figure_of(match) if match.re is SOME else ""
        dead = match.group().endswith("生命体征")
        name = "deaths" if dead else "injured" if name == HOSPITAL else name or "trapped"
        if (
            name == "affected"
            or name in got
            or _ASKED.search(match.group())
            or re.search(r"没$|没有", match.group()[:4])
        ):
            continue
        if not dead and re.search(
            r"(?:没有?|无|未)[^,。;]{0,3}$", text[max(match.start() - 5, 0) : match.start()]
        ):
            continue
        said = match.groupdict().get("maybe")
        unsure = said or re.search(
            r"好像|疑似|可能|估计|怀疑|听说", text[max(match.start() - 4, 0) : match.start()]
        )
        got[name] = Figure(None, None, None, "疑似有" if unsure else "有，人数不详")
        if dead:
            doubts.append("“无生命体征”不是宣布死亡，请核实")
        elif unsure:
            doubts.append(f"疑似有人{LABEL.get(name, '')}，未核实")


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
    if figure:
        got["injured"] = figure
        doubts.append("受伤人数由叙述读出，请核实")
        sheet.blank(*found[0].span())


def _unplaced(text: str) -> list[str]:
    """Return a doubt for each count of people that belongs to no figure: nothing said is lost silently (P5)."""
    out = []
    for match in PEOPLE.finditer(text):
        before = text[max(match.start() - 3, 0) : match.start()]
        if (
            re.search(r"[没无独每]$|哪$|其中有?$|里[面头]有?$", before)
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
    sheet = _Sheet(text)
    _read_corrections(sheet)
    _read_counts(sheet)
    _read_also(sheet)
    _read_whole(sheet)
    _read_households(sheet)
    got, doubts = settle(sheet.counts, open_ended=_MORE.search(text) is not None)
    doubts = [*sheet.doubts, *doubts]
    _read_none(sheet.rest, got, doubts)
    _read_some(sheet.rest, got, doubts)
    _read_victim(sheet, got, doubts)
    doubts += _unplaced(sheet.rest)
    figures = {name: got.get(name) for name in NAMES}
    return FiguresReading(figures, got.get("rescued"), tuple(dict.fromkeys(doubts)))

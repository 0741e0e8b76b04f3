"""Numbers of people and households as people say them; never rounded, never invented (domain.md §2.4).

`value` 0 means "said to be none"; a figure of None means not said or not known.
"""

import re
from dataclasses import dataclass

from domain.numerals import NUMBER, read_number

NAMES = ("deaths", "injured", "missing", "trapped", "evacuated", "households")

_WORDS = {
    "deaths": r"死亡|遇难|身亡|丧生|不治|死了|没气了|死",
    "missing": r"失踪|失联|下落不明|联系不上|找不到|没找到|没了音信",
    "trapped": r"被困|困在|困住|困了|没下来|没出来|没跑出来|没撤出来|未撤出|被埋|埋在|埋了|压在|卡在|关在|被压|困",
    "evacuated": r"疏散|转移|撤离|撤出|撤到|安置",
    "affected": r"影响|涉及|停水|停电|停气|停暖|没水|没电|没气|没暖气|受淹|进水|受灾",
    "rescued": r"救出|救上|获救|救下",
    "injured": (
        r"受伤|受轻伤|受重伤|轻伤|重伤|轻微伤|伤了|伤者|骨折|烧伤|烫伤|擦伤|砸伤|砸到|摔伤|压伤|吸入.{0,3}烟|呛|中毒|送医|送.{0,8}医院|去.{0,3}医院"
        r"|就医|昏迷|晕倒|昏倒|昏了|晕了|躺地上|躺在|不舒服|呕吐|拉肚子|腹泻|发烧|中暑|触电|不适|伤"
    ),
}


def _any(prefix: str) -> str:
    """Return the alternatives of all figures' words, each a group named by prefix and figure."""
    return "|".join(f"(?P<{prefix}_{name}>{words})" for name, words in _WORDS.items())


NUMBER_WORD = rf"[0-9]{{1,4}}|{NUMBER}"
_PAIR = r"[一二三四五六七八九]{2}[十百]?"
_ONE = rf"\d{{1,7}}|{NUMBER}"
_VAGUE = r"[二三四五六七八九]?十几|几十|几百|数十|数百|上百|上千|好几十?|几|数"
_Q = (
    rf"(?:大约|大概|约|近|将近|至少|不少于|超过|不到|差不多|疑似|可能|好像)?(?:有|是)?(?:{_VAGUE}|{_PAIR}|(?:{_ONE})(?:\s?(?:-|~|至|到|、|或)\s?(?:{_ONE}))?)"
    r"\s?(?:余|多|来)?"
)
_FOLK = r"老太太|老太|老头|老人|大爷|大妈|大娘|男子|女子|男的|女的|工人|员工|学生|小孩|孩子|儿童|居民|业主|骑手|司机|乘客|村民|群众|住户|租户|师生|人员|消防员|保安|顾客|患者|病人|伤者|妇女|老师"  # noqa: E501 - a pattern is read whole
_UNIT = rf"(?:(?:个|名|位|口)\s?[^,。;、\d\s]{{0,4}}?(?:{_FOLK}|人)|(?:名|位|口|个)(?!小时|钟|月|网格|门|楼|社区|村)|人|户)(?:左右|以上)?"  # noqa: E501 - a pattern is read whole
_GAP = r"(?:[^,。;\d\n\s]{0,10}?|,?\s?(?:都|均|全)[^,。;\d\n\s]{0,4}?)"
_NOUNS = r"(?:了|人数|人员|群众|居民|村民|住户|周边|附近|楼上|楼内|:|为|共|已|\s|者|有)*"
_COUNT = re.compile(
    rf"(?<![第\d.:一二三四五六七八九十百千两几数好上-])(?:(?P<q0>{_Q})户[,、\s]?(?:共|约)?)?(?P<q1>{_Q})(?P<u1>{_UNIT}){_GAP}(?:{_any('a')})"
    rf"|(?:{_any('b')}){_NOUNS}(?P<q2>{_Q})(?P<u2>{_UNIT})(?:(?<=户)[,、\s]?(?:共|约|合计)?(?P<q3>{_Q})(?P<u3>人|户))?"
)
_TOLL = re.compile(
    rf"(?<![\d第几数])(?P<d>{NUMBER_WORD})人?死(?:亡)?[、,]?(?P<i>{NUMBER_WORD})人?(?:重|轻)?伤"
    rf"|死(?P<d2>{NUMBER_WORD})人?[、,]?伤(?P<i2>{NUMBER_WORD})"
)
_NO = r"(?<![有是])(?:没有|没|无|未|尚无|暂无|暂未|并无)(?:造成|发现|出现|发生|接到|有|听说)?"
_NONE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("deaths", "injured"), rf"{_NO}(?:人员?|群众)?(?:的)?(?:伤亡|死伤)|零伤亡|0伤亡"),
    (
        ("injured", "deaths"),
        rf"{_NO}(?:[一1]?[个名]?)?(?:人员?|群众)?(?:受伤|伤着人|伤到人|伤人|伤(?!亡))|{_NO}(?:砸|伤)[着到]?人|人都?没事|人员平安",
    ),
    (("deaths",), rf"{_NO}(?:人员?)?(?:死亡|死人|遇难)"),
    (("trapped",), rf"{_NO}(?:人员?)?(?:被困|困)(?!难)"),
    (("missing",), rf"{_NO}(?:人员?)?(?:失踪|失联)|(?<!没)(?<!没有)人(?:都|也)?(?:已经?)?找到了|都联系上了"),
)
_ASKED = re.compile(
    r"有没有|有无|是否|是不是|几个人|不知道|不清楚|不详|不明|没问|待核|待查|未知|不好说|没统计|还没数|在核实"
)
_SOFT = re.compile(r"应该|好像|估计|可能|听说|据说|暂|目前|吧|大概|初步|看样子|疑似")
_HEARSAY = re.compile(r"疑似|可能|好像|听说|据说|估计|应该")
_VICTIM = re.compile(rf"(?<![第\d])(?P<q>{_ONE})(?:个|名|位)[^,。;\d]{{0,8}}?(?:{_FOLK})")
_HARM = re.compile(
    r"躺在?地上|昏迷|昏倒|晕倒|晕过去|不省人事|叫不醒|(?:120|救护车)[^,。]{0,6}(?:拉走|接走|送)"
)
_SOME = re.compile(
    rf"(?P<maybe>好像|疑似|可能|估计|怀疑|听说|据说|怕|恐|或)?[^,。;]{{0,5}}?有(?:几|好几|多|一些|不少|数)?(?:个|名)?(?:人|{_FOLK}){_GAP}(?:{_any('a')})"
)
_FLOOR, _CEILING = ("至少", "不少于", "超过"), ("不到",)
_LABEL = {
    "deaths": "死亡",
    "injured": "受伤",
    "missing": "失联",
    "trapped": "被困",
    "evacuated": "疏散",
    "households": "户数",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as said: exact (`value`), a span (`low`-`high`, one may be open), or words (`text`)."""

    value: int | None
    low: int | None
    high: int | None
    text: str


@dataclass(frozen=True, slots=True)
class FiguresReading:
    """Every figure of NAMES (None: not said), people rescued, and doubts in Chinese."""

    figures: dict[str, Figure | None]
    rescued: Figure | None
    doubts: tuple[str, ...]


def _span(core: str) -> tuple[int | None, int | None]:
    """Return (low, high) of "四五十", "5、6", "40-50"; equal ends for one number."""
    pair = re.fullmatch(r"([一二三四五六七八九])([一二三四五六七八九])([十百]?)", core)
    if pair:
        ends = [read_number(digit + pair.group(3)) for digit in pair.groups()[:2]]
        return ends[0], ends[1]
    parts = [read_number(part.strip()) for part in re.split(r"[-~至到、或]", core)]
    return (parts[0], parts[-1]) if parts and None not in parts else (None, None)


def read_quantity(text: str) -> Figure | None:
    """Return the figure of one quantity phrase ("约5、6户", "二十余人"), None when it holds no number."""
    if re.search(_VAGUE, text):
        return Figure(None, None, None, text.strip())
    found = re.search(rf"{_PAIR}|(?:{_ONE})(?:\s?(?:-|~|至|到|、|或)\s?(?:{_ONE}))?", text)
    if found is None:
        return None
    low, high = _span(found.group())
    words = text.strip().removeprefix("有").removeprefix("是")
    if low is None or high is None or high < low:
        return Figure(None, None, None, words)
    if low != high:
        return Figure(None, low, high, words)
    after = text[found.end() :].strip()
    if after[:1] in {"余", "多", "来"} or after.endswith("以上") or words.startswith(_FLOOR):
        return Figure(None, low, None, words)
    if words.startswith(_CEILING):
        return Figure(None, None, low, words)
    return Figure(low, None, None, words)


def _named(match: re.Match[str]) -> str:
    return next(key[2:] for key, value in match.groupdict().items() if key[:2] in {"a_", "b_"} and value)


def _slot(name: str, unit: str) -> str | None:
    if unit.startswith("户"):
        return "households" if name in {"evacuated", "affected"} else None
    return None if name == "affected" else name


class _Sheet:
    """Collects figures of a text; the first word on a figure stays, a different second is a doubt."""

    def __init__(self) -> None:
        self.got: dict[str, Figure] = {}
        self.doubts: list[str] = []

    def put(self, name: str | None, figure: Figure | None) -> None:
        if name is None or figure is None:
            return
        old = self.got.setdefault(name, figure)
        if old is not figure and old.value != figure.value:
            self.doubts.append(f"{_LABEL.get(name, '救出')}有两个说法：{old.text}、{figure.text}")


def _denied(text: str, match: re.Match[str]) -> bool:
    """Return True for "无一人受伤" and for "几个人受伤不知道": no count is said."""
    if re.search(r"(?:无|没|没有|未有)$", text[: match.start()]):
        return True
    said = match["q1"] or match["q2"]
    return bool(re.search(_VAGUE, said)) and bool(_ASKED.search(_clause(text, match.start())))


def _read_counts(text: str, sheet: _Sheet) -> str:
    """Put every counted figure on the sheet; return the text with the counted spans blanked."""
    for match in _TOLL.finditer(text):
        for name, groups in (("deaths", ("d", "d2")), ("injured", ("i", "i2"))):
            count = read_number(match[groups[0]] or match[groups[1]])
            sheet.put(name, Figure(count, None, None, match.group()) if count is not None else None)
    text = _TOLL.sub(lambda m: "□" * len(m.group()), text)
    for match in _COUNT.finditer(text):
        if _denied(text, match):
            continue
        name = _named(match)
        got = match.groupdict()
        if got["q0"] and name == "evacuated":
            sheet.put("households", read_quantity(got["q0"] + "户"))
        for q, u in (("q1", "u1"), ("q2", "u2"), ("q3", "u3")):
            if got[q] and got[u]:
                sheet.put(_slot(name, got[u]), read_quantity(got[q] + got[u]))
        if _HEARSAY.search(match.group()) or re.search(r"(?:疑似|可能|好像)$", text[: match.start()]):
            sheet.doubts.append(f"“{match.group().strip()}”未核实")
    return _COUNT.sub(lambda m: m.group() if _denied(text, m) else "□" * len(m.group()), text)


def _clause(text: str, at: int) -> str:
    start = max(text.rfind(mark, 0, at) for mark in ",。;\n")
    ends = [e for mark in ",。;\n" if (e := text.find(mark, at)) >= 0]
    return text[start + 1 : min(ends, default=len(text))]


def _read_none(text: str, sheet: _Sheet) -> None:
    for names, pattern in _NONE:
        for match in re.finditer(pattern, text):
            clause = _clause(text, match.start())
            if _ASKED.search(clause):
                continue
            for name in names:
                if name not in sheet.got:
                    sheet.got[name] = Figure(0, None, None, match.group())
                    if name == "deaths" and names[0] == "injured":
                        sheet.doubts.append("死亡没有单独说，由“没人受伤”得0")
            if _SOFT.search(clause):
                sheet.doubts.append(f"“{clause.strip()[:20]}”未核实")


def _read_some(text: str, sheet: _Sheet) -> None:
    for match in _SOME.finditer(text):
        name = _named(match)
        if (
            name == "affected"
            or name in sheet.got
            or _ASKED.search(match.group())
            or re.search(r"没$|没有", match.group()[:4])
        ):
            continue
        unsure = match["maybe"] or re.search(
            r"好像|疑似|可能|估计|怀疑|听说", text[max(match.start() - 4, 0) : match.start()]
        )
        sheet.got[name] = Figure(None, None, None, "疑似有" if unsure else "有，人数不详")
        if unsure:
            sheet.doubts.append(f"疑似有人{_LABEL.get(name, '')}，未核实")


def _read_victim(text: str, sheet: _Sheet) -> None:
    """Count the one group of persons told of when the line tells of harm but no number of injured."""
    found = list(_VICTIM.finditer(text))
    if "injured" in sheet.got or "deaths" in sheet.got or len(found) != 1 or not _HARM.search(text):
        return
    sheet.put("injured", read_quantity(found[0].group()))
    sheet.doubts.append("受伤人数由叙述读出，请核实")


def read_figures(text: str) -> FiguresReading:
    """Return the figures said in plain text (see plain.make_plain)."""
    sheet = _Sheet()
    rest = _read_counts(text, sheet)
    _read_none(rest, sheet)
    _read_some(rest, sheet)
    _read_victim(text, sheet)
    figures = {name: sheet.got.get(name) for name in NAMES}
    return FiguresReading(figures, sheet.got.get("rescued"), tuple(dict.fromkeys(sheet.doubts)))

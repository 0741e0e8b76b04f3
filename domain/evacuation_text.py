"""Who was moved where, as typed: `3号楼22户46人 到 柳湾小学`; a headcount is read, never worked out (P5)."""

import re
import unicodedata
from dataclasses import dataclass

from domain.figure_words import FOLK, Q
from domain.pattern import Pattern
from domain.quantity import read_quantity

MOST = 99_999
"""More people than this is a slip of the finger."""
_START = r"(?<![第负\d.:一二三四五六七八九十百千两几数-])"
_COUNT = Pattern(
    rf"{_START}(?P<q>{Q})\s?(?:个|名|位|口)?(?:[男女老]?(?:{FOLK})|口人?|人(?![次民家])|(?<=[名位]))(?P<after>左右|上下|以上|开外)?"
)
_HOUSES = Pattern(rf"{_START}(?P<q>{Q})\s?户")
_TO = Pattern(
    r"[,、\s]*(?:(?:临时|分散|集中|已|都|全部)*(?:转移|疏散|撤离|撤|安置|搬|送|接|住|转)(?:到|至|往|去|在|于|进)|到|至|->|→)了?\s*(?=\S)"
)
_HEAD = Pattern(r"^(?:共|已|又|再|把|将|从|由|组织|转移|疏散|撤离|安置|了|[,:\s])+")
_PART = Pattern(r"[,(]?(?:其中|包括|含|里面有|内有)[^()]*\)?")
_WHOLE = Pattern(rf"(?:共计?|合计|总共|一共|累计)(?:转移|疏散|撤离)?(?P<q>{Q})\s?(?:个|名|位)?人")
_ABOUT = Pattern(r"约|近|大概|大致|差不多|估计|左右|上下|余|多|来|开外|以上|至少|超过|起码|-|~|、(?=\d)")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜"
)
_PLACE = Pattern(
    r"[里湾村庄楼号组园苑区街道路院厂店户门层栋河桥口堤段站场屯坊胡同巷镇乡校家边处]$|群众|居民|村民|住户|老人|孩子|学生|人员"
)


@dataclass(frozen=True)
class Moved:
    """Who was moved, in the words typed, how many for certain, from where and to where ("" unsaid)."""

    who: str
    headcount: int
    origin: str
    shelter: str
    about: bool


@dataclass(frozen=True)
class Unclear:
    """What was typed cannot be counted; `why` in Chinese."""

    why: str


def read_moved(text: str) -> list[Moved] | Unclear:
    """Return the groups of a text, one a line or between semicolons; one that cannot be counted refuses all."""
    said = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", text))
    said = said.replace("。", ";")
    lines = [line.strip(" ,:") for line in re.split(r"[;\n]", said) if line.strip(" ,:")]
    read = [_line(line) for line in lines]
    wrong = next((one for one in read if isinstance(one, Unclear)), None)
    if wrong is not None:
        return wrong
    return [one for one in read if isinstance(one, Moved)] or Unclear("没有写转移了谁、多少人")


def _line(line: str) -> Moved | Unclear:
    who, shelter = _parted(line)
    counted = read_headcount(who or line)
    if isinstance(counted, Unclear):
        named = _names(who)
        if not named:
            return counted
        return Moved("、".join(named), len(named), "", shelter, about=False)
    headcount, about = counted
    if not 0 < headcount <= MOST:
        return Unclear(f"人数 {headcount} 不对")
    return Moved(who, headcount, _origin(who), shelter, about)


def _parted(line: str) -> tuple[str, str]:
    """Return whom a line speaks of and where they went; a count behind the place belongs to whom."""
    head = _HEAD.match(line)
    body = line[head.end() :] if head and not _TO.match(line) else line
    found = next((m for m in _TO.finditer(body) if _COUNT.search(body[: m.start()])), _TO.search(body))
    if found is None:
        return body.strip(), ""
    who, place = body[: found.start()].strip(" ,、"), body[found.end() :]
    if (late := _COUNT.search(place)) and not _COUNT.search(who):
        houses = _HOUSES.search(place)
        cut = min(late.start(), houses.start() if houses else late.start())
        who, place = f"{who}{' ' if who else ''}{place[cut:]}".strip(), place[:cut]
    place, _, rest = place.partition(",")
    return (f"{who}({rest.strip()})" if rest.strip() else who), place.strip(" 、")


def counts_people(words: str) -> bool:
    """Return True if words behind 转移 or 返回 without a blank are an entry: 转移22户46人到柳湾小学, not 转移了30人."""
    return _COUNT.search(words) is not None and re.search(r"^[了的过]|[?？吗]", words) is None


def read_headcount(words: str) -> tuple[int, bool] | Unclear:
    """Return how many people are certain in some words, and whether the number is about; 二十余人 is 20, about."""
    said = _PART.sub("", words)
    whole = _WHOLE.search(said)
    counts = [whole] if whole else list(_COUNT.finditer(said))
    if not counts:
        return Unclear("没有写人数" + ("（只写了户数）" if _HOUSES.search(said) else ""))
    if len(counts) > 1:
        return Unclear("写了几个人数，没有相加；请写合计")
    found = counts[0].group()
    figure = read_quantity(counts[0]["q"])
    certain = None if figure is None else figure.low if figure.value is None else figure.value
    if figure is None or certain is None:
        return Unclear(f"「{found}」没有说清人数")
    return certain, figure.value is None or bool(_ABOUT.search(found))


def is_about(words: str) -> bool:
    """Return True if the headcount in some words is not exact."""
    counted = read_headcount(words)
    return not isinstance(counted, Unclear) and counted[1]


def _origin(who: str) -> str:
    places = [m.start() for m in (_COUNT.search(who), _HOUSES.search(who)) if m]
    said = re.sub(r"(?:的|约|共|有|,|\s)+$", "", who[: min(places)]) if places else ""
    return "" if re.fullmatch(FOLK, said) else said


def _names(who: str) -> list[str]:
    """Return the names of people when a text is nothing but names."""
    parts = [part for part in re.split(r"[、,\s]+|和", who) if part]
    return parts if parts and all(_is_name(part) for part in parts) else []


def _is_name(word: str) -> bool:
    return bool(re.fullmatch(r"[一-龥]{2,3}", word)) and word[0] in _SURNAMES and not _PLACE.search(word)


@dataclass(frozen=True)
class Back:
    """Who came back: a line by number, and/or a headcount, and/or a place or name; `everybody`: all who are out."""

    line: int | None
    headcount: int | None
    where: str
    everybody: bool
    words: str


_HOME = Pattern(
    r"(?:里(?=的|都)|的|已经?|都|也|全部?|(?<=的)人|人员|群众|居民|村民|,|\s|返回|回(?:去|来|家|到?家里?|村|到?住处)?|返家|离开|走|了)+$"
)
"""What is said of going home behind a place: it is no part of the place."""


def read_back(text: str) -> Back | Unclear:
    """Return `12人 柳湾小学`, `2`, `2 5人`, `王秀兰` or `全部`; a bare number is a line of the list."""
    said = unicodedata.normalize("NFKC", text).strip(" ,。")
    if not said:
        return Unclear("没有写谁返回、多少人")
    line = re.match(r"^(?:第?(?P<a>\d{1,3})(?:条|批|行)|(?P<b>\d{1,3})(?=\s|,|$))[\s,]*", said)
    rest = said[line.end() :] if line else said
    counted = read_headcount(rest)
    headcount = None if isinstance(counted, Unclear) else counted[0]
    if headcount is None and _COUNT.search(rest):
        return counted if isinstance(counted, Unclear) else Unclear("没有写人数")
    everybody = bool(re.fullmatch(r"(?:全部|全都|都|所有人?)(?:已?返回|回[来去家]?)?了?", rest))
    where = _HOME.sub("", _COUNT.sub("", rest).strip(" ,"))
    where = re.sub(r"^(?:从|由|自|在)", "", where)
    number = int(line["a"] or line["b"]) if line else None
    return Back(number, headcount, "" if everybody else where.strip(" ,的"), everybody and not line, said)

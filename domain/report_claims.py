"""Who gives which figure: "消防说2人受伤，派出所说3人" is two words on one figure, kept apart, never settled (P5)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain.figures import Figure, read_figures
from domain.pattern import Pattern
from domain.plain import make_plain
from domain.quantity import read_quantity
from domain.report_source import NAME, ROLE

LONGEST = 4_000
"""Characters that are read of a message, as in a follow-up."""
_OFFICE = (
    r"消防(?:救援)?(?:队|站|大队)?|公安|派出所|交警|医院|卫生院|急救|街道|村里|应急局?|区里"
    r"|现场|热力|燃气|供电|水务"
)
_MORE = r"(?:又(?![核确认问])|再(?![次度核确])|新增|增加(?![到至])|另外?有)[^,，。;；\n]{0,6}?"
_MARK = Pattern(
    rf"(?:据|按)?(?P<who>[一-龥]{{0,6}}?(?:{_OFFICE}|{ROLE})(?:{NAME})?|{NAME})(?:那边|方面|这边|同志)?的?(?:刚才|刚|又|也|都|最新)?"
    r"(?:说法?|报告|通报|反映|反馈|核实|统计|口径|报(?!警|销|纸|名|了警)|称)[是为有:]*"
)
_PEOPLE = Pattern(
    r"(?:有|是|为|大约|大概|可能|疑似|共|一共)?[\d一二三四五六七八九十百两俩仨几多余约近]+\s?(?:个|名|位)?(?:人|户)"
)
_NAMED = {
    "deaths": r"死|遇难|身亡",
    "missing": r"失踪|失联",
    "trapped": r"困|被埋",
    "injured": r"伤",
    "evacuated": r"转移|疏散|撤离",
}
_GONE = Pattern(
    r"死亡|身亡|遇难|去世|抢救无效|不治|丧生|牺牲|殉职|溺亡|没(?:抢救|救)过来|没救活|没救回来|没挺过来|没气了|死了(?![猪狗鱼鸡羊牛])"
)
LEAST = 4
"""Characters of a reason: "更正 1人受伤" says that it was wrong, not why."""
_TO_VERIFY = Pattern(r"(?:[、和及][^,。;]{1,8}?)?(?:人数|情况)[^,。;]{0,4}?(?:核实|核查|不清|不明|待报)")
_NOBODY = Pattern(r"(?:无|没有?|未)[^,。;]{0,6}$")


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure as one source gives it, in its words."""

    name: str
    source: str
    figure: Figure


def read_claims(text: str) -> tuple[Claim, ...]:
    """Return the figures that a source is named for, in the order of the text."""
    plain = make_plain(text, tight=False).text[:LONGEST]
    marks = list(_MARK.finditer(plain))
    ends = [*(m.start() for m in marks[1:]), len(plain)]
    name = _topic(plain[: marks[0].start()]) if marks else None
    out: list[Claim] = []
    for mark, end in zip(marks, ends, strict=False):
        found = list(_of_one(plain[mark.end() : end], mark["who"], name))
        out += found
        name = found[-1].name if found else name
    return tuple(out)


def _of_one(words: str, who: str, name: str | None) -> Iterator[Claim]:
    """Yield what one source says; a bare "3人" is of the figure told of before."""
    figures = {key: figure for key, figure in read_figures(words).figures.items() if figure is not None}
    for key, figure in figures.items():
        if not (key == "deaths" and "injured" in figures and figure.text == figures["injured"].text):
            yield Claim(key, who, figure)  # "没人受伤" tells of deaths too, but nobody said so
    bare = _PEOPLE.match(words.lstrip(" ,:"))
    counted = read_quantity(bare.group()) if bare and not figures else None
    if name and counted:
        yield Claim(name, who, counted)


def _topic(words: str) -> str | None:
    """Return the figure that words before the first source name: "受伤人数，消防说2人"."""
    return next((key for key, pattern in _NAMED.items() if re.search(pattern, words)), None)


def tells_of_death(text: str, figures: Mapping[str, Figure | None]) -> bool:
    """Return True if a text tells of a death, counted or not, that it does not deny or leave to be verified."""
    deaths = figures.get("deaths")
    if deaths is not None:
        return deaths.value != 0
    plain = make_plain(text, tight=False).text
    return any(
        not _NOBODY.search(plain[: m.start()]) and not _TO_VERIFY.match(plain, m.end())
        for m in _GONE.finditer(plain)
    )


def told_as_more(text: str, figure: str) -> str:
    """Return the words that tell a figure as an addition to what stood (又死1人), "" when they give the whole."""
    found = re.search(_MORE + re.escape(figure), text)
    return found.group() if found else ""


def reason_given(text: str) -> bool:
    """Return True if a correction says more than the word and its figure."""
    plain = make_plain(text, tight=True).text
    rest = re.sub(
        r"更正|勘误|续报|终报|补报|改为|应为|死亡|受伤|失踪|失联|被困|人数", "", _PEOPLE.sub("", plain)
    )
    return len(re.findall(r"[一-龥]", rest)) >= LEAST

"""Which kind of incident a text tells of, and which lines of the direct-report checklist its words tick.

Both by the tables of `config`: patterns that stand in the text and are not denied there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from config.tables import DirectTable, IncidentType, IncidentTypes
from domain.figures import Figure
from domain.report_split import split_incidents

_DENIED = re.compile(
    r"(?:没有?|未|无|(?<!是)不是|没人|无人|没有人|并非|没发生|未发生|没听说|没看见|没见|未见|不存在|不算|没再|没有再)$"
)
_UNSURE = re.compile(
    r"(?:可能|疑似|好像|怀疑|估计|像|似乎|怕|说不定|是不是|是否|初步判断)(?:是|有|又是|就是)?[旧老大小新]?$"
)
_HEARSAY = re.compile(r"听说|据说|听[^,。;\n]{1,12}说|网传|有人传|传言|谣传")
_SEVERAL = re.compile(
    r"[两俩三2-3]\s?(?:个|件|起|桩)?(?:事儿?(?![故务业主])|情况|突发)|再一个(?:是|事)|另外[^。\n]{0,4}还?有|还有(?:一|个)[^,。;\n]{0,2}(?:事|起)|另一起|另有一起|(?:^|[。;])另[:,外]|另外[一,]|第二(?:件|个)[事是]|其二|二[、.]|[2②][、.](?!\d)|还有[,一]?(?:个事|件事)"
)
_SENTENCE = re.compile(r"[。;!\n]")
DEAD = "有人死亡"
"""The line of the checklist that a death ticks."""
_FROM_FIGURES = (
    ("trapped", "被困", "可能有人被困、失联"),
    ("missing", "失联", "可能有人被困、失联"),
    ("deaths", "死亡", DEAD),
)


@dataclass(frozen=True, slots=True)
class DirectHit:
    """A word of the text that ticks a line of the direct-report checklist."""

    word: str
    reason: str


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def mend(text: str, homophones: Mapping[str, str]) -> str:
    """Return the text with voice typing's wrong words (patterns) replaced."""
    for wrong, right in homophones.items():
        text = _compiled(wrong).sub(right, text)
    return text


def mended(text: str, homophones: Mapping[str, str]) -> list[str]:
    """Return a doubt for each word of the text that `mend` reads as another."""
    found = [
        (match.group(), right)
        for wrong, right in homophones.items()
        if (match := _compiled(wrong).search(text))
    ]
    return [f"“{wrong}”按“{right}”理解" for wrong, right in found]


def _without(text: str, unless: Iterable[str]) -> str:
    for pattern in unless:
        text = _compiled(pattern).sub(lambda m: "□" * len(m.group()), text)
    return text


def _stands(text: str, pattern: str) -> re.Match[str] | None:
    """Return the first place where the pattern stands undenied."""
    for match in _compiled(pattern).finditer(text):
        if not _DENIED.search(text[max(match.start() - 5, 0) : match.start()]):
            return match
    return None


def _all(text: str, words: str) -> list[re.Match[str]]:
    found = [_stands(text, pattern) for pattern in words.split("+")]
    return [match for match in found if match] if all(found) else []


def _hits(text: str, kind: IncidentType) -> list[list[re.Match[str]]]:
    seen = _without(text, kind.unless)
    return [found for words in kind.words if (found := _all(seen, words))]


def _unsure(text: str, found: list[re.Match[str]]) -> bool:
    return any(_UNSURE.search(text[max(match.start() - 8, 0) : match.start()]) for match in found)


def find_kind(text: str, types: IncidentTypes) -> tuple[IncidentType | None, bool]:
    """Return (the first type in the table's order whose words stand in the text, its first words in the table said unsurely?)."""  # noqa: E501 - a pattern is read whole
    for kind in types.type:
        hits = _hits(text, kind)
        if hits:
            return kind, _unsure(text, hits[0])
    return None, False


def _kinds_by_sentence(text: str, types: IncidentTypes) -> Iterator[str]:
    for part in _SENTENCE.split(text):
        kind, _ = find_kind(part, types)
        if kind:
            yield kind.subtype


def _named(part: str, types: IncidentTypes) -> str:
    kind, _ = find_kind(part, types)
    return kind.subtype if kind else part[:12]


def kind_doubts(text: str, types: IncidentTypes) -> list[str]:
    """Return doubts on what the message is: two incidents in one, hearsay, an exercise."""
    out = []
    kinds = list(dict.fromkeys(_kinds_by_sentence(text, types)))
    parts = split_incidents(text)
    if len(parts) > 1:
        out.append(f"像是两起事件：{'、'.join(_named(part, types) for part in parts)}，请分开报")
    elif _SEVERAL.search(text) and len(kinds) > 1:
        out.append(f"像是两起事件：{'、'.join(kinds[:3])}，请分开报")
    elif kinds and re.search(r"[两俩三2-3]\s?(?:件事|个事|起事|事儿?[,:;。])", text):
        out.append("像是两起事件，请分开报")
    if kinds and _HEARSAY.search(text):
        out.append("是转述，未核实")
    if re.search(r"演练|演习", text):
        out.append("说的像是演练，请核实")
    return out


def _shortest(match: re.Match[str]) -> str:
    """Return the fewest words that tick the line: those before its last word may begin later."""
    inner = (match.re.search(match.string, start, match.end()) for start in range(match.start(), match.end()))
    return min((found.group() for found in inner if found), key=len)


def direct_hits(text: str, table: DirectTable, figures: Mapping[str, Figure | None]) -> tuple[DirectHit, ...]:
    """Return the ticked lines with the words that tick them, in the table's order, figures' lines last."""
    out: list[DirectHit] = []
    for row in table.direct:
        seen = _without(text, row.unless)
        found = next((hit for words in row.words if (hit := _all(seen, words))), None)
        if found:
            out.append(DirectHit("…".join(_shortest(match) for match in found), row.reason))
    for name, label, reason in _FROM_FIGURES:
        figure = figures.get(name)
        if figure and figure.value != 0 and not any(hit.reason == reason for hit in out):
            out.append(DirectHit(f"{label}{figure.text}", reason))
    return tuple(out)

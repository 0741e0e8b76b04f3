"""Suggests an incident's grade (初判) from figures, naming the line that triggered it (domain.md §2.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from domain.figures import Figure

Grade = Literal["特别重大", "重大", "较大", "一般"]
Line = tuple[Grade, int]

_493 = "生产安全事故报告和调查处理条例第三条"
_M = "未经核实的口径"
_DEATHS: tuple[Line, ...] = (("特别重大", 30), ("重大", 10), ("较大", 3), ("一般", 1))
_HURT: tuple[Line, ...] = (("特别重大", 100), ("重大", 50), ("较大", 10), ("一般", 1))
_MOVED: tuple[Line, ...] = (("特别重大", 50_000), ("重大", 10_000), ("较大", 5_000))
_MOVED_EQUIPMENT: tuple[Line, ...] = (
    ("特别重大", 150_000),
    ("重大", 50_000),
    ("较大", 10_000),
    ("一般", 500),
)

# grading table -> figure -> (its words, lines from the highest, source)
_TABLES: dict[str, dict[str, tuple[str, tuple[Line, ...], str]]] = {
    "事故": {"deaths": ("死亡", _DEATHS, _493), "injured": ("受伤（按重伤计）", _HURT, _493)},
    "林火": {
        "deaths": ("死亡", _DEATHS, "森林防火条例第四十条"),
        "injured": ("受伤（按重伤计）", _HURT, "森林防火条例第四十条"),
    },
    "特种设备": {
        "deaths": ("死亡", _DEATHS, _M),
        "injured": ("受伤（按重伤计）", _HURT, _M),
        "evacuated": ("转移", _MOVED_EQUIPMENT, "特种设备安全监察条例第六十一至六十四条"),
    },
    "气象灾害": {"deaths": ("死亡", (("特别重大", 30), ("重大", 10)), f"2006年分级标准，{_M}")},
    "地震": {
        "deaths": (
            "死亡",
            (("特别重大", 300), ("重大", 50), ("较大", 10), ("一般", 1)),
            f"国家地震应急预案，{_M}",
        )
    },
    "地质灾害": {"deaths": ("死亡", _DEATHS, _M)},
    "环境": {
        "deaths": ("死亡", _DEATHS, f"国家突发环境事件应急预案，{_M}"),
        "injured": ("中毒受伤", _HURT, f"国家突发环境事件应急预案，{_M}"),
        "evacuated": ("疏散转移", _MOVED, f"国家突发环境事件应急预案，{_M}"),
    },
    "食品": {
        "deaths": ("死亡", (("重大", 10), ("较大", 1)), f"食品安全，{_M}"),
        "injured": ("发病", (("较大", 100), ("一般", 30)), f"食品安全，{_M}"),
    },
}
_BY_WORD = (
    ("电梯", "特种设备"),
    ("锅炉", "特种设备"),
    ("压力容器", "特种设备"),
    ("林火", "林火"),
    ("地震", "地震"),
    ("滑坡", "地质灾害"),
    ("崩塌", "地质灾害"),
    ("泥石流", "地质灾害"),
    ("环境", "环境"),
    ("污染", "环境"),
    ("地面塌陷", "地质灾害"),
    ("食物中毒", "食品"),
    ("学校聚集", "食品"),
)
_BY_CATEGORY = {"事故灾难": "事故", "自然灾害": "气象灾害"}
_ORDER: tuple[Grade, ...] = ("特别重大", "重大", "较大", "一般")
URGENT: tuple[Grade, ...] = _ORDER[:3]
"""较大以上: reported directly."""
_LIFT = timedelta(hours=2)
_ORDINARY = {"事故", "林火", "特种设备"}


@dataclass(frozen=True, slots=True)
class GradeSuggestion:
    """A first judgement, never lowered by software: the grade (None: not graded) and why, with the source."""

    grade: Grade | None
    line: str


def is_graver(one: str | None, other: str | None) -> bool:
    """Return True if one grade is higher than the other; None (not graded) is the lowest."""
    ranks: dict[str | None, int] = {grade: rank for rank, grade in enumerate(reversed(_ORDER), 1)}
    return ranks.get(one, 0) > ranks.get(other, 0)


def _table(subtype: str | None, category: str | None) -> str | None:
    for word, table in _BY_WORD:
        if subtype and word in subtype:
            return table
    return _BY_CATEGORY.get(category or "")


def _floor(figure: Figure | None) -> int | None:
    """Return the number that is certain: the value, else the low end."""
    if figure is None:
        return None
    return figure.value if figure.value is not None else figure.low


def _triggered(
    figures: Mapping[str, Figure | None], rows: Mapping[str, tuple[str, tuple[Line, ...], str]]
) -> list[GradeSuggestion]:
    out = []
    for name, (words, lines, source) in rows.items():
        count = _floor(figures.get(name))
        hit = next(((grade, least) for grade, least in lines if count is not None and count >= least), None)
        if hit:
            out.append(GradeSuggestion(hit[0], f"{words}{count}人，达到{least_words(hit[1])}（{source}）"))
    return out


def least_words(least: int) -> str:
    """Return the threshold in words ("3人以上"; 以上 includes the number, 493号令)."""
    return f"{least}人以上"


def grade(
    figures: Mapping[str, Figure | None],
    subtype: str | None,
    category: str | None,
    *,
    trapped_for: timedelta | None = None,
) -> GradeSuggestion:
    """Return the highest grade any figure triggers (domain.md §2.8); social security has none (art. 3)."""
    if category == "社会安全":
        return GradeSuggestion(None, "社会安全事件不按人数分级（突发事件应对法第三条）")
    name = _table(subtype, category)
    if name is None:
        return GradeSuggestion(None, "这一类没有分级口径，不初判" if category else "类别未定，不初判")
    found = _triggered(figures, _TABLES[name])
    if subtype and "电梯" in subtype and trapped_for is not None and trapped_for >= _LIFT:
        found.append(GradeSuggestion("一般", "电梯轿厢困人2小时以上（特种设备安全监察条例第六十四条）"))
    if found:
        return min(found, key=lambda s: _ORDER.index(s.grade) if s.grade else len(_ORDER))
    known = [_floor(figures.get(key)) for key in ("deaths", "injured")]
    if name in _ORDINARY and name != "特种设备" and all(count == 0 for count in known):
        return GradeSuggestion("一般", f"没有死亡、受伤，按一般初判（{_TABLES[name]['deaths'][2]}）")
    return GradeSuggestion(None, "没有说到能定级的数字")

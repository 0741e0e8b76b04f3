"""Reads a hurried first word of an incident into the elements of a report (domain.md §2.3), guessing nothing.

What is not said stays None and is asked for in `missing`; what is unsure is a doubt in Chinese.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from config.tables import DirectTable, IncidentType, IncidentTypes
from domain.figures import Figure, read_figures
from domain.followup_text import FollowupReading, Task, read_followup
from domain.grading import GradeSuggestion, grade
from domain.moment import Moment, read_moment
from domain.place import Contact, read_contacts, read_place, read_source
from domain.plain import make_plain

__all__ = [
    "Contact",
    "DirectHit",
    "FollowupReading",
    "GradeSuggestion",
    "ReportReading",
    "Task",
    "grade",
    "read_actions",
    "read_followup",
    "read_report",
    "to_json",
]

_NEGATED = re.compile(r"(?:没有?|未|无|不是|并非|没发生|未发生)$")
_UNSURE = re.compile(r"(?:可能|疑似|好像|怀疑|估计|像|似乎|怕)(?:是|有|又是)?$")
_UNSAID = re.compile(r"不知道|不清楚|不详|没问|还没|哪个|哪家|什么|待核|不明|多少")
_ACTION = re.compile(
    r"(?:已|正在|已经).{0,12}?(?:拨打|拨|报警|联系|通知|上报|到场|到达|关阀|疏散|转移|警戒|封|断电|停工|停电|抢修|处置|救援|送|抽|清理|围|安排|派|组织|打了|赶|扑救|灭|协调)"
    r"|\d{3}(?:已经?|刚).{0,6}(?:打|拉走|接走|到)|(?:派|让|安排|叫).{1,10}(?:去|过去|到场|看)|到场|到的|在现场|关阀|疏散了|转移了|拉了?警戒|报了?警|打了?1(?:10|19|20)|拨打?1|拉走|接走|送医|扑灭|正在.{0,4}(?:处理|处置|抢修|扑救|抽水|核实|清理)|打了?120"
)
_LISTED = 8


@dataclass(frozen=True, slots=True)
class DirectHit:
    """A word of the text that ticks a line of the direct-report checklist."""

    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportReading:
    """A first report as read; None and () mean not said, a figure's value 0 means said to be none."""

    category: str | None
    subtype: str | None
    occurred_at: Moment | None
    place: str | None
    figures: dict[str, Figure | None]
    actions: tuple[str, ...]
    source: str | None
    contacts: tuple[Contact, ...]
    missing: tuple[str, ...]
    direct_report: tuple[DirectHit, ...]
    doubts: tuple[str, ...]


def _mend(text: str, homophones: dict[str, str]) -> str:
    for wrong, right in homophones.items():
        text = text.replace(wrong, right)
    return text


def _stands(text: str, word: str) -> int:
    """Return where the word stands unnegated, -1 when it does not."""
    at = text.find(word)
    while at >= 0 and _NEGATED.search(text[max(at - 4, 0) : at]):
        at = text.find(word, at + 1)
    return at


def _all(text: str, words: str) -> list[int]:
    found = [_stands(text, word) for word in words.split("+")]
    return found if min(found) >= 0 else []


def _find_type(text: str, types: IncidentTypes) -> tuple[IncidentType | None, bool]:
    """Return (the first type in the table's order whose words stand in the text, said unsurely?)."""
    for kind in types.type:
        hits = [found for words in kind.words if (found := _all(text, words))]
        if hits:
            unsure = all(any(_UNSURE.search(text[max(at - 5, 0) : at]) for at in found) for found in hits)
            return kind, unsure
    return None, False


def _direct(text: str, table: DirectTable, figures: dict[str, Figure | None]) -> tuple[DirectHit, ...]:
    out: list[DirectHit] = []
    for row in table.direct:
        seen = text
        for word in row.unless:
            seen = seen.replace(word, "")
        hit = next((w for w in row.words if _all(seen, w)), None)
        if hit:
            out.append(DirectHit(hit.replace("+", "…"), row.reason))
    for name, label, reason in (
        ("trapped", "被困", "可能有人被困、失联"),
        ("missing", "失联", "可能有人被困、失联"),
        ("deaths", "死亡", "有人死亡"),
    ):
        figure = figures.get(name)
        if figure and figure.value != 0 and not any(hit.reason == reason for hit in out):
            out.append(DirectHit(f"{label}{figure.text}", reason))
    return tuple(out)


def _clauses(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,。;!?\n]", text) if part.strip()]


def read_actions(text: str) -> tuple[str, ...]:
    """Return the clauses that say what has been done, verbatim."""
    return tuple(
        dict.fromkeys(
            c for c in _clauses(text) if _ACTION.search(c) and not re.search(r"要不要|吗$|还没|没人去", c)
        )
    )[:_LISTED]


def _asked(text: str, kind: IncidentType | None, figures: dict[str, Figure | None]) -> list[str]:
    out: list[str] = []
    for ask in kind.asks if kind else ():
        name, *signs = ask.split("|")
        told = any(sign in c and not _UNSAID.search(c) for c in _clauses(text) for sign in signs)
        if name == "疏散人数":
            told = figures["evacuated"] is not None and figures["evacuated"].value is not None
        if name == "发病人数":
            told = figures["injured"] is not None and figures["injured"].text != "有，人数不详"
        if not told:
            out.append(name)
    return out


def _counted(figure: Figure) -> bool:
    return figure.value is not None or figure.low is not None


def _missing(text: str, kind: IncidentType | None, got: ReportReading) -> tuple[str, ...]:
    when = got.occurred_at
    out = []
    if when is None or when.value is None or when.text.startswith(("刚", "方才")):
        out.append("确切时间")
    if got.place is None:
        out.append("地点")
    if kind is None:
        out.append("事件类型")
    if got.figures["deaths"] is None and (
        got.figures["injured"] is None or not _counted(got.figures["injured"])
    ):
        out.append("人员伤亡")
    out += _asked(text, kind, got.figures)
    if got.source is None and not got.contacts:
        out.append("信息来源")
    if not got.contacts:
        out.append("报告人电话")
    return tuple(dict.fromkeys(out))


def read_report(
    text: str, received_at: datetime, zone: ZoneInfo, types: IncidentTypes, direct: DirectTable
) -> ReportReading:
    """Return what a first word says; `received_at` is aware, times come back in `zone`."""
    plain = make_plain(text, tight=False).text
    mended = _mend(plain, types.homophones)
    kind, unsure = _find_type(mended, types)
    said = read_figures(plain)
    subtype = f"{kind.subtype}(疑似)" if kind and unsure else kind.subtype if kind else None
    doubts = list(said.doubts)
    if unsure and kind:
        doubts.append(f"“{kind.subtype}”只是疑似，尚未定性")
    if mended != plain:
        doubts += [f"“{wrong}”按“{right}”理解" for wrong, right in types.homophones.items() if wrong in plain]
    reading = ReportReading(
        category=kind.category if kind else None,
        subtype=subtype,
        occurred_at=read_moment(plain, received_at, zone),
        place=read_place(plain),
        figures=said.figures,
        actions=read_actions(plain),
        source=read_source(plain),
        contacts=read_contacts(plain),
        missing=(),
        direct_report=_direct(mended, direct, said.figures),
        doubts=tuple(dict.fromkeys(doubts)),
    )
    return _with_missing(reading, _missing(mended, kind, reading))


def _with_missing(got: ReportReading, missing: tuple[str, ...]) -> ReportReading:
    return ReportReading(
        got.category,
        got.subtype,
        got.occurred_at,
        got.place,
        got.figures,
        got.actions,
        got.source,
        got.contacts,
        missing,
        got.direct_report,
        got.doubts,
    )


def _figure_json(figure: Figure | None) -> dict[str, object] | None:
    if figure is None:
        return None
    return {"value": figure.value, "low": figure.low, "high": figure.high, "text": figure.text}


def to_json(reading: ReportReading) -> dict[str, object]:
    """Return the reading as JSON values; null is not said or unknown, 0 is said to be none."""
    when = reading.occurred_at
    return {
        "category": reading.category,
        "subtype": reading.subtype,
        "occurred_at": {
            "value": when.value.isoformat() if when and when.value else None,
            "text": when.text if when else None,
            "precision": when.precision if when else "未知",
        },
        "place": reading.place,
        "figures": {name: _figure_json(figure) for name, figure in reading.figures.items()},
        "actions": list(reading.actions),
        "source": reading.source,
        "contacts": [{"name": c.name, "phone": c.phone} for c in reading.contacts],
        "missing": list(reading.missing),
        "direct_report": [{"word": h.word, "reason": h.reason} for h in reading.direct_report],
        "doubts": list(reading.doubts),
    }

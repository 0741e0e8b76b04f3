"""Reads a hurried first word of an incident into the elements of a report (domain.md §2.3), guessing nothing.

What is not said stays None and is asked for in `missing`; what is unsure is a doubt in Chinese.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from config.tables import DirectTable, IncidentType, IncidentTypes
from domain.figures import Figure, read_figures
from domain.followup_text import LONGEST, FollowupReading, Task, read_followup
from domain.grading import GradeSuggestion, grade
from domain.moment import Moment, read_moment, when_doubts
from domain.place import read_place
from domain.plain import make_plain
from domain.report_actions import clauses, read_actions
from domain.report_kind import DirectHit, direct_hits, find_kind, kind_doubts, mend, mended
from domain.report_source import Contact, read_contacts, read_source
from domain.report_split import split_incidents

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
    "split_incidents",
    "to_json",
]

_ASKS = re.compile(r"[?吗呢]|通知|请各|会议|培训|问一下")
_ORDERS = re.compile(r"请各|务必|通知各|各(?:社区|村|单位)[^,。]{0,8}(?:请|务必|今天|上报)")
_UNSAID = re.compile(r"不知道|不清楚|不详|没问|还没|哪个|哪家|什么|待核|不明|多少")


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


def _asked(text: str, kind: IncidentType | None, figures: dict[str, Figure | None]) -> list[str]:
    out: list[str] = []
    for ask in kind.asks if kind else ():
        name, *signs = ask.split("|")
        told = any(sign in c and not _UNSAID.search(c) for c in clauses(text) for sign in signs)
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
    whole = make_plain(text, tight=False).text
    plain = whole[:LONGEST]
    meant = mend(plain, types.homophones)
    first = split_incidents(plain)[0]
    kind, unsure = find_kind(mend(first, types.homophones), types)
    if kind is None and first != plain:
        kind, unsure = find_kind(meant, types)
    said = read_figures(plain)
    when = read_moment(first, received_at, zone)
    idle = when is not None and (when.value is None or _ASKS.search(plain) is not None)
    if kind is None and idle and not any(said.figures.values()):
        when = None  # "今天" in talk that tells of nothing is no time of anything
    notice = kind is None and _ORDERS.search(plain) is not None
    doubts = [*said.doubts, *kind_doubts(meant, types), *when_doubts(when, received_at)]
    if unsure and kind:
        doubts.append(f"“{kind.subtype}”只是疑似，尚未定性")
    doubts += mended(plain, types.homophones)
    if len(whole) > LONGEST:
        doubts.append(f"文字太长，只读了前{LONGEST}字")
    reading = ReportReading(
        category=kind.category if kind else None,
        subtype=f"{kind.subtype}(疑似)" if kind and unsure else kind.subtype if kind else None,
        occurred_at=when,
        place=read_place(first),
        figures=said.figures,
        actions=read_actions(plain),
        source=read_source(plain),
        contacts=read_contacts(plain),
        missing=(),
        direct_report=() if notice else direct_hits(meant, direct, said.figures),
        doubts=tuple(dict.fromkeys(doubts)),
    )
    return replace(reading, missing=_missing(meant, kind, reading))


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

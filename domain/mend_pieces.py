"""What a mending puts into an incident, field by field; whether it may stand is for the action to say."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.tables import IncidentTypes
from domain.figures import Figure
from domain.mend_text import COUNTED, LABEL, find_type, read_count_of
from domain.moment import read_moment, when_doubts
from domain.report_source import read_contacts
from domain.report_text import ReportReading

_LONGEST_KIND = 12
LONGEST = 100
LONGEST_DEED = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """One field's new content: as it is said, what it writes into the reading, and its figure (by name)."""

    field: str
    text: str
    reading: dict[str, Any] = dataclasses.field(default_factory=dict)
    figure: tuple[str, Figure] | None = None


def piece_of(
    name: str, words: str, received_at: datetime, zone: ZoneInfo, types: IncidentTypes
) -> Piece | str:
    """Return what one field's words put in, or in Chinese why they cannot be used."""
    if len(words) > (LONGEST_DEED if name == "措施" else LONGEST):
        return f"太长，请不超过 {LONGEST} 字"
    if name in COUNTED:
        figure = read_count_of(words)
        return figure if isinstance(figure, str) else _counted(COUNTED[name], figure)
    if name == "时间":
        return _time(words, received_at, zone)
    if name == "类型":
        return _kind(words, types)
    if name == "电话":
        contacts = read_contacts(words) or read_contacts(f"电话{words}")
        found = [{"name": c.name, "phone": c.phone} for c in contacts]
        return Piece("电话", _phones(found), {"contacts": found}) if found else "看不出电话号码"
    if name == "措施":
        return Piece("措施", words, {"actions": [words]})
    return Piece(name, words, {{"地点": "place", "来源": "source"}[name]: words})


def _counted(name: str, figure: Figure) -> Piece:
    if figure.text.isdecimal():
        figure = dataclasses.replace(figure, text=f"{figure.text}{'户' if name == 'households' else '人'}")
    return Piece(LABEL[name], figure.text, figure=(name, figure))


def _phones(contacts: list[dict[str, str | None]]) -> str:
    return "、".join(" ".join(filter(None, c.values())) for c in contacts)


def _time(words: str, received_at: datetime, zone: ZoneInfo) -> Piece | str:
    when = read_moment(words, received_at, zone)
    if when is None or when.value is None:
        return "看不出时间"
    if doubts := when_doubts(when, received_at):
        return doubts[0]
    value = {"value": when.value.isoformat(), "text": when.text, "precision": when.precision}
    return Piece("时间", when.text, {"occurred_at": value})


def _kind(words: str, types: IncidentTypes) -> Piece | str:
    kind = find_type(words, types)
    if kind is None:
        return "没有这个类型"
    own = words if kind.subtype in words and len(words) <= _LONGEST_KIND else kind.subtype
    return Piece("类型", own, {"category": kind.category, "subtype": own})


def pieces_of(reading: ReportReading) -> list[Piece]:
    """Return what a free sentence says, field by field."""
    found: list[Piece] = []
    when = reading.occurred_at
    if when and when.value:
        value = {"value": when.value.isoformat(), "text": when.text, "precision": when.precision}
        found.append(Piece("时间", when.text, {"occurred_at": value}))
    if reading.place:
        found.append(Piece("地点", reading.place, {"place": reading.place}))
    if reading.subtype:
        found.append(
            Piece("类型", reading.subtype, {"category": reading.category, "subtype": reading.subtype})
        )
    found += [_counted(name, figure) for name, figure in reading.figures.items() if figure and figure.text]
    if reading.source:
        found.append(Piece("来源", reading.source, {"source": reading.source}))
    if reading.contacts:
        contacts = [{"name": c.name, "phone": c.phone} for c in reading.contacts]
        found.append(Piece("电话", _phones(contacts), {"contacts": contacts}))
    found += [Piece("措施", done, {"actions": [done]}) for done in reading.actions]
    return found

"""Which clocks a report has: lanes by category, grade, sensitivity and receiver, from receipt (domain.md §2.2 (D))."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from config.receivers import Receiver
from config.rules import ReportRules
from domain.grading import URGENT

LaneName = Literal["phone", "written"]


@dataclass(frozen=True, slots=True)
class Lane:
    """A report that is owed: by phone or written, to whom ("": the duty room above), within what time of receipt."""

    name: LaneName
    receiver: str
    length: timedelta


def is_urgent(grade: str | None, *, direct: bool) -> bool:
    """Return True for what is reported directly: 较大 and graver, sensitive or high-hazard (§2.6)."""
    return direct or grade in URGENT


def lanes(category: str | None, grade: str | None, *, urgent: bool, rules: ReportRules) -> tuple[Lane, ...]:
    """Return every lane of an incident, those to the duty room above first."""
    own = rules.urgent if urgent else rules.general
    found = [Lane("phone", "", own.phone), Lane("written", "", own.written)]
    for one in rules.receivers:
        if _is_for(one, category, grade, urgent=urgent):
            found += [Lane("phone", one.name, one.phone)] if one.phone is not None else []
            found += [Lane("written", one.name, one.written)] if one.written is not None else []
    shortest: dict[tuple[str, str], Lane] = {}
    for lane in found:
        known = shortest.get((lane.name, lane.receiver))
        if known is None or lane.length < known.length:
            shortest[lane.name, lane.receiver] = lane
    return tuple(shortest.values())


def _is_for(one: Receiver, category: str | None, grade: str | None, *, urgent: bool) -> bool:
    return (
        (not one.categories or category in one.categories)
        and (not one.grades or grade in one.grades)
        and (urgent or not one.urgent)
    )


def next_followup(phase: str, now: datetime, zone: ZoneInfo, rules: ReportRules) -> datetime:
    """Return when the next follow-up is due: by the pace of the phase, for a long one at the next hour of the day."""
    if phase != "long":
        return now + (rules.followup_stable if phase == "stable" else rules.followup_every)
    return min(_next(at, now, zone) for at in rules.followup_daily)


def _next(at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the next moment after `now` with this time of day in the room's zone."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), at, zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), at, zone)

"""The figures of a month: answers to warnings, report clocks, shifts per person."""

import re
from datetime import datetime, timedelta

from actions.authority import refuse
from actions.callout_record import Asked, figures, latency
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from storage import bulletin, callout, incident, report_clock, roster
from storage.database import Tx

SHOWN = 40


async def month(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Return the figures of a local calendar month (the present one by default), drills left out."""
    if refused := refuse(who, "统计", Role.LEADER, Role.ADMIN):
        return refused
    bounds = _bounds(text.strip(), now.astimezone(tx.zone))
    if bounds is None:
        return base.WrongForm(why="月份没看懂。", example=f"统计 {now.astimezone(tx.zone):%Y-%m}")
    start, end = bounds
    warnings, asked = await _callouts(tx, start, end)
    answers = latency(tx, asked)
    incidents, clocks = await _incidents(tx, start, end)
    shifts = sorted((await roster.counts(tx, start, end)).items(), key=lambda item: (-item[1], item[0]))
    return say.Stats(
        month=f"{start:%Y-%m}",
        warnings=warnings,
        contacts=answers.total,
        answered=answers.answered,
        in_time=answers.in_time,
        limit_seconds=int(tx.rules.callout.on_time.total_seconds()),
        p50=answers.p50,
        p95=answers.p95,
        slowest=answers.slowest,
        levels=figures(tx, asked),
        incidents=incidents,
        met=clocks.count("met"),
        late=clocks.count("late"),
        running=clocks.count("running"),
        shifts=tuple(shifts[:SHOWN]),
        more=max(len(shifts) - SHOWN, 0),
    )


def _bounds(text: str, local: datetime) -> tuple[datetime, datetime] | None:
    """Return the first instants of the month and of the next one."""
    if text in ("本月", "这个月", "当月", "上月", "上个月"):
        first = local.replace(day=1)
        text = f"{first if '上' not in text else first - timedelta(days=1):%Y-%m}"
    text = re.sub(r"^([去今])年", lambda year: f"{local.year - (year[1] == '去')}年", text)
    said = re.fullmatch(r"(?:(\d{4})[-年/.]?)?(\d{1,2})(?:月份?)?", text) if text else None
    if text and said is None:
        return None
    number = int(said[2]) if said else local.month
    year = int(said[1]) if said and said[1] else local.year - (number > local.month)  # figures lie behind
    if not (1 <= number <= 12 and 2000 <= year < 9999):  # noqa: PLR2004 - the calendar's own bounds
        return None
    start = datetime(year, number, 1, tzinfo=local.tzinfo)
    return start, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=local.tzinfo)


async def _callouts(tx: Tx, start: datetime, end: datetime) -> tuple[int, list[Asked]]:
    """Return how many warnings the month had, and whom they asked."""
    found = [b for b in await bulletin.recent(tx, start) if b.received_at < end and not b.drill]
    return len(found), [(b, c) for b in found for c in await callout.of_bulletin(tx, b.id)]


async def _incidents(tx: Tx, start: datetime, end: datetime) -> tuple[int, list[str]]:
    found = [
        i for i in await incident.received_between(tx, start, end) if not i.drill and i.state != "offered"
    ]
    clocks = await report_clock.of_incidents(tx, [i.id for i in found])
    return len(found), [c.outcome or "running" for c in clocks]

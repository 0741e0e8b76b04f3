"""The course of an incident in words: everything that stands in the log of it, and how its clocks ended."""

from datetime import datetime

from actions.authority import refuse
from actions.response import event_of
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import response as say
from domain.people import Role
from storage import log, people, report_clock, task
from storage.database import Tx
from storage.log import Entry

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN, Role.SUPERIOR)
PACKERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
LONGEST = 90
"""So much of an entry's text is shown; the evidence pack has it whole."""
ROOM_FOR = 3300
"""Characters of rows that fit one message with its head and foot."""
AROUND = 26
"""Characters a row takes beside its text: time, name, the act's word."""


async def timeline(tx: Tx, who: Actor, now: datetime, number: int | None, text: str = "") -> Notice:
    """Return the acts of an incident in order, newest last; earlier ones that do not fit are counted."""
    if refused := refuse(who, "时间线", *READERS):
        return refused
    i = await event_of(tx, who, now, number, "时间线", text, over=True)
    if isinstance(i, Notice):
        return i
    subjects = [i.number, *(f"T{t.id}" for t in await task.of_event(tx, i.number))]
    entries = [e for subject in subjects for e in await log.entries(tx, subject=subject)]
    names = await people.by_ids(tx, [e.person_id for e in entries if e.person_id])
    rows = [_row(e, names, i.number) for e in sorted(entries, key=lambda e: e.seq)]
    rows += [
        say.TimelineRow(
            at=c.ended_at, by=c.by or "", act=f"clock.{c.outcome}", subject=c.receiver, text=c.lane
        )
        for c in await report_clock.of_incident(tx, i.id)
        if c.ended_at
    ]
    rows.sort(key=lambda row: row.at)
    shown = _fitting(rows)
    return say.Timeline(
        drill=i.drill,
        number=i.number,
        title=i.title,
        rows=tuple(shown),
        earlier=len(rows) - len(shown),
        packs=who.has(*PACKERS),
    )


def _row(e: Entry, names: dict[int, Actor], number: str) -> say.TimelineRow:
    return say.TimelineRow(
        at=e.at,
        by=names[e.person_id].name if e.person_id in names else "",
        act=e.act,
        subject="" if e.subject == number else e.subject,
        text=e.text if len(e.text) <= LONGEST else f"{e.text[:LONGEST]}…",
    )


def _fitting(rows: list[say.TimelineRow]) -> list[say.TimelineRow]:
    """Return the newest rows that fit one message."""
    left, shown = ROOM_FOR, list[say.TimelineRow]()
    for row in reversed(rows):
        left -= len(row.text) + AROUND
        if left < 0:
            break
        shown.insert(0, row)
    return shown

"""Incidents, their reports, and figures with history."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update

from storage.database import Tx
from storage.schema import figures, incidents, log, people, reports

SUBMITTED = ("to_sign", "sent", "confirmed")
"""States of a report that stands: neither a draft nor sent back."""


def title_of(place: str | None, kind: str | None) -> str:
    """Return how an incident is called in a few words; what is not known is said to be."""
    return f"{place or '地点正在核实'} {kind or '突发事件'}"


@dataclass(frozen=True)
class Incident:
    """An incident; its number is E<id>.

    `phase` sets the pace of follow-ups; `joined_id` is the incident a reporter's word was joined to.
    """

    id: int
    raw: str
    reading: dict[str, Any]
    category: str | None
    subtype: str | None
    place: str | None
    grade: str | None
    direct: bool
    urgent: bool
    drill: bool
    state: str
    by_id: int
    received_at: datetime
    closed_at: datetime | None
    phase: str
    reopened_at: datetime | None
    joined_id: int | None
    bulletin_id: int | None

    @property
    def number(self) -> str:
        """E7."""
        return f"E{self.id}"

    @property
    def title(self) -> str:
        """Return place and kind in a few words."""
        return title_of(self.place, self.subtype or self.category)

    @property
    def marked(self) -> str:
        """Return the title, with the mark of an exercise."""
        return f"【演练】{self.title}" if self.drill else self.title


_FIELDS = [incidents.c[name] for name in Incident.__dataclass_fields__]
_BY_ID = select(*_FIELDS).where(incidents.c.id == bindparam("key"))
_IN_STATE = (
    select(*_FIELDS)
    .where(
        incidents.c.room_id == bindparam("room"),
        incidents.c.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(incidents.c.id)
)
_OF_BULLETIN = (
    select(*_FIELDS).where(incidents.c.bulletin_id == bindparam("bulletin")).order_by(incidents.c.id)
)
_CHANGE = update(incidents).where(incidents.c.id == bindparam("key"))


async def add(tx: Tx, **values: object) -> int:
    """Keep an incident and return its key."""
    return await tx.add(incidents, room_id=tx.room, **values)


async def by_id(tx: Tx, incident_id: int) -> Incident | None:
    """Return an incident."""
    r = await tx.one(_BY_ID, {"key": incident_id})
    return Incident(**r._mapping) if r else None


async def going_on(tx: Tx, incident_id: int) -> Incident | None:
    """Return an incident, or the one that it was joined to."""
    i = await by_id(tx, incident_id)
    return await going_on(tx, i.joined_id) if i is not None and i.joined_id is not None else i


async def in_state(tx: Tx, *states: str) -> list[Incident]:
    """Return the incidents in these states, oldest first."""
    rows = await tx.all(_IN_STATE, {"room": tx.room, "states": list(states)})
    return [Incident(**r._mapping) for r in rows]


async def by_keys(tx: Tx, keys: Collection[int]) -> list[Incident]:
    """Return some incidents, oldest first."""
    rows = await tx.all(select(*_FIELDS).where(incidents.c.id.in_(keys)).order_by(incidents.c.id))
    return [Incident(**r._mapping) for r in rows]


async def received_between(tx: Tx, start: datetime, end: datetime) -> list[Incident]:
    """Return the incidents received in [start, end) that were not discarded, oldest first."""
    rows = await tx.all(
        select(*_FIELDS)
        .where(
            incidents.c.room_id == tx.room,
            incidents.c.state != "discarded",
            incidents.c.received_at >= start,
            incidents.c.received_at < end,
        )
        .order_by(incidents.c.id)
    )
    return [Incident(**r._mapping) for r in rows]


async def handled_between(tx: Tx, start: datetime, end: datetime) -> list[Incident]:
    """Return the incidents received before `end` that were open, or waited, at any moment from `start` on."""
    c = incidents.c
    going_on = c.state.in_(("open", "offered")) | ((c.state == "closed") & (c.closed_at >= start))
    rows = await tx.all(
        select(*_FIELDS).where(c.room_id == tx.room, c.received_at < end, going_on).order_by(c.id)
    )
    return [Incident(**r._mapping) for r in rows]


async def last_closed(tx: Tx, most: int) -> list[Incident]:
    """Return the newest closed incidents, oldest first."""
    closed = (incidents.c.room_id == tx.room, incidents.c.state == "closed")
    rows = await tx.all(select(*_FIELDS).where(*closed).order_by(incidents.c.id.desc()).limit(most))
    return [Incident(**r._mapping) for r in reversed(rows)]


async def move(
    tx: Tx, incident_id: int, from_states: tuple[str, ...], to_state: str, **values: object
) -> bool:
    """Return True if the incident stood in one of `from_states` and now stands in `to_state`."""
    return (
        await tx.run(
            update(incidents)
            .where(incidents.c.id == incident_id, incidents.c.state.in_(from_states))
            .values(state=to_state, **values)
        )
        == 1
    )


async def set_bulletin(tx: Tx, incident_id: int, bulletin_id: int | None) -> None:
    """Say which warning an incident belongs to."""
    await change(tx, incident_id, bulletin_id=bulletin_id)


async def of_bulletin(tx: Tx, bulletin_id: int) -> list[Incident]:
    """Return the incidents that belong to a warning, oldest first."""
    rows = await tx.all(_OF_BULLETIN, {"bulletin": bulletin_id})
    return [Incident(**r._mapping) for r in rows]


@dataclass(frozen=True)
class Report:
    """One version of what was reported; a sent one never changes.

    `content` is the text as it went up, frozen when it was submitted; `issue` its 第N期 of `issue_year`; `receipt` who
    above has it; `document` the hash of its Word file.
    """

    id: int
    incident_id: int
    stage: str
    seq: int
    raw: str
    reading: dict[str, Any]
    state: str
    by_id: int
    created_at: datetime
    sent_at: datetime | None
    signed_by: int | None
    signed_at: datetime | None
    return_reason: str | None
    confirmed_by: int | None
    confirmed_at: datetime | None
    receipt: str | None
    receipt_how: str | None
    content: dict[str, Any] | None
    issue: int | None
    issue_year: int | None
    document: str | None


_REPORT = [reports.c[name] for name in Report.__dataclass_fields__]
_REPORT_BY_ID = select(*_REPORT).where(reports.c.id == bindparam("key"))
_REPORTS_OF = select(*_REPORT).where(reports.c.incident_id == bindparam("incident")).order_by(reports.c.seq)
_CHANGE_REPORT = update(reports).where(reports.c.id == bindparam("key"))


async def add_report(
    tx: Tx,
    now: datetime,
    incident_id: int,
    stage: str,
    raw: str,
    reading: dict[str, Any],
    state: str,
    by: int,
) -> int:
    """Add the next report of an incident and return its key; numbers have no holes."""
    seq = int(
        await tx.value(select(func.max(reports.c.seq)).where(reports.c.incident_id == incident_id)) or 0
    )
    return await tx.add(
        reports,
        incident_id=incident_id,
        stage=stage,
        seq=seq + 1,
        raw=raw,
        reading=reading,
        state=state,
        by_id=by,
        created_at=now,
        sent_at=now if state == "sent" else None,
    )


async def report(tx: Tx, report_id: int) -> Report | None:
    """Return a report."""
    r = await tx.one(_REPORT_BY_ID, {"key": report_id})
    return Report(**r._mapping) if r else None


async def reports_of(tx: Tx, incident_id: int) -> list[Report]:
    """Return the reports of an incident in order."""
    rows = await tx.all(_REPORTS_OF, {"incident": incident_id})
    return [Report(**r._mapping) for r in rows]


async def freeze_report(tx: Tx, r: Report, year: int, content: dict[str, Any]) -> int:
    """Keep the text of a report as it goes up, with its issue number of the year; return the number.

    A report written anew takes the number of the one that came back, so that 第N期 has no holes.
    """
    issue = r.issue or await _came_back(tx, r.incident_id, year) or await _next_issue(tx, r.incident_id, year)
    content = {**content, "issue": issue, "issue_year": year}
    await change_report(tx, r.id, content=content, issue=issue, issue_year=year)
    return issue


async def _came_back(tx: Tx, incident_id: int, year: int) -> int | None:
    """Return the lowest issue number of an incident's returned reports that no standing one has taken over."""
    rows = await tx.all(
        select(reports.c.issue, reports.c.state).where(
            reports.c.incident_id == incident_id,
            reports.c.issue_year == year,
            reports.c.issue.is_not(None),
        )
    )
    standing = {row.issue for row in rows if row.state != "returned"}
    return min((row.issue for row in rows if row.issue not in standing), default=None)


async def _next_issue(tx: Tx, incident_id: int, year: int) -> int:
    """Exercises have numbers of their own: they take none of the office's."""
    drill = select(incidents.c.drill).where(incidents.c.id == incident_id).scalar_subquery()
    newest = await tx.value(
        select(func.max(reports.c.issue))
        .join(incidents, incidents.c.id == reports.c.incident_id)
        .where(incidents.c.room_id == tx.room, incidents.c.drill == drill, reports.c.issue_year == year)
    )
    return int(newest or 0) + 1


async def change_report(tx: Tx, report_id: int, **values: object) -> None:
    """Move a report along its written lane."""
    await tx.run(_CHANGE_REPORT, {"key": report_id, **values})


@dataclass(frozen=True)
class FigureGiven:
    """A figure as a person gave it, with who and when; `source` whoever was named for it.

    `corrected`: told as 更正; `settles`: what other sources said before is no question any more.
    """

    name: str
    value: int | None
    low: int | None
    high: int | None
    text: str
    by: str
    at: datetime
    report_id: int
    source: str
    corrected: bool
    settles: bool


async def add_figure(
    tx: Tx, now: datetime, report_id: int, by: int, name: str, figure: dict[str, Any]
) -> None:
    """Keep a figure; earlier ones stand."""
    await tx.add(
        figures,
        report_id=report_id,
        name=name,
        value=figure["value"],
        low=figure["low"],
        high=figure["high"],
        text=figure["text"],
        by_id=by,
        at=now,
    )


_EVERY_FIGURE = (
    select(figures, people.c.name.label("by"), reports.c.reading)
    .join(reports, reports.c.id == figures.c.report_id)
    .join(people, people.c.id == figures.c.by_id)
    .where(reports.c.incident_id == bindparam("incident"))
    .order_by(figures.c.id)
)
_FIGURES = _EVERY_FIGURE.where(~((reports.c.state == "returned") & (reports.c.stage != "first")))


async def figures_of(tx: Tx, incident_id: int, *, every: bool = False) -> list[FigureGiven]:
    """Return every figure given for an incident, oldest first; those of a follow-up that came back with `every`."""
    rows = await tx.all(_EVERY_FIGURE if every else _FIGURES, {"incident": incident_id})
    seen: dict[tuple[int, str], int] = {}
    found = []
    for r in rows:
        at = seen.get((r.report_id, r.name), 0)
        seen[(r.report_id, r.name)] = at + 1
        found.append(_figure(r, at))
    return found


def _figure(r: Any, at: int) -> FigureGiven:  # noqa: ANN401 - a row of figures, reports and people
    """Return the `at`-th figure of its name in its report, with the source kept beside it there."""
    same = [g for g in r.reading.get("given") or () if g["name"] == r.name]
    source = same[at]["source"] if at < len(same) else ""
    chosen = r.name in (r.reading.get("chosen") or ()) and at == len(same) - 1
    corrected = bool(r.reading.get("correction"))
    settles = chosen or corrected or not source
    return FigureGiven(
        r.name, r.value, r.low, r.high, r.text, r.by, r.at, r.report_id, source, corrected, settles
    )


async def with_drafts(tx: Tx) -> set[int]:
    """Return the incidents with a report that was written and not sent."""
    rows = await tx.all(
        select(reports.c.incident_id)
        .join(incidents, incidents.c.id == reports.c.incident_id)
        .where(incidents.c.room_id == tx.room, reports.c.state == "draft")
        .distinct()
    )
    return {r.incident_id for r in rows}


async def with_reports(tx: Tx, *, signed: bool | None) -> list[int]:
    """Return the incidents with unsigned reports (signed=False), or with sent ones not confirmed (None)."""
    waiting = (
        (reports.c.state == "sent")
        if signed is None
        else reports.c.signed_at.is_(None) & reports.c.state.in_(SUBMITTED)
    )
    rows = await tx.all(
        select(reports.c.incident_id)
        .join(incidents, incidents.c.id == reports.c.incident_id)
        .where(incidents.c.room_id == tx.room, waiting)
        .distinct()
        .order_by(reports.c.incident_id)
    )
    return [r.incident_id for r in rows]


async def unfinished_of_closed(tx: Tx) -> list[tuple[Report, Incident]]:
    """Return the reports of closed incidents that wait for a signature, for a receipt above, or to be mended.

    A later report that was confirmed settles the receipt of the earlier ones; a later one settles what was sent back.
    """
    rows = await tx.all(
        select(*_REPORT)
        .join(incidents, incidents.c.id == reports.c.incident_id)
        .where(
            incidents.c.room_id == tx.room,
            incidents.c.state == "closed",
            incidents.c.id.in_(
                select(reports.c.incident_id).where(reports.c.state.in_(("to_sign", "sent", "returned")))
            ),
        )
        .order_by(reports.c.id)
    )
    every = [Report(**r._mapping) for r in rows]
    found = []
    for r in every:
        later = [x for x in every if x.incident_id == r.incident_id and x.seq > r.seq]
        waits = {
            "to_sign": True,
            "sent": not any(x.state == "confirmed" for x in later),
            "returned": bool(r.return_reason) and not later,
        }.get(r.state, False)
        about = await by_id(tx, r.incident_id) if waits else None
        if about is not None:
            found.append((r, about))
    return found


# --- intake: mending, additions, files ---------------------------------------------------------------------


async def change(tx: Tx, incident_id: int, **values: object) -> None:
    """Write what became known of an incident."""
    await tx.run(_CHANGE, {"key": incident_id, **values})


class Told(NamedTuple):
    """What a first word is compared by; `occurred` is the time it was read to have happened, as ISO text."""

    id: int
    place: str | None
    category: str | None
    subtype: str | None
    occurred: str | None
    received_at: datetime
    state: str


_TOLD = (
    select(
        *(incidents.c[name] for name in ("id", "place", "category", "subtype")),
        incidents.c.reading[("occurred_at", "value")].as_string(),
        *(incidents.c.received_at, incidents.c.state),
    )
    .where(
        incidents.c.room_id == bindparam("room"),
        incidents.c.received_at >= bindparam("received"),
        incidents.c.drill == bindparam("drill"),
        incidents.c.state.in_(("open", "offered"))
        | ((incidents.c.state == "closed") & (incidents.c.closed_at >= bindparam("closed"))),
    )
    .order_by(incidents.c.id)
)


async def told_since(tx: Tx, received: datetime, closed: datetime, *, drill: bool) -> list[Told]:
    """Return the words received since then that are open, wait, or were closed since `closed`; oldest first.

    Few columns: every card of a new event asks for them, also with hundreds open.
    """
    values = {"room": tx.room, "received": received, "closed": closed, "drill": drill}
    rows = await tx.all(_TOLD, values)
    return [Told._make(r) for r in rows]


async def last_told(tx: Tx, person_id: int, since: datetime) -> int | None:
    """Return the event a person told of last since then, by a first word or an addition to one."""
    subject = await tx.value(
        select(log.c.subject)
        .where(
            log.c.room_id == tx.room,
            log.c.at >= since,
            log.c.person_id == person_id,
            log.c.act.in_(("incident.received", "incident.added")),
        )
        .order_by(log.c.seq.desc())
        .limit(1)
    )
    return int(subject[1:]) if subject else None


FILE = "incident.file"
"""The act of a log entry by which a file belongs to an event."""


@dataclass(frozen=True)
class EventFile:
    """A file of an event as it is kept: the log entry `seq` names it by its content's hash."""

    name: str
    sha256: str
    kind: str
    size: int
    by: int | None
    at: datetime
    seq: int


_FILES = select(log).where(log.c.subject == bindparam("subject"), log.c.act == FILE).order_by(log.c.seq)


async def files_of(tx: Tx, incident_id: int) -> list[EventFile]:
    """Return the files of an incident, oldest first, each content once."""
    rows = await tx.all(_FILES, {"subject": f"E{incident_id}"})
    found: dict[str, EventFile] = {}
    for row in rows:
        if file := json.loads(row.data).get("file"):
            one = EventFile(
                file["name"], file["sha256"], file["kind"], file["size"], row.person_id, row.at, row.seq
            )
            found.setdefault(one.sha256, one)
    return list(found.values())

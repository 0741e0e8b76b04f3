"""An incident and its reports as each reader sees them now."""

from datetime import datetime
from typing import Any

from actions.incident_alike import alike
from actions.view import Asked, view
from domain.mend_text import ASKED_BY
from domain.notices import incident as say
from domain.people import Role
from storage import incident, people
from storage.database import Tx
from storage.deadline import open_of
from storage.incident import FigureGiven, Incident, Report

SHOWN_ALWAYS = ("deaths", "injured", "missing", "trapped")
"""Figures a superior always asks for: unknown is said as 正在核实."""
UNKNOWN = "正在核实"
READ_AS = ("疑似有", "有，人数不详")
"""What the reader concluded; these are not the reporter's own words."""


def figure_text(figure: FigureGiven | dict[str, Any] | None) -> str:
    """Return a figure in the words it was given in; unknown is 正在核实, none is 无."""
    if figure is None:
        return UNKNOWN
    value = figure.value if isinstance(figure, FigureGiven) else figure["value"]
    text = figure.text if isinstance(figure, FigureGiven) else figure["text"]
    if value is None:
        if text in READ_AS:
            return f"{text}，{UNKNOWN}"
        return f"{UNKNOWN}（原话“{text}”）" if text else UNKNOWN
    if str(value) in text:
        return text
    return f"{value or '无'}（原话“{text}”）" if text else f"{value or '无'}"


def figure_lines(given: list[FigureGiven]) -> tuple[say.FigureLine, ...]:
    """Return each figure as last given, with what was given before."""
    by_name: dict[str, list[FigureGiven]] = {name: [] for name in SHOWN_ALWAYS}
    for figure in given:
        by_name.setdefault(figure.name, []).append(figure)
    return tuple(
        say.FigureLine(
            name=name,
            text=figure_text(history[-1] if history else None),
            history=tuple(f"{old.text}（{old.by}）" for old in history[:-1]),
        )
        for name, history in by_name.items()
    )


async def facts(tx: Tx, i: Incident) -> say.Facts:
    """Return what is known of an incident."""
    reading = i.reading
    occurred = reading.get("occurred_at") or {}
    value = occurred.get("value")
    grade = reading.get("grade") or {}
    return say.Facts(
        number=i.number,
        drill=i.drill,
        received_at=i.received_at,
        occurred=occurred.get("text"),
        occurred_at=datetime.fromisoformat(value) if value else None,
        category=i.category,
        subtype=i.subtype,
        place=i.place,
        figures=figure_lines(await incident.figures_of(tx, i.id)),
        measures=tuple(reading.get("actions") or ()),
        source=reading.get("source"),
        contacts=tuple(" ".join(filter(None, c.values())) for c in reading.get("contacts") or ()),
        grade=i.grade,
        grade_line=grade.get("line", ""),
        direct=tuple(f"{hit['word']}（{hit['reason']}）" for hit in reading.get("direct_report") or ()),
    )


def order_of(reports: list[Report], report: Report) -> int:
    """Return which first, follow-up or final report this is, counted from 1."""
    return sum(r.stage == report.stage and r.seq <= report.seq for r in reports)


@view(say.Card)
async def card(tx: Tx, asked: Asked) -> say.Card | None:
    """Return the incident's card."""
    i = await incident.by_id(tx, asked.number)
    if i is None or i.state == "offered":
        return None
    reports = await incident.reports_of(tx, i.id)
    clocks = await incident.clocks(tx, i.id)
    due = await open_of(tx, "followup", i.number)
    names = await people.by_ids(tx, [p for r in reports for p in (r.signed_by, r.confirmed_by) if p])
    reader = await people.by_id(tx, asked.person_id) if asked.person_id else None
    return say.Card(
        facts=await facts(tx, i),
        raw=i.raw,
        state=i.state,
        missing=tuple(i.reading.get("missing") or ()),
        doubts=tuple(i.reading.get("doubts") or ()),
        clocks=tuple(
            say.ClockLine(lane=c.lane, due_at=c.due_at, outcome=c.outcome, ended_at=c.ended_at, note=c.note)
            for c in clocks.values()
        ),
        reports=tuple(
            say.ReportLine(
                stage=r.stage,
                order=order_of(reports, r),
                state=r.state,
                sent_at=r.sent_at,
                signed_by=names[r.signed_by].name if r.signed_by else None,
                confirmed_by=names[r.confirmed_by].name if r.confirmed_by else None,
            )
            for r in reports
            if r.state != "returned" or r.return_reason != ""
        ),
        next_followup=next(iter(due.values()), None),
        profile_confirmed=tx.rules.report.confirmed,
        draft=any(r.stage == "first" and r.state == "draft" for r in reports),
        unsent=all(r.state == "draft" for r in reports),
        officer=reader is not None and reader.has(Role.OFFICER, Role.DEPUTY),
        mends=_mends(i, reports),
        second=(i.reading.get("parts") or [None, None])[1],
        alike=await _alike(tx, asked.now, i) if all(r.state == "draft" for r in reports) else (),
        files=len(await incident.files_of(tx, i.id)),
        joined=f"E{i.joined_id}" if i.joined_id else None,
    )


def _mends(i: Incident, reports: list[Report]) -> tuple[str, ...]:
    """Return the fields that are missing or in doubt, while the first report may still change."""
    if i.state != "open" or submitted(reports):
        return ()
    fields = [ASKED_BY[asked] for asked in i.reading.get("missing") or () if asked in ASKED_BY]
    if (i.subtype or "").endswith("(疑似)"):
        fields.append("类型")
    return tuple(dict.fromkeys(fields))


def submitted(reports: list[Report]) -> bool:
    """Return True if a first report was submitted: its facts stand."""
    return any(r.stage == "first" and r.state in ("to_sign", "sent", "confirmed") for r in reports)


async def _alike(tx: Tx, now: datetime, i: Incident) -> tuple[say.Alike, ...]:
    if i.state not in ("open", "offered"):
        return ()
    return tuple(
        say.Alike(
            number=one.telling.number, title=one.telling.title, state=one.telling.state, reason=one.reason
        )
        for one in await alike(tx, now, i)
    )


async def flash(tx: Tx, i: Incident, report: Report) -> say.Flash:
    """Return a report as it went up: a submitted one as it was frozen, with whoever has signed since."""
    if report.content is None:
        return await flash_now(tx, i, report)
    signer = await people.by_id(tx, report.signed_by) if report.signed_by else None
    return say.Flash.model_validate({**report.content, "signer": signer.name if signer else None})


async def flash_now(tx: Tx, i: Incident, report: Report) -> say.Flash:
    """Return a report as it would go up at this moment."""
    reports = await incident.reports_of(tx, i.id)
    names = await people.by_ids(tx, [p for p in (report.by_id, report.signed_by) if p])
    return say.Flash(
        facts=await facts(tx, i),
        issue=report.issue,
        issue_year=report.issue_year,
        office=tx.rules.room.name,
        phone=tx.rules.room.phone,
        superior=tx.rules.room.superior,
        stage=report.stage,
        order=order_of(reports, report),
        title=i.title,
        raw=report.raw,
        changed=changed(report),
        author=names[report.by_id].name,
        signer=names[report.signed_by].name if report.signed_by else None,
        at=report.created_at,
    )


def changed(report: Report) -> tuple[say.FigureLine, ...]:
    """Return the figures this report gives."""
    return tuple(
        say.FigureLine(name=name, text=figure_text(figure), history=())
        for name, figure in (report.reading.get("figures") or {}).items()
        if figure
    )


async def _of_report(tx: Tx, report_id: int) -> tuple[Report, Incident] | None:
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    return (report, i) if report and i else None


@view(say.Draft)
async def draft(tx: Tx, asked: Asked) -> say.Draft | None:
    """Return a follow-up or final report before it is sent."""
    found = await _of_report(tx, asked.number)
    if found is None:
        return None
    report, i = found
    dropped = report.state == "returned" and report.return_reason == ""
    return say.Draft(
        report=report.id,
        number=i.number,
        title=i.title,
        stage=report.stage,
        order=order_of(await incident.reports_of(tx, i.id), report),
        stated=report.reading.get("number"),
        raw=report.raw,
        changed=changed(report),
        doubts=tuple(report.reading.get("doubts") or ()),
        state="discarded" if dropped else report.state,
    )


@view(say.Sign)
async def sign(tx: Tx, asked: Asked) -> say.Sign | None:
    """Return what the leader is asked to sign."""
    found = await _of_report(tx, asked.number)
    if found is None:
        return None
    report, i = found
    return say.Sign(
        report=report.id,
        number=i.number,
        flash=await flash(tx, i, report),
        state=report.state,
        sent_first=report.sent_at is not None
        and (report.signed_at is None or report.sent_at < report.signed_at),
        signed_at=report.signed_at,
        return_reason=report.return_reason,
        reminded=bool(asked.data.get("reminded")),
    )


@view(say.ToSuperior)
async def to_superior(tx: Tx, asked: Asked) -> say.ToSuperior | None:
    """Return the report as the superior receives it."""
    found = await _of_report(tx, asked.number)
    if found is None:
        return None
    report, i = found
    by = await people.by_id(tx, report.confirmed_by) if report.confirmed_by else None
    return say.ToSuperior(
        report=report.id,
        number=i.number,
        flash=await flash(tx, i, report),
        confirmed_by=by.name if by else None,
        confirmed_at=report.confirmed_at,
    )


@view(say.Word)
async def word(tx: Tx, asked: Asked) -> say.Word | None:
    """Return a reporter's word for the officer."""
    i = await incident.by_id(tx, asked.number)
    reporter = await people.by_id(tx, i.by_id) if i else None
    if i is None or reporter is None:
        return None
    others = await incident.in_state(tx, "open")
    same = await _alike(tx, asked.now, i)
    return say.Word(
        number=i.number,
        reporter=reporter.name,
        unit=reporter.posts[0].unit if reporter.posts else "",
        phone=reporter.phone,
        raw=i.raw,
        received_at=i.received_at,
        state=i.state,
        open=tuple((o.number, o.title) for o in _likely_first(others, same)),
        late_minutes=asked.data.get("late_minutes"),
        alike=same,
        files=len(await incident.files_of(tx, i.id)),
        joined=f"E{i.joined_id}" if i.joined_id else None,
    )


def _likely_first(others: list[Incident], same: tuple[say.Alike, ...], most: int = 4) -> list[Incident]:
    """Return the open incidents to join to, those that may be the same before the others."""
    likely = [one.number for one in same]
    return sorted(others, key=lambda o: likely.index(o.number) if o.number in likely else len(likely))[:most]

"""An incident and its reports as each reader sees them now."""

from datetime import datetime

from actions.report_figures import changed, conflicts, figure_lines
from actions.report_final import hints
from actions.response_views import on_card
from actions.view import Asked, view
from domain.notices import incident as say
from domain.people import Role
from storage import incident, people, report_clock
from storage.database import Tx
from storage.deadline import open_of
from storage.incident import Incident, Report

SUBMITTED = ("to_sign", "sent", "confirmed")
"""States of a report that stands: neither a draft nor sent back."""


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
        figures=figure_lines(tx, await incident.figures_of(tx, i.id)),
        measures=tuple(reading.get("actions") or ()),
        source=reading.get("source"),
        contacts=tuple(" ".join(word for word in c.values() if word) for c in reading.get("contacts") or ()),
        grade=i.grade,
        grade_line=grade.get("line", ""),
        direct=tuple(f"{hit['word']}（{hit['reason']}）" for hit in reading.get("direct_report") or ()),
    )


def order_of(reports: list[Report], report: Report) -> int:
    """Return which first, follow-up or final report this is: as frozen, else the lowest number not yet given.

    A draft has no number until it is submitted, and one that came back gives up its own, so that none is missing.
    """
    if report.content is not None:
        return int(report.content["order"])
    same = [r for r in reports if r.stage == report.stage and r.state in SUBMITTED and r.id != report.id]
    given = {int(r.content["order"]) if r.content else at for at, r in enumerate(same, 1)}
    return next(n for n in range(1, len(given) + 2) if n not in given)


@view(say.Card)
async def card(tx: Tx, asked: Asked) -> say.Card | None:
    """Return the incident's card."""
    i = await incident.by_id(tx, asked.number)
    if i is None or i.state == "offered":
        return None
    reports = await incident.reports_of(tx, i.id)
    clocks = await report_clock.of_incident(tx, i.id)
    due = await open_of(tx, "followup", i.number)
    names = await people.by_ids(tx, [p for r in reports for p in (r.signed_by, r.confirmed_by) if p])
    reader = await people.by_id(tx, asked.person_id) if asked.person_id else None
    return say.Card(
        facts=await facts(tx, i),
        raw=i.raw,
        state=i.state,
        reopened_at=i.reopened_at,
        missing=tuple(i.reading.get("missing") or ()),
        doubts=tuple(i.reading.get("doubts") or ()),
        clocks=tuple(
            say.ClockLine(
                lane=c.lane,
                receiver=c.receiver,
                due_at=c.due_at,
                outcome=c.outcome,
                ended_at=c.ended_at,
                by=c.by,
                note=c.note,
            )
            for c in clocks
        ),
        reports=tuple(
            say.ReportLine(
                stage=r.stage,
                order=order_of(reports, r),
                state=r.state,
                sent_at=r.sent_at,
                signed_by=names[r.signed_by].name if r.signed_by else None,
                confirmed_by=names[r.confirmed_by].name if r.confirmed_by else None,
                receipt=r.receipt,
                by_phone=r.receipt_how == "phone",
                overdue_days=r.reading.get("overdue_days"),
                unanswered_minutes=_unanswered(tx, asked.now, reports, r),
            )
            for r in reports
            if r.state != "returned" or r.return_reason != ""
        ),
        next_followup=next(iter(due.values()), None),
        phase=i.phase,
        occurred_at=_occurred(i)[0],
        about=_occurred(i)[1],
        profile_confirmed=tx.rules.report.confirmed,
        graded_by=(i.reading.get("grade") or {}).get("by", ""),
        draft=any(r.stage == "first" and r.state == "draft" for r in reports),
        unsent=all(r.state == "draft" for r in reports),
        officer=reader is not None and reader.has(Role.OFFICER, Role.DEPUTY),
        response=await on_card(tx, i, reader, asked.now),
    )


def _unanswered(tx: Tx, now: datetime, reports: list[Report], r: Report) -> int | None:
    """Return for how many minutes the superior has been silent, once that is longer than three reminders."""
    settled = any(x.state == "confirmed" and x.seq > r.seq for x in reports)
    if r.state != "sent" or r.sent_at is None or settled:
        return None
    waited = now - r.sent_at
    return int(waited.total_seconds() // 60) if waited >= 3 * tx.rules.report.confirm_remind else None


def _occurred(i: Incident) -> tuple[datetime | None, bool]:
    """Return when it happened, and whether that is only about then; "just now" is no time to count from."""
    said = i.reading.get("occurred_at") or {}
    precision = said.get("precision")
    if not said.get("value") or precision not in ("准", "约") or said["text"].startswith(("刚", "方才")):
        return None, False
    return datetime.fromisoformat(said["value"]), precision == "约"


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
        changed=await changed(tx, i, report),
        author=names[report.by_id].name,
        signer=names[report.signed_by].name if report.signed_by else None,
        at=report.created_at,
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
        changed=await changed(tx, i, report),
        conflicts=await _conflicts(tx, i, report),
        mends=_mends(await incident.reports_of(tx, i.id), report),
        hints=await hints(tx, i, report),
        overdue_days=report.reading.get("overdue_days"),
        doubts=tuple(report.reading.get("doubts") or ()),
        state="discarded" if dropped else report.state,
    )


async def _conflicts(tx: Tx, i: Incident, report: Report) -> tuple[say.Conflict, ...]:
    if report.state != "draft":
        return ()
    return tuple(
        say.Conflict(name=c.name, voices=tuple(f"{v['source']}说{v['text']}" for v in c.voices))
        for c in await conflicts(tx, i, report)
    )


def _mends(reports: list[Report], report: Report) -> str | None:
    """Return why the report that this one is written anew for came back."""
    same = [
        r
        for r in reports
        if r.stage == report.stage and r.id < report.id and (r.return_reason or r.state in SUBMITTED)
    ]
    return (same[-1].return_reason or None) if same and same[-1].state == "returned" else None


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
        overdue_days=report.reading.get("overdue_days"),
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
        overdue_days=report.reading.get("overdue_days"),
        confirmed_by=report.receipt or (by.name if by else None),
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
    return say.Word(
        number=i.number,
        reporter=reporter.name,
        unit=reporter.posts[0].unit if reporter.posts else "",
        phone=reporter.phone,
        raw=i.raw,
        received_at=i.received_at,
        state=i.state,
        open=tuple((o.number, o.title) for o in others[:4]),
        late_minutes=asked.data.get("late_minutes"),
    )

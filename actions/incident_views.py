"""An incident and its reports as each reader sees them now."""

from datetime import datetime
from typing import Any

from actions.view import Asked, view
from config.rules import Rules
from domain.flash_text import cause_told, untold
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
            said=_said(history[-1].text if history else ""),
            value=history[-1].value if history else None,
        )
        for name, history in by_name.items()
    )


def _said(text: str) -> str:
    """Return a figure's own words, "" for what the reader concluded."""
    return "" if text in READ_AS else text


async def _source(tx: Tx, i: Incident, said: str | None) -> str | None:
    """Return who gave the news: as said, else the reporter whose word it is."""
    if said:
        return said
    by = await people.by_id(tx, i.by_id)
    if by is None or by.has(Role.OFFICER, Role.DEPUTY):
        return None
    return f"{by.posts[0].unit if by.posts else ''}{by.name}"


async def facts(tx: Tx, i: Incident, rewritten: dict[str, Any] | None = None) -> say.Facts:
    """Return what is known of an incident; `rewritten`: the reading of a first report that was written anew."""
    reading = rewritten or i.reading
    given = await incident.figures_of(tx, i.id)
    return facts_of(i, reading, given, await _source(tx, i, reading.get("source")))


def facts_of(i: Incident, reading: dict[str, Any], given: list[FigureGiven], source: str | None) -> say.Facts:
    """Return what a reading of an incident says; what it leaves open is as the incident has it."""
    anew = reading if reading is not i.reading else {}
    occurred = reading.get("occurred_at") or {}
    value = occurred.get("value")
    grade = reading.get("grade") or {}
    return say.Facts(
        number=i.number,
        drill=i.drill,
        received_at=i.received_at,
        occurred=occurred.get("text"),
        occurred_at=datetime.fromisoformat(value) if value else None,
        precision=occurred.get("precision") or "",
        category=anew.get("category") or i.category,
        subtype=anew.get("subtype") or i.subtype,
        place=anew.get("place") or i.place,
        figures=figure_lines(given),
        measures=tuple(reading.get("actions") or ()),
        source=source,
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
    )


async def flash(tx: Tx, i: Incident, report: Report) -> say.Flash:
    """Return a report as it went up: a submitted one as it was frozen, with whoever has signed since."""
    if report.content is None:
        return await flash_now(tx, i, report)
    signer = await people.by_id(tx, report.signed_by) if report.signed_by else None
    return say.Flash.model_validate({**report.content, "signer": signer.name if signer else None})


async def flash_now(tx: Tx, i: Incident, report: Report, now: datetime | None = None) -> say.Flash:
    """Return a report as it would go up at this moment; `now`: it goes up, and its figures were counted just now."""
    names = await people.by_ids(tx, [p for p in (report.by_id, report.signed_by) if p])
    anew = report.stage == "first" and report.raw != i.raw
    known = await facts(tx, i, report.reading if anew else None)
    return composed(i, report, known, tx.rules).model_copy(
        update={
            "order": order_of(await incident.reports_of(tx, i.id), report),
            "changed": await _changed_since(tx, i, report, now),
            "author": names[report.by_id].name,
            "signer": names[report.signed_by].name if report.signed_by else None,
            "at": now or report.created_at,
            "next_at": await _next_at(tx, i, report, now),
        }
    )


def composed(i: Incident, report: Report, known: say.Facts, rules: Rules) -> say.Flash:
    """Return a report of these facts, without its people and its place among the others."""
    return say.Flash(
        facts=known,
        issue=report.issue,
        issue_year=report.issue_year,
        office=rules.room.office,
        phone=rules.room.phone,
        superior=rules.room.superior,
        stage=report.stage,
        order=1,
        title=i.title,
        raw=report.raw,
        changed=changed(report),
        author="",
        signer=None,
        at=report.created_at,
        room=rules.room.name,
        copies=rules.report.copies.get(known.category or "", ""),
        body=report.reading.get("body"),
        untold=untold(report.raw, _told(known), _heads(known)),
        cause_told=cause_told(report.raw),
        corrects=bool(report.reading.get("correction")),
    )


def _told(known: say.Facts) -> list[str]:
    """Return the pieces of a hurried line that the document of a first report holds."""
    phones = [part for line in known.contacts for part in line.split()]
    return [known.source or "", *(f.said for f in known.figures), *known.measures, *phones]


def _heads(known: say.Facts) -> tuple[str, ...]:
    """Return what marks the clause that names the event, nothing when its kind was not read."""
    return (known.subtype, known.occurred or "", known.place or "") if known.subtype else ()


async def _next_at(tx: Tx, i: Incident, report: Report, now: datetime | None) -> datetime | None:
    """Return when the next follow-up is due: counted from now where this one sets the clock."""
    if report.stage == "final":
        return None
    if now is not None:
        return now + tx.rules.report.followup_every
    return next(iter((await open_of(tx, "followup", i.number)).values()), None)


async def _changed_since(
    tx: Tx, i: Incident, report: Report, now: datetime | None
) -> tuple[say.FigureLine, ...]:
    """Return the figures this report gives, each with the words it was given in last before."""
    before: dict[str, str] = {}
    for given in await incident.figures_of(tx, i.id):
        if now is None or given.at < now:
            before[given.name] = _said(given.text)
    return tuple(
        line.model_copy(update={"history": (before[line.name],) if before.get(line.name) else ()})
        for line in changed(report)
    )


def changed(report: Report) -> tuple[say.FigureLine, ...]:
    """Return the figures this report gives."""
    return tuple(
        say.FigureLine(
            name=name,
            text=figure_text(figure),
            history=(),
            said=_said(figure["text"]),
            value=figure["value"],
        )
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

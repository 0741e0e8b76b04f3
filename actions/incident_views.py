"""An incident and its reports as each reader sees them now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from actions.incident_alike import alike
from actions.report_figures import changed, conflicts, figure_lines
from actions.report_final import hints
from actions.response_views import ROOM, links, offers, on_card
from actions.view import Asked, view, views
from config.rules import Rules
from domain.actor import Actor
from domain.flash_text import cause_told, untold
from domain.mend_text import ASKED_BY
from domain.notices import incident as say
from domain.people import Role
from domain.report_profile import next_followup
from storage import incident, people, report_clock
from storage.database import Tx
from storage.deadline import open_of
from storage.incident import SUBMITTED, Incident, Report


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
    figures = figure_lines(tx, await incident.figures_of(tx, i.id))
    return facts_of(i, reading, figures, await _source(tx, i, reading.get("source")))


def facts_of(
    i: Incident, reading: dict[str, Any], figures: tuple[say.FigureLine, ...], source: str | None
) -> say.Facts:
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
        figures=figures,
        measures=tuple(reading.get("actions") or ()),
        source=source,
        contacts=tuple(" ".join(filter(None, c.values())) for c in reading.get("contacts") or ()),
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


async def card(tx: Tx, asked: Asked) -> say.Card | None:
    """Return the incident's card."""
    return (await _cards(tx, [asked]))[0]


@views(say.Card)
async def cards(tx: Tx, asked: Sequence[Asked]) -> list[say.Card | None]:
    """Return an incident's card for each of its readers; what is the same for all is read once."""
    return await _cards(tx, asked)


async def _cards(tx: Tx, asked: Sequence[Asked]) -> list[say.Card | None]:
    i = await incident.by_id(tx, asked[0].number)
    if i is None or i.state == "offered":
        return [None for _ in asked]
    same = await _card(tx, asked[0].now, i)
    readers = await people.by_ids(tx, [one.person_id for one in asked if one.person_id])
    fits = await offers(tx, i) if any(links(i, reader) for reader in readers.values()) else ()
    return [_for_reader(i, same, readers.get(one.person_id or 0), fits) for one in asked]


def _for_reader(
    i: Incident, same: say.Card, reader: Actor | None, fits: tuple[tuple[str, str], ...]
) -> say.Card:
    if reader is None:
        return same
    joins = links(i, reader)
    own = {"acts": reader.has(*ROOM), "links": joins, "offers": fits if joins else ()}
    response = same.response.model_copy(update=own)
    return same.model_copy(update={"officer": reader.has(Role.OFFICER, Role.DEPUTY), "response": response})


async def _card(tx: Tx, now: datetime, i: Incident) -> say.Card:
    """Return the card as a group reads it."""
    reports = await incident.reports_of(tx, i.id)
    clocks = await report_clock.of_incident(tx, i.id)
    due = await open_of(tx, "followup", i.number)
    names = await people.by_ids(tx, [p for r in reports for p in (r.signed_by, r.confirmed_by) if p])
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
                unanswered_minutes=_unanswered(tx, now, reports, r),
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
        officer=False,
        response=await on_card(tx, i, now),
        mends=_mends(i, reports),
        second=(i.reading.get("parts") or [None, None])[1],
        alike=await _alike(tx, now, i) if all(r.state == "draft" for r in reports) else (),
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
    return any(r.stage == "first" and r.state in SUBMITTED for r in reports)


async def _alike(tx: Tx, now: datetime, i: Incident) -> tuple[say.Alike, ...]:
    if i.state not in ("open", "offered"):
        return ()
    return tuple(
        say.Alike(
            number=one.telling.number, title=one.telling.title, state=one.telling.state, reason=one.reason
        )
        for one in await alike(tx, now, i)
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


async def flash_now(tx: Tx, i: Incident, report: Report, now: datetime | None = None) -> say.Flash:
    """Return a report as it would go up at this moment; `now`: it goes up, and its figures were counted just now."""
    names = await people.by_ids(tx, [p for p in (report.by_id, report.signed_by) if p])
    anew = report.stage == "first" and report.raw != i.raw
    known = await facts(tx, i, report.reading if anew else None)
    return composed(i, report, known, tx.rules).model_copy(
        update={
            "order": order_of(await incident.reports_of(tx, i.id), report),
            "changed": await changed(tx, i, report),
            "author": names[report.by_id].name,
            "signer": names[report.signed_by].name if report.signed_by else None,
            "at": now or report.created_at,
            "next_at": await _next_at(tx, i, report, now),
        }
    )


def composed(i: Incident, report: Report, known: say.Facts, rules: Rules) -> say.Flash:
    """Return a report of these facts, without its people and its place among the others.

    Of a message that was parted it quotes its own part only, and nothing that was put right since.
    """
    own = report.raw == i.raw
    words = (i.reading.get("part") if own else None) or report.raw
    replaced = (i.reading.get("replaced") or []) if own else []
    heads = _heads(known)
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
        changed=(),
        author="",
        signer=None,
        at=report.created_at,
        room=rules.room.name,
        copies=rules.report.copies.get(known.category or "", ""),
        body=report.reading.get("body"),
        untold=untold(words, [*_told(known), *replaced], (*heads, *replaced) if heads else ()),
        cause_told=cause_told(words),
        corrects=bool(report.reading.get("correction")),
    )


def _told(known: say.Facts) -> list[str]:
    """Return the pieces of a hurried line that the document of a first report holds."""
    phones = [part for line in known.contacts for part in line.split()]
    unsure = [
        hit.partition("（")[0] for hit in known.direct if "被困" in hit
    ]  # the document says 疑似有人员被困
    return [known.source or "", *(f.said for f in known.figures), *known.measures, *phones, *unsure]


def _heads(known: say.Facts) -> tuple[str, ...]:
    """Return what marks the clause that names the event, nothing when its kind was not read."""
    return (known.subtype, known.occurred or "", known.place or "") if known.subtype else ()


async def _next_at(tx: Tx, i: Incident, report: Report, now: datetime | None) -> datetime | None:
    """Return when the next follow-up is due: counted from now where this one sets the clock."""
    if report.stage in ("final", "supplement"):
        return None
    if now is not None:
        return next_followup(i.phase, now, tx.zone, tx.rules.report)
    return next(iter((await open_of(tx, "followup", i.number)).values()), None)


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
        mends=_came_back(await incident.reports_of(tx, i.id), report),
        hints=await hints(tx, i, report),
        overdue_days=report.reading.get("overdue_days"),
        doubts=tuple(report.reading.get("doubts") or ()),
        state="discarded" if dropped else report.state,
        drill=i.drill,
    )


async def _conflicts(tx: Tx, i: Incident, report: Report) -> tuple[say.Conflict, ...]:
    if report.state != "draft":
        return ()
    return tuple(
        say.Conflict(name=c.name, voices=tuple(f"{v['source']}说{v['text']}" for v in c.voices))
        for c in await conflicts(tx, i, report)
    )


def _came_back(reports: list[Report], report: Report) -> str | None:
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
        drill=i.drill,
    )


def _likely_first(others: list[Incident], same: tuple[say.Alike, ...], most: int = 4) -> list[Incident]:
    """Return the open incidents to join to, those that may be the same before the others."""
    likely = [one.number for one in same]
    return sorted(others, key=lambda o: likely.index(o.number) if o.number in likely else len(likely))[:most]

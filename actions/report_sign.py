"""The written lane above the officer: signed or returned by a leader, sent up, received by a named person."""

import re
from datetime import datetime

from actions import duty, prints, report_clock, report_ladder
from actions.authority import refuse
from actions.incident_views import order_of
from actions.view import promise
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from storage import card, draft, incident, log, outbox, people
from storage.database import Tx
from storage.deadline import clear_deadlines, clear_subjects, set_deadline
from storage.incident import Incident, Report

REASON = "return-asked"
"""Drafts of this kind say of which event a leader was asked why its report goes back."""
UP = ("sent", "confirmed")
"""States of a report that has left the room: it is not taken back, only corrected by a later one."""


async def ask_to_sign(tx: Tx, now: datetime, i: Incident, report: Report) -> list[str]:
    """Ask the leaders to sign and return their names; they are reminded until one does."""
    due = now + tx.rules.report.sign_remind
    await set_deadline(tx, "sign", f"R{report.id}", "due", due, Priority.CLOCK)
    return await report_ladder.ask(tx, now, i, report)


async def deliver(tx: Tx, who: Actor, now: datetime, i: Incident, report: Report) -> None:
    """Put the report before the superior; the written lane is met by its first delivery."""
    await incident.change_report(tx, report.id, state="sent", sent_at=now)
    for superior in await duty.superiors(tx):
        await promise(tx, now, f"R{report.id}", say.ToSuperior, person=superior.id)
    await report_clock.end(tx, i, now, "written", who.id)
    await prints.due(tx, now + prints.FOLLOWS, f"R{report.id}")
    due = now + tx.rules.report.confirm_remind
    await set_deadline(tx, "confirm", f"R{report.id}", "due", due, Priority.CLOCK)


async def deliver_waiting(tx: Tx, who: Actor, now: datetime, i: Incident) -> None:
    """An incident became urgent: what waits for a signature goes up at once, in its order, and is signed after."""
    for report in await incident.reports_of(tx, i.id):
        if report.state == "to_sign":
            await deliver(tx, who, now, i, report)
            await _shown(tx, now, i, report)
            await log.append(tx, now, who.id, "report.ahead", i.number, report.raw, stage=report.stage)


async def sign_newest(
    tx: Tx, who: Actor, now: datetime, number: int, stage: str = ""
) -> Notice | list[Notice]:
    """Sign every report of an incident that waits for it; `stage`: only those, where one of that stage waits."""
    if refused := refuse(who, "签发", Role.LEADER):
        return refused
    waiting = [r for r in await incident.reports_of(tx, number) if _unsigned(r)]
    named = [r for r in waiting if r.stage == stage]
    answers = [await sign(tx, who, now, r.id) for r in named or waiting]
    return answers or await _not_waiting(tx, number)


def _unsigned(r: Report) -> bool:
    return r.signed_at is None and r.state in ("to_sign", *UP)


async def _not_waiting(tx: Tx, number: int) -> Notice:
    """Nothing waits: say who signed the newest, if anybody did."""
    signed = [r for r in await incident.reports_of(tx, number) if r.signed_by and r.signed_at]
    if not signed:
        return say.NothingToSign(number=f"E{number}")
    newest = max(signed, key=lambda r: r.signed_at or r.created_at)
    by = await people.by_id(tx, newest.signed_by or 0)
    return say.AlreadySigned(number=f"E{number}", by=by.name if by else "", at=newest.signed_at)


async def sign(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """The leader signs what was submitted, word for word: a report that waited goes up now."""
    if refused := refuse(who, "签发", Role.LEADER):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return base.StaleButton()
    if not _unsigned(report):
        return await _not_waiting(tx, i.id)
    await incident.change_report(tx, report.id, signed_by=who.id, signed_at=now)
    if report.state == "to_sign":
        await deliver(tx, who, now, i, report)
    else:
        await prints.due(tx, now + prints.FOLLOWS, f"R{report.id}")
    await clear_deadlines(tx, now, "sign", f"R{report.id}")
    order = order_of(await incident.reports_of(tx, i.id), report)
    notice = say.SignedForOfficer(
        number=i.number, stage=report.stage, order=order, leader=who.name, at=now, drill=i.drill
    )
    await _tell_officers(tx, now, i, notice)
    await _shown(tx, now, i, report)
    await log.append(tx, now, who.id, "report.signed", i.number, stage=report.stage)
    return say.Signed(number=i.number, stage=report.stage, order=order, at=now, drill=i.drill)


async def _tell_officers(tx: Tx, now: datetime, i: Incident, notice: Notice, but: int = 0) -> None:
    for officer in await duty.officers_to_tell(tx, now):
        if officer.id != but:
            await outbox.say(tx, now, notice, person=officer.id, subject=i.number)


async def _shown(tx: Tx, now: datetime, i: Incident, report: Report) -> None:
    await card.touch(tx, now, i.number, [say.Card.card])
    await card.touch(tx, now, f"R{report.id}")


async def give_back(tx: Tx, who: Actor, now: datetime, number: int, reason: str) -> Notice:
    """The leader returns the waiting report of an incident with a reason; what went up stays."""
    if refused := refuse(who, "退回", Role.LEADER):
        return refused
    reports = await incident.reports_of(tx, number)
    waiting = [r for r in reports if r.state == "to_sign"]
    i = await incident.by_id(tx, number)
    if i is None or not waiting:
        up = any(r.state in UP for r in reports)
        return say.CannotReturn(number=f"E{number}") if up else say.NothingToSign(number=f"E{number}")
    if not reason.strip():
        await draft.keep(tx, now, who.id, REASON, i.number)
        return say.AskReason(number=i.number, drill=i.drill)
    report = waiting[-1]
    await incident.change_report(tx, report.id, state="returned", return_reason=reason)
    await clear_deadlines(tx, now, "sign", f"R{report.id}")
    if asked := await draft.newest(tx, who.id, REASON):
        await draft.use(tx, now, asked.id)
    notice = say.ReturnedForOfficer(
        number=i.number, leader=who.name, reason=reason, stage=report.stage, raw=report.raw, drill=i.drill
    )
    await _tell_officers(tx, now, i, notice)
    await _shown(tx, now, i, report)
    await log.append(tx, now, who.id, "report.returned", i.number, reason)
    return say.Returned(number=i.number, reason=reason, drill=i.drill)


async def ask_reason(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """退回 was pressed: ask for the reason."""
    report = await incident.report(tx, report_id)
    return await give_back(tx, who, now, report.incident_id, "") if report else base.StaleButton()


def asked_in(words: str) -> int | None:
    """Return of which event a message of the bot asks why its report goes back."""
    found = re.match(r"请写退回原因.*?E(\d{1,9})", words)
    return int(found[1]) if found else None


async def confirm_newest(tx: Tx, who: Actor, now: datetime, number: int, how: str) -> Notice:
    """The superior confirms every report of an incident that was sent."""
    sent = [r for r in await incident.reports_of(tx, number) if r.state == "sent"]
    answers = [await confirm(tx, who, now, r.id, how) for r in sent]
    return answers[-1] if answers else say.NothingToConfirm(number=f"E{number}")


async def confirm(tx: Tx, who: Actor, now: datetime, report_id: int, how: str) -> Notice:
    """A named person of the superior confirms receipt, by a press or in words."""
    if refused := refuse(who, "收到报告", Role.SUPERIOR):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return base.StaleButton()
    if report.state != "sent":
        return say.NothingToConfirm(number=i.number, drill=i.drill)
    await _receive(tx, who, now, i, report, who.name, how)
    return say.Confirmed(number=i.number, by=who.name, at=now, phone=False, drill=i.drill)


async def confirmed_by_phone(tx: Tx, who: Actor, now: datetime, number: int, name: str) -> Notice:
    """The officer called: a named person above has every report of the incident that was sent."""
    if refused := refuse(who, "上级已收到", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    sent = [r for r in await incident.reports_of(tx, number) if r.state == "sent"]
    if i is None or not sent:
        return say.NothingToConfirm(number=f"E{number}")
    if not name:
        return say.AskReceiver(number=i.number, drill=i.drill)
    for report in sent:
        await _receive(tx, who, now, i, report, name, "phone")
    return say.Confirmed(number=i.number, by=name, at=now, phone=True, drill=i.drill)


async def _receive(
    tx: Tx, who: Actor, now: datetime, i: Incident, report: Report, name: str, how: str
) -> None:
    """Record who above has a report; whoever has a later one is not asked for the earlier ones any more."""
    await incident.change_report(
        tx,
        report.id,
        state="confirmed",
        confirmed_by=who.id,
        confirmed_at=now,
        receipt=name,
        receipt_how=how,
    )
    reports = await incident.reports_of(tx, i.id)
    settled = [f"R{r.id}" for r in reports if r.seq <= report.seq]
    await clear_subjects(tx, now, "confirm", settled)
    order = order_of(reports, report)
    notice = say.ConfirmedForOfficer(
        number=i.number, stage=report.stage, order=order, by=name, at=now, drill=i.drill
    )
    await _tell_officers(tx, now, i, notice, but=who.id)
    await _shown(tx, now, i, report)
    await log.append(tx, now, who.id, "report.confirmed", i.number, name, how=how)


async def unsigned(tx: Tx, who: Actor) -> list[int]:
    """Return the incidents with a report that waits for this leader's signature."""
    return await incident.with_reports(tx, signed=False) if who.has(Role.LEADER) else []


async def unconfirmed(tx: Tx, who: Actor) -> list[int]:
    """Return the incidents with a sent report that waits for this superior's receipt."""
    return await incident.with_reports(tx, signed=None) if who.has(Role.SUPERIOR) else []

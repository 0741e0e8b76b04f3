"""The written lane: draft → signed or returned → sent → received by name. Direct reports go first, are signed after."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from actions import duty, report_clock
from actions.authority import refuse
from actions.incident import target
from actions.incident_views import draft as draft_view
from actions.incident_views import flash_now, order_of
from actions.view import Asked, promise
from domain.actor import Actor
from domain.followup_text import FollowupReading, read_followup
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from storage import card, draft, incident, log, outbox
from storage.database import Tx
from storage.deadline import clear_deadlines, set_deadline
from storage.incident import Incident, Report


async def follow_up(tx: Tx, who: Actor, now: datetime, text: str, stage: str) -> list[Notice]:
    """Read a follow-up or final report and show it before it is sent; only what changed is said."""
    word = "终报" if stage == "final" else "续报"
    if refused := refuse(who, word, Role.OFFICER, Role.DEPUTY):
        return [refused]
    found = await target(tx, who, now, word, text)
    if isinstance(found, Notice):
        return [found]
    i, words = found
    if i.state == "closed" and not await _final_returned(tx, i):
        return [say.Closed(number=i.number, at=i.closed_at)]
    if not words.strip():
        return [base.WrongForm(why=f"{word}没有内容", example=f"{word} {i.number} 明火已灭，1人受伤送医")]
    reading = read_followup(words, now, tx.zone)
    if lowered := await _lowered(tx, i, reading):
        kept = await draft.keep(tx, now, who.id, word, words)
        return [say.Lowered(number=i.number, what=lowered, draft=kept, word=word)]
    key = await incident.add_report(tx, now, i.id, stage, words, followup_json(reading), "draft", who.id)
    await log.append(tx, now, who.id, f"report.{stage}", i.number, words)
    shown = await draft_view(tx, Asked(f"R{key}", who.id, {}, now))
    return [shown] if shown else []


def followup_json(reading: FollowupReading) -> dict[str, Any]:
    """Return what a follow-up says, as kept with the report: its stated number, its figures, its doubts."""
    return {
        "number": reading.sequence,
        "figures": {name: asdict(figure) for name, figure in reading.figures.items() if figure is not None},
        "doubts": list(reading.doubts),
        "correction": reading.correction,
        "status": list(reading.status),
    }


async def _lowered(tx: Tx, i: Incident, reading: FollowupReading) -> str:
    """Return which casualties are fewer than reported before, without the words of a correction (P5)."""
    if reading.correction:
        return ""
    newest = {f.name: f for f in await incident.figures_of(tx, i.id)}
    found = []
    for name, label in (("deaths", "死亡"), ("injured", "受伤")):
        old, new = newest.get(name), reading.figures.get(name)
        if old and new and old.value is not None and new.value is not None and new.value < old.value:
            found.append(f"{label}由{old.text or old.value}减为{new.text or new.value}")
    return "、".join(found)


async def _final_returned(tx: Tx, i: Incident) -> bool:
    reports = await incident.reports_of(tx, i.id)
    return bool(reports) and reports[-1].stage == "final" and reports[-1].state == "returned"


async def send_newest(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Send the newest unsent report of an incident."""
    if refused := refuse(who, "发送", Role.OFFICER, Role.DEPUTY):
        return refused
    reports = await incident.reports_of(tx, number)
    drafts = [r for r in reports if r.state == "draft"]
    if not reports:
        return base.NotFound(number=f"E{number}", example="事件")
    return await send(tx, who, now, drafts[-1].id) if drafts else say.AlreadySent(number=f"E{number}")


async def send(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """Send a report: a direct one goes up at once and is signed after, any other goes to the leader first."""
    if refused := refuse(who, "发送", Role.OFFICER, Role.DEPUTY):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return base.StaleButton()
    if report.state != "draft":
        return say.AlreadySent(number=i.number)
    if i.state != "open" and not (i.state == "closed" and report.stage == "final"):
        return say.Closed(number=i.number, at=i.closed_at)
    await _count_figures(tx, who, now, report)
    await _set_aside_earlier(tx, report)
    await _freeze(tx, now, i, report)
    if i.urgent:
        await _deliver(tx, who, now, i, report)
    else:
        await incident.change_report(tx, report.id, state="to_sign")
    leaders = await _ask_to_sign(tx, now, report)
    closed = await _after_sending(tx, who, now, i, report)
    await card.touch(tx, now, i.number, [say.Card.card])
    await card.touch(tx, now, f"R{report.id}")
    await log.append(tx, now, who.id, "report.submitted", i.number, report.raw, stage=report.stage)
    return say.Sent(
        number=i.number,
        stage=report.stage,
        order=order_of(await incident.reports_of(tx, i.id), report),
        at=now,
        direct=i.urgent,
        leader="、".join(leaders) or "带班领导",
        superior=tx.rules.room.superior,
        closed=closed,
    )


async def _freeze(tx: Tx, now: datetime, i: Incident, report: Report) -> None:
    """What is submitted stands: the text as it is now, and the issue number."""
    content = (await flash_now(tx, i, report)).model_dump(mode="json")
    await incident.freeze_report(tx, report, now.astimezone(tx.zone).year, content)


async def _set_aside_earlier(tx: Tx, report: Report) -> None:
    """A first report that was written anew before it was sent cannot be sent afterwards."""
    if report.stage != "first":
        return
    for other in await incident.reports_of(tx, report.incident_id):
        if other.stage == "first" and other.state == "draft" and other.id != report.id:
            await incident.change_report(tx, other.id, state="returned", return_reason="")


async def _count_figures(tx: Tx, who: Actor, now: datetime, report: Report) -> None:
    """A follow-up's figures are given by whoever sends it; the first report's were kept at receipt."""
    if report.stage == "first":
        return
    for name, figure in (report.reading.get("figures") or {}).items():
        if figure:
            await incident.add_figure(tx, now, report.id, who.id, name, figure)


async def _ask_to_sign(tx: Tx, now: datetime, report: Report) -> list[str]:
    leaders = await duty.leaders_to_tell(tx, now)
    for leader in leaders:
        await promise(tx, now, f"R{report.id}", say.Sign, person=leader.id)
    due = now + tx.rules.report.sign_remind
    await set_deadline(tx, "sign", f"R{report.id}", "due", due, Priority.CLOCK)
    return [leader.name for leader in leaders]


async def _after_sending(tx: Tx, who: Actor, now: datetime, i: Incident, report: Report) -> bool:
    """A final report closes the incident; any other sets the next follow-up. Return whether it closed."""
    if report.stage != "final":
        await report_clock.followup_from(tx, i, now)
        return False
    await incident.move(tx, i.id, ("open",), "closed", closed_at=now)
    for left in await incident.reports_of(tx, i.id):
        if left.state == "draft" and left.id != report.id:
            await incident.change_report(tx, left.id, state="returned", return_reason="")
            await card.touch(tx, now, f"R{left.id}")
    await clear_deadlines(tx, now, "followup", i.number)
    await log.append(tx, now, who.id, "incident.closed", i.number)
    return True


async def _deliver(tx: Tx, who: Actor, now: datetime, i: Incident, report: Report) -> None:
    """Put the report before the superior; the written lane is met by its first delivery."""
    await incident.change_report(tx, report.id, state="sent", sent_at=now)
    for superior in await duty.superiors(tx):
        await promise(tx, now, f"R{report.id}", say.ToSuperior, person=superior.id)
    await report_clock.end(tx, i, now, "written", who.id)
    due = now + tx.rules.report.confirm_remind
    await set_deadline(tx, "confirm", f"R{report.id}", "due", due, Priority.CLOCK)


async def drop(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """Put an unsent follow-up away; its number stays used, so that none is missing unnoticed."""
    if refused := refuse(who, "取消", Role.OFFICER, Role.DEPUTY):
        return refused
    report = await incident.report(tx, report_id)
    if report is None or report.state != "draft":
        return base.StaleButton()
    await incident.change_report(tx, report.id, state="returned", return_reason="")
    await card.touch(tx, now, f"R{report.id}")
    await log.append(tx, now, who.id, "report.dropped", f"E{report.incident_id}", report.raw)
    return base.Done()


async def phoned(tx: Tx, who: Actor, now: datetime, number: int, to: str = "") -> Notice:
    """Record the phone report: to whom and when; it needs nobody's approval."""
    if refused := refuse(who, "已电话报告", Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return refused
    i = await incident.by_id(tx, number)
    clock = (await incident.clocks(tx, number)).get("phone")
    if i is None or clock is None:
        return base.NotFound(number=f"E{number}", example="已电话报告 E7 张科长")
    name = to or tx.rules.room.superior
    if clock.outcome is not None:
        if to and clock.outcome in ("met", "late"):
            await incident.note_clock(tx, i.id, "phone", to)
            await log.append(tx, now, who.id, "report.phone_name", i.number, to)
            await card.touch(tx, now, i.number, [say.Card.card])
        return say.AlreadyPhoned(
            number=i.number, at=clock.ended_at or now, to=to or clock.note, added=bool(to)
        )
    late = await report_clock.end(tx, i, now, "phone", who.id, name)
    await log.append(tx, now, who.id, "report.phoned", i.number, name, late=late)
    await card.touch(tx, now, i.number, [say.Card.card])
    return say.PhoneReported(number=i.number, to=name, at=now, late_minutes=late, named=bool(to))


async def no_change(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Record 无变化 as a follow-up."""
    if refused := refuse(who, "无变化", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    if i is None:
        return base.NotFound(number=f"E{number}", example="无变化 E7")
    if i.state != "open":
        return say.Closed(number=i.number, at=i.closed_at)
    await log.append(tx, now, who.id, "followup.no_change", i.number)
    due = await report_clock.followup_from(tx, i, now)
    await card.touch(tx, now, i.number, [say.Card.card])
    return say.NoChange(number=i.number, at=now, next_at=due)


async def sign_newest(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Sign every report of an incident that waits for it."""
    waiting = [r for r in await incident.reports_of(tx, number) if _unsigned(r)]
    answers = [await sign(tx, who, now, r.id) for r in waiting]
    return answers[-1] if answers else say.NothingToSign(number=f"E{number}")


def _unsigned(r: Report) -> bool:
    return r.signed_at is None and r.state in ("to_sign", "sent", "confirmed")


async def sign(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """The leader signs: a report that waited goes up now."""
    if refused := refuse(who, "签发", Role.LEADER):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return base.StaleButton()
    if not _unsigned(report):
        return say.NothingToSign(number=i.number)
    await incident.change_report(tx, report.id, signed_by=who.id, signed_at=now)
    if report.state == "to_sign":
        await _deliver(tx, who, now, i, report)
    await clear_deadlines(tx, now, "sign", f"R{report.id}")
    order = order_of(await incident.reports_of(tx, i.id), report)
    notice = say.SignedForOfficer(number=i.number, stage=report.stage, order=order, leader=who.name, at=now)
    await _tell_officers(tx, now, i, notice)
    await _shown(tx, now, i, report)
    await log.append(tx, now, who.id, "report.signed", i.number, stage=report.stage)
    return say.Signed(number=i.number, stage=report.stage, order=order, at=now)


async def _tell_officers(tx: Tx, now: datetime, i: Incident, notice: Notice) -> None:
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say(tx, now, notice, person=officer.id, subject=i.number)


async def _shown(tx: Tx, now: datetime, i: Incident, report: Report) -> None:
    await card.touch(tx, now, i.number, [say.Card.card])
    await card.touch(tx, now, f"R{report.id}")


async def give_back(tx: Tx, who: Actor, now: datetime, number: int, reason: str) -> Notice:
    """The leader returns the waiting report of an incident with a reason."""
    if refused := refuse(who, "退回", Role.LEADER):
        return refused
    waiting = [r for r in await incident.reports_of(tx, number) if r.state == "to_sign"]
    i = await incident.by_id(tx, number)
    if i is None or not waiting:
        return say.NothingToSign(number=f"E{number}")
    if not reason.strip():
        return say.AskReason(number=i.number)
    report = waiting[-1]
    await incident.change_report(tx, report.id, state="returned", return_reason=reason)
    await clear_deadlines(tx, now, "sign", f"R{report.id}")
    notice = say.ReturnedForOfficer(
        number=i.number, leader=who.name, reason=reason, stage=report.stage, raw=report.raw
    )
    await _tell_officers(tx, now, i, notice)
    await _shown(tx, now, i, report)
    await log.append(tx, now, who.id, "report.returned", i.number, reason)
    return say.Returned(number=i.number, reason=reason)


async def ask_reason(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """退回 was pressed: ask for the reason."""
    report = await incident.report(tx, report_id)
    return await give_back(tx, who, now, report.incident_id, "") if report else base.StaleButton()


async def confirm_newest(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """The superior confirms every report of an incident that was sent."""
    sent = [r for r in await incident.reports_of(tx, number) if r.state == "sent"]
    answers = [await confirm(tx, who, now, r.id) for r in sent]
    return answers[-1] if answers else say.NothingToConfirm(number=f"E{number}")


async def confirm(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """A named person of the superior confirms receipt."""
    if refused := refuse(who, "收到报告", Role.SUPERIOR):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return base.StaleButton()
    if report.state != "sent":
        return say.NothingToConfirm(number=i.number)
    await incident.change_report(tx, report.id, state="confirmed", confirmed_by=who.id, confirmed_at=now)
    await clear_deadlines(tx, now, "confirm", f"R{report.id}")
    order = order_of(await incident.reports_of(tx, i.id), report)
    notice = say.ConfirmedForOfficer(number=i.number, stage=report.stage, order=order, by=who.name, at=now)
    await _tell_officers(tx, now, i, notice)
    await _shown(tx, now, i, report)
    await log.append(tx, now, who.id, "report.confirmed", i.number, who.name)
    return say.Confirmed(number=i.number, by=who.name, at=now)


async def unsigned(tx: Tx, who: Actor) -> list[int]:
    """Return the incidents with a report that waits for this leader's signature."""
    return await incident.with_reports(tx, signed=False) if who.has(Role.LEADER) else []


async def unconfirmed(tx: Tx, who: Actor) -> list[int]:
    """Return the incidents with a sent report that waits for this superior's receipt."""
    return await incident.with_reports(tx, signed=None) if who.has(Role.SUPERIOR) else []

"""The clocks of a report: two lanes from receipt, follow-ups, signature, receipt above (product.md §7)."""

import re
from datetime import datetime, timedelta

from actions import duty, report_ladder
from actions.deadline import step
from actions.duty import Responsible
from actions.incident_views import order_of
from actions.view import promise
from domain.notice import Priority
from domain.notices import incident as say
from storage import card, incident, log, outbox
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, set_deadline
from storage.incident import Incident

PATIENCE = 3
"""After so many reminders the next person hears it, and the pace becomes hourly."""
WORD_WAITS = timedelta(minutes=5)
"""A reporter's word nobody has taken up is told to the leader after this time."""


async def start(tx: Tx, i: Incident, now: datetime) -> None:
    """Start both lanes from receipt, with their reminders; what already lies behind is not reminded of."""
    rules = tx.rules.report
    lanes = rules.urgent if i.urgent else rules.general
    for lane, length in (("phone", lanes.phone), ("written", lanes.written)):
        due = i.received_at + length
        await incident.start_clock(tx, i.id, lane, i.received_at, due)
        for before in rules.remind:
            if due - before > now or not before:
                step_name = f"{lane}-{int(before.total_seconds())}"
                await set_deadline(tx, "report", i.number, step_name, due - before, Priority.CLOCK)
        deputy_at = due + rules.tell_deputy_after
        await set_deadline(tx, "report", i.number, f"{lane}+deputy", deputy_at, Priority.CLOCK)


async def end(tx: Tx, i: Incident, now: datetime, lane: str, by: int, note: str = "") -> int | None:
    """End a lane as met or late; return the minutes of lateness."""
    clock = (await incident.clocks(tx, i.id)).get(lane)
    if clock is None or clock.outcome is not None:
        return None
    late = now - clock.due_at
    over = late > timedelta()
    await incident.end_clock(tx, now, i.id, lane, by, "late" if over else "met", note)
    steps = [f"{lane}-{int(b.total_seconds())}" for b in tx.rules.report.remind]
    await clear_deadlines(tx, now, "report", i.number, [*steps, f"{lane}+deputy"])
    return max(1, round(late.total_seconds() / 60)) if over else None


async def followup_from(tx: Tx, i: Incident, now: datetime) -> datetime:
    """Count the next follow-up from now and return when it is due."""
    due = now + tx.rules.report.followup_every
    await set_deadline(tx, "followup", i.number, "due", due, Priority.CLOCK)
    return due


async def stop_all(tx: Tx, i: Incident, now: datetime, by: int) -> None:
    """The incident is over: what still runs is not required."""
    for lane in ("phone", "written"):
        await incident.end_clock(tx, now, i.id, lane, by, "not_required", "")
    await clear_deadlines(tx, now, "report", i.number)
    await clear_deadlines(tx, now, "followup", i.number)


@step("report")
async def remind(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Remind of a lane that runs out; at its end tell the leader, later the deputy and admin."""
    i = await incident.by_id(tx, int(deadline.subject[1:]))
    lane = "phone" if deadline.step.startswith("phone") else "written"
    clock = (await incident.clocks(tx, i.id)).get(lane) if i else None
    if i is None or clock is None or clock.outcome is not None:
        return
    over = clock.due_at <= now
    if over and re.search(r"-[1-9]\d*$", deadline.step):
        return  # caught up after an absence: what stands at the end of the lane says it once
    above = deadline.step.endswith("+deputy")
    readers: list[tuple[Responsible, bool]] = []
    if above:
        readers += [(p, True) for p in await duty.deputies_and_admins(tx, now)]
    else:
        readers += [(p, False) for p in await duty.officers_to_tell(tx, now)]
        readers += [(p, True) for p in await duty.leaders_to_tell(tx, now)] if over else []
    left = clock.due_at - now
    for person, leader in readers:
        notice = say.ClockReminder(
            number=i.number,
            title=i.title,
            lane=lane,
            due_at=clock.due_at,
            left_minutes=0 if over else max(1, round(left.total_seconds() / 60)),
            age_minutes=int((now - i.received_at).total_seconds() // 60),
            late_minutes=deadline.late_minutes,
            leader=leader,
        )
        await outbox.say(tx, now, notice, person=person.id, subject=i.number)
    await log.append(tx, now, None, f"report.{deadline.step}", i.number, late=deadline.late_minutes)
    await card.touch(tx, now, i.number, [say.Card.card])


@step("followup")
async def followup_due(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Ask the officer for a follow-up, and again at the same pace until one comes."""
    i = await incident.by_id(tx, int(deadline.subject[1:]))
    if i is None or i.state != "open":
        return
    notice = say.FollowupDue(number=i.number, title=i.title, late_minutes=deadline.late_minutes)
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say(tx, now, notice, person=officer.id, subject=i.number)
    await log.append(tx, now, None, "followup.due", i.number, late=deadline.late_minutes)
    await followup_from(tx, i, now)


async def _again(tx: Tx, deadline: Deadline, now: datetime, pace: timedelta) -> int:
    """Set the next reminder: at its pace three times, then hourly; return which reminder this one is."""
    count = int(deadline.step.removeprefix("due") or 1)
    wait = pace if count < PATIENCE else max(pace, timedelta(hours=1))
    await set_deadline(tx, deadline.kind, deadline.subject, f"due{count + 1}", now + wait, Priority.CLOCK)
    return count


@step("sign")
async def sign_waits(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Still unsigned: remind the leader, each time a further one; the third time deputy and admin hear it too."""
    report = await incident.report(tx, int(deadline.subject[1:]))
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None or report.signed_at is not None or report.state == "returned":
        return
    count = await _again(tx, deadline, now, tx.rules.report.sign_remind)
    await report_ladder.ask_again(tx, now, i, report, count, str(deadline.id))
    if count == PATIENCE:
        notice = say.Unsigned(number=i.number, title=i.title, minutes=_minutes(now - report.created_at))
        for person in await duty.deputies_and_admins(tx, now):
            await outbox.say(tx, now, notice, person=person.id, subject=i.number)
    await log.append(tx, now, None, "sign.reminded", i.number, late=deadline.late_minutes)


@step("confirm")
async def receipt_waits(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """The superior has not confirmed: the officer is told to call; the third time the leader hears it too."""
    report = await incident.report(tx, int(deadline.subject[1:]))
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None or report.confirmed_at is not None:
        return
    count = await _again(tx, deadline, now, tx.rules.report.confirm_remind)
    notice = say.ConfirmReminder(
        number=i.number,
        stage=report.stage,
        order=order_of(await incident.reports_of(tx, i.id), report),
        superior=tx.rules.room.superior,
        late_minutes=deadline.late_minutes,
    )
    readers = [*await duty.officers_to_tell(tx, now)]
    readers += await duty.leaders_to_tell(tx, now) if count == PATIENCE else []
    for person in dict.fromkeys(readers):
        await outbox.say(tx, now, notice, person=person.id, subject=i.number)
    await card.touch(tx, now, i.number, [say.Card.card])
    await log.append(tx, now, None, "confirm.reminded", i.number, late=deadline.late_minutes)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


@step("word")
async def word_waits(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Nobody has taken up a reporter's word: leader and officer hear it, from the third time deputy and admin too."""
    i = await incident.by_id(tx, int(deadline.subject[1:]))
    if i is None or i.state != "offered":
        return
    count = await _again(tx, deadline, now, WORD_WAITS)
    readers = [*await duty.leaders_to_tell(tx, now)]
    readers += await duty.officers_to_tell(tx, now) if count > 1 else []
    readers += await duty.deputies_and_admins(tx, now) if count == PATIENCE else []
    for person in dict.fromkeys(readers):
        await promise(
            tx,
            now,
            i.number,
            say.Word,
            person=person.id,
            late_minutes=deadline.late_minutes,
            again=f":{count}",
        )
    await log.append(tx, now, None, "word.escalated", i.number, late=deadline.late_minutes)

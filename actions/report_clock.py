"""The clocks of a report: two lanes from receipt, follow-ups, signature, receipt above (product.md §7)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from actions import duty, report_ladder
from actions.deadline import step
from actions.duty import Responsible
from actions.incident_views import order_of
from actions.view import Asked, promise, view
from domain.notice import Priority
from domain.notices import incident as say
from domain.report_profile import lanes, next_followup
from storage import card, incident, log, outbox
from storage import report_clock as clocks
from storage.database import Tx
from storage.deadline import Deadline, Due, clear_deadlines, open_of, set_deadline, write_deadlines
from storage.incident import Incident, Report
from storage.report_clock import Clock

PATIENCE = 3
"""After so many reminders the next person hears it, and the pace becomes hourly."""
WORD_WAITS = timedelta(minutes=5)
"""A reporter's word nobody has taken up is told to the leader after this time."""
TOGETHER = timedelta(minutes=1)
"""Receipts that would be asked for within this time of each other are asked for in one message."""
STILL = timedelta(hours=1)
"""A report that is owed after everybody was told is reminded of at this pace until it ends."""


async def start(tx: Tx, i: Incident, now: datetime) -> None:
    """Start every lane from receipt, with its reminders; what already lies behind is not reminded of."""
    for lane in lanes(i.category, i.grade, urgent=i.urgent, rules=tx.rules.report):
        await start_turn(tx, i, now, lane.name, lane.receiver, i.received_at, i.received_at + lane.length)


async def start_turn(
    tx: Tx, i: Incident, now: datetime, lane: str, receiver: str, started_at: datetime, due_at: datetime
) -> None:
    """Start the next turn of one lane to one receiver."""
    key = await clocks.start(tx, i.id, lane, receiver, started_at, due_at)
    rules = tx.rules.report
    steps = {
        f"{lane}-{int(before.total_seconds())}@{key}": due_at - before
        for before in rules.remind
        if due_at - before > now or not before
    }
    steps[f"{lane}+deputy@{key}"] = due_at + rules.tell_deputy_after
    dues = [Due("report", i.number, name, at, Priority.CLOCK) for name, at in steps.items()]
    await write_deadlines(tx, dues, fresh=True)


async def fit(tx: Tx, i: Incident, now: datetime, by: int, why: str, *, again: bool) -> None:
    """Fit the clocks to what the incident is now: a lane that was not owed before starts at this moment.

    `again`: it became graver - it is to be phoned again, and no lane may take longer than it now may. A running clock
    stays where its time is the shorter one: a rise gives nobody more time and hides no lateness.
    """
    newest = {(c.lane, c.receiver): c for c in await clocks.of_incident(tx, i.id)}
    for lane in lanes(i.category, i.grade, urgent=i.urgent, rules=tx.rules.report):
        old, due = newest.get((lane.name, lane.receiver)), now + lane.length
        if old is None:
            await start_turn(tx, i, now, lane.name, lane.receiver, now, due)
        elif again and old.runs and due < old.due_at:
            await close(tx, i, now, old, "not_required", by, why)
            await start_turn(tx, i, now, lane.name, lane.receiver, now, due)
        elif again and not old.runs and lane.name == "phone":
            await start_turn(tx, i, now, lane.name, lane.receiver, now, due)


async def end(
    tx: Tx, i: Incident, now: datetime, lane: str, by: int, note: str = "", receiver: str = ""
) -> int | None:
    """End a lane as met or late; return the minutes of lateness."""
    clock = await clocks.newest(tx, i.id, lane, receiver)
    if clock is None or not clock.runs:
        return None
    late = now - clock.due_at
    over = late > timedelta()
    await close(tx, i, now, clock, "late" if over else "met", by, note)
    return max(1, round(late.total_seconds() / 60)) if over else None


async def receiver_in(tx: Tx, incident_id: int, lane: str, words: str) -> tuple[str, str]:
    """Return the receiver of a lane whose name the words begin with ("" for the duty room above), and the rest."""
    known = {c.receiver for c in await clocks.of_incident(tx, incident_id) if c.lane == lane and c.receiver}
    for name in sorted(known, key=len, reverse=True):
        if words.startswith(name):
            return name, words.removeprefix(name).strip()
    return "", words.removeprefix(tx.rules.room.superior).strip()


async def close(tx: Tx, i: Incident, now: datetime, clock: Clock, outcome: str, by: int, note: str) -> None:
    """End one clock, and its reminders with it."""
    await clocks.end(tx, now, clock.id, by, outcome, note)
    steps = await open_of(tx, "report", i.number)
    await clear_deadlines(tx, now, "report", i.number, [name for name in steps if _is_of(name, clock)])


def _is_of(name: str, clock: Clock) -> bool:
    """Return True if a step belongs to a clock; one without a key was set before there were receivers."""
    lane, _, key = name.partition("@")
    return key == str(clock.id) if key else lane.startswith(clock.lane) and not clock.receiver


async def followup_from(tx: Tx, i: Incident, now: datetime) -> datetime:
    """Count the next follow-up from now, by the pace of the incident's phase, and return when it is due."""
    due = next_followup(i.phase, now, tx.zone, tx.rules.report)
    await clear_deadlines(tx, now, "followup", i.number)
    await set_deadline(tx, "followup", i.number, "due", due, Priority.CLOCK)
    return due


async def stop_all(tx: Tx, i: Incident, now: datetime, by: int, note: str = "") -> None:
    """The incident is put away: what still runs is not required."""
    for clock in await clocks.of_incident(tx, i.id):
        await clocks.end(tx, now, clock.id, by, "not_required", note)
    await clear_deadlines(tx, now, "report", i.number)
    await clear_deadlines(tx, now, "followup", i.number)


@step("report")
async def remind(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Remind of a lane that runs out; at its end tell the leader, later the deputy and admin, then hourly."""
    i = await incident.by_id(tx, int(deadline.subject[1:]))
    clock = await _clock_of(tx, i, deadline.step) if i else None
    if i is None or clock is None or not clock.runs:
        return
    name, over = deadline.step.partition("@")[0], clock.due_at <= now
    if _said_by_a_later(name, clock, now, tx.rules.report.remind):
        return
    own = clock.lane == "written" and not clock.receiver
    to_sign = own and any(r.state == "to_sign" for r in await incident.reports_of(tx, i.id))
    for person, leader in await _readers(tx, now, name, over=over):
        waited = await _overrun_waiting(tx, now, i, person.id, leader=leader) if over else []
        notice = say.ClockReminder(
            number=i.number,
            title=i.title,
            drill=i.drill,
            lane=clock.lane,
            receiver=clock.receiver,
            due_at=clock.due_at,
            received_at=i.received_at,
            late_minutes=max(filter(None, [deadline.late_minutes, *waited]), default=None),
            leader=leader,
            to_sign=to_sign,
        )
        same = ("lane", "receiver", "leader")
        await outbox.say_newest(tx, now, notice, person=person.id, subject=i.number, same=same)
    if "+" in name:
        await set_deadline(
            tx, "report", i.number, f"{clock.lane}+still@{clock.id}", now + STILL, Priority.CLOCK
        )
    await log.append(
        tx, now, None, f"report.{name}", i.number, clock.receiver, late=deadline.late_minutes, turn=clock.turn
    )
    await card.touch(tx, now, i.number, [say.Card.card])


async def _overrun_waiting(
    tx: Tx, now: datetime, i: Incident, person: int, *, leader: bool
) -> list[int | None]:
    """Drop what waits to tell this reader of clocks that have run out: one message names them all. Return how late."""

    def covered(older: Mapping[str, Any]) -> bool:
        return older["leader"] == leader and datetime.fromisoformat(older["due_at"]) <= now

    return [
        o["late_minutes"] for o in await outbox.supersede(tx, say.ClockReminder, i.number, person, covered)
    ]


@view(say.ClockReminder)
async def clock_reminder(tx: Tx, asked: Asked) -> say.ClockReminder | None:
    """Return a reminder, unless what it reminds of was done, or given more time, while it waited to be sent.

    One of a clock that has run out names every other that has; where its own was met meanwhile, it is of those.
    """
    said = say.ClockReminder.model_validate(asked.data)
    clock = await clocks.newest(tx, asked.number, said.lane, said.receiver)
    stands = clock is not None and clock.runs and clock.due_at <= said.due_at
    due = clock.due_at if clock is not None and stands else said.due_at
    if due > asked.now:
        return said.model_copy(update={"due_at": due}) if stands else None
    over = [c for c in await clocks.of_incident(tx, asked.number) if c.runs and c.due_at <= asked.now]
    over.sort(key=lambda c: clock is None or c.id != clock.id)
    if not over:
        return None
    own, *others = (say.Overrun(lane=c.lane, receiver=c.receiver, due_at=c.due_at) for c in over)
    to_sign = said.to_sign and own.lane == "written" and not own.receiver
    return said.model_copy(update={**dict(own), "others": tuple(others), "to_sign": to_sign})


async def _clock_of(tx: Tx, i: Incident, name: str) -> Clock | None:
    """Return the clock a step belongs to."""
    key = name.partition("@")[2]
    return (
        await clocks.by_id(tx, int(key)) if key else await clocks.newest(tx, i.id, re.split(r"\W", name)[0])
    )


def _said_by_a_later(name: str, clock: Clock, now: datetime, before: Iterable[timedelta]) -> bool:
    """Return True for a reminder caught up after an absence whose words a later one, due as well, says by itself."""
    found = re.fullmatch(r"[a-z]+-(\d+)", name)
    later = [b for b in before if found and b < timedelta(seconds=int(found[1]))]
    return any(clock.due_at - b <= now for b in later)


async def _readers(tx: Tx, now: datetime, name: str, *, over: bool) -> list[tuple[Responsible, bool]]:
    """Return who hears a reminder, and whether to urge others on."""
    if name.endswith("+deputy"):
        return [(person, True) for person in await duty.deputies_and_admins(tx, now)]
    leaders = await duty.leaders_to_tell(tx, now) if over else []
    return [*((p, False) for p in await duty.officers_to_tell(tx, now)), *((p, True) for p in leaders)]


@step("followup")
async def followup_due(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Ask the officer for a follow-up, and again at its pace until one comes; every third time the leader hears it."""
    i = await incident.by_id(tx, int(deadline.subject[1:]))
    if i is None or i.state != "open":
        return
    count = int(deadline.step.removeprefix("due") or 1)
    readers = [(officer, False) for officer in await duty.officers_to_tell(tx, now)]
    if count % PATIENCE == 0:
        readers += [(leader, True) for leader in await duty.leaders_to_tell(tx, now)]
    for person, leader in readers:
        notice = say.FollowupDue(
            number=i.number,
            title=i.title,
            drill=i.drill,
            late_minutes=deadline.late_minutes,
            times=count,
            leader=leader,
        )
        await outbox.say_newest(tx, now, notice, person=person.id, subject=i.number, same=("leader",))
    await log.append(tx, now, None, "followup.due", i.number, late=deadline.late_minutes, times=count)
    due = next_followup(i.phase, now, tx.zone, tx.rules.report)
    await set_deadline(tx, "followup", i.number, f"due{count + 1}", due, Priority.CLOCK)


@view(say.FollowupDue)
async def followup_reminder(tx: Tx, asked: Asked) -> say.FollowupDue | None:
    """Return a request for a follow-up, unless one came while it waited to be sent."""
    said = say.FollowupDue.model_validate(asked.data)
    return said if f"due{said.times + 1}" in await open_of(tx, "followup", said.number) else None


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
        await report_ladder.say_unsigned(tx, now, i, report)
    await log.append(tx, now, None, "sign.reminded", i.number, late=deadline.late_minutes)


@step("confirm")
async def receipt_waits(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """The superior has not confirmed: the officer is told to call; the third time the leader hears it too."""
    report = await incident.report(tx, int(deadline.subject[1:]))
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None or report.confirmed_at is not None:
        return
    count = await _again(tx, deadline, now, tx.rules.report.confirm_remind)
    reports = await incident.reports_of(tx, i.id)
    joined = await _asked_together(tx, deadline, now, [r for r in reports if r.id != report.id])
    notice = say.ConfirmReminder(
        number=i.number,
        stage=report.stage,
        order=order_of(reports, report),
        others=tuple((r.stage, order_of(reports, r)) for r, _ in joined),
        superior=tx.rules.room.superior,
        late_minutes=deadline.late_minutes,
        drill=i.drill,
    )
    readers = [*await duty.officers_to_tell(tx, now)]
    readers += await duty.leaders_to_tell(tx, now) if PATIENCE in (count, *(n for _, n in joined)) else []
    same = ("stage", "order")
    for person in dict.fromkeys(readers):
        await outbox.say_newest(tx, now, notice, person=person.id, subject=i.number, same=same)
    await card.touch(tx, now, i.number, [say.Card.card])
    await log.append(tx, now, None, "confirm.reminded", i.number, late=deadline.late_minutes)


async def _asked_together(
    tx: Tx, deadline: Deadline, now: datetime, reports: Sequence[Report]
) -> list[tuple[Report, int]]:
    """Ask at once of the reports that would be asked about within the minute; return which reminder each is of."""
    asked = []
    for report in reports:
        for name, at in (await open_of(tx, "confirm", f"R{report.id}")).items():
            if at <= now + TOGETHER:
                await clear_deadlines(tx, now, "confirm", f"R{report.id}")
                own = replace(deadline, subject=f"R{report.id}", step=name)
                asked.append((report, await _again(tx, own, now, tx.rules.report.confirm_remind)))
    return asked


@view(say.ConfirmReminder)
async def receipt_reminder(tx: Tx, asked: Asked) -> say.ConfirmReminder | None:
    """Return the request to call the superior, of those reports whose receipt did not come while it waited."""
    said = say.ConfirmReminder.model_validate(asked.data)
    waiting = []
    for stage, order in ((said.stage, said.order), *said.others):
        report = await report_ladder.report_named(tx, asked.number, stage, order)
        if report is not None and report.confirmed_at is None:
            waiting.append((stage, order))
    if not waiting:
        return None
    (stage, order), *others = waiting
    return said.model_copy(update={"stage": stage, "order": order, "others": tuple(others)})


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

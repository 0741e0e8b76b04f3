"""The ladder of a warning: one deadline per rung; each acts on whoever is still silent then (product.md §6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from actions import channel, duty
from actions.callout_views import SHOWN, head, silent_lines
from actions.deadline import step
from actions.view import promise
from config.rules import CalloutRules, Ladder
from domain.notice import Priority
from domain.notices import callout as say
from domain.roster import Post
from storage import bulletin, callout, card, log, outbox
from storage.bulletin import Bulletin
from storage.callout import Group
from storage.database import Tx
from storage.deadline import Deadline, set_deadline

EXPIRY = timedelta(hours=24)
"""Without an end time a warning is taken to run for a day (domain.md §3.6, [S87])."""
TICK = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=15)
"""How soon the reminder looks again for those the text had not reached yet."""
NAMED = 20
"""How many of the silent a log entry names in its words; its data hold all when the time is up."""
QUIET = ("tick", "expire")
"""Steps that are no rung: the log need not name the silent then."""


def ladder_of(rules: CalloutRules, b: Bulletin) -> Ladder:
    """Return the ladder of a colour; a cancel climbs like blue; an unknown colour climbs like red, to be safe."""
    if b.action == "cancel":
        return rules.blue
    by_colour = {"蓝": rules.blue, "黄": rules.yellow, "橙": rules.orange, "红": rules.red}
    return by_colour.get(b.colour or "", rules.red)


async def open_ladder(tx: Tx, now: datetime, b: Bulletin) -> None:
    """Write the rungs as deadlines from dispatch; the printed end of the warning, or a day, ends it."""
    ladder = ladder_of(tx.rules.callout, b)
    rungs = {
        "remind": ladder.remind,
        "tell_b": ladder.tell_b,
        "call_list": ladder.call_list,
        "tell_leader": ladder.tell_leader,
        "pass_on": tx.rules.callout.pass_on,
        "overdue": ladder.overdue,
        "tick": TICK,
    }
    for name, after in rungs.items():
        if after is not None:
            await set_deadline(tx, "callout", b.number, name, now + after, Priority.LADDER)
    printed = b.expires_at if b.expires_at and b.expires_at > now and b.action != "cancel" else None
    await set_deadline(tx, "callout", b.number, "expire", printed or now + EXPIRY, Priority.REMINDER)


@step("callout")
async def climb(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Act on one rung for whoever is silent at this moment."""
    b = await bulletin.by_id(tx, int(deadline.subject[1:]))
    if b is None or b.state != "live":
        return
    late = deadline.late_minutes
    if deadline.step not in QUIET:
        await _note(tx, now, b, deadline.step, late)
    await RUNGS[deadline.step](tx, now, b, late)
    await card.touch(tx, now, b.number, [say.Progress.card])


async def _note(tx: Tx, now: datetime, b: Bulletin, rung: str, late: int | None) -> None:
    """Write a rung into the log with the silent by name; all of them when the time is up."""
    silent = await callout.count_silent(tx, b.id)
    limit = None if rung == "overdue" else NAMED
    named = [f"{c.unit} {c.a_name}" for c in await callout.silent(tx, b.id, limit=limit)]
    more = " 等" if silent > NAMED else ""
    text = f"未应答 {silent} 个：{'、'.join(named[:NAMED])}{more}"
    await log.append(tx, now, None, f"callout.{rung}", b.number, text, late=late, silent=named)


async def _tick(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    """The minutes left on the live card count down by themselves until the time is up."""
    del late
    due = (b.dispatched_at or now) + tx.rules.callout.on_time
    if now + TICK <= due and await callout.count_silent(tx, b.id):
        await set_deadline(tx, "callout", b.number, "tick", now + TICK, Priority.REMINDER)


async def _remind(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    """Remind whom the text has reached; for whom it is still on its way the rung comes back."""
    await callout.tell(
        tx, now, b.id, say.Reminder.kind(), Priority.LADDER, Group.TO_REMIND, late_minutes=late
    )
    await callout.mark(tx, now, b.id, "reminded_at")
    await channel.urge(tx, now, b, late)
    due = (b.dispatched_at or now) + tx.rules.callout.on_time
    if now < due and await callout.awaiting_receipt(tx, b.id):
        await set_deadline(tx, "callout", b.number, "remind", now + LOOK_AGAIN, Priority.LADDER)


async def _tell_b(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    await callout.tell(
        tx,
        now,
        b.id,
        say.ToldB.kind(),
        Priority.LADDER,
        Group.SILENT_B,
        late_minutes=late,
        again=":rung",
    )
    await callout.mark(tx, now, b.id, "b_told_at")
    await channel.urge(tx, now, b, late, stand_ins=True)


async def _tell_leader(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    if not await callout.count_silent(tx, b.id):
        return  # nobody is silent: the leader need not know
    for leader in await duty.leaders_to_tell(tx, now):
        await promise(tx, now, b.number, say.LeaderAlarm, person=leader.id, late_minutes=late)


async def _pass_on(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    await callout.tell(
        tx, now, b.id, say.PassReminder.kind(), Priority.LADDER, Group.UNPASSED, late_minutes=late
    )


async def _call_list(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    if not await callout.mark(tx, now, b.id, "listed_at"):
        return
    await show_call_list(tx, now, b, late)
    await callout.tell(
        tx, now, b.id, say.ParentUnit.kind(), Priority.LADDER, Group.ABOVE_SILENT, late_minutes=late
    )


async def show_call_list(tx: Tx, now: datetime, b: Bulletin, late: int | None = None) -> None:
    """Put the call list before the officer and the deputies on duty, or bring it up to date."""
    callers = [*await duty.officers_to_tell(tx, now), *await duty.on_post(tx, now, Post.DEPUTY)]
    for person in dict.fromkeys(caller.id for caller in callers):
        await promise(tx, now, b.number, say.CallList, person=person, late_minutes=late)
    await card.touch(tx, now, b.number, [say.CallList.card])


async def _overdue(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    total = await callout.count_silent(tx, b.id)
    silent = await silent_lines(tx, await callout.silent(tx, b.id, limit=SHOWN))
    for officer in await duty.officers_to_tell(tx, now):
        notice = say.Overdue(
            head=head(b),
            silent=tuple(silent),
            more=total - len(silent),
            owner=officer.name,
            late_minutes=late,
        )
        await outbox.say(tx, now, notice, person=officer.id, subject=b.number)


async def _expire(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    """The time is over: an answered cancel is done; about a warning the officer is asked, and asked again a day on."""
    del late
    if b.action == "cancel" and not await callout.count_silent(tx, b.id):
        await bulletin.move(tx, b.id, "live", "ended", ended_at=now)
        return
    for officer in await duty.officers_to_tell(tx, now):
        notice = say.Expiring(head=head(b), expires_at=b.expires_at, dispatched_at=b.dispatched_at or now)
        await outbox.say(tx, now, notice, person=officer.id, subject=b.number)
    await set_deadline(tx, "callout", b.number, "expire", now + EXPIRY, Priority.REMINDER)


Rung = Callable[[Tx, datetime, Bulletin, int | None], Awaitable[None]]
RUNGS: dict[str, Rung] = {
    "tick": _tick,
    "remind": _remind,
    "tell_b": _tell_b,
    "call_list": _call_list,
    "tell_leader": _tell_leader,
    "pass_on": _pass_on,
    "overdue": _overdue,
    "expire": _expire,
}
"""What each step of a warning does; the last argument is its lateness in minutes."""


async def unreachable(tx: Tx, now: datetime, subject: str, person: int, why: str) -> None:
    """The verbatim text cannot reach this person: the B-role and the call list take over at once."""
    b = await bulletin.by_id(tx, int(subject[1:]))
    if b is None or b.state != "live":
        return
    for contact in await callout.undeliverable(tx, b.id, person, why):
        text = channel.FIRST if contact.a_id == person else channel.TO_B
        await channel.reach(tx, now, b, {person}, step=text)
        if contact.a_id == person and contact.b_id not in (None, person) and contact.b_told_at is None:
            await callout.stamp(tx, now, contact.id, "b_told_at")
            await promise(tx, now, b.number, say.ToldB, person=contact.b_id, again=f":K{contact.id}")
        await callout.stamp(tx, now, contact.id, "listed_at")
        name = contact.a_name if contact.a_id == person else f"B角 {contact.b_name}"
        await log.append(tx, now, None, "callout.undeliverable", b.number, f"{contact.unit} {name}：{why}")
    await show_call_list(tx, now, b)
    await card.touch(tx, now, b.number, [say.Progress.card])


async def left(tx: Tx, now: datetime, person: int, why: str) -> None:
    """A person is no longer there: whatever live warning waits for them goes to the B-role and the call list."""
    for number in await callout.owed_by(tx, person):
        await unreachable(tx, now, f"W{number}", person, why)


async def moved_in(tx: Tx, now: datetime, person: int) -> None:
    """A person has a new account: the live warnings they owe an answer to are sent there."""
    for number in await callout.owed_by(tx, person):
        again = f":{now:%y%m%d%H%M%S}"
        b = await bulletin.by_id(tx, number)
        if b is not None:
            await promise(tx, now, b.number, say.Order, person=person, again=again)

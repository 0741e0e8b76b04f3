"""The ladder of a warning: one deadline per rung; each acts on whoever is still silent then (product.md §6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from actions import channel, duty
from actions.bulletin_scope import read_scope
from actions.callout_views import SHOWN, head, silent_lines
from actions.deadline import step
from actions.view import promise
from config.rules import CalloutRules, Ladder
from domain.notice import Priority
from domain.notices import callout as say
from domain.roster import Post
from storage import bulletin, callout, card, log, outbox, people
from storage.bulletin import Bulletin
from storage.callout import Contact, Group
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, set_deadline

EXPIRY = timedelta(hours=24)
"""Without an end time a warning is taken to run for a day (domain.md §3.6, [S87])."""
TICK = timedelta(minutes=1)
PASS_AGAIN = timedelta(minutes=5)
"""How soon passing on is looked at again, for those who acknowledged later."""
WATCHED = timedelta(hours=3)
"""So long passing on is looked after by itself; then the record tells who has not."""
LOOK_AGAIN = timedelta(seconds=15)
"""How soon the reminder looks again for those the text had not reached yet."""
NAMED = 20
"""How many of the silent a log entry names in its words; its data hold all when the time is up."""
QUIET = ("tick", "expire", "remind_again", "pass_again")
"""Steps that are no rung: the log need not name the silent then."""


WAITING = tuple(
    n.kind()
    for n in (say.Order, say.ToldB, say.Reminder, say.Reshown, say.PassReminder, say.ParentUnit, say.Expiring)
)
"""What has not gone out yet of a warning that ended need not go out."""


async def close(tx: Tx, who: int | None, now: datetime, b: Bulletin, state: str, why: str) -> None:
    """Stop a bulletin's ladder and what has not gone out; its cards show what happened."""
    if not await bulletin.move(tx, b.id, "live", state, ended_at=now):
        return
    await clear_deadlines(tx, now, "callout", b.number)
    await outbox.drop_pending(tx, b.number, WAITING, why)
    await card.touch(tx, now, b.number)
    await log.append(tx, now, who, f"bulletin.{state}", b.number, why)


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
        await set_deadline(tx, "callout", b.number, "remind_again", now + LOOK_AGAIN, Priority.LADDER)


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
    """Remind who acknowledged and has not passed on, each once; come back for those who acknowledge later."""
    await callout.tell(
        tx, now, b.id, say.PassReminder.kind(), Priority.LADDER, Group.UNPASSED, late_minutes=late
    )
    start = b.dispatched_at or now
    owing = await callout.unpassed(tx, b.id, before=now - tx.rules.callout.pass_on)
    if owing:
        await _say_unpassed(tx, now, b, owing)
    if now < start + WATCHED and await callout.open_duties(tx, b.id):
        await set_deadline(tx, "callout", b.number, "pass_again", now + PASS_AGAIN, Priority.LADDER)


async def _say_unpassed(tx: Tx, now: datetime, b: Bulletin, owing: list[Contact]) -> None:
    """Name to officer and leader, once each, who acknowledged ten minutes ago and has not passed on."""
    await callout.stamp(tx, now, [c.id for c in owing], "pass_listed_at")
    names = "、".join(f"{c.unit} {c.a_name}" for c in owing[:NAMED])
    await log.append(tx, now, None, "callout.unpassed", b.number, f"收到后未传达 {len(owing)} 个：{names}")
    lines = tuple(await silent_lines(tx, owing[:SHOWN]))
    minutes = int(tx.rules.callout.pass_on.total_seconds() // 60)
    notice = say.Unpassed(head=head(b), contacts=lines, more=len(owing) - len(lines), minutes=minutes)
    readers = [*await duty.officers_to_tell(tx, now), *await duty.leaders_to_tell(tx, now)]
    for reader in dict.fromkeys(r.id for r in readers):
        await outbox.say(tx, now, notice, person=reader, subject=b.number)


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
    contacts = await callout.late(tx, b.id, tx.rules.callout.on_time)
    for officer in await duty.officers_to_tell(tx, now):
        if total and await outbox.waits(tx, say.CallList.kind(), b.number, officer.id):
            continue  # Telegram is away: the list that waits will say itself that the time is up
        notice = say.Overdue(
            head=head(b),
            silent=tuple(silent),
            more=total - len(silent),
            answered_late=contacts,
            owner=await owner_now(tx, now, officer),
            late_minutes=late,
        )
        await outbox.say(tx, now, notice, person=officer.id, subject=b.number)


async def owner_now(tx: Tx, now: datetime, officer: duty.Responsible) -> str:
    """Return who goes on calling: the officer, or who stands in where the officer cannot be reached (P2)."""
    if await people.reachable(tx, [officer.id]):
        return officer.name
    absent = await people.by_id(tx, officer.id)
    stand_ins = await duty.stand_ins(tx, now, absent) if absent else []
    return stand_ins[0].name if stand_ins else officer.name


async def _expire(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    """The time is over: an answered cancel is done; about a warning the officer is asked, and asked again a day on."""
    del late
    silent = await callout.count_silent(tx, b.id)
    if b.action == "cancel" and not silent:
        await close(tx, None, now, b, "ended", "解除已全部应答")
        return
    for officer in await duty.officers_to_tell(tx, now):
        notice = say.Expiring(
            head=head(b), expires_at=b.expires_at, dispatched_at=b.dispatched_at or now, silent=silent
        )
        await outbox.say(tx, now, notice, person=officer.id, subject=b.number)
    await set_deadline(tx, "callout", b.number, "expire", now + EXPIRY, Priority.REMINDER)


Rung = Callable[[Tx, datetime, Bulletin, int | None], Awaitable[None]]
RUNGS: dict[str, Rung] = {
    "tick": _tick,
    "remind": _remind,
    "remind_again": _remind,
    "tell_b": _tell_b,
    "call_list": _call_list,
    "tell_leader": _tell_leader,
    "pass_on": _pass_on,
    "pass_again": _pass_on,
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
            await callout.stamp(tx, now, [contact.id], "b_told_at")
            await promise(tx, now, b.number, say.ToldB, person=contact.b_id, again=f":K{contact.id}")
        await callout.stamp(tx, now, [contact.id], "listed_at")
        name = contact.a_name if contact.a_id == person else f"B角 {contact.b_name}"
        await log.append(tx, now, None, "callout.undeliverable", b.number, f"{contact.unit} {name}：{why}")
    await show_call_list(tx, now, b)
    await card.touch(tx, now, b.number, [say.Progress.card])


async def climb_again(tx: Tx, now: datetime, b: Bulletin, c: Contact, again: str) -> None:
    """A contact is silent again after its rungs have passed: they are taken at once, and said anew."""
    await promise(tx, now, b.number, say.Reminder, person=c.a_id, again=again)
    if c.b_id not in (None, c.a_id):
        await callout.stamp(tx, now, [c.id], "b_told_at")
        await promise(tx, now, b.number, say.ToldB, person=c.b_id, again=again)
    await show_call_list(tx, now, b)
    after = ladder_of(tx.rules.callout, b).tell_leader
    if after is not None and b.dispatched_at is not None and now >= b.dispatched_at + after:
        for leader in await duty.leaders_to_tell(tx, now):
            await promise(tx, now, b.number, say.LeaderAlarm, person=leader.id, again=again)


async def left(tx: Tx, now: datetime, person: int, why: str) -> None:
    """A person is no longer there: whatever live warning waits for them goes to the B-role and the call list."""
    for number in await callout.owed_by(tx, person):
        await unreachable(tx, now, f"W{number}", person, why)


async def _order_to_new(tx: Tx, now: datetime, one: callout.Reheld) -> None:
    """Send the text to who answers for a unit now: under the key the auditor looks for, else it would send it again."""
    number, person = f"W{one.bulletin_id}", one.a_id
    if not await promise(tx, now, number, say.Order, person=person):
        await promise(tx, now, number, say.Order, person=person, again=f":held{one.id}:{person}")


async def _first_held(tx: Tx, now: datetime, b: Bulletin, today: str) -> list[callout.Reheld]:
    """Ask the units, too, that had nobody when a warning went out and have somebody now; they are called at once."""
    levels, scope = tx.rules.callout.levels, await read_scope(tx, b.scope)
    units = await callout.not_asked(tx, b.id, levels, scope.units)
    if not units or not (await callout.open_cascade(tx, b.id, levels, units, today)).units:
        return []
    new = [c for c in await callout.of_bulletin(tx, b.id) if c.unit_id in units]
    await callout.stamp(tx, now, [c.id for c in new], "listed_at")
    await show_call_list(tx, now, b)
    return [callout.Reheld(c.id, b.id, c.unit, c.a_id, c.b_id) for c in new]


async def reheld(tx: Tx, now: datetime) -> None:
    """A new sheet of people is in force: silent units of live warnings go to who answers for them now."""
    today = f"{now.astimezone(tx.zone):%Y-%m-%d}"
    changed = await callout.rehold(tx, today)
    for live in await bulletin.live(tx):
        changed += await _first_held(tx, now, live, today)
    by_bulletin: dict[int, list[callout.Reheld]] = {}
    for one in changed:
        by_bulletin.setdefault(one.bulletin_id, []).append(one)
        await _order_to_new(tx, now, one)
    for number, some in by_bulletin.items():
        b = await bulletin.by_id(tx, number)
        if b is None:
            continue
        names = await people.by_ids(tx, [one.a_id for one in some])
        lines = tuple(f"{one.unit} {names[one.a_id].name}" for one in some)
        await log.append(tx, now, None, "callout.reheld", b.number, "、".join(lines[:NAMED]))
        for officer in await duty.officers_to_tell(tx, now):
            notice = say.Reheld(head=head(b), lines=lines[:NAMED], more=max(0, len(lines) - NAMED))
            await outbox.say(tx, now, notice, person=officer.id, subject=b.number)
        await card.touch(tx, now, b.number)
        again = now + ladder_of(tx.rules.callout, b).remind
        await set_deadline(tx, "callout", b.number, "remind_again", again, Priority.LADDER)


async def moved_in(tx: Tx, now: datetime, person: int) -> None:
    """A person has a new account, or one again: the live warnings they owe an answer to are sent there."""
    await callout.within_reach(tx, person)
    for number in await callout.owed_by(tx, person):
        again = f":{now:%y%m%d%H%M%S}"
        b = await bulletin.by_id(tx, number)
        if b is not None:
            await promise(tx, now, b.number, say.Order, person=person, again=again)

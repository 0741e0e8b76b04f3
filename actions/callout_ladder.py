"""The ladder of a warning: one deadline per rung; each acts on whoever is still silent then (product.md §6)."""

from datetime import datetime, timedelta

from actions import duty
from actions.callout_views import SHOWN, head, silent_lines
from actions.deadline import step
from actions.view import promise
from config.rules import CalloutRules, Ladder
from domain.notice import Priority
from domain.notices import callout as say
from storage import bulletin, callout, card, log, outbox
from storage.bulletin import Bulletin
from storage.database import Tx
from storage.deadline import Deadline, set_deadline

EXPIRY = timedelta(hours=24)
"""Without an end time a warning is taken to run for a day (domain.md §3.6, [S87])."""


def ladder_of(rules: CalloutRules, b: Bulletin) -> Ladder:
    """Return the ladder of a colour; a cancel climbs like blue; an unknown colour climbs like red, to be safe."""
    if b.action == "cancel":
        return rules.blue
    by_colour = {"蓝": rules.blue, "黄": rules.yellow, "橙": rules.orange, "红": rules.red}
    return by_colour.get(b.colour or "", rules.red)


async def open_ladder(tx: Tx, now: datetime, b: Bulletin) -> None:
    """Write the rungs as deadlines from dispatch."""
    ladder = ladder_of(tx.rules.callout, b)
    rungs = {
        "remind": ladder.remind,
        "tell_b": ladder.tell_b,
        "call_list": ladder.call_list,
        "tell_leader": ladder.tell_leader,
        "pass_on": tx.rules.callout.pass_on,
        "overdue": ladder.overdue,
        "expire": EXPIRY,
    }
    for name, after in rungs.items():
        if after is not None:
            await set_deadline(tx, "callout", b.number, name, now + after, Priority.LADDER)


@step("callout")
async def climb(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Act on one rung for whoever is silent at this moment."""
    b = await bulletin.by_id(tx, int(deadline.subject[1:]))
    if b is None or b.state != "live":
        return
    silent = await callout.silent(tx, b.id)
    late = deadline.late_minutes
    names = "、".join(f"{c.unit} {c.a_name}" for c in silent)
    await log.append(
        tx, now, None, f"callout.{deadline.step}", b.number, f"未应答 {len(silent)} 个：{names}", late=late
    )
    match deadline.step:
        case "remind":
            await callout.tell(
                tx, now, b.id, say.Reminder.kind(), Priority.LADDER, silent_only=True, late_minutes=late
            )
        case "tell_b":
            await _tell_b(tx, now, b, late)
        case "call_list":
            await _call_list(tx, now, b, late)
        case "tell_leader" if silent:
            for leader in await duty.leaders_to_tell(tx, now):
                await promise(tx, now, b.number, say.LeaderAlarm, person=leader.id, late_minutes=late)
        case "pass_on":
            await _pass_on(tx, now, b, late)
        case "overdue":
            await _overdue(tx, now, b, late)
        case "expire":
            await _expire(tx, now, b, all_answered=not silent)
        case _:
            pass  # nobody is silent: the leader need not know
    await card.touch(tx, now, b.number, [say.Progress.card])


async def _tell_b(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    await callout.tell(
        tx,
        now,
        b.id,
        say.ToldB.kind(),
        Priority.LADDER,
        silent_only=True,
        to_b=True,
        late_minutes=late,
        again=":rung",
    )
    await callout.mark(tx, now, b.id, "b_told_at")


async def _call_list(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    if not await callout.mark(tx, now, b.id, "listed_at"):
        return
    await show_call_list(tx, now, b, late)
    silent = await callout.silent(tx, b.id)
    parents = {c.parent_unit_id for c in silent}
    above = [c for c in await callout.of_bulletin(tx, b.id) if c.unit_id in parents]
    for person in sorted({c.a_id for c in above}):
        await promise(tx, now, b.number, say.ParentUnit, person=person, late_minutes=late)


async def show_call_list(tx: Tx, now: datetime, b: Bulletin, late: int | None = None) -> None:
    """Put the call list before the officer, or bring it up to date."""
    for officer in await duty.officers_to_tell(tx, now):
        await promise(tx, now, b.number, say.CallList, person=officer.id, late_minutes=late)
    await card.touch(tx, now, b.number, [say.CallList.card])


async def _pass_on(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    contacts = await callout.of_bulletin(tx, b.id)
    owing = {c.acked_by for c in contacts if c.acked_at is not None and c.passed_at is None and c.acked_by}
    duties = {p for c in contacts for p in (c.a_id, c.b_id) if p in owing}
    for person in sorted(duties):
        await promise(tx, now, b.number, say.PassReminder, person=person, late_minutes=late)


async def _overdue(tx: Tx, now: datetime, b: Bulletin, late: int | None) -> None:
    contacts = await callout.of_bulletin(tx, b.id)
    silent = await silent_lines(tx, b, contacts)
    for officer in await duty.officers_to_tell(tx, now):
        notice = say.Overdue(
            head=head(b),
            silent=tuple(silent[:SHOWN]),
            more=max(0, len(silent) - SHOWN),
            owner=officer.name,
            late_minutes=late,
        )
        await outbox.say(tx, now, notice, person=officer.id, subject=b.number)


async def _expire(tx: Tx, now: datetime, b: Bulletin, *, all_answered: bool) -> None:
    if b.action == "cancel" and all_answered:
        await bulletin.move(tx, b.id, "live", "ended", ended_at=now)
        return
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say(tx, now, say.Expiring(head=head(b)), person=officer.id, subject=b.number)


async def unreachable(tx: Tx, now: datetime, subject: str, person: int, why: str) -> None:
    """The verbatim text cannot reach this person: the B-role and the call list take over at once."""
    b = await bulletin.by_id(tx, int(subject[1:]))
    if b is None or b.state != "live":
        return
    for contact in await callout.undeliverable(tx, b.id, person, why):
        if contact.b_id and contact.b_id != contact.a_id and contact.b_told_at is None:
            await callout.stamp(tx, now, contact.id, "b_told_at")
            await promise(tx, now, b.number, say.ToldB, person=contact.b_id, again=f":K{contact.id}")
        await callout.stamp(tx, now, contact.id, "listed_at")
        await log.append(
            tx, now, None, "callout.undeliverable", b.number, f"{contact.unit} {contact.a_name}:{why}"
        )
    await show_call_list(tx, now, b)
    await card.touch(tx, now, b.number, [say.Progress.card])

"""The moments of a changeover: prompts to both before it, leader and admin after it; the shift that begins."""

from datetime import datetime

from actions import duty, finding
from actions.deadline import step
from actions.view import Asked, promise, view
from domain.notice import Priority
from domain.notices import handover as say
from domain.notices.callout import CallList, Progress
from domain.notices.incident import Card, Word
from domain.roster import Post
from storage import bulletin, callout, incident, log, outbox, roster
from storage.database import Tx
from storage.deadline import Deadline
from storage.roster import Shift


async def show_running(tx: Tx, now: datetime, person: int) -> None:
    """Give somebody who comes on duty the live cards of what runs."""
    for b in await bulletin.live(tx):
        await promise(tx, now, b.number, Progress, person=person)
        if await callout.count_silent(tx, b.id, listed=True):
            await promise(tx, now, b.number, CallList, person=person)
    for i in await incident.in_state(tx, "open", "offered"):
        await promise(tx, now, i.number, Word if i.state == "offered" else Card, person=person)


@step("changeover")
async def shift_begins(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """At a shift's start: leaders follow the roster and get the live cards; the watch waits for signatures.

    Only the first watch ever is taken by the roster.
    """
    del deadline
    await duty.first_watch(tx, now)
    await finding.refresh(tx, now)
    for leader in await duty.on_post(tx, now, Post.LEADER):
        await show_running(tx, now, leader.id)


@step("handover")
async def changeover(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Prompt both before the changeover; tell leader and admin when it is not done after it."""
    start = datetime.strptime(deadline.subject, "%y%m%d%H%M").replace(tzinfo=tx.zone)
    watch, shift = await roster.watch(tx), await _officers_shift(tx, start)
    if watch is not None and shift is not None and watch.shift_id == shift.id:
        return
    after = deadline.step in ("leader", "admin")
    if start <= now and not after and deadline.step != "before0":
        return  # caught up after an absence: the prompt at the changeover itself says it once
    readers = {watch.person_id} if watch and not after else set()
    readers |= {shift.person_id} if shift and not after else set()
    if after or shift is None:
        readers |= {p.id for p in await duty.leaders_to_tell(tx, now)}
    if deadline.step == "admin":
        readers |= {p.id for p in await duty.admins(tx)}
    notice = say.Prompt(
        out_name=watch.name if watch else None,
        in_name=shift.name if shift else None,
        at=start,
        step=deadline.step,
        for_leader=after or shift is None,
        late_minutes=deadline.late_minutes,
    )
    for person in sorted(readers):
        await outbox.say_newest(
            tx, now, notice, person=person, subject=deadline.subject, priority=Priority.LADDER
        )
    await log.append(tx, now, None, f"handover.{deadline.step}", deadline.subject, late=deadline.late_minutes)


async def _officers_shift(tx: Tx, start: datetime) -> Shift | None:
    """Return the officer's shift that starts at this moment."""
    return next(
        (s for s in await roster.at(tx, start) if s.post is Post.OFFICER and s.starts_at == start), None
    )


@view(say.Prompt)
async def prompt(tx: Tx, asked: Asked) -> say.Prompt | None:
    """Return a prompt, unless the watch moved while it waited to be sent."""
    said = say.Prompt.model_validate(asked.data)
    watch, shift = await roster.watch(tx), await _officers_shift(tx, said.at)
    return None if watch and shift and watch.shift_id == shift.id else said

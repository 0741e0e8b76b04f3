"""A shift's prompts: the day before, before it, 到岗; when silent at its start, the leader and the substitutes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions import duty
from actions.authority import refuse
from actions.deadline import step
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import roster as say
from domain.people import Role
from domain.roster import Post, fit_roles
from storage import card, log, outbox, people, roster
from storage.database import Tx
from storage.deadline import Deadline, Due, clear_deadlines, moment_of, write_deadlines
from storage.roster import Shift


def prompts_of(
    tx: Tx, number: int, post: Post, starts_at: datetime, ends_at: datetime, now: datetime, *, given: bool
) -> list[Due]:
    """Return a new shift's prompts as deadlines; of those already past only the newest is acted on.

    `given`: it was somebody else's before; if it runs already, the new person is asked to come now.
    """
    rules, subject = tx.rules.roster, f"S{number}"
    day = starts_at.astimezone(tx.zone).date() - timedelta(days=1)
    moments = {
        "day_before": datetime.combine(day, rules.prompt_day_before, tx.zone),
        "before": starts_at - rules.prompt_before,
        "arrive": starts_at - rules.arrive_before,
    }
    past = [name for name, at in moments.items() if at <= now]
    found = []
    if starts_at > now:
        found += [Due("shift", subject, n, max(at, now)) for n, at in moments.items() if n not in past[:-1]]
    begins = max(starts_at, now)  # who is put on a running shift is asked to come now
    if post not in (Post.OFFICER, Post.LEADER) and post not in rules.required:
        joins = given and starts_at <= now < ends_at
        return [*found, Due("shift", subject, "start", begins, Priority.LADDER)] if joins else found
    silent = {
        "start": begins,
        "to_leader": begins + rules.late_to_leader,
        "to_substitutes": begins + rules.late_to_substitutes,
    }
    if ends_at <= now or (starts_at <= now and not given):
        return found
    return found + [Due("shift", subject, n, at, Priority.LADDER) for n, at in silent.items()]


async def plan_prompts(tx: Tx, shift: Shift, now: datetime) -> None:
    """Write the prompts of a shift that was given to somebody."""
    dues = prompts_of(tx, shift.id, shift.post, shift.starts_at, shift.ends_at, now, given=True)
    await write_deadlines(tx, dues, fresh=True)


@view(say.ShiftPrompt)
async def shift_prompt(tx: Tx, asked: Asked) -> say.ShiftPrompt | None:
    """Return the prompt, unless the shift was given to somebody else meanwhile."""
    s = await roster.by_id(tx, asked.number)
    if s is None or s.person_id != asked.person_id:
        return None
    partners = await roster.between(tx, s.starts_at, s.starts_at + timedelta(seconds=1))
    return say.ShiftPrompt(
        shift=s.id,
        post=s.post.word,
        starts_at=s.starts_at,
        ends_at=s.ends_at,
        step=asked.data.get("step") or ("arrive" if s.arrived_at else "day_before"),
        confirmed_at=s.confirmed_at,
        arrived_at=s.arrived_at,
        partners=tuple(f"{p.post.word} {p.name}" for p in partners if p.id != s.id),
        late_minutes=asked.data.get("late_minutes"),
    )


@step("shift")
async def prompt(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Prompt a person of the coming shift; when silent at its start, the leader and the substitutes."""
    s = await roster.by_id(tx, int(deadline.subject[1:]))
    if s is None or s.arrived_at is not None:
        return
    late = deadline.late_minutes
    if _overtaken(tx, s, deadline.step, now):
        return
    match deadline.step:
        case "to_leader":
            readers = [p for p in await duty.leaders_to_tell(tx, now) if p.id != s.person_id]
            await _not_arrived(tx, now, s, readers or await duty.admins(tx), late)
        case "to_substitutes":
            await _not_arrived(tx, now, s, await duty.admins(tx), late)
        case name:
            await outbox.drop_pending(tx, f"S{s.id}", [say.ShiftPrompt.kind()], "有更新的提醒")
            await promise(
                tx,
                now,
                f"S{s.id}",
                say.ShiftPrompt,
                person=s.person_id,
                late_minutes=late,
                again=f":{name}",
                step=name,
            )
    await log.append(tx, now, None, f"shift.{deadline.step}", f"S{s.id}", s.name, late=late)


def _overtaken(tx: Tx, s: Shift, name: str, now: datetime) -> bool:
    """Return True when a later prompt of the shift is due already (after an absence), which says the same."""
    rules = tx.rules.roster
    ends = {
        "day_before": s.starts_at - rules.prompt_before,
        "before": s.starts_at - rules.arrive_before,
        "arrive": s.starts_at
        if s.post in (Post.OFFICER, Post.LEADER) or s.post in tx.rules.roster.required
        else None,
    }
    end = ends.get(name)
    return end is not None and end <= now


async def _not_arrived(
    tx: Tx, now: datetime, s: Shift, readers: Sequence[duty.Responsible], late: int | None
) -> None:
    others = [
        a for a in await people.with_role(tx, *fit_roles(s.post, tx.rules.roster)[:1]) if a.id != s.person_id
    ]
    notice = say.NotArrived(
        shift=s.id,
        name=s.name,
        post=s.post.word,
        phone=s.phone,
        starts_at=await _expected(tx, s),
        substitutes=tuple(f"{a.name} {a.phone}" for a in others[:6]),
        late_minutes=late,
    )
    for reader in readers:
        await outbox.say_newest(tx, now, notice, person=reader.id, subject=f"S{s.id}")


async def confirm(tx: Tx, who: Actor, now: datetime, shift_id: int) -> Notice:
    """Record 收到 to a shift prompt."""
    s = await roster.by_id(tx, shift_id)
    if s is None or s.person_id != who.id:
        return say.SwapRefused(shift=shift_id, why="not_prompted")
    if s.confirmed_at is None:
        await roster.confirm(tx, now, s.id)
        await card.touch(tx, now, f"S{s.id}", [say.ShiftPrompt.card])
        await log.append(tx, now, who.id, "shift.confirmed", f"S{s.id}")
    return say.ShiftConfirmed(shift=s.id, post=s.post.word, starts_at=s.starts_at, at=s.confirmed_at or now)


async def arrive(tx: Tx, who: Actor, now: datetime, shift_id: int | None = None) -> Notice:
    """Record 到岗 for the shift that runs or is about to begin."""
    if refused := refuse(who, "到岗", Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER):
        return refused
    early = tx.rules.roster.prompt_before
    own = await roster.of_person(tx, who.id, now)
    fits = [s for s in own if s.starts_at - early <= now and shift_id in (None, s.id)]
    if not fits:
        return say.NoShiftNow(next_at=own[0].starts_at if own else None)
    waiting = [s for s in fits if s.arrived_at is None]
    if not waiting:
        return say.AlreadyArrived(shift=fits[0].id, at=fits[0].arrived_at or now)
    s = waiting[0]
    await roster.arrive(tx, now, s.id)
    await clear_deadlines(tx, now, "shift", f"S{s.id}")
    await card.touch(tx, now, f"S{s.id}", [say.ShiftPrompt.card])
    await log.append(tx, now, who.id, "shift.arrived", f"S{s.id}")
    late = now - await _expected(tx, s)
    minutes = int(late.total_seconds() // 60)
    return say.Arrived(shift=s.id, post=s.post.word, at=now, late_minutes=minutes if minutes > 0 else None)


async def _expected(tx: Tx, s: Shift) -> datetime:
    """Return when somebody was to be at the post: as the shift began, or as they were put on it after that."""
    return max(s.starts_at, await moment_of(tx, "shift", f"S{s.id}", "start") or s.starts_at)


async def waiting_prompts(tx: Tx, who: Actor, now: datetime) -> list[Shift]:
    """Return this person's shifts whose prompt waits for 收到."""
    soon = now + timedelta(hours=40)
    return [
        s
        for s in await roster.of_person(tx, who.id, now)
        if s.confirmed_at is None and now < s.starts_at < soon
    ]

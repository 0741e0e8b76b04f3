"""Swap and substitute (docs/states.md): consent of both, then a leader's approval; covers are approved after the fact.

A shift that changes hands is a new row; whose turn it is in the rotation stays with it (domain.md §1.1).
"""

from collections.abc import Sequence
from datetime import date, datetime

from actions import duty, finding
from actions.authority import refuse
from actions.deadline import step
from actions.shift import plan_prompts
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import roster as say
from domain.people import Role
from domain.roster import Post, fit_roles
from domain.roster_check import OnLeave, Standing, on_leave
from domain.swap import OPEN, Move, SwapState, read_offer, read_offer_by_day
from storage import card, leave, log, outbox, people, room, roster, swap
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, set_deadline
from storage.roster import Shift
from storage.swap import Swap

SWAPPERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER, Role.ADMIN)
ALL = 400
"""Shifts of one person that are looked through for a day."""
DECIDERS = (Role.LEADER, Role.ADMIN)


@view(say.SwapOffer)
async def offer_view(tx: Tx, asked: Asked) -> say.SwapOffer | None:
    """Return a swap as its reader sees it."""
    s = await swap.of_shift(tx, asked.number)
    if s is None:
        return None
    names = await people.by_ids(tx, [p for p in (s.from_id, s.to_id, s.by_id) if p])
    shift = await roster.any_by_id(tx, s.shift_id)
    other = await roster.any_by_id(tx, s.other_shift_id) if s.other_shift_id else None
    return say.SwapOffer(
        shift=s.shift_id,
        post=shift.post.word,
        label=shift.label,
        starts_at=shift.starts_at,
        asker=names[s.from_id].name,
        other=names[s.to_id].name,
        other_shift=s.other_shift_id,
        other_starts_at=other.starts_at if other else None,
        other_label=other.label if other else "",
        state=s.state,
        mine=asked.person_id == s.to_id,
        own=asked.person_id in (s.from_id, s.by_id),
        cover=s.kind == "cover",
        gap=s.from_id == s.to_id,
        by=names[s.by_id].name if s.by_id else None,
        reason=s.reason,
        close=await _too_close(tx, s, shift, other)
        if s.state in ("offered", "accepted", "effective")
        else (),
    )


async def _too_close(tx: Tx, s: Swap, shift: Shift, other: Shift | None) -> tuple[str, ...]:
    """Return who would have less rest between two shifts than the rules want: to be known, not forbidden."""
    found = []
    for person, gets, gives in ((s.to_id, shift, other), (s.from_id, other, shift)):
        if gets is None:
            continue
        rest = tx.rules.roster.rest
        near = await roster.during(tx, gets.starts_at - rest, gets.ends_at + rest)
        given = gives.id if gives else None
        if any(x.person_id == person and x.id not in (given, gets.id) for x in near):
            found.append((await people.by_ids(tx, [person]))[person].name)
    return tuple(found)


async def offer_in_words(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Ask for a swap as it is typed: by the shifts' numbers, or by their days."""
    if refused := refuse(who, "调班", *SWAPPERS):
        return refused
    if found := read_offer(text):
        return await offer(tx, who, now, found.shift, found.name, found.other, found.reason)
    names = {a.name for a in await people.with_role(tx, *SWAPPERS)} - {who.name}
    admin = who.has(Role.ADMIN)
    by_day = read_offer_by_day(text, names, now.astimezone(tx.zone).date(), for_others=admin)
    if by_day is None:
        why = "请写明您的班（哪一天，或「我的班」里的编号）和对方姓名。"
        return base.WrongForm(why=why, example="调班 7月28日 刘芳，或 调班 S31 周凯 S45 家中有事")
    if (
        admin
        and not by_day.owner
        and who.name not in {s.name for s in await roster.of_person(tx, who.id, now)}
    ):
        why = f"您没有班。替人调班请写两个人：{by_day.day.month}月{by_day.day.day}日是谁的班，请谁来。"
        return base.WrongForm(why=why, example="调班 7月28日 郑伟 刘芳")
    shift = await _of_day(tx, now, by_day.owner or who.name, by_day.day)
    if isinstance(shift, Notice):
        return shift
    other = await _of_day(tx, now, by_day.name, by_day.other_day) if by_day.other_day else None
    if isinstance(other, Notice):
        return other
    return await offer(tx, who, now, shift.id, by_day.name, other.id if other else None, by_day.reason)


async def _of_day(tx: Tx, now: datetime, name: str, day: date) -> Shift | Notice:
    """Return the one shift somebody has that begins on a day and is not over, or why it is not clear which."""
    every = [s for a in await people.by_name(tx, name) for s in await roster.of_person(tx, a.id, now, ALL)]
    found = [s for s in every if s.starts_at.astimezone(tx.zone).date() == day]
    if len(found) == 1:
        return found[0]
    said = f"{name} {day.month}月{day.day}日"
    if not found:
        return base.WrongForm(why=f"{said} 没有班，没有改动。", example="我的班")
    numbers = "、".join(f"S{s.id} {s.label}{s.post.word}" for s in found)
    return base.WrongForm(
        why=f"{said} 有 {numbers}，没有改动。请写编号。", example=f"调班 S{found[0].id} 刘芳"
    )


async def offer(
    tx: Tx, who: Actor, now: datetime, shift_id: int, name: str, other_id: int | None, why: str = ""
) -> Notice:
    """Ask another person to take a shift (in exchange for one of theirs); an admin may ask for its owner."""
    if refused := refuse(who, "调班", *SWAPPERS):
        return refused
    s = await roster.by_id(tx, shift_id)
    if s is None or (s.person_id != who.id and not who.has(Role.ADMIN)):
        return say.SwapRefused(shift=shift_id, why="not_yours")
    if s.starts_at <= now:
        return say.SwapRefused(shift=shift_id, why="begun")
    found = [p for p in await people.by_name(tx, name) if p.id != s.person_id]
    found = [p for p in found if p.has(*fit_roles(s.post, tx.rules.roster))]
    if len(found) != 1:
        return say.SwapRefused(shift=shift_id, why="nobody", name=name)
    other = await roster.by_id(tx, other_id) if other_id else None
    if other_id and (other is None or other.person_id != found[0].id or other.starts_at <= now):
        return say.SwapRefused(shift=shift_id, why="other", name=name, other=other_id)
    if bad := await _cannot(tx, s, s.person_id, found[0].id, other):
        return bad
    return await _offer(tx, who, now, s, found[0], other, why)


async def _cannot(
    tx: Tx, s: Shift, from_id: int, to_id: int, other: Shift | None, *, asking: bool = True
) -> say.SwapRefused | None:
    """Return why two people cannot exchange these shifts now; `asking`: no other swap of them may be open."""
    for shift in (s, other) if asking else ():
        if shift is not None and await swap.touching(tx, [shift.id]):
            return say.SwapRefused(shift=s.id, why="open", other=shift.id)
    if to_id not in await people.active_ids(tx):
        return say.SwapRefused(shift=s.id, why="gone", name=(await people.by_ids(tx, [to_id]))[to_id].name)
    for person, gets, gives in ((to_id, s, other), (from_id, other, s)):
        if gets is None:
            continue
        names = await people.by_ids(tx, [person])
        if not names[person].has(*fit_roles(gets.post, tx.rules.roster)):
            return say.SwapRefused(shift=s.id, why="unfit", name=names[person].name, other=gets.id)
        for busy in await roster.during(tx, gets.starts_at, gets.ends_at):
            if busy.person_id == person and (gives is None or busy.id != gives.id):
                return say.SwapRefused(shift=s.id, why="busy", name=names[person].name, other=busy.id)
        if away := await _leave(tx, person, gets):
            return say.SwapRefused(shift=s.id, why="leave", name=names[person].name, until=away.last)
    return None


async def _leave(tx: Tx, person: int, s: Shift) -> OnLeave | None:
    day = s.starts_at.astimezone(tx.zone).date()
    away = [OnLeave(x.person_id, x.first, x.last) for x in await leave.granted(tx, day, day)]
    standing = Standing(s.post, person, s.starts_at, s.ends_at)
    return next((x for x in away if x.person_id == person and on_leave(x, standing, tx.zone)), None)


async def _offer(
    tx: Tx, who: Actor, now: datetime, s: Shift, to: Actor, other: Shift | None, why: str
) -> Notice:
    key = await swap.add(
        tx,
        now,
        shift=s.id,
        other=other.id if other else None,
        from_id=s.person_id,
        to_id=to.id,
        kind="swap",
        state=SwapState.OFFERED,
        reason=why,
        by=who.id if who.id != s.person_id else None,
    )
    last = min([now + tx.rules.roster.swap_answer, s.starts_at, *([other.starts_at] if other else [])])
    await set_deadline(tx, "swap", f"S{s.id}", "expire", last)
    for person in {to.id, s.person_id} - {who.id} if who.id != to.id else {to.id, s.person_id}:
        await promise(tx, now, f"S{s.id}", say.SwapOffer, person=person, again=f":{key}")
    await log.append(tx, now, who.id, "swap.offered", f"S{s.id}", f"→ {to.name} {why}".strip())
    return say.SwapAsked(
        shift=s.id, asker=s.name if who.id != s.person_id else None, other=to.name, until=last
    )


async def agree(tx: Tx, who: Actor, now: datetime, shift_id: int, *, yes: bool, why: str = "") -> Notice:
    """Answer a swap: the other person first (an admin may for them), then a leader or admin not of their own.

    `why`: the words behind the answer, which everybody who is told reads.
    """
    s = await swap.of_shift(tx, shift_id)
    if s is None:
        return base.NotFound(number=f"S{shift_id}", example="同意 S31")
    if s.state == SwapState.OFFERED and (who.id == s.to_id or who.has(Role.ADMIN)):
        return await _consent(tx, who, now, s, yes=yes, why=why)
    if not yes and _may_change_their_mind(s, who):
        return await _consent(tx, who, now, s, yes=False, why=why)
    if s.state in (SwapState.ACCEPTED, SwapState.EFFECTIVE):
        if refused := refuse(who, "批准调班", *DECIDERS):
            return refused
        if who.id in (s.from_id, s.to_id) and not who.has(Role.ADMIN):
            return say.SwapRefused(shift=shift_id, why="own")
        return await _decide(tx, who, now, s, yes=yes, why=why)
    if s.state == SwapState.OFFERED:
        return say.SwapRefused(shift=shift_id, why="nothing")
    return say.SwapRefused(shift=shift_id, why="ended", state=s.state)


def _may_change_their_mind(s: Swap, who: Actor) -> bool:
    """Return True for who agreed to a swap that is not approved yet."""
    return s.state == SwapState.ACCEPTED and who.id == s.to_id


async def _consent(tx: Tx, who: Actor, now: datetime, s: Swap, *, yes: bool, why: str) -> Notice:
    await swap.move(tx, now, s, Move.CONSENT if yes else Move.DECLINE, who.id)
    await log.append(tx, now, who.id, "swap.accepted" if yes else "swap.declined", f"S{s.shift_id}", why)
    if yes:
        for leader in await deciders(tx, now, s):
            await promise(tx, now, f"S{s.shift_id}", say.SwapOffer, person=leader, again=f":{s.id}")
    else:
        await clear_deadlines(tx, now, "swap", f"S{s.shift_id}")
    return await _told(tx, now, s, by=who, to_all=not yes, why=why)


async def deciders(tx: Tx, now: datetime, s: Swap) -> list[int]:
    """Return who is asked to approve: the leaders on duty, of whom none decides on their own swap; else the next."""
    for group in (
        await duty.on_post(tx, now, Post.LEADER),
        await duty.leaders_to_tell(tx, now),
        list(await people.with_role(tx, Role.LEADER)),
        await duty.admins(tx),
    ):
        if found := sorted({p.id for p in group} - {s.from_id, s.to_id}):
            return found
    return []


async def _decide(tx: Tx, who: Actor, now: datetime, s: Swap, *, yes: bool, why: str) -> Notice:
    if s.kind == "cover":
        await swap.move(tx, now, s, Move.APPROVE if yes else Move.REFUSE, who.id)
        await log.append(tx, now, who.id, "swap.approved" if yes else "swap.refused", f"S{s.shift_id}", why)
        return await _told(tx, now, s, by=who, to_all=True, why=why)
    if yes and (bad := await _stands_no_more(tx, now, s)):
        await swap.move(tx, now, s, Move.VOID, who.id)
        await log.append(tx, now, who.id, "swap.void", f"S{s.shift_id}")
        await _told(tx, now, s, by=who, to_all=True)
        return bad
    await swap.move(tx, now, s, Move.APPROVE if yes else Move.REFUSE, who.id)
    await clear_deadlines(tx, now, "swap", f"S{s.shift_id}")
    await log.append(tx, now, who.id, "swap.approved" if yes else "swap.refused", f"S{s.shift_id}", why)
    fresh = await _exchange(tx, now, s) if yes else None
    return await _told(tx, now, s, by=who, to_all=True, fresh=fresh, why=why)


async def _stands_no_more(tx: Tx, now: datetime, s: Swap) -> say.SwapRefused | None:
    """Return why a swap both agreed to cannot take place any more, None while it can."""
    own = await roster.by_id(tx, s.shift_id)
    other = await roster.by_id(tx, s.other_shift_id) if s.other_shift_id else None
    gone = own is None or own.person_id != s.from_id or own.starts_at <= now
    if s.other_shift_id is not None:
        gone = gone or other is None or other.person_id != s.to_id or other.starts_at <= now
    if gone or own is None:
        return say.SwapRefused(shift=s.shift_id, why="changed")
    return await _cannot(tx, own, s.from_id, s.to_id, other, asking=False)


async def _exchange(tx: Tx, now: datetime, s: Swap) -> Shift:
    shift = await roster.any_by_id(tx, s.shift_id)
    other = await roster.any_by_id(tx, s.other_shift_id) if s.other_shift_id else None
    fresh = await give(tx, now, shift, s.to_id, "swap")
    if other is not None:
        await give(tx, now, other, s.from_id, "swap")
    await finding.refresh(tx, now)
    return fresh


async def give(tx: Tx, now: datetime, shift: Shift, person: int, source: str) -> Shift:
    """Replace a shift by the same one for another person; whose turn it is does not move."""
    await roster.replace_shifts(tx, [shift.id])
    await clear_deadlines(tx, now, "shift", f"S{shift.id}")
    await void(tx, now, [shift.id])
    key = await roster.add_shift(
        tx,
        shift.post,
        person,
        shift.starts_at,
        shift.ends_at,
        source,
        label=shift.label,
        turn_id=shift.turn_id,
    )
    fresh = await roster.any_by_id(tx, key)
    await plan_prompts(tx, fresh, now)
    return fresh


async def void(tx: Tx, now: datetime, shift_ids: Sequence[int]) -> None:
    """Put away the open swaps of shifts that have changed hands otherwise; both sides hear of it."""
    for s in await swap.touching(tx, shift_ids):
        await _end(tx, now, s, Move.VOID, None)


async def void_of(tx: Tx, now: datetime, person: int) -> None:
    """Put away the open swaps of somebody who left."""
    for s in await swap.of_person(tx, person):
        await _end(tx, now, s, Move.VOID, None)


async def _end(tx: Tx, now: datetime, s: Swap, how: Move, who: Actor | None) -> Notice | None:
    state = await swap.move(tx, now, s, how, who.id if who else None)
    if state is None:
        return None
    await clear_deadlines(tx, now, "swap", f"S{s.shift_id}")
    await log.append(tx, now, who.id if who else None, f"swap.{state.value}", f"S{s.shift_id}")
    return await _told(tx, now, s, by=who, to_all=True)


async def withdraw(tx: Tx, who: Actor, now: datetime, shift_id: int) -> Notice:
    """撤回: whoever asked (or an admin) takes an offer back before it is approved, who agreed their word."""
    s = await swap.of_shift(tx, shift_id)
    if s is None:
        return say.SwapRefused(shift=shift_id, why="nothing")
    if s.state not in OPEN:
        return say.SwapRefused(shift=shift_id, why="ended", state=s.state)
    if _may_change_their_mind(s, who):
        return await _consent(tx, who, now, s, yes=False, why="")
    if who.id not in (s.from_id, s.by_id) and not who.has(Role.ADMIN):
        return say.SwapRefused(shift=shift_id, why="not_asker")
    return await _end(tx, now, s, Move.WITHDRAW, who) or say.SwapRefused(shift=shift_id, why="nothing")


@step("swap")
async def expire(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """An offer nobody answered, or that was not approved when the shift begins, ends; both sides are told."""
    s = await swap.of_shift(tx, int(deadline.subject[1:]))
    if s is None:
        return
    begins = (await roster.any_by_id(tx, s.shift_id)).starts_at
    if (
        s.state == SwapState.ACCEPTED and begins > now
    ):  # the other agreed: it waits for the leader until the shift
        await set_deadline(tx, "swap", deadline.subject, "expire", begins)
        return
    await _end(tx, now, s, Move.EXPIRE, None)


async def _told(
    tx: Tx,
    now: datetime,
    s: Swap,
    *,
    by: Actor | None,
    to_all: bool,
    fresh: Shift | None = None,
    why: str = "",
) -> say.SwapDecided:
    """Tell what became of a swap to everybody touched, each once; return it for whoever did it.

    `to_all`: both sides; else only the asker (the other has just answered). What takes effect is shown to the room's
    group, and filed with the superior where the rules say so (报备, domain.md §1.6).
    """
    await card.touch(tx, now, f"S{s.shift_id}", [say.SwapOffer.card])
    now_is = await swap.of_shift(tx, s.shift_id)
    state = now_is.state if now_is is not None and now_is.id == s.id else s.state
    names = await people.by_ids(tx, [s.from_id, s.to_id])
    shift = await roster.any_by_id(tx, s.shift_id)
    notice = say.SwapDecided(
        shift=s.shift_id,
        new_shift=fresh.id if fresh else None,
        post=shift.post.word,
        label=shift.label,
        starts_at=shift.starts_at,
        from_name=names[s.from_id].name,
        to_name=names[s.to_id].name,
        state=state,
        cover=s.kind == "cover",
        gap=s.from_id == s.to_id,
        by=by.name if by else None,
        on_behalf=by is not None and state in ("accepted", "declined") and by.id != s.to_id,
        why=why,
    )
    touched = {s.from_id, s.to_id, *([s.by_id] if s.by_id else [])} if to_all else {s.from_id, s.by_id}
    if notice.on_behalf:
        touched.add(s.to_id)
    for person in sorted(p for p in touched if p is not None and (by is None or p != by.id)):
        key = f"swap:{s.id}:{state}:{person}"
        await outbox.say(tx, now, notice, person=person, subject=f"S{s.shift_id}", key=key)
    if state == SwapState.APPROVED:
        await _made_known(tx, now, s, notice)
    return notice


async def _made_known(tx: Tx, now: datetime, s: Swap, notice: Notice) -> None:
    if (group := await room.group(tx)) is not None:
        await outbox.say(tx, now, notice, chat=group, key=f"swap:{s.id}:group")
    if tx.rules.roster.swap_filed:
        for reader in await duty.superiors(tx):
            await outbox.say(tx, now, notice, person=reader.id, key=f"swap:{s.id}:filed:{reader.id}")
        await log.append(tx, now, None, "swap.filed", f"S{s.shift_id}")


async def waiting_for(tx: Tx, who: Actor) -> list[int]:
    """Return the shifts whose swap waits for this person's 同意."""
    return await swap.waiting(tx, who.id, decides=who.has(*DECIDERS))


async def asked_by(tx: Tx, who: Actor) -> list[int]:
    """Return the shifts whose open swap this person asked for or agreed to."""
    own = await swap.of_person(tx, who.id)
    return [s.shift_id for s in own if who.id in (s.from_id, s.by_id) or _may_change_their_mind(s, who)]


async def recent(tx: Tx, since: datetime) -> Sequence[Swap]:
    """Return the swaps and covers that took effect since, and those that wait for approval."""
    return await swap.decided_since(tx, since)

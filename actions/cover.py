"""我来顶: who steps in stands on the post at once, and the leader approves after the fact (docs/states.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions import duty, finding
from actions import swap as swapping
from actions.authority import refuse
from actions.shift import plan_prompts
from actions.slot import slots
from actions.view import promise
from domain.actor import Actor
from domain.day_text import day_of_shift, is_tonight
from domain.notice import Notice
from domain.notices import base
from domain.notices import roster as say
from domain.people import Role
from domain.roster import Post, fit_roles
from domain.swap import SwapState
from storage import card, handover, log, outbox, roster, swap
from storage.database import Tx
from storage.finding import Open
from storage.roster import Shift

OFFERED = 4
"""How many shifts are offered where it is not said which."""
COVERERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER)


async def cover(tx: Tx, who: Actor, now: datetime, shift_id: int | None, why: str = "") -> Notice:
    """我来顶: take a shift, or an open post, at once; the leader approves after.

    Without a number: the day or the person named in the words; else the next open post; else it is asked which shift.
    """
    if refused := refuse(who, "我来顶", *COVERERS):
        return refused
    if shift_id is None:
        found = await _meant(tx, who, now, why)
        if isinstance(found, Open):
            return await _cover_gap(tx, who, now, found, why)
        if isinstance(found, Notice):
            return found
        shift_id = found.id
    s = await roster.by_id(tx, shift_id)
    if s is None or s.ends_at <= now:
        return base.WrongForm(why=f"S{shift_id} 已换人或已结束，没有改动。", example="我来顶 S31 家里有急事")
    if not who.has(*fit_roles(s.post, tx.rules.roster)) or s.person_id == who.id:
        return say.SwapRefused(shift=s.id, why="unfit", name=who.name, other=s.id)
    same = [x for x in await roster.during(tx, s.starts_at, s.ends_at) if x.post is s.post]
    if any(x.person_id == who.id and x.starts_at == s.starts_at for x in same):
        return say.SwapRefused(shift=s.id, why="busy", name=who.name, other=s.id)
    return await _cover(tx, who, now, s, why)


async def _meant(tx: Tx, who: Actor, now: datetime, words: str) -> Open | Shift | Notice:
    """Return the open post or shift that is meant, or the question which: of their own role where nobody is named."""
    local = now.astimezone(tx.zone)
    gaps = await _gaps(tx, who, now)
    every = await _shifts(tx, who, now)
    day = day_of_shift(words, {s.name for s in every}, local.date())
    days = (day,) if day is None or not is_tonight(words, local) else (day - timedelta(days=1), day)
    shifts = [s for s in every if day is None or s.starts_at.astimezone(tx.zone).date() in days]
    if day is not None:
        gaps = [g for g in gaps if g.finding.starts_at.astimezone(tx.zone).date() in days]
    if named := [s for s in shifts if s.name in words]:
        return named[0]
    if day is not None and (others := [s for s in every if s.name in words]):
        why = f"没有找到 {others[0].name} {day.month}月{day.day}日的班，没有改动。"
        return base.WrongForm(why=why, example=f"我来顶 S{others[0].id} 家里有急事")
    shifts = [s for s in shifts if who.has(*fit_roles(s.post, tx.rules.roster)[:1])] or shifts
    if gaps:
        return gaps[0]
    if day is not None and len(shifts) == 1 and not await _stands_then(tx, who, shifts[0]):
        return shifts[0]
    return _ask(tx, shifts)


async def _stands_then(tx: Tx, who: Actor, s: Shift) -> bool:
    """Return whether this person has a shift of their own at that time."""
    return any(x.person_id == who.id for x in await roster.during(tx, s.starts_at, s.ends_at))


def _ask(tx: Tx, shifts: Sequence[Shift]) -> Notice:
    """Return the question which of these shifts is meant."""
    if not shifts:
        return base.WrongForm(why="没有找到要顶的班次。", example="我来顶 S31 家里有急事")
    options = [
        (
            f"S{s.id} {s.label}{s.post.word} {s.name} {s.starts_at.astimezone(tx.zone):%m-%d %H:%M}",
            f"我来顶 S{s.id}",
        )
        for s in shifts[:OFFERED]
    ]
    return base.Choose(word="我来顶", act="bare", options=tuple(options))


async def _gaps(tx: Tx, who: Actor, now: datetime) -> list[Open]:
    """Return the open posts this person fits, the soonest first."""
    gaps = [o for o in await finding.open_gaps(tx) if o.finding.ends_at > now]
    fits = [o for o in gaps if who.has(*fit_roles(o.finding.post, tx.rules.roster))]
    return sorted(fits, key=lambda o: o.finding.starts_at)


async def _shifts(tx: Tx, who: Actor, now: datetime) -> list[Shift]:
    """Return the others' shifts this person may take, in order of time."""
    ahead = await roster.during(tx, now, now + tx.rules.roster.look_ahead)
    return [s for s in ahead if s.person_id != who.id and who.has(*fit_roles(s.post, tx.rules.roster))]


async def stand_in(tx: Tx, leader: Actor, now: datetime, person: int, s: Shift, why: str) -> Shift:
    """Put a person on a running shift by a leader's word: a cover that is approved as it is made."""
    fresh = await swapping.give(tx, now, s, person, "cover")
    await swap.add(
        tx,
        now,
        shift=s.id,
        other=None,
        from_id=s.person_id,
        to_id=person,
        kind="cover",
        state=SwapState.APPROVED,
        reason=why,
        by=leader.id,
    )
    await finding.refresh(tx, now)
    return fresh


async def _cover(tx: Tx, who: Actor, now: datetime, s: Shift, why: str) -> Notice:
    fresh = await swapping.give(tx, now, s, who.id, "cover")
    await swap.add(
        tx,
        now,
        shift=s.id,
        other=None,
        from_id=s.person_id,
        to_id=who.id,
        kind="cover",
        state=SwapState.EFFECTIVE,
        reason=why,
    )
    watch = await roster.watch(tx)
    if s.post is Post.OFFICER and s.starts_at <= now and watch and watch.person_id == s.person_id:
        sheet = await handover.running(tx)  # void from now on, where it was signed
        await roster.take_watch(tx, now, who.id, fresh.id)
        if sheet is not None:
            await card.touch(tx, now, f"H{sheet.id}")
    notice = say.Covered(
        shift=fresh.id,
        old_shift=s.id,
        post=s.post.word,
        label=s.label,
        starts_at=s.starts_at,
        name=who.name,
        instead_of=s.name,
        at=now,
    )
    await outbox.say(tx, now, notice, person=s.person_id, subject=f"S{s.id}")
    await _covered(tx, who, now, s.id, why)
    return notice


async def _covered(tx: Tx, who: Actor, now: datetime, shift_id: int, why: str) -> None:
    """Log a cover, ask the leaders to approve it after the fact, look at the roster again."""
    await log.append(tx, now, who.id, "cover", f"S{shift_id}", why)
    s = await swap.of_shift(tx, shift_id)
    for leader in await swapping.deciders(tx, now, s) if s else []:
        await promise(tx, now, f"S{shift_id}", say.SwapOffer, person=leader, again=":cover")
    await finding.refresh(tx, now)


async def _cover_gap(tx: Tx, who: Actor, now: datetime, gap: Open, why: str) -> Notice:
    """Stand on a post nobody is rostered for, from now or its beginning to its end."""
    f = gap.finding
    label = await _label(tx, f.post, f.starts_at)
    start = max(f.starts_at, now.replace(second=0, microsecond=0))
    key = await roster.add_shift(tx, f.post, who.id, start, f.ends_at, "cover", label=label)
    fresh = await roster.any_by_id(tx, key)
    await plan_prompts(tx, fresh, now)
    await swap.add(
        tx,
        now,
        shift=key,
        other=None,
        from_id=who.id,
        to_id=who.id,
        kind="cover",
        state=SwapState.EFFECTIVE,
        reason=why,
    )
    await duty.first_watch(tx, now)
    await _covered(tx, who, now, key, why)
    return say.Covered(
        shift=key,
        old_shift=None,
        post=f.post.word,
        label=label,
        starts_at=start,
        name=who.name,
        instead_of=None,
        at=now,
    )


async def _label(tx: Tx, post: Post, at: datetime) -> str:
    """Return the name of the slot that begins then, "" where a day has one shift."""
    day = at.astimezone(tx.zone).date()
    wanted = [s for s in await slots(tx, day, day) if post in s.needs]
    return next((s.name for s in wanted if s.starts_at == at and len(wanted) > 1), "")

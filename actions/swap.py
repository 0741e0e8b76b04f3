"""Swap, substitute, cover (docs/states.md): consent of both, the leader's approval; 我来顶 at once, approved after."""

from datetime import datetime

from actions import duty
from actions.authority import refuse
from actions.shift import plan_prompts
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import roster as say
from domain.people import Role
from domain.roster import Post
from storage import card, log, outbox, people, roster
from storage.database import Tx
from storage.deadline import clear_deadlines
from storage.roster import Shift, Swap

SWAPPERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER)
FIT = {
    Post.LEADER: (Role.LEADER,),
    Post.OFFICER: (Role.OFFICER, Role.DEPUTY),
    Post.DEPUTY: (Role.DEPUTY, Role.OFFICER),
    Post.DRIVER: (Role.DRIVER,),
}
"""Whose role fits a post when a shift changes hands."""


@view(say.SwapOffer)
async def offer_view(tx: Tx, asked: Asked) -> say.SwapOffer | None:
    """Return a swap as its reader sees it."""
    s = await roster.swap_of(tx, asked.number)
    if s is None:
        return None
    names = await people.by_ids(tx, [s.from_id, s.to_id])
    shift = await roster.any_by_id(tx, s.shift_id)
    other = await roster.any_by_id(tx, s.other_shift_id) if s.other_shift_id else None
    return say.SwapOffer(
        shift=s.shift_id,
        post=shift.post.word,
        starts_at=shift.starts_at,
        asker=names[s.from_id].name,
        other=names[s.to_id].name,
        other_shift=s.other_shift_id,
        other_starts_at=other.starts_at if other else None,
        state=s.state,
        to_leader=asked.person_id != s.to_id,
        cover=s.kind == "cover",
        reason=s.reason,
    )


async def offer(
    tx: Tx, who: Actor, now: datetime, shift_id: int, name: str, other_id: int | None, why: str = ""
) -> Notice:
    """Ask another person to take a shift (in exchange for one of theirs)."""
    if refused := refuse(who, "调班", *SWAPPERS):
        return refused
    s = await roster.by_id(tx, shift_id)
    found = await people.by_name(tx, name)
    if s is None or s.person_id != who.id:
        return say.SwapRefused(shift=shift_id, why="这个班次不是您的，「我的班」可查编号")
    if s.starts_at <= now:
        return say.SwapRefused(shift=shift_id, why="已经开始的班次不能调，请对方输入：我来顶")
    if len(found) != 1 or found[0].id == who.id or not found[0].has(*FIT[s.post]):
        return say.SwapRefused(shift=shift_id, why=f"没有可换的人「{name}」，例如：调班 S{shift_id} 周凯")
    other = await roster.by_id(tx, other_id) if other_id else None
    if other_id and (other is None or other.person_id != found[0].id or other.starts_at <= now):
        return say.SwapRefused(shift=shift_id, why=f"S{other_id} 不是 {name} 将来的班次")
    await roster.add_swap(tx, now, s.id, other_id, who.id, found[0].id, "swap", "offered", why)
    await promise(tx, now, f"S{s.id}", say.SwapOffer, person=found[0].id, again=f":{now:%m%d%H%M%S}")
    await log.append(tx, now, who.id, "swap.offered", f"S{s.id}", f"→ {name} {why}".strip())
    return say.SwapAsked(shift=s.id, other=name)


async def agree(tx: Tx, who: Actor, now: datetime, shift_id: int, *, yes: bool) -> Notice:
    """Answer a swap: the other person first, then the leader; only the leader's 同意 moves a shift."""
    s = await roster.swap_of(tx, shift_id)
    if s is None:
        return base.NotFound(number=f"S{shift_id}", example="同意 S31")
    if s.state == "offered" and who.id == s.to_id:
        return await _consent(tx, who, now, s, yes=yes)
    if s.state == "accepted" or (s.kind == "cover" and s.state == "effective"):
        if refused := refuse(who, "批准调班", Role.LEADER, Role.ADMIN):
            return refused
        if who.id in (s.from_id, s.to_id) and not who.has(Role.ADMIN):
            return say.SwapRefused(shift=shift_id, why="不能批准自己的调班")
        return await _decide(tx, who, now, s, yes=yes)
    return say.SwapRefused(shift=shift_id, why="没有等您答复的调班")


async def _consent(tx: Tx, who: Actor, now: datetime, s: Swap, *, yes: bool) -> Notice:
    await roster.decide_swap(tx, now, s.id, "accepted" if yes else "declined", who.id)
    await card.touch(tx, now, f"S{s.shift_id}", [say.SwapOffer.card])
    await log.append(tx, now, who.id, "swap.accepted" if yes else "swap.declined", f"S{s.shift_id}")
    if yes:
        for leader in await duty.leaders_to_tell(tx, now):
            await promise(tx, now, f"S{s.shift_id}", say.SwapOffer, person=leader.id, again=f":{s.id}")
    return await _told(
        tx, now, s, "对方已同意，待带班领导批准" if yes else "对方不同意，班次不变", who, tell=not yes
    )


async def _decide(tx: Tx, who: Actor, now: datetime, s: Swap, *, yes: bool) -> Notice:
    cover = s.kind == "cover"
    if yes and not cover and not await _stands(tx, now, s):
        await roster.decide_swap(tx, now, s.id, "refused", who.id)
        await card.touch(tx, now, f"S{s.shift_id}", [say.SwapOffer.card])
        return say.SwapRefused(shift=s.shift_id, why="班次已变动，没有批准，请重新申请：调班")
    await roster.decide_swap(tx, now, s.id, "approved" if yes else "refused", who.id)
    if yes and not cover:
        await _move(tx, now, s)
    await card.touch(tx, now, f"S{s.shift_id}", [say.SwapOffer.card])
    await log.append(tx, now, who.id, "swap.approved" if yes else "swap.refused", f"S{s.shift_id}")
    words = {True: "已批准生效", False: "领导不同意，班次不变"}
    covered = {True: "顶班已补批", False: "顶班未获补批，请与带班领导联系"}
    return await _told(tx, now, s, (covered if cover else words)[yes], who, tell=True)


async def _told(tx: Tx, now: datetime, s: Swap, outcome: str, by: Actor, *, tell: bool) -> Notice:
    names = await people.by_ids(tx, [s.from_id, s.to_id])
    shift = await roster.any_by_id(tx, s.shift_id)
    notice = say.SwapDecided(
        shift=s.shift_id,
        post=shift.post.word,
        starts_at=shift.starts_at,
        from_name=names[s.from_id].name,
        to_name=names[s.to_id].name,
        outcome=outcome,
        by=by.name,
    )
    for person in {s.from_id, s.to_id} - {by.id} if tell else {s.from_id} - {by.id}:
        await outbox.say(tx, now, notice, person=person, subject=f"S{s.shift_id}")
    return notice


async def _stands(tx: Tx, now: datetime, s: Swap) -> bool:
    """Return True while both shifts are still as they were offered and have not begun."""
    own = await roster.by_id(tx, s.shift_id)
    other = await roster.by_id(tx, s.other_shift_id) if s.other_shift_id else None
    if own is None or own.person_id != s.from_id or own.starts_at <= now:
        return False
    return s.other_shift_id is None or (
        other is not None and other.person_id == s.to_id and other.starts_at > now
    )


async def _move(tx: Tx, now: datetime, s: Swap) -> None:
    shift = await roster.by_id(tx, s.shift_id)
    other = await roster.by_id(tx, s.other_shift_id) if s.other_shift_id else None
    if shift is not None:
        await _give(tx, now, shift, s.to_id, "swap")
    if other is not None:
        await _give(tx, now, other, s.from_id, "swap")


async def _give(tx: Tx, now: datetime, shift: Shift, person: int, source: str) -> Shift | None:
    """Replace a shift by the same one for another person; the rotation is not touched."""
    await roster.replace_shift(tx, shift.id)
    await clear_deadlines(tx, now, "shift", f"S{shift.id}")
    key = await roster.add_shift(tx, shift.post, person, shift.starts_at, shift.ends_at, source)
    fresh = await roster.by_id(tx, key)
    if fresh is not None:
        await plan_prompts(tx, fresh, now)
    return fresh


async def cover(tx: Tx, who: Actor, now: datetime, shift_id: int | None, why: str = "") -> Notice:
    """我来顶: take a running or coming shift at once; the leader approves after."""
    if refused := refuse(who, "我来顶", *SWAPPERS):
        return refused
    s = await roster.by_id(tx, shift_id) if shift_id else await _to_cover(tx, who, now)
    if s is None or s.ends_at <= now:
        return base.WrongForm(why="没有找到要顶的班次。", example="我来顶 S31 家里有急事")
    if not who.has(*FIT[s.post]) or s.person_id == who.id:
        return say.SwapRefused(shift=s.id, why="您不能顶这个岗位")
    taken_from = s.person_id
    await roster.add_swap(tx, now, s.id, None, taken_from, who.id, "cover", "effective", why)
    fresh = await _give(tx, now, s, who.id, "cover")
    watch = await roster.watch(tx)
    if s.post is Post.OFFICER and s.starts_at <= now and watch and watch.person_id == taken_from:
        await roster.take_watch(tx, now, who.id, fresh.id if fresh else None)
    for leader in await duty.leaders_to_tell(tx, now):
        if leader.id != who.id:
            await promise(tx, now, f"S{s.id}", say.SwapOffer, person=leader.id, again=":cover")
    await log.append(tx, now, who.id, "cover", f"S{s.id}", why)
    notice = say.Covered(
        shift=fresh.id if fresh else s.id, post=s.post.word, name=who.name, instead_of=s.name, at=now
    )
    await outbox.say(tx, now, notice, person=taken_from, subject=f"S{s.id}")
    return notice


async def _to_cover(tx: Tx, who: Actor, now: datetime) -> Shift | None:
    post = Post.LEADER if who.has(Role.LEADER) and not who.has(Role.OFFICER) else Post.OFFICER
    running = [s for s in await roster.at(tx, now) if s.post is post]
    coming = await roster.next_of(tx, post, now)
    return next((s for s in [*running, *([coming] if coming else [])] if s.person_id != who.id), None)


async def void(tx: Tx, now: datetime, shift_id: int) -> None:
    """Put away the open swaps of a shift that has changed hands otherwise."""
    del tx, now, shift_id


async def waiting_for(tx: Tx, who: Actor) -> list[int]:
    """Return the shifts whose swap waits for this person's 同意."""
    return await roster.open_swaps(tx, who.id, decides=who.has(Role.LEADER, Role.ADMIN))

"""Who is responsible at this instant (P1): the watch moves by signature only, leaders follow the roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.actor import Actor
from domain.people import Role
from domain.roster import Post
from domain.roster_check import Wrong
from storage import finding, log, people, roster
from storage.database import Tx
from storage.roster import Shift, Watch

NEAR = timedelta(hours=36)
"""A shift that begins within this time is the one a handover leads to."""


@dataclass(frozen=True)
class Responsible:
    """A person on duty: name and phone for others, key for us."""

    id: int
    name: str
    phone: str


async def officer_now(tx: Tx, now: datetime) -> Responsible | None:
    """Return the officer who holds the watch; before the first handover, the one rostered now."""
    watch = await roster.watch(tx)
    if watch is not None:
        return Responsible(watch.person_id, watch.name, watch.phone)
    rostered = await on_post(tx, now, Post.OFFICER)
    return rostered[0] if rostered else None


async def on_post(tx: Tx, now: datetime, post: Post) -> list[Responsible]:
    """Return who is rostered on a post now; somebody deactivated since is there no more."""
    return [
        Responsible(s.person_id, s.name, s.phone)
        for s in await roster.at(tx, now)
        if s.post is post and await people.is_active(tx, s.person_id)
    ]


async def officers_to_tell(tx: Tx, now: datetime) -> list[Responsible]:
    """Return the officer on watch, else every officer: a message is never without a reader."""
    officer = await officer_now(tx, now)
    return [officer] if officer else await _all(tx, Role.OFFICER)


async def leaders_to_tell(tx: Tx, now: datetime) -> list[Responsible]:
    """Return the leaders rostered now, else every leader."""
    return await on_post(tx, now, Post.LEADER) or await _all(tx, Role.LEADER)


async def deputies_and_admins(tx: Tx, now: datetime) -> list[Responsible]:
    """Return the deputies on duty and the admins."""
    admins = await _all(tx, Role.ADMIN)
    return list(dict.fromkeys([*await on_post(tx, now, Post.DEPUTY), *admins]))


async def admins(tx: Tx) -> list[Responsible]:
    """Return the admins."""
    return await _all(tx, Role.ADMIN)


async def superiors(tx: Tx) -> list[Responsible]:
    """Return the people of the duty room above."""
    return await _all(tx, Role.SUPERIOR)


async def _all(tx: Tx, role: Role) -> list[Responsible]:
    return [Responsible(a.id, a.name, a.phone) for a in await people.with_role(tx, role)]


async def stand_ins(tx: Tx, now: datetime, absent: Actor) -> list[Responsible]:
    """Return who gets what cannot reach a person on duty: somebody who may act on it and can be written to."""
    if absent.has(Role.OFFICER, Role.DEPUTY):
        groups = [
            await on_post(tx, now, Post.DEPUTY),
            await _all(tx, Role.OFFICER),
            await _all(tx, Role.LEADER),
        ]
    elif absent.has(Role.LEADER):
        groups = [await _all(tx, Role.LEADER), await officers_to_tell(tx, now)]
    else:
        return []
    for group in [*groups, await admins(tx)]:
        within = await people.reachable(tx, [p.id for p in group if p.id != absent.id])
        if found := [p for p in group if p.id in within]:
            return found
    return []


async def first_watch(tx: Tx, now: datetime) -> None:
    """Where nobody holds the watch yet, the officer rostered now holds it; later it moves by signature only."""
    if await roster.watch(tx) is not None:
        return
    for shift in await roster.at(tx, now):
        if shift.post is Post.OFFICER:
            await roster.take_watch(tx, now, shift.person_id, shift.id)
            await log.append(tx, now, shift.person_id, "watch.first", f"S{shift.id}")
            return


async def incoming_shift(tx: Tx, now: datetime) -> Shift | None:
    """Return the officer's shift that comes after the one whose officer holds the watch: begun already, or next."""
    return await incoming_beside(tx, now, await roster.watch(tx), await roster.at(tx, now))


async def incoming_beside(
    tx: Tx, now: datetime, watch: Watch | None, running: Sequence[Shift]
) -> Shift | None:
    """Return the same, where the watch and the shifts that run now are at hand."""
    held = await roster.any_by_id(tx, watch.shift_id) if watch and watch.shift_id else None
    begun = [s for s in running if s.post is Post.OFFICER]
    if watch is not None:
        begun = [s for s in begun if _after(s, watch, held)]
    if begun:
        return begun[0]
    coming = await roster.next_of(tx, Post.OFFICER, max(now, held.starts_at) if held else now)
    if coming is None or coming.starts_at - now > NEAR:
        return None
    return None if await _open_before(tx, held.ends_at if held else now, coming.starts_at) else coming


async def _open_before(tx: Tx, start: datetime, end: datetime) -> bool:
    """Return True if the officer's post is known to be open between two shifts: nobody is next then (P1)."""
    gaps = [o.finding for o in await finding.standing(tx) if o.finding.kind is Wrong.GAP]
    return any(g.post is Post.OFFICER and g.starts_at < end and g.ends_at > start for g in gaps)


def _after(s: Shift, watch: Watch, held: Shift | None) -> bool:
    """Return True if a shift that has begun is not the watch's own: a later one, or given to somebody else since."""
    if held is None:
        return s.person_id != watch.person_id
    return s.starts_at > held.starts_at or (s.starts_at == held.starts_at and s.person_id != watch.person_id)

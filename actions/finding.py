"""What is wrong with the roster ahead is looked for daily and at each change; whoever must act is told once (P1)."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from actions import duty
from actions.deadline import step
from actions.slot import bounds, slots, stamp
from domain.notices import roster as say
from domain.roster_check import Finding, OnLeave, People, Standing, Wrong, check
from storage import finding, leave, log, outbox, people, roster
from storage.database import Tx
from storage.deadline import Deadline, set_deadline
from storage.finding import Open

SHOWN = 10


async def look(tx: Tx, now: datetime) -> list[Finding]:
    """Return what is wrong from now to the end of the look-ahead, in order; what is past already is left out."""
    ends = now + tx.rules.roster.look_ahead
    today, last = now.astimezone(tx.zone).date(), ends.astimezone(tx.zone).date()
    wanted = [s for s in await slots(tx, today - timedelta(days=1), last) if s.ends_at > now]
    shifts = await roster.during(tx, now, bounds(tx, last)[1] + timedelta(days=1))
    standing = [Standing(s.post, s.person_id, s.starts_at, s.ends_at) for s in shifts]
    found = check(wanted, standing, await _people(tx, now, [s.person_id for s in shifts]), tx.zone)
    return [f for f in found if f.ends_at > now and f.starts_at < ends]


async def _people(tx: Tx, now: datetime, ids: Collection[int]) -> People:
    today = now.astimezone(tx.zone).date()
    known = await people.active_ids(tx)
    away = await leave.granted(tx, today - timedelta(days=1), today + timedelta(days=400))
    return People(
        left={person for person in ids if person not in known},
        unreachable=await people.unreachable_ids(tx),
        leaves=[OnLeave(x.person_id, x.first, x.last) for x in away],
    )


async def refresh(tx: Tx, now: datetime) -> list[Finding]:
    """Open what is newly wrong and tell of it, close what is mended; return all that stands."""
    found = await look(tx, now)
    standing = await finding.standing(tx)
    stands = {_mark(f) for f in found}
    await finding.close(tx, now, [o.id for o in standing if _mark(o.finding) not in stands])
    known = {_mark(o.finding) for o in standing}
    fresh = [f for f in found if _mark(f) not in known]
    if fresh:
        begun = [f for f in fresh if f.kind is Wrong.GAP and f.starts_at <= now]
        ahead = [f for f in fresh if f not in begun]
        told = True
        if begun:
            told = await _tell(tx, now, begun, fresh=True, now_open=True)
        if ahead:
            told = await _tell(tx, now, ahead, fresh=True)
        await finding.add(tx, now, fresh, told=told)
        for one in fresh:
            if one.kind is Wrong.GAP and one.starts_at > now:
                await set_deadline(tx, "gap", stamp(tx, one.starts_at), "open", one.starts_at)
        await log.append(tx, now, None, "roster.gaps", "", _summary(fresh))
    return found


def _mark(f: Finding) -> tuple[object, ...]:
    """Return what makes a finding the same one while time goes on: its end, and whose or which post it is."""
    return f.kind, f.post, f.person_id, f.ends_at, f.missing


def _summary(found: Sequence[Finding]) -> str:
    counts = {kind: sum(f.kind is kind for f in found) for kind in Wrong}
    return "、".join(f"{kind.value} {count}" for kind, count in counts.items() if count)


async def daily(tx: Tx, now: datetime) -> list[Finding]:
    """The daily look: what is new is told as such, what stands is told again once a day."""
    before = {_mark(o.finding) for o in await finding.standing(tx)}
    found = await refresh(tx, now)
    if old := [f for f in found if _mark(f) in before]:
        await _tell(tx, now, old, fresh=False, key=f"findings:{now.astimezone(tx.zone):%Y%m%d}")
    return found


async def _tell(
    tx: Tx, now: datetime, found: Sequence[Finding], *, fresh: bool, key: str = "", now_open: bool = False
) -> bool:
    """Tell the leaders on duty and the admins; return False when there is nobody to be told."""
    names = await people.by_ids(tx, [f.person_id for f in found if f.person_id])
    notice = say.Findings(
        lines=tuple(
            say.FindingLine(
                wrong=f.kind.value,
                post=f.post.word,
                name=names[f.person_id].name if f.person_id in names else "",
                starts_at=f.starts_at,
                ends_at=f.ends_at,
                missing=f.missing,
            )
            for f in found[:SHOWN]
        ),
        more=max(0, len(found) - SHOWN),
        fresh=fresh,
        now_open=now_open,
    )
    readers = {p.id for p in [*await duty.admins(tx), *await duty.leaders_to_tell(tx, now)]}
    for reader in sorted(readers):
        await outbox.say(tx, now, notice, person=reader, key=f"{key}:{reader}" if key else None)
    return bool(readers)


@step("gap")
async def begins(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """When an open post is not filled by its beginning, the leaders and admins are told again, at once."""
    await refresh(tx, now)
    gaps = [
        o for o in await finding.standing(tx) if o.finding.kind is Wrong.GAP and o.finding.starts_at <= now
    ]
    if gaps:
        key = f"gap:{deadline.subject}"
        await _tell(tx, now, [o.finding for o in gaps], fresh=False, key=key, now_open=True)


async def open_gaps(tx: Tx) -> list[Open]:
    """Return the required posts known to be open, ahead or now."""
    return [o for o in await finding.standing(tx) if o.finding.kind is Wrong.GAP]

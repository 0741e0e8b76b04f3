"""通道: fallback channels of people and units, and the warnings that go out by them (product.md §6)."""

import difflib
from collections.abc import Collection
from datetime import datetime

from actions import duty, link
from actions.authority import refuse
from actions.callout_views import SHOWN, head, mine
from actions.view import Asked, view
from domain.actor import Actor
from domain.address import is_local
from domain.channel import Add, Delete, ShowAll, Try, Wish
from domain.notice import Notice, Priority
from domain.notices import channel as say
from domain.people import Role
from storage import bulletin, callout, channel, log, outbox, people
from storage.bulletin import Bulletin
from storage.channel import Owner, Promise
from storage.database import Tx
from storage.outbox import Sending

LISTED = 40
FIRST = "order"
TO_B = "tell_b"
"""The steps that carry the warning itself, to the A-role and to the B-role; the others urge."""
TOLD_EVERY = 600
"""Seconds: failed channels are told together, not one by one."""


async def answer(tx: Tx, who: Actor, now: datetime, wish: Wish, base: str) -> Notice:
    """Add, list, end or try channels; `base`: the pages' address, of which links are made."""
    if refused := refuse(who, "通道", Role.ADMIN):
        return refused
    if isinstance(wish, ShowAll) and not wish.target:
        return await _listing(tx, "", None)
    owner = await _owner(tx, wish.target)
    if isinstance(owner, Notice):
        return owner
    match wish:
        case ShowAll():
            return await _listing(tx, wish.target, owner)
        case Add():
            return await _add(tx, who, now, owner, wish, base)
        case Delete():
            return await _end(tx, who, now, owner, wish.name)
        case Try():
            return await _try(tx, who, now, owner)


async def _owner(tx: Tx, target: str) -> Owner | say.NoTarget:
    everybody = await people.everybody(tx)
    found = [Owner(a.name, person_id=a.id) for a in everybody if target in (a.name, a.phone)]
    units = await people.all_units(tx)
    if not found and target in units:
        found = [Owner(target, unit_id=units[target].id)]
    if len(found) == 1:
        return found[0]
    near = difflib.get_close_matches(target, [*(a.name for a in everybody), *units], n=3, cutoff=0.4)
    return say.NoTarget(target=target, near=() if found else tuple(near), several=len(found))


async def _listing(tx: Tx, target: str, owner: Owner | None) -> Notice:
    from actions.channel_address import read_address  # noqa: PLC0415 - Apprise is loaded with the first channel

    found = await channel.in_force(tx, owner)
    lines = []
    for c in found[:LISTED]:
        address = read_address(c.url)
        lines.append(say.Line(target=c.owner, name=c.name, where=address.where if address else "…"))
    return say.Channels(target=target, lines=tuple(lines), more=max(0, len(found) - LISTED))


async def _add(tx: Tx, who: Actor, now: datetime, owner: Owner, wish: Add, base: str) -> Notice:
    from actions.channel_address import read_address  # noqa: PLC0415 - as above

    address = read_address(wish.url)
    if address is None:
        return say.WrongAddress(target=owner.name, name=wish.name)
    replaced = await channel.end(tx, now, owner, wish.name)
    await channel.add(tx, now, owner, wish.name, wish.url, who.id)
    await log.append(tx, now, who.id, "channel.added", "", f"{owner.name} {wish.name} {address.where}")
    return say.Added(
        target=owner.name,
        name=wish.name,
        where=address.where,
        replaced=replaced > 0,
        unit=owner.unit_id is not None,
        local=is_local(base),
        at=now,
    )


async def _end(tx: Tx, who: Actor, now: datetime, owner: Owner, name: str) -> Notice:
    if not await channel.end(tx, now, owner, name):
        names = tuple(c.name for c in await channel.in_force(tx, owner))
        return say.NoChannel(target=owner.name, name=name, names=names)
    await log.append(tx, now, who.id, "channel.ended", "", f"{owner.name} {name}")
    return say.Removed(target=owner.name, name=name, at=now)


async def _try(tx: Tx, who: Actor, now: datetime, owner: Owner) -> Notice:
    found = await channel.in_force(tx, owner)
    if not found:
        return say.NoChannel(target=owner.name, name="", names=())
    for c in found:
        trial = say.Trial(
            channel=c.id,
            by=who.id,
            target=owner.name,
            name=c.name,
            room=tx.rules.room.name,
            phone=tx.rules.room.phone,
            at=now,
        )
        await outbox.say(tx, now, trial, person=who.id)
    await log.append(tx, now, who.id, "channel.tried", "", owner.name)
    return say.Trying(target=owner.name, names=tuple(c.name for c in found))


async def reach(
    tx: Tx, now: datetime, b: Bulletin, wanted: Collection[int], *, step: str, late_minutes: int | None = None
) -> int:
    """Promise a warning by every channel of these people, once per channel and `step`; return how many are new.

    `step`: FIRST for the warning itself, else the rung of the ladder that found them silent.
    """
    to = set(wanted)
    rows = [
        Promise(
            f"{say.ByChannel.kind()}:{b.number}:P{person}:C{key}:{step}",
            person,
            {"channel": key, "step": step, "late_minutes": late_minutes},
        )
        for person, key in await channel.of_people(tx)
        if person in to
    ]
    urgent = b.colour in ("红", "橙") and b.action != "cancel"
    priority = Priority.LIFE if urgent else Priority.LADDER
    return await channel.promise(tx, now, say.ByChannel.kind(), b.number, priority, rows) if rows else 0


async def reach_unbound(tx: Tx, now: datetime, b: Bulletin) -> int:
    """Promise a warning that was just dispatched to those who have no account to get it by."""
    return await reach(tx, now, b, await channel.silent(tx, b.id, unbound=True), step=FIRST)


async def urge(tx: Tx, now: datetime, b: Bulletin, late: int | None, *, stand_ins: bool = False) -> int:
    """Promise a warning to silent A-roles; to their B-roles, which have just been told."""
    silent = await channel.silent(tx, b.id, stand_ins=stand_ins)
    return await reach(tx, now, b, silent, step=TO_B if stand_ins else "remind", late_minutes=late)


@view(say.ByChannel)
async def by_channel(tx: Tx, asked: Asked) -> say.ByChannel | None:
    """Return the text with a fresh link, unless its reader has nothing open any more.

    The sender gives the pages' address as `base`; the link's token stands in no row.
    """
    b = await bulletin.by_id(tx, asked.number)
    who = await people.by_id(tx, asked.person_id) if asked.person_id else None
    if b is None or who is None or b.state != "live":
        return None
    duties = mine(await callout.of_person(tx, b.id, who.id), who.id)
    step = asked.data.get("step")
    urging = step not in (FIRST, TO_B)
    waiting = [
        c
        for c in duties
        if (c.acked_at is None or (c.passed_at is None and not urging)) and (step != TO_B or c.a_id != who.id)
    ]
    if not waiting:
        return None
    token = await link.make(tx, asked.now, b.id, who.id)
    return say.ByChannel(
        head=head(b),
        raw=b.raw,
        advice=b.advice,
        name=who.name,
        units=tuple(c.unit for c in waiting),
        as_b=all(c.a_id != who.id for c in waiting),
        urging=urging,
        url=f"{asked.data['base']}/a/{token}",
        room=tx.rules.room.name,
        phone=tx.rules.room.phone,
        late_minutes=asked.data.get("late_minutes"),
        again=bool(asked.data.get("again")),
    )


async def arrived(tx: Tx, now: datetime, row: Sending, name: str) -> None:
    """A gateway took it: a trial is answered; a warning's clock runs from here, and the log says so."""
    if row.kind == say.Trial.kind():
        await _tried(tx, now, row, arrived=True)
    elif row.person_id is not None:
        if row.kind == say.ByChannel.kind():
            await callout.delivered(tx, now, int(row.subject[1:]), [row.person_id])
        await log.append(tx, now, row.person_id, "channel.sent", row.subject, name)


async def failed(tx: Tx, now: datetime, row: Sending, name: str, why: str) -> None:
    """A gateway did not take it, for good: whoever asked, or the officer, is told."""
    if row.kind == say.Trial.kind():
        await _tried(tx, now, row, arrived=False, why=why)
        return
    await log.append(tx, now, row.person_id, "channel.failed", row.subject, f"{name}：{why}")
    if row.kind != say.ByChannel.kind():
        return
    before = await channel.failures(tx, row.subject)
    if sum((f.person_id, f.channel_id) == (row.person_id, row.data["channel"]) for f in before) > 1:
        return  # told when it failed first
    slot = int(now.timestamp()) // TOLD_EVERY
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say_live(
            tx,
            now,
            say.Failed,
            row.subject,
            person=officer.id,
            key=f"{say.Failed.kind()}:{row.subject}:P{officer.id}:{slot}",
            data={},
        )


async def _tried(tx: Tx, now: datetime, row: Sending, *, arrived: bool, why: str = "") -> None:
    asked = say.Trial.model_validate(row.data)
    result = say.TrialResult(target=asked.target, name=asked.name, arrived=arrived, why=why, at=now)
    await outbox.say(tx, now, result, person=asked.by)


@view(say.Failed)
async def failures(tx: Tx, asked: Asked) -> say.Failed | None:
    """Return whom the channels did not reach and who has not answered otherwise."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.state != "live":
        return None
    silent = await callout.silent(tx, b.id)
    unheard = {p for c in silent for p in (c.a_id, c.b_id) if p}
    last = {(f.person_id, f.channel_id): f for f in await channel.failures(tx, b.number)}
    found = [f for f in last.values() if f.person_id in unheard]
    if not found:
        return None
    known = await people.by_ids(tx, [f.person_id for f in found])
    names = {c.id: c.name for c in await channel.in_force(tx, ids=[f.channel_id for f in found])}
    lines = tuple(
        say.Failure(
            name=known[f.person_id].name,
            phone=known[f.person_id].phone,
            channel=names.get(f.channel_id, ""),
            why=f.why,
        )
        for f in found[:SHOWN]
    )
    return say.Failed(head=head(b), lines=lines, more=max(0, len(found) - SHOWN))

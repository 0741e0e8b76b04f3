"""Answers to a warning: 收到, 已传达, and calls entered by the officer. Each is recorded once, for its person."""

from datetime import datetime

from actions.authority import refuse
from actions.callout_views import late_minutes, mine, successor
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import callout as say
from domain.people import Role
from storage import bulletin, callout, card, log, people
from storage.bulletin import Bulletin
from storage.callout import Contact
from storage.database import Tx

COUNTED = (say.Progress.card, say.CallList.card, say.LeaderAlarm.card)


async def _duties(tx: Tx, who: Actor, number: int) -> tuple[Bulletin, list[Contact]] | Notice:
    b = await bulletin.by_id(tx, number)
    if b is None or b.state in ("draft", "discarded"):
        return base.NotFound(number=f"W{number}", example="收到 W12")
    duties = mine(await callout.of_person(tx, b.id, who.id), who.id)
    if not duties:
        return say.NotYours(number=b.number)
    if b.state != "live":
        return say.Superseded(number=b.number, state=b.state, successor=await successor(tx, b))
    return b, duties


async def acknowledge(tx: Tx, who: Actor, now: datetime, number: int, how: str = "press") -> Notice:
    """Record 收到 for every unit this person answers for; the first counts, at any time, with its lateness."""
    found = await _duties(tx, who, number)
    if isinstance(found, Notice):
        return found
    b, duties = found
    new = [c for c in duties if await callout.acknowledge(tx, now, c.id, how, who.id)]
    if not new:
        return await _already(tx, b, duties[0])
    await _recorded(tx, who, now, b, "callout.acked", new)
    fresh = await callout.by_id(tx, new[0].id)
    return say.Acknowledged(
        number=b.number,
        units=tuple(c.unit for c in new),
        at=now,
        late_minutes=late_minutes(tx, fresh, b) if fresh else None,
    )


async def _already(tx: Tx, b: Bulletin, c: Contact) -> Notice:
    by = await people.by_id(tx, c.acked_by) if c.acked_by else None
    return say.AlreadyAcknowledged(
        number=b.number, at=c.acked_at or b.received_at, by=by.name if by else "", how=c.acked_how or ""
    )


async def _recorded(
    tx: Tx, who: Actor, now: datetime, b: Bulletin, act: str, contacts: list[Contact], note: str = ""
) -> None:
    units = "、".join(c.unit for c in contacts)
    await log.append(tx, now, who.id, act, b.number, f"{units} {note}".strip())
    await card.touch(tx, now, b.number, COUNTED)
    for person in {p for c in contacts for p in (c.a_id, c.b_id) if p}:
        await card.touch(tx, now, b.number, [say.Order.card], person=person)


async def pass_on(
    tx: Tx, who: Actor, now: datetime, number: int, note: str = "", how: str = "press"
) -> Notice:
    """Record 已传达 (with channel and households as typed); it acknowledges too, if that was still open."""
    found = await _duties(tx, who, number)
    if isinstance(found, Notice):
        return found
    b, duties = found
    new = [c for c in duties if await callout.pass_on(tx, now, c.id, who.id, note)]
    if not new:
        return say.AlreadyPassedOn(number=b.number, at=duties[0].passed_at or now)
    acked = [c for c in new if await callout.acknowledge(tx, now, c.id, how, who.id)]
    if acked:
        await _recorded(tx, who, now, b, "callout.acked", acked)
    await _recorded(tx, who, now, b, "callout.passed", new, note)
    return say.PassedOn(number=b.number, units=tuple(c.unit for c in new), note=note, at=now)


async def called(
    tx: Tx, who: Actor, now: datetime, contact_id: int, *, reached: bool, spoke_with: str = ""
) -> Notice:
    """Record the officer's call to a contact: who answered, the number, the time; 已叫应 acknowledges by phone."""
    if refused := refuse(who, "电话叫应", Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return refused
    c = await callout.by_id(tx, contact_id)
    b = await bulletin.by_id(tx, c.bulletin_id) if c else None
    if c is None or b is None:
        return base.StaleButton()
    if b.state != "live":
        return say.Superseded(number=b.number, state=b.state, successor=await successor(tx, b))
    if c.acked_at is not None:
        return await _already(tx, b, c)
    name = spoke_with or c.a_name
    phone = (c.b_phone or "") if name == c.b_name else c.a_phone
    await callout.add_call(tx, now, c.id, who.id, reached=reached, who=name, number=phone, read_back=False)
    attempts = sum(call.contact_id == c.id for call in await callout.calls(tx, b.id))
    if reached:
        await callout.acknowledge(tx, now, c.id, "phone", c.b_id if name == c.b_name and c.b_id else c.a_id)
    act = "callout.phone" if reached else "callout.phone_silent"
    await _recorded(tx, who, now, b, act, [c], f"{name} {phone} 第{attempts}次")
    return say.Called(
        number=b.number, unit=c.unit, who=name, phone=phone, reached=reached, attempts=attempts, at=now
    )


async def called_by_name(
    tx: Tx, who: Actor, now: datetime, number: int, name: str, *, reached: bool
) -> Notice:
    """Record a call by the name or unit of a silent contact, as typed."""
    b = await bulletin.by_id(tx, number)
    if b is None:
        return base.NotFound(number=f"W{number}", example="电话已叫应 W12 李强")
    silent = await callout.silent(tx, number)
    fits = [c for c in silent if name in (c.a_name, c.b_name, c.unit)] or [
        c for c in silent if name and (name in c.unit or name in c.a_name)
    ]
    if len(fits) != 1:
        options = tuple(f"{c.unit}" for c in (fits or silent)[:8])
        return say.CallAmbiguous(number=b.number, name=name, options=options)
    spoke = name if name in (fits[0].a_name, fits[0].b_name) else ""
    return await called(tx, who, now, fits[0].id, reached=reached, spoke_with=spoke)


async def waiting_for(tx: Tx, who: Actor, *, passing: bool) -> list[int]:
    """Return the live bulletins that wait for this person's 收到 (or 已传达), newest first."""
    waiting = []
    for number in await callout.owed_by(tx, who.id):
        duties = mine(await callout.of_person(tx, number, who.id), who.id)
        if any((c.passed_at if passing else c.acked_at) is None for c in duties):
            waiting.append(number)
    return waiting

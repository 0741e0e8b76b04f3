"""Answers to a warning: 收到, 已传达, 无法传达. Each is recorded once, for its person, at any time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from actions import duty
from actions.callout_ladder import close
from actions.callout_views import GLANCE, head, late_minutes, late_passing, mine, superseded
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import callout as say
from domain.passing import read_passing
from storage import bulletin, callout, card, draft, log, outbox, people
from storage.bulletin import Bulletin
from storage.callout import Contact
from storage.database import Tx

NOTE = 200
"""Characters kept of a note to 已传达 or a reason of 无法传达: it stands on a card beside the verbatim text."""
WHY = "why-asked"
"""Drafts of this kind say of which warning a person was asked why it cannot be passed on."""
COUNTED = (say.Progress.card, say.CallList.card, say.LeaderAlarm.card)


async def _duties(tx: Tx, who: Actor, number: int, how: str) -> tuple[Bulletin, list[Contact]] | Notice:
    """Return the live bulletin and this person's duties in it, or what to say instead."""
    b = await _sent(tx, number)
    if isinstance(b, Notice):
        return b
    duties = _answerable(await callout.of_person(tx, b.id, who.id), who, how)
    if not duties:
        return say.NotYours(number=b.number, drill=b.drill)
    if b.state != "live":
        return await superseded(tx, b)
    return b, duties


async def _sent(tx: Tx, number: int) -> Bulletin | Notice:
    """Return a bulletin that went out, or that there is none of this number."""
    b = await bulletin.by_id(tx, number)
    if b is None or b.state in ("draft", "discarded", "joined"):
        return base.NotFound(number=f"W{number}", example="收到 W12")
    return b


async def acknowledge(tx: Tx, who: Actor, now: datetime, number: int, how: str = "press") -> Notice:
    """Record 收到 for every unit this person answers for; the first counts, at any time, with its lateness."""
    return (await acknowledge_all(tx, [who], now, number, how))[0]


async def acknowledge_all(
    tx: Tx, readers: Sequence[Actor], now: datetime, number: int, how: str = "press"
) -> list[Notice]:
    """Record the 收到 of several people, each once, and return their answers in order."""
    b = await _sent(tx, number)
    if isinstance(b, Notice):
        return [b for _ in readers]
    theirs = await callout.of_people(tx, b.id, [who.id for who in readers])
    by: dict[int, int] = {}
    new: dict[int, list[Contact]] = {}
    answers: list[Notice] = []
    for who in readers:
        duties = _answerable(theirs[who.id], who, how)
        open_ = [replace(c, acked_at=now) for c in duties if c.acked_at is None and c.id not in by]
        if not duties:
            answers.append(say.NotYours(number=b.number, drill=b.drill))
        elif b.state != "live":
            answers.append(await superseded(tx, b))
        elif open_:
            new[who.id] = open_
            by |= {c.id: who.id for c in open_}
            answers.append(_acknowledged(tx, b, open_, now))
        else:
            await callout.confirm(tx, now, [c.id for c in duties], who.id, how)
            first = duties[0]
            if first.id in by:
                first = replace(first, acked_at=now, acked_how=how, acked_by=by[first.id])
            answers.append(await already(tx, b, first))
    await callout.acknowledge_all(tx, now, how, by)
    await recorded(tx, now, b, "callout.acked", new)
    if new:
        await close_if_done(tx, readers[-1], now, b)
    return answers


def _answerable(own: list[Contact], who: Actor, how: str) -> list[Contact]:
    """Return the duties an answer is for; a B-role not told yet may answer by words: it heard in another way."""
    return mine(own, who.id) or (own if how == "text" else [])


def _acknowledged(tx: Tx, b: Bulletin, contacts: Sequence[Contact], now: datetime) -> Notice:
    return say.Acknowledged(
        number=b.number,
        units=tuple(c.unit for c in contacts),
        at=now,
        late_minutes=late_minutes(tx, contacts[0], b),
        drill=b.drill,
    )


async def already(tx: Tx, b: Bulletin, c: Contact) -> Notice:
    """Return by whom and when a contact had been acknowledged."""
    by = await people.by_id(tx, c.acked_by) if c.acked_by else None
    return say.AlreadyAcknowledged(
        number=b.number,
        at=c.acked_at or b.received_at,
        by=by.name if by else "",
        how=c.acked_how or "",
        drill=b.drill,
    )


async def recorded(
    tx: Tx, now: datetime, b: Bulletin, act: str, done: Mapping[int, Sequence[Contact]], note: str = ""
) -> None:
    """Log what each person did for these contacts, let villages be proven by their grids, mark the cards."""
    if not done:
        return
    entries = [
        log.New(who, act, b.number, f"{'、'.join(c.unit for c in contacts)} {note}".strip())
        for who, contacts in done.items()
    ]
    touched = [c for contacts in done.values() for c in contacts]
    readers = {p for c in touched for p in (c.a_id, c.b_id) if p}
    villages = {c.parent_unit_id for c in touched if c.level == "grid" and c.parent_unit_id}
    if villages:
        proven = await callout.prove(tx, now, b.id, villages)
        entries += [log.New(None, "callout.proven", b.number, f"{name}：所属网格全部应答") for name in proven]
        readers |= await callout.people_of_units(tx, b.id, villages)
    await log.append_all(tx, now, entries)
    await card.touch(tx, now, b.number, COUNTED)
    await card.touch(tx, now, b.number, [say.Order.card], people=readers)


async def pass_on(
    tx: Tx, who: Actor, now: datetime, number: int, note: str = "", how: str = "press"
) -> Notice:
    """Record 已传达 (with channel and households as typed); it acknowledges too, if that was still open.

    A village with grids in the cascade is proven by them: its own word is logged, and counts when they have answered.
    """
    found = await _duties(tx, who, number, how)
    if isinstance(found, Notice):
        return found
    b, duties = found
    await _acknowledge_too(tx, who, now, b, duties, how)
    waiting = await _grids_waiting(tx, b, duties)
    note = note[:NOTE]
    told = read_passing(note)
    ready = [c for c in duties if c.unit_id not in waiting]
    new = [c for c in ready if await callout.pass_on(tx, now, c.id, who.id, note, how, told)]
    if new:
        await recorded(tx, now, b, "callout.passed", {who.id: new}, note)
    claimed = [c for c in duties if c.unit_id in waiting]
    if claimed:
        units = "、".join(c.unit for c in claimed)
        await log.append(tx, now, who.id, "callout.claimed", b.number, f"{units} {note}".strip())
    await close_if_done(tx, who, now, b)
    if claimed and not new:
        silent = [g for c in claimed for g in waiting[c.unit_id] if g.acked_at is None]
        return say.VillageWaits(
            number=b.number,
            units=tuple(c.unit for c in claimed),
            total=sum(len(waiting[c.unit_id]) for c in claimed),
            acked=sum(g.acked_at is not None for c in claimed for g in waiting[c.unit_id]),
            waiting=tuple(f"{g.unit} {g.a_name}" for g in silent[:GLANCE]),
            at=now,
            drill=b.drill,
        )
    if not new:
        return say.AlreadyPassedOn(number=b.number, at=duties[0].passed_at or now, drill=b.drill)
    fresh = await callout.by_id(tx, new[0].id)
    return say.PassedOn(
        number=b.number,
        units=tuple(c.unit for c in new),
        note=note,
        at=now,
        channel=told.channel,
        households=told.households,
        total=told.total,
        late_minutes=late_passing(tx, fresh, b) if fresh else None,
        drill=b.drill,
    )


async def _acknowledge_too(
    tx: Tx, who: Actor, now: datetime, b: Bulletin, duties: list[Contact], how: str
) -> None:
    """An answer to the second duty answers the first, where that was still open or rests on a phone record."""
    open_ = [c for c in duties if c.acked_at is None]
    await callout.acknowledge_all(tx, now, how, {c.id: who.id for c in open_})
    await callout.confirm(tx, now, [c.id for c in duties], who.id, how)
    if open_:
        await recorded(tx, now, b, "callout.acked", {who.id: open_})


async def _grids_waiting(tx: Tx, b: Bulletin, duties: list[Contact]) -> dict[int, list[callout.Below]]:
    """Return the grids of the villages among the duties whose grids have not all answered."""
    found = await callout.below(tx, b.id, [c.unit_id for c in duties if c.level != "grid"])
    return {unit: below for unit, below in found.items() if any(g.acked_at is None for g in below)}


async def cannot_pass(tx: Tx, who: Actor, now: datetime, number: int, why: str, how: str = "press") -> Notice:
    """Record 无法传达 with its reason, tell the officer at once; it acknowledges too, and 已传达 may follow later."""
    found = await _duties(tx, who, number, how)
    if isinstance(found, Notice):
        return found
    b, duties = found
    asked = await draft.newest(tx, who.id, WHY)
    if not why.strip():
        await draft.keep(tx, now, who.id, WHY, b.number)
        return say.WhyNot(number=b.number, drill=b.drill)
    if asked is not None:
        await draft.use(tx, now, asked.id)
    reason = why.strip()[:NOTE]
    await _acknowledge_too(tx, who, now, b, duties, how)
    open_ = [c for c in duties if c.passed_at is None]
    if not open_:
        return say.AlreadyPassedOn(number=b.number, at=duties[0].passed_at or now, drill=b.drill)
    units = tuple(c.unit for c in open_)
    if all(c.cannot_why == reason for c in open_):  # said twice: the officer has heard it
        at = open_[0].cannot_at or now
        return say.CannotRecorded(number=b.number, units=units, why=reason, at=at, drill=b.drill)
    for c in open_:
        await callout.cannot_pass(tx, now, c.id, reason)
    await recorded(tx, now, b, "callout.cannot", {who.id: open_}, reason)
    for officer in await duty.officers_to_tell(tx, now):
        notice = say.CannotPass(head=head(b), units=units, name=who.name, phone=who.phone, why=reason, at=now)
        await outbox.say(tx, now, notice, person=officer.id, subject=b.number)
    return say.CannotRecorded(number=b.number, units=units, why=reason, at=now, drill=b.drill)


async def asked_why(tx: Tx, who: Actor, now: datetime) -> int | None:
    """Return the warning of which this person was asked just before why it cannot be passed on, None for none."""
    number = await draft.asked(tx, now, who.id, WHY)
    return int(number[1:]) if number else None


async def close_if_done(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> None:
    """A cancel that everybody has acknowledged and passed on is closed: the loop is complete (domain.md §3.7)."""
    if b.action != "cancel" or b.state != "live":
        return
    totals = await callout.totals(tx, b.id)
    if all(t.acked == t.total == t.passed for t in totals):
        await close(tx, who.id, now, b, "ended", "解除已逐级收到并传达")


async def waiting_for(tx: Tx, who: Actor, *, passing: bool) -> list[int]:
    """Return the live bulletins that wait for this person's 收到 (or 已传达), newest first."""
    waiting = []
    for number in await callout.owed_by(tx, who.id):
        duties = mine(await callout.of_person(tx, number, who.id), who.id)
        if any((c.passed_at if passing else c.acked_at) is None for c in duties):
            waiting.append(number)
    return waiting

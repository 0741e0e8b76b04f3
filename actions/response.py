"""The response to an incident: partner units told, their 收到 and 到场; reinforcement; the warning it belongs to."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from actions import duty, report_sign
from actions.authority import refuse
from actions.deadline import step
from actions.report_reopen import REOPENED
from actions.response_views import (
    ROOM,
    before_reopening,
    members,
    named,
    partners,
    rows_of,
    to_call,
    units_of,
)
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.answer_words import read_said
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import response as say
from domain.notices.incident import NothingToConfirm
from domain.people import Role, UnitLevel
from storage import bulletin, card, chain, draft, incident, log, outbox, partner, people
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, set_deadline
from storage.incident import Incident
from storage.partner import Member, Partner

LINKERS = (Role.OFFICER, Role.DEPUTY)
BY_PHONE = re.compile(r"^(?:已)?电话(?:告知|通知)?[\s,，:：]*")


async def event_of(
    tx: Tx, who: Actor, now: datetime, number: int | None, word: str, text: str, *, over: bool = False
) -> Incident | say.Which:
    """Return the incident that is meant: by its number, else the only open one; `over`: a closed one will do."""
    found = await incident.in_state(tx, "open")
    if number is None and len(found) == 1:
        return found[0]
    i = await incident.going_on(tx, number) if number is not None else None
    if i is not None and i.state in (("open", "closed") if over else ("open",)):
        return i
    return say.Which(
        word=word,
        number=f"E{number}" if number is not None else None,
        closed_at=i.closed_at if i is not None and i.state == "closed" else None,
        open=tuple((one.number, one.title) for one in found[:8]),
        draft=await draft.keep(tx, now, who.id, "text", f"{word} {text}") if text.strip() else None,
    )


async def _unit_in(tx: Tx, text: str, *levels: UnitLevel) -> tuple[int, str, str] | None:
    """Return (key, name, further words) of the unit at the head of a text: its name, or the one it begins."""
    units = await partner.units_of(tx, *levels)
    said = text.strip()
    whole = max((n for n in units.values() if said.startswith(n)), key=len, default=None)
    first = re.split(r"[\s,，、:：]", said, maxsplit=1)[0]
    fits = [whole] if whole else [n for n in units.values() if len(first) > 1 and n.startswith(first)]
    if len(fits) != 1:
        return None
    key = next(k for k, n in units.items() if n == fits[0])
    return key, fits[0], re.sub(r"^[\s,，:：]+", "", said[len(whole or first) :])


async def _no_unit(tx: Tx, who: Actor, now: datetime, i: Incident, word: str, text: str) -> Notice:
    return say.NoUnit(
        number=i.number,
        word=word,
        units=tuple((await partner.units_of(tx, UnitLevel.PARTNER)).values()),
        draft=await draft.keep(tx, now, who.id, "text", text) if text.strip() else None,
        drill=i.drill,
    )


# --- 联动 -------------------------------------------------------------------------------------------------


async def open_partners(
    tx: Tx, who: Actor, now: datetime, number: int | None, text: str = ""
) -> Notice | list[Notice]:
    """Show the partner units of an incident, or tell those that are named: 联动 E7 消防站、派出所; … 电话."""
    if refused := refuse(who, "联动", *ROOM):
        return refused
    i = await event_of(tx, who, now, number, "联动", text, over=not text.strip())
    if isinstance(i, Notice):
        return i
    if not text.strip():
        return await partners(tx, Asked(i.number, who.id, {}, now)) or base.StaleButton()
    units, words = await _units_in(tx, text)
    ours = await partner.units_of(tx, UnitLevel.PARTNER)
    spoken = BY_PHONE.match(words)
    if not units or (not spoken and any(unit not in ours for unit in units)):
        return await _no_unit(tx, who, now, i, "联动", f"联动 {i.number} {text}")
    if spoken:
        rest = words[spoken.end() :]
        return [await _told_by_phone(tx, who, now, i, unit, rest) for unit in units]
    return [await _tell(tx, who, now, i, unit, words) for unit in units]


async def _units_in(tx: Tx, text: str) -> tuple[list[int], str]:
    """Return the units at the head of a text, each once, and the words behind them."""
    found: list[int] = []
    rest = text.strip()
    while unit := await _unit_in(tx, rest, UnitLevel.PARTNER, UnitLevel.SUPERIOR):
        whole = re.match(rf"{re.escape(unit[1])}(?=$|[\s,，、:：和及])", rest)
        if found and rest.startswith(unit[1]) and not whole:
            break  # 派出所门口集合 names no second unit
        found.append(unit[0])
        rest = re.sub(r"^[\s,，、:：和及]+", "", unit[2])
    return list(dict.fromkeys(found)), rest


async def tell(tx: Tx, who: Actor, now: datetime, number: int, unit_id: int) -> Notice:
    """Tell a unit of an incident with one tap."""
    return await _of_unit(tx, who, now, number, unit_id) or await _tell(
        tx, who, now, await _known(tx, number), unit_id
    )


async def phoned(tx: Tx, who: Actor, now: datetime, number: int, unit_id: int) -> Notice:
    """Record that a unit was told by phone, with one tap."""
    return await _of_unit(tx, who, now, number, unit_id) or await _told_by_phone(
        tx, who, now, await _known(tx, number), unit_id
    )


async def arrived_for(tx: Tx, who: Actor, now: datetime, number: int, unit_id: int) -> Notice:
    """Record a unit's arrival for it, with one tap."""
    if refused := refuse(who, "到场", *ROOM):
        return refused
    i = await _known(tx, number)
    rows = [r for r in await partner.of_incident(tx, i.id) if r.unit_id == unit_id]
    return await _arrive(tx, who, now, i, rows, "", "phone") if rows else base.StaleButton()


async def _known(tx: Tx, number: int) -> Incident:
    i = await incident.going_on(tx, number)
    if i is None:
        raise LookupError(f"E{number} has a button and no row")
    return i


async def _of_unit(tx: Tx, who: Actor, now: datetime, number: int, unit_id: int) -> Notice | None:
    """Return why a unit's button does nothing (any more), None when it may be used."""
    if refused := refuse(who, "联动", *ROOM):
        return refused
    i = await event_of(tx, who, now, number, "联动", "")
    if isinstance(i, Notice):
        return i
    known = await partner.units_of(tx, UnitLevel.PARTNER, UnitLevel.SUPERIOR)
    return None if unit_id in known else base.StaleButton()


async def _row(tx: Tx, i: Incident, unit_id: int, kind: str) -> Partner | None:
    rows = await partner.of_incident(tx, i.id)
    return next((r for r in rows if r.unit_id == unit_id and r.kind == kind), None)


async def _words(tx: Tx, i: Incident) -> str:
    """Return what is known in the newest words that were submitted, else in the first ones.

    A final report of before the incident was opened again says that all is over: the reason of that says more.
    """
    submitted = [r for r in await incident.reports_of(tx, i.id) if r.state in incident.SUBMITTED]
    if submitted and submitted[-1].stage == "final" and (why := await chain.of_act(tx, i.number, REOPENED)):
        return f"{why[-1].text}（{i.raw}）"
    return submitted[-1].raw if submitted else i.raw


async def _tell(tx: Tx, who: Actor, now: datetime, i: Incident, unit_id: int, words: str = "") -> Notice:
    before = await _row(tx, i, unit_id, "told")
    if before is not None and not before_reopening(i, before):
        return _already_told(before)
    unit, readers, call = await _note(tx, who, now, i, unit_id, words, before)
    if not readers:
        return say.NobodyReads(number=i.number, unit=unit, call=call, drill=i.drill)
    return say.Told(number=i.number, unit=unit, names=tuple(m.name for m in readers), at=now, drill=i.drill)


def _already_told(row: Partner) -> say.AlreadyTold:
    return say.AlreadyTold(
        number=f"E{row.incident_id}",
        unit=row.unit,
        by=row.told_by,
        at=row.told_at,
        acked_by=row.acked_by,
        acked_at=row.acked_at,
    )


async def _note(
    tx: Tx, who: Actor, now: datetime, i: Incident, unit_id: int, words: str, before: Partner | None = None
) -> tuple[str, list[Member], str]:
    """Note that a unit is told and write to its people; return its name, who reads it, whom to phone.

    `before`: as it was told before the incident was opened again.
    """
    text = await _words(tx, i) + (f"（{words}）" if words else "")
    if before is None:
        key, again = await partner.add(tx, now, i.id, unit_id, "told", text, who.id), ""
    else:
        key, again = before.id, f":{now.timestamp():.3f}"
        await partner.ask_anew(tx, now, key, text, who.id)
    row = await partner.by_id(tx, key)
    readers, call = await _write_to(tx, now, i, unit_id, key, again)
    unit = row.unit if row else ""
    names = "、".join(m.name for m in readers)
    await log.append(
        tx, now, who.id, "partner.told", i.number, f"{unit} {names or '无人能收消息'}", words=text
    )
    await card.touch(tx, now, i.number)
    return unit, readers, call


async def _write_to(
    tx: Tx, now: datetime, i: Incident, unit_id: int, key: int, again: str
) -> tuple[list[Member], str]:
    """Write to everybody of a unit who can be written to, and set when its silence is noticed."""
    found = await members(tx, now, [unit_id])
    readers = [m for m in found if m.reachable]
    for m in readers:
        await promise(tx, now, i.number, say.Call, person=m.id, again=f":{key}{again}")
    wait = tx.rules.response.partner_call
    await set_deadline(tx, "partner", i.number, f"call-{key}", now + wait, Priority.CLOCK)
    await set_deadline(tx, "partner", i.number, f"leader-{key}", now + 2 * wait, Priority.CLOCK)
    return readers, to_call(found, unit_id)


async def _told_by_phone(
    tx: Tx, who: Actor, now: datetime, i: Incident, unit_id: int, words: str = ""
) -> Notice:
    rows = [r for r in await partner.of_incident(tx, i.id) if r.unit_id == unit_id]
    if all(before_reopening(i, r) for r in rows):
        await _note(tx, who, now, i, unit_id, "", await _row(tx, i, unit_id, "told"))
        rows = [r for r in await partner.of_incident(tx, i.id) if r.unit_id == unit_id]
    taken = await _take(tx, who, now, i, rows, "phone", words)
    if not taken:
        return _already_acked(rows[0])
    return say.PhoneTold(number=i.number, unit=rows[0].unit, by=who.name, at=now, drill=i.drill)


async def _take(
    tx: Tx, who: Actor, now: datetime, i: Incident, rows: Sequence[Partner], how: str, words: str = ""
) -> list[Partner]:
    """Acknowledge what waits for it; return what did."""
    taken = [r for r in rows if await partner.acknowledge(tx, now, r.id, who.id, how)]
    if not taken:
        return []
    steps = [f"{name}-{r.id}" for r in taken for name in ("call", "leader")]
    await clear_deadlines(tx, now, "partner", i.number, steps)
    act = "partner.phoned" if how == "phone" else "partner.acked"
    units = "、".join(dict.fromkeys(r.unit for r in taken))
    await log.append(tx, now, who.id, act, i.number, f"{units} {words}".strip(), how=how)
    await card.touch(tx, now, i.number)
    for r in taken:
        if r.kind == "reinforce":
            notice = say.ReinforceReceived(
                number=i.number, unit=r.unit, text=r.text, by=who.name, at=now, drill=i.drill
            )
            await _tell_room(tx, now, i, notice, but=who.id)
    return taken


def _already_acked(r: Partner) -> say.AlreadyAcked:
    return say.AlreadyAcked(
        number=f"E{r.incident_id}",
        unit=r.unit,
        by=r.acked_by or "",
        at=r.acked_at or r.told_at,
        how=r.acked_how or "",
    )


async def _tell_room(tx: Tx, now: datetime, i: Incident, notice: Notice, *, but: int) -> None:
    readers = [*await duty.officers_to_tell(tx, now), *await duty.leaders_to_tell(tx, now)]
    for person in dict.fromkeys(readers):
        if person.id != but:
            await outbox.say(tx, now, notice, person=person.id, subject=i.number)


async def received(tx: Tx, who: Actor, now: datetime, number: int, how: str) -> list[Notice]:
    """收到 E7: a partner unit has what it was told, the superior the request and the reports that were sent."""
    rows = await rows_of(tx, who, number)
    i = await incident.going_on(tx, number)
    if i is not None and i.id != number:
        rows = [*rows, *await rows_of(tx, who, i.id)]
    answers = [await acknowledge(tx, who, now, number, how)] if rows else []
    if rows and not who.has(Role.SUPERIOR):
        return answers
    confirmed = await report_sign.confirm_newest(tx, who, now, i.id if i is not None else number, how)
    return answers if answers and isinstance(confirmed, NothingToConfirm) else [*answers, confirmed]


async def acknowledge(tx: Tx, who: Actor, now: datetime, number: int, how: str) -> Notice:
    """Record that this person's units have what they were told or asked; the second is told who was first."""
    i = await incident.going_on(tx, number)
    rows = [r for key in {number, i.id} for r in await rows_of(tx, who, key)] if i is not None else []
    if i is None or not rows:
        return say.NotAsked(number=f"E{number}")
    taken = await _take(tx, who, now, i, rows, how)
    if not taken:
        return _already_acked(rows[-1])
    units = "、".join(dict.fromkeys(r.unit for r in taken))
    return say.Acked(number=i.number, unit=units, by=who.name, at=now, drill=i.drill)


async def waiting_for(tx: Tx, who: Actor, *, arrival: bool = False) -> list[int]:
    """Return the open incidents in which this person's units have not acknowledged (arrived) yet."""
    found = await partner.unanswered(tx, await units_of(tx, who), arrival=arrival)
    running = {i.id for i in await incident.in_state(tx, "open")} if found else set()
    return [number for number in found if number in running]


async def arrive(tx: Tx, who: Actor, now: datetime, number: int | None, text: str, how: str) -> Notice:
    """Record that a unit is at the scene: its own people, or officer and leader for it by its name.

    Without a number: the one incident in which this person's units have not arrived yet, else the only open one.
    """
    if number is None:
        waiting = await waiting_for(tx, who, arrival=True)
        number = waiting[0] if len(waiting) == 1 else None
        running = {i.id for i in await incident.in_state(tx, "open")}
        if not who.has(*ROOM) and len(running) > 1 and running.isdisjoint(await _called_to(tx, who)):
            return base.NothingOpen(word="到场")  # which incidents there are is not theirs to know
    i = await event_of(tx, who, now, number, "到场", text, over=True)
    if isinstance(i, Notice):
        return i
    number = i.id
    rows, words = await rows_of(tx, who, number), text.strip()
    unit = await _unit_in(tx, words, UnitLevel.PARTNER, UnitLevel.SUPERIOR)
    room = who.has(*ROOM)
    if unit is not None and (room or unit[0] in {r.unit_id for r in rows}):
        words = unit[2]
        rows = [r for r in await partner.of_incident(tx, number) if r.unit_id == unit[0]]
        if not rows:
            await _note(tx, who, now, i, unit[0], "")
            rows = [r for r in await partner.of_incident(tx, number) if r.unit_id == unit[0]]
        how = how if unit[0] in await units_of(tx, who) else "phone"
    elif not rows and room:
        return await _no_unit(tx, who, now, i, "到场", f"到场 {i.number} {text}")
    return (
        await _arrive(tx, who, now, i, rows, words, how)
        if rows
        else say.NotAsked(number=i.number, drill=i.drill)
    )


async def _called_to(tx: Tx, who: Actor) -> list[int]:
    return await partner.incidents_of(tx, await units_of(tx, who))


async def arrival_said(tx: Tx, who: Actor, now: datetime, text: str, how: str) -> Notice | None:
    """消防站到场了 of officer or leader: a unit called to one open incident is there; None for other words."""
    unit = await _unit_in(tx, text, UnitLevel.PARTNER, UnitLevel.SUPERIOR) if who.has(*ROOM) else None
    said = read_said(unit[2]) if unit and text.startswith(unit[1]) else None
    if unit is None or said is None or said.word != "到场":
        return None
    called = set(await partner.incidents_of(tx, [unit[0]]))
    found = [i.id for i in await incident.in_state(tx, "open") if i.id in called]
    return await arrive(tx, who, now, found[0], f"{unit[1]} {said.more}", how) if len(found) == 1 else None


async def _arrive(
    tx: Tx, who: Actor, now: datetime, i: Incident, rows: Sequence[Partner], words: str, how: str
) -> Notice:
    """A unit that is there has what it was told; a further time only adds words that were not given."""
    await _take(tx, who, now, i, rows, how)
    taken = [r for r in rows if await partner.arrive(tx, now, r.id, who.id, words)]
    unit = "、".join(dict.fromkeys(r.unit for r in taken or rows))
    if not taken:
        return await _arrived_before(tx, who, now, i, rows, words)
    await log.append(tx, now, who.id, "partner.arrived", i.number, f"{unit} {words}".strip())
    await card.touch(tx, now, i.number)
    notice = say.ArrivedForRoom(
        number=i.number, title=i.title, unit=unit, text=words, by=who.name, at=now, drill=i.drill
    )
    await _tell_room(tx, now, i, notice, but=who.id)
    return say.Arrived(number=i.number, unit=unit, text=words, by=who.name, at=now, drill=i.drill)


async def _arrived_before(
    tx: Tx, who: Actor, now: datetime, i: Incident, rows: Sequence[Partner], words: str
) -> Notice:
    silent = [r for r in rows if not r.arrived_text]
    for r in silent if words else []:
        await partner.say_arrival(tx, r.id, words)
        await log.append(tx, now, who.id, "partner.arrived", i.number, f"{r.unit} {words}")
        await card.touch(tx, now, i.number)
    added = bool(words and silent)
    first = rows[0]
    return say.AlreadyArrived(
        number=i.number,
        unit=first.unit,
        text=words if added else first.arrived_text or "",
        by=first.arrived_by or "",
        at=first.arrived_at or now,
        drill=i.drill,
        added=added,
    )


@step("partner")
async def silence(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """A told unit is silent: the officer is told to call it, after twice the time the leader hears it too."""
    name, _, key = deadline.step.partition("-")
    row = await partner.by_id(tx, int(key))
    i = await incident.going_on(tx, row.incident_id) if row else None
    if row is None or i is None or row.acked_at is not None or i.state != "open":
        return
    if name == "call" and now >= row.told_at + 2 * tx.rules.response.partner_call:
        return  # caught up after an absence: the second reminder, due as well, says it to the officer too
    found = await members(tx, now, [row.unit_id])
    to_officers = [(p, False) for p in await duty.officers_to_tell(tx, now)]
    to_leaders = [(p, True) for p in await duty.leaders_to_tell(tx, now)] if name == "leader" else []
    for person, leader in [*to_officers, *to_leaders]:
        notice = say.CallPartner(
            drill=i.drill,
            number=i.number,
            title=i.title,
            unit=row.unit,
            unit_id=row.unit_id,
            request=row.text if row.kind == "reinforce" else "",
            call=to_call(found, row.unit_id),
            told_at=row.told_at,
            leader=leader,
            late_minutes=deadline.late_minutes,
        )
        same = ("unit_id", "leader")
        await outbox.say_newest(tx, now, notice, person=person.id, subject=i.number, same=same)
    await log.append(tx, now, None, f"partner.{name}", i.number, row.unit, late=deadline.late_minutes)


@view(say.CallPartner)
async def still_silent(tx: Tx, asked: Asked) -> say.CallPartner | None:
    """Return the request to call a unit, unless it answered while the request waited to be sent."""
    said = say.CallPartner.model_validate(asked.data)
    told = [p for p in await partner.of_incident(tx, asked.number) if p.unit_id == said.unit_id]
    return said if any(p.acked_at is None for p in told) else None


# --- 申请增援 ---------------------------------------------------------------------------------------------


_TOWARDS = re.compile(r"^(?:向|请|找|跟|让|从)\s*")
_ASKS = re.compile(r"^(?:再|增派|加派|申请|支援|派|要|调|借)+\s*(?=\S)")
"""Words around the unit that is asked: 向消防站要云梯车1台."""


async def reinforce(tx: Tx, who: Actor, now: datetime, number: int | None, text: str) -> Notice:
    """Ask the superior, or a partner unit that is named, for something: at once, and the leader hears it."""
    if refused := refuse(who, "申请增援", *ROOM):
        return refused
    i = await event_of(tx, who, now, number, "申请增援", text)
    if isinstance(i, Notice):
        return i
    unit = await _unit_in(tx, _TOWARDS.sub("", text.strip()), UnitLevel.PARTNER, UnitLevel.SUPERIOR)
    unit_id, words = (unit[0], _ASKS.sub("", unit[2])) if unit else (await _above(tx), text.strip())
    if not words:
        return base.WrongForm(
            why="请写要什么、送到哪里，没有发出。", example=f"申请增援 {i.number} 排水泵2台 送柳湾地道"
        )
    before = await _row(tx, i, unit_id, "reinforce")
    anew = before is not None and before_reopening(i, before)
    if before is not None and not anew and words in before.text.split("；"):
        return say.AlreadyAsked(
            number=i.number,
            unit=before.unit,
            text=words,
            at=before.told_at,
            acked_by=before.acked_by,
            acked_at=before.acked_at,
            drill=i.drill,
        )
    return await _ask(tx, who, now, i, unit_id, words, before)


async def _above(tx: Tx) -> int:
    """Return the unit above; one is made under its name in the rules where the people's sheet has none."""
    found = await partner.units_of(tx, UnitLevel.SUPERIOR)
    return next(iter(found), 0) or await people.put_unit(tx, tx.rules.room.superior, UnitLevel.SUPERIOR, None)


async def _ask(
    tx: Tx, who: Actor, now: datetime, i: Incident, unit_id: int, words: str, before: Partner | None
) -> Notice:
    if before is None:
        key = await partner.add(tx, now, i.id, unit_id, "reinforce", words, who.id)
    elif before_reopening(i, before):
        key = before.id
        await partner.ask_anew(tx, now, key, words, who.id)
    else:
        key = before.id
        await partner.ask_more(tx, now, key, f"{before.text}；{words}", who.id)
    row = await partner.by_id(tx, key)
    unit = row.unit if row else ""
    readers, call = await _write_to(tx, now, i, unit_id, key, f":{now.timestamp():.3f}")
    await log.append(tx, now, who.id, "partner.reinforce", i.number, f"{unit}：{words}")
    await card.touch(tx, now, i.number)
    notice = say.ReinforceForLeader(
        number=i.number, title=i.title, unit=unit, text=words, by=who.name, at=now, drill=i.drill
    )
    leaders = [p for p in await duty.leaders_to_tell(tx, now) if p.id != who.id]
    for leader in leaders:
        await outbox.say(tx, now, notice, person=leader.id, subject=i.number)
    return say.Reinforced(
        number=i.number,
        unit=unit,
        text=words,
        names=tuple(m.name for m in readers),
        call=call,
        leaders=tuple(p.name for p in leaders),
        minutes=int(tx.rules.response.partner_call.total_seconds() // 60),
        at=now,
        drill=i.drill,
    )


# --- 关联 -------------------------------------------------------------------------------------------------


async def link(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Notice:
    """Say which warning an incident belongs to: 关联 E7 W12."""
    if refused := refuse(who, "关联", *LINKERS):
        return refused
    said = re.fullmatch(r"[WwＷｗ]\s*(\d{1,9})", text.strip())
    i, b = await incident.by_id(tx, number), await bulletin.by_id(tx, int(said[1])) if said else None
    if i is None or i.state not in ("open", "closed"):
        return base.NotFound(number=f"E{number}", example="关联 E7 W12")
    if b is None or b.dispatched_at is None:
        return base.NotFound(number=text.strip() or "W?", example=f"关联 {i.number} W12")
    if b.drill != i.drill:
        return base.WrongForm(why="演练的和真实的不能关联。", example="预警列表")
    before = await _linked(tx, i)
    await incident.set_bulletin(tx, i.id, b.id)
    await log.append(tx, now, who.id, "incident.linked", i.number, named(b), warning=b.number)
    await _touch(tx, now, i, {b.id, i.bulletin_id})
    return say.Linked(number=i.number, warning=named(b), before=before, at=now, drill=i.drill)


async def unlink(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Undo it: 取消关联 E7."""
    if refused := refuse(who, "取消关联", *LINKERS):
        return refused
    i = await incident.by_id(tx, number)
    if i is None:
        return base.NotFound(number=f"E{number}", example="取消关联 E7")
    before = await _linked(tx, i)
    if before is not None:
        await incident.set_bulletin(tx, i.id, None)
        await log.append(tx, now, who.id, "incident.unlinked", i.number, before)
        await _touch(tx, now, i, {i.bulletin_id})
    return say.Unlinked(number=i.number, warning=before, at=now, drill=i.drill)


async def _linked(tx: Tx, i: Incident) -> str | None:
    b = await bulletin.by_id(tx, i.bulletin_id) if i.bulletin_id else None
    return named(b) if b else None


async def _touch(tx: Tx, now: datetime, i: Incident, warnings: Collection[int | None]) -> None:
    for subject in (i.number, *(f"W{key}" for key in warnings if key)):
        await card.touch(tx, now, subject)

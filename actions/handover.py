"""Handover: draft → signed out → signed in, or forced by the leader with a reason. Never a gap (P1)."""

import re
from datetime import datetime, timedelta

from actions import duty
from actions.authority import refuse
from actions.callout_views import silent_lines
from actions.deadline import step
from actions.duty import first_watch, incoming_shift
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import handover as say
from domain.notices.callout import Progress
from domain.notices.incident import Card, Word
from domain.people import Role
from domain.roster import Post
from storage import bulletin, callout, card, handover, incident, log, outbox, people, room, roster
from storage.database import Tx
from storage.deadline import Deadline, open_of
from storage.handover import Handover

EMPTY = re.compile(r"^(同上|跟上个?班一样|和上个?班一样|没事|无变化|一切正常|正常|无)[。.!！]?$")


async def hand_over(tx: Tx, who: Actor, now: datetime, notes: str = "") -> Notice:
    """Open the sheet, compiled by itself; a note is added, an empty phrase with open items is refused."""
    if refused := refuse(who, "交班", Role.OFFICER, Role.DEPUTY):
        return refused
    officer = await duty.officer_now(tx, now)
    if officer is None or officer.id != who.id:
        return say.NoWatch(holder=officer.name if officer else None)
    h = await handover.running(tx)
    if h is not None and h.state == "signed_out":
        return await _shown(tx, who, now, h.id)
    if h is None:
        shift = await incoming_shift(tx, now)
        key = await handover.open_draft(tx, now, who.id, shift.person_id if shift else None)
        await log.append(tx, now, who.id, "handover.opened", f"H{key}")
    else:
        key = h.id
        await handover.change(tx, key, out_id=who.id)
    if notes:
        items = await compile_items(tx, now)
        if EMPTY.match(notes) and items:
            return say.EmptyPhrase(phrase=notes, items=tuple(text for _, text in items))
        await handover.change(tx, key, notes="\n".join(x for x in (h.notes if h else "", notes) if x))
        await card.touch(tx, now, f"H{key}")
        await log.append(tx, now, who.id, "handover.note", f"H{key}", notes)
    return await _shown(tx, who, now, key)


async def _shown(tx: Tx, who: Actor, now: datetime, key: int) -> Notice:
    shown = await sheet(tx, Asked(f"H{key}", who.id, {}, now))
    return shown or base.NotFound(number=f"H{key}", example="交班")


async def compile_items(tx: Tx, now: datetime) -> list[tuple[str, str]]:
    """Return what has to be carried, from the data: event number and what is open about it."""
    items: list[tuple[str, str]] = []
    for b in await bulletin.live(tx):
        contacts = await callout.of_bulletin(tx, b.id)
        silent = await silent_lines(tx, b, contacts)
        acked = len(contacts) - len(silent)
        names = "、".join(f"{s.unit} {s.name}" for s in silent)
        title = f"{b.hazard or ''}{b.colour or ''}色{'预警解除' if b.action == 'cancel' else '预警'}"
        text = f"{b.number} {title} 收到 {acked}/{len(contacts)}"
        items.append((b.number, text + (f"，未应答：{names}" if names else "")))
    open_now = await incident.in_state(tx, "open", "offered")
    items += [(i.number, await _incident_item(tx, i)) for i in open_now]
    items += await _unfinished_reports(tx, now)
    items += [
        (f"T{t.id}", f"T{t.id} {'批示' if t.kind == 'instruction' else '待办'}：{t.text}")
        for t in await room.open_tasks(tx)
    ]
    return items


async def _incident_item(tx: Tx, i: incident.Incident) -> str:
    local = tx.zone
    waiting = [
        (c.due_at, {"phone": "电话报告", "written": "书面报告"}[c.lane])
        for c in (await incident.clocks(tx, i.id)).values()
        if c.outcome is None
    ]
    waiting += [(at, "续报") for at in (await open_of(tx, "followup", i.number)).values()]
    due = ";".join(f"{what} {at.astimezone(local):%H:%M} 到期" for at, what in sorted(waiting))
    state = "待处理" if i.state == "offered" else "处置中"
    return f"{i.number} {i.title} {state}" + (f"，{due}" if due else "")


async def _unfinished_reports(tx: Tx, now: datetime) -> list[tuple[str, str]]:
    """Final reports of incidents closed within two days that are not signed or not confirmed above."""
    found = []
    for i in await incident.received_between(tx, now - timedelta(days=2), now + timedelta(days=1)):
        if i.state != "closed":
            continue
        for r in await incident.reports_of(tx, i.id):
            if r.state in ("to_sign", "sent", "returned") and r.return_reason != "":
                what = {"to_sign": "待签发", "sent": "上级未确认收到", "returned": "被退回待改"}[r.state]
                found.append((f"R{r.id}", f"{i.number} {i.title} 报告{what}"))
    return found


@view(say.Sheet)
async def sheet(tx: Tx, asked: Asked) -> say.Sheet | None:
    """Return the sheet: compiled live as a draft, frozen once signed."""
    h = await handover.by_id(tx, asked.number)
    if h is None:
        return None
    ids = [x for x in (h.out_id, h.in_id) if x]
    names = {key: actor.name for key, actor in (await people.by_ids(tx, ids)).items()}
    if h.state == "draft":
        live = await compile_items(tx, asked.now)
        items = tuple(say.ItemLine(id=0, subject=s, text=t, answer=None) for s, t in live)
        leaders, nexts = await _leaders(tx, asked.now)
    else:
        kept = await handover.items(tx, h.id)
        items = tuple(say.ItemLine(id=i.id, subject=i.subject, text=i.text, answer=i.answer) for i in kept)
        leaders, nexts = tuple(h.sheet.get("leaders", ())), tuple(h.sheet.get("next_leaders", ()))
    return say.Sheet(
        number=h.id,
        state=h.state,
        out_name=names[h.out_id],
        in_name=names.get(h.in_id) if h.in_id else None,
        leaders=leaders,
        next_leaders=nexts,
        items=items,
        notes=h.notes,
        opened_at=h.opened_at,
        signed_out_at=h.signed_out_at,
        signed_in_at=h.signed_in_at,
        for_incoming=asked.person_id == h.in_id and (h.in_id != h.out_id or h.state != "draft"),
    )


async def _leaders(tx: Tx, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    present = tuple(p.name for p in await duty.on_post(tx, now, Post.LEADER))
    coming = await roster.next_of(tx, Post.LEADER, now)
    return present, (coming.name,) if coming else ()


async def sign_out(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """The outgoing officer signs: the sheet freezes; what arises later belongs to the next one."""
    h = await handover.by_id(tx, number)
    if h is None:
        return base.NotFound(number=f"H{number}", example="交班")
    officer = await duty.officer_now(tx, now)
    if officer is None or officer.id != who.id:
        return say.NoWatch(holder=officer.name if officer else None)
    if h.state == "draft" and h.out_id != who.id:
        await handover.change(tx, h.id, out_id=who.id)
    if h.state != "draft":
        return say.AlreadySigned(number=h.id, at=h.signed_out_at)
    shift = await incoming_shift(tx, now)
    incoming = shift.person_id if shift else h.in_id
    await _freeze(tx, now, h, state="signed_out", signed_out_at=now, in_id=incoming)
    if incoming is not None and incoming != who.id:
        await promise(tx, now, f"H{h.id}", say.Sheet, person=incoming)
    await card.touch(tx, now, f"H{h.id}")
    await log.append(tx, now, who.id, "handover.signed_out", f"H{h.id}")
    name = (await people.by_ids(tx, [incoming]))[incoming].name if incoming else None
    return say.SignedOut(number=h.id, at=now, incoming=name)


async def _freeze(tx: Tx, now: datetime, h: Handover, **values: object) -> None:
    for subject, text in await compile_items(tx, now):
        await handover.add_item(tx, h.id, subject, text)
    leaders, nexts = await _leaders(tx, now)
    await handover.change(tx, h.id, sheet={"leaders": leaders, "next_leaders": nexts}, **values)


async def take_over(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Show the incoming officer the signed sheet; where nobody holds the watch, take it."""
    if refused := refuse(who, "接班", Role.OFFICER, Role.DEPUTY):
        return refused
    h = await handover.running(tx)
    watch = await roster.watch(tx)
    if h is None or h.state == "draft":
        if watch is None:
            shift = await incoming_shift(tx, now)
            await roster.take_watch(
                tx, now, who.id, shift.id if shift and shift.person_id == who.id else None
            )
            await log.append(tx, now, who.id, "watch.taken", "")
            return say.WatchTaken(name=who.name, at=now)
        return say.NoHandover(holder=watch.name)
    if who.id != await _may_take(tx, now, h):
        return await _not_incoming(tx, h)
    if h.in_id != who.id:
        await handover.change(tx, h.id, in_id=who.id)
    return await _shown(tx, who, now, h.id)


async def _may_take(tx: Tx, now: datetime, h: Handover) -> int | None:
    """Return who takes over now: the person on the roster at this moment, else the one named on the sheet."""
    shift = await incoming_shift(tx, now)
    return shift.person_id if shift else h.in_id


async def _not_incoming(tx: Tx, h: Handover) -> Notice:
    names = await people.by_ids(tx, [h.in_id] if h.in_id else [])
    return say.NotIncoming(incoming=names[h.in_id].name if h.in_id else None)


async def answer(tx: Tx, who: Actor, now: datetime, item_id: int, word: str) -> Notice:
    """Record 接收, 已办结 or 转交 for a carried item."""
    key = await handover.item_handover(tx, item_id)
    h = await handover.by_id(tx, key) if key else None
    if h is None or h.state != "signed_out" or h.in_id != who.id:
        return base.StaleButton()
    await handover.answer_item(tx, now, item_id, word)
    await card.touch(tx, now, f"H{h.id}")
    left = [i for i in await handover.items(tx, h.id) if i.answer is None]
    item = next(i for i in await handover.items(tx, h.id) if i.id == item_id)
    await log.append(tx, now, who.id, f"handover.{word}", f"H{h.id}", item.text)
    return say.ItemAnswered(left=len(left), answer=word)


async def accept_all(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """接收 for every item not answered yet."""
    outcome: Notice = base.StaleButton()
    for item in await handover.items(tx, number):
        if item.answer is None:
            outcome = await answer(tx, who, now, item.id, "accepted")
    return outcome


async def sign_in(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """The incoming officer signs, once every item is answered: the watch moves in the same instant."""
    h = await handover.by_id(tx, number)
    if h is None:
        return base.NotFound(number=f"H{number}", example="接班")
    if h.state != "signed_out":
        return say.AlreadySigned(number=h.id, at=h.signed_in_at)
    if who.id != await _may_take(tx, now, h):
        return await _not_incoming(tx, h)
    items = await handover.items(tx, h.id)
    left = tuple(i.text for i in items if i.answer is None)
    if left:
        return say.ItemsOpen(left=left)
    await handover.change(tx, h.id, state="done", signed_in_at=now, in_id=who.id)
    await _move_watch(tx, now, who.id, f"H{h.id}")
    await log.append(tx, now, who.id, "handover.signed_in", f"H{h.id}", items=[i.text for i in items])
    if h.out_id != who.id:
        notice = say.Relieved(number=h.id, at=now, name=who.name)
        await outbox.say(tx, now, notice, person=h.out_id, subject=f"H{h.id}")
    leaving = (await people.by_ids(tx, [h.out_id]))[h.out_id].name
    carried = {i.subject for i in items}
    later = tuple(text for subject, text in await compile_items(tx, now) if subject not in carried)
    return say.SignedIn(number=h.id, at=now, name=who.name, leaving=leaving, items=len(items), later=later)


async def _move_watch(tx: Tx, now: datetime, person: int, subject: str) -> None:
    shift = await incoming_shift(tx, now)
    await roster.take_watch(tx, now, person, shift.id if shift and shift.person_id == person else None)
    await card.touch(tx, now, subject)
    if shift is not None and shift.person_id == person and shift.arrived_at is None:
        await roster.arrive(tx, now, shift.id)
    await _show_running(tx, now, person)


async def _show_running(tx: Tx, now: datetime, person: int) -> None:
    """Give somebody who comes on duty the live cards of what runs."""
    for b in await bulletin.live(tx):
        await promise(tx, now, b.number, Progress, person=person)
    for i in await incident.in_state(tx, "open", "offered"):
        await promise(tx, now, i.number, Word if i.state == "offered" else Card, person=person)


@step("changeover")
async def shift_begins(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """At a shift's start: leaders follow the roster and get the live cards; the watch waits for signatures.

    Only the first watch ever is taken by the roster.
    """
    del deadline
    await first_watch(tx, now)
    for leader in await duty.on_post(tx, now, Post.LEADER):
        await _show_running(tx, now, leader.id)


async def force(tx: Tx, who: Actor, now: datetime, name: str, reason: str) -> Notice:
    """The leader moves the watch without a signature, with a reason: never a deadlock."""
    if refused := refuse(who, "强制交接", Role.LEADER):
        return refused
    found = [a for a in await people.by_name(tx, name) if a.has(Role.OFFICER, Role.DEPUTY)]
    if len(found) != 1 or not reason.strip():
        return base.WrongForm(
            why="请写明接班人姓名和原因，没有改动。", example="强制交接 陈刚 刘芳突发疾病送医"
        )
    watch = await roster.watch(tx)
    h = await handover.running(tx)
    key = (
        h.id
        if h
        else await handover.open_draft(tx, now, watch.person_id if watch else found[0].id, found[0].id)
    )
    fresh = await handover.by_id(tx, key)
    if fresh is not None and fresh.state == "draft":
        await _freeze(tx, now, fresh)
    await handover.change(
        tx, key, state="forced", in_id=found[0].id, forced_by=who.id, forced_reason=reason, signed_in_at=now
    )
    await _move_watch(tx, now, found[0].id, f"H{key}")
    await log.append(tx, now, who.id, "handover.forced", f"H{key}", f"{name}:{reason}")
    notice = say.Forced(
        number=key, name=name, leaving=watch.name if watch else None, leader=who.name, reason=reason, at=now
    )
    for person in {found[0].id, watch.person_id if watch else found[0].id} - {who.id}:
        await outbox.say(tx, now, notice, person=person, subject=f"H{key}")
    return notice


@step("handover")
async def changeover(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Prompt both before the changeover; tell leader and admin when it is not done after it."""
    start = datetime.strptime(deadline.subject, "%y%m%d%H%M").replace(tzinfo=tx.zone)
    shift = next(
        (s for s in await roster.at(tx, start) if s.post is Post.OFFICER and s.starts_at == start), None
    )
    watch = await roster.watch(tx)
    if watch is not None and shift is not None and watch.shift_id == shift.id:
        return
    after = deadline.step in ("leader", "admin")
    if start <= now and not after and deadline.step != "before0":
        return  # caught up after an absence: the prompt at the changeover itself says it once
    readers = {watch.person_id} if watch and not after else set()
    readers |= {shift.person_id} if shift and not after else set()
    if after or shift is None:
        readers |= {p.id for p in await duty.leaders_to_tell(tx, now)}
    if deadline.step == "admin":
        readers |= {p.id for p in await duty.admins(tx)}
    notice = say.Prompt(
        out_name=watch.name if watch else None,
        in_name=shift.name if shift else None,
        at=start,
        left_minutes=max(0, round((start - now).total_seconds() / 60)),
        step=deadline.step,
        for_leader=after or shift is None,
        late_minutes=deadline.late_minutes,
    )
    for person in sorted(readers):
        await outbox.say(tx, now, notice, person=person, subject=deadline.subject, priority=Priority.LADDER)
    await log.append(tx, now, None, f"handover.{deadline.step}", deadline.subject, late=deadline.late_minutes)

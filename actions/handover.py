"""Handover: draft → signed out → signed in, or forced by the leader with a reason (docs/states.md). No gap (P1)."""

import re
from datetime import datetime

from actions import duty, prints, task
from actions.authority import refuse
from actions.changeover import show_running
from actions.cover import stand_in
from actions.duty import incoming_shift
from actions.handover_sheet import compile_items, freeze, sheet
from actions.view import Asked, promise
from domain.actor import Actor
from domain.handover import says_nothing
from domain.notice import Notice
from domain.notices import base
from domain.notices import handover as say
from domain.people import Role
from domain.roster import Post
from storage import card, draft, handover, log, outbox, people, roster
from storage.database import Tx
from storage.handover import Handover
from storage.roster import Shift

OFFICERS = (Role.OFFICER, Role.DEPUTY)


async def hand_over(tx: Tx, who: Actor, now: datetime, notes: str = "") -> Notice:
    """Open the sheet, compiled by itself; a note is added, an empty phrase with open items is refused."""
    if refused := refuse(who, "交班", *OFFICERS):
        return refused
    officer = await duty.officer_now(tx, now)
    if officer is None or officer.id != who.id:
        kept = await draft.keep(tx, now, who.id, "text", notes) if notes else None
        return say.NoWatch(holder=officer.name if officer else None, draft=kept)
    h = await handover.running(tx)
    if h is not None and h.state == "signed_out":
        if notes and not says_nothing(notes):
            number = await task.carry(tx, who, now, notes)
            return say.NoteCarried(number=h.id, task=number, text=notes)
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
        if says_nothing(notes) and items:
            return say.EmptyPhrase(phrase=notes, items=tuple(i.text for i in items))
        await handover.change(tx, key, notes="\n".join(x for x in (h.notes if h else "", notes) if x))
        await card.touch(tx, now, f"H{key}")
        await log.append(tx, now, who.id, "handover.note", f"H{key}", notes)
    return await _shown(tx, who, now, key)


async def _shown(tx: Tx, who: Actor, now: datetime, key: int) -> Notice:
    shown = await sheet(tx, Asked(f"H{key}", who.id, {}, now))
    return shown or base.NotFound(number=f"H{key}", example="交班")


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
    frozen = await freeze(tx, now, h, state="signed_out", signed_out_at=now, in_id=incoming)
    if incoming is not None and incoming != who.id:
        await promise(tx, now, f"H{h.id}", say.Sheet, person=incoming)
    await card.touch(tx, now, f"H{h.id}")
    await log.append(tx, now, who.id, "handover.signed_out", f"H{h.id}", sha256=frozen)
    name = (await people.by_ids(tx, [incoming]))[incoming].name if incoming else None
    return say.SignedOut(number=h.id, at=now, incoming=name)


async def take_over(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Show the incoming officer the signed sheet; where nobody holds the watch, take it."""
    if refused := refuse(who, "接班", *OFFICERS):
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
    if await handover.relieved_by(tx, h):
        return None
    shift = await incoming_shift(tx, now)
    return shift.person_id if shift else h.in_id


async def _not_incoming(tx: Tx, h: Handover) -> Notice:
    if holder := await handover.relieved_by(tx, h):
        return say.NoHandover(holder=holder.name)
    names = await people.by_ids(tx, [h.in_id] if h.in_id else [])
    return say.NotIncoming(incoming=names[h.in_id].name if h.in_id else None)


async def answer(tx: Tx, who: Actor, now: datetime, item_id: int, word: str) -> Notice:
    """Record 接收, 已办结 or 转交 for a carried item; 已办结 closes a task, what else is open goes on by itself."""
    key = await handover.item_handover(tx, item_id)
    h = await handover.by_id(tx, key) if key else None
    if h is None or h.state != "signed_out" or who.id != await _may_take(tx, now, h):
        return base.StaleButton()
    item = next(i for i in await handover.items(tx, h.id) if i.id == item_id)
    await handover.answer_item(tx, now, item_id, word)
    if word == "finished" and item.subject.startswith("T"):
        await task.done(tx, who, now, int(item.subject[1:]), f"交接班 H{h.id}")
    await card.touch(tx, now, f"H{h.id}")
    left = [i for i in await handover.items(tx, h.id) if i.answer is None]
    await log.append(tx, now, who.id, f"handover.{word}", f"H{h.id}", item.text)
    stays = word == "finished" and item.subject in {i.subject for i in await compile_items(tx, now)}
    return say.ItemAnswered(subject=item.subject, left=len(left), answer=word, stays=stays)


async def answer_by_number(tx: Tx, who: Actor, now: datetime, subject: str, word: str) -> Notice:
    """接收 E7, 转交 T3: the text twin of an item's button; a bare number is the item's place on the sheet."""
    h = await handover.running(tx)
    items = await handover.items(tx, h.id) if h else []
    place = int(subject) if subject.isdecimal() else None
    found = [i for n, i in enumerate(items, 1) if i.subject == subject or n == place]
    if h is None or not found:
        return base.NotFound(number=subject, example="接班")
    if h.state != "signed_out" or who.id != await _may_take(tx, now, h):
        return await _not_incoming(tx, h)
    return await answer(tx, who, now, found[0].id, word)


async def answer_in_words(tx: Tx, who: Actor, now: datetime, word: str, place: str) -> Notice:
    """接收 2 as its button reads, or 全部接收 (`place` "")."""
    if not place:
        return await accept_the_rest(tx, who, now)
    return await answer_by_number(tx, who, now, place, word)


async def waits(tx: Tx) -> bool:
    """Return True while a sheet waits for who takes over."""
    h = await handover.running(tx)
    return h is not None and h.state == "signed_out"


async def accept_the_rest(tx: Tx, who: Actor, now: datetime) -> Notice:
    """全部接收 without a number: of the sheet that waits for this person."""
    h = await handover.running(tx)
    if h is None or h.state != "signed_out":
        return base.NothingOpen(word="全部接收")
    if who.id != await _may_take(tx, now, h):
        return await _not_incoming(tx, h)
    left = [i for i in await handover.items(tx, h.id) if i.answer is None]
    return await accept_all(tx, who, now, h.id) if left else await _shown(tx, who, now, h.id)


async def _finish_done(tx: Tx, now: datetime, h: Handover) -> None:
    """Answer 已办结 for each task that was finished since the signature: its words need not be said twice."""
    still = {i.subject for i in await compile_items(tx, now)}
    for item in await handover.items(tx, h.id):
        if item.answer is None and item.subject.startswith("T") and item.subject not in still:
            await handover.answer_item(tx, now, item.id, "finished")
            await card.touch(tx, now, f"H{h.id}")


async def accept_all(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """接收 for every item not answered yet."""
    open_ = [item for item in await handover.items(tx, number) if item.answer is None]
    outcome: Notice = base.StaleButton()
    for item in open_:
        outcome = await answer(tx, who, now, item.id, "accepted")
    if isinstance(outcome, say.ItemAnswered):
        return outcome.model_copy(update={"together": len(open_), "stays": False})
    return outcome


async def read_back(tx: Tx, who: Actor, now: datetime, item_id: int) -> Notice:
    """The incoming officer names an item among the top risks; a wrong pick is said and changes nothing."""
    key = await handover.item_handover(tx, item_id)
    h = await handover.by_id(tx, key) if key else None
    if h is None or h.state != "signed_out" or who.id != await _may_take(tx, now, h):
        return base.StaleButton()
    item = next(i for i in await handover.items(tx, h.id) if i.id == item_id)
    if item.top:
        await handover.read_back(tx, now, item.id)
        await log.append(tx, now, who.id, "handover.read_back", f"H{h.id}", item.text)
        await card.touch(tx, now, f"H{h.id}")
    left = [i for i in await handover.items(tx, h.id) if i.top and i.read_back_at is None]
    return say.ReadBack(subject=item.subject, right=item.top, left=len(left))


async def read_back_by_number(tx: Tx, who: Actor, now: datetime, subject: str) -> Notice:
    """复述 E7: the text twin of a pick."""
    h = await handover.running(tx)
    found = [i for i in await handover.items(tx, h.id) if i.subject == subject] if h else []
    if not found:
        return base.NotFound(number=subject, example="接班")
    return await read_back(tx, who, now, found[0].id)


async def set_next_action(tx: Tx, who: Actor, now: datetime, subject: str, text: str) -> Notice:
    """下一步 E7 …: the officer says what comes next for something that is open."""
    if refused := refuse(who, "下一步", *OFFICERS):
        return refused
    if subject not in {i.subject for i in await compile_items(tx, now)}:
        return base.NotFound(number=subject, example="交班")
    if not text.strip() or says_nothing(text):
        return base.WrongForm(why="请写明下一步做什么。", example=f"下一步 {subject} 20:00前到现场复核")
    await handover.set_next_action(tx, now, subject, text.strip(), who.id)
    await log.append(tx, now, who.id, "handover.next_action", subject, text.strip())
    h = await handover.running(tx)
    if h is not None:
        await card.touch(tx, now, f"H{h.id}")
    return say.NextActionKept(subject=subject, text=text.strip())


async def sign_in(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """The incoming officer signs, once every item is answered and the risks read back: the watch moves at once."""
    if refused := refuse(who, "接班", *OFFICERS):
        return refused
    h = await handover.by_id(tx, number)
    if h is None:
        return base.NotFound(number=f"H{number}", example="接班")
    if h.state == "draft":
        return say.NoHandover(holder=(await people.by_ids(tx, [h.out_id]))[h.out_id].name)
    if h.state != "signed_out":
        return say.AlreadySigned(number=h.id, at=h.signed_in_at)
    if who.id != await _may_take(tx, now, h):
        return await _not_incoming(tx, h)
    await _finish_done(tx, now, h)
    items = await handover.items(tx, h.id)
    if left := tuple(i.text for i in items if i.answer is None):
        return say.ItemsOpen(left=left)
    if unread := [i for i in items if i.top and i.read_back_at is None]:
        await promise(tx, now, f"H{h.id}", say.Sheet, person=who.id, again=f":back{now:%H%M%S}")
        return say.NotReadBack(left=len(unread))
    return await _signed_in(tx, who, now, h, items)


async def _signed_in(tx: Tx, who: Actor, now: datetime, h: Handover, items: list[handover.Item]) -> Notice:
    await handover.change(tx, h.id, state="done", signed_in_at=now, in_id=who.id)
    await _move_watch(tx, now, who.id, f"H{h.id}")
    answers = [f"{i.subject} {i.answer}" for i in items]
    await log.append(tx, now, who.id, "handover.signed_in", f"H{h.id}", items=answers)
    if h.out_id != who.id:
        notice = say.Relieved(number=h.id, at=now, name=who.name)
        await outbox.say(tx, now, notice, person=h.out_id, subject=f"H{h.id}")
    leaving = (await people.by_ids(tx, [h.out_id]))[h.out_id].name
    carried = {i.subject for i in items}
    later = tuple(i.text for i in await compile_items(tx, now) if i.subject not in carried)
    return say.SignedIn(number=h.id, at=now, name=who.name, leaving=leaving, items=len(items), later=later)


async def _move_watch(tx: Tx, now: datetime, person: int, subject: str) -> None:
    running = [s for s in await roster.at(tx, now) if s.post is Post.OFFICER]
    incoming = await incoming_shift(tx, now)
    own = [s for s in (incoming, *running) if s is not None and s.person_id == person]
    shift = own[0] if own else None
    await roster.take_watch(tx, now, person, shift.id if shift else None)
    await card.touch(tx, now, subject)
    await prints.due(tx, now, subject)
    if shift is not None and shift.arrived_at is None:
        await roster.arrive(tx, now, shift.id)
    await show_running(tx, now, person)


async def _stand_in(tx: Tx, leader: Actor, now: datetime, person: int, reason: str) -> None:
    """Give a forced officer the shift that runs now, so that roster and watch say the same.

    Not where it is theirs already, or their own begins so soon that they may have come for it: that is a changeover.
    """
    running = [s for s in await roster.at(tx, now) if s.post is Post.OFFICER]
    held = {s.person_id for s in running}
    incoming = await incoming_shift(tx, now)
    if incoming is not None and incoming.starts_at - tx.rules.roster.prompt_before <= now:
        held.add(incoming.person_id)
    if running and person not in held:
        await stand_in(tx, leader, now, person, running[0], reason)


async def _without_rest(tx: Tx, now: datetime, person: int) -> Shift | None:
    """Return the shift that follows the one this person holds the watch on, without the rest of the rules between."""
    watch = await roster.watch(tx)
    if watch is None or watch.shift_id is None:
        return None
    end = (await roster.any_by_id(tx, watch.shift_id)).ends_at
    own = await roster.of_person(tx, person, now)
    return next((s for s in own if end <= s.starts_at < end + tx.rules.roster.rest), None)


async def force(tx: Tx, who: Actor, now: datetime, name: str, reason: str) -> Notice:
    """The leader moves the watch without a signature, with a reason: never a deadlock."""
    if refused := refuse(who, "强制交接", Role.LEADER):
        return refused
    name = re.sub(r"^(?:交?给|由|让)", "", name)
    named = await people.by_name(tx, name)
    found = [a for a in named if a.has(Role.OFFICER, Role.DEPUTY)]
    if named and not found:
        why = f"{name} 不是值班员、副班，不能接班，没有改动。"
        return base.WrongForm(why=why, example="强制交接 陈刚 刘芳突发疾病送医")
    if len(found) != 1 or not reason.strip():
        why = f"请写明由 {name} 接班的原因，没有改动。" if found else "请写明接班人姓名和原因，没有改动。"
        return base.WrongForm(why=why, example=f"强制交接 {name if found else '陈刚'} 刘芳突发疾病送医")
    watch = await roster.watch(tx)
    rostered = {s.person_id for s in await roster.at(tx, now) if s.post is Post.OFFICER}
    if watch is not None and watch.person_id == found[0].id and found[0].id in rostered:
        return base.WrongForm(
            why=f"现在就是 {name} 在值班，没有改动。", example="强制交接 陈刚 刘芳突发疾病送医"
        )
    h = await handover.running(tx)
    key = (
        h.id
        if h
        else await handover.open_draft(tx, now, watch.person_id if watch else found[0].id, found[0].id)
    )
    fresh = await handover.by_id(tx, key)
    if fresh is not None and fresh.state == "draft":
        await freeze(tx, now, fresh)
    await handover.change(
        tx, key, state="forced", in_id=found[0].id, forced_by=who.id, forced_reason=reason, signed_in_at=now
    )
    await _stand_in(tx, who, now, found[0].id, reason)
    await _move_watch(tx, now, found[0].id, f"H{key}")
    await log.append(tx, now, who.id, "handover.forced", f"H{key}", f"{name}:{reason}")
    again = await _without_rest(tx, now, found[0].id)
    notice = say.Forced(
        number=key,
        name=name,
        leaving=watch.name if watch else None,
        leader=who.name,
        reason=reason,
        at=now,
        again=again.id if again else None,
        again_at=again.starts_at if again else None,
    )
    for person in sorted({found[0].id, watch.person_id if watch else found[0].id} - {who.id}):
        await outbox.say(tx, now, notice, person=person, subject=f"H{key}")
    await promise(tx, now, f"H{key}", say.Sheet, person=found[0].id, again=":forced")
    return notice

"""Instructions of the leader and to-dos of the room: given, reminded of when due, finished once."""

import re
from datetime import datetime, timedelta

from actions import duty
from actions.authority import refuse
from actions.deadline import step
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.instruction import NoSuchDay, read_due, read_instruction
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from domain.remark import is_courtesy
from storage import card, draft, incident, log, outbox, people, room, task
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, set_deadline
from storage.task import TaskRow

DUE_AFTER = timedelta(hours=24)
"""An instruction without a time is due after a day."""
LEADER_AFTER = timedelta(minutes=30)
"""A task not done this long after it was due is told to the leader."""
OFFICER = "当班值班员"
"""Who answers for a task without an owner."""
SEEN = "task.seen"
KINDS = {"instruction": "批示", "todo": "待办"}
NO_SUCH_DAY = "时限写的日子日历上没有，没有记录。"
FINISHERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER)
ABOUT = re.compile(r"^\s*[EeＥｅ]\s*(\d{1,9})(?!\d)[\s:：,，]*")
"""An instruction that begins with an incident's number is about that one; without a number it is about none."""


async def instruct(tx: Tx, who: Actor, now: datetime, text: str) -> Notice | list[Notice]:
    """Give an instruction to each person named, else to the officer on duty."""
    if refused := refuse(who, "批示", Role.LEADER):
        return refused
    about = ABOUT.match(text)
    if about is None:
        return await _instruct(tx, who, now, text, "")
    i = await incident.by_id(tx, int(about[1]))
    if i is None or i.state == "discarded":
        await draft.keep(tx, now, who.id, "text", f"批示 {text}")
        return base.NotFound(number=f"E{int(about[1])}", example="批示 E7 给刘芳 17:00前排查同类楼道")
    return await _instruct(tx, who, now, text[about.end() :], i.number)


async def _instruct(tx: Tx, who: Actor, now: datetime, text: str, about: str) -> Notice | list[Notice]:
    names = {p.name for p in await people.everybody(tx)}
    try:
        said = read_instruction(text, names, now, tx.zone)
    except NoSuchDay:
        return base.WrongForm(why=NO_SUCH_DAY, example="批示 核查3号楼积水 明天8点前")
    if not said.text:
        return base.WrongForm(why="批示什么？没有记录。", example="批示 给刘芳 核查3号楼积水 17:00前")
    if said.unknown:
        return say.OwnerUnknown(name=said.unknown, text=text, several=False)
    if said.due is not None and said.due <= now:
        return base.WrongForm(why="时限已经过去，没有记录。", example="批示 核查3号楼积水 明天8点前")
    owners: list[int | None] = []
    for name in filter(None, (said.owner, *said.others)):
        found = await people.by_name(tx, name)
        if len(found) != 1:
            return say.OwnerUnknown(name=name, text=text, several=len(found) > 1)
        owners.append(found[0].id)
    due = said.due or now + DUE_AFTER
    given = [
        await _add(
            tx, who, now, "instruction", said.text, owner, due, due_said=said.due is not None, about=about
        )
        for owner in dict.fromkeys(owners or [await _officer(tx, now)])
    ]
    return given[0] if len(given) == 1 else given


async def _officer(tx: Tx, now: datetime) -> int | None:
    officer = await duty.officer_now(tx, now)
    return officer.id if officer else None


async def add_todo(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Add a to-do of the room: whoever is on duty when it is due answers for it."""
    if refused := refuse(who, "待办", *FINISHERS):
        return refused
    try:
        due = read_due(text, now, tx.zone)
    except NoSuchDay:
        return base.WrongForm(why=NO_SUCH_DAY, example="待办 明天8点前报送雨情")
    if due is not None and due <= now:
        return base.WrongForm(why="时限已经过去，没有记录。", example="待办 明天8点前报送雨情")
    return await _add(tx, who, now, "todo", text, None, due, due_said=due is not None)


async def carry(tx: Tx, who: Actor, now: datetime, text: str) -> str:
    """Keep as a to-do what was written after the handover was signed; return its number."""
    key = await room.add_task(tx, now, "todo", text, who.id, None, None)
    await log.append(tx, now, who.id, "task.todo", f"T{key}", text)
    return f"T{key}"


async def _add(
    tx: Tx,
    who: Actor,
    now: datetime,
    kind: str,
    text: str,
    owner: int | None,
    due: datetime | None,
    *,
    due_said: bool,
    about: str = "",
) -> Notice:
    key = await room.add_task(tx, now, kind, text, who.id, owner, due, event=about)
    number = f"T{key}"
    await _touch(tx, now, about)
    await log.append(tx, now, who.id, f"task.{kind}", number, text, owner=owner, due=due)
    if due is not None:
        await set_deadline(tx, "task", number, "due", due, Priority.CLOCK)
        await set_deadline(tx, "task", number, "leader", due + LEADER_AFTER, Priority.CLOCK)
    if kind == "instruction":
        for reader in await _readers(tx, now, owner):
            await promise(tx, now, number, say.TaskGiven, person=reader)
    person = await people.by_id(tx, owner) if owner else None
    return say.TaskAdded(
        number=number,
        kind_word=KINDS[kind],
        text=text,
        owner=person.name if person else OFFICER,
        reachable=person is None or person.telegram_id is not None,
        due_at=due,
        due_said=due_said,
        at=now,
        about=about,
    )


async def _touch(tx: Tx, now: datetime, about: str) -> None:
    if about:
        await card.touch(tx, now, about)


async def _readers(tx: Tx, now: datetime, owner: int | None) -> list[int]:
    return [owner] if owner else [officer.id for officer in await duty.officers_to_tell(tx, now)]


@view(say.TaskGiven)
async def given(tx: Tx, asked: Asked) -> say.TaskGiven | None:
    """Return the owner's card as the task stands now."""
    found = await task.by_id(tx, asked.number)
    if found is None:
        return None
    return say.TaskGiven(
        number=asked.subject,
        kind_word=KINDS[found.kind],
        text=found.text,
        by=found.by,
        due_at=found.due_at,
        done_at=found.done_at,
        done_by=found.done_by,
        about=found.event,
    )


async def done(tx: Tx, who: Actor, now: datetime, number: int, note: str = "") -> Notice:
    """Finish a task once; whoever gave it hears of it."""
    found = await task.by_id(tx, number)
    if found is None:
        return base.NotFound(number=f"T{number}", example="已办结 T3")
    if who.id not in (found.owner_id, found.by_id) and (refused := refuse(who, "已办结", *FINISHERS)):
        return refused
    if not await room.finish_task(tx, now, number, who.id):
        return say.TaskAlreadyDone(number=f"T{number}", by=found.done_by or "", at=found.done_at or now)
    return await _finished(tx, who, now, found, note)


async def _finished(tx: Tx, who: Actor, now: datetime, found: TaskRow, note: str) -> Notice:
    number = f"T{found.id}"
    await clear_deadlines(tx, now, "task", number)
    await log.append(tx, now, who.id, "task.done", number, f"{found.text} {note}".strip())
    await card.touch(tx, now, number, [say.TaskGiven.card])
    await _touch(tx, now, found.event)
    answer = say.TaskDone(number=number, text=found.text, words=note.strip(), by=who.name, at=now)
    if found.by_id != who.id:
        await outbox.say(tx, now, answer, person=found.by_id, subject=number, key=f"task.done:{number}")
    return answer


async def seen(tx: Tx, who: Actor, now: datetime, number: int, words: str = "") -> Notice:
    """收到: the owner has the task; whoever gave it hears of it once, and what was said with it."""
    found = await task.by_id(tx, number)
    if found is None:
        return base.NotFound(number=f"T{number}", example="收到 T3")
    if who.id not in await _readers(tx, now, found.owner_id):
        return say.TaskNotYours(number=f"T{number}", owner=found.owner or OFFICER)
    if found.done_at is not None:
        return say.TaskAlreadyDone(number=f"T{number}", by=found.done_by or "", at=found.done_at)
    words = "" if is_courtesy(words) else words
    if words or not await _seen(tx, who, number):
        await log.append(tx, now, who.id, SEEN, f"T{number}", words or found.text)
        if found.by_id != who.id:
            heard = say.TaskSeenForGiver(
                number=f"T{number}", text=found.text, by=who.name, words=words, at=now
            )
            await outbox.say(tx, now, heard, person=found.by_id, subject=f"T{number}")
    return say.TaskSeen(number=f"T{number}", text=found.text, words=words, due_at=found.due_at, at=now)


async def _seen(tx: Tx, who: Actor, number: int) -> bool:
    return any(e.person_id == who.id for e in await log.entries(tx, subject=f"T{number}", act=SEEN))


async def waiting_for(tx: Tx, who: Actor, now: datetime) -> list[int]:
    """Return the open tasks that are this person's to finish."""
    return [t.id for t in await _own(tx, who, now)]


async def unseen(tx: Tx, who: Actor, now: datetime) -> list[int]:
    """Return the open instructions to this person of which there is no 收到 yet."""
    told = [t.id for t in await _own(tx, who, now) if t.kind == "instruction"]
    return [number for number in told if not await _seen(tx, who, number)]


async def _own(tx: Tx, who: Actor, now: datetime) -> list[room.Task]:
    return [t for t in await room.open_tasks(tx) if who.id in await _readers(tx, now, t.owner_id)]


@step("task")
async def remind(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Remind the owner (else the officer on duty) when a task is due, the leader when it stays undone."""
    found = await task.by_id(tx, int(deadline.subject[1:]))
    if found is None or found.done_at is not None or found.due_at is None:
        return
    to_leader = deadline.step == "leader"
    leaders = [person.id for person in await duty.leaders_to_tell(tx, now)]
    readers = leaders if to_leader else await _readers(tx, now, found.owner_id)
    notice = say.TaskDue(
        number=deadline.subject,
        text=found.text,
        by=found.by,
        owner=found.owner or OFFICER,
        due_at=found.due_at,
        to_leader=to_leader,
        late_minutes=deadline.late_minutes,
    )
    await log.append(tx, now, None, f"task.{deadline.step}", deadline.subject, late=deadline.late_minutes)
    for reader in readers:
        key = f"task.{deadline.step}:{deadline.subject}:P{reader}"
        await outbox.say(tx, now, notice, person=reader, subject=deadline.subject, key=key)

"""The room: its group, its drill mode; facts the process remembers; tasks, roll calls, obligations."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from storage.database import Tx
from storage.schema import facts, obligations_done, people, rollcalls, rooms, rule_changes, tasks

_GROUP = select(rooms.c.group_chat_id).where(rooms.c.id == bindparam("room"))
_DRILL = select(rooms.c.drill).where(rooms.c.id == bindparam("room"))


async def group(tx: Tx) -> int | None:
    """Return the room's group chat."""
    found: int | None = await tx.value(_GROUP, {"room": tx.room})
    return found


async def set_group(tx: Tx, chat_id: int | None) -> None:
    """Allow-list a group as the room's."""
    await tx.run(update(rooms).where(rooms.c.id == tx.room).values(group_chat_id=chat_id))


async def drilling(tx: Tx) -> bool:
    """Return True while the next warning or incident is an exercise."""
    return bool(await tx.value(_DRILL, {"room": tx.room}))


async def set_drill(tx: Tx, *, on: bool) -> None:
    """Begin or end the exercise."""
    await tx.run(update(rooms).where(rooms.c.id == tx.room).values(drill=on))


_FACT = select(facts.c.value).where(facts.c.name == bindparam("name"))
_FORGET = delete(facts).where(facts.c.name == bindparam("name"))
_REMEMBER = facts.insert()


async def fact(tx: Tx, name: str) -> str | None:
    """Return a fact the process remembers."""
    found: str | None = await tx.value(_FACT, {"name": name})
    return found


async def remember(tx: Tx, name: str, value: str) -> None:
    """Remember a fact."""
    await tx.run(_FORGET, {"name": name})
    await tx.run(_REMEMBER, {"name": name, "value": value})


@dataclass(frozen=True)
class Task:
    """An instruction or to-do; its number is T<id>."""

    id: int
    kind: str
    text: str
    by: str
    owner_id: int | None
    due_at: datetime | None
    done_at: datetime | None


async def add_task(
    tx: Tx,
    now: datetime,
    kind: str,
    text: str,
    by: int,
    owner: int | None,
    due_at: datetime | None,
    *,
    event: str = "",
) -> int:
    """Add a task (`event`: the incident it is about, such as E7) and return its number."""
    return await tx.add(
        tasks,
        room_id=tx.room,
        kind=kind,
        text=text,
        by_id=by,
        owner_id=owner,
        created_at=now,
        due_at=due_at,
        event=event,
    )


async def open_tasks(tx: Tx) -> list[Task]:
    """Return what is not done, by due time."""
    rows = await tx.all(
        select(tasks, people.c.name.label("by"))
        .join(people, people.c.id == tasks.c.by_id)
        .where(tasks.c.room_id == tx.room, tasks.c.done_at.is_(None))
        .order_by(tasks.c.due_at.is_(None), tasks.c.due_at, tasks.c.id)
    )
    return [Task(r.id, r.kind, r.text, r.by, r.owner_id, r.due_at, r.done_at) for r in rows]


async def finish_task(tx: Tx, now: datetime, task_id: int, by: int) -> bool:
    """Return True if the task was open and is now done."""
    return (
        await tx.run(
            update(tasks)
            .where(tasks.c.id == task_id, tasks.c.done_at.is_(None))
            .values(done_at=now, done_by=by)
        )
        == 1
    )


@dataclass(frozen=True)
class RollCall:
    """A presence check of one person with a one-time code; its number is R<id>."""

    id: int
    asked_by: int
    person_id: int
    code: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


async def add_rollcall(tx: Tx, now: datetime, by: int, person: int, code: str, due_at: datetime) -> int:
    """Ask a person to answer with a code."""
    return await tx.add(
        rollcalls, room_id=tx.room, asked_by=by, person_id=person, code=code, asked_at=now, due_at=due_at
    )


async def rollcall(tx: Tx, rollcall_id: int) -> RollCall | None:
    """Return a roll call."""
    r = await tx.one(select(rollcalls).where(rollcalls.c.id == rollcall_id))
    if r is None:
        return None
    return RollCall(r.id, r.asked_by, r.person_id, r.code, r.asked_at, r.due_at, r.answered_at)


async def open_rollcalls(tx: Tx, person: int) -> list[RollCall]:
    """Return the unanswered roll calls of a person, the newest first."""
    rows = await tx.all(
        select(rollcalls.c.id)
        .where(rollcalls.c.person_id == person, rollcalls.c.answered_at.is_(None))
        .order_by(rollcalls.c.id.desc())
    )
    return [found for r in rows if (found := await rollcall(tx, r.id)) is not None]


async def answer_rollcall(tx: Tx, now: datetime, rollcall_id: int) -> None:
    """The person answered."""
    await tx.run(update(rollcalls).where(rollcalls.c.id == rollcall_id).values(answered_at=now))


@dataclass(frozen=True)
class Obligation:
    """An obligation met in a period, with its evidence."""

    obligation: str
    period: str
    evidence: str
    by: str
    at: datetime


async def add_obligation(tx: Tx, now: datetime, obligation: str, period: str, evidence: str, by: int) -> None:
    """Record that an obligation was met."""
    await tx.add(
        obligations_done,
        room_id=tx.room,
        obligation=obligation,
        period=period,
        evidence=evidence,
        by_id=by,
        at=now,
    )


async def obligations(tx: Tx, period_prefix: str) -> list[Obligation]:
    """Return what was met in the periods of a year, oldest first."""
    rows = await tx.all(
        select(obligations_done, people.c.name.label("by"))
        .join(people, people.c.id == obligations_done.c.by_id)
        .where(obligations_done.c.room_id == tx.room, obligations_done.c.period.startswith(period_prefix))
        .order_by(obligations_done.c.id)
    )
    return [Obligation(r.obligation, r.period, r.evidence, r.by, r.at) for r in rows]


@dataclass(frozen=True)
class RuleChange:
    """A change of a rule in chat (value None: back to the shipped one)."""

    id: int
    key: str
    value: str | None
    by: str
    at: datetime


async def change_rule(tx: Tx, now: datetime, key: str, value: str | None, by: int) -> int:
    """Write a change of a rule and return its version."""
    tx.ruled = True
    return await tx.add(rule_changes, key=key, value=value, by_id=by, at=now)


async def rule_history(tx: Tx, key: str | None = None, limit: int = 20) -> list[RuleChange]:
    """Return the newest changes of a rule, newest first."""
    statement = (
        select(rule_changes, people.c.name.label("by"))
        .join(people, people.c.id == rule_changes.c.by_id)
        .order_by(rule_changes.c.id.desc())
        .limit(limit)
    )
    if key:
        statement = statement.where(rule_changes.c.key == key)
    return [RuleChange(r.id, r.key, r.value, r.by, r.at) for r in await tx.all(statement)]

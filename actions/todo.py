"""What is open in the room, from every feature, by due time."""

from datetime import datetime

from actions import incident_list
from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import room as say
from domain.people import Role
from storage import bulletin, callout, people, room
from storage.database import Tx
from storage.deadline import open_of

SHOWN = 30
CUT = 60


async def listing(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return open tasks, open incidents' next due and the silent of live warnings, next due first."""
    if refused := refuse(who, "待办", Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return refused
    lines = [*await _tasks(tx, now), *await _incidents(tx, now), *await _warnings(tx, now)]
    lines.sort(key=lambda line: (line.due_at is None, line.due_at or now, line.number))
    return say.Todo(lines=tuple(lines[:SHOWN]), more=max(len(lines) - SHOWN, 0))


def _line(number: str, text: str, owner: str, due_at: datetime | None, now: datetime) -> say.TodoLine:
    words = text if len(text) <= CUT else text[: CUT - 1] + "…"
    late = due_at is not None and due_at <= now
    return say.TodoLine(number=number, text=words, owner=owner, due_at=due_at, overdue=late)


async def _tasks(tx: Tx, now: datetime) -> list[say.TodoLine]:
    found = await room.open_tasks(tx)
    owners = await people.by_ids(tx, [t.owner_id for t in found if t.owner_id])
    return [
        _line(f"T{t.id}", t.text, owners[t.owner_id].name if t.owner_id else "", t.due_at, now) for t in found
    ]


async def _incidents(tx: Tx, now: datetime) -> list[say.TodoLine]:
    return [
        _line(i.number, f"{i.title} {i.next_what or ''}".strip(), "", i.next_at, now)
        for i in await incident_list.lines(tx)
    ]


async def _warnings(tx: Tx, now: datetime) -> list[say.TodoLine]:
    lines = []
    for b in await bulletin.live(tx):
        silent = await callout.count_silent(tx, b.id)
        if silent:
            due = (await open_of(tx, "callout", b.number)).get("overdue")
            name = f"{'【演练】' if b.drill else ''}{b.hazard or '预警'}{b.colour or ''}"
            lines.append(_line(b.number, f"{name} 未应答 {silent} 个", "", due, now))
    return lines

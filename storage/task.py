"""One task with whoever gave it, owns it and finished it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from storage.database import Tx
from storage.schema import people, tasks

giver = people.alias("giver")
owner = people.alias("owner")
finisher = people.alias("finisher")


@dataclass(frozen=True)
class TaskRow:
    """A task with the names behind its keys."""

    id: int
    kind: str
    text: str
    by_id: int
    by: str
    owner_id: int | None
    owner: str | None
    created_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    event: str


_ROWS = (
    select(
        tasks.c.id,
        tasks.c.kind,
        tasks.c.text,
        tasks.c.by_id,
        giver.c.name.label("by"),
        tasks.c.owner_id,
        owner.c.name.label("owner"),
        tasks.c.created_at,
        tasks.c.due_at,
        tasks.c.done_at,
        finisher.c.name.label("done_by"),
        tasks.c.event,
    )
    .join(giver, giver.c.id == tasks.c.by_id)
    .outerjoin(owner, owner.c.id == tasks.c.owner_id)
    .outerjoin(finisher, finisher.c.id == tasks.c.done_by)
    .where(tasks.c.room_id == bindparam("room"))
)
_BY_ID = _ROWS.where(tasks.c.id == bindparam("key"))
_OF_EVENT = _ROWS.where(tasks.c.event == bindparam("event")).order_by(tasks.c.id)


async def by_id(tx: Tx, task_id: int) -> TaskRow | None:
    """Return a task, open or done."""
    row = await tx.one(_BY_ID, {"room": tx.room, "key": task_id})
    return TaskRow(**row._mapping) if row else None


async def of_event(tx: Tx, event: str) -> list[TaskRow]:
    """Return the tasks about an event such as E7, oldest first."""
    rows = await tx.all(_OF_EVENT, {"room": tx.room, "event": event})
    return [TaskRow(**r._mapping) for r in rows]


async def carry(tx: Tx, old: str, new: str) -> None:
    """Put the tasks about an event under the one that it was joined to."""
    await tx.run(update(tasks).where(tasks.c.room_id == tx.room, tasks.c.event == old).values(event=new))

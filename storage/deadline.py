"""Deadlines are rows: written and cleared in the transaction of the act that opens or answers something."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, tuple_, update

from domain.notice import Priority
from storage.columns import earlier
from storage.database import Loop, Tx
from storage.schema import deadlines

TOLERANCE = timedelta(seconds=5)
"""A step acted on within this time of its due moment is not called late."""


@dataclass(frozen=True)
class Deadline:
    """A step that is due: what kind, on which subject, which step, and by how many seconds it is late."""

    id: int
    kind: str
    subject: str
    step: str
    due_at: datetime
    late: timedelta

    @property
    def late_minutes(self) -> int | None:
        """Whole minutes of lateness to show (at least 1), or None when it is in time."""
        return max(1, round(self.late.total_seconds() / 60)) if self.late > TOLERANCE else None


async def set_deadline(
    tx: Tx, kind: str, subject: str, step: str, due_at: datetime, priority: Priority = Priority.REMINDER
) -> None:
    """Write a deadline; one that stood under the same name is replaced."""
    await tx.run(
        delete(deadlines).where(
            deadlines.c.kind == kind, deadlines.c.subject == subject, deadlines.c.step == step
        )
    )
    await tx.add(deadlines, kind=kind, subject=subject, step=step, due_at=due_at, priority=int(priority))
    tx.wake_at(due_at, Loop.DUE)


@dataclass(frozen=True)
class Due:
    """A deadline to be written."""

    kind: str
    subject: str
    step: str
    due_at: datetime
    priority: Priority = Priority.REMINDER


CHUNK = 250
"""How many go into one statement: SQLite takes a limited number of values."""


async def write_deadlines(tx: Tx, dues: Sequence[Due], *, fresh: bool = False) -> None:
    """Write many deadlines; what stood under the same names is replaced (`fresh`: nothing stands there yet)."""
    name = tuple_(deadlines.c.kind, deadlines.c.subject, deadlines.c.step)
    for start in range(0, len(dues), CHUNK):
        chunk = dues[start : start + CHUNK]
        if not fresh:
            await tx.run(delete(deadlines).where(name.in_([(d.kind, d.subject, d.step) for d in chunk])))
        await tx.run(insert(deadlines), [{**asdict(d), "priority": int(d.priority)} for d in chunk])
    if dues:
        tx.wake_at(min(d.due_at for d in dues), Loop.DUE)


async def clear_deadlines(
    tx: Tx, now: datetime, kind: str, subject: str, steps: Sequence[str] | None = None
) -> int:
    """Close what is still open of a subject, because it was answered; return how many."""
    return await clear_subjects(tx, now, kind, [subject], steps)


async def clear_subjects(
    tx: Tx, now: datetime, kind: str, subjects: Sequence[str], steps: Sequence[str] | None = None
) -> int:
    """Close what is still open of several subjects; return how many."""
    statement = update(deadlines).where(
        deadlines.c.kind == kind, deadlines.c.subject.in_(subjects), deadlines.c.done_at.is_(None)
    )
    if steps is not None:
        statement = statement.where(deadlines.c.step.in_(steps))
    return await tx.run(statement.values(done_at=now, outcome="cleared"))


async def due(tx: Tx, now: datetime, limit: int = 200) -> list[Deadline]:
    """Return what is due, most urgent and oldest first."""
    rows = await tx.all(
        select(deadlines)
        .where(deadlines.c.done_at.is_(None), deadlines.c.due_at <= now)
        .order_by(deadlines.c.priority, deadlines.c.due_at, deadlines.c.id)
        .limit(limit)
    )
    return [Deadline(r.id, r.kind, r.subject, r.step, r.due_at, now - r.due_at) for r in rows]


async def claim(tx: Tx, deadline: Deadline, now: datetime) -> bool:
    """Return True if the step is ours to act on: it was still open and is now marked, with its lateness."""
    late = int(deadline.late.total_seconds())
    return (
        await tx.run(
            update(deadlines)
            .where(deadlines.c.id == deadline.id, deadlines.c.done_at.is_(None))
            .values(done_at=now, outcome="fired", late_by=late)
        )
        == 1
    )


async def next_due(tx: Tx) -> datetime | None:
    """Return the earliest open deadline."""
    found: datetime | None = await tx.value(
        select(deadlines.c.due_at).where(deadlines.c.done_at.is_(None)).order_by(deadlines.c.due_at).limit(1)
    )
    return found


async def open_of(tx: Tx, kind: str, subject: str) -> dict[str, datetime]:
    """Return the open steps of a subject with their moments."""
    rows = await tx.all(
        select(deadlines.c.step, deadlines.c.due_at)
        .where(deadlines.c.kind == kind, deadlines.c.subject == subject, deadlines.c.done_at.is_(None))
        .order_by(deadlines.c.due_at)
    )
    return {row.step: row.due_at for row in rows}


async def moment_of(tx: Tx, kind: str, subject: str, step: str) -> datetime | None:
    """Return when a step of a subject is or was due, also when it is done."""
    name = (deadlines.c.kind == kind, deadlines.c.subject == subject, deadlines.c.step == step)
    found: datetime | None = await tx.value(select(deadlines.c.due_at).where(*name))
    return found


async def soonest(tx: Tx, kind: str) -> dict[str, datetime]:
    """Return the next open step of every subject of a kind."""
    rows = await tx.all(
        select(deadlines.c.subject, deadlines.c.due_at)
        .where(deadlines.c.kind == kind, deadlines.c.done_at.is_(None))
        .order_by(deadlines.c.due_at.desc())
    )
    return {row.subject: row.due_at for row in rows}


async def put_off(tx: Tx, deadline: Deadline, until: datetime) -> None:
    """The step failed: it stays open and is tried again."""
    await tx.run(update(deadlines).where(deadlines.c.id == deadline.id).values(due_at=until))
    tx.wake_at(until, Loop.DUE)


async def move_earlier(tx: Tx, kinds: Collection[str], by: timedelta) -> int:
    """Let every open step of these kinds come sooner by this much; return how many."""
    open_now = update(deadlines).where(deadlines.c.kind.in_(kinds), deadlines.c.done_at.is_(None))
    return await tx.run(open_now.values(due_at=earlier(deadlines.c.due_at, by)))


async def overdue(tx: Tx, now: datetime, by: timedelta) -> int:
    """Return how many steps are open although due for longer than `by`."""
    where = (deadlines.c.done_at.is_(None), deadlines.c.due_at <= now - by)
    return int(await tx.value(select(func.count()).select_from(deadlines).where(*where)) or 0)


async def open_since(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many steps are due and open, and when the oldest of them fell due."""
    row = await tx.one(
        select(func.count().label("n"), func.min(deadlines.c.due_at).label("oldest")).where(
            deadlines.c.done_at.is_(None), deadlines.c.due_at <= now
        )
    )
    return (row.n, row.oldest) if row else (0, None)


async def any_of(tx: Tx, kind: str, subject: str) -> bool:
    """Return True if a subject ever had deadlines of this kind."""
    where = (deadlines.c.kind == kind, deadlines.c.subject == subject)
    return await tx.value(select(deadlines.c.id).where(*where).limit(1)) is not None


async def bring_forward(tx: Tx, now: datetime, kind: str) -> int:
    """Let everything open of a kind be due now; return how many."""
    found = await tx.run(
        update(deadlines)
        .where(deadlines.c.kind == kind, deadlines.c.done_at.is_(None), deadlines.c.due_at > now)
        .values(due_at=now)
    )
    if found:
        tx.wake_at(now, Loop.DUE)
    return found

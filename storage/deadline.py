"""Deadlines are rows: written and cleared in the transaction of the act that opens or answers something."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Update, bindparam, delete, func, insert, select, tuple_, update

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


_NAMED = (
    deadlines.c.kind == bindparam("kind"),
    deadlines.c.subject == bindparam("subject"),
    deadlines.c.step == bindparam("step"),
)
_OPEN = deadlines.c.done_at.is_(None)
_REPLACED = delete(deadlines).where(*_NAMED)


async def set_deadline(
    tx: Tx, kind: str, subject: str, step: str, due_at: datetime, priority: Priority = Priority.REMINDER
) -> None:
    """Write a deadline; one that stood under the same name is replaced."""
    await tx.run(_REPLACED, {"kind": kind, "subject": subject, "step": step})
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
    values = {"of": kind, "subjects": list(subjects), "steps": list(steps or ()), "at": now}
    return await tx.run(_cleared(some=steps is not None), values)


@cache
def _cleared(*, some: bool) -> Update:
    statement = update(deadlines).where(
        deadlines.c.kind == bindparam("of"),
        deadlines.c.subject.in_(bindparam("subjects", expanding=True)),
        _OPEN,
    )
    if some:
        statement = statement.where(deadlines.c.step.in_(bindparam("steps", expanding=True)))
    return statement.values(done_at=bindparam("at"), outcome="cleared")


_DUE = (
    select(deadlines)
    .where(_OPEN, deadlines.c.due_at <= bindparam("now"))
    .order_by(deadlines.c.priority, deadlines.c.due_at, deadlines.c.id)
    .limit(bindparam("limit"))
)


async def due(tx: Tx, now: datetime, limit: int = 200) -> list[Deadline]:
    """Return what is due, most urgent and oldest first."""
    rows = await tx.all(_DUE, {"now": now, "limit": limit})
    return [Deadline(r.id, r.kind, r.subject, r.step, r.due_at, now - r.due_at) for r in rows]


_CLAIMED = (
    update(deadlines)
    .where(deadlines.c.id == bindparam("key"), _OPEN)
    .values(done_at=bindparam("at"), outcome="fired", late_by=bindparam("late"))
)


async def claim(tx: Tx, deadline: Deadline, now: datetime) -> bool:
    """Return True if the step is ours to act on: it was still open and is now marked, with its lateness."""
    late = int(deadline.late.total_seconds())
    return await tx.run(_CLAIMED, {"key": deadline.id, "at": now, "late": late}) == 1


_NEXT = select(deadlines.c.due_at).where(_OPEN).order_by(deadlines.c.due_at).limit(1)


async def next_due(tx: Tx) -> datetime | None:
    """Return the earliest open deadline."""
    found: datetime | None = await tx.value(_NEXT)
    return found


_OPEN_OF = (
    select(deadlines.c.step, deadlines.c.due_at)
    .where(deadlines.c.kind == bindparam("kind"), deadlines.c.subject == bindparam("subject"), _OPEN)
    .order_by(deadlines.c.due_at)
)


async def open_of(tx: Tx, kind: str, subject: str) -> dict[str, datetime]:
    """Return the open steps of a subject with their moments."""
    rows = await tx.all(_OPEN_OF, {"kind": kind, "subject": subject})
    return {row.step: row.due_at for row in rows}


_MOMENT = select(deadlines.c.due_at).where(*_NAMED)


async def moment_of(tx: Tx, kind: str, subject: str, step: str) -> datetime | None:
    """Return when a step of a subject is or was due, also when it is done."""
    found: datetime | None = await tx.value(_MOMENT, {"kind": kind, "subject": subject, "step": step})
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


_OVERDUE = select(func.count()).select_from(deadlines).where(_OPEN, deadlines.c.due_at <= bindparam("before"))


async def overdue(tx: Tx, now: datetime, by: timedelta) -> int:
    """Return how many steps are open although due for longer than `by`."""
    return int(await tx.value(_OVERDUE, {"before": now - by}) or 0)


async def open_since(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """Return how many steps are due and open, and when the oldest of them fell due."""
    row = await tx.one(
        select(func.count().label("n"), func.min(deadlines.c.due_at).label("oldest")).where(
            deadlines.c.done_at.is_(None), deadlines.c.due_at <= now
        )
    )
    return (row.n, row.oldest) if row else (0, None)


_ANY = (
    select(deadlines.c.id)
    .where(deadlines.c.kind == bindparam("kind"), deadlines.c.subject == bindparam("subject"))
    .limit(1)
)


async def any_of(tx: Tx, kind: str, subject: str) -> bool:
    """Return True if a subject ever had deadlines of this kind."""
    return await tx.value(_ANY, {"kind": kind, "subject": subject}) is not None


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

"""The clocks of reports: a row per incident, lane, receiver and turn; what ended stays as it ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from storage.columns import earlier
from storage.database import Tx
from storage.schema import incidents, people, report_clocks


@dataclass(frozen=True)
class Clock:
    """A clock: lane `phone` or `written`, `receiver` "" for the duty room above, `turn` counted from 1.

    `outcome`: met, late, extended, not_required, None while it runs; `by`: the name of who ended it.
    """

    id: int
    incident_id: int
    lane: str
    receiver: str
    turn: int
    started_at: datetime
    due_at: datetime
    outcome: str | None
    ended_at: datetime | None
    by: str | None
    note: str

    @property
    def runs(self) -> bool:
        """Return True while it has no outcome."""
        return self.outcome is None


_FIELDS = [
    *(report_clocks.c[name] for name in Clock.__dataclass_fields__ if name != "by"),
    people.c.name.label("by"),
]
_CLOCKS = select(*_FIELDS).outerjoin(people, people.c.id == report_clocks.c.ended_by)
_OF_INCIDENT = _CLOCKS.where(report_clocks.c.incident_id == bindparam("incident")).order_by(
    report_clocks.c.id
)
_NEWEST = (
    _CLOCKS.where(
        report_clocks.c.incident_id == bindparam("incident"),
        report_clocks.c.lane == bindparam("lane"),
        report_clocks.c.receiver == bindparam("receiver"),
    )
    .order_by(report_clocks.c.turn.desc())
    .limit(1)
)


async def start(
    tx: Tx, incident_id: int, lane: str, receiver: str, started_at: datetime, due_at: datetime
) -> int:
    """Start the next turn of a lane to a receiver; return its key."""
    newest = await tx.value(
        select(func.max(report_clocks.c.turn)).where(
            report_clocks.c.incident_id == incident_id,
            report_clocks.c.lane == lane,
            report_clocks.c.receiver == receiver,
        )
    )
    return await tx.add(
        report_clocks,
        incident_id=incident_id,
        lane=lane,
        receiver=receiver,
        turn=int(newest or 0) + 1,
        started_at=started_at,
        due_at=due_at,
    )


async def of_incident(tx: Tx, incident_id: int) -> list[Clock]:
    """Return every clock of an incident in the order they were started."""
    rows = await tx.all(_OF_INCIDENT, {"incident": incident_id})
    return [Clock(**r._mapping) for r in rows]


async def of_incidents(tx: Tx, keys: Collection[int]) -> list[Clock]:
    """Return every clock of some incidents."""
    rows = await tx.all(_CLOCKS.where(report_clocks.c.incident_id.in_(keys)).order_by(report_clocks.c.id))
    return [Clock(**r._mapping) for r in rows]


async def running(tx: Tx) -> list[Clock]:
    """Return the room's running clocks, next due first; those of a closed incident too: what is owed stays owed."""
    rows = await tx.all(
        _CLOCKS.join(incidents, incidents.c.id == report_clocks.c.incident_id)
        .where(incidents.c.room_id == tx.room, report_clocks.c.outcome.is_(None))
        .order_by(report_clocks.c.due_at, report_clocks.c.id)
    )
    return [Clock(**r._mapping) for r in rows]


async def newest(tx: Tx, incident_id: int, lane: str, receiver: str = "") -> Clock | None:
    """Return the newest turn of a lane to a receiver."""
    row = await tx.one(_NEWEST, {"incident": incident_id, "lane": lane, "receiver": receiver})
    return Clock(**row._mapping) if row else None


async def by_id(tx: Tx, key: int) -> Clock | None:
    """Return a clock."""
    row = await tx.one(_CLOCKS.where(report_clocks.c.id == key))
    return Clock(**row._mapping) if row else None


async def end(tx: Tx, now: datetime, key: int, by: int, outcome: str, note: str) -> bool:
    """Return True if the clock was still running and is now ended."""
    return (
        await tx.run(
            update(report_clocks)
            .where(report_clocks.c.id == key, report_clocks.c.outcome.is_(None))
            .values(outcome=outcome, ended_at=now, ended_by=by, note=note)
        )
        == 1
    )


async def note(tx: Tx, key: int, words: str) -> None:
    """Add to an ended clock who took the report."""
    await tx.run(update(report_clocks).where(report_clocks.c.id == key).values(note=words))


async def move_earlier(tx: Tx, by: timedelta) -> None:
    """Let every running clock end sooner by this much: the time of day was set back."""
    running_now = update(report_clocks).where(report_clocks.c.outcome.is_(None))
    await tx.run(running_now.values(due_at=earlier(report_clocks.c.due_at, by)))

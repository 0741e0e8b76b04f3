"""Rungs of many warnings, a city's among them, with 100 and 100,000 deadlines open: how late each of them acts."""

import asyncio
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Insert, insert, literal, select

from bench.cascade.office import Office, office, running
from bench.cascade.tree import CITY
from bench.table import Row
from bot.clockwork import Clockwork
from domain.notice import Priority
from storage.database import Tx
from storage.deadline import Due, write_deadlines
from storage.schema import bulletins, contacts, deadlines

OPEN = (100, 100_000)
WARNINGS = 60
RUNGS = ("remind", "tell_b", "call_list", "tell_leader", "overdue")
BEHIND = 20
"""Contacts of each of the small warnings."""
BETWEEN = timedelta(milliseconds=50)
AHEAD = timedelta(seconds=3)


@dataclass
class Timed(Clockwork):
    """The clockwork, noting when each of its batches began and was committed."""

    starts: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)

    async def run_due(self) -> int:
        """Act, and note it."""
        done = await super().run_due()
        if done and self.last_run:
            self.starts.append(self.last_run)
            self.ends.append(self.clock.now())
        return done


async def measure() -> list[Row]:
    """Measure with few deadlines open, then with many."""
    return [row for count in OPEN for row in await _acted(count)]


async def _acted(count: int) -> list[Row]:
    """Write the deadlines, run until the near ones are over, and compare due time with commit."""
    async with office(CITY) as one:
        number = await one.receive()
        await one.dispatch(number)
        async with one.app.db.write() as tx:
            await _far(tx, one.app.clock.now() + timedelta(hours=1), count)
        async with one.app.db.write() as tx:
            first = one.app.clock.now() + AHEAD
            dues = await _near(tx, one, number, first)
        app = one.app
        timed = app.clockwork = app.health.clockwork = Timed(app.db, app.clock, app.clockwork.on_step)
        async with running(app):
            await asyncio.sleep((max(dues) - app.clock.now()).total_seconds() + 6)
        async with app.db.read() as tx:
            where = (deadlines.c.outcome == "fired", deadlines.c.due_at >= first)
            rows = await tx.all(select(deadlines.c.due_at, deadlines.c.done_at).where(*where))
    late = sorted(
        (timed.ends[bisect_left(timed.starts, row.done_at)] - row.due_at).total_seconds() for row in rows
    )
    return [
        Row(f"{count:,} deadlines open: steps that acted", len(late), None, "", least=len(dues)),
        Row(
            "  from due to committed, p99", late[int(len(late) * 0.99)], 1.0, "s",
            f"p50 {late[len(late) // 2]:.3f} s, worst {late[-1]:.2f} s",
        ),
    ]  # fmt: skip


async def _far(tx: Tx, first: datetime, count: int) -> None:
    """Write so many deadlines that are not due while it is measured, instead of the city's own."""
    await tx.run(deadlines.delete())
    far = [
        Due("callout", f"W{1000 + n // 5}", RUNGS[n % 5], first + timedelta(seconds=n), Priority.LADDER)
        for n in range(count)
    ]
    await write_deadlines(tx, far, fresh=True)


async def _near(tx: Tx, one: Office, city: int, first: datetime) -> list[datetime]:
    """Write small warnings with rungs one after another, the city's rungs among them."""
    near: list[Due] = []
    for n in range(WARNINGS):
        key = await tx.add(bulletins, **_copy(tx, one))
        await tx.run(_few(key, n))
        near += [_due(key, rung, first, n + WARNINGS * i) for i, rung in enumerate(RUNGS)]
    step = len(near) // len(RUNGS)
    near += [_due(city, rung, first, step * i + step // 2) for i, rung in enumerate(RUNGS)]
    await write_deadlines(tx, near, fresh=True)
    return [due.due_at for due in near]


def _due(number: int, rung: str, first: datetime, place: int) -> Due:
    return Due("callout", f"W{number}", rung, first + place * BETWEEN, Priority.LADDER)


def _copy(tx: Tx, one: Office) -> dict[str, object]:
    now = one.app.clock.now()
    return {
        "room_id": tx.room, "raw": "暴雨蓝色预警", "reading": {}, "issuer": "区气象台", "hazard": "暴雨",
        "colour": "蓝", "action": "new", "received_at": now, "state": "live", "dispatched_at": now,
    }  # fmt: skip


def _few(key: int, n: int) -> Insert:
    columns = ["unit_id", "parent_unit_id", "level", "a_id", "b_id"]
    source = contacts.alias()
    few = select(literal(key), *(source.c[name] for name in columns), literal("")).where(
        source.c.bulletin_id == 1, source.c.id > n * BEHIND, source.c.id <= (n + 1) * BEHIND
    )
    return insert(contacts).from_select(["bulletin_id", *columns, "passed_note"], few)

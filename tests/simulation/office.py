"""A small duty office for state machines: the real actions on a real SQLite database, one transaction an example.

Each example begins where the office was laid in and is rolled back, so that thousands take a minute. The driver runs
inline on the loop's thread: one connection, so nothing can wait for anything.
"""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import aiosqlite
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from actions import finding
from actions.deadline import STEPS
from bot import clockwork
from config.rules import load_rules
from domain.actor import Actor
from domain.people import Role
from handlers.all_features import LOADED
from storage import deadline, people
from storage.database import ROOM, Tx
from storage.schema import metadata, rooms

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 7, 25, 10, 0, tzinfo=ZONE)
PEOPLE = (
    *(("张慧敏", Role.LEADER), ("赵文斌", Role.LEADER), ("孙立新", Role.LEADER)),
    *(("郑伟", Role.OFFICER), ("何琳", Role.OFFICER), ("刘芳", Role.OFFICER), ("陈刚", Role.OFFICER)),
    *(("杨帆", Role.DEPUTY), ("宋倩", Role.ADMIN)),
)
USED = (LOADED, clockwork)
"""Importing these registers every step."""
EXAMPLES = int(os.environ.get("EXAMPLES", "300"))
"""Examples of each state machine: .ci/run sets 2000."""
AT_ONCE = 100
"""Examples in one test, so that all test processes share them."""
PARTS = range(0, EXAMPLES, AT_ONCE)
T = TypeVar("T")


def live_through(machine: type[RuleBasedStateMachine], first: int) -> None:
    """Let hypothesis try one part of the examples; what fails is shrunk and shown."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=min(AT_ONCE, EXAMPLES - first),
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


class Inline(aiosqlite.Connection):
    """aiosqlite's connection with every call made at once, without its thread."""

    def __await__(self) -> Any:  # noqa: ANN401 - aiosqlite's own type
        """Open."""
        return self._open().__await__()

    async def _open(self) -> "Inline":
        self._running = True
        if self._connection is None:
            self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., T], *args: Any, **named: Any) -> T:  # noqa: ANN401 - any call
        return fn(*args, **named)

    def stop(self) -> None:
        """Close at once."""
        self._running = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Office:
    """The office with its people; `tx` is the running example's transaction."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.driver: sqlite3.Connection
        path = Path(mkdtemp()) / "office.sqlite3"
        made = create_engine(f"sqlite:///{path}")
        metadata.create_all(made)
        made.dispose()

        def opened() -> sqlite3.Connection:
            self.driver = sqlite3.connect(path, isolation_level=None)
            return self.driver

        def connect(*_: object, **__: object) -> Inline:
            return Inline(opened, 64)

        self.engine = create_async_engine(
            f"sqlite+aiosqlite:///{path}", connect_args={"async_creator_fn": connect}
        )
        self.rules = load_rules()
        self.conn: AsyncConnection = self.run(self.engine.connect().start())
        self.who: dict[str, Actor] = {}
        self.begin()
        self.run(self._lay_in())
        self.run(self.conn.commit())

    def run(self, work: Coroutine[Any, Any, T] | Awaitable[T]) -> T:
        """Return what an action returns."""
        return self.loop.run_until_complete(work)

    async def _lay_in(self) -> None:
        await self.tx.add(rooms, id=ROOM, name="沽水街道值班室", drill=False)
        for number, (name, role) in enumerate(PEOPLE):
            key = await people.add_person(self.tx, name, "", f"138{number:08}", 1000 + number)
            await people.give_post(self.tx, key, role)
        self.who = {a.name: a for a in await people.everybody(self.tx)}

    def begin(self) -> None:
        """Begin an example."""
        self.now = START
        self.run(self.conn.exec_driver_sql("BEGIN IMMEDIATE"))
        self.tx = Tx(self.conn, self.rules, ZONE)

    def keep(self) -> None:
        """Let every example begin from what stands now."""
        self.run(self.conn.commit())

    def end(self) -> None:
        """Forget the example."""
        self.run(self.conn.rollback())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what the database holds: what is checked is read here and not by the actions' own queries."""
        return self.driver.execute(statement).fetchall()

    def act(self, work: Coroutine[Any, Any, T]) -> T:
        """Do one thing in a savepoint of its own, as the inbox does."""
        return self.run(self._act(work))

    async def _act(self, work: Coroutine[Any, Any, T]) -> T:
        async with self.tx.savepoint():
            return await work

    def passes(self, hours: float) -> None:
        """Let time pass; whatever falls due is done at its moment."""
        end = self.now + timedelta(hours=hours)
        while True:
            morning = self._next_morning()
            at = min((x for x in (self.run(deadline.next_due(self.tx)), morning) if x), default=end)
            if at > end:
                break
            self.now = max(self.now, at)
            for one in self.run(deadline.due(self.tx, self.now)):
                if self.run(deadline.claim(self.tx, one, self.now)) and one.kind in STEPS:
                    self.run(STEPS[one.kind](self.tx, one, self.now))
            if at == morning:
                self.run(finding.daily(self.tx, self.now))
        self.now = end

    def _next_morning(self) -> datetime:
        """Return the next 09:00, when the calendar has the roster looked at."""
        local = self.now.astimezone(ZONE)
        nine = local.replace(hour=9, minute=0, second=0, microsecond=0)
        return nine if nine > local else nine + timedelta(days=1)

    @property
    def micros(self) -> int:
        """The present moment as the database writes it."""
        return int(self.now.timestamp() * 1_000_000)

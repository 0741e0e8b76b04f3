"""aiosqlite with one turn of its thread per statement: SQLAlchemy asks it for a cursor, a run, the rows and a close.

Each turn wakes another thread and waits for it; with four of them a unit of work of ten statements took three times
as long (bench/cascade).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import aiosqlite

Parameters = Iterable[Any]


@dataclass
class Done:
    """What a statement left behind."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: list[Any] = field(default_factory=list)


class Cursor:
    """A cursor that runs a statement and fetches its rows at once."""

    arraysize = 1

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._done = Done()

    async def __aenter__(self) -> Self:
        """Nothing is opened before there is a statement."""
        return self

    async def execute(self, sql: str, parameters: Parameters = ()) -> "Cursor":
        """Run one statement; its rows are fetched with it."""
        self._done = await self._connection.turn(_run, sql, parameters)
        return self

    async def executemany(self, sql: str, parameters: Iterable[Parameters]) -> "Cursor":
        """Run one statement for many sets of values."""
        self._done = await self._connection.turn(_run_many, sql, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._done.rows

    async def close(self) -> None:
        """Nothing is open any more."""

    @property
    def description(self) -> Any:  # noqa: ANN401 - the driver's own tuple
        """The columns, None for a statement without rows."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The key of the row that was inserted."""
        return self._done.lastrowid


class Connection(aiosqlite.Connection):
    """A connection whose cursors take one turn per statement."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # as SQLAlchemy uses it
        """Return a cursor."""
        return Cursor(self)

    async def rollback(self) -> None:
        """Roll back what is open; the pool asks for it after each commit too, when nothing is."""
        if self.in_transaction:
            await super().rollback()

    async def turn(self, work: Any, sql: str, parameters: object) -> Done:  # noqa: ANN401 - one of the two below
        """Let the connection's thread do a whole statement."""
        done: Done = await self._execute(work, self._conn, sql, parameters)  # type: ignore[no-untyped-call]  # aiosqlite's
        return done


def _run(connection: sqlite3.Connection, sql: str, parameters: Parameters) -> Done:
    cursor = connection.execute(sql, tuple(parameters))
    rows = cursor.fetchall() if cursor.description else []
    done = Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    cursor.close()
    return done


def _run_many(connection: sqlite3.Connection, sql: str, parameters: Iterable[Sequence[Any]]) -> Done:
    cursor = connection.executemany(sql, parameters)
    done = Done(None, cursor.rowcount, cursor.lastrowid)
    cursor.close()
    return done


def connect(database: str, **options: Any) -> Connection:  # noqa: ANN401 - sqlite3's own
    """Return a connection to be awaited."""
    return Connection(lambda: sqlite3.connect(database, **options), 64)

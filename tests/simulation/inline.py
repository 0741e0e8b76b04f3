"""The database driver without its thread, and with a fuse: the process that holds it can be killed at any statement."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import database, driver

T = TypeVar("T")


class Killed(BaseException):
    """The process is gone: nothing of ours catches this, as nothing catches a kill -9."""


@dataclass
class Life:
    """One process from its start to its end. `fuse`: so many more statements or requests, then it is killed."""

    fuse: int | None = None
    wire: int | None = None
    """So many more requests, then it is killed on the way to one or back from it."""
    dead: bool = False
    connections: list[sqlite3.Connection] = field(default_factory=list)

    def point(self) -> None:
        """Go on, unless the process is dead or dies here."""
        if self.fuse is not None:
            self.fuse -= 1
            self.dead = self.dead or self.fuse < 0
        if self.dead:
            raise Killed

    def on_the_wire(self) -> None:
        """Go on with a request, unless the process dies here."""
        if self.wire is not None:
            self.wire -= 1
            self.dead = self.dead or self.wire < 0
        self.point()

    def bury(self) -> None:
        """Let go of the files as the kernel does: what was not committed is gone."""
        self.dead = True
        for connection in self.connections:
            connection.close()
        self.connections.clear()


class AtOnce:
    """In the place of the queue to aiosqlite's thread: SQLAlchemy hands it the isolation level."""

    @staticmethod
    def put_nowait(work: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        """Do it now."""
        future, function = work
        done = function()
        if future is not None:
            future.set_result(done)


class Inline(driver.Connection):
    """A connection with every call made at once on the loop's own thread."""

    life: Life

    def __await__(self) -> Any:  # noqa: ANN401 - aiosqlite's own type
        """Open."""
        return self._open().__await__()

    async def _open(self) -> "Inline":
        self._running = True
        if self._connection is None:
            self._connection = self._connector()
            self.life.connections.append(self._connection)
        return self

    async def _execute(self, fn: Callable[..., T], *args: Any, **named: Any) -> T:  # noqa: ANN401 - any call
        self.life.point()
        done = fn(*args, **named)
        self.life.point()
        return done

    async def turn(self, work: Any, sql: str, parameters: object) -> driver.Done:  # noqa: ANN401 - as in the driver
        """Do a whole statement; no power fails here, so that nothing is synced."""
        return await super().turn(work, sql.replace("synchronous=FULL", "synchronous=OFF"), parameters)

    def __del__(self) -> None:
        """A killed process closes nothing, and nobody is warned of it."""

    def stop(self) -> None:
        """Close at once."""
        self._running = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_ENGINES: dict[bool, AsyncEngine] = {}
_NOW: list[tuple[Life, str]] = []
"""The process that opens connections now, and its file."""


def _connect(_database: str, **options: Any) -> Inline:  # noqa: ANN401 - sqlite3's own
    life, path = _NOW[-1]
    made = Inline(lambda: sqlite3.connect(path, **options), 64)
    made.life, made._tx = life, AtOnce()  # type: ignore[assignment]  # a queue to nobody
    return made


def _shared(*, query_only: bool) -> AsyncEngine:
    if query_only not in _ENGINES:
        url = "sqlite+aiosqlite:///:of-the-life:"
        _ENGINES[query_only] = create_async_engine(
            url, pool_size=2, max_overflow=0, connect_args={"async_creator_fn": _connect}
        )
        database._tune_sqlite(_ENGINES[query_only], query_only=query_only, guest=False)
    return _ENGINES[query_only]


class InlineDatabase(database.Database):
    """A process's database on connections that die with it.

    Every process and every day share two engines, since these keep each statement once it is compiled.
    """

    def _engine(self, *, query_only: bool, size: int) -> AsyncEngine:
        del size
        engine = _shared(query_only=query_only)
        engine.sync_engine.dispose(close=False)
        return engine


def live(life: Life, path: str) -> None:
    """Let new connections belong to this process, and go to this file."""
    _NOW[:] = [(life, path)]

"""One writer that is also the only checkpointer, and separate readers (architecture.md §6).

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE. Measured reasons stand in docs/decisions/0002-storage.md. PostgreSQL:
a lock for the one who writes, read-only snapshots for the others.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Executable, Insert, Row, Table, event, insert, select, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InternalError, PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from config.rules import Rules, load_kept_rules, load_rules
from storage import driver, schema
from storage.turns import Turns

logger = logging.getLogger(__name__)

Did = TypeVar("Did")

ROOM = 1
"""The one room of this deployment; the tables are ready for more."""
WRITING = 0x64757479
"""The number of the lock that whoever writes holds on PostgreSQL."""
PATIENCE = "10s"
"""So long a writer waits for another program's."""


class Loop(Enum):
    """A loop that waits for rows: what is due, what goes out by the chat, what goes out by other channels."""

    DUE = "due"
    CHAT = "chat"
    CHANNELS = "channels"


class BadUrl(Exception):
    """The database URL names no database this installation can open."""


class StorageFailed(Exception):
    """The database could not do what was asked; nothing of the unit of work was kept."""

    @property
    def damaged(self) -> bool:
        """Return True if SQLite says that the file is broken."""
        return any(words in str(self) for words in ("malformed", "is not a database"))


class Apart(StorageFailed):
    """Something failed in a unit of work that was tried without its savepoints: it is done anew with them."""


GONE = "数据库文件被删除或替换"
AWAY = "连不上数据库服务器"
TROUBLE = {
    "is full": "磁盘已满",
    "No space left": "磁盘已满",
    "readonly": "磁盘只读",
    "is locked": "数据库被另一个程序锁住",
    "lock timeout": "数据库被另一个程序锁住",
    "disk I/O error": "磁盘读写出错",
    "unable to open": "数据库文件打不开",
    "malformed": "数据库文件已损坏",
    "is not a database": "数据库文件已损坏",
    "no such savepoint": "磁盘读写出错",
    GONE: GONE,
    AWAY: AWAY,
}
"""What a database says of the disk, the file or its server, and not of a statement; in words for people."""


def trouble(error: BaseException) -> str:
    """Return in words what is wrong with disk, file or server, '' when the statement itself is at fault."""
    if isinstance(error, InternalError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return AWAY  # asyncpg calls a connection that ended under it an internal error
    said = str(error)
    return next((words for sign, words in TROUBLE.items() if sign in said), "")


@cache
def _into(table: Table) -> Insert:
    return insert(table)


@dataclass
class Tx:
    """A unit of work handed to actions: one connection in one transaction, with the rules in force."""

    conn: AsyncConnection
    rules: Rules
    zone: ZoneInfo
    room: int = ROOM
    after: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    """What is to be done once this unit is committed."""
    wakes: dict[Loop, datetime] = field(default_factory=dict)
    """The earliest moment written in this unit for each loop, so that it wakes in time, and no other does."""
    whole: bool = False
    """Its savepoints are left out."""
    ruled: bool = False
    """A rule was changed in this unit."""

    async def all(self, statement: Executable, values: Any = None) -> Sequence[Row[Any]]:  # noqa: ANN401 - SQLAlchemy's values
        """Return every row."""
        return (await self.conn.execute(statement, values)).all()

    async def one(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """Return the first row or None."""
        return (await self.conn.execute(statement, values)).first()

    async def value(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - a scalar of the statement's own type
        """Return the first column of the first row or None."""
        return (await self.conn.execute(statement, values)).scalar()

    async def run(self, statement: Executable, values: Any = None) -> int:  # noqa: ANN401 - SQLAlchemy's values
        """Run a statement and return how many rows it touched."""
        return int((await self.conn.execute(statement, values)).rowcount)

    async def add(self, table: Table, **values: object) -> int:
        """Insert one row and return its key."""
        result = await self.conn.execute(_into(table), values)
        key = result.inserted_primary_key
        return int(key[0]) if key and key[0] is not None else 0

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Roll back alone what fails inside; a disk, file or server takes the whole unit: raises StorageFailed."""
        try:
            async with nullcontext() if self.whole else self.conn.begin_nested():
                yield
        except StorageFailed:
            raise
        except Exception as error:
            if isinstance(error, DBAPIError) and trouble(error):
                failed = StorageFailed(str(error.orig))
                if not failed.damaged:
                    raise failed from error
            if self.whole:
                raise Apart(str(error)) from error
            raise

    def wake_at(self, when: datetime, *loops: Loop) -> None:
        """Remember the earliest moment at which these loops have something to do."""
        for loop in loops:
            self.wakes[loop] = min(when, self.wakes.get(loop, when))


@dataclass
class Database:
    """The store of one process. `guest=True` never checkpoints: for command lines beside a running bot."""

    url: str
    zone: ZoneInfo
    rules_file: Path | None = None
    guest: bool = False
    woken: Callable[[Mapping[Loop, datetime]], None] = lambda _wakes: None
    failed: str = ""
    """What was last wrong with the disk or the file, in words; whoever sees it well again clears it."""
    damaged: bool = False
    """A part of the file could not be read."""
    _writer: AsyncEngine = field(init=False)
    _reader: AsyncEngine = field(init=False)
    _turns: Turns = field(init=False, default_factory=Turns)
    _rules: Rules = field(init=False)
    _ruled: int = field(init=False, default=0)
    """So many units of ours changed a rule."""
    _rules_of: int = field(init=False, default=-1)
    """After so many of them the rules were read."""

    def __post_init__(self) -> None:
        """Prepare the engines; nothing is opened before the first use."""
        self._rules = load_rules(self.rules_file)
        try:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._writer = self._engine(query_only=False, size=1)
            self._reader = self._engine(query_only=True, size=2)
        except (ArgumentError, ModuleNotFoundError) as error:
            raise BadUrl(str(error)) from error

    @cached_property
    def path(self) -> Path | None:
        """The SQLite file, or None on another database."""
        url = make_url(self.url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    def _engine(self, *, query_only: bool, size: int) -> AsyncEngine:
        own = (
            {"async_creator_fn": driver.connect}
            if self.path is not None
            else _on_server(query_only=query_only)
        )
        engine = create_async_engine(self.url, pool_size=size, max_overflow=0, connect_args=own)
        event.listen(engine.sync_engine, "handle_error", self._note)
        if self.path is not None:
            _tune_sqlite(engine, query_only=query_only, guest=self.guest)
        elif not query_only:
            _one_writer(engine)
        return engine

    def _note(self, context: ExceptionContext) -> None:
        said = context.sqlalchemy_exception or context.original_exception
        words = AWAY if context.is_disconnect else trouble(said)
        self.failed = words or self.failed
        self.damaged = self.damaged or StorageFailed(str(context.original_exception)).damaged

    @property
    def rules(self) -> Rules:
        """The rules as last read."""
        return self._rules

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[Tx]:
        """Hand out a unit of work; commit at the end (shielded from cancellation) or keep nothing.

        `urgent`: before all others that wait for their turn.

        Raises StorageFailed when the commit or the begin is refused (disk full, locked, read-only), and when the
        file was deleted or replaced: what is written into it then is lost.
        """
        async with self._turns.turn(urgent=urgent):
            try:
                async with self.opened() as conn:
                    await conn.begin()
                    tx = Tx(conn, await self._rules_now(conn), self.zone)
                    yield tx
                    if self.lost():
                        self.failed = GONE
                        raise StorageFailed(GONE)
                    await asyncio.shield(conn.commit())
            except DBAPIError as error:
                raise StorageFailed(str(error.orig)) from error
            except PendingRollbackError as error:  # somebody went on after the connection had ended
                raise StorageFailed(AWAY) from error
            if tx.ruled:
                self._ruled += 1
        if tx.wakes:
            self.woken(tx.wakes)
        for act in tx.after:
            await act()

    async def attempt(self, work: Callable[[Tx], Awaitable[Did]], *, urgent: bool = False) -> Did:
        """Do a unit of work without its savepoints, two statements each; where something fails, anew with them."""
        try:
            async with self.write(urgent=urgent) as tx:
                tx.whole = True
                return await work(tx)
        except Apart:
            async with self.write(urgent=urgent) as tx:
                return await work(tx)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """Hand out a snapshot to read from; writing through it is refused by the database."""
        try:
            async with self._open(self._reader) as conn:
                await conn.begin()
                yield Tx(conn, await self._rules_now(conn), self.zone)
        except DBAPIError as error:
            raise StorageFailed(str(error.orig)) from error

    def opened(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Hand out the writer's connection outside any unit of work; raises StorageFailed when the server is away."""
        return self._open(self._writer)

    @asynccontextmanager
    async def _open(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(engine.connect())
            except OSError as error:  # no driver's error: there is no connection that could have one
                self.failed = AWAY
                raise StorageFailed(f"{AWAY}（{error}）") from error
            yield connection

    async def damage(self) -> str:
        """Return what SQLite's own check finds wrong with the file, '' when it is whole; raises StorageFailed."""
        if self.path is None:
            return ""
        async with self.read() as tx:
            found = str(await tx.value(text("PRAGMA integrity_check(1)")))
            loose = await tx.all(text("PRAGMA foreign_key_check"))
        if found != "ok":
            return found
        return f"{len(loose)} 处引用断开" if loose else ""

    async def _rules_now(self, conn: AsyncConnection) -> Rules:
        """Return the rules in force, read anew only when somebody changed one.

        Only a running process changes rules, so that it knows when; a guest looks each time.
        """
        ruled, changes = self._ruled, schema.rule_changes
        if self._rules_of != ruled or self.guest:
            rows = (await conn.execute(select(changes.c.key, changes.c.value).order_by(changes.c.id))).all()
            latest = {row.key: row.value for row in rows}
            kept = {key: value for key, value in latest.items() if value is not None}
            self._rules, left_out = load_kept_rules(self.rules_file, kept)
            for why in left_out.values():
                logger.error("a rule that was changed once is not allowed any more and left out: %s", why)
            self._rules_of = ruled
        return self._rules

    async def close(self) -> None:
        """Close every connection; the last writer to leave checkpoints."""
        await self._reader.dispose()
        await self._writer.dispose()

    def lost(self) -> bool:
        """Return True if the database file was deleted or replaced: SQLite would go on writing into nothing."""
        if self.path is None:
            return False
        try:
            found = self.path.stat().st_ino
        except (FileNotFoundError, NotADirectoryError):
            return True
        if not hasattr(self, "_inode"):
            self._inode = found
        return found != self._inode


def _tune_sqlite(engine: AsyncEngine, *, query_only: bool, guest: bool) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=10000")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if query_only or guest:
            cursor.execute("PRAGMA wal_autocheckpoint=0")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's connection
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")


def _on_server(*, query_only: bool) -> dict[str, Any]:
    """Return how a connection to PostgreSQL is opened: a reader sees one moment and cannot write."""
    if not query_only:
        return {"server_settings": {"lock_timeout": PATIENCE}}
    reading = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
    return {"server_settings": reading}


def _one_writer(engine: AsyncEngine) -> None:
    """Let programs write one after another: what a unit reads is what it writes upon, as with BEGIN IMMEDIATE."""

    @event.listens_for(engine.sync_engine, "begin")
    def _begun(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's connection
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")


def private_umask() -> None:
    """Make every file of this process readable by its owner only."""
    os.umask(0o077)


def utc(when: datetime) -> datetime:
    """Return the same instant in UTC; raise ValueError for a naive time."""
    if when.tzinfo is None:
        raise ValueError(f"naive time {when!r} names no instant")
    return when.astimezone(UTC)

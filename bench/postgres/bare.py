"""What a bare driver does with the same kind of work: sqlite3 on a file, asyncpg on the server."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from time import perf_counter
from typing import Any, Protocol

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy.engine import make_url

from bench.cascade.acks import SUSTAINED
from bot.inbox import BATCH

TRIPS = 2000
NAME = "dutyroom_bench"
TABLES = (
    "CREATE TABLE contacts (id BIGINT PRIMARY KEY, acked_at BIGINT)",
    "CREATE TABLE cards (id BIGINT PRIMARY KEY, dirty_at BIGINT)",
    "CREATE TABLE inbox (id BIGINT PRIMARY KEY, raw TEXT, done_at BIGINT)",
    "CREATE TABLE log (id BIGINT PRIMARY KEY, text TEXT, hash TEXT)",
)


class Bare(Protocol):
    """A bare driver's connection."""

    begin: str

    async def do(self, sql: str, *values: object) -> Any:  # noqa: ANN401 - the driver's own
        """Run one statement."""

    async def many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> Any:  # noqa: ANN401 - same
        """Run one statement for each row of values."""


class File:
    """sqlite3 on a file, every commit on the disk."""

    begin = "BEGIN IMMEDIATE"

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.isolation_level = None
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")

    async def do(self, sql: str, *values: object) -> Any:  # noqa: ANN401 - the driver's own
        """Run one statement."""
        return self._db.execute(sql.replace("$", "?"), values).fetchall()

    async def many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> Any:  # noqa: ANN401 - same
        """Run one statement for each row of values."""
        return self._db.executemany(sql.replace("$", "?"), rows)


class Server:
    """asyncpg on the server."""

    begin = "BEGIN"

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - asyncpg ships no types
        self._connection = connection

    async def do(self, sql: str, *values: object) -> Any:  # noqa: ANN401 - the driver's own
        """Run one statement."""
        return await self._connection.fetch(sql, *values)

    async def many(self, sql: str, rows: Sequence[tuple[object, ...]]) -> Any:  # noqa: ANN401 - same
        """Run one statement for each row of values."""
        return await self._connection.executemany(sql, rows)


@asynccontextmanager
async def fresh(server: str) -> AsyncIterator[str]:
    """Make a database of the bench's own on the server, return its URL, and drop it; "" stays ""."""
    if not server:
        yield ""
        return
    connection = await asyncpg.connect(_plain(server))
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {NAME}")
        yield make_url(server).set(database=NAME).render_as_string(hide_password=False)
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        await connection.close()


async def durable(server: str) -> bool:
    """Return True if the server's commits are on the disk when they are answered."""
    connection = await asyncpg.connect(_plain(server))
    try:
        said = {await connection.fetchval(f"SHOW {name}") for name in ("fsync", "synchronous_commit")}
    finally:
        await connection.close()
    return said == {"on"}


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Bare]:
    """Open a bare connection: to the URL's database, without one to a file of its own."""
    if url:
        connection = await asyncpg.connect(_plain(url))
        try:
            yield Server(connection)
        finally:
            await connection.close()
    else:
        with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/bare")) as db:
            yield File(db)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


async def trips(db: Bare) -> tuple[list[float], list[float]]:
    """Return the sorted seconds of a `SELECT 1`, and of a row begun, inserted and committed."""
    await db.do("CREATE TABLE trips (id BIGINT PRIMARY KEY, text TEXT)")
    asked, kept = [], []
    for n in range(TRIPS):
        began = perf_counter()
        await db.do("SELECT 1")
        asked.append(perf_counter() - began)
        began = perf_counter()
        await db.do(db.begin)
        await db.do("INSERT INTO trips VALUES ($1, $2)", n, "x" * 200)
        await db.do("COMMIT")
        kept.append(perf_counter() - began)
    return sorted(asked), sorted(kept)


async def rows(db: Bare, count: int) -> float:
    """Insert so many rows by one statement; return the seconds until that is committed."""
    await db.do("CREATE TABLE rows (id BIGINT PRIMARY KEY, text TEXT)")
    began = perf_counter()
    await db.do(db.begin)
    counted = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
    await db.do(f"{counted} INSERT INTO rows SELECT i, $2 FROM n", count, "x" * 200)  # noqa: S608 - our own words
    await db.do("COMMIT")
    return perf_counter() - began


async def acks(db: Bare) -> float:
    """Write what an acknowledgement leaves behind, in the inbox's batches; return how many a second."""
    for table in TABLES:
        await db.do(table)
    numbers = [(n,) for n in range(SUSTAINED)]
    for table in ("contacts", "cards"):
        await db.many(f"INSERT INTO {table} (id) VALUES ($1)", numbers)  # noqa: S608 - our own two names
    began = perf_counter()
    for start in range(0, SUSTAINED, BATCH):
        batch = numbers[start : start + BATCH]
        await db.do(db.begin)
        await db.many("INSERT INTO inbox (id, raw) VALUES ($1, $2)", [(n, "x" * 900) for (n,) in batch])
        await db.do("COMMIT")
        await db.do(db.begin)
        await db.many("UPDATE contacts SET acked_at = 1 WHERE id = $1", batch)
        await db.many("INSERT INTO log VALUES ($1, $2, $3)", [(n, "x" * 60, "x" * 64) for (n,) in batch])
        await db.many("UPDATE cards SET dirty_at = 1 WHERE id = $1", batch)
        await db.many("UPDATE inbox SET done_at = 1 WHERE id = $1", batch)
        await db.do("COMMIT")
    return SUSTAINED / (perf_counter() - began)

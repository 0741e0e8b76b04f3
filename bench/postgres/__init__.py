"""The same work on SQLite and on PostgreSQL in one run, each beside what a bare driver does there.

`python -m bench postgres --server postgresql+asyncpg://user@host/postgres`. The bot's real parts; Telegram is the local
chat in a process of its own. A database of the bench's own is made on the server and dropped; its fsync must be on.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from statistics import median
from time import process_time
from typing import Any, Self

from sqlalchemy import Engine, event, func, select

from bench.cascade.acks import SUSTAINED, only, pressed, quiet
from bench.cascade.office import Office, office, running, until
from bench.cascade.tree import CITY, Shape
from bench.echo import asked
from bench.growth import ACTS
from bench.incidents import answered, officer
from bench.postgres.bare import acks, connected, durable, fresh, rows, trips
from bench.table import Row, apart
from domain.actor import Actor
from domain.roster import Post, Wanted
from storage import log, roster
from storage.schema import contacts, deadlines, outbox

OPTIONS = ("server",)
PLACE = Shape(districts=1, streets=1, villages=22, grids=65)
TYPED = 200
"""So many commands one after another."""
REPORTED = 100
ENTRIES = 100_000
CHUNK = 5000
PATIENCE = 120.0


@dataclass
class Counted:
    """How often this process asked its database for something while it was looked at, and the CPU of it."""

    statements: int = 0
    commits: int = 0
    cpu: float = 0.0

    def __enter__(self) -> Self:
        """Begin to look."""
        event.listen(Engine, "before_cursor_execute", self._asked)
        event.listen(Engine, "commit", self._committed)
        self.cpu = process_time()
        return self

    def __exit__(self, *_error: object) -> None:
        """Look no longer."""
        self.cpu = process_time() - self.cpu
        event.remove(Engine, "before_cursor_execute", self._asked)
        event.remove(Engine, "commit", self._committed)

    def _asked(self, _connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        self.statements += not sql.startswith("BEGIN")

    def _committed(self, _connection: object) -> None:
        self.commits += 1


@dataclass(frozen=True)
class Ceiling:
    """Seconds a bare driver takes there for a `SELECT 1`, and for a row begun, inserted and committed."""

    trip: float
    commit: float

    def beside(self, times: list[float], counted: Counted) -> str:
        """Return the rest of a row in words: p50, CPU, how much was asked, and what a bare driver takes for that."""
        each, commits = counted.statements / len(times), counted.commits / len(times)
        floor = (each * self.trip + commits * self.commit) * 1000
        return (
            f"p50 {median(times):.0f} ms, {counted.cpu / len(times) * 1000:.0f} ms of CPU, {each:.0f} statements,"
            f" {commits:.1f} commits; ceiling {floor:.1f} ms: as many bare round trips"
        )


def run(*, server: str) -> Iterator[Row]:
    """Yield the rows of SQLite and of the server in turn; without a server, or with one that keeps nothing, none."""
    if not server:
        print("postgres: skipped, no server is given (--server postgresql+asyncpg://user@host/postgres)")
        return
    if not asyncio.run(durable(server)):
        print("postgres: skipped, the server has fsync or synchronous_commit off: it would be no measure")
        return
    for part in (_commands, _cascade):
        for name, url in (("SQLite", ""), ("PostgreSQL", server)):
            yield from apart(partial(part, name, url))


async def _commands(name: str, server: str) -> list[Row]:
    """Type 值班 and 首报 one after another with nothing else to do, then 值班 again with a long log."""
    async with fresh(server) as url, connected(url) as db:
        selects, commits = await trips(db)
    ceiling = Ceiling(median(selects), median(commits))
    async with fresh(server) as url, office(PLACE, database_url=url) as one:
        one.unlimited()
        who = await officer(one)
        await _on_duty(one, who)
        async with running(one.app):
            short = await _typed(one, who)
            with Counted() as reporting:
                reports, _ = await answered(one, who, 0, REPORTED)
            await until(lambda: quiet(one), PATIENCE)
            await _lay_log(one, who)
            long = await _typed(one, who)
    return [
        Row(f"{name}: bare SELECT 1", 1 / ceiling.trip, None, "/s", _spread(selects)),
        Row(f"{name}: bare INSERT and commit", 1 / ceiling.commit, None, "/s", _spread(commits)),
        Row(f"{name}: 值班 typed to answered, p99", _p99(short[0]), None, "ms", ceiling.beside(*short)),
        Row(
            f"{name}: 值班 with {ENTRIES:,} log entries, p99", _p99(long[0]), None, "ms",
            ceiling.beside(*long),
        ),
        Row(f"{name}: 首报 to its card, p99", _p99(reports), 300.0, "ms", ceiling.beside(reports, reporting)),
    ]  # fmt: skip


async def _typed(one: Office, who: Actor) -> tuple[list[float], Counted]:
    with Counted() as counted:
        times = await asked(one.chat, who.telegram_id or 0, TYPED)
    return times, counted


async def _on_duty(one: Office, who: Actor) -> None:
    """Put the office's people on its roster for ten days, and the first officer on watch."""
    now = one.app.clock.now()
    begin = now - timedelta(hours=1)
    async with one.app.db.write() as tx:
        wanted = [
            Wanted(post, who.id + place, begin + timedelta(days=day), begin + timedelta(days=day + 1))
            for day in range(10)
            for place, post in ((day % 2, Post.OFFICER), (2 + day % 2, Post.LEADER))
        ]
        numbers = await roster.add_shifts(tx, wanted, "import")
        await roster.take_watch(tx, now, who.id, numbers[0])


async def _lay_log(one: Office, who: Actor) -> None:
    now = one.app.clock.now()
    for start in range(0, ENTRIES, CHUNK):
        new = [
            log.New(who.id, ACTS[n % len(ACTS)], f"E{n // 400 + 1}", f"第{n}次巡查，各处正常")
            for n in range(start, start + CHUNK)
        ]
        async with one.app.db.write() as tx:
            await log.append_all(tx, now, new)


async def _cascade(name: str, server: str) -> list[Row]:
    """Dispatch to a city, send to those who will answer, then let them press 收到 without a pause."""
    async with fresh(server) as url, office(CITY, database_url=url) as one:
        number = await one.receive()
        with Counted() as counted:
            took = await one.dispatch(number)
        written = await _written(one)
        await only(one, SUSTAINED)
        one.unlimited()
        async with running(one.app):
            await one.sent(SUSTAINED, PATIENCE)
            await until(lambda: quiet(one), PATIENCE)
        one.app.stop.clear()
        one.limited()
        many = await pressed(one, one.accounts[:SUSTAINED])
    async with fresh(server) as url, connected(url) as db:
        inserted, rate = await rows(db, written), await acks(db)
    return [
        Row(
            f"{name}: {CITY.contacts:,} contacts: dispatch committed", took, 2.0, "s",
            f"{counted.cpu:.2f} s of CPU, {counted.statements} statements;"
            f" ceiling {inserted:.2f} s: {written:,} bare rows, one INSERT and commit",
        ),
        Row(
            f"{name}: {SUSTAINED:,} 收到 without a pause", many.rate, None, "/s",
            f"{many.line}; ceiling {rate:.0f}/s: bare driver, same batches",
            least=400.0,
        ),
        Row("  each recorded, logged, its card marked", many.whole, None, "", least=SUSTAINED),
    ]  # fmt: skip


async def _written(one: Office) -> int:
    async with one.app.db.read() as tx:
        counts: list[Any] = [
            await tx.value(select(func.count()).select_from(table)) for table in (contacts, outbox, deadlines)
        ]
    return sum(counts)


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _spread(seconds: list[float]) -> str:
    return f"p50 {median(seconds) * 1000:.2f} ms, p99 {_p99(seconds) * 1000:.2f} ms"

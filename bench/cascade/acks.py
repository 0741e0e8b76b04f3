"""Acknowledgements: thousands press 收到 at once; each is logged, marked on the cards and committed to the disk."""

import asyncio
import sqlite3
import tempfile
from bisect import bisect_right
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from time import perf_counter, process_time

from sqlalchemy import func, select, update

from bench.cascade.office import Office, office, running, until
from bench.cascade.tree import ACCOUNTS, CITY
from bench.table import Row
from bot.inbox import BATCH, Inbox
from storage import outbox as outboxes
from storage.database import Tx
from storage.schema import cards, contacts, inbox, log, outbox

BURST = 2000
SUSTAINED = 6000
AT_ONCE = 16
"""Presses under way at once while they are laid up at the local chat."""
AFTER = 7.0
"""Seconds in which edits are watched when all is handled."""


async def measure() -> list[Row]:
    """Send to some of a city's contacts; lay up a burst of presses, let the bot take them, then a longer one."""
    async with office(CITY) as one:
        await one.dispatch(await one.receive())
        await only(one, BURST + SUSTAINED)
        one.unlimited()
        async with running(one.app):
            await one.sent(BURST + SUSTAINED, 120)
            await until(lambda: quiet(one), 20)
        one.app.stop.clear()
        one.limited()
        one.notes.edits.clear()
        burst = await pressed(one, one.accounts[:BURST])
        many = await pressed(one, one.accounts[BURST : BURST + SUSTAINED])
        edits = one.notes.edits
    beside = f"ceiling {bare_acks():.0f}/s: bare SQLite, fsync'd, batches of {BATCH}"
    return [
        Row("a burst of 2,000 收到: p99 from update to commit", burst.p99 * 1000, 250.0, "ms", burst.line),
        Row(
            f"{SUSTAINED:,} 收到 without a pause",
            many.rate,
            None,
            "/s",
            f"{many.line}; {beside}",
            least=400.0,
        ),
        Row("  each recorded, logged, its card marked", many.whole, None, "", least=SUSTAINED),
        Row("card edits: shortest time between two of a card", _shortest(edits), None, "s", least=2.9),
        Row("card edits: most in any one second", _most(edits), 30, "/s", f"{len(edits)} edits in all"),
    ]


@dataclass
class Timed(Inbox):
    """The inbox, noting when each of its batches was committed."""

    ends: list[datetime] = field(default_factory=list)

    async def work(self) -> int:
        """Work, and note it."""
        done = await super().work()
        if done:
            self.ends.append(self.clock.now())
        return done


class Measured:
    """What became of the presses of one run."""

    def __init__(self, waits: list[timedelta], seconds: float, whole: int, cpu: float) -> None:
        ordered = sorted(wait.total_seconds() for wait in waits)
        self.p50, self.p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        self.rate = len(ordered) / seconds
        self.whole = whole
        self.cpu = cpu / len(ordered) * 1000

    @property
    def line(self) -> str:
        """The rest of it in words."""
        waits = f"p50 {self.p50 * 1000:.0f}, p99 {self.p99 * 1000:.0f} ms"
        return f"{waits}, {self.rate:.0f}/s, {self.cpu:.2f} ms of CPU each"


async def only(one: Office, wanted: int) -> None:
    """Take the messages to everybody else as sent, so that those who press have theirs soon."""
    last = one.accounts[wanted - 1] - ACCOUNTS
    async with one.app.db.write() as tx:
        orders = (outbox.c.kind == "callout.order", outbox.c.person_id > last)
        await tx.run(update(outbox).where(*orders).values(state="sent"))


async def quiet(one: Office) -> bool:
    """Return True if nothing waits to be sent."""
    async with one.app.db.read() as tx:
        waiting = await outboxes.ages(tx)
    return not {"pending", "sending"} & waiting.keys()


async def pressed(one: Office, accounts: list[int]) -> Measured:
    """Lay the presses up at the local chat, then run until all are handled."""
    waiting = iter(accounts)

    async def press_one_after_another() -> None:
        for account in waiting:
            await one.chat.ask("press", account_id=account, button="收到")

    await asyncio.gather(*(press_one_after_another() for _ in range(AT_ONCE)))
    async with one.app.db.read() as tx:
        before = await _acked(tx)
        since = int(await tx.value(select(func.max(inbox.c.update_id))) or 0)
    app = one.app
    timed = app.inbox = app.health.inbox = Timed(app.db, one.bot, app.clock, app.files, app.alarm)
    began = process_time()
    async with running(app):
        await until(lambda: _handled(one, since, len(accounts)), 180, 0.25)
        cpu = process_time() - began
        await asyncio.sleep(AFTER)
    app.stop.clear()
    async with app.db.read() as tx:
        rows = await tx.all(select(inbox.c.received_at, inbox.c.done_at).where(inbox.c.update_id > since))
        whole = await _acked(tx) - before
    waits = [
        timed.ends[bisect_right(timed.ends, row.done_at)] - row.received_at for row in rows if row.done_at
    ]
    seconds = (timed.ends[-1] - min(row.received_at for row in rows)).total_seconds()
    return Measured(waits, seconds, whole, cpu)


async def _handled(one: Office, since: int, wanted: int) -> bool:
    async with one.app.db.read() as tx:
        where = (inbox.c.update_id > since, inbox.c.done_at.is_not(None))
        return int(await tx.value(select(func.count()).select_from(inbox).where(*where)) or 0) >= wanted


async def _acked(tx: Tx) -> int:
    """Return how many acknowledgements stand in the cascade, in the log, and on a card that shows or awaits them."""
    recorded = await tx.value(
        select(func.count()).select_from(contacts).where(contacts.c.acked_at.is_not(None))
    )
    logged = await tx.value(select(func.count()).select_from(log).where(log.c.act == "callout.acked"))
    edited = cards.c.dirty_at.is_not(None) | (cards.c.edited_at > contacts.c.acked_at)
    marked = await tx.value(
        select(func.count())
        .select_from(contacts)
        .join(cards, (cards.c.person_id == contacts.c.acked_by) & (cards.c.kind == "callout.order"))
        .where(contacts.c.acked_at.is_not(None), edited)
    )
    return int(min(recorded, logged, marked))


def _shortest(edits: list[tuple[float, int, int]]) -> float:
    by_card: dict[tuple[int, int], list[float]] = defaultdict(list)
    for at, chat, message in edits:
        by_card[chat, message].append(at)
    gaps = [b - a for times in by_card.values() for a, b in pairwise(sorted(times))]
    return min(gaps, default=0.0)


def _most(edits: list[tuple[float, int, int]]) -> int:
    times = sorted(at for at, *_ in edits)
    return max((bisect_right(times, at + 1.0) - n for n, at in enumerate(times)), default=0)


def bare_acks() -> float:
    """Write what an acknowledgement leaves behind, in the same batches, in bare SQLite; return how many a second."""
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(f"{folder}/bare.sqlite3")) as db:
        db.isolation_level = None
        db.executescript("""
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE TABLE contacts (id INTEGER PRIMARY KEY, acked_at INTEGER);
            CREATE TABLE cards (id INTEGER PRIMARY KEY, dirty_at INTEGER);
            CREATE TABLE inbox (id INTEGER PRIMARY KEY, raw TEXT, done_at INTEGER);
            CREATE TABLE log (seq INTEGER PRIMARY KEY, text TEXT, hash TEXT);
        """)
        numbers = [(n,) for n in range(SUSTAINED)]
        for table in ("contacts", "cards"):
            db.executemany(f"INSERT INTO {table} (id) VALUES (?)", numbers)  # noqa: S608 - our own two names
        began = perf_counter()
        for start in range(0, SUSTAINED, BATCH):
            batch = range(start, start + BATCH)
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT INTO inbox (id, raw) VALUES (?, ?)", [(n, "x" * 900) for n in batch])
            db.execute("COMMIT")
            db.execute("BEGIN IMMEDIATE")
            for n in batch:
                db.execute("UPDATE contacts SET acked_at = 1 WHERE id = ?", (n,))
                db.execute("INSERT INTO log (text, hash) VALUES (?, ?)", ("x" * 60, "x" * 64))
                db.execute("UPDATE cards SET dirty_at = 1 WHERE id = ?", (n,))
                db.execute("UPDATE inbox SET done_at = 1 WHERE id = ?", (n,))
            db.execute("COMMIT")
        return SUSTAINED / (perf_counter() - began)

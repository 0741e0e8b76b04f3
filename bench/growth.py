"""What years of use cost: the same commands with a log of a thousand entries and of a million, and its rosters.

`python -m bench growth [short]`. The real parts with the chat in the same process; a command's time runs from its
update taken over to its answer committed. Rows are laid in below the program, with their chain of hashes.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench.table import Row
from bot.telegram import raw_updates
from storage.log import GENESIS, HEAD, Verified, entry_hash, verify
from tests.stories.room import Room

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000, 1_000_000)
A_DAY = 550
"""Entries of the log in a day: a million are five years."""
ACTS = ("duty.log", "callout.acked", "callout.passed", "incident.received", "incident.added", "report.sent")
EVENTS = 400
"""One closed incident for so many entries."""
TIMES = 9
GOAL = {"值班": 50.0}
ASKED = (
    ("郑伟", "值班"), ("郑伟", "事件"), ("郑伟", "待办"), ("郑伟", "预警"), ("郑伟", "日志"), ("郑伟", "日志 水管"),
    ("郑伟", "记录 巡查河道，水位正常"), ("郑伟", "首报 金桥路9号两车相撞，2人受伤送医"), ("郑伟", "时间线 E1"),
    ("郑伟", "补报 伤者出院"), ("郑伟", "我的班"), ("郑伟", "值班表"), ("郑伟", "统计"), ("郑伟", "交班"),
    ("郑伟", "设备"), ("宋倩", "状态"), ("宋倩", "审计"),
)  # fmt: skip
PARTS = ("short",)


@dataclass
class Measured:
    """One size of the log: milliseconds per command, and the rest."""

    size: int
    start: float
    megabytes: float
    verified: float
    stalled: float
    """Longest time in which nothing else ran while the chain was checked."""
    times: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)


def run(*parts: str) -> Iterator[Row]:
    """Yield a row per command at the largest log, with what it took at the smaller ones."""
    sizes = SIZES[:3] if parts else SIZES
    found = [asyncio.run(_measure(size)) for size in sizes]
    last, others = found[-1], found[:-1]

    def beside(values: list[float], form: str = ".1f") -> str:
        return "; ".join(f"{one.size:,}: {value:{form}}" for one, value in zip(others, values, strict=True))

    entries = f"{last.size:,} entries"
    for text, took in last.times.items():
        cpu = f"CPU {last.cpu[text]:.0f} ms ({beside([m.cpu[text] for m in others], '.0f')})"
        yield Row(f"{entries}: {text.split('，')[0]}", took, GOAL.get(text), "ms", cpu)
    yield Row("  opened at the start", last.start, None, "s", beside([m.start for m in others], ".2f"))
    yield Row("  size of the database", last.megabytes, None, "MB", beside([m.megabytes for m in others]))
    yield Row(
        "  CPU of checking the chain", last.verified, None, "s", beside([m.verified for m in others], ".2f")
    )
    yield Row(
        "  all else stood still meanwhile, at most",
        last.stalled,
        100.0,
        "ms",
        beside([m.stalled for m in others]),
    )


async def _measure(size: int) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        room = await Room(Path(folder), NOW).open()
        await room.close()
        file = Path(folder) / "dutyroom.sqlite3"
        with closing(sqlite3.connect(file)) as db:
            lay(db, size)
        room = await Room(Path(folder), NOW).open()
        await room.import_street(300)
        await room.learn_accounts()
        await room.app.close()
        began = perf_counter()
        room = await Room(Path(folder), NOW).open()
        start = perf_counter() - began
        await room.learn_accounts()
        checked, stalled = await _checked(room, size)
        found = Measured(size, start, file.stat().st_size / 1024 / 1024, checked, stalled)
        for name, text in ASKED:
            found.times[text], found.cpu[text] = await _asked(room, name, text)
        await room.close()
        return found


async def _asked(room: Room, name: str, text: str) -> tuple[float, float]:
    """Return the milliseconds from the update taken over to its answer committed, and those of CPU; the middle ones."""
    times, cpus, app = [], [], room.app
    for _ in range(1 if text == "审计" else TIMES):
        await room.settle()
        room.api.post(room.ids[name], text)
        updates = await raw_updates(app.outbox.bot, room.offset, wait=0)
        room.offset = updates[-1]["update_id"] + 1
        began, cpu = perf_counter(), process_time()
        await app.inbox.take(updates)
        await app.inbox.work()
        times.append((perf_counter() - began) * 1000)
        cpus.append((process_time() - cpu) * 1000)
        await room.settle()
        room.clock.move(3)
    return median(times), median(cpus)


async def _checked(room: Room, size: int) -> tuple[float, float]:
    """Return the seconds in which the chain is checked, and the longest stop (ms) of the loop meanwhile."""
    longest, done = 0.0, asyncio.Event()

    async def beat() -> None:
        nonlocal longest
        while not done.is_set():
            before = perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, perf_counter() - before)

    beating = asyncio.create_task(beat())  # noqa: TID251 - it looks on while the chain is checked
    began = process_time()
    async with room.app.db.read() as tx:
        verified = await verify(tx)
    took = process_time() - began
    done.set()
    await beating
    if not isinstance(verified, Verified) or verified.count < size:
        raise AssertionError(verified)
    return took, longest * 1000


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def lay(db: sqlite3.Connection, size: int) -> None:
    """Lay in a log with all that is left of as many acts: events, sendings, updates, deadlines, rosters."""
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA foreign_keys=OFF")
    step = timedelta(days=1) / A_DAY
    begin = NOW - step * size - timedelta(days=1)
    _lay_log(db, size, begin, step)
    _lay_events(db, size // EVENTS, begin, step * EVENTS)
    days = int((NOW - begin).days)
    db.executemany(
        "INSERT INTO shifts (room_id, post, person_id, starts_at, ends_at, state, source)"
        " VALUES (1, ?, ?, ?, ?, 'planned', 'import')",
        (
            (post, n % 9 + 1, _micros(start), _micros(start + timedelta(days=1)))
            for n in range(days)
            for start in [begin + timedelta(days=n)]
            for post in ("officer", "deputy", "leader")
        ),
    )
    db.commit()


def _lay_log(db: sqlite3.Connection, size: int, begin: datetime, step: timedelta) -> None:
    previous, rows = GENESIS, []
    for seq in range(1, size + 1):
        at = begin + step * seq
        kept = (
            1,
            seq % 9 + 1,
            ACTS[seq % len(ACTS)],
            f"E{seq // EVENTS + 1}",
            f"第{seq}次巡查，各处正常",
            "{}",
        )
        digest = entry_hash(previous, seq, (at.isoformat(), *kept))
        rows.append((seq, _micros(at), *kept, previous, digest))
        previous = digest
    db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.execute("UPDATE facts SET value = ? WHERE name = ?", (f"{size} {previous}", HEAD))
    times = [_micros(begin + step * n) for n in range(0, size, 4)]
    db.executemany(
        "INSERT INTO outbox (kind, subject, data, person_id, priority, state, attempts, repeated, not_before,"
        " created_at, sent_at, message_id) VALUES ('callout.order', ?, ?, ?, 2, 'sent', 1, 0, ?, ?, ?, ?)",
        ((f"W{n}", '{"text": "提醒"}', n % 9 + 1, at, at, at, n) for n, at in enumerate(times)),
    )
    db.executemany(
        "INSERT INTO inbox (update_id, raw, received_at, ready, done_at) VALUES (?, ?, ?, 1, ?)",
        (
            (n - len(times), f'{{"update_id": {n}, "message": "{"x" * 500}"}}', at, at)
            for n, at in enumerate(times)
        ),
    )
    db.executemany(
        "INSERT INTO deadlines (kind, subject, step, priority, due_at, done_at, outcome)"
        " VALUES ('followup', ?, 'due', 2, ?, ?, 'fired')",
        ((f"E{n}", at, at) for n, at in enumerate(times)),
    )


def _lay_events(db: sqlite3.Connection, count: int, begin: datetime, step: timedelta) -> None:
    """Lay in closed events, each with its first report confirmed and a clock that was met."""
    words, reading = "金桥路9号两车相撞，2人受伤送医", '{"figures": {}, "missing": [], "source": "交警"}'
    times = [begin + step * n for n in range(1, count + 1)]
    rows = [
        {
            "id": n,
            "words": words,
            "reading": reading,
            "at": _micros(at),
            "end": _micros(at + timedelta(hours=5)),
        }
        for n, at in enumerate(times, 1)
    ]
    db.executemany(
        "INSERT INTO incidents (id, room_id, raw, reading, category, subtype, place, direct, urgent, drill, state,"
        " by_id, received_at, closed_at) VALUES (:id, 1, :words, :reading, '事故灾难', '交通事故', '金桥路9号', 0,"
        " 0, 0, 'closed', 1, :at, :end)",
        rows,
    )
    db.executemany(
        "INSERT INTO reports (incident_id, stage, seq, raw, reading, state, by_id, created_at, sent_at, issue,"
        " issue_year) VALUES (:id, 'first', 1, :words, :reading, 'confirmed', 1, :at, :end, :id, 2020)",
        rows,
    )
    db.executemany(
        "INSERT INTO report_clocks (incident_id, lane, started_at, due_at, outcome, ended_at, note)"
        " VALUES (:id, 'phone', :at, :end, 'met', :end, '')",
        rows,
    )

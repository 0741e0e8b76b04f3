"""A backup of 250 MB while others write: how long it takes, and how long a writer waits at most meanwhile.

`python -m bench backup`. The ceiling is a plain copy of the same file, put on the disk, with nobody writing.
"""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from bench.growth import NOW, lay
from bench.table import Row
from storage import backup, log
from storage.database import Database
from storage.migrate import migrate
from tests.stories.room import ZONE

ENTRIES = 445_000
"""With all that is left of them they make 250 MB."""
PAUSE = 0.01


async def measure() -> list[Row]:
    """Copy with nobody writing, then while somebody writes a unit of work a hundred times a second."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "room.sqlite3"
        db = Database(f"sqlite+aiosqlite:///{file}", ZONE)
        await migrate(db, NOW, Path(folder))
        await db.close()
        with closing(sqlite3.connect(file)) as raw:
            lay(raw, ENTRIES)
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        began = perf_counter()
        backup.put_on_disk(shutil.copyfile(file, Path(folder) / "bare.sqlite3"))
        bare = perf_counter() - began
        size = file.stat().st_size / 1024 / 1024
        quiet = await _waits(db, asyncio.sleep(3))
        took: list[float] = []
        waits = await _waits(db, _copied(db, Path(folder) / "copy.sqlite3", took))
        began = perf_counter()
        checking = await _waits(db, asyncio.to_thread(backup.check, Path(folder) / "copy.sqlite3"))
        checked = perf_counter() - began
        await db.close()
    return [
        Row(
            f"{size:.0f} MB: the copy written",
            took[0],
            1.0,
            "s",
            f"ceiling {bare:.2f} s: a plain copy, nobody writes",
        ),
        Row("  a writer waits at most meanwhile", max(waits), 250.0, "ms", _spread(waits)),
        Row("  a writer waits at most with no backup", max(quiet), None, "ms", _spread(quiet)),
        Row("  checked: pages, every hash of the log", checked, None, "s"),
        Row("  a writer waits at most meanwhile", max(checking), 250.0, "ms", _spread(checking)),
    ]


async def _copied(db: Database, target: Path, took: list[float]) -> None:
    began = perf_counter()
    await backup.copy(db, target)
    took.append(perf_counter() - began)


def _spread(waits: list[float]) -> str:
    ordered = sorted(waits)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {p50:.0f}, p99 {p99:.0f} ms of {len(waits)} units of work"


async def _waits(db: Database, work: Awaitable[object]) -> list[float]:
    """Write until some work is done; return the milliseconds of each unit of work from asked to committed."""
    waits: list[float] = []
    done = asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            began = perf_counter()
            async with db.write() as tx:
                await log.append(tx, NOW, 1, "duty.log", "", "巡查")
            waits.append((perf_counter() - began) * 1000)
            await asyncio.sleep(PAUSE)

    writing = asyncio.create_task(write())  # noqa: TID251 - somebody writes while the work is done
    await asyncio.sleep(PAUSE)
    await work
    done.set()
    await writing
    return waits


def run() -> list[Row]:
    """Return the table's rows."""
    return asyncio.run(measure())

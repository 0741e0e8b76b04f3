"""How soon a roster of 10,000 rows is shown, and what it takes of memory: file, child, reading, preview."""

import io
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from actions import people as lay
from actions import sheet
from bench.table import Row, apart, peak
from bot.sheets import read_sheet
from config.demo import LEADERS, OFFICERS, SURNAMES, demo_people_rows
from domain.people import Role
from messages.render import render
from storage import people
from storage.database import Database
from storage.migrate import migrate

ROWS = 10_000
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 25, 4, tzinfo=UTC)
FIRST = date(2026, 8, 1)
HEADER = ["日期", "班次", "带班领导", "值班员", "电话"]
SHIFTS = ("白班 08:30-17:30", "夜班 17:30-08:30")


def years() -> Iterator[list[str]]:
    """Return day and night rows of many years, all of them right."""
    for n in range(ROWS):
        day = FIRST + timedelta(days=n // 2)
        leader = LEADERS[n // 2 % len(LEADERS)][0]
        yield [day.isoformat(), "夜班" if n % 2 else "白班", leader, OFFICERS[n % len(OFFICERS)], ""]


def strangers() -> Iterator[list[str]]:
    """Return the same rows, each with another name that nobody knows: the dearest error to explain."""
    for n, row in enumerate(years()):
        name = SURNAMES[n % 40] + chr(0x4E00 + n) + SURNAMES[n // 40 % 40]
        yield [*row[:3], name, f"1380{n:07}"]


def workbook(rows: Callable[[], Iterator[list[str]]]) -> bytes:
    """Return the rows under their header as an xlsx."""
    book = Workbook(write_only=True)
    page = book.create_sheet("值班表")
    page.append(["沽水街道值班表"])
    page.append(HEADER)
    for row in rows():
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def _show(db: Database, data: bytes) -> float:
    """Read a workbook and keep its preview as the chat does; return the seconds of it."""
    began = time.perf_counter()
    read_in = await read_sheet(data, "值班表.xlsx")
    async with db.write() as tx:
        admin = next(who for who in await people.everybody(tx) if who.has(Role.ADMIN))
        shown = await sheet.receive(tx, admin, NOW, "值班表.xlsx", read_in.rows, None, read_in.merged)
    render(shown, zone=ZONE, now=NOW)
    return time.perf_counter() - began


async def measure() -> list[Row]:
    """Show each workbook to an admin; the slower one counts."""
    files = [workbook(rows) for rows in (years, strangers)]
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.toml"
        rules.write_text(f"[roster]\nshifts = {list(SHIFTS)}\n", "utf-8")
        db = Database(f"sqlite+aiosqlite:///{folder}/office.sqlite3", ZONE, rules)
        await migrate(db, NOW, Path(folder))
        async with db.write() as tx:
            read = await sheet.understand(tx, NOW, tuple(tuple(row) for row in demo_people_rows()))
            await lay.lay_in(tx, NOW, read or {})
        times = [await _show(db, data) for data in files]
        await db.close()
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        Row("10,000 rows of a roster shown", max(times), 3.0, "s"),
        Row("memory of it, with the child", peak() + child, 500.0, "MB"),
    ]


def run() -> list[Row]:
    """Return the table's rows."""
    return apart(measure)

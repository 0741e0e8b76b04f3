"""A migrated database file of its own, with two people in it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage import people
from storage.database import Database
from storage.migrate import migrate

NOW = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


class BrokenOff(Exception):
    """Thrown by a test in the middle of a unit of work."""


def open_file(path: Path, *, guest: bool = False) -> Database:
    """Return a database on a file."""
    return Database(f"sqlite+aiosqlite:///{path}", ZONE, guest=guest)


def meddle(path: Path, *statements: str) -> None:
    """Change a file behind the program's back, triggers out of the way."""
    with closing(sqlite3.connect(path)) as connection:
        for trigger in ("log_no_update", "log_no_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated database; people 1 and 2 have accounts 101 and 102, person 3 has none."""
    database = open_file(tmp_path / "room.sqlite3")
    await migrate(database, NOW, tmp_path / "backups")
    async with database.write() as tx:
        await people.add_person(tx, "刘芳", telegram_id=101)
        await people.add_person(tx, "李强", telegram_id=102)
        await people.add_person(tx, "王海")
    yield database
    await database.close()

"""PostgreSQL keeps the same rules as SQLite; run where DUTYROOM_STORIES_ON names a server (make test-postgres)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.ext.asyncio import create_async_engine

from storage import incident, log, schema
from storage.database import Database, StorageFailed
from storage.migrate import migrate
from tests.stories.shelf import SERVER, Shelf

NOW = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not SERVER, reason="DUTYROOM_STORIES_ON names no PostgreSQL server")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated database of the server, with one person in it."""
    shelf = Shelf()
    url = shelf.url_for(tmp_path)
    await shelf.lay_out("empty", url)
    database = Database(url, ZoneInfo("Asia/Shanghai"))
    await migrate(database, NOW, tmp_path)
    async with database.write() as tx:
        await tx.run(insert(schema.people).values(room_id=1, name="刘芳", phone="", telegram_id=7))
    yield database
    await database.close()


async def test_the_migrations_build_the_schema(db: Database) -> None:
    def difference(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))

    engine = create_async_engine(db.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await engine.dispose()


async def test_the_log_refuses_change_and_removal(db: Database) -> None:
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "巡查")
    for statement in (update(schema.log).values(text="改"), delete(schema.log)):
        with pytest.raises(StorageFailed, match="append-only"):
            async with db.write() as tx:
                await tx.run(statement)


async def test_a_sent_report_refuses_change_and_removal(db: Database) -> None:
    async with db.write() as tx:
        key = await incident.add(
            tx,
            raw="水管爆了",
            reading={},
            direct=False,
            urgent=False,
            state="open",
            by_id=1,
            received_at=NOW,
        )
        report = await incident.add_report(tx, NOW, key, "first", "水管爆了", {}, "draft", 1)
        await incident.change_report(tx, report, raw="水管爆了，没人受伤")
        await incident.change_report(tx, report, state="sent", sent_at=NOW)
        await incident.change_report(tx, report, signed_by=1, signed_at=NOW)
    for statement in (update(schema.reports).values(raw="改"), delete(schema.reports)):
        with pytest.raises(StorageFailed, match=r"never (changes|deleted)|a sent version"):
            async with db.write() as tx:
                await tx.run(statement)

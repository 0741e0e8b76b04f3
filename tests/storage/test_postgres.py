"""PostgreSQL keeps the same rules as SQLite; run where DUTYROOM_STORIES_ON names a server (make test-postgres)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from storage import database, incident, log, people, schema
from storage.database import AWAY, Database, StorageFailed
from storage.migrate import migrate
from tests.faults.processes import free_port
from tests.stories.shelf import SERVER, Shelf

NOW = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not SERVER, reason="DUTYROOM_STORIES_ON names no PostgreSQL server")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """Return a migrated database of the server, with one person in it."""
    shelf = Shelf()
    url = shelf.url_for(tmp_path)
    await shelf.lay_out("empty", url)
    db = Database(url, ZoneInfo("Asia/Shanghai"))
    await migrate(db, NOW, tmp_path)
    async with db.write() as tx:
        await tx.run(insert(schema.people).values(room_id=1, name="刘芳", phone="", telegram_id=7))
    yield db
    await db.close()


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


async def test_two_programs_write_one_after_the_other(db: Database) -> None:
    other, begun = Database(db.url, db.zone, guest=True), asyncio.Event()

    async def first() -> None:
        async with db.write() as tx:
            await log.append(tx, NOW, 1, "duty.log", "", "巡查")
            begun.set()
            await asyncio.sleep(0.05)

    async def second() -> None:
        await begun.wait()
        async with other.write() as tx:
            await log.append(tx, NOW, 1, "duty.log", "", "又巡查")

    await asyncio.gather(first(), second())
    await other.close()
    async with db.read() as tx:
        checked = await log.verify(tx)
    assert isinstance(checked, log.Verified)
    assert checked.count == 2


async def test_a_program_that_writes_too_long_locks_the_others_out_and_they_say_so(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", "50ms")
    other = Database(db.url, db.zone)
    async with db.write():
        with pytest.raises(StorageFailed):
            async with other.write():
                pass
    await other.close()
    assert other.failed == "数据库被另一个程序锁住"


async def test_a_reader_sees_one_moment_and_writes_nothing(db: Database) -> None:
    count = select(func.count()).select_from(schema.people)
    async with db.read() as reading:
        before = await reading.value(count)
        async with db.write() as tx:
            await people.add_person(tx, "李强")
        assert await reading.value(count) == before
    with pytest.raises(StorageFailed, match="read-only"):
        async with db.read() as tx:
            await people.add_person(tx, "王海")


async def test_a_server_that_is_away_is_storage_that_failed(db: Database, tmp_path: Path) -> None:
    away = Database(str(make_url(db.url).set(port=free_port())), db.zone)
    for unit in (away.read, away.write):
        with pytest.raises(StorageFailed, match=AWAY):
            async with unit():
                pass
    with pytest.raises(StorageFailed, match=AWAY):
        await migrate(away, NOW, tmp_path)
    assert away.failed == AWAY


async def test_a_unit_the_server_breaks_off_keeps_nothing_and_the_next_one_goes(db: Database) -> None:
    blamed: list[type[BaseException]] = []
    with pytest.raises(StorageFailed):
        await _broken_off(db, blamed)
    assert blamed == [StorageFailed]
    assert db.failed == AWAY
    async with db.write() as tx:
        await people.add_person(tx, "赵军")
        assert [who.name for who in await people.everybody(tx)] == ["刘芳", "赵军"]


async def test_a_unit_that_goes_on_after_its_connection_ended_is_storage_that_failed(db: Database) -> None:
    with pytest.raises(StorageFailed):
        await _gone_on(db)


async def _broken_off(db: Database, blamed: list[type[BaseException]]) -> None:
    async with db.write() as tx:
        await people.add_person(tx, "李强")
        await _end_connections(db)
        try:
            async with tx.savepoint():
                await people.add_person(tx, "王海")
        except Exception as error:
            blamed.append(type(error))
            raise


async def _gone_on(db: Database) -> None:
    async with db.write() as tx:
        await _end_connections(db)
        for name in ("李强", "王海"):
            with suppress(DBAPIError):
                await people.add_person(tx, name)


async def _end_connections(db: Database) -> None:
    """End every connection to the database, as a server that stops does."""
    engine = create_async_engine(SERVER, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        await connection.execute(text(ended), {"name": make_url(db.url).database})
    await engine.dispose()

"""The writer keeps what it committed and nothing else; guests and readers do not touch its files."""

import asyncio
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import OperationalError

from storage import log, room
from storage.database import Database, Loop, StorageFailed, Tx, utc
from storage.schema import facts
from tests.storage.conftest import NOW, BrokenOff, open_file


async def fact(db: Database, name: str) -> str | None:
    """Return a fact as a reader sees it."""
    async with db.read() as tx:
        return await room.fact(tx, name)


async def remember(db: Database, name: str, gate: asyncio.Event | None = None) -> None:
    """Write a fact; wait at the gate before the commit."""
    async with db.write() as tx:
        await room.remember(tx, name, "1")
        if gate is not None:
            await gate.wait()


async def test_a_unit_that_fails_keeps_nothing_and_the_next_one_works(db: Database) -> None:
    with pytest.raises(BrokenOff):
        await broken_off(db)
    assert await fact(db, "半") is None
    await remember(db, "整")
    assert await fact(db, "整") == "1"


async def broken_off(db: Database) -> None:
    """Write a fact and fail before the commit."""
    async with db.write() as tx:
        await room.remember(tx, "半", "1")
        raise BrokenOff


async def test_a_part_that_fails_alone_leaves_the_rest_of_the_unit(db: Database) -> None:
    async with db.write() as tx:
        await room.remember(tx, "前", "1")
        with pytest.raises(BrokenOff):
            await _part(tx.savepoint())
        await room.remember(tx, "后", "1")
    assert [await fact(db, name) for name in ("前", "后")] == ["1", "1"]


async def _part(savepoint: object) -> None:
    async with savepoint:  # type: ignore[attr-defined]  # a savepoint's context
        raise BrokenOff


async def test_a_writer_cancelled_before_its_commit_keeps_nothing_and_frees_the_next(db: Database) -> None:
    async with asyncio.TaskGroup() as group:
        cancelled = group.create_task(remember(db, "半", asyncio.Event()))
        await asyncio.sleep(0.03)
        cancelled.cancel()
    await asyncio.wait_for(remember(db, "整"), 5)
    assert await fact(db, "半") is None
    assert await fact(db, "整") == "1"


@pytest.mark.parametrize("turns", range(0, 40, 3))
async def test_a_writer_cancelled_at_any_moment_keeps_all_or_nothing_and_frees_the_next(
    db: Database, turns: int
) -> None:
    async def both() -> None:
        async with db.write() as tx:
            await room.remember(tx, "甲", "1")
            await room.remember(tx, "乙", "1")

    async with asyncio.TaskGroup() as group:
        task = group.create_task(both())
        for _ in range(turns):
            await asyncio.sleep(0.0005)
        task.cancel()
    await asyncio.wait_for(remember(db, "整"), 5)
    assert [await fact(db, name) for name in ("甲", "乙")] in ([None, None], ["1", "1"])
    assert await fact(db, "整") == "1"


async def test_many_writers_at_once_each_keep_their_own(db: Database) -> None:
    async def entry(number: int) -> None:
        async with db.write() as tx:
            await log.append(tx, NOW, 1, "duty.log", "", str(number))

    await asyncio.gather(*map(entry, range(20)))
    async with db.read() as tx:
        assert isinstance(await log.verify(tx), log.Verified)
        assert len(await log.entries(tx)) == 20


async def test_a_reader_sees_one_moment_while_others_write(db: Database) -> None:
    async with db.read() as tx:
        assert await room.fact(tx, "新") is None
        await remember(db, "新")
        assert await room.fact(tx, "新") is None
    assert await fact(db, "新") == "1"


async def test_writing_through_a_reader_is_refused(db: Database) -> None:
    async with db.read() as tx:
        with pytest.raises(OperationalError, match="readonly"):
            await tx.run(insert(facts).values(name="x", value="1"))


async def test_a_write_that_the_database_refuses_is_said_as_such(db: Database) -> None:
    await remember(db, "x")
    with pytest.raises(StorageFailed, match="UNIQUE"):
        await _twice(db)


async def _twice(db: Database) -> None:
    async with db.write() as tx:
        await tx.run(insert(facts).values(name="x", value="2"))


# --- the file ---------------------------------------------------------------------------------------------


async def test_a_deleted_or_replaced_file_is_noticed(db: Database, tmp_path: Path) -> None:
    assert db.path is not None
    assert not db.lost()
    aside = tmp_path / "aside.sqlite3"
    db.path.rename(aside)
    assert db.lost(), "it is gone"
    db.path.write_bytes(aside.read_bytes())
    assert db.lost(), "another file stands there"
    db.path.unlink()
    aside.rename(db.path)
    assert not db.lost()


async def test_only_the_process_that_owns_the_file_checkpoints_it(db: Database) -> None:
    assert db.path is not None
    wal = db.path.with_name(f"{db.path.name}-wal")
    guest = open_file(db.path, guest=True)
    settings = [await setting(one, "wal_autocheckpoint") for one in (db, guest)]
    assert settings == [1000, 0]
    await remember(guest, "来客")
    before = wal.stat().st_size
    await guest.close()
    assert wal.stat().st_size == before > 0, "a guest that leaves takes nothing with it"
    assert await fact(db, "来客") == "1"


async def test_what_was_confirmed_is_on_the_disk(db: Database) -> None:
    assert await setting(db, "synchronous") == 2, "FULL"
    assert await setting(db, "foreign_keys") == 1
    async with db.read() as tx:
        assert await tx.value(text("PRAGMA journal_mode")) == "wal"


async def setting(db: Database, name: str) -> int:
    """Return a setting of the writer's connection."""
    async with db.write() as tx:
        return int(await tx.value(text(f"PRAGMA {name}")))


async def test_what_fails_alone_in_a_unit_fails_alone_although_it_was_tried_whole_first(db: Database) -> None:
    tried: list[tuple[str, bool]] = []

    async def work(tx: Tx) -> str:
        for name in ("一", "二", "三"):
            tried.append((name, tx.whole))
            try:
                async with tx.savepoint():
                    await room.remember(tx, name, "1")
                    _break_off(name)
            except StorageFailed:
                raise
            except BrokenOff:
                await room.remember(tx, "坏", name)
        return "done"

    assert await db.attempt(work) == "done"
    assert tried == [("一", True), ("二", True), ("一", False), ("二", False), ("三", False)]
    found = [await fact(db, name) for name in ("一", "二", "三", "坏")]
    assert found == ["1", None, "1", "二"]


def _break_off(name: str) -> None:
    if name == "二":
        raise BrokenOff


async def test_a_unit_in_which_nothing_fails_is_tried_once(db: Database) -> None:
    tried: list[bool] = []

    async def work(tx: Tx) -> None:
        tried.append(tx.whole)
        async with tx.savepoint():
            await room.remember(tx, "一", "1")

    await db.attempt(work)
    assert tried == [True]
    assert await fact(db, "一") == "1"


async def test_a_disk_that_fails_is_no_reason_to_try_apart(db: Database) -> None:
    tried: list[bool] = []

    async def work(tx: Tx) -> None:
        tried.append(tx.whole)
        async with tx.savepoint():
            raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

    with pytest.raises(StorageFailed, match="full"):
        await db.attempt(work)
    assert tried == [True]


# --- rules and waking -------------------------------------------------------------------------------------


async def test_a_changed_rule_is_in_force_from_the_next_unit_on(db: Database) -> None:
    async with db.write() as tx:
        before = tx.rules.misc.rollcall
        await room.change_rule(tx, NOW, "misc.rollcall", "7m", 1)
        assert tx.rules.misc.rollcall == before
    async with db.read() as tx:
        assert tx.rules.misc.rollcall == timedelta(minutes=7)
    assert db.rules.misc.rollcall == timedelta(minutes=7)
    async with db.write() as tx:
        await room.change_rule(tx, NOW, "misc.rollcall", None, 1)
    async with db.write() as tx:
        assert tx.rules.misc.rollcall == before


async def test_a_rule_kept_from_before_that_is_not_allowed_any_more_is_left_out(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with db.write() as tx:
        await room.change_rule(tx, NOW, "report.followup_every", "0s", 1)
        await room.change_rule(tx, NOW, "misc.rollcall", "7m", 1)
    async with db.read() as tx:
        assert tx.rules.report.followup_every == timedelta(minutes=30)
        assert tx.rules.misc.rollcall == timedelta(minutes=7)
    assert "report.followup_every" in caplog.text


async def test_another_process_reads_a_changed_rule_too(db: Database) -> None:
    assert db.path is not None
    guest = open_file(db.path, guest=True)
    async with guest.read() as tx:
        assert tx.rules.misc.rollcall == timedelta(minutes=5)
    async with db.write() as tx:
        await room.change_rule(tx, NOW, "misc.rollcall", "7m", 1)
    async with guest.read() as tx:
        assert tx.rules.misc.rollcall == timedelta(minutes=7)
    await guest.close()


async def test_the_loops_are_woken_after_the_commit_and_only_then(db: Database) -> None:
    seen: list[Mapping[Loop, datetime]] = []
    db.woken = seen.append
    with pytest.raises(BrokenOff):
        await _wake(db, fails=True)
    assert seen == []
    await _wake(db, fails=False)
    assert seen == [{Loop.CHAT: NOW, Loop.DUE: NOW + timedelta(seconds=1)}]


async def _wake(db: Database, *, fails: bool) -> None:
    async with db.write() as tx:
        tx.wake_at(NOW + timedelta(seconds=1), Loop.CHAT, Loop.DUE)
        tx.wake_at(NOW, Loop.CHAT)
        if fails:
            raise BrokenOff


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        utc(NOW.replace(tzinfo=None))

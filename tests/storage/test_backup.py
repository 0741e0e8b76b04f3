"""A backup is a whole copy, checked before anybody relies on it, and puts back what was there."""

import asyncio
import hashlib
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from storage import backup, log
from storage.database import Database
from tests.storage.conftest import NOW, open_file


@pytest.fixture
async def copy(db: Database, tmp_path: Path) -> Path:
    """Return a backup of a database with two entries in its log."""
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "一")
        await log.append(tx, NOW, 1, "duty.log", "", "二")
    return await backup.back_up(db, backup.backup_file(tmp_path / "backups", NOW, "手动"))


async def entries(path: Path) -> list[str]:
    """Return the texts of a file's log, its chain checked."""
    db = open_file(path)
    async with db.read() as tx:
        assert isinstance(await log.verify(tx), log.Verified)
        found = [e.text for e in await log.entries(tx)]
    await db.close()
    return found


async def test_a_backup_of_a_running_database_holds_everything_committed(copy: Path) -> None:
    assert copy.name == "20260725-020000-手动.sqlite3"
    assert await entries(copy) == ["一", "二"]


async def test_a_backup_goes_on_while_somebody_reads(db: Database, tmp_path: Path) -> None:
    async with db.read() as tx:
        await log.entries(tx)
        await backup.back_up(db, tmp_path / "beside.sqlite3")
    assert await entries(tmp_path / "beside.sqlite3") == []


async def test_a_backup_goes_on_while_somebody_writes(db: Database, tmp_path: Path) -> None:
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "还没有提交")
        async with asyncio.timeout(20):
            await backup.back_up(db, tmp_path / "beside.sqlite3")
    assert await entries(tmp_path / "beside.sqlite3") == []
    assert [e.text for e in await _read(db)] == ["还没有提交"]


async def _read(db: Database) -> list[log.Entry]:
    async with db.read() as tx:
        return await log.entries(tx)


async def test_restoring_puts_the_copy_in_place_and_keeps_what_was_there(copy: Path, db: Database) -> None:
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "三")
    await db.close()
    assert db.path is not None
    backup.restore(copy, db.path)
    assert await entries(db.path) == ["一", "二"]
    assert await entries(db.path.with_name(f"{db.path.name}.before-restore")) == ["一", "二", "三"]


async def test_the_log_left_beside_a_killed_database_does_not_enter_the_restored_one(
    copy: Path, db: Database
) -> None:
    assert db.path is not None
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "三")
    assert db.path.with_name(f"{db.path.name}-wal").stat().st_size > 0
    backup.restore(
        copy, db.path
    )  # the connections are still open, as after a kill their files are still there
    assert await entries(db.path) == ["一", "二"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def scribbled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192 : 8192 + 4096] = b"\xff" * 4096
    path.write_bytes(bytes(data))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_database(path: Path) -> None:
    path.write_text("值班表，姓名\n", "utf-8")


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (text)")


def missing(path: Path) -> None:
    path.unlink()


DAMAGES = (cut, scribbled, empty, no_database, another_program, missing)


@pytest.mark.parametrize("damage", DAMAGES, ids=[d.__name__ for d in DAMAGES])
async def test_a_damaged_backup_is_refused_and_nothing_is_moved(
    copy: Path, db: Database, damage: object
) -> None:
    assert callable(damage)
    damage(copy)
    assert db.path is not None
    with pytest.raises(backup.BackupFailed, match=copy.name):
        backup.restore(copy, db.path)
    assert await entries(db.path) == ["一", "二"]
    assert not db.path.with_name(f"{db.path.name}.before-restore").exists()


async def test_a_second_backup_does_not_overwrite_the_first(copy: Path, db: Database) -> None:
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "三")
    with pytest.raises(backup.BackupFailed, match="已经有了"):
        await backup.back_up(db, copy)
    assert await entries(copy) == ["一", "二"]


async def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(
    db: Database, tmp_path: Path
) -> None:
    with pytest.raises(backup.BackupFailed, match="没有写成"):
        await backup.back_up(db, tmp_path / "no such folder" / "x.sqlite3")
    await backup.back_up(db, tmp_path / "y.sqlite3")


def days_kept(folder: Path, days: int) -> list[str]:
    """Rotate after each of so many days and return the days of those that are kept."""
    for day in range(days):
        backup.backup_file(folder, NOW + timedelta(days=day), "每日").write_bytes(b"")
        backup.rotate(folder, "每日")
    return sorted(p.name[:8] for p in folder.glob("2*每日*"))


def test_days_then_weeks_then_months_are_kept(tmp_path: Path) -> None:
    backup.backup_file(tmp_path, NOW, "手动").write_bytes(b"")
    kept = days_kept(tmp_path, 400)  # from 25 July to 28 August of the next year
    assert kept[-14:] == [f"202708{day}" for day in range(15, 29)]
    assert {"20270808", "20270801", "20270725", "20270718", "20270711"} <= set(kept), "Sundays of eight weeks"
    assert {"20260930", "20261231", "20270228", "20270430"} <= set(kept), (
        "the last day of each of twelve months"
    )
    assert len(kept) <= 14 + 8 + 12
    assert len(list(tmp_path.glob("*手动*"))) == 1, "another kind is left alone"


def test_a_file_of_another_name_is_never_deleted(tmp_path: Path) -> None:
    (tmp_path / "保存-每日.sqlite3").write_bytes(b"")
    days_kept(tmp_path, 40)
    assert (tmp_path / "保存-每日.sqlite3").exists()


async def test_a_backup_that_was_cut_off_is_no_backup(db: Database, tmp_path: Path) -> None:
    target = backup.backup_file(tmp_path, NOW, "每日")
    target.with_name(f"{target.name}.partial").write_bytes(b"half")  # the process was killed while writing
    assert backup.newest(tmp_path) is None
    await backup.back_up(db, target)
    assert not target.with_name(f"{target.name}.partial").exists()
    assert backup.newest(tmp_path) == target


async def test_a_disk_that_would_be_filled_is_left_alone(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "SPARE", 1 << 60)
    with pytest.raises(backup.BackupFailed, match="磁盘只剩"):
        await backup.back_up(db, tmp_path / "x.sqlite3")
    assert not (tmp_path / "x.sqlite3").exists()


async def test_a_broken_log_is_copied_and_said(db: Database, copy: Path) -> None:
    assert backup.check(copy) == log.Verified(2, (await head(db)))
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("DROP TRIGGER log_no_update")
        file.execute("UPDATE log SET text = '改' WHERE seq = 1")
    assert backup.check(copy) == log.Broken(1, "第 1 条被改动")


async def head(db: Database) -> str:
    """Return the hash of the newest entry."""
    async with db.read() as tx:
        found = await log.verify(tx)
    assert isinstance(found, log.Verified)
    return found.head


async def test_a_second_restore_keeps_what_the_first_kept(copy: Path, db: Database) -> None:
    async with db.write() as tx:
        await log.append(tx, NOW, 1, "duty.log", "", "三")
    await db.close()
    assert db.path is not None
    asides = [backup.restore(copy, db.path), backup.restore(copy, db.path)]
    assert [a.name.rpartition(".")[2] for a in asides if a] == ["before-restore", "before-restore-2"]
    assert asides[0] is not None
    assert await entries(asides[0]) == ["一", "二", "三"]


async def test_a_restore_without_room_leaves_the_database_in_its_place(copy: Path, db: Database) -> None:
    assert db.path is not None
    db.path.with_name(f"{db.path.name}.partial").mkdir()  # as a full disk: the copy cannot be written
    with pytest.raises(OSError, match=r"partial"):
        backup.restore(copy, db.path)
    assert await entries(db.path) == ["一", "二"]


def put(folder: Path, data: bytes) -> Path:
    """Keep a file as attachments are kept: under the hash of its content."""
    digest = hashlib.sha256(data).hexdigest()
    file = folder / digest[:2] / digest
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_attachments_are_backed_up_once_as_copies_and_brought_back(tmp_path: Path) -> None:
    files, backups = tmp_path / "files", tmp_path / "backups"
    photo, spoilt = put(files, b"photo"), put(files, b"voice")
    spoilt.write_bytes(b"altered")
    (files / "ab").mkdir(exist_ok=True)
    (files / "ab" / "half.partial").write_bytes(b"ph")
    assert backup.keep_files(files, backups) == 1, "neither an altered file nor half of one"
    assert backup.keep_files(files, backups) == 0
    photo.write_bytes(b"")
    assert backup.bring_files(backups, files) == 1
    assert photo.read_bytes() == b"photo"
    assert backup.bring_files(backups, tmp_path / "elsewhere") == 1
    assert backup.bring_files(tmp_path / "no backups", files) == 0

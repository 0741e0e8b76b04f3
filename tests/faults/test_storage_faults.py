"""The disk or the database file fails under the running process: confirmed is stored, and the admins hear of it."""

import asyncio
import json
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.power import build
from tests.faults.processes import Street, accounts, elapsed, words

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

OFFICER, ADMIN = accounts()["郑伟"], accounts()["宋倩"]
ALARM = 30.0
"""Seconds within which the admins hear of it."""


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the library that makes a process's disk fail on demand, built here."""
    library = build(tmp_path_factory.mktemp("shim"))
    if library is None:
        pytest.skip("no C compiler: the failing disk cannot be built")
    return library


class Disk:
    """The disk under a street's data folder, as its process sees it."""

    def __init__(self, street: Street, shim: Path) -> None:
        self.state = street.folder / "disk"
        street.settings |= {
            "LD_PRELOAD": str(shim),
            "DISK_FOLDER": str(street.data),
            "DISK_STATE": str(self.state),
        }
        self.turns("well")

    def turns(self, how: str) -> None:
        """From now on writing meets this: well, full, readonly, broken."""
        self.state.write_text(how, "utf-8")


async def answers(street: Street) -> None:
    """The bot answers the officer."""
    typed = await street.chat.types(OFFICER, "值班")
    await street.chat.hears(OFFICER, "主班", typed)


async def confirmed(street: Street, text: str) -> bool:
    """Return True if the officer was told that a note is kept."""
    return any("已记录" in words(m) for m in (await street.chat.said_to(OFFICER))[-3:]) and bool(text)


async def told(street: Street, contains: str, began: float) -> str:
    """The admins hear of it in time."""
    said = await street.chat.hears(ADMIN, contains)
    print(f"alarm after {elapsed() - began:.1f} s: {said.splitlines()[0]}")  # noqa: T201 - the run's number
    assert elapsed() - began <= ALARM
    return said


async def unwell(street: Street) -> str:
    """/health says that it is not well; return its trouble."""
    status, said, _ = await street.command("health")
    assert status == 1, said
    return "".join(json.loads(said)["trouble"])


@pytest.mark.parametrize(
    ("how", "why"), [("full", "磁盘已满"), ("readonly", "磁盘"), ("broken", "磁盘读写出错")]
)
async def test_a_failing_disk_is_told_confirms_nothing_and_heals_by_itself(
    street: Street, shim: Path, how: str, why: str
) -> None:
    disk = Disk(street, shim)
    async with street.running() as bot:
        await answers(street)
        disk.turns(how)
        began = elapsed()
        typed = await street.chat.types(OFFICER, "记录 磁盘坏时的一条")
        assert why in await told(street, "数据库用不了", began)
        assert "数据库用不了" in await unwell(street)
        assert not await confirmed(street, "磁盘坏时的一条")
        disk.turns("well")
        await street.chat.hears(OFFICER, "已记录", typed)
        await street.chat.hears(ADMIN, "已恢复")
        assert bot.process.returncode is None
        status, said, _ = await street.command("health")
        assert status == 0, said
        assert "Traceback" not in bot.log.read_text("utf-8"), "a line a second is enough to fill a disk"
    assert len(street.rows("SELECT 1 FROM log WHERE text = '磁盘坏时的一条'")) == 1
    assert not street.rows("SELECT 1 FROM inbox WHERE error IS NOT NULL")


async def test_a_database_locked_by_another_program_is_told_and_waited_for(street: Street) -> None:
    async with street.running() as bot:
        await answers(street)
        with closing(sqlite3.connect(street.data / "dutyroom.sqlite3")) as other:
            other.execute("BEGIN IMMEDIATE")
            began = elapsed()
            typed = await street.chat.types(OFFICER, "记录 锁住时的一条")
            await told(street, "被另一个程序锁住", began)
            assert "锁住" in await unwell(street)
            assert not await confirmed(street, "锁住时的一条")
            other.execute("ROLLBACK")
        await street.chat.hears(OFFICER, "已记录", typed)
        await street.chat.hears(ADMIN, "已恢复")
        assert bot.process.returncode is None


def delete_file(street: Street) -> None:
    """The database file is deleted."""
    (street.data / "dutyroom.sqlite3").unlink()


def delete_folder(street: Street) -> None:
    """The data folder is deleted."""
    shutil.rmtree(street.data)


def replace(street: Street) -> None:
    """Somebody copies an older file over it, by another name first."""
    copy = street.data / "copy"
    with (
        closing(sqlite3.connect(street.data / "dutyroom.sqlite3")) as one,
        closing(sqlite3.connect(copy)) as two,
    ):
        one.backup(two)
    copy.replace(street.data / "dutyroom.sqlite3")


@pytest.mark.parametrize("loses", [delete_file, delete_folder, replace])
async def test_a_file_that_is_gone_is_told_and_the_process_stops_and_says_why(
    street: Street, loses: Callable[[Street], None]
) -> None:
    async with street.running() as bot:
        await answers(street)
        began = elapsed()
        loses(street)
        await street.chat.types(OFFICER, "记录 写进虚空的一条")
        await told(street, "数据库文件被删除或替换", began)
        await asyncio.wait_for(bot.process.wait(), ALARM)
        assert bot.process.returncode == 2, "not 0, not killed: a supervisor starts it anew"
        assert not await confirmed(street, "写进虚空的一条")
        complaint = bot.log.read_text("utf-8")
        assert "已停止" in complaint.strip().splitlines()[-1]


async def test_where_backups_are_but_no_database_no_new_one_is_begun(street: Street) -> None:
    status, said, _ = await street.command("backup")
    assert status == 0, said
    delete_file(street)
    for rest in street.data.glob("dutyroom.sqlite3-*"):
        rest.unlink()
    status, _, complaint = await street.command("run")
    assert status == 2
    assert "restore" in complaint
    assert len(complaint.strip().splitlines()) == 1
    assert not (street.data / "dutyroom.sqlite3").exists()


@pytest.mark.parametrize("harm", ["flipped", "truncated"])
async def test_damage_under_the_running_process_is_told(street: Street, harm: str) -> None:
    async with street.running() as bot:
        await answers(street)
        file = street.data / "dutyroom.sqlite3"
        with closing(sqlite3.connect(file)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        began = elapsed()
        with file.open("r+b") as raw:
            if harm == "truncated":
                raw.truncate(8192)
            else:
                raw.seek(4096)
                size = file.stat().st_size - 4096
                raw.write(bytes(byte ^ 0xFF for byte in file.read_bytes()[4096 : 4096 + size]))
        await street.chat.types(OFFICER, "记录 坏文件里的一条")
        await told(street, "损坏", began)
        assert not await confirmed(street, "坏文件里的一条")
        assert bot.process.returncode is None or bot.process.returncode != -signal.SIGSEGV

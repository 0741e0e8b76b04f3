"""What an operator does, by the real command line: back up and restore, upgrade, a full disk, damage, a lost token."""

import asyncio
import json
import re
import resource
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from config.demo import demo_people_rows
from storage.migrate import HEAD, alembic_config
from tests.faults.processes import TOKEN, Chat, Street, accounts, local_chat

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

OFFICER, ADMIN, CONTACT = "郑伟", "宋倩", "刘海芝"
BLUE = "天津市气象台于2026年07月25日10时30分发布大风蓝色预警信号：预计今天下午有大风。"


async def answers(street: Street) -> None:
    """The bot answers the officer."""
    typed = await street.chat.types(accounts()[OFFICER], "值班")
    await street.chat.hears(accounts()[OFFICER], "主班", typed)


async def test_the_restore_drill(street: Street, tmp_path: Path) -> None:
    officer = accounts()[OFFICER]
    async with street.running():
        typed = await street.chat.types(officer, "记录 备份前的一条")
        await street.chat.hears(officer, "已记录", typed)
        status, said, _ = await street.command("backup")
        assert status == 0
        file = Path(said.strip().partition("：")[2])
        typed = await street.chat.types(officer, "记录 备份后的一条")
        await street.chat.hears(officer, "已记录", typed)
        status, _, complaint = await street.command("restore", str(street.folder / file))
        assert status == 2, "not beside a running bot"
        assert "正被另一个" in complaint
    other = Street(tmp_path / "another machine", street.chat)
    status, said, complaint = await other.command("restore", str(street.folder / file))
    assert status == 0, complaint
    status, said, _ = await other.command("verify")
    assert status == 0
    assert "日志链完好" in said
    texts = [r["text"] for r in other.rows("SELECT text FROM log WHERE act = 'duty.log'")]
    assert texts == ["备份前的一条"]
    async with other.running():
        await answers(other)


ROWS = (
    "INSERT INTO rooms (id, name, drill) VALUES (1, '值班室', 0)",
    "INSERT INTO people (id, room_id, name, title, phone, telegram_id, active) VALUES (1, 1, '郑伟', '', '13900000001', ?, 1)",
    "INSERT INTO units (id, room_id, name, level) VALUES (1, 1, '街道', 'street')",
    "INSERT INTO posts_held (id, person_id, unit_id, role, ab) VALUES (1, 1, 1, 'officer', NULL), (2, 1, 1, 'admin', NULL)",
)


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005"])
async def test_an_older_database_is_backed_up_migrated_and_works(
    revision: str, tmp_path: Path, chat: Chat
) -> None:
    office = Street(tmp_path / "office", chat)
    office.data.mkdir(parents=True)
    file = office.data / "dutyroom.sqlite3"
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
    engine.dispose()
    officer = accounts()[OFFICER]
    with closing(sqlite3.connect(file)) as old, old:
        for statement in ROWS:
            old.execute(statement, (officer,) if "?" in statement else ())
    async with office.running():
        typed = await chat.types(officer, "状态")
        assert f"数据库 {HEAD}" in await chat.hears(officer, "运行正常", typed)
        typed = await chat.types(officer, "记录 升级后的一条")
        await chat.hears(officer, "已记录", typed)
    (before,) = (office.data / "backups").glob(f"*-升级前-{revision}.sqlite3")
    status, _, complaint = await office.command("restore", str(before))  # the way back
    assert status == 0, complaint
    assert office.rows("SELECT version_num FROM alembic_version")[0][0] == revision
    assert [r["name"] for r in office.rows("SELECT name FROM people")] == [OFFICER]


async def test_a_newer_database_is_refused_in_one_line(street: Street) -> None:
    with closing(sqlite3.connect(street.data / "dutyroom.sqlite3")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    status, _, complaint = await street.command("run")
    assert status == 2
    assert "比本程序" in complaint
    assert len(complaint.strip().splitlines()) == 1


async def test_on_a_full_disk_nothing_is_lost_and_it_goes_on_by_itself(street: Street) -> None:
    officer = accounts()[OFFICER]
    async with street.running() as bot:
        await answers(street)
        before = street.rows("SELECT count(*) AS n FROM inbox")[0]["n"]
        soft, hard = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (512, hard))
        typed = await street.chat.types(officer, "记录 磁盘满时的一条")
        await asyncio.sleep(2)
        assert street.rows("SELECT count(*) AS n FROM inbox")[0]["n"] == before, "not confirmed to Telegram"
        assert await street.chat.said_to(officer)
        resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
        await street.chat.hears(officer, "已记录", typed)
        assert bot.process.returncode is None
    assert len(street.rows("SELECT 1 FROM log WHERE text = '磁盘满时的一条'")) == 1


def flip(file: Path, table: str) -> None:
    """Flip the bytes of a table's first page."""
    with closing(sqlite3.connect(file)) as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = whole.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        size = whole.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(file.read_bytes())
    start = (page - 1) * size
    data[start : start + size] = bytes(byte ^ 0xFF for byte in data[start : start + size])
    file.write_bytes(bytes(data))


@pytest.mark.parametrize("table", ["shifts", "sqlite_autoindex_log_1"])
async def test_a_damaged_database_is_found_and_restored(street: Street, table: str) -> None:
    status, said, _ = await street.command("backup")
    backup = said.strip().partition("：")[2]
    flip(street.data / "dutyroom.sqlite3", table)
    status, said, complaint = await street.command("verify")
    assert status in (1, 2)
    assert "损坏" in said + complaint, said + complaint
    assert "Traceback" not in complaint
    status, said, complaint = await street.command("restore", backup)
    assert status == 0, complaint
    assert "dutyroom.sqlite3.before-restore" in said
    status, said, _ = await street.command("verify")
    assert (status, "日志链完好" in said) == (0, True)


async def test_a_file_that_is_no_database_is_said_in_one_line(street: Street) -> None:
    (street.data / "dutyroom.sqlite3").write_bytes(b"\0" * 8192)
    for name in ("verify", "run"):
        status, _, complaint = await street.command(name)
        assert status == 2
        assert len(complaint.strip().splitlines()) == 1, complaint


async def test_health_is_told_by_the_command_and_says_no_name(street: Street) -> None:
    status, _, complaint = await street.command("health")
    assert status == 1
    assert "没有运行" in complaint
    async with street.running() as bot:
        await answers(street)
        status, said, _ = await street.command("health")
        state = json.loads(said)
        assert (status, state["status"]) == (0, "ok")
        assert state["schema"] == HEAD
        assert re.fullmatch(r"\d+\.\d+\.\d+", state["version"])
        assert abs(state["clock_drift_s"]) < 5
        assert state["backup"] == {"file": None, "age_s": None, "whole": None}
        assert not any(name in said for name in accounts())
        assert not re.search(r"1[3-9]\d{9}", said)
        await street.command("backup")
        (street.data / "backups" / "20990101-000000-每日.sqlite3").write_bytes(b"half a file")
        status, said, _ = await street.command("health")
        assert status == 1
        assert json.loads(said)["trouble"] == ["最近的备份校验不过"]
        assert bot.process.returncode is None


async def test_systemd_hears_ready_alive_and_stopping(street: Street, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(5)
        street.settings["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        async with street.running() as bot:
            await answers(street)
            assert await bot.terminate() < 5
        said: list[bytes] = []
        while not said or said[-1] != b"STOPPING=1":
            said.append(supervisor.recv(100))
    assert said[0] == b"READY=1"
    assert set(said[1:-1]) == {b"WATCHDOG=1"}


async def test_a_new_token_takes_over_where_the_old_one_was_lost(tmp_path: Path) -> None:
    new = "100001:another-token-of-the-same-bot"
    async with local_chat(tmp_path / "chat", None, "--token", new) as chat:  # BotFather made a new one
        street = Street(tmp_path / "office", chat)
        await street.lay_in()
        async with street.running() as bot:
            await asyncio.sleep(1)
            assert bot.process.returncode is None, "it waits, it does not die"
            assert "refuses the token" in bot.log.read_text("utf-8")
            assert TOKEN not in bot.log.read_text("utf-8")
            assert await bot.terminate() < 5
        street.token = new
        async with street.running():
            await answers(street)


async def test_a_days_log_holds_no_token_number_or_link(street: Street) -> None:
    chat, ids = street.chat, accounts()
    street.settings["DUTYROOM_LOG_FILE"] = str(street.folder / "logs" / "dutyroom.log")
    street.settings["DUTYROOM_HEARTBEAT_URL"] = "http://127.0.0.1:9/ping/heartbeat-key-0123456789"
    async with street.running() as bot:
        for name, text, heard in (
            (ADMIN, "邀请 李新 13912345678", ""),
            (ADMIN, f"通道 {CONTACT} 短信 json://user:s3cretpassword@127.0.0.1:9/sms/key-0123456789", "通道"),
            (ADMIN, f"通道 {CONTACT} 试发", "试发"),
            (ADMIN, "来源 新增 区应急局", "来源"),
            (OFFICER, "日历", "日历"),
        ):
            typed = await chat.types(ids[name], text)
            await chat.hears(ids[name], heard, typed)
        await chat.ask("faults.outage", on=True)
        typed = await chat.types(ids[OFFICER], "首报 刚才海棠里社区3号楼着火，报警人13812345678")
        await asyncio.sleep(2)
        await chat.ask("faults.outage", on=False)
        await chat.hears(ids[OFFICER], "E1", typed)
        for name, text, heard in (
            (OFFICER, BLUE, "W1"),
            (OFFICER, "下发 W1", "已下发"),
            (CONTACT, "收到 W1", "已记录"),
        ):
            typed = await chat.types(ids[name], text)
            await chat.hears(ids[name], heard, typed)
        assert await bot.terminate() < 5
        assert bot.log.read_text("utf-8") == "", "all of it went to the file"
    log = (street.folder / "logs" / "dutyroom.log").read_text("utf-8")
    assert "polling failed" in log
    links = [
        m.split("/")[-1]
        for name in ids.values()
        for m in re.findall(r"https?://\S+", str(await chat.said_to(name)))
    ]
    phones = {row[7] for row in demo_people_rows()[1:] if row[7]} | {"13912345678", "13812345678"}
    secrets = {TOKEN, TOKEN.partition(":")[2], "s3cretpassword", "key-0123456789"}
    secrets |= phones | {link for link in links if len(link) > 15}
    assert [secret for secret in secrets if secret in log] == []


async def test_a_log_that_cannot_be_written_is_said_in_one_line(street: Street) -> None:
    street.settings["DUTYROOM_LOG_FILE"] = "/dev/null/dutyroom.log"
    status, _, complaint = await street.command("run")
    assert status == 2
    assert "DUTYROOM_LOG_FILE" in complaint
    assert len(complaint.strip().splitlines()) == 1

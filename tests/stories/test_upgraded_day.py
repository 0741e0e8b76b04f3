"""A duty day that runs while the program is upgraded, from every earlier schema: it goes on where it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from storage.migrate import alembic_config
from tests.stories.room import Room
from tests.stories.shelf import SERVER
from tests.stories.test_duty_day import BLUE, FIRE

pytestmark = pytest.mark.skipif(bool(SERVER), reason="what an earlier program wrote is made of SQLite files")
OFFICER, LEADER, SUPERIOR, A, GRID = "郑伟", "张慧敏", "崔海波", "赵永明", "刘海芝"
EARLIER = ("0001", "0002", "0003", "0004", "0005")


def _as_it_was(file: Path, revision: str) -> int:
    """Make the file one of an earlier schema that holds all of it that fits; return how many rows that is."""
    older = file.with_suffix(".older")
    engine = create_engine(f"sqlite:///{older}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
    engine.dispose()
    rows = 0
    with closing(sqlite3.connect(older)) as old, old:
        old.execute("PRAGMA foreign_keys = OFF")
        old.execute("ATTACH ? AS new", (str(file),))
        tables = [r[0] for r in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table == "alembic_version":
                continue
            has = {r[1] for r in old.execute(f"PRAGMA new.table_info({table})")}
            columns = ", ".join(
                f'"{r[1]}"' for r in old.execute(f"PRAGMA main.table_info({table})") if r[1] in has
            )
            old.execute(f"DELETE FROM main.{table}")  # noqa: S608 - a name of our schema
            rows += old.execute(
                f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}"  # noqa: S608 - same
            ).rowcount
        if revision < "0005":
            old.execute("DELETE FROM main.facts WHERE name = 'log.head'")  # no earlier program wrote it
    for part in ("", "-wal", "-shm"):
        file.with_name(file.name + part).unlink(missing_ok=True)
    older.rename(file)
    return rows


@pytest.mark.parametrize("revision", EARLIER)
async def test_a_day_goes_on_after_an_upgrade(room: Room, revision: str) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.presses(A, "收到")
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.types(OFFICER, "记录 升级前的一条")
    await room.app.close()
    assert _as_it_was(room.data / "dutyroom.sqlite3", revision) > 500
    await room.start_anew()
    await room.settle()
    assert list((room.data / "backups").glob(f"*-升级前-{revision}.sqlite3"))
    assert "已记录：收到 W1" in await room.presses(GRID, "收到")
    assert "崔海波" in "\n".join(await room.types(SUPERIOR, "收到 E1"))
    assert "续报" in (await room.types(OFFICER, "续报 E1 明火已灭，无人员伤亡"))[-1]
    await room.fast_forward(minutes=12)
    assert any("时限已到" in text or "已过时限" in text for text in room.heard(OFFICER))
    assert "升级前的一条" in "\n".join(await room.types(OFFICER, "日志"))
    assert "日志链完整" in "\n".join(await room.types("宋倩", "审计"))

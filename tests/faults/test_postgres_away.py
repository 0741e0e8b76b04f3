"""A PostgreSQL server that goes away under the real process; run where DUTYROOM_STORIES_ON names one."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from storage.database import AWAY
from tests.faults.processes import Chat, Street, accounts, free_port
from tests.stories.shelf import SERVER, Shelf

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not SERVER, reason="DUTYROOM_STORIES_ON names no PostgreSQL server"),
]


@dataclass
class Road:
    """A port of this machine that leads to the server, until it is closed: then nobody listens there."""

    server: URL
    port: int = field(default_factory=free_port)
    _listening: asyncio.Server | None = None
    _under_way: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self) -> None:
        """Lead there."""
        self._listening = await asyncio.start_server(self._lead, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Break off what is under way, and refuse what comes."""
        if self._listening is not None:
            self._listening.close()
        for writer in self._under_way:
            writer.transport.abort()
        self._under_way.clear()

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self.server.host, self.server.port or 5432)
        self._under_way += [writer, back]
        await asyncio.gather(_carry(reader, back), _carry(there, writer))


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()


async def test_what_is_said_while_the_server_is_away_is_done_when_it_is_back(
    tmp_path: Path, chat: Chat
) -> None:
    shelf = Shelf()
    url = shelf.url_for(tmp_path)
    await shelf.lay_out("empty", url)
    road = Road(make_url(url))
    await road.open()
    by_road = road.server.set(host="127.0.0.1", port=road.port).render_as_string(hide_password=False)
    office = Street(tmp_path / "office", chat, settings={"DUTYROOM_DATABASE_URL": by_road})
    await office.import_street()
    officer, admin = accounts()["郑伟"], accounts()["宋倩"]
    async with office.running() as bot:
        await chat.hears(officer, "", await chat.types(officer, "值班"))
        await road.close()
        typed = await chat.types(officer, "记录 巡查河道，水位正常")
        await chat.hears(admin, AWAY)
        assert bot.process.returncode is None
        await road.open()
        assert "已记录" in await chat.hears(officer, "", typed)
        await chat.hears(admin, "恢复")
        assert bot.process.returncode is None
    await road.close()


async def test_a_server_that_is_not_there_is_named_in_one_line(tmp_path: Path, chat: Chat) -> None:
    away = "postgresql+asyncpg://postgres@127.0.0.1:1/postgres"
    office = Street(tmp_path / "office", chat, settings={"DUTYROOM_DATABASE_URL": away})
    status, _, complaints = await office.command("verify")
    assert status == 2
    assert complaints.startswith(f"数据库用不了：{AWAY}")
    assert len(complaints.splitlines()) == 1

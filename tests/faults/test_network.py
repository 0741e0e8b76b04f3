"""The way to Telegram is broken: no name found, an address that speaks no TLS, garbage in between; then it is well again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.faults.processes import Chat, Street, accounts

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

OFFICER = "郑伟"
LOOK = 0.05
"""Seconds between two looks at what a process has written."""


@dataclass
class Way:
    """The network between the bot and Telegram."""

    port: int
    garbage: bool = True
    tried: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def way_to(chat: Chat) -> AsyncIterator[Way]:
    """Lay a way to the chat that speaks garbage until it is told to be well."""
    there = urlsplit(chat.url)

    carrying: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if way.garbage:
            way.tried.set()
            writer.write(b"\x15\x03\x01\x00\x02\x02\x28 this is no HTTP\r\n\r\n")
            writer.close()
            return
        back, forth = await asyncio.open_connection(there.hostname, there.port)
        both = (carry(reader, forth), carry(back, writer))
        carrying.update(asyncio.ensure_future(one) for one in both)

    server = await asyncio.start_server(come, "127.0.0.1", 0)
    way = Way(server.sockets[0].getsockname()[1])
    try:
        yield way
    finally:
        server.close()
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)


async def written(log: Path, word: str) -> str:
    """Wait until a process has written a word; return all it wrote."""
    text = ""
    for _ in range(1200):
        text = await asyncio.to_thread(log.read_text, "utf-8")
        if word in text:
            return text
        await asyncio.sleep(LOOK)
    raise AssertionError(text)


@pytest.mark.parametrize("broken", ["no such name", "no TLS"])
async def test_a_way_that_never_leads_there_ends_nothing(tmp_path: Path, chat: Chat, broken: str) -> None:
    street = Street(tmp_path / "office", chat)
    await street.lay_in()
    well = street.settings
    lost = "http://nobody.invalid" if broken == "no such name" else chat.url.replace("http:", "https:")
    street.settings = well | {"DUTYROOM_TELEGRAM_API": lost}
    typed = await chat.types(accounts()[OFFICER], "记录 网络断的时候写的")
    bot = await street.launch()
    try:
        said = await written(bot.log, "Telegram")
        assert "Traceback" not in said
        assert bot.process.returncode is None, "it waits, it does not die"
        assert await bot.terminate() < 5
    finally:
        await bot.kill()
    street.settings = well
    async with street.running():
        await chat.hears(accounts()[OFFICER], "已记录", typed)


async def test_garbage_in_between_is_got_over_without_a_restart(tmp_path: Path, chat: Chat) -> None:
    async with way_to(chat) as way:
        street = Street(tmp_path / "office", chat)
        street.settings["DUTYROOM_TELEGRAM_API"] = f"http://127.0.0.1:{way.port}"
        await street.lay_in()
        bot = await street.launch()
        try:
            await asyncio.wait_for(way.tried.wait(), 60)
            typed = await chat.types(accounts()[OFFICER], "值班")
            way.garbage = False
            await chat.hears(accounts()[OFFICER], "主班", typed)
            assert bot.process.returncode is None
        finally:
            await bot.kill()

"""The way to Telegram is broken: no name found, an address that speaks no TLS, garbage in between; then it is well again."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.processes import Chat, Street, accounts
from tests.faults.way import way_to

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]

OFFICER = "郑伟"
LOOK = 0.05
"""Seconds between two looks at what a process has written."""


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
            way.broken = False
            await chat.hears(accounts()[OFFICER], "主班", typed)
            assert bot.process.returncode is None
        finally:
            await bot.kill()

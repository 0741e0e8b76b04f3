"""The personal page on a telephone, in a browser with JavaScript switched off."""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import async_playwright, expect

from actions import link
from bot.pages import pages_of
from storage import people
from tests.stories.room import ZONE, Room
from tests.web.test_demo_in_browser import FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="no Chromium: apt-get install chromium fonts-noto-cjk"
    ),
]
RED = "天津市气象台于7月25日09时58分发布暴雨红色预警信号：预计3小时内降雨量将达100毫米以上，请立即停止户外作业。"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a room with a red warning out."""
    room = await Room(tmp_path / "data", datetime(2026, 7, 25, 10, 0, tzinfo=ZONE)).open()
    await room.lay_street()
    await room.types("郑伟", RED)
    await room.types("郑伟", "下发 W1")
    yield room
    await room.close()


async def test_an_old_phone_reads_and_answers_with_large_letters_and_no_sideways_scrolling(
    room: Room,
) -> None:
    async with room.app.db.write() as tx:
        (who,) = await people.by_name(tx, "刘海芝")
        token = await link.make(tx, room.clock.now(), 1, who.id)
    async with TestServer(pages_of(room.app)) as server, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS.split()
        )
        page = await browser.new_page(viewport=PHONE, locale="zh-CN", java_script_enabled=False)  # type: ignore[arg-type]  # a viewport is a dict
        await page.goto(str(server.make_url(f"/a/{token}")))
        await expect(page.get_by_role("heading", level=1)).to_have_text("暴雨红色预警")
        await expect(page.locator("blockquote")).to_have_text(RED)
        await expect(page.locator("blockquote")).to_have_css("font-size", "22px")
        button = page.get_by_role("button", name="收到")
        box = await button.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) > (300, 56), "a thumb finds it"
        footer = await page.locator("footer").bounding_box()
        assert footer is not None
        assert footer["width"] <= PHONE["width"]
        await button.click()
        await expect(page.get_by_role("status")).to_contain_text("已记录 W1")
        await page.get_by_label("广播").check()
        await page.get_by_label("户数").fill("120")
        await page.get_by_role("button", name="已传达").click()
        await expect(page.get_by_text("广播 120户")).to_be_visible()
        await expect(page.get_by_role("button")).to_have_count(0)
        await browser.close()

"""The chat page in the system's Chromium."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, async_playwright, expect

from localchat.api import BotApi
from localchat.records import Json
from localchat.server import serve

from .conftest import GROUP, Clock, filled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="no Chromium: apt-get install chromium fonts-noto-cjk"
    ),
]
_ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
_KEYS = {"inline_keyboard": [[{"text": "收到", "callback_data": "x"}]]}
_HOSTILE = "<img src=x onerror=alert(1)><b>好</b>"


@dataclass
class Shown:
    """The page, its address and the API behind it."""

    api: BotApi
    page: Page
    url: str
    complaints: list[str]

    async def bot(self, method: str, **params: object) -> Json:
        """Return the result of the bot's request."""
        _, reply = await self.api.call(self.api.token, method, params)
        assert reply["ok"], reply
        return reply["result"]  # type: ignore[no-any-return]  # JSON


@pytest.fixture
async def shown() -> AsyncIterator[Shown]:
    api = filled(BotApi(Clock()))
    running = await serve(api)
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGS.split())
        page = await browser.new_page(viewport={"width": 1400, "height": 860}, locale="zh-CN")
        page.set_default_timeout(10_000)
        complaints: list[str] = []
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield Shown(api, page, running.url, complaints)
        await browser.close()
    await running.stop()
    assert complaints == []


async def test_two_people_talk_side_by_side(shown: Shown) -> None:
    page = shown.page
    await shown.bot("sendMessage", chat_id=1002, text="<b>预警</b>", parse_mode="HTML", reply_markup=_KEYS)
    await page.goto(f"{shown.url}/#1001,1002")
    first, second = page.get_by_label("刘芳的聊天", exact=True), page.get_by_label("李强的聊天", exact=True)
    await first.get_by_label("输入消息").fill("第一行")
    await first.get_by_label("输入消息").press("Shift+Enter")
    await page.keyboard.type(_HOSTILE)
    await page.keyboard.press("Enter")
    await expect(first.locator(".bubble .words")).to_have_text(f"第一行\n{_HOSTILE}")
    assert shown.api.chat(1001)[0]["text"] == f"第一行\n{_HOSTILE}"
    assert await first.locator(".bubble img").count() == 0
    await expect(second.locator(".bubble strong")).to_have_text("预警")
    await second.get_by_role("button", name="收到").click()
    query = await _pressed(shown.api)
    await shown.bot("answerCallbackQuery", callback_query_id=query, text="已记录")
    await expect(second.get_by_text("已记录")).to_be_visible()
    sent = shown.api.chat(1002)[0]
    await shown.bot("editMessageText", chat_id=1002, message_id=sent["message_id"], text="已收到")
    await expect(second.locator(".bubble")).to_contain_text("已编辑")
    assert await second.get_by_role("button", name="收到").count() == 0


async def _pressed(api: BotApi) -> str:
    async with asyncio.timeout(5):
        while not api.queries:
            await api.bell.wait(5)
    return next(iter(api.queries))


async def test_reply_keyboard_commands_and_start_links_work(shown: Shown) -> None:
    page = shown.page
    await shown.bot("setMyCommands", commands=[{"command": "status", "description": "当前情况"}])
    await shown.bot("sendMessage", chat_id=1001, text="请选", reply_markup={"keyboard": [["交班", "首报"]]})
    await shown.bot("sendMessage", chat_id=1001, text="邀请 https://t.me/dutyroom_bot?start=abc")
    await page.goto(f"{shown.url}/#1001")
    for press, heard in (("交班", "交班"), ("命令", ""), ("/status 当前情况", "/status")):
        await page.get_by_role("button", name=press).click()
        if heard:
            await expect(page.locator("li.mine").last).to_contain_text(heard)
    await page.get_by_role("link", name="https://t.me/dutyroom_bot?start=abc").click()
    await expect(page.locator("li.mine").last).to_contain_text("/start abc")


async def test_a_phone_shows_one_chat_with_a_way_back_and_unread_counts(shown: Shown) -> None:
    page = shown.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(f"{shown.url}/")
    await shown.bot("sendMessage", chat_id=1002, text="好")
    await expect(page.get_by_label("1 条未读")).to_be_visible()
    await page.get_by_role("button", name="强 李强").or_(page.locator("[data-row='1002']")).first.click()
    await expect(page.locator(".bubble")).to_contain_text("好")
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    await page.get_by_role("button", name="返回名单").click()
    await expect(page.get_by_label("1 条未读")).to_have_count(0)
    await page.get_by_label("查找人员").fill("网格")
    await expect(page.locator(".row")).to_have_count(1)


async def test_files_go_both_ways_and_a_member_speaks_in_a_group(shown: Shown) -> None:
    page = shown.page
    shown.api.add_bot_to_group(GROUP)
    await page.goto(f"{shown.url}/#1002@{GROUP}")
    await page.get_by_role("button", name="附件").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="文件").click()
    await (await chooser.value).set_files(
        {"name": "名单.txt", "mimeType": "text/plain", "buffer": "李".encode()}
    )
    link = page.get_by_role("link", name="名单.txt")
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "名单.txt"
    sent = shown.api.chat(GROUP)[-1]
    assert (sent["from"]["id"], sent["document"]["file_name"]) == (1002, "名单.txt")


async def test_a_person_who_has_not_begun_sees_only_the_start_button(shown: Shown) -> None:
    page = shown.page
    await page.goto(f"{shown.url}/#1003")
    await expect(page.get_by_label("输入消息")).to_be_hidden()
    await page.get_by_role("button", name="开始", exact=True).click()
    await expect(page.get_by_label("输入消息")).to_be_visible()
    assert shown.api.accounts[1003].started

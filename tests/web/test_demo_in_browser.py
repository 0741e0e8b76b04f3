"""`make demo` as a newcomer meets it: one address, people side by side, Ctrl-C, and it goes on from the data."""

import asyncio
import re
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="no Chromium: apt-get install chromium fonts-noto-cjk"
    ),
]
ROOT = Path(__file__).parents[2]
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
BULLETIN = "天津市气象台于7月25日10时30分发布暴雨蓝色预警信号：预计今天下午到夜间有大到暴雨，请做好防范。"
OFFICER, GRID = ("刘芳", 10001), ("刘海芝", 10028)


async def start(data: Path, port: int) -> tuple[asyncio.subprocess.Process, str]:
    """Start the demo and return it with the address it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", "--data", str(data), "--port", str(port),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(40):
        async for line in process.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line.decode()):
                return process, found[0]
    raise AssertionError("the demo printed no address")


async def stop(process: asyncio.subprocess.Process) -> int:
    """Press Ctrl-C and return the exit status."""
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(10):
        return await process.wait()


def chat(page: Page, name: str) -> Locator:
    """Return a person's column."""
    return page.get_by_label(f"{name}的聊天", exact=True)


async def type_as(page: Page, name: str, text: str) -> None:
    """Type and send as a person."""
    box = chat(page, name).get_by_label("输入消息")
    await box.fill(text)
    await box.press("Enter")


async def test_a_newcomer_plays_a_warning_and_finds_it_again_after_a_restart(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process, url = await start(tmp_path / "demo", port)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS.split()
        )
        page = await browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        page.set_default_timeout(15_000)
        await page.goto(f"{url}/#{OFFICER[1]},{GRID[1]}")

        await type_as(page, GRID[0], "值班")
        await expect(chat(page, GRID[0]).get_by_text("带班领导")).to_be_visible(timeout=15_000)
        await type_as(page, OFFICER[0], BULLETIN)
        await chat(page, OFFICER[0]).get_by_role("button", name="下发").click(timeout=15_000)
        await chat(page, GRID[0]).get_by_role("button", name="收到").click(timeout=20_000)
        await expect(chat(page, OFFICER[0]).get_by_text(re.compile(r"网格.收到 1/65"))).to_be_visible(
            timeout=20_000
        )

        assert await stop(process) == 0
        process, _ = await start(tmp_path / "demo", port)
        await page.goto("about:blank")
        await page.goto(f"{url}/#{OFFICER[1]},{GRID[1]}")
        await chat(page, GRID[0]).get_by_role("button", name="已传达").click(timeout=15_000)
        await expect(chat(page, GRID[0]).get_by_text("两项都已记录")).to_be_visible(timeout=15_000)
        await browser.close()
    assert await stop(process) == 0

"""`python -m localchat` as a process of its own, killed and started again."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

pytestmark = pytest.mark.process
_ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def _started(*args: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "localchat", "--bind", "127.0.0.1:0", *args,
        cwd=_ROOT, env=os.environ | {"PYTHONPATH": str(_ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _control(url: str, verb: str, **args: object) -> object:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/control/{verb}", json=args) as response,
    ):
        return (await response.json())["result"]


async def test_what_was_said_survives_a_kill(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps({
        "accounts": [{"id": 1001, "name": "刘芳", "label": "值班员"}],
        "groups": [{"id": -1002000000001, "title": "群", "members": [1001], "bot": True}],
    }), encoding="utf-8")  # fmt: skip
    args = ("--data", str(tmp_path / "data"), "--accounts", str(people))
    async with _started(*args) as (process, url):
        said = await _control(url, "post", account_id=1001, text="好")
        process.kill()
        await process.wait()
    async with _started(*args) as (process, url):
        messages = await _control(url, "chat", chat_id=1001)
        assert isinstance(messages, list)
        assert isinstance(said, dict)
        assert messages[0]["message_id"] == said["message_id"]
        process.terminate()
        assert await process.wait() == 0


async def test_the_published_limits_can_be_switched_on(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    accounts = [{"id": 1001, "name": "刘芳", "started": True}]
    people.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    async with (
        _started("--limits", "--accounts", str(people)) as (_, url),
        aiohttp.ClientSession() as session,
    ):
        codes = []
        for _ in range(4):
            sent = {"chat_id": 1001, "text": "好"}
            async with session.post(f"{url}/bot100001:local-demo-token/sendMessage", json=sent) as response:
                codes.append(response.status)
    assert codes == [200, 200, 200, 429]

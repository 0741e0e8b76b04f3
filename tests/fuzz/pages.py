"""Requests as programs, people and scanners send them, over a loopback socket: none is answered in 5xx."""

import asyncio
import random
import re
from collections import Counter
from pathlib import Path


from actions import link
from bot.pages import pages_of
from handlers.identity import set_web_url
from storage import people
from tests.fuzz import corpus, mutate
from tests.fuzz.updates import ADMIN, CONTACT, OFFICER, Street, street
from web.pages import serve

PER_SERVER = 500
SECONDS = 2.0
"""How long an answer is waited for; a request that promises more than it sends gets none."""
KINDS = ("text/plain; charset=utf-8", "application/xml", "application/json", "text/plain; charset=gbk", "x/y; charset=no", "\x7f")
METHODS = ("GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "get", "TRACE", "A" * 40)
HEADERS = (
    *("Host: x", "If-None-Match: *", 'If-None-Match: W/"x', "Cookie: a=b; c", "Expect: 100-continue", "Range: bytes=9-1"),
    *("Transfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Length: -1", "Accept-Language: \xff", "X: " + "y" * 9000),
    *("Upgrade: websocket", "Authorization: Bearer", "Authorization: Basic eDp5", "X-Forwarded-For: 1.1.1.1, ::1"),
)


class Pages:
    """The pages of a street with open events, and what opens them."""

    def __init__(self, there: Street, paths: list[str], token: str) -> None:
        self.there, self.paths, self.token = there, paths, token

    def request(self) -> bytes:
        """Return a request: right, with hostile parts, or damaged as bytes."""
        dice = self.there.dice
        path = dice.choice(self.paths)
        if dice.random() < 0.4:  # noqa: PLR2004
            at = dice.randint(0, len(path))
            put = dice.choice(["%00", "%0d%0a", "%ff", "../", "//", "?r=", "%", "*", "?r=<b>", "\xff", "a" * 5000, "?" + "a=1&" * 50])
            path = path[:at] + put + path[at:]
        post = "api" in path or dice.random() < 0.4  # noqa: PLR2004
        method = dice.choice(METHODS) if dice.random() < 0.2 else "POST" if post else "GET"  # noqa: PLR2004
        body = self._body(path) if post else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Length: {len(body)}"]
        if "api" in path:
            lines += [f"Authorization: Bearer {self.token}", f"Content-Type: {dice.choice(KINDS)}"]
        lines += dice.sample(HEADERS, k=dice.choice([0, 0, 1, 3]))
        whole = "\r\n".join([*lines, "", ""]).encode("latin-1") + body
        return mutate.data(dice, (whole,)) if dice.random() < 0.2 else whole  # noqa: PLR2004

    def _body(self, path: str) -> bytes:
        dice = self.there.dice
        if "api" in path:
            files = mutate.data(dice, corpus.bulletin_files())
            text = mutate.text(dice, corpus.bulletins())
            return dice.choice([files, text.encode(), ('{"text": "' + text + '"}').encode(), b"[" * 5000, b'{"text": "\\ud83d"}'])
        word = mutate.text(dice, corpus.texts())[:300]
        made = f"csrf={dice.choice(['', 'x', word])}&act={dice.choice(['ack', 'pass', 'cannot', word])}&channel={word}&households={word}&reason={word}"
        return mutate.data(dice, (made.encode(),)) if dice.random() < 0.5 else made.encode()  # noqa: PLR2004


async def _ask(port: int, asked: bytes) -> bytes:
    """Return what comes in answer, b"" when nothing does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(SECONDS):
            writer.write(asked)
            await writer.drain()
            writer.write_eof()
            return await reader.read(2**20)
    except (TimeoutError, ConnectionError):
        return b""
    finally:
        writer.close()


async def run(seed: int, folder: Path, count: int = PER_SERVER) -> Counter[str]:
    """Send `count` requests to one server; return how often each status came; raises AssertionError for a 5xx."""
    there = await street(folder, random.Random(f"pages {seed}"))
    pages, statuses = await _opened(there), Counter[str]()
    runner = await serve(pages_of(there.room.app), "127.0.0.1", 0)
    try:
        port = runner.addresses[0][1]
        for _ in range(count):
            there.room.clock.move(2)
            asked = pages.request()
            answer = await _ask(port, asked)
            status = answer[9:12].decode("latin-1") or "none"
            statuses[status] += 1
            health = status == "503" and b'"trouble"' in answer  # what it is there to say
            assert not status.startswith("5") or health, f"{asked[:600]!r}\n{answer[:600]!r}"
        health_now = await _ask(port, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert health_now.startswith(b"HTTP/1.1 "), "the server no longer answers"
        await there.room.settle()
        await there.check()
    finally:
        await runner.cleanup()
        await there.room.close()
    return statuses


async def _opened(there: Street) -> Pages:
    """Return the paths that open something, and a source's token."""
    room = there.room
    set_web_url("http://127.0.0.1")
    said = "\n".join([*await room.types(ADMIN, "来源 新增 区应急局"), *await room.types(OFFICER, "日历")])
    token = re.search(r"Bearer ([\w-]+)", said)
    calendar = re.search(r"/calendar/[\w-]+\.ics", said)
    assert token
    assert calendar
    async with room.app.db.write() as tx:
        (who,) = await people.by_name(tx, CONTACT)
        ack = f"/a/{await link.make(tx, room.clock.now(), 1, who.id)}"
    return Pages(there, [ack, ack, "/a/x", "/a/style.css", calendar[0], "/api/bulletins", "/api/bulletins", "/health", "/"], token[1])

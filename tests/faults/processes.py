"""The real processes on loopback: the local chat, the bot, and the people who type and press over HTTP."""

import asyncio
import csv
import json
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from config.demo import demo_people_rows, demo_roster_rows

ROOT = Path(__file__).parents[2]
TOKEN = "100001:local-demo-token"  # noqa: S105 - the local chat's own, worth nothing elsewhere
STRANGERS = (900001, 900002)
"""Accounts that nobody invited."""
LAID: list[bytes] = []
"""The database of a street laid in before in this test process."""
PATIENCE = 60.0
"""Seconds a test waits for the other process before it fails."""


def elapsed() -> float:
    """Return elapsed seconds; a test of real processes lives in real time."""
    return time.monotonic()  # noqa: TID251 - same


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Bot:
    """One `python -m bot run`; its log goes to a file."""

    process: asyncio.subprocess.Process
    log: Path

    async def started(self) -> None:
        """Wait for the line that says it runs."""
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), PATIENCE)
        assert "值班室已启动" in line.decode(), self.log.read_text("utf-8")

    async def kill(self) -> None:
        """End it without warning."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()

    async def terminate(self) -> float:
        """End it in good order; return how many seconds that took."""
        began = elapsed()
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.communicate(), PATIENCE)
        return elapsed() - began


@dataclass
class Chat:
    """The people's side of the local chat over HTTP."""

    url: str
    session: aiohttp.ClientSession

    async def ask(self, verb: str, **args: object) -> Any:  # noqa: ANN401 - JSON of the verb's own shape
        """Do one control verb; LookupError when it cannot be done."""
        async with self.session.post(f"{self.url}/control/{verb}", json=args) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise LookupError(answer["error"])
        return answer["result"]

    async def types(self, person: int, text: str) -> int:
        """A person types; return the message's number."""
        return int((await self.ask("post", account_id=person, text=text))["message_id"])

    async def hears(self, person: int, contains: str, after: int = 0) -> str:
        """Wait for the bot's message with these words, after a message of this number; return its words."""
        return words(await self.next(person, contains, after))

    async def next(self, person: int, contains: str, after: int = 0) -> dict[str, Any]:
        """Wait for the bot's message with these words, after a message of this number; return it whole."""
        asked = {"chat_id": person, "contains": contains, "after_id": after, "timeout": PATIENCE}
        return dict(await self.ask("next_message", **asked))

    async def said_to(self, person: int) -> list[dict[str, Any]]:
        """Return the bot's messages to a person."""
        return [m for m in await self.ask("chat", chat_id=person) if m["from"]["is_bot"]]


def words(message: dict[str, Any]) -> str:
    """Return the words of a message."""
    return str(message.get("text") or message.get("caption") or "")


@dataclass
class Street:
    """One office: its data folder, its sheets, and the environment of its processes."""

    folder: Path
    chat: Chat
    rules: str = ""
    token: str = TOKEN
    settings: dict[str, str] = field(default_factory=dict)
    """Settings besides."""
    port: int = field(default_factory=free_port)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told."""
        rules = self.folder / "rules.toml"
        self.folder.mkdir(parents=True, exist_ok=True)
        rules.write_text(self.rules, "utf-8")
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DUTYROOM_")}
        return clean | {
            "PYTHONPATH": str(ROOT),
            "DUTYROOM_TELEGRAM_TOKEN": self.token,
            "DUTYROOM_TELEGRAM_API": self.chat.url,
            "DUTYROOM_DATA": str(self.data),
            "DUTYROOM_WEB_BIND": f"127.0.0.1:{self.port}",
            "DUTYROOM_RULES": str(rules),
            **self.settings,
        }

    async def command(self, *arguments: str) -> tuple[int, str, str]:
        """Run one command of the command line; return its status and what it printed and complained of."""
        process = await self._start(*arguments, stderr=asyncio.subprocess.PIPE)
        out, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode or 0, out.decode(), complaints.decode()

    async def lay_in(self) -> None:
        """Import the synthetic street and a roster from yesterday on, as an admin at the console does.

        The same is copied the next time: a command takes a second.
        """
        file = self.data / "dutyroom.sqlite3"
        if LAID:
            self.data.mkdir(mode=0o700, parents=True)
            file.touch(0o600)
            file.write_bytes(LAID[0])
            return
        await self.import_street()
        LAID.append(file.read_bytes())

    async def import_street(self) -> None:
        """Import the synthetic street and a roster from yesterday on into whatever database the settings name."""
        today = datetime.now(UTC).date()  # noqa: TID251 - the other process reads the real clock too
        tables = {
            "people.csv": demo_people_rows(),
            "roster.csv": demo_roster_rows(today - timedelta(days=2), 10),
        }
        for name, rows in tables.items():
            sheet(self.folder / name, rows)
            kind = name.removesuffix(".csv")
            status, out, complaints = await self.command("import", kind, str(self.folder / name), "--yes")
            assert status == 0, out + complaints

    async def launch(self, log: str = "bot.log") -> Bot:
        """Start the bot and return at once."""
        path = self.folder / log
        with path.open("ab") as complaints:
            return Bot(await self._start("run", stderr=complaints.fileno()), path)

    @asynccontextmanager
    async def running(self, log: str = "bot.log") -> AsyncIterator[Bot]:
        """Run the bot; it is killed at the end if it still runs."""
        bot = await self.launch(log)
        try:
            await bot.started()
            yield bot
        finally:
            await bot.kill()

    async def _start(self, *arguments: str, stderr: int) -> asyncio.subprocess.Process:
        environment = self.environment
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd=self.folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=stderr,
        )  # fmt: skip

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Return rows of the office's database, read beside the running process."""
        path = f"file:{self.data / 'dutyroom.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=10)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(statement, values).fetchall()


def sheet(path: Path, rows: Iterable[Iterable[str]]) -> None:
    """Write a table as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def accounts() -> dict[str, int]:
    """Return the account of everybody of the synthetic street by name."""
    return {row[5]: int(row[8]) for row in demo_people_rows()[1:]}


@asynccontextmanager
async def local_chat(
    folder: Path, everybody: Mapping[str, int] | None = None, *options: str
) -> AsyncIterator[Chat]:
    """Run the local chat with everybody of the street in it (or whoever is given), and two strangers."""
    known_by_name = accounts() if everybody is None else everybody
    people = [{"id": number, "name": name, "started": True} for name, number in known_by_name.items()]
    known = folder / "accounts.json"
    strangers = [{"id": number, "name": f"新来的{number}"} for number in STRANGERS]
    known.parent.mkdir(parents=True, exist_ok=True)
    known.write_text(json.dumps({"accounts": people + strangers}), "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "localchat", "--bind", "127.0.0.1:0", "--token", TOKEN),
        *("--accounts", str(known), *options),
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode().strip()
        async with aiohttp.ClientSession() as session:
            yield Chat(url, session)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()

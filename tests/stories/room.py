"""The stories' room: real handlers, actions, database and templates; only the HTTP layer and the clock are ours."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from telegram.error import TelegramError

from actions import sheet
from bot import app
from bot.app import App
from bot.clock import Clock
from bot.telegram import raw_updates
from config.demo import demo_people_rows, demo_roster_rows
from config.settings import Settings
from localchat.api import BotApi
from storage import deadline, outbox, people
from tests.localchat.in_process import in_process_bot
from tests.stories.shelf import Shelf, StoryDatabase

ZONE = ZoneInfo("Asia/Shanghai")
SOON = timedelta(seconds=3.1)
PRINTED = "信息快报 E"
"""Documents that follow a report by themselves: no answer to what was typed meanwhile."""
SHELF = Shelf()
"""Databases made before in this test process: a copy is faster than migrating and importing again."""
vars(app)["Database"] = StoryDatabase


class StoryClock(Clock):
    """A clock that moves when told."""

    def __init__(self, now: datetime) -> None:
        self._now = self._begun = now
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the story's time."""
        return self._now

    def monotonic(self) -> float:
        """Return elapsed story seconds."""
        return self._elapsed

    def step(self) -> None:
        """A story's clock is not stepped."""
        return

    def wall(self) -> float:
        """Return the chat server's time: nobody sets that back."""
        return self._begun.timestamp() + self._elapsed

    def move(self, seconds: float) -> None:
        """Let time pass, or (below 0) set this machine's clock back."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += max(0.0, seconds)


class Room:
    """A duty room on a local chat, driven by people's names and words."""

    def __init__(self, data: Path, now: datetime, rules: str = "", timezone: str = "Asia/Shanghai") -> None:
        self.clock = StoryClock(now)
        self.api = BotApi(self.clock.wall)
        self.data = data
        rules_file = data / "rules.toml"
        data.mkdir(parents=True, exist_ok=True)
        rules_file.write_text(rules, "utf-8")
        self.settings = Settings(
            data=data,
            telegram_token=SecretStr(self.api.token),
            timezone=timezone,
            rules=rules_file,
            converter="-",
            database_url=SHELF.url_for(data),
            _env_file=None,
        )
        self.app = App(self.settings, self.clock, in_process_bot(self.api))
        self.offset = 0
        self.ids: dict[str, int] = {}

    async def open(self) -> "Room":
        """Start the process; a new room's database is a copy of one that was migrated before, which is faster."""
        key = f"migrated {self.clock.now().isoformat()}"  # a copy remembers when it was last alive
        new = not await SHELF.exists(self.settings.url)
        if new:
            await SHELF.lay_out(key, self.settings.url)
        await self.app.open()
        if new and not SHELF.has(key):
            await SHELF.keep(key, self.app.db)
        await self.app.connect()
        return self

    async def close(self) -> None:
        """Stop the process in good order."""
        await self.app.close()

    async def crash(self, downtime: timedelta = timedelta()) -> None:
        """Kill the process between two commits and start another on the same files."""
        await self.start_anew(downtime)
        await self.settle()

    async def start_anew(self, downtime: timedelta = timedelta()) -> None:
        """Kill the process and start another, which has done nothing yet."""
        await self.app.db.close()
        self.clock.move(downtime.total_seconds())
        self.app = App(self.settings, self.clock, in_process_bot(self.api))
        await self.open()

    async def lay_street(self, days: int = 10) -> None:
        """Import the synthetic street and a roster from yesterday on (0 days: none); the same is read from a copy."""
        key = f"{self.clock.now().isoformat()} {self.settings.timezone} {days} {(self.data / 'rules.toml').read_text('utf-8')}"
        if SHELF.has(key):
            await self._put_in_place(key)
        else:
            await self.import_street(days)
            await SHELF.keep(key, self.app.db)
        await self.learn_accounts()

    async def learn_accounts(self) -> None:
        """Let everybody with an account have one in the chat."""
        async with self.app.db.read() as tx:
            everybody = await people.everybody(tx)
        for who in everybody:
            if who.telegram_id:
                self.ids[who.name] = who.telegram_id
                self.api.add_account(who.telegram_id, who.name)

    async def _put_in_place(self, key: str) -> None:
        await self.app.close()
        await SHELF.lay_out(key, self.settings.url)
        self.app = App(self.settings, self.clock, in_process_bot(self.api))
        await self.open()

    async def import_street(self, days: int) -> None:
        """Import the synthetic street and a roster from yesterday on."""
        now = self.clock.now()
        first = now.astimezone(ZoneInfo(self.settings.timezone)).date() - timedelta(days=1)
        async with self.app.db.write() as tx:
            for table in (demo_people_rows(), *([demo_roster_rows(first, days)] if days else [])):
                rows = tuple(tuple(row) for row in table)
                read = await sheet.understand(tx, now, rows)
                assert read is not None
                assert read["errors"] == []
                await sheet.lay_in(tx, now, None, "街道", read)

    # --- people act ---------------------------------------------------------------------------------------

    async def types(self, name: str, text: str, chat: int | None = None) -> list[str]:
        """A person types; return what that person hears in answer."""
        before = len(self.api.chat(chat or self.ids[name]))
        self.api.post(self.ids[name], text, chat_id=chat)
        await self.settle()
        said = [self._text(m) for m in self.api.chat(chat or self.ids[name])[before:] if m["from"]["is_bot"]]
        return said if "快报" in text else [words for words in said if not words.startswith(PRINTED)]

    async def sends_file(self, name: str, filename: str, data: bytes, caption: str = "") -> list[str]:
        """A person sends a file; return the answers."""
        before = len(self.api.chat(self.ids[name]))
        self.api.post_document(self.ids[name], filename, data, caption)
        await self.settle()
        return [self._text(m) for m in self.api.chat(self.ids[name])[before:] if m["from"]["is_bot"]]

    async def presses(self, name: str, word: str) -> str:
        """A person presses the newest button with this word; return the pop-up's text."""
        query = self.api.press(self.ids[name], word)
        await self.settle()
        answer = await self.api.answer(query)
        return answer.text or ""

    async def reads_back(self, name: str, *numbers: str) -> None:
        """The incoming officer picks the top risks: these numbers, else every one that is offered."""
        tried: set[str] = set()
        while words := [
            word
            for word in self.buttons(name)
            if word.startswith("重点 ") and word not in tried and (not numbers or word[3:] in numbers)
        ]:
            tried.add(words[0])
            await self.presses(name, words[0])

    async def fast_forward(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass in steps, each thing happening when it is due."""
        end = self.clock.now() + timedelta(seconds=seconds, minutes=minutes, hours=hours)
        while self.clock.now() < end:
            left = (end - self.clock.now()).total_seconds()
            async with self.app.db.read() as tx:
                due = await deadline.next_due(tx)
            ahead = left if due is None else max(0.0, (due - self.clock.now()).total_seconds())
            self.clock.move(min(left, max(ahead, 0.001)))
            await self.settle()

    async def meanwhile(self, minutes: int) -> None:
        """Let time pass in which what falls due is done, and what it says waits to be sent."""
        for _ in range(minutes):
            self.clock.move(60)
            await self.app.clockwork.run_due()

    async def settle(self) -> None:
        """Let the process do all it can do at this moment (sending takes its time)."""
        moved = 1
        while moved:
            moved = await self._take()
            await self.app.inbox.prepared()
            moved += await self.app.inbox.work()
            await self.app.inbox.prepared()
            await asyncio.gather(*self.app.jobs)
            moved += await self.app.clockwork.run_due()
            moved += await self._send_all()
            moved += await self.app.channels.pump()

    async def _send_all(self) -> int:
        """Send until nothing is about to go; limits make story time pass, as they do outside."""
        total = 0
        for _ in range(2000):
            sent = await self.app.outbox.pump()
            total += sent
            if sent:
                continue
            at = await self._next_sending()
            if at is None or at > self.clock.now() + SOON:
                break
            t = self.clock.monotonic()
            wait = (at - self.clock.now()).total_seconds()
            self.clock.move(wait if wait > 0 else max(0.05, min(1.0, self.app.outbox.limiter.next_free(t))))
        return total

    async def _next_sending(self) -> datetime | None:
        async with self.app.db.read() as tx:
            return await outbox.next_moment(tx, self.clock.now(), self.app.outbox.card_gap)

    async def _take(self) -> int:
        try:
            updates = await raw_updates(self.app.outbox.bot, self.offset, wait=0)
        except TelegramError:
            return 0  # Telegram is away: what people do waits there
        if updates:
            await self.app.inbox.take(updates)
            self.offset = updates[-1]["update_id"] + 1
        return len(updates)

    # --- what people see ----------------------------------------------------------------------------------

    @staticmethod
    def _text(message: dict[str, Any]) -> str:
        words = message.get("text") or message.get("caption") or ""
        file = (message.get("document") or {}).get("file_name", "")
        return f"{words}\n[{file}]" if file else words

    def heard(self, name: str) -> list[str]:
        """Return everything the bot has said to a person, as it reads now."""
        return [self._text(m) for m in self.api.chat(self.ids[name]) if m["from"]["is_bot"]]

    def last(self, name: str) -> str:
        """Return the newest message to a person."""
        return self.heard(name)[-1]

    def last_words(self, name: str) -> str:
        """Return the newest message to a person that is no document of a report: those follow the words."""
        return [words for words in self.heard(name) if not words.startswith(PRINTED)][-1]

    def buttons(self, name: str) -> list[str]:
        """Return the words of every inline button a person sees."""
        return [
            key["text"]
            for m in self.api.chat(self.ids[name])
            for row in m.get("keyboard") or []
            for key in row
        ]

    def time(self) -> str:
        """Return the story's clock time in the room."""
        return f"{self.clock.now().astimezone(ZONE):%H:%M}"

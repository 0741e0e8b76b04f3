"""The bot's real parts in this process, on the local chat in another one, and a Bot that notes what was accepted."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from pydantic import SecretStr
from telegram import Bot, Message

from actions import bulletin, bulletin_dispatch
from bench.cascade.tree import LEVELS, OFFICERS, Shape, lay
from bot.app import App
from bot.limiter import Limiter
from bot.telegram import IN_FLIGHT, make_bot
from config.settings import Settings
from storage import people
from storage.bulletin import drafts
from tests.faults.processes import TOKEN, Chat, local_chat

RED = (
    "天津市气象台于2026年11月24日10时30分发布暴雨红色预警信号：预计未来3小时我市大部分地区将有特大暴雨（100毫米以上），"
    "伴有雷电、短时大风，低洼地区积水严重，请有关单位和人员立即转移危险地带人员，停止户外作业，做好防范准备。"
)
RECORDED = 2000
"""So many calls are kept whole, to be made again as the bare loop."""


@dataclass(frozen=True)
class Call:
    """One send as it was made."""

    chat: int
    text: str
    options: dict[str, Any]


class Watched(Bot):
    """The bot's Bot; it notes when each send and edit was accepted."""

    async def send_message(self, chat_id: int | str, text: str, **options: Any) -> Message:  # type: ignore[override]  # noqa: ANN401 - handed on
        """Send, and note it."""
        message = await super().send_message(chat_id, text, **options)
        noted = notes(self)
        noted.accepted.append((perf_counter(), int(chat_id)))
        if len(noted.calls) < RECORDED:
            noted.calls.append(Call(int(chat_id), text, options))
        return message

    async def edit_message_text(self, text: str, **options: Any) -> Message | bool:  # type: ignore[override]  # noqa: ANN401 - handed on
        """Edit, and note it."""
        done = await super().edit_message_text(text, **options)
        notes(self).edits.append((perf_counter(), options["chat_id"], options["message_id"]))
        return done


@dataclass
class Notes:
    """What was accepted: when (perf_counter), for which chat (and message)."""

    accepted: list[tuple[float, int]] = field(default_factory=list)
    edits: list[tuple[float, int, int]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)


NOTES: dict[int, Notes] = {}


def notes(bot: Bot) -> Notes:
    """Return the notes of a bot (PTB lets no attribute be set on it)."""
    return NOTES.setdefault(id(bot), Notes())


@dataclass
class Office:
    """A laid-in tree, its running parts, and the people's side of the chat."""

    app: App
    bot: Bot
    chat: Chat
    accounts: list[int]
    received: int = 0

    @property
    def notes(self) -> Notes:
        """What the local chat accepted."""
        return notes(self.bot)

    def unlimited(self) -> None:
        """Send as fast as it goes."""
        self.app.outbox.limiter = Limiter(10**9, 0.0)

    def limited(self) -> None:
        """Send as the public limits allow."""
        misc = self.app.db.rules.misc
        self.app.outbox.limiter = Limiter(misc.sends_per_second, misc.chat_gap.total_seconds())

    async def receive(self) -> int:
        """Keep the bulletin as a draft; return its number."""
        self.received += 1
        text = RED.replace(
            "10时30分", f"10时{29 + self.received}分"
        )  # the same one again would make nothing new
        async with self.app.db.write() as tx:
            officer = (await people.by_name(tx, OFFICERS[0]))[0]
            await bulletin.receive(tx, officer, self.app.clock.now(), text)
            return (await drafts(tx))[0].id

    async def dispatch(self, number: int) -> float:
        """Dispatch it; return the seconds until that was committed."""
        began = perf_counter()
        async with self.app.db.write() as tx:
            officer = (await people.by_name(tx, OFFICERS[0]))[0]
            await bulletin_dispatch.dispatch(tx, officer, self.app.clock.now(), number)
        return perf_counter() - began

    async def sent(self, most: int, patience: float, *, since: int = 0) -> int:
        """Wait until so many messages to the tree were accepted; return how many it were when patience ended."""
        end = perf_counter() + patience
        while (found := len(self.accepted(since))) < most and perf_counter() < end:  # noqa: ASYNC110 - a look now and then disturbs least
            await asyncio.sleep(0.1)
        return found

    def accepted(self, since: int = 0) -> list[float]:
        """Return when each message to the tree was accepted, from the so-many-th note on."""
        known = self.accounts[0]
        return [at for at, chat in self.notes.accepted[since:] if chat >= known]


@asynccontextmanager
async def office(shape: Shape, *options: str, database_url: str = "") -> AsyncIterator[Office]:
    """Lay in a tree and run the parts; `options` are the local chat's; without a URL it is a SQLite file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules = folder / "rules.toml"
        rules.write_text(f"[callout]\nlevels = {list(LEVELS)}\n", "utf-8")
        known = {f"P{n}": n for n in (*range(1, 6), *_all_accounts(shape))}
        async with local_chat(folder / "chat", known, *options) as chat:
            bot = make_bot(TOKEN, chat.url, Watched)
            settings = Settings(
                data=folder / "data", telegram_token=SecretStr(TOKEN), telegram_api=chat.url,
                rules=rules, database_url=database_url, _env_file=None,
            )  # fmt: skip
            app = App(settings, bot=bot)
            await app.open()
            async with app.db.write() as tx:
                accounts = await lay(tx, shape)
            try:
                yield Office(app, bot, chat, accounts)
            finally:
                await app.close()


def _all_accounts(shape: Shape) -> range:
    first = 1_000_001
    return range(first, first + shape.districts + shape.contacts)


@asynccontextmanager
async def running(app: App) -> AsyncIterator[None]:
    """Run inbox, outbox, clockwork and calendar; stop them in good order."""
    task = asyncio.create_task(app.run())  # noqa: TID251 - as bot/cli.py runs it
    try:
        yield
    finally:
        app.stop.set()
        await task


async def bare(bot: Bot, calls: list[Call]) -> float:
    """Make the same calls in a bare loop with as many in flight; return how many a second."""
    waiting = iter(calls)

    async def one_after_another() -> None:
        for call in waiting:
            await bot.send_message(call.chat, call.text, **call.options)

    began = perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(IN_FLIGHT)))
    return len(calls) / (perf_counter() - began)


async def until(condition: Callable[[], Awaitable[bool]], patience: float, every: float = 0.1) -> bool:
    """Wait until something holds; return whether it does."""
    end = perf_counter() + patience
    while not (kept := await condition()) and perf_counter() < end:  # noqa: ASYNC110 - it looks into the database
        await asyncio.sleep(every)
    return kept

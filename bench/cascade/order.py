"""22,000 contacts at the public limits, in simulated time: what goes first, and what a round costs."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Bot, Chat, Message

from actions import bulletin, bulletin_dispatch
from bench.cascade.office import RED
from bench.cascade.tree import ACCOUNTS, CITY, LEVELS, OFFICERS, lay, walk
from bench.table import Row
from bot.clock import Clock
from bot.limiter import Limiter
from bot.outbox import Outbox
from domain.notice import Priority
from domain.notices.base import Alarm
from handlers.all_features import LOADED
from storage import outbox, people
from storage.database import Database
from storage.migrate import migrate

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 24, 2, 35, tzinfo=UTC)
ROUTINE = 500
"""So many answers and digests wait when the warning is dispatched, and so many more come while it goes out."""
TICK = 0.25
USED = LOADED


class Moved(Clock):
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def now(self) -> datetime:
        """Return the simulated instant."""
        return START + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        """Return simulated seconds."""
        return self.elapsed


class Accepting(Bot):
    """A Bot whose every send is accepted at once."""

    async def send_message(self, chat_id: int | str, text: str, **options: Any) -> Message:  # type: ignore[override]  # noqa: ANN401 - not looked at
        """Note chat and text."""
        del options
        SENT.append((int(chat_id), text[:40]))
        return Message(len(SENT), START, Chat(int(chat_id), "private"))

    async def edit_message_text(self, text: str, **options: Any) -> bool:  # type: ignore[override]  # noqa: ANN401 - not looked at
        """Take an edit."""
        del text, options
        return True


SENT: list[tuple[int, str]] = []


@dataclass
class Played:
    """What came of it."""

    warnings: list[int]
    overtaken: int
    seconds: float
    real: float
    rounds: int


async def measure() -> list[Row]:
    """Dispatch among routine messages and pump until everybody has it."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.toml"
        rules.write_text(f"[callout]\nlevels = {list(LEVELS)}\n", "utf-8")
        db = Database(f"sqlite+aiosqlite:///{folder}/city.sqlite3", ZONE, rules)
        await migrate(db, START, Path(folder))
        played = await _play(db)
        await db.close()
    return _rows(played)


async def _play(db: Database) -> Played:
    clock = Moved()
    misc = db.rules.misc
    box = Outbox(
        db,
        Accepting("1:x"),
        clock,
        Limiter(misc.sends_per_second, misc.chat_gap.total_seconds()),
        misc.card_gap,
    )
    async with db.write() as tx:
        accounts = set(await lay(tx, CITY))
    await _routine(db, clock, 0)
    async with db.write() as tx:
        officer = (await people.by_name(tx, OFFICERS[0]))[0]
        await bulletin.receive(tx, officer, clock.now(), RED)
        await bulletin_dispatch.dispatch(tx, officer, clock.now(), 1)
    began, rounds, told = perf_counter(), 0, 0
    while told < CITY.contacts and clock.elapsed < 3600:
        before = len(SENT)
        await box.pump()
        told += sum(chat in accounts for chat, _ in SENT[before:])
        clock.elapsed += TICK
        rounds += 1
        if rounds == 100:
            await _routine(db, clock, ROUTINE)
    real = perf_counter() - began
    warnings = [chat for chat, text in SENT if chat in accounts]
    last = max(at for at, (chat, _) in enumerate(SENT) if chat in accounts)
    overtaken = sum("常规" in text for _, text in SENT[:last])
    return Played(warnings, overtaken, clock.elapsed, real, rounds)


async def _routine(db: Database, clock: Clock, first: int) -> None:
    """Promise routine messages to chats outside the tree."""
    async with db.write() as tx:
        for number in range(first, first + ROUTINE):
            notice = Alarm(text=f"常规{number}", at=clock.now())
            kind = Priority.ANSWER if number % 2 else Priority.DIGEST
            await outbox.say(tx, clock.now(), notice, chat=500_000 + number, priority=kind)


def _rows(played: Played) -> list[Row]:
    level = [level for level, _ in walk(CITY)]
    order = [LEVELS.index(level[chat - ACCOUNTS - 1]) for chat in played.warnings]
    early = sum(a > b for a, b in pairwise(order))
    ceiling = CITY.contacts / 28
    return [
        Row("22,000 at 28/s: told, of 22,000", len(set(played.warnings)), None, "", least=CITY.contacts),
        Row("22,000 at 28/s: routine messages ahead of a red one", played.overtaken, 0, ""),
        Row("22,000 at 28/s: steps back from a lower to a higher level", early, 0, ""),
        Row(
            "22,000 at 28/s: everybody told (simulated)", played.seconds / 60, ceiling / 60 * 1.05, "min",
            f"ceiling {ceiling / 60:.1f} min: 22,000 at 28/s",
        ),
        Row(
            "  real time of a round (claim, build, mark)", played.real / played.rounds * 1000, 100.0, "ms",
            f"{played.real / len(played.warnings) * 1000:.2f} ms a message",
        ),
    ]  # fmt: skip

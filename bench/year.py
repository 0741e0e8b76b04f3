"""What a year does to the process: 365 ordinary days with time as an argument, its memory and its file.

`python -m bench year [month]`. The real handlers, actions, SQLite file, outbox and due loop on the simulation's clock,
network and driver (tests/simulation/world.py). The chat of those days is forgotten each evening: it is not the bot's.
"""

import asyncio
import gc
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import process_time

import psutil  # type: ignore[import-untyped]  # it ships no types

from bench.table import Row
from tests.simulation.model import local
from tests.simulation.world import Person, World

DAYS, MONTH = 365, 30
SETTLED = 10
"""After so many days everything has been met once; growth is counted from here."""
DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0
PARTS = ("month",)
MEGA = 1024 * 1024
SHOWN = (
    "handover.signed_in",
    "bulletin.dispatched",
    "callout.acked",
    "incident.received",
    "report.final",
    "duty.log",
)
"""What is counted in the log, to see that the days held something."""


class Year:
    """A street's days, one after another."""

    def __init__(self, folder: Path, days: int) -> None:
        self.days = days
        self.world = World(1, folder)
        first = self.world.street.roster
        self.world.street.roster = [first[n % 3] | {"副班": first[n % 2]["副班"]} for n in range(days + 3)]

    async def live(self) -> list[tuple[float, int]]:
        """Return the memory of the process in MB, and how many blocks of it are in use, at the end of each day."""
        await self.world.begin()
        used = []
        for day in range(self.days):
            await self._day(day)
            self._forget()
            used.append((psutil.Process().memory_info().rss / MEGA, sys.getallocatedblocks()))
        self.acts = Counter(row[0] for row in self.world.rows("SELECT act FROM log"))
        await self.world.close()
        return used

    async def _day(self, day: int) -> None:
        officer, taker = (self._named(self.world.street.roster[day + n]["值班员"]) for n in (1, 2))
        leader = self._named(self.world.street.roster[day + 2]["带班领导"])
        for hours in (1.0, 6.0, 12.0):
            await self._at(day, hours)
            await self._types(officer, f"记录 第{day}日巡查河道，水位正常")
        if day % 3 == 0:
            await self._warning(day, officer)
        if day % 2 == 0:
            await self._incident(day, officer)
        await self._at(day, 23.4)
        await self._handover(officer, taker)
        for who in (taker, leader):
            await self._types(who, "到岗")

    async def _warning(self, day: int, officer: Person) -> None:
        await self._at(day, 5.0)
        for act, after in (("发布", 5 * MINUTE), ("解除", 5 * HOUR)):
            at = local(self.world.t)
            await self._types(
                officer,
                f"天津市气象台于{at:%Y年%m月%d日%H时%M分}{act}大风蓝色预警信号：预计今天夜间我市有大风，请注意防范。",
            )
            await self._presses(officer, "下发")
            await self.world.advance(self.world.t + 3 * MINUTE)
            for word in ("收到", "已传达"):
                for contact in self.world.street.named("责任人"):
                    await self._presses(contact, word)
            await self.world.advance(self.world.t + after)

    async def _incident(self, day: int, officer: Person) -> None:
        await self._at(day, 13.0)
        number = f"E{day // 2 + 1}"
        await self._types(officer, f"首报 海棠里{day + 1}号楼楼道着火，2人受伤，119已打")
        for text in ("", f"无变化 {number}", f"终报 {number} 明火已灭，处置完毕，无人死亡"):
            if text:
                await self._types(officer, text)
            await self._presses(officer, "发送")
            await self._types(officer, f"已电话报告 {number} 王科长")
            for who in self.world.street.named("带班领导"):
                await self._types(who, f"签发 {number}")
            for who in self.world.street.named("上级值班室"):
                await self._presses(who, "收到")
            await self.world.advance(self.world.t + 25 * MINUTE)

    async def _handover(self, officer: Person, taker: Person) -> None:
        await self._types(officer, "交班")
        await self._presses(officer, "交班")
        await self._types(taker, "接班")
        await self._presses(taker, "全部接收")
        for word in {b[1] for b in self.world.buttons(taker.account) if b[1].startswith("重点 ")}:
            await self._presses(taker, word)
        await self._presses(taker, "接班")

    async def _at(self, day: int, hours: float) -> None:
        await self.world.advance(day * DAY + hours * HOUR)

    async def _types(self, who: Person, text: str) -> None:
        if who.account:
            self.world.types(who.account, text)
            await self.world.settle()

    async def _presses(self, who: Person, word: str) -> None:
        button = self.world.newest(who.account, word)
        if button:
            self.world.presses(who.account, button[0], button[2])
            await self.world.settle()

    def _named(self, name: str) -> Person:
        return next(p for p in self.world.street.people if p.name == name)

    def _forget(self) -> None:
        api = self.world.api
        for kept in (api.history, api.queries, api.answers, self.world.heard):
            kept.clear()
        for chat in api.chats.values():
            for number in list(chat)[:-20]:
                with suppress(KeyError):
                    del chat[number]
        gc.collect()


def run(*parts: str) -> Iterator[Row]:
    """Yield what the days did to memory and file."""
    logging.disable(logging.CRITICAL)
    days = MONTH if parts else DAYS
    with tempfile.TemporaryDirectory() as folder:
        year, began = Year(Path(folder), days), process_time()
        used = asyncio.run(year.live())
        took = process_time() - began
        size = year.world.database.stat().st_size / MEGA
        counts = year.world.counts
    marks = [n for n in (1, SETTLED, 100, 200, days) if n <= days]
    (settled, few), (last, many) = used[SETTLED - 1], used[-1]
    shown = ", ".join(f"day {n}: {used[n - 1][0]:.0f}" for n in marks)
    yield Row(f"{days} days: memory grown since day {SETTLED} (RSS)", last - settled, 5.0, "MB", shown)
    blocks = ", ".join(f"day {n}: {used[n - 1][1]:,}" for n in marks)
    yield Row("  blocks in use grown since then", (many - few) / few * 100, None, "%", blocks)
    yield Row("  size of the database", size, None, "MB", f"{size / days * 365:.0f} MB a year")
    done = ", ".join(f"{act} {year.acts[act]}" for act in SHOWN)
    yield Row("  messages and edits", counts["messages"] + counts["edits"], None, "", done)
    yield Row("  CPU", took, None, "s", f"{took / days:.2f} a day")

"""Seeded random duty days on the real parts: people answer, mistype, stay silent; Telegram and the process fail.

After each hour the promises are checked against what people saw and typed. `SEEDS=200 make soak` runs more.
"""

import asyncio
import os
import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from actions import duty
from storage import bulletin, callout, deadline, handover, incident, log, people
from tests.stories.room import ZONE, Room

SEEDS = int(os.environ.get("SEEDS", "3"))
START = datetime(2026, 7, 25, 9, 0, tzinfo=ZONE)
BULLETIN = "天津市气象台于2026年07月25日{hour}时{minute}分{verb}：预计未来6小时我市有强降雨，请注意防范。"
VERBS = (
    "发布暴雨蓝色预警信号",
    "发布大风黄色预警信号",
    "将暴雨蓝色预警信号升级为暴雨黄色预警信号",
    "发布雷电橙色预警信号",
)
FIRST = "首报 刚才{place}{n}号楼{what}，{people}，已通知消防"
RULES = '[callout]\npass_on = "10m"\n'


class Day:
    """One random day in one room."""

    def __init__(self, seed: int, room: Room) -> None:
        self.dice = random.Random(seed)
        self.room = room
        self.first_reports: list[str] = []
        self.dispatched = 0
        self.crashes = 0

    async def officer(self) -> str:
        """Return who is responsible now: P1 says there is always somebody."""
        async with self.room.app.db.read() as tx:
            officer = await duty.officer_now(tx, self.room.clock.now())
        assert officer is not None
        return officer.name

    async def act(self) -> None:
        """Let one random thing happen."""
        doing = self.dice.choices(
            [self.warn, self.report, self.answers, self.mistypes, self.trouble, self.crash, self.hand_over],
            weights=[2, 2, 8, 3, 3, 1, 1],
        )[0]
        await doing()

    async def warn(self) -> None:
        """The officer pastes a bulletin and dispatches it."""
        now = self.room.clock.now()
        text = BULLETIN.format(hour=now.hour, minute=now.minute, verb=self.dice.choice(VERBS))
        name = await self.officer()
        await self.room.types(name, text)
        if "下发" in self.room.buttons(name):
            await self.room.presses(name, "下发")
            self.dispatched += 1

    async def report(self) -> None:
        """The officer types a first report; it counts as confirmed once its card was heard."""
        text = FIRST.format(
            place=self.dice.choice(["海棠里社区", "东柳村", "福安里社区"]),
            n=self.dice.randint(1, 40),
            what=self.dice.choice(["着火", "燃气泄漏", "电梯困人"]),
            people=self.dice.choice(["1人受伤", "没人受伤", "情况不明"]),
        )
        name = await self.officer()
        await self.room.types(name, text)
        self.first_reports.append(text.removeprefix("首报 "))
        if self.dice.random() < 0.7 and "发送" in self.room.buttons(name):
            await self.room.presses(name, "发送")

    async def answers(self) -> None:
        """Some contacts answer, by button or by text, some twice."""
        for name in self.dice.sample(sorted(self.room.ids), 12):
            if "收到" in self.room.buttons(name):
                await self.room.presses(name, "收到")
            elif self.dice.random() < 0.3:
                await self.room.types(
                    name, self.dice.choice(["收到", "收到 W1", "已传达 W1 广播", "收到 W99"])
                )

    async def mistypes(self) -> None:
        """Somebody types nonsense or another's command."""
        name = self.dice.choice(sorted(self.room.ids))
        await self.room.types(
            name, self.dice.choice(["在吗", "下发 W1", "值班", "签发 E1", "👍", "终报 E1 完了"])
        )

    async def trouble(self) -> None:
        """Telegram slows down, loses replies or is away for a while."""
        faults = self.room.api.faults
        kind = self.dice.choice(["429", "lost", "away", "500"])
        if kind == "429":
            faults.reply(429, retry_after=self.dice.randint(1, 20), count=self.dice.randint(1, 5))
        elif kind == "500":
            faults.reply(502, count=self.dice.randint(1, 3))
        elif kind == "lost":
            faults.timeout_after_delivery(self.dice.randint(1, 5))
        else:
            faults.outage(True)
            await self.room.fast_forward(minutes=self.dice.choice([1, 5, 30]))
            faults.outage(False)

    async def crash(self) -> None:
        """The process is killed, at rest or with messages on the wire, and started again."""
        self.crashes += 1
        if self.dice.random() < 0.5:
            jobs = await self.room.app.outbox.round(set())
            await asyncio.gather(*map(self.room.app.outbox.deliver, jobs))
        await self.room.crash(timedelta(seconds=self.dice.choice([1, 60, 900])))

    async def hand_over(self) -> None:
        """The outgoing officer opens the sheet and signs; the incoming takes everything over."""
        name = await self.officer()
        await self.room.types(name, "交班")
        if "交班" not in self.room.buttons(name):
            return
        await self.room.presses(name, "交班")
        async with self.room.app.db.read() as tx:
            running = await handover.running(tx)
            taker = await people.by_id(tx, running.in_id) if running and running.in_id else None
        if taker is None:
            return
        await self.room.types(taker.name, "接班")
        for _ in range(10):
            if any(b.startswith("接收") for b in self.room.buttons(taker.name)):
                await self.room.presses(taker.name, "接收")
        await self.room.reads_back(taker.name)
        if "接班" in self.room.buttons(taker.name):
            await self.room.presses(taker.name, "接班")

    async def check(self) -> None:
        """Check the promises."""
        await self.officer()
        now = self.room.clock.now()
        async with self.room.app.db.read() as tx:
            overdue = await deadline.due(tx, now - timedelta(seconds=5))
            assert overdue == [], "P3: a step that is due was acted on"
            for b in await bulletin.live(tx):
                assert b.dispatched_at is not None
                if now - b.dispatched_at > timedelta(minutes=11):
                    silent = await callout.silent(tx, b.id)
                    unseen = [c.unit for c in silent if c.listed_at is None]
                    assert unseen == [], "P2: nobody silent passes unnoticed"
            kept = Counter(i.raw for i in await incident.in_state(tx, "open", "closed", "discarded"))
            assert kept == Counter(self.first_reports), "P4: each confirmed report is kept once"
            assert isinstance(await log.verify(tx), log.Verified), "P7: the chain holds"
        self.check_repeats()

    def check_repeats(self) -> None:
        """P4: a message with the same words twice says 重发."""
        for name, account in self.room.ids.items():
            texts = [
                m["text"]
                for m in self.room.api.chat(account)
                if m["from"]["is_bot"] and not m["edited"] and "请您(B角)接手" in m.get("text", "")
            ]
            twice = [text for text, n in Counter(texts).items() if n > 1]
            assert twice == [], name


async def run_day(seed: int, data: Path, hours: int) -> Day:
    """Run one random day and return it; an assertion names the promise that broke."""
    room = await Room(data, START, RULES).open()
    try:
        await room.lay_street(days=4)
        day = Day(seed, room)
        for _ in range(hours):
            for _ in range(day.dice.randint(1, 4)):
                await day.act()
                await room.fast_forward(minutes=day.dice.choice([0.5, 3, 12]))
            room.api.faults.clear()
            await room.fast_forward(minutes=2)
            await day.check()
        return day
    finally:
        await room.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(SEEDS))
async def test_a_random_day_keeps_the_promises(seed: int, tmp_path: Path) -> None:
    await run_day(seed, tmp_path / "data", hours=6)

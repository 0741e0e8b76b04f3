"""Telegram away for hours with a cascade running; a clock that is set forth and back."""

import re
from collections import Counter
from datetime import datetime, timedelta, tzinfo

import pytest
from sqlalchemy import text

from bot import clock as clocks
from bot.clock import Clock
from storage import card
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE, FIRE

OFFICER, ADMIN = "郑伟", "宋倩"
RED = BLUE.replace("蓝色", "红色")


async def gone_on(room: Room, hours: float) -> None:
    """Let hours go by while the process tries, polls and watches."""
    end = room.clock.now() + timedelta(hours=hours)
    while room.clock.now() < end:
        await room.fast_forward(minutes=5)
        await room.app.watch_telegram()


@pytest.mark.timeout(600)
@pytest.mark.long
async def test_six_hours_without_telegram_during_a_cascade_end_without_a_flood(room: Room) -> None:
    await room.types(OFFICER, RED)
    await room.presses(OFFICER, "下发")
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.fast_forward(minutes=1)
    room.app.inbox.last_poll = room.clock.now()
    before = {name: len(room.heard(name)) for name in room.ids}
    room.api.faults.outage(True)
    await gone_on(room, 6)
    room.api.faults.outage(False)
    back = room.clock.now()
    room.app.inbox.last_poll = back
    await room.app.watch_telegram()
    await room.fast_forward(minutes=2)
    async with room.app.db.read() as tx:
        stale = await card.stale(tx, room.clock.now(), timedelta(seconds=30), 1000)
    assert stale == [], "cards are true two minutes after"
    new = {name: room.heard(name)[before[name] :] for name in room.ids}
    most, count = Counter({name: len(said) for name, said in new.items()}).most_common(1)[0]
    print(most, count, [words.splitlines()[0] for words in new[most]])  # noqa: T201 - the run's numbers
    assert count <= 3, "what came late is merged: one message of a kind, one for all clocks that ran out"
    first = next(words for words in new[OFFICER] if "重发" not in words)
    assert "预警 W1" in first, "life-safety first"
    late = re.search(r"（迟 (\d+) 分钟）", first)
    assert late is not None, "what waited says so"
    assert 350 <= int(late[1]) <= 360
    async with room.app.db.read() as tx:
        tries = await tx.value(text("SELECT sum(attempts) FROM outbox"))
    assert tries < 6 * 3600 / 10 + 500, "it rests while nobody is there"


async def _tries(room: Room) -> int:
    async with room.app.db.read() as tx:
        return int(await tx.value(text("SELECT sum(attempts) FROM outbox")))


async def test_while_telegram_is_away_everything_waits_behind_one_try(room: Room) -> None:
    await room.types(OFFICER, RED)
    await room.presses(OFFICER, "下发")
    room.api.faults.outage(True)
    await room.types(OFFICER, f"首报 {FIRE}")
    for _ in range(240):
        await room.fast_forward(seconds=1)
    before = await _tries(room)
    for _ in range(300):
        await room.fast_forward(seconds=1)
    assert await _tries(room) - before < 40, "each row tried by itself"
    room.api.faults.outage(False)
    await room.fast_forward(seconds=45)
    async with room.app.db.read() as tx:
        assert await card.stale(tx, room.clock.now(), timedelta(seconds=30), 1000) == []


class Wall(datetime):
    """The machine's clock, set by somebody."""

    by = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain datetime is enough
        """Return the time it shows."""
        return datetime.now(tz) + cls.by  # noqa: TID251 - what is tried is the reading of it


@pytest.mark.parametrize("by", [timedelta(hours=h) for h in (1, -1, 2, -2, 24, -30 * 24)], ids=str)
def test_a_stepped_clock_moves_no_countdown_and_is_reported_once(
    by: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wall, "by", timedelta())
    monkeypatch.setattr(clocks, "datetime", Wall)
    clock = Clock()
    due = clock.now() + timedelta(minutes=10)
    assert clock.step() is None
    monkeypatch.setattr(Wall, "by", by)
    assert abs((due - clock.now()) - timedelta(minutes=10)) < timedelta(seconds=1)
    step = clock.step()
    assert step is not None
    assert abs(step - by) < timedelta(seconds=1)
    assert clock.step() is None

"""What is due now: deadlines are rows, acted on oldest and most urgent first; the calendar only carries daily jobs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions import auditor, delivery
from actions.deadline import STEPS
from bot.clock import Clock
from storage import deadline
from storage.database import Database, StorageFailed, Tx

logger = logging.getLogger(__name__)

BATCH = 50
LONGEST_SLEEP = 5.0
"""Seconds: clock steps and suspends are noticed within this."""
RETRY = timedelta(seconds=60)
"""A step that failed is tried again after this."""


@dataclass
class Clockwork:
    """Runs what is due."""

    db: Database
    clock: Clock
    on_step: Callable[[timedelta], Awaitable[None]]
    turned: Callable[[str], None] = lambda _loop: None
    """Told at each turn of the loop."""
    telegram_works: Callable[[], bool] = lambda: True
    audited: Callable[[list[str]], None] = lambda _found: None
    """Told after each audit what it found."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    last_run: datetime | None = None
    _audited: datetime | None = None

    async def run_due(self) -> int:
        """Act on what is due, each step in its own savepoint; return how many."""
        now = self.clock.now()
        acted = await self.db.attempt(lambda tx: self._act_all(tx, now))
        self.last_run = now
        return acted

    async def _act_all(self, tx: Tx, now: datetime) -> int:
        steps = await deadline.due(tx, now, BATCH)
        for step in steps:
            await self._act(tx, now, step)
        return len(steps)

    async def _act(self, tx: Tx, now: datetime, step: deadline.Deadline) -> None:
        try:
            async with tx.savepoint():
                if await deadline.claim(tx, step, now):
                    await STEPS[step.kind](tx, step, now)
        except StorageFailed:
            raise
        except Exception as error:  # one bad step must not stop the others: put off, said, tried again
            logger.exception("step %s of %s failed", step.step, step.subject)
            await deadline.put_off(tx, step, now + RETRY)
            text = f"到期事项 {step.kind} {step.subject} {step.step} 处理失败，1 分钟后重试：{type(error).__name__}"
            await delivery.alarm(tx, now, text, f"step:{step.id}")

    async def audit(self) -> list[str]:
        """Once a minute recompute what should have happened; repair and say what did not."""
        now = self.clock.now()
        if self._audited is not None and now - self._audited < timedelta(minutes=1):
            return []
        self._audited = now
        async with self.db.write() as tx:
            found = await auditor.audit(tx, now, telegram_works=self.telegram_works())
        self.audited(found)
        return found

    async def run(self, stop: asyncio.Event) -> None:
        """Act until `stop`."""
        while not stop.is_set():
            wait = LONGEST_SLEEP
            self.turned("clockwork")
            try:
                if step := self.clock.step():
                    await self.on_step(step)
                if await self.run_due() == BATCH:
                    continue
                await self.audit()
                wait = await self._until_next()
            except StorageFailed:
                logger.exception("what is due could not be worked")
                wait = 1.0
            await self._sleep(stop, wait)

    async def _until_next(self) -> float:
        async with self.db.read() as tx:
            at = await deadline.next_due(tx)
        if at is None:
            return LONGEST_SLEEP
        return max(0.01, min(LONGEST_SLEEP, (at - self.clock.now()).total_seconds()))

    async def _sleep(self, stop: asyncio.Event, wait: float) -> None:
        waiting = [asyncio.create_task(self.woken.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        self.woken.clear()
        for task in waiting:
            task.cancel()

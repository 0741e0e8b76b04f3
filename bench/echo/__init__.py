"""A command to its answer, and updates a second, against bots that only repeat; a steady load of 60 updates a second.

`python -m bench echo [answer | steady]`. Each bot has a local Bot API of its own, a process beside it; the same people
type the same words in the same run. Ours sends without the public limits for the rate, within them otherwise.
"""

import asyncio
import os
import sys
import tempfile
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psutil  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import select

from bench.cascade.acks import Timed
from bench.cascade.office import Office, office, running
from bench.cascade.tree import Shape
from bench.table import Row, apart
from storage.schema import inbox
from tests.faults.processes import ROOT, Chat, local_chat

PLACE = Shape(1, 4, 40, 400)
MANY_PLACES = Shape(1, 10, 390, 3200)
"""As many as updates come in the steady load: each presses once."""
ONE_BY_ONE = 60
MANY = 480
TYPING = 24
"""People who type at once; each has one command after another under way."""
RATE, SECONDS = 60, 60
PRESSED = 3
"""Of so many updates one is a command that is answered by a message: more would be beyond the public limits."""


async def answer() -> list[Row]:
    """Type one after another, then many at once; ours first, then the two that repeat."""
    async with office(PLACE) as one:
        one.unlimited()
        async with running(one.app):
            ours = await _typed(one.chat, one.accounts)
    ptb, aiogram = [await _echo(name) for name in ("ptb", "aiogram")]
    rows = []
    for name, (times, rate) in (("值班", ours), ("PTB echo bot", ptb), ("aiogram echo bot", aiogram)):
        p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
        rows.append(
            Row(f"{name}: typed to answered, p50", p50, None, "ms", f"p99 {p99:.0f} ms, {len(times)} of them")
        )
        rows.append(Row(f"{name}: answered, {TYPING} typing at once", rate, None, "/s", f"{MANY} of them"))
    share = ours[1] / ptb[1] * 100
    return [
        *rows,
        Row(
            "  of the PTB echo bot's rate",
            share,
            None,
            "%",
            f"{ours[1] / aiogram[1] * 100:.0f} % of aiogram's",
        ),
    ]


async def _typed(chat: Chat, accounts: list[int]) -> tuple[list[float], float]:
    """Return the sorted milliseconds of commands one after another, and answers a second of many at once."""
    times = await asked(chat, accounts[0], ONE_BY_ONE)

    async def type_on(account: int) -> None:
        for _ in range(MANY // TYPING):
            await chat.hears(account, "", await chat.types(account, "值班"))

    began = perf_counter()
    await asyncio.gather(*(type_on(account) for account in accounts[1 : TYPING + 1]))
    return times, MANY / (perf_counter() - began)


async def asked(chat: Chat, account: int, count: int) -> list[float]:
    """Type 值班 so many times, one after another; return the sorted milliseconds from typed to answered."""
    times = []
    for _ in range(count):
        began = perf_counter()
        await chat.hears(account, "", await chat.types(account, "值班"))
        times.append((perf_counter() - began) * 1000)
    return sorted(times)


async def _echo(kind: str) -> tuple[list[float], float]:
    accounts = list(range(1, TYPING + 2))
    with tempfile.TemporaryDirectory() as folder:
        async with local_chat(Path(folder), {f"P{n}": n for n in accounts}) as chat, _bot(kind, chat.url):
            await chat.hears(1, "", await chat.types(1, "值班"))  # it runs
            return await _typed(chat, accounts)


@asynccontextmanager
async def _bot(kind: str, url: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.echo.bots", kind, url),
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        await process.communicate()


async def steady() -> list[Row]:
    """Let 60 updates a second come for a minute within the public limits; compare receipt with commit."""
    async with office(MANY_PLACES) as one:
        await one.dispatch(await one.receive())
        one.unlimited()
        app = one.app
        timed = app.inbox = app.health.inbox = Timed(app.db, one.bot, app.clock, app.files, app.alarm)
        process, cpu = psutil.Process(), sum(os.times()[:2])
        async with running(app):
            await one.sent(MANY_PLACES.contacts, 120)
            one.limited()
            await asyncio.sleep(2)
            began = datetime.now(UTC)  # noqa: TID251 - the inbox's receipts are of the real clock
            await _load(one)
            await asyncio.sleep(2)
            memory = process.memory_info().rss / 1024 / 1024
        cpu = sum(os.times()[:2]) - cpu
        async with app.db.read() as tx:
            rows = await tx.all(
                select(inbox.c.received_at, inbox.c.done_at).where(inbox.c.received_at >= began)
            )
    waits = sorted(
        (timed.ends[bisect_right(timed.ends, r.done_at)] - r.received_at).total_seconds() * 1000
        for r in rows
        if r.done_at
    )
    p50 = waits[len(waits) // 2]
    return [
        Row(f"{RATE} updates/s for {SECONDS} s: handled", len(waits), None, "", least=RATE * SECONDS),
        Row(
            "  from update received to commit, p99",
            waits[int(len(waits) * 0.99)],
            200.0,
            "ms",
            f"p50 {p50:.0f} ms",
        ),
        Row("  memory of the bot (RSS)", memory, 150.0, "MB", f"{cpu:.0f} s of CPU, those who type included"),
    ]


async def _load(one: Office) -> None:
    """Type at the rate: two of three press 收到, which is answered by a pop-up, one asks 值班."""
    first = perf_counter()

    async def type_on(worker: int) -> None:
        for n in range(worker, RATE * SECONDS, TYPING):
            await asyncio.sleep(max(0.0, first + n / RATE - perf_counter()))
            account = one.accounts[n]
            if n % PRESSED:
                await one.chat.ask("press", account_id=account, button="收到")
            else:
                await one.chat.types(account, "值班")

    await asyncio.gather(*(type_on(worker) for worker in range(TYPING)))


PARTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {"answer": answer, "steady": steady}


def run(*parts: str) -> Iterator[Row]:
    """Yield the rows of each part as soon as it is measured."""
    for part in parts or PARTS:
        yield from apart(PARTS[part])

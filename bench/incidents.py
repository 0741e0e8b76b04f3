"""Incidents in numbers: what 500 open ones cost a due minute and the lists, and how soon 首报 is answered by its card.

`python -m bench incidents [due | answer]`. The bot's real inbox, outbox and clockwork on a SQLite file; Telegram is the
local chat in a process of its own.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from time import perf_counter, process_time

import psutil  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import func, select, update

from actions import incident as act
from actions import incident_list, report_clock, todo
from bench.cascade.acks import quiet
from bench.cascade.ladder import Timed
from bench.cascade.office import Office, office, running, until
from bench.cascade.tree import OFFICERS, Shape
from bench.table import Row, apart
from domain.actor import Actor
from domain.notice import Notice
from domain.pattern import compile_all
from messages.render import render
from storage import incident, people
from storage.database import Loop, Tx
from storage.schema import deadlines, report_clocks

OPEN = 500
MINUTE = timedelta(minutes=1)
AHEAD = timedelta(seconds=4)
ASKED = 60
"""So many first reports are typed one after another."""
PATIENCE = 60.0
"""Seconds at most in which the cards of those laid in are sent."""
PLACE = Shape(districts=1, streets=1, villages=1, grids=1)
WORDS = "首报 金桥路{}号9点40两车相撞，2人受伤送医，交警已到，联系人李强13800000031"


async def due() -> list[Row]:
    """Let every follow-up and a reminder of every phone clock fall into one minute; compare due time with commit."""
    async with office(PLACE) as one:
        who = await officer(one)
        began = perf_counter()
        await _lay(one, who)
        laid = perf_counter() - began
        first = one.app.clock.now() + AHEAD
        dues = await _into_a_minute(one, first)
        app = one.app
        timed = app.clockwork = app.health.clockwork = Timed(app.db, app.clock, app.clockwork.on_step)
        cpu = process_time()
        async with running(app):
            await asyncio.sleep((max(dues) - app.clock.now()).total_seconds() + 8)
        cpu = process_time() - cpu
        memory = psutil.Process().memory_info().rss / 1024 / 1024
        async with app.db.read() as tx:
            where = (
                deadlines.c.outcome == "fired", deadlines.c.due_at >= first, deadlines.c.due_at <= max(dues),
                deadlines.c.kind.in_(("report", "followup")),
            )  # fmt: skip
            rows = await tx.all(select(deadlines.c.due_at, deadlines.c.done_at).where(*where))
        lists = [await _list(one, who, ask) for ask in (incident_list.listing, todo.listing)]
    late = sorted((timed.ends[bisect_left(timed.starts, r.done_at)] - r.due_at).total_seconds() for r in rows)
    early = sum(r.done_at < r.due_at for r in rows)
    spent = sum((b - a).total_seconds() for a, b in zip(timed.starts, timed.ends, strict=True))
    return [
        Row(f"{OPEN} open incidents: steps of one minute that acted", len(late), None, "", least=len(dues)),
        Row("  steps before their time", early, 0, ""),
        Row(
            "  from due to committed, p99", late[int(len(late) * 0.99)], 5.0, "s",
            f"p50 {late[len(late) // 2]:.3f} s, worst {late[-1]:.2f} s",
        ),
        Row("  work of the clockwork for that minute", spent, None, "s", f"{cpu:.1f} s of CPU, sending included"),
        Row("  memory of the bot (RSS)", memory, 200.0, "MB", f"laid in within {laid:.1f} s"),
        *lists,
    ]  # fmt: skip


async def answer() -> list[Row]:
    """Type first reports one after another, with nothing open and with 500 open; from the message to the card."""
    async with office(PLACE) as one:
        one.unlimited()
        who = await officer(one)
        compile_all()  # as the process does a moment after its start
        async with running(one.app):
            idle = await answered(one, who, 0)
            await _lay(one, who)
            await until(lambda: quiet(one), PATIENCE)
            busy = await answered(one, who, ASKED)
    return [
        Row(
            f"首报 to its card: p99, {n} open", times[int(len(times) * 0.99)], 300.0, "ms",
            f"p50 {times[len(times) // 2]:.0f} ms, {cpu:.0f} ms of CPU each, {len(times)} of them",
        )
        for n, (times, cpu) in ((0, idle), (OPEN, busy))
    ]  # fmt: skip


async def officer(one: Office) -> Actor:
    """Return the office's first officer."""
    async with one.app.db.read() as tx:
        return (await people.by_name(tx, OFFICERS[0]))[0]


async def _lay(one: Office, who: Actor) -> None:
    """Take so many first reports, each with its clocks and the deadline of its follow-up."""
    now = one.app.clock.now()
    for start in range(0, OPEN, 50):
        async with one.app.db.write() as tx:
            for n in range(start, start + 50):
                await act.first_word(tx, who, now, WORDS.format(n + 1).removeprefix("首报 "))
            for i in (await incident.in_state(tx, "open"))[start : start + 50]:
                await report_clock.followup_from(tx, i, now)


async def _into_a_minute(one: Office, first: datetime) -> list[datetime]:
    """Spread the follow-ups and the three-minute reminders of the phone clocks over one minute; return their times."""
    async with one.app.db.write() as tx:
        open_steps = deadlines.c.done_at.is_(None) & (
            (deadlines.c.kind == "followup")
            | ((deadlines.c.kind == "report") & deadlines.c.step.like("phone-180@%"))
        )
        keys = [
            r.id for r in await tx.all(select(deadlines.c.id).where(open_steps).order_by(deadlines.c.subject))
        ]
        times = [first + MINUTE * n / len(keys) for n in range(len(keys))]
        for key, at in zip(keys, times, strict=True):
            await tx.run(update(deadlines).where(deadlines.c.id == key).values(due_at=at))
        await tx.run(update(report_clocks).values(due_at=first + timedelta(minutes=3)))
        tx.wake_at(first, Loop.DUE)
    return times


async def _list(one: Office, who: Actor, ask: Callable[[Tx, Actor, datetime], Awaitable[Notice]]) -> Row:
    """Return how long a list takes, the middle one of five, and how many messages it is."""
    now, times, said = one.app.clock.now(), [], []
    for _ in range(5):
        began, cpu = perf_counter(), process_time()
        async with one.app.db.read() as tx:
            notice = await ask(tx, who, now)
        parts = len(render(notice, zone=one.app.db.zone, now=now).parts)
        times.append(((perf_counter() - began) * 1000, (process_time() - cpu) * 1000))
        said.append((notice.kind(), parts))
    (took, cpu), (kind, parts) = sorted(times)[2], said[0]
    what = f"{cpu:.0f} ms of CPU, {parts} message"
    return Row(f"  {kind} with {OPEN} open: time", took, 100.0, "ms", what)


async def answered(one: Office, who: Actor, first: int, count: int = ASKED) -> tuple[list[float], float]:
    """Return the sorted milliseconds from typing to the card, one after another, and those of CPU for each."""
    async with one.app.db.read() as tx:
        known = int(await tx.value(select(func.max(report_clocks.c.incident_id))) or 0)
    account, times, cpu = who.telegram_id or 0, [], process_time()
    for n in range(1, count + 1):
        began = perf_counter()
        typed = await one.chat.types(account, WORDS.format(first + n))
        await one.chat.hears(account, f"事件 E{known + n}", typed)
        times.append((perf_counter() - began) * 1000)
    return sorted(times), (process_time() - cpu) / count * 1000


PARTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {"due": due, "answer": answer}


def run(*parts: str) -> Iterator[Row]:
    """Yield the rows of each part as soon as it is measured."""
    for part in parts or PARTS:
        yield from apart(PARTS[part])

"""From 100 contacts to 22,000, a city's first hop: how long the dispatch takes, the sending without limits, memory."""

import asyncio
from time import perf_counter, process_time

from bench.cascade.office import RECORDED, bare, office, running
from bench.cascade.tree import CITY, HUNDRED, THOUSAND, Shape
from bench.table import Row, peak

PATIENCE = 150.0


async def measure() -> list[Row]:
    """Dispatch once to each number of contacts, and send everything as fast as it goes."""
    return [row for shape in (HUNDRED, THOUSAND, CITY) for row in await _fan(shape)]


async def _fan(shape: Shape) -> list[Row]:
    async with office(shape) as one, running(one.app):
        one.unlimited()
        number = await one.receive()
        committed = await one.dispatch(number)
        began, cpu = perf_counter(), process_time()
        found = await one.sent(shape.contacts, PATIENCE)
        took, cpu = one.accepted()[-1] - began, process_time() - cpu
        await asyncio.sleep(5)
        memory = peak()
        again = one.notes.calls * -(-RECORDED // len(one.notes.calls))
        bare_cpu = process_time()
        rate = await bare(one.bot, again[:RECORDED])
        bare_cpu = process_time() - bare_cpu
    alone, name = shape.contacts / rate, f"{shape.contacts:,} contacts"
    return [
        Row(f"{name}: dispatch committed", committed, 2.0, "s"),
        Row(f"{name}: peak memory of the bot (RSS)", memory, 400.0, "MB"),
        Row(f"{name}, no limits: messages accepted", found, None, "", least=shape.contacts),
        Row(
            f"{name}, no limits: all sent", took, 30.0, "s",
            f"bare send loop {alone:.2f} s ({rate:.0f}/s, {bare_cpu / RECORDED * 1000:.2f} ms of CPU each); "
            f"ours {found / took:.0f}/s, {cpu / found * 1000:.2f} ms",
        ),
    ]  # fmt: skip

"""A city's first hop, 22,000 contacts: how long the dispatch takes, the sending without limits, and the memory."""

import asyncio
import resource
from time import perf_counter, process_time

from bench.cascade.office import RECORDED, bare, office, running
from bench.cascade.tree import CITY
from bench.table import Row

PATIENCE = 150.0


async def measure() -> list[Row]:
    """Dispatch once and send everything as fast as it goes."""
    async with office(CITY) as one, running(one.app):
        one.unlimited()
        number = await one.receive()
        committed = await one.dispatch(number)
        began, cpu = perf_counter(), process_time()
        found = await one.sent(CITY.contacts, PATIENCE)
        took, cpu = one.accepted()[-1] - began, process_time() - cpu
        await asyncio.sleep(5)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bare_cpu = process_time()
        rate = await bare(one.bot, one.notes.calls)
        bare_cpu = process_time() - bare_cpu
    alone = CITY.contacts / rate
    return [
        Row("22,000 contacts: dispatch committed", committed, 2.0, "s"),
        Row("22,000 contacts: peak memory of the bot (RSS)", peak, 400.0, "MB"),
        Row("22,000 contacts, no limits: messages accepted", found, None, "", least=CITY.contacts),
        Row(
            "22,000 contacts, no limits: all sent", took, 30.0, "s",
            f"bare send loop {alone:.1f} s ({rate:.0f}/s, {bare_cpu / RECORDED * 1000:.2f} ms of CPU each); "
            f"ours {found / took:.0f}/s, {cpu / found * 1000:.2f} ms",
        ),
    ]  # fmt: skip

"""A street's warning to 200 people: how soon the last one has it under the public limits, and without any."""

import asyncio
from time import perf_counter, process_time

from bench.cascade.office import Office, bare, office, running
from bench.cascade.tree import STREET
from bench.table import Row

RUNS = 8
OFFICER = 1
"""The officer's account."""


async def measure() -> list[Row]:
    """Dispatch under the limits, by 下发 in the chat; then without, in turn with the bare loop."""
    async with office(STREET, "--limits") as one, running(one.app):
        limited = await _limited(one)
    async with office(STREET) as one, running(one.app):
        await asyncio.sleep(1)
        ours, loops, cpu, bare_cpu = [], [], 0.0, 0.0
        for _ in range(RUNS):
            began = process_time()
            ours.append(await _unlimited(one))
            turn = process_time()
            loops.append(await bare(one.bot, one.notes.calls[: STREET.contacts]))
            cpu, bare_cpu = cpu + turn - began, bare_cpu + process_time() - turn
    each = 1000 / RUNS / STREET.contacts
    share = max(ours) / max(loops) * 100
    return [
        Row(
            "200 contacts, public limits: last one after 下发", limited, 10.0, "s",
            f"ceiling {STREET.contacts / 30:.1f} s: 200 at 30/s",
        ),
        Row("200 contacts, no limits: bare send loop", max(loops), None, "/s", _all(loops, bare_cpu * each)),
        Row("200 contacts, no limits: the outbox", max(ours), None, "/s", _all(ours, cpu * each)),
        Row("  of the bare loop", share, None, "%", least=70.0),
    ]  # fmt: skip


def _all(rates: list[float], cpu: float) -> str:
    return f"runs {', '.join(f'{rate:.0f}' for rate in rates)}; {cpu:.2f} ms of CPU each"


async def _limited(one: Office) -> float:
    await one.receive()
    began = perf_counter()
    await one.chat.types(OFFICER, "下发 W1")
    await one.sent(STREET.contacts, 60)
    return one.accepted()[-1] - began


async def _unlimited(one: Office) -> float:
    """Return messages a second from the dispatch's commit to the last acceptance."""
    one.unlimited()
    number, since = await one.receive(), len(one.notes.accepted)
    await one.dispatch(number)
    began = perf_counter()
    await one.sent(STREET.contacts, 30, since=since)
    found = one.accepted(since)
    await asyncio.sleep(1)
    return len(found) / (found[-1] - began)

"""The warning cascade at the size of a street and of a city, part by part, each in a process of its own.

`python -m bench cascade [street | city | behind | order | acks | ladder]`. The local chat is another process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from bench.cascade import acks, behind, city, ladder, order, street
from bench.table import Row

PARTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {
    "street": street.measure,
    "city": city.measure,
    "behind": behind.measure,
    "order": order.measure,
    "acks": acks.measure,
    "ladder": ladder.measure,
}


def run(*parts: str) -> Iterator[Row]:
    """Yield the rows of each part as soon as it is measured; a fresh process, so that its peak is its own."""
    for part in parts or PARTS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            yield from pool.submit(_measured, part).result()


def _measured(part: str) -> list[Row]:
    async def measure() -> list[Row]:
        return await PARTS[part]()

    return asyncio.run(measure())

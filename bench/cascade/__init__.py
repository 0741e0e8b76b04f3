"""The warning cascade at the size of a street and of a city, part by part, each in a process of its own.

`python -m bench cascade [street | city | behind | order | acks | ladder]`. The local chat is another process.
"""

from collections.abc import Awaitable, Callable, Iterator

from bench.cascade import acks, behind, city, ladder, order, street
from bench.table import Row, apart

PARTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {
    "street": street.measure,
    "city": city.measure,
    "behind": behind.measure,
    "order": order.measure,
    "acks": acks.measure,
    "ladder": ladder.measure,
}


def run(*parts: str) -> Iterator[Row]:
    """Yield the rows of each part as soon as it is measured."""
    for part in parts or PARTS:
        yield from apart(PARTS[part])

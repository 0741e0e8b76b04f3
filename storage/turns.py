"""A lock that is handed to the most urgent who waits: what is to be said goes before what came in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count


class Turns:
    """One holder at a time; then the most urgent of those who wait, of equals who came first."""

    def __init__(self) -> None:
        self._held = False
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, *, urgent: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it; whoever gives up while waiting holds up nobody."""
        if self._held:
            await self._wait(urgent=urgent)
        self._held = True
        try:
            yield
        finally:
            self._hand_on()

    async def _wait(self, *, urgent: bool) -> None:
        mine = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (not urgent, next(self._numbers), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was handed over in the same moment
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        while self._waiting:
            _, _, other = heappop(self._waiting)
            if not other.done():
                other.set_result(None)  # it stays held
                return
        self._held = False

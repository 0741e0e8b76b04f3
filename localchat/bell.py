"""Wakes everyone who waits for something to change."""

import asyncio


class Bell:
    """A bell of one event loop: `ring` wakes all who wait at that moment."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everyone waiting now."""
        waiting, self._waiting = self._waiting, set()
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def wait(self, seconds: float) -> bool:
        """Return True when rung within `seconds` of the loop's time, else False."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, max(0.0, seconds))
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

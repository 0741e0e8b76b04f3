"""The heartbeat to an outside URL, asked for after each clean audit: when it stops, whoever watches there alarms."""

import logging
from dataclasses import dataclass

import aiohttp

logger = logging.getLogger(__name__)

SECONDS = 10.0


@dataclass
class Heartbeat:
    """Asks for one URL, which is a key and is never logged."""

    url: str
    failing: bool = False
    _busy: bool = False

    async def beat(self) -> None:
        """Ask once; never raises, and leaves it out while an earlier one is under way."""
        if self._busy:
            return
        self._busy = True
        try:
            heard = await self._ask()
        finally:
            self._busy = False
        if heard and self.failing:
            logger.info("the heartbeat is heard again")
        self.failing = not heard

    async def _ask(self) -> bool:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(self.url) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return self._unheard(type(error).__name__)
        return True if status < 400 else self._unheard(str(status))  # noqa: PLR2004 - HTTP's own line

    def _unheard(self, why: str) -> bool:
        if not self.failing:
            logger.warning("the heartbeat was not heard (%s); duty is not affected", why)
        return False

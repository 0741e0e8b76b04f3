"""Telegram's published sending limits, as refusals with the pause to keep."""

import math
from collections import deque
from dataclasses import dataclass, field

from .errors import too_many


@dataclass
class Window:
    """At most `most` events in any `seconds`."""

    most: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Return the seconds until another event fits, 0 when it fits now."""
        while self.times and now - self.times[0] >= self.seconds:
            self.times.popleft()
        return 0.0 if len(self.times) < self.most else self.seconds - (now - self.times[0])


class Limits:
    """30 messages a second overall, 20 a minute in a group, in private 1 a second with a burst of 3."""

    def __init__(self) -> None:
        self._all = Window(30, 1.0)
        self._chats: dict[int, Window] = {}

    def take(self, chat_id: int, now: float) -> None:
        """Count one message at `now` (Unix seconds), or raise the 429 Refusal and count nothing."""
        chat = self._chats.setdefault(chat_id, Window(20, 60.0) if chat_id < 0 else Window(3, 3.0))
        wait = max(self._all.wait(now), chat.wait(now))
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        self._all.times.append(now)
        chat.times.append(now)

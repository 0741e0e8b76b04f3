"""How fast may be sent: so many in any one second, evenly; one per chat and gap, 20 a minute per group. Seconds."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import takewhile

SLICE = 0.25
"""No slice of this length takes more than its share of a second: a burst that is late on its way meets the next one."""
GROUP_PER_MINUTE = 20
WIDE_FLOOD = 3
"""So many chats held by the server within ten seconds: the whole bot is being slowed."""


@dataclass
class Limiter:
    """A sliding window over all sends, and the moment from which each chat may be written to again."""

    per_second: int
    chat_gap: float
    _recent: deque[float] = field(default_factory=deque)
    _chat_free: dict[int, float] = field(default_factory=dict)
    _group: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _floods: deque[tuple[float, int]] = field(default_factory=deque)
    _held_until: float = 0.0

    def free(self, now: float) -> int:
        """Return how many sends may start now."""
        if now < self._held_until:
            return 0
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        return min(self.per_second - len(self._recent), self._share - len(self._slice(now)))

    @property
    def _share(self) -> int:
        return math.ceil(self.per_second * SLICE)

    def _slice(self, now: float) -> list[float]:
        """Return the sends of the present slice, newest first."""
        return list(takewhile(lambda at: at > now - SLICE, reversed(self._recent)))

    def take(self, chat: int, now: float) -> None:
        """Count a send that starts now."""
        self._recent.append(now)
        self._chat_free[chat] = max(self._chat_free.get(chat, 0.0), now + self.chat_gap)
        if chat < 0:
            sent = self._group[chat]
            sent.append(now)
            while sent and sent[0] <= now - 60.0:
                sent.popleft()
            if len(sent) >= GROUP_PER_MINUTE:
                self._chat_free[chat] = max(self._chat_free[chat], sent[0] + 60.0)

    def hold(self, chat: int, seconds: float, now: float) -> None:
        """The server said: not before. Only this chat waits; all wait when it is said across chats."""
        self._chat_free[chat] = max(self._chat_free.get(chat, 0.0), now + seconds)
        self._floods.append((now, chat))
        while self._floods and self._floods[0][0] <= now - 10.0:
            self._floods.popleft()
        if len({c for _, c in self._floods}) >= WIDE_FLOOD:
            self._held_until = max(self._held_until, now + seconds)

    def busy(self, now: float) -> set[int]:
        """Return the chats that may not be written to yet."""
        self._chat_free = {chat: at for chat, at in self._chat_free.items() if at > now}
        return set(self._chat_free)

    def next_free(self, now: float) -> float:
        """Return in how many seconds something that is held may go."""
        waits = [at - now for at in self._chat_free.values() if at > now]
        if self._held_until > now:
            waits.append(self._held_until - now)
        if self.free(now) <= 0 and self._recent:
            slice_ = self._slice(now)
            if len(self._recent) >= self.per_second:
                waits.append(self._recent[0] + 1.0 - now)
            elif len(slice_) >= self._share:
                waits.append(slice_[-1] + SLICE - now)
        return max(0.0, min(waits, default=60.0))

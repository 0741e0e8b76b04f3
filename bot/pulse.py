"""Which loops still turn: a loop that stands still is a reason for the supervisor to start the process anew."""

from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = {"poll": 120.0, "connect": 120.0}
"""Seconds between two turns: a long poll takes 35, and waits 30 after a failure."""
OTHERWISE = 60.0


@dataclass
class Pulse:
    """Remembers when each loop turned last, by elapsed seconds; one that has not begun is not missed."""

    elapsed: Callable[[], float]
    _turns: dict[str, float] = field(default_factory=dict)

    def turned(self, loop: str) -> None:
        """A loop turned."""
        self._turns[loop] = self.elapsed()

    def ended(self, loop: str) -> None:
        """A loop has done its work."""
        self._turns.pop(loop, None)

    def stuck(self) -> list[str]:
        """Return the loops that stand still."""
        now = self.elapsed()
        return [loop for loop, at in self._turns.items() if now - at > PATIENCE.get(loop, OTHERWISE)]

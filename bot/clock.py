"""The one place that reads a clock. Time goes on by elapsed seconds; a step of the wall clock is noticed and said."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

STEP = timedelta(seconds=2)
"""The wall clock differing from elapsed time by more than this is a step."""


@dataclass
class Clock:
    """Wall time at the start plus elapsed monotonic time, so that countdowns survive a stepped wall clock."""

    _wall: datetime = field(default_factory=lambda: datetime.now(UTC))  # noqa: TID251 - the one place
    _start: float = field(default_factory=time.monotonic)  # noqa: TID251 - the one place
    _reported: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        return self._wall + timedelta(seconds=self.monotonic() - self._start)

    def monotonic(self) -> float:
        """Return elapsed seconds from an arbitrary point."""
        return time.monotonic()  # noqa: TID251 - the one place

    def step(self) -> timedelta | None:
        """Return by how much the wall clock was stepped since the last call, or None."""
        drift = datetime.now(UTC) - self.now()  # noqa: TID251 - the one place
        if abs(drift - self._reported) <= STEP:
            return None
        step, self._reported = drift - self._reported, drift
        return step

    def wall(self) -> float:
        """Return seconds since the epoch, as chat servers count."""
        return self.now().timestamp()

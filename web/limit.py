"""How often one address may ask: a bucket that fills with time. Seconds of a monotonic clock."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Buckets:
    """`size` requests at once from an address, and as many again over `seconds`."""

    elapsed: Callable[[], float]
    size: int = 60
    seconds: float = 60.0
    most: int = 4096
    """So many addresses are remembered; beyond it those that may ask freely again are forgotten."""
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, address: str) -> float:
        """Count one request; return 0, or the seconds until the next one is taken."""
        now = self.elapsed()
        left, at = self._buckets.get(address, (float(self.size), now))
        left = min(self.size, left + (now - at) * self.size / self.seconds)
        self._buckets[address] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if len(self._buckets) > self.most:
            self._forget(now)
        return 0.0 if left >= 1 else (1 - left) * self.seconds / self.size

    def _forget(self, now: float) -> None:
        full = self.seconds
        self._buckets = {a: (n, at) for a, (n, at) in self._buckets.items() if now - at < full}
        while len(self._buckets) > self.most:
            del self._buckets[next(iter(self._buckets))]

"""How fast people answered: counts and percentiles of seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Latency:
    """Answers of a group: how many were asked, answered, in time; seconds at p50, p95 and the slowest."""

    total: int
    answered: int
    in_time: int
    p50: float | None
    p95: float | None
    slowest: float | None


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the nearest-rank percentile of ascending values, None for none: always a time that occurred."""
    return ordered[max(ceil(share * len(ordered)), 1) - 1] if ordered else None


def measure(total: int, answered: int, seconds: Sequence[float], limit: float) -> Latency:
    """Return the figures; `seconds` are of those with both times known, a negative one counts as 0."""
    ordered = sorted(max(s, 0.0) for s in seconds)
    in_time = sum(s <= limit for s in ordered)
    return Latency(
        total,
        answered,
        in_time,
        percentile(ordered, 0.5),
        percentile(ordered, 0.95),
        ordered[-1] if ordered else None,
    )

"""How even a roster is: days served by post, on all days, rest days and holidays, and their spread."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.day_kind import DayKind


@dataclass(frozen=True)
class Served:
    """Shifts served in a post: all of them, those of rest days (休息日), those of holidays (节假日)."""

    total: int = 0
    weekend: int = 0
    holiday: int = 0

    def __add__(self, other: "Served") -> "Served":
        return Served(self.total + other.total, self.weekend + other.weekend, self.holiday + other.holiday)

    def __sub__(self, other: "Served") -> "Served":
        return Served(self.total - other.total, self.weekend - other.weekend, self.holiday - other.holiday)


NOTHING = Served()


def one(kind: DayKind) -> Served:
    """Return what a single shift of such a day counts; a 调休上班 day counts as a working day."""
    return Served(1, int(kind is DayKind.RESTDAY), int(kind is DayKind.HOLIDAY))


def spread(counts: Iterable[Served]) -> Served:
    """Return the most less the least of each count; nothing when nobody is counted."""
    all_counts = list(counts) or [NOTHING]
    most = Served(
        max(c.total for c in all_counts),
        max(c.weekend for c in all_counts),
        max(c.holiday for c in all_counts),
    )
    least = Served(
        min(c.total for c in all_counts),
        min(c.weekend for c in all_counts),
        min(c.holiday for c in all_counts),
    )
    return most - least

"""One row per measurement: what, how much, the goal, whether it is kept."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A measurement beside the most it may be, in the same unit."""

    what: str
    measured: float
    most: float
    unit: str

    @property
    def kept(self) -> bool:
        """Return True if the goal is kept."""
        return self.measured <= self.most

    def line(self) -> str:
        """Return the row of the table."""
        verdict = "ok" if self.kept else "OVER"
        return f"{self.what:<32} {self.measured:>10.2f} {self.unit:<5} goal ≤ {self.most:g} {self.unit:<5} {verdict}"


def show(rows: Iterable[Row]) -> bool:
    """Print the rows; return True if every goal is kept."""
    kept = True
    for row in rows:
        print(row.line(), flush=True)
        kept = kept and row.kept
    return kept

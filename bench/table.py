"""One row per measurement: what, how much, the goal, whether it is kept, and what it is measured beside."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A measurement beside the most (or least) it may be, in the same unit; `beside`: its ceiling in this run."""

    what: str
    measured: float
    most: float | None
    unit: str
    beside: str = ""
    least: float | None = None

    @property
    def kept(self) -> bool:
        """Return True if the goal is kept; a row without a goal is a ceiling."""
        return not (self.most is not None and self.measured > self.most) and not (
            self.least is not None and self.measured < self.least
        )

    @property
    def goal(self) -> str:
        """The goal in words."""
        if self.most is not None:
            return f"goal ≤ {self.most:g} {self.unit}"
        return f"goal ≥ {self.least:g} {self.unit}" if self.least is not None else ""

    def line(self) -> str:
        """Return the row of the table."""
        verdict = "" if not self.goal else "ok" if self.kept else "MISSED"
        return f"{self.what:<52} {self.measured:>10.2f} {self.unit:<5} {self.goal:<18} {verdict:<6} {self.beside}"


def show(rows: Iterable[Row]) -> bool:
    """Print the rows; return True if every goal is kept."""
    kept = True
    for row in rows:
        print(row.line().rstrip(), flush=True)
        kept = kept and row.kept
    return kept


def peak() -> float:
    """Return the most memory this process had (RSS, MB); getrusage counts in what the one that started it had."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def load() -> str:
    """Return what else the machine does, as one line."""
    one, five, _ = os.getloadavg()
    return f"load of the machine: {one:.1f} (1 min), {five:.1f} (5 min) on {os.cpu_count()} cores"


def apart(measure: Callable[[], Awaitable[list[Row]]]) -> list[Row]:
    """Return what a part measures in a fresh process, so that its memory and its peak are its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, measure).result()


def _measured(measure: Callable[[], Awaitable[list[Row]]]) -> list[Row]:
    async def measuring() -> list[Row]:
        return await measure()

    return asyncio.run(measuring())

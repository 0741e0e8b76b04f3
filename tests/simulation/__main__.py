"""Simulated days by the thousand: python -m tests.simulation --days 10000 --jobs 2."""

import argparse
import asyncio
import logging
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from .day import Outcome, run_day
from .world import SHM


def one(seed: int) -> Outcome:
    """Live through one seed's day in a folder of its own."""
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp(prefix=f"day-{seed}-", dir=SHM if SHM.is_dir() else None))
    try:
        outcome = asyncio.run(run_day(seed, folder))
        outcome.heard.clear()
        return outcome
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--days", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    broken: list[Outcome] = []
    began = time.perf_counter()
    seeds = range(asked.first, asked.first + asked.days)
    with multiprocessing.Pool(asked.jobs, maxtasksperchild=200) as pool:
        for done, outcome in enumerate(pool.imap_unordered(one, seeds), 1):
            counts.update(outcome.counts)
            if outcome.broken is not None:
                broken.append(outcome)
                print(f"seed {outcome.seed}: {outcome.broken}", flush=True)
            if done % 1000 == 0:
                print(f"{done} days", flush=True)
    minutes = (time.perf_counter() - began) / 60
    print(
        f"{asked.days} days in {minutes:.1f} min, {asked.days / minutes:.0f} a minute, {len(broken)} broken"
    )
    print("; ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

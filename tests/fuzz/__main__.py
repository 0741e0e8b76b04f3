"""`python -m tests.fuzz --count 200000`: all targets; `--target sheets --seed 7`: one input, or one street, again."""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.fuzz import files, pages, readers, updates

SHARES = {"readers": 0.83, "updates": 0.06, "pages": 0.04, "sheets": 0.06, "documents": 0.01}
"""What each target gets of the inputs: the cheap ones most."""
CHILDREN = 200
"""So many of the files go through the real child as well."""


def _updates(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(updates.run(seed, Path(folder) / "data"))


def _pages(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(pages.run(seed, Path(folder) / "data"))


def _readers(seed: int) -> None:
    readers.one(random.Random(f"readers {seed}"))


def _children(target: str, count: int) -> int:
    """Give some of the files to the real child, which answers each."""
    for seed in range(count):
        asyncio.run(files.REAL[target](random.Random(f"{target} {seed}")))
    return count


ONES: dict[str, tuple[int, Callable[[int], None]]] = {
    "readers": (1, _readers),
    "updates": (updates.PER_STREET, _updates),
    "pages": (pages.PER_SERVER, _pages),
}
"""Inputs of one seed, and what they are given to."""


def _run(target: str, seeds: range) -> list[int]:
    """Run a target over seeds and print what came of it; return the seeds that failed."""
    begun, failed = time.perf_counter(), []
    boxed = files.Boxed(target) if target in files.ONES else None
    each, one = (1, boxed.one) if boxed else ONES[target]
    for seed in seeds:
        try:
            one(seed)
        except Exception as error:  # noqa: BLE001 - every failure is shown with its seed
            failed.append(seed)
            print(f"FAILED --target {target} --seed {seed}: {type(error).__name__}: {str(error)[:2000]}", flush=True)
    ended = ""
    if boxed:
        ended = f", {boxed.ended} ended the worker, {_children(target, min(CHILDREN, len(seeds)))} through the real child"
        boxed.close()
    count, seconds = each * len(seeds), time.perf_counter() - begun
    print(f"{target}: {count} inputs, {len(failed)} failed, {count / seconds:.0f} a second{ended}", flush=True)
    return failed


def main() -> int:
    """Run what is asked; 1 when an input failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--count", type=int, default=10_000, help="inputs in all")
    parser.add_argument("--target", choices=list(SHARES), action="append", help="only these; all when not given")
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    targets = asked.target or list(SHARES)
    whole = sum(SHARES[target] for target in targets)
    failed = 0
    for target in targets:
        each = ONES[target][0] if target in ONES else 1
        count = max(1, round(asked.count * SHARES[target] / whole / each))
        seeds = range(asked.first, asked.first + count) if asked.seed is None else range(asked.seed, asked.seed + 1)
        failed += len(_run(target, seeds))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Simulated days keep the promises: `SEEDS=300` lives through three hundred; a failing one shows its short story."""

import os
from pathlib import Path

import pytest

from .day import planned, run_day
from .shrink import shrunk, story

SEEDS = int(os.environ.get("SEEDS", "10"))
AT_ONCE = 5
"""Days in one test: each test process compiles its statements once."""


@pytest.mark.timeout(900)
@pytest.mark.no_cover
@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
async def test_every_simulated_day_keeps_the_promises(first: int, tmp_path: Path) -> None:
    for seed in range(first, min(first + AT_ONCE, SEEDS)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        outcome = await run_day(seed, folder)
        if outcome.broken is not None:
            short = await shrunk(outcome, tmp_path)
            pytest.fail(story(short), pytrace=False)


@pytest.mark.timeout(300)
@pytest.mark.no_cover
async def test_a_seed_replays_exactly(tmp_path: Path) -> None:
    heard = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        heard.append((await run_day(3, tmp_path / name)).heard)
    assert heard[0] == heard[1]
    assert len(heard[0]) > 20


def test_a_plan_is_the_seed_s_own() -> None:
    assert planned(7) == planned(7)
    assert planned(7) != planned(8)

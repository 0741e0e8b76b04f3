"""A model that finds nothing proves nothing: every planted defect is caught, by its promise, within a few days."""

import os
from pathlib import Path

import pytest

from .day import run_day
from .mutants import MUTANTS, Mutant
from .shrink import shrunk, story

DAYS = 20
"""So many seeds are tried at most."""
SOME = int(os.environ.get("MUTANTS", "4"))
"""So many of them in the suite; all with MUTANTS=99."""


@pytest.mark.timeout(900)
@pytest.mark.no_cover
@pytest.mark.parametrize("mutant", MUTANTS[:SOME], ids=lambda mutant: mutant.name)
async def test_a_planted_defect_is_caught(mutant: Mutant, tmp_path: Path) -> None:
    for seed in range(DAYS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        broken = (await run_day(seed, folder, mutant=mutant)).broken
        if broken is not None:
            assert broken.promise in mutant.promises, broken
            return
    pytest.fail(f"{mutant.name} was not seen in {DAYS} days")


@pytest.mark.timeout(900)
@pytest.mark.no_cover
async def test_a_failing_day_shrinks_to_a_short_story(tmp_path: Path) -> None:
    mutant = next(m for m in MUTANTS if m.name == "a rung that is skipped")
    (tmp_path / "whole").mkdir()
    outcome = await run_day(1, tmp_path / "whole", mutant=mutant)
    short = await shrunk(outcome, tmp_path, mutant=mutant)
    assert short.broken is not None
    assert [event.kind for event in short.events] == ["warn"]
    assert "tell_b" in story(short)

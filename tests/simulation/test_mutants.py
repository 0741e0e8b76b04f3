"""A model that finds nothing proves nothing: every planted defect is caught, by its promise, within a few days."""

import os
from pathlib import Path

import pytest

from .day import run_day
from .mutants import MUTANTS, Mutant

DAYS = 12
"""So many seeds are tried at most."""
SOME = int(os.environ.get("MUTANTS", "4"))
"""So many of them in the suite; all with MUTANTS=99."""


@pytest.mark.timeout(900)
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

"""The power fails: a handful of cuts here, a thousand by `python -m tests.faults.power --cuts 1000`."""

import random
from pathlib import Path

import pytest

from tests.faults import power
from tests.faults.power import File

pytestmark = [pytest.mark.process, pytest.mark.timeout(300)]


def test_a_cut_loses_only_what_was_not_synced() -> None:
    file = File()
    power.put(file.synced, 0, b"old")
    file.waiting.append((0, b"new"))
    assert {file.after_a_cut(random.Random(seed)) for seed in range(40)} == {b"old", b"new"}
    file.sync()
    file.waiting.append((0, None))
    assert {file.after_a_cut(random.Random(seed)) for seed in range(40)} == {b"new", b""}


async def test_a_power_cut_loses_nothing_that_was_confirmed(tmp_path: Path) -> None:
    shim = power.build(tmp_path)
    if shim is None:
        pytest.skip("no C compiler: what a disk may lose cannot be recorded")
    worked = await power.work(tmp_path, shim, 40)
    outcome = await power.try_cuts(worked, 12, random.Random(7))
    assert outcome.lost == []
    assert outcome.updates > 0
    assert outcome.notes > 0
    lying = await power.try_cuts(worked, 12, random.Random(7), lying=True)
    assert lying.lost, "a disk that lies about its syncs is found out: the check looks"

"""A small sample of the fuzzing in the ordinary suite; `make fuzz` runs as many as wanted."""

import logging
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fuzz import files, pages, readers, updates


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_whatever_is_typed_or_pasted_is_read() -> None:
    for seed in range(300):
        readers.one(random.Random(f"readers {seed}"))


def test_whatever_is_sent_as_a_sheet_or_template_is_read_or_refused() -> None:
    for seed in range(25):
        files.one_sheet(random.Random(f"sheets {seed}"))
    for seed in range(3):
        files.one_document(random.Random(f"documents {seed}"))


async def test_whatever_comes_as_an_update_is_done_or_set_aside(tmp_path: Path) -> None:
    await updates.run(0, tmp_path / "data", count=40)


async def test_whatever_is_asked_of_the_pages_is_answered(tmp_path: Path) -> None:
    await pages.run(0, tmp_path / "data", count=60)

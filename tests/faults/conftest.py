"""A local chat and an office beside it, for whatever happens to their processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.processes import Chat, Street, local_chat


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Run a local chat of its own."""
    async with local_chat(tmp_path / "chat") as running:
        yield running


@pytest.fixture
async def street(tmp_path: Path, chat: Chat) -> Street:
    """Return an office with its people and roster laid in."""
    office = Street(tmp_path / "office", chat)
    await office.lay_in()
    return office

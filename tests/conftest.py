"""The longest tests begin first, so that both workers end together."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move what is long, starts real processes or simulates whole days to the front; the rest stays in random order."""
    items.sort(key=lambda item: not ({"long", "process"} & _marks(item) or "simulation" in item.nodeid))


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}

"""The longest tests begin first, so that both workers end together."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move what starts real processes or simulates whole days to the front; the rest stays in random order."""
    items.sort(key=lambda item: not (item.get_closest_marker("process") or "simulation" in item.nodeid))

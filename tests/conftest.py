"""The longest tests begin first, so that both workers end together."""

from collections.abc import Generator

import coverage
import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move what is long, starts real processes or simulates whole days to the front; the rest stays in random order."""
    items.sort(key=lambda item: not ({"long", "process"} & _marks(item) or "simulation" in item.nodeid))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Stop every tracer for a test marked `no_cover`: in a process of xdist pytest-cov stops one of two."""
    stopped: list[coverage.Coverage] = []
    while item.get_closest_marker("no_cover") and (running := coverage.Coverage.current()):
        running.stop()
        stopped.append(running)
    try:
        return (yield)
    finally:
        for one in reversed(stopped):
            one.start()


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}

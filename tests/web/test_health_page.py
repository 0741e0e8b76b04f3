"""The health page tells operators how the process is."""

from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer

from domain.notices.process import HealthNow
from web.pages import make_app

WELL = HealthNow(
    at=datetime(2026, 7, 25, tzinfo=UTC),
    trouble=(),
    polled=None,
    pending=0,
    failed=0,
    set_aside=0,
    backup=None,
    free_mb=1000,
    unreachable=(),
    unreachable_more=0,
    log_count=3,
)


@pytest.mark.parametrize(("trouble", "status"), [((), 200), (("磁盘只剩 3 MB",), 503)])
async def test_health_answers_503_with_its_reasons_when_something_is_wrong(
    trouble: tuple[str, ...], status: int
) -> None:
    async def state() -> HealthNow:
        return WELL.model_copy(update={"trouble": trouble})

    async with TestClient(TestServer(make_app(state))) as client:
        answer = await client.get("/health")
        assert answer.status == status
        assert tuple((await answer.json())["trouble"]) == trouble
        assert answer.headers["Cache-Control"] == "no-store"

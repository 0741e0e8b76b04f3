"""The health page tells operators how the process is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from domain.notices.process import HealthNow
from web.pages import make_app

NOW = datetime(2026, 7, 25, tzinfo=UTC)
WELL = HealthNow(
    at=NOW,
    polled=NOW - timedelta(seconds=12),
    pending=2,
    oldest=NOW - timedelta(seconds=3),
    backup="20260725-033000-每日.sqlite3",
    backup_at=NOW - timedelta(hours=5),
    backup_whole=True,
    drift=-1.2,
    unreachable=("刘芳 13900000001",),
    unreachable_more=2,
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
        said = await answer.json()
        assert tuple(said["trouble"]) == trouble
        assert said["status"] == ("trouble" if trouble else "ok")
        assert answer.headers["Cache-Control"] == "no-store"


async def test_health_names_ages_and_nobody() -> None:
    async def state() -> HealthNow:
        return WELL

    async with TestClient(TestServer(make_app(state))) as client:
        words = await (await client.get("/health")).text()
    said = json.loads(words)
    assert said["poll_age_s"] == 12
    assert said["outbox"] == {"waiting": 2, "oldest_age_s": 3, "undeliverable": 0}
    assert said["inbox"]["oldest_age_s"] is None
    assert said["backup"] == {"file": "20260725-033000-每日.sqlite3", "age_s": 5 * 3600, "whole": True}
    assert said["clock_drift_s"] == -1.2
    assert said["unreachable"] == 3
    assert "刘芳" not in words
    assert "139" not in words

"""A duty room with the synthetic street, at a quiet time of day."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.stories.gateway import Gateway
from tests.stories.room import ZONE, Room

MORNING = datetime(2026, 7, 25, 10, 0, tzinfo=ZONE)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a room at 10:00 with the street laid in."""
    room = await Room(tmp_path / "data", MORNING).open()
    await room.lay_street()
    yield room
    await room.close()


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    """Return a gateway that answers well."""
    app = web.Application()
    server = TestServer(app)
    gateway = Gateway(server)
    gateway.held.set()
    app.router.add_post("/sms/{key}", gateway.take)
    await server.start_server(shutdown_timeout=0.1)
    yield gateway
    gateway.held.set()
    await server.close()

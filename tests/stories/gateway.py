"""An SMS gateway on the loopback, for the stories of fallback channels."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

SECRET = "user:s3cretpassword"  # noqa: S105 - a gateway's password of these stories


@dataclass
class Gateway:
    """An SMS gateway: what it was handed, and how it answers."""

    server: TestServer
    got: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    held: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, scheme: str = "json") -> str:
        """Return its address as an admin types it."""
        return f"{scheme}://{SECRET}@127.0.0.1:{self.server.port}/sms/key-0123456789"

    async def take(self, request: web.Request) -> web.Response:
        """Take a message in; answer when it is let go."""
        self.got.append(await request.json())
        self.came.set()
        await self.held.wait()
        return web.Response(status=self.status)

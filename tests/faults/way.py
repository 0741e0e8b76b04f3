"""The network between the bot and Telegram: whole, broken and speaking garbage, or gone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.faults.processes import Chat

Come = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Way:
    """A port behind which the local chat is, while the way there is neither broken nor gone."""

    come: Come
    port: int
    broken: bool
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody met a broken way."""
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    server: asyncio.Server | None = None
    """Listens while the way is there."""

    async def lay(self) -> None:
        """Listen, at the port of before where there was one."""
        self.server = await asyncio.start_server(self.come, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Take the way away, and whatever is under way on it: who comes is refused."""
        if self.server is not None:
            self.server.close()
        for writer in self.open:
            writer.close()


@asynccontextmanager
async def way_to(chat: Chat, *, broken: bool = True) -> AsyncIterator[Way]:
    """Lay a way to the chat; a broken one speaks garbage until it is told to be well."""
    there = urlsplit(chat.url)
    carrying: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way.open.add(writer)
        try:
            with contextlib.suppress(OSError):
                while data := await reader.read(65536):
                    writer.write(data)
        finally:
            way.open.discard(writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if way.broken:
            way.tried.set()
            writer.write(b"\x15\x03\x01\x00\x02\x02\x28 this is no HTTP\r\n\r\n")
            writer.close()
            return
        back, forth = await asyncio.open_connection(there.hostname, there.port)
        both = (carry(reader, forth), carry(back, writer))
        carrying.update(asyncio.ensure_future(one) for one in both)

    way = Way(come, 0, broken)
    await way.lay()
    try:
        yield way
    finally:
        way.cut()
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

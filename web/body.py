"""Bodies of requests: read up to a limit and within a time, whatever their headers promise."""

import asyncio

from aiohttp import web

SECONDS = 20.0


class TooLarge(Exception):
    """More was sent than is taken."""


class TooSlow(Exception):
    """It did not come in time."""


async def read_body(request: web.Request, most: int, seconds: float = SECONDS) -> bytes:
    """Return a body of at most `most` bytes; raises TooLarge before more is kept, TooSlow after `seconds`."""
    if (request.content_length or 0) > most:
        raise TooLarge
    kept = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                kept += chunk
                if len(kept) > most:
                    raise TooLarge
    except TimeoutError as error:
        raise TooSlow from error
    return bytes(kept)

"""Bodies of requests: read up to a limit and within a time, whatever their headers promise."""

import asyncio

from aiohttp import web

SECONDS = 20.0


class NotRead(Exception):
    """A body was not taken; `status` is what HTTP calls it."""

    status = 400


class TooLarge(NotRead):
    """More was sent than is taken."""

    status = 413


class TooSlow(NotRead):
    """It did not come in time."""

    status = 408


class Broken(NotRead):
    """It is not what its headers say: no gzip, no whole chunks."""


async def read_body(request: web.Request, most: int, seconds: float = SECONDS) -> bytes:
    """Return a body of at most `most` bytes.

    Raises TooLarge before more is kept, TooSlow after `seconds`, Broken for one that belies its headers.
    """
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
    except web.RequestPayloadError as error:
        raise Broken from error
    return bytes(kept)

"""Calendar feeds behind unguessable links. Nothing tells an unknown link from an ended one; no link is logged."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import ETag, web

from storage.database import StorageFailed
from web.limit import Buckets

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
KEPT = {"Cache-Control": "private, no-cache"}
"""The subscriber's own copy may be kept and asked about again; nobody between keeps one."""
NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Served:
    """A calendar's file, and a tag that changes when what it shows does."""

    body: bytes
    tag: str


@dataclass(frozen=True)
class Feeds:
    """What the pages are lent: the file of a link's token (None: no such link), and elapsed seconds."""

    read: Callable[[str], Awaitable[Served | None]]
    elapsed: Callable[[], float]


def add_calendar(app: web.Application, feeds: Feeds) -> None:
    """Serve the feeds below `/calendar/`."""
    buckets = Buckets(feeds.elapsed)

    async def show(request: web.Request) -> web.Response:
        if wait := buckets.take(request.remote or ""):
            return _words(429, "Too Many Requests", {"Retry-After": str(math.ceil(wait))})
        try:
            served = await feeds.read(request.match_info["token"])
        except StorageFailed:
            return _words(503, "Service Unavailable", {"Retry-After": "60"})
        return _words(404, "Not Found") if served is None else _calendar(request, served)

    app.router.add_get("/calendar/{token}.ics", show)


def _calendar(request: web.Request, served: Served) -> web.Response:
    tag = ETag(served.tag, is_weak=True)
    headers = HEADERS | KEPT
    if any(known.value in (served.tag, "*") for known in request.if_none_match or ()):
        answer = web.Response(status=304, headers=headers)
    else:
        headers["Content-Disposition"] = 'inline; filename="zhiban.ics"'
        answer = web.Response(
            body=served.body, content_type="text/calendar", charset="utf-8", headers=headers
        )
    answer.etag = tag
    return answer


def _words(status: int, words: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status, text=f"{status}: {words}", headers=HEADERS | NOT_KEPT | (headers or {})
    )

"""The personal page of a warning: read by GET, which changes nothing, and answered by POST. No link is logged."""

import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from aiohttp import web

from storage.database import StorageFailed
from web.body import NotRead, read_body
from web.limit import Buckets

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
STYLE = Path(__file__).with_name("ack.css").read_text("utf-8")
MOST_BYTES = 16 * 1024
MOST_FIELDS = 16
PER_LINK, PER_ADDRESS = 30, 1200
"""Requests a minute. An address may be a proxy with a whole street behind it; no guessing reaches 128 bits."""


@dataclass(frozen=True)
class Shown:
    """A page and its status."""

    status: int
    html: str


@dataclass(frozen=True)
class Acks:
    """What the pages are lent: a link's page, what an answer leads to (str: said by the page that follows), words."""

    show: Callable[[str, str], Awaitable[Shown]]
    answer: Callable[[str, Mapping[str, str]], Awaitable[Shown | str]]
    words: Callable[[str], str]
    elapsed: Callable[[], float]


def add_acks(app: web.Application, acks: Acks) -> None:
    """Serve the pages below `/a/`."""
    addresses = Buckets(acks.elapsed, size=PER_ADDRESS)
    links = Buckets(acks.elapsed, size=PER_LINK)

    def wait_for(request: web.Request) -> float:
        token = request.match_info["token"]
        return addresses.take(request.remote or "") or links.take(token[:64])

    async def show(request: web.Request) -> web.Response:
        if wait := wait_for(request):
            return _busy(acks, wait)
        try:
            return _page(await acks.show(request.match_info["token"], request.query.get("r", "")))
        except StorageFailed:
            return _words(acks, 503, "storage", {"Retry-After": "10"})

    async def answer(request: web.Request) -> web.Response:
        if wait := wait_for(request):
            return _busy(acks, wait)
        try:
            fields = _fields(await read_body(request, MOST_BYTES))
            outcome = await acks.answer(request.match_info["token"], fields)
        except NotRead as error:
            return _words(acks, error.status, "wrong")
        except StorageFailed:
            return _words(acks, 503, "storage", {"Retry-After": "10"})
        return _page(outcome) if isinstance(outcome, Shown) else _again(request, outcome)

    app.router.add_get("/a/style.css", _style)
    app.router.add_get("/a/{token}", show)
    app.router.add_post("/a/{token}", answer)


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: value.replace("\x00", "") for name, value in pairs}


async def _style(_request: web.Request) -> web.Response:
    headers = HEADERS | {"Cache-Control": "max-age=3600"}
    return web.Response(text=STYLE, content_type="text/css", charset="utf-8", headers=headers)


def _page(shown: Shown, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        status=shown.status,
        text=shown.html,
        content_type="text/html",
        charset="utf-8",
        headers=HEADERS | dict(headers or {}),
    )


def _words(acks: Acks, status: int, what: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return _page(Shown(status, acks.words(what)), headers)


def _busy(acks: Acks, wait: float) -> web.Response:
    return _words(acks, 429, "busy", {"Retry-After": str(math.ceil(wait))})


def _again(request: web.Request, said: str) -> web.Response:
    """Send the browser to the page anew, so that reloading it sends nothing twice."""
    location = f"{request.match_info['token']}?r={said}"
    return web.Response(status=303, headers=HEADERS | {"Location": location})

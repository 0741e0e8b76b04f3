"""Bulletins handed in over HTTP by sources that hold a token: bounded in size, time and number. No token is logged."""

import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from domain.bulletin_xml import looks_like_xml
from storage.database import StorageFailed
from web.body import SECONDS, Broken, TooLarge, TooSlow, read_body
from web.limit import Buckets

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
MOST_BYTES = 1_000_000
PER_SOURCE = 120
"""Messages a minute; a source of several warnings in a storm sends a few an hour."""
WRONG_TOKENS = 60
"""A minute and address."""
XML, TEXT, JSON = ("application/xml", "text/xml", "application/cap+xml"), "text/plain", "application/json"
UTF8 = re.compile(r"utf-?8|us-ascii", re.IGNORECASE)
WIDE = (b"\xff\xfe", b"\xfe\xff")
CHINESE = re.compile(r"gb-?18030|gbk|gb-?2312", re.IGNORECASE)


@dataclass(frozen=True)
class Refused:
    """What was handed in holds no bulletin: a word for programs, a sentence for people."""

    error: str
    reason: str


@dataclass(frozen=True)
class Intake:
    """What the page is lent: the name of a token's source (None: no such token), taking in, elapsed seconds."""

    source: Callable[[str], Awaitable[str | None]]
    take: Callable[[str, bytes], Awaitable[Sequence[Mapping[str, object]] | Refused | None]]
    elapsed: Callable[[], float]
    seconds: float = SECONDS


def add_intake(app: web.Application, intake: Intake) -> None:
    """Serve `POST /api/bulletins`."""
    sources = Buckets(intake.elapsed, size=PER_SOURCE)
    strangers = Buckets(intake.elapsed, size=WRONG_TOKENS)

    async def hand_in(request: web.Request) -> web.Response:
        token = _token(request)
        try:
            name = await intake.source(token) if token else None
            if name is None:
                wait = strangers.take(request.remote or "")
                return _busy(wait) if wait else _unknown()
            if wait := sources.take(name):
                return _busy(wait)
            data = await _data(request, intake.seconds)
            taken = data if isinstance(data, Refused) else await intake.take(token, data)
        except TooLarge:
            return _said(413, "too_large", f"a message may have {MOST_BYTES} bytes", CLOSE)
        except Broken:
            return _said(400, "broken", "the body is not what its headers say", CLOSE)
        except TooSlow:
            return _said(408, "too_slow", "the message did not come in time", CLOSE)
        except StorageFailed:
            return _said(503, "storage", "nothing was kept, send it again", {"Retry-After": "10"})
        if taken is None:
            return _unknown()
        if isinstance(taken, Refused):
            return _said(415 if taken.error == "media_type" else 422, taken.error, taken.reason)
        return _json(202, {"bulletins": list(taken)})

    app.router.add_post("/api/bulletins", hand_in)


CLOSE = {"Connection": "close"}
"""What is still to come of such a body is not read."""


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _data(request: web.Request, seconds: float) -> bytes | Refused:
    kind = request.content_type
    if kind not in (*XML, TEXT, JSON) or "Content-Encoding" in request.headers:
        return Refused("media_type", f"send {TEXT}, {XML[0]} or {JSON}, without Content-Encoding")
    try:
        charset = request.charset or ""
    except ValueError:
        charset = ""
    body = await read_body(request, MOST_BYTES, seconds)
    if kind in XML:
        return body if looks_like_xml(body) else Refused("refused", "the message is no XML of a warning")
    if kind == JSON:
        return _text_of(body)
    try:
        return _plain(body, charset)
    except UnicodeDecodeError:
        return Refused("encoding", "the text is neither UTF-8 nor GB18030")


def _plain(body: bytes, charset: str) -> bytes:
    """Return a text, or XML sent as one, as it is read further on; raises UnicodeDecodeError for broken text."""
    if looks_like_xml(body) or body.startswith(WIDE):
        return body  # these name their encoding themselves
    if CHINESE.fullmatch(charset):
        return body.decode("gb18030").encode()
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError:
        if UTF8.fullmatch(charset):
            raise
        body.decode("gb18030")
    return body


def _text_of(body: bytes) -> bytes | Refused:
    try:
        text = json.loads(body)["text"]
        return str(text).encode() if isinstance(text, str) else Refused("json", 'send {"text": "…"}')
    except (ValueError, KeyError, TypeError, RecursionError):
        return Refused("json", 'send {"text": "…"} in UTF-8')


def _json(status: int, value: object, headers: Mapping[str, str] | None = None) -> web.Response:
    text = json.dumps(value, ensure_ascii=False)
    return web.json_response(text=text, status=status, headers=HEADERS | dict(headers or {}))


def _said(status: int, error: str, reason: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return _json(status, {"error": error, "reason": reason}, headers)


def _busy(wait: float) -> web.Response:
    return _said(429, "too_many", "wait before sending more", {"Retry-After": str(math.ceil(wait))} | CLOSE)


def _unknown() -> web.Response:
    return _said(401, "token", "no source holds this token", {"WWW-Authenticate": "Bearer"} | CLOSE)

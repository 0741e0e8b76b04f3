"""The local chat over HTTP on loopback: the Bot API, the control API, the page and its live events."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from .api import BotApi, LostReply, Outage
from .control import perform
from .records import Json
from .sending import Files
from .world import Event

API: web.AppKey[BotApi] = web.AppKey("api", BotApi)
LONG: web.AppKey[set[asyncio.Task[Any]]] = web.AppKey("long", set)

_PAGE = Path(__file__).parent / "page"
_LARGEST_BODY = 60 * 1024 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
_PING_S = 15.0
_SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Running:
    """A local chat that listens; `url` has no trailing slash."""

    url: str
    _runner: web.AppRunner

    async def stop(self) -> None:
        """Stop within a second, even while polls and event streams are open."""
        await self._runner.cleanup()


def make_app(api: BotApi) -> web.Application:
    """Return the web application around an API; it answers loopback hosts only."""
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_loopback_only, _kept_for_shutdown])
    app[API] = api
    app[LONG] = set()
    app.on_shutdown.append(_end_long_requests)
    app.router.add_route("*", "/bot{token}/{method}", _bot)
    app.router.add_get("/file/bot{token}/{path:.+}", _bot_file)
    app.router.add_post("/control/{verb}", _control)
    app.router.add_get("/events", _events)
    app.router.add_get("/files/{file_id}", _page_file)
    app.router.add_get("/", _index)
    app.router.add_static("/page", _PAGE)
    return app


async def serve(api: BotApi, host: str = "127.0.0.1", port: int = 0) -> Running:
    """Listen on host and port (0: any free one) and return at once; OSError when the port is taken."""
    runner = web.AppRunner(make_app(api), access_log=None, shutdown_timeout=0.3)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0]
    return Running(f"http://{host}:{bound[1]}", runner)


@web.middleware
async def _loopback_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    # Otherwise any web page open in the browser could reach the control API by a name bound to 127.0.0.1
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if host not in _LOOPBACK:
        raise web.HTTPForbidden(text="loopback only")
    return await handler(request)


@web.middleware
async def _kept_for_shutdown(request: web.Request, handler: _Handler) -> web.StreamResponse:
    task = asyncio.current_task()
    if task is None:
        return await handler(request)
    request.app[LONG].add(task)
    try:
        return await handler(request)
    finally:
        request.app[LONG].discard(task)


async def _end_long_requests(app: web.Application) -> None:
    me = asyncio.current_task()
    tasks = app[LONG]
    for task in list(tasks):
        if task is not me:
            task.cancel()


async def _bot(request: web.Request) -> web.StreamResponse:
    params, files = await _read(request)
    token, method = request.match_info["token"], request.match_info["method"]
    try:
        status, reply = await request.app[API].call(token, method, params, files)
    except (LostReply, Outage):
        return _hang_up(request)
    return web.json_response(reply, status=status)


async def _bot_file(request: web.Request) -> web.StreamResponse:
    try:
        status, data = request.app[API].download(request.match_info["token"], request.match_info["path"])
    except Outage:
        return _hang_up(request)
    return web.Response(status=status, body=data, content_type="application/octet-stream")


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=502)


async def _read(request: web.Request) -> tuple[Json, Files]:
    params: Json = dict(request.query)
    files: Files = {}
    if request.content_type == "application/json":
        body = await _json(request)
        return params | body, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        else:
            params[name] = value if isinstance(value, str) else bytes(value).decode()
    return params, files


async def _json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        refused = json.dumps({"ok": False, "error_code": 400, "description": "Bad Request: can't parse JSON"})
        raise web.HTTPBadRequest(text=refused, content_type="application/json")
    return body


async def _control(request: web.Request) -> web.StreamResponse:
    # Asking for JSON makes a browser ask us before another site's page may post here
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="application/json expected")
    verb = request.match_info["verb"]
    try:
        result = await perform(request.app[API], verb, await _json(request))
    except TimeoutError as error:
        return _failed(408, str(error))
    except KeyError as error:
        return _failed(404, f"unknown verb or missing argument {error}")
    except LookupError as error:
        return _failed(404, str(error))
    except (ValueError, TypeError) as error:
        return _failed(400, str(error))
    return web.json_response({"ok": True, "result": result})


def _failed(status: int, error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=status)


async def _events(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    queue: asyncio.Queue[Event] = asyncio.Queue()
    listeners = request.app[API].listeners
    await response.prepare(request)
    listeners.add(queue.put_nowait)
    try:
        await response.write(b"retry: 1000\n\n")
        while True:
            await response.write(await _next_event(queue))
    except ConnectionResetError:
        return response
    finally:
        listeners.discard(queue.put_nowait)


async def _next_event(queue: asyncio.Queue[Event]) -> bytes:
    try:
        event = await asyncio.wait_for(queue.get(), _PING_S)
    except TimeoutError:
        return b": still here\n\n"
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


async def _page_file(request: web.Request) -> web.StreamResponse:
    file = request.app[API].files.get(request.match_info["file_id"])
    if file is None:
        raise web.HTTPNotFound
    shown = file.mime in {"image/png", "image/jpeg", "audio/ogg"}
    kind = "inline" if shown else "attachment"
    headers = {"Content-Disposition": f"{kind}; filename*=UTF-8''{quote(file.name)}"}
    mime = file.mime if shown else "application/octet-stream"
    return web.Response(body=file.data, content_type=mime, headers=_SAFE_HEADERS | headers)


async def _index(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(_PAGE / "index.html", headers=_SAFE_HEADERS)

"""The pages' server: health, calendars, personal pages of warnings, bulletins handed in; on loopback by default."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from domain.notices.process import HealthNow
from web.ack import Acks, add_acks
from web.calendar import Feeds, add_calendar
from web.intake import Intake, add_intake


def make_app(
    health: Callable[[], Awaitable[HealthNow]],
    feeds: Feeds | None = None,
    acks: Acks | None = None,
    intake: Intake | None = None,
) -> web.Application:
    """Return the web application; `/health` answers 200 when all is well and 503 with the reasons when not.

    `feeds`: calendars behind their links; `acks`: personal pages of warnings; `intake`: bulletins handed in;
    what is not given is not there.
    """

    async def show_health(_request: web.Request) -> web.Response:
        state = await health()
        status = 503 if state.trouble else 200
        return web.json_response(state.public(), status=status, headers=HEADERS, dumps=_readable)

    app = web.Application(client_max_size=1024 * 1024)
    app.router.add_get("/health", show_health)
    if feeds is not None:
        add_calendar(app, feeds)
    if acks is not None:
        add_acks(app, acks)
    if intake is not None:
        add_intake(app, intake)
    return app


HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def _readable(state: object) -> str:
    return json.dumps(state, ensure_ascii=False, indent=1)


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve until the runner is cleaned up; raises OSError when the address is taken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner

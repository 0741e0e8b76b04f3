"""The pages of a running process: each kind with what it is lent."""

from aiohttp import web

from bot.app import App
from bot.link import Links
from web.ack import Acks
from web.calendar import Feeds
from web.pages import make_app


def pages_of(app: App) -> web.Application:
    """Return the web application of a process."""
    elapsed = app.clock.monotonic
    links = Links(app.db, app.clock)
    return make_app(
        app.health.now,
        Feeds(app.calendar, elapsed),
        Acks(links.show, links.answer, links.words, elapsed),
    )

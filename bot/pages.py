"""The pages of a running process: each kind with what it is lent."""

from aiohttp import web

from bot.app import App
from bot.intake import Sources
from bot.link import Links
from web.ack import Acks
from web.calendar import Feeds
from web.intake import Intake
from web.pages import make_app


def pages_of(app: App) -> web.Application:
    """Return the web application of a process."""
    elapsed = app.clock.monotonic
    links, sources = Links(app.db, app.clock), Sources(app.db, app.clock)
    return make_app(
        app.health.now,
        Feeds(app.calendar, elapsed),
        Acks(links.show, links.answer, links.words, elapsed),
        Intake(sources.name_of, sources.take, elapsed),
    )

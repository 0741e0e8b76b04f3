"""Pages for a browser: HTML from the same templates as every word. Pure: `now` and zone are given."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from messages.render import environment


def page(template: str, values: Mapping[str, object], *, zone: ZoneInfo, now: datetime) -> str:
    """Return the page of a template such as `ack/page`, everything in it escaped."""
    return environment().get_template(f"{template}.j2").render(values, zone=zone, now=now)

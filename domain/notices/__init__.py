"""What is said, by feature. Importing this package makes every notice known."""

from domain.notices import (
    base,
    callout,
    feed,
    generation,
    handover,
    incident,
    leave,
    people,
    process,
    room,
    roster,
    scheme,
)

__all__ = [
    "base",
    "callout",
    "feed",
    "generation",
    "handover",
    "incident",
    "leave",
    "people",
    "process",
    "room",
    "roster",
    "scheme",
]

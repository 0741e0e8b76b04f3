"""What is said, by feature. Importing this package makes every notice known."""

from domain.notices import (
    base,
    callout,
    channel,
    dutylog,
    feed,
    generation,
    handover,
    incident,
    leave,
    office_import,
    people,
    process,
    record,
    room,
    roster,
    scheme,
)

__all__ = [
    "base",
    "callout",
    "channel",
    "dutylog",
    "feed",
    "generation",
    "handover",
    "incident",
    "leave",
    "office_import",
    "people",
    "process",
    "record",
    "room",
    "roster",
    "scheme",
]

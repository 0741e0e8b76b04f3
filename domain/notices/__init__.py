"""What is said, by feature. Importing this package makes every notice known."""

from domain.notices import base, callout, feed, handover, incident, people, process, room, roster

__all__ = ["base", "callout", "feed", "handover", "incident", "people", "process", "room", "roster"]

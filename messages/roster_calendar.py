"""A calendar feed as iCalendar (RFC 5545): events in UTC, so that no client needs a zone's table."""

import hashlib
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Event
from icalendar import Calendar as ICalendar

from domain.feed import Calendar, Entry, Standing
from messages.render import mask

PRODUCT = "-//dutyroom//roster//ZH"
REFRESH = timedelta(hours=1)


def calendar_bytes(calendar: Calendar, now: datetime) -> bytes:
    """Return the feed's file as of `now`; the same shift keeps its UID for as long as it stands."""
    out = ICalendar()
    name = f"{calendar.owner} 值班" if calendar.owner else f"{calendar.room} 值班表"
    out.add("prodid", PRODUCT)
    out.add("version", "2.0")
    out.add("calscale", "GREGORIAN")
    out.add("method", "PUBLISH")
    out.add("name", name)
    out.add("x-wr-calname", name)
    out.add("x-wr-timezone", calendar.zone)
    out.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    out.add("x-published-ttl", "PT1H")
    for entry in calendar.entries:
        out.add_component(_event(calendar, entry, now))
    return bytes(out.to_ical())


def calendar_tag(calendar: Calendar) -> str:
    """Return what changes when the calendar does, whenever it is written: a weak ETag."""
    return hashlib.sha256(repr(calendar).encode()).hexdigest()[:32]


def _event(calendar: Calendar, entry: Entry, now: datetime) -> Event:
    event = Event()
    room = hashlib.sha256(calendar.room.encode()).hexdigest()[:12]
    event.add("uid", f"{entry.key}@{room}.dutyroom")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", _summary(entry))
    event.add("description", _description(calendar, entry))
    event.add("location", calendar.room)
    event.add("status", "CONFIRMED")
    if calendar.owner:
        event.add_component(_alarm(calendar, entry))
    else:
        event.add("transp", "TRANSPARENT")  # the room's shifts do not make a reader busy
    return event


def _summary(entry: Entry) -> str:
    if entry.post:
        return f"值班（{entry.label}{' ' if entry.label else ''}{entry.post}）"
    return f"{entry.label or '值班'}：{'、'.join(dict.fromkeys(s.name for s in entry.people))}"


def _description(calendar: Calendar, entry: Entry) -> str:
    """Return who is on by post: with masked phones in the room's calendar, by name only in a person's."""
    posts: dict[str, list[str]] = {}
    for s in entry.people:
        posts.setdefault(s.post, []).append(s.name if calendar.owner else _with_phone(s))
    lines = [f"{post}：{'、'.join(names)}" for post, names in posts.items()]
    if entry.post:
        lines = ["同班：" if lines else "同班：无", *lines]
    lines.append(f"值班电话：{calendar.phone}")
    return "\n".join([*lines, f"班次 {entry.key}"] if entry.post else lines)


def _with_phone(s: Standing) -> str:
    return f"{s.name} {mask(s.phone)}" if s.phone else s.name


def _alarm(calendar: Calendar, entry: Entry) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(entry))
    alarm.add("trigger", -calendar.alarm)
    return alarm

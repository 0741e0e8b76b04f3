"""日历: a link to a calendar of one's own shifts or the room's; its token is kept as a hash only."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.authority import refuse
from actions.secret import hash_code
from domain.actor import Actor
from domain.address import is_local
from domain.feed import Calendar, Standing, Wish, entries_of, entries_of_room
from domain.notice import Notice
from domain.notices import feed as say
from domain.people import Role
from storage import feed, log, people, roster
from storage.database import Tx

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER, Role.ADMIN)
ROOM_READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
PAST, AHEAD = timedelta(days=31), timedelta(days=1100)
"""What a calendar shows; nobody plans a roster further ahead."""
NOTED_EVERY = timedelta(hours=1)
"""That a link is read is noted at this pace: clients read it all day."""
TOKEN_BYTES = 24


async def answer(tx: Tx, who: Actor, now: datetime, wish: Wish, base: str) -> Notice:
    """Give a fresh link below `base` (an older one of the same kind ends), or end this person's links."""
    if refused := refuse(who, "日历", *READERS):
        return refused
    if wish is Wish.END:
        return await _end(tx, who, now)
    whole = wish is Wish.ROOM
    if whole and (refused := refuse(who, "日历 值班室", *ROOM_READERS)):
        return refused
    token = secrets.token_urlsafe(TOKEN_BYTES)
    replaced = await feed.end(tx, now, who.id, whole=whole)
    await feed.add(tx, now, None if whole else who.id, who.id, hash_code(token))
    await log.append(tx, now, who.id, "feed.made", "", "值班室" if whole else "本人")
    return say.Link(
        url=f"{base}/calendar/{token}.ics",
        whole=whole,
        local=is_local(base),
        replaced=replaced > 0,
        may_whole=who.has(*ROOM_READERS),
    )


async def _end(tx: Tx, who: Actor, now: datetime) -> Notice:
    ended = await feed.end(tx, now, who.id)
    if ended:
        await log.append(tx, now, who.id, "feed.ended", "", links=ended)
    return say.Ended(links=ended)


@dataclass(frozen=True)
class Read:
    """What a link gives, its row, and whether it is time to note that it was read."""

    feed_id: int
    calendar: Calendar
    to_note: bool


async def read(tx: Tx, now: datetime, token: str) -> Read | None:
    """Return the calendar of a link; None for one that is unknown, ended, or no longer its maker's to have."""
    found = await feed.by_hash(tx, hash_code(token))
    if found is None:
        return None
    maker = await people.by_id(tx, found.by_id)
    if maker is None or (found.person_id is None and not maker.has(*ROOM_READERS)):
        return None
    shifts = [_standing(s) for s in await roster.during(tx, now - PAST, now + AHEAD)]
    own = found.person_id is not None
    calendar = Calendar(
        owner=maker.name if own else "",
        room=tx.rules.room.name,
        phone=tx.rules.room.phone,
        zone=tx.zone.key,
        alarm=tx.rules.roster.prompt_before,
        entries=entries_of(maker.id, shifts) if own else entries_of_room(shifts),
    )
    return Read(found.id, calendar, found.read_at is None or now - found.read_at >= NOTED_EVERY)


def _standing(s: roster.Shift) -> Standing:
    return Standing(f"S{s.id}", s.post.word, s.label, s.person_id, s.name, s.phone, s.starts_at, s.ends_at)


async def note_read(tx: Tx, now: datetime, feed_id: int) -> None:
    """Note that a link was read."""
    await feed.read(tx, now, feed_id)

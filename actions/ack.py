"""The page behind a personal link: what it shows, and what is answered on it."""

import hashlib
import hmac
from datetime import datetime

from actions import callout
from actions.callout_views import mine, orders
from actions.link import LIFE
from actions.secret import hash_code
from actions.view import Asked
from domain.actor import Actor
from domain.link import Act, Answer, Gone, Mistake, Page, Said, Typed
from domain.notice import Notice
from domain.notices import callout as say
from storage import callout as callouts
from storage import link, people
from storage.database import Tx
from storage.link import Link


def csrf_of(token: str) -> str:
    """Return what a form of the page must carry: to be had only by who holds the link."""
    return hmac.new(token.encode(), b"answer on the page", hashlib.sha256).hexdigest()


async def look(
    tx: Tx, now: datetime, token: str, said: str = "", mistake: Mistake | None = None
) -> Page | Gone:
    """Return the page behind a link; nothing is changed, whoever reads it."""
    found = await _in_force(tx, now, token)
    if isinstance(found, Gone):
        return found
    who = await people.by_id(tx, found.person_id)
    (shown,) = await orders(tx, [Asked(f"W{found.bulletin_id}", found.person_id, {}, now)])
    if who is None or shown is None:
        return Gone.NOT_YOURS
    return Page(
        order=shown,
        name=who.name,
        room=tx.rules.room.name,
        phone=tx.rules.room.phone,
        csrf=csrf_of(token),
        answered_at=await _answered_at(tx, found),
        said=said if said in {*Said} else "",
        mistake=mistake.field if mistake else "",
        typed=mistake.typed if mistake else Typed(),
    )


async def _answered_at(tx: Tx, found: Link) -> datetime | None:
    duties = mine(await callouts.of_person(tx, found.bulletin_id, found.person_id), found.person_id)
    moments = [at for c in duties for at in (c.acked_at, c.passed_at, c.cannot_at) if at is not None]
    return max(moments, default=None)


async def _in_force(tx: Tx, now: datetime, token: str) -> Link | Gone:
    found = await link.by_hash(tx, hash_code(token))
    if found is None:
        return Gone.UNKNOWN
    return Gone.EXPIRED if found.created_at + LIFE <= now else found


async def answer(tx: Tx, now: datetime, token: str, csrf: str, given: Answer) -> Said | Gone:
    """Record an answer as the person of the link; the same rules hold as in the chat."""
    found = await _in_force(tx, now, token)
    if isinstance(found, Gone):
        return found
    if not hmac.compare_digest(csrf.encode(), csrf_of(token).encode()):
        return Gone.FORGED
    who = await people.by_id(tx, found.person_id)
    if who is None:
        return Gone.UNKNOWN
    notice = await _recorded(tx, who, now, found.bulletin_id, given)
    await link.used(tx, now, found.id)
    return _said(notice)


async def _recorded(tx: Tx, who: Actor, now: datetime, number: int, given: Answer) -> Notice:
    match given.act:
        case Act.ACK:
            return await callout.acknowledge(tx, who, now, number, "link")
        case Act.PASS:
            return await callout.pass_on(tx, who, now, number, given.note, "link")
        case Act.CANNOT:
            return await callout.cannot_pass(tx, who, now, number, given.note, "link")


def _said(notice: Notice) -> Said | Gone:
    match notice:
        case say.Acknowledged() | say.PassedOn() | say.CannotRecorded():
            return Said.RECORDED
        case say.VillageWaits():
            return Said.WAITS
        case say.AlreadyAcknowledged() | say.AlreadyPassedOn():
            return Said.BEFORE
        case say.Superseded():
            return Said.CHANGED
        case _:
            return Gone.NOT_YOURS

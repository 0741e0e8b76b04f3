"""A personal link to a warning: for people without the chat; its token is kept as a hash only."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from actions import callout
from actions.callout_views import order
from actions.people import hash_code
from actions.view import Asked
from domain.link import Act, Answer, Gone, Mistake, Page, Said
from domain.notices import callout as say
from storage import link, people
from storage.database import Tx
from storage.link import Link

LIFE = timedelta(hours=48)
TOKEN_BYTES = 16
RECORDED = (say.Acknowledged, say.PassedOn)
BEFORE = (say.AlreadyAcknowledged, say.AlreadyPassedOn)


async def make(tx: Tx, now: datetime, bulletin_id: int, person_id: int) -> str:
    """Return the token of a fresh link; earlier ones of the same person stay good, they may be on a phone already."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    await link.add(tx, now, bulletin_id, person_id, hash_code(token))
    return token


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
    shown = await order(tx, Asked(f"W{found.bulletin_id}", found.person_id, {}, now))
    if who is None or shown is None:
        return Gone.NOT_YOURS
    page = Page(
        order=shown,
        name=who.name,
        room=tx.rules.room.name,
        phone=tx.rules.room.phone,
        csrf=csrf_of(token),
        said=said if said in {*Said} else "",
    )
    return page.model_copy(update={"mistake": mistake.field, "typed": mistake.typed}) if mistake else page


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
    if given.act is Act.ACK:
        notice = await callout.acknowledge(tx, who, now, found.bulletin_id, "link")
    else:
        notice = await callout.pass_on(tx, who, now, found.bulletin_id, given.note, "link")
    if isinstance(notice, RECORDED):
        await link.used(tx, now, found.id)
        return Said.RECORDED
    if isinstance(notice, BEFORE):
        return Said.BEFORE
    return Said.CHANGED if isinstance(notice, say.Superseded) else Gone.NOT_YOURS

"""Buttons: callback data is an opaque token; what it does is looked up here at each press."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.database import Tx
from storage.schema import buttons


@dataclass(frozen=True)
class Button:
    """What a press means: an act on a subject, valid in one chat only."""

    chat_id: int
    act: str
    subject: str


_KNOWN = select(buttons).where(
    buttons.c.chat_id.in_(bindparam("chats", expanding=True)),
    buttons.c.subject.in_(bindparam("subjects", expanding=True)),
)


async def tokens(tx: Tx, now: datetime, wanted: Iterable[Button]) -> dict[Button, str]:
    """Return a token per button, making the missing ones."""
    wanted = list(dict.fromkeys(wanted))
    if not wanted:
        return {}
    chats = {b.chat_id for b in wanted}
    rows = await tx.all(_KNOWN, {"chats": list(chats), "subjects": list({b.subject for b in wanted})})
    known = {Button(r.chat_id, r.act, r.subject): r.token for r in rows}
    missing = [b for b in wanted if b not in known]
    if missing:
        new = {b: secrets.token_urlsafe(12) for b in missing}
        await tx.run(
            buttons.insert(),
            [
                {"token": t, "chat_id": b.chat_id, "act": b.act, "subject": b.subject, "created_at": now}
                for b, t in new.items()
            ],
        )
        known |= new
    return {b: known[b] for b in wanted}


_GIVEN = select(buttons.c.token, buttons.c.chat_id, buttons.c.act, buttons.c.subject).where(
    buttons.c.token.in_(bindparam("tokens", expanding=True))
)


async def by_tokens(tx: Tx, given: Sequence[str]) -> dict[str, Button]:
    """Return what tokens mean; those we never gave out are left out."""
    ours = [token for token in given if token.isascii() and token.isprintable()]
    if not ours:
        return {}
    rows = await tx.all(_GIVEN, {"tokens": ours})
    return {r.token: Button(r.chat_id, r.act, r.subject) for r in rows}

"""A personal link to a warning: for people without the chat; its token is kept as a hash only."""

from datetime import datetime, timedelta

from actions.secret import hash_code, new_code
from storage import link
from storage.database import Tx

LIFE = timedelta(hours=48)


async def make(tx: Tx, now: datetime, bulletin_id: int, person_id: int) -> str:
    """Return the token of a fresh link; earlier ones of the same person stay good, they may be on a phone already."""
    token = new_code()
    await link.add(tx, now, bulletin_id, person_id, hash_code(token))
    return token

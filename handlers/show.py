"""A number typed alone, or 查看: the card of that event as it is now."""

import re
import unicodedata

from actions.show import show as act
from handlers.desk import Answer, Desk, press

NUMBER = re.compile(r"(?:查看\s*)?([EWTHRSQ])\s*(\d{1,9})", re.IGNORECASE)


async def by_number(desk: Desk) -> Answer:
    """Return the card of a text that is only a number such as E7, None for another text."""
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", desk.text).strip())
    return await act(desk.tx, desk.who, desk.now, f"{found[1].upper()}{int(found[2])}") if found else None


@press("show")
async def pressed(desk: Desk, subject: str) -> Answer:
    """查看."""
    return await act(desk.tx, desk.who, desk.now, subject)

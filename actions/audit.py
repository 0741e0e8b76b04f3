"""The newest log entries in words, and whether the chain is whole."""

import re
from datetime import datetime

from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from storage import log, people
from storage.database import Tx

DEFAULT, MOST = 20, 100
CUT = 60
ROOM_FOR_LINES = 3400
LINE_WITHOUT_TEXT = 44
"""Number, time, name, act and subject of a line, at most."""


def wrong(text: str) -> Notice | None:
    """Return what is wrong with the number of entries asked for."""
    if text and not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        return base.WrongForm(why="审计后面写要看的条数（1 到 100）。", example="审计 50")
    return None


async def newest(tx: Tx, who: Actor, now: datetime, text: str, checked: log.Checked | None = None) -> Notice:
    """Return the last n entries (20 unless said, at most 100), as many as fit one message, newest first.

    `checked`: what a check of the chain just said; without, it is checked in this unit of work.
    """
    del now
    if refused := refuse(who, "审计", Role.ADMIN) or wrong(text):
        return refused
    wanted = min(int(text or DEFAULT), MOST)
    lines = await _lines(tx, wanted)
    shown, used = [], 0
    for line in lines:
        used += LINE_WITHOUT_TEXT + len(line.text)
        if used > ROOM_FOR_LINES:
            break
        shown.append(line)
    return _answer(checked or await log.verify(tx), shown, len(lines) - len(shown))


def _answer(checked: log.Checked, shown: list[say.AuditLine], more: int) -> Notice:
    match checked:
        case log.Verified(count=count, head=head):
            return say.Audit(lines=tuple(shown), more=more, count=count, head=head[:16], broken=None)
        case log.Broken(reason=reason):
            return say.Audit(lines=tuple(shown), more=more, count=0, head="", broken=reason)


async def _lines(tx: Tx, wanted: int) -> list[say.AuditLine]:
    found = (await log.entries(tx, limit=wanted))[::-1]
    names = await people.by_ids(tx, [e.person_id for e in found if e.person_id])
    return [
        say.AuditLine(
            seq=e.seq,
            at=e.at,
            person=names[e.person_id].name if e.person_id in names else "系统",
            act=e.act,
            subject=e.subject,
            text=_cut(e.text),
        )
        for e in found
    ]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CUT else line[: CUT - 1] + "…"

"""The card of an event by its number, for those who may act on it."""

from datetime import datetime

from actions import handover_sheet
from actions.authority import refuse
from actions.view import Asked, build
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices.callout import Progress
from domain.notices.handover import Sheet
from domain.notices.incident import Card, Draft, Word
from domain.notices.leave import LeaveCard
from domain.notices.room import TaskGiven
from domain.notices.roster import ShiftPrompt
from domain.people import Role
from storage import handover, incident
from storage.database import Tx

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER)
KINDS: dict[str, type[Notice]] = {
    "W": Progress,
    "T": TaskGiven,
    "H": Sheet,
    "R": Draft,
    "S": ShiftPrompt,
    "Q": LeaveCard,
}
LOADED = handover_sheet
"""Whose view of a sheet is asked for here."""


async def show(tx: Tx, who: Actor, now: datetime, number: str) -> Notice:
    """Return what stands under a number such as E7, W12, H3; officers, deputies and leaders may ask."""
    if refused := refuse(who, f"查看 {number}", *READERS):
        return refused
    kind = await _kind(tx, number)
    found = (
        (await build(tx, kind.kind(), [Asked(number, who.id, {}, now)]))[0]
        if kind and await _ours(tx, number)
        else None
    )
    return found or base.NotFound(number=number, example="待办")


async def _kind(tx: Tx, number: str) -> type[Notice] | None:
    if number.startswith("E"):
        found = await incident.by_id(tx, int(number[1:]))
        return None if found is None else Word if found.state == "offered" else Card
    return KINDS.get(number[0])


async def _ours(tx: Tx, number: str) -> bool:
    """A sheet is there before it can be built; other views say themselves that there is none."""
    return not number.startswith("H") or await handover.by_id(tx, int(number[1:])) is not None

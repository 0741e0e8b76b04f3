"""零报告: offered when nothing happened, refused when something did (product.md §7)."""

from datetime import date, datetime, time, timedelta

from actions import duty
from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import process as say
from domain.people import Role
from storage import incident, log, outbox
from storage.database import Tx
from storage.incident import Incident


async def _incidents(tx: Tx, day: date) -> list[Incident]:
    start = datetime.combine(day, time(), tx.zone)
    found = await incident.received_between(tx, start, start + timedelta(days=1))
    return [i for i in found if not i.drill]


async def offer(tx: Tx, now: datetime) -> None:
    """Offer the zero report to the officer on duty."""
    day = now.astimezone(tx.zone).date()
    if await _incidents(tx, day):
        return
    notice = say.NilOffer(day=day, superior=tx.rules.room.superior)
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say(tx, now, notice, person=officer.id, key=f"nil:{day}:{officer.id}")


async def send(tx: Tx, who: Actor, now: datetime, day: date) -> Notice:
    """Record the zero report and tell the superior."""
    if refused := refuse(who, "零报告", Role.OFFICER, Role.DEPUTY):
        return refused
    found = await _incidents(tx, day)
    if found:
        return say.NilRefused(day=day, incidents=tuple(i.number for i in found))
    line = say.NilForSuperior(day=day, room=tx.rules.room.name, officer=who.name, at=now)
    for superior in await duty.superiors(tx):
        await outbox.say(tx, now, line, person=superior.id, key=f"nil-up:{day}:{superior.id}")
    await log.append(tx, now, who.id, "nil.report", "", f"{day} 零报告")
    return say.NilSent(day=day, at=now, superior=tx.rules.room.superior)

"""零报告: offered when nothing happened, refused when something did, overtaken when something happens after it.

Something happened on a day when an incident was received on it, or was being handled during it: whoever reads
无突发事件 must not have an open event before them.
"""

from datetime import date, datetime, time, timedelta

from actions import duty
from actions.authority import refuse
from domain.actor import Actor
from domain.nil_report import nil_head, nil_line
from domain.notice import Notice
from domain.notices import process as say
from domain.people import Role
from storage import incident, log, outbox
from storage.database import Tx
from storage.incident import Incident

ACT = "nil.report"
FOR_THE_DAY = timedelta(hours=4)
"""A zero report stands for its day from this long before it is due: one of the night or the morning does not."""


def _bounds(tx: Tx, day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), tx.zone)
    return start, datetime.combine(day + timedelta(days=1), time(), tx.zone)


async def _incidents(tx: Tx, day: date) -> list[Incident]:
    """Return what happened or was being handled on a day, exercises apart."""
    start, end = _bounds(tx, day)
    return [i for i in await incident.handled_between(tx, start, end) if not i.drill]


async def offer(tx: Tx, now: datetime) -> None:
    """Offer the zero report to the officer on duty."""
    day = now.astimezone(tx.zone).date()
    if await _incidents(tx, day) or await _sent_at(tx, day, now) is not None:
        return
    notice = say.NilOffer(day=day, superior=tx.rules.room.superior)
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say(tx, now, notice, person=officer.id, key=f"nil:{day}:{officer.id}")


async def _sent_at(tx: Tx, day: date, now: datetime | None = None) -> datetime | None:
    """Return when the zero report of a day was sent, None when it was not; `now`: the one that stands for it now."""
    start, _ = _bounds(tx, day)
    stands = datetime.combine(day, tx.rules.report.nil_report_at, tx.zone) - FOR_THE_DAY
    since = stands if now is not None and now >= stands else start
    sent = await log.entries(tx, act=ACT, since=since)
    return next((e.at for e in sent if e.text.startswith(nil_head(start))), None)


async def send(tx: Tx, who: Actor, now: datetime, day: date) -> Notice:
    """Record the zero report and tell the superior; a second time it is only said when it was sent."""
    if refused := refuse(who, "零报告", Role.OFFICER, Role.DEPUTY):
        return refused
    found = await _incidents(tx, day)
    if found:
        return say.NilRefused(day=day, incidents=tuple(i.number for i in found))
    sent = await _sent_at(tx, day, now)
    if sent is None:
        await _send(tx, who, now, day)
    return say.NilSent(day=day, at=sent or now, superior=tx.rules.room.superior, again=sent is not None)


async def _send(tx: Tx, who: Actor, now: datetime, day: date) -> None:
    until = min(now.astimezone(tx.zone), datetime.combine(day, tx.rules.report.nil_report_at, tx.zone))
    words = nil_line(until, tx.rules.room.office)
    line = say.NilForSuperior(line=words, room=tx.rules.room.name, officer=who.name, at=now)
    for superior in await duty.superiors(tx):
        await outbox.say(tx, now, line, person=superior.id, key=f"nil-up:{day}:{until:%H%M}:{superior.id}")
    await log.append(tx, now, who.id, ACT, "", words)


async def overtaken(tx: Tx, now: datetime, i: Incident) -> None:
    """Something happened on a day whose zero report is out: the officers hear that it no longer holds."""
    day = now.astimezone(tx.zone).date()
    sent = None if i.drill else await _sent_at(tx, day)
    if sent is None:
        return
    notice = say.NilOvertaken(number=i.number, day=day, sent_at=sent, superior=tx.rules.room.superior)
    for officer in await duty.officers_to_tell(tx, now):
        key = f"nil-over:{i.id}:{officer.id}"
        await outbox.say(tx, now, notice, person=officer.id, subject=i.number, key=key)
    await log.append(tx, now, None, "nil.overtaken", i.number, day=str(day))

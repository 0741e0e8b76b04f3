"""补报 to a closed incident, and what opens it again: casualties that change in its days, or an officer's reason."""

import re
from datetime import datetime

from actions import duty, report_clock
from actions.authority import refuse
from actions.incident import NUMBERED
from actions.report_figures import of_report
from actions.report_final import KIND, counted_from
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from domain.report_after import days_since, window_days
from domain.report_claims import tells_of_death
from domain.report_profile import lanes
from storage import card, draft, incident, log, outbox
from storage.database import Tx
from storage.deadline import clear_deadlines
from storage.incident import Incident, Report

REOPENED = "incident.reopened"
CASUALTIES = ("deaths", "injured", "missing")
_NUMBER = re.compile(r"^\s*[EeＥｅ]?\s*(\d{1,9})")


async def closed_target(tx: Tx, who: Actor, now: datetime, text: str) -> tuple[Incident, str] | Notice:
    """Return the incident a 补报 is about and its words; else keep the text and name what is closed."""
    numbered = NUMBERED.match(text)
    i = await incident.by_id(tx, int(numbered[1])) if numbered else None
    if numbered and i is not None and i.state in ("open", "closed"):
        return i, text[numbered.end() :]
    kept = await draft.keep(tx, now, who.id, "补报", text)
    closed = await incident.last_closed(tx, 8)
    return say.SupplementWhich(draft=kept, closed=tuple((o.number, o.title) for o in closed))


def overdue_days(i: Incident, now: datetime, tx: Tx) -> int | None:
    """Return the days of the window when they are over, None within them."""
    days = window_days(i.subtype)
    return days if days_since(counted_from(i), now, tx.zone) > days else None


async def by_supplement(tx: Tx, who: Actor, now: datetime, i: Incident, report: Report) -> Incident:
    """A death or a changed casualty figure within the window opens the incident again; later it does not by itself."""
    if report.reading.get("overdue_days") or not await _casualties_changed(tx, i, report):
        return i
    return await _open_again(tx, who, now, i, "补报伤亡变化", since=report.created_at)


async def _casualties_changed(tx: Tx, i: Incident, report: Report) -> bool:
    before = {f.name: (f.value, f.low, f.high) for f in await incident.figures_of(tx, i.id)}
    given = [g for g in of_report(report) if g["name"] in CASUALTIES]
    none = (0, None, None)
    moved = any(before.get(g["name"], none) != (g["value"], g["low"], g["high"]) for g in given)
    deaths = "deaths" in {g["name"] for g in given}
    return moved or (not deaths and tells_of_death(report.raw, {}))


async def by_hand(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """An officer opens a closed incident again, with a reason."""
    if refused := refuse(who, "重开", Role.OFFICER, Role.DEPUTY):
        return refused
    numbered = _NUMBER.match(text)
    i = await incident.by_id(tx, int(numbered[1])) if numbered else None
    if numbered is None:
        return base.WrongForm(why="重开要写明哪个事件和原因。", example="重开 E7 余火复燃")
    if i is None or i.state in ("offered", "discarded"):
        return base.NotFound(number=f"E{int(numbered[1])}", example="重开 E7 余火复燃")
    if i.state == "open":
        return say.AlreadyOpen(number=i.number, drill=i.drill)
    reason = text[numbered.end() :].strip(" :：,，")
    if not reason:
        return base.WrongForm(why="重开要写明原因。", example=f"重开 {i.number} 余火复燃")
    await _open_again(tx, who, now, i, reason, since=None)
    return say.Reopened(number=i.number, title=i.title, why=reason, at=now, drill=i.drill)


async def _open_again(
    tx: Tx, who: Actor, now: datetime, i: Incident, why: str, *, since: datetime | None
) -> Incident:
    """Move it back to open; `since`: when the news was received that both lanes are owed for again."""
    values = {"reopened_at": now, "closed_at": None, "phase": "unresolved"}
    if not await incident.move(tx, i.id, ("closed",), "open", **values):
        return i
    after = await incident.by_id(tx, i.id) or i
    if since is not None:
        for lane in lanes(i.category, i.grade, urgent=i.urgent, rules=tx.rules.report):
            await report_clock.start_turn(
                tx, after, now, lane.name, lane.receiver, since, since + lane.length
            )
    await report_clock.followup_from(tx, after, now)
    await clear_deadlines(tx, now, KIND, i.number)
    notice = say.Reopened(number=i.number, title=i.title, why=why, at=now, drill=i.drill)
    for person in await duty.leaders_to_tell(tx, now):
        if person.id != who.id:
            await outbox.say(tx, now, notice, person=person.id, subject=i.number)
    await log.append(tx, now, who.id, REOPENED, i.number, why)
    await card.touch(tx, now, i.number, [say.Card.card])
    return after

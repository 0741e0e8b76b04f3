"""One event told twice is joined, two events told at once are parted; nothing that was submitted moves."""

from datetime import datetime
from typing import Any

from actions import incident, incident_files, report_clock
from actions.authority import refuse
from actions.report import follow_up
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base, intake
from domain.notices import incident as say
from domain.people import Role
from storage import card, evacuee, log, partner, task
from storage import incident as events
from storage.database import Tx
from storage.incident import Incident


async def merge(tx: Tx, who: Actor, now: datetime, number: int, target: int | None) -> list[Notice]:
    """Join an incident to another: a reporter's word, or one that was opened and has nothing submitted."""
    if refused := refuse(who, "并入", Role.OFFICER, Role.DEPUTY):
        return [refused]
    if target is None or number == target:
        return [base.WrongForm(why="请写并入哪一件。", example=f"并入 E{number} E7")]
    i, to = await events.by_id(tx, number), await events.by_id(tx, target)
    if i is None or to is None:
        missing = number if i is None else target
        return [base.NotFound(number=f"E{missing}", example="并入 E9 E7")]
    if i.state == "offered":
        return await incident.join(tx, who, now, number, target)
    if to.state == "offered":
        return [intake.TakeFirst(number=i.number, target=to.number, drill=i.drill)]
    if to.state != "open":
        await card.touch(tx, now, i.number, [say.Card.card])
        return [say.Closed(number=to.number, at=to.closed_at, state=to.state, drill=to.drill)]
    if to.drill != i.drill:
        return [incident.not_of_a_kind(i)]
    if not await _still_draft(tx, i):
        return [intake.NotMerged(number=i.number, drill=i.drill)]
    words = await _words(tx, i)
    await events.move(tx, i.id, ("open",), "discarded", closed_at=now, joined_id=to.id)
    await _stop(tx, who, now, i, to)
    await log.append(tx, now, who.id, "incident.joined", i.number, f"并入 {to.number}")
    await incident_files.carry(tx, now, who.id, i, to)
    await _carry_response(tx, now, i, to)
    await incident.tell_outcome(tx, who, now, i, "joined", to.number)
    await card.touch(tx, now, i.number)
    return [
        intake.Merged(number=i.number, target=to.number, drill=i.drill),
        *await follow_up(tx, who, now, f"{to.number} {words}", "followup"),
    ]


async def _words(tx: Tx, i: Incident) -> str:
    """Return what was told of an incident that nothing was sent of: its newest first report, what came after, mends."""
    reports = await events.reports_of(tx, i.id)
    raws = [r.raw for r in reports if r.stage == "first"][-1:] + [
        r.raw for r in reports if r.stage != "first" and r.state == "draft"
    ]
    return "\n".join([*(raws or [i.raw]), *(i.reading.get("said") or ())])


async def _carry_response(tx: Tx, now: datetime, i: Incident, to: Incident) -> None:
    """Who was moved, whom we told and asked, what the leader ordered, the warning: all of it goes on with the other."""
    await partner.carry(tx, i.id, to.id)
    await evacuee.carry(tx, i.id, to.id)
    await task.carry(tx, i.number, to.number)
    if i.bulletin_id and not to.bulletin_id:
        await events.set_bulletin(tx, to.id, i.bulletin_id)
    await card.touch(tx, now, to.number)


async def _still_draft(tx: Tx, i: Incident) -> bool:
    return i.state == "open" and all(r.state == "draft" for r in await events.reports_of(tx, i.id))


async def _stop(tx: Tx, who: Actor, now: datetime, i: Incident, to: Incident) -> None:
    await report_clock.stop_all(tx, i, now, who.id, f"并入 {to.number}")
    for report in await events.reports_of(tx, i.id):
        await events.change_report(tx, report.id, state="returned", return_reason="")


async def split(tx: Tx, who: Actor, now: datetime, number: int) -> list[Notice]:
    """Open the second event of a message as an incident of its own, its clocks from the same receipt."""
    if refused := refuse(who, "首报", Role.OFFICER, Role.DEPUTY):
        return [refused]
    i = await events.by_id(tx, number)
    parts = i.reading.get("parts") if i else None
    if i is None or not parts or not await _still_draft(tx, i):
        return [base.StaleButton()]
    one, two = (incident.read(tx, part, i.received_at) for part in parts)
    two["part"] = parts[1]
    key = await incident.keep(tx, i.by_id, now, i.raw, two, "open", i.received_at)
    other = await events.by_id(tx, key)
    if other is None:
        raise LookupError(f"E{key} was just written")
    await _keep_first(tx, who, now, i, {**one, "part": parts[0]})
    await incident_files.carry(tx, now, who.id, i, other)
    await log.append(tx, now, who.id, "incident.split", i.number, f"拆出 {other.number}")
    await card.touch(tx, now, i.number, [say.Card.card])
    return [
        intake.Split(number=i.number, other=other.number, drill=i.drill),
        *await incident.open_at_once(tx, who, now, other),
    ]


def _mended_first(tx: Tx, i: Incident, one: dict[str, Any]) -> dict[str, Any]:
    """Return a mended reading without what only the other event's part made a direct report."""
    own = [hit["word"] for hit in one["direct_report"]]
    said = incident.read(tx, "\n".join(i.reading["said"]), i.received_at)["direct_report"]
    keep = {*own, *(hit["word"] for hit in said)}
    hits = [hit for hit in i.reading.get("direct_report") or () if hit["word"] in keep]
    return {**i.reading, "parts": None, "part": one["part"], "direct_report": hits}


async def _keep_first(tx: Tx, who: Actor, now: datetime, i: Incident, one: dict[str, Any]) -> None:
    """The first event is read from its own part; what was mended stands, and every figure keeps its history (P5)."""
    if i.reading.get("said"):
        await events.change(tx, i.id, reading=_mended_first(tx, i, one))
    else:
        await incident.reread(tx, i, i.raw, one)
    report = (await events.reports_of(tx, i.id))[-1]
    newest = {f.name: f for f in await events.figures_of(tx, i.id)}
    own, whole = one["figures"], incident.read(tx, i.raw, i.received_at)["figures"]
    for name, given in newest.items():
        figure, read = own.get(name), whole.get(name)
        unsaid = {"value": None, "low": None, "high": None, "text": ""}
        if i.reading.get("said") and (read is None or read["text"] != given.text):
            continue  # put right by somebody
        if (figure or unsaid)["text"] != given.text:
            await events.add_figure(tx, now, report.id, who.id, name, figure or unsaid)

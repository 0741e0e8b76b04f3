"""Whom a report goes to for its signature: the leader on duty, and while nobody signs one more at each reminder."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions import duty
from actions.duty import Responsible
from actions.incident_views import order_of
from actions.view import Asked, promise, view
from domain.notices import incident as say
from domain.people import Role
from domain.roster import Post
from storage import incident, outbox, people, roster
from storage.database import Tx
from storage.incident import Incident, Report

AHEAD = timedelta(days=7)
"""Leaders rostered within this time come before those who are not, in the order of their shifts."""


async def ladder(tx: Tx, now: datetime) -> tuple[list[Responsible], list[Responsible]]:
    """Return the leaders on duty, and the others in the order they are asked, only those who can be written to."""
    running = [
        s for s in await roster.at(tx, now) if s.post is Post.LEADER
    ]  # deactivated too: then the next is asked
    first = [Responsible(s.person_id, s.name, s.phone) for s in running]
    first = first or await duty.leaders_to_tell(tx, now)
    known = {a.id: Responsible(a.id, a.name, a.phone) for a in await people.with_role(tx, Role.LEADER)}
    coming = [s for s in await roster.between(tx, now, now + AHEAD) if s.post is Post.LEADER]
    order = dict.fromkeys([s.person_id for s in coming if s.person_id in known])
    order.update(dict.fromkeys(known))
    within = await people.reachable(tx, list(order))
    on_duty = {p.id for p in first}
    return first, [known[key] for key in order if key in within and key not in on_duty]


async def ask(tx: Tx, now: datetime, i: Incident, report: Report) -> list[str]:
    """Ask for the signature: the leaders on duty who can be written to, else the next one at once; else say so."""
    first, others = await ladder(tx, now)
    asked = await _within(tx, first) or others[:1]
    for leader in asked or first:
        await promise(tx, now, f"R{report.id}", say.Sign, person=leader.id)
    if not asked:
        await say_unsigned(tx, now, i, report)
    return [leader.name for leader in asked]


async def _within(tx: Tx, leaders: Sequence[Responsible]) -> list[Responsible]:
    """Return those who can be written to."""
    found = await people.reachable(tx, [p.id for p in leaders])
    return [p for p in leaders if p.id in found]


async def ask_again(tx: Tx, now: datetime, i: Incident, report: Report, count: int, again: str) -> None:
    """The `count`-th reminder: from the second on, each brings in one leader more; the officer hears who."""
    first, others = await ladder(tx, now)
    on_duty = await _within(tx, first)
    asked_first = on_duty or others[:1] or first
    further = others if on_duty else others[1:]
    just_now = now - tx.rules.report.sign_remind / 2  # what an outage held back may have arrived a minute ago
    new = []
    kind, subject = say.Sign.kind(), f"R{report.id}"
    for leader in [*asked_first, *further[: count - 1]]:
        asked = await outbox.fresh(
            tx, kind, subject, leader.id, report.created_at
        )  # perhaps in another's place
        if not asked and await promise(tx, now, subject, say.Sign, person=leader.id):
            new.append(leader.name)
        elif not await outbox.fresh(tx, kind, subject, leader.id, just_now):
            await promise(tx, now, subject, say.Sign, person=leader.id, again=f":{again}", reminded=True)
    if new:
        notice = say.SignPassedOn(
            number=i.number,
            stage=report.stage,
            order=order_of(await incident.reports_of(tx, i.id), report),
            leaders="、".join(new),
            drill=i.drill,
            since=report.created_at,
        )
        for officer in await duty.officers_to_tell(tx, now):
            await outbox.say(tx, now, notice, person=officer.id, subject=i.number)


async def say_unsigned(tx: Tx, now: datetime, i: Incident, report: Report) -> None:
    """Officer, deputy and admin hear that a report waits for its signature, and whom of the leaders to find."""
    first, others = await ladder(tx, now)
    notice = say.Unsigned(
        number=i.number,
        title=i.title,
        stage=report.stage,
        order=order_of(await incident.reports_of(tx, i.id), report),
        since=report.created_at,
        leaders=tuple(f"{p.name} {p.phone}".strip() for p in first or others),
        drill=i.drill,
    )
    readers = [*await duty.officers_to_tell(tx, now), *await duty.deputies_and_admins(tx, now)]
    for person in dict.fromkeys(p.id for p in readers):
        await outbox.say_newest(tx, now, notice, person=person, subject=i.number)


async def report_named(tx: Tx, incident_id: int, stage: str, order: int) -> Report | None:
    """Return the report of an incident that words to people call so."""
    reports = await incident.reports_of(tx, incident_id)
    return next((r for r in reversed(reports) if r.stage == stage and order_of(reports, r) == order), None)


@view(say.Unsigned)
async def unsigned(tx: Tx, asked: Asked) -> say.Unsigned | None:
    """Return the request to find a leader, unless one signed, or sent the report back, while it waited to be sent."""
    said = say.Unsigned.model_validate(asked.data)
    report = await report_named(tx, asked.number, said.stage, said.order)
    return said if report is None or (report.signed_at is None and report.state != "returned") else None

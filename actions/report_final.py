"""终报: what its reader will ask for, and the questions after it while somebody is in hospital."""

from datetime import datetime, timedelta

from actions import duty
from actions.authority import refuse
from actions.deadline import step
from actions.report_figures import NAME, of_report
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from domain.report_after import asking_days, in_hospital, missing_parts, morning_after, window_days
from storage import card, evacuee, incident, log, outbox, partner, task
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, open_of, set_deadline, soonest
from storage.incident import SUBMITTED, Incident, Report

KIND = "hospital"
AGAIN = timedelta(days=1)
"""A question after those in hospital that nobody answers is asked once more after this time, the leader hears it."""
SEEN = {"missing": "失踪", "trapped": "被困"}
"""Figures that a final report has to settle once somebody spoke of them."""


def counted_from(i: Incident) -> datetime:
    """Return the moment the days are counted from: occurrence where it is known exactly, else receipt."""
    said = i.reading.get("occurred_at") or {}
    exact = said.get("precision") == "准" and said.get("value")
    return datetime.fromisoformat(said["value"]) if exact else i.received_at


async def hints(tx: Tx, i: Incident, report: Report) -> tuple[str, ...]:
    """Return what stands open around a final report; it may be sent all the same."""
    if report.stage != "final" or report.state != "draft":
        return ()
    parts = missing_parts(report.raw)
    found = [f"终报里没有写到：{'、'.join(parts)}"] if parts else []
    return tuple(found + await _unknown(tx, i, report) + await _around(tx, i) + await _reports(tx, i))


async def _unknown(tx: Tx, i: Incident, report: Report) -> list[str]:
    last = {f.name: f.value for f in await incident.figures_of(tx, i.id)}
    last.update({g["name"]: g["value"] for g in of_report(report)})
    names = [word for name, word in NAME.items() if last.get(name) is None]
    names += [word for name, word in SEEN.items() if name in last and last[name] is None]
    return [f"仍为正在核实：{'、'.join(names)}"] if names else []


async def _around(tx: Tx, i: Incident) -> list[str]:
    moved, back = await evacuee.totals(tx, i.id)
    silent = sum(p.acked_at is None for p in await partner.of_incident(tx, i.id))
    undone = sum(t.done_at is None for t in await task.of_event(tx, i.number))
    lines = [
        (max(0, moved - back), f"转移的还有 {moved - back} 人没有登记返回"),
        (silent, f"{silent} 个联动单位没有回复"),
        (undone, f"{undone} 项批示、待办没有办结"),
    ]
    return [words for count, words in lines if count]


async def _reports(tx: Tx, i: Incident) -> list[str]:
    reports = [r for r in await incident.reports_of(tx, i.id) if r.state in SUBMITTED]
    unsigned = sum(r.signed_at is None for r in reports)
    silent = bool(reports) and reports[-1].state == "sent"
    return [f"前面有 {unsigned} 份报告没有签发"] * bool(unsigned) + ["前一份报告上级还没有确认"] * silent


async def watch_hospital(tx: Tx, now: datetime, i: Incident) -> None:
    """At closing: if somebody is in hospital, ask again a day before each window ends."""
    reports = [r for r in await incident.reports_of(tx, i.id) if r.state in SUBMITTED]
    injured = [f.value for f in await incident.figures_of(tx, i.id) if f.name == "injured"]
    if not in_hospital((r.raw for r in reports), injured=bool(injured) and injured[-1] != 0):
        return
    for days in asking_days(i.subtype):
        at = morning_after(counted_from(i), days, tx.zone)
        if at > now:
            await set_deadline(tx, KIND, i.number, f"day{days}", at)


@step(KIND)
async def ask_hospital(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Ask the officer after those in hospital, once more a day later, then with the leader."""
    i = await incident.by_id(tx, int(deadline.subject[1:]))
    if i is None or i.state != "closed":
        return
    again = deadline.step.endswith("+")
    notice = say.HospitalAsk(
        number=i.number,
        title=i.title,
        days=int(deadline.step.removeprefix("day").rstrip("+")),
        window=window_days(i.subtype),
        again=again,
        late_minutes=deadline.late_minutes,
        drill=i.drill,
    )
    readers = [*await duty.officers_to_tell(tx, now)]
    readers += await duty.leaders_to_tell(tx, now) if again else []
    for person in dict.fromkeys(readers):
        await outbox.say(tx, now, notice, person=person.id, subject=i.number)
    if not again:
        await set_deadline(tx, KIND, i.number, f"{deadline.step}+", now + AGAIN)
    await log.append(tx, now, None, "hospital.asked", i.number, late=deadline.late_minutes)


async def asked_after(tx: Tx, who: Actor) -> list[int]:
    """Return the closed incidents whose injured will be asked after: 已出院 and 仍住院 of an officer are about them."""
    if not who.has(Role.OFFICER, Role.DEPUTY):
        return []
    asked = [int(subject[1:]) for subject in await soonest(tx, KIND)]
    return [i.id for i in await incident.by_keys(tx, asked) if i.state == "closed"]


async def answer_hospital(tx: Tx, who: Actor, now: datetime, number: int, *, out: bool) -> Notice:
    """Everybody is out: no more questions. Somebody is still in: the next one stays."""
    word = "已出院" if out else "仍住院"
    if refused := refuse(who, word, Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    if i is None or i.state in ("offered", "discarded"):
        return base.NotFound(number=f"E{number}", example=f"{word} E7")
    waiting = await open_of(tx, KIND, i.number)
    steps = None if out else [name for name in waiting if name.endswith("+")]
    await clear_deadlines(tx, now, KIND, i.number, steps)
    left = () if out else tuple(at for name, at in waiting.items() if not name.endswith("+"))
    await card.touch(tx, now, i.number, [say.Card.card])
    await log.append(tx, now, who.id, "hospital.out" if out else "hospital.still", i.number)
    return say.HospitalAnswered(
        number=i.number, out=out, at=now, next_at=min(left, default=None), drill=i.drill
    )

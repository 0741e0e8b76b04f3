"""Reports written and submitted: draft → frozen, to be signed; a direct one goes up at once, is signed after."""

import re
from datetime import datetime
from typing import Any

from actions import incident_words, report_clock, report_final, report_reopen, report_sign
from actions.authority import refuse
from actions.incident import target
from actions.incident_views import draft as draft_view
from actions.incident_views import flash_now, order_of
from actions.report_figures import Words, asks_for_total, choose, given_in, lowered, newest, of_report
from actions.report_grade import regrade
from actions.view import Asked
from domain.actor import Actor
from domain.followup_text import FollowupReading, read_followup
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from domain.report_claims import tells_of_death
from storage import card, draft, incident, log
from storage import report_clock as clocks
from storage.database import Tx
from storage.deadline import clear_deadlines
from storage.incident import SUBMITTED, Incident, Report

WORD = {"followup": "续报", "final": "终报", "supplement": "补报"}
AFTER = ("final", "supplement")
"""Stages that may go up although the incident is closed: a final report written anew, and what comes after."""
EXAMPLE = {
    "followup": "明火已灭，1人受伤送医",
    "final": "处置完毕，人员全部返回，善后由社区跟进",
    "supplement": "1名伤者经抢救无效死亡",
}
_ABOUT_SOURCES = re.compile(r"有两个说法|没有归到哪一项")
"""Doubts on a figure that are said better by naming who said what."""


async def follow_up(
    tx: Tx, who: Actor, now: datetime, text: str, stage: str, source: str = ""
) -> list[Notice]:
    """Read a follow-up or final report and show it before it is sent; only what changed is said.

    `source`: who handed the text in, when that is not the officer. A leader's words go to the officers.
    """
    word = WORD[stage]
    if who.has(Role.LEADER) and not who.has(Role.OFFICER, Role.DEPUTY):
        return [await _hand_on(tx, who, now, text, stage)]
    if refused := refuse(who, word, Role.OFFICER, Role.DEPUTY):
        return [refused]
    found = await target(tx, who, now, word, text)
    if isinstance(found, Notice):
        return [found]
    i, words = found
    if i.state == "closed" and not (stage == "final" and await _final_returned(tx, i)):
        kept = await draft.keep(tx, now, who.id, word, words)
        return [say.ClosedKept(number=i.number, at=i.closed_at, word=word, draft=kept, drill=i.drill)]
    return [await _write(tx, who, now, i, words, stage, source)]


async def _hand_on(tx: Tx, who: Actor, now: datetime, text: str, stage: str) -> Notice:
    found = await target(tx, who, now, WORD[stage], text)
    if isinstance(found, Notice):
        return found
    i, words = found
    if not words.strip():
        why = f"请写明 {i.number} 有什么变化，由值班员发送。"
        return base.WrongForm(why=why, example=f"{WORD[stage]} {i.number} {EXAMPLE[stage]}")
    return await incident_words.hand_on(tx, who, now, i, words, WORD[stage])


async def supplement(tx: Tx, who: Actor, now: datetime, text: str) -> list[Notice]:
    """Read what is reported after an incident was closed; of an open one it is its next follow-up."""
    if refused := refuse(who, "补报", Role.OFFICER, Role.DEPUTY):
        return [refused]
    found = await report_reopen.closed_target(tx, who, now, text)
    if isinstance(found, Notice):
        return [found]
    i, words = found
    return [await _write(tx, who, now, i, words, "supplement" if i.state == "closed" else "followup", "")]


async def _write(
    tx: Tx, who: Actor, now: datetime, i: Incident, words: str, stage: str, source: str
) -> Notice:
    """Keep a draft of a report and return its card; what cannot be written is kept, with the reason."""
    word = WORD[stage]
    if not words.strip():
        return base.WrongForm(why=f"{word}没有内容", example=f"{word} {i.number} {EXAMPLE[stage]}")
    reading = read_followup(words, now, tx.zone)
    given = given_in(reading, words, source)
    if fewer := await lowered(tx, i, given, words, correction=reading.correction):
        kept = await draft.keep(tx, now, who.id, word, words)
        return say.Lowered(number=i.number, what=fewer, draft=kept, word=word, drill=i.drill)
    await _one_version(tx, now, i, stage)
    kept_reading = followup_json(reading, given)
    if stage == "supplement":
        kept_reading["overdue_days"] = report_reopen.overdue_days(i, now, tx)
    key = await incident.add_report(tx, now, i.id, stage, words, kept_reading, "draft", who.id)
    await log.append(tx, now, who.id, f"report.{stage}", i.number, words)
    return await draft_view(tx, Asked(f"R{key}", who.id, {}, now)) or base.StaleButton()


def followup_json(reading: FollowupReading, given: list[Words]) -> dict[str, Any]:
    """Return what a follow-up says, as kept with the report: its number, its figures with their sources, its doubts."""
    figures = newest(given)
    apart = [g["text"] for g in given if g["source"]]
    return {
        "number": reading.sequence,
        "figures": figures,
        "given": given,
        "doubts": asks_for_total(given)
        + [d for d in reading.doubts if not (_ABOUT_SOURCES.search(d) and any(t in d for t in apart))],
        "correction": reading.correction,
        "status": list(reading.status),
    }


async def _one_version(tx: Tx, now: datetime, i: Incident, stage: str) -> None:
    """A report that is written anew has one unsent version; the earlier ones stand put away."""
    reports = await incident.reports_of(tx, i.id)
    same = [r for r in reports if r.stage == stage]
    back = max((r.id for r in same if r.state == "returned" and r.return_reason), default=0)
    if any(r.id > back and r.state in SUBMITTED for r in same):
        back = 0
    for r in same:
        if r.state == "draft" and (stage != "followup" or (back and r.id > back)):
            await put_away(tx, now, r)


async def put_away(tx: Tx, now: datetime, report: Report) -> None:
    """A draft is not sent: it stands in the record, and its card says so."""
    await incident.change_report(tx, report.id, state="returned", return_reason="")
    await card.touch(tx, now, f"R{report.id}")


async def _final_returned(tx: Tx, i: Incident) -> bool:
    reports = await incident.reports_of(tx, i.id)
    return bool(reports) and reports[-1].stage == "final" and reports[-1].state == "returned"


async def choose_word(tx: Tx, who: Actor, now: datetime, report_id: int, name: str, voice: str) -> Notice:
    """The officer settles on one of several words on a figure, or on 正在核实."""
    if refused := refuse(who, "采用", Role.OFFICER, Role.DEPUTY):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None or report.state != "draft":
        return base.StaleButton()
    words = await choose(tx, i, report, name, voice)
    if words is None:
        return base.StaleButton()
    await card.touch(tx, now, f"R{report.id}")
    await log.append(tx, now, who.id, "report.chosen", i.number, words, figure=name)
    return say.Chosen(name=name, words=words)


async def send_newest(tx: Tx, who: Actor, now: datetime, number: int) -> Notice | list[Notice]:
    """Send the newest unsent report of an incident; one written before what was sent since is shown, not sent."""
    if refused := refuse(who, "发送", Role.OFFICER, Role.DEPUTY):
        return refused
    reports = await incident.reports_of(tx, number)
    drafts = [r for r in reports if r.state == "draft"]
    drafts = [r for r in drafts if r.stage == "first"] or drafts  # nothing goes up before the first report
    i = await incident.by_id(tx, number)
    if i is None:
        return base.NotFound(number=f"E{number}", example="事件")
    if not reports:
        return _not_open(i)
    if not drafts:
        return say.AlreadySent(number=i.number, drill=i.drill)
    sent = max((r.id for r in reports if r.state in SUBMITTED and r.stage != "first"), default=0)
    if drafts[-1].id < sent:  # 发送 typed twice, or a draft that was left
        older = await draft_view(tx, Asked(f"R{drafts[-1].id}", who.id, {}, now))
        return [say.AlreadySent(number=i.number, older=True, drill=i.drill), *([older] if older else [])]
    return await send(tx, who, now, drafts[-1].id)


def _not_open(i: Incident) -> Notice:
    return say.Closed(number=i.number, at=i.closed_at, state=i.state, drill=i.drill)


async def send(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """Send a report: a direct one goes up at once and is signed after, any other goes to the leader first."""
    if refused := refuse(who, "发送", Role.OFFICER, Role.DEPUTY):
        return refused
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return base.StaleButton()
    if report.state != "draft":
        return say.AlreadySent(number=i.number, drill=i.drill)
    if i.state != "open" and not (i.state == "closed" and report.stage in AFTER):
        return _not_open(i)
    if waits := await _first_waits(tx, i, WORD.get(report.stage)) or await _overtaken(
        tx, who, now, i, report
    ):
        return waits
    if report.stage == "supplement" and i.state == "closed":
        i = await report_reopen.by_supplement(tx, who, now, i, report)
    await _count_figures(tx, who, now, report)
    if not i.direct and _tells_of_a_death(report):
        await incident.change(tx, i.id, direct=True)
        i = await incident.by_id(tx, i.id) or i
    i = await regrade(tx, who, now, i, report.reading.get("figures") or {})
    await _set_aside_earlier(tx, report)
    await _freeze(tx, now, i, report)
    if i.urgent:
        await report_sign.deliver(tx, who, now, i, report)
    else:
        await incident.change_report(tx, report.id, state="to_sign")
    leaders = await report_sign.ask_to_sign(tx, now, i, report)
    closed = await _after_sending(tx, who, now, i, report)
    await card.touch(tx, now, i.number, [say.Card.card])
    await card.touch(tx, now, f"R{report.id}")
    await log.append(tx, now, who.id, "report.submitted", i.number, report.raw, stage=report.stage)
    return say.Sent(
        number=i.number,
        stage=report.stage,
        order=order_of(await incident.reports_of(tx, i.id), report),
        at=now,
        direct=i.urgent,
        leader="、".join(leaders) or "带班领导",
        superior=tx.rules.room.superior,
        closed=closed,
        reopened=report.stage == "supplement" and i.state == "open",
        drill=i.drill,
    )


def _tells_of_a_death(report: Report) -> bool:
    """Return True for a report after the first that tells of somebody dead: that is reported directly (§2.6)."""
    if report.stage == "first":
        return False
    told = [g for g in of_report(report) if g["name"] == "deaths"]
    counted = [g for g in told if g["value"] is not None or g["low"] is not None]
    if counted:
        return any(g["value"] or g["low"] for g in counted)
    return tells_of_death(report.raw, {})


async def _first_waits(tx: Tx, i: Incident, word: str | None) -> say.FirstUnsent | None:
    """Return why nothing but the first report (no `word`) may go up yet."""
    firsts = [r for r in await incident.reports_of(tx, i.id) if r.stage == "first"]
    if word is None or not firsts or any(r.state in SUBMITTED for r in firsts):
        return None
    return say.FirstUnsent(number=i.number, word=word, drafted=firsts[-1].state == "draft", drill=i.drill)


async def _overtaken(tx: Tx, who: Actor, now: datetime, i: Incident, report: Report) -> say.Lowered | None:
    """Return what keeps a draft back that tells fewer than a report sent since it was written (P5); its words stand."""
    if report.stage == "first":
        return None
    chosen = report.reading.get("chosen") or []
    given = [g for g in of_report(report) if g["name"] not in chosen]
    correction = bool(report.reading.get("correction"))
    fewer = await lowered(tx, i, given, report.raw, correction=correction)
    if not fewer:
        return None
    await put_away(tx, now, report)
    word = WORD[report.stage]
    kept = await draft.keep(tx, now, who.id, word, report.raw)
    await log.append(tx, now, who.id, "report.overtaken", i.number, report.raw)
    return say.Lowered(number=i.number, what=fewer, draft=kept, word=word, drill=i.drill)


async def _freeze(tx: Tx, now: datetime, i: Incident, report: Report) -> None:
    """What is submitted stands: the text as it is now, and the issue number."""
    content = (await flash_now(tx, i, report, now)).model_dump(mode="json")
    await incident.freeze_report(tx, report, now.astimezone(tx.zone).year, content)


async def _set_aside_earlier(tx: Tx, report: Report) -> None:
    """A first report that was written anew before it was sent cannot be sent afterwards."""
    if report.stage != "first":
        return
    for other in await incident.reports_of(tx, report.incident_id):
        if other.stage == "first" and other.state == "draft" and other.id != report.id:
            await incident.change_report(tx, other.id, state="returned", return_reason="")


async def _count_figures(tx: Tx, who: Actor, now: datetime, report: Report) -> None:
    """A follow-up's figures are given by whoever sends it; the first report's were kept at receipt."""
    if report.stage == "first":
        return
    for figure in of_report(report):
        await incident.add_figure(tx, now, report.id, who.id, figure["name"], figure)


async def _after_sending(tx: Tx, who: Actor, now: datetime, i: Incident, report: Report) -> bool:
    """A final report closes the incident and looks ahead; any other sets the next follow-up. Return if it closed."""
    if report.stage != "final":
        if i.state == "open":
            await report_clock.followup_from(tx, i, now)
        return False
    await incident.move(tx, i.id, ("open",), "closed", closed_at=now)
    for left in await incident.reports_of(tx, i.id):
        if left.state == "draft" and left.id != report.id:
            await put_away(tx, now, left)
    await clear_deadlines(tx, now, "followup", i.number)
    await report_final.watch_hospital(tx, now, i)
    await log.append(tx, now, who.id, "incident.closed", i.number)
    return True


async def drop(tx: Tx, who: Actor, now: datetime, report_id: int) -> Notice:
    """Put an unsent follow-up away; it never had a number, so that none is missing."""
    if refused := refuse(who, "取消", Role.OFFICER, Role.DEPUTY):
        return refused
    report = await incident.report(tx, report_id)
    if report is None or report.state != "draft":
        return base.StaleButton()
    await put_away(tx, now, report)
    await log.append(tx, now, who.id, "report.dropped", f"E{report.incident_id}", report.raw)
    return base.Done()


async def phoned(tx: Tx, who: Actor, now: datetime, number: int, to: str = "") -> Notice:
    """Record the phone report: to whom (a receiver's name may stand first) and when; it needs nobody's approval."""
    if refused := refuse(who, "已电话报告", Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return refused
    receiver, name = await report_clock.receiver_in(tx, number, "phone", to)
    i = await incident.by_id(tx, number)
    clock = await clocks.newest(tx, number, "phone", receiver)
    if i is not None and i.state == "offered":
        return _not_open(i)
    if i is None or clock is None:
        return base.NotFound(number=f"E{number}", example="已电话报告 E7 张科长")
    if clock.outcome == "not_required":
        return say.NotOwed(number=i.number, lane="phone", receiver=receiver, note=clock.note, drill=i.drill)
    to = f"{receiver} {name}".strip()
    if not clock.runs:
        if name:
            await clocks.note(tx, clock.id, name)
            await log.append(tx, now, who.id, "report.phone_name", i.number, to)
            await card.touch(tx, now, i.number, [say.Card.card])
        return say.AlreadyPhoned(
            number=i.number,
            at=clock.ended_at or now,
            to=to if name else clock.note,
            added=bool(name),
            drill=i.drill,
        )
    to = to or tx.rules.room.superior
    late = await report_clock.end(tx, i, now, "phone", who.id, name or to, receiver)
    await log.append(tx, now, who.id, "report.phoned", i.number, to, late=late)
    await card.touch(tx, now, i.number, [say.Card.card])
    return say.PhoneReported(
        number=i.number, to=to, at=now, late_minutes=late, named=bool(name), drill=i.drill
    )


async def no_change(tx: Tx, who: Actor, now: datetime, number: int, words: str = "") -> Notice | list[Notice]:
    """Record 无变化 as a follow-up, with words behind it; where those tell of people, they are one to be sent."""
    if refused := refuse(who, "无变化", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    if i is None:
        return base.NotFound(number=f"E{number}", example="无变化 E7")
    if i.state != "open":
        return _not_open(i)
    if waits := await _first_waits(tx, i, "无变化"):
        return waits
    words = words.strip()
    told = read_followup(words, now, tx.zone)
    if tells_of_death(words, told.figures) or any([told.rescued, *told.figures.values()]):
        return await follow_up(tx, who, now, f"{i.number} 无变化，{words}", "followup")
    await log.append(tx, now, who.id, "followup.no_change", i.number, words)
    due = await report_clock.followup_from(tx, i, now)
    await card.touch(tx, now, i.number, [say.Card.card])
    return say.NoChange(number=i.number, at=now, next_at=due, words=words, drill=i.drill)

"""First word of an incident: taken, read without guessing, its clocks started; later joined, put away, listed."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions import duty, report_clock
from actions.authority import refuse
from actions.incident_views import card as card_view
from actions.view import Asked, promise
from config.tables import load_direct, load_incident_types
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from domain.report_profile import is_urgent
from domain.report_text import grade, read_report, to_json
from storage import card, draft, incident, log, people, room
from storage.database import Tx
from storage.deadline import clear_deadlines, set_deadline
from storage.incident import Incident

NUMBERED = re.compile(r"^\s*[EeE]?\s*(\d{1,6})(?=\s|[:：,，]|$)[\s:：,，]*")


def read(tx: Tx, text: str, now: datetime) -> dict[str, Any]:
    """Return the reading of a hurried line as JSON, with the suggested grade and the line that triggered it."""
    reading = read_report(text, now, tx.zone, load_incident_types(), load_direct())
    out: dict[str, Any] = to_json(reading)
    suggested = grade(reading.figures, reading.subtype, reading.category)
    out["grade"] = {"grade": suggested.grade, "line": suggested.line}
    return out


def with_file(text: str, name: str, sha256: str) -> str:
    """Return a report's words with the file that came with them, named by its content."""
    return f"{text}（附{name} {sha256[:8]}）"


async def first_word(tx: Tx, who: Actor, now: datetime, text: str) -> list[Notice]:
    """Take a first report: an officer's becomes an incident at once, a reporter's goes to the officer at once."""
    if refused := refuse(who, "首报", Role.OFFICER, Role.DEPUTY, Role.REPORTER, Role.CONTACT, Role.LEADER):
        return [refused]
    again = NUMBERED.match(text)
    if again and text.strip().upper().startswith("E"):
        return await _first_again(tx, who, now, int(again[1]), text[again.end() :])
    officer = who.has(Role.OFFICER, Role.DEPUTY)
    key = await _keep(tx, who, now, text, "open" if officer else "offered")
    i = await incident.by_id(tx, key)
    if i is None:
        raise LookupError(f"E{key} was just written")
    if not officer:
        return [await _offer(tx, now, i)]
    return await _open(tx, who, now, i)


async def _keep(tx: Tx, who: Actor, now: datetime, text: str, state: str) -> int:
    reading = read(tx, text, now)
    direct = bool(reading["direct_report"])
    suggested = reading["grade"]["grade"]
    key = await incident.add(
        tx,
        raw=text,
        reading=reading,
        category=reading["category"],
        subtype=reading["subtype"],
        place=reading["place"],
        grade=suggested,
        direct=direct,
        urgent=is_urgent(suggested, direct=direct),
        drill=await room.drilling(tx),
        state=state,
        by_id=who.id,
        received_at=now,
    )
    await log.append(tx, now, who.id, "incident.received", f"E{key}", text, reading=reading)
    return key


async def _open(tx: Tx, who: Actor, now: datetime, i: Incident) -> list[Notice]:
    """Start the clocks, keep the first report as a draft, show the card to officer and leader."""
    await report_clock.start(tx, i, now)
    report = await incident.add_report(tx, now, i.id, "first", i.raw, i.reading, "draft", who.id)
    await _figures(tx, now, report, who.id, i.reading)
    for leader in await duty.leaders_to_tell(tx, now):
        if leader.id != who.id:
            await promise(tx, now, i.number, say.Card, person=leader.id)
    shown = await card_view(tx, Asked(i.number, who.id, {}, now))
    return [shown] if shown else []


async def _figures(tx: Tx, now: datetime, report: int, by: int, reading: dict[str, Any]) -> None:
    for name, figure in (reading.get("figures") or {}).items():
        if figure and (figure.get("value") is not None or figure.get("text")):
            await incident.add_figure(tx, now, report, by, name, figure)


async def _first_again(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> list[Notice]:
    """A returned or unsent first report is written anew; the earlier version stands."""
    i = await incident.by_id(tx, number)
    if i is None or i.state != "open":
        kept = await draft.keep(tx, now, who.id, "首报", text)
        return [say.NoSuch(number=f"E{number}", word="首报", draft=kept, open=())]
    reading = read(tx, text, now)
    report = await incident.add_report(tx, now, i.id, "first", text, reading, "draft", who.id)
    await _figures(tx, now, report, who.id, reading)
    await log.append(tx, now, who.id, "report.rewritten", i.number, text)
    shown = await card_view(tx, Asked(i.number, who.id, {}, now))
    return [shown] if shown else []


async def _offer(tx: Tx, now: datetime, i: Incident) -> Notice:
    officers = await duty.officers_to_tell(tx, now)
    for officer in officers:
        await promise(tx, now, i.number, say.Word, person=officer.id)
    await set_deadline(tx, "word", i.number, "due", now + report_clock.WORD_WAITS, Priority.CLOCK)
    return say.WordReceived(
        number=i.number,
        at=now,
        officer=officers[0].name if officers else "（正在联系）",
        room_phone=tx.rules.room.phone,
    )


async def take(tx: Tx, who: Actor, now: datetime, number: int) -> list[Notice]:
    """Make a reporter's word an incident; its clocks run from the first receipt."""
    if refused := refuse(who, "首报", Role.OFFICER, Role.DEPUTY):
        return [refused]
    i = await _taken(tx, now, number, "open")
    if i is None:
        return [base.StaleButton()]
    await log.append(tx, now, who.id, "incident.taken", i.number)
    return await _open(tx, who, now, i)


async def _taken(tx: Tx, now: datetime, number: int, state: str) -> Incident | None:
    if not await incident.move(tx, number, ("offered",), state):
        return None
    await clear_deadlines(tx, now, "word", f"E{number}")
    await card.touch(tx, now, f"E{number}", [say.Word.card])
    return await incident.by_id(tx, number)


async def log_only(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Keep a reporter's word in the duty log only."""
    if refused := refuse(who, "记录", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await _taken(tx, now, number, "discarded")
    if i is None:
        return base.StaleButton()
    await log.append(tx, now, who.id, "duty.log", i.number, i.raw)
    return say.WordTaken(number=i.number, what="只记入值班日志")


async def join(tx: Tx, who: Actor, now: datetime, number: int, target: int) -> list[Notice]:
    """Join a reporter's word to an open incident as its next follow-up."""
    from actions.report import follow_up  # noqa: PLC0415 - reports build on incidents, not the other way round

    if refused := refuse(who, "续报", Role.OFFICER, Role.DEPUTY):
        return [refused]
    other = await incident.by_id(tx, target)
    if other is None or other.state != "open":
        await card.touch(tx, now, f"E{number}", [say.Word.card])
        return [say.Closed(number=f"E{target}", at=other.closed_at if other else None)]
    i = await _taken(tx, now, number, "discarded")
    if i is None:
        return [base.StaleButton()]
    await log.append(tx, now, who.id, "incident.joined", i.number, f"并入 E{target}")
    reporter = await people.by_id(tx, i.by_id)
    source = reporter.name if reporter else ""
    return await follow_up(tx, who, now, f"E{target} {i.raw}", "followup", source)


async def discard(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Put an incident away before its first report is sent; its clocks are not required."""
    if refused := refuse(who, "取消", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    reports = await incident.reports_of(tx, number)
    if i is None or i.state != "open" or any(r.state != "draft" for r in reports):
        return (
            base.StaleButton()
            if i is None or i.state != "closed"
            else say.Closed(number=i.number, at=i.closed_at)
        )
    await incident.move(tx, i.id, ("open",), "discarded", closed_at=now)
    await report_clock.stop_all(tx, i, now, who.id)
    await card.touch(tx, now, i.number)
    await log.append(tx, now, who.id, "incident.discarded", i.number)
    return say.Discarded(number=i.number)


async def target(tx: Tx, who: Actor, now: datetime, word: str, text: str) -> tuple[Incident, str] | Notice:
    """Return the open incident a text is about, and the text without its number; else ask, keeping the text."""
    numbered = NUMBERED.match(text)
    open_now = await incident.in_state(tx, "open")
    if numbered:
        i = await incident.by_id(tx, int(numbered[1]))
        if i is not None and i.state in ("open", "closed"):
            return i, text[numbered.end() :]
        if text.strip()[:1] in "Ee":  # an event was named: it must not go to another one
            kept = await draft.keep(tx, now, who.id, word, text[numbered.end() :])
            return say.NoSuch(
                number=f"E{int(numbered[1])}", word=word, draft=kept, open=tuple(o.number for o in open_now)
            )
    if len(open_now) == 1:
        return open_now[0], text
    kept = await draft.keep(tx, now, who.id, word, text)
    if not open_now:
        return say.NoIncident(word=word, draft=kept)
    options = tuple((f"{o.number} {o.title}"[:40], f"{o.number}:{kept}") for o in open_now[:8])
    return base.Choose(
        word=word, act=f"incident.{'final' if word == '终报' else 'followup'}", options=options
    )


def reading_json(data: bytes, received_at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return the reading of a hurried line as JSON values."""
    text = data.decode("utf-8", "replace")
    return dict(to_json(read_report(text, received_at, zone, load_incident_types(), load_direct())))

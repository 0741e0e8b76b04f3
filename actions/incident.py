"""First word of an incident: taken, read without guessing, its clocks started; later joined, put away, listed."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from actions import duty, incident_files, nil_report, report_clock
from actions.authority import refuse
from actions.incident_views import card as card_view
from actions.incident_views import submitted
from actions.report_figures import lowered
from actions.response_views import members, to_call
from actions.view import Asked, promise
from config.tables import load_direct, load_incident_types
from domain.actor import Actor
from domain.followup_text import read_followup
from domain.notice import Notice, Priority
from domain.notices import base, intake, response
from domain.notices import incident as say
from domain.notices.room import FileKept
from domain.people import Role
from domain.report_profile import is_urgent
from domain.report_text import ReportReading, grade, read_report, split_incidents, to_json
from storage import card, draft, evacuee, incident, log, outbox, partner, people, room
from storage.database import Tx
from storage.deadline import clear_deadlines, set_deadline
from storage.incident import Incident

SLACK = timedelta(minutes=2)
"""So far ahead of ours a reporter's clock may go."""
_DEGREES = re.compile(r"位置 -?\d+\.\d+，-?\d+\.\d+")
NUMBERED = re.compile(
    r"^\s*(?:[EeＥｅ]\s*(?=\d{1,6}(?!\d))|(?=\d{1,6}(?:[:：,，]|$|\s+(?![人户名个位口辆台点时分月日号栋楼级米]|$))))"
    r"(\d{1,6})[\s:：,，]*"
)
"""The event at the head of a report: E7 with or without a gap behind it, or a bare number that counts nothing."""


def understand(tx: Tx, text: str, received_at: datetime) -> ReportReading:
    """Return what a hurried line says; the degrees of a place sent from the map are its place when none is named."""
    reading = read_report(_DEGREES.sub(" ", text), received_at, tx.zone, load_incident_types(), load_direct())
    found = _DEGREES.search(text)
    if found is None or reading.place is not None:
        return reading
    return replace(reading, place=found.group(), missing=tuple(m for m in reading.missing if m != "地点"))


def read(tx: Tx, text: str, now: datetime) -> dict[str, Any]:
    """Return the reading of a hurried line as JSON, with the suggested grade and the line that triggered it."""
    reading = understand(tx, text, now)
    out: dict[str, Any] = to_json(reading)
    suggested = grade(reading.figures, reading.subtype, reading.category)
    out["grade"] = {"grade": suggested.grade, "line": suggested.line}
    if reading.occurred_at and reading.occurred_at.value and reading.occurred_at.value > now + SLACK:
        out["occurred_at"]["value"] = None  # a time to come is shown as a doubt, and nothing counts from it
        out["missing"] = list(dict.fromkeys(["确切时间", *out["missing"]]))
    parts = split_incidents(text)
    if len(parts) > 1:
        out["parts"] = list(parts)
    return out


def with_file(text: str, name: str, sha256: str) -> str:
    """Return a report's words with the file that came with them, named by its content."""
    return f"{text}（附{name} {sha256[:8]}）"


def told_by(who: Actor, reading: dict[str, Any]) -> dict[str, Any]:
    """Return a reporter's reading with himself as its source and his phone, where his words name no other."""
    unit = who.posts[0].unit if who.posts else ""
    own, said = f"{unit}{who.name}", reading["source"] or ""
    first_hand = not said or who.name in said or (unit and unit in said)
    contacts = reading["contacts"] or ([{"name": who.name, "phone": who.phone}] if who.phone else [])
    known = {"信息来源", *(("报告人电话",) if contacts else ())}
    return {
        **reading,
        "source": (said or own) if first_hand else f"{own}（据{said}）",
        "contacts": contacts,
        "missing": [m for m in reading["missing"] if m not in known],
    }


@dataclass(frozen=True)
class Came:
    """What came with a first word, and when: a kept file, the mark of its album, the moment of receipt (None: now)."""

    file: FileKept | None = None
    album: str = ""
    received_at: datetime | None = None


NOTHING = Came()


async def first_word(tx: Tx, who: Actor, now: datetime, text: str, came: Came = NOTHING) -> list[Notice]:
    """Take a first report: an officer's becomes an incident at once, a reporter's goes to the officer at once."""
    if refused := refuse(who, "首报", Role.OFFICER, Role.DEPUTY, Role.REPORTER, Role.CONTACT, Role.LEADER):
        return [refused]
    again, officer = NUMBERED.match(text), who.has(Role.OFFICER, Role.DEPUTY)
    if officer and again and text.strip().upper().startswith("E"):
        return await _first_again(tx, who, now, int(again[1]), text[again.end() :])
    received, file = came.received_at or now, came.file
    state = "open" if officer else "offered"
    reading = read(tx, text, received)
    reading = reading if officer else told_by(who, reading)
    key = await keep(tx, who.id, now, text, reading, state, received)
    i = await incident.by_id(tx, key)
    if i is None:
        raise LookupError(f"E{key} was just written")
    await nil_report.overtaken(tx, now, i)
    if file is not None:
        await incident_files.remember_album(tx, now, who.id, came.album, i)
        await incident_files.attach(tx, now, who.id, i, file, "")
    answers = await open_at_once(tx, who, now, i) if officer else [await _offer(tx, now, i)]
    if file is not None:
        await incident_files.show(tx, now, i, file, who, "")
    return answers


async def keep(
    tx: Tx,
    by: int,
    now: datetime,
    text: str,
    reading: dict[str, Any],
    state: str,
    received_at: datetime | None = None,
) -> int:
    """Keep an incident as it was read, received now if not before, and return its key."""
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
        by_id=by,
        received_at=received_at or now,
    )
    await log.append(tx, now, by, "incident.received", f"E{key}", text, reading=reading)
    return key


async def reread(tx: Tx, i: Incident, raw: str, reading: dict[str, Any]) -> None:
    """Write an incident as its words are read now; what makes it urgent is never taken back."""
    suggested, direct = reading["grade"]["grade"], bool(reading["direct_report"]) or i.direct
    await incident.change(
        tx,
        i.id,
        raw=raw,
        reading=reading,
        category=reading["category"],
        subtype=reading["subtype"],
        place=reading["place"],
        grade=suggested,
        direct=direct,
        urgent=i.urgent or is_urgent(suggested, direct=direct),
    )


async def open_at_once(tx: Tx, who: Actor, now: datetime, i: Incident) -> list[Notice]:
    """Start the clocks, keep the first report as a draft, show the card to officer and leader."""
    await report_clock.start(tx, i, now)
    for word in await incident.in_state(tx, "offered"):  # each may be joined to this one from now on
        await card.touch(tx, now, word.number, [say.Word.card])
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
    if i is not None and i.state == "offered" and not text.strip():
        return await take(tx, who, now, number)
    if i is None or i.state != "open":
        kept = await draft.keep(tx, now, who.id, "首报", text)
        return [say.NoSuch(number=f"E{number}", word="首报", draft=kept, open=())]
    if submitted(await incident.reports_of(tx, i.id)):
        return [
            intake.Submitted(
                number=i.number, draft=await draft.keep(tx, now, who.id, "续报", text), drill=i.drill
            )
        ]
    reading = read(tx, text, now)
    if fewer := await _fewer(tx, i, reading, text, now):
        kept = await draft.keep(tx, now, who.id, "首报", text)
        return [say.Lowered(number=i.number, what=fewer, draft=kept, word="首报", drill=i.drill)]
    if reading["direct_report"]:
        await incident.change(tx, i.id, direct=True)
    report = await incident.add_report(tx, now, i.id, "first", text, reading, "draft", who.id)
    await _figures(tx, now, report, who.id, reading)
    await log.append(tx, now, who.id, "report.rewritten", i.number, text)
    shown = await card_view(tx, Asked(i.number, who.id, {}, now))
    return [shown] if shown else []


async def _fewer(tx: Tx, i: Incident, reading: dict[str, Any], text: str, now: datetime) -> str:
    """Return which casualties a first report written anew has fewer of, without a correction and its reason (P5)."""
    given = [{"name": name, "source": "", **f} for name, f in reading["figures"].items() if f]
    correction = read_followup(text, now, tx.zone).correction
    return await lowered(tx, i, given, text, correction=correction)


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
        drill=i.drill,
    )


async def take(tx: Tx, who: Actor, now: datetime, number: int) -> list[Notice]:
    """Make a reporter's word an incident; its clocks run from the first receipt."""
    if refused := refuse(who, "首报", Role.OFFICER, Role.DEPUTY):
        return [refused]
    i = await _taken(tx, now, number, "open")
    if i is None:
        return [base.StaleButton()]
    await log.append(tx, now, who.id, "incident.taken", i.number)
    await tell_outcome(tx, who, now, i, "open")
    return await open_at_once(tx, who, now, i)


async def tell_outcome(
    tx: Tx, who: Actor, now: datetime, i: Incident, state: str, target: str | None = None
) -> None:
    """The reporter hears what became of his word, and whom to call."""
    if i.by_id == who.id:
        return
    officers = await duty.officers_to_tell(tx, now)
    officer = officers[0] if officers else who
    notice = intake.WordOutcome(
        number=i.number,
        state=state,
        target=target,
        officer=officer.name,
        phone=officer.phone or tx.rules.room.phone,
        drill=i.drill,
    )
    await outbox.say(tx, now, notice, person=i.by_id, subject=i.number)


async def _taken(tx: Tx, now: datetime, number: int, state: str, **values: object) -> Incident | None:
    if not await incident.move(tx, number, ("offered",), state, **values):
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
    await tell_outcome(tx, who, now, i, "logged")
    return say.WordTaken(number=i.number, what="只记入值班日志", drill=i.drill)


async def join(tx: Tx, who: Actor, now: datetime, number: int, target: int) -> list[Notice]:
    """Join a reporter's word to an open incident as its next follow-up."""
    from actions.report import follow_up  # noqa: PLC0415 - reports build on incidents, not the other way round

    if refused := refuse(who, "续报", Role.OFFICER, Role.DEPUTY):
        return [refused]
    other = await incident.by_id(tx, target)
    if other is not None and other.state == "offered":
        return [intake.TakeFirst(number=f"E{number}", target=other.number)]
    if other is None or other.state != "open":
        await card.touch(tx, now, f"E{number}", [say.Word.card])
        return [
            say.Closed(number=other.number, at=other.closed_at, state=other.state, drill=other.drill)
            if other
            else base.NotFound(number=f"E{target}", example="并入 E9 E7")
        ]
    word = await incident.by_id(tx, number)
    if word is not None and word.drill != other.drill:
        return [not_of_a_kind(word)]
    i = await _taken(tx, now, number, "discarded", joined_id=other.id)
    if i is None:
        return [base.StaleButton()]
    await log.append(tx, now, who.id, "incident.joined", i.number, f"并入 E{target}")
    await incident_files.carry(tx, now, who.id, i, other)
    await tell_outcome(tx, who, now, i, "joined", other.number)
    reporter = await people.by_id(tx, i.by_id)
    source = reporter.name if reporter else ""
    return await follow_up(tx, who, now, f"E{target} {i.raw}", "followup", source)


def not_of_a_kind(i: Incident) -> Notice:
    """Say that what belongs to an exercise and what is real are never joined: neither is reported as the other."""
    what = "首报" if i.state == "offered" else "取消"
    return base.WrongForm(why="演练的和真实的不能并入，没有改动。", example=f"{what} {i.number}")


async def discard(tx: Tx, who: Actor, now: datetime, number: int) -> Notice | list[Notice]:
    """Put an incident away before its first report is sent; its clocks are not required."""
    if refused := refuse(who, "取消", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    reports = await incident.reports_of(tx, number)
    if i is None or i.state != "open" or any(r.state != "draft" for r in reports):
        return _not_discarded(i)
    moved, back = await evacuee.totals(tx, i.id)
    if moved > back:
        why = f"{i.number} 登记转移的人还没有全部返回，没有取消。"
        return base.WrongForm(why=why, example=f"返回 {i.number} 全部")
    await incident.move(tx, i.id, ("open",), "discarded", closed_at=now)
    await report_clock.stop_all(tx, i, now, who.id)
    await card.touch(tx, now, i.number)
    await log.append(tx, now, who.id, "incident.discarded", i.number)
    return [say.Discarded(number=i.number, drill=i.drill), *await _called_off(tx, who, now, i)]


async def _called_off(tx: Tx, who: Actor, now: datetime, i: Incident) -> list[Notice]:
    """Every unit that was called hears that nobody need come; whom nobody can write to is named to be phoned."""
    units = {row.unit_id: row.unit for row in await partner.of_incident(tx, i.id)}
    if not units:
        return []
    found = await members(tx, now, list(units))
    notice = response.CalledOff(
        number=i.number, title=i.title, by=who.name, phone=who.phone, at=now, drill=i.drill
    )
    for one in found:
        if one.reachable:
            await outbox.say(tx, now, notice, person=one.id, subject=i.number)
    told = {one.unit_id for one in found if one.reachable}
    return [
        response.CalledOffForRoom(
            number=i.number,
            units=tuple(name for key, name in units.items() if key in told),
            call=tuple(
                f"{name} {to_call(found, key)}".strip() for key, name in units.items() if key not in told
            ),
            drill=i.drill,
        )
    ]


def _not_discarded(i: Incident | None) -> Notice:
    if i is not None and i.state == "closed":
        return say.Closed(number=i.number, at=i.closed_at, drill=i.drill)
    if i is not None and i.state == "discarded" and not i.joined_id:
        return say.Discarded(number=i.number, again=True, drill=i.drill)
    if i is None or i.state != "open":
        return base.StaleButton()
    why = f"{i.number} 的报告已提交，不能取消。处置结束请发终报。"
    return base.WrongForm(why=why, example=f"终报 {i.number} 处置完毕，人员全部返回")


async def target(tx: Tx, who: Actor, now: datetime, word: str, text: str) -> tuple[Incident, str] | Notice:
    """Return the open incident a text is about, and the text without its number; else ask, keeping the text."""
    numbered = NUMBERED.match(text)
    open_now = await incident.in_state(tx, "open")
    if numbered:
        i = await incident.by_id(tx, int(numbered[1]))
        if i is not None and i.state in ("open", "closed"):
            return i, text[numbered.end() :]
        if text.strip()[:1] in "EeＥｅ":  # an event was named: it must not go to another one
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

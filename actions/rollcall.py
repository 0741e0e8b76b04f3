"""Roll call (点名/查岗): who is named, else the officer on duty, answers a code in time, or the asker hears."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from actions import duty
from actions.authority import refuse
from actions.deadline import step
from actions.duty import Responsible
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from storage import log, outbox, people, room
from storage.database import Tx
from storage.deadline import Deadline, clear_deadlines, set_deadline
from storage.room import RollCall

SHORT = 12
"""Characters a code typed without 点名 may come with: 4821, 口令4821."""
ASKERS = (Role.LEADER, Role.ADMIN, Role.SUPERIOR)
CALLED = (Role.OFFICER, Role.DEPUTY, Role.LEADER)
ON_DUTY = ("值班员", "主班", "值班室", "当班", "在岗")
"""Words for the officer on duty, who is called where nobody is named."""
_BETWEEN = " ,、，。;；和及"
JOINED = "rollcall.joined"
"""Somebody else asked while a roll call was running: the result is theirs too."""
ANSWERABLE = timedelta(hours=24)
"""A late answer is taken for so long; after that the roll call is history."""


async def call_or_answer(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Answer the roll call that waits for this person; else ask the officer on duty."""
    waiting = await _waiting(tx, who.id, now, text)
    if waiting is not None:
        return await _answer(tx, who, now, waiting, text)
    if text and not who.has(*ASKERS):
        return base.NothingOpen(word="点名")
    if refused := refuse(who, "点名", *ASKERS):
        return refused
    officer = await duty.officer_now(tx, now)
    if officer is None:
        await log.append(tx, now, who.id, "rollcall.nobody")
        return say.RollCallNobody()
    return await _ask(tx, who, now, officer)


async def call_named(tx: Tx, who: Actor, now: datetime, text: str) -> list[Notice]:
    """Ask the people a text names, or say why they cannot be called; nothing is said of an answer."""
    named = await _named(tx, text) if who.has(*ASKERS) else []
    if isinstance(named, Notice):
        return [] if await _waiting(tx, who.id, now) else [named]
    return [await _ask(tx, who, now, one) for one in named]


async def _named(tx: Tx, text: str) -> list[Responsible] | Notice:
    """Return the people a text names, nobody for the officer on duty, or why they cannot be called."""
    rest = text.strip(_BETWEEN)
    if not rest or rest in ON_DUTY or _codes(text):
        return []
    found = [a for a in await people.everybody(tx) if a.name in text and a.has(*CALLED)]
    for one in found:
        rest = rest.replace(one.name, "", 1)
    if found and not rest.strip(_BETWEEN) and len({a.name for a in found}) == len(found):
        return [Responsible(a.id, a.name, a.phone) for a in sorted(found, key=lambda a: text.index(a.name))]
    wrong = rest.strip(_BETWEEN) or found[0].name
    why = f"「{wrong[:20]}」不是一位值班员、副班或带班领导的姓名，没有点名。不写姓名就是点当班值班员。"
    return base.WrongForm(why=why, example="点名 何琳")


async def _waiting(tx: Tx, person: int, now: datetime, text: str = "") -> RollCall | None:
    """Return the roll call whose code is typed, else the newest that waits for this person."""
    found = [call for call in await room.open_rollcalls(tx, person) if now - call.asked_at <= ANSWERABLE]
    meant = [call for call in found if _codes(text) == {call.code}]
    return next(iter([*meant, *found]), None)


async def _ask(tx: Tx, who: Actor, now: datetime, called: Responsible) -> Notice:
    if called.id == who.id:
        return base.WrongForm(why=f"{called.name} 就是您本人，不必点名。", example="点名 何琳")
    running = await _waiting(tx, called.id, now)
    if running is not None and now < running.due_at:
        if who.id != running.asked_by:
            await log.append(tx, now, who.id, JOINED, f"R{running.id}", called.name)
        return _opened(running.id, called, running.due_at, running.asked_at, already=True)
    return await _open(tx, who, now, called)


def _opened(key: int, officer: Responsible, due: datetime, at: datetime, *, already: bool) -> Notice:
    return say.RollCallOpened(
        number=f"R{key}", name=officer.name, phone=officer.phone, due_at=due, at=at, already=already
    )


async def _open(tx: Tx, who: Actor, now: datetime, officer: Responsible) -> Notice:
    code = f"{secrets.randbelow(10_000):04d}"
    due = now + tx.rules.misc.rollcall
    key = await room.add_rollcall(tx, now, who.id, officer.id, code, due)
    number = f"R{key}"
    await log.append(tx, now, who.id, "rollcall.asked", number, officer.name)
    await set_deadline(tx, "rollcall", number, "due", due, Priority.CLOCK)
    asked = say.RollCallAsked(number=number, asker=who.name, code=code, due_at=due)
    await outbox.say(tx, now, asked, person=officer.id, subject=number, key=f"rollcall.asked:{number}")
    return _opened(key, officer, due, now, already=False)


async def _answer(tx: Tx, who: Actor, now: datetime, call: RollCall, text: str) -> Notice:
    given = text.strip()
    number = f"R{call.id}"
    if _codes(given) != {call.code}:
        if given:
            await log.append(tx, now, who.id, "rollcall.wrong", number, given[:20])
            await _tell(tx, now, call, "wrong")
        return say.RollCallWrong(number=number, given=given[:20], due_at=call.due_at)
    late = max(1, round((now - call.due_at).total_seconds() / 60)) if now > call.due_at else None
    await room.answer_rollcall(tx, now, call.id)
    await clear_deadlines(tx, now, "rollcall", number)
    await log.append(tx, now, who.id, "rollcall.answered", number, late=late)
    await outbox.drop_pending(tx, number, [say.RollCallResult.kind()], "已应答")
    await _tell(tx, now, call, "late" if late else "in_time", answered_late=late)
    return say.RollCallAnswered(number=number, at=now, late_minutes=late)


def _codes(text: str) -> set[str]:
    """Return the codes in an answer: 4821, ４８２１, 4821 在岗."""
    return set(re.findall(r"(?<!\d)\d{4}(?!\d)", unicodedata.normalize("NFKC", text)))


async def answer_bare(tx: Tx, who: Actor, now: datetime, text: str) -> Notice | None:
    """Take the right code typed alone as the answer to the roll call that waits; None for other words."""
    waiting = await _waiting(tx, who.id, now, text) if len(text) < SHORT and _codes(text) else None
    right = waiting is not None and _codes(text) == {waiting.code}
    return await _answer(tx, who, now, waiting, text) if waiting is not None and right else None


async def _tell(
    tx: Tx,
    now: datetime,
    call: RollCall,
    outcome: str,
    *,
    answered_late: int | None = None,
    late_minutes: int | None = None,
) -> None:
    person = await people.by_id(tx, call.person_id)
    result = say.RollCallResult(
        number=f"R{call.id}",
        name=person.name if person else "",
        phone=person.phone if person else "",
        outcome=outcome,
        asked_at=call.asked_at,
        at=now,
        answered_late=answered_late,
        late_minutes=late_minutes,
    )
    key = f"rollcall.{outcome}:R{call.id}"
    joined = await log.entries(tx, subject=f"R{call.id}", act=JOINED, since=call.asked_at)
    askers = {e.person_id for e in joined if e.person_id is not None}
    await outbox.say(tx, now, result, person=call.asked_by, subject=f"R{call.id}", key=key)
    for asker in sorted(askers - {call.asked_by}):
        await outbox.say(tx, now, result, person=asker, subject=f"R{call.id}", key=f"{key}:P{asker}")


@step("rollcall")
async def unanswered(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Nobody answered in time: the asker hears it."""
    call = await room.rollcall(tx, int(deadline.subject[1:]))
    if call is None or call.answered_at is not None:
        return
    await log.append(tx, now, None, "rollcall.unanswered", deadline.subject, late=deadline.late_minutes)
    await _tell(tx, now, call, "none", late_minutes=deadline.late_minutes)

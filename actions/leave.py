"""请假: asked by the person, granted by a leader, or entered by an admin; the shifts it touches are said at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from actions import duty, finding
from actions.authority import refuse
from actions.slot import bounds
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.leave_text import read_leave
from domain.notice import Notice
from domain.notices import base
from domain.notices import leave as say
from domain.people import Role
from storage import card, leave, log, outbox, people, roster
from storage.database import Tx
from storage.leave import Leave

STAFF = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER)
ASKERS = (*STAFF, Role.ADMIN)
DECIDERS = (Role.LEADER, Role.ADMIN)
EXAMPLE = "请假 8.1-8.5 年休假"
LONGEST_NAME = 4


async def ask(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Ask for leave, or (admin) enter somebody's; without text show what stands."""
    if refused := refuse(who, "请假", *ASKERS):
        return refused
    today = now.astimezone(tx.zone).date()
    if not text:
        return await _listing(tx, who, today)
    said = read_leave(text, {p.name for p in await people.everybody(tx)}, today)
    if said is None:
        head = text.split(maxsplit=1)[0]
        unknown = len(text.split()) > 1 and not any(c.isdigit() for c in head) and len(head) <= LONGEST_NAME
        why = (
            f"没有看懂日期，或人员表里没有「{head}」，没有记录。"
            if unknown
            else "没有看懂请假的日期，没有记录。"
        )
        return base.WrongForm(why=why, example=EXAMPLE)
    found = await people.by_name(tx, said.name) if said.name else [who]
    person = found[0] if len(found) == 1 else None
    if person is None:
        return base.WrongForm(why=f"有 {len(found)} 位叫{said.name}，没有记录。", example=EXAMPLE)
    if person.id != who.id and (refused := refuse(who, "替别人请假", Role.ADMIN)):
        return refused
    if said.last < today:
        return base.WrongForm(why="请假的日期已经过去，没有记录。", example=EXAMPLE)
    return await _add(tx, who, now, person, said.first, said.last, said.reason)


async def _add(tx: Tx, who: Actor, now: datetime, person: Actor, first: date, last: date, why: str) -> Notice:
    for old in await leave.standing(tx, first):
        if old.person_id == person.id and old.first <= last:
            return say.LeaveRefused(number=old.id, why="overlaps", first=old.first, last=old.last)
    granted = who.has(Role.ADMIN)
    key = await leave.add(
        tx, now, person.id, first, last, why, state="granted" if granted else "asked", by=who.id
    )
    days = f"{first} 至 {last}"
    await log.append(tx, now, who.id, "leave.asked", f"Q{key}", f"{person.name} {days} {why}".strip())
    if granted:
        await finding.refresh(tx, now)
    else:
        for leader in await _deciders(tx, now, person.id):
            await promise(tx, now, f"Q{key}", say.LeaveCard, person=leader)
    if granted and person.id != who.id:
        await promise(tx, now, f"Q{key}", say.LeaveCard, person=person.id)
    shown = await leave_card(tx, Asked(f"Q{key}", who.id, {}, now))
    return shown or base.NotFound(number=f"Q{key}", example="请假")


async def _deciders(tx: Tx, now: datetime, person: int) -> list[int]:
    for group in (await duty.leaders_to_tell(tx, now), await people.with_role(tx, Role.LEADER)):
        if found := sorted({p.id for p in group} - {person}):
            return found
    return [p.id for p in await duty.admins(tx)]


@view(say.LeaveCard)
async def leave_card(tx: Tx, asked: Asked) -> say.LeaveCard | None:
    """Return a leave as it stands, with the shifts it touches."""
    found = await leave.by_id(tx, asked.number)
    if found is None:
        return None
    start, end = bounds(tx, found.first, found.last)
    touched = [s for s in await roster.between(tx, start, end) if s.person_id == found.person_id]
    return say.LeaveCard(
        number=found.id,
        name=found.name,
        first=found.first,
        last=found.last,
        reason=found.reason,
        state=found.state,
        own=asked.person_id == found.person_id,
        shifts=tuple((s.id, f"{s.label}{s.post.word}", s.starts_at) for s in touched),
    )


async def _listing(tx: Tx, who: Actor, today: date) -> Notice:
    every = await leave.standing(tx, today)
    seen = every if who.has(*DECIDERS, Role.OFFICER) else [x for x in every if x.person_id == who.id]
    return say.Leaves(
        lines=tuple(
            say.LeaveLine(
                number=x.id, name=x.name, first=x.first, last=x.last, reason=x.reason, state=x.state
            )
            for x in seen[:30]
        )
    )


async def decide(tx: Tx, who: Actor, now: datetime, number: int, *, yes: bool, why: str = "") -> Notice:
    """同意 or 不同意 of a leader (not on their own) or an admin."""
    found = await leave.by_id(tx, number)
    if found is None:
        return base.NotFound(number=f"Q{number}", example="同意 Q3")
    if refused := refuse(who, "批准请假", *DECIDERS):
        return refused
    if who.id == found.person_id and not who.has(Role.ADMIN):
        return say.LeaveRefused(number=number, why="own", first=found.first, last=found.last)
    state = "granted" if yes else "refused"
    if not await leave.decide(tx, now, number, ("asked",), state, who.id):
        return say.LeaveRefused(number=number, why=found.state, first=found.first, last=found.last)
    return await _decided(tx, who, now, found, state, why)


async def end(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """销假: the person back early, or an admin, ends a leave."""
    found = await leave.by_id(tx, number)
    if found is None:
        return base.NotFound(number=f"Q{number}", example="销假 Q3")
    if who.id != found.person_id and (refused := refuse(who, "销假", Role.ADMIN)):
        return refused
    if not await leave.decide(tx, now, number, ("asked", "granted"), "ended", who.id):
        return say.LeaveRefused(number=number, why=found.state, first=found.first, last=found.last)
    return await _decided(tx, who, now, found, "ended")


async def _decided(tx: Tx, who: Actor, now: datetime, found: Leave, state: str, why: str = "") -> Notice:
    await card.touch(tx, now, f"Q{found.id}", [say.LeaveCard.card])
    await log.append(tx, now, who.id, f"leave.{state}", f"Q{found.id}", f"{found.name} {why}".strip())
    await finding.refresh(tx, now)
    notice = say.LeaveDecided(
        number=found.id,
        name=found.name,
        first=found.first,
        last=found.last,
        state=state,
        by=who.name,
        why=why,
    )
    if found.person_id != who.id:
        key = f"leave:{found.id}:{state}"
        await outbox.say(tx, now, notice, person=found.person_id, subject=f"Q{found.id}", key=key)
    return notice


async def waiting_for(tx: Tx, who: Actor, now: datetime) -> list[int]:
    """Return the leaves that wait for this person's 同意."""
    if not who.has(*DECIDERS):
        return []
    today = now.astimezone(tx.zone).date()
    asked = [x for x in await leave.standing(tx, today - timedelta(days=1)) if x.state == "asked"]
    return [x.id for x in asked if x.person_id != who.id]


async def running_of(tx: Tx, who: Actor, now: datetime, said: str = "") -> list[int]:
    """Return the leaves that were asked for or granted and are not over: of who is named in `said`, else one's own."""
    today = now.astimezone(tx.zone).date()
    named = {a.id for a in await people.with_role(tx, *STAFF) if a.name in said}
    return [x.id for x in await leave.standing(tx, today) if x.person_id in (named or {who.id})]


async def with_shifts(tx: Tx, taken: Sequence[dict[str, str]], lines: Sequence[str]) -> list[str]:
    """Return the lines of a leave sheet with the shifts each leave touches, those that touch any first."""
    marked, plain = [], []
    for row, line in zip(taken, lines, strict=True):
        days = bounds(tx, date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
        own = [s for s in await roster.between(tx, *days) if s.person_id == int(row["person"])]
        said = "、".join(
            f"S{s.id} {s.label}{s.post.word} {s.starts_at.astimezone(tx.zone):%m-%d}" for s in own
        )
        marked += [f"{line} ⚠️这几天有班：{said}"] if own else []
        plain += [] if own else [line]
    return marked + plain


async def lay_in(tx: Tx, by: int, now: datetime, rows: list[dict[str, str]]) -> int:
    """Write the leaves of a checked sheet, granted; return how many. The same leave again changes nothing."""
    known = {(x.person_id, x.first, x.last) for x in await leave.standing(tx, date.min)}
    made = 0
    for row in rows:
        person, first, last = (
            int(row["person"]),
            date.fromisoformat(row["first"]),
            date.fromisoformat(row["last"]),
        )
        if (person, first, last) not in known:
            await leave.add(tx, now, person, first, last, row["reason"], state="granted", by=by)
            made += 1
    await finding.refresh(tx, now)
    return made

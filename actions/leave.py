"""请假: asked by the person, granted by a leader, or entered by an admin; the shifts it touches are said at once."""

from datetime import date, datetime, timedelta
from typing import Any

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
    said = f"{person.name} {first} 至 {last}"
    await log.append(tx, now, who.id, "leave.asked", f"Q{key}", said, reason=why)  # officers read the words
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
    """Return a leave as it stands, with the shifts it touches; why only for the person, leaders and admins."""
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
        reason=found.reason if await _may_read_why(tx, asked.person_id, found) else "",
        state=found.state,
        own=asked.person_id == found.person_id,
        shifts=tuple((s.id, f"{s.label}{s.post.word}", s.starts_at) for s in touched),
    )


async def _may_read_why(tx: Tx, reader: int | None, found: Leave) -> bool:
    who = await people.by_id(tx, reader) if reader else None
    return who is not None and (who.id == found.person_id or who.has(*DECIDERS))


async def _listing(tx: Tx, who: Actor, today: date) -> Notice:
    """Return the leaves that stand; who does not decide sees of others that they are away, and until when."""
    every = await leave.standing(tx, today)
    whole = [x for x in every if who.has(*DECIDERS) or x.person_id == who.id]
    seen = [x for x in every if x in whole or x.state == "granted"]
    return say.Leaves(
        lines=tuple(
            say.LeaveLine(
                number=x.id,
                name=x.name,
                first=x.first,
                last=x.last,
                reason=x.reason if x in whole else "",
                state=x.state,
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


async def against_standing(tx: Tx, read: dict[str, Any]) -> dict[str, Any]:
    """Return a sheet of leave with what is known of it: the shifts each touches first; an overlap is an error."""
    marked, plain, errors = [], [], []
    for row, line in zip(read["taken"], read["lines"], strict=True):
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        own = [
            s for s in await roster.between(tx, *bounds(tx, first, last)) if s.person_id == int(row["person"])
        ]
        said = "、".join(
            f"S{s.id} {s.label}{s.post.word} {s.starts_at.astimezone(tx.zone):%m-%d}" for s in own
        )
        known = await _touching(tx, row)
        stands = f"（已登记 Q{known[0].id}，不再登记）" if known else ""
        marked += [f"{line}{stands} ⚠️这几天有班：{said}"] if own else []
        plain += [] if own else [f"{line}{stands}"]
        errors += [
            {
                "where": f"{old.name} 请假",
                "value": f"{first} 至 {last}",
                "reason": f"与已登记的 Q{old.id}（{old.first} 至 {old.last}）重叠；请改日期，或先发：销假 Q{old.id}",
            }
            for old in known
            if not old.first <= first <= last <= old.last
        ]
    return {**read, "lines": marked + plain, "errors": [*read["errors"], *errors]}


async def _touching(tx: Tx, row: dict[str, str]) -> list[Leave]:
    """Return the leaves that stand for a person on any of a row's days."""
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    since = await leave.standing(tx, first)
    return [x for x in since if x.person_id == int(row["person"]) and x.first <= last]


async def lay_in(tx: Tx, by: int, now: datetime, rows: list[dict[str, str]]) -> int:
    """Write the leaves of a checked sheet, granted; return how many. A day of somebody's leave is kept once."""
    made = 0
    for row in rows:
        if await _touching(tx, row):
            continue
        first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
        await leave.add(tx, now, int(row["person"]), first, last, row["reason"], state="granted", by=by)
        made += 1
    await finding.refresh(tx, now)
    return made

"""The cascade as each reader sees it now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from actions import duty
from actions.view import Asked, view, views
from domain.actor import Actor
from domain.notices import callout as say
from storage import bulletin, callout, people
from storage.bulletin import Bulletin
from storage.callout import Contact
from storage.database import Tx

GLANCE = 8
"""How many silent names the live card lists: totals must stay in sight on a phone."""
SHOWN = 12
"""How many silent names a card lists; the rest is counted, and comes up as names are answered."""


def head(b: Bulletin) -> say.Head:
    """Return how a bulletin is named everywhere."""
    return say.Head(
        number=b.number,
        issuer=b.issuer,
        hazard=b.hazard,
        colour=b.colour,
        action=b.action,
        issued_at=b.issued_at,
        received_at=b.received_at,
        drill=b.drill,
    )


async def successor(tx: Tx, b: Bulletin) -> str | None:
    """Return the number of the bulletin that superseded or cancelled this one."""
    if b.state not in ("superseded", "ended"):
        return None
    later = [s for s in await bulletin.recent(tx, b.received_at) if s.predecessor_id == b.id]
    return later[0].number if later else None


def mine(contacts: list[Contact], person: int) -> list[Contact]:
    """Return the duties a person has now: as A always, as B once told."""
    return [c for c in contacts if c.a_id == person or (c.b_id == person and c.b_told_at is not None)]


def late_minutes(tx: Tx, c: Contact, b: Bulletin) -> int | None:
    """Return by how many minutes an acknowledgement missed the limit, counted from the contact's own receipt."""
    start = c.delivered_at or b.dispatched_at
    if c.acked_at is None or start is None:
        return None
    over = c.acked_at - start - tx.rules.callout.on_time
    return max(1, round(over.total_seconds() / 60)) if over.total_seconds() > 0 else None


async def silent_lines(tx: Tx, b: Bulletin, contacts: list[Contact]) -> list[say.Silent]:
    """Return the silent contacts as the officer needs them: those called least first, then from the top down."""
    levels = {level: order for order, level in enumerate(tx.rules.callout.levels)}
    attempts = Counter(call.contact_id for call in await callout.calls(tx, b.id) if not call.reached)
    lines = [
        say.Silent(
            id=c.id,
            unit=c.unit,
            name=c.a_name,
            phone=c.a_phone,
            b_name=c.b_name if c.b_id != c.a_id else None,
            b_phone=c.b_phone if c.b_id != c.a_id else None,
            attempts=attempts[c.id],
            undeliverable=c.undeliverable,
        )
        for c in sorted(contacts, key=lambda c: (levels.get(c.level, 9), c.unit_id))
        if c.acked_at is None
    ]
    return sorted(lines, key=lambda s: s.attempts)


@views(say.Order, say.ToldB)
async def orders(tx: Tx, asked: Sequence[Asked]) -> list[say.Order | None]:
    """Return the verbatim text with each reader's duties."""
    b = await bulletin.by_id(tx, asked[0].number)
    if b is None:
        return [None for _ in asked]
    readers = [one.person_id for one in asked if one.person_id is not None]
    theirs = {p: mine(found, p) for p, found in (await callout.of_people(tx, b.id, readers)).items()}
    names = await people.by_ids(tx, [c.acked_by for found in theirs.values() for c in found if c.acked_by])
    after = await successor(tx, b)
    return [_order(tx, b, one, theirs.get(one.person_id or 0, []), names, after) for one in asked]


def _order(
    tx: Tx, b: Bulletin, asked: Asked, duties: list[Contact], names: dict[int, Actor], after: str | None
) -> say.Order | None:
    if not duties:
        return None
    return say.Order(
        head=head(b),
        raw=b.raw,
        duties=tuple(
            say.Duty(
                unit=c.unit,
                as_b=c.a_id != asked.person_id,
                a_name=c.a_name,
                acked_at=c.acked_at,
                acked_by=names[c.acked_by].name if c.acked_by and c.acked_by != asked.person_id else None,
                acked_how=c.acked_how,
                late_minutes=late_minutes(tx, c, b),
                passed_at=c.passed_at,
                passed_note=c.passed_note,
            )
            for c in duties
        ),
        state=b.state,
        successor=after,
        since_b=all(c.a_id != asked.person_id for c in duties),
        late_minutes=asked.data.get("late_minutes"),
    )


@view(say.Reminder, say.Reshown)
async def reminder(tx: Tx, asked: Asked) -> say.Reminder | None:
    """Return the reminder unless everything was answered meanwhile."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.state != "live" or asked.person_id is None or b.dispatched_at is None:
        return None
    duties = mine(await callout.of_person(tx, b.id, asked.person_id), asked.person_id)
    waiting = [c for c in duties if c.acked_at is None]
    if not waiting:
        return None
    left = b.dispatched_at + tx.rules.callout.on_time - asked.now
    return say.Reminder(
        head=head(b),
        units=tuple(c.unit for c in waiting),
        left_minutes=int(left.total_seconds() // 60),
        late_minutes=asked.data.get("late_minutes"),
    )


@view(say.PassReminder)
async def pass_reminder(tx: Tx, asked: Asked) -> say.PassReminder | None:
    """Return the reminder of passing on unless that was answered meanwhile."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.state != "live" or asked.person_id is None:
        return None
    duties = mine(await callout.of_person(tx, b.id, asked.person_id), asked.person_id)
    waiting = tuple(c.unit for c in duties if c.acked_at is not None and c.passed_at is None)
    late = asked.data.get("late_minutes")
    return say.PassReminder(head=head(b), units=waiting, late_minutes=late) if waiting else None


@view(say.CallList)
async def call_list(tx: Tx, asked: Asked) -> say.CallList | None:
    """Return whom the officer still has to call."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None:
        return None
    contacts = await callout.of_bulletin(tx, b.id)
    silent = await silent_lines(tx, b, [c for c in contacts if c.listed_at is not None])
    return say.CallList(
        head=head(b),
        silent=tuple(silent[:SHOWN]),
        more=max(0, len(silent) - SHOWN),
        reached=sum(c.acked_how == "phone" for c in contacts),
        late_minutes=asked.data.get("late_minutes"),
        state=b.state,
    )


@view(say.ParentUnit)
async def parent_unit(tx: Tx, asked: Asked) -> say.ParentUnit | None:
    """Return which grids below this person's village are silent."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.state != "live" or asked.person_id is None:
        return None
    villages = {c.unit_id for c in await callout.of_person(tx, b.id, asked.person_id)}
    below = [c for c in await callout.silent(tx, b.id) if c.parent_unit_id in villages]
    silent = await silent_lines(tx, b, below)
    late = asked.data.get("late_minutes")
    return say.ParentUnit(head=head(b), silent=tuple(silent), late_minutes=late) if silent else None


@view(say.LeaderAlarm)
async def leader_alarm(tx: Tx, asked: Asked) -> say.LeaderAlarm | None:
    """Return who is silent, for the leader."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None:
        return None
    contacts = await callout.of_bulletin(tx, b.id)
    silent = await silent_lines(tx, b, contacts)
    officer = await duty.officer_now(tx, asked.now)
    return say.LeaderAlarm(
        head=head(b),
        silent=tuple(silent[:SHOWN]),
        more=max(0, len(silent) - SHOWN),
        total=len(contacts),
        officer=officer.name if officer else "（无人在岗）",
        late_minutes=asked.data.get("late_minutes"),
        state=b.state,
    )


@view(say.Progress)
async def progress(tx: Tx, asked: Asked) -> say.Progress | None:
    """Return the live totals; names only, no numbers, where the reader is a group."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.dispatched_at is None:
        return None
    contacts = await callout.of_bulletin(tx, b.id)
    silent = await silent_lines(tx, b, contacts)
    levels = [level for level in tx.rules.callout.levels if any(c.level == level for c in contacts)]
    return say.Progress(
        head=head(b),
        state=b.state,
        successor=await successor(tx, b),
        dispatched_at=b.dispatched_at,
        due_at=b.dispatched_at + tx.rules.callout.on_time,
        levels=tuple(_level(level, [c for c in contacts if c.level == level]) for level in levels),
        silent=tuple(silent[:GLANCE]),
        more=max(0, len(silent) - GLANCE),
        by_phone=sum(c.acked_how == "phone" for c in contacts),
        by_b=sum(c.acked_by is not None and c.acked_by == c.b_id != c.a_id for c in contacts),
        masked=asked.person_id is None,
    )


def _level(level: str, contacts: list[Contact]) -> say.Level:
    return say.Level(
        level=level,
        total=len(contacts),
        acked=sum(c.acked_at is not None for c in contacts),
        passed=sum(c.passed_at is not None for c in contacts),
    )


async def recent(tx: Tx, since: datetime) -> say.Recent:
    """Return live and recent warnings with their counts."""
    lines = []
    for b in await bulletin.recent(tx, since):
        contacts = await callout.of_bulletin(tx, b.id)
        acked = sum(c.acked_at is not None for c in contacts)
        lines.append(say.Line(head=head(b), state=b.state, acked=acked, total=len(contacts)))
    return say.Recent(lines=tuple(lines))

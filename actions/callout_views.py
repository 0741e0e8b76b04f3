"""The cascade as each reader sees it now."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions import duty
from actions.view import Asked, view, views
from domain.actor import Actor
from domain.notices import callout as say
from storage import bulletin, callout, incident, people
from storage.bulletin import Bulletin
from storage.callout import Contact
from storage.database import Tx

GLANCE = 8
"""How many silent names the live card lists: totals must stay in sight on a phone."""
CALLS = 5
"""How many of the latest calls the live card shows."""
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


async def superseded(tx: Tx, b: Bulletin) -> say.Superseded:
    """Return what has happened to a bulletin that is no longer live: which to answer now, or that it all has ended."""
    last, by = b, await successor(tx, b)
    while by is not None and last.state == "superseded":
        after = await bulletin.by_id(tx, int(by[1:]))
        if after is None or after.state not in ("superseded", "ended"):
            break
        last, by = after, await successor(tx, after)
    through = last.number if last.id != b.id and last.state == "ended" else None
    return say.Superseded(number=b.number, state=last.state, through=through, successor=by, drill=b.drill)


def mine(contacts: list[Contact], person: int) -> list[Contact]:
    """Return the duties a person has now: as A always, as B once told."""
    return [c for c in contacts if c.a_id == person or (c.b_id == person and c.b_told_at is not None)]


def late_minutes(tx: Tx, c: Contact, b: Bulletin) -> int | None:
    """Return by how many minutes an acknowledgement missed the limit, counted from the contact's own receipt."""
    return _late(c, b, c.acked_at, tx.rules.callout.on_time)


def late_passing(tx: Tx, c: Contact, b: Bulletin) -> int | None:
    """Return by how many minutes passing on missed its limit, counted from the contact's own receipt."""
    return _late(c, b, c.passed_at, tx.rules.callout.pass_on)


def _late(c: Contact, b: Bulletin, at: datetime | None, limit: timedelta) -> int | None:
    start = c.delivered_at or b.dispatched_at
    if at is None or start is None:
        return None
    over = (at - start - limit).total_seconds()
    return max(1, round(over / 60)) if over > 0 else None


async def silent_lines(tx: Tx, contacts: list[Contact], now: datetime | None = None) -> list[say.Silent]:
    """Return silent contacts as the officer needs them to call, in the order given; `now`: with who is calling."""
    calls = [call for call in await callout.calls_to(tx, [c.id for c in contacts]) if not call.reached]
    attempts = Counter(call.contact_id for call in calls if call.withdraws_id is None)
    callers = await people.by_ids(tx, [c.claimed_by for c in contacts if c.claimed_by])
    return [
        say.Silent(
            id=c.id,
            unit=c.unit,
            name=c.a_name,
            phone=c.a_phone,
            b_name=c.b_name if c.b_id != c.a_id else None,
            b_phone=c.b_phone if c.b_id != c.a_id else None,
            attempts=attempts[c.id],
            undeliverable=c.undeliverable,
            caller=callers[c.claimed_by].name
            if now and c.claimed_by in callers and c.claimed_until and c.claimed_until > now
            else None,
        )
        for c in contacts
    ]


@views(say.Order, say.ToldB)
async def orders(tx: Tx, asked: Sequence[Asked]) -> list[say.Order | None]:
    """Return the verbatim text with each reader's duties."""
    b = await bulletin.by_id(tx, asked[0].number)
    if b is None:
        return [None for _ in asked]
    readers = [one.person_id for one in asked if one.person_id is not None]
    theirs = {p: mine(found, p) for p, found in (await callout.of_people(tx, b.id, readers)).items()}
    names = await people.by_ids(tx, [c.acked_by for found in theirs.values() for c in found if c.acked_by])
    grids = await _grids(tx, b.id, [c for found in theirs.values() for c in found])
    after = await successor(tx, b)
    return [_order(tx, b, one, theirs.get(one.person_id or 0, []), names, grids, after) for one in asked]


def _order(
    tx: Tx,
    b: Bulletin,
    asked: Asked,
    duties: list[Contact],
    names: dict[int, Actor],
    grids: dict[int, say.Grids],
    after: str | None,
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
                passed_how=c.passed_how,
                late_passing=late_passing(tx, c, b),
                cannot=c.cannot_why if c.cannot_at and not c.passed_at else None,
                grids=grids.get(c.id),
            )
            for c in duties
        ),
        advice=b.advice,
        state=b.state,
        successor=after,
        late_minutes=asked.data.get("late_minutes"),
    )


async def _grids(tx: Tx, bulletin_id: int, duties: list[Contact]) -> dict[int, say.Grids]:
    """Return how far the grids of villages have answered, by the village's contact: they prove that it passed on."""
    villages = {c.unit_id: c.id for c in duties if c.level != "grid"}
    found = await callout.below(tx, bulletin_id, villages)
    out = {}
    for unit_id, below in found.items():
        waiting = [f"{g.unit} {g.a_name}" for g in below if g.acked_at is None]
        out[villages[unit_id]] = say.Grids(
            total=len(below), acked=len(below) - len(waiting), waiting=tuple(waiting[:GLANCE])
        )
    return out


@view(say.Reminder)
async def reminder(tx: Tx, asked: Asked) -> say.Reminder | None:
    """Return the reminder unless everything was answered meanwhile."""
    return await _reminder(tx, asked, say.Reminder)


@view(say.Reshown)
async def reshown(tx: Tx, asked: Asked) -> say.Reminder | None:
    """Return the buttons anew, saying that the bot was away, unless everything was answered meanwhile."""
    return await _reminder(tx, asked, say.Reshown)


async def _reminder(tx: Tx, asked: Asked, kind: type[say.Reminder]) -> say.Reminder | None:
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.state != "live" or asked.person_id is None or b.dispatched_at is None:
        return None
    duties = mine(await callout.of_person(tx, b.id, asked.person_id), asked.person_id)
    waiting = [c for c in duties if c.acked_at is None]
    if not waiting:
        return None
    left = b.dispatched_at + tx.rules.callout.on_time - asked.now
    return kind(
        head=head(b),
        units=tuple(c.unit for c in waiting),
        left_minutes=int(left.total_seconds() // 60),
        late_minutes=asked.data.get("late_minutes"),
    )


@view(say.PassReminder)
async def pass_reminder(tx: Tx, asked: Asked) -> say.PassReminder | None:
    """Return the reminder of passing on unless that was answered meanwhile; a village hears which grids it lacks."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.state != "live" or asked.person_id is None:
        return None
    duties = mine(await callout.of_person(tx, b.id, asked.person_id), asked.person_id)
    waiting = [c for c in duties if c.acked_at is not None and c.passed_at is None and c.cannot_at is None]
    if not waiting:
        return None
    grids = list((await _grids(tx, b.id, waiting)).values())
    return say.PassReminder(
        head=head(b),
        units=tuple(c.unit for c in waiting),
        grids=tuple(name for found in grids for name in found.waiting)[:GLANCE],
        own=len(grids) < len(waiting),
        late_minutes=asked.data.get("late_minutes"),
    )


@view(say.CallList)
async def call_list(tx: Tx, asked: Asked) -> say.CallList | None:
    """Return whom the officer still has to call."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None:
        return None
    silent = await callout.silent(tx, b.id, listed=True, limit=SHOWN)
    total = await callout.count_silent(tx, b.id, listed=True)
    limit = tx.rules.callout.on_time
    left = None if b.dispatched_at is None else min(limit, b.dispatched_at + limit - asked.now)
    return say.CallList(
        head=head(b),
        silent=tuple(await silent_lines(tx, silent, asked.now)),
        more=total - len(silent),
        reached=sum(t.by_phone for t in await callout.totals(tx, b.id)),
        left_minutes=None if left is None else int(left.total_seconds() // 60),
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
    below = await callout.silent(tx, b.id, parents=villages, limit=SHOWN)
    late = asked.data.get("late_minutes")
    silent = await silent_lines(tx, below)
    return say.ParentUnit(head=head(b), silent=tuple(silent), late_minutes=late) if silent else None


@view(say.LeaderAlarm)
async def leader_alarm(tx: Tx, asked: Asked) -> say.LeaderAlarm | None:
    """Return who is silent, for the leader."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None:
        return None
    totals = await callout.totals(tx, b.id)
    silent = await silent_lines(tx, await callout.silent(tx, b.id, limit=SHOWN))
    officer = await duty.officer_now(tx, asked.now)
    total = sum(t.total for t in totals)
    return say.LeaderAlarm(
        head=head(b),
        silent=tuple(silent),
        more=total - sum(t.acked for t in totals) - len(silent),
        total=total,
        officer=officer.name if officer else "（无人在岗）",
        calls=len(await callout.calls(tx, b.id)),
        late_minutes=asked.data.get("late_minutes"),
        state=b.state,
    )


@views(say.Progress)
async def progress(tx: Tx, asked: Sequence[Asked]) -> list[say.Progress | None]:
    """Return the live totals, counted once for all readers; names only, no numbers, where the reader is a group."""
    now = await _progress(tx, asked[0])
    return [now and now.model_copy(update={"masked": one.person_id is None}) for one in asked]


async def _progress(tx: Tx, asked: Asked) -> say.Progress | None:
    b = await bulletin.by_id(tx, asked.number)
    if b is None or b.dispatched_at is None:
        return None
    totals = {t.level: t for t in await callout.totals(tx, b.id)}
    silent = await silent_lines(tx, await callout.silent(tx, b.id, limit=GLANCE), asked.now)
    due = b.dispatched_at + tx.rules.callout.on_time
    joined = await bulletin.joined(tx, b.id)
    return say.Progress(
        head=head(b),
        state=b.state,
        successor=await successor(tx, b),
        dispatched_at=b.dispatched_at,
        due_at=due,
        left_minutes=max(0, -int((asked.now - due).total_seconds() // 60)),
        scope=tuple(b.scope),
        joined=tuple(head(other) for other in joined),
        incidents=tuple(f"{i.number} {i.title}" for i in await incident.of_bulletin(tx, b.id)),
        levels=tuple(
            say.Level(level=t.level, total=t.total, acked=t.acked, passed=t.passed)
            for level in dict.fromkeys((*tx.rules.callout.levels, *totals))
            if (t := totals.get(level))
        ),
        silent=tuple(silent),
        more=sum(t.total - t.acked for t in totals.values()) - len(silent),
        by_phone=sum(t.by_phone for t in totals.values()),
        by_b=sum(t.by_b for t in totals.values()),
        cannot=sum(t.cannot for t in totals.values()),
        calls=tuple(await _latest_calls(tx, b)),
        masked=asked.person_id is None,
    )


async def _latest_calls(tx: Tx, b: Bulletin) -> list[say.CallLine]:
    """Return who called whom last, newest first."""
    calls = await callout.calls(tx, b.id, newest=CALLS)
    by = await people.by_ids(tx, [call.by_id for call in calls])
    return [
        say.CallLine(
            at=call.at,
            by=by[call.by_id].name,
            who=call.who,
            reached=call.reached,
            withdrawn=call.withdraws_id is not None,
        )
        for call in calls
    ]


async def recent(tx: Tx, since: datetime) -> say.Recent:
    """Return the drafts that wait, and live and recent warnings with their counts."""
    lines = []
    for b in await bulletin.recent(tx, since):
        totals = await callout.totals(tx, b.id)
        lines.append(
            say.Line(
                head=head(b),
                state=b.state,
                acked=sum(t.acked for t in totals),
                passed=sum(t.passed for t in totals),
                total=sum(t.total for t in totals),
            )
        )
    waiting = [b for b in await bulletin.drafts(tx) if b.received_at >= since]
    return say.Recent(lines=tuple(lines), drafts=tuple(head(b) for b in waiting))

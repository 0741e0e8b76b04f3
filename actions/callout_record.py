"""叫应记录: every contact of a warning with what was sent, received, answered and passed on, and the figures of it."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.authority import refuse
from actions.callout_views import head, late_minutes, late_passing, successor
from domain.actor import Actor
from domain.latency import Latency, measure
from domain.notice import Notice
from domain.notices import base
from domain.notices import callout as say
from domain.people import Role
from storage import bulletin, callout, log, people
from storage.bulletin import Bulletin
from storage.callout import Contact, PhoneCall
from storage.database import Tx

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
EXAMPLE = "叫应记录 W12"
LAST = timedelta(days=30)


async def record(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Return the record of a warning (without a number: of the newest) as a file; its making is logged."""
    if refused := refuse(who, "叫应记录", *READERS):
        return refused
    said = re.fullmatch(r"[WwＷｗ]?\s*(\d{1,9})", text.strip())
    if text.strip() and said is None:
        return base.WrongForm(why="请写预警的编号。", example=EXAMPLE)
    newest = await bulletin.recent(tx, now - LAST)
    b = await bulletin.by_id(tx, int(said[1])) if said else (newest[0] if newest else None)
    if b is None or b.dispatched_at is None:
        return base.NotFound(number=f"W{said[1]}" if said else "预警", example=EXAMPLE)
    await log.append(tx, now, who.id, "callout.record", b.number)
    return await compile_record(tx, now, b, who.name)


async def compile_record(tx: Tx, now: datetime, b: Bulletin, by: str) -> say.CallRecord:
    """Return the record of a dispatched warning as plain data; the file is made of it outside the unit of work."""
    contacts = await callout.of_bulletin(tx, b.id)
    calls = await callout.calls(tx, b.id)
    ids = [p for c in contacts for p in (c.acked_by, c.passed_by) if p]
    names = await people.by_ids(tx, [*ids, *(call.by_id for call in calls)])
    units = {c.id: c.unit for c in contacts}
    withdrawn = {call.withdraws_id for call in calls}
    return say.CallRecord(
        head=head(b),
        raw=b.raw,
        advice=b.advice,
        scope=tuple(b.scope),
        state=b.state,
        successor=await successor(tx, b),
        dispatched_at=b.dispatched_at or b.received_at,
        at=now,
        by=by,
        limit_seconds=int(tx.rules.callout.on_time.total_seconds()),
        levels=figures(tx, [(b, c) for c in contacts]),
        contacts=tuple(_row(tx, b, c, names, calls) for c in contacts),
        calls=tuple(
            say.CallRow(
                at=call.at,
                unit=units[call.contact_id],
                who=call.who,
                number=call.number,
                reached=call.reached,
                read_back=call.read_back,
                by=names[call.by_id].name,
                withdraws=call.withdraws_id is not None,
                withdrawn=call.id in withdrawn,
                why=call.why,
            )
            for call in calls
        ),
        drill=b.drill,
    )


Asked = tuple[Bulletin, Contact]


def figures(tx: Tx, asked: Sequence[Asked]) -> tuple[say.LevelFigures, ...]:
    """Return how fast each level answered, from its own receipt, and the share within the limit."""
    out = []
    for level in dict.fromkeys(c.level for _, c in asked):
        own = [(b, c) for b, c in asked if c.level == level]
        found = latency(tx, own)
        late = [late_passing(tx, c, b) for b, c in own if c.passed_at is not None]
        out.append(
            say.LevelFigures(
                level=level,
                total=found.total,
                acked=found.answered,
                in_time=found.in_time,
                p50=found.p50,
                p95=found.p95,
                slowest=found.slowest,
                passed=len(late),
                passed_in_time=late.count(None),
            )
        )
    return tuple(out)


def latency(tx: Tx, asked: Sequence[Asked]) -> Latency:
    """Return how fast these contacts answered."""
    seconds = [s for b, c in asked if (s := answer_seconds(c, b)) is not None]
    answered = sum(c.acked_at is not None for _, c in asked)
    return measure(len(asked), answered, seconds, tx.rules.callout.on_time.total_seconds())


def answer_seconds(c: Contact, b: Bulletin) -> float | None:
    """Return the seconds from receipt (from dispatch where it never arrived) to acknowledgement, None without one."""
    start = c.delivered_at or b.dispatched_at
    return None if c.acked_at is None or start is None else (c.acked_at - start).total_seconds()


def _row(
    tx: Tx, b: Bulletin, c: Contact, names: dict[int, Actor], calls: Sequence[PhoneCall]
) -> say.ContactRow:
    own = [call for call in calls if call.contact_id == c.id and call.withdraws_id is None]
    answered = [call for call in own if call.reached] if c.acked_how == "phone" else []
    seconds = answer_seconds(c, b)
    role = None if c.acked_by is None else "B" if c.acked_by == c.b_id != c.a_id else "A"
    return say.ContactRow(
        unit=c.unit,
        parent=c.parent_unit or "",
        level=c.level,
        a_name=c.a_name,
        a_phone=c.a_phone,
        b_name=c.b_name or "",
        b_phone=c.b_phone or "",
        delivered_at=c.delivered_at,
        undeliverable=c.undeliverable or "",
        reminded_at=c.reminded_at,
        b_told_at=c.b_told_at,
        listed_at=c.listed_at,
        acked_at=c.acked_at,
        acked_by=names[c.acked_by].name if c.acked_by in names else "",
        acked_role=role or "",
        acked_how=c.acked_how or "",
        seconds=None if seconds is None else round(max(seconds, 0.0)),
        late_minutes=late_minutes(tx, c, b),
        number=answered[-1].number if answered else "",
        read_back=bool(answered and answered[-1].read_back),
        recorder=names[answered[-1].by_id].name if answered else "",
        calls=len(own),
        passed_at=c.passed_at,
        passed_by=names[c.passed_by].name if c.passed_by in names else "",
        passed_how=c.passed_how or "",
        passed_note=c.passed_note,
        channel=c.channel or "",
        households=c.households,
        households_total=c.households_total,
        late_passing=late_passing(tx, c, b),
        cannot=c.cannot_why or "",
        cannot_at=c.cannot_at,
    )

"""A mass warning waits for a second person, where the office wants that (`callout.second_above`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import duty
from actions.bulletin_scope import Scope, read_scope
from actions.callout_views import head
from actions.deadline import step
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import callout as say
from storage import bulletin, callout, log, outbox, people, room
from storage.bulletin import Bulletin
from storage.database import Tx
from storage.deadline import Deadline, set_deadline

AGAIN = timedelta(minutes=2)
"""So long a second person may be silent: the grids have ten minutes from the bulletin on."""
TIMES = 15
"""So often both are told again."""


@dataclass(frozen=True)
class Waiting:
    """Who wants to send a warning, to whom, and whether a later one may have overtaken it."""

    person: int
    anyway: bool
    scope: tuple[str, ...]


async def waiting(tx: Tx, number: int) -> Waiting | None:
    """Return what waits for a second person under a bulletin's number."""
    found = await room.fact(tx, f"second:W{number}")
    if found is None:
        return None
    person, anyway, *scope = found.split()
    return Waiting(int(person), anyway == "1", tuple(scope))


async def wanted(
    tx: Tx, who: Actor, now: datetime, b: Bulletin, scope: Scope, *, anyway: bool
) -> Notice | None:
    """Ask for a second person where the rules want one and this is not yet they; None: it may go out now."""
    most = tx.rules.callout.second_above
    units = await callout.count_targets(tx, tx.rules.callout.levels, scope.units) if most else 0
    if units <= most:
        return None
    asked = await waiting(tx, b.id)
    if asked and asked.person != who.id and asked.scope == scope.words:
        return None
    others = await _seconds(tx, now, who.id)
    if asked is None or asked.scope != scope.words:
        value = " ".join([str(who.id), str(int(anyway)), *scope.words])
        await room.remember(tx, f"second:W{b.id}", value)
        await log.append(tx, now, who.id, "bulletin.second", b.number, f"请第二人复核，{units} 个单位")
        await _ask(tx, now, b, who, others, scope.words, units, None)
        await set_deadline(tx, "second", b.number, "1", now + AGAIN, Priority.LADDER)
    return say.SecondAsked(number=b.number, units=units, names=tuple(p.name for p in others))


async def _seconds(tx: Tx, now: datetime, asker: int) -> list[duty.Responsible]:
    seconds = [*await duty.leaders_to_tell(tx, now), *await duty.officers_to_tell(tx, now)]
    return list({p.id: p for p in seconds if p.id != asker}.values())


async def _ask(
    tx: Tx,
    now: datetime,
    b: Bulletin,
    by: Actor,
    others: Sequence[duty.Responsible],
    scope: tuple[str, ...],
    units: int,
    silent_since: datetime | None,
) -> None:
    ask = say.SecondWanted(
        head=head(b),
        raw=b.raw,
        units=units,
        scope=scope,
        name=by.name,
        phone=by.phone,
        silent_since=silent_since,
    )
    for person in others:
        await outbox.say_newest(tx, now, ask, person=person.id, subject=b.number)


@step("second")
async def silent(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Nobody has agreed yet: they are asked again, who asked is told whom to ring up."""
    b = await bulletin.by_id(tx, int(deadline.subject[1:]))
    asked = await waiting(tx, b.id) if b else None
    by = await people.by_id(tx, asked.person) if asked else None
    if b is None or b.state not in ("draft", "joined") or asked is None or by is None:
        return
    scope = await read_scope(tx, asked.scope)
    units = await callout.count_targets(tx, tx.rules.callout.levels, scope.units)
    waited = int(deadline.step) * AGAIN
    since = deadline.due_at - waited
    others = await _seconds(tx, now, by.id)
    await _ask(tx, now, b, by, others, asked.scope, units, since)
    names = tuple(f"{p.name} {p.phone}".strip() for p in others)
    still = say.SecondAsked(number=b.number, units=units, names=names, silent_since=since)
    await outbox.say_newest(tx, now, still, person=by.id, subject=b.number)
    minutes = round(waited.total_seconds() / 60)
    await log.append(tx, now, None, "bulletin.second_silent", b.number, f"{minutes} 分钟无人复核，再次提请")
    if int(deadline.step) < TIMES:
        again = deadline.due_at + AGAIN
        await set_deadline(tx, "second", b.number, str(int(deadline.step) + 1), again, Priority.LADDER)

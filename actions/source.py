"""来源: who may hand in bulletins by HTTP, and how what they hand in comes before the officers."""

from datetime import datetime

from actions import bulletin, duty
from actions.authority import refuse
from actions.callout_views import head
from actions.deadline import step
from actions.secret import hash_code, new_code
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.address import is_local
from domain.notice import Notice, Priority
from domain.notices import callout as callouts
from domain.notices import source as say
from domain.people import Role
from domain.source import HOUR, WAITS, Add, ShowAll, Wish, is_urgent, may_show
from storage import bulletin as bulletins
from storage import log, outbox, source
from storage.database import Tx
from storage.deadline import Deadline, set_deadline
from storage.source import Source

NAMED = 20
STEPS = ("remind", "tell_leader")
TOLD_EVERY = 600
"""Seconds: what was not shown is told together."""


async def answer(tx: Tx, who: Actor, now: datetime, wish: Wish, base: str) -> Notice:
    """List sources, give one a token below `base`, or end one."""
    if refused := refuse(who, "来源", Role.ADMIN):
        return refused
    if isinstance(wish, ShowAll):
        return say.Sources(
            lines=tuple(
                say.Line(name=s.name, ended=s.revoked_at is not None, last_at=s.last_at)
                for s in await source.every(tx)
            )
        )
    if isinstance(wish, Add):
        return await _add(tx, who, now, wish.name, base)
    if not await source.end(tx, now, wish.name):
        in_force = tuple(s.name for s in await source.every(tx) if s.revoked_at is None)
        return say.NoSource(name=wish.name, names=in_force)
    await log.append(tx, now, who.id, "source.ended", "", wish.name)
    return say.Ended(name=wish.name, at=now)


async def _add(tx: Tx, who: Actor, now: datetime, name: str, base: str) -> Notice:
    token = new_code()
    replaced = await source.put(tx, now, name, hash_code(token), who.id)
    await log.append(tx, now, who.id, "source.added", "", name)
    return say.Token(
        name=name,
        token=token,
        url=f"{base}/api/bulletins",
        replaced=replaced,
        local=is_local(base),
        at=now,
    )


async def by_token(tx: Tx, token: str) -> Source | None:
    """Return the source in force that holds a token."""
    return await source.by_hash(tx, hash_code(token))


async def take_in(tx: Tx, now: datetime, by: Source, data: bytes) -> list[bulletin.Taken]:
    """Keep what a source handed in and put what is new before the officers; nothing is dispatched by itself.

    Raises BulletinRefused for damaged or hostile XML, and for more warnings than one message may hold.
    """
    taken = await bulletin.take_in(tx, now, data, by.name)
    if taken:
        await source.used(tx, now, by.id)
    for one in taken:
        if not one.duplicate:
            await _show(tx, now, by, one)
    return taken


async def _show(tx: Tx, now: datetime, by: Source, one: bulletin.Taken) -> None:
    came = [
        c
        for c in await source.came(tx, by.name, now - HOUR)
        if is_urgent(c.colour) == is_urgent(one.colour) and int(c.number[1:]) <= int(one.number[1:])
    ]
    if may_show(now, [c.received_at for c in came]):
        await bulletin.show_officers(tx, now, one.number)
        for step_name, after in zip(STEPS, WAITS[is_urgent(one.colour)], strict=True):
            await set_deadline(tx, "intake", one.number, step_name, now + after, Priority.LADDER)
        return
    slot = int(now.timestamp()) // TOLD_EVERY
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say_live(
            tx,
            now,
            say.Crowded,
            f"Q{by.id}",
            person=officer.id,
            key=f"{say.Crowded.kind()}:{by.id}:P{officer.id}:{slot}",
            data={"name": by.name},
        )


@step("intake")
async def waits(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """A draft that came by HTTP has no ladder yet: the officer is reminded of it, then the leader is told."""
    b = await bulletins.by_id(tx, int(deadline.subject[1:]))
    if b is None or b.state != "draft":
        return
    to_leader = deadline.step == STEPS[1]
    readers = await (duty.leaders_to_tell if to_leader else duty.officers_to_tell)(tx, now)
    for reader in readers:
        await promise(
            tx,
            now,
            b.number,
            say.Waiting,
            person=reader.id,
            again=f":{deadline.step}",
            late_minutes=deadline.late_minutes,
            to_leader=to_leader,
        )
    await log.append(tx, now, None, f"intake.{deadline.step}", b.number, b.source)


@view(say.Waiting)
async def waiting(tx: Tx, asked: Asked) -> say.Waiting | None:
    """Return how long a draft has waited, unless it was dispatched or put away meanwhile."""
    b = await bulletins.by_id(tx, asked.number)
    if b is None or b.state != "draft":
        return None
    officer = await duty.officer_now(tx, asked.now) if asked.data.get("to_leader") else None
    return say.Waiting(
        head=head(b),
        name=b.source,
        minutes=round((asked.now - b.received_at).total_seconds() / 60),
        officer=f"{officer.name} {officer.phone}".strip() if officer else None,
        late_minutes=asked.data.get("late_minutes"),
    )


@view(say.Crowded)
async def crowded(tx: Tx, asked: Asked) -> say.Crowded | None:
    """Return the drafts of the hour that no officer has been shown."""
    name = str(asked.data["name"])
    drafts = [c.number for c in await source.came(tx, name, asked.now - HOUR) if c.state == "draft"]
    shown = await outbox.subjects(tx, callouts.Offer.kind(), drafts)
    hidden = [number for number in drafts if number not in shown]
    if not hidden:
        return None
    return say.Crowded(name=name, numbers=tuple(hidden[:NAMED]), more=max(0, len(hidden) - NAMED))

"""A bulletin is dispatched to every targeted unit at once; what it succeeds stops, and everything ends one day."""

from datetime import datetime

from actions import bulletin_second, channel, duty
from actions.authority import refuse
from actions.bulletin import OFFICERS, discard, unknown_scope
from actions.bulletin_scope import EVERYBODY, Scope, read_scope
from actions.callout_ladder import close, ladder_of, open_ladder
from actions.callout_views import head
from actions.view import promise
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import callout as say
from domain.people import Role
from storage import bulletin, callout, card, log, outbox, room
from storage.bulletin import Bulletin
from storage.callout import Group
from storage.database import Tx


async def dispatch(
    tx: Tx, who: Actor, now: datetime, number: int, text: str = "", *, anyway: bool = False
) -> Notice:
    """Send the verbatim text to every targeted unit and start the ladder; what it succeeds is superseded.

    `text`: the units or tags it goes to, instead of what was picked before. One that a later bulletin has overtaken,
    or that leaves out units of the one it succeeds, goes out only `anyway`; a joined one may go out after all; a scope
    without anybody is refused. One to many units waits for a second person, where the rules want that.
    """
    if refused := refuse(who, "下发", *OFFICERS):
        return refused
    return await _dispatch(tx, who, now, number, text, anyway=anyway)


async def dispatch_as_before(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Send a bulletin to what was picked for it and to all that the one it succeeds went to."""
    b = await bulletin.by_id(tx, number)
    old = await _goes_on_from(tx, now, b) if b is not None else None
    words = [*b.scope, *old.scope] if b is not None and old is not None and old.scope else EVERYBODY[:1]
    return await dispatch(tx, who, now, number, " ".join(words))


async def agree(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Agree, as the second person, to what another wants to send (`callout.second_above`)."""
    if refused := refuse(who, "同意下发", *OFFICERS, Role.LEADER):
        return refused
    asked = await bulletin_second.waiting(tx, number)
    if asked is None:
        return base.WrongForm(why=f"W{number} 没有等着复核的下发。", example=f"下发 W{number}")
    return await _dispatch(tx, who, now, number, " ".join(asked.scope), anyway=asked.anyway)


async def _dispatch(tx: Tx, who: Actor, now: datetime, number: int, text: str, *, anyway: bool) -> Notice:
    b = await bulletin.by_id(tx, number)
    if b is None:
        return base.NotFound(number=f"W{number}", example="预警列表")
    if b.state not in ("draft", "joined"):
        return say.AlreadyDispatched(number=b.number, at=b.dispatched_at, state=b.state, drill=b.drill)
    scope = await read_scope(tx, text or b.scope)
    if wrong := unknown_scope(b.number, scope):
        return wrong
    if not anyway and (doubt := await _doubt(tx, now, b, scope)):
        await bulletin.change(tx, b.id, scope=list(scope.words))
        return doubt
    if asked := await bulletin_second.wanted(tx, who, now, b, scope, anyway=anyway):
        return asked
    today = f"{now.astimezone(tx.zone):%Y-%m-%d}"
    opened = await callout.open_cascade(tx, b.id, tx.rules.callout.levels, scope.units, today)
    if not opened.units:
        why = "这个范围里没有责任人在册的村（社区）、网格，没有下发。"
        return base.WrongForm(why=why, example=f"下发 {b.number} 全部")
    live = {"dispatched_at": now, "dispatched_by": who.id, "scope": list(scope.words), "joined_id": None}
    await bulletin.move(tx, b.id, b.state, "live", **live)
    await _succeed(tx, who, now, b)
    people = await callout.tell(tx, now, b.id, say.Order.kind(), priority(b), Group.ALL)
    await channel.reach_unbound(tx, now, b)
    await open_ladder(tx, now, b)
    await _show_progress(tx, who, now, b)
    for draft in [b, *await bulletin.drafts_like(tx, b)]:
        await card.touch(tx, now, draft.number, [say.Offer.card])
    if opened.empty:
        await _say_skipped(tx, who, now, b, opened.empty)
    to = f"（{'、'.join(scope.words)}）" if scope.words else ""
    await log.append(
        tx,
        now,
        who.id,
        "bulletin.dispatched",
        b.number,
        f"下发 {opened.units} 个单位、{people} 人{to}",
        empty=opened.empty,
    )
    done = say.Dispatched(
        number=b.number,
        at=now,
        units=opened.units,
        people=people,
        scope=scope.words,
        empty=len(opened.empty),
        drill=b.drill,
        minutes=int(ladder_of(tx.rules.callout, b).overdue.total_seconds() // 60),
    )
    first = await bulletin_second.waiting(tx, b.id)
    if first and first.person != who.id:
        agreed = done.model_copy(update={"agreed_by": who.name})
        await outbox.say(tx, now, agreed, person=first.person, subject=b.number)
    return done


async def _doubt(tx: Tx, now: datetime, b: Bulletin, scope: Scope) -> Notice | None:
    """Return what makes a dispatch doubtful: a later bulletin went out, or units that had the earlier are left out."""
    newer = await bulletin.later(tx, now, b)
    if newer is not None and newer.dispatched_at is not None:
        return say.Outdated(number=b.number, newer=newer.number, drill=b.drill)
    old = await _goes_on_from(tx, now, b)
    if old is None or scope.units is None:
        return None
    had = await callout.of_bulletin(tx, old.id)
    left = [c.unit for c in had if c.unit_id not in scope.units]
    if not left:
        return None
    return say.Narrower(
        number=b.number,
        before=old.number,
        had=len(had),
        left=len(left),
        units=tuple(left[:FEW]),
        drill=b.drill,
    )


FEW = 3
"""Units named in a question."""
NAMED = 40
"""How many units without anybody responsible are named to the officer; the log has all."""


async def _say_skipped(tx: Tx, who: Actor, now: datetime, b: Bulletin, units: list[str]) -> None:
    notice = say.Skipped(head=head(b), units=tuple(units[:NAMED]), more=max(0, len(units) - NAMED))
    for reader in sorted({who.id, *(officer.id for officer in await duty.officers_to_tell(tx, now))}):
        await outbox.say(tx, now, notice, person=reader, subject=b.number)


def priority(b: Bulletin) -> Priority:
    """Red and orange go before all other traffic; a cancel does not."""
    return Priority.LIFE if b.colour in ("红", "橙") and b.action != "cancel" else Priority.WARNING


async def _succeed(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> None:
    """Close what this one goes on from: the one found when it came in, or one that was dispatched since."""
    old = await _goes_on_from(tx, now, b)
    if old is None:
        await _end_lifts(tx, who, now, b)
        return
    await bulletin.change(tx, b.id, predecessor_id=old.id)
    await close(
        tx, who.id, now, old, "ended" if b.action == "cancel" else "superseded", f"由 {b.number} 承接"
    )


async def _goes_on_from(tx: Tx, now: datetime, b: Bulletin) -> Bulletin | None:
    """Return the bulletin that ends when this one goes out; none for one that goes on from a joined one."""
    if b.action == "new":
        return None
    old = await bulletin.by_id(tx, b.predecessor_id) if b.predecessor_id else None
    if old is not None and old.state in ("live", "joined"):
        return old if old.state == "live" else None
    return await bulletin.predecessor(tx, now, bulletin.heard_of(b), before=b.id)


async def _end_lifts(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> None:
    """Where a hazard is warned of anew nobody is told any more that it was lifted, if all who owe an answer hear it."""
    for lift in await bulletin.lifts_before(tx, now, b):
        told = {c.unit_id for c in await callout.of_bulletin(tx, b.id)}
        if told.issuperset(c.unit_id for c in await callout.of_bulletin(tx, lift.id)):
            await close(tx, who.id, now, lift, "superseded", f"{b.number} 重新发布")


async def _show_progress(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> None:
    readers = {who.id} | {p.id for p in await duty.officers_to_tell(tx, now)}
    readers |= {p.id for p in await duty.leaders_to_tell(tx, now)}
    for person in sorted(readers):
        await promise(tx, now, b.number, say.Progress, person=person)
    group = await room.group(tx)
    if group is not None:
        await promise(tx, now, b.number, say.Progress, chat=group)


async def recall(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Say how a warning that should not be out is ended; a draft is put away."""
    if refused := refuse(who, "结束预警", *OFFICERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is not None and b.state == "draft":
        return await discard(tx, who, now, number)
    if b is None or b.state != "live":
        return base.NotFound(number=f"W{number}", example="预警列表")
    return say.NoRecall(number=b.number, at=b.dispatched_at, drill=b.drill)


async def end(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """End a live bulletin by hand, when no cancel comes."""
    if refused := refuse(who, "结束预警", *OFFICERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None or b.state != "live":
        return base.NotFound(number=f"W{number}", example="预警列表")
    await close(tx, who.id, now, b, "ended", "值班员结束")
    return say.Ended(number=b.number, at=now, drill=b.drill)

"""A bulletin comes in, is read, shown, dispatched or put away."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from actions import duty
from actions.authority import refuse
from actions.callout_ladder import open_ladder
from actions.callout_views import head, recent
from actions.view import Asked, promise, view
from config.tables import load_hazards
from domain.actor import Actor
from domain.bulletin_file import read_bulletin_file
from domain.bulletin_reading import BulletinReading
from domain.bulletin_text import read_bulletins, to_json
from domain.bulletin_xml import BulletinRefused, looks_like_xml, read_bulletin_xml
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import callout as say
from domain.people import Role
from storage import bulletin, callout, card, draft, log, outbox, room
from storage.bulletin import Bulletin
from storage.database import Tx
from storage.deadline import clear_deadlines

OFFICERS = (Role.OFFICER, Role.DEPUTY)
"""主班 and 副班 both sit in the room (product.md §1)."""
WAITING = tuple(n.kind() for n in (say.Order, say.ToldB, say.Reminder, say.PassReminder, say.ParentUnit))


async def receive(tx: Tx, who: Actor, now: datetime, text: str) -> list[Notice]:
    """Read a bulletin and show what was understood; several in one text are several warnings."""
    if refused := refuse(who, "预警", *OFFICERS):
        return [refused]
    try:
        readings = _read(tx, text, now)
    except BulletinRefused as error:
        return [base.WrongForm(why=str(error), example="粘贴预警原文，或发送 12379 / CAP 文件")]
    if not readings:
        kept = await draft.keep(tx, now, who.id, "bulletin", text)
        return [say.NoBulletin(text=text[:200], draft=kept)]
    return [await _keep(tx, who, now, reading) for reading in readings]


def _read(tx: Tx, text: str, now: datetime) -> list[BulletinReading]:
    if looks_like_xml(text.encode()):
        return list(read_bulletin_xml(text.encode(), now, tx.zone, load_hazards()))
    return read_bulletins(text, now, tx.zone, load_hazards())


async def _keep(tx: Tx, who: Actor, now: datetime, reading: BulletinReading) -> Notice:
    predecessor = None
    if reading.action != "new":
        predecessor = await bulletin.predecessor(tx, reading.hazard, reading.issuer)
    key = await bulletin.add(
        tx,
        raw=reading.raw,
        reading=to_json(reading),
        issuer=reading.issuer,
        hazard=reading.hazard,
        colour=reading.colour,
        action=reading.action,
        issued_at=reading.issued_at,
        received_at=now,
        drill=await room.drilling(tx) or reading.status in ("Exercise", "Test"),
        predecessor_id=predecessor.id if predecessor else None,
        by_id=who.id,
    )
    await log.append(tx, now, who.id, "bulletin.received", f"W{key}", reading.raw, reading=to_json(reading))
    return await offer(tx, Asked(f"W{key}", who.id, {}, now)) or say.Discarded(number=f"W{key}")


@view(say.Offer)
async def offer(tx: Tx, asked: Asked) -> say.Offer | None:
    """Return what was understood of a bulletin."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None:
        return None
    reading = b.reading
    return say.Offer(
        head=head(b),
        raw=b.raw,
        area=tuple(reading.get("area") or ()),
        window=reading.get("window"),
        from_colour=reading.get("from_colour"),
        predecessor=f"W{b.predecessor_id}" if b.predecessor_id else None,
        doubts=(*(reading.get("doubts") or ()), *await _chain_doubts(tx, b)),
        state=b.state,
        targets=await room.count_units(tx, tx.rules.callout.levels),
    )


async def _chain_doubts(tx: Tx, b: Bulletin) -> tuple[str, ...]:
    """What is unsure about the chain is asked: a 发布 while one runs, an 升级 or 解除 of one we do not know."""
    if b.state != "draft":
        return ()
    if b.action != "new":
        return () if b.predecessor_id else ("没有找到它承接的预警，请核对；下发后按单独一条处理",)
    other = await bulletin.predecessor(tx, b.hazard, b.issuer)
    if other is None or other.id == b.id:
        return ()
    return (f"{other.number} 同灾种预警仍在进行，请核对是否升级、降级或继续发布",)


async def dispatch(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Send the verbatim text to every targeted unit and start the ladder; what it succeeds is superseded."""
    if refused := refuse(who, "下发", *OFFICERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None:
        return base.NotFound(number=f"W{number}", example="预警列表")
    if not await bulletin.move(tx, b.id, "draft", "live", dispatched_at=now, dispatched_by=who.id):
        return say.AlreadyDispatched(number=b.number, at=b.dispatched_at, state=b.state)
    await _succeed(tx, who, now, b)
    units, empty = await callout.open_cascade(tx, b.id, tx.rules.callout.levels)
    people = await callout.tell(tx, now, b.id, say.Order.kind(), priority(b), silent_only=False)
    await open_ladder(tx, now, b)
    await _show_progress(tx, who, now, b)
    await card.touch(tx, now, b.number, [say.Offer.card])
    await log.append(
        tx, now, who.id, "bulletin.dispatched", b.number, f"下发 {units} 个单位、{people} 人", empty=empty
    )
    return say.Dispatched(number=b.number, at=now, units=units, people=people, empty=tuple(empty))


def priority(b: Bulletin) -> Priority:
    """Red and orange go before all other traffic; a cancel does not."""
    return Priority.LIFE if b.colour in ("红", "橙") and b.action != "cancel" else Priority.WARNING


async def _succeed(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> None:
    old = await bulletin.by_id(tx, b.predecessor_id) if b.predecessor_id else None
    if b.action != "new" and (old is None or old.state != "live"):
        old = await bulletin.predecessor(tx, b.hazard, b.issuer, before=b.id)
        if old is not None:
            await bulletin.follow(tx, b.id, old.id)
    if old is None or old.state != "live":
        return
    await _close(tx, who, now, old, "ended" if b.action == "cancel" else "superseded", f"由 {b.number} 承接")


async def _close(tx: Tx, who: Actor, now: datetime, b: Bulletin, state: str, why: str) -> None:
    """Stop a bulletin's ladder and what has not gone out; its cards show what happened."""
    await bulletin.move(tx, b.id, "live", state, ended_at=now)
    await clear_deadlines(tx, now, "callout", b.number)
    await outbox.drop_pending(tx, b.number, WAITING, why)
    await card.touch(tx, now, b.number)
    await log.append(tx, now, who.id, f"bulletin.{state}", b.number, why)


async def _show_progress(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> None:
    readers = {who.id} | {p.id for p in await duty.officers_to_tell(tx, now)}
    readers |= {p.id for p in await duty.leaders_to_tell(tx, now)}
    for person in sorted(readers):
        await promise(tx, now, b.number, say.Progress, person=person)
    group = await room.group(tx)
    if group is not None:
        await promise(tx, now, b.number, say.Progress, chat=group)


async def discard(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Put a draft away."""
    if refused := refuse(who, "取消", *OFFICERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None:
        return base.NotFound(number=f"W{number}", example="预警列表")
    if not await bulletin.move(tx, b.id, "draft", "discarded"):
        return say.AlreadyDispatched(number=b.number, at=b.dispatched_at, state=b.state)
    await card.touch(tx, now, b.number, [say.Offer.card])
    await log.append(tx, now, who.id, "bulletin.discarded", b.number)
    return say.Discarded(number=b.number)


async def end(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """End a live bulletin by hand, when no cancel comes."""
    if refused := refuse(who, "结束预警", *OFFICERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None or b.state != "live":
        return base.NotFound(number=f"W{number}", example="预警列表")
    await _close(tx, who, now, b, "ended", "值班员结束")
    return say.Ended(number=b.number, at=now)


async def listing(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return live and recent warnings."""
    refused = refuse(who, "预警列表", Role.OFFICER, Role.LEADER, Role.DEPUTY, Role.ADMIN, Role.SUPERIOR)
    return refused or await recent(tx, now - timedelta(days=3))


def looks_like(tx: Tx, text: str, now: datetime) -> bool:
    """Return True for a text that reads as a bulletin, so that a pasted one needs no command."""
    return bool(looks_like_xml(text.encode()) or read_bulletins(text, now, tx.zone, load_hazards()))


async def drafts_of(tx: Tx, who: Actor) -> list[int]:
    """Return this person's bulletins that wait for 下发, newest first."""
    return [b.id for b in await bulletin.drafts(tx) if b.by_id == who.id]


def readings_json(data: bytes, received_at: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the readings of a text or XML as JSON values, [] for what is no bulletin; raise BulletinRefused."""
    return [to_json(reading) for reading in read_bulletin_file(data, received_at, zone, load_hazards())]

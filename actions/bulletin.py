"""A bulletin comes in by chat, file or HTTP, is read, shown with what is unsure, and put right by the officer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from actions import duty
from actions.authority import refuse
from actions.bulletin_scope import Scope, read_scope
from actions.callout_views import head, recent
from actions.view import Asked, view
from config.tables import load_hazards
from domain.actor import Actor
from domain.bulletin_file import read_bulletin_file
from domain.bulletin_reading import BulletinReading, Colour
from domain.bulletin_text import read_bulletins, to_json
from domain.bulletin_xml import BulletinRefused, looks_like_xml
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import callout as say
from domain.people import Role
from storage import bulletin, callout, card, draft, log, outbox, room
from storage.bulletin import Bulletin, Heard
from storage.database import Tx

OFFICERS = (Role.OFFICER, Role.DEPUTY)
"""主班 and 副班 both sit in the room (product.md §1)."""
UNREAL = ("Exercise", "Test")
MOST_AT_ONCE = 50
"""So many warnings a source may hand in with one message."""


@dataclass(frozen=True)
class Taken:
    """A warning that came in: its number, and whether it had come in before (by this way or another)."""

    number: str
    hazard: str | None
    colour: str | None
    state: str
    duplicate: bool = False


async def receive(tx: Tx, who: Actor, now: datetime, text: str) -> list[Notice]:
    """Read a bulletin and show what was understood; several in one text are several warnings."""
    if refused := refuse(who, "预警", *OFFICERS):
        return [refused]
    try:
        readings = _read(text.encode(), now, tx.zone)
    except BulletinRefused as error:
        return [base.WrongForm(why=str(error), example="粘贴预警原文，或发送 12379 / CAP 文件")]
    if not readings:
        kept = await draft.keep(tx, now, who.id, "bulletin", text)
        return [say.NoBulletin(text=text[:200], draft=kept)]
    answers: list[Notice] = []
    for reading in readings:
        taken = await _keep(tx, now, reading, by=who)
        if taken.duplicate:
            answers.append(await _repeated(tx, taken))
        offered = await offer(tx, Asked(taken.number, who.id, {}, now))
        if isinstance(offered, say.Offer) and (offered.state == "draft" or not taken.duplicate):
            answers.append(offered)
    return answers


async def take_in(tx: Tx, now: datetime, data: bytes, source: str) -> list[Taken]:
    """Keep what a source sent by HTTP; return its warnings, [] for no bulletin. Raises BulletinRefused."""
    readings = _read(data, now, tx.zone)
    if len(readings) > MOST_AT_ONCE:
        raise BulletinRefused(f"一次最多 {MOST_AT_ONCE} 条预警，这里有 {len(readings)} 条，请分开发送")
    return [await _keep(tx, now, reading, source=source) for reading in readings]


async def show_officers(tx: Tx, now: datetime, number: str) -> None:
    """Put a bulletin that came in by HTTP before the officers on duty: nothing is dispatched by itself."""
    for officer in await duty.officers_to_tell(tx, now):
        await outbox.say_live(
            tx,
            now,
            say.Offer,
            number,
            person=officer.id,
            key=f"{say.Offer.kind()}:{number}:P{officer.id}",
            priority=Priority.WARNING,  # nobody waits for this answer: a stand-in gets it where it cannot arrive
            data={},
        )


def _read(data: bytes, now: datetime, zone: ZoneInfo) -> list[BulletinReading]:
    return read_bulletin_file(data, now, zone, load_hazards())


async def _keep(
    tx: Tx, now: datetime, reading: BulletinReading, *, by: Actor | None = None, source: str = ""
) -> Taken:
    drill = await room.drilling(tx) or reading.status in UNREAL
    heard = Heard(
        reading.raw,
        reading.identifier,
        reading.references,
        reading.issuer,
        reading.hazard,
        reading.colour,
        reading.from_colour,
        reading.action,
        reading.issued_at,
        drill,
    )
    by_id = by.id if by else None
    if known := await bulletin.same(tx, now, heard):
        await log.append(
            tx, now, by_id, "bulletin.repeated", known.number, f"{source or '聊天'} 又收到一次，没有重复登记"
        )
        return Taken(known.number, known.hazard, known.colour, known.state, duplicate=True)
    before = None
    if reading.action != "new":
        before = await bulletin.predecessor(tx, now, heard) or await bulletin.predecessor(
            tx, now, heard, states=("draft", "joined")
        )
    key = await bulletin.add(
        tx,
        raw=reading.raw,
        reading=to_json(reading),
        issuer=reading.issuer,
        hazard=reading.hazard,
        colour=reading.colour,
        action=reading.action,
        issued_at=reading.issued_at,
        system_at=reading.sent,
        received_at=now,
        expires_at=reading.expires,
        identifier=reading.identifier,
        refs=list(reading.references),
        source=source,
        scope=await _scope_from(tx, reading.action, before),
        drill=drill,
        predecessor_id=before.id if before else None,
        by_id=by_id,
    )
    number = f"W{key}"
    await _touch_drafts(tx, now, key)
    await log.append(
        tx, now, by_id, "bulletin.received", number, reading.raw, reading=to_json(reading), source=source
    )
    return Taken(number, reading.hazard, reading.colour, "draft")


async def _touch_drafts(tx: Tx, now: datetime, bulletin_id: int) -> None:
    """Bring the cards of other drafts of this hazard up to date: what is unsure about them may have changed."""
    b = await bulletin.by_id(tx, bulletin_id)
    for other in await bulletin.drafts_like(tx, b) if b else ():
        await card.touch(tx, now, other.number, [say.Offer.card])


async def _scope_from(tx: Tx, action: str, before: Bulletin | None) -> list[str]:
    """Return whom a follower goes to: a cancel to all the chain reached, an upgrade to everybody, others as before."""
    if before is None or action in ("new", "upgrade"):
        return []
    if action != "cancel":
        return before.scope
    words: list[str] = []
    step: Bulletin | None = before
    while step is not None:
        if not step.scope:
            return []
        words += step.scope
        step = await bulletin.by_id(tx, step.predecessor_id) if step.predecessor_id else None
    return list(dict.fromkeys(words))


async def _repeated(tx: Tx, taken: Taken) -> Notice:
    known = await bulletin.by_id(tx, int(taken.number[1:]))
    if known is None:
        raise LookupError(taken.number)
    return say.Repeated(
        number=known.number, at=known.received_at, source=known.source, state=known.state, drill=known.drill
    )


@view(say.Offer)
async def offer(tx: Tx, asked: Asked) -> say.Offer | None:
    """Return what was understood of a bulletin."""
    b = await bulletin.by_id(tx, asked.number)
    if b is None:
        return None
    reading = b.reading
    scope = await read_scope(tx, b.scope)
    before = await bulletin.by_id(tx, b.predecessor_id) if b.predecessor_id else None
    other = (
        await bulletin.of_others(tx, asked.now, b) if b.state == "draft" and b.action != "cancel" else None
    )
    return say.Offer(
        head=head(b),
        raw=b.raw,
        system_at=b.system_at,
        area=tuple(reading.get("area") or ()),
        window=reading.get("window"),
        from_colour=reading.get("from_colour"),
        predecessor=before.number if before else None,
        doubts=(*(reading.get("doubts") or ()), *await _chain_doubts(tx, asked.now, b, before, other)),
        state=b.state,
        targets=await callout.count_targets(tx, tx.rules.callout.levels, scope.units),
        scope=scope.words,
        advice=b.advice,
        source=b.source,
        same_event=head(other) if other and _joinable(b, other) else None,
        joined_to=f"W{b.joined_id}" if b.joined_id else None,
        ask_colour=b.colour is None,
    )


async def _chain_doubts(
    tx: Tx, now: datetime, b: Bulletin, before: Bulletin | None, other: Bulletin | None
) -> tuple[str, ...]:
    """What is unsure about the chain is asked: its order, what it goes on from, what else runs already."""
    if b.state != "draft":
        return ()
    doubts = []
    if len(b.raw) > NEARLY_FULL:
        doubts.append("原文接近一条消息的上限，可能没有贴全，请核对结尾")
    if newer := await bulletin.later(tx, now, b):
        doubts.append(f"{newer.number} 比这一条发布得晚，这一条可能已经过时，请核对后再下发")
    if other is not None:
        higher = "，这一条颜色更高，请另行下发" if _rank(b) > _rank(other) else "，可能是同一件事"
        doubts.append(f"{other.issuer}的 {other.number} 同灾种预警正在进行{higher}")
    running = await bulletin.predecessors(tx, now, bulletin.heard_of(b), before=b.id)
    if b.action == "new":
        if running:
            doubts.append(f"{running[0].number} 同灾种预警仍在进行，请核对是否升级、降级或继续发布")
        return tuple(doubts)
    doubts += await _before_doubts(tx, b, before)
    more = [r.number for r in running if before is None or r.id != before.id]
    if more:
        doubts.append(f"同发布单位同灾种还有 {'、'.join(more)} 正在进行，请核对承接的是哪一条")
    return tuple(doubts)


NEARLY_FULL = 3900
"""Characters of a bulletin that nearly fills one message: what came after may have been cut off."""


async def _before_doubts(tx: Tx, b: Bulletin, before: Bulletin | None) -> list[str]:
    if before is None:
        return ["没有找到它承接的预警，请核对；下发后按单独一条处理"]
    doubts = []
    if before.state == "draft":
        doubts.append(f"它承接的 {before.number} 还没有下发")
    if before.state == "joined":
        doubts.append(
            f"它承接的 {before.number} 已并入 W{before.joined_id}，W{before.joined_id} 不会因此结束"
        )
    said = bulletin.heard_of(b).goes_on_from
    if said is not None and before.colour not in (None, said):
        doubts.append(f"这一条说的是{said}色，{before.number} 是{before.colour}色，请核对")
    for other in await bulletin.joined(tx, before.id):
        named = f"{other.number}（{other.issuer or '单位待核'} {other.colour or '颜色待核'}）"
        doubts.append(f"{before.number} 下并有 {named}，它没有解除，请核对")
    return doubts


def _rank(b: Bulletin) -> int:
    return Colour(b.colour).rank if b.colour else len(Colour)


def _joinable(b: Bulletin, other: Bulletin | None) -> bool:
    """Return True if a draft may be put under a live one without a word to the grids: never a higher colour."""
    return (
        other is not None
        and other.state == "live"
        and other.action != "cancel"
        and b.action in ("new", "continue")
        and (other.hazard, other.drill) == (b.hazard, b.drill)
        and other.id != b.id
        and _rank(b) <= _rank(other)
    )


async def _own_draft(tx: Tx, who: Actor, number: int, what: str) -> Bulletin | Notice:
    if refused := refuse(who, what, *OFFICERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None:
        return base.NotFound(number=f"W{number}", example="预警列表")
    if b.state != "draft":
        return say.AlreadyDispatched(
            number=b.number, at=b.dispatched_at, state=b.state, wanted=what, drill=b.drill
        )
    return b


async def correct(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Notice:
    """Put right what was read of a draft, never its text: 改正 W12 颜色 橙, 改正 W12 灾种 暴雨."""
    b = await _own_draft(tx, who, number, "改正")
    if isinstance(b, Notice):
        return b
    words = text.replace("：", " ").replace(":", " ").split()
    example = f"改正 W{number} 颜色 橙"
    if len(words) != 2 or words[0] not in ("颜色", "灾种"):  # noqa: PLR2004 - what and its value
        return base.WrongForm(why="请写改哪一项、改成什么（颜色或灾种）。", example=example)
    what, value = words
    if what == "颜色":
        colour = next((c for c in Colour if value.startswith(c.value)), None)
        if colour is None:
            return base.WrongForm(why="颜色只有 蓝、黄、橙、红。", example=example)
        was, new, changed = b.colour, colour.value, {"colour": colour.value}
    else:
        known = load_hazards().find(value.removesuffix("预警"))
        was, new = b.hazard, known.name if known else value[:20]
        changed = {"hazard": new}
    left = [d for d in b.reading.get("doubts") or () if not _answers(d, what)]
    doubt = f"{what}由{who.name}核定为{new}" + (f"（读出为{was}）" if was and was != new else "")
    reading = {**b.reading, **changed, "doubts": [*left, doubt]}
    await bulletin.change(tx, b.id, reading=reading, **changed)
    fresh = await bulletin.by_id(tx, b.id)
    if fresh is not None and b.action != "new":
        before = await bulletin.predecessor(tx, now, bulletin.heard_of(fresh), before=b.id)
        scope = await _scope_from(tx, b.action, before)
        await bulletin.change(tx, b.id, predecessor_id=before.id if before else None, scope=scope)
    await _touch_drafts(tx, now, b.id)
    await log.append(tx, now, who.id, "bulletin.corrected", b.number, doubt)
    return await _shown(tx, who, now, b)


async def correct_colour(tx: Tx, who: Actor, now: datetime, number: int, colour: str) -> Notice:
    """Put the colour right by a button."""
    return await correct(tx, who, now, number, f"颜色 {colour}")


def _answers(doubt: str, what: str) -> bool:
    return doubt.startswith((f"没写{what}", f"没见过的{what}", f"{what}由")) or (
        what == "颜色" and doubt.startswith("颜色")
    )


async def _shown(tx: Tx, who: Actor, now: datetime, b: Bulletin) -> Notice:
    """Return the draft's card as it is now; the older copy in this chat gives way to it."""
    await card.touch(tx, now, b.number, [say.Offer.card])
    return await offer(tx, Asked(b.number, who.id, {}, now)) or say.Discarded(number=b.number, drill=b.drill)


async def pick(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Notice:
    """Pick whom a draft goes to: 范围 W12 海棠里社区、低洼; 范围 W12 全部 is everybody again."""
    b = await _own_draft(tx, who, number, "范围")
    if isinstance(b, Notice):
        return b
    scope = await read_scope(tx, text)
    if wrong := unknown_scope(b.number, scope):
        return wrong
    await bulletin.change(tx, b.id, scope=list(scope.words))
    await log.append(tx, now, who.id, "bulletin.scope", b.number, "、".join(scope.words) or "全部")
    return await _shown(tx, who, now, b)


def unknown_scope(number: str, scope: Scope) -> Notice | None:
    """Return what is wrong with the words of a scope, None when each names a unit or a tag."""
    if not scope.unknown:
        return None
    near = f"（是不是 {'、'.join(scope.near)}）" if scope.near else ""
    why = f"没有这样的单位或标签：{'、'.join(scope.unknown)}{near}，没有下发。"
    return base.WrongForm(why=why, example=f"下发 {number} 海棠里社区、低洼")


async def advise(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Notice:
    """Add the street's own advice, a separate block under the verbatim text; empty takes it away (domain.md §3.1)."""
    if refused := refuse(who, "街道提示", *OFFICERS, Role.LEADER):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None or b.state not in ("draft", "live"):
        return base.NotFound(number=f"W{number}", example="预警列表")
    advice = text.strip()
    if len(advice) > ADVICE_LIMIT:
        return base.WrongForm(
            why=f"街道提示最多 {ADVICE_LIMIT} 字，这里有 {len(advice)} 字。",
            example=f"提示 W{number} 低洼住户上楼",
        )
    await bulletin.change(tx, b.id, advice=advice)
    await log.append(tx, now, who.id, "bulletin.advice", b.number, advice or "（删去）")
    await card.touch(tx, now, b.number, [say.Order.card])
    if b.state == "draft":
        return await _shown(tx, who, now, b)
    return say.Advised(number=b.number, advice=advice, at=now, drill=b.drill)


ADVICE_LIMIT = 500


async def join(tx: Tx, who: Actor, now: datetime, number: int, text: str = "") -> Notice:
    """Put a draft under a live warning as the same event, without a dispatch of its own (city and district)."""
    b = await _own_draft(tx, who, number, "并入")
    if isinstance(b, Notice):
        return b
    wanted = text.strip().upper().removeprefix("W")
    other = (
        await bulletin.by_id(tx, int(wanted)) if wanted.isdigit() else await bulletin.of_others(tx, now, b)
    )
    if other is None or not _joinable(b, other):
        why = "只能把同灾种、颜色不更高的发布并入正在进行的预警；颜色更高的、升级、降级和解除请另行下发。"
        return base.WrongForm(why=why, example=f"下发 W{number}")
    await bulletin.move(tx, b.id, "draft", "joined", joined_id=other.id)
    await card.touch(tx, now, b.number, [say.Offer.card])
    await card.touch(tx, now, other.number, [say.Progress.card])
    await log.append(
        tx, now, who.id, "bulletin.joined", b.number, f"与 {other.number} 是同一件事，不另行下发"
    )
    return say.Joined(number=b.number, to=other.number, at=now, drill=b.drill)


async def discard(tx: Tx, who: Actor, now: datetime, number: int) -> Notice:
    """Put a draft away."""
    b = await _own_draft(tx, who, number, "取消")
    if isinstance(b, Notice):
        return b
    await bulletin.move(tx, b.id, "draft", "discarded")
    await _touch_drafts(tx, now, b.id)
    await card.touch(tx, now, b.number, [say.Offer.card])
    await log.append(tx, now, who.id, "bulletin.discarded", b.number)
    return say.Discarded(number=b.number, drill=b.drill)


async def listing(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return live and recent warnings, and drafts that still wait."""
    refused = refuse(who, "预警列表", Role.OFFICER, Role.LEADER, Role.DEPUTY, Role.ADMIN, Role.SUPERIOR)
    return refused or await recent(tx, now - timedelta(days=3))


def looks_like(tx: Tx, text: str, now: datetime) -> bool:
    """Return True for a text that reads as a bulletin, so that a pasted one needs no command."""
    return bool(looks_like_xml(text.encode()) or read_bulletins(text, now, tx.zone, load_hazards()))


async def drafts_of(tx: Tx, who: Actor) -> list[int]:
    """Return the bulletins that wait for this person's 下发: pasted by them, or come in by HTTP; newest first."""
    return [b.id for b in await bulletin.drafts(tx) if b.by_id in (who.id, None) and who.has(*OFFICERS)]


def readings_json(data: bytes, received_at: datetime, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the readings of a text or XML as JSON values, [] for what is no bulletin; raise BulletinRefused."""
    return [to_json(reading) for reading in _read(data, received_at, zone)]

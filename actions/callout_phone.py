"""The officer's calls: whom next, a claim so that two never call the same, outcomes, mistakes taken back."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.authority import refuse
from actions.callout import NOTE, already, close_if_done, recorded
from actions.callout_ladder import climb_again
from actions.callout_views import SHOWN, head, silent_lines, superseded
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import callout as say
from domain.people import Role
from storage import bulletin, callout, card, log, people
from storage.bulletin import Bulletin
from storage.callout import Contact
from storage.database import Tx

CALLERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER)
CLAIM = timedelta(minutes=3)
"""A claim that is not followed by an outcome ends by itself after this."""
RED_FIRST = ("红", "橙", None, "黄", "蓝")
_NOTE = re.compile(
    r"关机|占线|停机|空号|拒接|没接|忙音|欠费|(?:没|无)人接听?|无应答|打不通|不在(?:服务区|家|村里)|(?:他|她|对方|本人)说?.*"
    r"|.*(?:说|让|正在|马上|已经?|明天|家属|转告|没|不).*"
)
"""A word of a call's record that is no name."""
READ_BACK = ("已复述", "复述无误", "复述一致", "复述")
"""Words by which a call's record says that the text was read back."""


async def called(
    tx: Tx,
    who: Actor,
    now: datetime,
    contact_id: int,
    *,
    reached: bool,
    as_b: bool = False,
    read_back: bool = False,
    words: str = "",
) -> Notice:
    """Record the officer's call to a contact: who answered, the number, the time; 已叫应 acknowledges by phone.

    `words`: what was said or heard at the call.
    """
    if refused := refuse(who, "电话叫应", *CALLERS):
        return refused
    c = await callout.by_id(tx, contact_id)
    b = await bulletin.by_id(tx, c.bulletin_id) if c else None
    if c is None or b is None:
        return base.StaleButton()
    if b.state != "live":
        return await superseded(tx, b)
    if c.acked_at is not None:
        return await already(tx, b, c)
    person = c.b_id if as_b and c.b_id else c.a_id
    name = (c.b_name or "") if person == c.b_id != c.a_id else c.a_name
    phone = (c.b_phone or "") if person == c.b_id != c.a_id else c.a_phone
    await callout.add_call(
        tx, now, c.id, who.id, reached=reached, who=name, number=phone, read_back=read_back
    )
    await callout.release(tx, c.id)
    attempts = sum(call.withdraws_id is None for call in await callout.calls_to(tx, [c.id]))
    done = [c]
    if reached:
        own = await callout.of_person(tx, b.id, person)
        done += [o for o in own if o.id != c.id and o.a_id == person and o.acked_at is None]
        await callout.acknowledge_all(tx, now, "phone", {one.id: person for one in done})
    act = "callout.phone" if reached else "callout.phone_silent"
    note = f"{name} {phone} 第{attempts}次{'，已复述' if read_back else ''} {words}".strip()
    await recorded(tx, now, b, act, {who.id: done}, note)
    await close_if_done(tx, who, now, b)
    return say.Called(
        number=b.number,
        unit="、".join(one.unit for one in done),
        who=name,
        phone=phone,
        reached=reached,
        attempts=attempts,
        read_back=read_back,
        at=now,
        drill=b.drill,
    )


async def called_by_name(
    tx: Tx, who: Actor, now: datetime, number: int, text: str, *, reached: bool
) -> Notice:
    """Record a call by the name or unit of a silent contact, as typed: 电话已叫应 W12 李强 已复述."""
    words = [w for w in re.split(r"[\s,，、。;；]+", text) if w]
    read_back = any(word in READ_BACK for word in words)
    names, heard = _without_note([word for word in words if word not in READ_BACK])
    word = "电话已叫应" if reached else "未叫通"
    b = await _running(tx, who, number, "电话叫应", f"{word} W12 李强")
    found = b if isinstance(b, Notice) else await _named(tx, b, names, word)
    if isinstance(found, Notice):
        return found
    as_b = found.b_name in names and found.a_name not in names
    return await called(tx, who, now, found.id, reached=reached, as_b=as_b, read_back=read_back, words=heard)


def _without_note(words: Sequence[str]) -> tuple[list[str], str]:
    """Return the names at the head of a record's words, and what is no name behind them: 关机, 他说马上办."""
    at = next((at for at, word in enumerate(words) if at and _NOTE.fullmatch(word)), len(words))
    return list(words[:at]), "，".join(words[at:])


async def _running(tx: Tx, who: Actor, number: int, what: str, example: str) -> Bulletin | Notice:
    """Return the live bulletin somebody who may call calls about, or what to say instead."""
    if refused := refuse(who, what, *CALLERS):
        return refused
    b = await bulletin.by_id(tx, number)
    if b is None or b.dispatched_at is None:
        return base.NotFound(number=f"W{number}", example=example)
    return b if b.state == "live" else await superseded(tx, b)


async def _named(tx: Tx, b: Bulletin, names: Sequence[str], word: str) -> Contact | Notice:
    """Return the silent contact of a name or unit, or of both; of one person's several units the first."""
    silent = await callout.silent(tx, b.id)
    fits = [c for c in silent if names and all(n in (c.a_name, c.b_name, c.unit) for n in names)]
    fits = [c for c in fits if c.a_name in names] or fits
    fits = fits or [c for c in silent if names and all(n in c.unit or n in c.a_name for n in names)]
    if fits and len({c.a_id for c in fits}) == 1:
        return fits[0]
    said = " ".join(names)
    answered = [] if fits else [c for c in await callout.named(tx, b.id, said) if c.acked_at is not None]
    if len(answered) == 1:
        return await already(tx, b, answered[0])
    options = tuple(f"{c.unit} {c.a_name}" for c in (fits or silent)[:8])
    return say.CallAmbiguous(
        number=b.number, name=said, options=options, several=bool(fits), word=word, drill=b.drill
    )


async def claim(tx: Tx, who: Actor, now: datetime, number: int, name: str = "") -> Notice:
    """Take a silent contact: 我来打 W12 李强; without a name the next one that nobody is calling.

    The next is who was called least, then from the top level down; the other officers see who calls.
    """
    found = await _running(tx, who, number, "电话叫应", "叫应名单")
    if isinstance(found, Notice):
        return found
    if name.strip():
        c = await _named(tx, found, name.split(), "我来打")
    else:
        c = await callout.next_to_call(tx, found.id, now) or say.NobodyToCall(
            number=found.number, drill=found.drill
        )
    return c if isinstance(c, Notice) else await _claim(tx, who, now, found, c)


async def _claim(tx: Tx, who: Actor, now: datetime, b: Bulletin, c: Contact) -> Notice:
    until = now + CLAIM
    if not await callout.claim(tx, now, c.id, who.id, until):
        by = await people.by_id(tx, c.claimed_by) if c.claimed_by else None
        return say.ClaimedByOther(
            number=b.number,
            unit=c.unit,
            name=c.a_name,
            by=by.name if by else "",
            until=c.claimed_until or until,
            drill=b.drill,
        )
    await log.append(tx, now, who.id, "callout.calling", b.number, f"{c.unit} {c.a_name}")
    await card.touch(tx, now, b.number, [say.CallList.card, say.Progress.card])
    b_role = c.b_id is not None and c.b_id != c.a_id
    return say.Claimed(
        number=b.number,
        unit=c.unit,
        name=c.a_name,
        phone=c.a_phone,
        b_name=c.b_name if b_role else None,
        b_phone=c.b_phone if b_role else None,
        until=until,
        drill=b.drill,
    )


async def withdraw(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Notice:
    """Take back a mistaken phone record by a new entry: 撤销叫应 W12 李强 打错了人. The contact is silent again."""
    name, _, why = text.strip().partition(" ")
    example = f"撤销叫应 W{number} 李强 打错了人"
    b = await _running(tx, who, number, "撤销叫应", example)
    if isinstance(b, Notice):
        return b
    fits = [c for c in await callout.named(tx, number, name) if c.acked_how == "phone"] if name else []
    if len(fits) != 1:
        return base.WrongForm(
            why=f"{b.number} 里没有唯一的「{name}」的电话叫应记录，请写单位或姓名，后面写原因。",
            example=example,
        )
    if not why.strip():
        return base.WrongForm(why="请写撤销的原因。", example=example)
    c = fits[0]
    calls = [call for call in await callout.calls_to(tx, [c.id]) if call.reached]
    last = calls[-1]
    await callout.add_call(
        tx,
        now,
        c.id,
        who.id,
        reached=False,
        who=last.who,
        number=last.number,
        withdraws=last.id,
        why=why.strip()[:NOTE],
    )
    silent = await callout.unacknowledge(tx, now, c.id)
    if silent and c.parent_unit_id:
        await callout.unprove(tx, b.id, c.parent_unit_id)
    await recorded(tx, now, b, "callout.phone_withdrawn", {who.id: [c]}, f"{last.who} {why.strip()}")
    if silent:
        await climb_again(tx, now, b, c, f":K{last.id}")
    return say.Withdrawn(
        number=b.number,
        unit=c.unit,
        name=last.who,
        why=why.strip(),
        at=now,
        silent=silent,
        drill=b.drill,
    )


async def book(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return whom to call over all live warnings: by colour, level and time left."""
    if refused := refuse(who, "叫应名单", *CALLERS):
        return refused
    lines: list[say.BookLine] = []
    total = 0
    levels = {level: order for order, level in enumerate(tx.rules.callout.levels)}
    for b in await bulletin.live(tx):
        total += await callout.count_silent(tx, b.id)
        contacts = await callout.silent(tx, b.id, limit=SHOWN)
        due = (b.dispatched_at or now) + tx.rules.callout.on_time
        for c, line in zip(contacts, await silent_lines(tx, contacts, now), strict=True):
            left = int((due - now).total_seconds() // 60)
            lines.append(say.BookLine(head=head(b), silent=line, level=c.level, left_minutes=left))
    lines.sort(
        key=lambda x: (
            RED_FIRST.index(x.head.colour) + 9 * (x.head.action == "cancel"),
            levels.get(x.level, 9),
            x.left_minutes,
            x.silent.attempts,
        )
    )
    return say.CallBook(lines=tuple(lines[:SHOWN]), more=total - len(lines[:SHOWN]))

"""Telegram cannot be reached: remembered, told by the channels that are left, and once it is back, by one message."""

from datetime import datetime

from actions import auditor, duty
from actions.view import Asked, view
from domain.notice import Priority
from domain.notices import process as say
from storage import channel, log, outbox, room
from storage.channel import Promise
from storage.database import Tx

SINCE = "outage"
"""The fact that holds since when; '' when Telegram is there."""


async def begin(
    tx: Tx, now: datetime, since: datetime, *, polling: bool, sending: bool, refused: bool
) -> bool:
    """Remember that polling or sending fails, and tell the admins by their channels; False if it is known.

    `refused`: Telegram refuses the token.
    """
    if await room.fact(tx, SINCE):
        return False
    await room.remember(tx, SINCE, since.isoformat())
    data = {
        "since": since.isoformat(),
        "polling": polling,
        "sending": sending,
        "refused": refused,
        "room": tx.rules.room.name,
    }
    admins = {admin.id for admin in await duty.admins(tx)}
    rows = [
        Promise(f"{say.Away.kind()}:{since:%y%m%d%H%M%S}:P{person}:C{key}", person, {**data, "channel": key})
        for person, key in await channel.of_people(tx)
        if person in admins
    ]
    await channel.promise(tx, now, say.Away.kind(), "", Priority.CLOCK, rows)
    words = "、".join([*(["收不到消息"] if polling else []), *(["发不出消息"] if sending else [])])
    await log.append(tx, now, None, "process.away", "", f"Telegram {words}，另行通知 {len(rows)} 处")
    return True


@view(say.Away)
async def away(tx: Tx, asked: Asked) -> say.Away | None:
    """Return the message, unless Telegram is back."""
    if not await room.fact(tx, SINCE):
        return None
    return say.Away.model_validate({**asked.data, "at": asked.now})


async def end(tx: Tx, now: datetime) -> bool:
    """Telegram is back: show open buttons again after a longer time, tell the admins once; False if it was not away."""
    since = await room.fact(tx, SINCE)
    if not since:
        return False
    await room.remember(tx, SINCE, "")
    gone = now - datetime.fromisoformat(since)
    if gone > tx.rules.callout.late_reshow:
        await auditor.reshow(tx, now)
    minutes = max(1, round(gone.total_seconds() / 60))
    await log.append(tx, now, None, "process.back", "", f"Telegram 恢复，中断约 {minutes} 分钟")
    notice = say.Back(since=datetime.fromisoformat(since), at=now, minutes=minutes)
    for admin in await duty.admins(tx):
        await outbox.say(tx, now, notice, person=admin.id, key=f"{notice.kind()}:{since}:{admin.id}")
    return True

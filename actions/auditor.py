"""Recompute independently what should have happened; repair and report what did not (architecture.md §3)."""

from datetime import datetime, timedelta

from actions import delivery, duty
from actions.bulletin_dispatch import priority
from actions.callout_ladder import open_ladder
from domain.notice import Priority
from domain.notices import callout as say
from domain.notices import process
from domain.notices.incident import Card
from storage import bulletin, callout, card, deadline, incident, log, outbox, report_clock, room
from storage.callout import Group
from storage.database import Tx

STUCK = timedelta(seconds=60)
TRIES = 4
"""So often a message is tried within its first minute."""
NAMED = 5
FLOOD = "发送过快"
"""Why a message waits that is only held back by Telegram's limits."""
ALIVE = "alive"
COUNTDOWNS = (
    "callout", "confirm", "followup", "intake", "partner", "report", "rollcall", "second", "sign", "word",
)  # fmt: skip
"""Steps that come so long after something was done; the others come at a time of day."""
SET_BACK = timedelta(minutes=1)
"""A clock behind by more than this at start-up was set back while the process was down."""


async def audit(tx: Tx, now: datetime, *, telegram_works: bool = True) -> list[str]:
    """Return what was wrong, in words; each is repaired where it can be, and told to the admins once an hour.

    Without Telegram nothing can be sent: that is told otherwise (actions/outage.py), and nothing of it here.
    """
    found: list[str] = []
    if late := await deadline.overdue(tx, now, STUCK):
        found.append(f"{late} 个到期事项超过 1 分钟未处理")
    if telegram_works and (stuck := await outbox.waiting_longer(tx, now - STUCK, Priority.LADDER)):
        found.append(f"{stuck} 条预警消息超过 1 分钟未发出")
    for b in await bulletin.live(tx):
        name = f"【演练】{b.number}" if b.drill else b.number
        if b.dispatched_at and now - b.dispatched_at > STUCK:
            missing = await callout.tell(tx, now, b.id, say.Order.kind(), priority(b), Group.SILENT)
            if missing:
                found.append(f"{name} 有 {missing} 人没有进入发送，已补发")
        if not await deadline.any_of(tx, "callout", b.number):
            await open_ladder(tx, b.dispatched_at or now, b)
            found.append(f"{name} 的提醒阶梯缺失，已补上")
    for text in found:
        await log.append(tx, now, None, "audit.found", "", text)
        await delivery.alarm(tx, now, f"自查：{text}", f"audit:{text}:{now:%y%m%d%H}")
    if telegram_works and await _stalled(tx, now):
        found.append("有消息反复发送不成功")
    await room.remember(tx, ALIVE, now.isoformat())
    return found


async def _stalled(tx: Tx, now: datetime) -> bool:
    """Tell the admins, once an hour, whom messages do not reach although sending works; True if there is somebody."""
    found = await outbox.stalled(tx, now - STUCK, TRIES, FLOOD)
    if not found:
        return False
    notice = process.Stalled(
        names=tuple(s.name or "群" for s in found[:NAMED]),
        more=max(0, len(found) - NAMED),
        messages=sum(s.count for s in found),
        why=found[0].why,
        at=now,
    )
    for admin in await duty.admins(tx):
        key = f"{notice.kind()}:{now:%y%m%d%H}:{admin.id}"
        if await outbox.say(tx, now, notice, person=admin.id, key=key):
            await log.append(tx, now, None, "audit.found", "", f"{notice.messages} 条消息反复发送不成功")
    return True


async def set_back(tx: Tx, now: datetime) -> None:
    """At start-up, before anything is done, see whether the clock is behind where the last process left it.

    Then what counts down keeps the time it had left, and what was put off a little does not wait for the old time.
    """
    before = await room.fact(tx, ALIVE)
    by = datetime.fromisoformat(before) - now if before is not None else timedelta()
    if by <= SET_BACK:
        return
    await room.remember(tx, ALIVE, now.isoformat())
    await outbox.bring_forward(tx, now)
    await card.bring_forward(tx, now)
    moved = await deadline.move_earlier(tx, COUNTDOWNS, by)
    await report_clock.move_earlier(tx, by)
    await callout.move_earlier(tx, by)
    for i in await incident.in_state(tx, "open"):
        await card.touch(tx, now, i.number, [Card.card])
    for b in await bulletin.live(tx):
        await card.touch(tx, now, b.number, [say.Progress.card, say.CallList.card])
    minutes = round(by.total_seconds() / 60)
    text = f"服务器时钟比停机前早 {minutes} 分钟，请检查对时；倒计时 {moved} 项按剩余时间继续"
    await log.append(tx, now, None, "process.back", "", text)
    await delivery.alarm(tx, now, text, f"set-back:{now:%y%m%d%H%M}")


async def came_back(tx: Tx, now: datetime) -> timedelta | None:
    """At start-up: after a longer absence show the open buttons again; return how long we were away.

    Presses made meanwhile are gone: the Bot API keeps them for 150 s only.
    """
    before = await room.fact(tx, ALIVE)
    await room.remember(tx, ALIVE, now.isoformat())
    if before is None:
        return None
    away = now - datetime.fromisoformat(before)
    if away <= tx.rules.callout.late_reshow:
        return None
    await reshow(tx, now)
    minutes = max(1, round(away.total_seconds() / 60))
    await log.append(tx, now, None, "process.back", "", f"离线约 {minutes} 分钟")
    await delivery.alarm(
        tx, now, f"值班室机器人刚恢复，离线约 {minutes} 分钟；到期事项已补做", f"back:{now:%y%m%d%H%M}"
    )
    return away


async def reshow(tx: Tx, now: datetime) -> None:
    """Show the open buttons of live warnings again: presses made while nobody listened are gone."""
    for b in await bulletin.live(tx):
        remind = (await deadline.open_of(tx, "callout", b.number)).get("remind")
        if remind is not None and remind <= now:
            continue  # the reminder itself is due: it has the buttons, and says how late it is
        await outbox.drop_pending(tx, b.number, [say.Reshown.kind()], "有更新的提醒")
        await callout.tell(
            tx,
            now,
            b.id,
            say.Reshown.kind(),
            Priority.LADDER,
            Group.SILENT,
            again=f":{now:%y%m%d%H%M}",
        )

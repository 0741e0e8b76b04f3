"""设备: what has to work in the duty room is checked each shift; a fault stays on every sheet until it is mended."""

import re
from datetime import datetime

from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import handover as say
from domain.people import Role
from domain.sheet import tidy
from storage import card, equipment, handover, log, roster
from storage.database import Tx

CHECKERS = (Role.OFFICER, Role.DEPUTY)
FINE = ("正常", "好了", "修好", "已修好", "恢复", "恢复正常", "完好")


async def state(tx: Tx) -> list[say.EquipmentLine]:
    """Return every piece with its fault, and whether it was checked since the watch began."""
    watch = await roster.watch(tx)
    checks = await equipment.newest(tx)
    lines = []
    for item in tx.rules.handover.equipment:
        check = checks.get(item)
        checked = check is not None and (watch is None or check.at >= watch.since)
        lines.append(say.EquipmentLine(item=item, fault=check.fault if check else "", checked=checked))
    return lines


async def check(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Show the list; `正常` checks all that have no fault; `传真机 缺墨` notes a fault, `传真机 正常` its end."""
    if refused := refuse(who, "设备", *CHECKERS):
        return refused
    if not text:
        return say.Equipment(lines=tuple(await state(tx)))
    if text.rstrip("。！!") in ("正常", "都正常", "全部正常", "一切正常"):
        return await all_fine(tx, who, now)
    item, fault = _item(text, tx.rules.handover.equipment)
    if item is None or not fault:
        why = "请写设备名和情况。" if item else "清单里没有这个设备，没有记录。"
        return base.WrongForm(why=why, example=f"设备 {tx.rules.handover.equipment[0]} 正常")
    fault = "" if fault in FINE else fault
    await equipment.add(tx, now, item, fault, who.id)
    await _shown_anew(tx, who, now, f"{item} {fault or '正常'}")
    return say.Equipment(lines=tuple(await state(tx)))


def _item(text: str, known: tuple[str, ...]) -> tuple[str | None, str]:
    """Return the piece that a text begins with (or that its first word is part of), and the rest."""
    head, _, rest = text.partition(" ")
    for item in sorted(known, key=len, reverse=True):
        if text.startswith(item):
            return item, re.sub(r"^[\s：:，,]+", "", text[len(item) :])
    near = [item for item in known if tidy(head) and tidy(head) in item]
    return (near[0] if len(near) == 1 else None), rest.strip()


async def all_fine(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Note that everything without a known fault was looked at and works."""
    if refused := refuse(who, "设备", *CHECKERS):
        return refused
    for line in await state(tx):
        if not line.fault:
            await equipment.add(tx, now, line.item, "", who.id)
    await _shown_anew(tx, who, now, "除已登记的故障外正常")
    return say.Equipment(lines=tuple(await state(tx)))


async def _shown_anew(tx: Tx, who: Actor, now: datetime, text: str) -> None:
    await log.append(tx, now, who.id, "equipment.checked", "", text)
    h = await handover.running(tx)
    if h is not None:
        await card.touch(tx, now, f"H{h.id}")

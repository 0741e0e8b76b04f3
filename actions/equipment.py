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
_FINE = re.compile(
    r"(?:现在?|目前|已经?|都|均|全部?|一切|又|检查|使用)*"
    r"(?:(?:修|换|弄|调)?好(?:了|的)?|恢复|正常|完好|可以?用|能用|没问题|无问题|无异常|没有?异常|没有?故障|无故障|没坏|OK)"
    r"(?:正常|使用|可用|了|的|啦|无损)*",
    re.IGNORECASE,
)
"""Words that say a piece works: 缺墨已恢复正常 and 不正常 are none of them."""
_MARKS = " \t\n。.！!~～，,"
_BETWEEN = r"[\s、，,；;]*(?:和|与|及|以及)?[\s、，,；;]*"


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
    if _is_fine(text):
        return await all_fine(tx, who, now)
    items, fault = _items(text, tx.rules.handover.equipment)
    if not items or not fault:
        why = "请写设备名和情况。" if items else "清单里没有这个设备，没有记录。"
        return base.WrongForm(why=why, example=f"设备 {tx.rules.handover.equipment[0]} 正常")
    fault = "" if _is_fine(fault) else fault
    for item in items:
        await equipment.add(tx, now, item, fault, who.id)
    await _shown_anew(tx, who, now, f"{'、'.join(items)} {fault or '正常'}")
    return say.Equipment(lines=tuple(await state(tx)))


def _is_fine(words: str) -> bool:
    """Return True for words that only say that it works: 正常, 已恢复正常, 修好了."""
    return _FINE.fullmatch(words.strip(_MARKS)) is not None


def _items(text: str, known: tuple[str, ...]) -> tuple[list[str], str]:
    """Return the pieces that a text begins with (or the one its first word is part of), and the rest."""
    found: list[str] = []
    rest = text.strip()
    while named := [item for item in known if rest.startswith(item) and item not in found]:
        found.append(max(named, key=len))
        rest = re.sub(rf"^{_BETWEEN}", "", rest[len(found[-1]) :])
    if found:
        return found, re.sub(r"^[\s：:，,]+", "", rest)
    head, *words = text.split(maxsplit=1)
    near = [item for item in known if tidy(head) and tidy(head) in item]
    return (near if len(near) == 1 else []), "".join(words).strip()


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

"""Exercises: while one runs, the next warning or incident is marked 【演练】 and kept out of the figures."""

from datetime import datetime

from actions import duty
from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from storage import log, outbox, room
from storage.database import Tx

WORDS = dict.fromkeys(("开", "on", "开始", "开启", "启动", "打开"), True)
WORDS |= dict.fromkeys(("关", "off", "结束", "停", "停止", "关闭", "完毕"), False)


async def switch(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Begin or end the exercise; without a word, show whether one runs."""
    if refused := refuse(who, "演练", Role.ADMIN, Role.LEADER):
        return refused
    running = await room.drilling(tx)
    wanted = WORDS.get(text.strip(" 了。.!！").lower(), running if not text.strip() else None)
    if wanted is None:
        return base.WrongForm(why="请说明开始还是结束演练。", example="演练 开")
    if wanted == running:
        return say.DrillState(on=running, changed=False, by=None, at=now)
    await room.set_drill(tx, on=wanted)
    await log.append(tx, now, who.id, "drill.on" if wanted else "drill.off")
    told = say.DrillState(on=wanted, changed=True, by=who.name, at=now)
    readers = [*await duty.officers_to_tell(tx, now), *await duty.leaders_to_tell(tx, now)]
    for reader in {r.id for r in readers} - {who.id}:
        await outbox.say(tx, now, told, person=reader)
    return told.model_copy(update={"by": None})

"""Everything as sheets, for the office's own files."""

from datetime import datetime, timedelta

from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import room as say
from domain.people import Role
from storage import log, people, roster
from storage.database import Tx

LOG_DAYS = timedelta(days=31)
ROSTER_AHEAD = timedelta(days=92)
MOST_ENTRIES = 100_000


async def everything(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return people, units, the roster ahead and the log of the last 31 days; it is logged."""
    if refused := refuse(who, "导出", Role.ADMIN):
        return refused
    tables = (await _people(tx), await _units(tx), await _roster(tx, now), await _log(tx, now))
    counts = [len(table.rows) for table in tables]
    what = "人员 {}、单位 {}、班次 {}、日志 {}".format(*counts)
    await log.append(tx, now, who.id, "export.made", "", what)
    return say.Export(
        at=now, people=counts[0], units=counts[1], shifts=counts[2], entries=counts[3], tables=tables
    )


async def _people(tx: Tx) -> say.Table:
    rows = tuple(
        (
            p.name,
            p.title,
            p.phone,
            "、".join(f"{post.unit}{post.role.word}{post.ab or ''}" for post in p.posts),
            "已绑定" if p.telegram_id is not None else "未绑定",
        )
        for p in await people.everybody(tx)
    )
    return say.Table(title="人员", header=("姓名", "职务", "电话", "岗位", "账号"), rows=rows)


async def _units(tx: Tx) -> say.Table:
    found = await people.all_units(tx)
    names = {unit.id: unit.name for unit in found.values()}
    rows = tuple((u.name, u.level.value, names.get(u.parent_id or 0, "")) for u in found.values())
    return say.Table(title="单位", header=("单位", "层级", "上级单位"), rows=rows)


async def _roster(tx: Tx, now: datetime) -> say.Table:
    shifts = await roster.between(tx, now - timedelta(days=1), now + ROSTER_AHEAD)
    rows = tuple(
        (f"S{s.id}", s.post.word, s.name, s.phone, _minute(tx, s.starts_at), _minute(tx, s.ends_at))
        for s in shifts
        if s.ends_at > now
    )
    return say.Table(title="值班表", header=("班次", "岗位", "姓名", "电话", "开始", "结束"), rows=rows)


async def _log(tx: Tx, now: datetime) -> say.Table:
    found = await log.entries(tx, since=now - LOG_DAYS, limit=MOST_ENTRIES)
    names = await people.by_ids(tx, [e.person_id for e in found if e.person_id])
    rows = tuple(
        (
            f"L{e.seq}",
            _second(tx, e.at),
            names[e.person_id].name if e.person_id in names else "系统",
            e.act,
            e.subject,
            e.text,
        )
        for e in found
    )
    return say.Table(title="日志", header=("编号", "时间", "谁", "做了什么", "关于", "内容"), rows=rows)


def _minute(tx: Tx, at: datetime) -> str:
    return f"{at.astimezone(tx.zone):%Y-%m-%d %H:%M}"


def _second(tx: Tx, at: datetime) -> str:
    return f"{at.astimezone(tx.zone):%Y-%m-%d %H:%M:%S}"

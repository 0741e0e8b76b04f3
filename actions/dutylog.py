"""The append-only duty log: an entry gets its number at once, a correction is a new entry; a day in print."""

from datetime import date, datetime

from actions.authority import refuse
from actions.dutylog_rows import families, rows
from actions.slot import bounds
from domain.actor import Actor
from domain.dutylog import LISTED, WRITTEN
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.notices.dutylog import LogDay
from domain.people import Role
from domain.roster import Post
from storage import chain, log, roster
from storage import dutylog as kept
from storage.database import Tx

WRITERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER)
DAY_LIMIT = 5000
"""Entries of a printed day at most: some forty times a busy day."""


async def write(
    tx: Tx, who: Actor, now: datetime, text: str, file: say.FileKept | None = None, refused: str | None = None
) -> Notice:
    """Record an entry with its words and file; `refused` says why a file could not be kept."""
    if forbidden := refuse(who, "记录", *WRITERS):
        return forbidden
    words = text or (file.text if file and file.text else "")
    if not words and file is None:
        why = f"附件没有保存：{refused}" if refused else "没有写内容，没有记录。"
        return base.WrongForm(why=why, example="记录 22:10 巡查河道，水位正常")
    return await _add(tx, who, now, words or f"（附件）{file.name if file else ''}", file, refused, None)


async def correct(tx: Tx, who: Actor, now: datetime, seq: int, text: str) -> Notice:
    """Record a new entry that corrects an older one; the older one stands."""
    if forbidden := refuse(who, "更正", *WRITERS):
        return forbidden
    old = await chain.entry(tx, seq)
    if old is None or old.act != WRITTEN:
        return base.NotFound(number=f"值班日志 L{seq}", example="更正 L12 水位应为 3.2 米")
    if not text:
        return base.WrongForm(why=f"L{seq} 更正成什么？没有记录。", example=f"更正 L{seq} 水位应为 3.2 米")
    return await _add(tx, who, now, text, None, None, seq)


async def day(tx: Tx, wanted: date) -> LogDay:
    """Return a calendar day of the duty log with who was on; entries are corrected by what is known now."""
    start, end = bounds(tx, wanted)
    found = await kept.within(tx, LISTED, start, end, (), DAY_LIMIT)
    shifts = await roster.during(tx, start, end)
    leaders, officers = (
        tuple(dict.fromkeys(s.name for s in shifts if s.post in posts))
        for posts in ((Post.LEADER,), (Post.OFFICER, Post.DEPUTY))
    )
    return LogDay(
        room=tx.rules.room.name,
        day=wanted,
        leaders=leaders,
        officers=officers,
        phone=tx.rules.room.phone,
        rows=await rows(tx, await families(tx, found)),
    )


async def _add(
    tx: Tx,
    who: Actor,
    now: datetime,
    text: str,
    file: say.FileKept | None,
    refused: str | None,
    corrects: int | None,
) -> Notice:
    data: dict[str, object] = {}
    if file is not None:
        data["file"] = file.model_dump(exclude={"text"})
    if corrects is not None:
        data["corrects"] = corrects
    subject = f"L{corrects}" if corrects is not None else ""
    seq = await log.append(tx, now, who.id, WRITTEN, subject, text, **data)
    return say.Logged(
        seq=seq, at=now, text=text, file=file.name if file else None, refused=refused, corrects=corrects
    )

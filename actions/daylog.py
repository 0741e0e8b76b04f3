"""日志: the duty log looked through by day, person, event and words; a day of it for the printer."""

import json
import re
from datetime import date, datetime
from typing import Any

from actions import dutylog, prints
from actions.authority import refuse
from actions.slot import bounds
from domain.actor import Actor
from domain.day_text import read_day
from domain.notice import Notice
from domain.notices import base
from domain.notices import dutylog as say
from domain.people import Role
from domain.roster import Post
from storage import chain, log, people, roster
from storage.database import Tx
from storage.log import Entry, Wanted

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
SHOWN = 20
DAY_LIMIT = 2000
EXAMPLE = "日志 7.25 刘芳"
PRINT = ("打印", "导出")
ACTS = (
    *(
        dutylog.ACT,
        "nil.report",
        "rollcall.asked",
        "rollcall.answered",
        "rollcall.unanswered",
        "equipment.checked",
    ),
    *("task.instruction", "task.todo", "task.done", "watch.first", "watch.taken", "shift.arrived", "cover"),
    *(
        "handover.signed_out",
        "handover.signed_in",
        "handover.forced",
        "handover.note",
        "handover.next_action",
    ),
    *("bulletin.received", "bulletin.dispatched", "bulletin.ended", "bulletin.superseded", "callout.overdue"),
    *("callout.phone", "callout.phone_silent", "incident.received", "incident.taken", "incident.joined"),
    *(
        "incident.closed",
        "incident.discarded",
        "report.first",
        "report.followup",
        "report.final",
        "report.phoned",
    ),
    *("report.submitted", "report.signed", "report.returned", "report.confirmed", "followup.no_change"),
    *(
        "swap.approved",
        "leave.granted",
        "roster.published",
        "person.unreachable",
        "process.back",
        "drill.on",
        "drill.off",
    ),
)
"""What an officer would look up: what people wrote and did, not what the process does for itself."""


async def look(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Return the entries a text asks for, or print the day it asks for."""
    if refused := refuse(who, "日志", *READERS):
        return refused
    words = text.split()
    printing = bool(words) and words[-1] in PRINT
    if printing:
        words.pop()
    today = now.astimezone(tx.zone).date()
    if words and (number := re.fullmatch(r"[Ll](\d{1,9})", words[0])):
        return await _one(tx, int(number[1]))
    day = next((d for d in (read_day(w, today) for w in words) if d), None)
    if printing and [w for w in words if read_day(w, today) is None]:
        return base.WrongForm(why="打印只能打一整天的日志。", example="日志 7.25 打印")
    return (
        await _printing(tx, who, now, day or today) if printing else await _found(tx, now, words, day, today)
    )


async def _printing(tx: Tx, who: Actor, now: datetime, day: date) -> Notice:
    title = f"值班日志 {day.month}月{day.day}日"
    await prints.ask(tx, now, who.id, prints.DAY, title, day=day.isoformat())
    return say.LogPrinting(day=day, count=len((await day_of(tx, day)).rows))


async def _found(tx: Tx, now: datetime, words: list[str], day: date | None, today: date) -> Notice:
    rest = [w for w in words if read_day(w, today) is None]
    subject = next((w.upper() for w in rest if re.fullmatch(r"[EeWwHhTtSsRrQq]\d{1,9}", w)), "")
    rest = [w for w in rest if w.upper() != subject]
    named = [p for w in rest for p in await people.by_name(tx, w)]
    person = named[0] if named else None
    rest = [w for w in rest if person is None or w != person.name]
    start, end = bounds(tx, day) if day else (None, None)
    since = None if words else await _shift_began(tx, now)
    entries, total = await log.find(
        tx,
        Wanted(ACTS, start or since, end, person.id if person else None, subject, " ".join(rest)),
        SHOWN,
    )
    what = " ".join([*([person.name] if person else []), *([subject] if subject else []), *rest])
    return say.LogFound(what=what, since=since, day=day, rows=await _rows(tx, entries), total=total)


async def _shift_began(tx: Tx, now: datetime) -> datetime:
    """Return when the officer's running shift began, else the day."""
    running = [s.starts_at for s in await roster.at(tx, now) if s.post is Post.OFFICER]
    return min(running, default=bounds(tx, now.astimezone(tx.zone).date())[0])


async def _one(tx: Tx, seq: int) -> Notice:
    found = await chain.entry(tx, seq)
    if found is None or found.act not in ACTS:
        return base.NotFound(number=f"值班日志 L{seq}", example=EXAMPLE)
    entry = Entry(found.seq, found.when, found.person, found.act, found.subject, found.text)
    return say.LogFound(what=f"L{seq}", since=None, day=None, rows=await _rows(tx, [entry]), total=1)


async def _rows(tx: Tx, entries: list[Entry]) -> tuple[say.LogRow, ...]:
    names = await people.by_ids(tx, [e.person_id for e in entries if e.person_id])
    corrected = await log.corrections(tx, dutylog.ACT, [e.seq for e in entries])
    files = {e.seq: await _file(tx, e.seq) for e in entries if e.act == dutylog.ACT}
    return tuple(
        say.LogRow(
            at=e.at,
            number=e.seq,
            kind=e.act,
            subject=e.subject,
            person=names[e.person_id].name if e.person_id in names else "",
            text=e.text,
            file=files.get(e.seq, ""),
            corrected_by=tuple(f"L{c.seq}：{c.text}" for c in corrected.get(e.seq, ())),
        )
        for e in entries
    )


async def _file(tx: Tx, seq: int) -> str:
    link = await chain.entry(tx, seq)
    data: dict[str, Any] = json.loads(link.data) if link else {}
    return str((data.get("file") or {}).get("name", ""))


async def day_of(tx: Tx, day: date) -> say.LogDay:
    """Return a calendar day of the duty log."""
    start, end = bounds(tx, day)
    entries, _ = await log.find(tx, Wanted(ACTS, start, end), DAY_LIMIT)
    shifts = await roster.during(tx, start, end)
    by_post = {p: [s.name for s in shifts if s.post is p] for p in (Post.LEADER, Post.OFFICER, Post.DEPUTY)}
    names = {post: tuple(dict.fromkeys(own)) for post, own in by_post.items()}
    room = tx.rules.room
    return say.LogDay(
        room=room.name,
        day=day,
        leaders=names[Post.LEADER],
        officers=(*names[Post.OFFICER], *names[Post.DEPUTY]),
        phone=room.phone,
        rows=await _rows(tx, entries),
    )

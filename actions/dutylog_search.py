"""日志: the duty log looked through by day, person, event, number and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import dutylog as dutylog_act
from actions import prints
from actions.authority import refuse
from actions.dutylog_rows import families, rows
from actions.slot import bounds
from domain.actor import Actor
from domain.dutylog import LISTED, WRITTEN, Query, mentions, read_query
from domain.notice import Notice
from domain.notices import base
from domain.notices import dutylog as say
from domain.people import Role
from domain.roster import Post
from storage import dutylog, roster
from storage.database import Tx
from storage.dutylog import Kept, Term

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
EXAMPLE = "日志 7.25 刘芳"
SHOWN = 20
CUT = 100
LOOKED_AT = 500
"""Entries that are fetched to say how many fit; where more fit, it is said that there are more."""
LOOK_BACK = timedelta(days=92)
"""Names and words without a day are looked for this far back: texts have no index."""
LONGEST_WATCH = timedelta(hours=36)
"""A watch held longer was never handed over: it no longer says which shift runs."""


async def search(tx: Tx, who: Actor, now: datetime, text: str, acts: Mapping[str, str]) -> Notice:
    """Return what a text asks for; `acts`: the word of every listed act, by which it is found too."""
    if refused := refuse(who, "日志", *READERS):
        return refused
    query = read_query(text, now.astimezone(tx.zone).date())
    if query.printed:
        return await _printed(tx, now, who.id, query)
    if query.entry is not None:
        return await _one(tx, query.entry)
    return await _listing(tx, now, query, acts)


async def _printed(tx: Tx, now: datetime, person: int, query: Query) -> Notice:
    if query.entry is not None or query.subject or query.words:
        return base.WrongForm(why="打印只能打一整天的日志。", example="日志 7.25 打印")
    day = query.day or now.astimezone(tx.zone).date()
    title = f"值班日志 {day.month}月{day.day}日"
    await prints.ask(tx, now, person, prints.DAY, title, day=day.isoformat())
    return say.LogPrinting(day=day, count=len((await dutylog_act.day(tx, day)).rows))


async def _one(tx: Tx, number: int) -> Notice:
    found = await families(tx, await dutylog.by_numbers(tx, LISTED, [number]))
    if not found:
        return base.NotFound(number=f"值班日志 L{number}", example="日志 L12")
    shown = await rows(tx, found)
    return say.LogEntry(asked=number, row=shown[0], sha256=found[0].root.sha256)


@dataclass(frozen=True)
class Span:
    """Where is looked: from, to, and how that is said."""

    start: datetime
    end: datetime
    since: datetime | None = None
    holder: str = ""
    days: int | None = None


async def _listing(tx: Tx, now: datetime, query: Query, acts: Mapping[str, str]) -> Notice:
    span = await _span(tx, now, query)
    terms = [await _term(tx, word, acts) for word in query.words]
    found = await _found(tx, query, span, terms)
    all_of_them = await families(tx, found)
    return say.LogFound(
        asked=(*([query.subject] if query.subject else []), *query.words),
        day=query.day,
        since=span.since,
        holder=span.holder,
        days=None if query.subject else span.days,
        rows=await rows(tx, all_of_them[-SHOWN:], CUT),
        more=max(len(all_of_them) - SHOWN, 0),
        capped=len(found) >= LOOKED_AT,
    )


async def _term(tx: Tx, word: str, acts: Mapping[str, str]) -> Term:
    named = tuple(act for act, said in acts.items() if word in said and act in LISTED)
    return Term(word, named, await dutylog.people_called(tx, word))


async def _span(tx: Tx, now: datetime, query: Query) -> Span:
    after = now + timedelta(seconds=1)
    if query.day is not None:
        return Span(*bounds(tx, query.day))
    if query.subject or query.words:
        return Span(now - LOOK_BACK, after, days=LOOK_BACK.days)
    since, holder = await _shift_began(tx, now)
    return Span(since, after, since, holder)


async def _shift_began(tx: Tx, now: datetime) -> tuple[datetime, str]:
    """Return when the watch or the officer's running shift began and whose it is; else when the day began."""
    watch = await roster.watch(tx)
    if watch is not None:
        shift = await roster.any_by_id(tx, watch.shift_id) if watch.shift_id else None
        since = min(watch.since, shift.starts_at) if shift else watch.since
        if now - since <= LONGEST_WATCH:
            return since, watch.name
    running = [s for s in await roster.at(tx, now) if s.post is Post.OFFICER]
    if running:
        return running[0].starts_at, running[0].name
    return bounds(tx, now.astimezone(tx.zone).date())[0], ""


async def _found(tx: Tx, query: Query, span: Span, terms: list[Term]) -> list[Kept]:
    """Return what fits; an event is also found where a written entry names it, within the time looked at."""
    if not query.subject:
        return await dutylog.within(tx, LISTED, span.start, span.end, terms, LOOKED_AT)
    about = await dutylog.of_event(tx, LISTED, query.subject, terms, LOOKED_AT)
    if query.day is not None:
        about = [kept for kept in about if span.start <= kept.at < span.end]
    named = await dutylog.within(
        tx, (WRITTEN,), span.start, span.end, [*terms, Term(query.subject, (), ())], LOOKED_AT
    )
    return [*about, *(kept for kept in named if mentions(kept.text, query.subject))]

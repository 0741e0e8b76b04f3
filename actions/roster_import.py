"""A roster sheet as JSON that waits for 确认, and its publication."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from actions import roster
from actions.slot import arrangement, bounds
from domain.actor import Actor
from domain.people import Role
from domain.roster import Post, Wanted
from domain.roster_check import OnLeave
from domain.roster_dates import runs_of
from domain.roster_gaps import Gap
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import read_roster
from domain.roster_spans import RosterShift
from domain.roster_text import looks_like_roster
from domain.roster_words import WEEKDAY_WORDS
from domain.sheet import Rows, SheetError
from storage import leave, people
from storage import roster as storage
from storage.database import Tx

Merged = Collection[tuple[int, int, int, int]]


async def office_of(tx: Tx) -> Office:
    """Return what a roster is read with."""
    known = [KnownPerson(a.id, a.name, a.phone, tuple(a.roles)) for a in await people.everybody(tx)]
    leaves = [OnLeave(q.person_id, q.first, q.last) for q in await leave.granted(tx, date.min, date.max)]
    return Office(known, tx.rules.roster, tx.zone, await arrangement(tx), leaves)


async def is_roster(tx: Tx, who: Actor, text: str) -> bool:
    """Return True if an admin's text is plainly a roster."""
    if not who.has(Role.ADMIN) or not any(c.isdigit() for c in text):
        return False
    office = await office_of(tx)
    return looks_like_roster(text, office.directory)


def roster_json(office: Office, today: date, rows: Rows, merged: Merged, name: str) -> dict[str, Any]:
    """Return what a roster says: layout, days, posts, shifts to publish, rows for people, problems and gaps."""
    sheet = read_roster(rows, office, today=today, name=name, merged=merged)
    dates = [d.date for d in sheet.days]
    return {
        "kind": "roster",
        "layout": sheet.layout.value if sheet.layout else "",
        "first": min(dates).isoformat() if dates else None,
        "last": max(dates).isoformat() if dates else None,
        "days": len(dates),
        "runs": [[a.isoformat(), b.isoformat()] for a, b in runs_of(dates)],
        "posts": [post.value for post in sheet.posts],
        "whole": [post.value for post in sheet.whole],
        "counts": Counter(s.entry.person.name for s in sheet.shifts).most_common(),
        "shifts": [
            {
                "post": w.post.value,
                "person": w.person_id,
                "starts_at": w.starts_at.isoformat(),
                "ends_at": w.ends_at.isoformat(),
                "label": w.label,
            }
            for w in sheet.wanted
        ],
        "rows": [_row(s) for s in sheet.shifts],
        "errors": [problem_json(e) for e in sheet.errors],
        "warnings": [problem_json(e) for e in sheet.warnings],
        "gaps": [_gap(g) for g in sheet.gaps],
    }


def wanted_in(data: dict[str, Any]) -> list[Wanted]:
    """Return the shifts that a kept roster is to publish."""
    return [
        Wanted(
            Post(w["post"]),
            w["person"],
            datetime.fromisoformat(w["starts_at"]),
            datetime.fromisoformat(w["ends_at"]),
            w["label"],
        )
        for w in data["shifts"]
    ]


async def overwritten(tx: Tx, now: datetime, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a roster that was read would overwrite though somebody counts on it, and days that are past."""
    wanted = wanted_in(data)
    names = {a.id: a.name for a in await people.everybody(tx)}
    today = now.astimezone(tx.zone).date()
    days = sorted({w.starts_at.astimezone(tx.zone).date() for w in wanted})
    past = [day for day in days if day < today]
    problems = []
    if past:
        said = f"{past[0]:%Y-%m-%d} 至 {past[-1]:%Y-%m-%d}"
        problems.append(_warned("日期", said, "已经过去，发布后会改写当时的值班记录，请核对年份和月份"))
    for day in days:
        for s in await storage.between(tx, *bounds(tx, day)):
            new = roster.instead_of(s, wanted)
            if new and s.person_id not in new and roster.agreed(s, now):
                how = "正在值班" if s.starts_at <= now else "已调班、顶班或确认"
                where = f"{day.month}月{day.day}日{s.label} {s.post.word}"
                others = "、".join(names.get(person, "") for person in new)
                problems.append(_warned(where, s.name, f"{how}，发布后改为 {others}"))
    return problems


def _warned(where: str, value: str, reason: str) -> dict[str, Any]:
    return {"where": where, "value": value, "reason": reason, "cell": "", "row": 0}


def _row(s: RosterShift) -> dict[str, Any]:
    return {
        "date": s.day.isoformat(),
        "weekday": WEEKDAY_WORDS[s.day.weekday()],
        "shift": s.label,
        "from": s.starts_at.isoformat(timespec="minutes"),
        "to": s.ends_at.isoformat(timespec="minutes"),
        "post": s.post.word,
        "person": s.entry.person.name,
        "phone": s.entry.person.phone,
        "cell": s.entry.place.cell,
        "row": s.entry.place.row,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "date": gap.date.isoformat(),
        "shift": gap.shift.strip(),
        "post": gap.post.word if gap.post else None,
        "missing": gap.missing,
        "text": gap.text,
    }


def problem_json(e: SheetError) -> dict[str, Any]:
    """Return one thing wrong, with its cell."""
    return {"where": e.where, "value": e.value, "reason": e.reason, "cell": e.cell, "row": e.row}


async def publish(
    tx: Tx, by: int | None, now: datetime, wanted: list[Wanted], data: dict[str, Any], *, source: str
) -> int:
    """Publish each run of days by itself, and only the sheet's posts: what the sheet does not name stays as it is."""
    posts = [Post(key) for key in data.get("whole", data["posts"])]
    made = 0
    for w in [
        w for w in wanted if w.post not in posts
    ]:  # a second name in a cell: only that day's post is replaced
        day = w.starts_at.astimezone(tx.zone).date()
        own = [x for x in wanted if x.post is w.post and x.starts_at.astimezone(tx.zone).date() == day]
        await roster.publish(tx, by, now, own, (day, day), posts=[w.post], source=source)
        made += 1
    for first, last in data["runs"]:
        span = (date.fromisoformat(first), date.fromisoformat(last))
        own = [
            w
            for w in wanted
            if w.post in posts and span[0] <= w.starts_at.astimezone(tx.zone).date() <= span[1]
        ]
        made += await roster.publish(tx, by, now, own, span, posts=posts, source=source)
    return made

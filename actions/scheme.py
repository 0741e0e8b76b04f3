"""班制: the posts, shifts, special periods and pairs of the office, shown and changed line by line (product.md §4).

Each line is a rule (roster.posts, roster.shifts …), so a change is validated, versioned and undone like any other.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from actions import rule
from actions.authority import refuse
from actions.slot import arrangement, bounds, slots
from config.roster import write_counts, write_extra_post, write_period, write_template
from domain.actor import Actor
from domain.day_kind import published
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as room_say
from domain.notices import scheme as say
from domain.people import Role
from domain.roster import Post, posts_of, templates_of
from domain.roster_check import uncovered
from storage import people
from storage.database import Tx

KEYS = {
    "班次": "roster.shifts",
    "加强": "roster.periods",
    "岗位": "roster.posts",
    "不同班": "roster.apart",
    "同班": "roster.together",
}
PAIRS = ("roster.apart", "roster.together")
DAYS = 7
"""The days ahead that are looked through for hours nobody is asked for."""
EXAMPLE = "班制 班次 夜班 17:30-08:30 主班1"


async def show_or_change(tx: Tx, who: Actor, now: datetime, text: str) -> Notice:
    """Show the scheme, put a line (`班次 …`, `加强 …`, `岗位 …`, `不同班 …`) or take one out (`删 白班`)."""
    if refused := refuse(who, "班制", Role.ADMIN):
        return refused
    if not text:
        return await show(tx, now)
    word, _, line = text.strip().partition(" ")
    if word in ("删", "删除", "去掉"):
        return await _take_out(tx, who, now, line.strip())
    if word not in KEYS and re.search(r"\d{1,2}[:：]\d{2}", text):
        word, line = "班次", text
    if word not in KEYS or not line.strip():
        return base.WrongForm(why="没有看懂，班制没有改动。", example=EXAMPLE)
    if word in ("不同班", "同班") and (missing := await _unknown(tx, line.split())):
        return base.WrongForm(
            why=f"人员表里没有「{missing}」，班制没有改动。", example=f"班制 {word} 刘芳 陈刚"
        )
    return await _put(tx, who, now, KEYS[word], line.strip())


async def _unknown(tx: Tx, names: Sequence[str]) -> str | None:
    known = {p.name for p in await people.everybody(tx)}
    return next((name for name in names if name not in known), None)


def lines_of(tx: Tx, key: str) -> list[str]:
    """Return the lines of one of the scheme's rules."""
    rules = tx.rules.roster
    return {
        "roster.shifts": [write_template(t) for t in rules.shifts],
        "roster.periods": [write_period(p) for p in rules.periods],
        "roster.posts": [write_extra_post(p) for p in rules.posts],
        "roster.apart": list(rules.apart),
        "roster.together": list(rules.together),
    }[key]


def _name(key: str, line: str) -> str:
    """Return what a line is called by: its first word; a pair is called by both."""
    return (
        line.split(maxsplit=1)[0]
        if key not in ("roster.apart", "roster.together")
        else " ".join(sorted(line.split()))
    )


async def _put(tx: Tx, who: Actor, now: datetime, key: str, line: str) -> Notice:
    own, _, reason = line.partition(" 因为 ")
    lines = [old for old in lines_of(tx, key) if _name(key, old) != _name(key, own)]
    return await _write(tx, who, now, key, [*lines, own], reason)


async def _take_out(tx: Tx, who: Actor, now: datetime, name: str) -> Notice:
    for key in KEYS.values():
        lines = lines_of(tx, key)
        wanted = " ".join(sorted(name.split())) if key in PAIRS else name
        left = [line for line in lines if _name(key, line) != wanted]
        if len(left) < len(lines):
            return await _write(tx, who, now, key, left, "")
    return base.WrongForm(why=f"班制里没有「{name}」，没有改动。", example="班制 删 夜班")


async def _write(tx: Tx, who: Actor, now: datetime, key: str, lines: list[str], reason: str) -> Notice:
    typed = "，".join(lines) or "默认"
    answer = await rule.change(tx, who, now, key, f"{typed} 因为 {reason}" if reason else typed)
    return await show(tx, now) if isinstance(answer, room_say.RuleChanged) else answer


async def put_shifts(tx: Tx, who: Actor, now: datetime, lines: list[str]) -> Notice:
    """Lay the shifts of a checked sheet in place of those that stood."""
    return await _write(tx, who, now, "roster.shifts", lines, "按表格")


async def _bare(tx: Tx, now: datetime) -> list[tuple[str, str]]:
    """Return when a post that must be there is asked for by no shift in the week ahead: the post, from and to."""
    first = now.astimezone(tx.zone).date() + timedelta(days=1)
    last = first + timedelta(days=DAYS - 1)
    start, end = bounds(tx, first, last)
    wanted = await slots(tx, first - timedelta(days=1), last)
    found = uncovered(wanted, [Post(key) for key in tx.rules.roster.required], start, end)
    spans = []
    for f in found:
        hours = f"{f.starts_at.astimezone(tx.zone):%H:%M}-{f.ends_at.astimezone(tx.zone):%H:%M}"
        spans.append((f.post.word, "全天" if f.ends_at - f.starts_at >= timedelta(days=1) else hours))
    return list(dict.fromkeys(spans))


async def show(tx: Tx, now: datetime) -> Notice:
    """Return the scheme in force, and for which years the holidays are known."""
    rules = tx.rules.roster
    known = await arrangement(tx)
    year = now.astimezone(tx.zone).year
    required = {Post(key): 1 for key in rules.required}
    return say.Scheme(
        posts=tuple((post.word, required.get(post, 0)) for post in posts_of(rules)),
        shifts=tuple(
            say.SchemeShift(
                name=t.name,
                hours=f"{t.start:%H:%M}-{t.end:%H:%M}",
                days=t.days,
                season="至".join(f"{m}月{d}日" for m, d in t.season) if t.season else "",
                posts=write_counts(t.posts or {p.value: n for p, n in required.items()}),
            )
            for t in templates_of(rules)
        ),
        periods=tuple(
            say.SchemePeriod(name=p.name, first=p.first, last=p.last, posts=write_counts(p.posts))
            for p in rules.periods
        ),
        rest_hours=int(rules.rest.total_seconds() // 3600),
        apart=rules.apart,
        together=rules.together,
        years=tuple((y, published(y, known)) for y in (year, year + 1)),
        bare=tuple(await _bare(tx, now)),
    )

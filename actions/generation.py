"""排班: a fair roster for a month or a year, made by the solver in a child process, confirmed like an imported one.

A swap never moves the rotation: who has served how much is counted by whose turn a shift was (domain.md §1.1).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from actions.authority import refuse
from actions.roster import month_of
from actions.slot import arrangement, bounds
from actions.view import Asked, promise, view
from domain import roster_problem as solver
from domain.actor import Actor
from domain.day_kind import DayKind, kind_of, published
from domain.day_text import read_month
from domain.notice import Notice
from domain.notices import base
from domain.notices import generation as say
from domain.notices.roster import Month
from domain.people import Role
from domain.roster import Post, Slot, fit_roles, posts_of, slots_of
from domain.roster_fairness import NOTHING, Served, one
from storage import draft, leave, log, outbox, people, roster
from storage.database import Tx
from storage.roster import Shift

KIND = "import-generated"
EXAMPLE = "排班 2026-12"
MONTHS = 12
MONTH = 31
"""Days up to which a plan is shown as a month; a longer one comes as a table."""
NEW = 2
"""A person with nothing served where the others have this many shifts on average is new, and begins at the average."""


async def ask(tx: Tx, who: Actor, now: datetime, text: str) -> tuple[Notice, int | None]:
    """Keep the request for a month or a year; return what to say, and the draft to be solved (None: refused)."""
    if refused := refuse(who, "排班", Role.ADMIN):
        return refused, None
    today = now.astimezone(tx.zone).date()
    span = _span(text.strip(), today)
    if span is None:
        return base.WrongForm(why="请写明月份或年份，没有排班。", example=EXAMPLE), None
    first, last = max(span[0], today + timedelta(days=1)), span[1]
    if last < first:
        return base.WrongForm(why="这段时间已经过去，没有排班。", example=EXAMPLE), None
    data = {"first": first.isoformat(), "last": last.isoformat(), "state": "asked"}
    key = await draft.keep(tx, now, who.id, KIND, _title(first, last), data)
    await log.append(tx, now, who.id, "roster.asked", "", f"{first} 至 {last}")
    return say.Asked(draft=key, first=first, last=last), key


def _span(text: str, today: date) -> tuple[date, date] | None:
    """Return the days of 2026-12, 12月, 下月, 2027 or 2027年; an empty text means the next month."""
    year = text.removesuffix("全年").removesuffix("年")
    if year.isdecimal() and len(year) == 4:  # noqa: PLR2004 - a year
        return date(int(year), 1, 1), date(int(year), 12, 31)
    month = read_month(text or "下月", today)
    if month is None:
        return None
    after = date(month[0] + month[1] // MONTHS, month[1] % MONTHS + 1, 1)
    return date(*month, 1), after - timedelta(days=1)


def span_of(data: dict[str, Any]) -> tuple[date, date]:
    """Return the first and last day of a kept request."""
    return date.fromisoformat(data["first"]), date.fromisoformat(data["last"])


def _title(first: date, last: date) -> str:
    whole = first.month == last.month and first.year == last.year
    return f"{first.year}年{first.month}月值班表" if whole else f"{first.year}年值班表"


@dataclass(frozen=True)
class Problem:
    """What the solver is given, and what its keys mean."""

    slots: tuple[solver.Slot, ...]
    workers: tuple[solver.Worker, ...]
    rules: solver.Rules
    wanted: Mapping[str, Slot]


async def problem(tx: Tx, now: datetime, first: date, last: date) -> Problem:
    """Return the slots to be filled from `first` to `last`, who may fill them, and what stands already."""
    everybody = await people.everybody(tx)
    posts = await _posts(tx, everybody)
    known = await arrangement(tx)
    rows, wanted = [], {}
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        kind = kind_of(day, known).kind
        for slot in slots_of(day, kind, tx.rules.roster, tx.zone):
            if slot.starts_at <= now:
                continue
            for post, count in _counts(tx, slot, posts).items():
                key = f"{slot.starts_at:%y%m%d%H%M}:{slot.name}:{post}"
                wanted[key] = slot
                rows.append(solver.Slot(key, post.value, slot.starts_at, slot.ends_at, day, kind, count))
    workers = await _workers(tx, now, everybody, posts, first, last)
    return Problem(tuple(rows), workers, _rules(tx, everybody), wanted)


async def _posts(tx: Tx, everybody: Sequence[Actor]) -> list[Post]:
    """Return the posts for which the office has people of the post's own role."""
    rules = tx.rules.roster
    own = {post: fit_roles(post, rules)[:1] or () for post in posts_of(rules)}
    return [post for post, roles in own.items() if any(a.has(*roles) for a in everybody)]


def _counts(tx: Tx, slot: Slot, posts: Sequence[Post]) -> dict[Post, int]:
    """Return how many to put on each post: as many as it needs; where no template says, one on every other post."""
    counts = dict(slot.needs)
    if not any(t.posts for t in tx.rules.roster.shifts):
        counts |= {post: 1 for post in posts if post not in counts}
    return counts


async def _workers(
    tx: Tx, now: datetime, everybody: Sequence[Actor], posts: Sequence[Post], first: date, last: date
) -> tuple[solver.Worker, ...]:
    rules = tx.rules.roster
    served = await _served(tx, first)
    away = await leave.granted(tx, first, last)
    start, end = bounds(tx, first, last)
    edge = rules.rest + timedelta(days=1)
    near = await roster.during(tx, start - edge, end + edge)
    busy = [s for s in near if s.starts_at < start or s.starts_at >= end or s.starts_at <= now]
    found = []
    for a in everybody:
        fits = frozenset(p.value for p in posts if a.has(*_main_roles(p, tx)))
        if fits:
            found.append(
                solver.Worker(
                    a.id,
                    a.name,
                    fits,
                    leave=tuple((x.first, x.last) for x in away if x.person_id == a.id),
                    served={post: served[post].get(a.id, NOTHING) for post in fits if post in served},
                    busy=tuple((s.starts_at, s.ends_at) for s in busy if s.person_id == a.id),
                )
            )
    return _newcomers(tuple(found))


def _main_roles(post: Post, tx: Tx) -> tuple[Role, ...]:
    """Return whose turn a post is: its own role; any of the named ones for an office's own post."""
    roles = fit_roles(post, tx.rules.roster)
    return roles[:1] if post in (Post.LEADER, Post.OFFICER, Post.DEPUTY, Post.DRIVER) else roles


async def _served(tx: Tx, first: date) -> dict[str, dict[int, Served]]:
    """Return what was served in this calendar year before `first`, by post and whose turn it was."""
    known = await arrangement(tx)
    start = bounds(tx, date(first.year, 1, 1))[0]
    counts: dict[str, Counter[tuple[int, DayKind]]] = {}
    for s in await roster.between(tx, start, bounds(tx, first)[0]):
        day = s.starts_at.astimezone(tx.zone).date()
        counts.setdefault(s.post.value, Counter())[s.turn_id, kind_of(day, known).kind] += 1
    found: dict[str, dict[int, Served]] = {}
    for post, counted in counts.items():
        for (person, kind), n in counted.items():
            own = found.setdefault(post, {})
            own[person] = own.get(person, NOTHING) + _times(one(kind), n)
    return found


def _times(s: Served, n: int) -> Served:
    return Served(s.total * n, s.weekend * n, s.holiday * n)


def _newcomers(workers: tuple[solver.Worker, ...]) -> tuple[solver.Worker, ...]:
    """Let who is new in a post begin at the others' average, so that they are not put on every second day."""
    averages = {}
    for post in {p for w in workers for p in w.posts}:
        counts = [w.served_in(post) for w in workers if post in w.posts and w.served_in(post).total]
        if counts:
            n = len(counts)
            averages[post] = Served(
                sum(c.total for c in counts) // n,
                sum(c.weekend for c in counts) // n,
                sum(c.holiday for c in counts) // n,
            )
    return tuple(
        solver.Worker(
            w.id,
            w.name,
            w.posts,
            w.leave,
            {
                post: averages[post]
                if w.served_in(post) == NOTHING and averages.get(post, NOTHING).total >= NEW
                else w.served_in(post)
                for post in w.posts
            },
            w.busy,
        )
        for w in workers
    )


def _rules(tx: Tx, everybody: Sequence[Actor]) -> solver.Rules:
    ids: dict[str, list[int]] = {}
    for a in everybody:
        ids.setdefault(a.name, []).append(a.id)

    def pairs(lines: Sequence[str]) -> tuple[frozenset[int], ...]:
        named = [[ids.get(name, []) for name in line.split()] for line in lines]
        return tuple(
            frozenset(key[0] for key in keys) for keys in named if all(len(key) == 1 for key in keys)
        )

    rules = tx.rules.roster
    return solver.Rules(rules.rest, pairs(rules.apart), pairs(rules.together))


async def waiting(tx: Tx) -> list[int]:
    """Return the requests not solved yet: a crash loses none."""
    return [d.id for d in await draft.of_kind(tx, KIND) if d.data and d.data["state"] == "asked"]


async def solved(tx: Tx, now: datetime, draft_id: int, asked: Problem, plan: solver.Plan) -> None:
    """Keep what the solver made as a sheet to be confirmed, and show it to whoever asked."""
    kept = await draft.by_id(tx, draft_id)
    if kept is None or kept.data is None or kept.data["state"] != "asked":
        return
    names = {w.id: w.name for w in asked.workers}
    shifts = [
        {
            "post": key.rpartition(":")[2],
            "person": person,
            "starts_at": asked.wanted[key].starts_at.isoformat(),
            "ends_at": asked.wanted[key].ends_at.isoformat(),
            "label": _label(tx, asked.wanted[key]),
        }
        for key, person in plan.assigned
    ]
    first, last = span_of(kept.data)
    known = await arrangement(tx)
    data = {
        **kept.data,
        "kind": "roster",
        "state": "solved",
        "source": "generated",
        "days": (last - first).days + 1,
        "runs": [[kept.data["first"], kept.data["last"]]],
        "posts": sorted({s.post for s in asked.slots}),
        "shifts": shifts,
        "errors": [],
        "warnings": [],
        "gaps": _open(asked, plan, required=True),
        "optional": _open(asked, plan, required=False),
        "counts": _counted(names, plan),
        "spread": {
            post: [s.total, s.weekend, s.holiday]
            for post, s in sorted(plan.spread.items(), key=lambda item: Post(item[0]).rank)
        },
        "optimal": plan.optimal,
        "unpublished": [y for y in {first.year, last.year} if not published(y, known)],
    }
    await draft.change(tx, draft_id, data)
    await promise(tx, now, f"D{draft_id}", say.Generated, person=kept.person_id)
    if shifts and (last - first).days <= MONTH:
        await outbox.say(tx, now, await _month(tx, now, draft_id, kept.text, data), person=kept.person_id)
    elif shifts:
        await promise(tx, now, f"D{draft_id}", say.PlanFile, person=kept.person_id)
    await log.append(tx, now, None, "roster.generated", "", kept.text, shifts=len(shifts))


async def _month(tx: Tx, now: datetime, draft_id: int, title: str, data: dict[str, Any]) -> Month:
    """Return the plan as a month is shown: what is looked through before it is confirmed."""
    names = await people.by_ids(tx, {s["person"] for s in data["shifts"]})
    shifts = [
        Shift(
            id=0,
            post=Post(s["post"]),
            person_id=s["person"],
            name=names[s["person"]].name,
            phone="",
            telegram_id=None,
            starts_at=datetime.fromisoformat(s["starts_at"]),
            ends_at=datetime.fromisoformat(s["ends_at"]),
            confirmed_at=None,
            arrived_at=None,
            label=s["label"],
            turn_id=s["person"],
        )
        for s in data["shifts"]
    ]
    today = now.astimezone(tx.zone).date()
    return await month_of(tx, f"{title}（待确认 D{draft_id}）", span_of(data), shifts, shifts, today)


async def overtaken(tx: Tx, data: dict[str, Any]) -> str:
    """Return whose shifts of a generated roster cannot stand any more (leave, left), "" when all can."""
    if data.get("source") != "generated" or "shifts" not in data:
        return ""
    active, found = await people.active_ids(tx), []
    names = await people.by_ids(tx, {s["person"] for s in data["shifts"]})
    away = await leave.granted(tx, *span_of(data))
    for s in data["shifts"]:
        day = datetime.fromisoformat(s["starts_at"]).date()
        on_leave = any(x.person_id == s["person"] and x.first <= day <= x.last for x in away)
        if on_leave or s["person"] not in active:
            found.append(
                f"{names[s['person']].name} {day.month}月{day.day}日{'请假' if on_leave else '已停用'}"
            )
    return "、".join(found[:3]) + ("等" if len(found) > 3 else "")  # noqa: PLR2004 - a few are enough to see why


async def failed(tx: Tx, now: datetime, draft_id: int, why: str) -> None:
    """Say that no roster was made, and put the request away."""
    kept = await draft.by_id(tx, draft_id)
    if kept is None or not await draft.use(tx, now, draft_id):
        return
    await draft.change(tx, draft_id, {**(kept.data or {}), "state": "failed", "why": why})
    await promise(tx, now, f"D{draft_id}", say.Generated, person=kept.person_id)
    await log.append(tx, now, None, "roster.not_generated", "", why)


def _label(tx: Tx, slot: Slot) -> str:
    return slot.name if tx.rules.roster.shifts else ""


def _open(asked: Problem, plan: solver.Plan, *, required: bool) -> list[str]:
    """Return in words what stayed open and why, of the posts that must be filled or of the others."""
    lines = []
    for unmet in plan.unmet:
        slot, post = asked.wanted[unmet.slot], Post(unmet.slot.rpartition(":")[2])
        if (post in slot.needs) is required:
            day = slot.starts_at
            lines.append(f"{day.month}月{day.day}日 {slot.name}{post.word} 缺{unmet.missing}人：{unmet.why}")
    return lines


def _counted(names: Mapping[int, str], plan: solver.Plan) -> list[list[Any]]:
    """Return post, name, total, rest days and holidays of everybody, by post and then the most."""
    rows = [[post, names[person], s.total, s.weekend, s.holiday] for (person, post), s in plan.counts.items()]
    return sorted(rows, key=lambda r: (Post(r[0]).rank, -r[2], r[1]))


@view(say.Generated)
async def generated(tx: Tx, asked: Asked) -> say.Generated | None:
    """Return a generated roster as it waits for 确认."""
    kept = await draft.by_id(tx, asked.number)
    if kept is None or kept.data is None:
        return None
    data = kept.data
    states = {"asked": "asked", "failed": "failed"}
    used = "cancelled" if data.get("cancelled") else "done"
    state = states.get(data["state"]) or (used if kept.used_at else "open")
    return say.Generated(
        draft=kept.id,
        title=kept.text,
        first=date.fromisoformat(data["first"]),
        last=date.fromisoformat(data["last"]),
        state=state,
        why=data.get("why", ""),
        shifts=len(data.get("shifts", ())),
        gaps=tuple(data.get("gaps", ())),
        optional=tuple(data.get("optional", ())),
        counts=tuple(
            say.Counted(post=Post(p).word, name=n, total=t, weekend=w, holiday=h)
            for p, n, t, w, h in data.get("counts", ())
        ),
        spread=tuple((Post(p).word, *s) for p, s in data.get("spread", {}).items()),
        optimal=data.get("optimal", False),
        unpublished=tuple(data.get("unpublished", ())),
    )


@view(say.PlanFile)
async def plan_file(tx: Tx, asked: Asked) -> say.PlanFile | None:
    """Return a generated roster as a table to be looked through before it is confirmed."""
    kept = await draft.by_id(tx, asked.number)
    if kept is None or kept.data is None or "shifts" not in kept.data:
        return None
    names = await people.by_ids(tx, {s["person"] for s in kept.data["shifts"]})
    rows: dict[tuple[datetime, str], dict[str, list[str]]] = {}
    for s in kept.data["shifts"]:
        start = datetime.fromisoformat(s["starts_at"])
        rows.setdefault((start, s["label"]), {}).setdefault(s["post"], []).append(names[s["person"]].name)
    posts = sorted({s["post"] for s in kept.data["shifts"]}, key=lambda p: Post(p).rank)
    known = await arrangement(tx)
    return say.PlanFile(
        draft=kept.id,
        title=kept.text,
        posts=tuple(Post(p).word for p in posts),
        rows=tuple(
            say.PlanRow(
                day=start.date(),
                kind=kind_of(start.date(), known).kind.value,
                holiday=kind_of(start.date(), known).name,
                label=label,
                names=tuple("、".join(own.get(p, ())) for p in posts),
            )
            for (start, label), own in sorted(rows.items())
        ),
    )

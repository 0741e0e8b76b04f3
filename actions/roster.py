"""The roster: published, asked for by day and month; who holds the first watch. Times in UTC, days of the room."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from actions import finding, swap
from actions.duty import first_watch, incoming_beside
from actions.shift import prompts_of
from actions.slot import arrangement, bounds, slots, stamp
from domain.actor import Actor
from domain.day_kind import kind_of
from domain.day_text import is_no_day, read_span
from domain.notice import Notice, Priority
from domain.notices import base
from domain.notices import roster as say
from domain.roster import BUILT_IN, Post, Slot, Wanted, posts_of, slots_of
from domain.roster_check import Standing, open_spans
from storage import log, outbox, people, roster
from storage.database import Tx
from storage.deadline import Due, any_of, clear_subjects, write_deadlines
from storage.roster import Shift, Watch

MOST_DAYS = 31
"""Days that 值班 shows at once."""


async def publish(
    tx: Tx,
    by: int | None,
    now: datetime,
    wanted: Collection[Wanted],
    span: tuple[date, date],
    *,
    posts: Collection[Post] | None = None,
    source: str = "import",
) -> int:
    """Lay shifts in place of what stood on the calendar days of `span`, with prompts; return how many.

    `posts`: only these posts are replaced (None: all). A shift that stands the same already keeps its number.
    """
    standing = await roster.between(tx, *bounds(tx, *span))
    standing = [s for s in standing if posts is None or s.post in posts]
    kept = {_wanted(s) for s in standing} & set(wanted)
    gone = [s.id for s in standing if _wanted(s) not in kept]
    await roster.replace_shifts(tx, gone)
    await _tell_replaced(tx, now, [s for s in standing if s.id in gone], wanted)
    await clear_subjects(tx, now, "shift", [f"S{key}" for key in gone])
    await swap.void(tx, now, gone)
    fresh = sorted(set(wanted) - kept, key=lambda w: (w.starts_at, w.post.rank, w.person_id))
    running = {s.post for s in standing if s.id in gone and s.starts_at <= now < s.ends_at}
    prompts = []
    for key, w in zip(await roster.add_shifts(tx, fresh, source), fresh, strict=True):
        prompts += prompts_of(tx, key, w.post, w.starts_at, w.ends_at, now, given=w.post in running)
    await write_deadlines(tx, prompts, fresh=True)
    await plan_changeovers(tx, now, wanted)
    await first_watch(tx, now)
    await log.append(tx, now, by, "roster.published", "", f"{span[0]} 至 {span[1]}", shifts=len(wanted))
    await finding.refresh(tx, now)
    return len(wanted)


def agreed(s: Shift, now: datetime) -> bool:
    """Return whether somebody counts on a shift as it stands: it runs, was swapped or covered, or its 收到 was said."""
    given = s.source in ("swap", "cover") or s.confirmed_at is not None
    return s.ends_at > now and (given or s.starts_at <= now)


def instead_of(s: Shift, wanted: Collection[Wanted]) -> list[int]:
    """Return who stands on a shift's post at its beginning by what is wanted; the same person first."""
    new = {w.person_id for w in wanted if w.post is s.post and w.starts_at <= s.starts_at < w.ends_at}
    return sorted(new, key=lambda person: (person != s.person_id, person))


async def _tell_replaced(tx: Tx, now: datetime, gone: Sequence[Shift], wanted: Collection[Wanted]) -> None:
    """Tell both sides of a shift that somebody counted on and that a sheet has given to another."""
    for s in gone:
        new = instead_of(s, wanted)
        if not agreed(s, now) or s.person_id in new:
            continue
        names = await people.by_ids(tx, new)
        notice = say.ShiftReplaced(
            shift=s.id,
            post=s.post.word,
            label=s.label,
            starts_at=s.starts_at,
            name=s.name,
            instead=tuple(names[person].name for person in new),
        )
        for person in (s.person_id, *new):
            await outbox.say(tx, now, notice, person=person, subject=f"S{s.id}")


def _wanted(s: Shift) -> Wanted:
    return Wanted(s.post, s.person_id, s.starts_at, s.ends_at, s.label)


async def plan_changeovers(tx: Tx, now: datetime, wanted: Collection[Wanted]) -> None:
    """Write the deadlines of every changeover of these shifts, and of the roster's end: nobody may be there then."""
    begins = sorted({w.starts_at for w in wanted})
    dues = [Due("changeover", stamp(tx, at), "watch", max(at, now), Priority.LADDER) for at in begins]
    officers = [w for w in wanted if w.post is Post.OFFICER]
    starts = {w.starts_at for w in officers}
    for at in sorted(starts | {w.ends_at for w in officers}):
        if at in starts or not await any_of(tx, "handover", stamp(tx, at)):
            dues += _changeover(tx, at, now)
    await write_deadlines(tx, dues)


def _changeover(tx: Tx, start: datetime, now: datetime) -> list[Due]:
    """Return the prompts of a changeover: both before it, the leader and admin after it."""
    rules = tx.rules.handover
    steps = {f"before{int(b.total_seconds())}": start - b for b in rules.prompts}
    steps |= {"leader": start + rules.tell_leader_after, "admin": start + rules.tell_admin_after}
    if start <= now:
        return []
    return [Due("handover", stamp(tx, start), name, at, Priority.LADDER) for name, at in steps.items()]


async def on_duty(tx: Tx, who: Actor, now: datetime, *, masked: bool = False) -> Notice:
    """Return who is on now: the officer by the watch, the others by the roster, and who is next."""
    del who
    shifts = await roster.at(tx, now)
    watch = await roster.watch(tx)
    lines = []
    coming = await incoming_beside(tx, now, watch, shifts)
    awaiting = _line(coming) if coming and watch and coming.starts_at <= now else None
    rostered = [s for s in shifts if s.post is Post.OFFICER]
    for post in sorted({*posts_of(tx.rules.roster), *(s.post for s in shifts)}, key=lambda p: p.rank):
        own = [s for s in shifts if s.post is post]
        if post is Post.OFFICER and watch is not None:
            same = next((s for s in rostered if s.person_id == watch.person_id), None)
            lines.append(
                say.OnDuty(
                    post=post.word,
                    label=same.label if same else "",
                    name=watch.name,
                    phone=watch.phone,
                    starts_at=same.starts_at if same else None,
                    until=same.ends_at if same else None,
                    arrived_at=same.arrived_at if same else None,
                    shift=watch.shift_id,
                )
            )
        else:
            lines += [_line(s) for s in own]
    nexts = await _next(tx, now)
    return say.DutyNow(
        room=tx.rules.room.name,
        phone=tx.rules.room.phone,
        lines=tuple(lines),
        open_posts=await _open_now(tx, now, shifts, watch),
        awaiting=awaiting,
        next_lines=tuple(_line(s) for s in nexts),
        next_at=nexts[0].starts_at if nexts else None,
        masked=masked,
    )


def _line(s: Shift) -> say.OnDuty:
    return say.OnDuty(
        post=s.post.word,
        label=s.label,
        name=s.name,
        phone=s.phone,
        starts_at=s.starts_at,
        until=s.ends_at,
        arrived_at=s.arrived_at,
        shift=s.id,
        gone=s.gone,
    )


def _standing(shifts: Iterable[Shift]) -> list[Standing]:
    return [Standing(s.post, s.person_id, s.starts_at, s.ends_at) for s in shifts]


async def _open_now(tx: Tx, now: datetime, shifts: Sequence[Shift], watch: Watch | None) -> tuple[str, ...]:
    """Return the posts with fewer people now than they need; who holds the watch stands on the officer's."""
    today = now.astimezone(tx.zone).date()
    wanted = [s for s in await slots(tx, today - timedelta(days=1), today) if s.starts_at <= now < s.ends_at]
    standing = _standing(shifts)
    if watch is not None:
        standing.append(Standing(Post.OFFICER, watch.person_id, watch.since, now + timedelta(days=2)))
    found = open_spans(wanted, standing)
    return tuple(dict.fromkeys(f.post.word for f in found if f.starts_at <= now < f.ends_at))


async def _next(tx: Tx, now: datetime) -> list[Shift]:
    coming = await roster.next_of(tx, Post.OFFICER, now) or await roster.next_of(tx, Post.LEADER, now)
    if coming is None:
        return []
    return await roster.between(tx, coming.starts_at, coming.starts_at + timedelta(seconds=1))


async def on_day(tx: Tx, who: Actor, now: datetime, day: date, *, masked: bool = False) -> Notice:
    """Return who is on that calendar day."""
    del who, now
    shifts = sorted(await roster.between(tx, *bounds(tx, day)), key=_in_order)
    known = kind_of(day, await arrangement(tx))
    return say.DutyOn(
        day=day,
        day_kind=known.kind.value,
        holiday=known.name,
        lines=tuple(_line(s) for s in shifts),
        open_posts=_open_posts(await slots(tx, day, day), await around(tx, day, day)),
        masked=masked,
    )


async def on_days(tx: Tx, who: Actor, now: datetime, said: str, *, masked: bool = False) -> Notice:
    """Return who is on each of the calendar days that are said, a month of them at most; of one day with phones."""
    today = now.astimezone(tx.zone).date()
    span = read_span(said, today)
    if span is None:
        why = f"今年没有「{said}」这一天。" if is_no_day(said) else f"看不懂日期「{said[:20]}」。"
        return base.WrongForm(why=why, example="值班 明天、值班 7.25、值班 7.25-7.28、值班 国庆")
    first, last = span
    if first == last:
        return await on_day(tx, who, now, first, masked=masked)
    if (last - first).days >= MOST_DAYS:
        why = f"一次最多看 {MOST_DAYS} 天；整月的请看值班表。"
        return base.WrongForm(why=why, example=f"值班表 {first:%Y-%m}")
    shifts = await roster.between(tx, *bounds(tx, first, last))
    return say.DutyDays(
        days=tuple(await _month_days(tx, span, shifts, await around(tx, first, last), today)),
        posts=tuple(
            (post.value, post.word) for post in dict.fromkeys(s.post for s in sorted(shifts, key=_in_order))
        ),
    )


def _in_order(s: Shift) -> tuple[datetime, tuple[int, str], int]:
    return s.starts_at, s.post.rank, s.id


async def around(tx: Tx, first: date, last: date) -> list[Shift]:
    """Return the shifts that run at any time of the shifts of these days."""
    start, end = bounds(tx, first, last)
    return await roster.during(tx, start, end + timedelta(days=1))


def _open_posts(wanted: Sequence[Slot], shifts: Sequence[Shift]) -> tuple[str, ...]:
    """Return the posts a day has too few people on, with the shift's name where it has several."""
    several = len({slot.name for slot in wanted}) > 1
    found = [(slot, gap) for slot in wanted for gap in open_spans([slot], _standing(shifts))]
    return tuple(dict.fromkeys(f"{slot.name if several else ''}{gap.post.word}" for slot, gap in found))


async def month(tx: Tx, who: Actor, now: datetime, year: int, month_number: int) -> Notice:
    """Return a month's roster; days without a shift are left out unless a post is open on them."""
    del who
    today = now.astimezone(tx.zone).date()
    first = date(year, month_number, 1)
    last = date(year + month_number // 12, month_number % 12 + 1, 1) - timedelta(days=1)
    shifts = await roster.between(tx, *bounds(tx, first, last))
    if not shifts:
        return say.NoRoster(month=f"{year}年{month_number}月")
    title = f"{tx.rules.room.name.removesuffix('值班室')}{year}年{month_number}月值班表"
    return await month_of(tx, title, (first, last), shifts, await around(tx, first, last), today)


async def month_of(
    tx: Tx,
    title: str,
    span: tuple[date, date],
    shifts: Sequence[Shift],
    standing: Sequence[Shift],
    today: date,
) -> say.Month:
    """Return shifts as a month is shown, published or not; `standing`: what fills the posts of these days."""
    known = await people.by_ids(tx, [s.person_id for s in shifts])
    posts = sorted({s.post for s in shifts} | set(BUILT_IN), key=lambda p: p.rank)
    room = tx.rules.room
    return say.Month(
        title=title,
        days=tuple(await _month_days(tx, span, shifts, standing, today)),
        posts=tuple((post.value, post.word) for post in posts),
        people=tuple((a.name, a.title, a.phone) for a in known.values()),
        room_phone=room.phone,
    )


async def _month_days(
    tx: Tx, span: tuple[date, date], shifts: Sequence[Shift], standing: Sequence[Shift], today: date
) -> list[say.MonthDay]:
    """Return every day of the month; an open post of a day gone by is no news."""
    (first, last), known = span, await arrangement(tx)
    by_day: dict[date, list[Shift]] = {}
    for s in sorted(shifts, key=_in_order):
        by_day.setdefault(s.starts_at.astimezone(tx.zone).date(), []).append(s)
    days = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        kind = kind_of(day, known)
        wanted = slots_of(day, kind.kind, tx.rules.roster, tx.zone)
        days.append(
            say.MonthDay(
                day=day,
                kind=kind.kind.value,
                holiday=kind.name,
                shifts=_month_shifts(by_day.get(day, [])),
                open=_open_posts(wanted, [s for s in standing if s.ends_at > bounds(tx, day)[0]])
                if day >= today
                else (),
            )
        )
    return days


def _month_shifts(shifts: Sequence[Shift]) -> tuple[say.MonthShift, ...]:
    spans = dict.fromkeys((s.label, s.starts_at, s.ends_at) for s in shifts)
    return tuple(
        say.MonthShift(
            label=label,
            starts_at=start,
            ends_at=end,
            names=tuple(
                (s.post.value, s.name)
                for s in shifts
                if (s.label, s.starts_at, s.ends_at) == (label, start, end)
            ),
        )
        for label, start, end in spans
    )


async def mine(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return this person's coming shifts."""
    shifts = await roster.of_person(tx, who.id, now)
    return say.Mine(
        shifts=tuple(
            say.MyShift(
                number=s.id,
                post=s.post.word,
                label=s.label,
                starts_at=s.starts_at,
                ends_at=s.ends_at,
                confirmed=s.confirmed_at is not None,
            )
            for s in shifts
        )
    )

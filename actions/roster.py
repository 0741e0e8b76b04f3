"""Who is on duty: asked, imported, prompted, arrived. Shift times in UTC; calendar days in the room's zone."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from actions import duty
from actions.authority import refuse
from actions.deadline import step
from actions.view import Asked, promise, view
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import roster as say
from domain.people import Role
from domain.roster import Post
from storage import card, log, outbox, people, roster
from storage.database import Tx
from storage.deadline import Deadline, any_of, clear_deadlines, set_deadline
from storage.roster import Shift, Watch

NEAR = timedelta(hours=36)
"""A shift that begins within this time is the one a handover leads to."""


def starts(tx: Tx, day: date) -> datetime:
    """Return when the shift of a calendar day begins."""
    return datetime.combine(day, tx.rules.roster.changeover, tx.zone)


async def plan_prompts(tx: Tx, shift: Shift, now: datetime) -> None:
    """Write a shift's prompts as deadlines; of those already past only the newest is acted on."""
    rules = tx.rules.roster
    day_before = datetime.combine(
        shift.starts_at.astimezone(tx.zone).date() - timedelta(days=1), rules.prompt_day_before, tx.zone
    )
    moments = {
        "day_before": day_before,
        "before": shift.starts_at - rules.prompt_before,
        "arrive": shift.starts_at - rules.arrive_before,
    }
    past = [name for name, at in moments.items() if at <= now]
    for name, at in moments.items():
        if shift.starts_at > now and name not in past[:-1]:
            await set_deadline(tx, "shift", f"S{shift.id}", name, max(at, now))
    if shift.post not in (Post.OFFICER, Post.LEADER):
        return
    silent = {
        "start": shift.starts_at,
        "to_leader": shift.starts_at + rules.late_to_leader,
        "to_substitutes": shift.starts_at + rules.late_to_substitutes,
    }
    for name, at in silent.items():
        if at > now:
            await set_deadline(tx, "shift", f"S{shift.id}", name, at, Priority.LADDER)


async def publish(
    tx: Tx, by: int | None, now: datetime, days: Sequence[tuple[date, dict[Post, tuple[int, ...]]]]
) -> int:
    """Lay the days' shifts in place of what stood there, with prompts; return how many shifts."""
    first, last = min(day for day, _ in days), max(day for day, _ in days)
    standing = await roster.between(tx, starts(tx, first), starts(tx, last + timedelta(days=1)))
    wanted = {
        (post, person, starts(tx, day))
        for day, posts in days
        for post, ids in posts.items()
        for person in ids
    }
    kept = {(s.post, s.person_id, s.starts_at) for s in standing} & wanted
    for old in standing:
        if (old.post, old.person_id, old.starts_at) not in kept:
            await roster.replace_shift(tx, old.id)
            await clear_deadlines(tx, now, "shift", f"S{old.id}")
    for post, person, start in sorted(wanted - kept, key=lambda w: (w[2], list(Post).index(w[0]), w[1])):
        key = await roster.add_shift(tx, post, person, start, start + tx.rules.roster.length)
        await plan_prompts(tx, await roster.any_by_id(tx, key), now)
    for day, _ in days:
        start = starts(tx, day)
        await set_deadline(tx, "changeover", f"{start:%y%m%d%H%M}", "watch", max(start, now), Priority.LADDER)
        await plan_changeover(tx, start, now)
    after = starts(tx, last + timedelta(days=1))
    if not await any_of(tx, "handover", f"{after:%y%m%d%H%M}"):
        await plan_changeover(tx, after, now)  # the roster's end: nobody may be there to take over
    await first_watch(tx, now)
    await log.append(tx, now, by, "roster.published", "", f"{first} 至 {last}", shifts=len(wanted))
    return len(wanted)


async def plan_changeover(tx: Tx, start: datetime, now: datetime) -> None:
    """Write the prompts of a changeover: both before it, the leader and admin after it."""
    rules = tx.rules.handover
    subject = f"{start:%y%m%d%H%M}"
    steps = {f"before{int(b.total_seconds())}": start - b for b in rules.prompts}
    steps["leader"] = start + rules.tell_leader_after
    steps["admin"] = start + rules.tell_admin_after
    for name, at in steps.items():
        if start > now:
            await set_deadline(tx, "handover", subject, name, at, Priority.LADDER)


async def first_watch(tx: Tx, now: datetime) -> None:
    """Where nobody holds the watch yet, the officer rostered now holds it; later it moves by signature only."""
    if await roster.watch(tx) is not None:
        return
    for shift in await roster.at(tx, now):
        if shift.post is Post.OFFICER:
            await roster.take_watch(tx, now, shift.person_id, shift.id)
            await log.append(tx, now, shift.person_id, "watch.first", f"S{shift.id}")
            return


async def incoming_shift(tx: Tx, now: datetime) -> Shift | None:
    """Return the officer's shift that comes after the one whose officer holds the watch: begun already, or next."""
    watch = await roster.watch(tx)
    held = await roster.any_by_id(tx, watch.shift_id) if watch and watch.shift_id else None
    begun = [s for s in await roster.at(tx, now) if s.post is Post.OFFICER]
    if watch is not None:
        begun = [s for s in begun if _after(s, watch, held)]
    if begun:
        return begun[0]
    coming = await roster.next_of(tx, Post.OFFICER, max(now, held.starts_at) if held else now)
    return coming if coming and coming.starts_at - now <= NEAR else None


def _after(s: Shift, watch: Watch, held: Shift | None) -> bool:
    """Return True if a shift that has begun is not the watch's own: a later one, or given to somebody else since."""
    if held is None:
        return s.person_id != watch.person_id
    return s.starts_at > held.starts_at or (s.starts_at == held.starts_at and s.person_id != watch.person_id)


async def on_duty(tx: Tx, who: Actor, now: datetime, *, masked: bool = False) -> Notice:
    """Return who is on now: the officer by the watch, the others by the roster, and who is next."""
    del who
    shifts = await roster.at(tx, now)
    watch = await roster.watch(tx)
    lines = []
    coming = await incoming_shift(tx, now)
    awaiting = _line(coming) if coming and watch and coming.starts_at <= now else None
    rostered = [s for s in shifts if s.post is Post.OFFICER]
    for post in Post:
        own = [s for s in shifts if s.post is post]
        if post is Post.OFFICER and watch is not None:
            same = next((s for s in rostered if s.person_id == watch.person_id), None)
            lines.append(
                say.OnDuty(
                    post=post.word,
                    name=watch.name,
                    phone=watch.phone,
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
        open_posts=_open(tx, {s.post for s in shifts} | ({Post.OFFICER} if watch else set())),
        awaiting=awaiting,
        next_lines=tuple(_line(s) for s in nexts),
        next_at=nexts[0].starts_at if nexts else None,
        masked=masked,
    )


def _line(s: Shift) -> say.OnDuty:
    return say.OnDuty(
        post=s.post.word, name=s.name, phone=s.phone, until=s.ends_at, arrived_at=s.arrived_at, shift=s.id
    )


def _open(tx: Tx, filled: set[Post]) -> tuple[str, ...]:
    return tuple(Post(p).word for p in tx.rules.roster.required if Post(p) not in filled)


async def _next(tx: Tx, now: datetime) -> list[Shift]:
    coming = await roster.next_of(tx, Post.OFFICER, now) or await roster.next_of(tx, Post.LEADER, now)
    if coming is None:
        return []
    return await roster.between(tx, coming.starts_at, coming.starts_at + timedelta(seconds=1))


async def on_day(tx: Tx, who: Actor, now: datetime, day: date, *, masked: bool = False) -> Notice:
    """Return who is on that calendar day."""
    del who, now
    shifts = await roster.between(tx, starts(tx, day), starts(tx, day + timedelta(days=1)))
    return say.DutyOn(
        day=day,
        lines=tuple(_line(s) for s in shifts),
        open_posts=_open(tx, {s.post for s in shifts}),
        masked=masked,
    )


async def month(tx: Tx, who: Actor, now: datetime, year: int, month_number: int) -> Notice:
    """Return a month's roster."""
    del who, now
    first = date(year, month_number, 1)
    after = date(year + month_number // 12, month_number % 12 + 1, 1)
    shifts = await roster.between(tx, starts(tx, first), starts(tx, after))
    if not shifts:
        return say.NoRoster(month=f"{year}年{month_number}月")
    known = await people.by_ids(tx, [s.person_id for s in shifts])
    days: dict[date, list[tuple[str, str]]] = {}
    for s in sorted(shifts, key=lambda s: (s.starts_at, list(Post).index(s.post))):
        days.setdefault(s.starts_at.astimezone(tx.zone).date(), []).append((s.post.value, s.name))
    return say.Month(
        title=f"{tx.rules.room.name.removesuffix('值班室')}{year}年{month_number}月值班表",
        days=tuple(say.MonthDay(day=day, names=tuple(names)) for day, names in sorted(days.items())),
        people=tuple((a.name, a.title, a.phone) for a in known.values()),
        room_phone=tx.rules.room.phone,
    )


async def mine(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return this person's coming shifts."""
    shifts = await roster.of_person(tx, who.id, now)
    return say.Mine(
        shifts=tuple(
            say.MyShift(
                number=s.id,
                post=s.post.word,
                starts_at=s.starts_at,
                ends_at=s.ends_at,
                confirmed=s.confirmed_at is not None,
            )
            for s in shifts
        )
    )


@view(say.ShiftPrompt)
async def shift_prompt(tx: Tx, asked: Asked) -> say.ShiftPrompt | None:
    """Return the prompt, unless the shift was given to somebody else meanwhile."""
    s = await roster.by_id(tx, asked.number)
    if s is None or s.person_id != asked.person_id:
        return None
    partners = await roster.between(tx, s.starts_at, s.starts_at + timedelta(seconds=1))
    return say.ShiftPrompt(
        shift=s.id,
        post=s.post.word,
        starts_at=s.starts_at,
        ends_at=s.ends_at,
        step=asked.data.get("step") or ("arrive" if s.arrived_at else "day_before"),
        confirmed_at=s.confirmed_at,
        arrived_at=s.arrived_at,
        partners=tuple(f"{p.post.word} {p.name}" for p in partners if p.id != s.id),
        late_minutes=asked.data.get("late_minutes"),
    )


@step("shift")
async def prompt(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Prompt a person of the coming shift; when silent at its start, the leader and the substitutes."""
    s = await roster.by_id(tx, int(deadline.subject[1:]))
    if s is None or s.arrived_at is not None:
        return
    late = deadline.late_minutes
    if _overtaken(tx, s, deadline.step, now):
        return
    match deadline.step:
        case "to_leader":
            readers = [p for p in await duty.leaders_to_tell(tx, now) if p.id != s.person_id]
            await _not_arrived(tx, now, s, readers or await duty.admins(tx), late)
        case "to_substitutes":
            await _not_arrived(tx, now, s, await duty.admins(tx), late)
        case name:
            await promise(
                tx,
                now,
                f"S{s.id}",
                say.ShiftPrompt,
                person=s.person_id,
                late_minutes=late,
                again=f":{name}",
                step=name,
            )
    await log.append(tx, now, None, f"shift.{deadline.step}", f"S{s.id}", s.name, late=late)


def _overtaken(tx: Tx, s: Shift, name: str, now: datetime) -> bool:
    """Return True when a later prompt of the shift is due already (after an absence), which says the same."""
    rules = tx.rules.roster
    ends = {
        "day_before": s.starts_at - rules.prompt_before,
        "before": s.starts_at - rules.arrive_before,
        "arrive": s.starts_at if s.post in (Post.OFFICER, Post.LEADER) else None,
    }
    end = ends.get(name)
    return end is not None and end <= now


async def _not_arrived(
    tx: Tx, now: datetime, s: Shift, readers: Sequence[duty.Responsible], late: int | None
) -> None:
    role = Role.LEADER if s.post is Post.LEADER else Role.OFFICER
    others = [a for a in await people.with_role(tx, role) if a.id != s.person_id]
    notice = say.NotArrived(
        shift=s.id,
        name=s.name,
        post=s.post.word,
        phone=s.phone,
        starts_at=s.starts_at,
        substitutes=tuple(f"{a.name} {a.phone}" for a in others[:6]),
        late_minutes=late,
    )
    for reader in readers:
        await outbox.say(tx, now, notice, person=reader.id, subject=f"S{s.id}")


async def confirm(tx: Tx, who: Actor, now: datetime, shift_id: int) -> Notice:
    """Record 收到 to a shift prompt."""
    s = await roster.by_id(tx, shift_id)
    if s is None or s.person_id != who.id:
        return say.SwapRefused(shift=shift_id, why="这个班次现在不是您的")
    if s.confirmed_at is None:
        await roster.confirm(tx, now, s.id)
        await card.touch(tx, now, f"S{s.id}", [say.ShiftPrompt.card])
        await log.append(tx, now, who.id, "shift.confirmed", f"S{s.id}")
    return say.ShiftConfirmed(shift=s.id, post=s.post.word, starts_at=s.starts_at, at=s.confirmed_at or now)


async def arrive(tx: Tx, who: Actor, now: datetime, shift_id: int | None = None) -> Notice:
    """Record 到岗 for the shift that runs or is about to begin."""
    if refused := refuse(who, "到岗", Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER):
        return refused
    early = tx.rules.roster.prompt_before
    own = await roster.of_person(tx, who.id, now)
    fits = [s for s in own if s.starts_at - early <= now and shift_id in (None, s.id)]
    if not fits:
        return say.NoShiftNow(next_at=own[0].starts_at if own else None)
    waiting = [s for s in fits if s.arrived_at is None]
    if not waiting:
        return say.AlreadyArrived(shift=fits[0].id, at=fits[0].arrived_at or now)
    s = waiting[0]
    await roster.arrive(tx, now, s.id)
    await clear_deadlines(tx, now, "shift", f"S{s.id}")
    await card.touch(tx, now, f"S{s.id}", [say.ShiftPrompt.card])
    await log.append(tx, now, who.id, "shift.arrived", f"S{s.id}")
    late = now - s.starts_at
    minutes = int(late.total_seconds() // 60)
    return say.Arrived(shift=s.id, post=s.post.word, at=now, late_minutes=minutes if minutes > 0 else None)


async def waiting_prompts(tx: Tx, who: Actor, now: datetime) -> list[Shift]:
    """Return this person's shifts whose prompt waits for 收到."""
    soon = now + timedelta(hours=40)
    return [
        s
        for s in await roster.of_person(tx, who.id, now)
        if s.confirmed_at is None and now < s.starts_at < soon
    ]


async def check_gaps(tx: Tx, now: datetime) -> list[tuple[date, str]]:
    """Tell admins and leaders of required posts open within the look-ahead; return them."""
    today = now.astimezone(tx.zone).date()
    gaps = []
    for n in range(tx.rules.roster.look_ahead.days + 1):
        day = today + timedelta(days=n)
        filled = {
            s.post for s in await roster.between(tx, starts(tx, day), starts(tx, day + timedelta(days=1)))
        }
        gaps += [(day, word) for word in _open(tx, filled)]
    if gaps:
        notice = say.Gap(posts=tuple(gaps[:10]), more=max(0, len(gaps) - 10))
        readers = {p.id for p in [*await duty.admins(tx), *await duty.leaders_to_tell(tx, now)]}
        for reader in sorted(readers):
            await outbox.say(tx, now, notice, person=reader, key=f"gap:{today}:{reader}")
        await log.append(tx, now, None, "roster.gaps", "", f"{len(gaps)} 处")
    return gaps


async def swaps_for(tx: Tx, who: Actor) -> list[int]:
    """Return the shifts whose swap waits for this person's 同意."""
    return await roster.open_swaps(tx, who.id, decides=who.has(Role.LEADER, Role.ADMIN))

"""A roster sheet read into days: pure, nothing silently mended, problems named by cell (domain.md §6.3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.roster import Post, Slot, Wanted
from domain.roster_dates import read_period
from domain.roster_header import find_header
from domain.roster_names import Directory, KnownPerson
from domain.roster_reader import DayRead, RosterReader
from domain.roster_words import ONE_DAY
from domain.sheet import Rows, SheetError

REQUIRED = (Post.LEADER, Post.OFFICER)
Merged = Collection[tuple[int, int, int, int]]
LONGEST = 400  # days of one sheet: beyond it a year was misread


@dataclass(frozen=True)
class RosterDay:
    """Who is on from the changeover of that calendar day; `row` from 1."""

    date: date
    posts: Mapping[Post, tuple[int, ...]]
    row: int


@dataclass(frozen=True)
class Gap:
    """A required post open on a day; `post` None: the whole day is missing from the sheet."""

    date: date
    post: Post | None


@dataclass(frozen=True)
class RosterSheet:
    """What was understood; to be used only when `errors` is empty. `days` in order of the calendar."""

    days: tuple[RosterDay, ...]
    errors: tuple[SheetError, ...]
    warnings: tuple[SheetError, ...]
    gaps: tuple[Gap, ...]


def read_roster(
    rows: Rows,
    *,
    people: Sequence[KnownPerson],
    today: date,
    year_hint: int | None = None,
    required: Sequence[Post] = REQUIRED,
    merged: Merged = (),
) -> RosterSheet:
    """Return the days of a sheet with one row per day.

    `today`: the room's calendar day, for its year when neither title nor `year_hint` tell; `merged`: merged
    ranges counted from 0 (a name merged over several days counts for each of them).
    """
    header = find_header(rows)
    if isinstance(header, SheetError):
        return RosterSheet((), (header,), (), ())
    period = read_period(rows[: header.row], year_hint, today)
    reader = RosterReader(header, Directory(people), period, _covered(merged))
    for number, row in enumerate(rows[header.row :], header.row + 1):
        reader.read(number, row)
    if not reader.days and not reader.errors:
        reader.errors.append(SheetError(0, "日期", "", "表头下面没有值班日期，请每天填一行"))
    days = tuple(_done(day) for _, day in sorted(reader.days.items()))
    doubted = {(day.date, post) for day in reader.days.values() for post in day.doubted}
    gaps = () if not days else _gaps(days, required, doubted, reader.errors)
    return RosterSheet(days, _in_order(reader.errors), _in_order(reader.warnings), gaps)


def shifts_of(day: RosterDay, slots: Sequence[Slot]) -> list[Wanted]:
    """Return a day's shifts: a post stands on the slot that wants it, else from the first start to the last end."""
    found = []
    for post, ids in day.posts.items():
        own = [slot for slot in slots if post in slot.needs] or list(slots)
        if own:
            start, end = own[0].starts_at, max(slot.ends_at for slot in own)
            label = own[0].name if len(own) == 1 and len(slots) > 1 else ""
            found += [Wanted(post, person, start, end, label) for person in ids]
    return found


def _done(day: DayRead) -> RosterDay:
    return RosterDay(day.date, {post: tuple(ids) for post, ids in day.posts.items()}, day.row)


def _in_order(problems: list[SheetError]) -> tuple[SheetError, ...]:
    return tuple(sorted(problems, key=lambda p: (p.row, len(p.letter), p.letter)))


def _covered(merged: Merged) -> dict[tuple[int, int], int]:
    """Return for each cell below the first of a vertically merged range the row that has its text, from 0."""
    return {
        (row, left): top
        for top, left, bottom, right in merged
        if left == right and bottom - top < LONGEST
        for row in range(top + 1, bottom + 1)
    }


def _gaps(
    days: Sequence[RosterDay],
    required: Sequence[Post],
    doubted: set[tuple[date, Post]],
    errors: list[SheetError],
) -> tuple[Gap, ...]:
    by_date = {day.date: day for day in days}
    first, last = days[0].date, days[-1].date
    if (last - first).days > LONGEST:
        errors.append(SheetError(0, "日期", f"{first} 至 {last}", "前后差了一年多，请核对年份"))
        return ()
    gaps: list[Gap] = []
    for day in (first + ONE_DAY * n for n in range((last - first).days + 1)):
        if day not in by_date:
            gaps.append(Gap(day, None))
        else:
            posts = by_date[day].posts
            gaps += [Gap(day, p) for p in required if not posts.get(p) and (day, p) not in doubted]
    return tuple(gaps)

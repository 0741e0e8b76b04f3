"""A roster in any layout read into shifts: pure, nothing silently mended, problems by cell (domain.md §6.3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from domain.roster import Post, Wanted
from domain.roster_conflicts import check_people
from domain.roster_dates import Period, read_period
from domain.roster_entry import Gathered, Layout, Place
from domain.roster_gaps import Gap, find_gaps
from domain.roster_header import WANT, RosterHeader, find_header
from domain.roster_label import noted_hours
from domain.roster_month import find_blocks
from domain.roster_month_sheet import read_matrix
from domain.roster_office import Office
from domain.roster_spans import RosterShift, Spans, demote, whole_days
from domain.roster_table import TableReader
from domain.roster_text import guess_header, parted
from domain.sheet import HEADER_WITHIN, Rows, SheetError, as_line

Merged = Collection[tuple[int, int, int, int]]
LONGEST = 400  # days of one sheet: a year and the weeks around it
HOLE = 60  # days missing between two rows: a year or a month was misread


@dataclass(frozen=True)
class RosterDay:
    """Who is on from a calendar day's first shift on, by post; `row` from 1."""

    date: date
    posts: Mapping[Post, tuple[int, ...]]
    row: int


@dataclass(frozen=True)
class RosterSheet:
    """What was understood; to be used only when `errors` is empty. `days` and `shifts` in order of the calendar.

    `posts`: what the sheet is about; others are not its business. `layout` None: it was not recognised.
    """

    layout: Layout | None
    days: tuple[RosterDay, ...]
    shifts: tuple[RosterShift, ...]
    posts: tuple[Post, ...]
    whole: tuple[Post, ...]
    """Of these the sheet tells every day (a column of their own); others only where a cell holds a second name."""
    errors: tuple[SheetError, ...]
    warnings: tuple[SheetError, ...]
    gaps: tuple[Gap, ...]

    @property
    def wanted(self) -> list[Wanted]:
        """Return the shifts to be laid in."""
        return [Wanted(s.post, s.entry.person.id, s.starts_at, s.ends_at, s.label) for s in self.shifts]


def read_roster(
    rows: Rows, office: Office, *, today: date, name: str = "", merged: Merged = ()
) -> RosterSheet:
    """Return the shifts of a sheet in whichever layout it has.

    `today`: the room's calendar day, for its year when neither title nor the file's `name` tell; `merged`: merged
    ranges counted from 0 (a name merged over several days counts for each of them).
    """
    rows = parted(rows, office.directory)
    into = Gathered()
    layout = _gather(rows, office, into, today, name, merged)
    if layout is None:
        first = as_line(rows[0])[:60] if rows else ""
        why = f"前 {HEADER_WITHIN} 行里没有找到值班表的表头，应有：{WANT}；或整月表：姓名、1 至 31 日"
        return RosterSheet(None, (), (), (), (), (SheetError(0, "表头", first, why),), (), ())
    if not into.days and not into.errors:
        into.errors.append(SheetError(0, "日期", "", "表头下面没有值班日期，请每天填一行"))
    shifts = _shifts(layout, office, into, noted_hours([*rows[:HEADER_WITHIN], *rows[-HEADER_WITHIN:]]))
    return _done(layout, shifts, office, into)


def _gather(
    rows: Rows, office: Office, into: Gathered, today: date, name: str, merged: Merged
) -> Layout | None:
    header = find_header(rows, office.words)
    if header is None or _days_follow(rows, header, office):
        period = read_period(_title(rows, office, header), name, today)
        if layout := read_matrix(rows, office.directory, into, period, merged):
            return layout
    if header is not None:
        return _table(rows, office, into, read_period(rows[: header.first - 1], name, today), merged, header)
    guessed = guess_header(rows, office.directory)
    if guessed is None:
        return None
    _tell_order(rows, into, guessed)
    _table(rows, office, into, read_period(rows[: guessed.row], name, today), merged, guessed)
    return Layout.LINES


def _title(rows: Rows, office: Office, header: RosterHeader | None) -> Rows:
    """Return the rows over a matrix, which tell its year and month."""
    if header is not None:
        return rows[: header.first - 1]
    block = next(iter(find_blocks(rows[:HEADER_WITHIN], office.words, Period(2028, 1))), None)
    return rows[: block.start] if block else rows[:1]


def _tell_order(rows: Rows, into: Gathered, guessed: RosterHeader) -> None:
    """Say how names without a header are taken, unless each says its post itself."""
    if all(column.post for column in guessed.names):
        posts = "、".join(Post(column.post).word for column in guessed.names)
        into.warn(
            Place(guessed.row + 1, 0, "表头"), "", f"没有表头，名字按 {posts} 的顺序读；不是这样请加上表头"
        )
    elif not any(":" in cell or "：" in cell for row in rows[guessed.row :] for cell in row):
        into.warn(
            Place(guessed.row + 1, 0, "表头"), "", "没有表头，岗位按人员表里的角色读；不是这样请加上表头"
        )


def _days_follow(rows: Rows, header: RosterHeader, office: Office) -> bool:
    """Return True if a row of days stands right under what looks like a header: 姓名、岗位、日期 over 1, 2, 3."""
    below = rows[header.row - 1 : header.row + 2]
    return bool(find_blocks([(), *below], office.words, Period(2028, 1))) and header.shift is None


def _table(
    rows: Rows, office: Office, into: Gathered, period: Period, merged: Merged, header: RosterHeader
) -> Layout:
    reader = TableReader(header, office.directory, period, _down(merged), into)
    for number, row in enumerate(rows[header.row :], header.row + 1):
        reader.read(number, row)
    if header.shift is not None:
        return Layout.ROWS
    return Layout.COLUMNS if header.split else Layout.DAYS


def _shifts(
    layout: Layout, office: Office, into: Gathered, hours: Mapping[str, tuple[time, time]]
) -> list[RosterShift]:
    entries = whole_days(into.entries, into.nobody) if layout is Layout.ROWS else into.entries
    spans = Spans(office, into, hours)
    placed = [shift for entry in entries if (shift := spans.of(entry)) is not None]
    for day, made in demote(placed, office).items():
        if layout in (Layout.PEOPLE, Layout.TURNED):
            names = "、".join(shift.entry.person.name for shift in made)
            why = f"{day.month}月{day.day}日有几位值班员，标记没写主副，先写的作主班，{names}作副班"
            into.warn(made[0].entry.place, made[0].entry.person.name, why)
    named = {entry.post for entry in entries}
    into.whole = set(into.posts) or set(named)
    into.posts |= named
    return check_people(placed, office, into)


def _done(layout: Layout, shifts: Sequence[RosterShift], office: Office, into: Gathered) -> RosterSheet:
    in_order = sorted(shifts, key=lambda s: (s.day, s.starts_at))
    _check_span(into)
    gaps = () if any(e.row == 0 for e in into.errors) else find_gaps(in_order, office, into, HOLE)
    posts: dict[date, dict[Post, list[int]]] = {day: {} for day in sorted(into.days)}
    for shift in in_order:
        posts[shift.day].setdefault(shift.post, []).append(shift.entry.person.id)
    return RosterSheet(
        layout,
        tuple(
            RosterDay(day, {post: tuple(ids) for post, ids in held.items()}, into.days[day])
            for day, held in posts.items()
        ),
        tuple(in_order),
        tuple(sorted(into.posts, key=lambda post: post.rank)),
        tuple(sorted(into.whole, key=lambda post: post.rank)),
        _in_order(into.errors),
        _in_order(into.warnings),
        gaps,
    )


def _check_span(into: Gathered) -> None:
    """A hole of months is a year misread; more than a year at a time is refused."""
    days = sorted(into.days)
    for before, day in pairwise(days):
        if (day - before).days > HOLE:
            why = f"和上一天（{before}）隔了 {(day - before).days} 天，请核对年份和月份"
            into.errors.append(SheetError(into.days[day], "日期", day.isoformat(), why))
    if days and len(days) > LONGEST:
        why = f"这张表有 {len(days)} 天，一次最多导入 {LONGEST} 天（一年），请按年分成几张"
        into.errors.append(SheetError(0, "日期", f"{days[0]} 至 {days[-1]}", why))


def _in_order(problems: list[SheetError]) -> tuple[SheetError, ...]:
    return tuple(sorted(problems, key=lambda p: (p.row, len(p.letter), p.letter)))


def _down(merged: Merged) -> dict[tuple[int, int], int]:
    """Return for each cell below the first of a vertically merged range the row that has its text, from 0."""
    return {
        (row, left): top
        for top, left, bottom, right in merged
        if left == right and bottom - top < LONGEST
        for row in range(top + 1, bottom + 1)
    }

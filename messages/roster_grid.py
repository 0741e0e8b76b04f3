"""A month's roster laid out in days and rows, one per shift: what its picture and its workbook have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.notices.roster import Month, MonthDay, MonthShift
from messages.render import hours

ALL_DAY = "全天"


@dataclass(frozen=True)
class GridRow:
    """One shift of a day: its name, from, to (None where nobody stands on it), names by post, posts left open."""

    label: str
    starts_at: datetime | None
    ends_at: datetime | None
    names: Mapping[str, tuple[str, ...]]
    open: frozenset[str]


@dataclass(frozen=True)
class GridDay:
    """A day's rows in order; `whole`: the shift that runs beside all of them on posts of its own (a leader's day)."""

    day: date
    kind: str
    holiday: str
    rows: tuple[GridRow, ...]
    whole: GridRow | None = None

    @property
    def note(self) -> str:
        """What office sheets remark of a day: 国庆节, 调休上班, or nothing."""
        return self.kind if self.kind == "调休上班" else self.holiday


@dataclass(frozen=True)
class Grid:
    """The days of a month and the posts (key and word) that somebody stands on or should."""

    days: tuple[GridDay, ...]
    posts: tuple[tuple[str, str], ...]

    @property
    def several(self) -> bool:
        """True where a day has shifts with names."""
        return any(row.label for day in self.days for row in day.rows)

    def hours(self, zone: ZoneInfo) -> dict[str, str]:
        """Return each shift's hours by its name; "" where they differ from day to day."""
        found: dict[str, set[str]] = {}
        for day in self.days:
            for row in _all(day):
                if row.starts_at and row.ends_at:
                    found.setdefault(row.label, set()).add(hours(row.starts_at, row.ends_at, zone))
        return {label: each.pop() if len(each) == 1 else "" for label, each in found.items()}


def grid_of(month: Month) -> Grid:
    """Return a month as a grid; an open post no word of the month names gets a column of its own."""
    labels = {s.label for day in month.days for s in day.shifts} | {""}
    words = {word: key for key, word in month.posts}
    opens = [(day.day, *_open(text, labels, words)) for day in month.days for text in day.open]
    words |= {post: post for _, _, post in opens if post not in words.values()}
    days = tuple(_day(day, [(la, post) for at, la, post in opens if at == day.day]) for day in month.days)
    used = {post for day in days for row in _all(day) for post in (*row.names, *row.open)}
    return Grid(days, tuple((key, word) for word, key in words.items() if key in used))


def _all(day: GridDay) -> tuple[GridRow, ...]:
    return (*day.rows, *((day.whole,) if day.whole else ()))


def _open(text: str, labels: set[str], words: Mapping[str, str]) -> tuple[str, str]:
    """Return the shift's name and the post's key of an open post's words, such as 夜班主班."""
    for label in sorted(labels, key=len, reverse=True):
        rest = text.removeprefix(label)
        if text.startswith(label) and rest in words:
            return label, words[rest]
    for word in sorted(words, key=len, reverse=True):
        if text.endswith(word):
            return text.removesuffix(word), words[word]
    return "", text


def _day(day: MonthDay, opens: list[tuple[str, str]]) -> GridDay:
    rows = [_row(s, opens) for s in day.shifts]
    here = {row.label for row in rows}
    missing = dict.fromkeys(label for label, _ in opens if label not in here)
    if rows and len(here) == 1 and set(missing) <= {""}:  # a day of one shift: the open post is that shift's
        rows[0] = _row(day.shifts[0], [(rows[0].label, post) for _, post in opens])
    else:
        rows += [_empty(label, opens) for label in missing]
    whole = _whole(rows)
    rest = tuple(row for row in rows if row is not whole)
    return GridDay(day.day, day.kind, day.holiday, rest or (_empty("", opens),), whole)


def _row(shift: MonthShift, opens: list[tuple[str, str]]) -> GridRow:
    names: dict[str, tuple[str, ...]] = {}
    for post, name in shift.names:
        names[post] = (*names.get(post, ()), name)
    return GridRow(shift.label, shift.starts_at, shift.ends_at, names, _posts(shift.label, opens))


def _empty(label: str, opens: list[tuple[str, str]]) -> GridRow:
    return GridRow(label, None, None, {}, _posts(label, opens))


def _posts(label: str, opens: list[tuple[str, str]]) -> frozenset[str]:
    return frozenset(post for of, post in opens if of == label)


def _whole(rows: list[GridRow]) -> GridRow | None:
    for row in rows:
        rest = [other for other in rows if other is not row]
        if rest and all(_beside(row, other) for other in rest):
            return row
    return None


def _beside(row: GridRow, other: GridRow) -> bool:
    """Return True if `row` runs all the time `other` does, and on other posts."""
    if row.starts_at is None or row.ends_at is None:
        return False
    if {*row.names, *row.open} & {*other.names, *other.open}:
        return False
    if other.starts_at is None or other.ends_at is None:
        return True
    return row.starts_at <= other.starts_at and other.ends_at <= row.ends_at

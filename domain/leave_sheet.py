"""A sheet of leave read row by row: who, from, to, why; nothing silently mended, problems named by their cell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.roster_dates import Period, read_date, read_period
from domain.roster_names import Directory, Unknown
from domain.roster_words import FOOT
from domain.sheet import HEADER_WITHIN, Rows, SheetError, as_line, cell_at, letter_of, tidy, word_of

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "人员", "请假人", "name"),
    "first": ("开始", "开始日期", "起", "起始日期", "请假开始", "自", "开始时间"),
    "last": ("结束", "结束日期", "止", "截止日期", "请假结束", "至", "结束时间"),
    "span": ("休假时间", "请假时间", "休假日期", "请假日期", "休假起止", "请假起止", "起止时间", "起止日期"),
    "reason": ("事由", "原因", "类别", "请假类别", "请假事由", "备注"),
    "phone": ("电话", "手机", "联系电话"),
}
HEADER_WORDS = {word: key for key, words in HEADERS.items() for word in words}


@dataclass(frozen=True)
class LeaveRow:
    """One person's leave, first and last day included."""

    person_id: int
    name: str
    first: date
    last: date
    reason: str
    joined: int = 1
    """How many rows of the sheet these days stand in."""


@dataclass(frozen=True)
class LeaveSheet:
    """What was understood; to be used only when `errors` is empty."""

    rows: tuple[LeaveRow, ...]
    errors: tuple[SheetError, ...]


def columns_of(row: Sequence[str]) -> dict[str, int] | None:
    """Return where a leave sheet's header keeps what, None for another row."""
    keys = [word_of(label, HEADER_WORDS) for label in row]
    found = {key: n for n, key in reversed(list(enumerate(keys))) if key}
    if "span" in found and "first" not in found:
        found |= {"first": found["span"], "last": found["span"]}
    return found if {"name", "first", "last"} <= found.keys() else None


def is_leave(rows: Rows) -> bool:
    """Return True if a header within the first ten rows makes this a sheet of leave."""
    return any(columns_of(row) for row in rows[:HEADER_WITHIN])


def read_leaves(rows: Rows, people: Directory, today: date) -> LeaveSheet:
    """Return the leaves of a sheet; a year not written is the title's, else today's."""
    at = next(n for n, row in enumerate(rows[:HEADER_WITHIN]) if columns_of(row))
    columns = columns_of(rows[at]) or {}
    period = read_period(rows[:at], "", today)
    found: list[LeaveRow] = []
    errors: list[SheetError] = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {key: cell_at(row, column) for key, column in columns.items()}
        if "span" in cells:
            cells["first"], cells["last"] = _ends(cells["span"])
        if not any(map(tidy, cells.values())) or tidy(as_line(row)).startswith(FOOT):
            continue
        read = _row(cells, people, period)
        if isinstance(read, LeaveRow):
            found.append(read)
        else:
            errors += [
                SheetError(number, rows[at][columns[key]].strip(), cells[key], why, letter_of(columns[key]))
                for key, why in read
            ]
    if not found and not errors:
        errors.append(SheetError(0, "姓名", "", "表头下面没有请假的人，请每人填一行"))
    return LeaveSheet(tuple(_joined(found)), tuple(errors))


def _joined(rows: Sequence[LeaveRow]) -> list[LeaveRow]:
    """Return the rows with those of one person that overlap made one."""
    made: list[LeaveRow] = []
    for row in sorted(rows, key=lambda r: r.first):
        before = next((m for m in made if m.person_id == row.person_id and m.last >= row.first), None)
        if before is None:
            made.append(row)
            continue
        reasons = dict.fromkeys(filter(None, (*before.reason.split("、"), row.reason)))
        whole = replace(
            before, last=max(before.last, row.last), reason="、".join(reasons), joined=before.joined + 1
        )
        made[made.index(before)] = whole
    return made


def _ends(span: str) -> tuple[str, str]:
    """Return both ends of one cell ("8月3日-8月7日", "8.10至8.12"), the last "" where it names one day."""
    parts = re.split(r"[至到~～—–]+", span) if span.count("-") != 1 else span.split("-")
    return (parts[0], parts[1]) if len(parts) == 2 else (span, "")  # noqa: PLR2004 - from and to


def _row(cells: dict[str, str], people: Directory, period: Period) -> LeaveRow | list[tuple[str, str]]:
    """Return the row's leave, or what is wrong by column."""
    wrong: list[tuple[str, str]] = []
    who = people.read(cells["name"], [cells.get("phone", "")])
    person = who[0] if len(who) == 1 else None
    if person is None:
        wrong.append(("name", "请每行写一个姓名"))
    elif isinstance(person, Unknown):
        wrong.append(("name", person.reason))
    first, last = read_date(cells["first"], period), read_date(cells["last"] or cells["first"], period)
    wrong += [(key, day) for key, day in (("first", first), ("last", last)) if isinstance(day, str)]
    if isinstance(first, date) and isinstance(last, date) and last < first:
        wrong.append(("last", "结束日期早于开始日期"))
    if (
        wrong
        or person is None
        or isinstance(person, Unknown)
        or isinstance(first, str)
        or isinstance(last, str)
    ):
        return wrong
    return LeaveRow(person.person.id, person.person.name, first, last, cells.get("reason", ""))

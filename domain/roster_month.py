"""Where a month's matrix keeps its days: rows of days across, each with the rows beneath it as one block."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from domain.roster_dates import Period, read_date, read_weekday
from domain.roster_label import Words
from domain.roster_names import Directory
from domain.sheet import HEADER_WITHIN, Rows, cell_at, tidy

FEWEST, FEWEST_DATED = 5, 3
MOST_TURNED = 100  # rows: a month and its legend
BARE = re.compile(r"(?:[1-9]|[12][0-9]|3[01])")
NUMBERED = re.compile(
    r"([0-9]{1,2}[日号]?)(?:[(]?(?:星期|周)([一二三四五六日天])[)]?|[(]([一二三四五六日天])[)]|([一二三四五六天]))"
)
DATED = re.compile(
    r"(?:[1-9]|[12][0-9]|3[01])[日号]|4[0-9]{4}|(?:20[0-9]{2}[-./年])?[0-9]{1,2}[-./月][0-9]{1,2}[日号]?"
)


@dataclass(frozen=True)
class Block:
    """Days across one row: `row` (from 0) and the last header row `end`; per column the day, or why it is none.

    `kinds`: what the columns beside the days hold (name, post, shift, phone, skip), "" for an unnamed one.
    """

    row: int
    end: int
    days: Mapping[int, date | str]
    kinds: Mapping[int, str]
    weekdays: int | None

    @property
    def start(self) -> int:
        """Return the block's first row: the row of weekdays may stand over that of days."""
        return min(self.row, self.weekdays if self.weekdays is not None else self.row)


def find_blocks(rows: Rows, words: Words, period: Period) -> list[Block]:
    """Return the blocks of a matrix, none when the first ten rows hold no row of days."""
    found: list[Block] = []
    for number, row in enumerate(rows):
        if not found and number >= HEADER_WITHIN:
            break
        columns = day_columns(row, following=bool(found))
        if columns:
            found.append(_block(rows, number, columns, words, period))
    return found


def turned_over(rows: Rows, people: Directory) -> list[list[str]]:
    """Return the cells with rows and columns exchanged where people stand across and days down; else none."""
    if len(rows) > MOST_TURNED or not any(_named(row, people) for row in rows[:HEADER_WITHIN]):
        return []
    width = max(map(len, rows))
    turned = [[cell_at(row, column) for row in rows] for column in range(width)]
    return turned if any(day_columns(row) for row in turned[:HEADER_WITHIN]) else []


def _named(row: Sequence[str], people: Directory) -> bool:
    return sum(tidy(cell) in people.by_name for cell in row) > 1


def day_columns(row: Sequence[str], *, following: bool = False) -> list[int]:
    """Return the columns of a row of days: numbers that grow, right of at least one column of labels.

    `following`: below such a row already, so that the last, shorter week of a month is one too.
    """
    read = [(n, _number(text)) for n, cell in enumerate(row) if (text := tidy(cell))]
    days = [(n, value) for n, value in read if value is not None and n > 0]
    dated = sum(1 for n, _ in days if not BARE.fullmatch(tidy(row[n])))
    led = any("日期" in tidy(cell) for cell in row[: days[0][0]]) if days else False
    fewest = (
        (2 if dated or led else 3) if following or led else FEWEST_DATED if dated == len(days) else FEWEST
    )
    grows = sum(1 for (_, a), (_, b) in pairwise(days) if b > a)
    falls = len(days) - 1 - grows
    others = [n for n, value in read if value is None and days and days[0][0] < n < days[-1][0]]
    return [n for n, _ in days] if len(days) >= fewest and falls <= 1 and not others else []


def _number(text: str) -> int | None:
    """Return what orders a cell of a row of days, None for a cell that is no day."""
    if numbered := NUMBERED.fullmatch(text):
        text = numbered[1]
    text = re.sub(r"\(.*?\)|(星期|周)[一二三四五六日天]", "", text)
    if BARE.fullmatch(text):
        return int(text)
    if not DATED.fullmatch(text):
        return None
    parts = [int(part) for part in re.findall(r"[0-9]+", text)]
    return parts[-1] if len(parts) == 1 else parts[-2] * 31 + parts[-1]


def written_weekday(cell: str) -> int | None:
    """Return the weekday written in a day's own cell (1四, 10月1日(周四)), None for none."""
    numbered = NUMBERED.fullmatch(tidy(cell))
    return read_weekday(next(filter(None, numbered.groups()[1:]))) if numbered else read_weekday(cell)


def _block(rows: Rows, number: int, columns: Sequence[int], words: Words, period: Period) -> Block:
    days = _days(rows[number], columns, period)
    weekdays = next((n for n in (number + 1, number - 1) if _is_weekdays(rows, n, columns)), None)
    lines = [n for n in (number, weekdays, number - 1) if n is not None and 0 <= n < len(rows)]
    width = max(len(rows[n]) for n in lines)
    beside = [n for n in range(width) if n < columns[0] or n > columns[-1]]
    kinds = {n: _kind([cell_at(rows[line], n) for line in lines], words) for n in beside}
    return Block(number, max(number, weekdays or 0), days, kinds, weekdays)


def _days(row: Sequence[str], columns: Sequence[int], period: Period) -> dict[int, date | str]:
    days: dict[int, date | str] = {}
    highest = 0
    for column in columns:
        text = tidy(row[column])
        numbered = NUMBERED.fullmatch(text)
        text = numbered[1] if numbered else text
        days[column] = read_date(text, period)
        bare = int(text) if BARE.fullmatch(text) else 0
        if bare and bare < highest:
            days[column] = f"日期又从{bare}开始，看不出是哪个月；请写成 10月{bare}日"
        highest = max(highest, bare)
    return days


def _is_weekdays(rows: Rows, number: int, columns: Sequence[int]) -> bool:
    if not 0 <= number < len(rows):
        return False
    cells = [cell_at(rows[number], n) for n in columns]
    return sum(1 for cell in cells if read_weekday(cell) is not None) * 2 > len(columns)


def _kind(cells: Sequence[str], words: Words) -> str:
    for cell in cells:
        found = words.read(cell) if cell else None
        if found is not None and found.kind in ("name", "post", "shift", "phone", "skip"):
            return found.kind
    return ""

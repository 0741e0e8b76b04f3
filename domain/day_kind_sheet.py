"""A year's table of holidays and 调休 read into days: pure, nothing silently mended, problems named by cell.

Two shapes: 日期 | 类型 | 名称, and the shape in which the State Council's notice is retold:
节日 | 放假时间 | 调休上班日期.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.day_kind import Arrangement, Day, DayKind, is_weekend
from domain.day_kind_dates import UNTOLD, read_days
from domain.roster_dates import Period, read_period
from domain.roster_words import FOOT, NOBODY, WEEKDAY_WORDS
from domain.sheet import HEADER_WITHIN, Rows, SheetError, as_line, cell_at, letter_of, nearest, tidy, word_of

HEADERS: dict[str, tuple[str, ...]] = {
    "date": ("日期", "时间", "日子", "月日", "date"),
    "kind": ("类型", "性质", "类别", "安排", "kind", "type"),
    "name": ("名称", "节日", "节日名称", "节假日", "假期", "假日", "name"),
    "off": ("放假时间", "放假日期", "休假时间", "放假安排", "放假"),
    "makeup": ("调休上班日期", "调休上班", "上班日期", "补班日期", "补班", "调休", "调休日期"),
}
HEADER_WORDS = {word: key for key, words in HEADERS.items() for word in words}
KINDS: dict[DayKind, tuple[str, ...]] = {
    DayKind.HOLIDAY: ("放假", "休", "休假", "节假日", "法定节假日", "假日", "放假调休"),
    DayKind.MAKEUP: ("调休", "补班", "班", "上班", "调休上班", "调休补班"),
    DayKind.RESTDAY: ("休息日", "双休日", "周末"),
    DayKind.WORKDAY: ("工作日",),
}
KIND_WORDS = {word: kind for kind, words in KINDS.items() for word in words}
WANT = "日期、类型（放假或调休上班）、名称"


@dataclass(frozen=True)
class ArrangementSheet:
    """What was understood; to be used only when `errors` is empty."""

    days: Mapping[date, Day]
    errors: tuple[SheetError, ...]

    @property
    def arrangement(self) -> Arrangement:
        """Return the days as they go before the library."""
        return Arrangement(self.days)


@dataclass(frozen=True)
class _Header:
    row: int
    labels: Sequence[str]
    columns: Mapping[str, int]

    def error(self, row: int, key: str, value: str, reason: str) -> SheetError:
        column = self.columns[key]
        return SheetError(row, self.labels[column].strip(), value, reason, letter_of(column))


def read_arrangement(rows: Rows) -> ArrangementSheet:
    """Return the days of a table; the year stands in its title ("2027年节假日安排") or in each date."""
    header = _find_header(rows)
    if isinstance(header, SheetError):
        return ArrangementSheet({}, (header,))
    reader = _Reader(header, read_period(rows[: header.row], "", UNTOLD))
    for number, row in enumerate(rows[header.row :], header.row + 1):
        reader.read(number, row)
    if not reader.days and not reader.errors:
        reader.errors.append(SheetError(0, "日期", "", f"表头下面没有日子，请每行填：{WANT}"))
    return ArrangementSheet(dict(sorted(reader.days.items())), tuple(reader.errors))


def _find_header(rows: Rows) -> _Header | SheetError:
    for number, row in enumerate(rows[:HEADER_WITHIN], 1):
        keys = [word_of(label, HEADER_WORDS) for label in row]
        columns = {key: n for n, key in reversed(list(enumerate(keys))) if key}
        if {"date", "kind"} <= columns.keys() or "off" in columns:
            return _Header(number, row, columns)
    first = as_line(rows[0])[:60] if rows else ""
    return SheetError(0, "表头", first, f"前 {HEADER_WITHIN} 行里没有找到节假日安排的表头，应有：{WANT}")


def is_arrangement(rows: Rows) -> bool:
    """Return True if a header within the first ten rows makes this a table of holidays."""
    return isinstance(_find_header(rows), _Header)


class _Reader:
    """Days gathered row by row."""

    def __init__(self, header: _Header, period: Period) -> None:
        self.header, self.period = header, period
        self.days: dict[date, Day] = {}
        self.rows: dict[date, int] = {}
        self.errors: list[SheetError] = []

    def read(self, number: int, row: Sequence[str]) -> None:
        """Take in one row; blank rows and foot lines are no days."""
        cells = {key: cell_at(row, column) for key, column in self.header.columns.items()}
        if not any(map(tidy, cells.values())) or tidy(as_line(row)).startswith(FOOT):
            return
        name = tidy(cells.get("name", ""))
        if "kind" not in cells:
            self._take(number, "off", cells["off"], Day(DayKind.HOLIDAY, name))
            if tidy(cells.get("makeup", "")) not in NOBODY:
                self._take(number, "makeup", cells["makeup"], Day(DayKind.MAKEUP, name))
        elif kind := KIND_WORDS.get(tidy(cells["kind"])):
            self._take(number, "date", cells["date"], Day(kind, name))
        else:
            why = f"类型请写“放假”或“调休上班”{nearest(tidy(cells['kind']), KIND_WORDS)}"
            self.errors.append(self.header.error(number, "kind", cells["kind"], why))

    def _take(self, number: int, key: str, text: str, what: Day) -> None:
        days = read_days(text, self.period)
        if isinstance(days, str):
            self.errors.append(self.header.error(number, key, text, days))
            return
        for day in days:
            if why := self._doubt(day, what.kind):
                self.errors.append(self.header.error(number, key, text, why))
                return
            self.days[day], self.rows[day] = what, number

    def _doubt(self, day: date, kind: DayKind) -> str:
        """Return what is wrong with a day of such a kind, "" if nothing."""
        said = f"{day.year}年{day.month}月{day.day}日"
        if day in self.rows:
            return f"{said}在第{self.rows[day]}行已经有了，一天只写一次"
        weekday = f"{said}是{WEEKDAY_WORDS[day.weekday()]}"
        if kind is DayKind.MAKEUP and not is_weekend(day):
            return f"{weekday}，调休上班只会在周六、周日；如是放假请写“放假”"
        if kind is DayKind.RESTDAY and not is_weekend(day):
            return f"{weekday}，休息日只会在周六、周日；如是放假请写“放假”"
        if kind is DayKind.WORKDAY and is_weekend(day):
            return f"{weekday}，如要上班请写“调休上班”"
        return ""

"""The month's roster as a picture: days, shifts and posts, holidays tinted, open posts in red."""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from zoneinfo import ZoneInfo

from domain.notices.roster import Month
from messages.roster_grid import ALL_DAY, Grid, GridDay, GridRow, grid_of
from messages.table import GREY, INK, PAPER, RED, Cell, Table, Typeface

TINTS = {"工作日": "#ffffff", "休息日": "#e8f0f8", "节假日": "#fde7e4", "调休上班": "#fff4d1"}
LEGEND = {"休息日": "周末", "节假日": "节假日", "调休上班": "调休上班（班）"}
WEEKDAYS = "一二三四五六日"
OPEN, NOBODY = "缺", "未排班"
HOLIDAY_INK, MAKEUP_INK = "#b3261e", "#8a5a00"

_ONE_AT_A_TIME = Lock()
"""A picture takes up to 70 MB while it is drawn: many who ask at once wait for the first one's."""
_FONT: list[Callable[[], Typeface | None]] = []


def draw_with(find: Callable[[], Typeface | None]) -> None:
    """Let pictures be drawn with the font that `find` returns (None: this machine has none). Called in a thread."""
    _FONT[:] = [find]


def picture_bytes(notice: Month, zone: ZoneInfo) -> bytes:
    """Return the month as a PNG, empty where no font was found or lent."""
    face = _FONT[0]() if _FONT else None
    if face is None:
        return b""
    with _ONE_AT_A_TIME:
        return month_picture(notice, face, zone)


@lru_cache(maxsize=2)
def month_picture(notice: Month, face: Typeface, zone: ZoneInfo) -> bytes:
    """Return the month as a PNG within Telegram's limits for photos; raises OSError for an unusable font."""
    from messages.table_picture import draw  # noqa: PLC0415 - the drawing library is loaded with the first picture

    return draw(month_table(notice, zone), face)


def month_table(notice: Month, zone: ZoneInfo) -> Table:
    """Return the month as a table to be drawn."""
    grid = grid_of(notice)
    columns = ["日期", "星期", *(["班次"] if grid.several else []), *(word for _, word in grid.posts)]
    cells: dict[tuple[int, int], Cell] = {}
    row, starts = 0, []
    for day in grid.days:
        starts.append(row)
        _lay_day(cells, grid, day, row)
        row += len(day.rows)
    kinds = {day.kind for day in grid.days}
    legend = [(TINTS[kind], INK, words) for kind, words in LEGEND.items() if kind in kinds]
    if any(line.open for day in grid.days for line in _every(day)):
        legend.append((PAPER, RED, f"{OPEN}：无人值班"))
    return Table(
        title=notice.title,
        header=tuple(columns),
        cells=cells,
        rows=row,
        thick=frozenset(starts) if grid.several else frozenset(),
        legend=tuple(legend),
        foot=tuple(line for line in (f"值班电话：{notice.room_phone}", _hours(grid, zone)) if line),
    )


def _every(day: GridDay) -> tuple[GridRow, ...]:
    return (*day.rows, day.whole) if day.whole else day.rows


def _hours(grid: Grid, zone: ZoneInfo) -> str:
    found = [(label, hours) for label, hours in grid.hours(zone).items() if hours]
    return "　".join(f"{label or ALL_DAY if grid.several else '每班'} {hours}" for label, hours in found)


def _lay_day(cells: dict[tuple[int, int], Cell], grid: Grid, day: GridDay, top: int) -> None:
    tint, high = TINTS[day.kind], len(day.rows)
    mark, ink = _mark(day)
    cells[top, 0] = Cell((f"{day.day.month}.{day.day.day}",), down=high, tint=tint, bold=True)
    week = (f"周{WEEKDAYS[day.day.weekday()]}", *((mark,) if mark else ()))
    cells[top, 1] = Cell(week, " ", down=high, tint=tint, ink=ink)
    left = 2
    if grid.several:
        for n, row in enumerate(day.rows):
            cells[top + n, 2] = Cell((row.label or ALL_DAY,), tint=tint)
        left = 3
    if not any(row.names for row in _every(day)):
        wanted = any(row.open for row in _every(day))
        words, alarm = ((), NOBODY) if wanted else ((NOBODY,), "")
        cells[top, left] = Cell(words, alarm=alarm, down=high, across=len(grid.posts), tint=tint, ink=GREY)
        return
    for column, (post, _) in enumerate(grid.posts, left):
        if day.whole and (post in day.whole.names or post in day.whole.open):
            cells[top, column] = _names(day.whole, post, tint, high)
        else:
            for n, row in enumerate(day.rows):
                cells[top + n, column] = _names(row, post, tint, 1)


def _names(row: GridRow, post: str, tint: str, down: int) -> Cell:
    alarm = OPEN if post in row.open else ""
    return Cell(row.names.get(post, ()), alarm=alarm, down=down, tint=tint)


def _mark(day: GridDay) -> tuple[str, str]:
    """Return what stands beside the weekday and its colour: a holiday's name, 班 on a weekend worked."""
    if day.kind == "调休上班":
        return "班", MAKEUP_INK
    return (day.holiday, HOLIDAY_INK) if day.kind == "节假日" else ("", INK)

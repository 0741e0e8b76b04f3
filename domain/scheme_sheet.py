"""A sheet of shifts (班次 | 起止时间 | 适用日 | 季节 | 人数) read into the lines of the office's scheme."""

from collections.abc import Sequence
from dataclasses import dataclass

from config.roster import ShiftTemplate, read_template, write_template
from domain.roster_words import FOOT, NOBODY
from domain.sheet import HEADER_WITHIN, Rows, SheetError, as_line, cell_at, letter_of, tidy, word_of

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("班次", "班次名称", "班别", "班名"),
    "hours": ("起止时间", "时间", "时段", "值班时间", "工作时间", "起止"),
    "start": ("开始", "开始时间", "上班", "上班时间", "起"),
    "end": ("结束", "结束时间", "下班", "下班时间", "止"),
    "days": ("适用日", "适用日期", "适用", "日期类型", "哪些天"),
    "season": ("季节", "起止日期", "适用季节", "执行日期"),
    "posts": ("人数", "岗位", "岗位人数", "每班人数"),
}
HEADER_WORDS = {word: key for key, words in HEADERS.items() for word in words}


@dataclass(frozen=True)
class SchemeSheet:
    """The shifts as lines; to be used only when `errors` is empty."""

    lines: tuple[str, ...]
    errors: tuple[SheetError, ...]


def columns_of(row: Sequence[str]) -> dict[str, int] | None:
    """Return where a scheme's header keeps what, None for another row."""
    keys = [word_of(label, HEADER_WORDS) for label in row]
    found = {key: n for n, key in reversed(list(enumerate(keys))) if key}
    hours = "hours" in found or {"start", "end"} <= found.keys()
    return found if "name" in found and hours else None


def is_scheme(rows: Rows) -> bool:
    """Return True if a header within the first ten rows makes this a scheme of shifts."""
    return any(columns_of(row) for row in rows[:HEADER_WITHIN])


def read_scheme(rows: Rows) -> SchemeSheet:
    """Return the shifts of a sheet, one a row."""
    at = next(n for n, row in enumerate(rows[:HEADER_WITHIN]) if columns_of(row))
    columns = columns_of(rows[at]) or {}
    found: list[ShiftTemplate] = []
    errors: list[SheetError] = []
    for number, row in enumerate(rows[at + 1 :], at + 2):
        cells = {key: cell_at(row, column) for key, column in columns.items()}
        if not any(map(tidy, cells.values())) or tidy(as_line(row)).startswith(FOOT):
            continue
        place = (number, rows[at][columns["name"]].strip(), cells["name"])
        try:
            shift = read_template(_line(cells))
        except ValueError as error:
            errors.append(SheetError(*place, str(error), letter_of(columns["name"])))
            continue
        if shift.name in {s.name for s in found}:
            errors.append(SheetError(*place, "这个班次写了两次", letter_of(columns["name"])))
        found.append(shift)
    if not found and not errors:
        errors.append(SheetError(0, "班次", "", "表头下面没有班次，请每班填一行"))
    return SchemeSheet(tuple(write_template(s) for s in found), tuple(errors))


def _line(cells: dict[str, str]) -> str:
    hours = cells.get("hours") or f"{cells.get('start', '')}-{cells.get('end', '')}"
    rest = [cells.get(key, "") for key in ("days", "season", "posts")]
    words = " ".join(text for text in rest if tidy(text) not in NOBODY)
    for mark in "、，,；;/":
        words = words.replace(mark, " ")
    return f"{tidy(cells['name'])} {tidy(hours).replace(':00:00', ':00')} {words}".strip()

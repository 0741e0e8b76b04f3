"""Spreadsheets out: the roster in the office's layout, and plain tables. Text is never a formula."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from domain.roster import BUILT_IN, Post

DAY: tuple[tuple[str, float], ...] = (("日期", 11.5), ("星期", 6))
SHIFT: tuple[tuple[str, float], ...] = (("班次", 8),)
POSTS: tuple[tuple[str, float], ...] = (
    ("带班领导", 10),
    ("职务", 14),
    ("电话", 14),
    ("值班员（主班）", 14),
    ("电话", 14),
    ("副班", 10),
    ("电话", 14),
    ("驾驶员", 10),
    ("电话", 14),
)
NOTE: tuple[tuple[str, float], ...] = (("备注", 12),)
TINTS = {"休息日": "E8F0F8", "节假日": "FDE7E4", "调休上班": "FFF4D1"}
WEEKDAYS = "一二三四五六日"
FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r")
THIN = Side(style="thin")
FRAME = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
A4 = 9  # paper size in the file format
WIDEST = 40  # characters of a column of a plain table
WIDE = 0x2E7F  # characters above are two wide
LINE = 16  # points of a line


@dataclass(frozen=True)
class PrintedPerson:
    """A person as printed in a roster."""

    name: str
    title: str
    phone: str


@dataclass(frozen=True)
class PrintedDay:
    """A row: a calendar day of the room and who is on from its changeover, or one of its shifts (`label`: its name).

    `kind`: the day's kind in words, which tints it.
    """

    date: date
    posts: Mapping[Post, Sequence[PrintedPerson]]
    note: str = ""
    label: str = ""
    kind: str = ""


def roster_xlsx(title: str, days: Sequence[PrintedDay], *, foot: Sequence[str] = ()) -> bytes:
    """Return a workbook in the office's layout for A4 landscape; the room can read it back.

    A day of several rows has a column for the shift's name, and its date merged over them.
    """
    book, sheet = _new("值班表")
    columns = _columns(days)
    _put(sheet, 1, 1, title, bold=True, size=18)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet.row_dimensions[1].height = 32
    for column, (word, width) in enumerate(columns, 1):
        _put(sheet, 2, column, word, bold=True, frame=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    shifts, own = any(day.label for day in days), _own_posts(days)
    for row, day in enumerate(days, 3):
        for column, text in enumerate(_day_cells(day, own, shifts=shifts), 1):
            cell = _put(sheet, row, column, text, frame=True)
            if tint := TINTS.get(day.kind):
                cell.fill = PatternFill("solid", fgColor=tint)
    _merge_days(sheet, days, (1, 2, len(columns)))
    for row, line in enumerate(foot, len(days) + 3):
        _put(sheet, row, 1, line).alignment = Alignment(horizontal="left", wrap_text=True)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(columns))
    sheet.freeze_panes = "A3"
    _for_print(sheet, "1:2")
    return _bytes(book)


def _columns(days: Sequence[PrintedDay]) -> tuple[tuple[str, float], ...]:
    own = [column for post in _own_posts(days) for column in ((post.word, 10.0), ("电话", 14.0))]
    return (*DAY, *(SHIFT if any(day.label for day in days) else ()), *POSTS, *own, *NOTE)


def _own_posts(days: Sequence[PrintedDay]) -> list[Post]:
    """Return the office's own posts that somebody stands on."""
    found = {post for day in days for post, people in day.posts.items() if people}
    return sorted(found - set(BUILT_IN), key=lambda post: post.rank)


def _merge_days(sheet: Worksheet, days: Sequence[PrintedDay], columns: Sequence[int]) -> None:
    """Merge the cells of a day that has several rows: its date, weekday and note."""
    first = 0
    for last, day in enumerate(days):
        if last + 1 < len(days) and days[last + 1].date == day.date:
            continue
        for column in columns if last > first else ():
            sheet.merge_cells(start_row=first + 3, end_row=last + 3, start_column=column, end_column=column)
        first = last + 1


def table_xlsx(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of one table: a header row; every text is text, whatever it begins with."""
    return tables_xlsx([(title, header, rows)])


def tables_xlsx(tables: Sequence[tuple[str, Sequence[str], Sequence[Sequence[object]]]]) -> bytes:
    """Return a workbook with a sheet for each (title, header, rows); a number stays one that can be summed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, header, rows in tables:
        _table(book.create_sheet(_sheet_name(title)), header, rows)
    return _bytes(book)


def _table(sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    for column, word in enumerate(header, 1):
        _put(sheet, 1, column, word, bold=True, frame=True)
        longest = max((len(_text(row[column - 1])) for row in rows if column <= len(row)), default=0)
        width = min(WIDEST, max(len(word) * 2, longest * 1.4) + 2)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(rows, 2):
        if lines := max((_lines(_text(value)) for value in row), default=1) - 1:
            sheet.row_dimensions[number].height = (lines + 1) * LINE
        for column, value in enumerate(row, 1):
            cell = _put(sheet, number, column, _text(value), frame=True)
            if isinstance(value, int | float) and not isinstance(cell, MergedCell):
                cell.value, cell.number_format = value, "General"
    sheet.freeze_panes = "A2"
    _for_print(sheet, "1:1")


def _lines(text: str) -> int:
    """Return how many lines a text takes in the widest column: a Chinese character is two wide."""
    return sum(max(1, ceil(sum(1 + (ord(c) > WIDE) for c in line) / WIDEST)) for line in text.split("\n"))


def _day_cells(day: PrintedDay, own: Sequence[Post], *, shifts: bool) -> list[str]:
    leaders, officers = day.posts.get(Post.LEADER, ()), day.posts.get(Post.OFFICER, ())
    deputies, drivers = day.posts.get(Post.DEPUTY, ()), day.posts.get(Post.DRIVER, ())
    return [
        day.date.isoformat(),
        WEEKDAYS[day.date.weekday()],
        *([day.label] if shifts else []),
        _joined(p.name for p in leaders),
        _joined(p.title for p in leaders),
        _joined(p.phone for p in leaders),
        _joined(p.name for p in officers),
        _joined(p.phone for p in officers),
        _joined(p.name for p in deputies),
        _joined(p.phone for p in deputies),
        _joined(p.name for p in drivers),
        _joined(p.phone for p in drivers),
        *(
            _joined(words)
            for post in own
            for people in (day.posts.get(post, ()),)
            for words in ([p.name for p in people], [p.phone for p in people])
        ),
        day.note,
    ]


def _joined(words: Iterable[str]) -> str:
    return "、".join(word for word in words if word)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _new(name: str) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _sheet_name(name)
    return book, sheet


def _sheet_name(name: str) -> str:
    return "".join("_" if c in r"[]:*?/\\" else c for c in name)[:31].strip("'") or "表"


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    bold: bool = False,
    size: int = 11,
    frame: bool = False,
) -> Cell | MergedCell:
    """Write one cell as text: a formula from outside would run on the reader's machine."""
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    if text:
        cell.data_type = "s"
    if text.startswith(FORMULA_HEADS):
        cell.quotePrefix = True
    cell.number_format = "@"
    cell.font = Font(bold=bold, size=size)
    cell.alignment = MIDDLE
    if frame:
        cell.border = FRAME
    return cell


def _for_print(sheet: Worksheet, title_rows: str) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = title_rows
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def _bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""A roster as lines of text, pasted or in a file: parted into cells, and told from other texts."""

import re
from collections.abc import Sequence
from itertools import islice

from domain.roster_dates import read_weekday
from domain.roster_header import ORDER, NameColumn, RosterHeader, find_header
from domain.roster_month import day_columns
from domain.roster_names import NUMBER, Directory, Named, Unknown
from domain.roster_roles import post_by_role
from domain.sheet import Rows, cell_at, tidy

LINE = re.compile(
    r"\s*(?:值班)?(?:日期[:：])?\s*((?:20\d\d[-./年])?\d{1,2}(?:月|[-./])\d{1,2}[日号]?(?:[-—~至到]\d{1,2}(?:月\d{1,2})?[日号])?|\d{1,2}[日号])"
    r"\s*(?:[(（]?\s*((?:星期|周|礼拜)[一二三四五六日天])\s*[)）]?)?[\s:：,，、|]*(.*)",
    re.DOTALL,
)
MARKS = ("\t", "|", ",", "，")
HARD = ("\t", "|")  # these part cells even where words stand before the names
LOOKED_AT = 40
SHORT = 4  # letters of a word that may be a misspelt name
BLANK_TAIL = re.compile(rf"^(?:{NUMBER}|\([^)]*\))$")


def rows_of_text(text: str) -> list[list[str]]:
    """Return a text's lines as rows of one cell."""
    return [[line] for line in text.splitlines()]


def parted(rows: Rows, people: Directory) -> Rows:
    """Return the rows of a sheet; where whole lines stand in one cell, parted into date, weekday and names."""
    full = list(islice((row for row in rows if any(cell.strip() for cell in row)), LOOKED_AT))
    if not any(_whole_line(row, people) for row in full):
        return rows
    lines = ["、".join(cell.strip("\n") for cell in row if cell.strip()) for row in rows]
    labelled = any(label for line in lines for label, _ in people.labelled(line))
    mark = next((m for m in MARKS if _parts_most(lines, m) and (m in HARD or not labelled)), None)
    if mark is not None:
        return [
            [cell.strip() for cell in line.strip("| " if mark == "|" else "").split(mark)] for line in lines
        ]
    header = find_header([line.split() for line in lines], people.words)
    cells = [_cells(line, header, people) for line in lines]
    return [line.split() if header and n < header.row else cells[n] for n, line in enumerate(lines)]


def _whole_line(row: Sequence[str], people: Directory) -> bool:
    alone = len([cell for cell in row if cell.strip()]) == 1
    first = cell_at(row, 0).lstrip("| ")
    found = LINE.match(first)
    if found is None or not found[3].strip():
        labelled = any(label for label, _ in people.labelled(first))
        return alone and labelled and bool(_names(first, people)[0])
    return alone or bool(_names(found[3], people)[0])


def _parts_most(lines: Sequence[str], mark: str) -> bool:
    dated = [line for line in lines if LINE.match(line.strip("| "))]
    return bool(dated) and sum(line.count(mark) >= 2 for line in dated) * 2 > len(dated)  # noqa: PLR2004 - date, leader, officer


def _cells(line: str, header: RosterHeader | None, people: Directory) -> list[str]:
    """Return the cells of a line: date, weekday, then names; under a header as it has them."""
    found = LINE.match(line)
    if found is None:
        said = list(people.labelled(line))
        return ["", "", line] if header is None and any(label for label, _ in said) else [line]
    day, weekday, rest = found[1], found[2] or "", found[3]
    if header is None:
        labelled = any(label for label, _ in people.labelled(rest))
        return [day, weekday, *([rest] if labelled else _names_apart(rest.split()))]
    before = [day] if header.weekday is None else [day, weekday]
    return [*[""] * header.date, *before, *_names_apart(rest.split(), phones=False)]


def _names_apart(blanks: Sequence[str], *, phones: bool = True) -> list[str]:
    """Return the words between blanks, a number or a title in brackets put to its name."""
    cells: list[str] = []
    for blank in blanks:
        if cells and phones and BLANK_TAIL.match(tidy(blank)):
            cells[-1] += f" {blank}"
        elif cells and len(tidy(blank)) == len(tidy(cells[-1])) == 1:
            cells[-1] += blank
        else:
            cells.append(blank)
    return cells


def guess_header(rows: Rows, people: Directory) -> RosterHeader | None:
    """Return what a sheet without a header means by its rows that begin with a date; None where nothing tells."""
    dated = [(n, row) for n, row in enumerate(rows) if LINE.match(cell_at(row, 0)) and len(row) > 1]
    if not dated:
        return None
    first = dated[0][0]
    if any(label for row in rows[first:] for label, _ in people.labelled(cell_at(row, 2))):
        return RosterHeader(first, first + 1, 0, 1, (NameColumn("", 2, "值班人员"),))
    weekday = sum(_is_weekday(cell_at(row, 1)) for _, row in dated) * 2 > len(dated) or not any(
        cell_at(row, 1) for _, row in dated
    )
    width = max(len(row) for _, row in dated)
    columns: list[tuple[int, list[str]]] = []
    phones: dict[int, int] = {}
    for column in range(1 + weekday, width):
        cells = [text for _, row in dated if (text := cell_at(row, column))]
        if cells and all(re.fullmatch(NUMBER, tidy(cell)) for cell in cells):
            if columns:
                phones[columns[-1][0]] = column
        elif cells:
            columns.append((column, _posts(cells, people)))
    names = tuple(
        NameColumn(post, column, f"第{n}个名字", phones.get(column))
        for n, (column, post) in enumerate(zip([c for c, _ in columns], _in_turn(columns), strict=True), 1)
    )
    return RosterHeader(first, first + 1, 0, 1 if weekday else None, names) if names else None


def _in_turn(columns: Sequence[tuple[int, list[str]]]) -> list[str]:
    """Return each column's post: by the roles of those in it where each column has its own, else in the usual order."""
    by_role = [posts[0] if len(posts) == 1 else "" for _, posts in columns]
    if len(columns) == 1:
        return [""]
    if all(by_role) and len(set(by_role)) == len(by_role):
        return by_role
    return [*ORDER, *[""] * len(columns)][: len(columns)]


def _posts(cells: Sequence[str], people: Directory) -> list[str]:
    """Return the posts of the roles of those named in a column."""
    named = [one.person for cell in cells for one in people.read(cell, ()) if isinstance(one, Named)]
    return sorted({post_by_role(person) for person in named})


def _is_weekday(text: str) -> bool:
    return read_weekday(text) is not None


def _names(text: str, people: Directory) -> tuple[list[Named], list[Unknown]]:
    found = people.read(text, ())
    return [f for f in found if isinstance(f, Named)], [f for f in found if isinstance(f, Unknown)]


def looks_like_roster(text: str, people: Directory) -> bool:
    """Return True if a text is plainly a roster: a table under its header, or dated lines of known names."""
    rows = parted([line.split("\t") for line in text.splitlines() if line.strip()], people)
    if find_header(rows, people.words) is not None or any(day_columns(row) for row in rows):
        return any(tidy(cell) in people.by_name for row in rows for cell in row) or _any_line(rows, people)
    dated = sum(LINE.match(cell_at(row, 0)) is not None for row in rows)
    lines = [_names(_rest(row), people) for row in rows if LINE.match(cell_at(row, 0) or "1日")]
    if dated * 2 < len(rows) and not any(":" in c or "：" in c for row in rows for c in row):
        return False
    named = sum(len(known) for known, _ in lines)
    unknown = [one for _, others in lines for one in others]
    if dated < 2:  # noqa: PLR2004 - one line proves little
        return dated == 1 and named > 1 and not unknown
    return named >= dated and named > 2 * len(unknown) and all(len(one.word) <= SHORT for one in unknown)


def _rest(row: Sequence[str]) -> str:
    """Return the names of a parted line: what stands behind date and weekday."""
    return "、".join(cell for cell in row[1:] if not _is_weekday(cell))


def _any_line(rows: Rows, people: Directory) -> bool:
    return any(LINE.match(cell_at(row, 0)) and _names(_rest(row), people)[0] for row in rows)

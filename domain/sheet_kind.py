"""Which kind of sheet was sent."""

from enum import StrEnum

from domain.people_rows import columns_of
from domain.people_sheet import is_people_header
from domain.roster_header import find_header
from domain.roster_month import day_columns, turned_over
from domain.roster_names import Directory
from domain.roster_text import guess_header, parted
from domain.sheet import HEADER_WITHIN, Rows


class SheetKind(StrEnum):
    """A sheet the room can use."""

    PEOPLE = "people"
    ROSTER = "roster"


def detect_kind(rows: Rows, people: Directory | None = None, *, guess: bool = True) -> SheetKind | None:
    """Return the kind by the first ten rows' headers, None for neither.

    `people`: with them a roster is known by its posts and names too, and (`guess`) where it has no header.
    """
    people = people or Directory(())
    lines = parted(rows, people)
    across = any(day_columns(row) for row in lines[:HEADER_WITHIN])
    if across or find_header(lines, people.words) or turned_over(lines, people):
        return SheetKind.ROSTER
    if any(is_people_header(columns_of(row)) for row in rows[:HEADER_WITHIN]):
        return SheetKind.PEOPLE
    return SheetKind.ROSTER if guess and guess_header(lines, people) else None

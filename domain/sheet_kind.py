"""Which kind of sheet was sent."""

from enum import StrEnum

from domain.people_rows import columns_of
from domain.people_sheet import is_people_header
from domain.roster_header import is_roster_header, keys_of
from domain.sheet import HEADER_WITHIN, Rows


class SheetKind(StrEnum):
    """A sheet the room can use."""

    PEOPLE = "people"
    ROSTER = "roster"


def detect_kind(rows: Rows) -> SheetKind | None:
    """Return the kind by the first ten rows' headers, None for neither."""
    for row in rows[:HEADER_WITHIN]:
        if is_roster_header(keys_of(row)):
            return SheetKind.ROSTER
        if is_people_header(columns_of(row)):
            return SheetKind.PEOPLE
    return None

"""What the readers of all layouts gather: who stands where by which cell, and what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.roster import Post
from domain.roster_label import ShiftSaid
from domain.roster_names import KnownPerson
from domain.sheet import SheetError, letter_of


class Layout(StrEnum):
    """The layouts of domain.md §6.3, and lines without a header."""

    DAYS = "每天一行"
    COLUMNS = "每天一行、班次分列"
    ROWS = "一天几行、每班一行"
    PEOPLE = "整月表：人员在左、日期在上"
    POSTS = "整月表：岗位在左、日期在上"
    TURNED = "整月表：日期在左、人员在上"
    LINES = "没有表头，每天一行"


@dataclass(frozen=True)
class Place:
    """A cell: row from 1, column from 0, and the word that stands over it."""

    row: int
    column: int
    word: str

    @property
    def cell(self) -> str:
        """Return the cell as Excel names it."""
        return f"{letter_of(self.column)}{self.row}"


@dataclass
class Entry:
    """A person on a post on a day; `shift` None: the sheet does not say which; `phones` beside the name."""

    day: date
    post: Post
    shift: ShiftSaid | None
    person: KnownPerson
    place: Place
    phones: Sequence[str] = ()
    phone_at: Place | None = None


@dataclass
class Gathered:
    """Everything read so far; `days`: each day of the sheet and the row it was first seen in.

    `doubted`: whose cell was not understood; `lost`: days where not even the post was; `nobody`: a cell says 无.
    """

    entries: list[Entry] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)
    warnings: list[SheetError] = field(default_factory=list)
    days: dict[date, int] = field(default_factory=dict)
    doubted: set[tuple[date, Post]] = field(default_factory=set)
    lost: set[date] = field(default_factory=set)
    nobody: set[tuple[date, Post]] = field(default_factory=set)
    posts: set[Post] = field(default_factory=set)
    whole: set[Post] = field(default_factory=set)

    def error(self, place: Place, value: str, reason: str) -> None:
        """Keep something wrong."""
        self.errors.append(problem(place, value, reason))

    def warn(self, place: Place, value: str, reason: str) -> None:
        """Keep something doubtful."""
        self.warnings.append(problem(place, value, reason))


def problem(place: Place, value: str, reason: str) -> SheetError:
    """Return what is wrong in a cell."""
    return SheetError(place.row, place.word, value, reason, letter_of(place.column))

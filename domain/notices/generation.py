"""What is said about a roster made by the solver."""

from datetime import date

from pydantic import BaseModel

from domain.notice import Notice


class Asked(Notice):
    """The request is kept; the roster is being made."""

    draft: int
    first: date
    last: date


class Counted(BaseModel, frozen=True):
    """How often a person stands on a post over the year: all shifts, rest days, holidays."""

    post: str
    name: str
    total: int
    weekend: int
    holiday: int


class Generated(Notice):
    """A generated roster: how even it is, what could not be met and why; waits for 确认."""

    card = "generation.generated"
    draft: int
    title: str
    first: date
    last: date
    state: str
    why: str
    shifts: int
    gaps: tuple[str, ...]
    optional: tuple[str, ...]
    counts: tuple[Counted, ...]
    spread: tuple[tuple[str, int, int, int], ...]
    optimal: bool
    unpublished: tuple[int, ...]

    def event(self) -> str:
        """Return the event this card shows."""
        return f"D{self.draft}"


class PlanRow(BaseModel, frozen=True):
    """One shift of a generated roster: its day, kind of day, and the names by post."""

    day: date
    kind: str
    holiday: str
    label: str
    names: tuple[str, ...]


class PlanFile(Notice):
    """The generated roster as a table, to be looked through before 确认."""

    draft: int
    title: str
    posts: tuple[str, ...]
    rows: tuple[PlanRow, ...]

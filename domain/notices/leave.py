"""What is said about leave."""

from datetime import date, datetime

from pydantic import BaseModel

from domain.notice import Notice


class LeaveCard(Notice):
    """A leave as it stands, and the shifts (number, post, start) it touches; `own`: the reader is away."""

    card = "leave.leave_card"
    number: int
    name: str
    first: date
    last: date
    reason: str
    state: str
    own: bool
    shifts: tuple[tuple[int, str, datetime], ...]

    def event(self) -> str:
        """Return the event this card shows."""
        return f"Q{self.number}"


class LeaveLine(BaseModel, frozen=True):
    """One leave of a list."""

    number: int
    name: str
    first: date
    last: date
    reason: str
    state: str


class Leaves(Notice):
    """The leaves that stand."""

    lines: tuple[LeaveLine, ...]


class LeaveDecided(Notice):
    """What became of a leave; `why`: in the words of who decided."""

    number: int
    name: str
    first: date
    last: date
    state: str
    by: str
    why: str = ""


class LeaveRefused(Notice):
    """Nothing changed: why (a state the leave is in, `overlaps`, `own`)."""

    alert = True
    number: int
    why: str
    first: date
    last: date

"""What is said about who is on duty."""

from datetime import date, datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority
from domain.notices.people import Problem


class OnDuty(BaseModel, frozen=True):
    """One person on one post; `label`: the shift's name, "" where an office has one shift a day."""

    post: str
    label: str
    name: str
    phone: str
    starts_at: datetime | None
    until: datetime | None
    arrived_at: datetime | None
    shift: int | None
    gone: bool = False
    """Deactivated, and nobody put in their place yet."""


class DutyNow(Notice):
    """Who is on now, until when, who is next."""

    room: str
    phone: str
    lines: tuple[OnDuty, ...]
    open_posts: tuple[str, ...]
    awaiting: OnDuty | None
    next_lines: tuple[OnDuty, ...]
    next_at: datetime | None
    masked: bool


class DutyOn(Notice):
    """Who is on that day, and what kind of day it is."""

    day: date
    day_kind: str
    holiday: str
    lines: tuple[OnDuty, ...]
    open_posts: tuple[str, ...]
    masked: bool


class MonthShift(BaseModel, frozen=True):
    """One shift of a day: its name and hours, and who stands on which post (by key)."""

    label: str
    starts_at: datetime
    ends_at: datetime
    names: tuple[tuple[str, str], ...]


class MonthDay(BaseModel, frozen=True):
    """One day of the roster: its kind (工作日 …), its holiday's name or "", its shifts, the posts open on it."""

    day: date
    kind: str
    holiday: str
    shifts: tuple[MonthShift, ...]
    open: tuple[str, ...]


class DutyDays(Notice):
    """Who is on each of several days; `posts`: key and word, in order."""

    days: tuple[MonthDay, ...]
    posts: tuple[tuple[str, str], ...]


class Month(Notice):
    """A month's roster, as text and as xlsx in the office layout; `posts`: key and word, in order."""

    title: str
    days: tuple[MonthDay, ...]
    posts: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str], ...]
    room_phone: str


class NoRoster(Notice):
    """There is no roster for that month."""

    month: str


class MyShift(BaseModel, frozen=True):
    """One of my shifts."""

    number: int
    post: str
    label: str
    starts_at: datetime
    ends_at: datetime
    confirmed: bool


class Mine(Notice):
    """My coming shifts."""

    shifts: tuple[MyShift, ...]


class RosterPreview(Notice):
    """What was understood of a roster sheet: its layout, posts, and how many shifts the busiest have."""

    card = "roster.roster_preview"
    draft: int
    file: str
    layout: str
    posts: tuple[str, ...]
    shifts: int
    people: tuple[tuple[str, int], ...]
    others: int
    days: int
    first: date | None
    last: date | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    gaps: tuple[str, ...]
    more: int
    more_gaps: int
    more_warnings: int
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return f"D{self.draft}"


class ShiftReplaced(Notice):
    """A new roster gave a shift that somebody counted on to others; `instead`: none where the post is open now."""

    shift: int
    post: str
    label: str
    starts_at: datetime
    name: str
    instead: tuple[str, ...]


class RosterImported(Notice):
    """The roster is in force."""

    file: str
    first: date
    last: date
    shifts: int
    at: datetime


class ShiftPrompt(Notice):
    """The day before, or shortly before: you are on."""

    priority = Priority.REMINDER
    timely = True
    card = "roster.shift_prompt"
    shift: int
    post: str
    starts_at: datetime
    ends_at: datetime
    step: str
    confirmed_at: datetime | None
    arrived_at: datetime | None
    partners: tuple[str, ...]
    late_minutes: int | None

    def event(self) -> str:
        """Return the event this card shows."""
        return f"S{self.shift}"


class NotArrived(Notice):
    """The shift has begun and the person has not said 到岗."""

    priority = Priority.LADDER
    timely = True
    shift: int
    name: str
    post: str
    phone: str
    starts_at: datetime
    substitutes: tuple[str, ...]
    late_minutes: int | None


class ShiftConfirmed(Notice):
    """收到 to a shift prompt is recorded."""

    toast = True
    shift: int
    post: str
    starts_at: datetime
    at: datetime


class Arrived(Notice):
    """到岗 is recorded."""

    toast = True
    shift: int
    post: str
    at: datetime
    late_minutes: int | None


class AlreadyArrived(Notice):
    """到岗 had been recorded."""

    toast = True
    shift: int
    at: datetime


class NoShiftNow(Notice):
    """No shift of this person is running or about to."""

    next_at: datetime | None


class FindingLine(BaseModel, frozen=True):
    """One thing wrong with the roster ahead: its kind, post, person, from, to, how many are missing."""

    wrong: str
    post: str
    name: str
    starts_at: datetime
    ends_at: datetime
    missing: int


class Findings(Notice):
    """What is wrong with the roster ahead; `fresh`: found just now, else the daily reminder; `now_open`: it begins."""

    priority = Priority.LADDER
    lines: tuple[FindingLine, ...]
    more: int
    fresh: bool
    now_open: bool


class SwapOffer(Notice):
    """A swap or cover as its reader sees it: `mine`, they are asked; `own`, they asked; else they decide.

    `by`: who asked in the owner's place. `gap`: an open post was covered. `close`: who would rest too little.
    """

    card = "roster.swap_offer"
    shift: int
    post: str
    label: str
    starts_at: datetime
    asker: str
    other: str
    other_shift: int | None
    other_starts_at: datetime | None
    other_label: str
    state: str
    mine: bool
    own: bool
    cover: bool
    gap: bool
    by: str | None
    reason: str
    close: tuple[str, ...]

    def event(self) -> str:
        """Return the event this card shows."""
        return f"S{self.shift}"


class SwapAsked(Notice):
    """The offer is out; `asker`: for whom an admin asked."""

    shift: int
    asker: str | None
    other: str
    until: datetime


class SwapDecided(Notice):
    """What became of a swap, to everybody touched; `by` None: the clock or a changed roster; `why`: in their words."""

    shift: int
    new_shift: int | None
    post: str
    label: str
    starts_at: datetime
    from_name: str
    to_name: str
    state: str
    cover: bool
    gap: bool
    by: str | None
    on_behalf: bool
    why: str = ""


class SwapRefused(Notice):
    """The swap cannot be: why."""

    alert = True
    shift: int
    why: str
    name: str = ""
    other: int | None = None
    until: date | None = None
    state: str = ""


class Covered(Notice):
    """我来顶 took effect at once; `instead_of` None: the post was open."""

    shift: int
    old_shift: int | None
    post: str
    label: str
    starts_at: datetime
    name: str
    instead_of: str | None
    at: datetime

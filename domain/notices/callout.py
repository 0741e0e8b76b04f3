"""What is said about warnings and their cascade."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority


class Head(BaseModel, frozen=True):
    """How a bulletin is named everywhere."""

    number: str
    issuer: str | None
    hazard: str | None
    colour: str | None
    action: str
    issued_at: datetime | None
    received_at: datetime
    drill: bool


class Offer(Notice):
    """What was read of a pasted bulletin, with the raw text, to be dispatched with one tap."""

    card = "callout.offer"
    head: Head
    raw: str
    area: tuple[str, ...]
    window: str | None
    from_colour: str | None
    predecessor: str | None
    doubts: tuple[str, ...]
    state: str
    targets: int

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class NoBulletin(Notice):
    """The text is no bulletin; it is kept."""

    text: str
    draft: int


class Dispatched(Notice):
    """The cascade runs."""

    toast = True
    number: str
    at: datetime
    units: int
    people: int
    empty: tuple[str, ...]


class AlreadyDispatched(Notice):
    """Somebody dispatched it before."""

    alert = True
    number: str
    at: datetime | None
    state: str


class Discarded(Notice):
    """The draft was put away."""

    toast = True
    number: str


class Duty(BaseModel, frozen=True):
    """One unit a person answers for in a bulletin, and what has been answered."""

    unit: str
    as_b: bool
    a_name: str
    acked_at: datetime | None
    acked_by: str | None
    acked_how: str | None
    late_minutes: int | None
    passed_at: datetime | None
    passed_note: str


class Order(Notice):
    """The verbatim text to a responsible person, with both duties."""

    priority = Priority.WARNING
    card = "callout.order"
    head: Head
    raw: str
    duties: tuple[Duty, ...]
    state: str
    successor: str | None
    since_b: bool
    late_minutes: int | None

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class ToldB(Order):
    """The verbatim text to the B-role, because the A-role is silent."""

    priority = Priority.LADDER
    card = "callout.order"


class Reminder(Notice):
    """The A-role is reminded."""

    priority = Priority.LADDER
    head: Head
    units: tuple[str, ...]
    left_minutes: int
    late_minutes: int | None


class Reshown(Reminder):
    """The bot was away: presses of that time are gone at Telegram, so the buttons are shown again."""


class PassReminder(Notice):
    """Acknowledged but not passed on within the limit."""

    priority = Priority.LADDER
    head: Head
    units: tuple[str, ...]
    late_minutes: int | None


class Silent(BaseModel, frozen=True):
    """One silent contact as the officer needs it to call."""

    id: int
    unit: str
    name: str
    phone: str
    b_name: str | None
    b_phone: str | None
    attempts: int
    undeliverable: str | None


class CallList(Notice):
    """Whom the officer has to call, with numbers."""

    priority = Priority.LADDER
    card = "callout.call_list"
    head: Head
    silent: tuple[Silent, ...]
    more: int
    reached: int
    late_minutes: int | None
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class ParentUnit(Notice):
    """A village hears which of its grids are silent."""

    priority = Priority.LADDER
    head: Head
    silent: tuple[Silent, ...]
    late_minutes: int | None


class LeaderAlarm(Notice):
    """The leader hears who is silent."""

    priority = Priority.LADDER
    card = "callout.leader_alarm"
    head: Head
    silent: tuple[Silent, ...]
    more: int
    total: int
    officer: str
    late_minutes: int | None
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class Overdue(Notice):
    """Ten minutes are over: who is listed as 未叫通, with an owner."""

    priority = Priority.LADDER
    head: Head
    silent: tuple[Silent, ...]
    more: int
    owner: str
    late_minutes: int | None


class Level(BaseModel, frozen=True):
    """Totals of one level."""

    level: str
    total: int
    acked: int
    passed: int


class Progress(Notice):
    """The live card: totals by level, minutes left, the silent by name."""

    priority = Priority.WARNING
    card = "callout.progress"
    head: Head
    state: str
    successor: str | None
    dispatched_at: datetime
    due_at: datetime
    levels: tuple[Level, ...]
    silent: tuple[Silent, ...]
    more: int
    by_phone: int
    by_b: int
    masked: bool

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class Acknowledged(Notice):
    """收到 is recorded."""

    toast = True
    number: str
    units: tuple[str, ...]
    at: datetime
    late_minutes: int | None


class AlreadyAcknowledged(Notice):
    """收到 had been recorded."""

    toast = True
    number: str
    at: datetime
    by: str
    how: str


class PassedOn(Notice):
    """已传达 is recorded."""

    toast = True
    number: str
    units: tuple[str, ...]
    note: str
    at: datetime


class AlreadyPassedOn(Notice):
    """已传达 had been recorded."""

    toast = True
    number: str
    at: datetime


class Superseded(Notice):
    """The bulletin is no longer live: what has happened since."""

    alert = True
    number: str
    state: str
    successor: str | None


class NotYours(Notice):
    """This person has no duty in that bulletin."""

    alert = True
    number: str


class Called(Notice):
    """A call is recorded."""

    toast = True
    number: str
    unit: str
    who: str
    phone: str
    reached: bool
    attempts: int
    at: datetime


class CallAmbiguous(Notice):
    """No or several silent contacts of this name."""

    number: str
    name: str
    options: tuple[str, ...]


class Ended(Notice):
    """The bulletin was ended by hand."""

    number: str
    at: datetime


class Expiring(Notice):
    """A day has passed without a cancel."""

    priority = Priority.REMINDER
    head: Head


class Line(BaseModel, frozen=True):
    """One warning in the list."""

    head: Head
    state: str
    acked: int
    total: int


class Recent(Notice):
    """Live and recent warnings."""

    lines: tuple[Line, ...]

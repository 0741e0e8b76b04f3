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
    system_at: datetime | None
    area: tuple[str, ...]
    window: str | None
    from_colour: str | None
    predecessor: str | None
    doubts: tuple[str, ...]
    state: str
    targets: int
    scope: tuple[str, ...]
    advice: str
    source: str
    same_event: Head | None
    joined_to: str | None
    ask_colour: bool

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class NoBulletin(Notice):
    """The text is no bulletin; it is kept."""

    text: str
    draft: int


class Dispatched(Notice):
    """The cascade runs; `agreed_by`: the second person, for who had asked."""

    toast = True
    number: str
    at: datetime
    units: int
    people: int
    scope: tuple[str, ...]
    empty: int
    agreed_by: str = ""
    minutes: int = 10
    """Within which everybody is to answer; what waited to be sent from before has none."""


class Skipped(Notice):
    """Units nobody answers for: skipped, and said at once."""

    priority = Priority.WARNING
    head: Head
    units: tuple[str, ...]
    more: int


class SecondAsked(Notice):
    """The warning waits for a second person; who were asked (with their telephones), and since when they are silent."""

    number: str
    units: int
    names: tuple[str, ...]
    silent_since: datetime | None = None


class SecondWanted(Notice):
    """A warning waits for this person to agree, or somebody else who may."""

    priority = Priority.WARNING
    head: Head
    raw: str
    units: int
    scope: tuple[str, ...]
    name: str
    phone: str
    silent_since: datetime | None = None


class AlreadyDispatched(Notice):
    """Somebody dispatched it before; `wanted`: what cannot be done to it any more, "" for dispatching it again."""

    alert = True
    number: str
    at: datetime | None
    state: str
    wanted: str = ""


class Discarded(Notice):
    """The draft was put away."""

    toast = True
    number: str


class Grids(BaseModel, frozen=True):
    """How far a village's grids have answered, and some that have not."""

    total: int
    acked: int
    waiting: tuple[str, ...]


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
    passed_how: str | None
    late_passing: int | None
    cannot: str | None
    grids: Grids | None


class Order(Notice):
    """The verbatim text to a responsible person, with both duties."""

    priority = Priority.WARNING
    timely = True
    receipt = True
    card = "callout.order"
    head: Head
    raw: str
    duties: tuple[Duty, ...]
    state: str
    successor: str | None
    advice: str
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
    timely = True
    head: Head
    units: tuple[str, ...]
    left_minutes: int
    late_minutes: int | None


class Reshown(Reminder):
    """The bot was away: presses of that time are gone at Telegram, so the buttons are shown again."""


class PassReminder(Notice):
    """Acknowledged but not passed on within the limit."""

    priority = Priority.LADDER
    timely = True
    head: Head
    units: tuple[str, ...]
    grids: tuple[str, ...]
    own: bool
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
    caller: str | None


class CallList(Notice):
    """Whom the officer has to call, with numbers."""

    priority = Priority.LADDER
    timely = True
    card = "callout.call_list"
    head: Head
    silent: tuple[Silent, ...]
    more: int
    reached: int
    left_minutes: int | None
    late_minutes: int | None
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class ParentUnit(Notice):
    """A village hears which of its grids are silent."""

    priority = Priority.LADDER
    timely = True
    head: Head
    silent: tuple[Silent, ...]
    late_minutes: int | None


class LeaderAlarm(Notice):
    """The leader hears who is silent."""

    priority = Priority.LADDER
    timely = True
    card = "callout.leader_alarm"
    head: Head
    silent: tuple[Silent, ...]
    more: int
    total: int
    officer: str
    calls: int
    late_minutes: int | None
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return self.head.number


class Overdue(Notice):
    """Ten minutes are over: who is listed as 未叫通, with an owner."""

    priority = Priority.LADDER
    timely = True
    head: Head
    silent: tuple[Silent, ...]
    more: int
    answered_late: int
    owner: str
    late_minutes: int | None


class Reheld(Notice):
    """Units of a running warning have new people responsible: the text was sent to them."""

    priority = Priority.LADDER
    head: Head
    lines: tuple[str, ...]
    more: int


class Unpassed(Notice):
    """Who acknowledged and has not passed on within the limit, by name."""

    priority = Priority.LADDER
    head: Head
    contacts: tuple[Silent, ...]
    more: int
    minutes: int = 10
    """The limit for passing on; what waited to be sent from before has none."""


class Level(BaseModel, frozen=True):
    """Totals of one level."""

    level: str
    total: int
    acked: int
    passed: int


class CallLine(BaseModel, frozen=True):
    """One call: when, who called, whom, what came of it; `withdrawn`: the record before it was a mistake."""

    at: datetime
    by: str
    who: str
    reached: bool
    withdrawn: bool


class Progress(Notice):
    """The live card: totals by level, minutes left, the silent by name."""

    priority = Priority.WARNING
    card = "callout.progress"
    head: Head
    state: str
    successor: str | None
    dispatched_at: datetime
    due_at: datetime
    left_minutes: int
    scope: tuple[str, ...]
    joined: tuple[Head, ...]
    incidents: tuple[str, ...]
    levels: tuple[Level, ...]
    silent: tuple[Silent, ...]
    more: int
    by_phone: int
    by_b: int
    cannot: int
    calls: tuple[CallLine, ...]
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
    channel: str | None
    households: int | None
    total: int | None
    late_minutes: int | None


class AlreadyPassedOn(Notice):
    """已传达 had been recorded."""

    toast = True
    number: str
    at: datetime


class Superseded(Notice):
    """The bulletin is no longer live: what has happened since.

    `state`: of the last that came after it; `through`: that one, where it has ended too, `successor`: what ended it.
    """

    alert = True
    number: str
    state: str
    through: str | None
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
    read_back: bool
    at: datetime


class CallAmbiguous(Notice):
    """No or several silent contacts of this name."""

    number: str
    name: str
    options: tuple[str, ...]
    several: bool
    word: str


class Ended(Notice):
    """The bulletin was ended by hand."""

    number: str
    at: datetime


class Expiring(Notice):
    """The printed end has come, or a day has passed, without a cancel: the officer is asked."""

    priority = Priority.REMINDER
    head: Head
    expires_at: datetime | None
    dispatched_at: datetime
    silent: int


class Line(BaseModel, frozen=True):
    """One warning in the list."""

    head: Head
    state: str
    acked: int
    passed: int
    total: int


class Recent(Notice):
    """Live and recent warnings."""

    lines: tuple[Line, ...]
    drafts: tuple[Head, ...]


class Outdated(Notice):
    """A later bulletin of the chain went out already: this one goes out only when that is meant."""

    number: str
    newer: str


class Narrower(Notice):
    """Units that the earlier bulletin went to (`left` of `had`, some by name) would not hear this one that ends it."""

    number: str
    before: str
    had: int
    left: int
    units: tuple[str, ...]


class NoRecall(Notice):
    """A warning that was dispatched is not taken back; it is ended by hand, or by the bulletin that lifts it."""

    number: str
    at: datetime | None


class Repeated(Notice):
    """The same bulletin had come in before, by this or another way."""

    number: str
    at: datetime
    source: str
    state: str


class Advised(Notice):
    """The street's own advice stands under a live warning."""

    number: str
    advice: str
    at: datetime


class Joined(Notice):
    """A bulletin was put under a live one as the same event."""

    toast = True
    number: str
    to: str
    at: datetime


class VillageWaits(Notice):
    """A village says it has passed on; its grids have not all answered, which alone proves it."""

    alert = True
    number: str
    units: tuple[str, ...]
    total: int
    acked: int
    waiting: tuple[str, ...]
    at: datetime


class WhyNot(Notice):
    """无法传达 was pressed: the reason is asked."""

    number: str


class CannotRecorded(Notice):
    """无法传达 is recorded, the officer knows."""

    toast = True
    number: str
    units: tuple[str, ...]
    why: str
    at: datetime


class CannotPass(Notice):
    """The officer hears at once who cannot pass a warning on, and why."""

    priority = Priority.LADDER
    head: Head
    units: tuple[str, ...]
    name: str
    phone: str
    why: str
    at: datetime


class Claimed(Notice):
    """This officer calls this contact now; others see it and call somebody else."""

    alert = True
    number: str
    unit: str
    name: str
    phone: str
    b_name: str | None
    b_phone: str | None
    until: datetime


class ClaimedByOther(Notice):
    """Somebody else is calling this contact just now."""

    alert = True
    number: str
    unit: str
    name: str
    by: str
    until: datetime


class NobodyToCall(Notice):
    """Nobody is left to call who is not being called."""

    alert = True
    number: str


class Withdrawn(Notice):
    """A phone record was taken back: the contact is silent again, or stands by its own answer."""

    number: str
    unit: str
    name: str
    why: str
    at: datetime
    silent: bool


class BookLine(BaseModel, frozen=True):
    """One silent contact of one warning in the call list of all."""

    head: Head
    silent: Silent
    level: str
    left_minutes: int


class CallBook(Notice):
    """Whom to call over all live warnings: by colour, level and time left."""

    lines: tuple[BookLine, ...]
    more: int


class ContactRow(BaseModel, frozen=True):
    """How one contact of a warning was reached and answered; seconds and minutes from its own receipt."""

    unit: str
    parent: str
    level: str
    a_name: str
    a_phone: str
    b_name: str
    b_phone: str
    delivered_at: datetime | None
    undeliverable: str
    reminded_at: datetime | None
    b_told_at: datetime | None
    listed_at: datetime | None
    acked_at: datetime | None
    acked_by: str
    acked_role: str
    acked_how: str
    seconds: int | None
    late_minutes: int | None
    number: str
    read_back: bool
    recorder: str
    calls: int
    passed_at: datetime | None
    passed_by: str
    passed_how: str
    passed_note: str
    channel: str
    households: int | None
    households_total: int | None
    late_passing: int | None
    cannot: str
    cannot_at: datetime | None


class CallRow(BaseModel, frozen=True):
    """One call; `withdraws`: this entry takes an earlier record back, which is then `withdrawn`."""

    at: datetime
    unit: str
    who: str
    number: str
    reached: bool
    read_back: bool
    by: str
    withdraws: bool
    withdrawn: bool
    why: str


class LevelFigures(BaseModel, frozen=True):
    """How fast a level answered: seconds at p50, p95 and the slowest; how many within the limit."""

    level: str
    total: int
    acked: int
    in_time: int
    p50: float | None
    p95: float | None
    slowest: float | None
    passed: int
    passed_in_time: int


class CallRecord(Notice):
    """The record of one warning; its workbook is made of it outside the unit of work."""

    head: Head
    raw: str
    advice: str
    scope: tuple[str, ...]
    state: str
    successor: str | None
    dispatched_at: datetime
    at: datetime
    by: str
    limit_seconds: int
    levels: tuple[LevelFigures, ...]
    contacts: tuple[ContactRow, ...]
    calls: tuple[CallRow, ...]

"""What is said about incidents, their reports and clocks."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority


class FigureLine(BaseModel, frozen=True):
    """A figure as last given; earlier ones stand in `history`, oldest first."""

    name: str
    text: str
    history: tuple[str, ...]


class ClockLine(BaseModel, frozen=True):
    """A lane's clock."""

    lane: str
    due_at: datetime
    outcome: str | None
    ended_at: datetime | None
    note: str


class ReportLine(BaseModel, frozen=True):
    """Where a report stands."""

    stage: str
    order: int
    state: str
    sent_at: datetime | None
    signed_by: str | None
    confirmed_by: str | None


class Facts(BaseModel, frozen=True):
    """What is known of an incident; what is not known is None and shown as 正在核实."""

    number: str
    drill: bool
    received_at: datetime
    occurred: str | None
    occurred_at: datetime | None
    category: str | None
    subtype: str | None
    place: str | None
    figures: tuple[FigureLine, ...]
    measures: tuple[str, ...]
    source: str | None
    contacts: tuple[str, ...]
    grade: str | None
    grade_line: str
    direct: tuple[str, ...]


class Alike(BaseModel, frozen=True):
    """What may be the same event, and why; only an open one can be joined."""

    number: str
    title: str
    state: str
    reason: str


class Card(Notice):
    """The incident as the officer and leader see it: understood, missing, clocks, reports."""

    priority = Priority.CLOCK
    card = "incident.card"
    facts: Facts
    raw: str
    state: str
    missing: tuple[str, ...]
    doubts: tuple[str, ...]
    clocks: tuple[ClockLine, ...]
    reports: tuple[ReportLine, ...]
    next_followup: datetime | None
    profile_confirmed: bool
    draft: bool
    unsent: bool
    officer: bool
    # intake: fields to be mended by a button, a second event in the words, what may be the same, files kept
    mends: tuple[str, ...]
    second: str | None
    alike: tuple[Alike, ...]
    files: int
    joined: str | None

    def event(self) -> str:
        """Return the event this card shows."""
        return self.facts.number


class Draft(Notice):
    """A follow-up or final report before it is sent: only what changed."""

    card = "incident.draft"
    report: int
    number: str
    title: str
    stage: str
    order: int
    stated: int | None
    raw: str
    changed: tuple[FigureLine, ...]
    doubts: tuple[str, ...]
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return f"R{self.report}"


class Flash(BaseModel, frozen=True):
    """突发事件信息快报: a report as it goes up, frozen when it was submitted (domain.md §2.4).

    `issue`: its 第N期 of the year, None before it was submitted. `superior`: 主送.
    """

    facts: Facts
    issue: int | None
    issue_year: int | None
    office: str
    phone: str
    superior: str
    stage: str
    order: int
    title: str
    raw: str
    changed: tuple[FigureLine, ...]
    author: str
    signer: str | None
    at: datetime


class Sign(Notice):
    """The leader is asked to sign."""

    priority = Priority.CLOCK
    card = "incident.sign"
    report: int
    number: str
    flash: Flash
    state: str
    sent_first: bool
    signed_at: datetime | None
    return_reason: str | None
    reminded: bool

    def event(self) -> str:
        """Return the event this card shows."""
        return f"R{self.report}"


class ToSuperior(Notice):
    """The report as the superior receives it, to be confirmed by name."""

    priority = Priority.CLOCK
    card = "incident.to_superior"
    report: int
    number: str
    flash: Flash
    confirmed_by: str | None
    confirmed_at: datetime | None

    def event(self) -> str:
        """Return the event this card shows."""
        return f"R{self.report}"


class Sent(Notice):
    """What happened to the report on 发送."""

    toast = True
    number: str
    stage: str
    order: int
    at: datetime
    direct: bool
    leader: str
    superior: str
    closed: bool


class AlreadySent(Notice):
    """Nothing is waiting to be sent."""

    alert = True
    number: str


class PhoneReported(Notice):
    """The phone lane's clock is stopped."""

    toast = True
    number: str
    to: str
    at: datetime
    late_minutes: int | None
    named: bool


class AlreadyPhoned(Notice):
    """The phone report had been recorded; a name given later is added."""

    toast = True
    number: str
    at: datetime
    to: str
    added: bool


class Signed(Notice):
    """签发 is recorded."""

    toast = True
    number: str
    stage: str
    order: int
    at: datetime


class SignedForOfficer(Notice):
    """The officer hears that the leader signed."""

    number: str
    stage: str
    order: int
    leader: str
    at: datetime


class Unsigned(Notice):
    """Deputy and admin hear that a report waits for its signature."""

    priority = Priority.CLOCK
    number: str
    title: str
    minutes: int


class NothingToSign(Notice):
    """No report waits for a signature."""

    alert = True
    number: str


class AskReason(Notice):
    """退回 needs a reason."""

    number: str


class Returned(Notice):
    """退回 is recorded."""

    number: str
    reason: str


class ReturnedForOfficer(Notice):
    """The officer hears why a report came back, with its text to mend."""

    priority = Priority.CLOCK
    number: str
    leader: str
    reason: str
    stage: str
    raw: str


class Confirmed(Notice):
    """The superior's receipt is recorded."""

    toast = True
    number: str
    by: str
    at: datetime


class ConfirmedForOfficer(Notice):
    """The officer hears that the superior received the report."""

    number: str
    stage: str
    order: int
    by: str
    at: datetime


class NothingToConfirm(Notice):
    """No report waits for a receipt."""

    alert = True
    number: str


class Discarded(Notice):
    """The incident was put away: its clocks are not required."""

    toast = True
    number: str


class Closed(Notice):
    """The incident is closed: what has happened since."""

    alert = True
    number: str
    at: datetime | None


class NoChange(Notice):
    """无变化 counts as a follow-up."""

    toast = True
    number: str
    at: datetime
    next_at: datetime


class ClockReminder(Notice):
    """A report clock runs out."""

    priority = Priority.CLOCK
    number: str
    title: str
    lane: str
    due_at: datetime
    left_minutes: int
    age_minutes: int
    late_minutes: int | None
    leader: bool


class FollowupDue(Notice):
    """A follow-up is due."""

    priority = Priority.CLOCK
    number: str
    title: str
    late_minutes: int | None


class ConfirmReminder(Notice):
    """The superior has not confirmed: call them."""

    priority = Priority.CLOCK
    number: str
    stage: str
    order: int
    superior: str
    late_minutes: int | None


class Word(Notice):
    """A reporter's word to the officer: make it an incident, join it to one, or log it."""

    priority = Priority.CLOCK
    card = "incident.word"
    number: str
    reporter: str
    unit: str
    phone: str
    raw: str
    received_at: datetime
    state: str
    open: tuple[tuple[str, str], ...]
    late_minutes: int | None
    alike: tuple[Alike, ...]
    files: int
    joined: str | None

    def event(self) -> str:
        """Return the event this card shows."""
        return self.number


class WordReceived(Notice):
    """The reporter hears that the duty officer was told."""

    number: str
    at: datetime
    officer: str
    room_phone: str
    refused: str | None = None


class WordTaken(Notice):
    """The officer's choice is recorded."""

    toast = True
    number: str
    what: str


class NoSuch(Notice):
    """The event named is not open: nothing went to another one, the text is kept."""

    number: str
    word: str
    draft: int
    open: tuple[str, ...]


class Lowered(Notice):
    """Casualties became fewer without a correction: asked, the text is kept."""

    number: str
    what: str
    draft: int
    word: str


class NoIncident(Notice):
    """There is no open incident to report on; the text is kept."""

    word: str
    draft: int


class Line(BaseModel, frozen=True):
    """One incident in the list."""

    number: str
    title: str
    received_at: datetime
    next_what: str | None
    next_at: datetime | None


class Open(Notice):
    """Open incidents, next due first."""

    lines: tuple[Line, ...]

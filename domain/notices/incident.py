"""What is said about incidents, their reports and clocks."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority
from domain.notices.response import OnCard


class FigureLine(BaseModel, frozen=True):
    """A figure as last given; earlier ones stand in `history`, oldest first.

    `said`: the giver's own words, "" when there are none; `value`: the number meant, None when it is not one number;
    `before`: the words it was last given in before, where it changed.
    """

    name: str
    text: str
    history: tuple[str, ...]
    said: str = ""
    value: int | None = None
    before: str = ""


class ClockLine(BaseModel, frozen=True):
    """A clock of a lane; `receiver` "" is the duty room above; `by` ended it."""

    lane: str
    receiver: str
    due_at: datetime
    outcome: str | None
    ended_at: datetime | None
    by: str | None
    note: str


class ReportLine(BaseModel, frozen=True):
    """Where a report stands."""

    stage: str
    order: int
    state: str
    sent_at: datetime | None
    signed_by: str | None
    confirmed_by: str | None
    receipt: str | None
    by_phone: bool
    overdue_days: int | None
    unanswered_minutes: int | None


class Facts(BaseModel, frozen=True):
    """What is known of an incident; what is not known is None and shown as 正在核实.

    `precision`: how sure `occurred_at` is (domain/moment.py).
    """

    number: str
    drill: bool
    received_at: datetime
    occurred: str | None
    occurred_at: datetime | None
    precision: str = ""
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
    """The incident as the officer and leader see it: understood, missing, clocks, reports.

    `occurred_at`: when it happened, `about` then; `graded_by`: who set the grade, "" when figures suggested it.
    """

    priority = Priority.CLOCK
    card = "incident.card"
    facts: Facts
    raw: str
    state: str
    reopened_at: datetime | None
    missing: tuple[str, ...]
    doubts: tuple[str, ...]
    clocks: tuple[ClockLine, ...]
    reports: tuple[ReportLine, ...]
    next_followup: datetime | None
    phase: str
    occurred_at: datetime | None
    about: bool
    profile_confirmed: bool
    graded_by: str
    draft: bool
    unsent: bool
    officer: bool
    response: OnCard
    # intake: fields to be mended by a button, a second event in the words, what may be the same, files kept
    mends: tuple[str, ...]
    second: str | None
    alike: tuple[Alike, ...]
    files: int
    joined: str | None

    def event(self) -> str:
        """Return the event this card shows."""
        return self.facts.number


class Conflict(BaseModel, frozen=True):
    """A figure on which sources differ, each with its own words, the newest last."""

    name: str
    voices: tuple[str, ...]


class Draft(Notice):
    """A follow-up, final or supplementary report before it is sent: only what changed.

    `mends`: why the report came back that this one is written anew for; `hints`: what its reader will ask for.
    """

    card = "incident.draft"
    report: int
    number: str
    title: str
    stage: str
    order: int
    stated: int | None
    raw: str
    changed: tuple[FigureLine, ...]
    conflicts: tuple[Conflict, ...]
    mends: str | None
    hints: tuple[str, ...]
    overdue_days: int | None
    doubts: tuple[str, ...]
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return f"R{self.report}"


class Flash(BaseModel, frozen=True):
    """突发事件信息快报: a report as it goes up, frozen when it was submitted (domain.md §2.4).

    `issue`: its 第N期 of the year, None before it was submitted. `superior`: 主送; `copies`: 抄送. `body`: an officer's
    own words for it, None where it is composed of the facts; `untold`: what somebody said and no fact holds;
    `cause_told`: somebody said what caused it. `corrects`: figures are corrected. `next_at`: when the next one is due.
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
    room: str = ""
    copies: str = ""
    body: str | None = None
    untold: tuple[str, ...] = ()
    cause_told: bool = False
    corrects: bool = False
    next_at: datetime | None = None


class Sign(Notice):
    """The leader is asked to sign."""

    priority = Priority.CLOCK
    card = "incident.sign"
    report: int
    number: str
    flash: Flash
    state: str
    overdue_days: int | None
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
    overdue_days: int | None
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
    reopened: bool


class AlreadySent(Notice):
    """Nothing is waiting to be sent; `older`: but a report written before what was sent last, shown below."""

    alert = True
    number: str
    older: bool = False


class FirstUnsent(Notice):
    """Nothing goes up before the first report; `drafted`: it is written and only waits to be sent."""

    alert = True
    number: str
    word: str
    drafted: bool


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


class NotOwed(Notice):
    """A report that is recorded is not required: why."""

    alert = True
    number: str
    lane: str
    receiver: str
    note: str


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
    """Officer, deputy and admin hear that a report waits for its signature, and whom to find: name and phone."""

    priority = Priority.CLOCK
    number: str
    title: str
    stage: str = ""
    order: int = 0
    since: datetime | None = None
    leaders: tuple[str, ...] = ()
    """A notice written before there were names has none; nor does it say which report, or since when."""


class NothingToSign(Notice):
    """No report waits for a signature."""

    alert = True
    number: str


class Chosen(Notice):
    """One of several words on a figure was chosen for a draft."""

    toast = True
    name: str
    words: str


class ClosedKept(Notice):
    """A follow-up to a closed incident: kept, with what to type for what comes after."""

    number: str
    at: datetime | None
    word: str
    draft: int


class SupplementWhich(Notice):
    """A supplement whose incident is not clear: kept, with what is closed."""

    draft: int
    closed: tuple[tuple[str, str], ...]


class Reopened(Notice):
    """A closed incident is open again: why."""

    priority = Priority.CLOCK
    number: str
    title: str
    why: str
    at: datetime


class AlreadyOpen(Notice):
    """There is nothing to open again."""

    alert = True
    number: str


class HospitalAsk(Notice):
    """The officer is asked after those in hospital, a day before a window ends."""

    timely = True
    number: str
    title: str
    days: int
    window: int
    again: bool
    late_minutes: int | None


class HospitalAnswered(Notice):
    """Whether somebody is still in hospital is recorded."""

    toast = True
    number: str
    out: bool
    at: datetime
    next_at: datetime | None


class AlreadySigned(Notice):
    """Somebody signed before: who, and when."""

    alert = True
    number: str
    by: str
    at: datetime | None


class SignPassedOn(Notice):
    """The officer hears which further leaders were asked to sign."""

    number: str
    stage: str
    order: int
    leaders: str
    since: datetime | None = None
    drill: bool


class CannotReturn(Notice):
    """What has gone up is not taken back: a correction is a later report."""

    alert = True
    number: str


class AskReceiver(Notice):
    """A receipt told by phone needs a name."""

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
    """The superior's receipt is recorded; `phone`: the officer heard it on the phone."""

    toast = True
    number: str
    by: str
    at: datetime
    phone: bool


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
    again: bool = False
    """It was put away before."""


class Closed(Notice):
    """The incident is not open: it was closed or put away, or a reporter's word still waits (`state`)."""

    alert = True
    number: str
    at: datetime | None
    state: str = "closed"


class NoChange(Notice):
    """无变化 counts as a follow-up; `words`: what was said behind it."""

    toast = True
    number: str
    at: datetime
    next_at: datetime
    words: str = ""


class Overrun(BaseModel, frozen=True):
    """A clock that has run out."""

    lane: str
    receiver: str
    due_at: datetime


class ClockReminder(Notice):
    """A report clock runs out; `to_sign`: what is missing is the leader's signature."""

    priority = Priority.CLOCK
    timely = True
    number: str
    title: str
    drill: bool
    lane: str
    receiver: str
    due_at: datetime
    received_at: datetime | None = None
    late_minutes: int | None
    leader: bool
    to_sign: bool
    others: tuple[Overrun, ...] = ()
    """Other clocks of the incident that have run out too."""


class FollowupDue(Notice):
    """A follow-up is due; `times`: how often it was asked for without an answer; the leader hears the third."""

    priority = Priority.CLOCK
    timely = True
    number: str
    title: str
    drill: bool
    late_minutes: int | None
    times: int
    leader: bool


class ConfirmReminder(Notice):
    """The superior has not confirmed: call them. `others`: stage and order of further reports this is asked of."""

    priority = Priority.CLOCK
    timely = True
    number: str
    stage: str
    order: int
    others: tuple[tuple[str, int], ...] = ()
    superior: str
    late_minutes: int | None
    drill: bool


class Word(Notice):
    """A reporter's word to the officer: make it an incident, join it to one, or log it."""

    priority = Priority.CLOCK
    timely = True
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
    """Open incidents, next due first; so many `more` are not shown."""

    lines: tuple[Line, ...]
    more: int


# --- clocks and grade -------------------------------------------------------------------------------------


class Extended(Notice):
    """A clock has a new end; who was told."""

    number: str
    lane: str
    receiver: str
    due_at: datetime
    end_at: datetime
    at: datetime
    leader: str


class ExtendedForLeader(Notice):
    """The leader hears that a report was given more time, by whom and why."""

    priority = Priority.CLOCK
    number: str
    title: str
    drill: bool
    lane: str
    receiver: str
    due_at: datetime
    end_at: datetime
    by: str
    reason: str


class NotExtended(Notice):
    """A clock stays as it is: it is over or ended, the new end is not later, or too much later."""

    alert = True
    number: str
    lane: str
    receiver: str
    due_at: datetime
    refused: str
    most_minutes: int


class HandedIn(Notice):
    """The written report to another receiver is recorded."""

    number: str
    receiver: str
    to: str
    at: datetime
    late_minutes: int | None


class AlreadyHandedIn(Notice):
    """The written report to another receiver had been recorded; a name given later is added."""

    number: str
    receiver: str
    to: str
    at: datetime
    added: bool


class Excused(Notice):
    """A leader said that a report is not required, and why."""

    number: str
    lane: str
    receiver: str
    by: str
    reason: str
    at: datetime


class Paced(Notice):
    """The pace of follow-ups is set."""

    toast = True
    number: str
    phase: str
    at: datetime
    next_at: datetime


class Graded(Notice):
    """A person's grade is recorded, with the reason."""

    number: str
    old: str | None
    new: str
    reason: str
    at: datetime
    urgent: bool


class GradeRaised(Notice):
    """Officer and leader hear that an incident became graver, and by which line."""

    priority = Priority.CLOCK
    number: str
    title: str
    drill: bool
    old: str | None
    new: str | None
    line: str
    urgent: bool


# --- the document of a report ------------------------------------------------------------------------------


class Preview(Notice):
    """A report as it would go up now, to be read before it is sent; `report`: its key, for 发送."""

    number: str
    report: int
    flash: Flash


class BodyKept(Notice):
    """An officer's own words are the body of an unsent report; `differs`: figures given otherwise before."""

    number: str
    report: int
    at: datetime
    flash: Flash
    differs: tuple[str, ...]


class NothingToReword(Notice):
    """No unsent report of this event: a sent version never changes. The words are kept."""

    number: str
    draft: int


class NoFlash(Notice):
    """The event has no report yet."""

    number: str

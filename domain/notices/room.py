"""What is said in the office: duty log, tasks, roll call, drill, obligations, figures, rules, audit."""

from datetime import date, datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority
from domain.notices.callout import CallRecord, LevelFigures
from domain.notices.incident import Flash

# --- duty log ----------------------------------------------------------------------------------------------


class FileKept(BaseModel, frozen=True):
    """A file that came with an entry, named by its content's hash."""

    name: str
    sha256: str
    size: int
    kind: str
    text: str | None


class Logged(Notice):
    """An entry stands in the duty log; `corrects`: the older entry it points at; `events` it may be attached to."""

    seq: int
    at: datetime
    text: str
    file: str | None
    refused: str | None
    corrects: int | None
    events: tuple[str, ...] = ()


class AlbumLogged(Notice):
    """The further files of an album stand in the duty log."""

    seqs: tuple[int, ...]
    at: datetime


# --- tasks -------------------------------------------------------------------------------------------------


class TaskSeen(Notice):
    """收到 of a task is recorded."""

    number: str
    text: str
    words: str
    due_at: datetime | None
    at: datetime


class TaskSeenForGiver(Notice):
    """Whoever gave a task hears who has it."""

    number: str
    text: str
    by: str
    words: str
    at: datetime


class TaskNotYours(Notice):
    """收到 of somebody else's task."""

    number: str
    owner: str


class TaskGiven(Notice):
    """The owner's card of an instruction or to-do, live until it is done."""

    priority = Priority.CLOCK
    card = "room.task_given"
    number: str
    kind_word: str
    text: str
    by: str
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    about: str
    """The incident it is about, such as E7, or ""."""

    def event(self) -> str:
        """Return the task this message is the card of."""
        return self.number


class TaskAdded(Notice):
    """The instruction or to-do is recorded; whether its owner can be reached here."""

    number: str
    kind_word: str
    text: str
    owner: str
    reachable: bool
    due_at: datetime | None
    due_said: bool
    at: datetime
    about: str


class TaskDue(Notice):
    """The due time has come: the owner is reminded, later the leader hears."""

    priority = Priority.CLOCK
    timely = True
    number: str
    text: str
    by: str
    owner: str
    due_at: datetime
    to_leader: bool
    late_minutes: int | None


class TaskDone(Notice):
    """已办结 is recorded; `words`: what was said with it."""

    toast = True
    number: str
    text: str
    words: str = ""
    by: str
    at: datetime


class TaskAlreadyDone(Notice):
    """Somebody finished it before."""

    alert = True
    number: str
    by: str
    at: datetime


class OwnerUnknown(Notice):
    """No or several people bear the name the instruction is addressed to."""

    name: str
    text: str
    several: bool


class TodoLine(BaseModel, frozen=True):
    """One open thing with its due time."""

    number: str
    text: str
    owner: str
    due_at: datetime | None
    overdue: bool


class Todo(Notice):
    """What is open, by due time."""

    lines: tuple[TodoLine, ...]
    more: int


# --- roll call and drill -----------------------------------------------------------------------------------


class RollCallAsked(Notice):
    """The officer on duty must answer with the code."""

    priority = Priority.CLOCK
    number: str
    asker: str
    code: str
    due_at: datetime


class RollCallOpened(Notice):
    """The roll call is out."""

    number: str
    name: str
    phone: str
    due_at: datetime
    at: datetime
    already: bool


class RollCallNobody(Notice):
    """Nobody is on duty who could be asked."""


class RollCallAnswered(Notice):
    """The code was right: in time, or so many minutes late."""

    number: str
    at: datetime
    late_minutes: int | None


class RollCallWrong(Notice):
    """The code was wrong or missing; the right form and how long it counts."""

    number: str | None
    given: str
    due_at: datetime | None


class RollCallResult(Notice):
    """The asker hears the outcome: in_time, late (by `answered_late` minutes), wrong or none."""

    priority = Priority.CLOCK
    timely = True
    number: str
    name: str
    phone: str
    outcome: str
    asked_at: datetime
    at: datetime
    late_minutes: int | None
    answered_late: int | None = None


class DrillState(Notice):
    """Whether the exercise runs, and whether this changed it; `by`: told to others."""

    on: bool
    changed: bool
    by: str | None
    at: datetime


# --- periodic obligations ----------------------------------------------------------------------------------


class ObligationLine(BaseModel, frozen=True):
    """One obligation in its present period; `needed` above 1 is one per village."""

    number: str
    text: str
    subject: str
    cadence: str
    period: str | None
    last: date | None
    days_left: int | None
    done: int
    needed: int
    evidence: str | None


class Obligations(Notice):
    """Periodic obligations: what is open first, then what is done, then what has no calendar period."""

    open: tuple[ObligationLine, ...]
    done: tuple[ObligationLine, ...]
    unset: tuple[ObligationLine, ...]
    per_person: tuple[ObligationLine, ...]


class ObligationDone(Notice):
    """An obligation was met in this period, with its evidence."""

    line: ObligationLine
    evidence: str
    at: datetime


class ObligationVillage(Notice):
    """The obligation is each village's: which one met it was not said."""

    number: str
    text: str
    missing: tuple[str, ...]
    more: int


# --- figures and evidence ----------------------------------------------------------------------------------


class Stats(Notice):
    """The figures of a month; exercises are left out."""

    month: str
    warnings: int
    contacts: int
    answered: int
    in_time: int
    limit_seconds: int
    p50: float | None
    p95: float | None
    slowest: float | None
    levels: tuple[LevelFigures, ...]
    incidents: int
    met: int
    late: int
    running: int
    shifts: tuple[tuple[str, int], ...]
    more: int


class ChainLink(BaseModel, frozen=True):
    """A log entry in the very form its hash covers."""

    seq: int
    at: str
    room: int
    person: int | None
    act: str
    subject: str
    text: str
    data: str
    previous: str
    hash: str


class TimelineRow(BaseModel, frozen=True):
    """One act of the event, for people."""

    seq: int
    at: datetime
    person: str
    act: str
    text: str


class ReportText(BaseModel, frozen=True):
    """One report of an incident, verbatim, with who wrote, signed and confirmed it."""

    stage: str
    seq: int
    raw: str
    state: str
    author: str
    created_at: datetime
    sent_at: datetime | None
    signer: str | None
    signed_at: datetime | None
    confirmer: str | None
    confirmed_at: datetime | None
    flash: Flash | None = None


class FigureRow(BaseModel, frozen=True):
    """A figure as a person gave it; earlier ones stand."""

    name: str
    text: str
    by: str
    at: datetime


class EventFile(BaseModel, frozen=True):
    """A file about an event, named by its content's hash, and the log entry that says so."""

    seq: int
    name: str
    sha256: str


class MessageRow(BaseModel, frozen=True):
    """A message about an event: to whom, when, how it stands, who confirmed it when."""

    kind: str
    to: str
    queued_at: datetime
    sent_at: datetime | None
    state: str
    error: str
    receipt_at: datetime | None


class PartnerRow(BaseModel, frozen=True):
    """A partner unit that was told (`kind` told) or asked for help (reinforce)."""

    unit: str
    kind: str
    text: str
    told_at: datetime
    acked_at: datetime | None
    arrived_at: datetime | None
    arrived_text: str


class MovedRow(BaseModel, frozen=True):
    """People moved away because of an event, or back: `returns`."""

    who: str
    headcount: int
    origin: str
    shelter: str
    by: str
    at: datetime
    returns: bool
    withdrawn_at: datetime | None


class Evidence(Notice):
    """The evidence of one event as plain data; its file is made of it outside the unit of work."""

    number: str
    title: str
    drill: bool
    at: datetime
    raw: str
    timeline: tuple[TimelineRow, ...]
    reports: tuple[ReportText, ...]
    figures: tuple[FigureRow, ...]
    record: CallRecord | None
    chain: tuple[ChainLink, ...]
    broken: str | None
    by: str
    messages: tuple[MessageRow, ...] = ()
    files: tuple[EventFile, ...] = ()
    copies: tuple[EventFile, ...] = ()
    partners: tuple[PartnerRow, ...] = ()
    moved: tuple[MovedRow, ...] = ()


# --- rules -------------------------------------------------------------------------------------------------


class RuleGroups(Notice):
    """The groups of rules."""

    groups: tuple[tuple[str, int], ...]


class RuleLine(BaseModel, frozen=True):
    """A rule's present and shipped value, and what it means."""

    key: str
    value: str
    shipped: str
    meaning: str


class RuleList(Notice):
    """The rules of a group."""

    group: str
    lines: tuple[RuleLine, ...]


class RuleVersion(BaseModel, frozen=True):
    """One change of a rule (value None: back to the shipped one)."""

    version: int
    value: str | None
    by: str
    at: datetime


class RuleShown(Notice):
    """One rule with its history."""

    line: RuleLine
    history: tuple[RuleVersion, ...]


class RuleHistory(Notice):
    """The newest changes of all rules: what each became, by whom, when."""

    changes: tuple[tuple[str, RuleVersion], ...]


class RuleChanged(Notice):
    """A rule was changed or a change was taken back."""

    key: str
    old: str
    new: str
    version: int
    reason: str
    undone: int | None
    at: datetime


class UndoOther(Notice):
    """Only the newest change is taken back, not the one that was named."""

    named: str
    version: int
    key: str


class RuleRefused(Notice):
    """The value is not allowed: why, and a right example."""

    why: str
    example: str


class RuleUnknown(Notice):
    """No such key; the nearest ones."""

    key: str
    near: tuple[str, ...]


# --- audit and export --------------------------------------------------------------------------------------


class AuditLine(BaseModel, frozen=True):
    """One log entry in words."""

    seq: int
    at: datetime
    person: str
    act: str
    subject: str
    text: str


class Audit(Notice):
    """The newest log entries and whether the chain is whole."""

    lines: tuple[AuditLine, ...]
    more: int
    count: int
    head: str
    broken: str | None


class Table(BaseModel, frozen=True):
    """One sheet of the export."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Export(Notice):
    """Everything as sheets: people, units, the roster ahead, the log of the last 31 days."""

    at: datetime
    people: int
    units: int
    shifts: int
    entries: int
    tables: tuple[Table, ...]

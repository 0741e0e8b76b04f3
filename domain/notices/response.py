"""What is said about the response to an incident: partner units, reinforcement, the evacuated, its course."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority


class PartnerLine(BaseModel, frozen=True):
    """How a unit stands that was told or asked; `call`: whom to phone, "" when there is no number."""

    unit_id: int
    unit: str
    kind: str
    text: str
    told_by: str
    told_at: datetime
    acked_by: str | None
    acked_at: datetime | None
    acked_how: str | None
    arrived_at: datetime | None
    arrived_text: str
    call: str
    reachable: bool


class TaskLine(BaseModel, frozen=True):
    """An instruction about the incident."""

    number: str
    text: str
    owner: str
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None


class OnCard(BaseModel, frozen=True):
    """What the incident's card says of the response; `acts`: its reader may act on it, `links`: may link a warning.

    `offers`: live warnings it may belong to, as number and name.
    """

    partners: tuple[PartnerLine, ...]
    moved: int
    back: int
    about: bool
    tasks: tuple[TaskLine, ...]
    warning: str | None
    offers: tuple[tuple[str, str], ...]
    acts: bool
    links: bool


class Which(Notice):
    """Which incident is not clear, or it is over: nothing was recorded, the text is kept."""

    alert = True
    word: str
    number: str | None
    closed_at: datetime | None
    open: tuple[tuple[str, str], ...]
    draft: int | None


class UnitLine(BaseModel, frozen=True):
    """A unit that can be told; `likely` for the incident's kind."""

    id: int
    name: str
    likely: bool


class Partners(Notice):
    """Partner units of an incident: whom to tell with one tap, who acknowledged and arrived."""

    priority = Priority.CLOCK
    card = "response.partners"
    number: str
    title: str
    running: bool
    units: tuple[UnitLine, ...]
    lines: tuple[PartnerLine, ...]

    def event(self) -> str:
        """Return the event this card shows."""
        return self.number


class Ask(BaseModel, frozen=True):
    """What one of the reader's units is told or asked, and how it answered."""

    unit: str
    kind: str
    text: str
    by: str
    by_phone: str
    at: datetime
    acked_by: str | None
    acked_at: datetime | None
    acked_how: str | None
    arrived_by: str | None
    arrived_at: datetime | None
    arrived_text: str


class Call(Notice):
    """The incident as a partner unit (or the superior) is told of it."""

    priority = Priority.WARNING
    card = "response.call"
    number: str
    title: str
    place: str | None
    asks: tuple[Ask, ...]
    room: str
    room_phone: str
    running: bool

    def event(self) -> str:
        """Return the event this card shows."""
        return self.number


class Told(Notice):
    """A unit is being told; by whom it is read."""

    toast = True
    number: str
    unit: str
    names: tuple[str, ...]
    at: datetime


class NobodyReads(Notice):
    """Nobody of the unit can be written to: the phone, at once."""

    alert = True
    number: str
    unit: str
    call: str


class AlreadyTold(Notice):
    """The unit was told before; nobody is told twice."""

    toast = True
    number: str
    unit: str
    by: str
    at: datetime
    acked_by: str | None
    acked_at: datetime | None


class NoUnit(Notice):
    """No such partner unit; which there are. The text is kept."""

    alert = True
    number: str
    word: str
    units: tuple[str, ...]
    draft: int | None


class PhoneTold(Notice):
    """The unit was told by phone."""

    toast = True
    number: str
    unit: str
    by: str
    at: datetime


class Acked(Notice):
    """收到 of a partner unit is recorded."""

    toast = True
    number: str
    unit: str
    by: str
    at: datetime


class AlreadyAcked(Notice):
    """Somebody of the unit was first."""

    toast = True
    number: str
    unit: str
    by: str
    at: datetime
    how: str


class Arrived(Notice):
    """到场 is recorded."""

    toast = True
    number: str
    unit: str
    text: str
    by: str
    at: datetime


class AlreadyArrived(Notice):
    """The arrival was recorded before; words given later are added."""

    toast = True
    number: str
    unit: str
    text: str
    by: str
    at: datetime
    added: bool


class ArrivedForRoom(Notice):
    """Officer and leader hear that a unit is at the scene."""

    number: str
    title: str
    unit: str
    text: str
    by: str
    at: datetime


class CalledOff(Notice):
    """A unit that was called hears that the incident was put away."""

    number: str
    title: str
    by: str
    phone: str
    at: datetime


class CalledOffForRoom(Notice):
    """Which units that were called hear that an incident was put away; `call`: whom to phone, as nobody there reads."""

    number: str
    units: tuple[str, ...]
    call: tuple[str, ...]


class NotAsked(Notice):
    """None of this person's units was told of the incident."""

    alert = True
    number: str


class CallPartner(Notice):
    """A unit is silent: the officer calls it, later the leader hears."""

    priority = Priority.CLOCK
    timely = True
    number: str
    title: str
    unit: str
    unit_id: int
    request: str
    call: str
    told_at: datetime | None = None
    leader: bool
    late_minutes: int | None


class Reinforced(Notice):
    """申请增援 went out."""

    number: str
    unit: str
    text: str
    names: tuple[str, ...]
    call: str
    leaders: tuple[str, ...]
    minutes: int
    at: datetime


class AlreadyAsked(Notice):
    """The same was asked of the unit before."""

    number: str
    unit: str
    text: str
    at: datetime
    acked_by: str | None
    acked_at: datetime | None


class ReinforceForLeader(Notice):
    """The leader hears what was asked for, of whom, by whom."""

    priority = Priority.CLOCK
    number: str
    title: str
    unit: str
    text: str
    by: str
    at: datetime


class ReinforceReceived(Notice):
    """Officer and leader hear who has the request."""

    priority = Priority.CLOCK
    number: str
    unit: str
    text: str
    by: str
    at: datetime


class Linked(Notice):
    """The incident belongs to a warning."""

    toast = True
    number: str
    warning: str
    before: str | None
    at: datetime


class Unlinked(Notice):
    """The incident belongs to no warning (any more)."""

    toast = True
    number: str
    warning: str | None
    at: datetime


class EvacuationLine(BaseModel, frozen=True):
    """A group that was moved; `position`: its place in the list, which never changes."""

    id: int
    position: int
    who: str
    headcount: int
    about: bool
    shelter: str
    back: int
    by: str
    at: datetime
    withdrawn: bool

    @property
    def left(self) -> int:
        """How many have not come back."""
        return self.headcount - self.back


class Shelter(BaseModel, frozen=True):
    """A place people were brought to, with how many; "" is unsaid."""

    name: str
    moved: int
    back: int
    about: bool


class EvacuationList(Notice):
    """The evacuated of an incident: groups, shelters, totals."""

    priority = Priority.CLOCK
    card = "response.evacuation_list"
    number: str
    title: str
    lines: tuple[EvacuationLine, ...]
    more: int
    shelters: tuple[Shelter, ...]
    moved: int
    back: int
    about: bool
    acts: bool

    def event(self) -> str:
        """Return the event this card shows."""
        return self.number


class Evacuated(Notice):
    """Groups are on the list; `lines` the new ones."""

    number: str
    lines: tuple[EvacuationLine, ...]
    moved: int
    back: int
    about: bool
    at: datetime


class NotCounted(Notice):
    """The text gives no headcount that can be counted: nothing recorded, the text is kept."""

    number: str
    why: str
    word: str
    draft: int


class Returned(Notice):
    """People came back."""

    toast = True
    number: str
    back_now: int
    lines: tuple[EvacuationLine, ...]
    moved: int
    back: int
    about: bool
    at: datetime


class ReturnRefused(Notice):
    """More came back than are out, or from which group is not clear: nothing recorded."""

    alert = True
    number: str
    asked: int | None
    left: int
    where: str
    lines: tuple[EvacuationLine, ...]
    draft: int | None


class EvacuationWithdrawn(Notice):
    """A line of the list, or its newest return, is withdrawn; it stays to be seen."""

    number: str
    position: int
    what: str
    headcount: int
    reason: str
    moved: int
    back: int
    at: datetime


class NotWithdrawn(Notice):
    """What to withdraw is not there, or its returns must be withdrawn first."""

    alert = True
    number: str
    why: str
    example: str


class TimelineRow(BaseModel, frozen=True):
    """An act in the course of an incident."""

    at: datetime
    by: str
    act: str
    subject: str
    text: str


class Timeline(Notice):
    """The course of an incident, newest last; `earlier` rows are left to the evidence pack."""

    number: str
    title: str
    rows: tuple[TimelineRow, ...]
    earlier: int
    packs: bool

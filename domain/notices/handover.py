"""What is said at the changeover."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority


class ItemLine(BaseModel, frozen=True):
    """One carried item; `top`: among those the incoming officer reads back."""

    id: int
    subject: str
    text: str
    owner: str
    next_action: str
    due_at: datetime | None
    risk: bool
    top: bool
    answer: str | None
    read_back: bool


class EquipmentLine(BaseModel, frozen=True):
    """A piece of equipment: its fault ("" for none), and whether it was looked at in this shift."""

    item: str
    fault: str
    checked: bool


class Sheet(Notice):
    """The handover sheet: compiled by itself, frozen at the outgoing signature."""

    priority = Priority.CLOCK
    card = "handover.sheet"
    number: int
    state: str
    out_name: str
    in_name: str | None
    leaders: tuple[str, ...]
    next_leaders: tuple[str, ...]
    others: tuple[str, ...]
    moved: tuple[str, ...]
    changes: tuple[str, ...]
    equipment: tuple[EquipmentLine, ...]
    due_next: tuple[str, ...]
    items: tuple[ItemLine, ...]
    notes: str
    opened_at: datetime
    signed_out_at: datetime | None
    signed_in_at: datetime | None
    forced_by: str | None
    forced_reason: str | None
    relieved_by: str | None = None
    """Who stepped in for the outgoing officer after the signature: the sheet is void."""
    for_incoming: bool
    for_outgoing: bool
    answered: bool
    to_read_back: int
    left_to_read_back: int

    def event(self) -> str:
        """Return the event this card shows."""
        return f"H{self.number}"


class Equipment(Notice):
    """The equipment and its state."""

    lines: tuple[EquipmentLine, ...]


class NextActionKept(Notice):
    """What comes next for an event stands on the sheet."""

    subject: str
    text: str


class ReadBack(Notice):
    """A pick at the read-back: right or not, and how many are left."""

    toast = True
    subject: str
    right: bool
    left: int


class NotReadBack(Notice):
    """The signature waits for the read-back of the top risks."""

    alert = True
    left: int


class NoWatch(Notice):
    """Nobody holds the watch, or this person does not; `draft`: where the note that was written is kept."""

    holder: str | None
    draft: int | None = None


class NoHandover(Notice):
    """The outgoing officer has not signed yet."""

    holder: str | None


class NotIncoming(Notice):
    """Somebody else is rostered to take over."""

    incoming: str | None


class NoteCarried(Notice):
    """A note after the signature: the sheet is frozen, so it goes to the next officer as a to-do."""

    number: int
    task: str
    text: str


class EmptyPhrase(Notice):
    """同上 with open items is refused with the list of them."""

    phrase: str
    items: tuple[str, ...]


class SignedOut(Notice):
    """The outgoing officer signed: still responsible until the other signs."""

    toast = True
    number: int
    at: datetime
    incoming: str | None


class AlreadySigned(Notice):
    """This signature stands already."""

    alert = True
    number: int
    at: datetime | None


class ItemAnswered(Notice):
    """An item is answered, or `together` more than one."""

    toast = True
    subject: str
    together: int = 1
    left: int
    answer: str
    stays: bool


class ItemsOpen(Notice):
    """The signature waits for answers."""

    alert = True
    left: tuple[str, ...]


class SignedIn(Notice):
    """The watch has moved."""

    number: int
    at: datetime
    name: str
    leaving: str
    items: int
    later: tuple[str, ...]


class Relieved(Notice):
    """The outgoing officer hears that the watch has moved."""

    number: int
    at: datetime
    name: str


class Prompt(Notice):
    """The changeover comes near, or is over."""

    priority = Priority.LADDER
    timely = True
    out_name: str | None
    in_name: str | None
    at: datetime
    step: str
    for_leader: bool
    late_minutes: int | None


class Forced(Notice):
    """The leader forced the handover with a reason. `again`: the shift that follows without the rest it should have."""

    number: int
    name: str
    leaving: str | None
    leader: str
    reason: str
    at: datetime
    again: int | None = None
    again_at: datetime | None = None


class WatchTaken(Notice):
    """Nobody held the watch: the rostered officer holds it now."""

    name: str
    at: datetime

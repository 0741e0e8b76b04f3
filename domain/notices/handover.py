"""What is said at the changeover."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice, Priority


class ItemLine(BaseModel, frozen=True):
    """One carried item and its answer."""

    id: int
    subject: str
    text: str
    answer: str | None


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
    items: tuple[ItemLine, ...]
    notes: str
    opened_at: datetime
    signed_out_at: datetime | None
    signed_in_at: datetime | None
    for_incoming: bool

    def event(self) -> str:
        """Return the event this card shows."""
        return f"H{self.number}"


class NoWatch(Notice):
    """Nobody holds the watch, or this person does not."""

    holder: str | None


class NoHandover(Notice):
    """The outgoing officer has not signed yet."""

    holder: str | None


class NotIncoming(Notice):
    """Somebody else is rostered to take over."""

    incoming: str | None


class EmptyPhrase(Notice):
    """同上 with open items is refused with the list of them."""

    phrase: str
    items: tuple[str, ...]


class NotesKept(Notice):
    """The outgoing officer's note is on the sheet."""

    number: int


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
    """An item is answered."""

    toast = True
    left: int
    answer: str


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
    out_name: str | None
    in_name: str | None
    at: datetime
    left_minutes: int
    step: str
    for_leader: bool
    late_minutes: int | None


class Forced(Notice):
    """The leader forced the handover with a reason."""

    number: int
    name: str
    leaving: str | None
    leader: str
    reason: str
    at: datetime


class WatchTaken(Notice):
    """Nobody held the watch: the rostered officer holds it now."""

    name: str
    at: datetime

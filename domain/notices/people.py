"""What is said about people, units, invitations and imports."""

from datetime import datetime
from typing import ClassVar

from pydantic import BaseModel

from domain.notice import Notice


class Home(Notice):
    """The home card with the reply keyboard fitted to the roles."""

    name: str
    roles: tuple[str, ...]
    room: str
    officer: str | None
    leader: str | None
    keyboard_words: tuple[tuple[str, ...], ...]


class Bound(Notice):
    """The account is bound by an invitation."""

    name: str
    roles: tuple[str, ...]
    room: str
    keyboard_words: tuple[tuple[str, ...], ...]


class HelpLine(BaseModel, frozen=True):
    """One thing this person can do, with one example."""

    word: str
    name: str
    describe: str
    example: str


class Help(Notice):
    """What this person can do."""

    lines: tuple[HelpLine, ...]
    twins: tuple[str, ...]
    room_phone: str


class Invitation(Notice):
    """A one-time link."""

    secret: ClassVar[bool] = True
    name: str
    code: str
    link: str
    expires_at: datetime


class PersonLine(BaseModel, frozen=True):
    """One person in a list."""

    name: str
    posts: str
    phone: str
    bound: bool


class AmbiguousName(Notice):
    """No or several people of this name; `revoked`: only one whose access was taken away."""

    name: str
    near: tuple[str, ...]
    word: str
    several: tuple[PersonLine, ...] = ()
    revoked: bool = False


class People(Notice):
    """The people who fit, and how many there are."""

    lines: tuple[PersonLine, ...]
    total: int
    unbound: int
    query: str


class PhoneBook(Notice):
    """Names, posts and telephone numbers that fit, and how many there are."""

    lines: tuple[PersonLine, ...]
    total: int
    query: str


class Revoked(Notice):
    """A person's access was taken away."""

    name: str
    at: datetime
    shifts_ahead: int


class UnitLine(BaseModel, frozen=True):
    """One unit with its responsible people."""

    name: str
    level: str
    a_name: str | None
    b_name: str | None
    tags: tuple[str, ...]


class Units(Notice):
    """The units that fit."""

    lines: tuple[UnitLine, ...]
    counts: tuple[tuple[str, int], ...]
    query: str
    more: int


class Problem(BaseModel, frozen=True):
    """One thing wrong in a sheet, with its row or cell."""

    where: str
    value: str
    reason: str


class ImportPreview(Notice):
    """What was understood of a people sheet: all rows or none."""

    card = "people.import_preview"
    draft: int
    file: str
    units: int
    people: int
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    more_warnings: int = 0
    more: int
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return f"D{self.draft}"


class ImportAsk(Notice):
    """/import without a file: what to send."""


class ImportUnknown(Notice):
    """The sheet is neither people nor roster."""

    file: str
    why: str


class Imported(Notice):
    """The people sheet is in force."""

    file: str
    units: int
    people: int
    at: datetime


class ImportDone(Notice):
    """This preview was confirmed or cancelled before."""

    alert = True
    state: str


class GroupBound(Notice):
    """The group is now the room's."""

    room: str

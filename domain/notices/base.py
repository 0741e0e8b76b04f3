"""Answers that belong to no single feature."""

from datetime import datetime

from domain.notice import Notice, Priority


class NotBound(Notice):
    """A stranger: one polite line on how to be registered, nothing else."""


class BadInvitation(Notice):
    """The invitation code is unknown, used or expired."""

    why: str


class NotAllowed(Notice):
    """This person may not do that; who may."""

    alert = True
    what: str
    roles: tuple[str, ...]


class NotAllowedKept(Notice):
    """A typed text this person may not use so: kept as a draft, and offered as what it can be."""

    what: str
    roles: tuple[str, ...]
    draft: int
    report: bool


class NotFound(Notice):
    """No such number; the nearest right form."""

    alert = True
    number: str
    example: str


class WrongForm(Notice):
    """The text cannot be used as it is: why, and the right form."""

    why: str
    example: str


class StaleButton(Notice):
    """A button of an older message or of somebody else."""

    alert = True


class Kept(Notice):
    """A text that is no command: kept as a draft and offered.

    What was asked for just before: `mend` a field (E7 地点), `back` the reason why a report goes back (E7).
    `about`: the open incident (E7) it may be news of.
    """

    draft: int
    text: str
    officer: bool
    reporter: bool
    mend: str = ""
    back: str = ""
    about: str = ""
    leader: bool = False
    answers: tuple[tuple[str, str], ...] = ()
    """What may be answered at this moment: the words of a button, and its subject."""


class DraftUsed(Notice):
    """The draft was used already."""

    toast = True


class Done(Notice):
    """Cancelled as asked; nothing else happened."""

    toast = True


class NothingOpen(Notice):
    """There is nothing to answer right now."""

    word: str


class NoAnswer(Notice):
    """Consent or a question (好的, 收到 W1 吗) is no answer: each of `options` (words, subject) is one by a button."""

    word: str = "收到"
    said: str
    options: tuple[tuple[str, str], ...]


class Choose(Notice):
    """Several events fit: pick one."""

    word: str
    act: str
    options: tuple[tuple[str, str], ...]


class Broken(Notice):
    """The update could not be handled; it was kept and the admin can see it."""

    update_id: int
    at: datetime


class Empty(Notice):
    """A message without words."""


class TooLong(Notice):
    """A text longer than can be used."""

    length: int


class Edited(Notice):
    """Words that were sent were changed afterwards: what was recorded of them stands."""


class WordsKept(Notice):
    """Words behind an answer that takes none are kept with its event; `told`: the officers who hear them."""

    number: str
    answer: str
    words: str
    told: str


class WordsHeard(Notice):
    """What somebody said behind an answer."""

    number: str
    answer: str
    words: str
    name: str
    phone: str
    at: datetime


class PassedOn(Notice):
    """What the duty room above wrote reached the officers; `options`: receipts (words, subject) that wait besides."""

    words: str
    told: str
    at: datetime
    options: tuple[tuple[str, str], ...] = ()


class HeardFromAbove(Notice):
    """What somebody of the duty room above wrote, about an event (`number`) where that is known."""

    number: str
    name: str
    phone: str
    words: str
    at: datetime


class TakenBack(Notice):
    """Words behind an answer say its opposite: nothing was done."""

    number: str
    answer: str
    words: str


class AttachmentLost(Notice):
    """The file could not be fetched."""

    name: str
    why: str


class AttachmentUnnamed(Notice):
    """The words were taken; it is not said which event the file belongs to, or it is none of this person's."""

    name: str
    example: str


class Alarm(Notice):
    """Something the admin must know: polling, sending, clock, disk."""

    priority = Priority.CLOCK
    text: str
    at: datetime


class Menu(Notice):
    """Not a message: the person's command menu is set by role."""

    priority = Priority.REMINDER
    commands: tuple[tuple[str, str], ...]


class Retire(Notice):
    """Not a message: an older copy of a card loses its buttons, so that only the newest can be pressed."""

    priority = Priority.REMINDER
    message_id: int


class Leave(Notice):
    """Not a message: the bot leaves a group that is not allow-listed."""

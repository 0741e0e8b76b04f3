"""What is to be printed or tried is a row, due at once and again until it is done: no crash or full disk loses it."""

from datetime import datetime, timedelta

from actions import duty
from domain.notice import Priority
from domain.notices import record as say
from storage import deadline, draft, outbox
from storage.database import Tx

KIND = "print"
STEP = "docx"
AGAIN = timedelta(minutes=5)
"""A print that is not done is begun anew after this."""
DAY, IN_FORCE, TRIAL, FLASH = "print-day", "print-templates", "print-trial", "print-flash"
"""Kinds of drafts: a day of the duty log, the templates in force, a template to be tried, a report not yet sent."""
FOLLOWS = timedelta(seconds=10)
"""A report's file follows its words after this: what somebody must act on does not wait behind a file."""


async def ask(tx: Tx, now: datetime, person: int, kind: str, title: str, **data: str) -> None:
    """A person wants something printed or tried; it is done after this unit of work, and answered then."""
    key = await draft.keep(tx, now, person, kind, title, data)
    await due(tx, now, f"D{key}")


async def due(tx: Tx, when: datetime, subject: str) -> None:
    """A handover (H3), a report (R5) or what a person asked for (D12) is to be printed at a moment."""
    await deadline.set_deadline(tx, KIND, subject, STEP, when, Priority.DIGEST)


async def begun(tx: Tx, now: datetime, subject: str) -> None:
    """A print begins: it is due again after a while, until it is done."""
    await due(tx, now + AGAIN, subject)


async def done(tx: Tx, now: datetime, subject: str) -> bool:
    """Return True if this print was still to be done; from now on it is not."""
    await deadline.clear_deadlines(tx, now, KIND, subject)
    return not subject.startswith("D") or await draft.use(tx, now, int(subject[1:]))


async def begin_again(tx: Tx, now: datetime) -> None:
    """At start-up: prints that were under way died with the process."""
    await deadline.bring_forward(tx, now, KIND)


async def failed(
    tx: Tx, now: datetime, title: str, why: str, person: int | None = None, *, again: bool = False
) -> None:
    """Say that a document could not be made: to whoever asked, else to the admins once a day; `again`: it is tried."""
    minutes = int(AGAIN.total_seconds() // 60) if again else None
    notice = say.PrintFailed(title=title, why=why, again_minutes=minutes)
    readers = [person] if person else [a.id for a in await duty.admins(tx)]
    for reader in readers:
        key = None if person else f"print:{title}:{now.astimezone(tx.zone):%y%m%d}:{reader}"
        await outbox.say(tx, now, notice, person=reader, key=key)

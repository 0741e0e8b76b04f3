"""What stands in the duty log, and what a search of it asks for: a day, an event, an entry, names and words."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from domain.day_text import HOLIDAYS, read_day

WRITTEN = "duty.log"
"""The act of an entry that a person wrote; every other one was recorded by what was done."""

LISTED: tuple[str, ...] = (
    WRITTEN,
    *(
        "task.instruction",
        "task.todo",
        "task.seen",
        "task.done",
        "answer.words",
        "nil.report",
        "obligation.done",
        "drill.on",
        "drill.off",
    ),
    *("rollcall.asked", "rollcall.answered", "rollcall.wrong", "rollcall.unanswered", "rollcall.nobody"),
    *("bulletin.received", "bulletin.dispatched", "bulletin.ended", "bulletin.superseded"),
    *("callout.phone", "callout.phone_silent", "callout.overdue"),
    *("incident.received", "incident.taken", "incident.joined", "incident.discarded", "incident.closed"),
    *("incident.added", "incident.file", "incident.mended", "incident.split"),
    *("report.first", "report.followup", "report.final"),
    *("report.submitted", "report.phoned", "report.signed", "report.returned", "report.confirmed"),
    *("followup.no_change", "watch.first", "watch.taken"),
    *(
        "handover.signed_out",
        "handover.signed_in",
        "handover.forced",
        "handover.note",
        "handover.next_action",
    ),
    *(
        "shift.arrived",
        "equipment.checked",
        "roster.published",
        "roster.forced",
        "process.back",
        "person.unreachable",
    ),
    *("swap.offered", "swap.accepted", "swap.declined", "swap.approved", "swap.refused", "swap.withdrawn"),
    *("cover", "leave.asked", "leave.granted", "leave.refused", "leave.ended"),
)
"""What an officer looks up in a duty log: what people wrote and did, not what the process does for itself."""

PRINT = ("打印", "导出")
_BLANKS = re.compile(r"[\s,，、;；]+")
_ENTRY = re.compile(r"L(\d{1,9})")
_SUBJECT = re.compile(r"[EWHTSRQ]\d{1,9}|O-\d{1,3}")
_DATED = re.compile(r"\d{1,2}[-月./]\d{1,2}[日号]?")
_OF_MONTH = re.compile(r"\d{1,2}[号日]")
_OF_WEEK = re.compile(r"(?:[本这]个?)?(?:周|星期|礼拜)")
_NO_DAY = frozenset(HOLIDAYS) | {"月底", "月末"}
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Query:
    """What is looked for; what is None, "" or empty was not said. `words`: names and words, each must fit."""

    day: date | None = None
    entry: int | None = None
    subject: str = ""
    words: tuple[str, ...] = ()
    printed: bool = False


def read_query(text: str, today: date) -> Query:
    """Return what a text asks for, seen from `today` in the room's zone; a second day or number is a word."""
    day, entry, subject, printed = None, None, "", False
    words: list[str] = []
    for token in filter(None, _BLANKS.split(text)):
        plain = unicodedata.normalize("NFKC", token).upper()
        found = past_day(token, today) if day is None else None
        if token in PRINT:
            printed = True
        elif entry is None and (number := _ENTRY.fullmatch(plain)):
            entry = int(number[1])
        elif not subject and _SUBJECT.fullmatch(plain):
            subject = plain
        elif found is not None:
            day = found
        else:
            words.append(token)
    return Query(day, entry, subject, tuple(words), printed)


def past_day(text: str, today: date) -> date | None:
    """Return the day a text names, the last such day where it names no year: a log lies behind.

    Holidays name no day here: 国庆 in a log is a word that somebody wrote.
    """
    day = None if text in _NO_DAY else read_day(text, today)
    if day is None or day <= today:
        return day
    plain = unicodedata.normalize("NFKC", text)
    if _DATED.fullmatch(plain):
        return _moved(day, day.year - 1, day.month)
    if _OF_MONTH.fullmatch(plain):
        month = today if day.day <= today.day else today.replace(day=1) - timedelta(days=1)
        return _moved(day, month.year, month.month)
    return day - _WEEK if _OF_WEEK.match(plain) else day


def _moved(day: date, year: int, month: int) -> date | None:
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        return None


def mentions(text: str, subject: str) -> bool:
    """Return True if a text names this event: E7, not E71."""
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(subject)}(?!\d)", text, re.IGNORECASE) is not None


def corrected(act: str, subject: str) -> int | None:
    """Return the number of the entry that an entry corrects, None when it corrects none."""
    found = _ENTRY.fullmatch(subject) if act == WRITTEN else None
    return int(found[1]) if found else None

"""The personal page of a warning: what it shows, and what is answered on it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from domain.notices.callout import Order

CHANNELS = ("广播", "微信群", "电话", "敲门")
"""How a warning is passed on to households."""
MOST_HOUSEHOLDS = 99_999
LONGEST_REASON = 200


class Act(StrEnum):
    """What a person answers: 收到, 已传达, 无法传达."""

    ACK = "ack"
    CANNOT = "cannot"
    PASS = "pass"  # noqa: S105 - the word of a form, no password


class Said(StrEnum):
    """What came of an answer, told by the page that follows."""

    RECORDED = "recorded"
    WAITS = "waits"
    BEFORE = "before"
    CHANGED = "changed"


class Gone(StrEnum):
    """Why a link shows no warning, or an answer is not taken."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YOURS = "not_yours"
    FORGED = "forged"


class Typed(BaseModel, frozen=True):
    """What was typed into the page, as it came."""

    channel: str = ""
    households: str = ""
    reason: str = ""


class Page(BaseModel, frozen=True):
    """What a person's page shows: the warning with their duties, and what came of their last answer."""

    order: Order
    name: str
    room: str
    phone: str
    csrf: str
    answered_at: datetime | None
    said: str = ""
    mistake: str = ""
    typed: Typed = Typed()
    channels: tuple[str, ...] = CHANNELS


@dataclass(frozen=True)
class Answer:
    """An answer as it is recorded; `note`: channel and households as one types them in the chat, or the reason."""

    act: Act
    note: str = ""


@dataclass(frozen=True)
class Mistake:
    """The field that cannot be taken as it was typed."""

    field: str
    typed: Typed


def read_answer(fields: Mapping[str, str]) -> Answer | Mistake:
    """Return what a form answers, or its field that needs mending."""
    typed = Typed(
        channel=fields.get("channel", "")[:16],
        households=fields.get("households", "")[:16],
        reason=fields.get("reason", "").strip()[:LONGEST_REASON],
    )
    match fields.get("act"):
        case Act.ACK:
            return Answer(Act.ACK)
        case Act.PASS:
            return _passed(typed)
        case Act.CANNOT:
            return Answer(Act.CANNOT, typed.reason) if typed.reason else Mistake("reason", typed)
        case _:
            return Mistake("act", typed)


def _passed(typed: Typed) -> Answer | Mistake:
    households = unicodedata.normalize("NFKC", typed.households).strip().removesuffix("户").strip()
    if households and not (households.isascii() and households.isdigit()):
        return Mistake("households", typed)
    if households and int(households) > MOST_HOUSEHOLDS:
        return Mistake("households", typed)
    if typed.channel and typed.channel not in CHANNELS:
        return Mistake("channel", typed)
    return Answer(Act.PASS, " ".join(w for w in (typed.channel, households and f"{int(households)}户") if w))

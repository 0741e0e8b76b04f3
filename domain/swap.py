"""The states of a swap, a substitution (替班) or a cover (顶班): every move there is (product.md §4)."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.day_text import read_day

_GAP = r"[\s,、:;。]"
_SHIFT = r"S\s*(\d{1,9})(?!\d)"
_OFFER = re.compile(
    rf"{_SHIFT}{_GAP}*([^\s,、:;。]+?)(?:{_GAP}*(?:换|调|⇄)?{_GAP}*{_SHIFT}{_GAP}*(.*)|{_GAP}+(.+)|{_GAP}*)",
    re.IGNORECASE | re.DOTALL,
)


_DAY_OF = re.compile(r"^(?:我的?|把|将|用|换|的)+|的?(?:那天)?的?班?(?:和|跟|与|同|给|换)?$")
"""What stands beside a day: 我7.28的班, 明天的班给, 7.28和."""


@dataclass(frozen=True)
class Offer:
    """A swap as typed: the asker's shift, the other person's name, their shift (None: a substitution), why."""

    shift: int
    name: str
    other: int | None
    reason: str


def read_offer(text: str) -> Offer | None:
    """Return what 调班 S31 周凯 S45 家中有事 asks for; None where that is not clear.

    A shift's number among the words of the reason is not clear: an exchange must not become a substitution.
    """
    text = text.strip()
    plain = unicodedata.normalize("NFKC", text)
    found = _OFFER.fullmatch(plain)
    if found is None:
        return None
    reason = (found[4] or found[5] or "").strip()
    if re.search(_SHIFT, reason, re.IGNORECASE):
        return None
    if reason and len(plain) == len(text):  # the words themselves, with their own marks
        reason = text[-len(reason) :]
    return Offer(int(found[1]), found[2], int(found[3]) if found[3] else None, reason)


@dataclass(frozen=True)
class DayOffer:
    """A swap as typed by days: whose shift ("" the asker's) of which day, to whom, for theirs of which day, why."""

    owner: str
    day: date
    name: str
    other_day: date | None
    reason: str


def read_offer_by_day(text: str, names: Collection[str], today: date, *, for_others: bool) -> DayOffer | None:
    """Return what 调班 7月28日 刘芳, 明天和刘芳 or 7.28 刘芳 7.30 家中有事 asks for; None where it is not clear.

    The first day is of the shift that is given away, the second of the one taken for it. `for_others`: of two names
    the first is whose shift it is; else the first is who is asked, and a further one belongs to the reason.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    said = [n for n in names if n in plain]
    named = sorted((n for n in said if not any(n != m and n in m for m in said)), key=plain.index)[
        : 2 if for_others else 1
    ]
    for name in named:
        plain = re.sub(
            rf"(?:和|跟|与|同|给|由|请|让|换)?{name}(?:的班?|换班?|调班?|顶班?|替班?)?", " ", plain, count=1
        )
    days: list[date] = []
    words = re.split(rf"{_GAP}+", plain.strip())
    while words and (day := read_day(_DAY_OF.sub("", words[0]), today)) and len(days) < 2:  # noqa: PLR2004 - one each
        days.append(day)
        words.pop(0)
    if not named or not days:
        return None
    owner, name = named if len(named) > 1 else ("", named[0])
    return DayOffer(owner, days[0], name, days[1] if len(days) > 1 else None, " ".join(words).strip())


class SwapState(StrEnum):
    """Where a swap stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    EFFECTIVE = "effective"
    APPROVED = "approved"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


class Move(StrEnum):
    """What somebody, or the clock, does to a swap."""

    CONSENT = "consent"
    DECLINE = "decline"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    VOID = "void"


S, M = SwapState, Move
MOVES: Final = {
    (S.OFFERED, M.CONSENT): S.ACCEPTED,
    (S.OFFERED, M.DECLINE): S.DECLINED,
    (S.ACCEPTED, M.DECLINE): S.DECLINED,
    (S.ACCEPTED, M.APPROVE): S.APPROVED,
    (S.ACCEPTED, M.REFUSE): S.REFUSED,
    (S.EFFECTIVE, M.APPROVE): S.APPROVED,
    (S.EFFECTIVE, M.REFUSE): S.REFUSED,
    **{(state, M.WITHDRAW): S.WITHDRAWN for state in (S.OFFERED, S.ACCEPTED)},
    **{(state, M.EXPIRE): S.EXPIRED for state in (S.OFFERED, S.ACCEPTED)},
    **{(state, M.VOID): S.VOID for state in (S.OFFERED, S.ACCEPTED)},
}
OPEN = (S.OFFERED, S.ACCEPTED)
"""While a swap is open its shifts can be in no other."""


def after(state: str, move: Move) -> SwapState | None:
    """Return the state after a move, None when the move cannot be made from there."""
    return MOVES.get((SwapState(state), move))

"""The states of a swap, a substitution (替班) or a cover (顶班): every move there is (product.md §4)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_GAP = r"[\s,、:;。]"
_SHIFT = r"S\s*(\d{1,9})(?!\d)"
_OFFER = re.compile(
    rf"{_SHIFT}{_GAP}*([^\s,、:;。]+?)(?:{_GAP}*(?:换|调|⇄)?{_GAP}*{_SHIFT}{_GAP}*(.*)|{_GAP}+(.+)|{_GAP}*)",
    re.IGNORECASE | re.DOTALL,
)


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

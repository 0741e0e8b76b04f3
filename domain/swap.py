"""The states of a swap, a substitution (替班) or a cover (顶班): every move there is (product.md §4)."""

from enum import StrEnum
from typing import Final


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

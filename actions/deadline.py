"""Which act belongs to which deadline: the loop asks what is due and calls it, in one unit of work each."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from storage.database import Tx
from storage.deadline import Deadline

Step = Callable[[Tx, Deadline, datetime], Awaitable[None]]
STEPS: dict[str, Step] = {}


def step(kind: str) -> Callable[[Step], Step]:
    """Register what is done when a deadline of this kind is due."""

    def register(function: Step) -> Step:
        STEPS[kind] = function
        return function

    return register

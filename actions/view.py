"""Live notices: built from the present state when they are rendered, or dropped when they no longer matter."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.notice import Notice
from storage import outbox
from storage.database import Tx


@dataclass(frozen=True)
class Asked:
    """For which event and reader a live notice is wanted (person None: a group)."""

    subject: str
    person_id: int | None
    data: dict[str, Any]
    now: datetime

    @property
    def number(self) -> int:
        """Return the key in a subject such as W12."""
        return int(self.subject[1:])


View = Callable[[Tx, Asked], Awaitable[Notice | None]]
Views = Callable[[Tx, Sequence[Asked]], Awaitable[Sequence[Notice | None]]]
VIEWS: dict[str, Views] = {}


def view(*notices: type[Notice]) -> Callable[[View], View]:
    """Register how these notices are built anew; None means: no longer matters, drop it."""

    def register(function: View) -> View:
        async def one_by_one(tx: Tx, asked: Sequence[Asked]) -> list[Notice | None]:
            return [await function(tx, one) for one in asked]

        views(*notices)(one_by_one)
        return function

    return register


def views(*notices: type[Notice]) -> Callable[[Views], Views]:
    """Register how these notices are built for many readers of one event at once, in the order asked."""

    def register(function: Views) -> Views:
        for notice in notices:
            VIEWS[notice.kind()] = function
        return function

    return register


async def build(tx: Tx, kind: str, asked: Sequence[Asked]) -> Sequence[Notice | None]:
    """Return the notices of one event as they are now; a notice without a view is what was written."""
    live = VIEWS.get(kind)
    if live is not None:
        return await live(tx, asked)
    return [Notice.registry[kind].model_validate(one.data) for one in asked]


async def promise(
    tx: Tx,
    now: datetime,
    subject: str,
    notice: type[Notice],
    *,
    person: int | None = None,
    chat: int | None = None,
    late_minutes: int | None = None,
    again: str = "",
    **data: object,
) -> bool:
    """Promise a live notice once per event, reader and `again` (a name for a repetition that is meant)."""
    return await outbox.say_live(
        tx,
        now,
        notice,
        subject,
        person=person,
        chat=chat,
        key=f"{notice.kind()}:{subject}:P{person or chat}{again}",
        data={"late_minutes": late_minutes, **data},
    )

"""Planted defects: each takes one promise away, at a seam, while a day is lived through."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from actions import (
    auditor,
    callout_ladder,
    callout_views,
    channel,
    cover,
    duty,
    finding,
    handover,
    report_clock,
    report_reopen,
    rollcall,
    roster,
    shift,
)
from actions.view import Asked
from bot import telegram
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import callout as say
from handlers import dispatch
from storage import bulletin, callout, deadline, inbox, log, outbox, people, room, schema
from storage import roster as roster_rows
from storage.database import Tx
from storage.deadline import Deadline
from storage.incident import Incident
from storage.roster import Shift

Patch = tuple[Any, str, Any]
"""Whose name, and what it means while the defect is there."""


@dataclass(frozen=True)
class Mutant:
    """A defect: in a few words, the promises that may be seen to break, and how it is planted."""

    name: str
    promises: str
    planted: Callable[[], Sequence[Patch]]


@contextmanager
def plant(mutant: Mutant | None) -> Iterator[None]:
    """Let the defect be there inside."""
    patches = (
        [(owner, name, vars(owner)[name], new) for owner, name, new in mutant.planted()] if mutant else []
    )
    try:
        for owner, name, _, new in patches:
            setattr(owner, name, new)
        yield
    finally:
        for owner, name, old, _ in patches:
            setattr(owner, name, old)


def _set(change: Callable[[str, str, datetime], datetime | None]) -> Callable[[], Sequence[Patch]]:
    """Return the patch of a ladder's deadlines: each is moved, or (None) not written."""

    async def write(
        tx: Tx,
        kind: str,
        subject: str,
        name: str,
        due_at: datetime,
        *more: Any,  # noqa: ANN401 - passed on
    ) -> None:
        at = change(kind, name, due_at)
        if at is not None:
            await deadline.set_deadline(tx, kind, subject, name, at, *more)

    return lambda: [(callout_ladder, "set_deadline", write)]


def _lost_deadline() -> Sequence[Patch]:
    return _set(lambda _kind, name, at: None if name == "overdue" else at)()


def _early_step() -> Sequence[Patch]:
    return _set(lambda _kind, name, at: at - timedelta(seconds=75) if name == "tell_b" else at)()


def _skipped_rung() -> Sequence[Patch]:
    async def nothing(*_: object) -> None:
        return None

    return [(callout_ladder, "RUNGS", callout_ladder.RUNGS | {"tell_b": nothing})]


def _double_send() -> Sequence[Patch]:
    before = telegram.send

    async def twice(*given: Any, **named: Any) -> telegram.Result:  # noqa: ANN401 - passed on
        await before(*given, **named)
        return await before(*given, **named)

    return [(telegram, "send", twice)]


def _anybody_may() -> Sequence[Patch]:
    def never(*_: object) -> None:
        return None

    users = [m for name, m in sys.modules.items() if name.startswith("actions.") and "refuse" in vars(m)]
    return [(module, "refuse", never) for module in users]


def _gap_at_handover() -> Sequence[Patch]:
    before = handover.sign_out

    async def leave(tx: Tx, *given: Any) -> Any:  # noqa: ANN401 - passed on
        said = await before(tx, *given)
        if type(said).__name__ == "SignedOut":
            await tx.run(delete(schema.watches))
        return said

    return [(handover, "sign_out", leave)]


def _unmarked_repeat() -> Sequence[Patch]:
    before = outbox.postpone

    async def quietly(*given: Any, uncertain: bool) -> None:  # noqa: ANN401 - passed on
        del uncertain
        await before(*given, uncertain=False)

    return [(outbox, "postpone", quietly)]


def _dropped_at_restart() -> Sequence[Patch]:
    async def drop(tx: Tx, _now: datetime) -> int:
        where = schema.outbox.c.state == "sending"
        return await tx.run(update(schema.outbox).where(where).values(state="dropped"))

    return [(outbox, "recover", drop)]


def _lost_answer() -> Sequence[Patch]:
    async def forget(*_: object) -> None:
        return None

    return [(callout, "acknowledge_all", forget)]


def _old_messages_dropped() -> Sequence[Patch]:
    before = inbox.keep

    async def young(tx: Tx, now: datetime, updates: Sequence[tuple[dict[str, Any], bool]]) -> int:
        kept = [
            (raw, ready)
            for raw, ready in updates
            if "message" not in raw or now.timestamp() - raw["message"]["date"] < 60
        ]
        return await before(tx, now, kept)

    return [(inbox, "keep", young)]


def _told_twice() -> Sequence[Patch]:
    before = callout.tell

    async def again(*given: Any, **named: Any) -> int:  # noqa: ANN401 - passed on
        if given[3].endswith("order") and not named:
            named = {"again": f":{given[1]:%H%M}"}
        return await before(*given, **named)

    return [(callout, "tell", again)]


def _wrong_clock() -> Sequence[Patch]:
    before = auditor.came_back

    async def late(tx: Tx, now: datetime) -> Any:  # noqa: ANN401 - passed on
        found = await before(tx, now)
        await deadline.move_earlier(tx, ("callout", "report"), -timedelta(minutes=30))
        return found

    return [(auditor, "came_back", late)]


def _followup_forgotten() -> Sequence[Patch]:
    async def never(_tx: Tx, _i: object, now: datetime) -> datetime:
        return now + timedelta(minutes=30)

    return [(report_clock, "followup_from", never)]


def _unrecorded() -> Sequence[Patch]:
    before = log.append

    async def silent(tx: Tx, now: datetime, person: int | None, act: str, *given: Any, **data: Any) -> int:  # noqa: ANN401 - passed on
        return 0 if act == "handover.forced" else await before(tx, now, person, act, *given, **data)

    return [(log, "append", silent)]


def _lateness_hidden() -> Sequence[Patch]:
    return [(Deadline, "late_minutes", None)]


def _log_uncovered() -> Sequence[Patch]:
    before = log.entry_hash

    def without_words(previous: str, seq: int, fields: Sequence[object]) -> str:
        return before(previous, seq, [*fields[:5], "", fields[6]])

    return [(log, "entry_hash", without_words)]


def _reminded_after_answer() -> Sequence[Patch]:
    async def everybody(tx: Tx, now: datetime, b: Any, late: int | None) -> None:  # noqa: ANN401 - passed on
        kind, urgency = say.Reminder.kind(), Priority.LADDER
        await callout.tell(tx, now, b.id, kind, urgency, callout.Group.ALL, late_minutes=late)

    async def though_answered(tx: Tx, asked: Asked, kind: type[say.Reminder]) -> say.Reminder | None:
        b = await bulletin.by_id(tx, asked.number)
        if b is None or asked.person_id is None:
            return None
        units = tuple(c.unit for c in await callout.of_person(tx, b.id, asked.person_id))
        return kind(head=callout_views.head(b), units=units, left_minutes=0, late_minutes=None)

    return [
        (callout_ladder, "RUNGS", callout_ladder.RUNGS | {"remind": everybody}),
        (callout_views, "_reminder", though_answered),
    ]


def _leader_not_told() -> Sequence[Patch]:
    async def nobody(*_: object) -> list[duty.Responsible]:
        return []

    return [(duty, "leaders_to_tell", nobody)]


def _group_heard() -> Sequence[Patch]:
    async def always(*_: object) -> bool:
        return True

    return [(dispatch, "_in_our_group", always)]


def _cover_without_watch() -> Sequence[Patch]:
    before = cover._cover

    async def beside(tx: Tx, who: Actor, now: datetime, s: Shift, why: str) -> Notice:
        watch = await roster_rows.watch(tx)
        said = await before(tx, who, now, s, why)
        if watch is not None:
            await roster_rows.take_watch(tx, now, watch.person_id, watch.shift_id)
        return said

    return [(cover, "_cover", beside)]


def _roster_moves_watch() -> Sequence[Patch]:
    before = roster.publish

    async def moved(tx: Tx, by: int | None, now: datetime, *given: Any, **named: Any) -> int:  # noqa: ANN401 - passed on
        shifts = await before(tx, by, now, *given, **named)
        await tx.run(delete(schema.watches))
        await duty.first_watch(tx, now)
        return shifts

    return [(roster, "publish", moved)]


def _cover_unasked() -> Sequence[Patch]:
    async def silently(tx: Tx, who: Actor, now: datetime, shift_id: int, why: str) -> None:
        await log.append(tx, now, who.id, "cover", f"S{shift_id}", why)
        await finding.refresh(tx, now)

    return [(cover, "_covered", silently)]


def _missed_unsaid() -> Sequence[Patch]:
    async def nobody(*_: object) -> None:
        return None

    return [(shift, "_not_arrived", nobody)]


def _reopened_without_clock() -> Sequence[Patch]:
    before = report_reopen._open_again

    async def unasked(
        tx: Tx, who: Actor, now: datetime, i: Incident, why: str, *, since: datetime | None
    ) -> Incident:
        after = await before(tx, who, now, i, why, since=since)
        await deadline.clear_deadlines(tx, now, "followup", i.number)
        return after

    return [(report_reopen, "_open_again", unasked)]


async def _nothing(*_: object, **__: object) -> None:
    """Do nothing."""


def _goes_on_reading() -> Sequence[Patch]:
    async def only_the_account(tx: Tx, _now: datetime, person: int) -> None:
        ended = update(schema.people).where(schema.people.c.id == person)
        await tx.run(ended.values(active=False, telegram_id=None))

    return [(people, "revoke", only_the_account)]


def _left_without_stand_in() -> Sequence[Patch]:
    return [(callout_ladder, "left", _nothing)]


def _back_without_text() -> Sequence[Patch]:
    return [(callout_ladder, "moved_in", _nothing)]


def _exercise_unsaid() -> Sequence[Patch]:
    async def never(*_: object) -> bool:
        return False

    return [(room, "drilling", never)]


def _texts_lost() -> Sequence[Patch]:
    async def none(*_: object, **__: object) -> int:
        return 0

    return [(channel, "reach", none)]


def _failed_texts_untold() -> Sequence[Patch]:
    return [(channel, "failed", _nothing)]


def _roll_call_untold() -> Sequence[Patch]:
    return [(rollcall, "_tell", _nothing)]


MUTANTS = (
    Mutant("a deadline that is never written", "P2", _lost_deadline),
    Mutant("a rung that is skipped", "P2", _skipped_rung),
    Mutant("a rung that is climbed early", "P3", _early_step),
    Mutant("every message sent twice", "P4", _double_send),
    Mutant("a repeat that does not say so", "P4", _unmarked_repeat),
    Mutant("the auditor tells everybody again", "P4", _told_twice),
    Mutant("what was on the wire at a kill is dropped", "P2 P3 P4 P1", _dropped_at_restart),
    Mutant("an answer confirmed and not kept", "P2 P4", _lost_answer),
    Mutant("messages that waited a minute are dropped", "P4", _old_messages_dropped),
    Mutant("anybody may do anything", "P6 P3", _anybody_may),
    Mutant("the watch is left at the outgoing signature", "P1", _gap_at_handover),
    Mutant("a forced handover is not recorded", "P7", _unrecorded),
    Mutant("clocks half an hour late after a restart", "P2 P3", _wrong_clock),
    Mutant("lateness is not said", "P3", _lateness_hidden),
    Mutant("a follow-up that is never asked for", "P3", _followup_forgotten),
    Mutant("leaders are never told", "P1 P2 P3", _leader_not_told),
    Mutant("who has answered is reminded all the same", "P2", _reminded_after_answer),
    Mutant("the words of the log are not covered by its hashes", "P7", _log_uncovered),
    Mutant("words in the group count as if said to the bot", "P6 P1", _group_heard),
    Mutant("who steps in does not get the watch", "P1", _cover_without_watch),
    Mutant("a roster for the running day moves the watch", "P1 P7", _roster_moves_watch),
    Mutant("who has not come is named to nobody", "P2", _missed_unsaid),
    Mutant("what is opened again is never asked after", "P3", _reopened_without_clock),
    Mutant("nobody is asked to approve who steps in", "P2", _cover_unasked),
    Mutant("who has no access any more goes on reading", "P6", _goes_on_reading),
    Mutant("nobody stands in for who is deactivated", "P2", _left_without_stand_in),
    Mutant("who is taken up again is not sent what runs", "P2", _back_without_text),
    Mutant("an exercise does not say so", "P7", _exercise_unsaid),
    Mutant("no text message is sent", "P2", _texts_lost),
    Mutant("a text message that fails is told to nobody", "P2", _failed_texts_untold),
    Mutant("whoever asked for a roll call hears nothing", "P3", _roll_call_untold),
)

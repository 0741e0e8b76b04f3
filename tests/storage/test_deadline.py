"""A deadline is acted on once, cleared when it is answered, and tells how late it was."""

import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from domain.notice import Priority
from storage import deadline
from storage.database import Database, Loop
from tests.storage.conftest import NOW, BrokenOff

MINUTE = timedelta(minutes=1)


async def test_a_step_is_claimed_once(db: Database) -> None:
    async with db.write() as tx:
        await deadline.set_deadline(tx, "callout", "W1", "remind", NOW)
        (step,) = await deadline.due(tx, NOW)
        assert await deadline.claim(tx, step, NOW)
        assert not await deadline.claim(tx, step, NOW)
    async with db.write() as tx:
        assert await deadline.due(tx, NOW + MINUTE) == []
        assert await deadline.next_due(tx) is None


async def test_a_step_claimed_in_a_unit_that_fails_is_due_again(db: Database) -> None:
    async with db.write() as tx:
        await deadline.set_deadline(tx, "callout", "W1", "remind", NOW)
    with contextlib.suppress(BrokenOff):
        async with db.write() as tx:
            (step,) = await deadline.due(tx, NOW)
            assert await deadline.claim(tx, step, NOW)
            raise BrokenOff
    async with db.write() as tx:
        assert [s.step for s in await deadline.due(tx, NOW)] == ["remind"]


async def test_an_answer_that_came_between_leaves_nothing_to_claim(db: Database) -> None:
    async with db.write() as tx:
        await deadline.set_deadline(tx, "callout", "W1", "remind", NOW)
        (step,) = await deadline.due(tx, NOW)
        assert await deadline.clear_deadlines(tx, NOW, "callout", "W1") == 1
        assert not await deadline.claim(tx, step, NOW)


async def test_clearing_touches_only_what_it_names(db: Database) -> None:
    async with db.write() as tx:
        for subject in ("E1", "E2"):
            for step in ("phone-0", "written-0"):
                await deadline.set_deadline(tx, "report", subject, step, NOW + MINUTE)
        await deadline.set_deadline(tx, "followup", "E1", "due", NOW + MINUTE)
        assert await deadline.clear_deadlines(tx, NOW, "report", "E1", ["phone-0"]) == 1
        assert set(await deadline.open_of(tx, "report", "E1")) == {"written-0"}
        assert await deadline.clear_deadlines(tx, NOW, "report", "E1") == 1
        assert await deadline.clear_deadlines(tx, NOW, "report", "E1") == 0
        assert set(await deadline.open_of(tx, "report", "E2")) == {"phone-0", "written-0"}
        assert set(await deadline.open_of(tx, "followup", "E1")) == {"due"}
        assert await deadline.any_of(tx, "report", "E1")
        assert not await deadline.any_of(tx, "report", "E9")


async def test_a_step_set_again_counts_from_the_new_time_and_may_fire_again(db: Database) -> None:
    async with db.write() as tx:
        await deadline.set_deadline(tx, "followup", "E1", "due", NOW)
        (step,) = await deadline.due(tx, NOW)
        await deadline.claim(tx, step, NOW)
        await deadline.set_deadline(tx, "followup", "E1", "due", NOW + MINUTE)
        assert await deadline.open_of(tx, "followup", "E1") == {"due": NOW + MINUTE}
        (again,) = await deadline.due(tx, NOW + MINUTE)
        assert await deadline.claim(tx, again, NOW + MINUTE)


async def test_the_most_urgent_comes_first_then_the_oldest(db: Database) -> None:
    async with db.write() as tx:
        await deadline.set_deadline(tx, "roster", "S1", "prompt", NOW - 5 * MINUTE)
        await deadline.set_deadline(tx, "callout", "W1", "late", NOW, Priority.LADDER)
        await deadline.set_deadline(tx, "callout", "W1", "early", NOW - MINUTE, Priority.LADDER)
        await deadline.set_deadline(tx, "callout", "W1", "not yet", NOW + MINUTE, Priority.LADDER)
        assert [s.step for s in await deadline.due(tx, NOW)] == ["early", "late", "prompt"]
        assert [s.step for s in await deadline.due(tx, NOW, limit=1)] == ["early"]
        assert await deadline.next_due(tx) == NOW - 5 * MINUTE
        assert await deadline.overdue(tx, NOW, MINUTE) == 2


async def test_a_step_that_failed_is_put_off_and_stays_open(db: Database) -> None:
    async with db.write() as tx:
        await deadline.set_deadline(tx, "callout", "W1", "remind", NOW)
        (step,) = await deadline.due(tx, NOW)
        await deadline.put_off(tx, step, NOW + MINUTE)
        assert await deadline.due(tx, NOW) == []
        assert [s.step for s in await deadline.due(tx, NOW + MINUTE)] == ["remind"]


LATENESS = (
    (0, None, "in time"),
    (5, None, "within what a busy moment takes"),
    (6, 1, "late, and at least a minute is said"),
    (80, 1, "a minute and a bit"),
    (100, 2, "nearer to two"),
    (3600, 60, "an hour"),
)


@pytest.mark.parametrize(("seconds", "minutes", "sentence"), LATENESS, ids=[row[2] for row in LATENESS])
async def test_lateness_is_told_in_minutes(
    db: Database, seconds: int, minutes: int | None, sentence: str
) -> None:
    now = NOW + timedelta(seconds=seconds)
    async with db.write() as tx:
        await deadline.set_deadline(tx, "callout", "W1", "remind", NOW)
        (step,) = await deadline.due(tx, now)
    assert step.late == timedelta(seconds=seconds), sentence
    assert step.late_minutes == minutes, sentence


async def test_a_deadline_wakes_the_clockwork_alone_at_its_moment(db: Database) -> None:
    woken: list[Mapping[Loop, datetime]] = []
    db.woken = woken.append
    async with db.write() as tx:
        await deadline.set_deadline(tx, "callout", "W1", "overdue", NOW + 2 * MINUTE)
        await deadline.set_deadline(tx, "callout", "W1", "remind", NOW + MINUTE)
    assert woken == [{Loop.DUE: NOW + MINUTE}]

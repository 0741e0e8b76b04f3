"""Who writes next: the most urgent, then who came first; nobody who gave up holds up the rest."""

import asyncio

import pytest

from storage.turns import Turns


async def queue(turns: Turns, came: list[str], name: str, *, urgent: bool = False) -> None:
    async with turns.turn(urgent=urgent):
        came.append(name)
        await asyncio.sleep(0)


async def test_the_urgent_goes_before_those_who_wait_and_equals_in_their_order() -> None:
    turns, came = Turns(), list[str]()
    async with asyncio.TaskGroup() as group, turns.turn(urgent=False):
        for name in ("a", "b", "!c", "d", "!e"):
            group.create_task(queue(turns, came, name, urgent=name.startswith("!")))
        await asyncio.sleep(0)
        assert came == []
    assert came == ["!c", "!e", "a", "b", "d"]


async def test_one_holds_it_at_a_time() -> None:
    turns, inside, most = Turns(), 0, 0

    async def hold(number: int) -> None:
        nonlocal inside, most
        async with turns.turn(urgent=number % 3 == 0):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(hold(n) for n in range(20)))
    assert (inside, most) == (0, 1)


async def test_who_is_cancelled_while_waiting_or_as_the_turn_comes_holds_up_nobody() -> None:
    turns, came = Turns(), list[str]()
    async with asyncio.timeout(1), asyncio.TaskGroup() as group:
        async with turns.turn(urgent=False):
            first, second, _ = (group.create_task(queue(turns, came, name)) for name in "abc")
            await asyncio.sleep(0)
            first.cancel()
        second.cancel()  # it was handed the turn, and has not run since
    assert came == ["c"]


async def test_a_turn_that_fails_is_handed_on() -> None:
    turns, came = Turns(), list[str]()
    with pytest.raises(RuntimeError):
        async with turns.turn(urgent=False):
            raise RuntimeError
    await asyncio.wait_for(queue(turns, came, "a"), 1)
    assert came == ["a"]

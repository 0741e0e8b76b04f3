"""The limiter: never more than is allowed in any one second, nothing within a hold, no burst after it."""

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limiter import GROUP_PER_MINUTE, SLICE, WIDE_FLOOD, Limiter

TICK = 1 / 64
"""Steps of the clock that floats hold exactly, so that a second is a second."""
GAP = 1.0
GROUP = -100

Traffic = list[tuple[int, int]]
traffic = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), max_size=120)
"""Waits in ticks, and how many chats have something to say."""


def send_all(limiter: Limiter, chats: range, now: float) -> list[tuple[float, int]]:
    """Send to as many of these chats as may be sent to now, as the outbox does."""
    sent: list[tuple[float, int]] = []
    for chat in chats:
        if limiter.free(now) > 0 and chat not in limiter.busy(now):
            limiter.take(chat, now)
            sent.append((now, chat))
    return sent


def played(limiter: Limiter, events: Traffic, start: float = 0.0) -> list[tuple[float, int]]:
    """Return every send of random traffic: when, to whom."""
    now, sent = start, []
    for ticks, chats in events:
        now += ticks * TICK
        sent += send_all(limiter, range(1, chats + 1), now)
    return sent


def most_within(times: list[float], seconds: float) -> int:
    """Return the most of these moments that lie within any window of so many seconds."""
    return max((bisect_left(times, at + seconds) - i for i, at in enumerate(times)), default=0)


@given(traffic, st.integers(1, 12))
def test_no_second_holds_more_than_may_be_sent(events: Traffic, per_second: int) -> None:
    times = [at for at, _ in played(Limiter(per_second, GAP), events)]
    assert most_within(times, 1.0) <= per_second


@given(traffic, st.integers(1, 40))
def test_a_second_is_used_evenly(events: Traffic, per_second: int) -> None:
    times = [at for at, _ in played(Limiter(per_second, GAP), events)]
    assert most_within(times, SLICE) <= -(-per_second // 4)


@given(traffic)
def test_no_chat_hears_two_messages_within_its_gap(events: Traffic) -> None:
    sent = played(Limiter(100, GAP), events)
    for chat in {chat for _, chat in sent}:
        assert most_within([at for at, to in sent if to == chat], GAP) <= 1


@given(traffic)
def test_what_may_go_is_not_held_back(events: Traffic) -> None:
    limiter = Limiter(5, GAP)
    sent = played(limiter, events)
    end = (sent[-1][0] if sent else 0.0) + 1.0
    assert limiter.free(end) == 2
    assert limiter.busy(end) == set()


@given(st.integers(1, 64 * 30), traffic)
def test_a_chat_on_hold_hears_nothing_until_it_is_over_and_others_go_on(ticks: int, events: Traffic) -> None:
    limiter = Limiter(100, GAP)
    limiter.hold(1, ticks * TICK, 0.0)
    sent = played(limiter, events)
    assert all(at >= ticks * TICK for at, chat in sent if chat == 1)
    assert send_all(Limiter(100, GAP), range(2, 3), 0.0) == [(0.0, 2)]


@given(st.integers(64, 64 * 30), traffic, st.integers(1, 12))
def test_after_a_hold_of_all_there_is_no_burst(ticks: int, events: Traffic, per_second: int) -> None:
    limiter = Limiter(per_second, GAP)
    for chat in range(1, WIDE_FLOOD + 1):
        limiter.hold(chat, ticks * TICK, 0.0)
    assert limiter.free(ticks * TICK - TICK) == 0
    assert limiter.next_free(0.0) == ticks * TICK
    sent = played(limiter, [*events, (64 * 30, 30), *events])
    assert all(at >= ticks * TICK for at, _ in sent)
    assert most_within([at for at, _ in sent], 1.0) <= per_second


def test_a_shorter_hold_does_not_shorten_a_longer_one() -> None:
    limiter = Limiter(10, GAP)
    limiter.hold(1, 30.0, 0.0)
    limiter.hold(1, 2.0, 1.0)
    limiter.take(1, 2.0)
    assert limiter.busy(29.0) == {1}
    assert limiter.busy(30.0) == set()


HOLDS = (
    ([(0.0, 1), (1.0, 1), (2.0, 1)], 3, "one chat again and again holds only itself"),
    ([(0.0, 1), (1.0, 2)], 3, "two chats hold only themselves"),
    ([(0.0, 1), (1.0, 2), (11.5, 3)], 3, "three chats over a longer time hold only themselves"),
    ([(0.0, 1), (1.0, 2), (2.0, 3)], 0, "three chats within ten seconds: the whole bot is held"),
)


@pytest.mark.parametrize(("holds", "free", "sentence"), HOLDS, ids=[row[2] for row in HOLDS])
def test_who_is_held(holds: list[tuple[float, int]], free: int, sentence: str) -> None:
    limiter = Limiter(10, GAP)
    for at, chat in holds:
        limiter.hold(chat, 20.0, at)
    assert limiter.free(holds[-1][0]) == free, sentence


@given(st.lists(st.integers(0, 64 * 10), max_size=150))
def test_a_group_hears_twenty_messages_in_any_minute(waits: list[int]) -> None:
    limiter, now, times = Limiter(100, GAP), 0.0, []
    for ticks in waits:
        now += ticks * TICK
        times += [at for at, _ in send_all(limiter, range(GROUP, GROUP + 1), now)]
    assert most_within(times, 60.0) <= GROUP_PER_MINUTE


def test_a_group_gets_its_whole_twenty_and_a_person_more() -> None:
    limiter = Limiter(100, GAP)
    for second in range(59):
        send_all(limiter, range(GROUP, GROUP + 1), float(second))
        send_all(limiter, range(7, 8), float(second))
    assert len(limiter._group[GROUP]) == GROUP_PER_MINUTE
    assert GROUP in limiter.busy(58.0)
    assert len(limiter._recent) == 1
    assert limiter.busy(60.0) == set()


WAITS: tuple[tuple[list[int], float, float, str], ...] = (
    ([], 0.0, 60.0, "nothing is held: look again in a minute"),
    ([1], 0.0, 1.0, "a chat's gap"),
    ([1, 2, 3], 0.0, SLICE, "the slice's share is used up"),
    (list(range(1, 13)), 0.5, 0.5, "the second's share is used up"),
)


@pytest.mark.parametrize(("chats", "now", "wait", "sentence"), WAITS, ids=[row[3] for row in WAITS])
def test_when_something_may_go_again(chats: list[int], now: float, wait: float, sentence: str) -> None:
    limiter = Limiter(12, GAP)
    for chat in chats:
        limiter.take(chat, 0.0)
    assert limiter.next_free(now) == wait, sentence

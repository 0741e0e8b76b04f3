"""Generated rosters: no rule is broken, everybody serves alike over the year, open slots say the true reason."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.day_kind import Arrangement, kind_of
from domain.roster_fairness import Served, spread
from domain.roster_problem import Plan, Rules, Slot, Worker
from domain.roster_solver import generate, round_robin
from tests.domain.roster_checker import broken

HOUR = timedelta(hours=1)
JUNE = date(2026, 6, 1)
NAMES = ("王志强", "李建国", "刘芳", "陈刚", "周凯", "冯磊", "马永军", "赵敏")
SHIFTS = {"全天": (8.5, 24.0), "白班": (8.5, 9.0), "夜班": (17.5, 15.0)}
"""Hour of the start, length in hours."""


def slot(day: date, post: str = "officer", count: int = 1, shift: str = "全天") -> Slot:
    """Return one post of a shift of a day (in UTC, to keep the table short)."""
    start, length = SHIFTS[shift]
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + start * HOUR
    kind = kind_of(day, Arrangement()).kind
    return Slot(f"{day}/{shift}/{post}", post, at, at + length * HOUR, day, kind, count)


def slots(
    days: int, post: str = "officer", count: int = 1, shift: str = "全天", first: date = JUNE
) -> list[Slot]:
    return [slot(first + timedelta(days=n), post, count, shift) for n in range(days)]


def people(count: int, *posts: str, first: int = 1) -> list[Worker]:
    """Return the first few people, their ids from 1."""
    return [
        Worker(id_, NAMES[id_ - 1], frozenset(posts or {"officer"})) for id_ in range(first, first + count)
    ]


def made(wanted: Sequence[Slot], workers: Sequence[Worker], rules: Rules | None = None) -> Plan:
    """Return a generated plan that breaks no rule."""
    rules = rules or Rules()
    plan = generate(wanted, workers, rules, seconds=20)
    assert broken(plan, wanted, workers, rules) == []
    return plan


def on(plan: Plan, key: str | date) -> set[int]:
    return {id_ for k, id_ in plan.assigned if k.startswith(str(key))}


def times(plan: Plan) -> dict[int, int]:
    return dict(Counter(id_ for _, id_ in plan.assigned))


# --- turns and fairness -----------------------------------------------------------------------------------


def test_people_of_whom_nothing_is_known_take_turns_in_the_order_of_the_list() -> None:
    plan = made(slots(8, first=date(2026, 7, 6)), people(4))
    weekdays = [id_ for _, id_ in plan.assigned][:5]
    assert weekdays == [1, 2, 3, 4, 1]
    assert (plan.optimal, plan.unmet, plan.spread["officer"].total) == (True, (), 0)


def test_whoever_waited_longest_is_first() -> None:
    standing = {1: 5, 2: 2, 3: 4, 4: 3}  # days ago
    workers = [
        replace(
            w,
            busy=(
                (
                    slot(JUNE - timedelta(days=standing[w.id])).starts_at,
                    slot(JUNE - timedelta(days=standing[w.id])).ends_at,
                ),
            ),
        )
        for w in people(4)
    ]
    assert [id_ for _, id_ in made(slots(4), workers).assigned] == [1, 3, 4, 2]


def test_whoever_served_ten_more_this_year_gets_fewer() -> None:
    ahead, *others = people(5)
    workers = [
        replace(ahead, served={"officer": Served(13)}),
        *(replace(w, served={"officer": Served(3)}) for w in others),
    ]
    plan = made(slots(30), workers)
    assert times(plan).get(1, 0) == 0
    assert sorted(times(plan).values()) == [7, 7, 8, 8]
    plan = made(slots(61), workers)
    assert {plan.counts[w.id, "officer"].total for w in workers} <= {17, 18}, "two months later all are even"


def test_rest_days_and_holidays_are_balanced_each_by_itself() -> None:
    tired, *others = people(4)
    workers = [
        replace(tired, served={"officer": Served(4, weekend=3)}),
        *(replace(w, served={"officer": Served(4)}) for w in others),
    ]
    plan = made(slots(31, first=date(2026, 10, 1)), workers)
    assert plan.spread["officer"] == Served(1, 1, 1)
    assert plan.counts[1, "officer"].weekend == 3, "the rest days of October go to the others"
    assert plan.counts[1, "officer"].holiday in (1, 2), "its holidays go to all"


def test_a_holiday_is_given_to_one_who_cannot_take_the_next() -> None:
    here, away = people(2)
    away = replace(away, leave=((date(2026, 10, 3), date(2026, 10, 3)),))
    plan = made([slot(date(2026, 10, day)) for day in (1, 3, 12, 14)], [here, away])
    assert plan.spread["officer"] == Served(0, 0, 0), "by turns the first would take both, and no other day"


def test_a_post_is_balanced_by_itself() -> None:
    workers = [
        replace(
            w,
            served={"driver": Served(9), "officer": Served(2)}
            if w.id == 1
            else {"driver": Served(2), "officer": Served(2)},
        )
        for w in people(6, "officer", "driver")
    ]
    plan = made([*slots(18), *slots(18, "driver")], workers)
    assert plan.spread["officer"].total == 0, "a driver's many shifts do not spare the officer"
    assert plan.counts[1, "driver"].total == 9


def test_months_carry_on_what_was_served() -> None:
    workers = people(7)
    plan = made(slots(92), workers)
    assert (plan.optimal, plan.spread["officer"].total, plan.spread["officer"].weekend) == (True, 1, 1)


def test_it_is_fairer_than_the_rotation_of_a_paper_list() -> None:
    workers = [
        replace(w, leave=((date(2026, 6, 8), date(2026, 6, 14)),)) if w.id in (2, 5) else w for w in people(7)
    ]
    wanted = slots(61)
    turns = round_robin(wanted, workers, Rules())
    assert broken(turns, wanted, workers, Rules()) == []
    assert (turns.spread["officer"].total, made(wanted, workers).spread["officer"].total) == (3, 1)


def test_a_spread_is_the_most_less_the_least_of_each() -> None:
    assert spread([Served(5, 2, 0), Served(3, 3, 1), Served(4, 2, 4)]) == Served(2, 1, 4)
    assert spread([]) == Served()


# --- the hard rules ---------------------------------------------------------------------------------------


def test_nobody_serves_on_a_day_of_leave() -> None:
    away = replace(
        people(1)[0],
        leave=((JUNE, JUNE + timedelta(days=9)), (JUNE + timedelta(days=12), JUNE + timedelta(days=12))),
    )
    plan = made(slots(14), [away, *people(3, first=2)])
    assert {key[:10] for key, id_ in plan.assigned if id_ == 1} <= {"2026-06-11", "2026-06-12", "2026-06-14"}
    assert times(plan)[1] >= 1


def test_two_leaders_of_a_day_are_two_people() -> None:
    plan = made(slots(12, "leader", count=2), people(4, "leader"))
    assert all(len(on(plan, s.key)) == 2 for s in slots(12, "leader"))
    assert set(times(plan).values()) == {6}


@pytest.mark.parametrize(
    ("hours", "workers", "open_", "what"),
    [
        (24, 3, 0, "three people take every third shift: a day, then the night of the next day"),
        (24, 2, 5, "two people take every third shift each: of sixteen eleven"),
        (8, 2, 0, "one person takes the days and one the nights"),
        (8, 1, 8, "one person takes every second shift"),
        (0, 1, 0, "one person is enough where nobody rests"),
    ],
)
def test_rest_holds_between_day_and_night(hours: int, workers: int, open_: int, what: str) -> None:
    wanted = [*slots(8, shift="白班"), *slots(8, shift="夜班")]
    plan = made(wanted, people(workers), Rules(rest=hours * HOUR))
    assert sum(u.missing for u in plan.unmet) == open_, what


def test_a_standing_shift_is_kept_and_rested_from() -> None:
    standing = slot(JUNE + timedelta(days=2), "leader")
    both = people(3, "leader", "officer")
    workers = [replace(both[0], busy=((standing.starts_at, standing.ends_at),)), *both[1:]]
    plan = made(slots(5), workers)
    assert {key[:10] for key, id_ in plan.assigned if id_ == 1} <= {"2026-06-01", "2026-06-05"}


def test_those_to_be_kept_apart_are_never_on_at_the_same_time() -> None:
    workers = people(6, "leader", "officer")
    wanted = [*slots(12, "leader"), *slots(12, "officer")]
    plan = made(wanted, workers, Rules(apart=(frozenset({1, 2}), frozenset({2, 3}))))
    assert plan.unmet == ()
    assert not any({1, 2} <= on(plan, s.day) or {2, 3} <= on(plan, s.day) for s in wanted)


def test_the_night_after_a_day_is_not_the_same_time() -> None:
    wanted = [slot(JUNE, shift="白班"), slot(JUNE, shift="夜班")]
    plan = made(wanted, people(2), Rules(apart=(frozenset({1, 2}),)))
    assert plan.unmet == ()


def test_those_who_go_together_are_on_the_same_day_or_not_at_all() -> None:
    workers = people(6, "leader", "officer")
    wanted = [*slots(12, "leader"), *slots(12, "officer")]
    plan = made(wanted, workers, Rules(together=(frozenset({1, 4}),)))
    assert plan.unmet == ()
    assert times(plan) == dict.fromkeys(range(1, 7), 4)
    assert all(len(on(plan, s.day) & {1, 4}) in (0, 2) for s in wanted)


def test_one_whose_partner_stands_that_day_may_be_on() -> None:
    standing = slot(JUNE, "leader")
    partner = Worker(2, "李建国", frozenset({"leader"}), busy=((standing.starts_at, standing.ends_at),))
    plan = made(slots(3), [*people(1), partner], Rules(together=(frozenset({1, 2}),)))
    assert (plan.assigned, plan.optimal) == ((("2026-06-01/全天/officer", 1),), True)
    assert [u.slot[:10] for u in plan.unmet] == ["2026-06-02", "2026-06-03"]


def test_a_pair_that_names_a_stranger_binds_nobody() -> None:
    rules = Rules(apart=(frozenset({1, 99}),), together=(frozenset({2, 98}),))
    assert set(times(made(slots(9), people(3), rules)).values()) == {3}


# --- open slots -------------------------------------------------------------------------------------------

DAY = (JUNE, JUNE)
BUSY = (slot(JUNE).starts_at, slot(JUNE).ends_at)
YESTERDAY = (BUSY[0] - timedelta(days=1), BUSY[1] - timedelta(days=1))
A, B, C = people(3)
REASONS = [
    ("nobody has the post", people(2, "driver"), Rules(), "无人具备该岗位资格"),
    ("nobody at all", [], Rules(), "无人具备该岗位资格"),
    (
        "all on leave",
        [replace(w, leave=(DAY,)) for w in (A, B, C)],
        Rules(),
        "3人请假（王志强、李建国、刘芳）",
    ),
    ("on duty elsewhere", [replace(A, busy=(BUSY,))], Rules(), "1人同一时段已有班（王志强）"),
    ("on duty the day before", [replace(A, busy=(YESTERDAY,))], Rules(), "1人休息时间不足24小时（王志强）"),
    (
        "a shorter rest",
        [replace(A, busy=((YESTERDAY[0], BUSY[0] - HOUR),))],
        Rules(rest=1.5 * HOUR),
        "1人休息时间不足1.5小时（王志强）",
    ),
    (
        "kept apart from one who stands",
        [A, replace(B, posts=frozenset({"driver"}), busy=(BUSY,))],
        Rules(apart=(frozenset({1, 2}),)),
        "1人须与在班人员错开（王志强）",
    ),
    (
        "together with one on leave",
        [A, replace(B, leave=(DAY,))],
        Rules(together=(frozenset({1, 2}),)),
        "1人请假（李建国）；1人须与他人同日值班、而那人这天排不上（王志强）",
    ),
    (
        "each for a reason of their own",
        [replace(A, leave=(DAY,)), replace(B, busy=(YESTERDAY,)), replace(C, busy=(BUSY,))],
        Rules(),
        "1人请假（王志强）；1人同一时段已有班（刘芳）；1人休息时间不足24小时（李建国）",
    ),
    (
        "many names are the first few",
        [replace(w, leave=(DAY,)) for w in people(7)],
        Rules(),
        "7人请假（王志强、李建国、刘芳、陈刚、周凯等）",
    ),
]


@pytest.mark.parametrize(("workers", "rules", "why"), [r[1:] for r in REASONS], ids=[r[0] for r in REASONS])
def test_an_open_slot_says_what_keeps_everybody_from_it(
    workers: list[Worker], rules: Rules, why: str
) -> None:
    plan = made([slot(JUNE)], workers, rules)
    assert [(u.missing, u.why) for u in plan.unmet] == [(1, why)]


def test_a_slot_for_more_people_than_there_are_lacks_the_rest() -> None:
    plan = made([slot(JUNE, count=3)], [A, replace(B, leave=(DAY,))])
    assert [(u.missing, u.why) for u in plan.unmet] == [(2, "1人已排在本班（王志强）；1人请假（李建国）")]


def test_as_many_slots_are_filled_as_can_be_though_turns_would_fill_fewer() -> None:
    first, second = slot(JUNE), slot(JUNE + timedelta(days=1), "driver")
    workers = [
        Worker(1, "王志强", frozenset({"officer", "driver"})),
        Worker(2, "李建国", frozenset({"officer"}), served={"officer": Served(9)}),
    ]
    plan = made([first, second], workers)
    assert (round_robin([first, second], workers, Rules()).unmet != (), plan.unmet) == (True, ())


def test_the_last_day_of_a_month_leaves_somebody_for_the_first_of_the_next() -> None:
    first, second = slot(date(2026, 6, 30)), slot(date(2026, 7, 1), "driver")
    workers = [
        Worker(1, "王志强", frozenset({"officer", "driver"})),
        Worker(2, "李建国", frozenset({"officer"}), served={"officer": Served(9)}),
    ]
    assert made([first, second], workers).unmet == ()


def test_what_a_month_left_for_the_next_and_that_did_not_use_is_filled_after_all() -> None:
    july = [slot(date(2026, 7, 1), "leader"), *slots(7, "driver", first=date(2026, 7, 2))]
    gone = ((JUNE, date(2026, 7, 31)),)
    workers = [
        Worker(
            1,
            "王志强",
            frozenset({"officer", "leader", "driver"}),
            served={"officer": Served(9), "leader": Served(5)},
        ),
        Worker(2, "李建国", frozenset({"officer", "leader"}), leave=gone),
    ]
    plan = made([slot(date(2026, 6, 30)), *july], workers)
    assert [key[5:10] for key, _ in plan.assigned] == ["06-30", "07-02", "07-04", "07-06", "07-08"]


def test_nothing_to_fill_is_an_empty_plan() -> None:
    assert made([], people(2)).assigned == ()
    assert made([], []).spread == {}


def test_without_time_the_turns_stand_and_are_called_unproven() -> None:
    wanted = slots(31)
    plan = generate(wanted, people(5), Rules(), seconds=0)
    assert broken(plan, wanted, people(5), Rules()) == []
    assert (plan.optimal, plan.unmet) == (False, ())


# --- any problem ------------------------------------------------------------------------------------------

POSTS = ("leader", "officer")
DAYS = st.integers(0, 5).map(lambda n: JUNE + timedelta(days=n + 26))  # the end of June and the start of July
SOME_SERVED = st.builds(Served, st.integers(0, 9), st.integers(0, 4), st.integers(0, 2))
PAIRS = st.lists(st.frozensets(st.integers(1, 6), min_size=2, max_size=3), max_size=2).map(tuple)


@st.composite
def workers_drawn(draw: st.DrawFn) -> list[Worker]:
    """Return up to five people with leave, standing shifts and a past."""
    found = []
    for worker in people(draw(st.integers(0, 5))):
        away = [
            (day, day + timedelta(days=draw(st.integers(0, 2)))) for day in draw(st.lists(DAYS, max_size=2))
        ]
        standing = draw(st.lists(st.builds(slot, DAYS, shift=st.sampled_from(list(SHIFTS))), max_size=1))
        found.append(
            replace(
                worker,
                posts=draw(st.frozensets(st.sampled_from(POSTS))),
                leave=tuple(away),
                served=draw(st.dictionaries(st.sampled_from(POSTS), SOME_SERVED)),
                busy=tuple((s.starts_at, s.ends_at) for s in standing),
            )
        )
    return found


WANTED = st.lists(
    st.builds(slot, DAYS, st.sampled_from(POSTS), st.integers(0, 3), st.sampled_from(list(SHIFTS))),
    max_size=12,
    unique_by=lambda s: s.key,
)
RULES = st.builds(Rules, st.sampled_from([0, 8, 24, 48]).map(lambda h: h * HOUR), PAIRS, PAIRS)


@settings(max_examples=150, deadline=None)
@given(WANTED, workers_drawn(), RULES)
def test_no_problem_breaks_a_rule_or_leaves_a_slot_open_that_somebody_could_take(
    wanted: list[Slot], workers: list[Worker], rules: Rules
) -> None:
    plan = made(wanted, workers, rules)
    assert plan.optimal
    turns = round_robin(wanted, workers, rules)
    assert broken(turns, wanted, workers, rules) == []
    assert len(plan.assigned) >= len(turns.assigned)


# --- the same again ---------------------------------------------------------------------------------------


def problem() -> tuple[list[Slot], list[Worker], Rules]:
    """Return two months of two posts with a bit of everything."""
    workers = [
        replace(
            w,
            leave=((JUNE + timedelta(days=3 * w.id), JUNE + timedelta(days=4 * w.id)),),
            served={"officer": Served(w.id % 3)},
        )
        for w in people(8, "leader", "officer")
    ]
    return (
        [*slots(50, "leader"), *slots(50, "officer")],
        workers,
        Rules(apart=(frozenset({1, 2}),), together=(frozenset({3, 4}),)),
    )


def solve() -> list[list[object]]:
    """Return the assignments of the problem as JSON has them; also run by the test below in other processes."""
    return [list(pair) for pair in generate(*problem(), seconds=20).assigned]


def test_the_same_input_gives_the_same_roster_in_whatever_order_it_comes() -> None:
    wanted, workers, rules = problem()
    first = made(wanted, workers, rules)
    assert first.optimal
    assert generate(wanted, workers, rules, seconds=20) == first
    for order in (Random(1), Random(2)):
        shuffled = generate(
            order.sample(wanted, len(wanted)), order.sample(workers, len(workers)), rules, seconds=20
        )
        assert shuffled == first


def test_the_same_input_gives_the_same_roster_in_another_process() -> None:
    code = f"import json, sys, {__name__} as t; print(json.dumps(['ortools' in sys.modules, t.solve()]))"
    again = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(again.stdout) == [False, solve()], "and nothing is loaded for it before it is asked for"

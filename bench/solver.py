"""A year's roster of thirty people: how long it takes in a process of its own, its memory, and how even it is."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from time import perf_counter

from bench.table import Row, peak
from domain.day_kind import Arrangement, kind_of
from domain.roster_fairness import Served, spread
from domain.roster_problem import Plan, Rules, Slot, Worker
from domain.roster_solver import generate, round_robin

POSTS = ("leader", "officer", "deputy")
FIRST, DAYS = date(2026, 1, 1), 366
ALLOWED = 60.0
"""Seconds of solving allowed: a net, so that a machine under load measures the same roster."""
SPRING, MAY, OCTOBER = (
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 10, 1), date(2026, 10, 7)),
)
LEAVE = {
    1: (SPRING,),
    9: (OCTOBER,),
    11: (MAY,),
    19: (SPRING, OCTOBER),
    26: (SPRING, MAY, OCTOBER),
    4: ((date(2026, 3, 2), date(2026, 3, 13)),),
    14: ((date(2026, 7, 6), date(2026, 8, 14)),),
    22: ((date(2026, 9, 7), date(2026, 9, 18)),),
    29: ((date(2026, 11, 2), date(2026, 11, 20)),),
}
"""Five are never there on some of the holidays; four have leave, one of them six weeks."""
RULES = Rules(apart=(frozenset({2, 12}),), together=(frozenset({23, 24}),))


@dataclass(frozen=True)
class Measured:
    """What one year took: seconds, MB at the peak, and what came of it."""

    seconds: float
    peak: float
    plan: Plan


def every_post(worker: int) -> frozenset[str]:
    """Return all posts: the largest model there is for thirty people."""
    del worker
    return frozenset(POSTS)


def own_post(worker: int) -> frozenset[str]:
    """Return the posts as offices have them: eight leaders, the others now 主班, now 副班."""
    return frozenset({"leader"} if worker <= 8 else {"officer", "deputy"})


def year() -> list[Slot]:
    """Return 24-hour shifts of each post from 1 January 2026, 08:30."""
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    return [_slot(day, post) for day in days for post in POSTS]


def _slot(day: date, post: str) -> Slot:
    at = datetime(day.year, day.month, day.day, 0, 30, tzinfo=UTC)
    kind = kind_of(day, Arrangement()).kind
    return Slot(f"{day}/{post}", post, at, at + timedelta(days=1), day, kind)


def people(posts: Callable[[int], frozenset[str]]) -> list[Worker]:
    """Return thirty people with their leave."""
    return [Worker(n, f"第{n}人", posts(n), LEAVE.get(n, ())) for n in range(1, 31)]


def measure(posts: Callable[[int], frozenset[str]]) -> Measured:
    """Make the year; run in a fresh process, so that its peak is of this alone."""
    slots, workers = year(), people(posts)
    began = perf_counter()
    plan = generate(slots, workers, RULES, seconds=ALLOWED)
    return Measured(perf_counter() - began, peak(), plan)


def rows(name: str, posts: Callable[[int], frozenset[str]]) -> list[Row]:
    """Return the rows of one office; the spreads are of those who had no leave, by hand beside by solver."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        made = pool.submit(measure, posts).result()
    by_hand = round_robin(year(), people(posts), RULES)
    found = [
        Row(f"{name}: a year", made.seconds, 30.0, "s"),
        Row(f"{name}: peak memory (RSS)", made.peak, 250.0, "MB"),
        Row(f"{name}: open slots, hand {len(by_hand.unmet)}", len(made.plan.unmet), 0, ""),
        Row(f"{name}: months not proven best", 0 if made.plan.optimal else 1, 0, ""),
    ]
    for post in POSTS:
        solver, hand = _even(made.plan, post), _even(by_hand, post)
        what = f"{name}: {post}"
        found += [
            Row(f"{what} total, hand {hand.total}", solver.total, 1, ""),
            Row(f"{what} rest days, hand {hand.weekend}", solver.weekend, 1, ""),
            Row(f"{what} holidays, hand {hand.holiday}", solver.holiday, 2, ""),
        ]
    return found


def _even(plan: Plan, post: str) -> Served:
    """Return the spread of a post over those who were there all year."""
    return spread(c for (id_, own), c in plan.counts.items() if own == post and id_ not in LEAVE)


def run() -> Sequence[Row]:
    """Return the table's rows."""
    return [*rows("all posts", every_post), *rows("office", own_post)]

"""Rosters made by a solver, month by month over the year, and the plain rotation beside which they are measured."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby

from domain.roster_book import Book
from domain.roster_fairness import spread
from domain.roster_problem import Plan, Rules, Slot, Worker
from domain.roster_rotation import NextInList, fair_order, fill
from domain.roster_unmet import unmet

AHEAD = timedelta(days=7)
"""Days seen beyond a month, so that its last shifts do not take those whom the next one's first need."""
EFFORT = 0.15
"""CP-SAT's deterministic time per second allowed: a machine four times slower still ends by effort, not by clock."""


def generate(slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules, *, seconds: float) -> Plan:
    """Return a roster that breaks no rule: as full, then as fair, then as near to the turns as can be found.

    Ids and keys are each their own. The same input in any order gives the same roster, unless the machine is so
    slow that `seconds` of solving run out. Loads OR-Tools: call it in a child process.
    """
    from domain.roster_model import Budget, best  # noqa: PLC0415 - a process that makes no roster does not pay

    book = Book(slots, workers, rules)
    months = list(_months(book.slots))
    budget, optimal = Budget(seconds, seconds * EFFORT), True
    for number, (own, seen) in enumerate(months):
        draft = book.fork()
        fill(draft, seen, fair_order)
        found = best(book, seen, draft, budget, budget.effort / (len(months) - number))
        for slot in own:
            for id_ in book.workers:
                if (slot.key, id_) in found.seats:
                    book.take(slot, id_)
        optimal = optimal and found.optimal
    fill(book, book.slots, fair_order)  # what a month left open for the next one's sake, and that did not use
    return _plan(book, optimal=optimal)


def round_robin(slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules) -> Plan:
    """Return what an office does by hand: the next in the list, by id, who may. No rule broken, nothing counted."""
    book = Book(slots, workers, rules)
    fill(book, book.slots, NextInList())
    return _plan(book, optimal=False)


def _months(slots: Sequence[Slot]) -> Iterator[tuple[list[Slot], list[Slot]]]:
    """Return each month's slots, and the same with those of the first days after it."""
    for _, group in groupby(slots, key=lambda s: (s.day.year, s.day.month)):
        own = list(group)
        yield own, [s for s in slots if own[0].day <= s.day <= own[-1].day + AHEAD]


def _plan(book: Book, *, optimal: bool) -> Plan:
    posts = sorted({post for _, post in book.counts})
    return Plan(
        assigned=tuple(book.assigned()),
        unmet=unmet(book),
        counts=dict(book.counts),
        spread={p: spread(c for (_, post), c in book.counts.items() if post == p) for p in posts},
        optimal=optimal,
    )

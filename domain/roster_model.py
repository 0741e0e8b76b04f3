"""One month of a roster as a CP-SAT model: hard rules as clauses, then the fullest, the fairest, the nearest to turns.

Imported only where a roster is generated: OR-Tools costs the process time and memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ortools.sat.python import cp_model

from domain.roster_book import Block, Book
from domain.roster_fairness import one
from domain.roster_problem import Slot

Seat = tuple[str, int]
PARTS = ("total", "weekend", "holiday")
NEAR = 25
"""Of so many seats one may depart from the turns in vain: to prove the last ones took half of the time."""
SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass
class Budget:
    """What solving may still cost: `effort` in CP-SAT's deterministic time, the same on every machine, decides.

    `seconds` of the wall clock are a net far below it.
    """

    seconds: float
    effort: float


@dataclass(frozen=True)
class Found:
    """Seats taken, and whether they are proven best (the turns: to within one seat of `NEAR`)."""

    seats: frozenset[Seat]
    optimal: bool


def best(book: Book, slots: Sequence[Slot], draft: Book, budget: Budget, effort: float) -> Found:
    """Return the best roster of some slots over a book that holds all earlier ones; never worse filled than the draft.

    First as few people missing as can be, then the least unfair, then the nearest to the draft's turns.
    """
    month = Month(book, slots, draft)
    found = Found(month.draft, optimal=True)
    missing = sum(draft.missing(s) for s in slots)
    if missing > month.surely_missing():
        found = month.minimise(month.all_missing(), found, budget, effort / 2, 0)
        missing -= len(found.seats) - len(month.draft)
    full = found.optimal
    month.model.add(month.all_missing() <= missing)
    seats = sum(s.count for s in slots)
    within = seats // NEAR
    weight = seats + within + 1  # no number of departures, proven or not, outweighs one step of fairness
    aim = cp_model.LinearExpr.weighted_sum([month.unfairness(), month.departures()], [weight, 1])
    found = month.minimise(aim, found, budget, effort, within)
    return Found(found.seats, found.optimal and full)


class Month:
    """The model of some slots over a book that already holds all earlier ones."""

    def __init__(self, book: Book, slots: Sequence[Slot], draft: Book) -> None:
        self.book, self.slots = book, slots
        self.model = cp_model.CpModel()
        self.draft = frozenset((s.key, id_) for s in slots for id_ in draft.seats[s.key])
        self.can: dict[Seat, cp_model.IntVar] = {
            (s.key, id_): self.model.new_bool_var(f"{s.key}/{id_}")
            for s in slots
            for id_ in book.workers
            if book.block(s, id_) in (None, Block.TOGETHER)
        }
        self.missing = [self._fill(s) for s in slots]
        for id_ in book.workers:
            self._rest(id_)
            self._apart(id_)
        self._together()

    def _who(self, slot: Slot) -> Iterator[cp_model.IntVar]:
        return (self.can[slot.key, id_] for id_ in self.book.workers if (slot.key, id_) in self.can)

    def _mine(self, worker: int) -> list[tuple[Slot, cp_model.IntVar]]:
        return [(s, self.can[s.key, worker]) for s in self.slots if (s.key, worker) in self.can]

    def _fill(self, slot: Slot) -> cp_model.IntVar:
        missing = self.model.new_int_var(0, slot.count, f"{slot.key}/missing")
        self.model.add(sum(self._who(slot)) + missing == slot.count)
        return missing

    def _rest(self, worker: int) -> None:
        """Shifts made longer by the rest must not overlap: at each start at most one of those running."""
        mine, rest = self._mine(worker), self.book.rules.rest
        for at in sorted({s.starts_at for s, _ in mine}):
            self.model.add_at_most_one(v for s, v in mine if s.starts_at <= at < s.ends_at + rest)

    def _apart(self, worker: int) -> None:
        for other in self.book.apart[worker]:
            both = self._mine(worker) + self._mine(other)
            for at in sorted({s.starts_at for s, _ in both}) if worker < other else ():
                self.model.add_at_most_one(v for s, v in both if s.starts_at <= at < s.ends_at)

    def _together(self) -> None:
        for slot in self.slots:
            for id_, partners in self.book.together.items():
                for other in partners if (slot.key, id_) in self.can else ():
                    if not self.book.is_on_day(other, slot.day):
                        day = (self.can.get((s.key, other)) for s in self.book.days[slot.day])
                        here = [v for v in day if v is not None]
                        self.model.add_bool_or([self.can[slot.key, id_].negated(), *here])

    def minimise(
        self, aim: cp_model.LinearExprT, start: Found, budget: Budget, effort: float, within: int
    ) -> Found:
        """Return the seats found from a start that keeps all rules, the start itself if time is out.

        `within`: how far from the least possible the aim may stay to pass for proven.
        """
        if budget.seconds <= 0:
            return Found(start.seats, optimal=False)
        self.model.minimize(aim)
        self.model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools left it so
        for seat, var in self.can.items():
            self.model.add_hint(var, seat in start.seats)
        solver = self._solver(budget.seconds, effort)
        solver.parameters.absolute_gap_limit = within
        status = solver.solve(self.model)
        budget.seconds -= solver.wall_time
        budget.effort -= solver.response_proto.deterministic_time
        if status not in SOLVED:
            return Found(start.seats, optimal=False)
        seats = frozenset(seat for seat, var in self.can.items() if solver.boolean_value(var))
        return Found(seats, optimal=status == cp_model.OPTIMAL)

    def _solver(self, seconds: float, effort: float) -> cp_model.CpSolver:
        """One worker, one seed: the same model always ends in the same roster."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.book.rules.seed
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = seconds
        return solver

    def surely_missing(self) -> int:
        """Return a lower bound: what each slot lacks if everybody who could take it did."""
        return sum(max(0, s.count - len(list(self._who(s)))) for s in self.slots)

    def all_missing(self) -> cp_model.LinearExprT:
        """Return how many people the slots lack."""
        return cp_model.LinearExpr.sum(self.missing)

    def departures(self) -> cp_model.LinearExprT:
        """Return how many seats are taken by somebody whose turn it was not."""
        return cp_model.LinearExpr.sum([v for seat, v in self.can.items() if seat not in self.draft])

    def unfairness(self) -> cp_model.LinearExprT:
        """Return the sum of the squares of what each has served, by post: in all, on rest days, on holidays.

        Squares even out everybody, also where somebody who cannot be had keeps the spread wide.
        """
        costs = []
        for post in sorted({s.post for s in self.slots}):
            ids = [id_ for id_, w in self.book.workers.items() if post in w.posts]
            for part in PARTS:
                base = {id_: getattr(self.book.served(id_, post), part) for id_ in ids}
                for id_ in ids:
                    costs += self._steps(id_, post, part, base[id_] - min(base.values()))
        return cp_model.LinearExpr.sum(costs)

    def _steps(self, worker: int, post: str, part: str, base: int) -> list[cp_model.LinearExprT]:
        """Return what each further shift costs: 1, 3, 5 …, the differences of the squares, from a common ground."""
        mine = [(s, v) for s, v in self._mine(worker) if s.post == post and getattr(one(s.kind), part)]
        steps = [
            self.model.new_bool_var(f"{worker}/{post}/{part}/{n}")
            for n in range(_most([s for s, _ in mine], self.book.rules.rest))
        ]
        self.model.add(sum(v for _, v in mine) == sum(steps))
        return [(2 * (base + n) + 1) * step for n, step in enumerate(steps)]


def _most(slots: Iterable[Slot], rest: timedelta) -> int:
    """Return how many of some slots one person could take at most: always the one that ends first."""
    most, free_at = 0, None
    for slot in sorted(slots, key=lambda s: s.ends_at):
        if free_at is None or slot.starts_at >= free_at:
            most, free_at = most + 1, slot.ends_at + rest
    return most

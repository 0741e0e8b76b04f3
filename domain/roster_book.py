"""Who is on when while a roster grows, and what keeps a person from a slot: the one place of the hard rules."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import Enum, auto
from itertools import permutations

from domain.roster_fairness import Served, one
from domain.roster_problem import Rules, Slot, Span, Worker


class Block(Enum):
    """What keeps a person from a slot, in the order in which it is looked for."""

    SEATED = auto()
    POST = auto()
    LEAVE = auto()
    CLASH = auto()
    REST = auto()
    APART = auto()
    TOGETHER = auto()


class Book:
    """The state of a roster; slots in the order of time, workers in the order of their ids."""

    def __init__(self, slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules) -> None:
        self.rules = rules
        self.workers = {w.id: w for w in sorted(workers, key=lambda w: w.id)}
        self.slots = sorted(slots, key=lambda s: (s.day, s.starts_at, s.post, s.key))
        self.seats: dict[str, list[int]] = {s.key: [] for s in self.slots}
        self.on: dict[int, list[Span]] = {id_: sorted(w.busy) for id_, w in self.workers.items()}
        self.counts = {(w.id, p): w.served_in(p) for w in self.workers.values() for p in sorted(w.posts)}
        self.apart = self._pairs(rules.apart)
        self.together = self._pairs(rules.together)
        self.days: dict[date, list[Slot]] = {}
        for slot in self.slots:
            self.days.setdefault(slot.day, []).append(slot)

    def _pairs(self, sets: Iterable[frozenset[int]]) -> dict[int, tuple[int, ...]]:
        """Return the partners of each worker; people who are not in the list bind nobody."""
        pairs = {pair for ids in sets for pair in permutations(ids & self.workers.keys(), 2)}
        return {id_: tuple(sorted(b for a, b in pairs if a == id_)) for id_ in self.workers}

    def fork(self) -> "Book":
        """Return a copy that can be written in without changing this one."""
        twin = object.__new__(Book)
        twin.__dict__ = dict(self.__dict__)
        twin.seats = {key: list(ids) for key, ids in self.seats.items()}
        twin.on = {id_: list(spans) for id_, spans in self.on.items()}
        twin.counts = dict(self.counts)
        return twin

    def take(self, slot: Slot, worker: int) -> None:
        """Put somebody on a slot, asking nothing."""
        self.seats[slot.key].append(worker)
        self.on[worker].append((slot.starts_at, slot.ends_at))
        self.counts[worker, slot.post] += one(slot.kind)

    def drop(self, slot: Slot, worker: int) -> None:
        """Take back what `take` did."""
        self.seats[slot.key].remove(worker)
        self.on[worker].remove((slot.starts_at, slot.ends_at))
        self.counts[worker, slot.post] -= one(slot.kind)

    def missing(self, slot: Slot) -> int:
        """Return how many people a slot lacks."""
        return max(0, slot.count - len(self.seats[slot.key]))

    def served(self, worker: int, post: str) -> Served:
        """Return what somebody has served in a post of theirs, this roster included."""
        return self.counts[worker, post]

    def block(self, slot: Slot, worker: int) -> Block | None:
        """Return the first thing that keeps somebody from a slot, None if nothing does."""
        person = self.workers[worker]
        if worker in self.seats[slot.key]:
            return Block.SEATED
        if slot.post not in person.posts:
            return Block.POST
        if person.is_away(slot.day):
            return Block.LEAVE
        if self._is_on(worker, slot):
            return Block.CLASH
        if self._is_tired(worker, slot):
            return Block.REST
        if any(self._is_on(other, slot) for other in self.apart[worker]):
            return Block.APART
        alone = any(not self.is_on_day(other, slot.day) for other in self.together[worker])
        return Block.TOGETHER if alone else None

    def is_on_day(self, worker: int, day: date) -> bool:
        """Return True if somebody has a slot of that day, or a standing shift beside one."""
        return any(self._is_on(worker, slot) for slot in self.days[day])

    def _is_on(self, worker: int, slot: Slot) -> bool:
        return any(start < slot.ends_at and slot.starts_at < end for start, end in self.on[worker])

    def _is_tired(self, worker: int, slot: Slot) -> bool:
        rest = self.rules.rest
        return any(
            start < slot.ends_at + rest and slot.starts_at < end + rest for start, end in self.on[worker]
        )

    def assigned(self) -> Iterator[tuple[str, int]]:
        """Return slot key and worker, in the order of time."""
        return ((slot.key, id_) for slot in self.slots for id_ in sorted(self.seats[slot.key]))

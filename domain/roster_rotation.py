"""Rosters made by turns: the plain rotation that offices use, and the fair one that the solver starts from."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from domain.roster_book import Block, Book
from domain.roster_fairness import one
from domain.roster_problem import Slot

Order = Callable[[Book, Slot], list[int]]
LONG_AGO = datetime.min.replace(tzinfo=UTC)
Taken = list[tuple[Slot, int]]


def fill(book: Book, slots: Iterable[Slot], order: Order) -> None:
    """Seat people in each slot by their turn, until nobody more can be seated anywhere."""
    open_slots = [slot for slot in slots if book.missing(slot)]
    while sum(_fill_one(book, slot, order) for slot in open_slots):
        open_slots = [slot for slot in open_slots if book.missing(slot)]


def _fill_one(book: Book, slot: Slot, order: Order) -> bool:
    """Return True if somebody was seated."""
    before = book.missing(slot)
    for worker in order(book, slot):
        if not book.missing(slot):
            break
        _seat(book, slot, worker, [])
    return book.missing(slot) < before


def _seat(book: Book, slot: Slot, worker: int, taken: Taken) -> bool:
    """Seat somebody with all who must be on duty that day too; if one of them cannot be, seat nobody."""
    if book.block(slot, worker) not in (None, Block.TOGETHER):
        return False
    mark = len(taken)
    book.take(slot, worker)
    taken.append((slot, worker))
    if all(_seat_partner(book, slot, other, taken) for other in book.together[worker]):
        return True
    while len(taken) > mark:
        book.drop(*taken.pop())
    return False


def _seat_partner(book: Book, slot: Slot, partner: int, taken: Taken) -> bool:
    if book.is_on_day(partner, slot.day):
        return True
    return any(_seat(book, seat, partner, taken) for seat in book.days[slot.day] if book.missing(seat))


def fair_order(book: Book, slot: Slot) -> list[int]:
    """Return who has the post: the least served first, on days of this kind too; then who waited longest."""
    kind = one(slot.kind)

    def turn(worker: int) -> tuple[int, datetime, int]:
        served = book.served(worker, slot.post)
        burden = served.total + kind.weekend * served.weekend + kind.holiday * served.holiday
        return burden, _last_end(book, slot, worker), worker

    return sorted((id_ for id_, w in book.workers.items() if slot.post in w.posts), key=turn)


def _last_end(book: Book, slot: Slot, worker: int) -> datetime:
    """Return when somebody's last shift before a slot ended, in whatever post."""
    return max((end for start, end in book.on[worker] if start <= slot.starts_at), default=LONG_AGO)


class NextInList:
    """The rotation of a paper list: after the last one seated in a post comes the next; whoever cannot, is skipped."""

    def __init__(self) -> None:
        self.before: dict[str, Slot] = {}
        self.turn: dict[str, int] = {}

    def __call__(self, book: Book, slot: Slot) -> list[int]:
        """Return who has the post, from the one whose turn it is."""
        before = self.before.get(slot.post)
        if before and book.seats[before.key]:
            self.turn[slot.post] = book.seats[before.key][-1]
        self.before[slot.post] = slot
        turn = self.turn.get(slot.post, 0)
        ids = (id_ for id_, w in book.workers.items() if slot.post in w.posts)
        return sorted(ids, key=lambda id_: (id_ <= turn, id_))

"""Why a slot stayed open, in Chinese: everybody who has the post is counted once, by what keeps them from it."""

from collections.abc import Sequence
from datetime import timedelta

from domain.roster_book import Block, Book
from domain.roster_problem import Slot, Unmet

SHOWN = 5
"""Names in one bracket: a reason is a line, not a list."""
WORDS = {
    Block.SEATED: "{n}人已排在本班{names}",
    Block.LEAVE: "{n}人请假{names}",
    Block.CLASH: "{n}人同一时段已有班{names}",
    Block.REST: "{n}人休息时间不足{rest}{names}",
    Block.APART: "{n}人须与在班人员错开{names}",
    Block.TOGETHER: "{n}人须与他人同日值班、而那人这天排不上{names}",
}


def unmet(book: Book) -> tuple[Unmet, ...]:
    """Return the open slots of a finished book, in the order of time."""
    return tuple(Unmet(s.key, book.missing(s), why(book, s)) for s in book.slots if book.missing(s))


def why(book: Book, slot: Slot) -> str:
    """Return what keeps the qualified from a slot that nobody more can take."""
    kept: dict[Block, list[str]] = {}
    for id_, worker in book.workers.items():
        if (block := book.block(slot, id_)) not in (None, Block.POST):
            kept.setdefault(block, []).append(worker.name)
    if not kept:
        return "无人具备该岗位资格"
    rest = hours(book.rules.rest)
    parts = (
        words.format(n=len(kept[block]), names=_names(kept[block]), rest=rest)
        for block, words in WORDS.items()
        if block in kept
    )
    return "；".join(parts)


def _names(names: Sequence[str]) -> str:
    """Return the names in brackets, the first few of many."""
    more = "等" if len(names) > SHOWN else ""
    return f"（{'、'.join(names[:SHOWN])}{more}）"


def hours(rest: timedelta) -> str:
    """Return a time of rest as people say it: 24小时, 1.5小时."""
    return f"{rest.total_seconds() / 3600:.4g}小时"

"""How well bulletins are read: right values per field over the corpus; 0 wrong is the goal but for the hold-out."""

from collections.abc import Iterator

from bench.table import Row
from tests.domain.bulletin_corpus import Case, own_cases, score, shared_cases


def run() -> Iterator[Row]:
    """Yield a row per batch and field: right of total, the wrong ones measured."""
    cases = [*shared_cases(), *own_cases()]
    for batch in dict.fromkeys(case.batch for case in cases):
        yield from _rows(batch, [case for case in cases if case.batch == batch])


def _rows(batch: str, cases: list[Case]) -> Iterator[Row]:
    for one in score(cases):
        if one.total:
            yield Row(f"{batch} {one.field} {one.right}/{one.total}", one.total - one.right, 0, "wrong")

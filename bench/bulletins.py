"""How well and how fast bulletins are read: right values per field over the corpus, milliseconds per text."""

import time
from collections.abc import Iterator

from bench.table import Row
from config.tables import load_hazards
from domain.bulletin_text import read_bulletins
from tests.domain.bulletin_corpus import ZONE, Case, own_cases, score, shared_cases

TIMES = 20


def run() -> Iterator[Row]:
    """Yield a row per batch and field: right of total, the wrong ones measured; then the times of reading."""
    cases = [*shared_cases(), *own_cases()]
    for batch in dict.fromkeys(case.batch for case in cases):
        yield from _rows(batch, [case for case in cases if case.batch == batch])
    yield Row("a text of the corpus", _milliseconds(cases), 20, "ms")
    text = cases[0].data.decode("utf-8") + "武清区、宝坻区、蓟州区北部有大到暴雨，局地大暴雨，" * 100
    long = Case("long", "", text[:2000].encode(), cases[0].received_at, ())
    yield Row("a text of 2,000 characters", _milliseconds([long]), 20, "ms")


def _rows(batch: str, cases: list[Case]) -> Iterator[Row]:
    for one in score(cases):
        if one.total:
            yield Row(f"{batch} {one.field} {one.right}/{one.total}", one.total - one.right, 0, "wrong")


def _milliseconds(cases: list[Case]) -> float:
    """Return the mean time of reading a text; XML is left out."""
    texts = [(c.data.decode("utf-8", "replace"), c.received_at) for c in cases if not c.name.endswith(".xml")]
    table = load_hazards()
    start = time.perf_counter()
    for _ in range(TIMES):
        for text, at in texts:
            read_bulletins(text, at, ZONE, table)
    return (time.perf_counter() - start) * 1000 / TIMES / len(texts)

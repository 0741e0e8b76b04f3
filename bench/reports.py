"""How well and how fast first words and follow-ups are read: right values per field, milliseconds per line."""

import time
from collections.abc import Iterator

from bench.table import Row
from config.tables import load_direct, load_incident_types
from domain.report_text import read_report
from tests.domain.report_corpus import REPEATED, ZONE, Case, hostile, own_cases, score, shared_cases

TIMES = 20


def run() -> Iterator[Row]:
    """Yield a row per batch and field: right of total, the wrong ones against those known to be weak; then the times of reading."""  # noqa: E501 - a pattern is read whole
    cases = [*shared_cases(), *own_cases()]
    for batch in dict.fromkeys(case.batch for case in cases):
        some = [case for case in cases if case.batch == batch]
        for one in score(some):
            yield Row(
                f"{batch} {one.field} {one.right}/{one.total}",
                one.total - one.right,
                sum(one.field in c.weak for c in some),
                "wrong",
            )
    lines = [case for case in cases if not case.followup]
    yield Row("a line of the corpus", _milliseconds(lines, TIMES), 20, "ms")
    hostile_cases = [Case("", "", hostile(unit), lines[0].received_at, {}) for unit in REPEATED]
    slowest = max(_milliseconds([case], 1) for case in hostile_cases)
    yield Row(f"100,000 characters, the slowest of {len(REPEATED)} hostile texts", slowest, 600, "ms")


def _milliseconds(cases: list[Case], times: int) -> float:
    """Return the mean time of reading a line."""
    types, direct = load_incident_types(), load_direct()
    start = time.perf_counter()
    for _ in range(times):
        for case in cases:
            read_report(case.text, case.received_at, ZONE, types, direct)
    return (time.perf_counter() - start) * 1000 / times / len(cases)

"""The solver's own process: a problem as JSON on standard input, a roster as JSON on standard output."""

import json
import resource
import sys
from dataclasses import asdict

from bot.generation import ASKED
from domain.roster_solver import generate

CPU = 300
"""Seconds of processor time after which the system ends this process."""


def main(seconds: float) -> None:
    """Answer one request and end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    slots, workers, rules = ASKED.validate_json(sys.stdin.buffer.read())
    plan = generate(slots, workers, rules, seconds=seconds)
    said = {
        "assigned": plan.assigned,
        "unmet": [asdict(u) for u in plan.unmet],
        "counts": [[person, post, asdict(served)] for (person, post), served in plan.counts.items()],
        "spread": {post: asdict(served) for post, served in plan.spread.items()},
        "optimal": plan.optimal,
    }
    sys.stdout.write(json.dumps(said, ensure_ascii=True))


if __name__ == "__main__":
    main(float(sys.argv[1]))

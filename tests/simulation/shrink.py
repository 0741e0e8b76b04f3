"""From a failing day to a short story: events are left out while the same promise still breaks."""

import asyncio
import itertools
from pathlib import Path

from .day import Outcome, run_day
from .mutants import Mutant

TRIES = 120


async def shrunk(outcome: Outcome, folder: Path, tries: int = TRIES, mutant: Mutant | None = None) -> Outcome:
    """Return the shortest day found that breaks the same promise; what it says is what it shows."""
    assert outcome.broken is not None
    best, numbers = outcome, itertools.count()
    end = next((n for n, e in enumerate(outcome.events) if e.at > outcome.ended), len(outcome.events))
    piece = max(1, end // 2)
    events = outcome.events[:end]
    while piece and tries > 0:
        at = 0
        while at < len(events) and tries > 0:
            tries -= 1
            fewer = events[:at] + events[at + piece :]
            room = folder / f"shrink-{next(numbers)}"
            await asyncio.to_thread(room.mkdir, parents=True)
            again = await run_day(outcome.seed, room, fewer, mutant)
            if again.broken is not None and again.broken.promise == outcome.broken.promise:
                best, events = again, fewer
            else:
                at += piece
        piece //= 2
    return best


def story(outcome: Outcome) -> str:
    """Return what happened, for a person to read: the seed, the promise, each event and what was heard last."""
    lines = [
        f"seed {outcome.seed}: {outcome.broken}",
        *(f"  {event}" for event in outcome.events),
        "heard last:",
    ]
    return "\n".join([*lines, *(f"  {words}" for words in outcome.heard[-12:])])

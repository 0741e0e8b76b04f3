"""An independent reading of the rules of a roster: what a plan breaks, and who else could have been put on."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.day_kind import DayKind
from domain.roster_fairness import Served
from domain.roster_problem import Plan, Rules, Slot, Worker

Duty = tuple[datetime, datetime, date | None]


def broken(plan: Plan, slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules) -> list[str]:
    """Return every rule that a plan breaks, in words; [] for a right plan."""
    by_key, people = {s.key: s for s in slots}, {w.id: w for w in workers}
    found = [f"{pair} twice" for pair, n in Counter(plan.assigned).items() if n > 1]
    for key, id_ in plan.assigned:
        rest = [(k, i) for k, i in plan.assigned if (k, i) != (key, id_)]
        found += [
            f"{key} {id_}: {why}" for why in against(by_key[key], people[id_], rest, slots, workers, rules)
        ]
    seated = Counter(key for key, _ in plan.assigned)
    missing = {u.slot: u.missing for u in plan.unmet}
    found += [
        f"{s.key}: {seated[s.key]} + {missing.get(s.key, 0)} of {s.count}"
        for s in slots
        if seated[s.key] + missing.get(s.key, 0) != s.count
    ]
    return found + wrongly_open(plan, slots, workers, rules) + miscounted(plan, slots, workers)


def wrongly_open(plan: Plan, slots: Sequence[Slot], workers: Sequence[Worker], rules: Rules) -> list[str]:
    """Return who could have been put on an open slot, the rest of the plan as it is."""
    by_key = {s.key: s for s in slots}
    return [
        f"{u.slot} is open and {w.name} is free"
        for u in plan.unmet
        for w in workers
        if (u.slot, w.id) not in plan.assigned
        and not against(by_key[u.slot], w, plan.assigned, slots, workers, rules)
    ]


def against(
    slot: Slot,
    person: Worker,
    rest: Sequence[tuple[str, int]],
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    rules: Rules,
) -> list[str]:
    """Return what forbids a person a slot beside the rest of a plan."""
    on = {w.id: duties(w, rest, slots) for w in workers}
    found = [] if slot.post in person.posts else ["has not the post"]
    if any(first <= slot.day <= last for first, last in person.leave):
        found.append("is on leave")
    for start, end, _ in on[person.id]:
        gap = max(start - slot.ends_at, slot.starts_at - end)
        if gap < rules.rest:
            found.append("clashes" if gap < timedelta(0) else "has too little rest")
    for pair in rules.apart:
        others = (pair - {person.id}) & on.keys() if person.id in pair else ()
        beside = {other for other in others if any(overlaps(slot, start, end) for start, end, _ in on[other])}
        found += [f"is on beside {other}" for other in beside]
    for pair in rules.together:
        others = (pair - {person.id}) & on.keys() if person.id in pair else ()
        found += [f"is on without {other}" for other in others if not is_on_day(on[other], slot.day, slots)]
    return found


def duties(worker: Worker, assigned: Sequence[tuple[str, int]], slots: Sequence[Slot]) -> list[Duty]:
    """Return somebody's shifts: the standing ones, then those of the plan."""
    own = {key for key, id_ in assigned if id_ == worker.id}
    planned: list[Duty] = [(s.starts_at, s.ends_at, s.day) for s in slots if s.key in own]
    return [(start, end, None) for start, end in worker.busy] + planned


def is_on_day(on: Sequence[Duty], day: date, slots: Sequence[Slot]) -> bool:
    """Return True for a shift of that day, or a standing one beside a slot of it."""
    beside = [s for s in slots if s.day == day]
    return any(d == day or (d is None and any(overlaps(s, a, b) for s in beside)) for a, b, d in on)


def overlaps(slot: Slot, start: datetime, end: datetime) -> bool:
    """Return True if a slot and a time share a moment."""
    return max(slot.starts_at, start) < min(slot.ends_at, end)


def miscounted(plan: Plan, slots: Sequence[Slot], workers: Sequence[Worker]) -> list[str]:
    """Return the counts of a plan that are not what stands in it and was served before."""
    found = []
    for worker in workers:
        for post in worker.posts:
            own = [s for s in slots if s.post == post and (s.key, worker.id) in plan.assigned]
            before = worker.served.get(post, Served())
            right = Served(
                before.total + len(own),
                before.weekend + sum(s.kind is DayKind.RESTDAY for s in own),
                before.holiday + sum(s.kind is DayKind.HOLIDAY for s in own),
            )
            if plan.counts[worker.id, post] != right:
                found.append(f"{worker.name} {post}: {plan.counts[worker.id, post]}, not {right}")
    return found

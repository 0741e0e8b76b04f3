"""The incidents that run, and the closed ones that still owe a report, by what is due next."""

from datetime import datetime

from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import incident as say
from domain.people import Role
from storage import incident, report_clock
from storage.database import Tx
from storage.deadline import soonest

SHOWN = 40
LANES = {"phone": "电话报告", "written": "书面报告"}


async def listing(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return the open incidents, next due first, and how many more there are."""
    del now
    if refused := refuse(who, "事件", Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN, Role.SUPERIOR):
        return refused
    found = await lines(tx)
    return say.Open(lines=tuple(found[:SHOWN]), more=max(len(found) - SHOWN, 0))


async def lines(tx: Tx) -> list[say.Line]:
    """Return every open incident and every closed one with a running clock, next due first."""
    waiting = {number: [(at, "续报")] for number, at in (await soonest(tx, "followup")).items()}
    running = await report_clock.running(tx)
    for c in running:
        what = c.receiver + LANES[c.lane]
        waiting.setdefault(f"E{c.incident_id}", []).append((c.due_at, what))
    open_now = await incident.in_state(tx, "open")
    owing = {c.incident_id for c in running} - {i.id for i in open_now}
    found = []
    for i in [*open_now, *await incident.by_keys(tx, owing)]:
        first = min(waiting.get(i.number, []), default=None)
        found.append(
            say.Line(
                number=i.number,
                title=i.marked,
                received_at=i.received_at,
                next_what=first[1] if first else None,
                next_at=first[0] if first else None,
            )
        )
    return sorted(found, key=lambda line: (line.next_at is None, line.next_at))

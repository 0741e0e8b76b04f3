"""Which events may be the same as one: a suggestion on its card, never more."""

from datetime import datetime

from actions.slot import bounds
from domain.duplicates import Likely, Telling, likely
from storage import incident
from storage.database import Tx
from storage.incident import Incident


def telling(i: Incident) -> Telling:
    """Return what is known of an incident for the comparison."""
    occurred = (i.reading.get("occurred_at") or {}).get("value")
    at = datetime.fromisoformat(occurred) if occurred else i.received_at
    return Telling(i.number, i.title, i.place, i.category, i.subtype, min(at, i.received_at), i.state)


async def alike(tx: Tx, now: datetime, i: Incident) -> list[Likely]:
    """Return what may be the same event: among what is open, waits, or was closed today."""
    start, _ = bounds(tx, now.astimezone(tx.zone).date())
    others = await incident.alike_since(tx, start)
    return likely(telling(i), (telling(o) for o in others if o.drill == i.drill))

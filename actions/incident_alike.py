"""Which events may be the same as one: a suggestion on its card, never more."""

from datetime import datetime

from actions.slot import bounds
from domain.duplicates import FAR, Likely, Telling, likely
from storage import incident
from storage.database import Tx
from storage.incident import Incident, Told, title_of


def telling(i: Incident) -> Telling:
    """Return what is known of an incident for the comparison."""
    occurred = (i.reading.get("occurred_at") or {}).get("value")
    return _telling(Told(i.id, i.place, i.category, i.subtype, occurred, i.received_at, i.state))


async def alike(tx: Tx, now: datetime, i: Incident) -> list[Likely]:
    """Return what may be the same event: among what is open, waits, or was closed today."""
    start, _ = bounds(tx, now.astimezone(tx.zone).date())
    new = telling(i)
    others = await incident.told_since(tx, new.at - FAR, start, drill=i.drill)
    return likely(new, (_telling(o) for o in others if o.id != i.id))


def _telling(o: Told) -> Telling:
    at = min(datetime.fromisoformat(o.occurred), o.received_at) if o.occurred else o.received_at
    title = title_of(o.place, o.subtype or o.category)
    return Telling(f"E{o.id}", title, o.place, o.category, o.subtype, at, o.state)

"""What still waits around an incident when it is to be closed."""

from dataclasses import dataclass

from sqlalchemy import func, select

from storage.database import Tx
from storage.schema import evacuees, partners, tasks


@dataclass(frozen=True)
class OpenEnds:
    """People moved who have not returned, partner units that have not answered, orders that are not done."""

    evacuees: int
    partners: int
    tasks: int


async def of_incident(tx: Tx, incident_id: int) -> OpenEnds:
    """Return what waits around an incident."""
    standing = (evacuees.c.incident_id == incident_id, evacuees.c.withdrawn_at.is_(None))
    heads = select(func.sum(evacuees.c.headcount)).where(*standing)
    moved = await tx.value(heads.where(evacuees.c.returns_id.is_(None)))
    back = await tx.value(heads.where(evacuees.c.returns_id.is_not(None)))
    silent = select(func.count()).where(partners.c.incident_id == incident_id, partners.c.acked_at.is_(None))
    undone = select(func.count()).where(tasks.c.event == f"E{incident_id}", tasks.c.done_at.is_(None))
    return OpenEnds(
        max(0, int(moved or 0) - int(back or 0)),
        int(await tx.value(silent) or 0),
        int(await tx.value(undone) or 0),
    )

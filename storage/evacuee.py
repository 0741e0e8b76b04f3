"""The evacuated of an incident: who went where, who came back; nothing is overwritten, a mistake is withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, update

from storage.database import Tx
from storage.schema import evacuees, people


@dataclass(frozen=True)
class Evacuee:
    """People who left, as said, with their headcount; or (`returns_id`) some of a line who came back."""

    id: int
    incident_id: int
    who: str
    headcount: int
    origin: str
    shelter: str
    by: str
    at: datetime
    returns_id: int | None
    withdrawn_at: datetime | None


async def of_incident(tx: Tx, incident_id: int) -> list[Evacuee]:
    """Return every line and return of an incident, withdrawn ones too, oldest first."""
    rows = await tx.all(
        select(
            *(
                evacuees.c[name]
                for name in ("id", "incident_id", "who", "headcount", "origin", "shelter", "at")
            ),
            evacuees.c.returns_id,
            evacuees.c.withdrawn_at,
            people.c.name.label("by"),
        )
        .join(people, people.c.id == evacuees.c.by_id)
        .where(evacuees.c.incident_id == incident_id)
        .order_by(evacuees.c.id)
    )
    return [Evacuee(**r._mapping) for r in rows]


_STANDING = evacuees.c.withdrawn_at.is_(None)
_TOTALS = select(
    func.sum(case((evacuees.c.returns_id.is_(None), evacuees.c.headcount), else_=0)).label("moved"),
    func.sum(case((evacuees.c.returns_id.is_not(None), evacuees.c.headcount), else_=0)).label("back"),
).where(evacuees.c.incident_id == bindparam("incident"), _STANDING)


async def totals(tx: Tx, incident_id: int) -> tuple[int, int]:
    """Return how many people were moved out and how many of them came back, without what was withdrawn."""
    row = await tx.one(_TOTALS, {"incident": incident_id})
    return (int(row.moved or 0), int(row.back or 0)) if row else (0, 0)


async def carry(tx: Tx, old: int, new: int) -> None:
    """Put the evacuated of an incident under the one it was joined to."""
    await tx.run(update(evacuees).where(evacuees.c.incident_id == old).values(incident_id=new))


async def add(tx: Tx, now: datetime, incident_id: int, by: int, **values: object) -> int:
    """Keep a line or a return and return its key."""
    return await tx.add(evacuees, incident_id=incident_id, by_id=by, at=now, **values)


async def withdraw(tx: Tx, now: datetime, evacuee_id: int) -> bool:
    """Return True if the line stood and is now withdrawn; it is never deleted."""
    where = (evacuees.c.id == evacuee_id, _STANDING)
    return await tx.run(update(evacuees).where(*where).values(withdrawn_at=now)) == 1

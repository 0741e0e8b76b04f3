"""Holiday arrangements an admin imported, over those of the library."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, select

from storage.database import Tx
from storage.schema import holidays


async def imported(tx: Tx) -> dict[date, tuple[str, str]]:
    """Return the imported days: kind and name, in words."""
    rows = await tx.all(select(holidays).where(holidays.c.room_id == tx.room).order_by(holidays.c.day))
    return {date.fromisoformat(r.day): (r.kind, r.name) for r in rows}


async def put(tx: Tx, days: Mapping[date, tuple[str, str]]) -> None:
    """Lay the arrangement of the years these days belong to in place of what was imported for them."""
    for year in sorted({day.year for day in days}):
        await tx.run(
            delete(holidays).where(holidays.c.room_id == tx.room, holidays.c.day.startswith(f"{year}-"))
        )
    for day, (kind, name) in sorted(days.items()):
        await tx.run(holidays.insert().values(room_id=tx.room, day=day.isoformat(), kind=kind, name=name))

"""The shifts the office wants, by its templates and the calendar; days are the room's, instants UTC."""

from datetime import date, datetime, time, timedelta

from domain.day_kind import Arrangement, Day, DayKind, kind_of
from domain.roster import Slot, slots_of
from storage import holiday
from storage.database import Tx


def bounds(tx: Tx, first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """Return the instants between which the shifts of a calendar day (or of the days to `last`) begin."""
    after = (last or first) + timedelta(days=1)
    return datetime.combine(first, time(), tx.zone), datetime.combine(after, time(), tx.zone)


async def arrangement(tx: Tx) -> Arrangement:
    """Return the holiday arrangements the office imported, which go before the library's."""
    imported = await holiday.imported(tx)
    return Arrangement({day: Day(DayKind(kind), name) for day, (kind, name) in imported.items()})


async def slots(tx: Tx, first: date, last: date) -> list[Slot]:
    """Return the shifts the office wants from the first to the last calendar day."""
    known = await arrangement(tx)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [s for day in days for s in slots_of(day, kind_of(day, known).kind, tx.rules.roster, tx.zone)]


def stamp(tx: Tx, start: datetime) -> str:
    """Return the subject of a changeover's deadlines."""
    return f"{start.astimezone(tx.zone):%y%m%d%H%M}"

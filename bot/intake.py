"""What the intake of bulletins is lent: its sources, and taking in, each in a unit of work of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions import source
from bot.clock import Clock
from domain.bulletin_xml import BulletinRefused
from storage.database import Database
from web.intake import Refused

NOTHING = Refused("no_bulletin", "no warning was read: issuer, hazard and colour are needed")


@dataclass(frozen=True)
class Sources:
    """The sources of bulletins by HTTP."""

    db: Database
    clock: Clock

    async def name_of(self, token: str) -> str | None:
        """Return the name of the source that holds a token. Raises StorageFailed."""
        async with self.db.read() as tx:
            found = await source.by_token(tx, token)
        return found.name if found else None

    async def take(self, token: str, data: bytes) -> Sequence[Mapping[str, object]] | Refused | None:
        """Keep what was handed in, all of it or nothing; None when the token ended meanwhile. Raises StorageFailed."""
        try:
            async with self.db.write() as tx:
                by = await source.by_token(tx, token)
                if by is None:
                    return None
                taken = await source.take_in(tx, self.clock.now(), by, data)
        except BulletinRefused as error:
            return Refused("refused", str(error))
        return [
            {
                "number": one.number,
                "hazard": one.hazard,
                "colour": one.colour,
                "state": one.state,
                "duplicate_of": one.number if one.duplicate else None,
            }
            for one in taken
        ] or NOTHING

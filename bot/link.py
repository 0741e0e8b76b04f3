"""What the personal pages are lent: a link's page as HTML, and its answers, each in a unit of work of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions import ack
from bot.clock import Clock
from domain.link import Gone, Mistake, Page, Said, read_answer
from messages.page import page
from storage.database import Database
from web.ack import Shown

STATUS = {Gone.UNKNOWN: 404, Gone.EXPIRED: 410, Gone.NOT_YOURS: 404, Gone.FORGED: 403}


@dataclass(frozen=True)
class Links:
    """The pages behind personal links."""

    db: Database
    clock: Clock

    async def show(self, token: str, said: str) -> Shown:
        """Return the page of a link; nothing is changed. Raises StorageFailed."""
        async with self.db.read() as tx:
            return self._shown(await ack.look(tx, self.clock.now(), token, said))

    async def answer(self, token: str, fields: Mapping[str, str]) -> Shown | str:
        """Record what a form answers; return what the next page says, or a page that refuses. Raises StorageFailed."""
        now, given = self.clock.now(), read_answer(fields)
        if isinstance(given, Mistake):
            async with self.db.read() as tx:
                seen = await ack.look(tx, now, token, mistake=given)
            return self._shown(seen, 422)
        async with self.db.write() as tx:
            outcome = await ack.answer(tx, now, token, fields.get("csrf", ""), given)
        return outcome.value if isinstance(outcome, Said) else self._shown(outcome)

    def words(self, what: str) -> str:
        """Return a page of a few words."""
        room = self.db.rules.room
        values = {"what": what, "room": room.name, "phone": room.phone}
        return page("ack/words", values, zone=self.db.zone, now=self.clock.now())

    def _shown(self, seen: Page | Gone, status: int = 200) -> Shown:
        if isinstance(seen, Gone):
            return Shown(STATUS[seen], self.words(seen.value))
        values = {name: getattr(seen, name) for name in Page.model_fields}
        return Shown(status, page("ack/page", values, zone=self.db.zone, now=self.clock.now()))

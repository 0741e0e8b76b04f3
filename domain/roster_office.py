"""What the room knows when it reads a roster: people, posts, shifts of each day, leave."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from config.rules import RosterRules
from domain.day_kind import Arrangement, kind_of
from domain.roster import Slot, posts_of, slots_of, templates_of
from domain.roster_check import OnLeave
from domain.roster_label import Words
from domain.roster_names import Directory, KnownPerson


@dataclass
class Office:
    """The room's people, its rules of the roster and its holidays; `leaves`: those granted."""

    people: Sequence[KnownPerson]
    rules: RosterRules
    zone: ZoneInfo
    arrangement: Arrangement = field(default_factory=Arrangement)
    leaves: Sequence[OnLeave] = ()

    def __post_init__(self) -> None:
        """Read the names of posts and shifts, and of people."""
        self.words = Words(posts_of(self.rules), [t.name for t in templates_of(self.rules)])
        self.directory = Directory(self.people, self.words)
        self._slots: dict[date, tuple[Slot, ...]] = {}

    def slots(self, day: date) -> tuple[Slot, ...]:
        """Return the shifts the office wants on a calendar day."""
        if day not in self._slots:
            kind = kind_of(day, self.arrangement).kind
            self._slots[day] = slots_of(day, kind, self.rules, self.zone)
        return self._slots[day]

"""The shifts of a sheet put on the office's: a name finds its template, hours theirs, no shift the whole day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from config.roster import ShiftTemplate
from domain.roster import Post, Slot, templates_of
from domain.roster_entry import Entry, Gathered
from domain.roster_label import ShiftSaid, write_hours
from domain.roster_office import Office
from domain.roster_words import DAY, NIGHT, ONE_DAY, SHIFT_OF, WHOLE

IN_THE_ROOM = (Post.OFFICER, Post.DEPUTY)
"""Posts that are held shift by shift; the others are held for the whole day where a sheet names no shift."""
EVENING = time(17, 30)  # where 白班 ends in an office that has no shifts of its own


@dataclass(frozen=True)
class RosterShift:
    """A person on a post from, to (aware, the room's zone); `label`: the shift's name; `cell`: where it was read."""

    day: date
    label: str
    starts_at: datetime
    ends_at: datetime
    entry: Entry

    @property
    def post(self) -> Post:
        """Return the post."""
        return self.entry.post


class Spans:
    """Finds the shift of each entry, and tells once what it had to assume."""

    def __init__(self, office: Office, gathered: Gathered, hours: Mapping[str, tuple[time, time]]) -> None:
        self.office, self.into, self.hours = office, gathered, hours
        self.templates = {t.name: t for t in templates_of(office.rules)}
        self.told: set[tuple[str, ...]] = set()

    def of(self, entry: Entry) -> RosterShift | None:
        """Return the shift of an entry, None when neither sheet nor office tells its hours."""
        slots = self.office.slots(entry.day)
        if entry.shift is None:
            return self._untold(entry, slots)
        said = entry.shift
        if said.hours is None and (noted := self.hours.get(SHIFT_OF.get(said.name.lower(), said.name))):
            said = ShiftSaid(said.name, noted)
        if (slot := self._named(said, slots)) is not None:
            self._compare(entry, said, slot.name, (slot.starts_at.time(), slot.ends_at.time()))
            return RosterShift(
                entry.day, slot.name if len(slots) > 1 else "", slot.starts_at, slot.ends_at, entry
            )
        if said.name and (template := self._template(said)) is not None:
            self._compare(entry, said, template.name, (template.start, template.end))
            self._once(
                entry,
                said.word,
                f"按班制这一天没有{template.name}，按 {write_hours((template.start, template.end))} 读",
            )
            return self._made(entry, template.name, template.start, template.end)
        return self._own(entry, said)

    def _untold(self, entry: Entry, slots: Sequence[Slot]) -> RosterShift | None:
        """Place an entry whose shift the sheet does not tell."""
        wanting = [slot for slot in slots if entry.post in slot.needs] or list(slots)
        if not wanting:
            self.into.error(
                entry.place, entry.person.name, "按班制这一天没有班；请写明班次，如 夜班(17:30-08:30)"
            )
            return None
        if len(wanting) > 1 and entry.post in IN_THE_ROOM:
            names = "、".join(slot.name for slot in wanting)
            why = (
                f"一天有{names}，表里没写{entry.post.word}排的是哪一班；"
                f"请加一列“班次”，或写成 {wanting[0].name}{entry.post.word}，值一整天的写“全天”"
            )
            self._once(entry, entry.person.name, why, wrong=True)
        start, end = wanting[0].starts_at, max(slot.ends_at for slot in wanting)
        label = wanting[0].name if len(wanting) == 1 and len(slots) > 1 else ""
        return RosterShift(entry.day, label, start, end, entry)

    def _named(self, said: ShiftSaid, slots: Sequence[Slot]) -> Slot | None:
        if said.name:
            word = SHIFT_OF.get(said.name.lower(), said.name)
            exact = [s for s in slots if s.name == said.name]
            alike = [s for s in slots if SHIFT_OF.get(s.name.lower(), s.name) == word]
            return next(iter(exact or alike), None)
        return next((s for s in slots if (s.starts_at.time(), s.ends_at.time()) == said.hours), None)

    def _template(self, said: ShiftSaid) -> ShiftTemplate | None:
        word = SHIFT_OF.get(said.name.lower(), said.name)
        found = [t for t in self.templates.values() if SHIFT_OF.get(t.name.lower(), t.name) == word]
        return self.templates.get(said.name) or (found[0] if found else None)

    def _compare(self, entry: Entry, said: ShiftSaid, name: str, hours: tuple[time, time]) -> None:
        if said.hours and said.hours != hours:
            why = f"班制里{name}是 {write_hours(hours)}，和表里写的 {write_hours(said.hours)} 不同，按班制读"
            self._once(entry, said.word, why)

    def _own(self, entry: Entry, said: ShiftSaid) -> RosterShift | None:
        """Place an entry in a shift the office does not have."""
        name = said.word
        word = SHIFT_OF.get(said.name.lower(), said.name)
        changeover = self.office.rules.changeover
        usual = {
            DAY: (changeover, EVENING),
            NIGHT: (EVENING, changeover),
            WHOLE: (changeover, (datetime.combine(entry.day, changeover) + self.office.rules.length).time()),
        }
        slots = self.office.slots(entry.day)
        if word == WHOLE and said.hours is None and slots:
            return RosterShift(entry.day, "", slots[0].starts_at, max(s.ends_at for s in slots), entry)
        hours = said.hours or usual.get(word)
        if hours is None:
            why = f"班制里没有{name}，表里也没写几点到几点；请写成 {name}(08:30-17:30)，或先设班制"
            self._once(entry, name, why, wrong=True)
            return None
        if said.hours:
            self._once(
                entry, name, f"班制里没有{said.name or '这个时段'}，按表里写的 {write_hours(hours)} 读"
            )
        elif word != WHOLE:
            why = f"班制里没有{name}，表里也没写时间，按 {write_hours(hours)} 读；不对请写成 {name}(08:30-17:30)"
            self._once(entry, name, why)
        return self._made(entry, "" if word == WHOLE else said.name or name, *hours)

    def _made(self, entry: Entry, label: str, start: time, end: time) -> RosterShift:
        zone = self.office.zone
        starts_at = datetime.combine(entry.day, start, zone)
        ends_at = datetime.combine(entry.day + ONE_DAY * (end <= start), end, zone)
        return RosterShift(entry.day, label, starts_at, ends_at, entry)

    def _once(self, entry: Entry, value: str, reason: str, *, wrong: bool = False) -> None:
        """Tell what holds for a whole column or shift at its first cell only."""
        key = (reason,)
        if key not in self.told:
            self.told.add(key)
            (self.into.error if wrong else self.into.warn)(entry.place, value, reason)


def whole_days(entries: Sequence[Entry], nobody: set[tuple[date, Post]]) -> list[Entry]:
    """Return the entries of days of several rows; a leader of the first row only, or of all alike, is the day's.

    So is a driver. `nobody`: days whose rows say of a post that nobody stands on it.
    """
    groups: dict[tuple[date, Post], dict[int, list[Entry]]] = {}
    firsts: dict[date, int] = {}
    for entry in entries:
        firsts.setdefault(entry.day, entry.place.row)
        if entry.post not in IN_THE_ROOM:
            groups.setdefault((entry.day, entry.post), {}).setdefault(entry.place.row, []).append(entry)
    again: set[int] = set()
    for (day, post), by_row in groups.items():
        people = {tuple(e.person.id for e in row) for row in by_row.values()}
        if len(people) == 1 and min(by_row) == firsts[day] and (day, post) not in nobody:
            first, *others = by_row.values()
            for entry in first:
                entry.shift = None
            again |= {id(entry) for row in others for entry in row}
    return [entry for entry in entries if id(entry) not in again]


def demote(shifts: Sequence[RosterShift], office: Office) -> dict[date, list[RosterShift]]:
    """Make deputies of the officers beyond those a shift needs, in order; return the days where that was done."""
    count: dict[tuple[date, datetime], int] = {}
    done: dict[date, list[RosterShift]] = {}
    for shift in shifts:
        if shift.post is not Post.OFFICER:
            continue
        key = (shift.day, shift.starts_at)
        count[key] = count.get(key, 0) + 1
        needs = [
            s.needs.get(Post.OFFICER, 1) for s in office.slots(shift.day) if s.starts_at == shift.starts_at
        ]
        if count[key] > max(needs, default=1):
            shift.entry.post = Post.DEPUTY
            done.setdefault(shift.day, []).append(shift)
    return done

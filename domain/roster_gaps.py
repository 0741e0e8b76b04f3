"""What a sheet leaves open of the posts it is about: days it skips, and shifts with too few people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.roster import Post
from domain.roster_check import Finding, Standing, open_spans
from domain.roster_dates import runs_of
from domain.roster_entry import Gathered
from domain.roster_label import write_hours
from domain.roster_office import Office
from domain.roster_spans import RosterShift
from domain.roster_words import ONE_DAY


@dataclass(frozen=True)
class Gap:
    """A post open on a day, `missing` people short, in `shift` ("" where the day has one); `post` None: no row."""

    date: date
    post: Post | None
    shift: str = ""
    missing: int = 1

    @property
    def text(self) -> str:
        """Return the gap in words."""
        day = f"{self.date.month}月{self.date.day}日"
        if self.post is None:
            return f"{day} 整天"
        short = f"（差 {self.missing} 人）" if self.missing > 1 else ""
        return f"{day} {self.shift}{self.post.word}{short}"


def find_gaps(shifts: Sequence[RosterShift], office: Office, into: Gathered, hole: int) -> tuple[Gap, ...]:
    """Return the gaps from the first day to the last; days missing for longer than `hole` are an error already."""
    by_day: dict[date, list[Standing]] = {day: [] for day in into.days}
    for s in shifts:
        by_day[s.day].append(Standing(s.post, s.entry.person.id, s.starts_at, s.ends_at))
    gaps: list[Gap] = []
    runs = runs_of(by_day)
    for index, (first, last) in enumerate(runs):
        before = runs[index - 1][1] if index else first - ONE_DAY
        missing = (first - before).days - 1
        gaps += [Gap(before + ONE_DAY * n, None) for n in range(1, missing + 1) if missing < hole]
        for day in (first + ONE_DAY * n for n in range((last - first).days + 1)):
            gaps += _of_day(day, by_day, office, into)
    return tuple(gaps)


def _of_day(day: date, by_day: dict[date, list[Standing]], office: Office, into: Gathered) -> list[Gap]:
    if day in into.lost:
        return []
    near = [s for n in (-1, 0, 1) for s in by_day.get(day + ONE_DAY * n, ())]
    slots = office.slots(day)
    found = [
        (
            slot.name
            if len(slots) > 1
            else _hours(gap, slot.starts_at == gap.starts_at and slot.ends_at == gap.ends_at),
            gap,
        )
        for slot in slots
        for gap in open_spans([slot], near)
        if gap.post in into.posts and (day, gap.post) not in into.doubted
    ]
    return list(dict.fromkeys(Gap(day, gap.post, shift, gap.missing) for shift, gap in found))


def _hours(gap: Finding, whole: bool) -> str:  # noqa: FBT001 - a fact of the gap
    """Return the hours of a gap that is only a part of the day's one shift."""
    return "" if whole else f"{write_hours((gap.starts_at.time(), gap.ends_at.time()))} "

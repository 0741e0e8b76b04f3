"""Always true, whatever happens to a roster: nobody's post is silently empty, and shifts change hands by their rules.

The state machine does what people do; what is checked is read from the tables by SQL of its own, never by the actions.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from actions import cover, handover, leave, people, roster, swap
from domain.notices import roster as say
from domain.roster import Post, Wanted
from domain.swap import MOVES
from tests.simulation.office import PARTS, START, ZONE, Office, live_through

LEADERS, OFFICERS = ("张慧敏", "赵文斌", "孙立新"), ("郑伟", "何琳", "刘芳", "陈刚")
ON_ROSTER = (*LEADERS, *OFFICERS, "杨帆")
ADMIN = "宋倩"
DAY = timedelta(days=1)
OPEN = ("offered", "accepted")
NEAR = (4, 5, 4, 5, 4, 5, 6, 7, 2, 3, 9, 12)
"""Which shift is picked, in the order of the first roster: mostly tomorrow's leader and officer, so that acts meet."""
FINAL = ("approved", "declined", "refused", "withdrawn", "expired", "void")


@cache
def office() -> Office:
    """Return the one office of this test process, with nine days of roster from yesterday on."""
    made = Office()
    made.begin()
    first = START.date() - DAY
    wanted = [w for n in range(9) for w in day_of(made, first + n * DAY, 0)]
    made.run(roster.publish(made.tx, None, made.now, wanted, (first, first + 8 * DAY)))
    made.keep()
    return made


def start_of(day: date) -> datetime:
    """Return when the shift of a day begins."""
    return datetime.combine(day, time(8, 30), ZONE)


def day_of(o: Office, day: date, turn: int) -> list[Wanted]:
    """Return a day's 24 hours of a leader and an officer, who go round in turn."""
    number = day.toordinal() + turn
    return [
        Wanted(post, o.who[names[number % len(names)]].id, start_of(day), start_of(day + DAY))
        for post, names in ((Post.LEADER, LEADERS), (Post.OFFICER, OFFICERS))
    ]


class Roster(RuleBasedStateMachine):
    """People publish, swap, cover, go on leave, leave the office, hand over; time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.office = office()
        self.office.begin()
        self.held: Counter[int] = Counter()
        self.turns: Counter[int] = Counter()
        self.swaps: dict[int, str] = {}

    def teardown(self) -> None:
        """Forget the example."""
        self.office.end()

    @property
    def today(self) -> date:
        """The room's calendar day."""
        return self.office.now.astimezone(ZONE).date()

    def shifts(self, where: str = "") -> list[tuple[Any, ...]]:
        """Return id, person and turn of the shifts that stand."""
        return self.office.rows(
            f"SELECT id, person_id, coalesce(turn_id, person_id) FROM shifts WHERE state = 'planned' {where} ORDER BY id"  # noqa: S608 - our own text
        )

    def counted(self) -> None:
        """Take the shifts as they stand for what is right."""
        self.held = Counter(row[1] for row in self.shifts())
        self.turns = Counter(row[2] for row in self.shifts())

    @initialize(days=st.sampled_from((8, 8, 8, 8, 3)))
    def some_days_of_the_roster(self, days: int) -> None:
        """The office begins with nine days of roster; perhaps its last ones are taken off again."""
        self.counted()
        if days < 8:
            o, first = self.office, START.date() + days * DAY
            o.run(roster.publish(o.tx, None, o.now, [], (first, START.date() + 8 * DAY)))
            self.counted()

    def _publish(self, first: date, days: int, turn: int) -> None:
        wanted = [w for n in range(days) for w in day_of(self.office, first + n * DAY, turn)]
        span = (first, first + (days - 1) * DAY)
        o = self.office
        o.run(roster.publish(o.tx, None, o.now, wanted, span))
        self.counted()

    @rule(ahead=st.integers(0, 5), days=st.integers(1, 4), turn=st.integers(0, 3))
    def publish(self, ahead: int, days: int, turn: int) -> None:
        """The admin imports some days anew."""
        self._publish(self.today + (ahead + 1) * DAY, days, turn)

    @rule(ahead=st.integers(1, 6), post=st.sampled_from([Post.LEADER, Post.OFFICER]))
    def open_a_day(self, ahead: int, post: Post) -> None:
        """The admin takes everybody of a post off a day."""
        day, o = self.today + ahead * DAY, self.office
        o.run(roster.publish(o.tx, None, o.now, [], (day, day), posts=[post]))
        self.counted()

    @rule(
        pick=st.sampled_from(NEAR),
        to=st.sampled_from(ON_ROSTER),
        back=st.integers(0, 3),
        by_admin=st.booleans(),
    )
    def offer(self, pick: int, to: str, back: int, by_admin: bool) -> None:  # noqa: FBT001 - drawn
        """Somebody (or the admin for them) asks another person, perhaps for a shift of theirs."""
        shifts, o = self.shifts(), self.office
        if not shifts:
            return
        key, person, _ = shifts[pick % len(shifts)]
        asker = ADMIN if by_admin else next(a for a in o.who.values() if a.id == person).name
        theirs = [row[0] for row in shifts if row[1] == o.who[to].id]
        other = theirs[back % len(theirs)] if theirs and back else None
        o.act(swap.offer(o.tx, o.who[asker], o.now, key, to, other))

    @precondition(lambda self: any(state in (*OPEN, "effective") for state in self.swaps.values()))
    @rule(
        pick=st.integers(0, 9),
        name=st.sampled_from((*ON_ROSTER, ADMIN)),
        yes=st.booleans(),
        right=st.booleans(),
    )
    def answer(self, pick: int, name: str, yes: bool, right: bool) -> None:  # noqa: FBT001 - drawn
        """Somebody answers a swap: mostly who is asked, sometimes anybody."""
        waiting = [key for key, state in sorted(self.swaps.items()) if state in (*OPEN, "effective")]
        key, o = waiting[pick % len(waiting)], self.office
        shift, other, asker, to, state = o.rows(
            f"SELECT shift_id, other_shift_id, from_id, to_id, state FROM swaps WHERE id = {key}"  # noqa: S608 - our own text
        )[0]
        if right:
            name = next(a.name for a in o.who.values() if a.id == to) if state == "offered" else ADMIN
        notice = o.act(swap.agree(o.tx, o.who[name], o.now, shift, yes=yes))
        if isinstance(notice, say.SwapDecided) and notice.state == "approved" and not notice.cover:
            self.held[to] += 1
            self.held[asker] -= 1
            if other is not None:
                self.held[to] -= 1
                self.held[asker] += 1

    @precondition(lambda self: any(state in OPEN for state in self.swaps.values()))
    @rule(pick=st.integers(0, 9), name=st.sampled_from((*ON_ROSTER, ADMIN)))
    def withdraw(self, pick: int, name: str) -> None:
        """Somebody takes an offer back."""
        waiting = [key for key, state in sorted(self.swaps.items()) if state in OPEN]
        o = self.office
        shift = o.rows(f"SELECT shift_id FROM swaps WHERE id = {waiting[pick % len(waiting)]}")[0][0]  # noqa: S608 - same
        o.act(swap.withdraw(o.tx, o.who[name], o.now, shift))

    @rule(name=st.sampled_from(ON_ROSTER), pick=st.sampled_from(NEAR), bare=st.booleans())
    def step_in(self, name: str, pick: int, bare: bool) -> None:  # noqa: FBT001 - drawn
        """Somebody steps in for a shift, or for whatever needs it."""
        shifts, o = self.shifts(), self.office
        key = None if bare or not shifts else shifts[pick % len(shifts)][0]
        offered = o.rows("SELECT shift_id FROM swaps WHERE state IN ('offered', 'accepted')")
        if offered and pick % 2:
            key = offered[pick % len(offered)][0]
        before = {row[0]: row for row in shifts}
        notice = o.act(cover.cover(o.tx, o.who[name], o.now, key))
        if isinstance(notice, say.Covered):
            self.held[o.who[name].id] += 1
            if notice.old_shift is not None:
                self.held[before[notice.old_shift][1]] -= 1
            else:
                self.turns[o.who[name].id] += 1

    @rule(name=st.sampled_from(ON_ROSTER), ahead=st.integers(0, 6), days=st.integers(1, 3))
    def goes_on_leave(self, name: str, ahead: int, days: int) -> None:
        """The admin enters leave: nobody's shifts change by it."""
        first = self.today + ahead * DAY
        last = first + (days - 1) * DAY
        text = f"{name} {first:%Y.%m.%d}-{last:%Y.%m.%d} 年休假"
        self.office.act(leave.ask(self.office.tx, self.office.who[ADMIN], self.office.now, text))

    @rule(name=st.sampled_from(OFFICERS))
    def hand_over(self, name: str) -> None:
        """Somebody tries to hand over, and whoever may takes over."""
        o = self.office
        o.act(handover.hand_over(o.tx, o.who[name], o.now))
        running = o.rows("SELECT id FROM handovers WHERE state IN ('draft', 'signed_out')")
        for (key,) in running:
            o.act(handover.sign_out(o.tx, o.who[name], o.now, key))
            for other in OFFICERS:
                o.act(handover.sign_in(o.tx, o.who[other], o.now, key))

    @rule(name=st.sampled_from(OFFICERS), by=st.sampled_from((*LEADERS, "郑伟")))
    def force(self, name: str, by: str) -> None:
        """A leader moves the watch: who is not rostered stands in for whoever runs now."""
        o, now = self.office, self.office.micros
        running = o.rows(
            f"SELECT person_id FROM shifts WHERE state = 'planned' AND post = 'officer' AND starts_at <= {now} AND ends_at > {now}"  # noqa: S608 - our own text
        )
        covers = len(o.rows("SELECT id FROM swaps WHERE kind = 'cover'"))
        o.act(handover.force(o.tx, o.who[by], o.now, name, "联系不上"))
        if len(o.rows("SELECT id FROM swaps WHERE kind = 'cover'")) > covers:
            self.held[o.who[name].id] += 1
            self.held[running[0][0]] -= 1

    @rule(name=st.sampled_from(ON_ROSTER))
    def is_revoked(self, name: str) -> None:
        """The admin takes somebody's access: their shifts stand and are reported."""
        self.office.act(people.revoke(self.office.tx, self.office.who[ADMIN], self.office.now, name))

    @rule(hours=st.sampled_from((0.1, 1, 3, 9, 14, 24)))
    def passes(self, hours: float) -> None:
        """Time passes."""
        self.office.passes(hours)

    # --- always true --------------------------------------------------------------------------------------

    @invariant()
    def every_post_has_somebody_or_a_gap_that_was_told(self) -> None:
        """P1, now and at every changeover of the next week."""
        now = self.office.micros
        week = 6 * 86_400_000_000  # the daily look at seven days ahead is at 09:00
        gaps = self.office.rows(
            "SELECT post, starts_at, ends_at, told_at FROM findings WHERE kind = 'gap' AND closed_at IS NULL"
        )
        stands = self.office.rows("SELECT post, starts_at, ends_at FROM shifts WHERE state = 'planned'")
        edges = {at for _, start, end in stands for at in (start, end) if now <= at < now + week}
        for at in sorted({now, *edges}):
            for post in ("leader", "officer"):
                told = any(p == post and s <= at < e and t is not None for p, s, e, t in gaps)
                filled = any(p == post and s <= at < e for p, s, e in stands)
                assert filled or told, f"{post} is open at {at} and nobody was told"
                assert not (filled and told), f"{post} is filled at {at} and still called open"

    @invariant()
    def at_most_one_person_holds_the_watch(self) -> None:
        """The officer on watch is one person, and somebody once a shift has begun."""
        held = self.office.rows("SELECT person_id FROM watches WHERE post = 'officer'")
        assert len(held) <= 1
        now = self.office.micros
        running = self.office.rows(
            f"SELECT id FROM shifts WHERE state = 'planned' AND post = 'officer' AND starts_at <= {now} AND ends_at > {now}"  # noqa: S608 - our own text
        )
        assert held or not running, "somebody is rostered now and nobody holds the watch"

    @invariant()
    def shifts_change_hands_only_by_roster_swap_and_cover(self) -> None:
        """What each person serves, and whose turn it is, is as the last of these left it."""
        shifts = self.shifts()
        assert +self.held == Counter(row[1] for row in shifts)
        assert +self.turns == Counter(row[2] for row in shifts), "a swap moved the rotation"

    @invariant()
    def swaps_move_by_the_table(self) -> None:
        """A swap's state only goes where docs/states.md lets it, and a shift is in one open swap at most."""
        moves = {(str(before), str(after)) for (before, _), after in MOVES.items()}
        now = {
            key: (state, shift, other)
            for key, state, shift, other in self.office.rows(
                "SELECT id, state, shift_id, other_shift_id FROM swaps"
            )
        }
        for key, (state, _, _) in now.items():
            before = self.swaps.get(key)
            assert (
                before in (None, state)
                or (before, state) in moves
                or ((before, state) == ("offered", "approved"))
            ), (before, state)
        touched = Counter(s for state, *both in now.values() if state in OPEN for s in both if s is not None)
        assert all(count == 1 for count in touched.values()), "a shift is in two open swaps"
        stands = {row[0] for row in self.shifts()}
        assert set(touched) <= stands, "an open swap of a shift that is gone"
        begins = dict(self.office.rows("SELECT id, starts_at FROM shifts"))
        late = [
            key for key, (state, s, _) in now.items() if state in OPEN and begins[s] <= self.office.micros
        ]
        assert not late, "an offer outlived the beginning of its shift"
        self.swaps = {key: state for key, (state, _, _) in now.items()}

    @invariant()
    def nobody_hears_of_the_same_swap_twice(self) -> None:
        """Everybody touched is told once of each outcome."""
        told = self.office.rows(
            "SELECT person_id, data FROM outbox WHERE kind = 'roster.swap_decided' AND person_id IS NOT NULL"
        )
        assert len(told) == len(set(told))


@pytest.mark.timeout(600)
@pytest.mark.no_cover
@pytest.mark.parametrize("first", PARTS)
def test_rosters_keep_their_promises(first: int) -> None:
    live_through(Roster, first)

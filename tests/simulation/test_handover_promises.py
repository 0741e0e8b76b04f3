"""Always true of handovers: a signed sheet never changes, a carried item is never lost, one person holds the watch.

The state machine opens and finishes things, signs, answers, forces and swaps; what is checked is read by SQL of its own.
"""

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from actions import bulletin, bulletin_dispatch, cover, duty, equipment, handover, incident, task
from actions.handover_sheet import compile_items
from tests.simulation.office import PARTS, live_through
from tests.simulation.test_roster_promises import LEADERS, OFFICERS, office

WARNING = "天津市气象台于2026年07月{day}日{hour}时发布{hazard}{colour}色预警信号：请注意防范。"
NOTES = ("传真机缺墨", "同上", "一切正常", "津塘路地道积水，8点前抽完", "无")
SIGNED = "SELECT id, out_id, sheet, notes, signed_out_at FROM handovers WHERE state <> 'draft' ORDER BY id"
ITEMS = "SELECT id, handover_id, subject, text, owner, next_action, due_at, risk, top FROM handover_items ORDER BY id"


class Handovers(RuleBasedStateMachine):
    """Officers hand over, in good order or not, while things arise and end."""

    def __init__(self) -> None:
        super().__init__()
        self.office = office()
        self.office.begin()
        self.signed: dict[int, tuple[Any, ...]] = {}
        self.items: dict[int, tuple[Any, ...]] = {}
        self.watch: Any = None
        self.may_move = False
        self.looked_at: Any = None

    def teardown(self) -> None:
        """Forget the example."""
        self.office.end()

    @initialize()
    def somebody_holds_the_watch(self) -> None:
        """The office begins with the officer rostered now on watch."""
        self.may_move = True

    def holder(self) -> str:
        """Return who holds the watch."""
        return str(
            self.office.rows(
                "SELECT p.name FROM watches w JOIN people p ON p.id = w.person_id WHERE w.post = 'officer'"
            )[0][0]
        )

    def running(self) -> list[tuple[Any, ...]]:
        """Return the handovers not finished; one that was signed is void once its signer is relieved otherwise."""
        return self.office.rows(
            "SELECT id, state FROM handovers WHERE state = 'draft' OR (state = 'signed_out'"
            " AND out_id = (SELECT person_id FROM watches WHERE post = 'officer')"
            " AND id = (SELECT max(id) FROM handovers))"
        )

    def unfinished(self) -> list[tuple[Any, ...]]:
        """Return the handovers not finished, void ones too, with who opened or signed them."""
        return self.office.rows(
            "SELECT h.id, p.name FROM handovers h JOIN people p ON p.id = h.out_id"
            " WHERE h.state IN ('draft', 'signed_out') ORDER BY h.id"
        )

    # --- things arise and end -----------------------------------------------------------------------------

    @rule(text=st.sampled_from(("明天8点前报送雨情", "联系排水所", "抄表")))
    def a_todo(self, text: str) -> None:
        """The officer on watch notes a to-do."""
        o = self.office
        o.act(task.add_todo(o.tx, o.who[self.holder()], o.now, text))

    @rule(leader=st.sampled_from(LEADERS), owner=st.sampled_from(OFFICERS))
    def an_instruction(self, leader: str, owner: str) -> None:
        """A leader gives an instruction."""
        o = self.office
        o.act(task.instruct(o.tx, o.who[leader], o.now, f"给{owner} 核查3号楼积水"))

    @rule(pick=st.integers(0, 5))
    def a_task_is_done(self, pick: int) -> None:
        """Somebody finishes a task."""
        o = self.office
        tasks = o.rows("SELECT id FROM tasks WHERE done_at IS NULL")
        if tasks:
            o.act(task.done(o.tx, o.who["郑伟"], o.now, tasks[pick % len(tasks)][0]))

    @rule(place=st.sampled_from(("海棠里社区3号楼", "东柳村村口")), fire=st.booleans())
    def an_incident(self, place: str, fire: bool) -> None:  # noqa: FBT001 - drawn
        """The officer on watch reports one."""
        o = self.office
        what = "着火，有人被困" if fire else "路面积水，无人员伤亡"
        o.act(incident.first_word(o.tx, o.who[self.holder()], o.now, f"刚才{place}{what}"))

    @rule(pick=st.integers(0, 5))
    def an_incident_is_put_away(self, pick: int) -> None:
        """The officer takes one back."""
        o = self.office
        found = o.rows("SELECT id FROM incidents WHERE state IN ('open', 'offered')")
        if found:
            o.act(incident.discard(o.tx, o.who[self.holder()], o.now, found[pick % len(found)][0]))

    @rule(colour=st.sampled_from("蓝黄橙红"), hazard=st.sampled_from(("暴雨", "大风")))
    def a_warning(self, colour: str, hazard: str) -> None:
        """The officer on watch passes a warning on."""
        o = self.office
        text = WARNING.format(day=o.now.day, hour=o.now.hour, hazard=hazard, colour=colour)
        o.act(bulletin.receive(o.tx, o.who[self.holder()], o.now, text))
        for (key,) in o.rows("SELECT id FROM bulletins WHERE state = 'draft'"):
            o.act(bulletin_dispatch.dispatch(o.tx, o.who[self.holder()], o.now, key))

    @rule(pick=st.integers(0, 5))
    def a_warning_ends(self, pick: int) -> None:
        """The officer ends one."""
        o = self.office
        found = o.rows("SELECT id FROM bulletins WHERE state = 'live'")
        if found:
            o.act(bulletin_dispatch.end(o.tx, o.who[self.holder()], o.now, found[pick % len(found)][0]))

    # --- the handover --------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(OFFICERS), note=st.sampled_from(("", *NOTES)), right=st.booleans())
    def opens(self, name: str, note: str, right: bool) -> None:  # noqa: FBT001 - drawn
        """Somebody opens the sheet, perhaps with a note."""
        o = self.office
        o.act(handover.hand_over(o.tx, o.who[self.holder() if right else name], o.now, note))

    @rule(fault=st.sampled_from(("正常", "传真机 缺墨", "传真机 正常")))
    def looks_at_the_equipment(self, fault: str) -> None:
        """The officer on watch checks it."""
        o = self.office
        o.act(equipment.check(o.tx, o.who[self.holder()], o.now, fault))

    @rule(pick=st.integers(0, 5), name=st.sampled_from(OFFICERS))
    def says_what_comes_next(self, pick: int, name: str) -> None:
        """Somebody plans the next step of an item."""
        o = self.office
        found = o.run(compile_items(o.tx, o.now))
        if found:
            subject = found[pick % len(found)].subject
            o.act(handover.set_next_action(o.tx, o.who[name], o.now, subject, "20:00前现场复核"))

    @precondition(lambda self: bool(self.running()))
    @rule(name=st.sampled_from(OFFICERS), right=st.booleans())
    def signs_out(self, name: str, right: bool) -> None:  # noqa: FBT001 - drawn
        """Somebody signs out."""
        o = self.office
        who = self.holder() if right else name
        o.act(handover.sign_out(o.tx, o.who[who], o.now, self.running()[0][0]))

    @precondition(lambda self: bool(self.items))
    @rule(
        name=st.sampled_from(OFFICERS),
        pick=st.integers(0, 9),
        word=st.sampled_from(("accepted", "finished", "referred")),
    )
    def answers(self, name: str, pick: int, word: str) -> None:
        """Somebody answers an item."""
        o = self.office
        keys = sorted(self.items)
        o.act(handover.answer(o.tx, o.who[name], o.now, keys[pick % len(keys)], word))

    @precondition(lambda self: bool(self.unfinished()))
    @rule(name=st.sampled_from(OFFICERS), far=st.integers(0, 2), pick=st.integers(0, 3))
    def takes_over(self, name: str, far: int, pick: int) -> None:
        """Somebody tries to take over, perhaps by a sheet that is void."""
        found = self.unfinished()
        self._take_over(found[pick % len(found)], name, far)

    def _take_over(self, sheet: tuple[Any, ...], name: str, far: int) -> None:
        """Take over: at once, with all answered, or with the risks read back too; only from who signed it."""
        o, (key, out), before = self.office, sheet, self.holder()
        o.act(handover.take_over(o.tx, o.who[name], o.now))
        if far > 0:
            o.act(handover.accept_all(o.tx, o.who[name], o.now, key))
        if far > 1:
            for (item,) in o.rows(f"SELECT id FROM handover_items WHERE handover_id = {key}"):  # noqa: S608 - ours
                o.act(handover.read_back(o.tx, o.who[name], o.now, item))
        self.may_move = before == out
        o.act(handover.sign_in(o.tx, o.who[name], o.now, key))

    @rule(far=st.integers(0, 2), to_the_end=st.booleans())
    def hand_over_in_order(self, far: int, to_the_end: bool) -> None:  # noqa: FBT001 - drawn
        """The officer on watch opens and signs, and whoever is next takes over, thoroughly or not."""
        o, holder = self.office, self.holder()
        o.act(handover.hand_over(o.tx, o.who[holder], o.now))
        o.act(handover.sign_out(o.tx, o.who[holder], o.now, self.running()[0][0]))
        incoming = o.run(duty.incoming_shift(o.tx, o.now))
        if to_the_end and incoming is not None:
            self._take_over(self.unfinished()[-1], incoming.name, far)

    @rule(
        name=st.sampled_from(OFFICERS),
        by=st.sampled_from((*LEADERS, "何琳")),
        reason=st.sampled_from(("", "送医")),
    )
    def is_forced(self, name: str, by: str, reason: str) -> None:
        """A leader moves the watch, with a reason."""
        o = self.office
        self.may_move = by in LEADERS and bool(reason)
        o.act(handover.force(o.tx, o.who[by], o.now, name, reason))

    @rule(name=st.sampled_from(OFFICERS))
    def steps_in(self, name: str) -> None:
        """Somebody covers."""
        o = self.office
        self.may_move = True
        running = o.rows(
            f"SELECT id FROM shifts WHERE state = 'planned' AND post = 'officer' AND starts_at <= {o.micros} AND ends_at > {o.micros}"  # noqa: S608 - ours
        )
        o.act(cover.cover(o.tx, o.who[name], o.now, running[0][0] if running else None))

    @rule(hours=st.sampled_from((0.2, 2, 9, 22)))
    def passes(self, hours: float) -> None:
        """Time passes: it moves no watch."""
        self.office.passes(hours)

    # --- always true --------------------------------------------------------------------------------------

    @invariant()
    def a_signed_sheet_never_changes(self) -> None:
        """What was signed stands as it was signed, word for word."""
        for table, statement in ((self.signed, SIGNED), (self.items, ITEMS)):
            now = {row[0]: row for row in self.office.rows(statement)}
            assert {key: now.get(key) for key in table} == table
            table.update(now)

    @invariant()
    def a_carried_item_is_never_lost(self) -> None:
        """Whatever a signed sheet carried is over, or stands on what the next sheet would carry."""
        o = self.office
        over = {f"T{key}" for (key,) in o.rows("SELECT id FROM tasks WHERE done_at IS NOT NULL")}
        over |= {f"W{key}" for (key,) in o.rows("SELECT id FROM bulletins WHERE state <> 'live'")}
        over |= {
            f"E{key}" for (key,) in o.rows("SELECT id FROM incidents WHERE state IN ('closed', 'discarded')")
        }
        carried = {item[2] for item in self.items.values()}
        opened = [
            o.rows(statement)
            for statement in (
                "SELECT id FROM tasks WHERE done_at IS NULL",
                "SELECT id FROM bulletins WHERE state = 'live'",
                "SELECT id FROM incidents WHERE state IN ('open', 'offered')",
            )
        ]
        looked_at = (carried, over, opened, o.now.date())
        if looked_at == self.looked_at:
            return  # nothing began or ended since the last look of the day
        self.looked_at = looked_at
        stands = {i.subject for i in o.run(compile_items(o.tx, o.now))}
        assert carried - over <= stands
        is_open = {f"{letter}{key}" for letter, rows in zip("TWE", opened, strict=True) for (key,) in rows}
        assert is_open <= stands, "something open is on no sheet"

    @invariant()
    def the_watch_moves_only_by_signature_force_or_cover(self) -> None:
        """One person holds it, and only these acts make it somebody else's."""
        held = self.office.rows("SELECT person_id, since FROM watches WHERE post = 'officer'")
        assert len(held) == 1
        assert self.may_move or self.watch in (None, held[0]), "the watch moved by itself"
        self.watch, self.may_move = held[0], False

    @invariant()
    def one_handover_runs_at_most(self) -> None:
        """And a finished one has its incoming officer's time."""
        assert len(self.running()) <= 1
        assert not self.office.rows("SELECT id FROM handovers WHERE state = 'done' AND signed_in_at IS NULL")
        assert not self.office.rows(
            "SELECT h.id FROM handovers h JOIN handover_items i ON i.handover_id = h.id"
            " WHERE h.state = 'done' AND (i.answer IS NULL OR (i.top AND i.read_back_at IS NULL))"
        ), "signed in with an item unanswered or a risk not read back"


@pytest.mark.timeout(600)
@pytest.mark.no_cover
@pytest.mark.parametrize("first", PARTS)
def test_handovers_keep_their_promises(first: int) -> None:
    live_through(Handovers, first)

"""What runs on slow machines showed: one guard per defect."""

from storage import log
from tests.stories.room import Room, StoryClock

OFFICER = "郑伟"


class SlowMachine(StoryClock):
    """A machine on which a tenth of a second goes by at every look at the clock."""

    def monotonic(self) -> float:
        """Return elapsed seconds."""
        self._elapsed += 0.1
        return self._elapsed


async def test_a_backlog_of_updates_lets_what_is_to_be_sent_in_between(room: Room) -> None:
    said = [f"第{number}条" for number in range(1, 13)]
    for words in said:
        room.api.post(room.ids[OFFICER], f"记录 {words}")
    await room._take()
    room.app.inbox.clock = SlowMachine(room.clock.now())
    turns = []
    while handled := await room.app.inbox.work():
        turns.append(handled)
        assert room.app.inbox.arrived.is_set() or sum(turns) == len(said), "the next turn comes at once"
    assert max(turns) < len(said)
    assert sum(turns) == len(said)
    async with room.app.db.read() as tx:
        kept = [entry.text for entry in await log.entries(tx, act="duty.log")]
    assert sorted(kept) == sorted(said)


async def test_a_long_backlog_does_not_hold_up_a_start(room: Room) -> None:
    said = [f"第{number}条" for number in range(1, 301)]
    for words in said:
        room.api.post(room.ids[OFFICER], f"记录 {words}")
    while await room._take():
        pass
    room.clock = SlowMachine(room.clock.now())
    await room.start_anew()
    async with room.app.db.read() as tx:
        handled = len(await log.entries(tx, act="duty.log"))
    assert 0 < handled < len(said), "some at once, the rest beside what is due"
    await room.settle()
    async with room.app.db.read() as tx:
        assert len(await log.entries(tx, act="duty.log")) == len(said)

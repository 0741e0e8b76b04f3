"""Many press the same button at the same moment: handled together, answered one by one, and one bad press alone fails."""

from collections.abc import Sequence

import pytest

from handlers.desk import PRESSES, Answer, Desk
from storage import log
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE, OFFICER

READERS = ("刘海芝", "赵永明", "王秀兰")


async def press_together(room: Room, *names: str) -> list[str]:
    """Let people press 收到 before the process looks; return their pop-ups."""
    queries = [room.api.press(room.ids[name], "收到") for name in names]
    await room.settle()
    return [(await room.api.answer(query)).text or "" for query in queries]


async def test_each_who_pressed_with_others_is_answered_recorded_and_logged_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    told = await press_together(room, *READERS, READERS[0])
    assert ["已记录：收到 W1" in text for text in told] == [True, True, True, False]
    assert "应答过" in told[3]
    await room.fast_forward(seconds=10)
    card = next(text for text in reversed(room.heard(OFFICER)) if "进度" in text)
    assert "收到 2/22" in card
    assert "收到 1/65" in card
    async with room.app.db.read() as tx:
        assert len(await log.entries(tx, act="callout.acked")) == 3
        assert isinstance(await log.verify(tx), log.Verified)


async def test_when_presses_cannot_be_handled_together_each_is_handled_alone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    real = PRESSES["callout.ack"]

    async def refusing(desks: Sequence[Desk], subject: str) -> Sequence[Answer]:
        answers = await real(desks, subject)
        if any(desk.who.name == READERS[1] for desk in desks):
            raise ValueError("this press is poison")
        return answers

    monkeypatch.setitem(PRESSES, "callout.ack", refusing)
    told = await press_together(room, *READERS)
    assert ["已记录：收到 W1" in text for text in told] == [True, False, True]
    async with room.app.db.read() as tx:
        assert len(await log.entries(tx, act="callout.acked")) == 2

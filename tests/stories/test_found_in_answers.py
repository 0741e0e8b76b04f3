"""What a hostile reading of contacts' and leaders' answers found: nothing they say is left without a way to the officer."""

import pytest

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE
from tests.stories.test_found_in_incident_answers import LEADER, OFFICER, PIPE

GRID = "林文涛"


async def _warned(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 东柳村")


@pytest.mark.parametrize("typed", ["东柳村收到", "回复：收到", "收到请放心", "@郑伟 收到"])
async def test_a_contact_answers_in_the_manner_of_a_group(room: Room, typed: str) -> None:
    await _warned(room)
    assert "已记录：收到 W1" in (await room.types(GRID, typed))[-1]


@pytest.mark.parametrize("typed", ["胡志荣收到", "李强让我说他收到了", "没收到", "未收到预警短信"])
async def test_anothers_answer_and_none_are_recorded_for_nobody(room: Room, typed: str) -> None:
    await _warned(room)
    await room.types(GRID, typed)
    assert "已应答 0" in room.last(OFFICER) or "收到" in room.buttons(GRID)


async def test_one_line_with_both_answers_is_passed_on(room: Room) -> None:
    await _warned(room)
    assert "W1 已传达（30户）" in (await room.types(GRID, "收到，已传达30户"))[-1]


async def test_words_that_are_no_clear_answer_are_one_press_from_it_and_reach_the_officer(room: Room) -> None:
    await _warned(room)
    await room.types(GRID, "收到，但是我在医院陪护去不了")
    assert "已记录：收到 W1" in await room.presses(GRID, "收到 W1")
    assert any("我在医院陪护去不了" in words for words in room.heard(OFFICER))


async def test_why_a_warning_cannot_be_passed_on_is_one_press_away(room: Room) -> None:
    await _warned(room)
    await room.types(GRID, "传达不了，手机没信号")
    await room.presses(GRID, "无法传达 W1")
    assert any("手机没信号" in words for words in room.heard(OFFICER))


async def test_who_has_nothing_to_answer_is_offered_no_answer(room: Room) -> None:
    await room.types(GRID, "传达不了，手机没信号")
    assert not [word for word in room.buttons(GRID) if "W" in word]


@pytest.mark.parametrize("typed", ["不行，数字不对", "先别发", "退回重写"])
async def test_a_leaders_no_is_one_press_from_the_return_with_its_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, "发送")
    await room.types(LEADER, typed)
    await room.presses(LEADER, "退回 E1")
    assert f"退回：{typed}" in "\n".join(room.heard(OFFICER))


@pytest.mark.parametrize("typed", ["已电话叫应林文涛，复述无误", "林文涛已叫应"])
async def test_a_call_told_in_another_order_is_recorded(room: Room, typed: str) -> None:
    await _warned(room)
    assert "林文涛 电话已叫应" in (await room.types(OFFICER, typed))[-1]


async def test_a_call_to_nobody_of_the_warning_is_not_recorded(room: Room) -> None:
    await _warned(room)
    assert "没有叫「王科长」的未应答人" in (await room.types(OFFICER, "王科长已叫应"))[-1]

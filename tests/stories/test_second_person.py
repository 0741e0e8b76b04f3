"""A mass warning beyond a set size wants two people, where the office asked for it (`callout.second_above`)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.conftest import MORNING
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, DEPUTY = "郑伟", "张慧敏", "冯磊"
GRID = "林文涛"


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a street where a warning to more than four units wants a second person."""
    room = await Room(tmp_path / "data", MORNING, "[callout]\nsecond_above = 4\n").open()
    await room.lay_street()
    yield room
    await room.close()


async def test_the_leader_agrees_and_it_goes_out(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    await street.presses(OFFICER, "下发")
    said = street.last(OFFICER)
    assert "还没有下发" in said
    assert "请第二人复核" in said
    assert LEADER in said
    assert street.heard(GRID) == []
    asked = street.last(LEADER)
    assert "请复核" in asked
    assert "暴雨蓝色" in asked
    assert OFFICER in asked
    assert "已下发 W1" in await street.presses(LEADER, "同意下发")
    assert any(f"{LEADER} 已同意，已下发 W1" in said for said in street.heard(OFFICER))
    assert "暴雨蓝色" in street.last(GRID)


async def test_who_asked_cannot_agree_alone(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    await street.presses(OFFICER, "下发")
    assert "还没有下发" in (await street.types(OFFICER, "下发 W1"))[-1]
    assert "还没有下发" in (await street.types(OFFICER, "同意下发 W1"))[-1]
    assert street.heard(GRID) == []
    assert "已下发 W1" in (await street.types(DEPUTY, "下发 W1"))[-1], (
        "another who may send it is a second person"
    )


async def test_few_units_go_out_at_once(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    assert "已下发 W1" in (await street.types(OFFICER, "下发 W1 东柳村"))[-1]


async def test_what_was_agreed_to_is_what_goes_out(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    await street.types(OFFICER, "下发 W1 东柳村、西柳村、海棠里社区")
    said = (await street.types(DEPUTY, "下发 W1 全部"))[-1]
    assert "还没有下发" in said, "more units than the first person meant: that one is to be agreed to anew"
    assert "已下发 W1" in (await street.types(LEADER, "同意下发 W1"))[-1]


async def test_nothing_waits_to_be_agreed_to(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    assert "没有等着复核" in (await street.types(LEADER, "同意下发 W1"))[-1]


async def test_silence_is_not_left_alone_the_grids_have_ten_minutes(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    await street.presses(OFFICER, "下发")
    await street.fast_forward(minutes=2)
    assert "再次提请复核" in street.last(LEADER)
    assert "已等 2 分钟" in street.last(LEADER)
    told = street.last(OFFICER)
    assert "已等复核 2 分钟" in told
    assert f"{LEADER} 1" in told, "with the telephone to ring"
    await street.fast_forward(minutes=2)
    assert "已等 4 分钟" in street.last(LEADER)
    await street.presses(LEADER, "同意下发")
    before = len(street.heard(LEADER))
    await street.fast_forward(minutes=4)
    assert not [said for said in street.heard(LEADER)[before:] if "复核" in said]


async def test_agreeing_does_not_send_what_a_later_warning_has_overtaken(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    await street.presses(OFFICER, "下发")
    await street.types(
        OFFICER,
        BLUE.replace("10时30分发布暴雨蓝色预警信号", "10时50分将暴雨蓝色预警信号升级为暴雨黄色预警信号"),
    )
    await street.types(OFFICER, "下发 W2")
    await street.types(LEADER, "同意下发 W2")
    assert "W2" in (await street.types(LEADER, "同意下发 W1"))[-1]
    assert not [said for said in street.heard(GRID) if "预警 W1" in said]


async def test_requests_that_an_outage_held_back_come_as_one_with_its_true_time(street: Room) -> None:
    await street.types(OFFICER, BLUE)
    await street.presses(OFFICER, "下发")
    before = len(street.heard(LEADER))
    await street.meanwhile(7)
    await street.settle()
    asked = [said for said in street.heard(LEADER)[before:] if "复核" in said]
    assert len(asked) == 1
    assert "已等 7 分钟" in asked[0]

"""Warnings as they should not be: files that harm, other provinces, a clock set back; each has a clear answer."""

from datetime import timedelta

import pytest

from actions import bulletin, bulletin_dispatch
from storage import people
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, ADMIN, GRID = "郑伟", "宋倩", "刘海芝"
BOMB = """<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<alert><identifier>&b;</identifier></alert>"""
ELSEWHERE = (
    "河北省气象台2026年7月25日9时50分发布暴雨橙色预警信号：预计未来3小时，石家庄市、保定市有50毫米以上降水。"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (BOMB.encode(), "DOCTYPE"),
        (b"<alert><info><event>\xb1\xa9", "读不通"),
        (b"<?xml version='1.0'?><alert></alert>", "没有内容"),
        (
            b"<?xml version='1.0' encoding='UTF-8'?><alert><info><event>\xb1\xa9\xd3\xea</event></info></alert>",
            "",
        ),
    ],
)
async def test_a_file_that_is_no_warning_is_answered_and_the_room_goes_on(
    room: Room, data: bytes, said: str
) -> None:
    answer = (await room.sends_file(OFFICER, "x.xml", data))[-1]
    assert said in answer
    assert "内部错误" not in answer
    assert "待下发" in (await room.types(OFFICER, BLUE))[-1]


async def test_a_warning_of_another_province_is_asked_about(room: Room) -> None:
    assert "外省" in (await room.types(OFFICER, ELSEWHERE))[-1]


async def test_a_press_kept_from_before_the_upgrade_says_what_has_happened(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    room.api.press(room.ids[GRID], "收到")  # pressed now, taken in after the upgrade
    stale = room.api.press(room.ids[GRID], "已传达")
    up = BLUE.replace("10时30分发布暴雨蓝色预警信号", "10时40分将暴雨蓝色预警信号升级为暴雨红色预警信号")
    async with room.app.db.write() as tx:
        (officer,) = await people.by_name(tx, OFFICER)
        await bulletin.receive(tx, officer, room.clock.now(), up)
        await bulletin_dispatch.dispatch(tx, officer, room.clock.now(), 2)
    await room.settle()
    assert "已被 W2 取代，请应答新预警：收到 W2" in ((await room.api.answer(stale)).text or "")
    assert "W2" in (await room.types(GRID, "收到"))[-1]


async def test_a_clock_set_back_while_down_leaves_the_ladder_the_time_it_had(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.fast_forward(minutes=3)
    await room.app.clockwork.audit()  # as each minute: remembers that we were alive
    await room.crash(timedelta(hours=-2))
    assert "服务器时钟比停机前早 120 分钟" in "\n".join(room.heard(ADMIN))
    await room.fast_forward(minutes=2.5)
    assert "还没有您的应答" in "\n".join(room.heard(GRID)), "two minutes were left of the five"
    assert "已记录：收到 W1" in await room.presses(GRID, "收到")


@pytest.mark.parametrize("code", ["utf-8-sig", "gb18030", "utf-16"])
async def test_a_text_file_is_read_in_the_encodings_people_save(room: Room, code: str) -> None:
    shown = (await room.sends_file(OFFICER, "预警.txt", BLUE.encode(code)))[-1]
    assert "W1 · 暴雨蓝色预警" in shown
    assert BLUE in shown

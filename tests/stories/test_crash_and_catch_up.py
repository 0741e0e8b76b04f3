"""Killed, cut off, refused or blocked: every overdue step acts once, late marks are said, nobody is flooded."""

import re
from datetime import datetime, timedelta

import pytest

from bot.outbox import GENTLE
from tests.stories.room import ZONE, Room
from tests.stories.test_duty_day import BLUE, FIRE

OFFICER, LEADER, ADMIN = "郑伟", "张慧敏", "宋倩"
A, B, GRID = "赵永明", "黄淑军", "刘海芝"
RED = BLUE.replace("蓝色", "红色")


async def _dispatch(room: Room, text: str = BLUE) -> None:
    await room.types(OFFICER, text)
    await room.presses(OFFICER, "下发")


def _late(room: Room, name: str) -> list[str]:
    return [text for text in room.heard(name) if re.search(r"迟 \d+ 分钟", text)]


def _count(room: Room, name: str, word: str) -> int:
    return sum(word in text for text in room.heard(name))


async def test_a_blocked_contact_is_answered_by_the_b_role_at_once(room: Room) -> None:
    room.api.block(room.ids[A])
    await room.settle()
    await _dispatch(room)
    assert "请您（B角）接手" in "\n".join(room.heard(B))
    calls = next(text for text in reversed(room.heard(OFFICER)) if "叫应名单" in text)
    assert A in calls
    assert room.time() == "10:00"
    assert A in "\n".join(room.heard(ADMIN))
    assert "收不到消息" in "\n".join(room.heard(ADMIN))


async def test_a_contact_without_an_account_goes_to_b_and_the_call_list(room: Room) -> None:
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
        "柳湾社区,沽水街道,社区,责任人,A,钱无号,书记,13900000001,\n"
        "柳湾社区,沽水街道,社区,责任人,B,黄淑军,副书记,13800000032,\n"
    )
    await room.sends_file(ADMIN, "人员.csv", sheet.encode())
    await room.presses(ADMIN, "确认")
    await _dispatch(room)
    assert "请您（B角）接手" in "\n".join(room.heard(B))
    calls = next(text for text in reversed(room.heard(OFFICER)) if "叫应名单" in text)
    assert "钱无号" in calls
    assert "未绑定" in calls


async def test_a_lost_reply_is_repeated_openly_never_silently_twice(room: Room) -> None:
    room.api.faults.timeout_after_delivery(1, "sendMessage", room.ids[GRID])
    await _dispatch(room)
    await room.fast_forward(minutes=1)
    orders = [text for text in room.heard(GRID) if BLUE in text]
    assert len(orders) == 2
    assert not orders[0].startswith("🔁")
    assert orders[1].startswith("🔁 重发")
    assert "已记录：收到 W1" in await room.presses(GRID, "收到")


async def test_a_429_is_waited_out_and_nothing_is_sent_twice(room: Room) -> None:
    room.api.faults.reply(429, retry_after=7, method="sendMessage", chat=room.ids[GRID], count=2)
    await _dispatch(room)
    await room.fast_forward(minutes=1)
    assert _count(room, GRID, BLUE) == 1
    assert _count(room, GRID, "重发") == 0


async def test_an_outage_of_three_hours_is_caught_up_and_marked(room: Room) -> None:
    await _dispatch(room)
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.fast_forward(minutes=1)
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.crash(timedelta(hours=3))
    for name in room.ids:
        new = [t for t in room.heard(name)[before[name] :] if "迟 " in t]
        if name != OFFICER:
            assert len(new) <= 3, (name, new)
    assert any("迟 " in text for text in room.heard(GRID)[before[GRID] :])
    assert "收到" in room.buttons(GRID)
    assert "已记录：收到 W1" in await room.presses(GRID, "收到")
    late = _late(room, OFFICER)
    assert any("E1" in text for text in late)
    assert len(late) <= 8
    assert "离线约" in "\n".join(room.heard(ADMIN))


@pytest.mark.parametrize("away", [20, 180])
async def test_a_crash_in_the_middle_of_the_ladder_acts_each_step_once(room: Room, away: int) -> None:
    await _dispatch(room)
    await room.fast_forward(minutes=4)
    assert _count(room, B, "B角") == 0
    await room.crash(timedelta(minutes=away))
    await room.fast_forward(minutes=30)
    assert _count(room, A, "还没有您的应答") + _count(room, A, "待您应答") >= 1
    assert _count(room, B, "请您（B角）接手") == 1
    assert _count(room, OFFICER, "📞 叫应名单") == 1
    assert _count(room, OFFICER, "时限已到") == 0, "the list is due then too, and says it"
    assert any("已过时限" in text for text in _late(room, OFFICER))
    await room.crash(timedelta(minutes=1))
    assert _count(room, B, "请您（B角）接手") == 1
    assert _count(room, OFFICER, "📞 叫应名单") == 1


async def test_a_crash_in_the_middle_of_the_clocks_says_each_step_once(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.fast_forward(minutes=4)
    await room.crash(timedelta(minutes=40))
    reminders = [text for text in room.heard(OFFICER) if text.startswith("⏱") or "超时" in text]
    assert len(reminders) == len(set(reminders)), reminders
    assert _late(room, OFFICER)
    assert _late(room, LEADER)
    before = {name: len(room.heard(name)) for name in (OFFICER, LEADER, ADMIN)}
    await room.crash(timedelta(seconds=30))
    assert {name: len(room.heard(name)) for name in before} == before


async def test_a_restart_around_the_changeover_sends_each_prompt_once(room: Room) -> None:
    then = datetime(2026, 7, 26, 6, 0, tzinfo=ZONE)
    await room.fast_forward(seconds=(then - room.clock.now()).total_seconds())
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.crash(timedelta(hours=3))
    for name in room.ids:
        new = [text for text in room.heard(name)[before[name] :] if "迟 " in text]
        assert len(new) <= 3, (name, new)
    assert "何琳" in room.heard("何琳")[-1] or "到岗" in room.last("何琳")


async def test_a_restart_between_preview_and_confirmation_loses_nothing(room: Room) -> None:
    sheet = "日期,带班领导,值班人员\n2026-08-20,张慧敏,郑伟\n"
    await room.sends_file(ADMIN, "值班表.csv", sheet.encode())
    await room.crash(timedelta(minutes=3))
    await room.presses(ADMIN, "确认")
    assert "值班表已发布" in "\n".join(room.heard(ADMIN))
    assert "郑伟" in (await room.types(ADMIN, "值班 8.20"))[-1]


async def test_a_press_made_before_the_crash_is_handled_after_it(room: Room) -> None:
    await _dispatch(room)
    room.api.press(room.ids[GRID], "收到")
    await room.crash(timedelta(seconds=20))
    assert "收到 1/65" in next(t for t in reversed(room.heard(OFFICER)) if "进度" in t)


async def test_buttons_are_shown_again_after_an_absence_unless_the_reminder_itself_is_due(room: Room) -> None:
    await _dispatch(room)
    await room.fast_forward(minutes=1.2)
    await room.crash(timedelta(minutes=2.5))
    assert "系统刚才离线过" in room.last(GRID), "the reminder of blue comes at 5 minutes"
    await room.crash(timedelta(minutes=3))
    said = room.heard(GRID)[-2:]
    assert "系统刚才离线过" not in said[-1]
    assert "还没有您的应答（迟" in said[-1]


async def test_a_process_that_dies_again_and_again_has_few_messages_on_the_wire(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    room.api.faults.reply(502, method="sendMessage", count=None)
    await room.presses(OFFICER, "下发")
    room.api.faults.clear()
    await room.start_anew(timedelta(minutes=2))
    box = room.app.outbox
    assert len(await box.round(set())) == GENTLE, "what a crash repeats is no more than this"
    await room.start_anew()
    sent = []
    for _ in range(3):
        sent.append(await room.app.outbox.pump())
        room.clock.move(0.3)
    assert sent[:2] == [GENTLE, GENTLE]
    assert sent[2] > GENTLE, "as they come back more go at once"

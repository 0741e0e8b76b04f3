"""Incidents beside the main road: reporters' words, clocks that run out, returns, nil reports."""

import pytest

from tests.stories.room import Room

OFFICER, LEADER, DEPUTY, ADMIN, SUPERIOR, REPORTER = "郑伟", "张慧敏", "杨帆", "宋倩", "崔海波", "张玉梅"
WORD = "首报 我们社区2号楼电梯困了3个人，已经打了维保电话"
SMALL = "首报 今早8点福安里社区门口水管爆了，没人受伤，已通知水务"


async def test_a_reporters_word_reaches_the_officer_at_once_and_becomes_an_incident(room: Room) -> None:
    answer = (await room.types(REPORTER, WORD))[-1]
    assert f"值班员 {OFFICER} 已被告知" in answer
    assert "022-" in answer
    assert "电梯困了3个人" in room.last(OFFICER)
    word = room.api.chat(room.ids[OFFICER])[-1]
    data = next(key["callback_data"] for row in word["keyboard"] for key in row if key["text"] == "首报")
    await room.presses(OFFICER, "首报")
    card = room.last(OFFICER)
    assert "首报待发送" in card
    assert "被困 3个人" in card
    assert "接报 10:00" in card
    query = room.api.press_stale(room.ids[OFFICER], word["message_id"], data)
    await room.settle()
    assert "这个按钮已失效" in ((await room.api.answer(query)).text or "")


async def test_a_reporters_word_may_be_joined_or_only_logged(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(REPORTER, "首报 福安里门口水管还在喷，路面积水了")
    await room.presses(OFFICER, "并入 E1")
    assert "续报一（待发送）" in room.last(OFFICER)
    await room.types(REPORTER, "首报 听说有人吵架")
    assert "只记入值班日志" in await room.presses(OFFICER, "记录")
    assert "E1" in (await room.types(OFFICER, "事件"))[-1]
    assert "听说有人吵架" in "\n".join(await room.types(ADMIN, "审计 10"))


async def test_a_word_nobody_takes_up_goes_to_the_leader_after_five_minutes(room: Room) -> None:
    await room.types(REPORTER, WORD)
    await room.fast_forward(minutes=5.1)
    assert "电梯困了3个人" in room.last(LEADER)


async def test_a_report_clock_reminds_at_ten_three_and_zero_then_leader_then_deputy_and_admin(
    room: Room,
) -> None:
    await room.types(OFFICER, SMALL)
    for minutes, words in ((20.1, "还剩 10 分钟"), (7, "还剩 3 分钟"), (3, "已到期")):
        await room.fast_forward(minutes=minutes)
        assert words in room.last(OFFICER)
    assert "请督促值班员报告" in room.last(LEADER)
    await room.fast_forward(minutes=5)
    assert "电话报告已到期" in room.last(DEPUTY)
    assert "电话报告已到期" in room.last(ADMIN)
    assert "迟" in (await room.types(OFFICER, "已电话报告 E1 张科长"))[-1]
    assert "李科长" in (await room.types(OFFICER, "已电话报告 E1 李科长"))[-1]
    before = len(room.heard(OFFICER))
    await room.fast_forward(minutes=10)
    assert "电话报告" not in "\n".join(room.heard(OFFICER)[before:]).replace("电话报告 ", "")


async def test_a_general_report_waits_for_the_leader_and_comes_back_with_a_reason(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    assert "签发后自动报送" in await room.presses(OFFICER, "发送")
    assert not any("快报" in text for text in room.heard(SUPERIOR))
    await room.types(LEADER, "退回 E1 写清楚几户停水")
    assert "写清楚几户停水" in room.last(OFFICER)
    await room.types(OFFICER, "首报 E1 今早8点福安里社区门口水管爆了，约30户停水，没人受伤")
    await room.presses(OFFICER, "发送")
    assert "已签发" in (await room.types(LEADER, "签发 E1"))[-1]
    assert "约30户停水" in room.last(SUPERIOR)
    assert "已记录" in (await room.types(SUPERIOR, "收到"))[-1]


async def test_an_unsigned_report_is_reminded_shortly_and_told_further_at_the_third_time(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=31)
    reminders = [text for text in room.heard(LEADER) if "仍待签发" in text]
    assert len(reminders) == 3
    assert all("接报" not in text for text in reminders)
    assert "没有签发" in room.last(DEPUTY)
    await room.fast_forward(minutes=50)
    assert len([text for text in room.heard(LEADER) if "仍待签发" in text]) == 3


async def test_a_day_without_incidents_offers_a_nil_report_and_one_with_them_refuses(room: Room) -> None:
    await room.app.nil_report()
    await room.settle()
    assert "没有突发事件" in room.last(OFFICER)
    assert "零报告" in await room.presses(OFFICER, "零报告")
    assert "无突发事件" in room.last(SUPERIOR)
    await room.types(OFFICER, SMALL)
    assert "不能报零报告" in (await room.types(OFFICER, "零报告"))[-1]


@pytest.mark.parametrize("word", ["发送", "取消"])
async def test_a_card_pressed_twice_moves_nothing_twice(room: Room, word: str) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, word)
    again = (await room.types(OFFICER, f"{word} E1"))[-1]
    assert "没有" in again or "失效" in again

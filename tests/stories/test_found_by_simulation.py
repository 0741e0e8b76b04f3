"""What the simulated days found, each as a short story."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete

from actions import auditor
from bot.telegram import raw_updates
from storage.schema import deadlines
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, ADMIN = "郑伟", "张慧敏", "宋倩"
FIRE_REPORT = "首报 刚才海棠里3号楼电动车着火，有2人被困，119已打"
A, NEW = "赵永明", "钱新人"


async def _new_holder(room: Room, account: int) -> None:
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
        f"柳湾社区,沽水街道,社区,责任人,A,{NEW},书记,13900000001,{account}\n"
    )
    room.api.add_account(account, NEW)
    room.ids[NEW] = account
    await room.sends_file(ADMIN, "人员.csv", sheet.encode())
    await room.presses(ADMIN, "确认")


async def test_who_takes_a_unit_over_in_a_warning_gets_its_text_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.fast_forward(minutes=3)
    await _new_holder(room, 77001)
    await room.fast_forward(minutes=1)
    assert await room.app.clockwork.audit() == []
    await room.settle()
    assert sum(BLUE in text for text in room.heard(NEW)) == 1


async def test_a_reason_said_twice_is_told_to_the_officer_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    for _ in range(2):
        answer = (await room.types(A, "无法传达 W1 停电"))[-1]
        assert "停电" in answer
    assert sum("无法传达" in text and "停电" in text and A in text for text in room.heard(OFFICER)) == 1
    await room.types(A, "无法传达 W1 桥断了")
    assert any("桥断了" in text for text in room.heard(OFFICER))


async def test_a_figure_is_not_lowered_past_an_uncertain_one(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里社区17号楼路面积水，3人受伤，已通知消防")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 有人受伤，人数不详")
    await room.presses(OFFICER, "发送")
    answer = (await room.types(OFFICER, "续报 E1 1人受伤"))[-1]
    assert "更正" in answer


async def _away(room: Room, minutes: int) -> dict[str, int]:
    """Nothing goes out for a while, what falls due does; return how much each person had heard before."""
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.meanwhile(minutes)
    await room.settle()
    return before


def _since(room: Room, before: dict[str, int], name: str, *words: str) -> list[str]:
    return [text for text in room.heard(name)[before[name] :] if all(word in text for word in words)]


async def test_reminders_to_sign_that_pile_up_while_telegram_is_away_come_as_one(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    before = await _away(room, 35)
    assert len(_since(room, before, LEADER, "E1", "仍待签发")) == 1


async def test_reminders_of_one_clock_that_pile_up_come_as_the_newest_with_its_true_time(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    before = await _away(room, 27)
    for lane in ("电话报告", "书面报告"):
        said = _since(room, before, OFFICER, "事件 E1", lane, "到期")
        assert len(said) == 1, said
    assert _since(room, before, OFFICER, "电话报告", "还剩") == []
    assert "书面报告还剩 3 分钟" in _since(room, before, OFFICER, "书面报告")[0]


async def test_requests_for_a_follow_up_that_pile_up_come_as_one(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    before = await _away(room, 100)
    assert len(_since(room, before, OFFICER, "该续报了")) == 1
    assert len(_since(room, before, OFFICER, "还没有确认收到")) == 1


async def test_prompts_of_a_changeover_that_pile_up_come_as_the_last(room: Room) -> None:
    await room.fast_forward(hours=21.9)
    before = await _away(room, 40)
    assert _since(room, before, OFFICER, "还有 30 分钟交接班") == []
    assert len(_since(room, before, OFFICER, "交接班时间到")) == 1


async def test_a_stand_in_gets_the_same_words_once_for_several_who_cannot_be_reached(room: Room) -> None:
    for name in (OFFICER, "杨帆"):
        room.api.block(room.ids[name])
    await room.types("张玉梅", FIRE_REPORT)
    for _ in range(16):
        await room.fast_forward(minutes=1)
    assert sum("报告（E1，" in text for text in room.heard("何琳")) == 1


async def test_who_is_asked_to_find_a_leader_for_a_signature_reads_whom(room: Room) -> None:
    for name in ("张慧敏", "王志强", "李建国", "赵文斌", "孙立新"):
        room.api.block(room.ids[name])
        await room.settle()
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=1)
    words = next(text for text in room.heard(ADMIN) if "没有签发" in text)
    assert "的首报已等" in words, "of several reports each says which it is"
    assert "张慧敏 138" in words
    assert any("没有签发" in text and "张慧敏 138" in text for text in room.heard(OFFICER))


async def test_an_hourly_reminder_to_sign_is_left_out_when_the_last_has_only_just_arrived(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=150)
    before = await _away(
        room, 118
    )  # the reminder held back meanwhile arrives two minutes before the next is due
    await room.fast_forward(minutes=5)
    assert len(_since(room, before, LEADER, "E1", "仍待签发")) == 1
    await room.fast_forward(minutes=60)
    assert len(_since(room, before, LEADER, "E1", "仍待签发")) == 2


async def test_prompts_of_a_shift_that_pile_up_come_as_the_newest(room: Room) -> None:
    await room.fast_forward(hours=21)
    before = await _away(room, 180)
    assert len(_since(room, before, "赵文斌", "S", "带班领导")) == 1
    assert len(_since(room, before, ADMIN, "何琳 未报到岗")) == 1
    assert len(_since(room, before, ADMIN, "赵文斌 未报到岗")) == 1


async def test_a_leader_asked_in_anothers_place_is_not_asked_anew_when_the_ladder_comes_to_them(
    room: Room,
) -> None:
    room.api.faults.reply(403, method="sendMessage", chat=room.ids["赵文斌"], count=None)
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=60)
    asked = [n for n in ("王志强", "李建国", "孙立新") if any("请签发" in text for text in room.heard(n))]
    assert asked
    for name in asked:
        assert sum("请签发" in text for text in room.heard(name)) == 1
    passed_on = [text for text in room.heard(OFFICER) if "已同时请" in text]
    assert not [text for text in passed_on if asked[0] in text], "asked long before"


@pytest.mark.long
async def test_buttons_shown_again_after_two_absences_come_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    before = {name: len(room.heard(name)) for name in room.ids}
    room.api.faults.reply(502, method="sendMessage", count=None)
    for _ in range(3):  # after the first the reminder itself is due
        await room.crash(timedelta(minutes=6))
    room.api.faults.clear()
    await room.fast_forward(minutes=6)
    assert len(_since(room, before, A, "系统刚才离线过", "W1")) == 1


async def test_a_clocks_reminder_that_was_held_back_says_the_minutes_that_are_left_when_it_comes(
    room: Room,
) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    before = await _away(room, 24)
    assert "书面报告还剩 6 分钟" in _since(room, before, OFFICER, "书面报告")[0]
    assert "接报已 24 分钟" in _since(room, before, OFFICER, "书面报告")[0]


async def test_a_prompt_of_the_changeover_that_was_held_back_says_the_minutes_that_are_left(
    room: Room,
) -> None:
    await room.fast_forward(hours=21.9)
    before = await _away(room, 16)
    assert len(_since(room, before, OFFICER, "还有 20 分钟交接班（08:30）")) == 1


async def test_a_prompt_of_the_changeover_is_not_sent_once_the_watch_has_moved(room: Room) -> None:
    await room.fast_forward(hours=21.9)
    await room.meanwhile(40)
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.types(LEADER, "强制交接 何琳 郑伟生病")
    for name in (OFFICER, "何琳", LEADER):
        assert _since(room, before, name, "交接班时间到") == []


REPORTED = {
    "已电话报告 E1 张科长": (12, ("电话报告", "到期")),
    "签发 E1": (31, ("没有签发", "联系带班领导")),
    "收到 E1": (18, ("还没有确认收到",)),
    "无变化 E1": (61, ("该续报了",)),
}
"""What is done, and what the officer would hear were it not done after so many minutes."""
DOERS = {"签发 E1": LEADER, "收到 E1": "崔海波"}


@pytest.mark.parametrize("done", REPORTED)
async def test_a_reminder_is_not_sent_once_its_matter_is_done(room: Room, done: str) -> None:
    minutes, words = REPORTED[done]
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.meanwhile(minutes)
    await room.types(DOERS.get(done, OFFICER), done)
    assert _since(room, before, OFFICER, *words) == []


@pytest.mark.parametrize("done", REPORTED)
async def test_a_reminder_is_sent_while_its_matter_is_not_done(room: Room, done: str) -> None:
    minutes, words = REPORTED[done]
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    before = await _away(room, minutes)
    assert len(_since(room, before, OFFICER, *words)) == 1


async def test_calls_to_a_silent_unit_that_pile_up_come_as_one_or_not_at_all(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    await room.types(OFFICER, "联动 E1 消防站")
    before = await _away(room, 7)
    assert len(_since(room, before, OFFICER, "消防站 7 分钟没有收到")) == 1
    await room.types(OFFICER, "联动 E1 派出所")
    told = next(n for n in room.ids if any("请联动处置" in text for text in room.heard(n)[before[n] :]))
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.meanwhile(4)
    await room.types(told, "收到 E1")
    assert _since(room, before, OFFICER, "派出所", "没有收到") == []


async def test_a_follow_up_written_before_another_was_sent_does_not_lower_its_figure(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 5人受伤")
    await room.types(OFFICER, "续报 E1 9人受伤")
    await room.presses(OFFICER, "发送")
    asked = "\n".join(await room.types(OFFICER, "发送 E1"))  # typed twice: the older one is shown, not sent
    assert "下面这份写得更早，还没有发" in asked
    assert "续报二（待发送）" in asked
    assert not any("续报二" in text for text in room.heard("崔海波"))
    await room.presses(OFFICER, "发送")
    answer = room.heard(OFFICER)[-1]
    assert "受伤由9人减为5人" in answer
    assert "草稿" in answer
    assert not any("现报“5人”" in text for text in room.heard("崔海波"))
    answer = "\n".join(await room.types(OFFICER, "续报 E1 更正：5人受伤，前面重复计算了"))
    assert "续报二" in answer


async def test_what_waits_to_be_sent_goes_though_the_clock_was_set_back_meanwhile(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    room.api.faults.reply(502, method="sendMessage", count=None)
    await room.presses(OFFICER, "下发")
    await room.app.clockwork.audit()
    room.api.faults.clear()
    await room.crash(timedelta(hours=-2))
    await room.fast_forward(minutes=2)
    assert any(BLUE in text for text in room.heard(A))


async def test_a_card_is_edited_though_the_clock_was_set_back_meanwhile(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.presses(A, "收到")
    await room.app.clockwork.audit()
    await room.crash(timedelta(hours=-2))
    before = next(text for text in room.heard(OFFICER) if "进度\n" in text)
    await room.types("王秀兰", "收到 W1")
    await room.fast_forward(seconds=30)
    assert next(text for text in room.heard(OFFICER) if "进度\n" in text) != before


async def test_a_warning_sent_out_as_the_process_died_keeps_its_rungs_though_the_clock_was_set_back(
    room: Room,
) -> None:
    await room.types(OFFICER, BLUE)
    await room.app.clockwork.audit()
    room.api.press(room.ids[OFFICER], "下发")
    updates = await raw_updates(room.app.outbox.bot, room.offset, wait=0)
    await room.app.inbox.take(updates)  # kept, and not worked on yet
    room.offset = updates[-1]["update_id"] + 1
    await room.crash(timedelta(hours=-2))
    await room.fast_forward(minutes=4.5)
    assert not any("还没有您的应答" in text for text in room.heard(A)), "it is said after five minutes"
    await room.fast_forward(minutes=1)
    assert any("还没有您的应答" in text for text in room.heard(A))


async def test_a_cascade_is_reckoned_by_elapsed_time_though_the_clock_was_set_back(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.fast_forward(minutes=2)
    await room.presses(A, "收到")
    await room.app.clockwork.audit()
    await room.crash(timedelta(hours=-2))
    await room.fast_forward(minutes=1)
    progress = next(text for text in room.heard(OFFICER) if "进度\n" in text)
    assert "还剩 7 分钟" in progress, "the card says it by the clock as it is"
    await room.fast_forward(minutes=10)
    assert any("还没有传达结果" in text for text in room.heard(A)), "asked what became of it, ten minutes on"
    await room.types("王秀兰", "收到 W1")
    assert "迟 3 分钟" in room.last("王秀兰")


async def test_a_reports_clock_keeps_its_time_though_the_clock_was_set_back(room: Room) -> None:
    await room.types(OFFICER, FIRE_REPORT)
    await room.fast_forward(minutes=3)
    await room.app.clockwork.audit()
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.crash(timedelta(hours=-2))
    await room.fast_forward(seconds=30)
    assert any("电话报告截止 08:15" in text for text in room.heard(OFFICER)), (
        "the card says it by the clock as it is"
    )
    await room.fast_forward(minutes=9)
    assert len(_since(room, before, OFFICER, "电话报告还剩 3 分钟（08:15 到期）")) == 1
    await room.fast_forward(minutes=3)
    assert len(_since(room, before, OFFICER, "电话报告已到期（08:15）")) == 1
    await room.types(OFFICER, "已电话报告 E1 张科长")
    assert "未迟" not in room.last(OFFICER)


HEADER = "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"


async def _takes_up(room: Room, *rows: str) -> str:
    """The admin sends a people sheet with these rows; return its preview."""
    shown = (await room.sends_file(ADMIN, "人员.csv", (HEADER + "\n".join(rows)).encode()))[-1]
    await room.presses(ADMIN, "确认")
    return shown


async def test_who_has_no_access_any_more_sees_no_more_of_what_goes_on(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.types(ADMIN, f"人员 停用 {LEADER}")
    before = room.heard(LEADER)
    assert any("进度" in text for text in before), "the card that changed until then"
    await room.types(A, "收到 W1")
    await room.fast_forward(minutes=12)
    assert room.heard(LEADER) == before


async def test_who_is_taken_up_again_in_a_warning_is_sent_it(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.types(ADMIN, f"人员 停用 {A}")
    assert any(f"{A} 13800000031（已停用）" in text for text in room.heard(OFFICER))
    both = (
        f"柳湾社区,沽水街道,社区,责任人,A,{A},书记,13800000031,{room.ids[A]}",
        f"柳湾社区,沽水街道,社区,责任人,B,黄淑军,副书记,13800000032,{room.ids['黄淑军']}",
    )
    assert f"⚠️ {A}「13800000031」：曾停用，导入后重新启用，原来的记录接上" in await _takes_up(room, *both)
    assert sum(BLUE in text for text in room.heard(A)) == 2
    assert "已记录：收到 W1（柳湾社区" in await room.presses(A, "收到")
    assert not any("已停用）" in text for text in room.heard(OFFICER))


async def test_a_unit_that_had_nobody_is_asked_as_soon_as_somebody_answers_for_it(room: Room) -> None:
    for name in (A, "黄淑军"):
        await room.types(ADMIN, f"人员 停用 {name}")
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    assert any("1 个单位没有责任人，已跳过：柳湾社区" in text for text in room.heard(OFFICER))
    room.api.add_account(77002, NEW)
    room.ids[NEW] = 77002
    await _takes_up(room, f"柳湾社区,沽水街道,社区,责任人,A,{NEW},书记,13900000001,77002")
    assert any(BLUE in text for text in room.heard(NEW))
    assert any(f"原文已发给新的责任人：柳湾社区 {NEW}" in text for text in room.heard(OFFICER))
    assert any("叫应名单" in text and f"柳湾社区 {NEW} 13900000001" in text for text in room.heard(OFFICER))
    await room.fast_forward(minutes=6)
    assert any("还没有您的应答" in text for text in room.heard(NEW))
    assert "已记录：收到 W1（柳湾社区" in await room.presses(NEW, "收到")


async def test_who_is_taken_up_again_stands_on_the_shifts_they_had(room: Room) -> None:
    coming = "何琳"
    row = f"沽水街道,,街道,值班员,,{coming},干部,13800000006,{room.ids[coming]}"
    await room.types(ADMIN, f"人员 停用 {coming}")
    await _takes_up(room, row)
    await room.fast_forward(hours=23)
    assert any("还有 30 分钟交接班" in text for text in room.heard(coming))
    assert "7月26日" in (await room.types(coming, "我的班"))[-1]


async def test_who_is_taken_up_again_has_the_posts_of_the_sheet_only(room: Room) -> None:
    await _takes_up(room, "沽水街道,,街道,管理员,,马十一,干部,13811110011,79001")
    room.api.add_account(79001, "马十一")
    room.ids["马十一"] = 79001
    assert "共" in (await room.types("马十一", "人员"))[-1]
    await room.types(ADMIN, "人员 停用 马十一")
    await _takes_up(room, "沽水街道,,街道,信息报告员,,马十一,干部,13811110011,79001")
    assert "管理员" in (await room.types("马十一", "人员"))[-1], "that is an admin's"


async def test_an_exercise_says_so_once_in_every_word_about_its_incident(room: Room) -> None:
    await room.types(LEADER, "演练 开")
    await room.types(OFFICER, FIRE_REPORT)
    await room.types("王秀兰", "首报 柳湾社区7号楼燃气泄漏，没人受伤")
    await room.fast_forward(minutes=25)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "已电话报告 E1 张科长")
    await room.fast_forward(minutes=40)
    await room.types(LEADER, "签发 E1")
    await room.types("崔海波", "收到 E1")
    for typed in (
        "续报 E1 1人受伤",
        "发送 E1",
        "无变化 E1",
        "稳定 E1",
        "终报 E1 处置完毕，1人受伤",
        "发送 E1",
        "重开 E1 复燃",
    ):
        await room.types(OFFICER, typed)
    said = [text for name in room.ids for text in room.heard(name) if re.search(r"E[12]\b", text)]
    assert len(said) > 25
    assert [text for text in said if text.count("【演练】") != 1] == []


async def test_the_result_of_a_roll_call_that_an_outage_held_back_says_how_late_it_comes(room: Room) -> None:
    await room.types(LEADER, "点名")
    before = await _away(room, 12)
    assert len(_since(room, before, LEADER, f"{OFFICER} 未在时限内应答（迟 7 分钟告知）")) == 1


async def test_who_answered_a_roll_call_is_not_said_to_be_silent_after_it(room: Room) -> None:
    await room.types(LEADER, "点名")
    code = room.last(OFFICER).rsplit("点名 ", 1)[1][:4]
    before = {name: len(room.heard(name)) for name in room.ids}
    await room.meanwhile(6)
    await room.types(OFFICER, f"点名 {code}")
    assert len(_since(room, before, LEADER, "应答了，迟 1 分钟")) == 1
    assert _since(room, before, LEADER, "未在时限内应答") == []


async def test_a_code_answers_its_own_roll_call_though_another_was_asked_since(room: Room) -> None:
    await room.types(LEADER, "点名")
    first = room.last(OFFICER).rsplit("点名 ", 1)[1][:4]
    await room.fast_forward(minutes=6)
    await room.types("崔海波", "点名")
    second = room.last(OFFICER).rsplit("点名 ", 1)[1][:4]
    assert "点名 R1 已应答" in (await room.types(OFFICER, first))[-1]
    assert "应答了，迟 1 分钟" in room.last(LEADER)
    assert "点名 R2 已应答" in (await room.types(OFFICER, f"点名 {second}"))[-1]


async def test_what_the_auditor_mends_of_an_exercise_is_said_to_be_one(room: Room) -> None:
    await room.types(ADMIN, "演练 开")
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    async with room.app.db.write() as tx:
        await tx.run(delete(deadlines).where(deadlines.c.kind == "callout"))
        assert await auditor.audit(tx, room.clock.now()) == ["【演练】W1 的提醒阶梯缺失，已补上"]

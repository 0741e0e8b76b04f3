"""Faults that hostile reading found in the cascade, each as the story that showed it."""

from datetime import timedelta

import pytest

from storage import bulletin, callout, log
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, ADMIN, GRID = "郑伟", "张慧敏", "宋倩", "刘海芝"
VILLAGE, VILLAGE_B = "胡志荣", "朱春平"
GRIDS = ("林文涛", "何晓强", "郭永林")
RED = BLUE.replace("蓝色", "红色")
DISTRICT_RED = (
    "东丽区气象台于2026年07月25日10时45分发布暴雨红色预警信号：预计未来3小时东丽区有100毫米以上降水。"
)
GALE = "天津市气象台于2026年07月25日10时35分发布大风黄色预警信号：预计未来12小时阵风8级以上。"
CANCEL_BLUE = "天津市气象台于2026年07月25日10时50分解除暴雨蓝色预警信号。"
YELLOW = "天津市气象台于2026年7月25日10时40分将暴雨蓝色预警信号升级为暴雨黄色预警信号：预计未来6小时我市有50毫米以上降水。"


async def _sent(room: Room, text: str, number: int = 1, where: str = "东柳村") -> None:
    await room.types(OFFICER, text)
    await room.types(OFFICER, f"下发 W{number} {where}".strip())


async def _state(room: Room, number: int) -> str:
    async with room.app.db.read() as tx:
        found = await bulletin.by_id(tx, number)
    return found.state if found else ""


async def test_an_exercise_and_a_real_warning_never_touch_each_other(room: Room) -> None:
    await _sent(room, BLUE)
    await room.types(ADMIN, "演练 开")
    shown = (await room.types(OFFICER, CANCEL_BLUE))[-1]
    assert "承接 W1" not in shown
    assert "没有找到它承接的预警" in shown
    await room.presses(OFFICER, "下发")
    assert await _state(room, 1) == "live"
    await room.types(ADMIN, "演练 关")
    await room.types(OFFICER, DISTRICT_RED)
    assert "并入 W2" not in "\n".join(room.buttons(OFFICER))


async def test_a_cancel_ends_the_warning_of_the_colour_it_names_or_asks(room: Room) -> None:
    await _sent(room, BLUE)
    yellow = BLUE.replace("10时30分", "10时35分").replace("蓝色", "黄色")
    await _sent(room, yellow, 2)
    shown = (await room.types(OFFICER, CANCEL_BLUE))[-1]
    assert "承接 W1" in shown
    assert "同发布单位同灾种还有 W2 正在进行" in shown
    await room.presses(OFFICER, "取消")
    other = (await room.types(OFFICER, CANCEL_BLUE.replace("蓝色", "橙色")))[-1]
    assert "这一条说的是橙色，W2 是黄色，请核对" in other


async def test_a_corrected_hazard_finds_its_own_predecessor(room: Room) -> None:
    await _sent(room, RED)
    await room.types(OFFICER, CANCEL_BLUE.replace("蓝色", "红色"))
    shown = (await room.types(OFFICER, "改正 W2 灾种 大风"))[-1]
    assert "承接" not in shown.split("⚠️")[0]
    await room.presses(OFFICER, "下发")
    assert await _state(room, 1) == "live"


async def test_a_higher_colour_is_never_put_under_a_lower_one(room: Room) -> None:
    await _sent(room, BLUE)
    shown = (await room.types(OFFICER, DISTRICT_RED))[-1]
    assert "这一条颜色更高，请另行下发" in shown
    assert not any("并入" in word for word in room.buttons(OFFICER))
    assert "颜色不更高" in (await room.types(OFFICER, "并入 W2 W1"))[-1]
    await room.types(OFFICER, CANCEL_BLUE)
    assert "颜色不更高" in (await room.types(OFFICER, "并入 W3 W1"))[-1]


async def test_a_joined_one_is_named_when_its_elder_is_cancelled_and_may_go_out_after_all(room: Room) -> None:
    await _sent(room, RED)
    await room.types(OFFICER, DISTRICT_RED.replace("红色", "蓝色"))
    await room.presses(OFFICER, "并入 W1，不另发")
    shown = (await room.types(OFFICER, CANCEL_BLUE.replace("蓝色", "红色")))[-1]
    assert "W1 下并有 W2（东丽区气象台 蓝），它没有解除" in shown
    assert "已下发 W2" in (await room.types(OFFICER, "下发 W2 东柳村"))[-1]


async def test_levels_are_words_that_exist(room: Room) -> None:
    said = (await room.types(ADMIN, "设置 callout.levels vilage,grid"))[-1]
    assert "没有「vilage」这个层级，可以写：街道、村、网格" in said
    await room.types(ADMIN, "设置 callout.levels 村,网格")
    await room.types(OFFICER, BLUE)
    assert "将直达 87 个" in room.last(OFFICER)


async def test_a_scope_without_anybody_is_refused(room: Room) -> None:
    await room.types(OFFICER, RED)
    assert "没有下发" in (await room.types(OFFICER, "下发 W1 消防站"))[-1]
    assert await _state(room, 1) == "draft"


async def test_the_verbatim_text_stays_whole_when_its_card_outgrows_one_message(room: Room) -> None:
    text = RED + "积水路段注意绕行。" * 430
    await room.sends_file(OFFICER, "预警.txt", text.encode())
    await room.types(OFFICER, "下发 W1 东柳村")
    await room.types(GRIDS[0], "已传达 W1 " + "广播敲门都通知了" * 30)
    await room.fast_forward(seconds=8)
    told = "".join(room.heard(GRIDS[0]))
    assert RED in told
    assert text[-200:] in told.replace("\n", "")
    assert "已传达" in room.last(GRIDS[0])


async def test_an_overtaken_draft_goes_out_only_when_that_is_meant(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, YELLOW)
    await room.types(OFFICER, "下发 W2 东柳村")
    await room.fast_forward(seconds=5)
    card = next(t for t in room.heard(OFFICER) if "暴雨蓝色预警（待下发）" in t)
    assert "W2 比这一条发布得晚" in card
    assert "W2 比 W1 发布得晚，而且已经下发" in (await room.types(OFFICER, "下发 W1 东柳村"))[-1]
    assert await _state(room, 1) == "draft"
    await room.presses(OFFICER, "仍要下发 W1")
    assert await _state(room, 1) == "live"


async def test_the_next_to_call_is_whoever_was_called_least(room: Room) -> None:
    await _sent(room, RED)
    await room.fast_forward(minutes=4)
    called = []
    for _ in range(4):
        said = await room.presses(OFFICER, "我来打下一个")
        called.append(said.split()[1])
        await room.presses(OFFICER, f"未叫通 {called[-1]}")
        await room.fast_forward(seconds=4)
    assert called == [VILLAGE, *GRIDS]


async def test_a_withdrawn_call_climbs_again_or_leaves_the_own_answer(room: Room) -> None:
    await _sent(room, RED)
    await room.types(OFFICER, f"电话已叫应 W1 {VILLAGE}")
    await room.types(OFFICER, f"电话已叫应 W1 {GRIDS[0]}")
    await room.types(GRIDS[0], "收到 W1")
    await room.fast_forward(minutes=11)
    before = len(room.heard(VILLAGE_B))
    assert "再次提醒本人和B角" in (await room.types(OFFICER, f"撤销叫应 W1 {VILLAGE} 打错了人"))[-1]
    assert "东柳村 A角 胡志荣 未应答，请您（B角）接手" in "\n".join(room.heard(VILLAGE_B)[before:])
    assert "还没有您的应答" in room.last(VILLAGE)
    assert VILLAGE in "\n".join(t for t in room.heard(LEADER) if "仍有人未应答" in t)
    assert "本人另有应答" in (await room.types(OFFICER, f"撤销叫应 W1 {GRIDS[0]} 打错了人"))[-1]
    async with room.app.db.read() as tx:
        (own,) = [c for c in await callout.of_bulletin(tx, 1) if c.a_name == GRIDS[0]]
    assert own.acked_how == "text"


async def test_passing_on_is_watched_for_those_who_acknowledge_late(room: Room) -> None:
    await _sent(room, RED)
    await room.fast_forward(minutes=11)
    await room.presses(GRIDS[0], "收到")
    await room.fast_forward(minutes=16)
    assert "还没有传达结果" in "\n".join(room.heard(GRIDS[0]))
    named = next(t for t in room.heard(OFFICER) if "收到后 10 分钟还没有传达结果" in t)
    assert "东柳村第1网格 林文涛 13800000040" in named
    assert sum("收到后 10 分钟还没有传达结果" in t for t in room.heard(LEADER)) == 1


async def test_the_handover_sheet_calls_the_silent_now_not_tomorrow(room: Room) -> None:
    await _sent(room, RED)
    sheet = (await room.types(OFFICER, "交班"))[-1]
    assert "明天" not in next(line for line in sheet.splitlines() if "叫应未应答" in line)


async def test_late_answers_are_not_called_in_time(room: Room) -> None:
    await _sent(room, RED)
    for name in (VILLAGE, *GRIDS):
        room.api.post(room.ids[name], "收到 W1")  # waits at Telegram while the process is down
    await room.crash(timedelta(minutes=30))
    assert "全部应答，其中 4 个超过时限" in "\n".join(room.heard(OFFICER))


async def test_a_closed_cancel_is_closed_once(room: Room) -> None:
    await _sent(room, BLUE)
    await _sent(room, CANCEL_BLUE, 2)
    for name in GRIDS:
        await room.types(name, "已传达 W2 广播")
    await room.types(OFFICER, f"电话已叫应 W2 {VILLAGE}")
    assert await _state(room, 2) == "ended"
    for name in (GRID, *GRIDS):
        await room.types(name, "收到 W2")
    async with room.app.db.read() as tx:
        ended = [e for e in await log.entries(tx, act="bulletin.ended") if e.subject == "W2"]
    assert len(ended) == 1


async def test_one_call_covers_all_units_of_the_person_and_may_name_the_b_role(room: Room) -> None:
    await room.types(OFFICER, RED)
    await room.types(OFFICER, "下发 W1 东柳村")
    said = (await room.types(OFFICER, "电话已叫应 W1 东柳村 朱春平，已复述"))[-1]
    assert "朱春平 电话已叫应（13800000038" in said
    assert "已复述" in said
    assert "已记录" in (await room.types(OFFICER, f"电话已叫应 W1 {GRIDS[0]}"))[-1]
    assert "没有叫「李四」的未应答人" in (await room.types(OFFICER, "电话已叫应 W1 李四"))[-1]


@pytest.mark.parametrize("typed", ["收到了", "好的收到", "收到 1", "W1收到", "收到！", "嗯，收到了。"])
async def test_a_contact_s_loose_word_is_an_answer(room: Room, typed: str) -> None:
    await _sent(room, RED)
    assert "已记录：收到 W1" in (await room.types(GRIDS[0], typed))[-1]


@pytest.mark.parametrize(
    "typed",
    ["收到🙏", "收到[抱拳]", "收到，马上落实", "收到收到", "已收到", "收到预警，谢谢", "好的收到，马上通知"],
)
async def test_an_answer_with_words_or_pictures_behind_it_is_an_answer(room: Room, typed: str) -> None:
    await _sent(room, RED)
    assert "已记录：收到 W1" in (await room.types(GRIDS[0], typed))[-1]


@pytest.mark.parametrize(
    ("typed", "channel", "households"),
    [
        ("已传达 广播 30户", "广播", 30),
        ("已经传达，30户", None, 30),
        ("已传达三十户👌", None, 30),
        ("全部传达到户", None, None),
    ],
)
async def test_passing_on_is_told_without_a_number_where_one_warning_waits(
    room: Room, typed: str, channel: str | None, households: int | None
) -> None:
    await _sent(room, RED)
    assert "已记录：W1 已传达" in (await room.types(GRIDS[0], typed))[-1]
    async with room.app.db.read() as tx:
        contact = next(c for c in await callout.of_bulletin(tx, 1) if c.a_name == GRIDS[0])
    assert (contact.channel, contact.households) == (channel, households)


@pytest.mark.parametrize(
    "typed",
    [
        "收到没有",
        "收到了吗？",
        "收到群众反映3号楼漏水",
        "收到，3号楼着火了",
        "没收到",
        "已传达一半",
        "已传达不下去",
        "已传达吗",
    ],
)
async def test_what_is_asked_denied_or_half_done_is_no_answer(room: Room, typed: str) -> None:
    await _sent(room, RED)
    assert "已记录" not in (await room.types(GRIDS[0], typed))[-1]
    async with room.app.db.read() as tx:
        contact = next(c for c in await callout.of_bulletin(tx, 1) if c.a_name == GRIDS[0])
    assert contact.acked_at is None


async def test_an_answer_with_words_asks_which_where_two_warnings_wait(room: Room) -> None:
    await _sent(room, RED)
    await _sent(room, DISTRICT_RED.replace("暴雨", "大风"), 2)
    assert "指哪一个" in (await room.types(GRIDS[0], "已传达 广播 30户"))[-1]
    await room.presses(GRIDS[0], "已传达 W1")
    async with room.app.db.read() as tx:
        contact = next(c for c in await callout.of_bulletin(tx, 1) if c.a_name == GRIDS[0])
    assert (contact.channel, contact.households) == ("广播", 30)


async def test_a_new_sheet_in_the_middle_sends_the_warning_to_who_answers_now(room: Room) -> None:
    await _sent(room, RED)
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
        "东柳村第1网格,东柳村,网格,网格员,A,新来的,网格员,13900000009,99009\n"
    )
    room.api.add_account(99009, "新来的")
    room.ids["新来的"] = 99009
    await room.sends_file(ADMIN, "换人.csv", sheet.encode())
    await room.presses(ADMIN, "确认")
    assert any(RED in text for text in room.heard("新来的"))
    assert "东柳村第1网格 新来的" in next(t for t in room.heard(OFFICER) if "人员表已更新" in t)
    await room.fast_forward(minutes=1.2)
    assert "还没有您的应答" in room.last("新来的")
    assert "已记录：收到 W1（东柳村第1网格" in await room.presses("新来的", "收到")


async def test_nobody_is_called_about_a_lift_once_the_hazard_is_warned_of_anew(room: Room) -> None:
    await _sent(room, BLUE)
    await _sent(room, CANCEL_BLUE, 2)
    await room.fast_forward(minutes=2)
    await _sent(room, BLUE.replace("10时30分", "10时55分"), 3)
    assert "已被 新预警 取代" in (await room.types(GRIDS[0], "收到 W2"))[-1]
    before = len(room.heard(VILLAGE))
    await room.fast_forward(minutes=12)
    assert "解除" not in "\n".join(room.heard(VILLAGE)[before:])
    assert "W3" in "\n".join(room.heard(VILLAGE)[before:])
    assert "解除" not in room.last(OFFICER)


async def test_a_lift_goes_on_for_units_that_the_new_warning_does_not_go_to(room: Room) -> None:
    await _sent(room, BLUE)
    await _sent(room, CANCEL_BLUE, 2, "")
    await _sent(room, BLUE.replace("10时30分", "10时55分"), 3, "东柳村第1网格")
    assert await _state(room, 2) == "live"


async def test_an_answer_to_a_card_is_for_the_event_of_that_card(room: Room) -> None:
    await _sent(room, RED)
    first = room.api.chat(room.ids[GRIDS[0]])[-1]
    assert "W1" in first["text"]
    await _sent(room, DISTRICT_RED.replace("暴雨", "大风"), 2)
    room.api.post(room.ids[GRIDS[0]], "收到", reply_to=first["message_id"])
    await room.settle()
    assert "已记录：收到 W1" in room.last(GRIDS[0])
    room.api.post(room.ids[GRIDS[0]], "收到，谢谢", reply_to=first["message_id"])
    await room.settle()
    assert "W1" in room.last(GRIDS[0]), "not W2, which alone waits"
    assert "已记录：收到 W2" in (await room.types(GRIDS[0], "收到"))[-1]


@pytest.mark.parametrize("typed", ["无法传达，停电", "无法传达 广播坏了", "没法传达 路上积水过不去"])
async def test_who_cannot_pass_on_says_so_without_a_number_and_it_is_no_incident(
    room: Room, typed: str
) -> None:
    await _sent(room, RED)
    assert "已记录：W1 无法传达" in (await room.types(GRIDS[0], typed))[-1]
    assert "无法传达" in room.last(OFFICER)
    assert "E1" not in "\n".join(room.heard(OFFICER))


async def test_the_call_list_says_of_whom_it_is_that_he_cannot_be_reached(room: Room) -> None:
    room.api.block(room.ids[GRIDS[0]])
    await _sent(room, RED, 1, "东柳村第1网格")
    listed = next(text for text in reversed(room.heard(OFFICER)) if "叫应名单" in text)
    name = f"{GRIDS[0]} 13800000040（已停用机器人） / B角 "
    assert name in listed


@pytest.mark.parametrize("words", ["收到 W1 W2", "收到W1、W2", "收到 Ｗ１和w2"])
async def test_an_answer_that_names_two_warnings_is_given_to_both(room: Room, words: str) -> None:
    await _sent(room, BLUE)
    await _sent(room, GALE, 2)
    said = await room.types(VILLAGE, words)
    assert ["W1" in said[0], "W2" in said[1]] == [True, True]
    async with room.app.db.read() as tx:
        assert all([(await callout.named(tx, n, VILLAGE))[0].acked_at for n in (1, 2)])


async def test_a_passing_on_that_names_two_warnings_keeps_its_words_for_both(room: Room) -> None:
    await _sent(room, BLUE, where="海棠里社区第1网格")
    await _sent(room, GALE, 2, "海棠里社区第1网格")
    said = await room.types(GRID, "已传达 W1 W2 广播 30户")
    assert len([words for words in said if "已传达" in words and "30" in words]) == 2


async def test_an_answer_to_a_warning_whose_successor_has_ended_too_is_not_asked_for_again(
    room: Room,
) -> None:
    await _sent(room, BLUE, where="")
    await _sent(room, YELLOW, 2, "")
    assert "请应答新预警：收到 W2" in (await room.types(GRID, "收到 W1"))[-1]
    await _sent(room, CANCEL_BLUE.replace("蓝色", "黄色"), 3, "")
    assert "W1 已被取代，W2 也已结束（W3 解除），不用再应答" in (await room.types(GRID, "收到 W1"))[-1]
    assert "W2 已结束（W3 解除），不用再应答" in (await room.types(GRID, "收到 W2"))[-1]


async def test_an_answer_to_a_warning_upgraded_twice_names_the_one_that_runs(room: Room) -> None:
    await _sent(room, BLUE, where="")
    await _sent(room, YELLOW, 2, "")
    red = YELLOW.replace("10时40分将暴雨蓝色", "10时45分将暴雨黄色").replace(
        "升级为暴雨黄色", "升级为暴雨红色"
    )
    await _sent(room, red, 3, "")
    assert "请应答新预警：收到 W3" in (await room.types(GRID, "收到 W1"))[-1]


async def test_nobody_is_asked_to_invite_somebody_just_revoked_again(room: Room) -> None:
    room.api.block(room.ids[GRID])
    room.api.faults.reply(502, method="sendMessage", count=None)
    await _sent(room, BLUE, where="")
    await room.types(ADMIN, f"人员 停用 {GRID}")
    room.api.faults.clear()
    await room.fast_forward(minutes=2)
    assert f"{GRID} " not in "\n".join(t for t in room.heard(ADMIN) if "重新邀请" in t)


@pytest.mark.parametrize("typed", ["已收到 W1", "收到预警 W1", "W1已收到", "W1，收到"])
async def test_an_answer_is_for_the_warning_it_names_in_any_order(room: Room, typed: str) -> None:
    await _sent(room, BLUE)
    await _sent(room, GALE, 2)
    await room.types(GRIDS[0], "收到 W1")
    assert "W1 已在" in (await room.types(GRIDS[0], typed))[-1]
    async with room.app.db.read() as tx:
        (other,) = [c for c in await callout.of_bulletin(tx, 2) if c.a_name == GRIDS[0]]
    assert other.acked_at is None


async def test_two_warnings_named_before_the_word_are_both_answered(room: Room) -> None:
    await _sent(room, BLUE)
    await _sent(room, GALE, 2)
    said = "\n".join(await room.types(GRIDS[0], "W1、W2收到"))
    assert "已记录：收到 W1" in said
    assert "已记录：收到 W2" in said


async def test_trouble_behind_an_answer_reaches_the_officer_and_thanks_do_not(room: Room) -> None:
    await _sent(room, BLUE)
    await room.types(GRIDS[0], "收到 W1，我在外地，让老王去")
    assert "我在外地，让老王去" in room.last(OFFICER)
    before = len(room.heard(OFFICER))
    assert len(await room.types(GRIDS[1], "收到 W1，马上通知")) == 1
    assert len(await room.types(GRIDS[2], "收到 W1 谢谢")) == 1
    assert not any("时说" in text for text in room.heard(OFFICER)[before:])


async def test_the_reason_to_end_a_warning_stands_in_the_log(room: Room) -> None:
    await _sent(room, BLUE)
    said = "\n".join(await room.types(OFFICER, "结束预警 W1 雨停了，台里电话核实"))
    assert "W1 已在" in said
    assert "雨停了，台里电话核实" in said
    async with room.app.db.read() as tx:
        (entry,) = await log.entries(tx, act="answer.words")
    assert (entry.subject, entry.text) == ("W1", "结束预警：雨停了，台里电话核实")


LONG_REASON = "整个村停电广播不响，手机也没信号，已派人挨家敲门，北头的桥被水淹了过不去，独居老人王秀英家还没人到，请派人"


async def test_a_long_reason_reaches_the_officer_whole(room: Room) -> None:
    await _sent(room, BLUE)
    await _sent(room, GALE, 2)
    await room.types(GRIDS[0], f"无法传达，{LONG_REASON}")
    await room.presses(GRIDS[0], "无法传达 W1")
    assert "独居老人王秀英家还没人到，请派人" in room.last(OFFICER)
    await room.presses(GRIDS[0], "无法传达 W2")
    assert "独居老人王秀英家还没人到，请派人" in room.last(OFFICER)


async def test_the_reason_that_was_asked_for_is_no_incident(room: Room) -> None:
    await _sent(room, BLUE)
    await room.presses(GRIDS[0], "无法传达")
    assert "已记录：W1 无法传达（停电，广播不响" in (await room.types(GRIDS[0], "停电，广播不响"))[-1]
    assert "停电，广播不响" in room.last(OFFICER)
    assert "E1" not in "\n".join(room.heard(OFFICER))
    assert "W1" not in (await room.types(GRIDS[0], "村口配电箱又跳闸停电了"))[-1]


async def test_people_in_danger_told_where_a_reason_was_asked_for_are_an_incident(room: Room) -> None:
    await _sent(room, BLUE)
    await room.presses(GRIDS[0], "无法传达")
    assert "已收到（E1" in (await room.types(GRIDS[0], "桥塌了，有两个人掉河里"))[-1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (f"电话已叫应 W1 {GRIDS[0]} 他说马上办", "电话已叫应（13800000040"),
        (f"电话已叫应 W1 {GRIDS[0]}，家属接的，会转告", "电话已叫应（13800000040"),
        (f"电话已叫应 W1 东柳村第1网格 {GRIDS[0]} 已复述 正在挨户通知", "已复述"),
        (f"未叫通 W1 {GRIDS[0]} 关机", "未叫通，第 1 次"),
        (f"未叫通 W1 {GRIDS[0]} 没人接", "未叫通，第 1 次"),
    ],
)
async def test_a_call_is_recorded_with_what_was_heard(room: Room, typed: str, said: str) -> None:
    await _sent(room, RED)
    assert said in (await room.types(OFFICER, typed))[-1]
    async with room.app.db.read() as tx:
        act = "callout.phone" if "已叫应" in typed else "callout.phone_silent"
        (entry,) = await log.entries(tx, act=act)
    assert entry.text.endswith(typed.rsplit(maxsplit=1)[-1].rpartition("，")[2])


async def test_a_name_that_is_not_on_the_list_is_no_note(room: Room) -> None:
    await _sent(room, RED)
    assert "没有叫「东柳村 李四」" in (await room.types(OFFICER, "电话已叫应 W1 东柳村 李四"))[-1]


@pytest.mark.parametrize("typed", ["都通知到了", "已通知到位 广播30户", "通知完了"])
async def test_a_grid_says_in_its_own_words_that_all_were_told(room: Room, typed: str) -> None:
    await _sent(room, RED)
    assert "已记录：W1 已传达" in (await room.types(GRIDS[0], typed))[-1]


async def test_consent_that_is_no_answer_is_one_press_away_from_it(room: Room) -> None:
    await _sent(room, BLUE, where="")
    assert "「好的」没有记作收到" in (await room.types(GRID, "好的"))[-1]
    assert "已记录：收到 W1" in await room.presses(GRID, "收到 W1")


@pytest.mark.parametrize("typed", ["收到 W1吗", "收到 W1？", "W1 收到了吗？", "已传达 W1 了吗"])
async def test_a_question_about_an_answer_is_none_but_one_press_away_from_it(room: Room, typed: str) -> None:
    await _sent(room, BLUE)
    said = (await room.types(GRIDS[0], typed))[-1]
    assert "没有记作" in said
    word = "已传达 W1" if "传达" in typed else "收到 W1"
    assert word in room.buttons(GRIDS[0])
    assert "已" in await room.presses(GRIDS[0], word)
    assert "不用重复" in (await room.types(GRIDS[0], word))[-1]


async def test_minutes_that_are_said_are_those_of_the_rules(room: Room) -> None:
    for rule in ("blue.overdue", "on_time", "pass_on"):
        await room.types("宋倩", f"设置 callout.{rule} 20m")
    await room.types(OFFICER, BLUE)
    assert "20 分钟内逐人应答" in await room.presses(OFFICER, "下发") + room.last(OFFICER)
    await room.types(GRIDS[0], "收到 W1")
    await room.fast_forward(minutes=21)
    await room.fast_forward(minutes=6)
    assert "收到后 20 分钟还没有传达结果" in "\n".join(room.heard(OFFICER))


@pytest.mark.parametrize("typed", ["改正 W1 颜色 橙", "范围 W1 低洼", "取消 W1"])
async def test_what_went_out_cannot_be_changed_and_the_way_on_is_shown(room: Room, typed: str) -> None:
    await _sent(room, BLUE)
    said = (await room.types(OFFICER, typed))[-1]
    assert f"下发，不能再{typed.split(maxsplit=1)[0]}" in said
    assert "结束预警 W1" in said


async def test_who_says_it_twice_without_a_number_hears_when_it_was_said_first(room: Room) -> None:
    await _sent(room, BLUE)
    await room.types(GRIDS[0], "收到")
    assert "W1 已在 10:00 应答过" in (await room.types(GRIDS[0], "收到了"))[-1]


async def test_who_had_the_warning_is_not_left_without_its_successor_in_silence(room: Room) -> None:
    await _sent(room, BLUE, 1, "全部")
    await room.types(OFFICER, YELLOW)
    asked = (await room.types(OFFICER, "下发 W2 东柳村"))[-1]
    assert "W1 发给了 87 个单位，这次不含其中 83 个（海棠里社区、" in asked
    assert "收不到 W2，没有下发" in asked
    assert (await _state(room, 1), await _state(room, 2)) == ("live", "draft")
    await room.presses(OFFICER, "按原范围下发 W2")
    assert "W2 · 暴雨黄色预警 进度" in room.last(OFFICER)
    assert "未应答 87 个" in room.last(OFFICER)
    assert await _state(room, 1) == "superseded"


async def test_fewer_units_than_before_have_it_where_that_is_meant(room: Room) -> None:
    await _sent(room, BLUE, 1, "东柳村、海棠里社区")
    await room.types(OFFICER, YELLOW)
    assert "没有下发" in (await room.types(OFFICER, "下发 W2 东柳村"))[-1]
    await room.types(OFFICER, "仍要下发 W2")
    assert "已下发 W2（东柳村）" in room.last(OFFICER)
    await room.types(OFFICER, CANCEL_BLUE.replace("蓝色", "黄色"))
    assert "已下发 W3（东柳村、海棠里社区）" in (await room.types(OFFICER, "下发 W3"))[-1]


async def test_a_part_that_was_picked_stays_picked_when_the_officer_is_asked(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await _sent(room, YELLOW, 2, "东柳村")
    assert "没有下发" in (await room.types(OFFICER, "下发 W1 海棠里社区"))[-1]
    await room.presses(OFFICER, "仍要下发 W1")
    assert "下发 10:00 · 范围 海棠里社区" in room.last(OFFICER)

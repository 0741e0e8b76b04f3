"""What a hostile tester found in the answers about incidents: numbers without a letter, other words for an answer."""

import pytest

from tests.stories.room import Room

OFFICER, LEADER, SUPERIOR = "郑伟", "张慧敏", "崔海波"
PIPE = "首报 今早8点福安里社区门口水管爆了，2人轻伤，已通知水务"
FLOOD = "首报 今早8点柳湾社区地道积水30厘米，无人员伤亡"


async def _two_to_sign(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FLOOD)
    await room.types(OFFICER, "发送 E1 E2")


async def test_two_reports_named_together_are_both_sent(room: Room) -> None:
    await _two_to_sign(room)
    heard = "\n".join(room.heard(LEADER))
    assert ["请签发 · 事件 E1" in heard, "请签发 · 事件 E2" in heard] == [True, True]


async def test_two_incidents_named_together_are_both_stable(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FLOOD)
    said = "\n".join(await room.types(OFFICER, "稳定 E1、E2"))
    assert ["事件 E1 已稳定" in said, "事件 E2 已稳定" in said] == [True, True]


@pytest.mark.parametrize("typed", ["签发 1", "签发1", "1签发", "签发 １。"])
async def test_a_signature_with_a_bare_number_is_for_that_report_only(room: Room, typed: str) -> None:
    await _two_to_sign(room)
    assert "已签发：事件 E1" in "\n".join(await room.types(LEADER, typed))
    assert "已由 张慧敏 签发" in "\n".join(await room.types(LEADER, typed))
    assert "待签发" in (await room.types(OFFICER, "E2"))[-1]


async def test_a_report_is_returned_by_a_bare_number_and_no_other(room: Room) -> None:
    await _two_to_sign(room)
    await room.types(LEADER, "签发 E1")
    assert "不能退回" in "\n".join(await room.types(LEADER, "退回 1 人数不对"))
    assert "待签发" in (await room.types(OFFICER, "E2"))[-1]
    assert "已退回事件 E2" in "\n".join(await room.types(LEADER, "退回 2，人数不对"))


async def test_several_bare_numbers_are_answered_each(room: Room) -> None:
    await _two_to_sign(room)
    said = "\n".join(await room.types(LEADER, "签发 1、2"))
    assert ["已签发：事件 E1" in said, "已签发：事件 E2" in said] == [True, True]
    said = "\n".join(await room.types(OFFICER, "无变化 1和2"))
    assert ["事件 E1 无变化" in said, "事件 E2 无变化" in said] == [True, True]


async def test_a_call_is_recorded_for_the_bare_number_and_119_is_none(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FLOOD)
    assert "事件 E2 电话报告 张科长" in (await room.types(OFFICER, "已电话报告 2 张科长"))[-1]
    await room.types(OFFICER, "取消 E2")
    assert "事件 E1 电话报告 119" in (await room.types(OFFICER, "已电话报告 119"))[-1]


async def test_a_task_is_finished_by_a_bare_number_while_no_sheet_waits(room: Room) -> None:
    await room.types(LEADER, f"批示 给{OFFICER} 核实伤者情况 11点前")
    await room.types(LEADER, f"批示 给{OFFICER} 核实户数 11点前")
    assert "已办结 T2" in (await room.types(OFFICER, "已办结 2"))[-1]


@pytest.mark.parametrize(
    "typed", ["没变化", "目前没有变化", "暂无新情况。", "跟刚才一样", "E1没变化", "暂无变化 E1"]
)
async def test_no_change_is_said_in_other_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, "发送")
    await room.types(LEADER, "签发")
    assert "已记录：事件 E1 无变化" in (await room.types(OFFICER, typed))[-1]


@pytest.mark.parametrize(
    ("typed", "said"), [("稳定", "已稳定"), ("稳定了。", "已稳定"), ("长期", "转为长期")]
)
async def test_the_pace_of_the_only_incident_needs_no_number(room: Room, typed: str, said: str) -> None:
    await room.types(OFFICER, PIPE)
    assert f"事件 E1 {said}" in (await room.types(OFFICER, typed))[-1]


async def test_who_is_out_of_hospital_needs_no_number_where_one_is_asked_after(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里3号楼着火，2人受伤送沽水医院")
    await room.types(OFFICER, "发送")
    await room.types(OFFICER, "终报 明火已灭，2人住院治疗")
    await room.types(OFFICER, "发送")
    assert "事件 E1 伤员已全部出院" in (await room.types(OFFICER, "已出院"))[-1]


@pytest.mark.parametrize("typed", ["可以，发吧", "没意见", "收到，同意签发", "行，签", "OK"])
async def test_a_leaders_consent_in_any_words_is_one_press_from_the_signature(room: Room, typed: str) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, "发送")
    assert f"「{typed}」没有记作签发" in (await room.types(LEADER, typed))[-1]
    assert "已签发：事件 E1" in await room.presses(LEADER, "签发 E1")


async def test_consent_with_a_condition_offers_the_signature_with_its_words(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, "发送")
    await room.types(LEADER, "同意，但要核实人数")
    assert "已签发：事件 E1" in await room.presses(LEADER, "签发 E1")
    assert "但要核实人数" in "\n".join(room.heard(OFFICER))


async def test_what_is_not_agreed_to_offers_the_return_with_its_reason(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, "发送")
    await room.types(LEADER, "不同意，人数不对")
    await room.presses(LEADER, "退回 E1")
    assert "退回：人数不对" in "\n".join(room.heard(OFFICER))


async def test_a_receipt_above_that_is_only_courtesy_is_one_press_away(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里3号楼着火，2人受伤")
    await room.types(OFFICER, "发送")
    await room.types(SUPERIOR, "知道了")
    assert "收到事件 E1 报告" in await room.presses(SUPERIOR, "收到 E1")


FIRE = "首报 今早9点半海棠里3号楼厨房冒烟，1人受伤"
JPEG = b"\xff\xd8\xff\xe0 a photo"


async def _answers(room: Room, name: str, card: str, text: str) -> str:
    """A person answers the newest message with these words in it."""
    found = [m for m in room.api.chat(room.ids[name]) if m["from"]["is_bot"] and card in m.get("text", "")]
    room.api.post(room.ids[name], text, reply_to=found[-1]["message_id"])
    await room.settle()
    return room.last_words(name)


@pytest.mark.parametrize(
    "typed",
    ["请问伤者送哪家医院了？", "收到，请每半小时续报一次，伤者送哪了？", "领导批示：全力救治", "没收到书面"],
)
async def test_what_the_room_above_writes_reaches_the_officer(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    assert f"已转告值班员 {OFFICER}" in (await room.types(SUPERIOR, typed))[-1]
    assert f"上级值班室 {SUPERIOR} 13800000023 来话（10:00）：{typed}" in room.last_words(OFFICER)
    assert "收到事件 E1 报告" in await room.presses(SUPERIOR, "收到 E1")


async def test_what_the_room_above_writes_to_a_card_stands_with_its_event(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    await _answers(room, SUPERIOR, "海棠里", "伤者情况怎样？")
    assert "关于事件 E1：伤者情况怎样？" in room.last_words(OFFICER)
    assert "伤者情况怎样？" in (await room.types(OFFICER, "时间线 E1"))[-1]


@pytest.mark.parametrize("typed", ["出警了，10分钟到", "火已经灭了", "现场有1人死亡", "还需要一台水罐车"])
async def test_what_a_unit_that_was_called_writes_is_about_its_event(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    await room.types(OFFICER, "联动 E1 消防站")
    assert "已补充到 E1" in (await room.types("孙志波", typed))[-1]
    assert "消防站 孙志波 补充" in room.last_words(OFFICER)
    assert typed in room.last_words(OFFICER)


async def test_what_a_unit_tells_of_another_place_is_a_word_of_its_own(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "联动 E1 消防站")
    assert "已收到（E2" in (await room.types("孙志波", "柳湾社区地道积水，有车被困"))[-1]


async def test_a_photo_under_an_arrival_is_kept_with_it_and_is_no_incident(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "联动 E1 消防站")
    room.api.post_photo(room.ids["孙志波"], JPEG, "已到场 2车8人")
    await room.settle()
    assert "照片.jpg 附到事件 E1" in room.last_words("孙志波")
    assert "消防站 10:00 到场，2车8人" in "\n".join(room.heard(LEADER))


@pytest.mark.parametrize("typed", ["E1 火灭了", "火灭了", "E1火灭了"])
async def test_an_officers_news_of_an_incident_is_one_press_from_its_follow_up(
    room: Room, typed: str
) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    await room.types(OFFICER, typed)
    await room.presses(OFFICER, "续报 E1")
    assert "原文：火灭了" in room.last_words(OFFICER)


async def test_what_a_leader_writes_freely_is_one_press_from_an_instruction(room: Room) -> None:
    await room.types(LEADER, "让刘芳去现场看看")
    await room.presses(LEADER, "批示")
    assert "去现场看看" in room.last_words("刘芳")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("续报 水修好了", "事件 E1 续报一"),
        ("联动 消防站", "已告知消防站（10:00"),
        ("转移 46人 到 柳湾小学", "事件 E1）"),
    ],
)
async def test_a_command_that_answers_a_card_is_about_its_event(room: Room, typed: str, said: str) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    assert said in await _answers(room, OFFICER, "福安里", typed)


async def test_a_leader_who_names_the_follow_up_signs_only_that(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 明火已灭")
    await room.types(OFFICER, "发送")
    said = "\n".join(await room.types(LEADER, "签发E1续报"))
    assert ["已签发：事件 E1 续报一" in said, "首报" in said, "已一并记录" in said] == [True, False, False]


@pytest.mark.parametrize("typed", ["终报E1水管已修好", "终报 e1水管已修好", "终报Ｅ１水管已修好"])
async def test_a_report_needs_no_blank_behind_its_number(room: Room, typed: str) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    assert "事件 E1 终报" in (said := (await room.types(OFFICER, typed))[-1])
    assert "原文：水管已修好" in said


async def test_people_counted_with_a_blank_are_no_number_of_an_event(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    assert "「续报」指哪一个" in (await room.types(OFFICER, "续报 2 人受伤送医"))[-1]
    assert "事件 E2 续报一" in (await room.types(OFFICER, "续报 2 明火已灭"))[-1]


@pytest.mark.parametrize("typed", ["E1定级较大 现场核实3人死亡", "定级 E1 升为较大，现场核实3人死亡"])
async def test_a_grade_is_set_in_other_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    assert "定级 一般 → 较大" in "\n".join(await room.types(OFFICER, typed))


async def test_reinforcement_is_asked_of_the_unit_that_is_named(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    said = (await room.types(OFFICER, "申请增援 E1 向消防站要云梯车1台"))[-1]
    assert "已向消防站申请增援" in said
    assert "云梯车1台" in room.last("孙志波")
    assert not any("云梯车" in text for text in room.heard(SUPERIOR))


@pytest.mark.parametrize("typed", ["消防站到场了，2车8人", "消防站已到现场 2车8人"])
async def test_an_officer_says_that_a_unit_is_there(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "联动 E1 消防站")
    assert "已记录：消防站 10:00" in (said := (await room.types(OFFICER, typed))[-1])
    assert "2车8人" in said


async def test_who_was_not_called_does_not_read_which_incidents_there_are(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    assert "福安里" not in (await room.types("孙志波", "到场"))[-1]


async def test_the_reason_of_what_was_put_away_is_kept_when_it_comes_after(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "取消 E1")
    said = "\n".join(await room.types(OFFICER, "取消 E1 误报，是烧烤"))
    assert ["已取消" in said, "误报，是烧烤" in said, "按钮" in said] == [True, True, False]


async def test_moving_and_coming_back_need_no_blank(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    assert "已记录转移" in (await room.types(OFFICER, "转移22户46人到柳湾小学"))[-1]
    assert "已记录返回 46 人" in (await room.types(OFFICER, "返回46人"))[-1]
    assert "还有 0 人" not in (said := (await room.types(OFFICER, "返回 10人"))[-1])
    assert "没有还没返回的人" in said


async def test_nobody_hurt_in_words_is_said_with_its_number(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    assert "受伤由1人减为0（原话“没事”）" in (await room.types(OFFICER, "续报 找到了伤者,没事"))[-1]


@pytest.mark.parametrize("typed", ["刚才说错了是6号楼", "不是5号楼，是6号楼", "更正：是6号楼"])
async def test_what_a_reporter_puts_right_is_no_second_event(room: Room, typed: str) -> None:
    await room.types("张玉梅", "海棠里5号楼冒烟，有人没下来")
    assert "已补充到 E1" in (await room.types("张玉梅", typed))[-1]
    assert typed in room.last(OFFICER)


async def test_a_unit_that_was_called_hears_that_the_event_was_put_away(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "联动 E1 消防站")
    assert "事件 E1 已取消，已告知 消防站 停止处置" in "\n".join(await room.types(OFFICER, "取消 E1 误报"))
    assert "事件 E1 海棠里3号楼厨房 火灾 已取消" in room.last("孙志波")
    assert "13800000005" in room.last("孙志波")


async def test_a_unit_nobody_of_whom_reads_is_named_to_be_phoned(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "联动 E1 消防站")
    for name in ("孙志波", "胡春霞", "朱立荣"):
        await room.types("宋倩", f"人员 停用 {name}")
    assert "已取消" in await room.presses(OFFICER, "取消"), "a pop-up goes by"
    assert "☎ 请打电话告知 消防站" in room.last(OFFICER), "whom to phone stays"


async def test_a_time_that_was_put_right_is_said_as_it_was_read(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    assert (
        "时间：11点（更正，原为 今早9点半）（昨天 23:00）"
        in (await room.types(OFFICER, "补 E1 时间 11点"))[-1]
    )


@pytest.mark.parametrize("typed", ["上级已收到 王科长", "E1上级已收到 王科长"])
async def test_a_receipt_by_phone_needs_no_number_where_one_waits(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    assert "王科长 收到事件 E1 报告" in (await room.types(OFFICER, typed))[-1]


async def test_to_send_without_a_number_is_what_is_not_sent_yet(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送 E1")
    assert "事件 E2 首报已直报" in (await room.types(OFFICER, "发送"))[-1]
    assert "「发送」没有记作签发" in (await room.types(LEADER, "发送"))[-1]


@pytest.mark.parametrize("typed", ["E1并入E2", "并入E1 E2"])
async def test_two_numbers_may_stand_on_both_sides_of_their_word(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, FIRE)
    assert "E1 并入 E2" in "\n".join(await room.types(OFFICER, typed))


@pytest.mark.parametrize(
    "typed", ["延期 E1 电话 再延10分钟 占线", "延期 E1 电话报告延期10分钟，占线", "E1延期电话10分钟 占线"]
)
async def test_more_time_is_asked_for_in_other_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    assert "由 10:15 延至 10:25" in (await room.types(OFFICER, typed))[-1]


async def test_reports_of_two_incidents_in_one_message_are_two(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    said = await room.types(OFFICER, "续报E1水管修好了，\n已恢复供水\nE2续报 明火已灭")
    assert ["事件 E1 续报一" in said[0], "事件 E2 续报一" in said[1]] == [True, True]
    assert "水管修好了，\n已恢复供水" in said[0]
    assert "明火已灭" not in said[0]


async def test_answers_about_two_incidents_in_one_message_are_given_to_both(room: Room) -> None:
    await room.types(OFFICER, PIPE)
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送 E2")
    said = "\n".join(await room.types(OFFICER, "已电话报告E1张科长\n无变化E2"))
    assert ["电话报告 张科长（" in said, "事件 E2 无变化" in said] == [True, True]


async def test_what_only_quotes_an_answer_is_not_taken_apart(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送")
    await room.types(OFFICER, "记录 群里消息：\n收到 E1\n无变化 E1")
    assert "已记录 L" in room.last_words(OFFICER)


@pytest.mark.parametrize(
    "typed", ["已电话报告了 张科长", "已经电话报告 E1 张科长", "已打电话报告E1 张科长", "电话已报 E1 张科长"]
)
async def test_a_call_to_the_room_above_is_told_in_other_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    assert "事件 E1 电话报告 张科长" in (await room.types(OFFICER, typed))[-1]


async def test_whoever_gave_a_task_reads_how_it_was_done(room: Room) -> None:
    await room.types(LEADER, f"批示 给{OFFICER} 核实伤者情况")
    await room.types(OFFICER, "已办结 T1 伤者已转院")
    assert "伤者已转院" in room.last(LEADER)


async def test_a_figure_that_was_left_open_is_not_lowered_without_a_correction(room: Room) -> None:
    await room.types("郑伟", "首报 刚才公交车撞树上了，海棠里社区门口，司机和7名乘客受伤，120已到")
    assert "请核实一共几人" in room.last("郑伟")
    await room.types("郑伟", "发送 E1")
    said = "\n".join(await room.types("郑伟", "续报 E1 2人受伤，已送医"))
    assert "受伤由司机和7名乘客减为" in said
    said = "\n".join(await room.types("郑伟", "续报 E1 受伤8人，已送医"))
    assert "减为" not in said

"""What a hostile tester found in the incident reports, mostly where two parts meet."""

from datetime import timedelta

import pytest

from storage import log
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, SUPERIOR, REPORTER = "郑伟", "张慧敏", "崔海波", "张玉梅"
ADMIN = "宋倩"
SMALL = "首报 今早8点福安里社区门口水管爆了，2人轻伤，已通知水务"
FIRE = "首报 今早9点半海棠里3号楼厨房冒烟，1人受伤"


async def test_nothing_goes_up_before_the_first_report(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    assert "首报还没有报送" in (await room.types(OFFICER, "无变化 E1"))[-1]
    await room.types(OFFICER, "续报 E1 路面积水30厘米")
    assert "首报还没有报送" in await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "终报 E1 已修好")
    assert "首报已送" in (await room.types(OFFICER, "发送 E1"))[-1]
    assert "首报" in room.last(LEADER)
    assert "第1期" in room.last(LEADER)


async def test_a_follow_up_waits_while_the_first_report_came_back(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "发送 E1")
    await room.types(LEADER, "退回 E1 写清楚几户")
    await room.types(OFFICER, "续报 E1 路面积水30厘米")
    assert "请先把首报改好重报：首报 E1" in (await room.types(OFFICER, "发送 E1"))[-1]
    await room.types(OFFICER, "首报 E1 今早8点福安里社区门口水管爆了，30户停水，2人轻伤")
    assert "首报已送" in (await room.types(OFFICER, "发送 E1"))[-1]
    assert "续报一已送" in (await room.types(OFFICER, "发送 E1"))[-1]


@pytest.mark.parametrize("name", [REPORTER, LEADER])
async def test_only_an_officer_writes_a_first_report_anew(room: Room, name: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(name, "首报 E1 海棠里3号楼厨房冒烟，99人死亡")
    assert "99人" not in (await room.types(OFFICER, "E1"))[-1]
    assert "99人死亡" in "\n".join(room.heard(OFFICER))


async def test_a_submitted_first_report_is_not_written_anew(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    answer = (await room.types(OFFICER, "首报 E1 海棠里3号楼厨房冒烟，5人受伤"))[-1]
    assert "首报已提交" in answer
    assert "5人" not in (await room.types(OFFICER, "E1"))[-1]


async def test_a_first_report_written_anew_lowers_no_figure_without_a_reason(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    answer = (await room.types(OFFICER, "首报 E1 今早9点半海棠里3号楼厨房冒烟，没人受伤"))[-1]
    assert "受伤由1人" in answer
    assert "首报 E1 更正" in answer
    assert "受伤 1人" in (await room.types(OFFICER, "E1"))[-1]


async def test_a_document_names_the_next_follow_up_by_the_pace_of_the_event(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "稳定 E1")
    await room.types(OFFICER, "续报 E1 明火已灭")
    await room.presses(OFFICER, "发送")
    assert "续报将于12时前报送" in room.last(LEADER)
    await room.types(OFFICER, "终报 E1 处置完毕")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "补报 E1 起因为油锅起火")
    await room.presses(OFFICER, "发送")
    assert "续报将于" not in room.last(LEADER)


async def test_the_head_of_a_card_stands_in_a_line_of_its_own(room: Room) -> None:
    card = (await room.types(OFFICER, FIRE))[-1]
    assert card.splitlines()[0] == "事件 E1 · 首报待发送"


async def test_a_rise_to_direct_sends_what_waits_for_a_signature_first(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 3人死亡")
    await room.presses(OFFICER, "发送")
    told = [text for text in room.heard(SUPERIOR) if "快报（" in text]
    assert ["首报" in told[0], "续报一" in told[1]] == [True, True]
    assert "首报：已报送" in (await room.types(OFFICER, "E1"))[-1]


async def test_a_grade_that_makes_it_direct_sends_what_waits(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "定级 E1 较大 影响大")
    assert any("快报（首报）" in text for text in room.heard(SUPERIOR))
    await room.types(LEADER, "签发 E1")
    assert "签发：" not in (await room.types(OFFICER, "E1"))[-1]


async def test_a_figure_told_as_an_addition_is_not_taken_for_the_whole(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    draft = (await room.types(OFFICER, "续报 E1 又有2人受伤送医"))[-1]
    assert "请写明总数" in draft
    assert "受伤 正在核实（原话“又有2人”）" in draft
    await room.presses(OFFICER, "发送")
    assert "现报“又有2人”" in room.last(SUPERIOR)
    assert "受伤 5人" in (await room.types(OFFICER, "续报 E1 又增加2人受伤，累计受伤5人"))[-1]


async def test_a_merge_carries_the_response(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "首报 今早9点40海棠里3号楼有浓烟，1人受伤")
    await room.types(OFFICER, "补 E2 措施 已断电，疏散12户")
    await room.types(OFFICER, "联动 E2 消防站")
    await room.types(OFFICER, "转移 E2 3号楼22户46人 到 柳湾小学")
    await room.types(LEADER, "批示 E2 查清原因")
    told = next(n for n in room.ids if any("请联动处置" in text for text in room.heard(n)))
    assert "已断电，疏散12户" in (await room.types(OFFICER, "并入 E2 E1"))[-1]
    card = (await room.types(OFFICER, "E1"))[-1]
    assert "未返回 46 人" in card
    assert "消防站" in card
    await room.fast_forward(minutes=3.2)
    assert any("消防站 3 分钟没有收到（事件 E1" in text for text in room.heard(OFFICER))
    assert "事件 E1" in (await room.types(told, "收到 E2"))[-1]
    assert "已返回 46 人" in (await room.types(OFFICER, "返回 E2 46人"))[-1]


async def test_a_handover_names_what_waits_around_an_open_incident(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 路面积水")
    await room.types(OFFICER, "联动 E1 消防站")
    await room.types(OFFICER, "转移 E1 二十余人 到 柳湾小学")
    sheet = (await room.types(OFFICER, "交班"))[-1]
    assert "1 份报告未发送，1 份报告待签发，1 个联动单位没有回复" in sheet
    assert "清单登记 约 20 人，已返回 0 人，未返回 约 20 人" in sheet


async def test_an_event_with_people_moved_is_not_put_away(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "转移 E1 22户46人 到 柳湾小学")
    assert "还没有全部返回" in (await room.types(OFFICER, "取消 E1"))[-1]
    await room.types(OFFICER, "返回 E1 全部")
    assert "已取消" in (await room.types(OFFICER, "取消 E1"))[-1]


async def test_an_exercise_takes_no_issue_number_and_is_marked_to_everybody(room: Room) -> None:
    await room.types("宋倩", "演练 开")
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=31)
    for name in ("宋倩", "杨帆"):
        assert all("【演练】" in text for text in room.heard(name) if "没有签发" in text)
    assert "【演练】" in (await room.types(OFFICER, "事件"))[-1]
    assert "E1 【演练】" in (await room.types(OFFICER, "交班"))[-1]
    await room.types("宋倩", "演练 关")
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送 E2")
    assert any("第1期" in text for text in room.heard(SUPERIOR) if "E2" in text)


async def test_the_unit_above_is_recorded_as_told_by_phone_by_the_words_of_the_reminder(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "申请增援 E1 水泵2台")
    await room.fast_forward(minutes=3.2)
    assert "联动 E1 区总值班室 电话" in room.last(OFFICER)
    assert "区总值班室" in (answer := (await room.types(OFFICER, "联动 E1 区总值班室 电话"))[-1])
    assert "没有认出" not in answer


async def test_after_an_absence_a_silent_unit_is_named_once(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "联动 E1 消防站")
    await room.crash(timedelta(hours=2))
    assert len([text for text in room.heard(OFFICER) if "☎ 消防站" in text]) == 1


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("取消 E1", "报告已提交，不能取消"),
        ("重开", "重开要写明哪个事件和原因"),
        ("并入 E1 E1", "请写并入哪一件"),
    ],
)
async def test_a_wrong_word_hears_what_was_wrong(room: Room, typed: str, answer: str) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    assert answer in (await room.types(OFFICER, typed))[-1]


async def test_an_exercise_and_a_real_incident_are_never_joined(room: Room) -> None:
    await room.types(LEADER, "演练 开")
    await room.types(OFFICER, FIRE)
    await room.types(REPORTER, FIRE)
    await room.types(LEADER, "演练 关")
    await room.types(OFFICER, FIRE)
    for wrong in ("并入 E1 E3", "并入 E3 E1", "并入 E2 E3"):
        assert "演练的和真实的不能并入" in (await room.types(OFFICER, wrong))[-1]
    assert "首报待发送" in (await room.types(OFFICER, "E3"))[-1]
    assert "电话报告截止" in (await room.types(OFFICER, "E3"))[-1]
    assert "待处理" in (await room.types(OFFICER, "交班"))[-1]


async def test_what_a_reporter_tells_after_an_exercise_is_not_added_to_it(room: Room) -> None:
    await room.types(LEADER, "演练 开")
    await room.types(REPORTER, FIRE)
    await room.types(LEADER, "演练 关")
    await room.fast_forward(minutes=1)
    assert "E2" in (await room.types(REPORTER, "海棠里3号楼厨房冒烟，2人受伤"))[-1]
    assert "【演练】" not in room.last(OFFICER)
    assert "2人" in room.last(OFFICER)


async def test_the_sheet_and_the_list_of_what_is_open_mark_a_warning_of_an_exercise(room: Room) -> None:
    await room.types(LEADER, "演练 开")
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 东柳村")
    await room.types(LEADER, "演练 关")
    assert "W1 【演练】暴雨蓝色预警" in (await room.types(OFFICER, "交班"))[-1]
    assert "【演练】暴雨" in (await room.types(OFFICER, "待办"))[-1]


async def test_a_leader_who_is_no_longer_there_is_not_asked_for_a_signature(room: Room) -> None:
    await room.types(ADMIN, f"人员 停用 {LEADER}")
    await room.types(OFFICER, FIRE)
    assert "赵文斌 补签" in (await room.types(OFFICER, "发送 E1"))[-1]
    await room.fast_forward(minutes=41)
    heard = "\n".join(room.heard(OFFICER))
    assert f"同时请 {LEADER}" not in heard
    assert "已同时请 孙立新 签发" in heard
    assert sum("仍待签发" in words for words in room.heard("赵文斌")) == 3


async def test_a_word_that_waits_or_was_put_away_is_not_said_to_have_ended(room: Room) -> None:
    await room.types(REPORTER, FIRE)
    for typed in ("无变化 E1", "发送 E1", "已电话报告 E1 张科长"):
        assert "E1 还没有立为事件" in (await room.types(OFFICER, typed))[-1]
    await room.types(OFFICER, "首报 御河湾社区5号楼下水管道破裂，路面积水，无人员伤亡")
    await room.types(OFFICER, "取消 E2")
    assert "E2 已取消" in (await room.types(OFFICER, "发送 E2"))[-1]
    assert "E2 已取消" in (await room.types(OFFICER, "并入 E1 E2"))[-1]


async def test_a_death_told_after_the_first_report_is_reported_directly(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发")
    await room.types(OFFICER, "已电话报告 E1 张科长")
    await room.types(OFFICER, "续报 E1 伤者经抢救无效死亡")
    await room.presses(OFFICER, "发送")
    assert any("快报（续报一）" in text for text in room.heard(SUPERIOR))
    assert "请马上电话报告" in "\n".join(room.heard(LEADER))
    assert "电话报告截止 10:15" in (await room.types(OFFICER, "E1"))[-1]


async def test_a_follow_up_that_denies_a_death_waits_for_its_signature(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发")
    await room.types(OFFICER, "续报 E1 无人死亡，死亡0人，路面已清理")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 死亡、失踪情况正在核实")
    await room.presses(OFFICER, "发送")
    assert not any("续报一" in text for text in room.heard(SUPERIOR))


TWO = "首报 刚才海棠里社区3号楼着火，1人受伤，另外柳湾社区地道积水，2人被困"


async def _flash(room: Room, number: int) -> str:
    await room.types(OFFICER, f"发送 E{number}")
    return next(text for text in room.heard(SUPERIOR) if f"事件 E{number}" in text and "快报（" in text)


async def test_a_message_parted_after_it_was_mended_counts_nobody_twice(room: Room) -> None:
    await room.types(OFFICER, TWO)
    await room.types(OFFICER, "补 E1 地点 海棠里社区5号楼")
    await room.types(OFFICER, "补 E1 受伤 3人")
    await room.types(OFFICER, "拆成两起 E1")
    first = (await room.types(OFFICER, "E1"))[-1]
    assert "地点：海棠里社区5号楼" in first
    assert "受伤 3人" in first
    assert "被困 正在核实" in first
    assert "被困（可能有人被困" not in first
    assert "被困 2人" in (await room.types(OFFICER, "E2"))[-1]


async def test_reports_of_a_parted_message_quote_their_own_part_only(room: Room) -> None:
    await room.types(OFFICER, TWO)
    await room.types(OFFICER, "拆成两起 E1")
    one, two = await _flash(room, 1), await _flash(room, 2)
    assert "受伤1人" in one
    assert "积水" not in one
    assert "被困2人" in two
    assert "受伤" not in two.replace("死亡、受伤、失踪情况", "")


async def test_what_was_put_right_is_not_quoted_as_it_was_told(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里社区3号楼着火，1人受伤")
    await room.types(OFFICER, "补 E1 地点 海棠里社区5号楼")
    await room.types(OFFICER, "补 E1 受伤 3人")
    sent = await _flash(room, 1)
    assert "海棠里社区5号楼发生火灾" in sent
    assert "受伤3人" in sent
    assert "3号楼" not in sent
    assert "1人受伤" not in sent


async def test_dead_and_injured_told_in_one_word_are_said_once_and_each_by_its_number(room: Room) -> None:
    card = (await room.types(OFFICER, "首报 长堤社区路口两车相撞，死1伤2"))[-1]
    assert "死亡 1（原话“死1伤2”）；受伤 2（原话“死1伤2”）" in card
    assert (await _flash(room, 1)).count("死1伤2") == 1


@pytest.mark.parametrize("when", ["零点", "今天凌晨零点十分", "1月1日零时", "昨晚零点", "二十四时"])
async def test_midnight_is_no_part_of_the_place(room: Room, when: str) -> None:
    assert "地点：柳湾社区3号楼\n" in (await room.types(OFFICER, f"首报 {when}柳湾社区3号楼着火"))[-1]


async def test_a_follow_up_with_a_time_that_has_not_come_asks(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    assert "“12:30”时间在收到之后，请核实" in (await room.types(OFFICER, "续报 E1 12:30明火扑灭"))[-1]
    for right in ("9:50明火扑灭", "预计12:30恢复供水", "12:30前恢复供水", "明天上午8点复查"):
        assert "时间在收到之后" not in (await room.types(OFFICER, f"续报 E1 {right}"))[-1]


@pytest.mark.parametrize("words", ["新增1人死亡", "又救出2人", "老人经抢救无效去世"])
async def test_what_is_told_behind_no_change_is_a_follow_up_and_not_lost(room: Room, words: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    said = (await room.types(OFFICER, f"无变化 E1 {words}"))[-1]
    assert "已记录" not in said
    assert words in said
    await room.presses(OFFICER, "发送")
    assert words in room.last(SUPERIOR)


async def test_words_behind_no_change_stand_with_it(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    said = (await room.types(OFFICER, "无变化 E1，现场还在清理"))[-1]
    assert "已记录：事件 E1 无变化，现场还在清理" in said
    assert "续报无变化：现场还在清理" in (await room.types(OFFICER, "时间线 E1"))[-1]


async def test_who_was_killed_is_not_reported_as_injured(room: Room) -> None:
    card = (await room.types(OFFICER, "首报 小渔庄村一人触电身亡"))[-1]
    assert "死亡 1（原话“一人”）；受伤 正在核实" in card
    assert "有人死亡" in card
    sent = await _flash(room, 1)
    assert "死亡一人" in sent
    assert "受伤一人" not in sent


async def test_an_injured_who_died_is_counted_dead_and_lowers_nobody(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里社区3号楼着火，2人受伤")
    await room.presses(OFFICER, "发送")
    said = (await room.types(OFFICER, "续报 E1 伤者1人经抢救无效死亡"))[-1]
    assert "死亡" in said
    assert "受伤由" not in said
    assert "已直报" in await room.presses(OFFICER, "发送")


async def test_a_body_that_was_found_is_a_first_word(room: Room) -> None:
    assert "已收到（E1" in (await room.types(REPORTER, "月河社区河边发现一具男尸"))[-1]
    assert "一具男尸" in room.last(OFFICER)


@pytest.mark.parametrize("typed", ["E1收到", "已收到E1", "收到 1", "1收到", "E1 已收到，谢谢"])
async def test_a_receipt_counts_in_any_order_of_its_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    assert f"已记录：{SUPERIOR} 收到事件 E1 报告" in (await room.types(SUPERIOR, typed))[-1]


@pytest.mark.parametrize("typed", ["E1签发", "E1 签发。", "签发E1"])
async def test_a_signature_counts_in_any_order_of_its_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "发送 E1")
    assert "已签发：事件 E1" in (await room.types(LEADER, typed))[-1]


async def test_words_behind_a_signature_reach_the_officer(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "发送 E1")
    said = "\n".join(await room.types(LEADER, "签发 E1，但要核实人数，请派出所核实"))
    assert "已签发：事件 E1" in said
    assert "已转告值班员 郑伟" in said
    heard = "\n".join(room.heard(OFFICER))
    assert f"{LEADER} 13800000009 签发 E1 时说" in heard
    assert "但要核实人数，请派出所核实" in heard


@pytest.mark.parametrize("words", ["先别发，人数不对", "不同意", "暂缓"])
async def test_a_signature_that_takes_itself_back_is_none(room: Room, words: str) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "发送 E1")
    assert "E1 没有签发" in (await room.types(LEADER, f"签发 E1 {words}"))[-1]
    assert "待签发" in (await room.types(OFFICER, "E1"))[-1]
    assert words in "\n".join(room.heard(OFFICER))


async def test_words_behind_a_receipt_above_and_a_reason_to_put_away_are_kept(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(SUPERIOR, "收到E1，请每小时续报")
    assert "请每小时续报" in "\n".join(room.heard(OFFICER))
    await room.types(OFFICER, SMALL)
    assert "误报，是洒水车" in "\n".join(await room.types(OFFICER, "取消 E2 误报，是洒水车"))
    async with room.app.db.read() as tx:
        assert (await log.entries(tx, act="answer.words"))[-1].text == "取消：误报，是洒水车"


async def _to_sign(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "发送 E1")


async def test_a_reason_typed_after_the_button_returns_the_report(room: Room) -> None:
    await _to_sign(room)
    await room.presses(LEADER, "退回")
    await room.types(LEADER, "人数不对")
    await room.presses(LEADER, "退回 E1")
    assert "退回：人数不对" in "\n".join(room.heard(OFFICER))
    assert "退回 E1" not in "\n".join(await room.types(LEADER, "下午开会"))


async def test_a_return_with_its_reason_needs_no_number(room: Room) -> None:
    await _to_sign(room)
    await room.types(LEADER, "退回 人数不对，请核实")
    assert "退回：人数不对，请核实" in "\n".join(room.heard(OFFICER))


@pytest.mark.parametrize("typed", ["同意签发", "同意签发 E1", "签发，同意", "同意，签发"])
async def test_a_leader_signs_in_his_own_words(room: Room, typed: str) -> None:
    await _to_sign(room)
    assert "已签发：事件 E1" in "\n".join(await room.types(LEADER, typed))


@pytest.mark.parametrize("typed", ["我们到了", "已到场，2车8人", "到场了", "已到达现场", "E1到场 2车8人"])
async def test_a_unit_says_in_its_own_words_that_it_is_there(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送 E1")
    await room.types(OFFICER, "联动 E1 消防站")
    assert "已记录：消防站" in (await room.types("孙志波", typed))[-1]
    assert "消防站 10:00 到场" in "\n".join(room.heard(OFFICER))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        *(
            ("快报E1", "事件 E1"),
            ("台账E1", "E1"),
            ("时间线E1", "事件 E1 时间线"),
            ("重开E1 又冒烟", "E1 正在处置中"),
        ),
        *(("事件 E1", "原话"), ("事件E1", "原话"), ("/incidents E1", "原话")),
    ],
)
async def test_a_command_needs_no_blank_before_a_number(room: Room, typed: str, shown: str) -> None:
    await room.types(OFFICER, FIRE)
    assert shown in "\n".join(await room.types(OFFICER, typed))
    assert "没看懂" not in room.last(OFFICER)


@pytest.mark.parametrize(
    "units", ["消防站 派出所", "消防站、派出所", "消防 派出所", "消防站和派出所，东门集合", "消防站,派出所"]
)
async def test_every_unit_that_is_named_is_told(room: Room, units: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送 E1")
    said = await room.types(OFFICER, f"联动 E1 {units}")
    assert ["已告知消防站" in said[0], "已告知派出所" in said[1], len(said)] == [True, True, 2]
    assert "请派出所处置" in room.last("高国平")


async def test_units_told_by_phone_are_recorded_each_and_a_place_is_no_unit(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "发送 E1")
    assert len(await room.types(OFFICER, "联动 E1 消防站、派出所 电话")) == 2
    assert len(await room.types(OFFICER, "联动 E1 供热站 派出所门口集合")) == 1


@pytest.mark.parametrize("typed", ["46人都回家了", "柳湾小学的人都回去了", "全部回家了", "46人已返回"])
async def test_who_went_home_is_back_in_any_words(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "转移 E1 3号楼22户46人到柳湾小学")
    assert "已记录返回 46 人" in (await room.types(OFFICER, f"返回 E1 {typed}"))[-1]


async def test_nobody_left_is_said_in_a_sentence(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.types(OFFICER, "转移 E1 3号楼22户46人到柳湾小学")
    said = (await room.types(OFFICER, "返回 E1 5人 活动室"))[-1]
    assert "清单上没有“活动室”未返回的人" in said
    assert "还有 0 人" not in said


@pytest.mark.parametrize(
    "typed", ["定级 E1 较大，现场核实3人死亡", "定级 E1 较大：现场核实3人死亡", "定级E1较大 现场核实3人死亡"]
)
async def test_a_grade_takes_its_reason_behind_any_mark(room: Room, typed: str) -> None:
    await room.types(OFFICER, FIRE)
    assert "定级 一般 → 较大" in "\n".join(await room.types(OFFICER, typed))


@pytest.mark.parametrize("month", ["本月", "7月份", "2026年7月份", "这个月"])
async def test_a_month_of_figures_is_named_as_people_say_it(room: Room, month: str) -> None:
    assert "2026-07 统计" in (await room.types(LEADER, f"统计 {month}"))[-1]
    assert "2026-06 统计" in (await room.types(LEADER, "统计 上个月"))[-1]


async def test_a_leaders_consent_offers_the_signature_that_waits(room: Room) -> None:
    await room.types(OFFICER, "首报 柳湾社区3号楼停水，水管破裂，无人受伤")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "同意")
    assert "已签发" not in room.last(LEADER)
    assert "已签发：事件 E1" in await room.presses(LEADER, "签发 E1")

"""The response to an incident: partner units, reinforcement, instructions, the course of it, its warning."""

from datetime import timedelta

import pytest

from config.demo import demo_people
from storage import incident, partner, people
from tests.stories.room import Room

OFFICER, LEADER, SUPERIOR, REPORTER = "郑伟", "张慧敏", "崔海波", "张玉梅"
FIRE = "首报 刚才海棠里社区3号楼电动车着火，有人没下来，119已打"
FLOOD = "首报 10点柳湾地道积水40公分，两辆车被淹，没人受伤"
STORM = (
    "预警 天津市气象台于7月25日9时30分发布暴雨橙色预警信号：预计未来3小时，本市部分地区降雨量将达50毫米以上。"
)


def of(unit: str, ab: str) -> str:
    """Return who holds a unit's A- or B-role."""
    return next(row[5] for row in demo_people() if row[0] == unit and row[4] == ab)


FIREMAN, SECOND = of("消防站", "A"), of("消防站", "B")


@pytest.fixture
async def fire(room: Room) -> Room:
    """Return a room with a fire that was reported."""
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "联动")
    return room


async def test_one_tap_tells_a_units_people_at_once_the_likely_units_stand_first(fire: Room) -> None:
    units = [word for word in fire.buttons(OFFICER) if word in {"消防站", "派出所", "供热站", "市场监管所"}]
    assert units == ["消防站", "派出所", "供热站", "市场监管所"]
    assert f"已告知消防站（{fire.time()}" in await fire.presses(OFFICER, "消防站")
    for person in (FIREMAN, SECOND):
        told = fire.last(person)
        for words in (
            "请联动处置",
            "E1",
            "火灾",
            "海棠里社区3号楼",
            "有人没下来",
            OFFICER,
            "值班室电话：022-",
        ):
            assert words in told
        assert {"收到", "到场"} <= set(fire.buttons(person))
    assert "消防站 10:00 告知，还没有收到" in fire.last(OFFICER)


async def test_a_second_tap_tells_nobody_twice(fire: Room) -> None:
    await fire.presses(OFFICER, "消防站")
    before = len(fire.heard(FIREMAN))
    assert f"消防站已由 {OFFICER} 在 10:00 告知" in (await fire.types(OFFICER, "联动 E1 消防站"))[-1]
    assert len(fire.heard(FIREMAN)) == before


async def test_receipt_and_arrival_are_recorded_by_name_and_the_second_is_told_who_was_first(
    fire: Room,
) -> None:
    await fire.presses(OFFICER, "消防站")
    assert f"已记录：消防站 {FIREMAN}" in (await fire.types(FIREMAN, "收到 E1"))[-1]
    assert f"由 {FIREMAN} 收到" in (await fire.types(SECOND, "收到 E1"))[-1]
    assert "收到" not in fire.buttons(SECOND), "the card of the second shows who was first"
    await fire.fast_forward(minutes=4)
    assert "2车8人" in (await fire.types(SECOND, "到场 E1 2车8人"))[-1]
    for reader in (OFFICER, LEADER):
        assert f"消防站 10:04 到场，2车8人（{SECOND}）" in "\n".join(fire.heard(reader))
    assert f"已由 {SECOND} 在 10:04 报到场：2车8人" in (await fire.types(FIREMAN, "到场 E1"))[-1]
    card = next(text for text in reversed(fire.heard(OFFICER)) if "首报待发送" in text)
    assert "消防站 ✅ 到场 10:04 2车8人" in card
    assert not any("没有收到" in text for text in fire.heard(OFFICER)[-2:])


async def test_a_bare_word_of_a_partner_means_the_one_incident_it_was_told_of(fire: Room) -> None:
    await fire.presses(OFFICER, "消防站")
    assert "已记录：消防站" in (await fire.types(FIREMAN, "收到"))[-1]
    assert "到场" in (await fire.types(FIREMAN, "到场"))[-1]
    await fire.types(OFFICER, FLOOD)
    await fire.types(OFFICER, "联动 E2 派出所")
    assert "到场，3人（事件 E2" in (await fire.types(of("派出所", "B"), "到场 3人"))[-1]
    assert "补充已记录" in (await fire.types(FIREMAN, "到场 E1 3车12人"))[-1]


async def test_a_silent_unit_is_called_by_the_officer_and_then_the_leader_hears(fire: Room) -> None:
    await fire.presses(OFFICER, "消防站")
    await fire.fast_forward(minutes=2.9)
    assert "没有收到（事件" not in fire.last(OFFICER)
    await fire.fast_forward(minutes=0.2)
    asked = fire.last(OFFICER)
    assert "消防站 3 分钟没有收到" in asked
    assert f"请打电话：{FIREMAN} 138000" in asked
    assert "分钟没有收到" not in fire.last(LEADER)
    await fire.fast_forward(minutes=3)
    assert "消防站 6 分钟没有收到" in fire.last(LEADER)
    assert "请督促值班员打电话" in fire.last(LEADER)
    assert "已记录：消防站 电话告知" in await fire.presses(OFFICER, "已电话告知")
    assert "电话告知 10:06" in "\n".join(fire.heard(OFFICER))


async def test_telling_by_phone_is_recorded_and_nobody_is_asked_to_call(fire: Room) -> None:
    assert "已记录：派出所 电话告知" in (await fire.types(OFFICER, "联动 E1 派出所 电话 王警官"))[-1]
    before = len(fire.heard(OFFICER))
    await fire.fast_forward(minutes=7)
    assert not any("派出所" in text and "没有收到" in text for text in fire.heard(OFFICER)[before:])
    async with fire.app.db.read() as tx:
        row = (await partner.of_incident(tx, 1))[0]
    assert (row.unit, row.acked_how, row.acked_by) == ("派出所", "phone", OFFICER)


async def test_the_officer_enters_an_arrival_for_a_unit_that_was_never_told(fire: Room) -> None:
    assert "2车8人" in (await fire.types(OFFICER, "到场 E1 消防站 2车8人"))[-1]
    assert "消防站 ✅ 到场 10:00 2车8人" in (await fire.types(OFFICER, "E1"))[-1]


async def test_a_unit_nobody_reads_for_is_said_at_once_with_its_phone(fire: Room) -> None:
    async with fire.app.db.write() as tx:
        for person in await people.everybody(tx):
            if "供热站" in {post.unit for post in person.posts}:
                await people.blocked(tx, person.id, fire.clock.now())
    said = (await fire.types(OFFICER, "联动 E1 供热站"))[-1]
    assert "没有人能收到消息，请马上打电话" in said
    assert f"{of('供热站', 'A')} 138000" in said
    assert "☎ 没有人能收消息" in (await fire.types(OFFICER, "联动 E1"))[-1]


async def test_an_unknown_unit_is_asked_back_and_nothing_is_lost(fire: Room) -> None:
    said = (await fire.types(OFFICER, "联动 E1 自来水公司"))[-1]
    assert "没有认出是哪个联动单位" in said
    assert "消防站" in said
    assert "草稿" in said


async def test_only_room_and_leader_tell_and_only_a_told_unit_answers(fire: Room) -> None:
    assert "值班员" in (await fire.types(REPORTER, "联动 E1 消防站"))[-1]
    assert "没有告知过您的单位" in (await fire.types(FIREMAN, "到场 E1 2车8人"))[-1]
    assert "已告知消防站" in (await fire.types(LEADER, "联动 E1 消防站"))[-1]


async def test_reinforcement_goes_to_the_superior_at_once_the_leader_hears_and_receipt_is_by_name(
    room: Room,
) -> None:
    await room.types(OFFICER, FLOOD)
    said = (await room.types(OFFICER, "申请增援 E1 排水泵2台 送柳湾地道"))[-1]
    assert "已向区总值班室申请增援" in said
    assert f"已告知 {LEADER}" in said
    assert "请区总值班室增援：排水泵2台 送柳湾地道" in room.last(SUPERIOR)
    assert f"{OFFICER} 10:00 向区总值班室申请增援：排水泵2台" in room.last(LEADER)
    assert "没有发出" not in said
    assert "还没有收到" in (await room.types(OFFICER, "申请增援 E1 排水泵2台 送柳湾地道"))[-1]
    assert f"区总值班室 {SUPERIOR}" in (await room.types(SUPERIOR, "收到 E1"))[-1]
    for reader in (OFFICER, LEADER):
        assert f"{SUPERIOR} 10:00 收到增援申请" in room.last(reader)
    await room.types(OFFICER, "申请增援 E1 沙袋500个")
    assert "排水泵2台 送柳湾地道；沙袋500个" in room.last(SUPERIOR)
    assert "收到" in room.buttons(SUPERIOR)


async def test_reinforcement_may_be_asked_of_a_partner_and_an_empty_one_is_refused(fire: Room) -> None:
    assert "请写要什么" in (await fire.types(OFFICER, "申请增援 E1 消防站"))[-1]
    assert "请写要什么" in (await fire.types(OFFICER, "申请增援 E1"))[-1]
    assert "已向消防站申请增援" in (await fire.types(OFFICER, "申请增援 消防站 云梯车1台"))[-1]
    assert "请消防站增援：云梯车1台" in fire.last(FIREMAN)
    await fire.fast_forward(minutes=3.1)
    assert "请求：云梯车1台" in fire.last(OFFICER)


async def test_a_superior_confirms_request_and_report_with_one_word(fire: Room) -> None:
    await fire.presses(OFFICER, "发送")
    await fire.types(OFFICER, "申请增援 E1 云梯车1台")
    answers = await fire.types(SUPERIOR, "收到 E1")
    assert "已记录：区总值班室" in answers[0]
    assert len(answers) == 2
    assert "没有" not in answers[1]


async def test_with_two_incidents_the_number_is_asked_for_and_the_words_are_kept(fire: Room) -> None:
    await fire.types(OFFICER, FLOOD)
    said = (await fire.types(OFFICER, "申请增援 云梯车1台"))[-1]
    assert "请写明编号" in said
    assert "E2" in said
    assert "草稿" in said
    assert "没有正在处置的事件 E9" in (await fire.types(OFFICER, "联动 E9 消防站"))[-1]


async def test_an_instruction_about_an_incident_stands_on_its_card_until_it_is_done(fire: Room) -> None:
    said = (await fire.types(LEADER, f"批示 E1 给{OFFICER} 17:00前排查同类楼道"))[-1]
    assert "关于事件 E1" in said
    assert "关于事件 E1" in fire.last(OFFICER)
    card = (await fire.types(OFFICER, "E1"))[-1]
    assert f"批示 T1 {OFFICER}：17:00前排查同类楼道（17:00 前）" in card
    await fire.types(OFFICER, "已办结 T1")
    assert f"排查同类楼道 ✅ {OFFICER} 10:00 已办结" in (await fire.types(LEADER, "E1"))[-1]


async def test_an_instruction_without_a_number_is_about_no_incident(fire: Room) -> None:
    assert "关于事件" not in (await fire.types(LEADER, "批示 排查同类楼道"))[-1]
    assert "批示 T1" not in (await fire.types(LEADER, "E1"))[-1]
    assert "E9" in (await fire.types(LEADER, "批示 E9 排查同类楼道"))[-1]


async def test_the_course_of_an_incident_is_told_in_words_newest_last(fire: Room) -> None:
    await fire.presses(OFFICER, "消防站")
    await fire.types(FIREMAN, "收到 E1")
    await fire.types(OFFICER, "已电话报告 E1 张科长")
    await fire.types(LEADER, "批示 E1 排查同类楼道")
    await fire.fast_forward(minutes=4)
    await fire.types(FIREMAN, "到场 E1 2车8人")
    said = (await fire.types(OFFICER, "时间线 E1"))[-1]
    in_order = ["接报", "告知联动单位", "联动单位收到", "电话报告", "批示 T1", "联动单位到场：消防站 2车8人"]
    places = [said.index(words) for words in in_order]
    assert places == sorted(places)
    assert "partner." not in said
    assert "时间线" in (await fire.types(SUPERIOR, "时间线"))[-1]
    assert "值班员" in (await fire.types(REPORTER, "时间线 E1"))[-1]


async def test_a_long_course_is_cut_to_one_message_and_names_the_pack(fire: Room) -> None:
    for n in range(60):
        await fire.types(OFFICER, f"联动 E1 没有这个单位{n}")
        await fire.types(OFFICER, f"转移 E1 {n + 1}号楼{n + 1}人 到 柳湾小学，{'老人和孩子居多' * 5}")
    answers = await fire.types(OFFICER, "时间线 E1")
    assert len(answers) == 1
    assert len(answers[0]) <= 4096
    assert "条，全部见：台账 E1" in answers[0]
    assert "60号楼60人" in answers[0]


async def test_a_live_warning_that_fits_is_offered_and_its_progress_names_the_incident(room: Room) -> None:
    await room.types(OFFICER, STORM)
    await room.types(OFFICER, "下发 W1")
    await room.types(OFFICER, FLOOD)
    assert "关联 W1 暴雨橙色" in room.buttons(OFFICER)
    assert "事件 E1 关联预警 W1 暴雨橙色" in await room.presses(OFFICER, "关联 W1 暴雨橙色")
    assert "关联预警：W1 暴雨橙色" in (await room.types(OFFICER, "E1"))[-1]
    assert "关联 W1 暴雨橙色" not in room.buttons(OFFICER)
    assert "关联事件：E1 " in (await room.types(OFFICER, "W1"))[-1]
    async with room.app.db.read() as tx:
        assert [i.id for i in await incident.of_bulletin(tx, 1)] == [1]
    assert "不再关联预警 W1" in (await room.types(OFFICER, "取消关联 E1"))[-1]
    assert "关联事件" not in (await room.types(OFFICER, "W1"))[-1]
    assert "关联预警 W1" in (await room.types(OFFICER, "关联 E1 W1"))[-1]
    assert "W9" in (await room.types(OFFICER, "关联 E1 W9"))[-1]


async def test_a_warning_of_another_kind_is_not_offered(room: Room) -> None:
    await room.types(OFFICER, STORM)
    await room.types(OFFICER, "下发 W1")
    await room.types(OFFICER, FIRE)
    assert not any(word.startswith("关联") for word in room.buttons(OFFICER))


async def test_a_silent_units_step_that_fell_into_a_downtime_is_acted_on_once_at_the_start(
    fire: Room,
) -> None:
    await fire.presses(OFFICER, "消防站")
    await fire.crash(timedelta(minutes=4))
    asked = [text for text in fire.heard(OFFICER) if "消防站 4 分钟没有收到" in text]
    assert len(asked) == 1
    assert "（迟 1 分钟）" in asked[0]


async def test_a_warning_that_went_to_other_villages_is_not_offered(room: Room) -> None:
    await room.types(OFFICER, STORM)
    await room.types(OFFICER, "下发 W1 低洼")
    await room.types(OFFICER, "首报 10点海棠里社区积水40公分，居民楼进水，没人受伤")
    assert not any(word.startswith("关联") for word in room.buttons(OFFICER))
    await room.types(OFFICER, "首报 10点柳湾社区积水40公分，居民楼进水，没人受伤")
    assert "关联 W1 暴雨橙色" in room.buttons(OFFICER)


async def test_units_are_told_and_asked_anew_once_the_incident_was_opened_again(fire: Room) -> None:
    await fire.presses(OFFICER, "消防站")
    await fire.types(OFFICER, "申请增援 E1 消防站 云梯车1台")
    await fire.types(FIREMAN, "收到 E1")
    await fire.types(FIREMAN, "到场 E1 2车8人")
    await fire.types(OFFICER, "发送 E1")
    await fire.types(OFFICER, "终报 E1 处置完毕，人员全部返回")
    await fire.types(OFFICER, "发送 E1")
    await fire.fast_forward(minutes=20)
    await fire.types(OFFICER, "重开 E1 余火复燃")
    assert "已告知消防站" in (await fire.types(OFFICER, "联动 E1 消防站"))[-1]
    assert "请联动处置" in fire.last(FIREMAN)
    assert "余火复燃" in fire.last(FIREMAN)
    assert "处置完毕" not in fire.last(FIREMAN)
    assert "没有重复告知" in (await fire.types(OFFICER, "联动 E1 消防站"))[-1]
    assert "已向消防站申请增援" in (await fire.types(OFFICER, "申请增援 E1 消防站 云梯车1台"))[-1]
    assert "同样的增援已在" in (await fire.types(OFFICER, "申请增援 E1 消防站 云梯车1台"))[-1]
    await fire.fast_forward(minutes=3.1)
    assert "☎ 消防站 3 分钟没有收到" in "\n".join(fire.heard(OFFICER))
    assert "已记录：消防站" in (await fire.types(FIREMAN, "收到 E1"))[-1]
    assert "到场，1车4人（事件 E1" in (await fire.types(FIREMAN, "到场 E1 1车4人"))[-1]

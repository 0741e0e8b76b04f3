"""The clocks of reports in full: receivers, more time, a graver incident, the pace of follow-ups, how each clock ends."""

from datetime import timedelta

from sqlalchemy import update

from actions import incident as act
from actions import report_clock
from storage import incident, people
from storage import report_clock as clocks
from storage.deadline import open_of
from storage.report_clock import Clock
from storage.schema import deadlines
from tests.stories.room import Room

OFFICER, LEADER, DEPUTY, ADMIN, SUPERIOR = "郑伟", "张慧敏", "杨帆", "宋倩", "崔海波"
SMALL = "首报 今早8点福安里社区门口水管爆了，没人受伤，已通知水务"
ROAD = "首报 金桥路9点40两车相撞，2人受伤送医，交警已到"
ILL = "首报 今早9点鸿运饭店35人呕吐腹泻，疑似食物中毒，已送医院，没有死亡"


async def of(room: Room, number: int = 1) -> dict[str, list[Clock]]:
    """Return the clocks of an incident by receiver and lane, in their turns."""
    async with room.app.db.read() as tx:
        found: dict[str, list[Clock]] = {}
        for c in await clocks.of_incident(tx, number):
            found.setdefault(f"{c.receiver}{c.lane}", []).append(c)
    return found


async def outcomes(room: Room, number: int = 1) -> dict[str, list[str | None]]:
    return {lane: [c.outcome for c in turns] for lane, turns in (await of(room, number)).items()}


# --- more time --------------------------------------------------------------------------------------------


async def test_more_time_with_a_reason_starts_a_new_turn_and_sets_the_reminders_anew(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.fast_forward(minutes=20.1)
    assert "延期 E1 电话 20分钟" in room.last(OFFICER)
    answer = (await room.types(OFFICER, "延期 E1 电话 20分钟 总值班室占线"))[-1]
    assert "10:30 延至" in answer
    assert "10:50" in answer
    assert f"{OFFICER} 将电话报告" in room.last(LEADER)
    assert "总值班室占线" in room.last(LEADER)
    old, new = (await of(room))["phone"]
    assert (old.outcome, old.by, old.note) == ("extended", OFFICER, "总值班室占线")
    assert (new.turn, new.runs, new.due_at - old.due_at) == (2, True, timedelta(minutes=20))
    before = len(room.heard(OFFICER))
    await room.fast_forward(minutes=19)
    assert not any("电话报告还剩 3" in t or "电话报告已到期" in t for t in room.heard(OFFICER)[before:])
    await room.fast_forward(minutes=8.2)
    assert "电话报告还剩 3 分钟（10:50 到期）" in room.heard(OFFICER)[-1]
    assert "延期：总值班室占线" in (await room.types(OFFICER, "E1"))[-1]
    assert "迟" not in (await room.types(OFFICER, "已电话报告 E1 张科长"))[-1]
    assert await outcomes(room) == {"phone": ["extended", "met"], "written": [None]}


async def test_more_time_is_refused_without_a_reason_too_late_too_long_or_shorter(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    assert "原因" in (await room.types(OFFICER, "延期 E1 电话 20分钟"))[-1]
    assert "10:30" in (await room.types(OFFICER, "延期 E1 电话 至10:10 占线"))[-1]
    assert "最多延 24小时" in (await room.types(OFFICER, "延期 E1 书面 30小时 领导在外地"))[-1]
    assert "没有" in (await room.types(OFFICER, "延期 E9 书面 1小时 领导在外地"))[-1]
    assert "值班员" in (await room.types(LEADER, "延期 E1 电话 20分钟 占线"))[-1]
    await room.fast_forward(minutes=30.1)
    assert "不能再延期" in (await room.types(OFFICER, "延期 E1 电话 20分钟 占线"))[-1]
    assert await outcomes(room) == {"phone": [None], "written": [None]}
    await room.types(OFFICER, "已电话报告 E1 张科长")
    assert "已经结束" in (await room.types(OFFICER, "延期 E1 电话 20分钟 占线"))[-1]


# --- other receivers --------------------------------------------------------------------------------------


async def test_public_health_is_reported_to_health_by_hand_within_two_hours(room: Room) -> None:
    card = (await room.types(OFFICER, ILL))[-1]
    assert "区卫生健康委书面报告截止 12:00" in card
    assert "未经区级确认" in card
    assert "事发约 09:00，已过约 1小时" in card
    assert "事发 09:40，已过 20分钟" in (await room.types(OFFICER, ROAD))[-1]
    assert "区卫生健康委" in (await room.types(OFFICER, "已报送 E1 区教育局"))[-1]
    await room.fast_forward(minutes=110.1)
    assert "已报送 E1 区卫生健康委" in "\n".join(room.heard(OFFICER)[-4:])
    assert "王科长" in (await room.types(OFFICER, "已报送 E1 区卫生健康委 王科长"))[-1]
    assert "不用重复" in (await room.types(OFFICER, "已报送 E1 区卫生健康委"))[-1]
    assert "李科长" in (await room.types(OFFICER, "已报送 E1 区卫生健康委 李科长"))[-1]
    (clock,) = (await of(room))["区卫生健康委written"]
    assert (clock.outcome, clock.by, clock.note) == ("met", OFFICER, "李科长")


async def test_a_phone_report_goes_to_the_receiver_it_names(room: Room) -> None:
    await room.types(ADMIN, "设置 report.receivers 区应急管理局 事故灾难 电话20m 书面1h")
    await room.types(OFFICER, SMALL)
    assert "区应急管理局 王科长" in (await room.types(OFFICER, "已电话报告 E1 区应急管理局 王科长"))[-1]
    assert await outcomes(room) == {
        "phone": [None],
        "written": [None],
        "区应急管理局phone": ["met"],
        "区应急管理局written": [None],
    }
    await room.fast_forward(minutes=30.1)
    assert "电话报告已到期（10:30）" in "\n".join(room.heard(OFFICER))
    assert "区应急管理局电话报告" not in "\n".join(t for t in room.heard(OFFICER) if "⏱" in t[:2])
    assert "区总值班室" in (await room.types(OFFICER, "已电话报告 E1"))[-1]
    assert "（区总值班室）" not in (await room.types(OFFICER, "已电话报告 E1 区总值班室 张科长"))[-1]
    assert "迟报 张科长" in (await room.types(OFFICER, "E1"))[-1]


async def test_an_admin_confirms_the_times(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(ADMIN, "设置 report.confirmed true")
    assert "未经区级确认" not in (await room.types(OFFICER, "E1"))[-1]


# --- graver -----------------------------------------------------------------------------------------------


async def test_a_graver_incident_is_phoned_again_within_the_shorter_time(room: Room) -> None:
    await room.types(OFFICER, ROAD)
    await room.types(OFFICER, "已电话报告 E1 张科长")
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=5)
    await room.types(OFFICER, "续报 E1 死亡3人")
    assert "直报" in await room.presses(OFFICER, "发送")
    for who in (OFFICER, LEADER):
        told = next(t for t in room.heard(who) if "等级 一般 → 较大" in t)
        assert "死亡3人，达到3人以上（生产安全事故报告和调查处理条例第三条）" in told
        assert "请马上电话报告" in told
    assert any("死亡" in t for t in room.heard(SUPERIOR)), (
        "what is direct goes up at once and is signed after"
    )
    found = await of(room)
    assert [c.outcome for c in found["phone"]] == ["met", None]
    assert found["phone"][1].due_at == found["phone"][1].started_at + timedelta(minutes=15)
    first, second = found["written"]
    assert (first.outcome, first.by, first.note) == ("not_required", OFFICER, "升为较大，重新计时")
    assert (second.outcome, second.due_at - second.started_at) == ("met", timedelta(minutes=30))
    card = (await room.types(OFFICER, "E1"))[-1]
    assert "初判：较大（死亡3人" in card
    await room.fast_forward(minutes=12.1)
    assert any("电话报告还剩 3 分钟" in t for t in room.heard(OFFICER)[-3:])


async def test_a_first_grade_that_is_not_grave_is_shown_and_asks_for_nothing(room: Room) -> None:
    await room.types(OFFICER, "首报 9点40金桥路燃气管道泄漏，抢修到场")
    await room.types(OFFICER, "已电话报告 E1 张科长")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 受伤2人，已送医")
    await room.presses(OFFICER, "发送")
    assert "初判：一般（受伤" in (await room.types(OFFICER, "E1"))[-1]
    assert not any("等级" in t for t in room.heard(LEADER))
    assert (await outcomes(room))["phone"] == ["met"]


async def test_a_rise_gives_no_clock_more_time_and_hides_no_lateness(room: Room) -> None:
    await room.types(OFFICER, ROAD)
    await room.fast_forward(minutes=55)
    await room.types(OFFICER, "定级 E1 较大 现场核实死亡3人")
    assert await outcomes(room) == {"phone": [None], "written": [None]}, (
        "one is late, one ends sooner than anew"
    )
    assert "迟" in (await room.types(OFFICER, "已电话报告 E1 张科长"))[-1]


async def test_fewer_casualties_lower_no_grade_but_a_named_person_may(room: Room) -> None:
    await room.types(OFFICER, "首报 金桥路9点40两车相撞，死亡3人，交警已到")
    assert "初判：较大" in room.last(OFFICER)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 更正：死亡应为2人")
    await room.presses(OFFICER, "发送")
    assert "初判：较大" in (await room.types(OFFICER, "E1"))[-1]
    assert "原因" in (await room.types(LEADER, "定级 E1 一般"))[-1]
    assert "等级" in (await room.types(LEADER, "定级 E1 很大 现场核实"))[-1]
    assert "带班领导" in (await room.types(ADMIN, "定级 E1 一般 现场核实"))[-1]
    assert "较大 → 一般" in (await room.types(LEADER, "定级 E1 一般 医院核实死亡2人"))[-1]
    assert f"定级：一般（{LEADER}：医院核实死亡2人）" in (await room.types(OFFICER, "E1"))[-1]
    assert "定级" in "\n".join(await room.types(ADMIN, "审计 5"))
    await room.types(OFFICER, "续报 E1 死亡3人")
    await room.presses(OFFICER, "发送")
    card = (await room.types(OFFICER, "E1"))[-1]
    assert "定级：一般" in card, "what a person put aside does not come back by the same line"
    await room.types(OFFICER, "续报 E1 死亡10人")
    await room.presses(OFFICER, "发送")
    assert "初判：重大（死亡10人" in "\n".join(await room.types(OFFICER, "E1"))


# --- pace -------------------------------------------------------------------------------------------------


async def test_the_pace_of_follow_ups_follows_the_state(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    assert "下一次续报 10:30 前" in "".join(room.heard(OFFICER))
    assert "12:00" in await room.presses(OFFICER, "稳定")
    await room.fast_forward(minutes=119)
    assert not any("该续报了" in t for t in room.heard(OFFICER))
    await room.fast_forward(minutes=1.1)
    assert "该续报了" in room.last(OFFICER)
    assert "14:00" in (await room.types(OFFICER, "无变化 E1"))[-1]
    assert "17:00" in (await room.types(OFFICER, "长期 E1"))[-1]
    before = len(room.heard(OFFICER))
    await room.fast_forward(hours=5.1)
    assert any("该续报了" in t for t in room.heard(OFFICER)[before:])
    assert any("等带班领导签发" in t for t in room.heard(OFFICER)[before:])
    assert "08:00" in (await room.types(OFFICER, "无变化 E1"))[-1]
    assert "17:3" in (await room.types(OFFICER, "未稳定 E1"))[-1]
    assert "没有" in (await room.types(OFFICER, "稳定 E8"))[-1]


async def test_a_follow_up_that_stays_out_is_told_to_the_leader_the_third_time(room: Room) -> None:
    await room.types(ADMIN, "演练 开")
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "已电话报告 E1 张科长")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(minutes=61)
    asked = [t for t in room.heard(OFFICER) if "该续报了" in t]
    assert len(asked) == 2
    assert "【演练】" in asked[0]
    assert "第 2 次提醒" in asked[1]
    assert not any("没有续报" in t for t in room.heard(LEADER))
    await room.fast_forward(minutes=30)
    assert "已提醒值班员 3 次" in [t for t in room.heard(LEADER) if "没有续报" in t][-1]
    await room.types(OFFICER, "无变化 E1")
    await room.fast_forward(minutes=61)
    assert len([t for t in room.heard(LEADER) if "没有续报" in t]) == 1, "an answer begins the count anew"


# --- after an absence -------------------------------------------------------------------------------------


async def test_after_an_absence_one_reminder_says_how_late_it_is(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.fast_forward(minutes=15)
    before = len(room.heard(OFFICER))
    await room.crash(timedelta(minutes=13))
    new = [t for t in room.heard(OFFICER)[before:] if "电话报告" in t and "接报已" in t]
    assert len(new) == 1, new
    assert "还剩 2 分钟" in new[0]
    assert "迟 1 分钟" in new[0]


async def test_reminders_set_before_there_were_receivers_still_come_and_end(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    async with room.app.db.write() as tx:
        for step in ("phone-600", "phone-180", "phone-0", "phone+deputy"):
            old = (deadlines.c.kind == "report") & deadlines.c.step.like(f"{step}@%")
            await tx.run(update(deadlines).where(old).values(step=step))
    await room.fast_forward(minutes=20.1)
    assert "电话报告还剩 10 分钟" in room.last(OFFICER)
    await room.types(OFFICER, "已电话报告 E1 张科长")
    async with room.app.db.read() as tx:
        assert {name.partition("-")[0] for name in await open_of(tx, "report", "E1")} == {
            "written",
            "written+deputy@2",
        }


# --- how each clock ends ----------------------------------------------------------------------------------


async def test_a_final_report_leaves_the_phone_report_owed_until_it_is_made(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.types(OFFICER, "终报 E1 水管修好，供水恢复")
    await room.presses(OFFICER, "发送")
    assert await outcomes(room) == {"phone": [None], "written": ["met"]}
    assert "E1" in (await room.types(OFFICER, "事件"))[-1], "what is owed stays in the list"
    assert "电话报告" in (await room.types(OFFICER, "待办"))[-1]
    sheet = (await room.types(OFFICER, "交班"))[-1]
    assert "已终报，电话报告 10:30 到期" in sheet
    await room.fast_forward(hours=2.2)
    owed = [t for t in room.heard(LEADER) if "电话报告已到期" in t]
    assert len(owed) >= 2, "it is reminded of until it ends"
    assert "迟" in (await room.types(OFFICER, "已电话报告 E1 张科长"))[-1]
    assert "没有进行中的事件" in (await room.types(OFFICER, "事件"))[-1]
    await every_clock_has_ended(room)


async def test_a_leader_may_say_with_a_reason_that_a_report_is_not_required(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    assert "带班领导" in (await room.types(OFFICER, "免报 E1 电话 区里已知"))[-1]
    assert "原因" in (await room.types(LEADER, "免报 E1 电话"))[-1]
    assert "不需要" in (await room.types(LEADER, "免报 E1 电话 区里当面接报"))[-1]
    assert "区里当面接报" in room.last(OFFICER)
    (clock,) = (await of(room))["phone"]
    assert (clock.outcome, clock.by, clock.note) == ("not_required", LEADER, f"{LEADER}：区里当面接报")
    assert "不需要" in (await room.types(OFFICER, "已电话报告 E1 张科长"))[-1]
    before = len(room.heard(OFFICER))
    await room.fast_forward(minutes=31)
    assert not any("电话报告" in t and "到期" in t for t in room.heard(OFFICER)[before:])


async def test_every_clock_ends_with_an_outcome_a_time_and_a_person(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.types(OFFICER, "延期 E1 书面 20分钟 领导在途")
    await room.presses(OFFICER, "取消")
    await room.types(OFFICER, ILL)
    await room.types(OFFICER, "已电话报告 E2 张科长")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E2")
    await room.types(OFFICER, "定级 E2 较大 1人死亡")
    await room.types(OFFICER, "已电话报告 E2 张科长")
    await room.types(OFFICER, "已报送 E2 区卫生健康委 王科长")
    await room.types(OFFICER, "终报 E2 全部出院，无人死亡")
    await room.presses(OFFICER, "发送")
    await every_clock_has_ended(room)


async def test_the_list_of_many_incidents_is_one_message_that_says_how_many_more(room: Room) -> None:
    async with room.app.db.write() as tx:
        officer = (await people.by_name(tx, OFFICER))[0]
        for n in range(60):
            words = f"金桥路{n}号9点40两车相撞，2人受伤送医，现场正在处置，{'路面积水严重，' * 5}交警已到"
            await act.first_word(tx, officer, room.clock.now(), words)
    await room.settle()
    (listed,) = await room.types(OFFICER, "事件")
    assert "另有 20 起" in listed
    assert listed.count("接报") == 40
    (todo,) = await room.types(OFFICER, "待办")
    assert "待办 60 项" in todo
    assert "另有 30 项" in todo


async def test_one_message_names_every_clock_that_ran_out(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    room.api.faults.outage(True)
    for _ in range(13):
        await room.fast_forward(minutes=5)
    room.api.faults.outage(False)
    before = len(room.heard(OFFICER))
    await room.fast_forward(minutes=2)
    over = [text for text in room.heard(OFFICER)[before:] if "已到期" in text]
    assert len(over) == 1
    assert "书面报告已到期（11:00），电话报告已到期（10:30）" in over[0]
    assert {"发送", "已电话报告"} <= set(room.buttons(OFFICER))


async def test_what_ran_out_and_was_met_while_the_reminder_waited_is_not_named(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    room.api.faults.outage(True)
    for _ in range(13):
        await room.fast_forward(minutes=5)
    async with room.app.db.write() as tx:
        officer = (await people.by_name(tx, OFFICER))[0]
        i = await incident.by_id(tx, 1)
        assert i is not None
        await report_clock.end(tx, i, room.clock.now(), "written", officer.id)
    room.api.faults.outage(False)
    before = len(room.heard(OFFICER))
    await room.fast_forward(minutes=2)
    over = [text for text in room.heard(OFFICER)[before:] if "已到期" in text]
    assert len(over) == 1
    assert "电话报告已到期（10:30）" in over[0]
    assert "书面报告" not in over[0]


async def every_clock_has_ended(room: Room) -> None:
    """Every clock of an incident that is over has an outcome, a time and a name."""
    async with room.app.db.read() as tx:
        over = await incident.in_state(tx, "closed", "discarded")
        found = await clocks.of_incidents(tx, [i.id for i in over])
    assert found
    assert [c for c in found if c.outcome is None or c.ended_at is None or c.by is None] == []

"""终报 and what comes after: hints before it, questions after those in hospital, 补报, an incident that opens again."""

from datetime import datetime

import sqlalchemy

from tests.stories.room import ZONE, Room
from tests.stories.test_written_lane import DEPUTY, FIRE, LEADER, OFFICER, SMALL, SUPERIOR, reports, said

PIT = "首报 上午9点40分御河湾社区污水井有人中毒，1人受伤，120已到"
TRAFFIC = "首报 刚才河滨路两车相撞，车祸，1人受伤，120已到"


async def closed(room: Room, first: str, *then: str) -> None:
    """An incident from its first word to its final report, signed and received."""
    await room.types(OFFICER, first)
    await room.presses(OFFICER, "发送")
    for text in then:
        await room.types(OFFICER, text)
        await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.types(SUPERIOR, "收到 E1")


async def state(room: Room) -> str:
    async with room.app.db.read() as tx:
        return str(await tx.value(sqlalchemy.text("SELECT state FROM incidents WHERE id = 1")))


async def open_steps(room: Room, kind: str) -> list[str]:
    async with room.app.db.read() as tx:
        rows = await tx.all(
            sqlalchemy.text(
                "SELECT step, due_at FROM deadlines WHERE kind = :kind AND done_at IS NULL ORDER BY due_at"
            ).bindparams(kind=kind)
        )
        return [r.step for r in rows]


async def until(room: Room, month: int, day: int, hour: int, minute: int = 0) -> None:
    """Let the days pass without what else the room does in them."""
    at = datetime(2026, month, day, hour, minute, tzinfo=ZONE)
    room.clock.move((at - room.clock.now()).total_seconds())
    await room.settle()


FINAL = "终报 E1 7月25日火灾已扑灭，1人受伤送医救治，目前现场清理完毕，下一步由社区做好善后"


async def test_a_final_report_names_what_is_missing_and_what_stands_open_and_may_be_sent(room: Room) -> None:
    await room.types(OFFICER, SMALL.replace("，没人受伤", ""))
    await room.presses(OFFICER, "发送")
    draft = (await room.types(OFFICER, "终报 E1 处置完毕"))[-1]
    assert "终报里没有写到：基本情况（时间、地点、经过）、下一步（善后、评估）" in draft
    assert "仍为正在核实：死亡、受伤" in draft
    assert "前面有 1 份报告没有签发" in draft
    assert "已终报" in await room.presses(OFFICER, "发送")
    assert await state(room) == "closed"


async def test_a_follow_up_to_a_closed_incident_is_kept_and_told_what_to_type(room: Room) -> None:
    await closed(room, SMALL, "终报 E1 水管已修复")
    answer = (await room.types(OFFICER, "续报 E1 又漏了一点水"))[-1]
    assert "补报 E1 …" in answer
    assert "重开 E1 原因" in answer
    assert "草稿 D" in answer
    answer = (await room.types(OFFICER, "补报 又漏了一点水"))[-1]
    assert "补报 E1 …" in answer
    answer = (await room.types(OFFICER, "续报 E9 又漏了一点水"))[-1]
    assert "E9 不在进行中" in answer
    assert "草稿 D" in answer


async def test_who_is_in_hospital_after_a_fire_is_asked_for_on_the_sixth_day_only(room: Room) -> None:
    await closed(room, FIRE, "续报 E1 1人受伤送医", FINAL)
    assert await open_steps(room, "hospital") == ["day6"]
    await until(room, 7, 31, 9, 1)
    assert "还在住院吗？有无死亡？" in room.last(OFFICER)
    assert "7 日内的伤亡变化要补报，明天到期" in room.last(OFFICER)
    assert await open_steps(room, "hospital") == ["day6+"]
    await until(room, 8, 1, 9, 2)
    assert "昨天问过还没有回复" in said(room, OFFICER)
    assert "已全部出院" in await room.presses(OFFICER, "已出院")
    assert await open_steps(room, "hospital") == []


async def test_other_incidents_are_asked_about_on_the_sixth_and_the_twenty_ninth_day(room: Room) -> None:
    await closed(room, PIT, "终报 E1 7月25日井下中毒，1人送医救治，已处置，目前稳定，下一步整改")
    assert await open_steps(room, "hospital") == ["day6", "day29"]
    await until(room, 7, 31, 9, 1)
    assert "下次询问 8月23日 09:00" in await room.presses(OFFICER, "仍住院")
    await until(room, 8, 23, 9, 1)
    assert "第 29 天" in room.last(OFFICER)
    assert "30 日内的伤亡变化要补报，明天到期" in room.last(OFFICER)
    assert "值班员" in (await room.types(LEADER, "已出院 E1"))[-1]
    assert "不再询问" in (await room.types(OFFICER, "已出院 E1"))[-1]


async def test_nobody_in_hospital_means_no_question(room: Room) -> None:
    await closed(room, FIRE, "续报 E1 1人受伤送医", FINAL.replace("1人受伤送医救治", "伤者已全部出院"))
    assert await open_steps(room, "hospital") == []


async def test_a_death_within_the_window_opens_a_fire_again_with_new_clocks(room: Room) -> None:
    await closed(room, FIRE, "续报 E1 1人受伤送医", FINAL)
    await until(room, 7, 31, 15)
    draft = (await room.types(OFFICER, "补报 E1 伤者1人经抢救无效死亡"))[-1]
    assert "事件 E1 补报（待发送）" in draft
    assert await state(room) == "closed"
    await room.fast_forward(minutes=3)
    assert "事件 E1 已重开" in await room.presses(OFFICER, "发送")
    assert await state(room) == "open"
    assert "已重开" in said(room, LEADER) + "".join(
        said(room, n) for n in ("王志强", "李建国", "赵文斌", "孙立新")
    )
    assert "突发事件信息快报（补报）" in said(room, SUPERIOR)
    async with room.app.db.read() as tx:
        rows = await tx.all(
            sqlalchemy.text("SELECT lane, turn, outcome FROM report_clocks WHERE receiver = '' ORDER BY id")
        )
    assert ("phone", 2, None) in [tuple(r) for r in rows]
    assert ("written", 2, "met") in [tuple(r) for r in rows]
    assert await open_steps(room, "followup")
    assert "重开" in (await room.types(OFFICER, "E1"))[-1]
    await room.types(OFFICER, "终报 E1 7月25日火灾已扑灭，1人死亡，目前善后结束，下一步评估")
    await room.presses(OFFICER, "发送")
    assert await state(room) == "closed"


async def test_after_the_window_a_supplement_is_marked_and_opens_nothing(room: Room) -> None:
    await closed(room, FIRE, "续报 E1 1人受伤送医", FINAL)
    await until(room, 8, 2, 10)
    draft = (await room.types(OFFICER, "补报 E1 伤者1人死亡"))[-1]
    assert "已过 7 日时限" in draft
    assert "重开" not in await room.presses(OFFICER, "发送")
    assert await state(room) == "closed"
    assert "已过 7 日时限" in said(room, SUPERIOR)
    assert "已过 7 日时限" in (await room.types(OFFICER, "E1"))[-1]
    assert [r["issue"] for r in await reports(room)] == [1, 2, 3, 4]


async def test_a_supplement_without_casualties_opens_nothing_and_waits_for_its_signature(room: Room) -> None:
    await closed(room, SMALL, "终报 E1 水管已修复")
    await room.types(OFFICER, "补报 E1 损失约2万元，由水务承担")
    assert "签发" in await room.presses(OFFICER, "发送")
    assert await state(room) == "closed"
    assert "损失约2万元" not in said(room, SUPERIOR)
    assert "补报" in (await room.types(LEADER, "退回 E1 写明依据"))[-1] + room.last(OFFICER)
    await room.types(OFFICER, "补报 E1 损失约2万元，评估单已出，由水务承担")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    assert "评估单已出" in said(room, SUPERIOR)
    assert await open_steps(room, "followup") == []


async def test_a_traffic_accident_counts_seven_days_and_others_thirty(room: Room) -> None:
    await closed(room, PIT, "终报 E1 已处置，1人送医救治")
    await until(room, 8, 20, 10)
    await room.types(OFFICER, "补报 E1 1人死亡")
    assert "已重开" in await room.presses(OFFICER, "发送")


async def test_an_officer_opens_an_incident_again_with_a_reason(room: Room) -> None:
    await closed(room, SMALL, "终报 E1 水管已修复")
    assert "原因" in (await room.types(OFFICER, "重开 E1"))[-1]
    assert "值班员" in (await room.types(LEADER, "重开 E1 又爆了"))[-1]
    assert "已重开" in (await room.types(DEPUTY, "重开 E1 同一处又爆管"))[-1]
    assert await state(room) == "open"
    assert "同一处又爆管" in room.last(LEADER)
    assert "不用重开" in (await room.types(OFFICER, "重开 E1 又爆了"))[-1]
    assert "续报一" in (await room.types(OFFICER, "续报 E1 水务已到场"))[-1]
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "终报 E1 水管再次修复")
    await room.presses(OFFICER, "发送")
    assert await state(room) == "closed"


async def test_the_final_report_after_an_incident_was_opened_again_has_a_number_of_its_own(
    room: Room,
) -> None:
    await closed(room, SMALL, "终报 E1 水管已修复")
    await room.types(OFFICER, "重开 E1 同一处又爆管")
    await room.types(OFFICER, "终报 E1 再次抢修完毕，已恢复供水")
    await room.presses(OFFICER, "发送")
    assert "终报二" in said(room, LEADER), "two that wait for a signature are told apart"
    assert "终报二" in (await room.types(OFFICER, "E1"))[-1]

"""What a hostile tester found in the incident reports, mostly where two parts meet."""

import pytest

from tests.stories.room import Room

OFFICER, LEADER, SUPERIOR, REPORTER = "郑伟", "张慧敏", "崔海波", "张玉梅"
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

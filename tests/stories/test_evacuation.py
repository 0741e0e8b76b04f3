"""The evacuated of an incident: out, back, remaining; nothing estimated, nothing deleted."""

import pytest

from storage import evacuee
from tests.stories.room import Room

OFFICER, LEADER, REPORTER = "郑伟", "张慧敏", "张玉梅"
FLOOD = "首报 10点柳湾社区积水40公分，居民楼进水，没人受伤"


@pytest.fixture
async def flood(room: Room) -> Room:
    """Return a room with a flood that was reported."""
    await room.types(OFFICER, FLOOD)
    return room


async def test_people_out_and_back_are_counted_by_shelter_and_in_all(flood: Room) -> None:
    said = (await flood.types(OFFICER, "转移 E1 3号楼22户46人 到 柳湾小学"))[-1]
    assert "1. 3号楼22户46人 → 柳湾小学：46 人" in said
    await flood.types(LEADER, "转移 王秀兰 到 社区活动室")
    assert "未返回 35 人" in (await flood.types(OFFICER, "返回 12人 柳湾小学"))[-1]
    listed = (await flood.types(OFFICER, "转移 E1"))[-1]
    assert "柳湾小学：转移 46 人，已返回 12 人，还有 34 人" in listed
    assert "社区活动室：转移 1 人，已返回 0 人，还有 1 人" in listed
    assert "共转移 47 人，已返回 12 人，未返回 35 人" in listed
    card = (await flood.types(OFFICER, "E1"))[-1]
    assert "转移安置：47 人，已返回 12 人，未返回 35 人" in card
    async with flood.app.db.read() as tx:
        assert await evacuee.totals(tx, 1) == (47, 12)


async def test_a_line_returns_whole_by_its_button_and_by_its_number(flood: Room) -> None:
    await flood.types(OFFICER, "转移 E1 3号楼46人 到 柳湾小学；5号楼12人 到 柳湾小学")
    await flood.types(OFFICER, "转移 E1")
    assert "已记录返回 46 人" in await flood.presses(OFFICER, "全部返回 1")
    assert "全部返回 1" not in flood.buttons(OFFICER)
    assert "已返回 58 人，未返回 0 人" in (await flood.types(OFFICER, "返回 E1 2"))[-1]
    assert "没有还没返回的人" in (await flood.types(OFFICER, "返回 E1 2"))[-1]


async def test_more_back_than_out_is_refused_and_the_words_are_kept(flood: Room) -> None:
    await flood.types(OFFICER, "转移 E1 3号楼46人 到 柳湾小学")
    said = (await flood.types(OFFICER, "返回 E1 47人 柳湾小学"))[-1]
    assert "柳湾小学还有 46 人没有返回，不能记 47 人返回" in said
    assert "草稿" in said
    async with flood.app.db.read() as tx:
        assert await evacuee.totals(tx, 1) == (46, 0)


async def test_from_which_group_they_came_is_asked_and_not_made_up(flood: Room) -> None:
    await flood.types(OFFICER, "转移 E1 3号楼46人 到 柳湾小学；5号楼12人 到 柳湾小学")
    said = (await flood.types(OFFICER, "返回 E1 10人 柳湾小学"))[-1]
    assert "没有说清是哪一批" in said
    assert "2. 5号楼12人 → 柳湾小学：还有 12 人" in said
    assert "已记录返回 10 人" in (await flood.types(OFFICER, "返回 E1 2 10人"))[-1]
    assert "已记录返回 48 人" in (await flood.types(OFFICER, "返回 E1 全部"))[-1]


async def test_without_a_headcount_nothing_is_recorded_and_the_right_form_is_shown(flood: Room) -> None:
    for words in ("3号楼22户 到 柳湾小学", "几十人 到 柳湾小学", "柳湾居民 到 柳湾小学"):
        said = (await flood.types(OFFICER, f"转移 E1 {words}"))[-1]
        assert "没有记录" in said
        assert "转移 E1 3号楼22户46人 到 柳湾小学" in said
        assert "草稿" in said
    assert "还没有登记" in (await flood.types(OFFICER, "转移 E1"))[-1]


async def test_an_approximate_number_counts_its_certain_part_and_says_so(flood: Room) -> None:
    said = (await flood.types(OFFICER, "转移 E1 柳湾社区二十余人 到 柳湾小学"))[-1]
    assert "约 20 人" in said
    assert "核实" in said
    assert "转移安置：约 20 人" in (await flood.types(OFFICER, "E1"))[-1]


async def test_a_mistake_is_withdrawn_with_a_reason_and_stays_to_be_seen(flood: Room) -> None:
    await flood.types(OFFICER, "转移 E1 3号楼46人 到 柳湾小学")
    await flood.types(OFFICER, "转移 E1 8号楼20人 到 柳湾小学")
    assert "请写清单上的序号和原因" in (await flood.types(OFFICER, "撤销转移 E1 2"))[-1]
    assert "共转移 46 人" in (await flood.types(OFFICER, "撤销转移 E1 2 楼号写错了"))[-1]
    assert "2. 8号楼20人 → 柳湾小学：20 人 已撤销" in (await flood.types(OFFICER, "转移 E1"))[-1]
    assert "已经撤销" in (await flood.types(OFFICER, "撤销转移 E1 2 再来一次"))[-1]
    await flood.types(OFFICER, "返回 E1 1 6人")
    assert "请先撤销返回" in (await flood.types(OFFICER, "撤销转移 E1 1 写错了"))[-1]
    assert "未返回 46 人" in (await flood.types(OFFICER, "撤销返回 E1 1 听错了"))[-1]
    said = (await flood.types(OFFICER, "时间线 E1"))[-1]
    assert "撤销转移：第2条 8号楼20人 20人：楼号写错了" in said
    assert "撤销返回" in said


async def test_people_may_come_back_after_the_final_report_but_nobody_is_moved_then(flood: Room) -> None:
    await flood.types(OFFICER, "转移 E1 3号楼46人 到 柳湾小学")
    await flood.presses(OFFICER, "发送")
    await flood.types(OFFICER, "终报 E1 积水已退，处置完毕")
    await flood.presses(OFFICER, "发送")
    assert "已在 10:00 终报" in (await flood.types(OFFICER, "转移 E1 5号楼2人 到 柳湾小学"))[-1]
    assert "未返回 0 人" in (await flood.types(OFFICER, "返回 E1 46人"))[-1]


async def test_a_sentence_that_only_begins_with_the_word_is_no_entry_and_others_may_not(flood: Room) -> None:
    await flood.types(OFFICER, "转移了30人到小学")
    assert "还没有登记" in (await flood.types(OFFICER, "转移 E1"))[-1]
    assert "值班员" in (await flood.types(REPORTER, "转移 E1 3号楼46人 到 柳湾小学"))[-1]


async def test_the_handover_sheet_carries_who_is_still_out(flood: Room) -> None:
    await flood.types(OFFICER, "转移 E1 3号楼46人 到 柳湾小学")
    await flood.types(OFFICER, "返回 E1 6人")
    await flood.types(OFFICER, "交班")
    assert "清单登记 46 人，已返回 6 人，未返回 40 人" in "\n".join(flood.heard(OFFICER))

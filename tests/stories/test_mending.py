"""The card is mended by a button or a sentence, sendable all the time, until the first report is submitted."""

import pytest

from tests.stories.room import Room

OFFICER, LEADER, REPORTER = "郑伟", "张慧敏", "张玉梅"


async def opened(room: Room, text: str = "首报 楼道着火了") -> None:
    """Open an incident of which little is known."""
    await room.types(OFFICER, text)


def card(room: Room) -> str:
    """Return the incident's card as the officer sees it now."""
    return next(text for text in room.heard(OFFICER) if "首报待发送" in text)


async def mends(room: Room, text: str) -> str:
    """Mend E1 and return the answer."""
    return (await room.types(OFFICER, f"补 E1 {text}"))[-1]


async def test_the_card_has_a_button_for_each_missing_field_and_can_be_sent_all_the_same(room: Room) -> None:
    await opened(room)
    buttons = room.buttons(OFFICER)
    for field in ("时间", "地点", "伤亡", "来源", "电话"):
        assert f"补{field}" in buttons
    assert "补类型" not in buttons
    await room.presses(OFFICER, "补地点")
    assert "补 E1 地点 海棠里3号楼2门" in room.last(OFFICER)
    assert "发送" in buttons
    await room.presses(OFFICER, "发送")
    assert "没有待发送" in (await room.types(OFFICER, "发送 E1"))[-1]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("地点 海棠里3号楼2门", "地点：海棠里3号楼2门"),
        ("时间 9点40", "时间：9点40（09:40）"),
        ("死亡 0", "死亡 0"),
        ("受伤 2人", "受伤 2人"),
        ("伤亡 2人受伤，无人死亡", "受伤 2人"),
        ("类型 燃气泄漏", "类别：事故灾难 · 燃气泄漏"),
        ("来源 社区网格员", "来源：社区网格员"),
        ("电话 王强13800000017", "联系人：王强 13800000017"),
        ("电话 13800000017", "联系人：13800000017"),
        ("伤亡 无", "死亡 无"),
        ("措施 已断电", "已采取措施：已断电"),
    ],
)
async def test_a_field_is_mended_by_its_name(room: Room, said: str, shown: str) -> None:
    await opened(room)
    assert "已记录：事件 E1" in await mends(room, said)
    assert shown in card(room)


async def test_a_phone_without_a_name_does_not_spoil_the_card(room: Room) -> None:
    await opened(room, "首报 海棠里3号楼着火，电话13800000017")
    assert "联系人：13800000017" in card(room)


async def test_with_one_open_incident_the_number_may_be_left_out(room: Room) -> None:
    await opened(room)
    await room.types(OFFICER, "补 地点 海棠里3号楼2门")
    assert "地点：海棠里3号楼2门" in card(room)
    await room.types(OFFICER, "首报 福安里2号楼电梯困了1个人")
    assert "已存为草稿" in (await room.types(OFFICER, "补 地点 海棠里9号楼"))[-1]


async def test_what_was_mended_is_no_longer_missing_and_what_changed_is_called_a_correction(
    room: Room,
) -> None:
    await opened(room)
    await mends(room, "地点 海棠里3号楼2门")
    assert "地点" not in next(line for line in card(room).splitlines() if line.startswith("待补"))
    assert "补地点" not in room.buttons(OFFICER)
    assert "更正，原为 海棠里3号楼2门" in await mends(room, "地点 海棠里5号楼")
    assert "地点：海棠里5号楼" in card(room)


async def test_a_sentence_fills_only_what_was_empty_and_shows_what_differs(room: Room) -> None:
    await opened(room, "首报 海棠里3号楼着火了")
    answer = await mends(room, "海棠里5号楼，2人受伤送医，联系人王强13800000017")
    assert "受伤：2人" in answer
    assert "13800000017" in answer
    assert "没有改动" in answer
    assert "地点：现为 海棠里3号楼，您写的是 海棠里5号楼" in answer
    assert "地点：海棠里3号楼" in card(room)
    await room.presses(OFFICER, "更正地点")
    assert "地点：海棠里5号楼" in card(room)
    assert "没有改动" in await mends(room, "海棠里5号楼")


async def test_a_type_is_picked_from_those_that_are_likely(room: Room) -> None:
    await opened(room, "首报 海棠里3号楼出事了，快来人")
    await room.presses(OFFICER, "补类型")
    await room.presses(OFFICER, "燃气泄漏")
    assert "燃气泄漏" in card(room)
    assert "没有这个类型" in await mends(room, "类型 吃饭")


async def test_casualties_are_not_lowered_without_a_reason(room: Room) -> None:
    await opened(room, "首报 海棠里3号楼着火，2人死亡")
    assert "草稿" in await mends(room, "死亡 1")
    assert "草稿" in await mends(room, "死亡 正在核实")
    assert "人数减少须写原因" in await mends(room, "1人死亡")
    assert "死亡 2人" in card(room)
    assert "更正" in await mends(room, "更正 死亡 1，医院核实抢救过来一人")
    assert "死亡 1人（原报 2人（郑伟 10:00））" in card(room)
    assert "初判：一般（死亡1人" in card(room), "the grade says by which figure it stands"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("死亡 -1", "不小于 0"),
        ("受伤 99999999999999", "数字过大"),
        ("受伤 吃饭", "看不出人数"),
        ("时间 今晚23点50", "时间在收到之后"),
        ("时间 那会儿吧", "看不出时间"),
        ("电话 没有", "看不出电话"),
        ("", "补什么"),
        ("地点 " + "长" * 300, "太长"),
        ("受伤 1e9人", "看不出人数"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_right_form(room: Room, said: str, why: str) -> None:
    await opened(room)
    before = card(room)
    answer = await mends(room, said)
    assert why in answer
    assert "补 E1" in answer
    assert card(room) == before


async def test_the_next_plain_words_are_offered_as_the_answer_and_a_reply_is_one(room: Room) -> None:
    await opened(room)
    await room.presses(OFFICER, "补地点")
    question = room.api.chat(room.ids[OFFICER])[-1]
    assert "已存为草稿" in (await room.types(OFFICER, "海棠里3号楼2门"))[-1]
    await room.presses(OFFICER, "补 E1 地点")
    assert "地点：海棠里3号楼2门" in card(room)
    room.api.post(room.ids[OFFICER], "海棠里9号楼", reply_to=question["message_id"])
    await room.settle()
    assert "地点：海棠里9号楼" in card(room)
    await room.fast_forward(minutes=6)
    await room.types(OFFICER, "今天天气不错")
    assert "补 E1 地点" not in [
        key["text"] for row in room.api.chat(room.ids[OFFICER])[-1].get("keyboard") or [] for key in row
    ]


async def test_a_mending_raises_the_grade_and_never_lowers_it(room: Room) -> None:
    await opened(room, "首报 海棠里3号楼着火，没有人伤亡")
    assert "初判：一般" in card(room)
    assert "初判升为 较大" in await mends(room, "死亡 3")
    await mends(room, "更正 死亡 1，核实为一人")
    assert "初判：较大" in card(room)


async def test_after_submission_the_words_are_kept_for_a_follow_up(room: Room) -> None:
    await opened(room)
    await room.presses(OFFICER, "发送")
    assert not [word for word in room.buttons(OFFICER) if word.startswith("补")]
    answer = await mends(room, "地点 海棠里3号楼2门")
    assert "首报已提交" in answer
    await room.presses(OFFICER, "续报")
    assert "续报一（待发送）" in room.last(OFFICER)
    assert "海棠里3号楼2门" in room.last(OFFICER)


async def test_a_reporters_mending_reaches_the_officer_and_an_unknown_event_keeps_the_words(
    room: Room,
) -> None:
    await opened(room)
    assert "已被告知" in (await room.types(REPORTER, "补 E1 地点 海棠里3号楼"))[-1]
    assert "海棠里3号楼" in room.last(OFFICER)
    assert "地点：正在核实" in card(room)
    assert "只有值班员" in (await room.types(LEADER, "补 E1 地点 海棠里3号楼"))[-1]
    assert "草稿" in (await room.types(OFFICER, "补 E9 地点 海棠里"))[-1]


async def test_a_number_alone_is_people_or_households(room: Room) -> None:
    await opened(room)
    assert "受伤：2人" in await mends(room, "受伤 2")
    assert "涉及户数：3户" in await mends(room, "涉及户数 3")

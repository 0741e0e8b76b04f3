"""What people ask in their own words is shown to them; what they tell stays theirs to place."""

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, GRID, OTHER, SUPERIOR = "郑伟", "张慧敏", "刘海芝", "林文涛", "崔海波"
FIRE = "首报 今天9点50分，东柳村柳林路12号居民楼3楼起火，有2人被困，消防已到场。报告人：东柳村 胡志荣 13800000037"


async def test_who_is_silent_and_what_is_to_be_done_is_asked_in_ones_own_words(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 东柳村")
    await room.fast_forward(minutes=6)
    listed = (await room.types(OFFICER, "还有谁没收到？"))[-1]
    assert "胡志荣" in listed
    assert "13800000037" in listed
    assert (await room.types(OFFICER, "现在什么情况"))[-1].startswith("待办")
    assert "W1 · 暴雨蓝色预警" in (await room.types(OFFICER, "W1都收到了吗"))[-1]
    assert "带班领导：" in (await room.types(OFFICER, "明天谁带班"))[-1]


async def test_a_leader_asks_how_an_event_stands(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    shown = (await room.types(LEADER, "E1 现在怎么样了"))[-1]
    assert "事件 E1 · 处置中" in shown
    assert "待补签" in shown
    assert "「已阅」没有记作签发" in (await room.types(LEADER, "已阅"))[-1]


async def test_a_telephone_number_is_found_by_name_unit_or_question(room: Room) -> None:
    assert "胡志荣 东柳村责任人A角 13800000037" in (await room.types(OFFICER, "电话 胡志荣"))[-1]
    assert "胡志荣" in (await room.types(OFFICER, "东柳村谁负责"))[-1]
    assert "已存为草稿" in (await room.types(OFFICER, "电话 西柳村"))[-1]
    assert "已存为草稿" in (await room.types(GRID, "电话 胡志荣"))[-1]


async def test_what_finds_nobody_and_what_another_may_not_ask_is_kept_as_before(room: Room) -> None:
    assert "已存为草稿" in (await room.types(OFFICER, "火星基地谁负责"))[-1]
    assert "已存为草稿" in (await room.types(GRID, "还有谁没收到"))[-1]
    assert "已存为草稿" in (await room.types(GRID, "W1 发给谁了"))[-1]


async def test_a_warning_that_is_out_cannot_be_taken_back_and_the_officer_hears_what_can_be_done(
    room: Room,
) -> None:
    await room.types(OFFICER, BLUE)
    assert "已取消" in (await room.types(OFFICER, "撤回 W1"))[-1]
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W2 东柳村")
    for words in ("撤回 W2", "W2 发错了", "解除W2"):
        assert "W2 已在 10:00" in (await room.types(OFFICER, words))[-1]
    await room.presses(OFFICER, "结束预警 W2")
    assert "已结束" in "\n".join(room.heard("胡志荣"))


async def test_a_nod_or_half_an_answer_of_a_grid_is_one_press_from_the_answer(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 东柳村")
    for nod in ("👌", "1", "知道了"):
        assert f"「{nod}」没有记作收到" in (await room.types(OTHER, nod))[-1]
    await room.types(OTHER, "收到")
    assert "「知道了」没有记作已传达" in (await room.types(OTHER, "知道了"))[-1]
    assert "回复：已传达 W1" in (await room.types(OTHER, "广播通知了120户"))[-1]
    assert "已传达" in await room.presses(OTHER, "已传达 W1")
    assert "现在没有等您「已传达」的事项" in (await room.types(OTHER, "通知完了"))[-1]
    assert "现在没有等您「收到」的事项" in (await room.types(OTHER, "好的，辛苦了"))[-1]


async def test_a_correction_in_any_words_is_kept_for_a_follow_up_once_the_first_report_is_out(
    room: Room,
) -> None:
    await room.types(OFFICER, FIRE)
    assert "柳林路14号" in (await room.types(OFFICER, "更正 E1 地点 柳林路14号"))[-1]
    await room.presses(OFFICER, "发送")
    for words in ("更正 E1 地点 柳林路21号", "改正 E1 地点 柳林路21号"):
        assert "请用续报：续报 E1" in (await room.types(OFFICER, words))[-1]


async def test_a_call_or_a_report_by_telephone_in_ones_own_words_is_one_press_from_its_record(
    room: Room,
) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 东柳村")
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    assert "回复：未叫通 W1 何晓强" in (await room.types(OFFICER, "何晓强没人接"))[-1]
    assert "回复：电话已叫应 W1 胡志荣" in (await room.types(OFFICER, "胡志荣打通了，他说马上通知"))[-1]
    assert "胡志荣" in await room.presses(OFFICER, "电话已叫应 W1 胡志荣")
    assert "回复：已电话报告 E1" in (await room.types(OFFICER, "给区里报了"))[-1]
    assert "回复：上级已收到 E1" in (await room.types(OFFICER, "区里收到了"))[-1]
    assert "已存为草稿" in (await room.types(OFFICER, "人联系不上，家里着火"))[-1]


async def test_what_the_room_above_asks_for_with_the_officers_own_word_reaches_the_officer(
    room: Room,
) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    assert "已转告值班员 郑伟" in (await room.types(SUPERIOR, "续报呢，抓紧报"))[-1]
    assert any("续报呢，抓紧报" in words for words in room.heard(OFFICER))


async def test_the_watch_is_handed_over_in_ones_own_words(room: Room) -> None:
    sheet = (await room.types(OFFICER, "交班"))[-1]
    for words in ("交班给何琳", "我下班了", "我要交班"):
        assert (await room.types(OFFICER, words))[-1].splitlines()[0] == sheet.splitlines()[0]
    assert "给何琳" not in (await room.types(OFFICER, "交班给何琳"))[-1]

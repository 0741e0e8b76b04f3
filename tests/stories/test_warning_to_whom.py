"""What the officer may put right or pick before 下发: colour, hazard, units, tags, the street's own advice."""

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, ADMIN, GRID = "郑伟", "张慧敏", "宋倩", "刘海芝"
NO_COLOUR = "天津市气象台于2026年7月25日9时55分发布暴雨预警信号：预计未来6小时我市有50毫米以上降水。"


async def test_a_colour_that_was_not_read_is_asked_with_the_text_beside_it(room: Room) -> None:
    shown = (await room.types(OFFICER, NO_COLOUR))[-1]
    assert "没有读出颜色，请按原文核定" in shown
    assert NO_COLOUR in shown
    await room.presses(OFFICER, "改为橙色")
    shown = room.last(OFFICER)
    assert "W1 · 暴雨橙色预警" in shown
    assert "颜色由郑伟核定为橙" in shown
    await room.presses(OFFICER, "下发")
    assert NO_COLOUR in room.last(GRID)
    assert "橙色" in room.last(GRID).split(NO_COLOUR, maxsplit=1)[0]
    await room.fast_forward(minutes=2)
    assert "还没有您的应答" in room.last(GRID), "the ladder is orange's"


async def test_what_was_read_wrongly_is_put_right_by_words(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    assert "W1 · 大风黄色预警" in (
        await room.types(OFFICER, "改正 W1 颜色 黄") and (await room.types(OFFICER, "改正 W1 灾种 大风"))[-1]
    )
    assert "只有 蓝、黄、橙、红" in (await room.types(OFFICER, "改正 W1 颜色 紫"))[-1]
    assert "请写改哪一项" in (await room.types(OFFICER, "改正 W1"))[-1]
    await room.presses(OFFICER, "下发")
    assert "已在" in (await room.types(OFFICER, "改正 W1 颜色 红"))[-1]


async def test_a_warning_goes_to_picked_villages_and_tags_only(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    shown = (await room.types(OFFICER, "范围 W1 低洼、福安里"))[-1]
    assert "将直达（低洼、福安里社区） 15 个村（社区）、网格" in shown
    assert "已下发 W1（低洼、福安里社区）" in await room.presses(OFFICER, "下发")
    for name in ("赵永明", "吴金云", "胡志荣", "马桂英", "赵桂生"):
        assert BLUE in room.last(name), name
    assert BLUE not in "\n".join(room.heard(GRID))
    assert "范围 低洼、福安里社区" in next(t for t in reversed(room.heard(OFFICER)) if "进度" in t)


async def test_a_place_that_is_not_there_is_said_and_nothing_goes_out(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    answer = (await room.types(OFFICER, "下发 W1 低凹"))[-1]
    assert "没有这样的单位或标签：低凹（是不是 低洼" in answer
    assert room.heard("赵永明") == []
    await room.types(OFFICER, "范围 W1 低洼")
    assert "将直达 87 个" in (await room.types(OFFICER, "范围 W1 全部"))[-1]


async def test_the_street_s_advice_is_a_block_of_its_own(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    advice = "低洼住户今晚住亲友家，<社区>已开门"
    shown = (await room.types(OFFICER, f"提示 W1 {advice}"))[-1]
    assert advice in shown
    await room.presses(OFFICER, "下发")
    order = room.last(GRID)
    assert f"{BLUE}\n\n【街道提示】{advice}" in order
    assert "已附在各责任人的卡片上" in (await room.types(LEADER, "街道提示 W1 学校停课以教委通知为准"))[-1]
    await room.fast_forward(seconds=5)
    assert "学校停课" in room.last(GRID)
    assert BLUE in room.last(GRID)
    assert "最多 500 字" in (await room.types(OFFICER, f"提示 W1 {'水' * 501}"))[-1]


async def test_units_without_anybody_responsible_are_skipped_and_said_at_once(room: Room) -> None:
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,起始日期,截止日期\n"
        "东柳村,沽水街道,村,责任人,A,胡志荣,村书记,13800000037,2026-06-01,2026-07-24\n"
        "东柳村,沽水街道,村,责任人,B,朱春平,村副书记,13800000038,2026-01-01,2026-06-30\n"
    )
    await room.sends_file(ADMIN, "换届.csv", sheet.encode())
    await room.presses(ADMIN, "确认")
    await room.types(OFFICER, BLUE)
    assert "1 个单位没有责任人" in await room.presses(OFFICER, "下发")
    assert "有 1 个单位没有责任人，已跳过：东柳村。请马上电话通知" in "\n".join(room.heard(OFFICER))
    assert BLUE not in "\n".join(room.heard("胡志荣"))


async def test_the_role_goes_to_whoever_holds_it_that_day(room: Room) -> None:
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,起始日期,截止日期\n"
        "东柳村,沽水街道,村,责任人,A,胡志荣,村书记,13800000037,2026-01-01,2026-07-24\n"
        "东柳村,沽水街道,村,责任人,A,朱春平,村书记,13800000038,2026-07-25,\n"
    )
    await room.sends_file(ADMIN, "换届.csv", sheet.encode())
    await room.presses(ADMIN, "确认")
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    assert "【东柳村】" in room.last("朱春平")
    assert BLUE not in "\n".join(room.heard("胡志荣"))


async def test_an_admin_tags_a_unit_in_chat(room: Room) -> None:
    assert "〔山区、沿河〕" in (await room.types(ADMIN, "单位 海棠里社区 标签 山区 沿河"))[-1]
    assert (
        "没有单位「海棠里社」（是不是 海棠里社区" in (await room.types(ADMIN, "单位 海棠里社 标签 山区"))[-1]
    )
    await room.types(OFFICER, BLUE)
    assert "将直达（山区） 4 个" in (await room.types(OFFICER, "范围 W1 山区"))[-1]

"""Bulletins follow one another: found by id or by issuer and hazard, out of order, twice, from city and district."""

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, GRID = "郑伟", "张慧敏", "刘海芝"
YELLOW = "天津市气象台于2026年7月25日10时40分将暴雨蓝色预警信号升级为暴雨黄色预警信号：预计未来6小时我市有50毫米以上降水。"
CANCEL = "天津市气象台于2026年07月25日10时50分解除暴雨黄色预警信号。"
DISTRICT = "东丽区气象台于2026年07月25日10时45分发布暴雨蓝色预警信号：预计未来3小时东丽区有50毫米以上降水。"
CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>tj</sender>
<sent>2026-07-25T{time}:00+08:00</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{refs}
<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency>
<severity>{severity}</severity><certainty>Likely</certainty>
<eventCode><valueName>12379</valueName><value>11B03</value></eventCode><senderName>{sender}</senderName>
<description>{text}</description><area><areaDesc>天津市</areaDesc></area></info></alert>"""


async def _dispatched(room: Room, text: str) -> str:
    shown = (await room.types(OFFICER, text))[-1]
    assert "待下发" in shown
    return await room.presses(OFFICER, "下发")


async def test_an_upgrade_replaces_the_ladder_and_nobody_is_prompted_twice(room: Room) -> None:
    await _dispatched(room, BLUE)
    await room.fast_forward(minutes=4)
    shown = (await room.types(OFFICER, YELLOW))[-1]
    assert "升级（原蓝色），承接 W1" in shown
    await room.presses(OFFICER, "下发")
    before = len(room.heard(GRID))
    await room.fast_forward(minutes=3.5)
    assert len(room.heard(GRID)) == before, "W1's reminder at 5 minutes is not sent; W2's at 4 is not due"
    assert "已被 W2 取代" in "\n".join(room.heard(GRID))
    await room.fast_forward(minutes=1)
    assert "W2 · 暴雨黄色预警 还没有您的应答" in room.last(GRID)
    assert "已被 W2 取代" in (await room.types(GRID, "收到 W1"))[-1]


async def test_the_same_bulletin_twice_makes_nothing_new(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    again = await room.types(OFFICER, BLUE)
    assert "已在 10:00 收到过，是 W1（待下发），没有重复登记" in again[0]
    assert "待下发" in again[1]
    await room.presses(OFFICER, "下发")
    reworded = BLUE.replace("，请有关单位和人员做好防范准备", "（各单位注意）")
    third = await room.types(OFFICER, f"转发：{reworded}")
    assert len(third) == 1
    assert "是 W1（进行中）" in third[0]
    assert "W2" not in (await room.types(OFFICER, "预警列表"))[-1]


async def test_a_discarded_one_may_come_again(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "取消")
    assert "W2" in (await room.types(OFFICER, BLUE))[-1]


async def test_a_cancel_that_came_before_the_update_says_that_the_update_is_outdated(room: Room) -> None:
    await _dispatched(room, BLUE)
    cancel = CANCEL.replace("黄色", "蓝色")
    assert "承接 W1" in (await room.types(OFFICER, cancel))[-1]
    await room.presses(OFFICER, "下发")
    late = (await room.types(OFFICER, YELLOW))[-1]
    assert "W2 比这一条发布得晚，这一条可能已经过时" in late
    assert "没有找到它承接的预警" in late


async def test_a_follower_of_a_draft_says_that_the_draft_waits(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    assert "它承接的 W1 还没有下发" in (await room.types(OFFICER, YELLOW))[-1]


async def test_a_district_s_warning_is_offered_as_the_same_event_never_merged_silently(room: Room) -> None:
    await _dispatched(room, BLUE)
    shown = (await room.types(OFFICER, DISTRICT))[-1]
    assert "天津市气象台的 W1 同灾种预警正在进行，可能是同一件事" in shown
    assert "已并入 W1" in await room.presses(OFFICER, "并入 W1，不另发")
    assert DISTRICT not in "\n".join(room.heard(GRID))
    await room.fast_forward(seconds=5)
    card = next(text for text in reversed(room.heard(OFFICER)) if "进度" in text)
    assert "同一件事：" in card
    assert "W2 · 暴雨蓝色预警（东丽区气象台）" in card
    end = DISTRICT.replace("发布", "解除").split("：", maxsplit=1)[0] + "。"
    assert "W2 已并入 W1，W1 不会因此结束" in (await room.types(OFFICER, end))[-1]
    await room.presses(OFFICER, "下发")
    assert "W1 · 暴雨蓝色预警" in (await room.types(OFFICER, "预警列表"))[-1]
    assert "进行中" in (await room.types(OFFICER, "预警列表"))[-1]


async def test_a_district_s_warning_may_go_out_on_its_own(room: Room) -> None:
    await _dispatched(room, BLUE)
    await _dispatched(room, DISTRICT)
    assert DISTRICT in "\n".join(room.heard(GRID))
    assert "进行中" in (await room.types(OFFICER, "预警列表"))[-1].split("W1 ·")[1].split("\n")[0]


async def test_a_cap_cancel_finds_by_id_what_it_ends(room: Room) -> None:
    text = "预计今天下午我市有暴雨。"
    alert = CAP.format(
        id="A1", time="09:50", kind="Alert", refs="", severity="Moderate", sender="天津市气象台", text=text
    )
    refs = "<references>tj,A1,2026-07-25T09:50:00+08:00</references>"
    cancel = CAP.format(
        id="A2", time="09:58", kind="Cancel", refs=refs, severity="Moderate", sender="预警发布中心", text=text
    )
    await room.sends_file(OFFICER, "a1.xml", alert.encode())
    await room.presses(OFFICER, "下发")
    await room.sends_file(OFFICER, "a2.xml", cancel.encode())
    assert "承接 W1" in room.last(OFFICER)
    assert "系统发出：09:58" in room.last(OFFICER), "issue, system and receipt are three times"
    await room.presses(OFFICER, "下发")
    assert "已结束" in (await room.types(OFFICER, "W1"))[-1]
    await room.sends_file(OFFICER, "again.xml", cancel.encode())
    assert "是 W2" in room.last(OFFICER)


async def test_a_cancel_goes_to_whom_the_chain_went(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    assert "（东柳村）" in (await room.types(OFFICER, "下发 W1 东柳村"))[-1]
    shown = (await room.types(OFFICER, CANCEL.replace("黄色", "蓝色")))[-1]
    assert "将直达（东柳村） 4 个" in shown
    await room.presses(OFFICER, "下发")
    assert "解除" in room.last("胡志荣")
    assert "解除" not in "\n".join(room.heard(GRID))


async def test_an_answered_cancel_closes_the_loop(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 东柳村第1网格")
    await _dispatched(room, CANCEL.replace("黄色", "蓝色"))
    await room.types("林文涛", "已传达 W2 广播 30户")
    assert "已结束" in (await room.types(OFFICER, "预警列表"))[-1].split("W2 ·")[1].split("\n")[0]


async def test_the_printed_end_asks_the_officer_and_a_day_later_again(room: Room) -> None:
    await _dispatched(
        room,
        "天津市规划和自然资源局、天津市气象局2026年7月25日9时联合发布地质灾害气象风险黄色预警：预计7月25日12时至25日20时，我市山区风险较高。",
    )
    await room.fast_forward(hours=10.1)
    assert "原文写的时段已到（20:00），还没有收到解除" in "\n".join(room.heard(OFFICER))
    await room.fast_forward(hours=12)
    assert "结束预警" in "\n".join(room.buttons(OFFICER))
    await room.presses(OFFICER, "结束预警 W1")
    assert "已结束" in (await room.types(OFFICER, "预警列表"))[-1]

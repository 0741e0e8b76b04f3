"""Answers one by one: villages proven by grids, households, 无法传达, phone records and mistakes, claims, accounts."""

import io
import re
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, ADMIN = "郑伟", "张慧敏", "宋倩"
VILLAGE, VILLAGE_B = "胡志荣", "朱春平"
GRIDS = ("林文涛", "何晓强", "郭永林")
RED = BLUE.replace("蓝色", "红色")
DEPUTY = "冯磊"


async def _to_village(room: Room, text: str = BLUE) -> None:
    """Send a warning to 东柳村 and its three grids only."""
    await room.types(OFFICER, text)
    await room.types(OFFICER, "下发 W1 东柳村")


async def _card(room: Room, name: str, words: str) -> str:
    await room.fast_forward(seconds=4)
    return next(text for text in reversed(room.heard(name)) if words in text)


async def test_a_village_s_passing_on_is_proven_by_its_grids(room: Room) -> None:
    await _to_village(room)
    await room.presses(VILLAGE, "收到")
    said = await room.presses(VILLAGE, "已传达")
    assert "所属网格应答 0/3，还差 东柳村第1网格 林文涛" in said
    assert "村（社区）：收到 1/1 · 已传达 0/1" in await _card(room, OFFICER, "进度")
    await room.presses(GRIDS[0], "收到")
    await room.presses(GRIDS[1], "收到")
    assert "网格应答 2/3" in await _card(room, VILLAGE, "东柳村")
    await room.types(OFFICER, "电话已叫应 W1 郭永林")
    assert "村（社区）：收到 1/1 · 已传达 1/1" in await _card(room, OFFICER, "进度")
    assert "已传达 10:00（网格全部应答）" in await _card(room, VILLAGE, "东柳村】")


async def test_a_grid_reports_channel_and_households(room: Room) -> None:
    await _to_village(room)
    assert (
        "已传达（微信群、敲门 98/120户）"
        in (await room.types(GRIDS[0], "已传达 W1 微信群和敲门，98/120户"))[-1]
    )
    assert "已传达（广播 35户）" in (await room.types(GRIDS[1], "已传达 W1 大喇叭 三十五户"))[-1]
    assert "不用重复" in (await room.types(GRIDS[1], "已传达 W1 大喇叭 三十五户"))[-1]
    assert "网格：收到 2/3 · 已传达 2/3" in await _card(room, OFFICER, "进度")


async def test_what_cannot_be_passed_on_is_with_the_officer_at_once(room: Room) -> None:
    await _to_village(room)
    await room.presses(GRIDS[0], "收到")
    await room.presses(GRIDS[0], "无法传达")
    assert "为什么无法传达" in room.last(GRIDS[0])
    assert "已记录：W1 无法传达（道路不通" in await room.presses(GRIDS[0], "道路不通")
    told = next(text for text in room.heard(OFFICER) if "无法传达（10:00）" in text)
    assert "东柳村第1网格 林文涛 13800000040：道路不通" in told
    assert "❗ 无法传达 1 个" in await _card(room, OFFICER, "进度")
    await room.fast_forward(minutes=10)
    assert "还没有传达结果" not in "\n".join(room.heard(GRIDS[0])), "the reason was given"
    assert "已传达" in await room.presses(GRIDS[0], "已传达")
    assert "无法传达" not in await _card(room, OFFICER, "进度")
    assert "请写原因" not in (await room.types(GRIDS[1], "无法传达 W1"))[-1]
    assert "为什么" in room.last(GRIDS[1])


async def test_lateness_runs_from_receipt_for_both_duties(room: Room) -> None:
    await _to_village(room)
    await room.fast_forward(minutes=12)
    assert "迟 2 分钟" in await room.presses(GRIDS[0], "收到")
    await room.fast_forward(minutes=3)
    assert "迟 5 分钟" in (await room.types(GRIDS[0], "已传达 W1 广播 9户"))[-1]
    assert "已在 10:12 应答过（林文涛）" in (await room.types(GRIDS[0], "收到 W1"))[-1]


async def test_the_b_role_may_answer_before_it_is_told(room: Room) -> None:
    await _to_village(room)
    assert "已记录：收到 W1（东柳村" in (await room.types(VILLAGE_B, "收到 W1"))[-1]
    assert "B角应答 1 个" in await _card(room, OFFICER, "进度")
    assert "朱春平" in (await room.types(VILLAGE, "收到 W1"))[-1]


async def test_a_phone_record_is_withdrawn_by_a_new_entry(room: Room) -> None:
    await _to_village(room)
    for name in GRIDS[:2]:
        await room.presses(name, "收到")
    await room.fast_forward(minutes=11)
    assert "已复述" in (await room.types(OFFICER, "电话已叫应 W1 郭永林 已复述"))[-1]
    assert "已传达 1/1" in (await _card(room, OFFICER, "进度")).split("网格：")[0]
    assert "请写撤销的原因" in (await room.types(OFFICER, "撤销叫应 W1 郭永林"))[-1]
    assert "重新列入叫应名单" in (await room.types(OFFICER, "撤销叫应 W1 郭永林 接电话的是别人"))[-1]
    progress = await _card(room, OFFICER, "进度")
    assert "已传达 0/1" in progress.split("网格：")[0], "the village is no longer proven"
    assert "未应答 2 个" in progress
    assert "记录已撤销" in progress
    assert "郭永林 13800000042" in await _card(room, OFFICER, "叫应名单 ·")
    assert "没有唯一的「郭永林」的电话叫应记录" in (await room.types(OFFICER, "撤销叫应 W1 郭永林 再来"))[-1]
    assert "已记录：收到 W1" in (await room.types(GRIDS[2], "收到 W1"))[-1]


async def test_two_officers_do_not_call_the_same_person(room: Room) -> None:
    await _to_village(room)
    await room.fast_forward(minutes=10.1)
    deputy = next(
        n for n in ("冯磊", "许佳", "沈悦", "韩冰", "杨帆", "朱敏") if "叫应名单" in "\n".join(room.heard(n))
    )
    first = await room.presses(OFFICER, "我来打下一个")
    assert "请拨 胡志荣 13800000037（东柳村），打不通再拨 B角 朱春平" in first
    assert "（郑伟 正在打）" in await _card(room, deputy, "叫应名单")
    assert "请拨 林文涛" in await room.presses(deputy, "我来打下一个")
    assert "正由 郑伟 打电话" in (await room.types(deputy, "我来打 W1 胡志荣"))[-1]
    await room.fast_forward(minutes=3.1)
    assert "请拨 胡志荣" in (await room.types(deputy, "我来打 W1 胡志荣"))[-1], "a claim ends by itself"
    await room.presses(deputy, "未叫通 胡志荣")
    assert "请拨 何晓强" not in await room.presses(OFFICER, "我来打下一个"), (
        "the village, called once, is first"
    )
    assert "10:13 " in await _card(room, OFFICER, "进度")


async def test_the_call_list_of_all_warnings_is_red_first_then_by_level(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 福安里")
    await room.types(OFFICER, RED.replace("暴雨", "大风"))
    await room.types(OFFICER, "下发 W2 东柳村")
    lines = (await room.types(OFFICER, "叫应名单"))[-1].splitlines()
    assert "🔴W2 东柳村 胡志荣 13800000037" in lines[1]
    assert "🔴W2 东柳村第1网格" in lines[2]
    assert "🔵W1 福安里社区 马桂英" in lines[5]
    assert "电话已叫应" in await room.presses(OFFICER, "电话已叫应 胡志荣")
    assert "胡志荣" not in (await room.types(OFFICER, "叫应名单"))[-1]
    assert "不能" in (await room.types(VILLAGE, "叫应名单"))[-1] or "没有" in room.last(VILLAGE)


async def test_the_minutes_left_count_down_on_the_card_by_themselves(room: Room) -> None:
    await _to_village(room)
    assert "还剩 10 分钟（10:10 截止），未应答 4 个" in await _card(room, OFFICER, "进度")
    await room.fast_forward(minutes=3)
    assert "还剩 7 分钟" in await _card(room, OFFICER, "进度")
    await room.fast_forward(minutes=7.1)
    assert "⚠️ 已过 10:10 时限" in await _card(room, OFFICER, "进度")


async def test_somebody_with_a_new_account_gets_what_is_owed(room: Room) -> None:
    await _to_village(room)
    code = (await room.types(ADMIN, f"邀请 {GRIDS[0]}"))[-1].split("start=")[1].split()[0]
    room.api.add_account(99001, GRIDS[0])
    room.ids[GRIDS[0]] = 99001
    await room.types(GRIDS[0], f"/start {code}")
    assert any(BLUE in text for text in room.heard(GRIDS[0]))
    assert "已记录" in await room.presses(GRIDS[0], "收到")


async def test_somebody_who_leaves_is_answered_for_by_the_b_role_at_once(room: Room) -> None:
    await _to_village(room)
    await room.types(ADMIN, f"人员 停用 {VILLAGE}")
    assert "请您（B角）接手" in room.last(VILLAGE_B)
    assert "胡志荣" in await _card(room, OFFICER, "叫应名单")
    assert "已记录：收到 W1（东柳村" in await room.presses(VILLAGE_B, "收到")


async def test_an_exercise_says_so_in_every_message_and_file(room: Room) -> None:
    await room.types(ADMIN, "演练 开")
    await _to_village(room)
    await room.fast_forward(minutes=12)
    for name in GRIDS:
        await room.types(name, "收到 W1")
    await room.types(GRIDS[0], "已传达 W1 广播 3户")
    await room.types(GRIDS[1], "无法传达 W1 停电")
    await room.types(OFFICER, "电话已叫应 W1 胡志荣")
    for name in (*GRIDS, VILLAGE, VILLAGE_B):
        assert all("【演练】" in text for text in room.heard(name)), room.heard(name)
    said = [text for text in room.heard(OFFICER) if "W1" in text]
    assert all("【演练】" in text for text in said), said
    record = (await room.types(OFFICER, "叫应记录 W1"))[-1]
    assert "[【演练】叫应记录-W1-暴雨蓝" in record
    assert "预警下发：0 次" in (await room.types(LEADER, "统计"))[-1]


def _rows(book: Workbook, title: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a sheet by unit, each by its header."""
    table: list[list[Any]] = [list(row) for row in book[title].iter_rows(values_only=True)]
    return {row[0]: dict(zip(table[0], row, strict=True)) for row in table[1:]}


async def test_the_record_of_a_warning_is_a_workbook(room: Room) -> None:
    await _to_village(room)
    await room.fast_forward(seconds=30)
    await room.presses(GRIDS[0], "收到")
    await room.types(GRIDS[0], "已传达 W1 广播 30户 共32户")
    await room.types(OFFICER, "未叫通 W1 胡志荣")
    await room.types(OFFICER, "电话已叫应 W1 朱春平 已复述")
    await room.fast_forward(minutes=13)
    await room.presses(GRIDS[1], "收到")
    said = (await room.types(OFFICER, "叫应记录"))[-1]
    assert re.search(r"网格：应答 2/3，600 秒内 33.3%；中位 3\d秒、95% 13分钟、最慢 13分钟；已传达 1", said)
    message = room.api.chat(room.ids[OFFICER])[-1]
    file = await room.app.outbox.bot.get_file(message["document"]["file_id"])
    book = load_workbook(io.BytesIO(bytes(await file.download_as_bytearray())))
    assert book.sheetnames == ["汇总", "叫应记录", "传达与提醒", "电话记录", "预警原文"]
    by_unit, passing = _rows(book, "叫应记录"), _rows(book, "传达与提醒")
    village = by_unit["东柳村"]
    assert (village["应答人"], village["角色"], village["方式"]) == ("朱春平", "B角", "电话")
    assert (village["接通号码"], village["复述"], village["记录人"]) == ("13800000038", "已复述", OFFICER)
    assert village["电话次数"] == 2
    first, late = by_unit["东柳村第1网格"], by_unit["东柳村第2网格"]
    told = passing["东柳村第1网格"]
    assert (told["渠道"], told["户数"], told["应通知户数"]) == ("广播", 30, 32)
    assert 30 <= first["用时（秒）"] < 40, "a number, to be summed"
    assert late["迟（分钟）"] == 4
    assert by_unit["东柳村第3网格"]["应答"] == "未应答"
    assert [row[4] for row in book["电话记录"].iter_rows(min_row=2, values_only=True)] == ["未叫通", "叫应"]
    assert BLUE in [row[1] for row in book["预警原文"].iter_rows(values_only=True)]
    assert "600 秒内应答率：50.0%（2/4）" in (await room.types(LEADER, "统计"))[-1]


async def test_a_card_deleted_by_its_reader_comes_back(room: Room) -> None:
    await _to_village(room)
    message = next(m for m in reversed(room.api.chat(room.ids[OFFICER])) if "进度" in (m.get("text") or ""))
    room.api.delete_message(room.ids[OFFICER], message["message_id"])
    await room.presses(GRIDS[0], "收到")
    assert "网格：收到 1/3" in await _card(room, OFFICER, "进度")

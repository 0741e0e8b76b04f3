"""The watch moves by signatures, never leaves a gap, and carries what is open."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.stories.conftest import MORNING
from tests.stories.room import ZONE, Room
from tests.stories.test_duty_day import BLUE, FIRE

OUT, IN, LEADER, ADMIN, DEPUTY = "郑伟", "何琳", "张慧敏", "宋倩", "杨帆"


async def _until(room: Room, day: int, clock: str) -> None:
    hour, minute = (int(part) for part in clock.split(":"))
    then = datetime(2026, 7, day, hour, minute, tzinfo=ZONE)
    await room.fast_forward(seconds=(then - room.clock.now()).total_seconds())


async def _holder(room: Room) -> str:
    answer = (await room.types("王秀兰", "值班"))[-1]
    return next(line for line in answer.splitlines() if line.startswith("主班"))


async def _busy(room: Room) -> None:
    await room.types(OUT, "到岗")
    await _until(room, 26, "07:50")
    await room.types(OUT, BLUE)
    await room.presses(OUT, "下发")
    await room.types("刘海芝", "收到 W1")
    await room.types(OUT, f"首报 {FIRE}")
    await room.presses(OUT, "发送")


async def test_the_sheet_carries_silent_names_and_the_next_due_of_the_incident(room: Room) -> None:
    await _busy(room)
    await room.types(OUT, "交班")
    sheet = room.last(OUT)
    assert "W1 暴雨蓝色预警 收到 1/87，未应答：" in sheet
    assert "柳湾社区 赵永明" in sheet
    assert "刘海芝" not in sheet.split("E1")[0].replace("B角 刘海芝", "")
    assert "E1 海棠里社区3号楼2门楼道 火灾 处置中" in sheet
    assert "08:20 到期" in sheet
    assert "带班领导：张慧敏，下一班 赵文斌" in sheet


async def test_the_outgoing_officer_is_responsible_until_the_incoming_signature(room: Room) -> None:
    await _busy(room)
    await room.types(OUT, "交班")
    assert "何琳 签字前仍由您负责" in await room.presses(OUT, "交班")
    assert "郑伟" in await _holder(room)
    await _until(room, 26, "08:40")
    assert "郑伟" in await _holder(room)
    assert "待接班：何琳" in room.last("王秀兰")
    assert "郑伟" in (await room.types(IN, "开始"))[-1]
    await room.presses(IN, "全部接收")
    await room.reads_back(IN, "E1", "W1")
    await room.presses(IN, "接班")
    assert "已接班：何琳" in "\n".join(room.heard(IN))
    assert "何琳" in await _holder(room)
    assert "您可以离岗" in "\n".join(room.heard(OUT))


async def test_every_item_is_answered_before_the_signature(room: Room) -> None:
    await _busy(room)
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.types(IN, "接班")
    assert "没有答复，不能签字" in await room.presses(IN, "接班")
    assert "郑伟" in await _holder(room)
    assert "还有 1 项" in await room.presses(IN, "接收 1")
    assert "可以点「接班」签字" in await room.presses(IN, "转交 2")
    await room.reads_back(IN, "E1", "W1")
    await room.presses(IN, "接班")
    assert "已接班：何琳" in "\n".join(room.heard(IN))
    assert "签过字" in (await room.types(IN, "接班 H1"))[-1]


@pytest.mark.parametrize("phrase", ["同上", "没事", "无变化。", "一切正常", "跟上个班一样"])
async def test_an_empty_phrase_is_refused_with_the_list_of_what_is_open(room: Room, phrase: str) -> None:
    await room.types(OUT, f"首报 {FIRE}")
    await room.presses(OUT, "发送")
    (answer,) = await room.types(OUT, f"交班 {phrase}")
    assert f"不能写「{phrase}」" in answer
    assert "E1 海棠里社区3号楼2门楼道 火灾" in answer
    assert "说明：" not in (await room.types(OUT, "交班"))[-1]
    assert "说明：传真机缺墨" in (await room.types(OUT, "交班 传真机缺墨"))[-1]


async def test_a_quiet_shift_hands_over_a_zero_record(room: Room) -> None:
    await _until(room, 26, "08:20")
    assert "零报告" in (await room.types(OUT, "交班 一切正常"))[-1]
    await room.presses(OUT, "交班")
    await room.presses(IN, "接班")
    assert "已接班：何琳" in "\n".join(room.heard(IN))


async def test_both_are_prompted_and_a_late_handover_goes_up(room: Room) -> None:
    await _until(room, 26, "08:29")
    for name in (OUT, IN):
        assert "还有 30 分钟交接班（08:30）：郑伟 → 何琳" in "\n".join(room.heard(name))
        assert "还有 10 分钟交接班（08:30）" in "\n".join(room.heard(name))
    await _until(room, 26, "08:31")
    assert "交接班时间到（08:30）" in room.last(OUT)
    assert "还没有完成" not in "\n".join(room.heard("赵文斌"))
    await _until(room, 26, "08:41")
    assert "08:30 的交接班还没有完成：郑伟 → 何琳" in "\n".join(room.heard("赵文斌"))
    assert "还没有完成" not in "\n".join(room.heard(ADMIN))
    await _until(room, 26, "09:01")
    assert "08:30 的交接班还没有完成：郑伟 → 何琳" in "\n".join(room.heard(ADMIN))


async def test_the_leader_forces_a_handover_with_a_reason(room: Room) -> None:
    await _busy(room)
    await _until(room, 26, "08:45")
    assert "没有改动" in (await room.types("赵文斌", "强制交接 何琳"))[-1]
    assert "没有改动" in (await room.types("赵文斌", "强制交接 王秀兰 找不到人"))[-1]
    assert "只有带班领导" in (await room.types(OUT, "强制交接 何琳 我要走"))[-1]
    assert "郑伟" in await _holder(room)
    answer = (await room.types("赵文斌", "强制交接 何琳 郑伟突发疾病送医"))[0]
    assert "强制交接" in answer
    assert "郑伟突发疾病送医" in answer
    assert "何琳" in await _holder(room)
    assert "即刻负责" in "\n".join(room.heard(IN))
    assert "即刻负责" in "\n".join(room.heard(OUT))


async def test_the_same_person_on_two_days_signs_both_sides(room: Room) -> None:
    day = "日期,带班领导,值班人员\n2026-07-26,赵文斌,郑伟\n"
    await room.sends_file(ADMIN, "值班表.csv", day.encode())
    await room.presses(ADMIN, "确认")
    await _until(room, 26, "08:25")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.presses(OUT, "接班")
    assert "已接班：郑伟" in "\n".join(room.heard(OUT))
    await _until(room, 26, "09:05")
    assert "还没有完成" not in "\n".join(room.heard(ADMIN))
    assert "郑伟" in await _holder(room)
    assert "至 明天 08:30" in await _holder(room)


@pytest.mark.parametrize("name", [DEPUTY, OUT])
async def test_somebody_else_cannot_take_over(room: Room, name: str) -> None:
    await _until(room, 26, "08:20")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    (answer,) = await room.types(name, "接班")
    assert "何琳" in answer
    assert "我来顶" in answer
    assert "何琳" in (await room.types(name, "接班 H1"))[-1]
    assert "郑伟" in await _holder(room)


async def test_who_is_not_on_watch_cannot_hand_over(room: Room) -> None:
    assert "郑伟" in (await room.types(IN, "交班"))[-1]
    assert "可以用" in (await room.types("王秀兰", "交班"))[-1]


async def test_what_arises_after_the_outgoing_signature_is_not_lost(room: Room) -> None:
    await _until(room, 26, "08:20")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.types("张玉梅", f"首报 {FIRE}")
    assert "E1" in "\n".join(room.heard(OUT))
    await room.presses(IN, "接班")
    assert "何琳" in await _holder(room)
    assert "交班签字后新增 1 项，由您负责" in "\n".join(room.heard(IN))
    assert "着火" in "\n".join(text for text in room.heard(IN) if text.startswith("❗"))
    await room.presses(IN, "首报")
    assert "已报送" in await _sent(room, IN)


async def test_at_the_end_of_the_roster_the_holder_stays_and_everyone_hears(tmp_path: Path) -> None:
    room = await Room(tmp_path / "data", MORNING).open()
    await room.lay_street(days=2)
    await _until(room, 26, "08:10")
    for name in (OUT, LEADER):
        assert "还有 30 分钟交接班（08:30），接班岗位空缺" in "\n".join(room.heard(name))
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    (answer,) = await room.types(IN, "接班")
    assert "没有排人" in answer
    assert "强制交接" in answer
    await _until(room, 26, "09:01")
    assert "08:30 的交接班还没有完成：郑伟 → （未排班）" in room.last(ADMIN)
    assert "郑伟" in await _holder(room)
    await room.types(LEADER, "强制交接 何琳 没有排班")
    assert "何琳" in await _holder(room)
    await room.close()


async def _sent(room: Room, name: str) -> str:
    await room.presses(name, "发送")
    return next(text for text in reversed(room.heard(name)) if text.startswith("事件"))


async def test_an_early_signature_makes_the_relieved_officer_neither_waiting_nor_incoming(room: Room) -> None:
    await room.fast_forward(hours=22.2)
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.types(IN, "接班")
    await room.presses(IN, "接班")
    answer = (await room.types(OUT, "值班"))[-1]
    assert f"主班：{IN}" in answer
    assert "待接班" not in answer
    await room.fast_forward(hours=1)
    assert "待接班" not in (await room.types(OUT, "值班"))[-1]
    sheet = (await room.types(IN, "交班"))[-1]
    assert f"接班 {OUT}" not in sheet


async def test_who_holds_the_watch_cannot_be_revoked(room: Room) -> None:
    assert "正在值班" in (await room.types("宋倩", f"人员 停用 {OUT}"))[-1]
    assert f"主班：{OUT}" in (await room.types(IN, "值班"))[-1]


async def test_a_sheet_is_void_once_somebody_stepped_in_for_who_signed_it(room: Room) -> None:
    await room.fast_forward(hours=22.3)
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    ((message_id, pressed),) = [
        (message["message_id"], key["callback_data"])
        for message in room.api.chat(room.ids[IN])
        for row in message.get("keyboard") or []
        for key in row
        if key["text"] == "接班"
    ]
    await room.types("周凯", "我来顶 郑伟发烧")
    await room.fast_forward(seconds=10)
    assert "周凯 已顶替 郑伟，这份不再有效" in room.last(IN)
    assert "接班" not in room.buttons(IN)
    assert "周凯 还没有交班签字" in (await room.types(IN, "接班"))[-1]
    assert "主班：周凯" in (await room.types(IN, "值班"))[-1]
    assert "交接班记录 H2 待交班签字" in (await room.types("周凯", "交班"))[-1]
    await room.presses("周凯", "交班")
    await room.presses(IN, "接班")
    assert "主班：何琳" in (await room.types(IN, "值班"))[-1]
    records = (await room.types(IN, "交接班记录"))[-1]
    assert "H1" in records
    assert "已作废" in records
    await room.types(LEADER, "强制交接 郑伟 何琳生病")
    room.api.press_stale(room.ids[IN], message_id, pressed)
    await room.settle()
    assert "主班：郑伟" in (await room.types(IN, "值班"))[-1], "what was void stays void"

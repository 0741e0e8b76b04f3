"""A stormy night: 01:30, the officer falls ill; the leader forces the handover, nothing that is open is lost."""

from tests.stories.room import Room
from tests.stories.test_duty_day import FIRE
from tests.stories.test_handover import _holder, _until

OUT, STAND_IN, NEXT, LEADER, ADMIN = "郑伟", "陈刚", "何琳", "张慧敏", "宋倩"
ORANGE = "天津市气象台于2026年07月26日00时30分发布暴雨橙色预警信号：预计未来3小时我市有强降雨，请注意防范。"


async def the_storm(room: Room) -> None:
    """A fire in the evening, an orange warning after midnight, an instruction, a broken fax, a note."""
    await room.types(OUT, "到岗")
    await _until(room, 25, "22:10")
    await room.types(OUT, f"首报 {FIRE}")
    await room.presses(OUT, "发送")
    await _until(room, 26, "00:35")
    await room.types(OUT, ORANGE)
    await room.presses(OUT, "下发")
    await room.types("刘海芝", "收到 W1")
    await room.types(LEADER, "批示 给郑伟 津塘路地道积水盯到抽完 明天8点前")
    await room.types(OUT, "设备 传真机 缺墨")
    await room.types(OUT, "待办 天亮后通知学校停课安排")
    await _until(room, 26, "01:20")


async def test_the_watch_is_forced_at_night_and_everything_open_goes_on(room: Room) -> None:
    await the_storm(room)
    await room.types(OUT, "交班 头晕，站不住了")
    assert f"主班：{OUT}" in await _holder(room)
    assert "没有改动" in (await room.types(LEADER, f"强制交接 {STAND_IN}"))[-1]
    answer = (await room.types(LEADER, f"强制交接 {STAND_IN} 郑伟突发疾病送医"))[0]
    assert "由 张慧敏 强制交接" in answer
    assert f"主班：{STAND_IN}" in await _holder(room)
    sheet = next(
        text for text in reversed(room.heard(STAND_IN)) if "交接班记录 H1" in text and "移交事项" in text
    )
    assert "张慧敏 强制交接：郑伟突发疾病送医" in sheet
    assert "❗W1 暴雨橙色预警 收到 1/87，未应答：" in sheet
    assert "❗E1 海棠里社区3号楼2门楼道 火灾 处置中" in sheet
    assert "批示：给郑伟 津塘路" in sheet or "津塘路地道积水盯到抽完" in sheet
    assert "待办：天亮后通知学校停课安排" in sheet
    assert "⚠️传真机 缺墨" in sheet
    assert "说明：头晕，站不住了" in sheet
    assert "收到 1/87" in "\n".join(room.heard(STAND_IN))
    await room.types(STAND_IN, "续报 E1 明火已灭，无人员伤亡")
    assert "预警 W1" in "\n".join(room.heard(STAND_IN))


async def test_the_morning_after_the_regular_officer_takes_it_all_over(room: Room) -> None:
    await the_storm(room)
    await room.types(LEADER, f"强制交接 {STAND_IN} 郑伟突发疾病送医")
    await room.types("张玉梅", "收到 W1")
    await _until(room, 26, "08:20")
    assert "同上」，请逐项说明" in (await room.types(STAND_IN, "交班 同上"))[-1]
    await room.types(STAND_IN, "下一步 W1 请社区书记上门叫应")
    await room.types(STAND_IN, "交班 雨小了")
    await room.presses(STAND_IN, "交班")
    await room.types(OUT, "首报 刚才东柳村村口积水，无人员伤亡")
    await room.types(NEXT, "接班")
    assert "请社区书记上门叫应" in room.last(NEXT)
    assert "还有" in await room.presses(NEXT, "接班")
    await room.presses(NEXT, "全部接收")
    assert "不在最要紧的几项里" in await room.presses(NEXT, "重点 T2")
    assert "还差" in await room.presses(NEXT, "接班")
    await room.reads_back(NEXT)
    await room.presses(NEXT, "接班")
    answer = "\n".join(room.heard(NEXT))
    assert "已接班：何琳" in answer
    assert "交班签字后新增 1 项，由您负责" in answer
    assert f"主班：{NEXT}" in await _holder(room)
    assert f"主班 {STAND_IN}" not in await _holder(room)


async def test_a_signed_sheet_stays_as_it_was_while_the_night_goes_on(room: Room) -> None:
    await the_storm(room)
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    before = next(
        text for text in reversed(room.heard(OUT)) if "交接班记录 H1" in text and "移交事项" in text
    )
    await room.types("张玉梅", "收到 W1")
    await room.types(OUT, "交班 补一句")
    await _until(room, 26, "03:00")
    shown = (await room.types(OUT, "H1"))[-1]
    for line in before.splitlines():
        if line[:1].isdigit():
            assert line in shown
    assert "补一句" not in shown
    assert "收到 1/87" in shown


async def test_the_equipment_stays_on_the_sheet_until_it_is_mended(room: Room) -> None:
    await room.types(OUT, "设备 传真机 缺墨")
    assert "清单里没有这个设备" in (await room.types(OUT, "设备 咖啡机 坏了"))[-1]
    await _until(room, 26, "08:20")
    await room.types(OUT, "交班")
    await room.presses(OUT, "设备正常")
    await room.presses(OUT, "交班")
    await room.presses(NEXT, "接班")
    sheet = (await room.types(NEXT, "交班"))[-1]
    assert "⚠️传真机 缺墨" in sheet
    assert "8 件未核对" in sheet
    await room.types(NEXT, "设备 传真机 正常")
    assert "缺墨" not in (await room.types(NEXT, "交班"))[-1]


async def test_what_a_number_stands_for_is_shown_when_it_is_typed(room: Room) -> None:
    await the_storm(room)
    for number, words in (
        ("E1", "海棠里"),
        ("W1", "暴雨"),
        ("T1", "津塘路"),
        ("w1", "暴雨"),
        ("查看 E1", "海棠里"),
    ):
        assert words in (await room.types(OUT, number))[-1], number
    assert "E99" in (await room.types(OUT, "E99"))[-1]
    assert "值班员" in (await room.types("王秀兰", "E1"))[-1]

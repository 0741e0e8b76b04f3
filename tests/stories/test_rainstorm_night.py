"""A whole rainstorm night: blue, yellow, orange, yellow again, cancelled; silent grids, B-roles, calls and a crash."""

import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage import bulletin, callout, log
from tests.stories.room import ZONE, Room

OFFICER, LEADER, RELIEF, ADMIN = "郑伟", "张慧敏", "何琳", "宋倩"
BLUE = "天津市气象台于2026年07月25日10时30分发布暴雨蓝色预警信号：预计今天下午到夜间，我市大部分地区将有大到暴雨（40-70毫米），局地大暴雨（100毫米以上），请有关单位和人员做好防范准备。（预警信息来源：国家预警信息发布中心）"
YELLOW = "天津市气象台于2026年7月25日14时5分将暴雨蓝色预警信号升级为暴雨黄色预警信号：受对流云团影响，预计未来6小时我市仍将有50毫米以上降水，请有关单位和人员做好防范准备。"
ORANGE = """天津市气象台发布暴雨橙色预警[II级/严重]
天津市气象台2026年07月25日16时20分更新暴雨黄色预警信号为暴雨橙色预警信号：预计未来3小时内，我市将出现50毫米以上降水，低洼地区积水风险高，请特别加强防范。
防御指南：
1.政府及相关部门按照职责做好防暴雨应急工作;
2.切断有危险的室外电源，暂停户外作业。"""
DOWN = "天津市气象台于2026年7月25日20时15分将暴雨橙色预警信号降级为暴雨黄色预警信号：预计未来6小时我市仍有20-40毫米降水。"
CANCEL = "天津市气象台于2026年07月25日23时10分解除暴雨黄色预警信号。"
SILENT, SILENT_B = "吴金云", "徐家波"
CUT_OFF = "林文涛"


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a room at 10:33 with the street laid in."""
    room = await Room(tmp_path / "data", datetime(2026, 7, 25, 10, 33, tzinfo=ZONE)).open()
    await room.lay_street()
    yield room
    await room.close()


async def _until(room: Room, hour: int, minute: int) -> None:
    now = room.clock.now().astimezone(ZONE)
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    await room.fast_forward(seconds=(at - now).total_seconds())


async def _everybody_answers(room: Room, number: str, *but: str) -> None:
    """All who owe an answer give it, grids before villages, but these."""
    async with room.app.db.read() as tx:
        contacts = await callout.of_bulletin(tx, int(number[1:]))
    for name in dict.fromkeys(c.a_name for c in reversed(contacts)):
        if name not in but:
            room.api.post(room.ids[name], f"收到 {number}")
    await room.settle()


async def _accounted(room: Room, number: str) -> dict[str, str]:
    """Return how each unit of a warning ended (P2): answered, by phone, by the B-role, or listed by name."""
    ends = {}
    async with room.app.db.read() as tx:
        for c in await callout.of_bulletin(tx, int(number[1:])):
            if c.acked_how == "phone":
                ends[c.unit] = "电话"
            elif c.acked_at is not None:
                ends[c.unit] = "B角" if c.acked_by == c.b_id != c.a_id else "本人"
            else:
                ends[c.unit] = "在名单" if c.listed_at else "没有下落"
    return ends


@pytest.mark.long
async def test_the_night(night: Room) -> None:
    await _blue(night)
    await _yellow(night)
    await _orange(night)
    await _yellow_again(night)
    await _cancelled(night)
    await _afterwards(night)


async def _blue(night: Room) -> None:
    """10:33 blue: everybody but one grid answers; the rest of that one's ladder is for the upgrade to stop."""
    await night.types(OFFICER, BLUE)
    await night.presses(OFFICER, "下发")
    await _everybody_answers(night, "W1", SILENT, SILENT_B)
    await night.fast_forward(minutes=10.2)
    assert "已过时限，请逐个打电话" in "\n".join(night.heard(OFFICER))
    assert "柳湾社区第1网格 吴金云 13800000034" in "\n".join(night.heard(OFFICER))
    assert set((await _accounted(night, "W1")).values()) == {"本人", "在名单"}


async def _yellow(night: Room) -> None:
    """14:07 yellow: the B-role answers for the silent grid."""
    await _until(night, 14, 7)
    assert "升级（原蓝色），承接 W1" in (await night.types(OFFICER, YELLOW))[-1]
    await night.presses(OFFICER, "下发")
    await _everybody_answers(night, "W2", SILENT, SILENT_B)
    await night.fast_forward(minutes=6.1)
    assert "柳湾社区第1网格 A角 吴金云 未应答，请您（B角）接手" in "\n".join(night.heard(SILENT_B))
    assert "柳湾社区第1网格" in await night.presses(SILENT_B, "收到")
    ends = await _accounted(night, "W2")
    assert ends["柳湾社区第1网格"] == "B角"
    assert set(ends.values()) == {"本人", "B角"}
    await night.fast_forward(minutes=5)
    assert "时限已到" not in night.last(LEADER), "nobody is silent: the leader is left in peace"


async def _orange(night: Room) -> None:
    """16:22 orange: the process is killed two minutes on and is back after two; calls, one taken back; one cut off."""
    await _until(night, 16, 22)
    await night.types(OFFICER, ORANGE)
    await night.presses(OFFICER, "下发")
    assert ORANGE in night.last(CUT_OFF), "verbatim, guide and all"
    await _everybody_answers(night, "W3", SILENT, SILENT_B, CUT_OFF, "赵永明")
    await night.fast_forward(minutes=1)
    assert "还没有您的应答" not in night.last(SILENT)
    await night.crash(timedelta(minutes=2, seconds=30))
    reminded = [t for t in night.heard(SILENT) if "W3" in t and "还没有您的应答" in t and "离线" not in t]
    assert len(reminded) == 1, reminded
    assert re.search(r"迟 \d 分钟", reminded[0])
    assert (
        "已记录：W3 无法传达（停电，广播不响"
        in (await night.types(CUT_OFF, "无法传达 W3 停电，广播不响"))[-1]
    )
    assert "林文涛 13800000040：停电，广播不响" in "\n".join(night.heard(OFFICER))
    await night.fast_forward(minutes=2)
    assert "请拨 赵永明" in await night.presses(OFFICER, "我来打下一个")
    await night.presses(OFFICER, "未叫通 赵永明")
    await night.types(OFFICER, "电话已叫应 W3 黄淑军 已复述")
    await night.types(OFFICER, "电话已叫应 W3 吴金云")
    await night.types(OFFICER, "撤销叫应 W3 吴金云 接电话的是家属")
    await night.fast_forward(minutes=5)
    ends = await _accounted(night, "W3")
    assert ends["柳湾社区"] == "电话"
    assert ends["柳湾社区第1网格"] == "在名单"
    assert "没有下落" not in ends.values()
    assert "柳湾社区第1网格 吴金云" in "\n".join(t for t in night.heard(LEADER) if "仍有人未应答" in t)


async def _yellow_again(night: Room) -> None:
    """20:17 downgraded: the old call list closes, the new ladder runs."""
    await _until(night, 20, 17)
    assert "降级（原橙色），承接 W3" in (await night.types(OFFICER, DOWN))[-1]
    await night.presses(OFFICER, "下发")
    await night.fast_forward(seconds=5)
    assert any("W3" in t and "本预警已结束，不必再打" in t for t in night.heard(OFFICER))
    assert "已被 W4 取代" in (await night.types(OFFICER, "电话已叫应 W3 吴金云"))[-1]
    await _everybody_answers(night, "W4")


async def _cancelled(night: Room) -> None:
    """23:12 cancelled: passed on with the same list and acknowledged too, until the loop is closed."""
    await _until(night, 23, 12)
    assert "解除，承接 W4" in (await night.types(OFFICER, CANCEL))[-1]
    await night.presses(OFFICER, "下发")
    assert CANCEL in night.last(SILENT)
    await _everybody_answers(night, "W5", SILENT, SILENT_B)
    await night.fast_forward(minutes=10.5)
    assert "柳湾社区第1网格 吴金云" in "\n".join(t for t in night.heard(OFFICER) if "W5" in t)
    await night.types(SILENT, "收到 W5")
    await night.types(SILENT_B, "收到 W5")
    assert set((await _accounted(night, "W5")).values()) <= {"本人", "B角"}


async def _afterwards(night: Room) -> None:
    """The record of the orange hour, the list, and a log that is whole."""
    listed = (await night.types(OFFICER, "预警列表"))[-1]
    assert [f"W{n}" in listed for n in range(1, 6)] == [True] * 5
    await night.types(OFFICER, "叫应记录 W3")
    message = night.api.chat(night.ids[OFFICER])[-1]
    file = await night.app.outbox.bot.get_file(message["document"]["file_id"])
    book = load_workbook(io.BytesIO(bytes(await file.download_as_bytearray())))
    results = [row[4] for row in book["电话记录"].iter_rows(min_row=2, values_only=True)]
    assert results == ["未叫通", "叫应", "叫应", "撤销叫应记录"]
    assert ORANGE in [row[1] for row in book["预警原文"].iter_rows(values_only=True)]
    async with night.app.db.read() as tx:
        assert isinstance(await log.verify(tx), log.Verified)
        states = {b.number: b.state for b in await bulletin.recent(tx, night.clock.now() - timedelta(days=1))}
    assert {states[f"W{n}"] for n in range(1, 4)} == {"superseded"}
    assert states["W4"] == "ended"

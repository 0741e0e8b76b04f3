"""One duty day from morning to the next changeover, thin but whole."""

from datetime import timedelta

import pytest

from storage import log
from tests.stories.room import Room

BLUE = "天津市气象台于2026年07月25日10时30分发布暴雨蓝色预警信号：预计今天下午到夜间，我市大部分地区将有大到暴雨（40-70毫米），请有关单位和人员做好防范准备。"
CANCEL = "天津市气象台于2026年07月25日23时10分解除暴雨蓝色预警信号。"
FIRE = "刚才海棠里社区网格员小刘打电话说3号楼2门楼道电动车着火了，烟挺大，119已经打了，好像有人没下来，具体不清楚，我让小张先过去看"
FIRE_2 = "海棠里3号楼那个火，消防10：02到场，10:20明火灭了。救出3人，其中1人轻微吸入烟气送医院，无生命危险。已疏散22户，现在都回去了。"

OFFICER, NEXT, LEADER, SUPERIOR = "郑伟", "何琳", "张慧敏", "崔海波"


async def roster(room: Room) -> None:
    """Roster: who is on, and tomorrow's leader is prompted the day before and confirms."""
    answer = (await room.types("王秀兰", "值班"))[-1]
    assert "主班：郑伟" in answer
    assert "带班领导：张慧敏" in answer
    assert "到岗" in (await room.types(OFFICER, "到岗"))[-1]


async def warning(room: Room) -> None:
    """Warning: read, shown, dispatched, verbatim to the last grid."""
    shown = (await room.types(OFFICER, BLUE))[-1]
    assert "暴雨蓝色" in shown
    assert "天津市气象台" in shown
    assert "10:30" in shown
    assert "已下发 W1" in await room.presses(OFFICER, "下发")
    assert BLUE in room.last("刘海芝")
    assert BLUE in room.last("王秀兰")
    assert "已记录：收到 W1" in await room.presses("刘海芝", "收到")
    assert "已传达" in await room.presses("刘海芝", "已传达")
    assert "网格：收到 1/65 · 已传达 1/65" in _card(room, OFFICER, "进度")
    assert "已记录：收到 W1" in (await room.types("王秀兰", "收到 W1"))[-1]
    await room.fast_forward(minutes=5.1)
    assert "还没有您的应答" in room.last("赵永明")
    await room.fast_forward(minutes=5)
    assert "B角" in _card(room, "黄淑军", "请您（B角）接手")
    calls = _card(room, OFFICER, "叫应名单")
    assert "赵永明 13800000031" in calls
    name = next(b for b in room.buttons(OFFICER) if b.startswith("电话已叫应"))
    assert "电话已叫应" in await room.presses(OFFICER, name)
    assert "电话叫应 1 个" in _card(room, OFFICER, "进度")


async def incident(room: Room) -> None:
    """Incident: read without guessing, sent, clocks, follow-up, signature, receipt, final."""
    card = (await room.types(OFFICER, f"首报 {FIRE}"))[-1]
    assert "海棠里社区3号楼2门" in card
    assert "火灾" in card
    assert "死亡 正在核实" in card
    assert "待补" in card
    assert "已直报" in await room.presses(OFFICER, "发送")
    assert "突发事件信息快报" in room.last(SUPERIOR)
    assert "海棠里社区3号楼2门楼道发生火灾" in room.last(SUPERIOR)
    assert "119已经打了" in room.last(SUPERIOR)
    assert "电话报告" in await room.presses(OFFICER, "已电话报告")
    assert "已签发" in await room.presses(LEADER, "签发")
    assert "已记录" in await room.presses(SUPERIOR, "收到")
    assert "崔海波 已确认收到" in room.last(OFFICER)
    await room.fast_forward(minutes=31)
    assert "该续报了" in "\n".join(room.heard(OFFICER))
    assert "续报" in (await room.types(OFFICER, f"续报 {FIRE_2}"))[-1]
    await room.presses(OFFICER, "发送")
    assert "22" in room.last(SUPERIOR)


async def prompt_for_tomorrow(room: Room) -> None:
    """The day-before prompt reaches tomorrow's leader."""
    await room.fast_forward(hours=5.5)
    assert "值班提醒" in "\n".join(room.heard("赵文斌"))
    assert "已记录：收到 S" in await room.presses("赵文斌", "收到")


async def killed_and_back(room: Room) -> None:
    """The process is killed and comes back after five minutes: nothing is lost, nothing is forgotten."""
    await room.crash(timedelta(minutes=5))
    assert "进行中" in (await room.types(OFFICER, "预警列表"))[-1]
    assert "E1" in (await room.types(OFFICER, "事件"))[-1]


async def cancel(room: Room) -> None:
    """The cancel ends the warning and is passed on too."""
    assert "解除" in (await room.types(OFFICER, CANCEL))[-1]
    assert "已下发 W2" in await room.presses(OFFICER, "下发")
    assert CANCEL in room.last("刘海芝")
    assert "W1 已结束" in (await room.types("赵永明", "收到 W1"))[-1]


async def final_report(room: Room) -> None:
    """The final report closes the incident."""
    assert "终报" in (await room.types(OFFICER, "终报 处置完毕，人员全部返回，无人死亡"))[-1]
    assert "已终报" in await room.presses(OFFICER, "发送")
    assert "没有进行中的事件" in (await room.types(OFFICER, "事件"))[-1]


async def changeover(room: Room) -> None:
    """Another incident stays open over the changeover, and the cancel's silent names with it."""
    await room.types(OFFICER, "首报 刚才东柳村村口积水，两辆车被困，没人受伤")
    await room.presses(OFFICER, "发送")
    await room.fast_forward(hours=16.2)
    assert f"主班：{OFFICER}" in (await room.types("王秀兰", "值班"))[-1]
    sheet = (await room.types(OFFICER, "交班"))[-1]
    assert "W2 暴雨蓝色预警解除" in sheet
    assert "赵永明" in sheet
    assert "E2" in sheet
    assert "续报" in sheet
    assert "签字" in await room.presses(OFFICER, "交班")
    assert f"主班：{OFFICER}" in (await room.types("王秀兰", "值班"))[-1]
    await room.types(NEXT, "接班")
    assert "不能签字" in await room.presses(NEXT, "接班")
    await room.presses(NEXT, "全部接收")
    assert "还差 3 项重点" in await room.presses(NEXT, "接班")
    await room.reads_back(NEXT)
    await room.presses(NEXT, "接班")
    assert "已接班" in "\n".join(room.heard(NEXT))
    assert f"主班：{NEXT}" in (await room.types("王秀兰", "值班"))[-1]
    async with room.app.db.read() as tx:
        assert isinstance(await log.verify(tx), log.Verified)


@pytest.mark.long
async def test_a_whole_duty_day(room: Room) -> None:
    await roster(room)
    await warning(room)
    await incident(room)
    await prompt_for_tomorrow(room)
    await killed_and_back(room)
    await cancel(room)
    await final_report(room)
    await changeover(room)


def _card(room: Room, name: str, word: str) -> str:
    """Return the newest message to a person that holds this word."""
    return next(text for text in reversed(room.heard(name)) if word in text)

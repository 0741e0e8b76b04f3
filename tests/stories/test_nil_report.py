"""零报告: its exact words, when it is refused, and what overtakes it."""

from datetime import timedelta

from tests.stories.room import Room
from tests.stories.test_handover import _until

OFFICER, LEADER, DEPUTY, SUPERIOR = "郑伟", "张慧敏", "杨帆", "崔海波"
SMALL = "首报 今早8点福安里社区门口水管爆了，没人受伤，已通知水务"


async def test_the_zero_report_has_its_exact_words_above_and_in_the_duty_log(room: Room) -> None:
    await _until(room, 25, "17:05")
    await room.app.nil_report()
    await room.settle()
    await room.presses(OFFICER, "零报告")
    assert "截至25日17时，我街道无突发事件。" in room.last(SUPERIOR)
    assert "零报告：截至25日17时，我街道无突发事件。" in (await room.types(OFFICER, "日志"))[-1]
    again = (await room.types(OFFICER, "零报告"))[-1]
    assert "17:05 报过" in again
    assert sum("无突发事件。" in text for text in room.heard(SUPERIOR)) == 1


async def test_before_five_it_speaks_of_the_hour_it_is_sent_at(room: Room) -> None:
    room.clock.move(timedelta(minutes=20).total_seconds())
    await room.types(OFFICER, "零报告")
    assert "截至25日10时20分，我街道无突发事件。" in room.last(SUPERIOR)


async def test_yesterdays_incident_that_is_still_open_or_closed_today_is_no_zero_report(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    room.clock.move(22 * 3600)
    await room.settle()
    offered = sum("报零报告" in text for text in room.heard("何琳") + room.heard(OFFICER))
    await room.app.nil_report()
    await room.settle()
    assert sum("报零报告" in text for text in room.heard("何琳") + room.heard(OFFICER)) == offered
    assert "仍在处置（E1）" in (await room.types(OFFICER, "零报告"))[-1]
    await room.types(OFFICER, "终报 E1 已修好，恢复供水")
    await room.presses(OFFICER, "发送")
    assert "（E1）" in (await room.types(OFFICER, "零报告"))[-1]
    room.clock.move(24 * 3600)
    await room.settle()
    assert "已记录" in (await room.types(OFFICER, "零报告"))[-1]


async def test_an_incident_after_the_zero_report_tells_the_officer_that_it_no_longer_holds(
    room: Room,
) -> None:
    await room.types(OFFICER, "零报告")
    await room.types("张玉梅", "首报 福安里社区水管爆了")
    told = [text for text in room.heard(OFFICER) if "已报过零报告" in text]
    assert len(told) == 1
    assert "10:00" in told[0]
    assert "E1" in told[0]
    assert "告知区总值班室更正零报告" in told[0]
    assert "不能报零报告" in (await room.types(OFFICER, "零报告"))[-1]


async def test_an_exercise_does_not_hinder_the_zero_report(room: Room) -> None:
    await room.types(LEADER, "演练 开")
    await room.types(OFFICER, SMALL)
    await room.types(LEADER, "演练 关")
    assert "已记录" in (await room.types(OFFICER, "零报告"))[-1]


async def test_a_zero_report_of_the_night_does_not_stand_for_the_day(room: Room) -> None:
    await _until(room, 26, "00:20")
    await room.types(OFFICER, "零报告")
    assert "不用重复" in (await room.types(OFFICER, "零报告"))[-1]
    await _until(room, 26, "17:00")
    await room.app.nil_report()
    await room.settle()
    assert "请核对后报零报告" in room.last(OFFICER)
    await room.presses(OFFICER, "零报告")
    assert "截至26日17时，我街道无突发事件。" in room.last(SUPERIOR)
    assert "17:00 报过" in (await room.types(OFFICER, "零报告"))[-1]

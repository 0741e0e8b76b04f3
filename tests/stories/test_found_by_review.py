"""Defects a fresh reading found, each with the story that now guards it."""

import csv
import io
from datetime import date, datetime

import sqlalchemy

from config.demo import demo_roster_rows
from tests.stories.room import ZONE, Room
from tests.stories.test_duty_day import BLUE, CANCEL, FIRE

OFFICER, NEXT, LEADER, ADMIN, B, GRID = "郑伟", "何琳", "张慧敏", "宋倩", "黄淑军", "刘海芝"
SUPERIOR = "崔海波"
UPGRADE = (
    "天津市气象台于2026年07月25日14时05分将暴雨蓝色预警信号升级为暴雨红色预警信号：预计未来6小时有特大暴雨。"
)
LEAK = "首报 御河湾社区5号楼下水管道破裂，路面积水，无人员伤亡"


def said(room: Room, name: str) -> str:
    return "\n".join(room.heard(name))


async def rows(room: Room, query: str) -> list[tuple[object, ...]]:
    async with room.app.db.read() as tx:
        return [tuple(row) for row in await tx.all(sqlalchemy.text(query))]


async def until(room: Room, day: int, hour: int, minute: int) -> None:
    at = datetime(2026, 7, day, hour, minute, tzinfo=ZONE)
    await room.fast_forward(seconds=(at - room.clock.now()).total_seconds())


async def reimport(room: Room) -> None:
    out = io.StringIO()
    csv.writer(out).writerows(demo_roster_rows(date(2026, 7, 24), 10))
    await room.sends_file(ADMIN, "值班表.csv", out.getvalue().encode())
    await room.presses(ADMIN, "确认")


async def shift_of(room: Room, name: str) -> str:
    """Return the number of a person's first shift as officer, as 我的班 shows it."""
    return (await room.types(name, "我的班"))[-1].split("\n")[1].split()[0]


async def test_what_cannot_reach_the_officer_reaches_the_deputy(room: Room) -> None:
    room.api.block(room.ids[OFFICER])
    await room.settle()
    await room.types(GRID, f"首报 {FIRE}")
    assert FIRE in said(room, "杨帆")


async def test_the_call_list_of_a_blocked_officer_reaches_the_deputy(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    room.api.block(room.ids[OFFICER])
    await room.settle()
    await room.fast_forward(minutes=11)
    assert "叫应名单" in said(room, "杨帆")


async def test_what_cannot_reach_the_leader_reaches_another_leader(room: Room) -> None:
    room.api.block(room.ids[LEADER])
    await room.settle()
    await room.types(OFFICER, LEAK)
    await room.presses(OFFICER, "发送")
    assert any("请签发" in said(room, name) for name in ("李建国", "赵文斌", "王志强", "孙立新"))


async def test_a_discarded_incident_is_never_sent(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "取消")
    await room.types(OFFICER, "发送 E1")
    assert "突发事件信息快报" not in said(room, SUPERIOR)


async def test_nothing_is_sent_after_the_final_report(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 1人受伤")
    await room.types(OFFICER, "终报 E1 处置完毕")
    await room.types(OFFICER, "发送 E1")
    before = [text for text in room.heard(SUPERIOR) if "请确认收到" in text]
    await room.types(OFFICER, "发送 E1")
    assert [text for text in room.heard(SUPERIOR) if "请确认收到" in text] == before


async def test_a_b_role_of_two_units_hears_of_the_second_too(room: Room) -> None:
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
        "柳湾社区,沽水街道,社区,责任人,A,钱无号,书记,13900000001,\n"
        "柳湾社区,沽水街道,社区,责任人,B,黄淑军,副书记,13800000032,\n"
        "东柳村,沽水街道,村,责任人,A,孙默声,书记,13900000002,99001\n"
        "东柳村,沽水街道,村,责任人,B,黄淑军,副书记,13800000032,\n"
    )
    room.api.add_account(99001, "孙默声")
    await room.sends_file(ADMIN, "人员.csv", sheet.encode())
    await room.presses(ADMIN, "确认")
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.presses(B, "收到")
    await room.fast_forward(minutes=15)
    assert "东柳村" in said(room, B)


async def test_an_upgrade_read_before_its_predecessor_went_out_still_succeeds_it(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, UPGRADE)
    await room.types(OFFICER, "下发 W1")
    await room.types(OFFICER, "下发 W2")
    assert await rows(room, "SELECT state FROM bulletins ORDER BY id") == [("superseded",), ("live",)]


async def test_a_cancel_of_another_issuer_ends_nothing_of_ours(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1")
    shown = (await room.types(OFFICER, CANCEL.replace("天津市气象台", "津南区气象台")))[-1]
    assert "没有找到它承接的预警" in shown
    await room.types(OFFICER, "下发 W2")
    assert (await rows(room, "SELECT state FROM bulletins WHERE id = 1")) == [("live",)]


async def test_fewer_deaths_than_before_are_asked_about_and_need_a_correction(room: Room) -> None:
    await room.types(OFFICER, "首报 御河湾社区5号楼火灾，死亡3人")
    await room.presses(OFFICER, "发送")
    assert "死亡由" in (await room.types(OFFICER, "续报 E1 死亡1人"))[-1]
    assert await rows(room, "SELECT value FROM figures WHERE name = 'deaths'") == [(3,)]
    assert "续报一" in (await room.types(OFFICER, "续报 E1 更正：死亡1人，前面报的有误"))[-1]


async def test_a_sheet_opened_before_a_cover_is_signed_by_who_holds_the_watch(room: Room) -> None:
    await room.types(OFFICER, "交班")
    await room.types("刘芳", f"我来顶 {OFFICER}")
    assert "现在的值班员是 刘芳" in (await room.types(OFFICER, "交班 H1"))[-1]
    await room.types("刘芳", "交班")
    await room.types("刘芳", "交班 H1")
    assert await rows(room, "SELECT state FROM handovers") == [("signed_out",)]


async def test_the_same_roster_again_keeps_the_running_shifts_alarms(room: Room) -> None:
    await until(room, 26, 8, 31)
    await reimport(room)
    await room.fast_forward(minutes=60)
    assert any(
        "未报告到岗" in said(room, n) or "未报到岗" in said(room, n) for n in ("赵文斌", ADMIN, LEADER)
    )


async def test_the_same_roster_again_after_a_handover_raises_no_alarm(room: Room) -> None:
    await until(room, 26, 8, 20)
    await room.types(OFFICER, "交班")
    await room.presses(OFFICER, "交班")
    await room.types(NEXT, "接班")
    await room.presses(NEXT, "接班")
    await until(room, 26, 8, 31)
    await reimport(room)
    await room.fast_forward(minutes=35)
    assert f"{NEXT} → {NEXT}" not in said(room, "赵文斌")


async def test_a_swap_is_not_approved_when_a_shift_has_changed_hands(room: Room) -> None:
    own, other = await shift_of(room, NEXT), await shift_of(room, "刘芳")
    await room.types(NEXT, f"调班 {own} 刘芳 {other}")
    await room.presses("刘芳", "同意")
    await room.types("陈刚", f"我来顶 {other}")
    assert "班次已变动" in (await room.types(LEADER, f"同意 {own}"))[-1]
    assert await rows(room, "SELECT 1 FROM shifts WHERE source = 'swap'") == []


async def test_a_follow_up_to_a_named_event_never_goes_to_another(room: Room) -> None:
    await room.types(OFFICER, LEAK)
    await room.presses(OFFICER, "取消")
    await room.types(OFFICER, f"首报 {FIRE}")
    assert "E1 不在进行中" in (await room.types(OFFICER, "续报 E1 2人受伤"))[-1]
    assert await rows(room, "SELECT 1 FROM reports WHERE stage = 'followup'") == []
    assert "草稿" in (await room.types(OFFICER, f"首报 E77 {FIRE}"))[-1]


async def test_a_word_joined_to_a_closed_event_stays_offered(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    await room.types(GRID, "首报 3号楼楼顶又有人被困")
    await room.types(OFFICER, "终报 E1 处置完毕")
    await room.types(OFFICER, "发送 E1")
    await room.presses(OFFICER, "并入")
    assert await rows(room, "SELECT state FROM incidents WHERE id = 2") == [("offered",)]


async def test_a_word_nobody_takes_up_is_mentioned_again(room: Room) -> None:
    await room.types(GRID, f"首报 {FIRE}")
    await room.fast_forward(minutes=16)
    assert FIRE in said(room, LEADER)
    assert FIRE in said(room, "杨帆")
    assert sum(FIRE in text for text in room.heard(OFFICER)) >= 2


async def test_words_with_a_file_that_cannot_be_kept_are_handled_all_the_same(room: Room) -> None:
    (room.data / "files").rmdir()
    (room.data / "files").write_text("x")
    answers = await room.sends_file(OFFICER, "现场.jpg", b"xxxx", "记录 巡查完毕")
    assert "已记录" in answers[-1]


async def test_a_photo_with_a_first_report_is_named_in_it(room: Room) -> None:
    await room.sends_file(OFFICER, "现场.jpg", b"xxxx", f"首报 {FIRE}")
    assert "现场.jpg" in str((await rows(room, "SELECT raw FROM incidents"))[0][0])


async def test_the_group_card_moves_with_a_migrated_group(room: Room) -> None:
    group = -4001
    room.api.create_group(group, "值班群", [room.ids[ADMIN], room.ids[OFFICER]])
    room.api.add_bot_to_group(group, by=room.ids[ADMIN])
    await room.settle()
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    new = room.api.migrate(group)
    await room.settle()
    await room.presses(GRID, "收到")
    await room.fast_forward(minutes=1)
    assert any("进度" in m.get("text", "") for m in room.api.chat(new))

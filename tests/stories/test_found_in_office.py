"""What hostile testing of the admin's words found (rules, people, sheets, tasks, figures), each mended."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.stories.room import ZONE, Room

OFFICER, LEADER, ADMIN = "郑伟", "张慧敏", "宋倩"
PEOPLE = "单位,上级单位,层级,角色,AB角,姓名,职务,电话\n"


async def test_a_wait_of_nothing_is_refused_and_a_report_still_goes_out(room: Room) -> None:
    for rule in ("report.followup_every 0s", "report.followup_every 0.0001s", "misc.rollcall 0s"):
        assert "不能小于 1s" in (await room.types(ADMIN, f"设置 {rule}"))[-1]
    for rule in ("roster.look_ahead 99999999d", "misc.invitation 99999999d"):
        assert "不能大于 366d" in (await room.types(ADMIN, f"设置 {rule}"))[-1]
    await room.types(OFFICER, "首报 刚才海棠里社区3号楼起火，1人受伤")
    await room.presses(OFFICER, "发送")
    assert "首报：已报送" in "\n".join(room.heard(OFFICER))


async def test_undoing_takes_back_what_is_named_or_nothing(room: Room) -> None:
    await room.types(ADMIN, "设置 misc.rollcall 10m")
    await room.types(ADMIN, "设置 callout.red.remind 2m")
    for named in ("misc.rollcall", "第1版"):
        said = (await room.types(ADMIN, f"设置 撤销 {named}"))[-1]
        assert "没有改动" in said
        assert "第 2 版 callout.red.remind" in said
    assert "callout.red.remind 2m → 1m" in (await room.types(ADMIN, "设置 撤销 第2版"))[-1]
    assert "misc.rollcall 10m → 5m" in (await room.types(ADMIN, "设置 撤销 misc.rollcall"))[-1]


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("设置callout.red.remind 2m", "1m → 2m"),
        ("设置 Callout.Red.Remind 2m", "1m → 2m"),
        ("设置 callout.red.remind 2m，因为试行", "理由：试行"),
        ("设置callout.red", "callout.red.tell_leader = 5m"),
        ("设置 交接班时刻", "设置 roster.changeover"),
    ],
)
async def test_a_rule_is_found_however_it_is_typed(room: Room, typed: str, answered: str) -> None:
    assert answered in (await room.types(ADMIN, typed))[-1]


async def _two_of_one_name(room: Room) -> None:
    row = "海河机械厂,沽水街道,企业,信息报告员,,王秀兰,安全员,13911112222\n"
    await room.sends_file(ADMIN, "人员.csv", (PEOPLE + row).encode())
    await room.presses(ADMIN, "确认")


async def test_one_of_two_people_of_a_name_is_invited_and_deactivated_by_number(room: Room) -> None:
    await _two_of_one_name(room)
    asked = (await room.types(ADMIN, "邀请 王秀兰"))[-1]
    assert "「王秀兰」有 2 个人，没有改动" in asked
    assert "邀请 13911112222 王秀兰 海河机械厂信息报告员" in asked
    assert "王秀兰 的一次性邀请" in (await room.types(ADMIN, "邀请 王秀兰 13911112222"))[-1]
    assert "王秀兰 的一次性邀请" in (await room.types(ADMIN, "邀请 139-1111-2222"))[-1]
    assert "有 2 个人，没有改动" in (await room.types(ADMIN, "人员 停用 王秀兰"))[-1]
    assert "王秀兰 已停用" in (await room.types(ADMIN, "人员 停用 王秀兰 13911112222"))[-1]
    assert "✅ 王秀兰 海棠里社区责任人A角" in (await room.types(ADMIN, "人员 王秀兰"))[-1]


async def test_who_is_deactivated_with_a_reason_is_deactivated_and_the_reason_kept(room: Room) -> None:
    assert "陈刚 已停用" in (await room.types(ADMIN, "人员 停用 陈刚 调离本街道"))[-1]
    assert "停用账号 陈刚 调离本街道" in (await room.types(ADMIN, "审计"))[-1]
    assert "没有唯一的人" in (await room.types(ADMIN, "人员 停用 周凯凯"))[-1]


async def test_how_somebody_comes_back_who_was_deactivated_is_said(room: Room) -> None:
    await room.types(ADMIN, "人员 停用 刘芳")
    assert "刘芳 已停用，没有改动。要恢复" in (await room.types(ADMIN, "邀请 刘芳"))[-1]
    shown = await room.types(ADMIN, "角色\t姓名\t电话\t单位\n值班员\t刘芳\t13800000001\t沽水街道")
    assert "1 人。\n没有错误" in shown[-1]
    await room.presses(ADMIN, "确认")
    assert "刘芳 的一次性邀请" in (await room.types(ADMIN, "邀请 刘芳"))[-1]


@pytest.mark.parametrize(
    "pasted",
    [
        "单位\t角色\t姓名\t电话\n沽水街道\t值班员\t马十一\t13811110011",
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话\n沽水街道,,街道,值班员,,马十一,干部,13811110011",
        "单位 角色 姓名 电话\n沽水街道 值班员 马十一 13811110011",
        "导入\n单位，角色，姓名，电话\n沽水街道，值班员，马十一，13811110011",
    ],
)
async def test_a_pasted_people_table_is_read_and_not_taken_for_a_command(room: Room, pasted: str) -> None:
    assert "1 人。\n没有错误" in (await room.types(ADMIN, pasted))[-1]
    await room.presses(ADMIN, "确认")
    assert "马十一 沽水街道值班员 13811110011" in (await room.types(ADMIN, "人员 马十一"))[-1]


async def test_what_is_no_person_and_no_unit_is_said_so_with_the_way_on(room: Room) -> None:
    for words in ("人员 陈刚 电话 13900001111", "人员 新增 李明 13800138000", "单位 新增 测试里社区"):
        said = (await room.types(ADMIN, words))[-1]
        assert f"没有找到「{words.split(maxsplit=1)[1]}」" in said
        assert "连同表头发到这里" in said
    assert "请写姓名" in (await room.types(ADMIN, "邀请"))[-1]


async def test_a_preview_with_a_wrong_number_does_not_say_that_the_number_becomes_nothing(
    room: Room,
) -> None:
    row = "沽水街道,,街道,值班员,,周凯,值班室干部,1380000000\n"
    shown = (await room.sends_file(ADMIN, "人员.csv", (PEOPLE + row).encode()))[-1]
    assert "手机号有 10 位" in shown
    assert "电话改为" not in shown


async def test_on_the_last_day_of_the_year_the_first_of_the_next_is_asked_about(tmp_path: Path) -> None:
    room = await Room(tmp_path / "data", datetime(2026, 12, 31, 10, 0, tzinfo=ZONE)).open()
    await room.lay_street()
    said = (await room.types(OFFICER, "值班 1.1"))[-1]
    assert "1月1日（周五）值班" in said
    assert "无人排班" not in said
    assert "沽水街道2027年1月值班表" in (await room.types(OFFICER, "值班表 1月"))[0]
    assert "正在排 1月1日至1月31日的班" in (await room.types(ADMIN, "排班 1月"))[0]
    assert "立即生效" in (await room.types("刘芳", "我来顶 1.2"))[-1]
    await room.close()


@pytest.mark.parametrize(
    ("typed", "month"), [("12月", "2025-12"), ("去年12月", "2025-12"), ("今年3月", "2026-03")]
)
async def test_figures_are_of_a_month_that_is_past(room: Room, typed: str, month: str) -> None:
    assert f"{month} 统计" in (await room.types(ADMIN, f"统计 {typed}"))[-1]


async def test_who_stands_that_day_already_is_asked_which_shift_to_stand_in_for(room: Room) -> None:
    said = (await room.types("何琳", "我来顶 明天"))[-1]
    assert "立即生效" not in said
    assert "「我来顶」指哪一个" in said


ROSTER = "日期,带班领导,值班人员\n"


async def test_a_sheet_that_undoes_a_swap_says_so_before_and_both_sides_hear_of_it_after(room: Room) -> None:
    await room.types("刘芳", "调班 S14 陈刚")
    await room.types("陈刚", "同意 S14")
    await room.types(LEADER, "同意 S14")
    rows = "7.27,孙立新,刘芳\n7.28,张慧敏,陈刚\n"
    shown = (await room.sends_file(ADMIN, "值班表.csv", (ROSTER + rows).encode()))[-1]
    assert "⚠️ 7月27日 主班「陈刚」：已调班、顶班或确认，发布后改为 刘芳" in shown
    assert shown.count("发布后改为") == 1
    await room.presses(ADMIN, "确认")
    for name in ("陈刚", "刘芳"):
        assert "主班（7月27日（周一） 08:30）由 陈刚 改为 刘芳" in room.last(name)
    again = (await room.sends_file(ADMIN, "值班表.csv", (ROSTER + rows).encode()))[-1]
    assert "发布后改为" not in again


async def test_a_sheet_that_changes_who_is_on_duty_now_says_so_and_they_hear_of_it(room: Room) -> None:
    shown = (await room.sends_file(ADMIN, "值班表.csv", (ROSTER + "7.25,张慧敏,何琳\n").encode()))[-1]
    assert "7月25日 主班「郑伟」：正在值班，发布后改为 何琳" in shown
    await room.presses(ADMIN, "确认")
    assert "由 郑伟 改为 何琳" in "\n".join(room.heard(OFFICER))


async def test_a_sheet_of_days_that_are_past_says_so_with_the_year(room: Room) -> None:
    old = "2025-08-01,张慧敏,郑伟\n2025-08-02,李建国,何琳\n"
    shown = (await room.sends_file(ADMIN, "值班表.csv", (ROSTER + old).encode()))[-1]
    assert "日期「2025-08-01 至 2025-08-02」：已经过去" in shown


@pytest.mark.parametrize("head", ["值班表", "排班", "值班", "值班安排："])
async def test_a_pasted_roster_with_a_title_over_it_is_read(room: Room, head: str) -> None:
    said = (await room.types(ADMIN, f"{head}\n8.15 张慧敏 刘芳\n8.16 李建国 周凯"))[-1]
    assert "读出 2 天（8月15日至8月16日），4 班" in said


async def test_a_leave_sheet_says_which_shifts_it_touches(room: Room) -> None:
    rows = "姓名,开始,结束,事由\n刘芳,8.20,8.22,年休\n何琳,7.26,7.26,病假\n"
    shown = (await room.sends_file(ADMIN, "请假.csv", rows.encode()))[-1]
    assert "何琳 2026-07-26 至 2026-07-26 病假 ⚠️这几天有班：S10 主班 07-26" in shown
    assert "刘芳 2026-08-20 至 2026-08-22 年休\n" in shown


async def test_a_leave_sheet_may_hold_both_ends_in_one_cell(room: Room) -> None:
    rows = "姓名,休假时间,事由\n刘芳,8月20日-8月22日,年休\n何琳,8.23至8.24,探亲\n周凯,2026-08-25~2026-08-26,\n吴静,8月27日,体检\n"
    shown = (await room.sends_file(ADMIN, "休假.csv", rows.encode("gbk")))[-1]
    assert "读出请假 4 条" in shown
    for line in (
        "刘芳 2026-08-20 至 2026-08-22",
        "何琳 2026-08-23 至 2026-08-24",
        "周凯 2026-08-25 至 2026-08-26",
    ):
        assert line in shown
    assert "吴静 2026-08-27 至 2026-08-27" in shown


async def test_an_obligation_met_by_two_villages_is_recorded_for_both(room: Room) -> None:
    said = (await room.types(ADMIN, "周期任务 完成 O-02 海棠里社区和柳湾社区、东柳村 会议纪要"))[-1]
    assert "本期已完成 3/22 村" in said
    assert "柳湾社区 会议纪要" in said
    assert "没有记录" in (await room.types(ADMIN, "周期任务 完成 O-02 福安里社区、不存在村 纪要"))[-1]
    assert "3/22 村" in (await room.types(ADMIN, "周期任务"))[-1]


async def test_why_a_handover_was_not_forced_is_said(room: Room) -> None:
    assert "王秀兰 不是值班员、副班，不能接班" in (await room.types(LEADER, "强制交接 王秀兰 病"))[-1]
    assert "请写明由 何琳 接班的原因" in (await room.types(LEADER, "强制交接 何琳"))[-1]
    assert "原因：郑伟突发疾病" in (await room.types(LEADER, "强制交接给何琳，郑伟突发疾病"))[0]


async def test_a_scheme_that_leaves_hours_without_a_shift_says_so(room: Room) -> None:
    assert "没有班次" not in (await room.types(ADMIN, "班制"))[-1]
    said = (await room.types(ADMIN, "班制 班次 夜班 17:30-08:30 主班1"))[-1]
    assert "⚠️ 主班 08:30-17:30 没有班次" in said
    assert "⚠️ 带班领导 全天 没有班次" in said
    said = (await room.types(ADMIN, "班制 班次 白班 08:30-17:30 主班1 带班领导1"))[-1]
    assert "⚠️ 主班" not in said
    assert "⚠️ 带班领导 17:30-08:30 没有班次" in said

"""Leave asked, granted, ended; the office's scheme of shifts shown and changed; the roster follows both."""

from tests.stories.room import Room

OFFICER, LEADER, ADMIN = "何琳", "张慧敏", "宋倩"


async def test_leave_is_asked_granted_and_its_shifts_are_named(room: Room) -> None:
    card = (await room.types(OFFICER, "请假 7.26-7.28 家中有事"))[-1]
    assert "请假 Q1 何琳 7月26日至7月28日（家中有事）：待批准" in card
    assert "这几天有 1 个班" in card
    assert "请批准" in room.last(LEADER)
    await room.presses(LEADER, "同意")
    assert "已批准：何琳 请假 Q1 7月26日至7月28日（张慧敏）" in room.last(OFFICER)
    told = next(text for text in room.heard(ADMIN) if "值班表发现问题" in text)
    assert "请假期间有班：7月26日（周日） 08:30" in told
    assert "何琳" in told
    assert "Q1 何琳 7.26-7.28 家中有事 已批准" in (await room.types(LEADER, "请假"))[-1]


async def test_leave_ends_early_and_cannot_be_granted_twice(room: Room) -> None:
    await room.types(OFFICER, "请假 明天 看病")
    assert "已有请假" in (await room.types(OFFICER, "请假 7.26 看病"))[-1]
    await room.types(LEADER, "不同意 Q1")
    assert "没有批准" in room.last(OFFICER)
    assert "没有批准" in (await room.types(LEADER, "同意 Q1"))[-1]
    await room.types(ADMIN, "请假 何琳 8.1至8.3 年休假")
    assert "已批准" in room.last(OFFICER)
    assert "已销假" in (await room.types(OFFICER, "销假 Q2"))[-1]
    assert "已经销假" in (await room.types(OFFICER, "销假 Q2"))[-1]


async def test_who_may_not_decide_or_enter_leave_is_told(room: Room) -> None:
    await room.types(LEADER, "请假 8.5 开会")
    assert "不能批准自己的请假" in (await room.types(LEADER, "同意 Q1"))[-1]
    assert "管理员" in (await room.types(OFFICER, "请假 刘芳 8.1 年休假"))[-1]
    assert "没有看懂" in (await room.types(OFFICER, "请假 改天"))[-1]
    assert "管理员" in (await room.types("王秀兰", "请假 8.1"))[-1]


async def test_the_scheme_is_shown_and_changed_line_by_line(room: Room) -> None:
    shown = (await room.types(ADMIN, "班制"))[-1]
    assert "全天 08:30-08:30 每天 带班领导1 主班1" in shown
    assert "2026 年节假日安排：已有" in shown
    assert "2027 年节假日安排：尚未公布" in shown
    await room.types(ADMIN, "班制 班次 带班 08:30-08:30 带班领导1")
    await room.types(ADMIN, "班制 班次 白班 8：30－17：30 主班1 副班1")
    shown = (await room.types(ADMIN, "班制 夜班 17:30-次日08:30 主班1"))[-1]
    assert "· 白班 08:30-17:30 每天 主班1 副班1" in shown
    assert "· 夜班 17:30-08:30 每天 主班1" in shown
    shown = (await room.types(ADMIN, "班制 加强 国庆 2026.10.1-10.7 带班领导2"))[-1]
    assert "加强 国庆：2026年10月1日至10月7日 带班领导2" in shown
    assert "夜班" not in (await room.types(ADMIN, "班制 删 夜班"))[-1].split("改动例如")[0]
    await room.types(ADMIN, "设置 撤销")
    assert "· 夜班 17:30-08:30" in (await room.types(ADMIN, "班制"))[-1]


async def test_an_offices_own_post_is_wanted_and_covered(room: Room) -> None:
    await room.types(ADMIN, "班制 岗位 值班长 值班员 副班")
    shown = (await room.types(ADMIN, "班制 班次 全天 08:30-08:30 带班领导1 主班1 值班长1"))[-1]
    assert "值班长" in shown
    assert any("空岗" in text and "值班长" in text for text in room.heard(ADMIN))
    assert "值班长：无人排班" in (await room.types("郑伟", "值班"))[-1]
    assert "顶上空岗" in "\n".join(await room.types("陈刚", "我来顶"))
    assert "值班长：陈刚" in (await room.types("郑伟", "值班"))[-1]


async def test_what_is_wrong_in_a_scheme_is_said_with_the_right_form(room: Room) -> None:
    for text, words in (
        ("班制 班次 夜班 25:00-08:00", "没有 25:00"),
        ("班制 班次 夜班", "班次写作"),
        ("班制 班次 夜班 17:30-08:30 主任1", "没有「主任」这个岗位"),
        ("班制 加强 国庆 10.1 带班领导2", "加强值班写作"),
        ("班制 不同班 刘芳 王五", "没有「王五」"),
        ("班制 删 中班", "没有「中班」"),
        ("班制 什么", "没有看懂"),
    ):
        assert words in (await room.types(ADMIN, text))[-1], text
    assert "管理员" in (await room.types(OFFICER, "班制"))[-1]


async def test_two_people_kept_apart_are_not_put_on_the_same_day(room: Room) -> None:
    await room.types(ADMIN, "班制 不同班 刘芳 冯磊")
    assert "不同班：刘芳 冯磊" in (await room.types(ADMIN, "班制"))[-1]
    await room.types(ADMIN, "排班 2026-09")
    await room.presses(ADMIN, "确认")
    for day in range(1, 31):
        answer = (await room.types(ADMIN, f"值班 9.{day}"))[-1]
        assert not ("刘芳" in answer and "冯磊" in answer), day


async def test_the_years_holidays_come_as_a_table(room: Room) -> None:
    table = "2027年节假日安排,,\n日期,类型,名称\n2027-02-05至2027-02-11,放假,春节\n2027-02-14,调休上班,春节\n"
    await room.sends_file(ADMIN, "2027节假日.csv", table.encode())
    assert "读出节假日安排 8 天" in room.last(ADMIN)
    await room.presses(ADMIN, "确认")
    assert "节假日安排已导入" in "\n".join(room.heard(ADMIN))
    assert "2027 年节假日安排：已有" in (await room.types(ADMIN, "班制"))[-1]
    assert "春节" in (await room.types(ADMIN, "值班 2027-02-06"))[-1]
    assert "调休上班" in (await room.types(ADMIN, "值班 2027-02-14"))[-1]


async def test_leave_and_shifts_come_as_sheets_with_errors_by_cell(room: Room) -> None:
    leave = "姓名,开始,结束,事由\n何琳,7.28,7.30,年休假\n何林,8.1,8.2,看病\n刘芳,8.5,8.3,看病\n"
    await room.sends_file(ADMIN, "请假.csv", leave.encode())
    assert "A3(姓名)「何林」" in room.last(ADMIN)
    assert "何琳" in room.last(ADMIN)
    assert "C4(结束)「8.3」：结束日期早于开始日期" in room.last(ADMIN)
    await room.sends_file(ADMIN, "请假.csv", "姓名,开始,结束,事由\n何琳,7.28,7.30,年休假\n".encode())
    await room.presses(ADMIN, "确认")
    assert "Q1 何琳 7.28-7.30 年休假 已批准" in (await room.types(ADMIN, "请假"))[-1]
    shifts = "班次,起止时间,适用日,人数\n白班,8:30-17:30,工作日、调休上班,主班1\n夜班,17:30-8:30,,主班1 带班领导1\n"
    await room.sends_file(ADMIN, "班次.csv", shifts.encode())
    await room.presses(ADMIN, "确认")
    shown = (await room.types(ADMIN, "班制"))[-1]
    assert "· 白班 08:30-17:30 工作日、调休上班 主班1" in shown
    assert "· 夜班 17:30-08:30 每天 主班1 带班领导1" in shown

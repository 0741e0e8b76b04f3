"""An admin's spreadsheet is previewed with the place of every error, then laid in whole or not at all."""

from tests.stories.room import Room

ADMIN, OFFICER = "宋倩", "郑伟"
HEADER = "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
ROSTER = "日期,带班领导,值班人员\n"


async def _sends(room: Room, text: str, name: str = "表.csv") -> str:
    return (await room.sends_file(ADMIN, name, text.encode("gb18030")))[-1]


async def test_a_new_person_is_previewed_confirmed_invited_and_bound(room: Room) -> None:
    shown = await _sends(room, HEADER + "柳湾社区,沽水街道,社区,信息报告员,,新来的,报告员,13900000009,\n")
    assert "读出" in shown
    assert "1 人" in shown
    assert "没有新来的" not in (await room.types(ADMIN, "人员 新来的"))[-1]
    await room.presses(ADMIN, "确认")
    assert "已导入" in "\n".join(room.heard(ADMIN))
    invitation = (await room.types(ADMIN, "邀请 新来的"))[-1]
    code = invitation.split("start=")[1].split()[0]
    room.ids["新来的"] = 999002
    room.api.add_account(999002, "新来的")
    assert "新来的" in (await room.types("新来的", f"/start {code}"))[-1]
    assert "首报" in (await room.types("新来的", "帮助"))[-1]
    room.ids["别人"] = 999003
    room.api.add_account(999003, "别人")
    assert "已用过" in (await room.types("别人", f"/start {code}"))[-1]


async def test_an_invitation_ends_with_its_time_and_with_the_next_one(room: Room) -> None:
    async def invited() -> str:
        return (await room.types(ADMIN, f"邀请 {OFFICER}"))[-1].split("start=")[1].split()[0]

    first, second = await invited(), await invited()
    assert len(first) * 6 >= 128, "so many bits that nobody guesses one"
    room.ids["生人"] = 999004
    room.api.add_account(999004, "生人")
    assert "不对" in (await room.types("生人", f"/start {first}"))[-1], "a newer one ends the older"
    assert "不对" in (await room.types("生人", f"/start {second[:-1]}x"))[-1]
    await room.fast_forward(hours=73)
    assert "已过期" in (await room.types("生人", f"/start {second}"))[-1]


async def test_errors_are_shown_with_their_place_and_nothing_is_laid_in(room: Room) -> None:
    shown = await _sends(
        room, HEADER + "柳湾社区,沽水街道,社区,责任人,A,甲,书记,电话不对,\n柳湾社区,,社区,大王,B,乙,,,\n"
    )
    assert "错误" in shown
    assert "整表未导入" in shown
    assert "确认" not in room.buttons(ADMIN)
    assert "还有错误" in (await room.types(ADMIN, "确认 D1"))[-1]
    assert "赵永明" in (await room.types(ADMIN, "单位 柳湾"))[-1]


async def test_a_roster_names_unknown_people_and_wrong_dates_by_their_place(room: Room) -> None:
    shown = await _sends(room, ROSTER + "2026-08-01,张慧敏,无此人\n2026-13-40,张慧敏,郑伟\n")
    assert "无此人" in shown
    assert "2026-13-40" in shown
    assert "2 处错误" in shown


async def test_a_roster_with_a_gap_needs_a_reason(room: Room) -> None:
    shown = await _sends(room, ROSTER + "2026-08-01,张慧敏,\n2026-08-02,张慧敏,郑伟\n")
    assert "8月1日 主班" in shown
    assert "确认" not in room.buttons(ADMIN)
    assert "没有发布" in (await room.types(ADMIN, "确认 D1"))[-1]
    assert "已发布" in (await room.types(ADMIN, "确认 D1 因为 国庆班表待补"))[-1]
    assert "无人排班" in (await room.types(OFFICER, "值班 8.1"))[-1]


async def test_a_confirmed_or_cancelled_sheet_is_not_laid_in_again(room: Room) -> None:
    await _sends(room, ROSTER + "2026-08-01,张慧敏,郑伟\n")
    await room.presses(ADMIN, "取消")
    assert "已取消" in (await room.types(ADMIN, "确认 D1"))[-1]
    assert "没有排班" in (await room.types(OFFICER, "值班 8.20"))[-1]
    await _sends(room, ROSTER + "2026-08-20,张慧敏,郑伟\n")
    await room.types(ADMIN, "确认 D2")
    assert "已导入过" in (await room.types(ADMIN, "确认 D2"))[-1]
    assert "已导入过" in (await room.types(ADMIN, "取消 D2"))[-1]


async def test_only_the_admin_confirms(room: Room) -> None:
    await _sends(room, ROSTER + "2026-08-20,张慧敏,郑伟\n")
    assert "管理员" in (await room.types(OFFICER, "确认 D1"))[-1]
    assert "没有排班" in (await room.types(OFFICER, "值班 8.20"))[-1]


async def test_a_roster_for_the_running_day_moves_no_watch(room: Room) -> None:
    await _sends(room, ROSTER + "2026-07-25,张慧敏,何琳\n")
    await room.presses(ADMIN, "确认")
    answer = (await room.types(OFFICER, "值班"))[-1]
    assert "主班：郑伟" in answer
    assert "待接班：何琳" in answer


async def test_a_revoked_person_is_a_stranger_at_once(room: Room) -> None:
    assert "停用" in (await room.types(ADMIN, "人员 停用 刘海芝"))[-1]
    assert "邀请" in (await room.types("刘海芝", "值班"))[-1]


async def test_an_admin_who_asks_for_import_is_told_what_to_send(room: Room) -> None:
    answer = (await room.types(ADMIN, "导入"))[-1]
    assert "人员表：" in answer
    assert "值班表：" in answer


async def test_a_sheet_says_whose_roles_end_before_it_is_confirmed(room: Room) -> None:
    header = "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
    new = "柳湾社区,沽水街道,社区,责任人,A,钱新人,书记,13900000001,\n"
    shown = (await room.sends_file(ADMIN, "人员.csv", (header + new).encode()))[-1]
    assert "⚠️ 柳湾社区「A角 赵永明」：导入后改由 钱新人 担任" in shown
    assert "⚠️ 柳湾社区「B角 黄淑军」：表里没有，导入后空缺" in shown
    same = "柳湾社区,沽水街道,社区,责任人,A,赵永明,书记,13800000031,\n柳湾社区,沽水街道,社区,责任人,B,黄淑军,副书记,13800000032,\n"
    assert "⚠️" not in (await room.sends_file(ADMIN, "人员.csv", (header + same).encode()))[-1]

"""What people say and send that was not understood, or understood as something else, each mended."""

from domain.people import Role
from storage import people
from tests.stories.room import Room
from tests.stories.test_handover import _holder, _until

OUT, IN, LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "宋倩"


async def test_a_watch_forced_in_the_middle_of_a_shift_makes_watch_and_roster_say_the_same(
    room: Room,
) -> None:
    await room.types(LEADER, f"强制交接 {IN} {OUT}突发疾病送医")
    assert f"主班：{IN}" in await _holder(room)
    assert f"主班：{IN}" in (await room.types(ADMIN, "值班 今天"))[-1]
    assert f"主班：{IN}" in (await room.types(ADMIN, "值班 明天"))[-1]
    await _until(room, 26, "08:25")
    assert f"{IN} → 接班 {IN}" in (await room.types(IN, "交班"))[-1]
    await room.presses(IN, "交班")
    await room.presses(IN, "接班")
    await _until(room, 27, "08:25")
    assert f"交班 {IN} → 接班 刘芳" in (await room.types(IN, "交班"))[-1]


PEOPLE = "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"


async def _people(room: Room, *rows: str) -> str:
    await room.sends_file(ADMIN, "人员.csv", (PEOPLE + "\n".join(rows) + "\n").encode())
    shown = room.last(ADMIN)
    await room.presses(ADMIN, "确认")
    return shown


async def test_somebody_deactivated_and_imported_again_is_the_same_person(room: Room) -> None:
    async with room.app.db.read() as tx:
        (before,) = await people.by_name(tx, "刘芳")
    await room.types(ADMIN, "人员 停用 刘芳")
    shown = await _people(room, f"沽水街道,,街道,副班,,刘芳,科员,{before.phone},{before.telegram_id}")
    assert f"⚠️ 刘芳「{before.phone}」：曾停用，导入后重新启用" in shown
    async with room.app.db.read() as tx:
        (after,) = await people.by_name(tx, "刘芳")
    assert after.id == before.id
    assert after.roles == {Role.DEPUTY}, "what was held before the end is not held again unsaid"
    assert "重新启用" in (await room.types(ADMIN, "审计"))[-1]


async def test_somebody_with_a_new_number_is_the_same_person_where_unit_and_role_are(room: Room) -> None:
    async with room.app.db.read() as tx:
        (before,) = await people.by_name(tx, "刘芳")
    await room.types(ADMIN, "人员 停用 刘芳")
    other = await _people(room, "海棠里社区,沽水街道,社区,信息报告员,,刘芳,网格员,13911110000,")
    assert "重新启用" not in other
    shown = await _people(room, f"{before.posts[0].unit},,街道,值班员,,刘芳,科员,13911112222,")
    assert "曾停用，导入后重新启用" in shown
    async with room.app.db.read() as tx:
        assert before.id in {one.id for one in await people.by_name(tx, "刘芳")}


async def test_a_rung_is_not_put_behind_the_one_above_it(room: Room) -> None:
    said = (await room.types(ADMIN, "设置 red.remind 1h"))[-1]
    assert "callout.red.remind" in said, "the whole key is shown"
    said = (await room.types(ADMIN, "设置 callout.red.remind 1h"))[-1]
    assert "催A角（remind 1h）不能晚于告知B角（tell_b 2m）" in said
    assert "没有改动" in said
    said = (await room.types(ADMIN, "设置 callout.red.overdue 3m"))[-1]
    assert "告知带班领导（tell_leader 5m）不能晚于算未叫通（overdue 3m）" in said
    assert "5m → -" in (await room.types(ADMIN, "设置 callout.red.tell_leader -"))[-1]
    assert "10m → 3m" in (await room.types(ADMIN, "设置 callout.red.overdue 3m"))[-1]
    said = (await room.types(ADMIN, "设置 handover.tell_admin_after 5m"))[-1]
    assert "无人接班告知领导（tell_leader_after 10m）不能晚于告知管理员（tell_admin_after 5m）" in said
    said = (await room.types(ADMIN, "设置 roster.late_to_leader 1h"))[-1]
    assert (
        "未到岗告知带班领导（late_to_leader 1h）不能晚于告知管理员找替班（late_to_substitutes 20m）" in said
    )


async def test_a_roll_call_goes_to_who_is_named(room: Room) -> None:
    said = await room.types(LEADER, f"点名 {IN}、杨帆")
    assert f"：{IN} 13800000006" in said[0]
    assert "：杨帆 13800000016" in said[1]
    assert "点名" not in "\n".join(room.heard(OUT))
    code = room.last(IN).rsplit("点名 ", 1)[1][:4]
    assert "按时" in (await room.types(IN, f"点名 {code}"))[-1]
    assert "点名 R1：何琳 按时应答" in room.last(LEADER)
    assert "赵文斌 13800000010" in (await room.types("崔海波", "点名 赵文斌"))[-1]
    code = room.last("赵文斌").rsplit("点名 ", 1)[1][:4]
    assert "点名 R4" in (await room.types("赵文斌", "点名 吴静"))[-1], "who is called may call others"
    assert "按时" in (await room.types("赵文斌", f"点名 {code}"))[-1]


async def test_a_roll_call_of_nobody_known_shows_the_form(room: Room) -> None:
    for words in ("王秀兰", "何淋", "何琳 何淋", "全体"):
        said = (await room.types(LEADER, f"点名 {words}"))[-1]
        assert "没有点名" in said, words
        assert "点名 何琳" in said, words
    assert "点名" not in "\n".join(room.heard(IN))
    assert f"：{OUT} " in (await room.types(LEADER, "点名 值班员"))[-1]

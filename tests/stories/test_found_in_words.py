"""What people say and send that was not understood, or understood as something else, each mended."""

import pytest

from domain.people import Role
from storage import finding, incident, people
from tests.stories.room import Room
from tests.stories.test_handover import _holder, _until

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
OUT, IN, LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "宋倩"


async def test_a_watch_forced_in_the_middle_of_a_shift_makes_watch_and_roster_say_the_same(
    room: Room,
) -> None:
    said = (await room.types(LEADER, f"强制交接 {IN} {OUT}突发疾病送医"))[0]
    assert (
        f"⚠️ {IN} 接着还有 明天 08:30 的班 S10，连续值班。要换人，请 {IN} 或管理员输入：调班 S10 对方姓名"
        in said
    )
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
    async with room.app.db.read() as tx:
        assert "left" not in {o.finding.kind.value for o in await finding.standing(tx)}


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


@pytest.mark.parametrize(
    "words",
    ["7月26日 刘芳", "明天 和刘芳", "明天的班给刘芳", "刘芳 7.26", "明天和刘芳换班", "26号 刘芳，家里有事"],
)
async def test_a_swap_is_asked_for_by_its_day(room: Room, words: str) -> None:
    said = (await room.types(IN, f"调班 {words}"))[-1]
    assert "刘芳" in said, words
    assert "S10 调班已发给 刘芳" in said
    assert "同意" in room.buttons("刘芳")


async def test_two_shifts_are_exchanged_by_their_days(room: Room) -> None:
    said = (await room.types(IN, "调班 7.26 刘芳 7.27 家中有事"))[-1]
    assert "S10 调班已发给 刘芳" in said
    assert "7月27日" in room.last("刘芳") or "07-27" in room.last("刘芳")
    assert "家中有事" in room.last("刘芳")
    assert f"{IN} 7月29日 没有班" in (await room.types(IN, "调班 7.29 刘芳"))[-1]
    assert "调班 7月28日 刘芳" in (await room.types(IN, "调班 下次 刘芳"))[-1]
    assert "请写两个人" in (await room.types(ADMIN, "调班 7.28 刘芳"))[-1]
    said = (await room.types(ADMIN, "调班 7.28 陈刚 吴静 临时出差"))[-1]
    assert "（代 陈刚）已发给 吴静" in said
    said = (await room.types(OUT, "调班 7.31 刘芳 陪周凯去医院"))[-1]
    assert "调班已发给 刘芳" in said, "the other name belongs to the reason"


async def test_several_people_are_deactivated_at_once_and_one_of_a_name_by_the_unit(room: Room) -> None:
    assert "请写姓名" in (await room.types(ADMIN, "停用"))[-1]
    said = await room.types(ADMIN, "停用 刘芳、周凯")
    assert "刘芳 已停用" in "\n".join(said)
    assert "周凯 已停用" in "\n".join(said)
    await _people(room, "海河机械厂,沽水街道,企业,信息报告员,,王秀兰,安全员,13911112222,")
    assert "「王秀兰」有 2 个人，没有改动" in (await room.types(ADMIN, "停用 王秀兰"))[-1]
    assert "王秀兰 已停用" in (await room.types(ADMIN, "停用 王秀兰 海河机械厂"))[-1]
    assert "✅ 王秀兰 海棠里社区责任人A角" in (await room.types(ADMIN, "人员 王秀兰"))[-1]


async def test_an_admin_ends_the_leave_of_another_by_name(room: Room) -> None:
    await room.types(ADMIN, "请假 刘芳 7.27-7.30 年休假")
    await room.types(IN, "请假 7.28-7.29 看病")
    said = (await room.types(IN, "销假 刘芳"))[-1]
    assert "只有" in said
    assert "没有等您「销假」" in (await room.types(IN, "销假 陈刚"))[-1], "not one's own instead"
    assert "已销假" in (await room.types(ADMIN, "销假 刘芳"))[-1]
    assert "已销假" in (await room.types(IN, "销假 提前好了"))[-1]


async def test_the_newest_changes_of_all_rules_are_shown(room: Room) -> None:
    assert "没有改动过" in (await room.types(ADMIN, "设置 历史"))[-1]
    await room.types(ADMIN, "设置 misc.rollcall 10m")
    await room.types(ADMIN, "设置 callout.red.remind 2m")
    said = (await room.types(ADMIN, "设置 历史"))[-1]
    assert "misc.rollcall → 10m" in said
    assert said.index("第 2 版") < said.index("第 1 版")


async def test_who_is_on_for_several_days_is_shown_at_once(room: Room) -> None:
    for words in ("值班 7.25-7.28", "值班 7月25日到28日", "值班 今天至7.28", "值班7.25-7.28", "值班 25-28号"):
        said = (await room.types(ADMIN, words))[-1]
        assert "7月25日（周六）" in said, words
        assert "主班 郑伟" in said
        assert "7月28日（周二）" in said
        assert "7月29日" not in said
    assert "今年没有「2.29」这一天" in (await room.types(ADMIN, "值班 2.29"))[-1]
    assert "值班表 2026-07" in (await room.types(ADMIN, "值班 7.1-8.30"))[-1]
    assert "主班：何琳" in (await room.types(ADMIN, "值班 2026-07-26"))[-1]


async def test_an_admin_sets_how_often_an_obligation_is_due_that_the_document_leaves_open(room: Room) -> None:
    listed = (await room.types(ADMIN, "周期任务"))[-1]
    assert "周期任务 频次 O-" in listed
    assert "还没有设定频次" in (await room.types(OUT, "周期任务 完成 O-17 巡查记录"))[-1]
    assert "只有" in (await room.types(OUT, "周期任务 频次 O-17 每月"))[-1]
    said = (await room.types(ADMIN, "周期任务频次：O17 每月，因为 汛期"))[-1]
    assert "O-17 每月" in said
    assert "理由：汛期" in said
    assert "每月，2026-07 还剩 6 天" in (await room.types(OUT, "周期任务"))[-1]
    assert "O-17" in (await room.types(OUT, "周期任务 完成 O-17 巡查记录"))[-1]
    assert "可写 每月、每季度、每半年、每年" in (await room.types(ADMIN, "周期任务 频次 O-17 每周"))[-1]
    assert "O-01 不是文件未定频次的任务" in (await room.types(ADMIN, "周期任务 频次 O-01 每年"))[-1]
    assert "请写明哪一项" in (await room.types(ADMIN, "周期任务 频次"))[-1]
    assert "O-17 每月 → " in (await room.types(ADMIN, "周期任务 频次 O-17 未设定"))[-1]


LEAVE = "姓名,开始,结束,事由\n"


async def test_overlapping_leaves_of_a_sheet_are_one(room: Room) -> None:
    rows = (
        "刘芳,8.20,8.22,年休\n何琳,8.1,8.2,病假\n刘芳,8.22,8.25,探亲\n刘芳,8.21,8.21,年休\n刘芳,8.26,8.26,\n"
    )
    shown = (await room.sends_file(ADMIN, "请假.csv", (LEAVE + rows).encode()))[-1]
    assert "刘芳 2026-08-20 至 2026-08-25 年休、探亲（3 行重叠，合为一段）" in shown
    assert "何琳 2026-08-01 至 2026-08-02 病假 ⚠️这几天有班" in shown
    await room.presses(ADMIN, "确认")
    listed = (await room.types(ADMIN, "请假"))[-1]
    assert listed.count("刘芳") == 2
    assert "8.20-8.25" in listed


async def test_leave_of_a_sheet_that_overlaps_what_stands_is_not_kept_twice(room: Room) -> None:
    await room.types(ADMIN, "请假 刘芳 8.20-8.25 年休")
    shown = (await room.sends_file(ADMIN, "请假.csv", f"{LEAVE}刘芳,8.21,8.22,年休\n".encode()))[-1]
    assert "（已登记 Q1，不再登记）" in shown
    await room.presses(ADMIN, "确认")
    assert (await room.types(ADMIN, "请假"))[-1].count("刘芳") == 1
    shown = (await room.sends_file(ADMIN, "请假.csv", f"{LEAVE}刘芳,8.24,8.28,年休\n".encode()))[-1]
    assert "与已登记的 Q1（2026-08-20 至 2026-08-25）重叠" in shown
    assert "销假 Q1" in shown


async def test_why_somebody_is_away_is_read_by_that_person_leaders_and_admins_only(room: Room) -> None:
    await room.types(IN, "请假 7.28-7.30 化疗")
    assert IN not in (await room.types("刘芳", "请假"))[-1], "not granted yet"
    assert "化疗" in room.last(LEADER)
    await room.types(LEADER, "同意 Q1 保重")
    for other in ("刘芳", "杨帆", "高建平"):
        said = (await room.types(other, "请假"))[-1]
        assert "Q1 何琳 7.28-7.30 已批准" in said, other
    for words in ("Q1", "日志 请假", "日志 今天", "日志 Q1"):
        said = "\n".join(await room.types("刘芳", words))
        assert IN in said, words
        assert "化疗" not in said, words
    for reader in (IN, LEADER, ADMIN):
        assert "化疗" in (await room.types(reader, "请假"))[-1], reader


FIRE = "首报 刚才海棠里社区3号楼起火，1人受伤"


async def test_a_leaders_words_for_a_follow_up_reach_the_officer_who_sends_them(room: Room) -> None:
    await room.types(OUT, FIRE)
    await room.presses(OUT, "发送")
    said = (await room.types(LEADER, "续报 E1 明火已灭，2人受伤送医"))[-1]
    assert f"续报由值班员发送，您写的已转给值班员 {OUT}" in said
    heard = room.last(OUT)
    assert f"E1 海棠里社区3号楼 火灾：带班领导 {LEADER} 补充" in heard
    assert "2人受伤送医" in heard
    await room.presses(OUT, "续报")
    assert "2人受伤" in room.last_words(OUT) or "受伤 2人" in room.last_words(OUT)
    await room.presses(OUT, "发送")
    assert "签发" in room.buttons(LEADER)


async def test_a_leaders_final_report_is_offered_to_the_officer_as_one(room: Room) -> None:
    assert "没有" in (await room.types(LEADER, "终报 处置完毕"))[-1]
    await room.types(OUT, FIRE)
    await room.presses(OUT, "发送")
    assert "请写明 E1 有什么变化" in (await room.types(LEADER, "续报 E1"))[-1]
    assert f"已转给值班员 {OUT}" in (await room.types(LEADER, "终报 处置完毕，人员全部返回"))[-1]
    await room.presses(OUT, "终报")
    assert "终报" in room.last_words(OUT)


async def _photo(room: Room, name: str, caption: str, answers: str = "") -> str:
    before = len(room.heard(name))
    own = room.api.chat(room.ids[name])
    answered = next(
        (m["message_id"] for m in reversed(own) if answers and answers in str(m.get("text"))), None
    )
    room.api.post_photo(room.ids[name], JPEG + caption.encode(), caption, reply_to=answered)
    await room.settle()
    return "\n".join(words for words in room.heard(name)[before:] if not words.startswith("信息快报"))


async def _sent(room: Room) -> None:
    await room.types(OUT, FIRE)
    await room.presses(OUT, "发送")


async def test_a_photo_of_the_room_above_is_kept_with_the_event_it_names_or_answers(room: Room) -> None:
    await _sent(room)
    said = await _photo(room, "崔海波", "请按此核对")
    assert "没有收下" in said
    assert "E7 现场照片" in said
    assert "照片.jpg 附到事件 E1" in await _photo(room, "崔海波", "E1 请按此核对")
    assert "崔海波" in room.last_words(OUT)
    assert "请按此核对" in room.last_words(OUT)
    assert "照片.jpg 附到事件 E1" in await _photo(room, "崔海波", "核对", answers="E1")
    assert "照片.jpg 附到事件 E1" in await _photo(room, "崔海波", "收到 E1")
    assert len([text for text in await room.types(OUT, "附件 E1") if "照片" in text]) == 3
    await room.types(OUT, "首报 刚才柳湾社区5号楼漏水，无人员伤亡")
    assert "没有收下" in await _photo(room, "崔海波", "E2"), "it was not reported"


async def test_a_caption_of_a_leader_signs_and_the_photo_is_kept(room: Room) -> None:
    assert "没有等您「签发」" in await _photo(room, LEADER, "签发")
    await _sent(room)
    said = await _photo(room, LEADER, "签发")
    assert "已签发" in said
    assert "照片.jpg 附到事件 E1" in said
    assert "签发" in "\n".join(room.heard(OUT))


async def test_a_caption_of_a_leader_is_asked_which_report_it_signs(room: Room) -> None:
    await _sent(room)
    await room.types(OUT, "首报 刚才柳湾社区5号楼漏水，无人员伤亡")
    await room.presses(OUT, "发送")
    said = await _photo(room, LEADER, "签发")
    assert "附件 照片.jpg" in said
    assert {"签发 E1", "签发 E2"} <= set(room.buttons(LEADER))


async def test_what_the_voice_input_heard_for_a_command_is_read_as_it(room: Room) -> None:
    await room.types(OUT, "手报 刚才海棠里社区3号楼起火，1人受伤")
    await room.presses(OUT, "发送")
    assert "首报：已报送" in "\n".join(room.heard(OUT))
    assert "续报" in (await room.types(OUT, "绪报 E1 明火已灭"))[-1]
    assert "签发 E1" in "".join([*room.buttons(LEADER), *(await room.types(LEADER, "签法"))])
    assert "受到" in (await room.types(OUT, "受到损失3户"))[-1], "kept, and asked what it is"
    assert "事件 E1" in "\n".join(await room.types("崔海波", "收倒"))


async def test_commands_and_answers_in_the_other_script_are_read(room: Room) -> None:
    assert "主班：郑伟" in (await room.types(LEADER, "誰值班"))[-1]
    await room.types(OUT, "首報 刚才海棠里社区3号楼起火，1人受伤")
    await room.presses(OUT, "发送")
    assert "已签发" in "\n".join(await room.types(LEADER, "E1簽發"))
    assert "无变化" in "\n".join(await room.types(OUT, "無變化"))
    assert "续报" in (await room.types(OUT, "續報 E1 明火已灭"))[-1]
    assert "到岗" in (await room.types(OUT, "已到崗"))[-1]
    assert "交接班记录" in (await room.types(OUT, "交班 備用鑰匙在抽屜"))[-1]
    assert "備用鑰匙在抽屜" in room.last(OUT), "what somebody writes stands as it was written"


async def _asks(room: Room, name: str) -> list[str]:
    return [words for words in room.heard(name) if "还没有确认收到" in words]


async def test_two_reports_of_one_event_are_asked_about_in_one_question(room: Room) -> None:
    await _sent(room)
    await room.types(OUT, "续报 E1 明火已灭")
    await room.fast_forward(seconds=20)
    await room.types(OUT, "发送 E1")
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(minutes=11)
    (asked,) = await _asks(room, OUT)
    assert "事件 E1 首报、续报一：区总值班室还没有确认收到" in asked
    await room.fast_forward(minutes=20)
    assert len(await _asks(room, OUT)) == 3
    assert len(await _asks(room, LEADER)) == 1
    await room.types("崔海波", "收到 E1")
    await room.fast_forward(hours=2)
    assert len(await _asks(room, OUT)) == 3


async def test_a_question_about_two_reports_that_waited_names_the_one_that_is_still_open(room: Room) -> None:
    await _sent(room)
    await room.types(OUT, "续报 E1 明火已灭")
    await room.types(OUT, "发送 E1")
    await room.types(LEADER, "签发 E1")
    await room.meanwhile(11)
    async with room.app.db.write() as tx:
        reports = await incident.reports_of(tx, 1)
        await incident.change_report(tx, reports[0].id, confirmed_at=room.clock.now())
    await room.settle()
    (asked,) = await _asks(room, OUT)
    assert "事件 E1 续报一：区总值班室" in asked

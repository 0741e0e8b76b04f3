"""What a hostile reading of rosters and handovers found, each mended: words and days of 我来顶, gaps, re-imports, roles."""

import io

from docx import Document

from tests.stories.room import Room
from tests.stories.test_handover import _holder, _until

OUT, IN, LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "宋倩"


async def _publish(room: Room, *rows: str, reason: str = "") -> str:
    text = "\n".join(("日期,带班领导,值班人员", *rows)) + "\n"
    await room.sends_file(ADMIN, "值班表.csv", text.encode())
    shown = room.last(ADMIN)
    if reason:
        number = next(w for w in shown.split() if w.startswith("D"))
        await room.types(ADMIN, f"确认 {number} 因为 {reason}")
    else:
        await room.presses(ADMIN, "确认")
    return shown


async def test_a_bare_cover_replaces_nobody_but_asks_which_shift(room: Room) -> None:
    answer = (await room.types("刘芳", "我来顶"))[-1]
    assert "我来顶" in answer
    assert any("主班 郑伟" in b for b in room.buttons("刘芳"))
    assert f"主班：{OUT}" in await _holder(room)
    await room.presses("刘芳", next(b for b in room.buttons("刘芳") if "郑伟 07-25" in b))
    assert "主班：刘芳" in await _holder(room)


async def test_a_cover_goes_to_the_day_or_the_person_that_is_named(room: Room) -> None:
    assert "7月28日" in (await room.types("吴静", "我来顶 7.28 家里近"))[-1]
    assert f"主班：{OUT}" in await _holder(room)
    assert "顶替 何琳" in (await room.types("刘芳", "我来顶 何琳"))[-1]
    assert "没有找到" in (await room.types("刘芳", "我来顶 12.31"))[-1]


async def test_every_open_day_can_be_filled_by_saying_so(room: Room) -> None:
    await _publish(room, "2026-07-27,王志强,", "2026-07-28,李建国,", reason="待定")
    assert "7月27日" in (await room.types("郑伟", "我来顶"))[-1]
    assert "7月28日" in (await room.types("何琳", "我来顶 7.28"))[-1]
    assert "主班：何琳" in (await room.types(OUT, "值班 7.28"))[-1]


async def test_a_handover_never_skips_an_open_shift(room: Room) -> None:
    await _publish(room, "2026-07-26,赵文斌,", reason="待定")
    await _until(room, 26, "08:25")
    assert "→ 接班 （未排班）" in (await room.types(OUT, "交班"))[-1]
    await room.presses(OUT, "交班")
    assert "没有排人" in (await room.types("刘芳", "接班"))[-1]
    await room.types("陈刚", "我来顶")
    await room.types("陈刚", "接班")
    await room.presses("陈刚", "接班")
    assert "主班：陈刚" in await _holder(room)


async def test_who_is_put_on_a_running_shift_is_asked_to_come_and_missed_when_silent(room: Room) -> None:
    await _publish(room, "2026-07-25,张慧敏,刘芳")
    assert "请报告到岗" in "\n".join(room.heard("刘芳"))
    assert "未报到岗" not in "\n".join(room.heard(LEADER))
    await room.fast_forward(minutes=11)
    assert "刘芳 未报到岗" in "\n".join(room.heard(LEADER))


async def test_a_cover_is_given_the_usual_time_to_arrive(room: Room) -> None:
    await room.types("周凯", "我来顶 郑伟")
    await room.fast_forward(minutes=5)
    assert "周凯 未报到岗" not in "\n".join(room.heard(LEADER))
    assert "请报告到岗" in "\n".join(room.heard("周凯"))


async def test_a_roster_with_people_in_the_wrong_posts_says_so_and_gives_them_no_signature(
    room: Room,
) -> None:
    shown = await _publish(room, "2026-07-26,刘芳,王志强")
    assert "王志强不是值班员、副班，排了主班也不能在这个岗上办事" in shown
    assert "刘芳不是带班领导" in shown
    await _until(room, 26, "08:25")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.presses("王志强", "接班")
    assert f"主班：{OUT}" in await _holder(room)


async def test_somebody_deactivated_takes_no_shift_and_the_roster_is_looked_at(room: Room) -> None:
    shift = next(
        line.split()[0] for line in (await room.types(IN, "我的班"))[-1].splitlines() if line.startswith("S")
    )
    await room.types(IN, f"调班 {shift} 吴静")
    await room.types(ADMIN, "人员 停用 吴静")
    assert "申请作废" in "\n".join(room.heard(IN))
    assert "已作废" in (await room.types(ADMIN, f"同意 {shift}"))[-1]
    assert any("人已停用" in text and "吴静" in text for text in room.heard("唐宁"))
    assert any("人已停用" in text for text in room.heard(LEADER))


async def test_the_last_admin_cannot_be_deactivated(room: Room) -> None:
    await room.types(ADMIN, "人员 停用 唐宁")
    assert "唯一的管理员" in (await room.types(ADMIN, f"人员 停用 {ADMIN}"))[-1]
    assert "班制" in (await room.types(ADMIN, "班制"))[-1]


async def test_a_second_name_in_a_cell_replaces_only_that_days_deputy(room: Room) -> None:
    before = (await room.types(OUT, "值班 7.29"))[-1]
    deputy = before.split("副班：")[1].split()[0]
    await _publish(room, "2026-07-29,王志强,周凯", '2026-07-30,李建国,"吴静、何琳"')
    assert f"副班：{deputy}" in (await room.types(OUT, "值班 7.29"))[-1]
    assert "副班：何琳" in (await room.types(OUT, "值班 7.30"))[-1]


async def test_a_generated_roster_is_not_published_after_leave_was_granted(room: Room) -> None:
    await room.types(ADMIN, "排班 2026-09")
    await room.types(ADMIN, "请假 刘芳 9.1-9.30 进修")
    await room.presses(ADMIN, "确认")
    assert "排好以后又有变化（刘芳" in room.last(ADMIN)
    assert "没有排班" in (await room.types(ADMIN, "值班 9.15"))[-1]


async def test_a_template_is_shown_by_its_name_and_an_empty_one_is_refused(room: Room) -> None:
    assert "交接班记录：自带的" in (await room.types(ADMIN, "模板 交接班记录"))[0]
    out = io.BytesIO()
    Document().save(out)
    await room.sends_file(ADMIN, "交接班记录.docx", out.getvalue(), "模板 交接班记录")
    assert "一个栏目也没有" in room.last(ADMIN)


async def test_who_goes_on_alone_is_not_told_to_leave(room: Room) -> None:
    await _publish(room, "2026-07-26,赵文斌,郑伟")
    await _until(room, 26, "08:25")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.presses(OUT, "接班")
    heard = "\n".join(room.heard(OUT))
    assert "已接班：郑伟" in heard
    assert "继续值班" in heard
    assert "郑伟 可以离岗" not in heard


async def test_two_days_with_a_blank_between_are_a_span_of_leave(room: Room) -> None:
    assert "7月26日至7月28日" in (await room.types(IN, "请假 7.26 7.28 看病"))[-1]
    assert "人员表里没有「李明明」" in (await room.types(ADMIN, "请假 李明明 7.26"))[-1]


async def test_printing_takes_a_whole_day_and_says_so(room: Room) -> None:
    assert "只能打一整天" in (await room.types(OUT, "日志 7.25 刘芳 打印"))[-1]


async def test_a_number_without_a_name_in_a_first_report_is_its_contact(room: Room) -> None:
    said = (await room.types(OUT, "首报 刚才海棠里社区3号楼着火，报警人13812345678"))[-1]
    assert "E1" in said
    assert "联系人：13812345678" in said


async def test_a_deputy_steps_in_for_the_officer_by_name(room: Room) -> None:
    said = (await room.types("杨帆", f"我来顶 {OUT} 突发疾病"))[0]
    assert f"杨帆 顶替 {OUT}" in said
    assert "主班：杨帆" in await _holder(room)
    assert "交班 杨帆 → 接班 何琳" in (await room.types("杨帆", "交班"))[-1]


async def test_who_steps_in_is_late_from_then_on_and_not_from_the_beginning_of_the_shift(room: Room) -> None:
    await room.types("周凯", f"我来顶 {OUT}")
    await room.fast_forward(minutes=11)
    assert "周凯 未报到岗" in room.last(LEADER)
    assert "10:00 应到" in room.last(LEADER)
    assert "晚 11分" in (await room.types("周凯", "到岗"))[-1]


async def test_a_cover_said_in_one_breath_goes_to_the_day_that_is_said(room: Room) -> None:
    said = (await room.types("吴静", f"我来顶 {OUT}7月31日的班"))[0]
    assert f"顶替 {OUT}" in said
    assert "7月31日" in said
    assert f"主班：{OUT}" in await _holder(room), "the running watch stays where it is"
    assert "7月26日" in (await room.types("刘芳", f"我来顶{IN}明天的班"))[0]
    assert "没有找到" in (await room.types("刘芳", f"我来顶 {OUT}8月30日的班"))[-1]


async def test_a_cover_needs_no_blank_and_takes_a_reason_with_a_day_in_it(room: Room) -> None:
    assert f"顶替 {OUT}" in (await room.types("周凯", f"我来顶{OUT} 他今天发烧38.5度"))[0]
    assert "主班：周凯" in await _holder(room)


async def test_a_deputy_who_steps_in_is_asked_to_come_and_late_from_then_on(room: Room) -> None:
    await _publish(room, "2026-07-25,张慧敏,郑伟、杨帆")
    await _until(room, 25, "11:00")
    await room.types("周凯", "我来顶 杨帆")
    assert "请报告到岗" in room.last("周凯")
    await room.fast_forward(minutes=3)
    assert "晚 3分" in (await room.types("周凯", "到岗"))[-1]


async def test_the_watch_is_not_forced_upon_who_has_it_by_the_roster(room: Room) -> None:
    assert f"现在就是 {OUT} 在值班，没有改动" in (await room.types(LEADER, f"强制交接 {OUT} 何琳没来"))[-1]
    await _until(room, 26, "09:00")
    await room.types(LEADER, f"强制交接 {OUT} 何琳没来")
    assert f"主班：{OUT}" in await _holder(room)
    assert f"主班：{OUT}" in (await room.types(ADMIN, "值班 今天"))[-1]

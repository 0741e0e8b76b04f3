"""What hostile testing of rosters, handovers, leave and the office's words found, each mended."""

import pytest

from tests.stories.room import Room
from tests.stories.test_handover import _holder, _until

OUT, IN, LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "宋倩"
PEOPLE = "单位,上级单位,层级,角色,AB角,姓名,职务,电话\n"


async def test_who_has_a_new_number_in_a_sheet_stays_the_same_person(room: Room) -> None:
    rows = (
        "海棠里社区,沽水街道,社区,责任人,A,王秀兰,社区书记,13911112222\n"
        "海棠里社区,沽水街道,社区,责任人,B,李建芬,社区副书记,13800000026\n"
        "沽水街道,,街道,值班员,,郑伟,值班室干部,13911113333\n"
    )
    shown = (await room.sends_file(ADMIN, "人员.csv", (PEOPLE + rows).encode()))[-1]
    assert "⚠️ 王秀兰「13800000025」：是同一个人，电话改为 13911112222" in shown
    await room.presses(ADMIN, "确认")
    assert "✅ 王秀兰 海棠里社区责任人A角 13911112222" in (await room.types(ADMIN, "人员 王秀兰"))[-1]
    assert "共 1 人" in room.last(ADMIN)
    assert "郑伟 13911113333" in (await room.types(ADMIN, "值班"))[-1]


async def test_somebody_new_of_a_known_name_is_said_to_be_another_person(room: Room) -> None:
    rows = "海河机械厂,沽水街道,企业,信息报告员,,王秀兰,安全员,13911112222\n"
    shown = (await room.sends_file(ADMIN, "人员.csv", (PEOPLE + rows).encode()))[-1]
    assert "已有同名的人（13800000025），按另一个人登记" in shown
    await room.presses(ADMIN, "确认")
    assert "共 2 人" in (await room.types(ADMIN, "人员 王秀兰"))[-1]


async def test_who_is_named_and_has_no_shift_that_day_is_not_stood_in_for_by_another(room: Room) -> None:
    said = (await room.types("刘芳", f"我来顶 {OUT} 7.26 他家里有事"))[-1]
    assert f"没有找到 {OUT} 7月26日的班，没有改动" in said
    assert f"主班：{IN}" in (await room.types(ADMIN, "值班 7.26"))[-1]


async def test_tonight_said_after_midnight_may_be_the_night_that_runs(room: Room) -> None:
    await _until(room, 26, "00:30")
    asked = (await room.types("刘芳", "我来顶 今晚"))[-1]
    assert "立即生效" not in asked
    shifts = "；".join(room.buttons("刘芳"))
    assert f"主班 {OUT} 07-25" in shifts
    assert f"主班 {IN} 07-26" in shifts
    assert f"顶替 {OUT}" in (await room.types("周凯", f"我来顶 今晚 {OUT}身体不舒服"))[0]
    assert "主班：周凯" in await _holder(room)


async def test_a_note_after_the_signature_is_handed_on_and_not_lost(room: Room) -> None:
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    said = (await room.types(OUT, "交班 3号楼电梯停运，8点前已报维保"))[-1]
    assert "H1 已签字，内容不能再改。已记为待办 T1" in said
    await _until(room, 26, "08:30")
    await room.types(IN, "接班")
    await room.presses(IN, "接班")
    taken = next(words for words in room.heard(IN) if "已接班" in words)
    assert "交班签字后新增 1 项" in taken
    assert "T1 待办：3号楼电梯停运" in taken


async def test_a_note_of_who_does_not_hold_the_watch_is_kept_and_offered(room: Room) -> None:
    said = (await room.types("刘芳", "交班 2号泵站钥匙在门卫"))[-1]
    assert f"现在的值班员是 {OUT}" in said
    assert "没有记入交接班，已存为草稿 D1" in said
    await room.presses("刘芳", "记录")
    assert "2号泵站钥匙在门卫" in (await room.types(OUT, "日志"))[-1]


async def test_an_exchange_with_a_reason_behind_a_comma_is_not_asked_as_a_substitution(room: Room) -> None:
    await room.types(IN, f"调班 S10 {OUT} S30，家中有事")
    asked = room.last(OUT)
    assert f"{IN} 想请 {OUT} 换班" in asked
    assert "⇄ S30" in asked
    assert "（家中有事）" in asked


async def test_an_answer_that_names_two_shifts_leaves_or_tasks_is_given_to_each(room: Room) -> None:
    await room.types("刘芳", "请假 8.5 看病")
    await room.types("刘芳", "请假 8.7 复查")
    said = await room.types(LEADER, "同意 Q1、Q2")
    assert [words[:9] for words in said] == ["已批准：刘芳 请假", "已批准：刘芳 请假"]
    await room.types(OUT, "待办 1号泵站检修")
    await room.types(OUT, "待办 2号泵站检修")
    await room.types(OUT, "已办结 T1、T2 已修好")
    assert "泵站" not in (await room.types(OUT, "待办"))[-1]
    await room.types("陈刚", "调班 S18 吴静")
    await room.types(IN, "调班 S10 吴静")
    await room.types("吴静", "不同意 S18 S10 那几天出差")
    assert "对方不同意，班次不变（吴静：那几天出差）" in room.last("陈刚")
    assert "对方不同意，班次不变（吴静：那几天出差）" in room.last(IN)


async def test_why_a_leave_is_refused_is_told_to_who_asked(room: Room) -> None:
    await room.types("刘芳", "请假 8.5 看病")
    await room.types(LEADER, "不同意 Q1 那天有检查")
    assert "没有批准：刘芳 请假 Q1 8月5日（张慧敏：那天有检查）" in room.last("刘芳")
    assert "那天有检查" in (await room.types(OUT, "日志 Q1"))[-1]


async def test_an_instruction_to_two_people_is_given_to_both(room: Room) -> None:
    said = await room.types(LEADER, "批示 给刘芳、陈刚 3天内排查3号楼")
    assert ["负责：刘芳 · 时限 7月28日 10:00" in said[0], "负责：陈刚 · 时限 7月28日 10:00" in said[1]] == [
        True
    ] * 2
    assert "批示 T1 来自 张慧敏\n3天内排查3号楼" in room.last("刘芳")
    assert "批示 T2 来自 张慧敏\n3天内排查3号楼" in room.last("陈刚")


@pytest.mark.parametrize(
    "words",
    ["传真机 已恢复正常", "传真机 修好了", "传真机没问题。", "传真机 现在能用了", "传真机、发电机 正常"],
)
async def test_a_piece_that_works_again_is_no_fault(room: Room, words: str) -> None:
    await room.types(OUT, "设备 传真机 缺墨")
    said = (await room.types(OUT, f"设备 {words}"))[-1]
    assert "✅ 传真机" in said
    assert "⚠️" not in said


async def test_what_is_wrong_with_a_piece_stays_a_fault(room: Room) -> None:
    for words in ("不正常", "还没修好", "好像缺墨", "缺墨，已报修"):
        assert f"⚠️ 传真机：{words}" in (await room.types(OUT, f"设备 传真机 {words}"))[-1]
    both = (await room.types(OUT, "设备 传真机和发电机 断电"))[-1]
    assert both.count("：断电") == 2
    assert "✅ 值班电话" in (await room.types(OUT, "设备 都没问题"))[-1]


@pytest.mark.parametrize("words", ["已到岗", "到岗了", "我已经到岗，一切正常", "到岗！", "报告，已到岗。"])
async def test_who_says_in_other_words_that_they_are_there_is_not_called_absent(
    room: Room, words: str
) -> None:
    await _until(room, 26, "08:25")
    assert "S10 主班 到岗 08:25" in (await room.types(IN, words))[-1]
    await room.fast_forward(minutes=20)
    assert f"{IN} 未报到岗" not in "\n".join(room.heard(LEADER))


async def test_who_has_not_arrived_yet_is_not_taken_to_be_there(room: Room) -> None:
    for words in ("还没到岗", "9点到岗", "到岗率多少", "明天到岗"):
        assert "到岗 10:" not in (await room.types(OUT, words))[-1]


def _code(room: Room) -> str:
    return room.last(OUT).rsplit("点名 ", 1)[1][:4]


@pytest.mark.parametrize(
    "form", ["点名 {wide}", "点名 {code} 在岗", "点名：{code}。", "{code}", "口令{code}"]
)
async def test_the_right_code_is_right_however_it_is_typed(room: Room, form: str) -> None:
    await room.types(LEADER, "点名")
    code = _code(room)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert "按时" in (await room.types(OUT, form.format(code=code, wide=wide)))[-1]
    assert "口令答错" not in "\n".join(room.heard(LEADER))


async def test_whoever_asks_while_a_roll_call_runs_hears_its_result_too(room: Room) -> None:
    await room.types(LEADER, "点名")
    assert "正在进行" in (await room.types("崔海波", "点名"))[-1]
    await room.types(OUT, f"点名 {_code(room)}")
    assert f"✅ 点名 R1：{OUT} 按时应答" in room.last(LEADER)
    assert f"✅ 点名 R1：{OUT} 按时应答" in room.last("崔海波")


@pytest.mark.parametrize("gap", ["\u3000", "，", "\n", "："])
async def test_a_leader_forces_a_handover_with_whatever_stands_between_name_and_reason(
    room: Room, gap: str
) -> None:
    assert "原因：突发疾病送医" in (await room.types(LEADER, f"强制交接 {IN}{gap}突发疾病送医"))[0]
    assert f"主班：{IN}" in await _holder(room)


@pytest.mark.parametrize(
    "words", ["人员\u3000停用\u3000陈刚", "人员 停用：陈刚", "人员 停用陈刚", "人员 陈刚 停用"]
)
async def test_who_is_deactivated_in_other_words_has_no_access_any_more(room: Room, words: str) -> None:
    assert "陈刚 已停用" in (await room.types(ADMIN, words))[-1]
    assert "值班" not in "\n".join((await room.types("陈刚", "值班"))[-1:]).replace("值班室", "")


@pytest.mark.parametrize(
    "words", ["callout.red.remind\u30002m", "callout.red.remind=2m", "callout.red.remind = 2m"]
)
async def test_a_rule_is_changed_with_whatever_stands_before_its_value(room: Room, words: str) -> None:
    assert "callout.red.remind 1m → 2m" in (await room.types(ADMIN, f"设置 {words}"))[-1]
    assert "2m → 1m" in (await room.types(ADMIN, "设置 撤销。"))[-1]


async def test_what_a_deactivated_leader_on_duty_would_decide_is_asked_of_another(room: Room) -> None:
    await room.types(ADMIN, f"人员 停用 {LEADER}")
    await room.types("刘芳", "请假 8.5 看病")
    await room.types("刘芳", "调班 S14 陈刚")
    await room.types("陈刚", "同意 S14")
    assert "请假 Q1 刘芳 8月5日" in "\n".join(room.heard("王志强"))
    assert "刘芳 想请 陈刚 替班" in "\n".join(room.heard("王志强"))


async def test_tonight_asked_after_midnight_shows_who_sits_there(room: Room) -> None:
    await _until(room, 26, "00:30")
    assert f"主班：{OUT}" in (await room.types(LEADER, "值班 今晚"))[-1]
    assert "7月27日" in (await room.types(LEADER, "值班 明天"))[-1]


@pytest.mark.parametrize("words", ["同意，没问题", "同意 我来上", "同意！"])
async def test_consent_with_words_behind_it_is_consent(room: Room, words: str) -> None:
    await room.types(IN, "调班 S10 吴静")
    assert "对方已同意" in (await room.types("吴静", words))[-1]
    assert "已批准生效" in (await room.types(LEADER, "批准"))[-1]


async def test_a_question_about_consent_is_none(room: Room) -> None:
    await room.types(IN, "调班 S10 吴静")
    for words in ("同意吗", "不太同意", "同意的话几点接"):
        assert "已同意" not in (await room.types("吴静", words))[-1]
    assert (
        "对方不同意，班次不变（吴静：要值自己的班）" in (await room.types("吴静", "不同意，要值自己的班"))[-1]
    )


async def _signed_out(room: Room) -> None:
    await room.types(OUT, "首报 刚才海棠里社区3号楼起火，无人受伤")
    await room.presses(OUT, "发送")
    await room.types(OUT, "待办 报送雨情")
    await room.types(OUT, "待办 查2号泵站")
    await _until(room, 26, "08:20")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")


async def test_a_handover_is_taken_over_in_words_alone(room: Room) -> None:
    await _signed_out(room)
    assert "回复：接收 E1；都接收请回复：全部接收" in (await room.types(IN, "接班 H1"))[-1]
    assert "E1 接收" in (await room.types(IN, "接收 E1"))[-1]
    assert "T1 已办结" in (await room.types(IN, "已办结 T1 已报"))[-1].replace("已办结 T1", "T1 已办结")
    await room.types(IN, "全部接收")
    await room.types(IN, "重点 E1")
    assert "已接班：何琳" in "\n".join(await room.types(IN, "接班 H1"))
    assert f"主班：{IN}" in await _holder(room)


async def test_only_who_takes_over_answers_what_is_carried(room: Room) -> None:
    await _signed_out(room)
    for words in ("接收 E1", "全部接收", "转交 T1"):
        assert "不能由您接" in (await room.types("刘芳", words))[-1]
    assert "还有 3 项" in (await room.types(IN, "接班 H1"))[-1]
    assert "E1 转交" in (await room.types(IN, "转交 1"))[-1]


async def test_to_whom_an_item_is_referred_is_kept(room: Room) -> None:
    await _signed_out(room)
    said = "\n".join(await room.types(IN, "转交 T1 给刘芳"))
    assert "T1 转交" in said
    assert "“给刘芳”已一并记录" in said
    assert "给刘芳" in "\n".join(await room.types(IN, "日志 T1"))


async def test_two_empty_phrases_are_an_empty_phrase(room: Room) -> None:
    await room.types(OUT, "待办 报送雨情")
    for words in ("都正常，同上", "无异常。一切正常", "没事 同上"):
        assert "请逐项说明" in (await room.types(OUT, f"交班 {words}"))[-1]
    assert "说明：都正常，传真机除外" in (await room.types(OUT, "交班 都正常，传真机除外"))[-1]


async def test_a_next_step_for_two_events_is_kept_for_both(room: Room) -> None:
    await room.types(OUT, "待办 报送雨情")
    await room.types(OUT, "待办 查2号泵站")
    await room.types(OUT, "下一步 T1、T2 20点前复核")
    assert (await room.types(OUT, "交班"))[-1].count("下一步：20点前复核") == 2


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("值班明天", "7月26日"),
        ("值班明天？", "7月26日"),
        ("谁值班？", "主班：郑伟"),
        ("现在谁值班", "主班：郑伟"),
        ("值班表8月", "8月"),
        ("换班 S6 何琳", "S6 没有变动"),
        ("今日无突发事件", "零报告"),
        ("截至目前，我街道无突发事件。", "零报告"),
    ],
)
async def test_a_command_glued_to_its_words_or_by_another_name_is_understood(
    room: Room, typed: str, answered: str
) -> None:
    assert answered in (await room.types("郑伟", typed))[-1]


@pytest.mark.parametrize("typed", ["值班人员要换一下", "今天有突发事件吗", "换班的时候漏水了"])
async def test_a_text_that_only_begins_like_a_command_is_none(room: Room, typed: str) -> None:
    said = (await room.types("郑伟", typed))[-1]
    assert "没看懂" in said or "首报" in said


@pytest.mark.parametrize("typed", ["演练 开启", "演练开", "演练 开始了。"])
async def test_an_exercise_begins_in_several_words(room: Room, typed: str) -> None:
    assert "【演练】已开始" in (await room.types(LEADER, typed))[-1]


async def test_who_was_deactivated_is_marked_where_people_look_for_who_is_on_duty(room: Room) -> None:
    await room.types("宋倩", "人员 停用 张慧敏")
    assert "张慧敏 13800000009 至 明天 08:30 ⚠️已停用，请另派人" in (await room.types("郑伟", "值班"))[-1]

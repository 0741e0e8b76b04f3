"""Whatever people type, press or send by mistake gets a clear answer, and nothing is lost."""

from pathlib import Path

import pytest

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE, FIRE, FIRE_2

OFFICER, LEADER, ADMIN, CONTACT, REPORTER = "郑伟", "张慧敏", "宋倩", "刘海芝", "张玉梅"
INPUTS = Path(__file__).parents[1] / "inputs"
GALE = "天津市气象台于2026年07月25日11时00分发布大风黄色预警信号：预计今天夜间我市有7级以上大风。"
NOT_SHEET = b"\xff\xd8\xff\xe0 not a sheet"


async def _dispatched(room: Room, text: str = BLUE) -> None:
    await room.types(OFFICER, text)
    await room.presses(OFFICER, "下发")


async def test_an_unknown_account_gets_one_polite_line_each_time(room: Room) -> None:
    room.ids["生人"] = 999001
    room.api.add_account(999001, "生人")
    for text in ("你好", "/start", "值班", "收到 W1", "/start 乱码"):
        answers = await room.types("生人", text)
        assert len(answers) == 1
        assert "邀请" in answers[0]
        assert "\n" not in answers[0]


@pytest.mark.parametrize("text", ["预警 " + BLUE, "记录 巡查", "/warn " + BLUE, "导入", "设置", "签发 E1"])
async def test_a_contact_who_types_an_officers_command_is_told_who_may(room: Room, text: str) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    (answer,) = await room.types(CONTACT, text)
    assert "可以用，没有记录" in answer


async def test_a_foreign_button_is_refused_and_changes_nothing(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    data = _data(room, OFFICER, "下发")
    await room.types(CONTACT, "值班")
    message = room.api.chat(room.ids[CONTACT])[-1]["message_id"]
    for made_up in (data, "callout.dispatch:W1", "x", "9" * 60):
        query = room.api.press_stale(room.ids[CONTACT], message, made_up)
        await room.settle()
        assert "已失效" in ((await room.api.answer(query)).text or "")
    assert "下发" in room.buttons(OFFICER)


async def test_a_repeated_press_is_answered_and_counted_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    data, message = _data(room, OFFICER, "下发"), room.api.chat(room.ids[OFFICER])[-1]["message_id"]
    queries = [room.api.press_stale(room.ids[OFFICER], message, data) for _ in range(3)]
    await room.settle()
    texts = [(await room.api.answer(query)).text or "" for query in queries]
    assert "已下发 W1" in texts[0]
    assert all("不" in text or "已" in text for text in texts[1:])
    assert sum(BLUE in text for text in room.heard("刘海芝")) == 1


@pytest.mark.parametrize("text", ["😀😀", "\u200b\u200b\u2060", "。。。", "??"])
async def test_a_text_without_words_is_asked_for_again(room: Room, text: str) -> None:
    assert await room.types(OFFICER, text) == ["没有看到文字。发送「帮助」看您能做什么。"]


async def test_a_text_of_5000_characters_is_kept_whole(room: Room) -> None:
    answers = await room.types(OFFICER, "首报 海棠里3号楼着火，" + "烟很大，" * 1250)
    assert any("事件 E1" in text for text in answers)
    assert any("已存为草稿" in text for text in answers)
    assert "事件 E1" in "\n".join(await room.types(OFFICER, "事件")) or "E1 " in room.last(OFFICER)


async def test_an_unknown_text_is_kept_offered_and_usable_once(room: Room) -> None:
    (answer,) = await room.types(OFFICER, "3号楼那边好像有点情况")
    assert "已存为草稿 D1" in answer
    assert "3号楼那边好像有点情况" in answer
    message = room.api.chat(room.ids[OFFICER])[-1]["message_id"]
    data = _data(room, OFFICER, "记录")
    await room.presses(OFFICER, "记录")
    assert "已记录" in room.last(OFFICER)
    query = room.api.press_stale(room.ids[OFFICER], message, data)
    await room.settle()
    popup = (await room.api.answer(query)).text or room.last(OFFICER)
    assert "用过" in popup or "已使用" in popup or "已处理" in popup


async def test_a_typed_answer_is_read_in_every_width(room: Room) -> None:
    await _dispatched(room)
    typed = ("收到 W1", "收到w1", "收到Ｗ１", "收到：W１", "收到，w１。", "收到：Ｗ１", "收到  W 1")
    names = ("刘海芝", "陈文山", "杨晓生", "王秀兰", "赵永明", "胡志荣", "马桂英")
    for name, text in zip(names, typed, strict=True):
        assert "已记录：收到 W1" in (await room.types(name, text))[-1], text


MISSING = (
    (CONTACT, "收到 W99"),
    (CONTACT, "已传达 W99"),
    (OFFICER, "下发 W99"),
    (OFFICER, "取消 W99"),
    (OFFICER, "结束预警 W99"),
    (OFFICER, "发送 E99"),
    (OFFICER, "取消 E99"),
    (OFFICER, "已电话报告 E99"),
    (OFFICER, "无变化 E99"),
    (OFFICER, "续报 E99 火灭了"),
    (OFFICER, "终报 E99 火灭了"),
    (LEADER, "签发 E99"),
    (LEADER, "退回 E99 不实"),
    ("崔海波", "收到 E99"),
    (OFFICER, "收到 S999"),
    (OFFICER, "到岗 S999"),
    (OFFICER, "调班 S999 何琳"),
    (OFFICER, "我来顶 S999"),
    (OFFICER, "同意 S999"),
    (OFFICER, "交班 H99"),
    (OFFICER, "接班 H99"),
    (OFFICER, "更正 L99999 改"),
    (OFFICER, "已办结 T99"),
    (OFFICER, "台账 E99"),
    (OFFICER, "台账 W99"),
    (ADMIN, "确认 D99"),
    (ADMIN, "取消 D99"),
    (OFFICER, "电话已叫应 W99 赵永明"),
    (CONTACT, "收到 W999999999"),
)


async def test_a_number_that_does_not_exist_is_said(room: Room) -> None:
    for name, text in MISSING:
        (answer,) = await room.types(name, text)
        assert "出错" not in answer, (text, answer)
        assert any(word in answer for word in ("没有", "不是您的", "不对", "现在")), (text, answer)


async def test_a_bare_received_means_the_one_event_or_asks(room: Room) -> None:
    assert "没有等您「收到」" in (await room.types(CONTACT, "收到"))[-1]
    await _dispatched(room)
    assert "已记录：收到 W1" in (await room.types(CONTACT, "收到。"))[-1]
    await _dispatched(room, GALE)
    await room.types("陈文山", "收到！")
    assert room.last("陈文山").startswith("「收到」指哪一个？")
    assert "已记录：收到 W2" in await room.presses("陈文山", "收到 W2")
    assert "已记录：收到 W1" in (await room.types("陈文山", "收到"))[-1]


async def test_a_command_without_its_text_shows_the_right_form(room: Room) -> None:
    for word in ("首报", "预警"):
        (answer,) = await room.types(OFFICER, word)
        assert f"{word} " in answer
        assert "例" in answer


async def test_a_bulletin_pasted_or_forwarded_without_a_command_is_read(room: Room) -> None:
    assert "暴雨蓝色" in (await room.types(OFFICER, BLUE))[-1]
    room.api.post(room.ids[OFFICER], GALE, forward="气象局工作群")
    await room.settle()
    assert "大风黄色" in room.last(OFFICER)
    assert GALE in room.last(OFFICER)


async def test_two_bulletins_in_one_message_are_two_warnings(room: Room) -> None:
    answers = await room.types(OFFICER, f"{BLUE}\n{GALE}")
    assert [("W1" in a, "W2" in a) for a in answers] == [(True, False), (False, True)]
    assert BLUE in answers[0]
    assert GALE not in answers[0]
    assert GALE in answers[1]


async def test_a_cap_file_sent_as_a_document_is_read_as_a_warning(room: Room) -> None:
    (answer,) = await room.sends_file(OFFICER, "alert.xml", (INPUTS / "cap_alert.xml").read_bytes())
    assert "预警 W1" in answer
    assert "待下发" in answer


async def test_a_broken_xml_file_is_answered(room: Room) -> None:
    (answer,) = await room.sends_file(OFFICER, "alert.xml", b"<?xml version='1.0'?><alert><info>")
    assert "出错" not in answer
    assert answer


async def test_a_follow_up_finds_its_incident_or_asks_for_it(room: Room) -> None:
    (answer,) = await room.types(OFFICER, f"续报 {FIRE_2}")
    assert "没有" in answer
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    assert "E1" in (await room.types(OFFICER, f"续报 {FIRE_2}"))[-1]
    await room.types(OFFICER, "首报 柳湾社区2号楼水管爆裂，地下室进水")
    await room.types(OFFICER, "续报 水已排干")
    assert "哪一个" in room.last(OFFICER)
    await room.presses(OFFICER, "E2")
    assert "E2" in room.last(OFFICER)
    assert "水已排干" in room.last(OFFICER)


async def test_a_follow_up_to_a_closed_incident_says_so(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "终报 E1 明火已灭，人员全部返回，处置完毕")
    await room.presses(OFFICER, "发送")
    (answer,) = await room.types(OFFICER, "续报 E1 又冒烟了")
    assert "E1" in answer
    assert "结束" in answer or "终报" in answer


async def test_a_report_is_sent_once_however_often_asked(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    (answer,) = await room.types(OFFICER, "发送 E1")
    assert "已" in answer
    assert sum("突发事件信息快报" in text for text in room.heard("崔海波")) == 1


async def test_only_a_leader_signs_and_returns_with_a_reason(room: Room) -> None:
    await room.types(OFFICER, "首报 柳湾社区2号楼水管爆裂，地下室进水")
    await room.presses(OFFICER, "发送")
    assert "带班领导" in (await room.types(OFFICER, "签发 E1"))[-1]
    assert "原因" in (await room.types(LEADER, "退回 E1"))[-1]
    assert "哪里漏水写清楚" in (await room.types(LEADER, "退回 E1 哪里漏水写清楚"))[-1]
    assert "哪里漏水写清楚" in room.last(OFFICER)
    assert "没有" in (await room.types(LEADER, "签发 E1"))[-1]
    await room.types(OFFICER, "首报 E1 柳湾社区2号楼1门地下室水管爆裂，积水20厘米")
    await room.presses(OFFICER, "发送")
    assert "已签发" in (await room.types(LEADER, "签发 E1"))[-1]
    assert "积水20厘米" in room.last("崔海波")


@pytest.mark.parametrize(
    ("filename", "data", "word"),
    [
        ("缺列.csv", "姓名，电话\n刘芳，13800000000\n".encode(), "没有认出表头"),
        ("照片.xlsx", NOT_SHEET, "没有导入"),
        ("空.csv", b" ", "没有"),
        ("说明.docx", b"PK\x03\x04 word", "没有导入"),
    ],
)
async def test_a_wrong_sheet_of_the_admin_is_refused_with_the_reason(
    room: Room, filename: str, data: bytes, word: str
) -> None:
    (answer,) = await room.sends_file(ADMIN, filename, data)
    assert word in answer
    assert "出错" not in answer


async def test_a_sheet_of_a_hundred_thousand_rows_is_refused(room: Room) -> None:
    rows = "日期，带班领导，值班人员\n" + "2026-08-01，张慧敏，郑伟\n" * 100_000
    (answer,) = await room.sends_file(ADMIN, "大表.csv", rows.encode())
    assert "没有导入" in answer


async def test_a_sheet_sent_by_a_contact_imports_nothing(room: Room) -> None:
    data = "日期，带班领导，值班人员\n2026-08-01，张慧敏，郑伟\n".encode()
    (answer,) = await room.sends_file(CONTACT, "值班表.csv", data)
    assert "导入" not in answer
    assert not [word for word in room.buttons(CONTACT) if word == "确认"]


def _data(room: Room, name: str, word: str) -> str:
    found = [
        key["callback_data"]
        for m in room.api.chat(room.ids[name])
        for row in m.get("keyboard") or []
        for key in row
        if key["text"] == word
    ]
    return str(found[-1])


async def test_words_changed_after_they_were_sent_are_answered_and_change_nothing(room: Room) -> None:
    said = room.api.post(room.ids["郑伟"], "首报 刚才海棠里社区3号楼着火，1人受伤")
    await room.settle()
    room.api.edit(room.ids["郑伟"], said["message_id"], "首报 刚才海棠里社区3号楼着火，3人受伤")
    await room.settle()
    assert "已记录的仍是原来那一句" in room.last("郑伟")
    assert "受伤 1人" in (await room.types("郑伟", "E1"))[-1]


async def test_a_number_typed_in_wide_letters_shows_its_card(room: Room) -> None:
    await room.types("郑伟", "首报 刚才海棠里社区3号楼着火，1人受伤")
    assert "首报待发送" in (await room.types("郑伟", "Ｅ１"))[-1]


async def test_a_call_with_whom_needs_no_number_where_it_can_be_about_one_event(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里社区3号楼着火，1人受伤")
    assert "事件 E1 电话报告 张科长" in (await room.types(OFFICER, "已电话报告 张科长"))[-1]
    await _dispatched(room)
    assert f"{CONTACT} 电话已叫应" in (await room.types(OFFICER, f"电话已叫应 {CONTACT}"))[-1]
    await room.types(OFFICER, "首报 刚才柳湾社区地道积水，2人被困")
    assert "指哪一个" in (await room.types(OFFICER, "已电话报告 李科长"))[-1]
    await room.presses(OFFICER, "已电话报告 E2")
    assert "李科长" in (await room.types(OFFICER, "E2"))[-1]

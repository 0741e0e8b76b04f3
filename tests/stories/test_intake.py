"""First words as they come: pictures, places, cards, forwards, albums, two in one, the same one twice, bad input."""

import shutil
from argparse import Namespace

import pytest

from bot import cli
from storage import incident
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, LEADER, ADMIN, REPORTER, OTHER = "郑伟", "张慧敏", "宋倩", "张玉梅", "刘海芝"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF-%d"
FIRE = "海棠里3号楼2门楼道电动车着火，有人没下来"
BURST = "首报 今早8点福安里社区门口水管爆了，没人受伤，已通知水务"


async def answers(room: Room, name: str) -> list[str]:
    """Let the room work; return what a person has heard."""
    await room.settle()
    return room.heard(name)


def files(room: Room, name: str) -> list[bytes]:
    """Return the content of every file the bot has sent to a person."""
    sent = [m for m in room.api.chat(room.ids[name]) if m["from"]["is_bot"]]
    kept = [(m.get("photo") or [m.get("document")])[-1] for m in sent]
    return [room.api.files[one["file_id"]].data for one in kept if one]


async def numbers(room: Room, sql: str) -> list[object]:
    """Return the first column of a query on the room's database."""
    async with room.app.db.read() as tx:
        return [row[0] for row in (await tx.conn.exec_driver_sql(sql)).all()]


# --- every kind is a first word at once -------------------------------------------------------------------


async def test_a_photo_without_words_is_a_first_word_and_the_officer_sees_it(room: Room) -> None:
    room.api.post_photo(room.ids[REPORTER], JPEG % 1)
    assert f"值班员 {OFFICER} 已被告知" in (await answers(room, REPORTER))[-1]
    heard = room.heard(OFFICER)
    assert any("请处理：点「首报」" in text for text in heard)
    assert files(room, OFFICER) == [JPEG % 1]
    await room.presses(OFFICER, "首报")
    assert "接报 10:00" in "\n".join(room.heard(OFFICER))
    assert f"来源：海棠里社区{REPORTER}" in "\n".join(room.heard(OFFICER))
    assert "补电话" not in room.buttons(OFFICER)
    assert "附件 1 份" in "\n".join(room.heard(OFFICER))
    await room.types(LEADER, "附件 E1")
    assert files(room, LEADER) == [JPEG % 1]


async def test_voice_place_card_and_forward_are_first_words(room: Room) -> None:
    room.api.post_voice(room.ids[REPORTER])
    await room.settle()
    await room.fast_forward(minutes=6)
    room.api.post_location(room.ids[REPORTER], 39.12345, 117.12345, title="海棠里社区")
    await room.settle()
    await room.fast_forward(minutes=6)
    room.api.post_contact(room.ids[REPORTER], "13800009999", "抽排队老孙")
    await room.settle()
    await room.fast_forward(minutes=6)
    room.api.post(room.ids[REPORTER], "快来人啊", forward="楼长群")
    await room.settle()
    raws = [str(raw) for raw in await numbers(room, "SELECT raw FROM incidents ORDER BY id")]
    assert "语音.ogg" in raws[0]
    assert raws[1:] == [
        "位置 39.12345，117.12345 海棠里社区",
        "名片 抽排队老孙 13800009999",
        "快来人啊（转发自 楼长群）",
    ]
    assert await numbers(room, "SELECT place FROM incidents WHERE id = 2") == ["海棠里社区"]


async def test_a_reporters_plain_words_of_an_incident_need_no_command(room: Room) -> None:
    assert "已被告知" in (await room.types(REPORTER, FIRE))[-1]
    assert FIRE in "\n".join(room.heard(OFFICER))
    assert "现在没有等您「收到」的事项" in (await room.types(OTHER, "好的谢谢"))[-1]


async def test_what_follows_within_five_minutes_is_added_to_the_word(room: Room) -> None:
    await room.types(REPORTER, f"首报 {FIRE}")
    room.api.post_photo(room.ids[REPORTER], JPEG % 1)
    assert "已补充到 E1" in (await answers(room, REPORTER))[-1]
    room.api.post_location(room.ids[REPORTER], 39.1, 117.2)
    await room.settle()
    await room.types(REPORTER, "2人受伤")
    assert await numbers(room, "SELECT count(*) FROM incidents") == [1]
    assert "补充" in "\n".join(room.heard(OFFICER))
    await room.presses(OFFICER, "首报")
    card = next(text for text in room.heard(OFFICER) if "首报待发送" in text)
    assert "受伤 2人" in card
    room.api.post_photo(room.ids[REPORTER], JPEG % 2, "又来一张")
    await room.settle()
    assert files(room, OFFICER) == [JPEG % 1, JPEG % 2]
    await room.fast_forward(minutes=6)
    await room.types(REPORTER, "首报 福安里2号楼电梯困了1个人")
    assert await numbers(room, "SELECT count(*) FROM incidents") == [2]


async def test_the_clock_runs_from_receipt_not_from_when_the_file_was_fetched(room: Room) -> None:
    room.api.post_photo(room.ids[REPORTER], JPEG % 1, FIRE)
    await room._take()
    room.clock.move(40)
    await room.settle()
    await room.types(OFFICER, "首报 E1")
    assert "接报 10:00:00" in "\n".join(room.heard(OFFICER))
    assert "已立为事件 E1" in room.last(REPORTER)


async def test_thanks_are_no_addition(room: Room) -> None:
    await room.types(REPORTER, f"首报 {FIRE}")
    await room.types(REPORTER, "好的，谢谢")
    assert not any("补充" in text for text in room.heard(OFFICER))


async def test_another_event_within_five_minutes_is_a_word_of_its_own(room: Room) -> None:
    await room.types(REPORTER, f"首报 {FIRE}")
    await room.types(REPORTER, "首报 福安里2号楼电梯困了1个人")
    await room.types(REPORTER, "首报 听说有人吵架")
    assert await numbers(room, "SELECT count(*) FROM incidents") == [3]


async def test_an_addition_to_an_open_incident_fills_its_gaps_by_a_button(room: Room) -> None:
    await room.types(REPORTER, "首报 楼道着火了")
    await room.presses(OFFICER, "首报")
    await room.types(REPORTER, "地点是海棠里3号楼2门，受伤1人")
    assert "补充" in room.last(OFFICER)
    await room.presses(OFFICER, "补入")
    assert "海棠里3号楼2门" in str(await numbers(room, "SELECT place FROM incidents"))
    await room.presses(OFFICER, "发送")
    await room.types(REPORTER, "火灭了")
    await room.presses(OFFICER, "续报")
    assert "续报一（待发送）" in room.last(OFFICER)


async def test_an_album_is_one_word_with_all_its_pictures(room: Room) -> None:
    for n in range(4):
        room.api.post_photo(room.ids[REPORTER], JPEG % n, FIRE if not n else "", album="7")
    await room.settle()
    assert await numbers(room, "SELECT count(*) FROM incidents") == [1]
    assert sorted(files(room, OFFICER)) == [JPEG % n for n in range(4)]


# --- the officer's files ----------------------------------------------------------------------------------


async def test_an_officers_file_with_a_number_belongs_to_the_event_and_its_album_follows(room: Room) -> None:
    await room.types(OFFICER, BURST)
    room.api.post_photo(room.ids[OFFICER], JPEG % 1, "E1 抢修车到了", album="9")
    await room.settle()
    room.api.post_photo(room.ids[OFFICER], JPEG % 2, album="9")
    heard = await answers(room, OFFICER)
    assert any("附到事件 E1" in text for text in heard)
    async with room.app.db.read() as tx:
        found = await incident.files_of(tx, 1)
    assert [(f.name, f.kind, f.size) for f in found] == [("照片.jpg", "photo", len(JPEG % 1))] * 2
    await room.types(OFFICER, "附件 E1")
    assert files(room, OFFICER) == [JPEG % 1, JPEG % 2]


async def test_an_officers_file_without_a_number_is_logged_and_offered_to_the_open_event(room: Room) -> None:
    await room.types(OFFICER, BURST)
    room.api.post_voice(room.ids[OFFICER])
    assert "已记录 L" in (await answers(room, OFFICER))[-1]
    assert "附到事件 E1" in await room.presses(OFFICER, "附到 E1")
    await room.presses(OFFICER, "附到 E1")
    assert await numbers(room, "SELECT count(*) FROM log WHERE act = 'incident.file'") == [1]
    room.api.post_photo(room.ids[OFFICER], JPEG % 1, "E99 这是哪")
    heard = await answers(room, OFFICER)
    assert any("已记录 L" in text for text in heard[-2:])
    assert "E99" in heard[-1]


async def test_a_first_report_answers_a_forwarded_message_or_a_photo(room: Room) -> None:
    told = room.api.post(room.ids[OFFICER], "金桥路泵站门口塌了个坑", forward="泵站老李")
    await room.settle()
    room.api.post(room.ids[OFFICER], "首报", reply_to=told["message_id"])
    await room.settle()
    assert "金桥路泵站门口塌了个坑" in room.last(OFFICER)
    photo = room.api.post_photo(room.ids[OFFICER], JPEG % 1, "看这个")
    await room.settle()
    room.api.post(room.ids[OFFICER], "首报 福安里门口水管爆了", reply_to=photo["message_id"])
    await room.settle()
    assert await numbers(room, "SELECT subject FROM log WHERE act = 'incident.file'") == ["E2"]
    assert "看这个" in str((await numbers(room, "SELECT raw FROM incidents ORDER BY id"))[1])


# --- the same one twice, two in one -----------------------------------------------------------------------


async def test_a_likely_duplicate_is_suggested_with_its_reason_and_the_reporter_hears_of_the_joining(
    room: Room,
) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.fast_forward(minutes=2)
    room.api.post_photo(room.ids[REPORTER], JPEG % 1, "海棠里3号楼着火了")
    await room.settle()
    word = next(text for text in reversed(room.heard(OFFICER)) if "请处理" in text)
    assert "可能与 E1 是同一件事：同一地点" in word
    assert "分钟" in word
    await room.presses(OFFICER, "并入 E1")
    assert "已并入事件 E1" in room.last(REPORTER)
    assert OFFICER in room.last(REPORTER)
    assert await numbers(room, "SELECT joined_id FROM incidents WHERE id = 2") == [1]
    async with room.app.db.read() as tx:
        assert len(await incident.files_of(tx, 1)) == 1


async def test_an_event_of_yesterday_and_an_exercise_are_not_taken_for_the_same(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.fast_forward(minutes=13 * 60)
    await room.types(ADMIN, "演练 开始")
    await room.types(OFFICER, f"首报 {FIRE}")
    assert "可能与" not in room.last(OFFICER)
    await room.types(ADMIN, "演练 结束")
    assert "可能与" not in (await room.types(OFFICER, f"首报 {FIRE}"))[-1]
    assert "可能与 E3 是同一件事" in (await room.types(OFFICER, f"首报 {FIRE}"))[-1]


async def test_two_words_of_one_event_know_of_each_other(room: Room) -> None:
    await room.types(REPORTER, "首报 海棠里3号楼着火了")
    await room.types(OTHER, "首报 海棠里3号楼楼道起火，烟很大")
    assert "可能与 E1（未处理）相同" in room.last(OFFICER)
    assert "请先处理 E1" in (await room.types(OFFICER, "并入 E2 E1"))[-1]
    word = next(m for m in room.api.chat(room.ids[OFFICER]) if "报告（E1，" in m.get("text", ""))
    room.api.press(room.ids[OFFICER], "首报", message_id=word["message_id"])
    await room.settle()
    assert "已立为事件 E1" in room.last(REPORTER)
    await room.types(OFFICER, "并入 E2 E1")
    assert "已并入事件 E1" in room.last(OTHER)


async def test_an_incident_opened_twice_is_merged_while_nothing_is_sent(room: Room) -> None:
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.types(OFFICER, "首报 海棠里3号楼着火，2人受伤")
    card = room.last(OFFICER)
    assert "可能与 E1 是同一件事" in card
    assert "首报待发送" in card
    room.api.post_photo(room.ids[OFFICER], JPEG % 1, "E2 现场")
    await room.settle()
    await room.presses(OFFICER, "并入 E1")
    async with room.app.db.read() as tx:
        assert len(await incident.files_of(tx, 1)) == 1
    assert "续报一（待发送）" in room.last(OFFICER)
    assert "已并入事件 E1" in "\n".join(room.heard(OFFICER))
    outcomes = "SELECT outcome || note FROM report_clocks WHERE incident_id = 2"
    assert await numbers(room, outcomes) == ["not_required并入 E1"] * 2
    await room.types(OFFICER, "首报 海棠里3号楼着火，3人受伤")
    await room.presses(OFFICER, "发送")
    assert "不能再并入" in (await room.types(OFFICER, "并入 E3 E1"))[-1]


async def test_two_incidents_in_one_message_are_parted_by_a_button(room: Room) -> None:
    raw = "海棠里3号楼楼道着火，2人受伤。另外福安里2号楼电梯困了3个人"
    card = (await room.types(OFFICER, f"首报 {raw}"))[-1]
    assert "首报待发送" in card
    assert "第二件事：福安里2号楼电梯困了3个人" in card
    await room.presses(OFFICER, "拆成两起")
    assert await numbers(room, "SELECT raw FROM incidents") == [raw, raw]
    assert await numbers(room, "SELECT subtype FROM incidents ORDER BY id") == ["火灾", "电梯困人"]
    first, second = (text for text in room.heard(OFFICER) if "首报待发送" in text)
    assert "受伤 2人" in first
    assert "被困 正在核实" in first
    assert "被困 3个人" in second
    assert "接报 10:00:00" in second
    assert "失效" in (await room.types(OFFICER, "拆成两起 E1"))[-1]


# --- bad input --------------------------------------------------------------------------------------------


async def test_a_time_to_come_is_a_doubt_and_no_occurrence(room: Room) -> None:
    card = (await room.types(OFFICER, "首报 今晚23点50海棠里3号楼着火"))[-1]
    assert "时间在收到之后" in card
    assert "确切时间" in card
    assert "23:50" not in card.split("原话")[0].replace("23点50", "")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("现场.jpg", b"<html><script>alert(1)</script></html>", "内容是网页，不是照片"),
        ("现场.jpg", b"", "0 字节"),
        ("现场.mp4", b"MZ\x90\x00" * 9, "内容是程序，不是视频"),
    ],
)
async def test_a_bad_file_is_refused_with_its_reason_and_the_words_go_to_the_officer(
    room: Room, name: str, data: bytes, why: str
) -> None:
    answer = (await room.sends_file(REPORTER, name, data, FIRE))[-1]
    assert "已被告知" in answer
    assert why in answer
    word = "\n".join(room.heard(OFFICER))
    assert FIRE in word
    assert why in word
    assert not files(room, OFFICER)


async def test_a_video_too_large_is_refused_and_the_word_stands(room: Room) -> None:
    room.api.post_media(room.ids[REPORTER], "video", b"\x00" * (21 * 1024 * 1024), "海棠里3号楼着火")
    assert "超过 20 MB" in (await answers(room, REPORTER))[-1]
    assert "海棠里3号楼着火" in "\n".join(room.heard(OFFICER))


async def test_an_officers_bad_file_keeps_its_words(room: Room) -> None:
    assert "附件没有保存" in (await room.sends_file(OFFICER, "图.jpg", b"<html>", "巡查完毕"))[-1]
    assert "没能收下" in (await room.sends_file(OFFICER, "图.jpg", b"<html>"))[-1]


async def test_a_backup_holds_the_attachments_and_restoring_brings_them_back(room: Room) -> None:
    if room.app.db.path is None:
        pytest.skip("PostgreSQL is backed up by its own tools")
    room.api.post_photo(room.ids[REPORTER], JPEG % 1, FIRE)
    await room.settle()
    backup = await room.app.backup()
    await room.close()
    shutil.rmtree(room.data / "files")
    assert cli.restore(room.settings, Namespace(file=backup)) == 0
    kept = [file.read_bytes() for file in (room.data / "files").glob("??/*")]
    assert kept == [JPEG % 1]


PICTURE = b"\xff\xd8\xff\xe0 a picture"


async def _photo(room: Room, name: str, caption: str) -> list[str]:
    before = len(room.heard(name))
    room.api.post_photo(room.ids[name], PICTURE + caption.encode(), caption)
    await room.settle()
    return room.heard(name)[before:]


async def test_a_photo_under_a_follow_up_belongs_to_its_event(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里社区3号楼着火，1人受伤")
    await room.types(OFFICER, "发送 E1")
    assert "附到事件 E1" in "\n".join(await _photo(room, OFFICER, "续报 E1 火已灭"))
    assert "附到事件 E1" in "\n".join(await _photo(room, OFFICER, "续报 已清理完毕"))
    assert len([text for text in await room.types(OFFICER, "附件 E1") if "照片" in text]) == 2


async def test_a_photo_under_an_answer_to_a_warning_is_kept_with_it_and_is_no_incident(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.types(OFFICER, "下发 W1 海棠里社区第1网格")
    said = "\n".join(await _photo(room, "刘海芝", "已传达 广播 30户"))
    assert "已记录：W1 已传达" in said
    assert "附到预警 W1" in said
    assert "附到预警 W1" in "\n".join(await _photo(room, "刘海芝", "已传达 W1 微信群 40户"))
    assert "E1" not in "\n".join(room.heard(OFFICER))
    assert "写上编号再发" in "\n".join(await _photo(room, "吴金云", "收到 W1"))


async def test_a_bulletin_under_a_picture_is_read_as_one(room: Room) -> None:
    said = "\n".join(await _photo(room, OFFICER, BLUE))
    assert "待下发" in said
    assert "已记录 L" in said

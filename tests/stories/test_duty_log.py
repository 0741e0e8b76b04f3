"""The duty log: everything people send is kept, corrections stand under what they correct, all of it is found again."""

import io
import re

import pytest
from docx import Document

from storage import log, people
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE, FIRE

OFFICER, NEXT, LEADER, DEPUTY, ADMIN, REPORTER = "郑伟", "何琳", "张慧敏", "杨帆", "宋倩", "王秀兰"


async def answers(room: Room, name: str) -> list[str]:
    """Let the room work and return what it then says to a person that it had not said before."""
    before = len(room.heard(name))
    await room.settle()
    return room.heard(name)[before:]


async def writes(room: Room, text: str, who: str = OFFICER) -> str:
    """Write an entry and return its number."""
    found = re.search(r"L\d+", (await room.types(who, text))[-1])
    assert found
    return found[0]


async def looks(room: Room, text: str, who: str = OFFICER) -> str:
    """Return the answer to a search."""
    return (await room.types(who, f"日志 {text}".strip()))[-1]


def file_of(room: Room, name: str) -> tuple[str, bytes]:
    """Return the newest file a person got: its name and content."""
    sent = next(m["document"] for m in reversed(room.api.chat(room.ids[name])) if m.get("document"))
    return sent["file_name"], room.api.files[sent["file_id"]].data


# --- everything is kept -----------------------------------------------------------------------------------


async def test_a_place_is_an_entry_at_once(room: Room) -> None:
    room.api.post_location(room.ids[OFFICER], 39.12345, 117.12345)
    assert re.search(r"已记录 L\d+（10:0\d:\d\d）", (await answers(room, OFFICER))[-1])
    room.api.post_location(room.ids[LEADER], 39.1, 117.2, title="金桥路泵站")
    assert "已记录 L" in (await answers(room, LEADER))[-1]
    found = await looks(room, "位置")
    assert "张慧敏 位置 39.10000，117.20000 金桥路泵站" in found
    assert "郑伟 位置 39.12345，117.12345" in found


async def test_a_contact_card_is_an_entry_at_once(room: Room) -> None:
    room.api.post_contact(room.ids[DEPUTY], "13800009999", "抽排队老孙")
    assert "已记录 L" in (await answers(room, DEPUTY))[-1]
    assert "名片 抽排队老孙 13800009999" in await looks(room, "名片")


async def test_a_reporters_place_is_a_first_word_and_no_entry_of_the_duty_log(room: Room) -> None:
    room.api.post_location(room.ids[REPORTER], 39.1, 117.2)
    assert "值班员 郑伟 已被告知" in (await answers(room, REPORTER))[-1]
    found = await looks(room, "位置")
    assert "接报 E1：位置 39.10000，117.20000" in found
    assert "1 条" in found


RECORDINGS = {
    "video": "视频.mp4",
    "audio": "录音.mp3",
    "video_note": "圆形视频.mp4",
    "animation": "animation.mp4",
}


async def test_every_kind_of_recording_is_kept(room: Room) -> None:
    for kind, name in RECORDINGS.items():
        room.api.post_media(room.ids[OFFICER], kind, kind.encode())
        assert f"附件 {name}" in (await answers(room, OFFICER))[-1]
        assert any(p.read_bytes() == kind.encode() for p in room.data.rglob("*") if len(p.name) == 64)


async def test_photo_voice_and_document_are_kept_with_or_without_words(room: Room) -> None:
    room.api.post_photo(room.ids[OFFICER], b"jpg-1", "3号楼积水照片")
    assert "附件 照片.jpg" in (await answers(room, OFFICER))[-1]
    room.api.post_voice(room.ids[OFFICER], b"OggS-1")
    assert "附件 语音.ogg" in (await answers(room, OFFICER))[-1]
    assert "附件 通知.pdf" in (await room.sends_file(OFFICER, "通知.pdf", b"%PDF-1"))[-1]
    found = await looks(room, "")
    assert "3号楼积水照片（附件 照片.jpg）" in found
    assert "语音.ogg" in found
    assert "通知.pdf" in found


async def test_an_album_is_an_entry_per_photo_with_one_answer_for_the_first_and_one_for_the_rest(
    room: Room,
) -> None:
    for number in range(5):
        room.api.post_photo(
            room.ids[OFFICER], b"jpg-%d" % number, "积水五张" if number == 0 else "", album="77"
        )
    heard = await answers(room, OFFICER)
    assert len(heard) == 1
    assert "写错了" in heard[0]
    before = len(room.heard(OFFICER))
    await room.fast_forward(seconds=6)
    (rest,) = room.heard(OFFICER)[before:]
    numbers = re.findall(r"L(\d+)", rest)
    assert "另 4 个附件也已记录" in rest
    assert (await looks(room, "照片")).count("附件 照片.jpg") == 5 - 1
    assert f"L{numbers[0]}" in await looks(room, f"L{numbers[0]}")
    room.api.post_photo(room.ids[OFFICER], b"jpg-9", "一张")
    assert "写错了" in (await answers(room, OFFICER))[-1]


async def test_two_albums_at_once_and_a_crash_lose_no_answer(room: Room) -> None:
    for number in range(6):
        room.api.post_photo(room.ids[OFFICER], b"jpg-%d" % number, album=str(number % 2))
    assert len(await answers(room, OFFICER)) == 2
    await room.crash()
    await room.fast_forward(seconds=6)
    assert sum("另 2 个附件也已记录" in text for text in room.heard(OFFICER)) == 2


# --- corrections ------------------------------------------------------------------------------------------


async def test_a_correction_and_its_correction_stand_under_the_entry(room: Room) -> None:
    first = await writes(room, "记录 水位 2.3 米")
    second = await writes(room, f"更正 {first} 水位应为 3.2 米")
    third = await writes(room, f"更正 {second} 水位应为 3.4 米", DEPUTY)
    for asked in ("", "水位", "应为", third, DEPUTY):
        lines = (await looks(room, asked)).splitlines()
        at = next(n for n, line in enumerate(lines) if "水位 2.3 米" in line)
        assert lines[at].startswith(first), asked
        assert re.fullmatch(rf"\s*↳ 更正 {second} 10:0\d 郑伟：水位应为 3.2 米", lines[at + 1]), asked
        assert re.fullmatch(rf"\s*↳ 更正 {third} 10:0\d 杨帆：水位应为 3.4 米", lines[at + 2]), asked
    today = await looks(room, "7.25")
    assert [today.count(words) for words in ("2.3 米", "3.2 米", "3.4 米")] == [1, 1, 1]
    assert f"{third} 是 {first} 的更正" in await looks(room, third)
    assert "是" not in (await looks(room, first)).splitlines()[0]
    assert "没有 值班日志 L999" in await looks(room, "L999")


async def test_a_long_entry_is_cut_in_a_list_and_shown_in_full_by_its_number(room: Room) -> None:
    room.api.post_photo(room.ids[OFFICER], b"jpg-1", "长" * 900)
    number = re.search(r"L\d+", (await answers(room, OFFICER))[-1])
    assert number
    listed = await looks(room, "长长")
    assert "长" * 101 not in listed
    assert f"…（附件 照片.jpg）（全文：日志 {number[0]}）" in listed
    shown = await looks(room, number[0])
    assert "长" * 900 in shown
    assert "附件 照片.jpg" in shown
    assert "附件校验值" in shown
    assert f"更正 {number[0]} " in shown
    assert "全文" not in shown


async def test_signs_and_pictures_in_a_text_stay_as_typed(room: Room) -> None:
    text = "水位<3.2米 & 流速>1 🚒👨‍👩‍👧 100%_\\"
    number = await writes(room, f"记录 {text}")
    assert text in await looks(room, "")
    assert text in await looks(room, number)
    assert text in await looks(room, "<3.2米")
    assert text in await looks(room, "100%_\\")
    assert "没有符合的记录" in await looks(room, "100_%")


# --- found again ------------------------------------------------------------------------------------------


@pytest.fixture
async def two_days(room: Room) -> Room:
    """Return the room a day later, with entries of two people on two days."""
    await writes(room, "记录 御河湾 5 号楼漏水，已报修")
    await writes(room, "记录 E7 现场已清理", DEPUTY)
    room.clock.move(24 * 3600)
    await room.settle()
    await room.types(NEXT, "到岗")
    await writes(room, "记录 5 号楼漏水修好了", NEXT)
    await writes(room, "记录 E71 与此无关，请杨帆核实", NEXT)
    return room


FOUND = {
    "a past day without its year": ("12.31", (), ("御河湾", "修好了")),
    "a day": ("7.25", ("御河湾", "现场已清理"), ("修好了", "E71")),
    "yesterday": ("昨天", ("御河湾", "现场已清理"), ("修好了", "E71")),
    "a day of the month": ("25号", ("御河湾",), ("修好了",)),
    "a person, by what they wrote and what names them": ("杨帆", ("现场已清理", "E71"), ("御河湾", "修好了")),
    "a word": ("漏水", ("御河湾", "修好了"), ("现场", "E71")),
    "an event, not a longer number": ("E7", ("现场已清理",), ("御河湾", "E71")),
    "small letters and wide digits": ("e７", ("现场已清理",), ("E71",)),
    "a day and a person": ("7.25 杨帆", ("现场已清理",), ("御河湾", "E71")),
    "a word and a day, the other way round": ("漏水 7月26日", ("修好了",), ("御河湾",)),
    "two words": ("漏水、报修", ("御河湾",), ("修好了",)),
    "an event on a day": ("E7 7.25", ("现场已清理",), ("E71",)),
    "what was done": ("到岗", ("何琳 到岗 S",), ("御河湾", "修好了")),
}


async def test_it_is_found_by_day_person_event_and_word(two_days: Room) -> None:
    for what, (asked, there, not_there) in FOUND.items():
        answer = await looks(two_days, asked)
        assert all(words in answer for words in there), (what, answer)
        assert not any(words in answer.partition("没有符合")[0] for words in not_there), (what, answer)


async def test_nothing_found_says_so_with_the_form(two_days: Room) -> None:
    for asked in ("没人写过这句", "7.20", "E5", "7.25 何琳"):
        answer = await looks(two_days, asked)
        assert "没有符合的记录" in answer, asked
        assert "日志 7.25" in answer


async def test_without_words_it_is_the_watch_until_it_is_handed_over(two_days: Room) -> None:
    answer = await looks(two_days, "")
    assert "本班 郑伟，昨天 08:30 起" in answer
    assert "御河湾" in answer
    await two_days.types(LEADER, "强制交接 何琳 郑伟已离开")
    answer = await looks(two_days, "")
    assert "修好了" in answer
    assert "御河湾" not in answer
    assert re.search(r"本班 何琳，08:30 起：\d+ 条", answer)


async def test_a_long_list_is_cut_and_says_how_to_narrow(room: Room) -> None:
    for number in range(1, 24):
        await room.types(OFFICER, f"记录 第{number:02}件")
    answer = await looks(room, "件")
    assert "23 条" in answer
    assert "只列最新 20 条，另有 3 条" in answer
    assert "日志 7.25 刘芳" in answer
    assert re.findall(r"第(\d\d)件", answer) == [f"{n:02}" for n in range(4, 24)]


async def test_who_may_not_read_it_is_refused(room: Room) -> None:
    await writes(room, "记录 内部事项")
    for name in (REPORTER, "崔海波"):
        answer = await looks(room, "7.25", name)
        assert "内部事项" not in answer
        assert "值班员" in answer
    for name in (OFFICER, DEPUTY, LEADER, ADMIN):
        assert "内部事项" in await looks(room, "7.25", name)


# --- a day reads like a duty log --------------------------------------------------------------------------


async def test_a_day_with_a_warning_an_incident_and_a_handover_reads_like_a_duty_log(room: Room) -> None:
    await room.types(OFFICER, "到岗")
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.types(REPORTER, "收到 W1")
    await room.types(OFFICER, f"首报 {FIRE}")
    await room.presses(OFFICER, "发送")
    await room.presses(OFFICER, "已电话报告")
    await room.presses(LEADER, "签发")
    await writes(room, "记录 海棠里火情现场有人值守")
    await room.fast_forward(minutes=11)
    await room.types(OFFICER, "交班")
    await room.presses(OFFICER, "交班")
    page = await looks(room, "7.25")
    order = [
        page.index(w)
        for w in (
            "到岗 S",
            "收到预警 W1",
            "下发预警 W1",
            "接报 E1",
            "送签 E1",
            "已电话报告 E1",
            "签发 E1",
            "有人值守",
            "交班签字 H1",
        )
    ]
    assert order == sorted(order)
    for noise in ("催", "prompt", "handover.", "shift.", "提醒", "系统", "handover"):
        assert noise not in page
    assert "海棠里" in await looks(room, "E1 7.25")
    assert "下发预警" not in await looks(room, "E1")


async def test_a_day_is_printed_with_each_correction_under_its_entry(room: Room) -> None:
    first = await writes(room, "记录 =1+1 <水位> & 🚒")
    await writes(room, f"更正 {first} 应为 2")
    await room.types(OFFICER, "到岗")
    await room.types(LEADER, "日志 7.25 打印")
    word = Document(io.BytesIO(file_of(room, LEADER)[1]))
    rows = [[cell.text for cell in row.cells] for row in word.tables[1].rows]
    written = next(row for row in rows if row[1] == first)
    assert "=1+1 <水位> & 🚒" in written
    assert any(re.fullmatch(r"L\d+ 10:0\d 郑伟：应为 2", cell) for cell in written)
    assert sum("应为 2" in cell for row in rows for cell in row) == 1, "a correction has no row of its own"
    assert any(row[2].startswith("到岗 S") for row in rows)
    assert "例如：日志 7.25 打印" in await looks(room, "刘芳 打印")


async def test_a_correction_of_yesterday_is_dated(room: Room) -> None:
    first = await writes(room, "记录 水位 2.3 米")
    room.clock.move(24 * 3600)
    await room.settle()
    await writes(room, f"更正 {first} 水位应为 3.2 米", NEXT)
    assert re.search(r"↳ 更正 L\d+ 7月26日 10:0\d 何琳：", await looks(room, "7.25"))
    assert "昨天 10:00" in await looks(room, "7.26")


async def test_namesakes_and_people_who_left_are_found_by_their_name(room: Room) -> None:
    await writes(room, "记录 老郑巡查泵站")
    async with room.app.db.write() as tx:
        (old,) = await people.by_name(tx, OFFICER)
        namesake = await people.add_person(tx, OFFICER)
        await log.append(tx, room.clock.now(), namesake, "duty.log", "", "小郑巡查河道")
        await people.revoke(tx, room.clock.now(), old.id)
    found = await looks(room, OFFICER, LEADER)
    assert "老郑巡查泵站" in found
    assert "小郑巡查河道" in found


async def test_a_day_without_its_year_is_the_last_such_day(room: Room) -> None:
    assert "2025年12月31日" in await looks(room, "12.31")

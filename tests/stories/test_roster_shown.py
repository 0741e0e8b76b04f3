"""The roster as people see it."""

import io
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from actions import roster as act
from bot import fonts
from bot.fonts import cjk_font
from domain.roster import Post, Wanted
from messages.roster_picture import draw_with
from storage import people
from tests.stories.room import ZONE, Room


@pytest.fixture
def no_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine have no font that shows Chinese."""
    monkeypatch.setattr(fonts, "cjk_font", lambda: None)
    draw_with(lambda: None)
    yield
    draw_with(cjk_font)


async def test_a_month_comes_as_text_and_as_a_workbook_the_office_knows(room: Room) -> None:
    answers = await room.types("郑伟", "值班表 2026-07")
    assert "7.25 周六 张慧敏 / 郑伟" in answers[0]
    assert answers[-1].endswith("[沽水街道2026年7月值班表.xlsx]")
    message = room.api.chat(room.ids["郑伟"])[-1]
    bot = room.app.outbox.bot
    file = await bot.get_file(message["document"]["file_id"])
    book = load_workbook(io.BytesIO(bytes(await file.download_as_bytearray())))
    rows = [[str(cell or "") for cell in row] for row in book["值班表"].iter_rows(values_only=True)]
    assert rows[0][0] == "沽水街道2026年7月值班表"
    assert rows[3][2:6] == ["张慧敏", "副主任", "13800000009", "郑伟"]


async def test_a_day_is_asked_for_in_the_ways_people_say_it(room: Room) -> None:
    for words in ("明天", "7.26", "7月26日", "2026-07-26", "周日"):
        assert "主班：何琳" in (await room.types("郑伟", f"值班 {words}"))[-1], words
    assert "看不懂日期" in (await room.types("郑伟", "值班 改天"))[-1]
    assert "还没有值班表" in (await room.types("郑伟", "值班表 2027-01"))[-1]


async def test_my_shifts_are_listed_with_their_numbers(room: Room) -> None:
    assert "S" in (answer := (await room.types("何琳", "我的班"))[-1])
    assert "7月26日（周日） 08:30" in answer


def photos(room: Room, name: str) -> list[dict[str, Any]]:
    """Return the messages with a picture that a person got."""
    return [m for m in room.api.chat(room.ids[name]) if m["from"]["is_bot"] and "photo" in m]


@pytest.mark.skipif(cjk_font() is None, reason="no CJK font: apt-get install fonts-noto-cjk")
async def test_a_month_comes_as_a_picture_with_the_words_under_it_and_then_the_workbook(room: Room) -> None:
    await room.types("郑伟", "值班表 2026-08")
    (picture,) = photos(room, "郑伟")
    assert "8.1 周六" in picture["caption"]
    size = picture["photo"][-1]
    assert size["width"] == 1400
    assert size["width"] + size["height"] <= 10_000
    last = room.api.chat(room.ids["郑伟"])[-1]
    assert last["document"]["file_name"] == "沽水街道2026年8月值班表.xlsx"
    assert "caption" not in last


@pytest.mark.usefixtures("no_font")
async def test_without_a_font_the_words_are_under_the_workbook_and_the_state_says_so(
    room: Room,
) -> None:
    (answer,) = await room.types("郑伟", "值班表 2026-08")
    assert "8.1 周六" in answer
    assert answer.endswith(".xlsx]")
    assert "没有中文字体，值班表只发表格" in (await room.types("宋倩", "状态"))[-1]


@pytest.mark.skipif(cjk_font() is None, reason="no CJK font: apt-get install fonts-noto-cjk")
async def test_a_picture_that_telegram_refuses_takes_neither_words_nor_workbook_with_it(room: Room) -> None:
    room.api.faults.reply(400, description="PHOTO_INVALID_DIMENSIONS", method="sendPhoto")
    words, file = await room.types("郑伟", "值班表 2026-08")
    assert "8.1 周六" in words
    assert file.endswith(".xlsx]")


@pytest.mark.skipif(cjk_font() is None, reason="no CJK font: apt-get install fonts-noto-cjk")
async def test_an_answer_that_has_to_wait_goes_on_where_it_stopped(room: Room) -> None:
    room.api.faults.reply(429, retry_after=2, method="sendDocument")
    picture, file = await room.types("郑伟", "值班表 2026-08")
    assert "8.1 周六" in picture
    assert "重发" not in picture + file
    assert file == "\n[沽水街道2026年8月值班表.xlsx]"
    assert len(photos(room, "郑伟")) == 1


SHIFTS = """
[roster]
shifts = ["白班 08:30-17:30 主班1", "夜班 17:30-08:30 主班1", "带班 08:30-08:30 带班领导1"]
"""


@pytest.fixture
async def shifts(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a room with day and night, and a leader beside both, on 25 and 26 July."""
    room = await Room(tmp_path / "data", datetime(2026, 7, 25, 10, 0, tzinfo=ZONE), SHIFTS).open()
    await room.lay_street(0)
    now = room.clock.now()
    async with room.app.db.write() as tx:
        ids = {a.name: a.id for a in await people.everybody(tx)}

        def stands(post: Post, name: str, label: str, start: tuple[int, int, int], hours: float) -> Wanted:
            begin = datetime(2026, 7, *start, tzinfo=ZONE)
            return Wanted(post, ids[name], begin, begin + timedelta(hours=hours), label)

        wanted = [
            stands(Post.LEADER, "张慧敏", "带班", (25, 8, 30), 24),
            stands(Post.OFFICER, "郑伟", "白班", (25, 8, 30), 9),
            stands(Post.OFFICER, "何琳", "夜班", (25, 17, 30), 15),
            stands(Post.LEADER, "赵文斌", "带班", (26, 8, 30), 24),
            stands(Post.OFFICER, "刘芳", "白班", (26, 8, 30), 9),
        ]
        await act.publish(tx, None, now, wanted, (date(2026, 7, 25), date(2026, 7, 26)))
    await room.settle()
    yield room
    await room.close()


async def test_a_day_of_several_shifts_is_shown_shift_by_shift(shifts: Room) -> None:
    day = (await shifts.types("郑伟", "值班 7.25"))[-1].splitlines()
    assert day[1:] == [
        "带班 08:30-次日08:30",
        "带班领导：张慧敏 13800000009",
        "白班 08:30-17:30",
        "主班：郑伟 13800000005",
        "夜班 17:30-次日08:30",
        "主班：何琳 13800000006",
    ]
    now = (await shifts.types("郑伟", "值班"))[-1]
    assert "白班 主班：郑伟 13800000005 至 17:30" in now
    assert "下一班 夜班（17:30）：主班 何琳" in now
    mine = (await shifts.types("何琳", "我的班"))[-1]
    assert "夜班 主班 7月25日（周六） 17:30-次日08:30" in mine


async def test_a_month_of_several_shifts_has_a_line_and_a_row_for_each(shifts: Room) -> None:
    text = (await shifts.types("郑伟", "值班表 2026-07"))[0]
    assert "7.25 周六\n 带班 张慧敏\n 白班 郑伟\n 夜班 何琳\n7.26" in text
    assert "7.26 周日\n 带班 赵文斌\n 白班 刘芳\n ⚠️缺夜班主班" in text
    message = shifts.api.chat(shifts.ids["郑伟"])[-1]
    file = await shifts.app.outbox.bot.get_file(message["document"]["file_id"])
    sheet = load_workbook(io.BytesIO(bytes(await file.download_as_bytearray())))["值班表"]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    first = next(n for n, row in enumerate(rows) if row[0] == "2026-07-25")
    assert [[*row[:4], row[6]] for row in rows[first : first + 3]] == [
        ["2026-07-25", "六", "带班", "张慧敏", ""],
        ["", "", "白班", "", "郑伟"],
        ["", "", "夜班", "", "何琳"],
    ]

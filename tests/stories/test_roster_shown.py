"""The roster as people see it."""

import io

from openpyxl import load_workbook

from tests.stories.room import Room


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

"""The room's one group: brought in by an admin, shows no phones, its card is edited; other groups are left."""

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, ADMIN, STRANGER = "郑伟", "宋倩", "刘海芝"
GROUP, OTHER = -5001, -5002


async def _bound(room: Room) -> None:
    room.api.create_group(GROUP, "值班群", [room.ids[name] for name in (ADMIN, OFFICER, STRANGER)])
    room.api.add_bot_to_group(GROUP, by=room.ids[ADMIN])
    await room.settle()


def _said(room: Room, chat: int = GROUP) -> list[str]:
    return [room._text(m) for m in room.api.chat(chat) if m["from"]["is_bot"]]


async def test_an_admins_group_is_taken_and_others_are_left(room: Room) -> None:
    await _bound(room)
    assert len(_said(room)) == 1
    room.api.create_group(OTHER, "闲聊", [room.ids[STRANGER]])
    room.api.add_bot_to_group(OTHER, by=room.ids[STRANGER])
    await room.settle()
    assert room.api.group(OTHER).bot == "left"
    assert _said(room, OTHER) == []
    assert room.api.group(GROUP).bot == "member"


async def test_a_group_is_also_taken_by_the_admins_start(room: Room) -> None:
    room.api.reads_groups = False
    await _bound(room)
    room.api.create_group(OTHER, "新值班群", [room.ids[ADMIN]])
    room.api.groups[OTHER].bot = "member"
    assert await room.types(ADMIN, "/start@dutyroom_bot", chat=OTHER)
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    assert any("进度" in text for text in _said(room, OTHER))


async def test_the_group_card_is_edited_and_shows_no_phones(room: Room) -> None:
    await _bound(room)
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    for name in ("刘海芝", "王秀兰", "陈文山"):
        await room.types(name, "收到 W1")
        await room.fast_forward(seconds=5)
    cards = [text for text in _said(room) if "进度\n" in text]
    assert len(cards) == 1
    assert "收到 2/65" in cards[0]
    assert "赵永明" in cards[0]
    assert "1380000" not in "\n".join(_said(room))


async def test_a_commands_answer_in_the_group_masks_phones(room: Room) -> None:
    await _bound(room)
    answers = await room.types(OFFICER, "值班", chat=GROUP)
    assert len(answers) == 1
    assert "郑伟" in answers[0]
    assert "138****0005" in answers[0]
    assert "13800000005" not in answers[0]


async def test_talk_and_other_commands_in_the_group_are_not_answered(room: Room) -> None:
    await _bound(room)
    for text in ("大家早", "首报 着火了", "交班", "人员", "收到"):
        assert await room.types(OFFICER, text, chat=GROUP) == []


async def test_a_migrated_group_goes_on_under_its_new_number(room: Room) -> None:
    await _bound(room)
    new = room.api.migrate(GROUP)
    await room.settle()
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    assert any("进度" in text for text in _said(room, new))
    assert room.api.group(new).bot == "member"


async def test_a_group_that_throws_the_bot_out_harms_nobody(room: Room) -> None:
    await _bound(room)
    room.api.kick_bot(GROUP, by=room.ids[ADMIN])
    await room.settle()
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    assert BLUE in room.last("刘海芝")

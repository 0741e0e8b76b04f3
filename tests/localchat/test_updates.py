"""What the bot hears, once, in order, and for how long it is kept."""

import asyncio

import pytest

from localchat.records import Json

from .conftest import GROUP, SMALL_GROUP, Chat

_KEYS = {
    "inline_keyboard": [[{"text": "收到", "callback_data": "x"}, {"text": "无法处理", "callback_data": "n"}]]
}


async def test_updates_stay_until_confirmed_by_a_later_offset(chat: Chat) -> None:
    chat.api.post(1001, "一")
    chat.api.post(1001, "二")
    first, second = await chat.updates()
    assert (await chat.updates())[0] == first
    assert await chat.updates(offset=second["update_id"]) == [second]
    assert await chat.updates(offset=second["update_id"] + 1) == []
    assert await chat.updates() == []


async def test_a_negative_offset_keeps_the_newest_only(chat: Chat) -> None:
    for text in "一二三":
        chat.api.post(1001, text)
    assert [u["message"]["text"] for u in await chat.updates(offset=-1)] == ["三"]


async def test_a_waiting_poll_is_woken_by_a_message(chat: Chat) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(chat.updates(timeout=20))
        await asyncio.sleep(0.01)
        chat.api.post(1001, "来了")
    assert poll.result()[0]["message"]["text"] == "来了"


async def test_a_second_poller_ends_the_older_one_with_409(chat: Chat) -> None:
    async with asyncio.TaskGroup() as group:
        older = group.create_task(chat.ask("getUpdates", {"timeout": 20}))
        await asyncio.sleep(0.01)
        newer = group.create_task(chat.ask("getUpdates", {"timeout": 20}))
        await asyncio.sleep(0.01)
        chat.api.post(1001, "来了")
    assert older.result()["error_code"] == 409
    assert len(newer.result()["result"]) == 1


async def test_a_press_is_kept_150_seconds_and_a_message_a_day(chat: Chat) -> None:
    await chat.result("sendMessage", chat_id=1001, text="好", reply_markup=_KEYS)
    chat.api.press(1001, "x")
    chat.api.post(1001, "好")
    assert [sorted(u) for u in await chat.updates()] == [
        ["callback_query", "update_id"],
        ["message", "update_id"],
    ]
    chat.clock.at += 150
    assert [sorted(u) for u in await chat.updates()] == [["message", "update_id"]]
    chat.clock.at += 86_250
    assert await chat.updates() == []


async def test_only_the_kinds_asked_for_are_queued(chat: Chat) -> None:
    await chat.updates(allowed_updates='["callback_query"]')
    chat.api.post(1001, "好")
    assert await chat.updates() == []
    await chat.updates(allowed_updates="[]")
    chat.api.post(1001, "好")
    assert len(await chat.updates()) == 1


async def test_everything_people_send_is_read_by_an_independent_reader(chat: Chat) -> None:
    api = chat.api
    api.add_bot_to_group(GROUP)
    said = api.start(1003, "code1")
    api.post(1001, "在群里", chat_id=GROUP)
    api.post_document(1001, "值班表.xlsx", b"x" * 10, "十二月")
    api.post_photo(1001, b"\x89PNG", "现场")
    api.post_voice(1001)
    api.post_location(1001, 39.1, 117.2)
    api.post_contact(1001, "13800000000", "李强")
    api.post(1001, "上级转来", forward="区总值班室")
    api.forward(1001, 1003, said["message_id"])
    api.edit(1003, said["message_id"], "改了")
    api.block(1001)
    updates = await chat.updates()
    kinds = [next(k for k in u if k != "update_id") for u in updates]
    assert kinds == ["my_chat_member", *["message"] * 9, "edited_message", "my_chat_member"]
    assert updates[1]["message"]["text"] == "/start code1"
    assert updates[1]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert updates[9]["message"]["forward_origin"]["sender_user"]["first_name"] == "陈涛"


async def test_privacy_hides_what_a_group_says_among_itself(chat: Chat) -> None:
    chat.api.reads_groups = False
    chat.api.add_bot_to_group(GROUP)
    mine = await chat.result("sendMessage", chat_id=GROUP, text="请回复")
    chat.api.post(1001, "聊天", chat_id=GROUP)
    chat.api.post(1001, "/status", chat_id=GROUP)
    chat.api.post(1001, "好", chat_id=GROUP, reply_to=mine["message_id"])
    heard = [u["message"]["text"] for u in await chat.updates() if "message" in u]
    assert heard == ["/status", "好"]


async def test_a_button_that_is_not_there_cannot_be_pressed(chat: Chat) -> None:
    await chat.result("sendMessage", chat_id=1001, text="好", reply_markup=_KEYS)
    with pytest.raises(LookupError, match=r"收到.*无法处理"):
        chat.api.press(1001, "已传达")


async def test_a_press_takes_the_newest_message_having_the_button(chat: Chat) -> None:
    for text in ("旧", "新"):
        await chat.result("sendMessage", chat_id=1001, text=text, reply_markup=_KEYS)
    chat.api.press(1001, "收到")
    assert (await chat.updates())[0]["callback_query"]["message"]["text"] == "新"


async def test_a_hostile_app_can_send_data_the_keyboard_lost(chat: Chat) -> None:
    sent: Json = await chat.result("sendMessage", chat_id=1001, text="好")
    chat.api.press_stale(1001, sent["message_id"], "old")
    assert (await chat.updates())[0]["callback_query"]["data"] == "old"


async def test_an_upgrade_is_told_to_both_groups(chat: Chat) -> None:
    chat.api.add_bot_to_group(SMALL_GROUP)
    new = chat.api.migrate(SMALL_GROUP)
    told = [u["message"] for u in await chat.updates() if "message" in u]
    assert [m.get("migrate_to_chat_id") for m in told] == [new, None]
    assert told[1]["migrate_from_chat_id"] == SMALL_GROUP

"""The methods that succeed, the reply keyboard, the planted faults and the limits."""

import asyncio
import struct

import pytest

from localchat.api import BotApi, LostReply, Outage

from .conftest import GROUP, Chat, Clock, filled
from .validate import check_request


def _png(width: int, height: int) -> bytes:
    """Return a PNG's beginning, which tells its size."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


async def test_the_bot_knows_itself_and_its_chats(chat: Chat) -> None:
    assert (await chat.result("getMe"))["id"] == 100001
    assert (await chat.result("getWebhookInfo"))["url"] == ""
    assert (await chat.result("getChat", chat_id=1001))["username"] == "liufang"
    chat.api.add_bot_to_group(GROUP, admin=True)
    assert (await chat.result("getChatMember", chat_id=GROUP, user_id=100001))["status"] == "administrator"
    assert (await chat.result("getChatMember", chat_id=GROUP, user_id=1003))["status"] == "left"
    assert await chat.result("leaveChat", chat_id=GROUP)
    assert "not a member" in await chat.refusal("sendMessage", chat_id=GROUP, text="好")


async def test_a_document_goes_out_is_fetched_again_and_sent_by_its_id(chat: Chat) -> None:
    files = {"document": ("交班.docx", b"PK")}
    sent = await chat.result("sendDocument", files, chat_id=1001, caption="<b>交班</b>", parse_mode="HTML")
    told = await chat.result("getFile", file_id=sent["document"]["file_id"])
    assert chat.api.download(chat.api.token, told["file_path"]) == (200, b"PK")
    again = await chat.result("sendDocument", chat_id=1002, document=sent["document"]["file_id"])
    assert again["document"]["file_name"] == "交班.docx"
    edited = await chat.result(
        "editMessageCaption", chat_id=1001, message_id=sent["message_id"], caption="改"
    )
    assert edited["caption"] == "改"


async def test_photo_voice_and_place_go_out(chat: Chat) -> None:
    assert (await chat.result("sendPhoto", {"photo": ("a.jpg", b"x")}, chat_id=1001))["photo"]
    assert (await chat.result("sendVoice", {"voice": ("a.ogg", b"x")}, chat_id=1001, duration=2))["voice"]
    assert (await chat.result("sendLocation", chat_id=1001, latitude="39.1", longitude=117.2))["location"]
    assert await chat.result("sendChatAction", chat_id=1001, action="typing")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_png(1400, 8700), "PHOTO_INVALID_DIMENSIONS"),
        (_png(100, 2100), "PHOTO_INVALID_DIMENSIONS"),
        (b"x" * (10 * 1024 * 1024 + 1), "file of size 10485761 bytes is too big for a photo"),
    ],
)
async def test_a_picture_too_large_is_refused_as_a_photo(chat: Chat, data: bytes, words: str) -> None:
    reply = await chat.ask("sendPhoto", {"chat_id": 1001}, {"photo": ("a.png", data)})
    assert not reply["ok"]
    assert words in reply["description"]
    assert (await chat.result("sendPhoto", {"photo": ("a.png", _png(1400, 8600))}, chat_id=1001))["photo"]


async def test_a_chats_own_commands_come_before_the_default_ones(chat: Chat) -> None:
    await chat.result("setMyCommands", commands='[{"command": "help", "description": "帮助"}]')
    scope = {"type": "chat", "chat_id": 1001}
    await chat.result("setMyCommands", commands=[{"command": "w", "description": "预警"}], scope=scope)
    assert [c["command"] for c in chat.api.chat_commands(1001)] == ["w"]
    assert [c["command"] for c in chat.api.chat_commands(1002)] == ["help"]
    await chat.result("deleteMyCommands", scope=scope)
    assert not await chat.result("getMyCommands", scope=scope)
    assert [c["command"] for c in chat.api.chat_commands(1001)] == ["help"]


async def test_a_reply_keyboard_stays_until_it_is_taken_away(chat: Chat) -> None:
    board = {
        "keyboard": [["交班", {"text": "首报"}]],
        "is_persistent": True,
        "input_field_placeholder": "请选",
    }
    sent = await chat.result("sendMessage", chat_id=1001, text="选", reply_markup=board)
    assert "reply_markup" not in sent
    await chat.result("sendMessage", chat_id=1001, text="好")
    shown = chat.api.reply_keyboard(1001)
    assert shown
    assert [b["text"] for b in shown["keyboard"][0]] == ["交班", "首报"]
    await chat.result("sendMessage", chat_id=1001, text="好", reply_markup={"remove_keyboard": True})
    assert chat.api.reply_keyboard(1001) is None


async def test_a_reader_sees_text_keyboard_and_edits(chat: Chat) -> None:
    keys = {"inline_keyboard": [[{"text": "收到", "callback_data": "x"}]]}
    sent = await chat.result("sendMessage", chat_id=1001, text="旧", reply_markup=keys)
    await chat.result("editMessageReplyMarkup", chat_id=1001, message_id=sent["message_id"])
    assert [(m["text"], m["keyboard"], m["edited"]) for m in chat.api.chat(1001)] == [("旧", [], False)]
    await chat.result("editMessageText", chat_id=1001, message_id=sent["message_id"], text="新")
    assert [(m["text"], m["edited"]) for m in chat.api.chat(1001)] == [("新", True)]
    await chat.result("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert chat.api.chat(1001) == []


async def test_a_lost_reply_has_had_its_effect_and_an_outage_none(chat: Chat) -> None:
    chat.api.faults.timeout_after_delivery(method="sendMessage")
    with pytest.raises(LostReply):
        await chat.ask("sendMessage", {"chat_id": 1001, "text": "到了"})
    chat.api.faults.outage()
    with pytest.raises(Outage):
        await chat.ask("sendMessage", {"chat_id": 1001, "text": "没到"})
    chat.api.faults.outage(on=False)
    assert [m["text"] for m in chat.api.chat(1001)] == ["到了"]


async def test_faults_choose_by_method_chat_and_count(chat: Chat) -> None:
    chat.api.faults.reply(429, retry_after=7, chat=1002, count=2)
    chat.api.faults.reply(502, method="sendChatAction")
    told = [await chat.ask("sendMessage", {"chat_id": who, "text": "好"}) for who in (1001, 1002, 1002, 1002)]
    assert [reply.get("parameters", {}).get("retry_after") for reply in told] == [None, 7, 7, None]
    assert (await chat.ask("sendChatAction", {"chat_id": 1001, "action": "typing"}))["error_code"] == 502
    assert await chat.result("sendChatAction", chat_id=1001, action="typing")


async def test_a_delay_holds_back_only_what_it_names(chat: Chat) -> None:
    chat.api.faults.delay(0.03, chat=1002)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await chat.result("sendMessage", chat_id=1001, text="好")
    between = loop.time()
    await chat.result("sendMessage", chat_id=1002, text="好")
    assert between - begun < 0.03 <= loop.time() - between + 0.002


async def test_limits_hold_back_a_chat_a_group_and_the_whole() -> None:
    clock = Clock()
    api = filled(BotApi(clock, limits=True))
    api.add_bot_to_group(GROUP)
    for number in range(2000, 2040):
        api.add_account(number, str(number))

    async def send(chat_id: int) -> int:
        return (await api.call(api.token, "sendMessage", {"chat_id": chat_id, "text": "好"}))[0]

    assert [await send(1001) for _ in range(4)] == [200, 200, 200, 429]
    clock.at += 10
    assert [await send(GROUP) for _ in range(21)][-2:] == [200, 429]
    clock.at += 10
    assert [await send(number) for number in range(2000, 2031)][-2:] == [200, 429]
    clock.at += 60
    assert await send(GROUP) == 200


async def test_the_history_reads_as_requests(chat: Chat) -> None:
    keys = '{"inline_keyboard": [[{"text": "收到", "callback_data": "x"}]]}'
    await chat.result("sendMessage", chat_id="1001", text="好", reply_markup=keys)
    method, params = chat.api.history[-1]
    assert params["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "x"
    assert check_request(method, params)
    with pytest.raises(AssertionError, match="no parameter"):
        check_request("sendMessage", params | {"chatid": 1})

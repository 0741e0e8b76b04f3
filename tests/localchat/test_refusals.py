"""What the Bot API refuses, in its own words."""

from collections.abc import Callable

import pytest

from localchat.api import BotApi
from localchat.records import Json

from .conftest import GROUP, SMALL_GROUP, Chat

_CASES: list[tuple[str, str, Json, str]] = [
    ("a chat nobody knows", "sendMessage", {"chat_id": 5, "text": "好"}, "Bad Request: chat not found"),
    ("no chat at all", "sendMessage", {"text": "好"}, "Bad Request: chat_id is empty"),
    (
        "a person who never pressed start",
        "sendMessage",
        {"chat_id": 1003, "text": "好"},
        "Forbidden: bot can't initiate conversation with a user",
    ),
    (
        "a group the bot was never in",
        "sendMessage",
        {"chat_id": GROUP, "text": "好"},
        "Bad Request: chat not found",
    ),
    ("no text", "sendMessage", {"chat_id": 1001}, "Bad Request: message text is empty"),
    (
        "white space only",
        "sendMessage",
        {"chat_id": 1001, "text": " \n"},
        "Bad Request: message text is empty",
    ),
    (
        "tags around nothing",
        "sendMessage",
        {"chat_id": 1001, "text": "<b></b>", "parse_mode": "HTML"},
        "Bad Request: message text is empty",
    ),
    (
        "4097 UTF-16 units in 2049 characters",
        "sendMessage",
        {"chat_id": 1001, "text": "😀" * 2048 + "好"},
        "Bad Request: message is too long",
    ),
    (
        "a caption of 1025",
        "sendDocument",
        {"chat_id": 1001, "document": "local-document-000001", "caption": "好" * 1025},
        "Bad Request: message caption is too long",
    ),
    (
        "a file nobody sent",
        "sendDocument",
        {"chat_id": 1001, "document": "nothing"},
        "Bad Request: wrong file identifier/HTTP URL specified",
    ),
    (
        "a reply to nothing",
        "sendMessage",
        {"chat_id": 1001, "text": "好", "reply_parameters": '{"message_id": 99}'},
        "Bad Request: message to be replied not found",
    ),
    (
        "callback data of 65 bytes",
        "sendMessage",
        {
            "chat_id": 1001,
            "text": "好",
            "reply_markup": {"inline_keyboard": [[{"text": "收", "callback_data": "好" * 21 + "xx"}]]},
        },
        "Bad Request: BUTTON_DATA_INVALID",
    ),
    (
        "an inline button that does nothing",
        "sendMessage",
        {"chat_id": 1001, "text": "好", "reply_markup": '{"inline_keyboard": [[{"text": "收"}]]}'},
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "a button to a host without a dot",
        "sendMessage",
        {
            "chat_id": 1001,
            "text": "好",
            "reply_markup": {"inline_keyboard": [[{"text": "看", "url": "http://localhost:1/a"}]]},
        },
        "Bad Request: inline keyboard button URL 'http://localhost:1/a' is invalid: Wrong HTTP URL",
    ),
    (
        "markup that is no JSON",
        "sendMessage",
        {"chat_id": 1001, "text": "好", "reply_markup": "{"},
        "Bad Request: can't parse reply_markup JSON object",
    ),
    (
        "an edit of nothing",
        "editMessageText",
        {"chat_id": 1001, "message_id": 99, "text": "好"},
        "Bad Request: message to edit not found",
    ),
    (
        "a deletion of nothing",
        "deleteMessage",
        {"chat_id": 1001, "message_id": 99},
        "Bad Request: message to delete not found",
    ),
    (
        "an answer to no press",
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    ("an unknown file", "getFile", {"file_id": "x"}, "Bad Request: invalid file_id"),
    (
        "a command in capitals",
        "setMyCommands",
        {"commands": '[{"command": "Start", "description": "开始"}]'},
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    (
        "commands for an unknown chat",
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": 5}},
        "Bad Request: chat not found",
    ),
]


@pytest.mark.parametrize(("method", "params", "words"), [c[1:] for c in _CASES], ids=[c[0] for c in _CASES])
async def test_the_server_refuses(chat: Chat, method: str, params: Json, words: str) -> None:
    chat.api.post_document(1001, "名单.txt", b"1")
    assert await chat.refusal(method, **params) == words


_BROKEN = [
    ("<b>好", 'Can\'t find end tag corresponding to start tag "b"'),
    ("好</b>", "Unexpected end tag at byte offset 3"),
    ("<b>好</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    ("<div>好</div>", 'Unsupported start tag "div" at byte offset 0'),
    ("水位 < 3 米", 'Unsupported start tag "" at byte offset 7'),
    ("好<b", "Unclosed start tag at byte offset 3"),
    ("<span>好</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
]


@pytest.mark.parametrize(("text", "why"), _BROKEN, ids=[row[0] for row in _BROKEN])
async def test_broken_html_is_refused_with_the_byte_where_it_breaks(chat: Chat, text: str, why: str) -> None:
    said = await chat.refusal(
        "sendMessage", chat_id=1001, text=text + " >" * text.startswith("水"), parse_mode="HTML"
    )
    assert said == f"Bad Request: can't parse entities: {why}"


def _thrown_out(api: BotApi) -> None:
    api.add_bot_to_group(GROUP)
    api.kick_bot(GROUP)


def _upgraded(api: BotApi) -> None:
    api.add_bot_to_group(SMALL_GROUP)
    api.migrate(SMALL_GROUP)


_CLOSED: list[tuple[str, Callable[[BotApi], None], int, int, str]] = [
    ("who blocked the bot", lambda a: a.block(1001), 1001, 403, "Forbidden: bot was blocked by the user"),
    ("whose account is gone", lambda a: a.deactivate(1001), 1001, 403, "Forbidden: user is deactivated"),
    (
        "in a supergroup that threw it out",
        _thrown_out,
        GROUP,
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    ),
    (
        "in a group that was upgraded",
        _upgraded,
        SMALL_GROUP,
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
    ),
]


@pytest.mark.parametrize(
    ("close", "where", "code", "words"), [c[1:] for c in _CLOSED], ids=[c[0] for c in _CLOSED]
)
async def test_the_bot_cannot_write_to_those(
    chat: Chat, close: Callable[[BotApi], None], where: int, code: int, words: str
) -> None:
    close(chat.api)
    reply = await chat.ask("sendMessage", {"chat_id": where, "text": "好"})
    assert (reply["error_code"], reply["description"]) == (code, words)


async def test_an_upgraded_group_tells_its_new_id(chat: Chat) -> None:
    chat.api.add_bot_to_group(SMALL_GROUP)
    new = chat.api.migrate(SMALL_GROUP)
    reply = await chat.ask("sendMessage", {"chat_id": SMALL_GROUP, "text": "好"})
    assert reply["parameters"] == {"migrate_to_chat_id": new}
    assert (await chat.result("sendMessage", chat_id=new, text="好"))["chat"]["id"] == new


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(chat: Chat) -> None:
    assert (await chat.api.call("1:x", "getMe", {}))[0] == 401
    assert (await chat.api.call(chat.api.token, "getYou", {}))[0] == 404


async def test_an_edit_that_changes_nothing_is_refused(chat: Chat) -> None:
    keys = {"inline_keyboard": [[{"text": "收到", "callback_data": "x"}]]}
    sent = await chat.result(
        "sendMessage", chat_id=1001, text="<b>好</b>", parse_mode="HTML", reply_markup=keys
    )
    same = {
        "chat_id": 1001,
        "message_id": sent["message_id"],
        "text": "<strong>好</strong>",
        "parse_mode": "HTML",
    }
    assert "message is not modified" in await chat.refusal("editMessageText", **same, reply_markup=keys)
    assert "reply_markup" not in await chat.result("editMessageText", **same)


async def test_the_words_of_a_person_cannot_be_edited_by_the_bot(chat: Chat) -> None:
    said = chat.api.post(1001, "好")
    words = await chat.refusal("editMessageText", chat_id=1001, message_id=said["message_id"], text="坏")
    assert words == "Bad Request: message can't be edited"


async def test_a_card_deleted_by_its_reader_cannot_be_edited(chat: Chat) -> None:
    sent = await chat.result("sendMessage", chat_id=1001, text="好")
    chat.api.delete_message(1001, sent["message_id"])
    words = await chat.refusal("editMessageText", chat_id=1001, message_id=sent["message_id"], text="坏")
    assert words == "Bad Request: message to edit not found"


async def test_a_press_is_answered_once_and_in_time(chat: Chat) -> None:
    keys = {"inline_keyboard": [[{"text": "收到", "callback_data": "x"}]]}
    await chat.result("sendMessage", chat_id=1001, text="好", reply_markup=keys)
    first, late = chat.api.press(1001, "收到"), chat.api.press(1001, "收")
    await chat.result("answerCallbackQuery", callback_query_id=first, text="已记录", show_alert=True)
    assert (await chat.api.answer(first)).show_alert
    assert "too old" in await chat.refusal("answerCallbackQuery", callback_query_id=first)
    chat.clock.at += 151
    assert "too old" in await chat.refusal("answerCallbackQuery", callback_query_id=late)

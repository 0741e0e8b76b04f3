"""A restarted local chat goes on where it was."""

from pathlib import Path

from localchat.api import BotApi, Store

from .conftest import Clock, filled

_KEYS = {"inline_keyboard": [[{"text": "收到", "callback_data": "x"}]]}


async def _ask(api: BotApi, method: str, **params: object) -> object:
    status, reply = await api.call(api.token, method, params)
    assert status == 200, reply
    return reply["result"]


async def test_a_restart_keeps_people_messages_files_and_what_was_not_fetched(tmp_path: Path) -> None:
    clock = Clock()
    api = filled(BotApi(clock, store=Store(tmp_path)))
    await _ask(api, "sendMessage", chat_id=1001, text="好", reply_markup=_KEYS)
    await _ask(api, "sendMessage", chat_id=1001, text="选", reply_markup={"keyboard": [["交班"]]})
    await _ask(api, "setMyCommands", commands=[{"command": "help", "description": "帮助"}])
    said = api.post_document(1002, "值班表.xlsx", b"PK")
    api.block(1002)
    query = api.press(1001, "收到")
    before = await _ask(api, "getUpdates")

    again = BotApi(clock, store=Store(tmp_path))  # the first is left as a killed process leaves its file
    assert await _ask(again, "getUpdates") == before
    assert [again.chat(i) for i in (1001, 1002)] == [api.chat(i) for i in (1001, 1002)]
    assert again.accounts == api.accounts
    assert again.groups == api.groups
    assert again.reply_keyboard(1001) == {"keyboard": [[{"text": "交班"}]]}
    assert again.chat_commands(1001)[0]["command"] == "help"
    assert again.files[said["document"]["file_id"]].data == b"PK"
    assert await _ask(again, "answerCallbackQuery", callback_query_id=query)
    assert again.post(1001, "下一条")["message_id"] == said["message_id"] + 1


async def test_confirmed_updates_do_not_come_back_after_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    api = filled(BotApi(clock, store=Store(tmp_path)))
    api.post(1001, "一")
    api.post(1001, "二")
    await _ask(api, "getUpdates", offset=730_000_002)
    again = BotApi(clock, store=Store(tmp_path))
    left = await _ask(again, "getUpdates")
    assert isinstance(left, list)
    assert [u["message"]["text"] for u in left] == ["二"]

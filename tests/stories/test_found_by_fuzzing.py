"""What the fuzzing found, each as its own story: an update of any shape ends no loop and holds nobody up."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select
from telegram.error import TelegramError

from bot.telegram import make_bot, raw_updates
from handlers.desk import COMMANDS, TWINS
from storage.schema import inbox
from tests.stories.room import Room

OFFICER = "郑伟"
FIRST = 7_000_001
SENDER = {"id": 1, "is_bot": False, "first_name": "x"}
CHAT = {"id": 1, "type": "private"}
SHAPES: dict[str, dict[str, Any]] = {
    "a message that is a number": {"message": 7},
    "a message that is a list": {"message": [7]},
    "words that are a list": {"message": {"text": ["a"], "chat": CHAT, "from": SENDER}},
    "a file that is a number": {"message": {"document": 7, "from": SENDER}},
    "a picture in no size": {"message": {"photo": {"a": 1}, "from": SENDER}},
    "a file of an account beyond all numbers": {
        "message": {"voice": {"file_id": "x"}, "from": {"id": 10**40}}
    },
    "a file of a sender who is a word": {"message": {"voice": {"file_id": "x"}, "from": "x"}},
    "a chat that is a number": {"message": {"chat": 7, "date": "x"}},
    "a chat beyond all numbers": {"message": {"chat": {"id": 10**40}, "date": "x"}},
    "a date that is a list": {"message": {"date": [], "chat": CHAT}},
    "a press that is a number": {"callback_query": 7},
    "a press with a list as its data": {"callback_query": {"id": "1", "from": SENDER, "data": [1]}},
    "a press of half a letter": {
        "callback_query": {"id": "1", "from": SENDER, "data": "\ud83d", "chat_instance": "1"}
    },
    "a press without a number of its own": {
        "callback_query": {"id": "", "from": SENDER, "data": "x", "chat_instance": "1"}
    },
    "a press by nobody": {"callback_query": {"id": "1", "data": "x"}},
    "a press by a word": {"callback_query": {"id": "1", "from": "x", "data": "x"}},
    "a press by an account beyond all numbers": {
        "callback_query": {"id": "1", "from": {**SENDER, "id": 10**40}, "data": "x", "chat_instance": "1"}
    },
    "half a letter as somebody's name": {
        "message": {
            "date": 1,
            "message_id": 1,
            "chat": CHAT,
            "from": {**SENDER, "first_name": "\ud83d"},
            "text": "/start \ud83d",
        }
    },
}


def said(room: Room, number: int, text: str) -> dict[str, Any]:
    account = room.ids[OFFICER]
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": int(room.clock.now().timestamp()),
            "chat": {"id": account, "type": "private"},
            "from": {"id": account, "is_bot": False, "first_name": "x"},
            "text": text,
        },
    }


async def test_an_update_of_any_shape_holds_nobody_up(room: Room) -> None:
    for number, shape in enumerate(SHAPES):
        first = FIRST + 10 * number
        await room.app.inbox.take(
            [
                said(room, first, "记录 甲"),
                {"update_id": first + 1, **SHAPES[shape]},
                said(room, first + 2, "记录 乙"),
            ]
        )
        await room.settle()
        assert "".join(room.heard(OFFICER)).count("已记录 L") == 2 * number + 2, shape
        async with room.app.db.read() as tx:
            rows = {row.update_id: row for row in await tx.all(select(inbox))}
        assert [row.raw for row in rows.values() if row.done_at is None] == []
        assert [row.raw for row in rows.values() if row.error and row.update_id % 10 != 2] == []
    answered = [asked for method, asked in room.api.history if method == "answerCallbackQuery"]
    assert [asked for asked in answered if not asked.get("callback_query_id")] == []


async def polled(*updates: object) -> list[dict[str, Any]]:
    """Return what the poller makes of an answer of Telegram's."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": updates})

    app = web.Application()
    app.router.add_post("/bot1:x/getUpdates", answer)
    async with TestServer(app) as server:
        bot = make_bot("1:x", str(server.make_url("/")).rstrip("/"))
        try:
            return await raw_updates(bot, 0, wait=0)
        finally:
            for request in bot._request:
                await request.shutdown()


@pytest.mark.parametrize(
    "update", [{"message": {"chat": 7, "date": 1}}, {"message": {"date": 10**40}}, {"message": [1]}]
)
async def test_updates_that_the_library_cannot_read_are_taken_as_they_came(update: dict[str, Any]) -> None:
    assert await polled({"update_id": FIRST, **update}) == [{"update_id": FIRST, **update}]


@pytest.mark.parametrize(
    "odd", [{}, {"update_id": "7"}, {"update_id": 10**40}, {"update_id": None}, 7, [7], None]
)
async def test_an_update_without_a_number_stops_none_beside_it(odd: object) -> None:
    whole = {"update_id": FIRST, "message": {"chat": 7, "date": 1}}
    assert await polled(odd, whole) == [whole]
    with pytest.raises(TelegramError, match="without a number"):
        await polled(odd)


async def test_a_number_of_any_length_behind_any_word_is_answered(room: Room) -> None:
    for text in [
        *(f"{word} {letter}{'9' * 25}" for word, letter in TWINS),
        *(f"{c.word} {letter}{'9' * 25} 张慧敏" for c in COMMANDS.values() for letter in "SE"),
    ]:
        room.api.post(room.ids[OFFICER], text)
    await room.settle()
    async with room.app.db.read() as tx:
        assert [row.raw for row in await tx.all(select(inbox).where(inbox.c.error.is_not(None)))] == []

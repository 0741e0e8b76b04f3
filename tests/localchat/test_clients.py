"""python-telegram-bot on the local chat: in process, and over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, ReplyParameters
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from localchat.api import BotApi
from localchat.server import Running, serve

from .conftest import Clock, filled
from .in_process import in_process_bot
from .validate import check_request


@pytest.fixture(autouse=True)
def _durations_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Otherwise python-telegram-bot warns at each RetryAfter it makes
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def _over_http(api: BotApi, url: str) -> Bot:
    return Bot(api.token, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")


@pytest.fixture
async def served() -> AsyncIterator[tuple[BotApi, Running]]:
    api = filled(BotApi(Clock()))
    running = await serve(api)
    yield api, running
    await running.stop()


async def _converse(api: BotApi, bot: Bot) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("收到", callback_data="x")]])
    sent = await bot.send_message(1001, "<b>预警</b>", parse_mode="HTML", reply_markup=keys)
    query = api.press(1001, "收到")
    update = (await bot.get_updates())[0]
    assert update.callback_query
    assert update.callback_query.id == query
    await update.callback_query.answer("已记录")
    assert api.answers[query].text == "已记录"
    edited = await bot.edit_message_text("已收到", 1001, sent.message_id)
    assert not isinstance(edited, bool)
    file = await bot.send_document(1001, InputFile("交班".encode(), "交班.txt"), caption="今日")
    assert file.document
    fetched = await bot.get_file(file.document.file_id)
    assert bytes(await fetched.download_as_bytearray()) == "交班".encode()
    await bot.send_message(1001, "见上", reply_parameters=ReplyParameters(sent.message_id))
    for method, params in api.history:
        assert check_request(method, params)


async def _meets_errors(api: BotApi, bot: Bot) -> None:
    api.faults.reply(429, retry_after=3)
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "好")
    with pytest.raises(Forbidden):
        await bot.send_message(1003, "好")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "好")
    api.faults.outage()
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "好")
    api.faults.outage(on=False)
    api.faults.timeout_after_delivery()
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "到了")
    assert [m["text"] for m in api.chat(1001)] == ["到了"]


@pytest.mark.parametrize("story", [_converse, _meets_errors])
async def test_python_telegram_bot_works_in_process(story: Callable[[BotApi, Bot], Awaitable[None]]) -> None:
    api = filled(BotApi(Clock()))
    async with in_process_bot(api) as bot:
        await story(api, bot)


@pytest.mark.parametrize("story", [_converse, _meets_errors])
async def test_python_telegram_bot_works_over_http(
    served: tuple[BotApi, Running], story: Callable[[BotApi, Bot], Awaitable[None]]
) -> None:
    api, running = served
    async with _over_http(api, running.url) as bot:
        await story(api, bot)


async def test_a_lost_reply_in_process_is_a_timeout() -> None:
    api = filled(BotApi(Clock()))
    api.faults.timeout_after_delivery()
    with pytest.raises(TimedOut):
        await in_process_bot(api).send_message(1001, "到了")


async def test_a_wrong_token_over_http_is_unauthorized(served: tuple[BotApi, Running]) -> None:
    _, running = served
    bot = Bot("5:x", base_url=f"{running.url}/bot")
    with pytest.raises(InvalidToken):
        await bot.initialize()
    await bot.shutdown()


async def test_stopping_takes_less_than_a_second_with_polls_and_streams_open() -> None:
    api = filled(BotApi(Clock()))
    running = await serve(api)
    async with aiohttp.ClientSession() as session, asyncio.timeout(1):
        stream = await session.get(f"{running.url}/events")
        poll = asyncio.ensure_future(session.get(f"{running.url}/bot{api.token}/getUpdates?timeout=30"))
        await asyncio.sleep(0.03)
        await running.stop()
        stream.close()
        with pytest.raises(aiohttp.ClientError):
            await poll


async def _control(session: aiohttp.ClientSession, url: str, verb: str, **args: object) -> tuple[int, Any]:
    async with session.post(f"{url}/control/{verb}", json=args) as response:
        reply = await response.json()
        return response.status, reply.get("result", reply.get("error"))


async def test_the_control_api_does_what_people_do(served: tuple[BotApi, Running]) -> None:
    api, running = served
    async with aiohttp.ClientSession() as session, _over_http(api, running.url) as bot:
        await bot.send_message(
            1002, "点", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("收到", callback_data="x")]])
        )
        status, found = await _control(session, running.url, "next_message", chat_id=1002, contains="点")
        assert (status, found["text"]) == (200, "点")
        assert (await _control(session, running.url, "post", account_id=1002, text="好"))[0] == 200
        status, query = await _control(session, running.url, "press", account_id=1002, button="收到")
        await bot.answer_callback_query(query, "行")
        assert (await _control(session, running.url, "answer", query_id=query))[1]["text"] == "行"
        sent = await _control(
            session, running.url, "post_document", account_id=1002, filename="a.txt", data="5aW9"
        )
        assert api.files[sent[1]["document"]["file_id"]].data == "好".encode()
        status, error = await _control(session, running.url, "press", account_id=1002, button="没有")
        assert status == 404
        assert "收到" in error
        assert (await _control(session, running.url, "fly"))[0] == 404
        assert (await _control(session, running.url, "post", account_id=1002, text=""))[0] == 400
        assert (
            await _control(session, running.url, "next_message", chat_id=1002, after_id=99, timeout=0.01)
        )[0] == 408


async def test_another_sites_page_cannot_reach_the_control_api(served: tuple[BotApi, Running]) -> None:
    _, running = served
    async with aiohttp.ClientSession() as session:
        foreign = await session.post(
            f"{running.url}/control/overview", headers={"Host": "evil.example"}, json={}
        )
        assert foreign.status == 403
        plain = await session.post(f"{running.url}/control/overview", data="{}")
        assert plain.status == 415

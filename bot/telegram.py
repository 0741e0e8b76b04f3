"""The transport: PTB's Bot over aiohttp, and the Bot API's errors translated once into our own."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from messages.render import Rendered, units

logger = logging.getLogger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "1")  # PTB hands out timedeltas, and warns of nothing

IN_FLIGHT = 96
"""Requests under way at once: what a server that takes 50 ms needs for 1,900 a second."""
POLL_SECONDS = 25
CAPTION_LIMIT = 1024
MOST = 2**53
"""No number of an update is as great."""
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]


@dataclass(frozen=True)
class Delivered:
    """It arrived, as this message; `messages`: how many it took."""

    message_id: int | None
    messages: int = 1


@dataclass(frozen=True)
class Unchanged:
    """The edit would change nothing: the card is as it should be."""


@dataclass(frozen=True)
class Later:
    """Certainly not delivered; try again after `wait` (this chat only). `begun`: its parts that had arrived."""

    wait: timedelta
    why: str
    flood: bool = False
    begun: int = 0


@dataclass(frozen=True)
class Uncertain:
    """It may have arrived: say 重发 when trying again."""

    why: str


@dataclass(frozen=True)
class Unreachable:
    """This person or chat cannot be written to: a fact about the person, in a few words."""

    why: str


@dataclass(frozen=True)
class Moved:
    """The group has a new number."""

    chat_id: int


@dataclass(frozen=True)
class Lost:
    """The message to edit is gone."""


@dataclass(frozen=True)
class Refused:
    """The Bot API refuses this message as it is; trying again is useless."""

    why: str


Result = Delivered | Unchanged | Later | Uncertain | Unreachable | Moved | Lost | Refused


Heard = Callable[[datetime], None]
"""Called with the server's own time at each of its answers."""


def make_bot(token: str, api: str, kind: type[Bot] = Bot, heard: Heard | None = None) -> Bot:
    """Return a Bot on aiohttp's connections; `api` is the base of the Bot API, without /bot."""
    return kind(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=_request(IN_FLIGHT, 10, heard),
        get_updates_request=_request(2, POLL_SECONDS + 10, heard),
    )


def _request(size: int, read: float, heard: Heard | None) -> HTTPXRequest:
    def session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=size, ttl_dns_cache=300, keepalive_timeout=30)
        )

    async def note_time(response: httpx.Response) -> None:
        if heard is not None and (date := read_date(response.headers.get("date", ""))):
            heard(date)

    return HTTPXRequest(
        connection_pool_size=size,
        read_timeout=read,
        connect_timeout=10,
        pool_timeout=30,
        httpx_kwargs={
            "transport": AiohttpTransport(client=session),
            "event_hooks": {"response": [note_time]},
        },
    )


def read_date(header: str) -> datetime | None:
    """Return the time in a Date header, None when it says none."""
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    return date if date.tzinfo else None


async def raw_updates(bot: Bot, offset: int, wait: int = POLL_SECONDS) -> list[dict[str, Any]]:
    """Return updates as they came, to be kept (long poll of `wait` seconds); raises TelegramError.

    Not by `get_updates`: it makes objects of all of them, and one that a newer Bot API shapes differently would stop
    the rest of its batch.
    """
    asked = {"offset": offset, "timeout": wait, "limit": 100, "allowed_updates": ALLOWED}
    updates: Any = await bot._post("getUpdates", asked, read_timeout=wait + 10)  # noqa: SLF001 - the library's only other way to ask
    return _numbered(updates)


def _numbered(updates: Sequence[object]) -> list[dict[str, Any]]:
    """Leave out what has no number to be confirmed by; raises TelegramError when nothing else came."""
    kept = [
        u
        for u in updates
        if isinstance(u, dict) and type(number := u.get("update_id")) is int and number < MOST
    ]
    if len(kept) < len(updates):
        logger.error("%d updates without a number are left out", len(updates) - len(kept))
        if not kept:
            raise TelegramError("updates without a number")
    return kept


def translate(error: TelegramError) -> Result:  # noqa: C901 - a table of errors, one line each
    """Return what an error of the Bot API means for the message that was being sent."""
    text = error.message.lower()
    match error:
        case RetryAfter():
            wait = error.retry_after
            seconds = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
            return Later(seconds, "发送过快", flood=True)
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Unreachable("已停用机器人" if "blocked" in text else "账号不可达")
        case BadRequest() if "not modified" in text:
            return Unchanged()
        case BadRequest() if "message to edit not found" in text or "message can't be edited" in text:
            return Lost()
        case BadRequest() if "chat not found" in text or "peer_id_invalid" in text:
            return Unreachable("账号不存在")
        case BadRequest():
            return Refused(error.message)
        case InvalidToken() | Conflict():
            return Later(timedelta(seconds=30), error.message)
        case TimedOut():
            cause = error.__cause__
            if isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout):
                return Later(timedelta(seconds=3), "连不上")
            return Uncertain("超时")
        case NetworkError():
            return Later(timedelta(seconds=3), "连不上") if _never_left(error) else Uncertain("连接中断")
        case _:
            return Uncertain(error.message)


def _never_left(error: TelegramError) -> bool:
    return isinstance(error.__cause__, httpx.ConnectError)


def keyboard(rendered: Rendered, tokens: dict[tuple[str, str], str]) -> InlineKeyboardMarkup | None:
    """Return the inline keyboard with opaque callback data."""
    if not rendered.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(b.word[:64], callback_data=tokens[(b.act, b.subject)]) for b in row]
            for row in rendered.buttons
        ]
    )


@dataclass(frozen=True)
class File:
    """A file that was made; a `photo` is shown as a picture."""

    name: str
    data: bytes
    photo: bool = False


async def send(
    bot: Bot,
    chat: int,
    rendered: Rendered,
    tokens: dict[tuple[str, str], str],
    files: Sequence[File] = (),
    begun: int = 0,
) -> Result:
    """Send a message in its parts, texts before files, and say what became of it.

    `begun`: so many parts arrived at an earlier try that ended in Later, and are not sent again.
    """
    parts = parts_of(rendered, files)
    reply = (
        ReplyKeyboardMarkup(rendered.words, resize_keyboard=True, is_persistent=True)
        if rendered.words
        else None
    )
    keys = keyboard(rendered, tokens) or reply
    message: Message | None = None
    for number, (words, file) in enumerate(parts[begun:], begun):
        last = number == len(parts) - 1
        sender = _Sender(bot, chat, ParseMode.HTML if rendered.html else None, keys if last else None)
        try:
            message = await sender.send(words, file) or message
        except TelegramError as error:
            result = translate(error)
            return replace(result, begun=number) if isinstance(result, Later) else result
    return Delivered(message.message_id if message else None, len(parts) - begun)


def parts_of(rendered: Rendered, files: Sequence[File]) -> list[tuple[str, File | None]]:
    """Return what is sent one after another: words, a file, or a file with its words as caption where they fit."""
    if not files:
        return [(words, None) for words in rendered.parts]
    if len(rendered.parts) == 1 and units(rendered.plain) <= CAPTION_LIMIT:
        return [(rendered.parts[0], files[0]), *(("", file) for file in files[1:])]
    return [*((words, None) for words in rendered.parts), *(("", file) for file in files)]


@dataclass(frozen=True)
class _Sender:
    """Sends one part to a chat, with a keyboard under the last one."""

    bot: Bot
    chat: int
    mode: ParseMode | None
    keys: InlineKeyboardMarkup | ReplyKeyboardMarkup | None

    async def send(self, words: str, file: File | None) -> Message | None:
        """Send one part; raises TelegramError. A refused picture is left out, its words are not."""
        if file is None:
            return await self.bot.send_message(self.chat, words, parse_mode=self.mode, reply_markup=self.keys)
        if not file.photo:
            return await self.bot.send_document(
                self.chat, file.data, filename=file.name, **self._caption(words)
            )
        try:
            return await self.bot.send_photo(self.chat, file.data, filename=file.name, **self._caption(words))
        except BadRequest as error:
            if not isinstance(translate(error), Refused):
                raise
            logger.exception("the picture %s was refused", file.name)
        return await self.send(words, None) if words else None

    def _caption(self, words: str) -> dict[str, Any]:
        return {"caption": words or None, "parse_mode": self.mode, "reply_markup": self.keys}


async def retire(bot: Bot, chat: int, message_id: int) -> Result:
    """Take the buttons off an older copy of a card."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat, message_id=message_id, reply_markup=None)
    except TelegramError as error:
        result = translate(error)
        return Delivered(None) if isinstance(result, Lost | Unchanged | Refused) else result
    return Delivered(None)


async def edit(
    bot: Bot, chat: int, message_id: int, rendered: Rendered, tokens: dict[tuple[str, str], str]
) -> Result:
    """Edit a card in place; a text that outgrew one message keeps its last part there."""
    try:
        await bot.edit_message_text(
            rendered.parts[-1],
            chat_id=chat,
            message_id=message_id,
            parse_mode=ParseMode.HTML if rendered.html else None,
            reply_markup=keyboard(rendered, tokens),
        )
    except TelegramError as error:
        return translate(error)
    return Delivered(message_id)

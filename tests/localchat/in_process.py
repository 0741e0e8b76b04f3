"""python-telegram-bot's Bot on a BotApi in the same process: no sockets."""

import json
from abc import abstractmethod
from typing import IO, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from localchat.api import BotApi, LostReply, Outage

from .validate import check_reply, check_request

_BASE = "http://local/bot"
_FILES = "http://local/file/bot"


class NoSocket(BaseRequest):
    """A transport without a network."""

    @property
    def read_timeout(self) -> float | None:
        """No socket, no timeout."""
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Answer one request."""
        del method, read_timeout, write_timeout, connect_timeout, pool_timeout
        return await self.answer(url, request_data)

    @abstractmethod
    async def answer(self, url: str, data: RequestData | None) -> tuple[int, bytes]:
        """Return status and body."""


class InProcess(NoSocket):
    """A transport that calls the BotApi: a lost reply is TimedOut, an outage NetworkError."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._checked = 0

    async def answer(self, url: str, data: RequestData | None) -> tuple[int, bytes]:
        """Answer one request, or a file's download."""
        try:
            return await self._answer(url, data)
        except LostReply as error:
            raise TimedOut from error
        except Outage as error:
            raise NetworkError("outage") from error

    async def _answer(self, url: str, data: RequestData | None) -> tuple[int, bytes]:
        path, asked = unquote(urlsplit(url).path), dict(parse_qsl(urlsplit(url).query))
        kind, _, rest = path.removeprefix("/").partition("/")
        if kind == "file":
            token, _, file = rest.removeprefix("bot").partition("/")
            return self._api.download(token, file)
        params: dict[str, Any] = asked | (dict(data.json_parameters) if data else {})
        uploads = (data.multipart_data if data else None) or {}
        files = {name: (str(part[0]), _bytes(part[1])) for name, part in uploads.items()}
        status, reply = await self._api.call(kind.removeprefix("bot"), rest, params, files)
        self._read_independently(rest, reply)
        return status, json.dumps(reply).encode()

    def _read_independently(self, method: str, reply: dict[str, Any]) -> None:
        """Let aiogram's models read every request since the last look, and this reply."""
        check_reply(method, reply)
        since, self._checked = self._checked, len(self._api.history)
        for name, asked in self._api.history[since:]:
            check_request(name, asked)


def _bytes(content: bytes | IO[bytes]) -> bytes:
    return content if isinstance(content, bytes) else content.read()


def in_process_bot(api: BotApi) -> Bot:
    """Return a Bot whose requests go to the API directly."""
    request = InProcess(api)
    return Bot(api.token, base_url=_BASE, base_file_url=_FILES, request=request, get_updates_request=request)

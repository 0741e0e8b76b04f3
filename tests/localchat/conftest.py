"""A local chat with four people and a group, on a clock that moves when told."""

from dataclasses import dataclass, field

import pytest

from localchat.api import BotApi
from localchat.records import Json
from localchat.sending import Files

from .validate import check_reply

GROUP = -1002000000001
SMALL_GROUP = -4001


@dataclass
class Clock:
    """Unix seconds, moved by hand."""

    at: float = 1_790_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.at


@dataclass
class Chat:
    """The API with its clock; every reply is read by aiogram as well."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.api = filled(BotApi(self.clock))

    async def ask(self, method: str, params: Json | None = None, files: Files | None = None) -> Json:
        """Return the reply of a request."""
        _, reply = await self.api.call(self.api.token, method, params or {}, files)
        check_reply(method, reply)
        return reply

    async def result(self, method: str, files: Files | None = None, **params: object) -> Json:
        """Return the result of a request that must succeed."""
        reply = await self.ask(method, params, files)
        assert reply["ok"], reply
        return reply["result"]  # type: ignore[no-any-return]  # JSON

    async def refusal(self, method: str, **params: object) -> str:
        """Return the description of a refusal."""
        reply = await self.ask(method, params)
        assert not reply["ok"], reply
        return str(reply["description"])

    async def updates(self, **params: object) -> list[Json]:
        """Return waiting updates."""
        return list(await self.result("getUpdates", None, **params))  # type: ignore[arg-type]  # a list


def filled(api: BotApi) -> BotApi:
    """Add the people and groups of these tests."""
    api.add_account(1001, "刘芳", label="值班员", username="liufang")
    api.add_account(1002, "李强", label="村 A角")
    api.add_account(1003, "陈涛", label="网格员", started=False)
    api.create_group(GROUP, "街道值班群", [1001, 1002])
    api.create_group(SMALL_GROUP, "小群", [1001, 1002])
    return api


@pytest.fixture
def chat() -> Chat:
    return Chat()

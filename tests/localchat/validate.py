"""Reads both sides of the Bot API with aiogram's models, which know nothing of the local chat."""

from functools import cache
from typing import Any

import aiogram.methods
from aiogram import Bot
from aiogram.methods.base import Response, TelegramMethod
from pydantic import TypeAdapter

_BOT = Bot("1:independent-reader")
_BY_NAME = {
    cls.__api_method__.lower(): cls
    for cls in (getattr(aiogram.methods, name) for name in aiogram.methods.__all__)
    if isinstance(cls, type) and issubclass(cls, TelegramMethod) and cls is not TelegramMethod
}


@cache
def _response(method: str) -> TypeAdapter[Any]:
    """Return what reads a method's replies; pydantic would build it anew each time."""
    return TypeAdapter(Response[_method(method).__returning__])  # type: ignore[misc]  # known at run time


def check_reply(method: str, reply: dict[str, Any]) -> object:
    """Return the result of a reply as aiogram reads it; pydantic's ValidationError when it cannot.

    A refusal is checked for its envelope and returned as the Response.
    """
    response = _response(method).validate_python(reply, context={"bot": _BOT})
    if reply["ok"]:
        return response.result
    assert isinstance(reply["error_code"], int)
    assert reply["description"]
    return response


def check_request(method: str, params: dict[str, Any]) -> object:
    """Return the request as aiogram's method; ValidationError for a wrong type or a missing parameter.

    An unknown parameter is an AssertionError: the real server would ignore a misspelt one in silence.
    """
    cls = _method(method)
    unknown = params.keys() - cls.model_fields.keys()
    assert not unknown, f"{method} has no parameter {sorted(unknown)}"
    return cls.model_validate(params, context={"bot": _BOT})


def _method(name: str) -> type[TelegramMethod[Any]]:
    return _BY_NAME[name.lower()]

"""The people's side over JSON: every control verb by its name, for the page and for other processes."""

import asyncio
import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict

from .api import BotApi
from .records import Account, Answer, Group, Json

_PLAIN = frozenset({
    "post", "forward", "edit", "start", "delete_message", "press", "press_stale", "block", "unblock",
    "deactivate", "create_group", "add_bot_to_group", "kick_bot", "migrate", "post_location",
    "post_contact", "add_account", "chat", "chat_commands", "reply_keyboard", "next_message", "answer",
})  # fmt: skip
_WITH_DATA = frozenset({"post_document", "post_photo", "post_voice"})
_FAULTS = frozenset({"delay", "reply", "timeout_after_delivery", "outage", "clear"})


async def perform(api: BotApi, verb: str, args: Json) -> object:
    """Do one verb with its keyword arguments and return what JSON can carry.

    File bytes come as base64 in `data`. Raises LookupError, ValueError, TypeError or TimeoutError when it
    cannot be done, KeyError for an unknown verb.
    """
    if verb in _PLAIN:
        return await _jsonable(getattr(api, verb)(**args))
    if verb in _WITH_DATA:
        return getattr(api, verb)(**(args | {"data": _bytes(str(args.get("data", "")))}))
    if verb.startswith("faults.") and verb.removeprefix("faults.") in _FAULTS:
        return getattr(api.faults, verb.removeprefix("faults."))(**args)
    return _READS[verb](api, args)


def overview(api: BotApi, _args: Json | None = None) -> Json:
    """Return the people, the groups and the bot, with each chat's last words, for the page's list."""
    return {
        "bot": api.bot_user(),
        "now": api.now(),
        "expired": api.updates.expired,
        "people": [asdict(a) | _last(api, a.id) for a in api.accounts.values()],
        "groups": [asdict(g) | _last(api, g.id) for g in api.groups.values() if g.migrated_to is None],
    }


def _last(api: BotApi, chat_id: int) -> Json:
    kept = api.chats.get(chat_id, {})
    bodies = [one.body for one in kept.values()]
    heard = [int(body["message_id"]) for body in bodies if body["from"]["is_bot"]]
    last = bodies[-1] if bodies else {}
    return {
        "heard": heard[-99:],
        "last": last.get("text") or last.get("caption") or "",
        "date": last.get("date"),
    }


def _view(api: BotApi, args: Json) -> Json:
    chat_id = int(args["chat_id"])
    return {
        "messages": api.chat(chat_id)[-int(args.get("limit", 200)) :],
        "keyboard": api.reply_keyboard(chat_id),
        "commands": api.chat_commands(chat_id),
    }


def _history(api: BotApi, args: Json) -> list[tuple[str, Json]]:
    return api.history[int(args.get("since", 0)) :]


_READS: dict[str, Callable[[BotApi, Json], object]] = {
    "overview": overview,
    "view": _view,
    "history": _history,
}


async def _jsonable(value: object) -> object:
    result: object = await value if asyncio.iscoroutine(value) else value
    return asdict(result) if isinstance(result, Account | Group | Answer) else result


def _bytes(data: str) -> bytes:
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error:
        raise ValueError("data is not base64") from None

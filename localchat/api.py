"""The in-memory Bot API server: one bot, no sockets, the clock injected."""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from . import asking, changing, sending
from .attachments import Attaching
from .errors import LostReply, Outage, Refusal
from .faults import Faults
from .limits import Limits
from .params import Params, readable
from .records import Json
from .sending import Files
from .store import Store
from .world import World

__all__ = ["BotApi", "LostReply", "Outage", "Store"]

DEMO_TOKEN = "100001:local-demo-token"  # noqa: S105 - a token of nothing: the demo's name for itself

_METHODS: dict[str, Callable[[World, Params, Files], object]] = {
    "getme": asking.get_me,
    "getwebhookinfo": asking.get_webhook_info,
    "deletewebhook": asking.delete_webhook,
    "sendmessage": sending.send_message,
    "senddocument": sending.send_document,
    "sendphoto": sending.send_photo,
    "sendvoice": sending.send_voice,
    "sendlocation": sending.send_location,
    "editmessagetext": changing.edit_text,
    "editmessagecaption": changing.edit_caption,
    "editmessagereplymarkup": changing.edit_markup,
    "deletemessage": changing.delete,
    "answercallbackquery": changing.answer_query,
    "getfile": asking.get_file,
    "setmycommands": asking.set_commands,
    "getmycommands": asking.get_commands,
    "deletemycommands": asking.delete_commands,
    "getchat": asking.get_chat,
    "getchatmember": asking.get_chat_member,
    "leavechat": asking.leave_chat,
    "sendchataction": asking.send_chat_action,
}
_LIMITED = frozenset(
    [
        "sendmessage",
        "senddocument",
        "sendphoto",
        "sendvoice",
        "sendlocation",
        "editmessagetext",
        "editmessagecaption",
        "editmessagereplymarkup",
    ]
)
_MOST_HISTORY = 200_000


class BotApi(Attaching):
    """A strict Bot API subset for one token, with its people; `clock` tells Unix seconds.

    `history` lists every request as (method, parameters with their JSON decoded); `faults` plants trouble;
    `limits=True` turns Telegram's sending limits on.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        token: str = DEMO_TOKEN,
        username: str = "dutyroom_bot",
        store: Store | None = None,
        *,
        limits: bool = False,
    ) -> None:
        super().__init__(clock, token, username, store)
        self.faults = Faults()
        self.limits = Limits() if limits else None
        self.history: list[tuple[str, Json]] = []

    async def call(
        self, token: str, method: str, params: Mapping[str, Any], files: Files | None = None
    ) -> tuple[int, Json]:
        """Return HTTP status and JSON reply of one request; raises LostReply or Outage when planted."""
        if token != self.token:
            return 401, Refusal(401, "Unauthorized").reply()
        given = dict(params)
        self._remember(method, given, files or {})
        chat = Params(given).integer("chat_id") or None
        try:
            await self.faults.before(method, chat)
            result = await self._perform(method.lower(), Params(given), files or {})
        except Refusal as refusal:
            self.settle()
            return refusal.code, refusal.reply()
        self.settle()
        self.faults.after(method, chat)
        return 200, {"ok": True, "result": copy.deepcopy(result)}

    def download(self, token: str, path: str) -> tuple[int, bytes]:
        """Return HTTP status and bytes of a file by the path that getFile told."""
        if self.faults.out:
            raise Outage(path)
        found = next((f for f in self.files.values() if f.path == path), None)
        if token != self.token or found is None:
            return 404, b'{"ok":false,"error_code":404,"description":"Not Found"}'
        return 200, found.data

    async def _perform(self, method: str, params: Params, files: Files) -> object:
        if method == "getupdates":
            allowed = params.listing("allowed_updates")
            kinds = None if allowed is None else [str(kind) for kind in allowed]
            limit, timeout = params.integer("limit", 100), params.integer("timeout")
            return await self.updates.poll(params.integer("offset"), limit, timeout, kinds)
        if method not in _METHODS:
            raise Refusal(404, "Not Found")
        if self.limits and method in _LIMITED:
            self.limits.take(params.integer("chat_id"), self.clock())
        return _METHODS[method](self, params, files)

    def _remember(self, method: str, params: Json, files: Files) -> None:
        if len(self.history) >= _MOST_HISTORY:
            del self.history[: _MOST_HISTORY // 2]
        sent = {name: f"attach://{name}" for name in files if name not in params}
        self.history.append((method, readable(params) | sent))

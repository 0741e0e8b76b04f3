"""The people's side: accounts and groups, what people post, press, delete and block."""

import asyncio
import copy
from collections.abc import Iterable

from .entities import utf16_len, with_found
from .records import Account, Answer, Group, Json, Kept, Query
from .world import World

_LONGEST = 4096


class People(World):
    """What persons do in their apps; a thing they cannot do raises ValueError or LookupError."""

    def add_account(
        self,
        id: int,  # noqa: A002 - the Bot API's own word
        name: str,
        *,
        username: str | None = None,
        label: str = "",
        group: str | None = None,
        started: bool = True,
    ) -> Account:
        """Add a person, or rename one; `label` (or `group`) is the role shown on the page."""
        old = self.accounts.get(id)
        account = Account(id, name, username, group or label, old.started if old else started)
        if old:
            account.blocked, account.deactivated = old.blocked, old.deactivated
        self.keep_account(account)
        self.tell("people", id)
        self.settle()
        return account

    def create_group(self, id: int, title: str, members: Iterable[int]) -> Group:  # noqa: A002 - as above
        """Make a group chat of people, without the bot; ids below -10**12 are supergroups."""
        if id >= 0:
            raise ValueError("a group's id is negative")
        group = Group(id, title, [self.person(member).id for member in members])
        self.keep_group(group)
        self.tell("people", id)
        self.settle()
        return group

    def add_bot_to_group(self, group_id: int, *, by: int | None = None, admin: bool = False) -> None:
        """Let a member bring the bot into the group."""
        self._set_bot(self.group(group_id), "administrator" if admin else "member", by)

    def kick_bot(self, group_id: int, *, by: int | None = None) -> None:
        """Let a member throw the bot out of the group."""
        self._set_bot(self.group(group_id), "kicked", by)

    def migrate(self, group_id: int) -> int:
        """Upgrade a basic group to a supergroup and return the new id."""
        group = self.group(group_id)
        new = Group(-(10**12) + group_id, group.title, list(group.members), group.bot)
        group.migrated_to = new.id
        self.keep_group(group)
        self.keep_group(new)
        sender = self.person(group.members[0]).user() if group.members else self.bot_user()
        self._service(group, sender, migrate_to_chat_id=new.id)
        self._service(new, sender, migrate_from_chat_id=group.id)
        self.tell("people", new.id)
        self.settle()
        return new.id

    def person(self, account_id: int) -> Account:
        """Return the account; LookupError when there is none."""
        if account_id not in self.accounts:
            raise LookupError(f"no account {account_id}")
        return self.accounts[account_id]

    def group(self, group_id: int) -> Group:
        """Return the group; LookupError when there is none."""
        if group_id not in self.groups:
            raise LookupError(f"no group {group_id}")
        return self.groups[group_id]

    def start(self, account_id: int, payload: str = "") -> Json:
        """Press Start, with a deep link's payload if any."""
        account = self.person(account_id)
        if account.blocked:
            self.unblock(account_id)
        return self.post(account_id, f"/start {payload}".strip())

    def post(
        self,
        account_id: int,
        text: str,
        chat_id: int | None = None,
        reply_to: int | None = None,
        *,
        forward: bool | str = False,
    ) -> Json:
        """Send a text and return its Message; a long one goes as several, as apps do, and the last returns.

        `forward` marks it as forwarded from a hidden user, named by the text given.
        """
        if not text.strip():
            raise ValueError("an empty text cannot be sent")
        more: Json = {}
        if forward:
            name = forward if isinstance(forward, str) else "转发"
            more = {"forward_origin": {"type": "hidden_user", "date": self.now(), "sender_user_name": name}}
        message: Json = {}
        for part in _parts(text.replace("\r\n", "\n").replace("\r", "\n").strip()):
            message = self._say(account_id, chat_id, reply_to, _text_fields(part) | more)
        return message

    def forward(
        self, account_id: int, from_chat_id: int, message_id: int, chat_id: int | None = None
    ) -> Json:
        """Forward an existing message of another chat, origin shown."""
        source = self.message(from_chat_id, message_id).body
        origin = source.get("forward_origin") or {
            "type": "user",
            "date": source["date"],
            "sender_user": source["from"],
        }
        names = [
            "text",
            "entities",
            "caption",
            "caption_entities",
            "document",
            "photo",
            "voice",
            "location",
            "contact",
        ]
        fields = {name: copy.deepcopy(source[name]) for name in names if name in source}
        return self._say(account_id, chat_id, None, fields | {"forward_origin": origin})

    def edit(self, account_id: int, message_id: int, text: str, chat_id: int | None = None) -> Json:
        """Change one's own text or caption."""
        kept = self.message(chat_id or account_id, message_id)
        if kept.body["from"]["id"] != account_id:
            raise ValueError("only one's own message can be edited")
        if "text" in kept.body:
            kept.body.pop("entities", None)
            kept.body |= _text_fields(text)
        else:
            kept.body["caption"] = text
        kept.body["edit_date"] = self.now()
        kept.edited = True
        self.keep_message(chat_id or account_id, kept)
        self._deliver("edited_message", kept.body)
        self.tell("edit", chat_id or account_id, message_id=message_id)
        self.settle()
        return copy.deepcopy(kept.body)

    def delete_message(self, account_id: int, message_id: int, chat_id: int | None = None) -> None:
        """Delete a message for both sides of a private chat; in a group only one's own."""
        kept = self.message(chat_id or account_id, message_id)
        if (chat_id or account_id) < 0 and kept.body["from"]["id"] != account_id:
            raise ValueError("only one's own message can be deleted in a group")
        self.drop_message(chat_id or account_id, message_id)
        self.settle()

    def press(
        self, account_id: int, button: str, *, message_id: int | None = None, chat_id: int | None = None
    ) -> str:
        """Press the newest inline button with this text (exact, else contained) or data.

        Returns the callback query's id; raises LookupError, naming the buttons there are, when none fits.
        """
        chat = chat_id or account_id
        messages = list(reversed(self.chats.get(chat, {}).values()))
        if message_id is not None:
            messages = [self.message(chat, message_id)]
        for exact in (True, False):
            for kept in messages:
                for found in _callback_buttons(kept):
                    if _is_called(found, button, exact=exact):
                        return self._press(account_id, kept, str(found["callback_data"]))
        there = [f"{k.body['message_id']}: {b['text']}" for k in messages for b in _callback_buttons(k)]
        raise LookupError(f"no button {button!r}; there are: {'; '.join(there) or 'none'}")

    def press_stale(self, account_id: int, message_id: int, data: str, chat_id: int | None = None) -> str:
        """Send callback data that a message's keyboard need not have, as a hostile app can."""
        return self._press(account_id, self.message(chat_id or account_id, message_id), data)

    async def answer(self, query_id: str, timeout: float = 5.0) -> Answer:  # noqa: ASYNC109 - a story's patience
        """Wait for the bot's answer to a press; TimeoutError after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while query_id not in self.answers:
            if not await self.bell.wait(until - loop.time()):
                raise TimeoutError(f"no answer to {query_id}")
        return self.answers[query_id]

    def block(self, account_id: int) -> None:
        """Let a person block the bot."""
        self._set_blocked(self.person(account_id), blocked=True)

    def unblock(self, account_id: int) -> None:
        """Let a person take the bot back."""
        self._set_blocked(self.person(account_id), blocked=False)

    def deactivate(self, account_id: int) -> None:
        """Delete a person's account at the service."""
        account = self.person(account_id)
        account.deactivated = True
        self.keep_account(account)
        self.tell("people", account_id)
        self.settle()

    def message(self, chat_id: int, message_id: int) -> Kept:
        """Return the kept message; LookupError when there is none."""
        kept = self.chats.get(chat_id, {}).get(message_id)
        if kept is None:
            raise LookupError(f"no message {message_id} in chat {chat_id}")
        return kept

    def chat(self, chat_id: int) -> list[Json]:
        """Return a chat's messages, oldest first: Bot API Messages plus `edited`, `markup` and `keyboard`.

        `keyboard` is the inline keyboard's rows (empty without one), `markup` the reply_markup as sent.
        """
        if chat_id not in self.accounts and chat_id not in self.groups:
            raise LookupError(f"no chat {chat_id}")
        return [seen(kept) for kept in self.chats.get(chat_id, {}).values()]

    def reply_keyboard(self, chat_id: int) -> Json | None:
        """Return the reply keyboard a chat shows above its input now, None without one."""
        return copy.deepcopy(self.keyboards.get(chat_id))

    def chat_commands(self, chat_id: int) -> list[Json]:
        """Return the command menu of a chat: its own, its kind's, or the default one."""
        kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
        for scope in (f"chat:{chat_id}", kind, "default"):
            for language in ("zh", ""):
                if found := self.commands.get(f"{scope}|{language}"):
                    return copy.deepcopy(found)
        return []

    async def next_message(
        self,
        chat_id: int,
        after_id: int = 0,
        contains: str = "",
        timeout: float = 5.0,  # noqa: ASYNC109 - a story's patience
    ) -> Json:
        """Wait for the bot's first message with an id above `after_id` that contains the text."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while True:
            for message in self.chat(chat_id):
                words = message.get("text", "") + message.get("caption", "")
                if message["message_id"] > after_id and message["from"]["is_bot"] and contains in words:
                    return message
            if not await self.bell.wait(until - loop.time()):
                raise TimeoutError(f"no message with {contains!r} in chat {chat_id} after {after_id}")

    def _say(self, account_id: int, chat_id: int | None, reply_to: int | None, fields: Json) -> Json:
        account = self.person(account_id)
        where = self._open_chat(account, chat_id)
        body = self.new_body(where.chat(), account.user()) | copy.deepcopy(fields)
        if reply_to is not None:
            body["reply_to_message"] = quoted(self.message(where.id, reply_to).body)
        self.keep_message(where.id, Kept(body))
        self._deliver("message", body)
        self.tell("message", where.id, message_id=body["message_id"], bot=False)
        self.settle()
        return copy.deepcopy(body)

    def _open_chat(self, account: Account, chat_id: int | None) -> Account | Group:
        if account.deactivated:
            raise ValueError(f"{account.name} is deactivated")
        if chat_id is None or chat_id == account.id:
            if account.blocked:
                raise ValueError(f"{account.name} has blocked the bot")
            if not account.started:
                account.started = True
                self.keep_account(account)
            return account
        group = self.group(chat_id)
        if account.id not in group.members:
            raise ValueError(f"{account.name} is not in the group")
        if group.migrated_to is not None:
            raise ValueError("the group was upgraded")
        return group

    def _deliver(self, kind: str, body: Json) -> None:
        group = self.groups.get(body["chat"]["id"])
        if group is None or (group.bot in {"member", "administrator"} and self._readable(group, body)):
            self.updates.put(kind, body)

    def _readable(self, group: Group, body: Json) -> bool:
        if self.reads_groups or group.bot == "administrator":
            return True
        text = str(body.get("text") or body.get("caption") or "")
        to_bot = body.get("reply_to_message", {}).get("from", {}).get("id") == self.bot_id
        return to_bot or text.startswith("/") or f"@{self.username}" in text or "migrate_to_chat_id" in body

    def _press(self, account_id: int, kept: Kept, data: str) -> str:
        account = self.person(account_id)
        chat_id = int(kept.body["chat"]["id"])
        self._open_chat(account, chat_id)
        number = 4_300_000_000_000_000 + self.next_id("query")
        query = Query(str(number), account_id, chat_id, self.clock())
        self.queries[query.id] = query
        self.save("query", query.id, vars(query))
        body = {"id": query.id, "from": account.user(), "message": kept.body}
        self.updates.put("callback_query", body | {"chat_instance": str(7_000_000 + chat_id), "data": data})
        self.settle()
        return query.id

    def _set_bot(self, group: Group, status: str, by: int | None) -> None:
        if group.migrated_to is not None:
            raise ValueError("the group was upgraded")
        sender = self.person(by if by is not None else group.members[0]).user()
        old, group.bot = group.bot, status
        self.keep_group(group)
        self._my_chat_member(group.chat(), sender, "left" if old == "absent" else old, status)
        self.tell("people", group.id)
        self.settle()

    def _set_blocked(self, account: Account, *, blocked: bool) -> None:
        old, account.blocked = account.blocked, blocked
        self.keep_account(account)
        if old != blocked:
            states = ("member", "kicked") if blocked else ("kicked", "member")
            self._my_chat_member(account.chat(), account.user(), *states)
        self.tell("people", account.id)
        self.settle()

    def _my_chat_member(self, chat: Json, sender: Json, old: str, new: str) -> None:
        body = {"chat": chat, "from": sender, "date": self.now()}
        me = self.bot_user()
        change = {"old_chat_member": member(me, old), "new_chat_member": member(me, new)}
        self.updates.put("my_chat_member", body | change)

    def _service(self, group: Group, sender: Json, **fields: int) -> None:
        body = self.new_body(group.chat(), sender) | fields
        self.keep_message(group.id, Kept(body))
        self._deliver("message", body)


def member(user: Json, status: str) -> Json:
    """Return a ChatMember of the status with all the fields the Bot API gives."""
    more: Json = {"kicked": {"until_date": 0}}.get(status, {})
    if status == "administrator":
        yes = ["can_manage_chat", "can_delete_messages", "can_invite_users", "can_pin_messages"]
        no = [
            "can_be_edited",
            "is_anonymous",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
            "can_send_welcome_messages",
        ]
        more = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    return {"user": user, "status": status} | more


def seen(kept: Kept) -> Json:
    """Return a message as a person sees it."""
    body = copy.deepcopy(kept.body)
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return body | {"edited": kept.edited, "markup": copy.deepcopy(kept.markup), "keyboard": rows}


def quoted(body: Json) -> Json:
    """Return a message as it stands inside a reply to it: without what it answered itself."""
    return {key: copy.deepcopy(value) for key, value in body.items() if key != "reply_to_message"}


def _text_fields(text: str) -> Json:
    entities = with_found(text, [])
    return {"text": text} | ({"entities": entities} if entities else {})


def _parts(text: str) -> list[str]:
    parts = [""]
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), _LONGEST // 2):
            piece = line[start : start + _LONGEST // 2]
            if utf16_len(parts[-1]) + utf16_len(piece) > _LONGEST:
                parts.append("")
            parts[-1] += piece
    return parts


def _callback_buttons(kept: Kept) -> list[Json]:
    rows = kept.body.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if "callback_data" in button]


def _is_called(button: Json, name: str, *, exact: bool) -> bool:
    if exact:
        return name in {button["text"], button["callback_data"]}
    return name in button["text"]

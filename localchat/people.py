"""The people's side: what persons post, forward, edit, delete and press."""

import copy

from .entities import utf16_len, with_found
from .reading import Reading
from .records import Account, Group, Json, Kept, Query

_LONGEST = 4096


class People(Reading):
    """What persons do in their apps; a thing they cannot do raises ValueError or LookupError."""

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

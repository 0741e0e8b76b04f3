"""What people see in their chats, now or when it comes."""

import asyncio
import copy

from .members import Members
from .records import Answer, Json, Kept


class Reading(Members):
    """Reads chats as their people see them; an unknown chat or message raises LookupError."""

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

    async def answer(self, query_id: str, timeout: float = 5.0) -> Answer:  # noqa: ASYNC109 - a story's patience
        """Wait for the bot's answer to a press; TimeoutError after `timeout` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while query_id not in self.answers:
            if not await self.bell.wait(until - loop.time()):
                raise TimeoutError(f"no answer to {query_id}")
        return self.answers[query_id]

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


def seen(kept: Kept) -> Json:
    """Return a message as a person sees it."""
    body = copy.deepcopy(kept.body)
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return body | {"edited": kept.edited, "markup": copy.deepcopy(kept.markup), "keyboard": rows}

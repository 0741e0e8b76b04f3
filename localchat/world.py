"""The chat service's state: people, groups, messages, files, and whom the bot may reach."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from .bell import Bell
from .errors import Refusal, bad_request, forbidden
from .records import Account, Answer, Group, Json, Kept, Query, StoredFile
from .store import Store
from .updates import UpdateQueue

Event = dict[str, Any]


class World:
    """Everything one bot and its people share; times in Unix seconds of the injected clock."""

    def __init__(self, clock: Callable[[], float], token: str, username: str, store: Store | None) -> None:
        self.clock = clock
        self.token = token
        self.username = username
        self.store = store
        self.reads_groups = True
        self.bell = Bell()
        self.listeners: set[Callable[[Event], None]] = set()
        self.updates = UpdateQueue(clock, self.bell, store)
        self.accounts: dict[int, Account] = {}
        self.groups: dict[int, Group] = {}
        self.chats: dict[int, dict[int, Kept]] = {}
        self.keyboards: dict[int, Json] = {}
        self.files: dict[str, StoredFile] = {}
        self.commands: dict[str, list[Json]] = {}
        self.queries: dict[str, Query] = {}
        self.answers: dict[str, Answer] = {}
        self._counters: dict[str, int] = {}
        if store:
            self._load(store)

    @property
    def bot_id(self) -> int:
        """The bot's user id: the number before the token's colon."""
        return int(self.token.split(":", 1)[0])

    def bot_user(self) -> Json:
        """Return the bot's own User."""
        return {"id": self.bot_id, "is_bot": True, "first_name": "值班室", "username": self.username}

    def now(self) -> int:
        """Return the clock's whole Unix seconds, as dates of messages are."""
        return int(self.clock())

    def next_id(self, counter: str) -> int:
        """Return the next number of a counter that survives a restart."""
        value = self._counters.get(counter, 0) + 1
        self._counters[counter] = value
        self.save("counter", counter, value)
        return value

    def save(self, kind: str, key: object, value: object) -> None:
        """Write one row to the store, if there is one."""
        if self.store:
            self.store.put(kind, key, value)

    def settle(self) -> None:
        """Make what was written last, and wake those who wait."""
        if self.store:
            self.store.commit()
        self.bell.ring()

    def tell(self, kind: str, chat_id: int, **more: object) -> None:
        """Tell the listeners that something in a chat changed."""
        for listener in list(self.listeners):
            listener({"kind": kind, "chat_id": chat_id} | more)

    def keep_account(self, account: Account) -> None:
        """Write an account as it is now."""
        self.accounts[account.id] = account
        self.save("account", account.id, asdict(account))

    def keep_group(self, group: Group) -> None:
        """Write a group as it is now."""
        self.groups[group.id] = group
        self.save("group", group.id, asdict(group))

    def keep_message(self, chat_id: int, kept: Kept) -> None:
        """Write a message as it is now."""
        message_id = int(kept.body["message_id"])
        self.chats.setdefault(chat_id, {})[message_id] = kept
        self.save("message", f"{chat_id}/{message_id}", vars(kept))

    def drop_message(self, chat_id: int, message_id: int) -> None:
        """Forget a message for everyone in the chat."""
        del self.chats[chat_id][message_id]
        if self.store:
            self.store.drop("message", f"{chat_id}/{message_id}")
        self.tell("delete", chat_id, message_id=message_id)

    def keep_keyboard(self, chat_id: int, markup: Json | None) -> None:
        """Show or take away the reply keyboard of a chat."""
        if markup is None:
            self.keyboards.pop(chat_id, None)
            if self.store:
                self.store.drop("keyboard", chat_id)
        else:
            self.keyboards[chat_id] = markup
            self.save("keyboard", chat_id, markup)

    def keep_file(self, kind: str, name: str, mime: str, data: bytes) -> StoredFile:
        """Keep a file's bytes and return it with its new ids."""
        number = self.next_id("file")
        suffix = name.rsplit(".", 1)[-1] if "." in name else "bin"
        stem = f"local-{kind}-{number:06d}"
        path = f"{kind}s/file_{number}.{suffix if suffix.isalnum() else 'bin'}"
        file = StoredFile(stem, f"uq{number:06d}", path, name, mime, data)
        self.files[file.id] = file
        self.save("file", file.id, asdict(file) | {"data": ""})
        if self.store:
            self.store.put_blob(file.id, data)
        return file

    def new_body(self, chat: Json, sender: Json) -> Json:
        """Return a new message's head; supergroups count by themselves, all other chats together."""
        counter = f"message{chat['id']}" if chat["type"] == "supergroup" else "message"
        return {"message_id": self.next_id(counter), "from": sender, "chat": chat, "date": self.now()}

    def find_chat(self, chat_id: int) -> Account | Group:
        """Return the person or group; raises the 400 Refusal for an unknown one."""
        found = self.accounts.get(chat_id) or self.groups.get(chat_id)
        if found is None or (isinstance(found, Group) and found.bot == "absent"):
            raise bad_request("chat not found")
        return found

    def writable(self, chat_id: int) -> Json:
        """Return the Chat when the bot may write there, else raise the Bot API's Refusal."""
        chat = self.find_chat(chat_id)
        refusal = _person_closed(chat) if isinstance(chat, Account) else _group_closed(chat)
        if refusal:
            raise refusal
        return chat.chat()

    def _load(self, store: Store) -> None:
        self.accounts = {int(k): Account(**v) for k, v in store.rows("account")}
        self.groups = {int(k): Group(**v) for k, v in store.rows("group")}
        self.keyboards = {int(k): v for k, v in store.rows("keyboard")}
        self.commands = dict(store.rows("commands"))
        self.queries = {k: Query(**v) for k, v in store.rows("query")}
        self.answers = {k: Answer(**v) for k, v in store.rows("answer")}
        self._counters = {k: v for k, v in store.rows("counter") if isinstance(v, int) and k != "update"}
        for key, row in store.rows("file"):
            self.files[key] = StoredFile(**(row | {"data": store.blob(key)}))
        for key, row in sorted(store.rows("message"), key=lambda kv: int(kv[0].split("/")[1])):
            self.chats.setdefault(int(key.split("/")[0]), {})[row["body"]["message_id"]] = Kept(**row)


def _person_closed(person: Account) -> Refusal | None:
    if person.deactivated:
        return forbidden("user is deactivated")
    if person.blocked:
        return forbidden("bot was blocked by the user")
    if not person.started:
        return forbidden("bot can't initiate conversation with a user")
    return None


def _group_closed(group: Group) -> Refusal | None:
    if group.migrated_to is not None:
        what = "Bad Request: group chat was upgraded to a supergroup chat"
        return Refusal(400, what, migrate_to_chat_id=group.migrated_to)
    name = "supergroup" if group.is_super else "group"
    if group.bot == "kicked":
        return forbidden(f"bot was kicked from the {name} chat")
    return forbidden(f"bot is not a member of the {name} chat") if group.bot == "left" else None

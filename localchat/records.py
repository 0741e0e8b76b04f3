"""The things a chat service remembers; each is plain data that survives `asdict` and JSON."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Account:
    """A person with the chat app; `label` is the role under which the page lists the person."""

    id: int
    name: str
    username: str | None = None
    label: str = ""
    started: bool = True
    blocked: bool = False
    deactivated: bool = False

    def user(self) -> Json:
        """Return the Bot API User."""
        user: Json = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "zh-hans"}
        return user | ({"username": self.username} if self.username else {})

    def chat(self) -> Json:
        """Return the Bot API Chat of the private conversation with this person."""
        chat: Json = {"id": self.id, "type": "private", "first_name": self.name}
        return chat | ({"username": self.username} if self.username else {})


@dataclass
class Group:
    """A group chat; `bot` is the bot's status there: absent, member, administrator, left or kicked."""

    id: int
    title: str
    members: list[int] = field(default_factory=list)
    bot: str = "absent"
    migrated_to: int | None = None

    @property
    def is_super(self) -> bool:
        """Whether it is a supergroup, which by Telegram's numbering has an id below -10**12."""
        return self.id < -(10**12)

    @property
    def kind(self) -> str:
        """The Bot API's chat type."""
        return "supergroup" if self.is_super else "group"

    def chat(self) -> Json:
        """Return the Bot API Chat."""
        return {"id": self.id, "type": self.kind, "title": self.title}


@dataclass
class Kept:
    """A message as the bot's API shows it (`body`) and the markup it was sent with."""

    body: Json
    markup: Json | None = None
    edited: bool = False


@dataclass
class StoredFile:
    """A file's names and bytes; `path` is what getFile tells."""

    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes = b""


@dataclass
class Query:
    """A pressed button that waits for the bot's answer; `at` in Unix seconds."""

    id: str
    account_id: int
    chat_id: int
    at: float
    answered: bool = False


@dataclass(frozen=True)
class Answer:
    """What the bot answered to a press: a toast, or an alert when `show_alert`."""

    text: str
    show_alert: bool
    url: str = ""

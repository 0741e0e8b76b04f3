"""What is to be said, as data: every answer and every message to people is one Notice with one template."""

import re
from enum import IntEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Priority(IntEnum):
    """The order of sending: lower goes first (architecture.md §5)."""

    LIFE = 0
    WARNING = 1
    LADDER = 2
    CLOCK = 3
    ANSWER = 4
    REMINDER = 5
    DIGEST = 6


class Notice(BaseModel):
    """A thing to be said. Its kind `feature.name` is also the path of its template."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    registry: ClassVar[dict[str, type["Notice"]]] = {}
    channel_kinds: ClassVar[list[str]] = []
    """The kinds that go out by a fallback channel."""
    priority: ClassVar[Priority] = Priority.ANSWER
    toast: ClassVar[bool] = False
    """As the answer to a press: a short pop-up is enough, the card shows the rest."""
    alert: ClassVar[bool] = False
    """The pop-up must be closed by hand: the press did not do what its button says."""
    secret: ClassVar[bool] = False
    """It holds a key: once it is sent, its row forgets what was in it."""
    receipt: ClassVar[bool] = False
    """As a card: it confirms its reader's own act, and is brought up to date after the cards somebody leads by."""
    by_channel: ClassVar[bool] = False
    """It goes out by a fallback channel (SMS, mail …), not by the chat."""
    timely: ClassVar[bool] = False
    """It belongs to a moment: minutes it waited to be sent are added to the `late_minutes` it says."""
    card: ClassVar[str] = ""
    """The kind of card this message becomes: edited in place when its event changes."""
    drill: bool = False
    """Part of an exercise: its words begin with 【演练】 (a card that names its event's head says it there)."""

    @classmethod
    def kind(cls) -> str:
        """Return `feature.name`: the module's stem and the class name in snake case."""
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        return f"{cls.__module__.rpartition('.')[2]}.{name}"

    @classmethod
    def __pydantic_init_subclass__(cls, **_: object) -> None:
        """Make the notice known by its kind."""
        if cls.kind() in Notice.registry:
            raise TypeError(f"two notices are called {cls.kind()}")
        Notice.registry[cls.kind()] = cls
        if cls.by_channel:
            Notice.channel_kinds.append(cls.kind())

    def event(self) -> str:
        """Return the subject this message is the card of, such as W12; '' for a message that is no card."""
        return ""

"""The room's group as its members see it: warnings' progress and what changed, no numbers; words there do nothing."""

import re
from typing import TYPE_CHECKING

from .world import Heard

if TYPE_CHECKING:
    from .model import Model

GROUP, OTHER = -5001, -5002
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
CONFIRMS = re.compile(r"^(?:🔁.*\n)?(?:已记录|已接班|已下发|\S+ 没有变动)")
TALK = "群里说的"
"""Stands in each first report typed in the group."""
ANSWERED = ("值班", "预警列表", "事件", "帮助")


class Group:
    """The group, once an admin has brought the bot into it."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self.chats: set[int] = set()
        """Its numbers: a group that becomes a supergroup gets another."""
        self.since = 1e9
        """When it was heard that it is the room's."""
        self.brought: float | None = None
        """When the bot was brought into a stranger's group."""

    def hears(self, one: Heard) -> str | None:
        """Return what is wrong with something said in a group."""
        if one.chat not in self.chats:
            return f"something is said in another group: {one.text[:40]}" if "预警" in one.text else None
        if "本群已登记" in one.text:
            self.since = min(self.since, one.at)
        if found := PHONE.search(one.text):
            return f"the group reads a whole number: {found[0]}"
        if CONFIRMS.match(one.text):
            return f"words in the group are confirmed: {one.text[:60]}"
        return None

    def sees(self, began: float, words: str) -> None:
        """What the room does is shown in the group."""
        if self.since < began and self.chats:
            self.model.owe_since(
                began - 1, "group told", began, lambda: self.chats, lambda text: words in text, everyone=False
            )

    def check(self) -> str | None:
        """Return what words in the group did, at the day's end."""
        raw = self.model.world.rows("SELECT raw FROM incidents WHERE raw LIKE ?", (f"%{TALK}%",))
        if raw:
            return f"talk in the group became an incident: {raw[0][0]}"
        brought = self.brought is not None and self.model.shifts.settled(self.brought)
        if brought and self.model.world.api.group(OTHER).bot != "left":
            return "the bot stays in a group nobody of the office brought it to"
        return None

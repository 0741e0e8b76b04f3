"""Fallback channels: a gateway of text messages that fails, who is reached by it, and what they answer on its pages."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.app import App
from bot.channels import Job
from bot.link import Links
from bot.telegram import Delivered, Later, Refused, Uncertain

from .inline import Life
from .world import Heard, Person, World

if TYPE_CHECKING:
    from .model import Call, Model

PHONES = 900_000_000
"""Where the numbers of phones begin, beside those of accounts."""
ADDED = re.compile(r"已记录：(\S+) 的通道「短信」")
LINK = re.compile(r"/a/(\S+)")
REPEATED = "【重发】"
MINUTE = 60.0


class Gateway:
    """A gateway of text messages and the phones behind it; it works, is away, loses its answers, refuses numbers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.used = False
        """There is a channel that goes by it."""
        self.mood = "works"
        self.refused: set[int] = set()
        """Phones it refuses for good."""
        self.turned_down: list[tuple[float, int, str]] = []
        """When it refused what for which phone."""
        self.moods: list[tuple[float, str]] = [(-1e9, "works")]

    def lend(self, app: App, life: Life) -> None:
        """Let a process send by this gateway."""
        vars(app.channels)["deliver"] = partial(self.deliver, life)

    def turns(self, mood: str) -> None:
        """The gateway is otherwise from now on."""
        self.mood = mood
        self.moods.append((self.world.t, mood))

    def worked(self, begin: float, end: float) -> bool:
        """Return True if nothing was wrong with it in all of this time, nor for six minutes before."""
        before = [mood for at, mood in self.moods if at <= begin - 400][-1]
        return {before, *(mood for at, mood in self.moods if begin - 400 < at <= end)} == {"works"}

    async def deliver(self, life: Life, job: Job) -> Delivered | Later | Uncertain | Refused:
        """Take one message, in the place of the thread that talks to the real one."""
        phone = int(job.channel.url.rpartition("/")[2])
        life.on_the_wire()
        if self.mood == "away":
            return Later(timedelta(0), "网关连不上")
        if phone in self.refused:
            self.turned_down.append((self.world.t, phone, job.sending.subject))
            return Refused("网关拒绝（403）")
        self.world.counts["text messages"] += 1
        who = next((p.name for p in self.world.street.people if p.name in job.body.split("，您负责")[0]), "?")
        self.world.heard.append(Heard(self.world.t, phone, 0, f"{who} ☎", f"{job.title}\n{job.body}"))
        life.on_the_wire()
        return Uncertain("网关没有回答") if self.mood == "loses" else Delivered(None)

    async def answers(self, token: str, act: str) -> bool:
        """Somebody opens the page behind a link and answers there; True if it says that this is recorded."""
        links = Links(self.world.app.db, self.world.app.clock)
        shown = await links.show(token, "")
        csrf = re.search(r'name="csrf" value="([^"]+)"', shown.html)
        said = await links.answer(token, {"csrf": csrf[1], "act": act}) if csrf else ""
        return said == "recorded"


@dataclass(frozen=True)
class Channel:
    """A channel as the admin typed it: whose it is (a person's or a unit's), and its phone."""

    target: str
    phone: int
    asked: float


class Channels:
    """Who is reached by text message, and what of it has to come."""

    def __init__(self, model: "Model") -> None:
        self.model, self.world = model, model.world
        self.gateway = model.world.gateway = Gateway(model.world)
        self.gateway.lend(model.world.app, model.world.life)
        self.known: dict[str, Channel] = {}
        """By whose it is; in force once that is said."""
        self.since: dict[str, float] = {}
        self.said: dict[tuple[int, str], float] = {}
        """What came to each phone, without its link, and when last."""

    def adds(self, target: str) -> Channel:
        """The admin types a channel for a person or a unit."""
        self.gateway.used = True
        made = Channel(target, PHONES + len(self.known) + 1, self.world.t)
        self.known[target] = made
        return made

    def of(self, person: Person) -> list[Channel]:
        """Return by which channels somebody is reached for certain: their own, and those of units they answer for."""
        units = {p.unit for p in self.model.street.people if p.name == person.name and p.role == "责任人"}
        return [self.known[target] for target in (person.name, *sorted(units)) if target in self.since]

    # --- what people hear -----------------------------------------------------------------------------------

    def hears(self, one: Heard) -> str | None:
        """Read that a channel is in force; return what is wrong with a text message."""
        if (found := ADDED.match(one.text)) and found[1] in self.known and not one.edit:
            self.since[found[1]] = one.at
        if one.chat < PHONES:
            return None
        number = re.search(r"W\d+", one.text)
        call = self.model.calls.get(number[0]) if number else None
        if call is not None and call.text not in one.text:
            return f"a text message without the bulletin's own words: {one.text[:60]}"
        plain = LINK.sub("", one.text)
        if (one.chat, plain) in self.said and REPEATED not in one.text.split("\n")[0]:
            return f"a text message comes twice and does not say so: {one.text[:60]}"
        self.said[one.chat, plain] = one.at
        return None

    # --- P2 -------------------------------------------------------------------------------------------------

    def owe(self, call: "Call", unit: str, at: float, rungs: dict[str, float | None]) -> None:
        """A warning has gone out: who has a channel is reached by it, at once or at the rung that finds them silent."""
        a, b = call.targets[unit]
        if a is not None:
            for channel in self.of(a):
                if a.account == 0:
                    self._must(call, unit, channel, a, "text", at)
                if (remind := rungs["remind"]) is not None:
                    self._must(call, unit, channel, a, "urging", at + remind * MINUTE, "【未应答】")
        if b is not None and (a is None or b.name != a.name):
            for channel in self.of(b):
                due = at + (rungs["tell_b"] or 0) * MINUTE
                self._must(call, unit, channel, b, "stand-in-text", due, "请您（B角）接手")

    def _must(
        self, call: "Call", unit: str, channel: Channel, who: Person, name: str, due: float, words: str = ""
    ) -> None:
        def told(text: str) -> bool:
            return (
                call.text in text
                and f" {call.number}" in text.split("\n", maxsplit=1)[0].replace("预警", "预警 ")
                and words in text
            )

        def idle(t: float) -> bool:
            away = not self.gateway.worked(due, t) or channel.phone in self.gateway.refused
            gone = who.name in self.model.staff.names
            return away or gone or call.over or unit not in call.silent()

        self.model.owe(
            f"{call.number} {name} {who.name}",
            "P2",
            due,
            {channel.phone},
            told,
            idle,
            early=False,
            countdown=True,
        )

    def check(self) -> None:
        """Whom the gateway refused is named to the officer, unless they answered otherwise."""
        while self.gateway.turned_down:
            at, phone, number = self.gateway.turned_down.pop(0)
            channel = next(c for c in self.known.values() if c.phone == phone)
            call = self.model.calls.get(number)
            who = next((p for p in self.model.street.people if p.name == channel.target), None)
            if call is not None and who is not None:
                self._owe_failure(call, who, at)

    def _owe_failure(self, call: "Call", who: Person, at: float) -> None:
        units = call.units_of({who.name})
        self.model.owe_since(
            (call.sent or at) - 1, f"{call.number} failed-text", at, self.model.holder_now,
            lambda x: f"预警 {call.number} " in x and "备用通道没有送到" in x and who.name in x,
            lambda _t: call.over or not units & {*call.silent()},
        )  # fmt: skip

"""One seeded day: a list of events, lived through in order, every promise looked at after each."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .model import Broken, Model, local
from .mutants import Mutant, plant
from .people import People
from .world import Weather, World

Put = Callable[[float, str], None]
"""Plans what happens at a moment."""
HOURS = 24.6
"""From 09:00 to 09:36 the next day, over one changeover."""


@dataclass(frozen=True)
class Event:
    """Something that happens at a moment (seconds from the day's start); what exactly is in its luck."""

    at: float
    kind: str
    luck: int

    def __str__(self) -> str:
        hours, rest = divmod(int(self.at), 3600)
        return f"{(9 + hours) % 24:02}:{rest // 60:02}:{rest % 60:02} {self.kind} ({self.luck})"


@dataclass
class Outcome:
    """How a day ended."""

    seed: int
    events: list[Event]
    broken: Broken | None = None
    counts: Counter[str] = field(default_factory=Counter)
    ended: float = 0.0
    """When it ended: where a promise broke, or in the evening."""
    heard: list[str] = field(default_factory=list)
    """Everything that was heard, in order."""


def planned(seed: int) -> list[Event]:
    """Return a day's events, in order."""
    dice = random.Random(f"day {seed}")
    events: list[Event] = []

    def put(at: float, kind: str) -> None:
        events.append(Event(round(max(1.0, at), 1), kind, dice.randrange(10**6)))

    end = HOURS * 3600 - 1800
    for _ in range(dice.randint(1, 3)):
        at = dice.uniform(60, end)
        put(at, "warn")
        for _ in range(dice.randint(2, 5)):
            put(at + dice.expovariate(1 / 240), "answers")
        for _ in range(dice.randint(0, 2)):
            put(at + dice.uniform(200, 1200), "phone")
    for _ in range(dice.randint(0, 3)):
        _incident(dice, put, dice.uniform(60, end))
    for _ in range(dice.randint(2, 6)):
        put(dice.uniform(60, end), dice.choice(("mistypes", "stale", "forge")))
    _trouble(dice, put, [e.at for e in events], end)
    if dice.random() < 0.25:
        at = dice.uniform(60, end)
        put(at, "block")
        put(at + dice.uniform(300, 20_000), "unblock")
    for kind in ("swap", "rule", "hires"):
        if dice.random() < 0.25:
            put(dice.uniform(60, end), kind)
    _changeover(dice, put)
    _roster(random.Random(f"roster {seed}"), put)
    _group(random.Random(f"group {seed}"), put, [e.at for e in events])
    _afterwards(random.Random(f"afterwards {seed}"), put, [e.at for e in events if e.kind == "wind_up"])
    _staff(random.Random(f"staff {seed}"), put, [e.at for e in events if e.kind == "warn"])
    _exercise(random.Random(f"exercise {seed}"), put, end)
    _rollcalls(random.Random(f"rollcalls {seed}"), put, [e.at for e in events], end)
    _deputies(random.Random(f"deputies {seed}"), put)
    _together(random.Random(f"together {seed}"), put, [e.at for e in events if e.kind == "report"])
    _chain(random.Random(f"chain {seed}"), put, [e.at for e in events if e.kind == "warn"])
    _channels(random.Random(f"channels {seed}"), put, [e.at for e in events if e.kind == "warn"])
    return sorted(events, key=lambda event: event.at)


def _incident(dice: random.Random, put: Put, at: float) -> None:
    """A first report, and what the officer makes of it, quickly or slowly."""
    put(at, "report")
    if dice.random() < 0.7:
        put(at + dice.uniform(30, 600), "send")
    pace = dice.choice((900, 900, 5400))  # seconds; with the longest, reminders come first
    for _ in range(dice.randint(1, 6)):
        put(at + dice.expovariate(1 / pace), dice.choice(("work", "work", "work", "sign")))
    if dice.random() < 0.85:
        put(at + dice.uniform(1800, 6000), "wind_up")


def _trouble(dice: random.Random, put: Put, busy: list[float], end: float) -> None:
    """Telegram and the machine fail, mostly while something goes on."""
    for kind, most in (("weather", 2), ("away", 1), ("kill", 3), ("fuse", 3), ("jump", 1)):
        for _ in range(dice.randint(0, most)):
            at = dice.choice(busy) + dice.uniform(-30, 600) if dice.random() < 0.8 else dice.uniform(60, end)
            put(at, kind)
            long = (
                dice.choice((20.0, 240.0, 900.0, 10_800.0)) if kind != "weather" else dice.uniform(60, 1800)
            )
            if kind in ("weather", "away"):
                put(at + long, "fair")
            if kind in ("kill", "fuse"):
                put(at + long, "wake")
            if long > 600 and kind != "weather":  # people do not know that nobody hears them
                put(at + long / 2, dice.choice(("report", "answers", "mistypes", "work")))


def _roster(dice: random.Random, put: Put) -> None:
    """Somebody steps in, is absent, a roster comes for days that have begun: a quarter of the days each."""
    if dice.random() < 0.25:
        for _ in range(dice.randint(1, 3)):
            put(dice.uniform(60, 82_000), "cover")
    if dice.random() < 0.25:
        at = dice.uniform(60, 75_000)
        put(at, "absent")
        if dice.random() < 0.6:
            put(at + dice.uniform(60, 7000), "cover")
    if dice.random() < 0.25:
        for _ in range(dice.randint(1, 2)):
            at = dice.uniform(60, 75_000)
            put(at, "roster")
            if dice.random() < 0.8:
                put(at + dice.uniform(30, 6000), "relieve")


def _group(dice: random.Random, put: Put, busy: list[float]) -> None:
    """The office's group reads what goes on, and people write in it what they should write to the bot."""
    if dice.random() < 0.25:
        put(dice.uniform(10, 20_000), "bind")
        for _ in range(dice.randint(2, 5)):
            put(dice.choice(busy) + dice.uniform(0, 900), "chatter")
        if dice.random() < 0.3:
            put(dice.uniform(20_000, 80_000), "regroup")


def _afterwards(dice: random.Random, put: Put, ended: list[float]) -> None:
    """What has ended opens again; who is on tomorrow says that they have come, in time, late or not at all."""
    for at in ended:
        if dice.random() < 0.3:
            put(at + dice.uniform(600, 9000), "reopen")
    for _ in range(dice.randint(0, 3)):
        put(23.5 * 3600 + dice.uniform(-1200, 1500), "arrive")


def _staff(dice: random.Random, put: Put, warned: list[float]) -> None:
    """Somebody's access is taken in the middle of a cascade, and given back: a third of the days."""
    if dice.random() < 0.34:
        for _ in range(dice.randint(1, 2)):
            at = dice.choice(warned) + dice.expovariate(1 / 200)
            put(at, "revoke")
            if dice.random() < 0.3:
                put(at + dice.uniform(20, 900), "warn")
            if dice.random() < 0.75:
                put(at + dice.choice((40, 120, 400, 4000)) * dice.uniform(0.5, 1.5), "take_up")


def _channels(dice: random.Random, put: Put, warned: list[float]) -> None:
    """Who has no account is reached by a gateway, which has its days too: a third of the days."""
    if dice.random() < 0.34:
        first = min(warned)
        for _ in range(dice.randint(1, 5)):
            put(dice.uniform(5, max(30, first - 10)), "channel")
        for at in warned:
            for _ in range(dice.randint(0, 3)):
                put(at + dice.expovariate(1 / 200), "links")
            if dice.random() < 0.4:
                put(at + dice.uniform(-60, 200), "gateway")
                put(at + dice.uniform(200, 1200), "gateway")


def _rollcalls(dice: random.Random, put: Put, busy: list[float], end: float) -> None:
    """Somebody asks whether the officer is there, in the midst of things or in quiet hours: a quarter of the days."""
    if dice.random() < 0.25:
        for _ in range(dice.randint(1, 2)):
            at = dice.choice(busy) + dice.uniform(-60, 300) if dice.random() < 0.5 else dice.uniform(60, end)
            put(at, "rollcall")
            if dice.random() < 0.4:
                put(at + dice.uniform(10, 200), "rollcall")
            for _ in range(dice.randint(0, 2)):
                put(at + dice.choice((60, 200, 600)) * dice.uniform(0.2, 1.5), "answer_call")


def _together(dice: random.Random, put: Put, told: list[float]) -> None:
    """Several events are one, or belong to one warning: where there are any, a third of the days."""
    if told and dice.random() < 0.34:
        for _ in range(dice.randint(1, 2)):
            at = dice.choice(told)
            put(at + dice.uniform(5, 600), "report")
            put(at + dice.uniform(300, 1500), "join")
            put(at + dice.uniform(300, 3000), dice.choice(("relate", "work", "send")))


def _chain(dice: random.Random, put: Put, warned: list[float]) -> None:
    """Bulletins of every action come in quick succession, in whatever order: a quarter of the days."""
    if dice.random() < 0.25:
        at = dice.choice(warned)
        for _ in range(dice.randint(2, 5)):
            at += dice.choice((3, 30, 150)) * dice.uniform(0.3, 1.5)
            put(at, "warn")
            if dice.random() < 0.5:
                put(at + dice.uniform(1, 200), "answers")


def _deputies(dice: random.Random, put: Put) -> None:
    """Deputies come, step in for each other, and sign where they may not: half of the days."""
    if dice.random() < 0.5:
        put(23.5 * 3600 + dice.uniform(-1200, 1500), "arrive_deputy")
    if dice.random() < 0.2:
        put(dice.uniform(60, 82_000), "cover_deputy")
    if dice.random() < 0.1:
        put(23.5 * 3600 + dice.uniform(-600, 1500), "take_over_deputy")


def _exercise(dice: random.Random, put: Put, end: float) -> None:
    """An exercise beside what is real, a third of the days; what began before it goes on, and so does what is left of it."""
    if dice.random() < 0.34:
        at, long = dice.uniform(60, end - 8000), dice.choice((600, 2400, 6000))
        for _ in range(dice.randint(0, 1)):
            put(at - dice.uniform(10, 600), "warn")
        put(at, "drill")
        for _ in range(dice.randint(1, 3)):
            begin = at + dice.uniform(5, long)
            put(begin, "warn")
            put(begin + dice.uniform(20, 500), "answers")
        for _ in range(dice.randint(0, 2)):
            _incident(dice, put, at + dice.uniform(-300, long))
        if dice.random() < 0.9:
            put(at + long, "drill")
            for _ in range(dice.randint(0, 2)):
                put(at + long + dice.uniform(2, 900), dice.choice(("warn", "report")))
        put(end + 1700, "figures")


def _changeover(dice: random.Random, put: Put) -> None:
    """In time, late, forced, or not at all."""
    at = 23.5 * 3600
    if dice.random() < 0.75:
        out = at + dice.uniform(-1500, 900)
        put(out, "hand_over")
        put(out + dice.uniform(20, 900), "take_over")
    if dice.random() < 0.5:
        put(at + dice.uniform(-600, 2000), "force")


class Day:
    """Lives through a list of events."""

    def __init__(self, seed: int, events: list[Event], folder: Path) -> None:
        self.world = World(seed, folder)
        self.events = events

    async def live(self) -> Outcome:
        """Return how the day went: the first promise that broke, or none."""
        outcome = Outcome(self.world.seed, self.events, counts=self.world.counts)
        try:
            await self.world.begin()
            self.model = Model(self.world)
            self.people = People(self.world, self.model)
            for event in self.events:
                await self._happens(event)
            await self._ends()
        except Broken as broken:
            outcome.broken = broken
        finally:
            outcome.ended = self.world.t
            outcome.heard = [f"{local(one.at):%H:%M:%S} {one.name} {one.text}" for one in self.world.heard]
            await self.world.close()
        return outcome

    async def _happens(self, event: Event) -> None:
        await self.world.advance(event.at)
        self.model.look()
        self.world.counts["events"] += 1
        if hasattr(self, f"_{event.kind}"):
            await getattr(self, f"_{event.kind}")(random.Random(event.luck))
        else:
            await self.people.do(event.kind, event.luck)
        await self.world.settle()
        self.model.look()

    async def _ends(self) -> None:
        """Everything is made well; what is still owed has ten minutes to come."""
        await self.world.clears()
        await self.world.wake()
        await self.world.advance(max(HOURS * 3600, self.world.t) + 700)
        self.model.look()
        self.model.check_kept()

    # --- what is nobody's doing --------------------------------------------------------------------------

    async def _weather(self, dice: random.Random) -> None:
        flood, broken, lost, slow = (dice.choice((0.0, 0.1, 0.3)) for _ in range(4))
        self.world.storms(Weather(flood, broken, lost, slow))

    async def _away(self, _dice: random.Random) -> None:
        self.world.counts["outages"] += 1
        self.world.storms(Weather(away=True))

    async def _fair(self, _dice: random.Random) -> None:
        await self.world.clears()

    async def _kill(self, _dice: random.Random) -> None:
        await self.world.kill()

    async def _fuse(self, dice: random.Random) -> None:
        if dice.random() < 0.5:
            self.world.arm(dice.choice((3, 10, 30, 100, 300)) + dice.randrange(20))
        else:
            self.world.arm_wire(dice.randrange(12))

    async def _wake(self, _dice: random.Random) -> None:
        await self.world.wake()
        self.model.check_kept()

    async def _jump(self, dice: random.Random) -> None:
        self.world.jump(dice.choice((-7200.0, -3600.0, -90.0, 90.0, 3600.0, 7200.0)))


async def run_day(
    seed: int, folder: Path, events: list[Event] | None = None, mutant: Mutant | None = None
) -> Outcome:
    """Live through a seed's day, or through these events of it, as it is or with a defect planted."""
    with plant(mutant):
        return await Day(seed, planned(seed) if events is None else events, folder).live()

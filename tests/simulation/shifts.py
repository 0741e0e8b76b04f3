"""Whose shift it is, as far as people know: what they typed and pressed about the roster, and who has to hear of it."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .world import Heard, Person

if TYPE_CHECKING:
    from .model import Model

FITS = {"officer": ("值班员", "副班"), "leader": ("带班领导",), "deputy": ("副班",)}
"""Roles whose holders may stand on a post (product.md §4)."""
WORDS = {"officer": "主班", "leader": "带班领导", "deputy": "副班"}
COLUMN = {"officer": "值班员", "leader": "带班领导", "deputy": "副班"}
FIRST = 25
"""The calendar day the simulation begins on."""
SETTLED = 30.0
"""Seconds of calm after which whatever was typed and pressed has been done, or has not."""
HOUR = 3600.0
CHANGEOVER = 23.5 * HOUR
PROMPTS = (
    ("值班提醒", 7.0, 21.5),
    ("快到班了", 21.5, 23.25),
    ("请到岗", 23.25, 23.5),
)
"""Who is on tomorrow reads this, from when to when (hours)."""
WHAT = r"S\d+ (主班|带班领导|副班)（\d+月(\d+)日.*?"
COVERED = re.compile(rf"已记录：(\S+) 顶替 (\S+) {WHAT}立即生效")
SWAPPED = re.compile(rf"^{WHAT}）：(\S+) → (\S+?)：已批准生效")
CAME = re.compile(r"已记录：(S\d+) \S+ 到岗 ")
MISSED = re.compile(r"(?m)^❗ (\S+) 未报到岗(?:（迟 \d+ 分钟）)?：(S\d+) ")
GRANTED = re.compile(r"已批准：(\S+) 请假 Q\d+ \d+月(\d+)日至\d+月(\d+)日")


@dataclass
class Turn:
    """One shift: its post, its day (0: the first), and whose it was last for certain."""

    post: str
    day: int
    name: str
    since: float = -1e9
    """When it last became certain."""
    claims: list[tuple[float, str]] = field(default_factory=list)
    """What was done since, that may have made it somebody's."""

    @property
    def names(self) -> set[str]:
        """Everybody whose it may be."""
        return {self.name} | {name for _, name in self.claims}

    @property
    def newest(self) -> str:
        """Whose it is as people see it who were there."""
        return self.claims[-1][1] if self.claims else self.name

    def certain(self, since: float) -> str | None:
        """Return whose it is, and was at this moment already; None where that is not sure."""
        return None if self.claims or self.since > since else self.name

    def said(self, at: float, name: str) -> bool:
        """Return True if it is certain now that it is this person's: it was said, and nobody did anything after that."""
        mine = [when for when, who in self.claims if who == name]
        if len(mine) != 1 or self.claims[-1][1] != name:
            return False
        self.settle(at, name)
        return True

    def settle(self, at: float, name: str) -> None:
        """Whatever was done has been done: it is this person's."""
        self.since = at if name != self.name else self.since
        self.name = name
        self.claims.clear()


@dataclass(frozen=True)
class Offer:
    """A swap somebody asks for: it may be the other's once both have agreed and a leader has approved."""

    turn: Turn
    other: str
    agreed: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A roster the admin sends: whose each shift is by it."""

    file: str
    wanted: list[tuple[Turn, str]]


class Shifts:
    """The leader's, the officer's and the deputy's shifts of both days."""

    def __init__(self, model: "Model") -> None:
        self.model, self.world = model, model.world
        roster = model.street.roster
        self.turns = [Turn(post, day, roster[day + 1][COLUMN[post]]) for post in FITS for day in (0, 1)]
        self.offers: list[Offer] = []
        self.sheets: list[Sheet] = []
        self.arrived: set[str] = set()
        """Who said that they have come, whether or not it counted."""
        self.came: dict[str, float] = {}
        """Shifts to which somebody came for certain, and when that was heard."""
        self.seen = -1
        """The last entry of the log at which the roster was looked at."""

    def turn(self, post: str, day: int) -> Turn:
        """Return a shift."""
        return next(t for t in self.turns if (t.post, t.day) == (post, day))

    def number(self, turn: Turn) -> int | None:
        """Return a shift's number as it stands now."""
        return self.world.shift_of(turn.post, (2 + 22.5 * turn.day) * HOUR)

    def prompts(self) -> None:
        """Who is on tomorrow is reminded the day before, two hours and a quarter of an hour before (product.md §4)."""
        for turn in self.turns:
            for word, begin, end in PROMPTS if turn.day else ():
                self._prompt(turn, word, begin * HOUR, end * HOUR)
            if turn.day and turn.post != "deputy":  # nobody is looked for who need not be there
                self._missed(turn, "leader", CHANGEOVER + 600)
                self._missed(turn, "admin", CHANGEOVER + 1200)

    def _prompt(self, turn: Turn, word: str, due: float, until: float) -> None:
        sign = re.compile(rf"{word}.*{WORDS[turn.post]}")

        def served(_t: float) -> bool:
            name = turn.name
            return name in self.arrived or name == self.model.holder or name in self.model.may_hold

        must = self.model.owe(
            f"prompt {turn.post}", "P3", due, set(), lambda x: bool(sign.search(x)), served,
            early=False, marked=True, until=until,
        )  # fmt: skip
        must.readers = lambda: self._reached(turn.certain(must.due))
        must.hearers = lambda: set().union(*(self._reached(name) for name in turn.names))

    def _missed(self, turn: Turn, whom: str, due: float) -> None:
        """Who has not come ten minutes after the beginning is named to the leader, after twenty to the admins."""

        def served(_t: float) -> bool:
            name = turn.certain(CHANGEOVER - 5)
            return name is None or name in self.arrived | self.model.may_hold.keys() | {self.model.holder}

        def readers() -> set[int]:
            if whom == "leader" and (turn.post == "officer" or turn.name in self.model.staff.names):
                return self.leaders(due)
            return {p.account for p in self.model.street.named("管理员") if self.model.can(p)}

        def said(text: str) -> bool:
            missed = MISSED.search(text)
            return missed is not None and missed[2] == f"S{self.number(turn)}"

        must = self.model.owe(
            f"{whom} missed {turn.post}", "P2", due, readers, said, served,
            everyone=False, marked=True, early=whom == "leader",
        )  # fmt: skip
        told = ("带班领导", "管理员") if whom == "leader" else ("管理员",)
        must.hearers = lambda: {p.account for p in self.model.street.people if p.role in told}

    def _reached(self, name: str | None) -> set[int]:
        who = next((p for p in self.model.street.people if p.name == name), None)
        return {who.account} if who is not None and self.model.can(who) else set()

    def leaders(self, due: float) -> set[int]:
        """Return who may be told what leaders are told: the one on duty, where it is sure who that is, else all."""
        everybody = {p.account for p in self.model.street.named("带班领导") if self.model.can(p)}
        wall = self.world.t + self.world.ahead
        if abs(wall - CHANGEOVER) < 300 or self.world.calm_from(due) != due:
            return everybody
        return self._reached(self.turn("leader", int(wall > CHANGEOVER)).certain(due - 5)) or everybody

    def deputies(self, due: float) -> set[int]:
        """Return the deputy on duty when something was due, where it is sure who that is."""
        wall = due + self.world.ahead
        if abs(wall - CHANGEOVER) < 300 or self.world.calm_from(due) != due:
            return set()
        return self._reached(self.turn("deputy", int(wall > CHANGEOVER)).certain(due - 5))

    # --- what people do -----------------------------------------------------------------------------------

    def touched(self, who: Person, text: str, about: str) -> None:
        """Somebody typed this, or pressed a button with this word under a message (`about`)."""
        if text.startswith("我来顶") or about.startswith("「我来顶」"):
            self._covers(who, text)
        if text.startswith("到岗"):
            self.arrived.add(who.name)
        if text.startswith("同意"):
            self._agrees(who)
        if text.startswith("确认") and who.role == "管理员":
            for sheet in self.sheets:
                if not about or sheet.file in about:
                    for turn, name in sheet.wanted:
                        turn.claims.append((self.world.t, name))

    def _covers(self, who: Person, text: str) -> None:
        numbers = re.findall(r"S(\d+)", text)
        for turn in self.turns:
            if who.role in FITS[turn.post] and (not numbers or str(self.number(turn)) in numbers):
                turn.claims.append((self.world.t, who.name))
                if turn.post == "officer" and (turn.day == 0 or self.world.t > 21 * HOUR):
                    self.model.may_take(who.name, unsigned=True)

    def _agrees(self, who: Person) -> None:
        for offer in self.offers:
            if offer.agreed and who.role in ("带班领导", "管理员"):
                offer.turn.claims.append((self.world.t, offer.other))
            if who.name == offer.other or who.role == "管理员":
                offer.agreed.append(self.world.t)

    # --- what people hear ---------------------------------------------------------------------------------

    def hears(self, one: Heard) -> str | None:
        """Read what somebody was told of the roster; return what is untrue in it."""
        if found := COVERED.search(one.text):
            self._covered(one, found[1], found[2], self._named(found[3], found[4]))
        if (found := CAME.match(one.text)) and not one.edit:
            self.came.setdefault(found[1], one.at)
        if found := SWAPPED.search(one.text):
            turn = self._named(found[1], found[2])
            if turn is not None and turn.said(one.at, found[4]):
                self.model.group.sees(one.at, f"{found[3]} → {found[4]}：已批准生效")
        if one.text.startswith("值班表已发布"):
            self._published(one)
        if found := GRANTED.search(one.text):
            self._granted(one, found[1], range(int(found[2]) - FIRST, int(found[3]) - FIRST + 1))
        missed = MISSED.search(one.text) if self.world.calm_from(one.at) == one.at else None
        if missed and self.came.get(missed[2], one.at) < one.at - SETTLED:
            return f"{missed[1]} came to {missed[2]} and is missed"
        return None

    def _named(self, word: str, day: str) -> Turn | None:
        return next((t for t in self.turns if WORDS[t.post] == word and t.day == int(day) - FIRST), None)

    def _covered(self, one: Heard, name: str, instead: str, turn: Turn | None) -> None:
        if turn is None or one.chat not in self._reached(name) or one.edit:
            return
        began = max((at for at, who in turn.claims if who == name), default=one.at)
        if not turn.said(one.at, name):
            return
        told = f"{name} 顶替 {instead}"
        if instead != name:
            self.model.owe_since(
                began, "cover told", one.at, lambda: self._reached(instead), lambda x: told in x
            )
        asked = re.compile(rf"{name} 已临时顶替 {instead}|S\d+ 顶班：")
        leader = self.turn("leader", 0).certain(began - 5) if one.at < 20 * HOUR else None
        if leader not in (None, name, instead):
            self.model.owe_since(
                began,
                "cover approval",
                one.at,
                lambda: self._reached(leader),
                lambda x: bool(asked.search(x)),
            )
        if turn.post == "officer" and turn.day == 0 and one.at < 20 * HOUR:
            self.model.holds_instead(name, instead)
        self._called_in(began, one.at, turn)

    def _published(self, one: Heard) -> None:
        for sheet in self.sheets:
            for turn, name in sheet.wanted:
                before = turn.name
                began = max((at for at, _ in turn.claims), default=one.at)
                if turn.said(one.at, name) and name != before:
                    self._called_in(began, one.at, turn)

    def _called_in(self, began: float, at: float, turn: Turn) -> None:
        """Who is put on a shift that runs is asked to come."""
        name, word = turn.name, WORDS[turn.post]
        sign = re.compile(rf"已到上班时间.*S\d+ {word}")

        def otherwise(_t: float) -> bool:
            return turn.certain(at) != name or name in self.arrived

        if turn.day == 0 and at < 20 * HOUR:
            self.model.owe_since(
                began, "called in", at, lambda: self._reached(name), lambda x: bool(sign.search(x)), otherwise
            )

    def _granted(self, one: Heard, name: str, days: range) -> None:
        """Leave moves no shift: whoever keeps the roster reads that it stands on one."""
        if one.chat not in self._reached(name):
            return
        stands = [t for t in self.turns if t.day in days and t.certain(one.at - 3600) == name]
        admins = {p.account for p in self.model.street.named("管理员") if self.model.can(p)}
        sign = re.compile(rf"请假期间有班：.*{name}")
        if stands and one.at < 20 * HOUR:
            self.model.owe_since(
                one.at - 3600, "leave found", one.at, lambda: admins, lambda x: bool(sign.search(x)),
                lambda _t: any(turn.certain(one.at) != name for turn in stands),
            )  # fmt: skip

    # --- P1 -------------------------------------------------------------------------------------------------

    def check(self, seq: int) -> str | None:
        """Return what is wrong with the roster, None if every shift is somebody's to whom everybody concerned agreed."""
        waiting = [turn for turn in self.turns if turn.claims]
        if self.world.t >= 23 * HOUR or (seq == self.seen and not waiting):
            return None
        self.seen = seq
        rows = self.world.rows(
            "SELECT s.post, s.starts_at, p.name FROM shifts s JOIN people p ON p.id = s.person_id "
            "WHERE s.state = 'planned' AND s.post IN ('officer', 'leader', 'deputy')"
        )
        for turn in self.turns:
            begins = self.world.micros(24 * HOUR * turn.day - HOUR / 2)
            names = [name for post, at, name in rows if (post, at) == (turn.post, begins)]
            if len(names) != 1:
                return f"{len(names)} people stand on the {turn.post}'s shift of day {turn.day}: {names}"
            if names[0] not in turn.names:
                return f"the {turn.post}'s shift of day {turn.day} is {names[0]}'s, and it was {turn.names}'s"
            if turn.claims and self.settled(turn.claims[-1][0]):
                turn.settle(self.world.t, names[0])
        return None

    def settled(self, at: float) -> bool:
        """Return True if what was done at a moment has been done by now, or never will be."""
        return self.world.up and self.world.calm_from(at) + SETTLED < self.world.t

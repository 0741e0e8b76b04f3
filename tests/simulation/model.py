"""What must be true, worked out from what people typed, pressed and saw, and from the time: the promises P1-P7.

Nothing here is taken from the actions. The words are read as their readers read them, the numbers stand in product.md,
and the database is looked at by plain SQL, to see whether what was confirmed is kept.
"""

import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from .drills import Drills
from .gateways import Channels
from .groups import Group
from .rollcalls import RollCalls
from .shifts import CHANGEOVER, Shifts
from .staff import Staff
from .world import START, ZONE, Heard, Person, Restart, World

Minutes = float
LADDER: dict[str, dict[str, Minutes | None]] = {
    "蓝": {"remind": 5, "tell_b": 10, "call_list": 10, "tell_leader": None, "overdue": 10},
    "黄": {"remind": 4, "tell_b": 6, "call_list": 8, "tell_leader": 10, "overdue": 10},
    "橙": {"remind": 2, "tell_b": 3, "call_list": 5, "tell_leader": 8, "overdue": 10},
    "红": {"remind": 1, "tell_b": 2, "call_list": 3, "tell_leader": 5, "overdue": 10},
}
"""Product.md §6: minutes after dispatch, by colour."""
GRACE = 12.0
"""Seconds in which what is due is heard when nothing is wrong: sending takes its time."""
SITTING = ("值班员", "副班")
OFFICE = (*SITTING, "带班领导", "上级值班室")
ROLES: dict[str, tuple[str, ...]] = {
    "bulletin.dispatched": ("值班员", "副班"),
    "bulletin.discarded": ("值班员", "副班"),
    "bulletin.ended": ("值班员", "副班", "责任人"),
    "incident.received": ("值班员", "副班", "信息报告员", "责任人", "带班领导"),
    "incident.closed": ("值班员", "副班"),
    "report.submitted": ("值班员", "副班"),
    "report.phoned": ("值班员", "副班", "带班领导"),
    "report.signed": ("带班领导",),
    "report.confirmed": ("上级值班室", "值班员", "副班"),
    "followup.no_change": ("值班员", "副班"),
    "handover.signed_in": ("值班员", "副班"),
    "handover.signed_out": ("值班员", "副班"),
    "handover.forced": ("带班领导",),
    "callout.acked": ("责任人",),
    "callout.passed": ("责任人",),
    "callout.phone": ("值班员", "副班"),
    "swap.approved": ("带班领导", "管理员"),
    "cover": (*SITTING, "带班领导"),
    "leave.granted": ("带班领导", "管理员"),
    "leave.refused": ("带班领导", "管理员"),
    "roster.published": ("管理员",),
    "group.bound": ("管理员",),
    "rule.changed": ("管理员",),
}
"""Who may do what (product.md §1, §3): looked for in every line the log gets."""
ONCE = re.compile(r"请您（B角）接手|时限已到|仍有人未应答|📞 叫应名单|^⏰.*还没有您的应答|初步了解|请签发")
"""What nobody hears twice in the same words, however much time lies between."""


ACKED = re.compile(
    r"已记录：收到 (W\d+)（(.*)，\d\d:\d\d:\d\d）|已记录：(W\d+) .*已传达.*（(.*)，\d\d:\d\d:\d\d）"
)
CALLED = re.compile(r"^(?:【演练】)?(?:⏰|📞|❗|🔔).*预警 W(\d+) ·|请您（B角）接手")
"""Somebody is called about a warning."""
JOINED = re.compile(r"已记录：(E\d+) 并入 (E\d+)，")
FOLLOWED = re.compile(r"已记录：事件 (E\d+) (?:首报|续报\S*?|无变化)(?:已直报|已送|（)")
REOPENED = re.compile(r"❗ 事件 (E\d+) .*已重开（")
WORD = re.compile(r"❗ \S+ \S+ 报告（E")
"""A reporter's word is shown again in the same words until somebody takes it up, and to whoever comes on duty."""
RULED = re.compile(r"callout\.(yellow|orange|red)\.remind \S+ → (\d+)m?")
TAKEN = re.compile(r"已接班：(\S+?)（|H\d+ 由 \S+ 强制交接.*：(?:\S+ → )?(\S+?)，原因：")


class Broken(AssertionError):
    """A promise is broken: which, and how."""

    def __init__(self, promise: str, what: str) -> None:
        super().__init__(promise, what)
        self.promise, self.what = promise, what

    def __str__(self) -> str:
        return f"{self.promise}: {self.what}"


@dataclass
class Must:
    """Something that has to be heard, by all of these people or by one of them, unless it is owed no more."""

    name: str
    promise: str
    due: float
    readers: Callable[[], set[int]]
    sign: Callable[[str], bool]
    idle: Callable[[float], bool] = lambda _t: False
    """Nobody owes it any more, or perhaps nobody does, at this moment."""
    everyone: bool = True
    marked: bool = False
    """Said after an absence it tells how late it is."""
    heard: dict[int, float] = field(default_factory=dict)
    hearers: Callable[[], set[int]] = set
    """Who may have to hear it besides, while it is not sure who has."""
    early: bool = True
    """Hearing it before it is due is wrong."""
    until: float = math.inf
    """What is due then says it as well."""
    born: float = -1e9
    """What was heard before this does not count."""
    clocked: bool = True
    """It falls by the process's clock: a deadline in the file."""
    countdown: bool = False
    """It comes so long after something was done: a set clock leaves it the time it had."""
    owed: float = -1e9
    """From when it has to be heard: when it is due, or when a process begins that finds it past."""

    @property
    def what(self) -> str:
        """What it is, without the warning's or incident's number and whose it is."""
        return re.sub(r"^[WE]\d+ ", "", self.name).split()[0]


@dataclass
class Call:
    """A warning as its readers know it."""

    number: str
    text: str
    colour: str
    hazard: str
    cancel: bool
    follows: bool
    pressed: float | None = None
    sent: float | None = None
    targets: dict[str, tuple[Person | None, Person | None]] = field(default_factory=dict)
    acked: dict[str, float] = field(default_factory=dict)
    perhaps: set[str] = field(default_factory=set)
    """Units of which somebody did something that may have counted."""
    early: set[str] = field(default_factory=set)
    """Who did something that may count once it goes out: both may wait for a process that is down."""
    over: bool = False
    """It has ended, or perhaps has."""
    drill: bool = False
    """It was pasted during an exercise."""

    def units_of(self, names: set[str]) -> set[str]:
        """Return the units for which any of these people answers."""
        return {u for u, ab in self.targets.items() if any(p and p.name in names for p in ab)}

    def silent(self) -> list[str]:
        """Return the units from which nothing has come."""
        return [u for u in self.targets if u not in self.acked and u not in self.perhaps]


@dataclass
class Case:
    """An incident as its readers know it."""

    number: str
    raw: str
    received: float
    phoned: bool = False
    written: bool = False
    touched: int = 0
    """How often somebody did something about it."""
    done: bool = False
    reopening: int | None = None
    """How often it had been touched when somebody last asked to open it again."""
    counts: set[int] = field(default_factory=set)
    """Every number that was said of it."""
    injured: int = 0
    """The last that was shown."""
    drill: bool = False
    """It was told during an exercise."""
    joined: bool = False
    """It was joined to another."""


class Model:
    """Watches a world and knows what it owes its people."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.street = world.street
        self.calls: dict[str, Call] = {}
        self.cases: dict[str, Case] = {}
        self.musts: list[Must] = []
        self.read = 0
        self.begun = 0
        """How many restarts with a set clock were reckoned with."""
        self.seq = 0
        self.hash = "0" * 64
        self.holder = self.street.roster[1]["值班员"]
        self.may_hold: dict[str, float] = {}
        """Who would hold the watch if what they did has counted, and since when."""
        self.signed_out = False
        self.watch = self.holder
        """Who had it when it was last looked at."""
        self.changes: Counter[str] = Counter()
        """How often it came to each."""
        self.changed_over = False
        """The watch went on to who is on tomorrow, or may have."""
        self.since = 0.0
        """When who holds the watch took it."""
        self.unsigned: set[str] = set()
        """Who gets the watch without a signature: by a leader's word, or stepping in."""
        self.deeds: Counter[int] = Counter()
        """How much each account typed and pressed."""
        self.texts: dict[int, list[tuple[float, str]]] = defaultdict(list)
        self.pasted: dict[str, Call] = {}
        self.reported: dict[str, float] = {}
        self.guessed: dict[str, set[int]] = defaultdict(set)
        """Incidents of which somebody said something before anybody saw their card, and the numbers said."""
        self.kept: list[tuple[str, str]] = []
        """Confirmed inputs: a query that must find exactly one, and its value."""
        self.blocked: set[int] = set()
        self.ladder = {colour: dict(rungs) for colour, rungs in LADDER.items()}
        self.unsure: set[str] = set()
        """Colours whose rungs the admin may have changed."""
        self.hired: dict[str, Person] = {}
        """Who answers for a unit as soon as the admin's sheet is in."""
        self.shifts, self.group = Shifts(self), Group(self)
        self.staff, self.drills, self.channels = Staff(self), Drills(self), Channels(self)
        self.rollcalls = RollCalls(self)
        self._changeover()
        self.shifts.prompts()

    # --- what people do -----------------------------------------------------------------------------------

    def does(self, account: int, text: str, about: str = "") -> None:
        """Somebody typed this, or pressed a button with this word under a message (`about`)."""
        self.deeds[account] += 1
        who = self.street.by_account(account)
        if who is None:
            return
        named = f"{text} {about}"
        for number in re.findall(r"W\d+", named) or ([] if about else list(self.calls)):
            if number in self.calls:
                self._call_touched(self.calls[number], who, text)
        numbers = re.findall(r"E\d+", named) or ([] if about else list(self.cases))
        if text.startswith("并入") and len(numbers) == 2 and who.role in SITTING:
            self._joins(*numbers)
            numbers = numbers[:1]
        for number in numbers:
            if number not in self.cases:
                self.guessed[number] |= {int(n) for n in re.findall(r"\d+", text)}
            elif who.role in OFFICE:
                self._case_touched(self.cases[number], text)
                self.cases[number].counts |= {int(n) for n in re.findall(r"\d+", text)}
        self._watch_touched(who, text)
        self.shifts.touched(who, text, about)
        self.rollcalls.touched(who, text)

    def _joins(self, number: str, target: str) -> None:
        """The clocks of what is joined may end; those of what it is joined to go on, with the figures of both."""
        if target in self.cases:
            to = self.cases[target]
            to.touched += 1
            to.counts |= self.cases[number].counts if number in self.cases else set()

    def reads(self, name: str, number: str) -> None:
        """Somebody answers on the page behind their link."""
        who = next((p for p in self.street.people if p.name == name and p.role == "责任人"), None)
        if who is not None:
            self.deeds[who.account] += 1
            if number in self.calls:
                self._call_touched(self.calls[number], who, "收到")

    def typed(self, account: int, text: str) -> None:
        """Somebody typed: whatever it was, they hear something (P4); a person who blocks the bot meanwhile does not."""
        self.owe(
            f"an answer to {text[:20]}",
            "P4",
            self.world.t,
            {account},
            lambda _text: True,
            early=False,
            born=self.world.t,
            clocked=False,
        )

    def _call_touched(self, call: Call, who: Person, text: str) -> None:
        if who.role == "责任人":
            call.early.add(who.name)
            call.perhaps |= call.units_of({who.name})
        elif re.match("电话已叫应|我来打|未叫通|撤销叫应", text):
            call.perhaps |= set(call.targets)
        if re.match("结束预警|取消|并入", text):
            call.over = True
        if re.match("下发|仍要下发|同意下发", text) and who.role in SITTING and call.pressed is None:
            call.pressed = self.world.t
            for (
                other
            ) in self.calls.values():  # a follower ends what it follows once it is out, a new one a cancel
                same = (other.hazard, other.drill) == (call.hazard, call.drill)
                if other is not call and (call.follows or other.cancel) and same:
                    other.over = True

    def _watch_touched(self, who: Person, text: str) -> None:
        if text.startswith("接班") and who.role in SITTING:
            self.may_take(who.name)
        if text.startswith("交班") and who.name == self.holder:
            self.signed_out = True
        if text.startswith("强制交接") and who.role == "带班领导":
            for named in text.split()[1:2]:
                self.may_take(named, unsigned=True)

    def may_take(self, name: str, *, unsigned: bool = False) -> None:
        """Somebody does what may give this person the watch."""
        self.may_hold[name] = self.world.t
        if unsigned:
            self.unsigned.add(name)

    @staticmethod
    def _case_touched(case: Case, text: str) -> None:
        if text.startswith("已电话报告"):
            case.phoned = True
        if re.match("发送|取消|签发|退回|已报送|免报|延期|收到|并入", text):
            case.written = True
        if re.match("取消|终报|并入", text):
            case.done = case.phoned = True
        case.touched += 1

    def pastes(
        self, account: int, text: str, colour: str, hazard: str, *, cancel: bool, follows: bool
    ) -> None:
        """An officer pastes a bulletin."""
        self.does(account, "预警", "W0")
        self.pasted[text] = Call("", text, colour, hazard, cancel, follows, drill=self.drills.on)

    def reports(self, account: int, text: str) -> None:
        """Somebody types a first report."""
        self.does(account, "首报", "E0")
        self.reported[text] = self.world.t
        if self.drills.on:
            self.drills.reported.add(text)

    def reopens(self, number: str) -> None:
        """The officer asks to open again what has ended: it has, once that is said and nobody did anything since."""
        self.cases[number].reopening = self.cases[number].touched

    def rules(self, colour: str) -> None:
        """The admin types a new time for a colour's reminder; until that is confirmed, either may hold."""
        self.unsure.add(colour)

    def rehires(self, unit: str, new: Person) -> None:
        """The admin sends a sheet by which somebody new answers for a unit; from now on it may be either."""
        self.hired[unit] = new
        for call in self.calls.values():
            call.perhaps.add(unit)

    # --- what people hear ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Read what was heard since, and check every promise."""
        for place, one in enumerate(self.world.heard[self.read :], self.read):
            self._begins_anew(place)
            self._hears(one)
        self.read = len(self.world.heard)
        self._begins_anew(self.read)
        before = self.seq
        self._check_log()
        if self.seq != before:
            self._check_acks()
        self.channels.check()
        self._check_musts()
        self._check_watch()
        if wrong := self.shifts.check(self.seq):
            raise Broken("P1", wrong)

    def _begins_anew(self, heard: int) -> None:
        """A process begins with a set clock: deadlines are times of day in the file, and fall by the new clock."""
        while self.begun < len(self.world.restarts) and self.world.restarts[self.begun].heard <= heard:
            restart = self.world.restarts[self.begun]
            self.begun += 1
            for must in self.musts:
                if must.clocked:
                    _moved(must, restart)

    def _hears(self, one: Heard) -> None:
        text = one.text
        if not one.edit and not one.popup:
            self._check_repeat(one)
            self._check_called(one)
            self._satisfy(one)
        if one.chat < 0 and (wrong := self.group.hears(one)):
            raise Broken("P6", wrong)
        if wrong := self.staff.hears(one):
            raise Broken("P6", wrong)
        if wrong := self.channels.hears(one):
            raise Broken("P4", wrong)
        if self.street.by_account(one.chat) is not None:
            self._of_warnings(one)
            self._of_incidents(one)
            self._of_the_office(text)
            if wrong := self.drills.hears(one):
                raise Broken("P7", wrong)
            if wrong := self.rollcalls.hears(one):
                raise Broken("P6", wrong)
            if wrong := self.shifts.hears(one):
                raise Broken("P2", wrong)

    def _of_warnings(self, one: Heard) -> None:
        text = one.text
        if found := ACKED.match(text):
            self._acked(found[1] or found[3], (found[2] or found[4]).split("、"), one.at)
        sent = re.match(r"已下发 (W\d+)（\d\d:\d\d:\d\d）：(\d+) 个单位", text)
        if sent and sent[1] in self.calls:
            self._dispatched(self.calls[sent[1]], one.at, int(sent[2]))
        if "（待下发）" in text and (found := re.search(r"预警 (W\d+) ·", text)):
            self._offered(found[1], text)

    def _of_incidents(self, one: Heard) -> None:
        self._check_figures(one.text)
        if "首报待发送" in one.text and (found := re.search(r"事件 (E\d+)", one.text)):
            self._opened(found[1], one.text, one.at)
        if (found := JOINED.search(one.text)) and found[1] in self.cases and not one.popup:
            self._joined(self.cases[found[1]], found[2])
        if (found := FOLLOWED.match(one.text)) and found[1] in self.cases:
            self._followed(self.cases[found[1]], one.at)
        if (found := REOPENED.match(one.text)) and found[1] in self.cases:
            case = self.cases[found[1]]
            if case.reopening == case.touched:
                case.done, case.reopening = False, None
                self._followed(case, one.at)

    def _joined(self, case: Case, target: str) -> None:
        """P4: what was told of an event stands with the one it was joined to."""
        if not case.joined:
            case.joined = True
            self.world.counts["joined"] += 1
            told = "SELECT count(DISTINCT incident_id) FROM reports WHERE 'E' || incident_id = ? AND instr(raw, '{}')"
            self.kept.append((told.format(case.raw.removeprefix("首报 ")), target))

    def _of_the_office(self, text: str) -> None:
        if found := RULED.search(text):
            colour = {"yellow": "黄", "orange": "橙", "red": "红"}[found[1]]
            self.ladder[colour]["remind"] = int(found[2])
            self.unsure.discard(colour)
        if text.startswith("已导入 人员"):
            self._hired_now()
        if found := TAKEN.match(text):
            self._took_over(found[1] or found[2])

    def _offered(self, number: str, text: str) -> None:
        for pasted, call in self.pasted.items():
            if pasted in text and not call.number:
                call.number = number
                self.calls[number] = call

    def _hired_now(self) -> None:
        """The sheet is in: who answered for its units answers for nothing any more, A-role or B-role."""
        for unit, new in self.hired.items():
            former = [p for p in self.street.people if p.unit == unit and p.ab and p.name != new.name]
            for old in former:
                self.street.people.remove(old)
                self.street.people.append(replace(old, unit="", ab=""))
            if former:
                self.street.people.append(new)
        self.hired.clear()

    def _took_over(self, name: str) -> None:
        if name not in self.may_hold and name != self.holder:
            raise Broken("P1", f"{name} is told to hold the watch and nobody signed")
        if name in self.may_hold:
            self._holds(name)

    def holds_instead(self, name: str, instead: str) -> None:
        """P1: who stands in for the person on watch has the watch."""
        if (
            self.holder == instead != name
            and not self.may_hold.keys() - {name}
            and self._on_watch() == [instead]
        ):
            raise Broken("P1", f"{name} stands in for {instead}, who still holds the watch")

    def _holds(self, name: str) -> None:
        """The watch is this person's."""
        stepped_in = name in self.unsigned and not self.signed_out
        if not stepped_in or name in self.shifts.turn("officer", 1).names:
            self.changed_over = True
        self.holder, self.since = name, self.world.t
        self.may_hold.pop(name, None)
        self.unsigned.discard(name)
        self.signed_out = False

    def _acked(self, number: str, units: list[str], at: float) -> None:
        call = self.calls.get(number)
        if call is None:
            return
        for unit in units:
            if unit in call.targets and unit not in call.acked:
                call.acked[unit] = at
                call.perhaps.discard(unit)
                sql = (
                    "SELECT count(*) FROM contacts c JOIN units u ON u.id = c.unit_id "
                    "WHERE 'W' || c.bulletin_id || ' ' || u.name = ? AND c.acked_at IS NOT NULL"
                )
                self.kept.append((sql, f"{number} {unit}"))

    # --- P2 and P3: who has to be told, and when --------------------------------------------------------

    def can(self, person: Person | None) -> bool:
        """Return True if somebody can be written to."""
        return person is not None and person.account != 0 and person.account not in self.cut_off

    @property
    def cut_off(self) -> set[int]:
        """Return the accounts that read nothing: who has blocked the bot, who has no access."""
        return self.blocked | self.staff.accounts

    def account(self, name: str) -> int:
        """Return a person's account."""
        return self.street.account(name)

    def holder_now(self) -> set[int]:
        """Return who has to hear what the officer hears: the holder, while it is sure who that is."""
        if self.may_hold.keys() - {self.holder} or not self.can(
            self.street.by_account(self.account(self.holder))
        ):
            return set()
        return {self.account(self.holder)}

    def _dispatched(self, call: Call, at: float, units: int) -> None:
        if call.sent is not None:
            return
        call.sent = at
        began = call.pressed if call.pressed is not None else at
        call.targets = {
            unit: (
                self.street.holder(unit, "A") or self.street.holder(unit, "B"),
                self.street.holder(unit, "B"),
            )
            for unit in self.street.units
            if self.street.holder(unit, "A") or self.street.holder(unit, "B")
        }
        if units != len(call.targets):
            raise Broken("P2", f"{call.number} went to {units} units, {len(call.targets)} have somebody")
        ladder = dict(self.ladder["蓝" if call.cancel else call.colour])
        if call.colour in self.unsure:
            ladder["remind"] = None
        call.perhaps |= self.hired.keys() | call.units_of(call.early)
        for unit, (a, b) in call.targets.items():
            if a is not None:
                self._owe_contact(call, unit, a, b, at, ladder)
            self.channels.owe(call, unit, at, ladder)
        self._owe_office(call, at, ladder)
        self.group.sees(began, f"预警 {call.number} ")
        self._rungs_known_late(call, began, at)
        for one in self.world.heard:  # the first orders were heard before the officer's answer
            if not one.edit and not one.popup and one.at >= began - 1:
                self._satisfy(one)

    def _rungs_known_late(self, call: Call, began: float, at: float) -> None:
        """It went out some time between the press and its answer."""
        own = [m for m in self.musts if m.name.startswith(call.number + " ")]
        for must in own:
            must.countdown = True
            if began < at - 5:
                must.early = False
        if self.world.restarted(began - 1, at):  # by which clock its rungs were written is not known
            self.musts = [m for m in self.musts if m not in own or not m.clocked]

    def _owe_contact(
        self, call: Call, unit: str, a: Person, b: Person | None, at: float, ladder: dict[str, Minutes | None]
    ) -> None:
        n = call.number

        def told(text: str) -> bool:
            return call.text in text and f"预警 {n} " in text

        def still(_t: float) -> bool:
            return call.over or unit not in call.silent()

        if self.can(a):
            self.owe(
                f"{n} order {a.name}",
                "P2",
                at,
                {a.account},
                told,
                lambda _t: call.over or unit in call.perhaps,
                clocked=False,
            )
            if (remind := ladder["remind"]) is not None:
                self.owe(
                    f"{n} remind {a.name}", "P2", at + 60 * remind, {a.account},
                    lambda x: f"预警 {n} " in x and "还没有您的应答" in x and not x.startswith("🔄"), still, marked=True,
                )  # fmt: skip
        if b is not None and self.can(b) and b.name != a.name:
            due = at + 60 * (ladder["tell_b"] or 0) if self.can(a) else at
            self.owe(
                f"{n} tell_b {b.name}", "P2", due, {b.account},
                lambda x: told(x) and "请您（B角）接手" in x, still, early=self.can(a) and bool(self._alone(b, call)),
            )  # fmt: skip

    @staticmethod
    def _alone(b: Person, call: Call) -> bool:
        """Return True if this person is B of one unit only: told early for another, they would be told of both."""
        return sum(1 for _, other in call.targets.values() if other and other.name == b.name) == 1

    def _owe_office(self, call: Call, at: float, ladder: dict[str, Minutes | None]) -> None:
        n = call.number

        def quiet(_t: float) -> bool:
            return call.over or not call.silent()

        unreachable = any(p is not None and not self.can(p) for ab in call.targets.values() for p in ab)
        self.owe(
            f"{n} call_list", "P2", at + 60 * (ladder["call_list"] or 0), self.holder_now,
            lambda x: f"预警 {n} " in x and "叫应名单" in x, quiet, early=not unreachable,
        )  # fmt: skip
        deputies = self.owe(
            f"{n} call_list-deputy", "P2", at + 60 * (ladder["call_list"] or 0), set(),
            lambda x: f"预警 {n} " in x and "叫应名单" in x, quiet, early=False,
        )  # fmt: skip
        deputies.readers = lambda: {
            d
            for d in self.shifts.deputies(deputies.owed)
            if not any(f"预警 {n} " in text and "叫应名单" in text for _, text in self.texts[d])
        }  # who has the list already sees it grow
        if ladder["tell_leader"] is not None:
            must = self.owe(
                f"{n} tell_leader", "P2", at + 60 * ladder["tell_leader"], set(),
                lambda x: f"预警 {n} " in x and "仍有人未应答" in x, quiet, everyone=False,
            )  # fmt: skip
            must.readers = lambda: self.shifts.leaders(must.owed)
        self.owe(
            f"{n} overdue", "P2", at + 600, self.holder_now,
            lambda x: f"预警 {n} " in x and ("时限已到" in x or ("叫应名单" in x and "已过时限" in x)),
            lambda _t: call.over, marked=True,
        )  # fmt: skip

    def owe(
        self,
        name: str,
        promise: str,
        due: float,
        readers: set[int] | Callable[[], set[int]],
        sign: Callable[[str], bool],
        idle: Callable[[float], bool] = lambda _t: False,
        **more: Any,  # noqa: ANN401 - the fields of a Must
    ) -> Must:
        """From this moment on something has to be heard."""
        whom = readers if callable(readers) else (lambda: readers - self.cut_off)
        must = Must(name, promise, due, whom, sign, idle, owed=due, **more)
        self.musts.append(must)
        return must

    def owe_since(
        self,
        began: float,
        name: str,
        due: float,
        readers: Callable[[], set[int]],
        sign: Callable[[str], bool],
        idle: Callable[[float], bool] = lambda _t: False,
        **more: Any,  # noqa: ANN401 - the fields of a Must
    ) -> None:
        """Something has to be heard now, unless it was heard since it began."""
        must = self.owe(name, "P2", due, readers, sign, idle, early=False, born=began, clocked=False, **more)
        for one in self.world.heard:
            if one.at >= began and not one.edit and not one.popup:
                self._satisfies(must, one)

    def _opened(self, number: str, text: str, at: float) -> None:
        raw = next((raw for raw in self.reported if raw.removeprefix("首报 ") in text), None)
        received = re.search(r"接报 (\d\d):(\d\d):(\d\d)", text)
        if raw is None or received is None or number in self.cases:
            return
        case = self.cases[number] = Case(number, raw, at, drill=raw in self.drills.reported)
        self.kept.append(("SELECT count(*) FROM incidents WHERE raw = ?", raw.removeprefix("首报 ")))
        case.counts = {int(n) for n in re.findall(r"\d+", raw)} | self.guessed.get(number, set())
        clock = self.world.app.clock.now().astimezone(ZONE)
        got = clock.replace(
            hour=int(received[1]), minute=int(received[2]), second=int(received[3]), microsecond=0
        )
        since = re.search(r"已过 (?:(\d+)小时)?(?:(\d+)分)?", text[received.end() :])
        old = timedelta(hours=int(since[1] or 0), minutes=int(since[2] or 0)) if since else timedelta()
        got += timedelta(days=round((clock - old - got) / timedelta(days=1)))
        for lane, field_, allowed in (("电话", "phoned", (15, 30)), ("书面", "written", (30, 60))):
            due = re.search(rf"{lane}报告截止 (\d\d):(\d\d)", text)
            if due is None and number in self.guessed:
                setattr(case, field_, True)
                continue
            if due is None:
                raise Broken("P3", f"{number} shows no {lane} clock")
            minutes = (int(due[1]) * 60 + int(due[2]) - got.hour * 60 - got.minute) % 1440
            if minutes not in allowed:
                raise Broken("P3", f"{number}: {lane} is due {minutes} minutes after receipt")
            end = self.world.t + (got - clock).total_seconds() + 60 * minutes
            self._owe_lane(case, lane, field_, end)

    def _owe_lane(self, case: Case, lane: str, name: str, end: float) -> None:
        n = case.number

        def over(_t: float) -> bool:
            return bool(case.done or getattr(case, name))

        if end <= self.world.t and self.world.restarts:
            return  # by a clock that was set it was over before its card came
        for before in (3, 0):
            words = rf"事件 {n}\b[\s\S]*{lane}报告" + (r"还剩 [123] 分钟" if before else r"已到期")
            sign = re.compile(words)
            due = end - 60 * before
            if due > self.world.t:
                self.owe(
                    f"{n} {lane}-{before}", "P3", due, self.holder_now, _has(sign), over,
                    marked=not before, until=end if before else math.inf, countdown=True,
                )  # fmt: skip
        leaders = {p.account for p in self.street.named("带班领导") if self.can(p)}
        urge = re.compile(
            rf"事件 {n}\b[\s\S]*{lane}报告已到期[\s\S]*请督促|事件 {n}\b[\s\S]*{lane}报告已到期[\s\S]*等带班领导签发"
        )
        self.owe(
            f"{n} {lane} leader",
            "P3",
            end,
            leaders,
            lambda x: bool(urge.search(x)),
            over,
            everyone=False,
            countdown=True,
        )
        deputies = self.owe(
            f"{n} {lane} deputy", "P3", end + 300, set(), lambda x: bool(urge.search(x)), over, early=False, countdown=True
        )  # fmt: skip
        deputies.readers = lambda: self.shifts.deputies(deputies.owed)
        admins = {p.account for p in self.street.named("管理员") if self.can(p)}
        self.owe(
            f"{n} {lane} admin",
            "P3",
            end + 300,
            admins,
            lambda x: bool(urge.search(x)),
            over,
            everyone=False,
            countdown=True,
        )

    def _followed(self, case: Case, at: float) -> None:
        """A report went up, or there was nothing new: in half an hour the officer is asked for the next."""
        touched = case.touched
        words = re.compile(rf"事件 {case.number}\b[\s\S]*该续报了")

        def otherwise(_t: float) -> bool:
            return case.done or case.touched != touched

        if (
            not self.world.restarts or self.world.calm_from(at) == at
        ):  # else it may have been kept by another clock
            self.owe(
                f"{case.number} follow-up",
                "P3",
                at + 1800,
                self.holder_now,
                _has(words),
                otherwise,
                early=False,
                countdown=True,
            )

    def _changeover(self) -> None:
        """Tomorrow at 08:30: prompts to both before it, to leader and admin after it, while nobody has signed (P1)."""
        at, coming = CHANGEOVER, self.shifts.turn("officer", 1)

        def done(_t: float) -> bool:
            return self.changed_over or any(name not in self.unsigned for name in self.may_hold)

        def both() -> set[int]:
            who = self.street.by_account(self.account(coming.name))
            sure = coming.certain(self.world.t - 120) is not None and self.can(who)
            return self.holder_now() | ({self.account(coming.name)} if sure else set())

        left = re.compile(r"还有 (\d+) 分钟交接班（08:30）")
        for minutes, fewer in ((30, 10), (10, 0)):  # one that fell in an absence says what is left

            def told(text: str, most: int = minutes, least: int = fewer) -> bool:
                found = left.search(text)
                return found is not None and least < int(found[1]) <= most

            self.owe(
                f"changeover -{minutes}", "P1", at - 60 * minutes, both, told, done, until=at - 60 * fewer
            )
        now = re.compile(r"交接班时间到（08:30）")
        self.owe("changeover -0", "P1", at, both, _has(now), done)
        leaders = {p.account for p in self.street.named("带班领导")}
        admins = {p.account for p in self.street.named("管理员")}
        late = "08:30 的交接班还没有完成"
        self.owe("changeover leader", "P1", at + 600, leaders, lambda x: late in x, done, everyone=False)
        self.owe("changeover admin", "P1", at + 1800, admins, lambda x: late in x, done, everyone=False)

    def _satisfy(self, one: Heard) -> None:
        self._check_reminder(one)
        self._check_countdown(one)
        for must in self.musts:
            self._satisfies(must, one)

    def _satisfies(self, must: Must, one: Heard) -> None:
        if one.at < must.born or one.chat in must.heard or not must.sign(one.text):
            return
        if one.chat not in must.readers() and one.chat not in must.hearers():
            return
        if must.early and one.at < must.due - 2:
            if one.text.count("报告已到期") > 1 or "（迟 " in one.text:
                return  # another clock that ran out names this one beside it, or an earlier reminder comes late
            raise Broken("P3", f"{must.name} is said {must.due - one.at:.0f} s early")
        if one.at >= must.due - 2 or not must.early:
            must.heard[one.chat] = one.at
            self.world.counts[f"heard {must.what}"] += 1
            missed = must.marked and must.due + 70 < one.at
            # who had the text late is reminded in time after it; by a clock that was set nobody knows how long it waited
            away = " remind " not in must.name and not self.world.restarted(must.due, one.at)
            if missed and self.world.was_cut_off(must.due, one.at - 75, away=away):
                self.world.counts["heard late"] += 1
                if (
                    "迟 " not in one.text and "（已停用）" not in one.text
                ):  # a list for who is gone is a new one
                    raise Broken("P3", f"{must.name} is late and does not say so: {one.text[:60]}")

    def _check_reminder(self, one: Heard) -> None:
        """P2: who has answered for all their units is left alone."""
        found = re.match(r"⏰ .*预警 (W\d+) .*还没有您的应答", one.text)
        call = self.calls.get(found[1]) if found else None
        who = self.street.by_account(one.chat)
        if call is None or who is None:
            return
        own = [u for u, ab in call.targets.items() if who.name in [p.name for p in ab if p]]
        if (
            own
            and all(call.acked.get(u, 1e9) < one.at - 15 for u in own)
            and self.world.calm_from(one.at) == one.at
        ):
            raise Broken("P2", f"{who.name} has answered {call.number} and is reminded")

    def _check_countdown(self, one: Heard) -> None:
        """P3: minutes that are said to be left are left."""
        found = re.search(r"报告还剩 (\d+) 分钟（(\d\d):(\d\d) 到期）", one.text)
        if found is None:
            return
        at = local(one.at + self.world.ahead)
        left = (int(found[2]) * 60 + int(found[3]) - at.hour * 60 - at.minute) % 1440
        if left > 720 or left < int(found[1]) - 3:
            raise Broken("P3", f"{found[1]} minutes are said to be left: {one.text[:60]}")

    def _check_musts(self) -> None:
        left = []
        for must in self.musts:
            if must.owed > self.world.t:
                left.append(must)
                continue
            if must.idle(self.world.t):
                continue
            readers = must.readers()
            missing = readers - must.heard.keys()
            if not readers or not missing or (not must.everyone and missing != readers):
                continue
            if must.owed < self.since <= must.owed + 2 * GRACE and missing == {self.account(self.holder)}:
                continue  # it went to who had the watch then
            begin = self.world.calm_from(must.owed)
            if begin + 5 > must.until:
                continue
            if self.world.t <= begin + GRACE:
                left.append(must)
                continue
            names = [p.name for a in missing if (p := self.street.by_account(a))]
            raise Broken(
                must.promise, f"{must.name} was due {self.world.t - must.due:.0f} s ago, not heard by {names}"
            )
        self.musts = left

    # --- P1, P4, P6, P7 --------------------------------------------------------------------------------------

    def _on_watch(self) -> list[str]:
        held = "SELECT p.name FROM watches w JOIN people p ON p.id = w.person_id WHERE w.post = 'officer'"
        return [row[0] for row in self.world.rows(held)]

    def _check_watch(self) -> None:
        names = self._on_watch()
        if len(names) != 1:
            raise Broken("P1", f"{len(names)} people hold the watch")
        name = names[0]
        if name != self.watch:
            self._check_change(name)
        for other, at in list(self.may_hold.items()):
            if other != name and self.shifts.settled(at):  # what they did has not counted
                del self.may_hold[other]
                self.unsigned.discard(other)
        if name == self.holder:
            return
        if name not in self.may_hold:
            raise Broken("P1", f"{name} holds the watch, which nobody gave them; {self.holder} had it")
        if name not in self.unsigned and not self.signed_out:
            raise Broken("P1", f"{name} took the watch and {self.holder} had not signed")
        self._holds(name)

    def _check_change(self, name: str) -> None:
        """P7: each change of the watch stands in the log."""
        self.watch = name
        self.changes[name] += 1
        how = (
            "SELECT count(*) FROM log l LEFT JOIN people p ON p.id = l.person_id WHERE "
            "l.act = 'handover.forced' AND l.text LIKE ? || ':%' OR l.act IN ('handover.signed_in', 'cover') AND p.name = ?"
        )
        if self.world.rows(how, (name, name))[0][0] < self.changes[name]:
            raise Broken("P7", f"the watch went to {name} and the log does not say how")

    def _check_figures(self, text: str) -> None:
        """P5: a figure that stands was typed by somebody, and is never lower than the last."""
        for number, shown in re.findall(r"事件 (E\d+) · (?:处置中|已终报)[\s\S]*?受伤 (\d+)人", text):
            case = self.cases.get(number)
            if case is None:
                continue
            if int(shown) not in case.counts:
                raise Broken("P5", f"{number}: nobody said {shown}")
            if int(shown) < case.injured:
                raise Broken("P5", f"{number}: {case.injured} went down to {shown}, which nobody corrected")
            case.injured = int(shown)

    def _check_repeat(self, one: Heard) -> None:
        """P4: the same words twice say 重发, unless they are the answer to something typed twice."""
        said = self.texts[one.chat]
        same = [at for at, text in said if text == one.text]
        said.append((one.at, one.text))
        if not same or one.text.startswith("🔁") or WORD.match(one.text):
            return
        soon = one.at - same[-1] < 280 and not self.world.restarted(
            same[-1], one.at
        )  # it may think it was long away
        if ONCE.search(one.text) or (soon and len(same) > self.deeds[one.chat]):
            raise Broken("P4", f"said twice to {one.name} without a word: {one.text[:80]}")

    def _check_called(self, one: Heard) -> None:
        """P2: nobody is called about a warning that is over; only what was on its way may still come."""
        found = CALLED.search(one.text)
        number = re.search(r"预警 W(\d+) ·", one.text) if found else None
        calm = self.world.calm_from(one.at) == one.at and not self.world.restarts
        if number and calm and one.chat > 0:
            sql = "SELECT ended_at FROM bulletins WHERE id = ? AND state <> 'live'"
            for (ended,) in self.world.rows(sql, (number[1],)):
                if ended is not None and ended < self.world.micros(one.at - GRACE):
                    raise Broken("P2", f"W{number[1]} is over and {one.name} is called: {one.text[:60]}")

    def _check_log(self) -> None:
        """P6: every new line of the log was done by somebody who may; P7: it continues the chain."""
        rows = self.world.rows(
            "SELECT l.seq, l.at, l.room_id, l.person_id, l.act, l.subject, l.text, l.data, l.previous, l.hash, p.name "
            "FROM log l LEFT JOIN people p ON p.id = l.person_id WHERE l.seq > ? ORDER BY l.seq",
            (self.seq,),
        )
        for seq, at, room, person, act, subject, text, data, previous, digest, name in rows:
            if seq != self.seq + 1 or previous != self.hash:
                raise Broken("P7", f"entry {seq} does not follow entry {self.seq}")
            when = datetime.fromtimestamp(at // 1_000_000, UTC) + timedelta(microseconds=at % 1_000_000)
            fields = [previous, seq, when.isoformat(), room, person, act, subject, text, data]
            packed = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
            if hashlib.sha256(packed.encode()).hexdigest() != digest:
                raise Broken("P7", f"the hash of entry {seq} is not that of its words")
            self.seq, self.hash = seq, digest
            if wrong := self.staff.logged_act(act, name, text):
                raise Broken("P6", wrong)
            self._check_deed(act, name, subject)

    def _check_acks(self) -> None:
        """P6: an answer stands only where somebody did what may be one, to the bot itself."""
        rows = self.world.rows(
            "SELECT 'W' || c.bulletin_id, u.name FROM contacts c JOIN units u ON u.id = c.unit_id WHERE c.acked_at IS NOT NULL"
        )
        for number, unit in rows:
            call = self.calls.get(number)
            if call is not None and call.targets and unit not in call.acked and unit not in call.perhaps:
                raise Broken("P6", f"{unit} has answered {number} by nobody's deed")

    def _check_deed(self, act: str, name: str | None, subject: str) -> None:
        if act not in ROLES or name is None:
            return
        self.world.counts[f"did {act}"] += 1
        theirs = [p for p in (*self.street.people, *self.street.gone) if p.name == name]
        if not any(p.role in ROLES[act] for p in theirs):
            raise Broken("P6", f"{name} ({theirs[0].role}) did {act} on {subject}")
        if theirs and not any(self.deeds[p.account] for p in theirs):
            raise Broken("P6", f"{name} did {act} on {subject} without lifting a finger")

    def check_kept(self) -> None:
        """P4: what was confirmed stands in the file, once; P2: who was silent to the end was named to somebody."""
        if wrong := self.group.check():
            raise Broken("P6", wrong)
        if wrong := self.drills.check():
            raise Broken("P5", wrong)
        for sql, value in self.kept:
            found = self.world.rows(sql, (value,))[0][0]
            if found != 1:
                raise Broken("P4", f"confirmed and kept {found} times: {value[:60]}")
        vanished = "SELECT kind, subject FROM outbox WHERE state = 'dropped' AND coalesce(error, '') = ''"
        for kind, subject in self.world.rows(vanished):
            raise Broken("P4", f"{kind} of {subject} was promised, never arrived, and nothing says why")
        for raw, at in self.reported.items():
            sql = "SELECT count(*) FROM incidents WHERE raw = ?"
            found = self.world.rows(sql, (raw.removeprefix("首报 "),))[0][0]
            if found > 1 or (not found and self.world.calm_from(at) + GRACE < self.world.t):
                raise Broken("P4", f"typed once and kept {found} times: {raw[:60]}")


def _moved(must: Must, by: Restart) -> None:
    """Reckon with a set clock; what was due already and was not heard may have been acted on, or not."""
    later = by.countdown if must.countdown else by.later
    must.owed = max(by.at, must.due + later)
    if must.due > by.died:
        must.due += later
    else:
        must.due = min(must.due, must.due + later)
        must.owed = max(must.owed, by.at)
    must.until += later


def _has(sign: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(sign.search(text))


def local(t: float) -> datetime:
    """Return the room's time at a moment of the world."""
    return (START + timedelta(seconds=t)).astimezone(ZONE)

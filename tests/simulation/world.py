"""The world around the duty room: a street of random shape, a moody Telegram, a machine that dies, a clock that jumps.

The process is the real one, as the stories have it: handlers, actions, storage, outbox, due loop. Its network, its
clock and its database driver are ours. Left out: printing Word files and backups, which have tests of their own.
"""

import asyncio
import json
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData

from actions import prints, sheet
from bot import app
from bot.app import App
from bot.clock import STEP, Clock
from bot.telegram import raw_updates
from config.settings import Settings
from handlers.process import lend, lent
from localchat.api import BotApi
from storage.database import Database
from storage.migrate import migrate
from tests.localchat.in_process import NoSocket

from .inline import InlineDatabase, Killed, Life, live

if TYPE_CHECKING:
    from .gateways import Gateway

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 7, 25, 9, 0, tzinfo=ZONE)
SOON = 3.1
"""Seconds: what goes within this is waited for before people look again."""
AUDIT = 600.0
SENDINGS = (
    "SELECT min(not_before) FROM outbox WHERE state = 'pending' UNION ALL "
    "SELECT min(edited_at) + ? FROM cards WHERE dirty_at IS NOT NULL"
)
"""When the next message may go, and when the next card may be edited (the gap between edits is given)."""
TEXTS = "SELECT min(not_before) FROM outbox WHERE state = 'pending' AND kind LIKE 'channel.%'"
"""When the next text message may go, which asks nothing of Telegram."""
SHM = Path("/dev/shm")  # noqa: S108 - memory, where there is some: fsync costs nothing there


@dataclass(frozen=True)
class Person:
    """Somebody of the street; `account` 0 has no Telegram."""

    name: str
    role: str
    unit: str
    ab: str
    account: int
    phone: str


@dataclass
class Street:
    """Who is there: office, units with their A and B, who is on which day."""

    people: list[Person]
    units: dict[str, tuple[str, str]]
    """Level and parent of each village and grid."""
    roster: list[dict[str, str]]
    """Post to name, by day; the first day is yesterday's shift."""
    gone: list[Person] = field(default_factory=list)
    """Whose access was taken: strangers with a name."""

    def named(self, role: str) -> list[Person]:
        """Return everybody of a role."""
        return [p for p in self.people if p.role == role]

    def holder(self, unit: str, ab: str) -> Person | None:
        """Return who answers for a unit in this role."""
        return next((p for p in self.people if p.unit == unit and p.ab == ab), None)

    def account(self, name: str) -> int:
        """Return a person's account, also of somebody who is gone."""
        return self.known(name).account

    def known(self, name: str) -> Person:
        """Return who is called so, also somebody who is gone."""
        return next(p for p in (*self.people, *self.gone) if p.name == name)

    def by_account(self, account: int) -> Person | None:
        """Return whose account it is."""
        return next((p for p in self.people if p.account == account), None)


PEOPLE_HEADER = ("单位", "上级单位", "层级", "角色", "AB角", "姓名", "职务", "电话", "telegram_id")
ROSTER_HEADER = ("日期", "带班领导", "值班员(主班)", "副班")
STREET = "沽水街道"
SUPERIOR = "区总值班室"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "建海丽伟敏静强磊洋艳勇军杰娟涛超明霞平刚玲桂"


def build_street(dice: random.Random) -> Street:
    """Return a street of random shape: empty B-roles, people without an account, one person for two units."""
    names = [a + b + c for a in SURNAMES for b in GIVEN[:6] for c in GIVEN[6:12]]
    dice.shuffle(names)
    people: list[Person] = []

    def person(role: str, unit: str = STREET, ab: str = "", chance_bound: float = 1.0) -> Person:
        number = len(people) + 1
        account = 10_000 + number if dice.random() < chance_bound else 0
        one = Person(names[number], role, unit, ab, account, f"138000{number:05}")
        people.append(one)
        return one

    for role, count in (("值班员", 4), ("带班领导", 3), ("副班", 2), ("管理员", 1)):
        for _ in range(count):
            person(role)
    person("上级值班室", SUPERIOR)
    units: dict[str, tuple[str, str]] = {}
    for v in range(dice.randint(2, 4)):
        village = f"{'东西南北'[v]}{dice.choice('柳桥苇河')}村"
        units[village] = ("village", STREET)
        a = person("责任人", village, "A", 0.95)
        if dice.random() < 0.8:
            person("责任人", village, "B", 0.9)
        person("信息报告员", village)
        for g in range(dice.randint(0, 3)):
            grid = f"{village}{'一二三'[g]}网格"
            units[grid] = ("grid", village)
            if dice.random() < 0.1 and a.account:
                people.append(Person(a.name, "责任人", grid, "A", a.account, a.phone))
            else:
                person("责任人", grid, "A", 0.92)
            if dice.random() < 0.4:
                person("责任人", grid, "B", 0.95)
    order = {post: dice.sample([p.name for p in people if p.role == post], k=2 if post == "副班" else 3)
             for post in ("带班领导", "值班员", "副班")}  # fmt: skip
    days = [{post: some[day % len(some)] for post, some in order.items()} for day in range(4)]
    return Street(people, units, days)


def people_rows(street: Street) -> list[tuple[str, ...]]:
    """Return the people sheet as the office has it."""
    level = {"village": "村", "grid": "网格"}
    rows: list[tuple[str, ...]] = [PEOPLE_HEADER]
    for p in street.people:
        kind, parent = street.units.get(p.unit, ("street", ""))
        word = level.get(kind, "上级" if p.unit == SUPERIOR else "街道")
        account = str(p.account) if p.account else ""
        rows.append((p.unit, parent, word, p.role, p.ab, p.name, "干部", p.phone, account))
    return rows


def roster_rows(street: Street) -> list[tuple[str, ...]]:
    """Return the roster from yesterday on."""
    first = START.date() - timedelta(days=1)
    return [
        ROSTER_HEADER,
        *(
            (str(first + timedelta(days=n)), day["带班领导"], day["值班员"], day["副班"])
            for n, day in enumerate(street.roster)
        ),
    ]


class SimClock(Clock):
    """A process's clock over the machine's: the machine's is set, the process goes on by elapsed time until restarted."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._at = world.t
        self._wall = START + timedelta(seconds=world.t + world.skew)
        self._reported = timedelta()

    def now(self) -> datetime:
        """Return the process's time."""
        return self._wall + timedelta(seconds=self._world.t - self._at)

    def monotonic(self) -> float:
        """Return elapsed seconds."""
        return self._world.t

    def step(self) -> timedelta | None:
        """Return by how much the machine's clock was set since the last call."""
        drift = START + timedelta(seconds=self._world.t + self._world.skew) - self.now()
        if abs(drift - self._reported) <= STEP:
            return None
        step, self._reported = drift - self._reported, drift
        return step


@dataclass(frozen=True)
class Heard:
    """What somebody saw: a message, an edit of one, or a pop-up (message 0)."""

    at: float
    chat: int
    message: int
    name: str
    text: str
    edit: bool = False
    popup: bool = False


@dataclass
class Weather:
    """How Telegram is: chances per request, or away for everything."""

    flood: float = 0.0
    broken: float = 0.0
    lost: float = 0.0
    slow: float = 0.0
    away: bool = False

    @property
    def fair(self) -> bool:
        """Return True if every request is answered."""
        return not (self.away or self.flood or self.broken or self.lost)


class Wire(NoSocket):
    """The network between one process and Telegram."""

    def __init__(self, world: "World", life: Life) -> None:
        self._world, self._life = world, life

    async def answer(self, url: str, data: RequestData | None) -> tuple[int, bytes]:
        """Answer one request as the weather is."""
        path = unquote(urlsplit(url).path)
        self._life.on_the_wire()
        if path.startswith("/file/"):
            return self._world.file(path.removeprefix(f"/file/bot{self._world.api.token}/"))
        params = dict(data.json_parameters) if data else {}
        status, reply = await self._world.request(path.rpartition("/")[2], params)
        self._life.on_the_wire()
        return status, json.dumps(reply).encode()


@dataclass(frozen=True)
class Restart:
    """A process that began with a clock set since the one before: what has not fallen due falls later by so much."""

    at: float
    died: float
    heard: int
    """How much had been heard before."""
    later: float
    """Seconds; below 0 sooner."""
    countdown: float
    """The same of what counts down: a process that finds its clock behind leaves it the time it had."""


class World:
    """One room, its people's Telegram, its machine."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.dice = random.Random(f"world {seed}")
        self.street = build_street(self.dice)
        self.names = {p.account: p.name for p in self.street.people if p.account}
        """Whose account it was in the morning."""
        self.t = 0.0
        self.skew = 0.0
        self.weather = Weather()
        self.api = BotApi(lambda: START.timestamp() + self.t)
        self.heard: list[Heard] = []
        self.counts: Counter[str] = Counter()
        self.folder = folder
        self.offset = 0
        self.up = False
        self.troubles: list[list[float]] = []
        """From when to when something was wrong; what was put off meanwhile may take a minute more."""
        self.downs: list[list[float]] = []
        """From when to when no process ran."""
        self.outages: list[list[float]] = []
        """From when to when Telegram was away."""
        self.restarts: list[Restart] = []
        """When processes began with a clock that had been set."""
        self.ahead = 0.0
        """By how many seconds the running process's clock is ahead of the true time."""
        self._next_audit = 0.0
        self._next_try = 0.0
        self._calendar = 0.0
        self.life = Life()
        self.app: App
        self.gateway: Gateway | None = None
        """By which text messages go."""

    # --- the machine --------------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Lay the street in and start the process."""
        self.database = database = self.folder / "dutyroom.sqlite3"
        shutil.copy(await migrated(), database)
        rules = self.folder / "rules.toml"
        rules.write_text("", "utf-8")
        self.settings = Settings(
            data=self.folder,
            telegram_token=SecretStr(self.api.token),
            rules=rules,
            converter="-",
            database_url=f"sqlite+aiosqlite:///{database.as_posix()}",
            _env_file=None,
        )
        self.eye = sqlite3.connect(database, isolation_level=None)
        for p in self.street.people:
            if p.account:
                self.api.add_account(p.account, p.name)
        await self.boot()
        async with self.app.db.write() as tx:
            for rows in (people_rows(self.street), roster_rows(self.street)):
                read = await sheet.understand(tx, self.app.clock.now(), tuple(rows))
                assert read is not None
                assert read["errors"] == [], read["errors"]
                await sheet.lay_in(tx, self.app.clock.now(), None, "街道", read)
        await self.settle()

    async def boot(self) -> None:
        """Start a process on the file as it is."""
        self.life = life = Life()
        wire = Wire(self, life)
        bot = Bot(
            self.api.token,
            base_url="http://local/bot",
            base_file_url="http://local/file/bot",
            request=wire,
            get_updates_request=wire,
        )
        live(life, str(self.database))
        seam = vars(app)
        before, seam["Database"] = seam["Database"], InlineDatabase
        try:
            self.app = App(self.settings, SimClock(self), bot)
        finally:
            seam["Database"] = before
        if self.gateway is not None:
            self.gateway.lend(self.app, life)
        lend(replace(lent(), print=self._printed))  # Word files have tests of their own
        self.offset = 0
        await self._alive(self._open())

    async def _open(self) -> None:
        if self.skew != self.ahead:
            self._begins_anew(self.ahead - self.skew)
        await self.app.open()
        row = self.eye.execute("SELECT max(update_id) FROM inbox").fetchone()
        self.offset = (row[0] or -1) + 1
        self.up = True

    def _begins_anew(self, later: float) -> None:
        """Note by how much what stands in the file falls later now, or sooner."""
        self.counts["restarts with a set clock"] += 1
        row = self.eye.execute("SELECT value FROM facts WHERE name = 'alive'").fetchone()
        behind = 0.0
        if row is not None:
            behind = (datetime.fromisoformat(row[0]) - self.app.clock.now()).total_seconds()
        died = self.downs[-1][0] if self.downs else self.t
        countdown = later - behind if behind > 60 else later
        self.restarts.append(Restart(self.t, died, len(self.heard), later, countdown))
        self.ahead = self.skew

    async def _printed(self, subject: str) -> None:
        async with self.app.db.write() as tx:
            await prints.done(tx, self.app.clock.now(), subject)

    async def _alive(self, work: Awaitable[Any]) -> bool:
        """Let the process do something; False if it was killed meanwhile."""
        try:
            await work
        except Killed:
            self.counts["kills inside"] += 1
            await self.die()
            return False
        return True

    async def die(self) -> None:
        """The process is gone, between two commits or in the middle of something."""
        self.counts["kills"] += 1
        if self.up:
            self.downs.append([self.t, 1e9])
        self.up = False
        self._begin_trouble()
        self.life.bury()
        tasks = [*self.app.inbox._tasks, *self.app.jobs]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def kill(self) -> None:
        """Kill the process between two commits."""
        if self.up and await self._alive(self._look_around()):
            await self.die()

    def arm(self, fuse: int) -> None:
        """Let the process die after so many more statements and requests."""
        if self.up:
            self.life.fuse = fuse
            self._begin_trouble()

    def arm_wire(self, requests: int) -> None:
        """Let the process die on the wire, after so many more comings and goings."""
        if self.up:
            self.life.wire = requests
            self._begin_trouble()

    async def wake(self) -> None:
        """Start the process anew, if it is down; one that was to die lives on."""
        self.life.fuse = self.life.wire = None
        while not self.up:
            await self.boot()
        if self.downs:
            self.downs[-1][1] = min(self.downs[-1][1], self.t)
        self._end_trouble(2.0)
        await self.settle()

    def jump(self, seconds: float) -> None:
        """Somebody sets the machine's clock."""
        self.counts["clock set"] += 1
        self.skew += seconds

    def storms(self, weather: Weather) -> None:
        """Telegram becomes moody or goes away."""
        self._turns(weather)
        self._begin_trouble()

    async def clears(self) -> None:
        """Telegram is well again."""
        self._turns(Weather())
        self._end_trouble(65.0)
        await self.settle()

    def _turns(self, weather: Weather) -> None:
        if self.weather.away:
            self.outages[-1][1] = self.t
        self.weather = weather
        if weather.away:
            self.outages.append([self.t, 1e9])

    def _begin_trouble(self) -> None:
        if not self.troubles or self.troubles[-1][1] < self.t:
            self.troubles.append([self.t, 1e9])
        self.troubles[-1][1] = 1e9

    def _end_trouble(self, more: float) -> None:
        if self.troubles and self.up and self.weather.fair and self.life.fuse is self.life.wire is None:
            end = self.t + more
            self.troubles[-1][1] = end if self.troubles[-1][1] >= 1e9 else max(end, self.troubles[-1][1])

    def calm_from(self, t: float) -> float:
        """Return the first moment from `t` on at which nothing is wrong, nor was shortly before."""
        for begin, end in self.troubles:
            if begin <= t + 12 and end > t - 65:
                t = max(t, end)
        return t

    def was_cut_off(self, begin: float, end: float, *, away: bool) -> bool:
        """Return True if no process ran, or (`away`) Telegram was away, in all of this time."""
        spans = [*self.downs, *(self.outages if away else ())]
        return any(a < begin - 1 and b >= end for a, b in spans)

    def restarted(self, begin: float, end: float) -> bool:
        """Return True if a process began with a set clock within this time."""
        return any(begin <= one.at <= end for one in self.restarts)

    async def close(self) -> None:
        """End the day."""
        if self.up:
            await self.app.close()
        self.life.bury()
        self.eye.close()

    # --- Telegram -----------------------------------------------------------------------------------------

    async def request(self, name: str, params: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer one request of the process."""
        if self.weather.away:
            raise NetworkError("away") from httpx.ConnectError("away")
        if name.lower() in ("getupdates", "getme"):
            return await self.api.call(self.api.token, name, params)
        self.counts["requests"] += 1
        luck = self.dice.random()
        if luck < self.weather.flood:
            self.counts["429"] += 1
            wait = self.dice.randint(1, 20)
            return 429, {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {wait}",
                         "parameters": {"retry_after": wait}}  # fmt: skip
        if (luck := luck - self.weather.flood) < self.weather.broken:
            self.counts["5xx"] += 1
            return 502, {"ok": False, "error_code": 502, "description": "Bad Gateway"}
        status, reply = await self.api.call(self.api.token, name, params)
        if status == 200:
            self._hear(name, params, reply["result"])
        self.counts[str(status)] += 1
        if (luck := luck - self.weather.broken) < self.weather.lost:
            self.counts["lost replies"] += 1
            raise TimedOut
        if luck - self.weather.lost < self.weather.slow:
            self.counts["slow"] += 1
            self.t += self.dice.uniform(0.2, 4.0)
        return status, reply

    def file(self, path: str) -> tuple[int, bytes]:
        """Answer the download of a file."""
        if self.weather.away:
            raise NetworkError("away") from httpx.ConnectError("away")
        self.counts["downloads"] += 1
        return self.api.download(self.api.token, path)

    def _hear(self, name: str, params: dict[str, Any], result: Any) -> None:  # noqa: ANN401 - a JSON value
        if name == "answerCallbackQuery":
            if params.get("text"):
                query = self.api.queries[str(params["callback_query_id"])]
                who = query.account_id
                self.heard.append(Heard(self.t, who, 0, self._name(who), params["text"], popup=True))
        elif isinstance(result, dict) and "text" in result:
            self.counts["messages" if name == "sendMessage" else "edits"] += 1
            self.heard.append(
                Heard(
                    self.t,
                    int(params["chat_id"]),
                    result["message_id"],
                    self._name(int(params["chat_id"])),
                    result["text"],
                    edit=name != "sendMessage",
                )
            )

    def _name(self, account: int) -> str:
        who = self.street.by_account(account)
        return who.name if who else self.names.get(account, str(account))

    # --- time ---------------------------------------------------------------------------------------------

    def _due(self) -> float:
        """Return in how many seconds the process has something to do by itself, as the rows say."""
        gap = self.app.outbox.card_gap.total_seconds() * 1e6
        rows = self.eye.execute(SENDINGS, (gap,)).fetchall() if not self.weather.away else []
        rows += self.eye.execute("SELECT min(due_at) FROM deadlines WHERE done_at IS NULL").fetchall()
        if self.weather.away and self.gateway is not None and self.gateway.used:
            rows += self.eye.execute(TEXTS).fetchall()
        found = [row[0] for row in rows if row[0] is not None]
        if not found:
            return 1e9
        return float(min(found) / 1e6 - self.app.clock.now().timestamp())

    async def advance(self, until: float) -> None:
        """Let time pass; what falls due on the way is done at its moment."""
        while self.t < until:
            if not self.up:
                self.t = until
                return
            ahead = max(0.02, self._due())
            calendar = self._next_calendar()
            target = min(until, self.t + ahead, calendar)
            self.t = max(self.t, target)
            if target == calendar:
                await self._alive(self._daily())
            await self.settle()

    def _next_calendar(self) -> float:
        """Return the next full hour at which the calendar has something."""
        now = (START + timedelta(seconds=self._calendar)).astimezone(ZONE)
        days = (now + timedelta(days=d) for d in (0, 1))
        times = [day.replace(hour=h, minute=0, second=0, microsecond=0) for day in days for h in (8, 9, 17)]
        return min((t - START).total_seconds() for t in times if t > now)

    async def _daily(self) -> None:
        self._calendar = self.t
        hour = (START + timedelta(seconds=self.t)).astimezone(ZONE).hour
        jobs: dict[int, Callable[[], Awaitable[None]]] = {
            8: self.app.post_head,
            9: self.app.gap_check,
            17: self.app.nil_report,
        }
        if hour in jobs:
            await jobs[hour]()

    async def settle(self) -> None:
        """Let the process do all it can do at this moment."""
        if self.up:
            await self._alive(self._settle())

    async def _settle(self) -> None:
        process = self.app
        for _ in range(500):
            moved = await self._take()
            if moved:
                await process.inbox.work()
            files = process.inbox._unprepared
            if moved or files:
                await process.inbox.prepared()
            if files:
                moved += await process.inbox.work()
            if process.jobs:
                await asyncio.gather(*process.jobs)
            if self._overdue():
                moved += await process.clockwork.run_due()
            moved += await self._text()
            moved += await self._send()
            if not moved:
                break
        if self.t >= self._next_audit:
            await self._look_around()

    async def _look_around(self) -> None:
        """Do what the process does once a minute; in the simulation every ten, and before each kill."""
        self._next_audit = self.t + AUDIT
        if step := self.app.clock.step():
            await self.app._stepped(step)
        await self.app.clockwork.audit()
        await self.app.watch_telegram()
        await self._send()

    def _overdue(self) -> bool:
        now = int(self.app.clock.now().timestamp() * 1e6)
        sql = "SELECT 1 FROM deadlines WHERE done_at IS NULL AND due_at <= ? LIMIT 1"
        return self.eye.execute(sql, (now,)).fetchone() is not None

    async def _send(self) -> int:
        total = 0
        for _ in range(400):
            wait = self._to_send()
            if wait > SOON:
                break
            self._next_try = self.t + 300
            sent = await self.app.outbox.pump() + await self._text()
            total += sent
            if not sent:
                free = self.app.outbox.limiter.next_free(self.t)
                self.t += max(wait, 0.05) if wait > 0 else max(0.05, min(1.0, free))
        return total

    async def _text(self) -> int:
        return await self.app.channels.pump() if self.gateway is not None and self.gateway.used else 0

    def _to_send(self) -> float:
        """Return in how many seconds something may go out; while Telegram is away it is tried now and then."""
        if self.weather.away and self.t < self._next_try:
            return 1e9
        gap = self.app.outbox.card_gap.total_seconds() * 1e6
        rows = self.eye.execute(SENDINGS, (gap,)).fetchall()
        found = [row[0] for row in rows if row[0] is not None]
        return float(min(found) / 1e6 - self.app.clock.now().timestamp()) if found else 1e9

    async def _take(self) -> int:
        if not self.api.updates.pending():
            return 0
        try:
            updates = await raw_updates(self.app.outbox.bot, self.offset, wait=0)
        except TelegramError:
            return 0
        if updates:
            await self.app.inbox.take(updates)
            self.offset = updates[-1]["update_id"] + 1
        return len(updates)

    # --- people -------------------------------------------------------------------------------------------

    def types(self, account: int, text: str, chat: int | None = None) -> bool:
        """A person types, to the bot or in a group; False if they have blocked the bot, or the group is gone."""
        try:
            self.api.post(account, text, chat)
        except ValueError:
            return False
        self.counts["texts"] += 1
        return True

    async def answers(self, token: str, act: str) -> None:
        """A person answers on the page behind a link; a process that dies meanwhile shows nothing."""
        if self.up and self.gateway is not None:
            await self._alive(self.gateway.answers(token, act))

    def sends(self, account: int, name: str, data: bytes) -> None:
        """A person sends a file."""
        self.api.post_document(account, name, data)
        self.counts["files"] += 1

    def newcomer(self, unit: str) -> Person:
        """Return somebody new, with an account, who is to answer for a unit."""
        number = len(self.street.people) + 1
        one = Person(
            f"新人{'甲乙丙丁戊己庚辛'[number % 8]}{number}",
            "责任人",
            unit,
            "A",
            10_000 + number,
            f"138000{number:05}",
        )
        self.api.add_account(one.account, one.name)
        return one

    def clock_of(self, t: float) -> int:
        """Return the seconds of the day that the running process's clock shows at a moment."""
        at = (START + timedelta(seconds=t + self.ahead)).astimezone(ZONE)
        return at.hour * 3600 + at.minute * 60 + at.second

    @staticmethod
    def micros(t: float) -> int:
        """Return a moment as the database writes it, where no clock was set."""
        return int((START.timestamp() + t) * 1e6)

    def shift_of(self, post: str, t: float) -> int | None:
        """Return the number of the shift that runs at a moment, as 我的班 shows it."""
        at = self.micros(t)
        sql = "SELECT id FROM shifts WHERE post = ? AND state = 'planned' AND starts_at <= ? AND ends_at > ?"
        found = self.eye.execute(sql, (post, at, at)).fetchone()
        return found[0] if found else None

    def buttons(self, account: int) -> list[tuple[int, str, str, str]]:
        """Return every button this person sees, oldest first: message, word, data, the message's text."""
        return [
            (number, button["text"], button["callback_data"], kept.body.get("text", ""))
            for number, kept in self.api.chats.get(account, {}).items()
            for row in kept.body.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if "callback_data" in button
        ]

    def newest(self, account: int, word: str) -> tuple[int, str, str, str] | None:
        """Return the newest button whose word begins so."""
        fit = [button for button in self.buttons(account) if button[1].startswith(word)]
        return fit[-1] if fit else None

    def presses(self, account: int, message: int, data: str, chat: int | None = None) -> bool:
        """A person presses a button, or sends what one would."""
        try:
            self.api.press_stale(account, message, data, chat)
        except (ValueError, LookupError):
            return False
        self.counts["presses"] += 1
        return True

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """Return what the file holds, read beside the process."""
        return self.eye.execute(sql, values).fetchall()


@cache
def _shelf() -> Path:
    return Path(mkdtemp())


async def migrated() -> Path:
    """Return a migrated, empty database, made once per test process."""
    made = _shelf() / "empty.sqlite3"
    if not made.exists():
        path = _shelf() / "making.sqlite3"
        db = Database(f"sqlite+aiosqlite:///{path.as_posix()}", ZONE)
        await migrate(db, START, _shelf())
        await db.close()
        path.rename(made)
    return made

"""The demo: a local chat, the synthetic street and the real bot in one process, on this machine only."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from actions import sheet
from bot.app import App, take_lock
from bot.cli import Refusal, _stop_on_signals
from bot.clock import Clock
from bot.pages import pages_of
from config.demo import demo_people_rows, demo_roster_rows
from config.settings import Settings
from domain.actor import Actor
from domain.people import Role
from handlers.identity import set_web_url
from localchat.api import BotApi
from localchat.server import Running, serve
from localchat.store import Store
from storage import people
from storage.database import Database
from storage.migrate import migrate
from web.pages import serve as serve_pages

TOKEN = "100001:local-demo-token"  # noqa: S105 - the local chat's own, worth nothing elsewhere
DAYS = 45
GREETED = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.SUPERIOR, Role.ADMIN)
LABELS = (
    (Role.OFFICER, "值班员"),
    (Role.LEADER, "带班领导"),
    (Role.SUPERIOR, "上级值班室"),
    (Role.ADMIN, "管理员"),
    (Role.DEPUTY, "副班"),
)


def reset(data: Path) -> None:
    """Forget the demo's data."""
    shutil.rmtree(data, ignore_errors=True)


def rows(table: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """Return a table as the sheet reader gives it."""
    return tuple(tuple(row) for row in table)


async def lay_street(db: Database, clock: Clock, zone: ZoneInfo) -> None:
    """Import the synthetic street and a roster around today, the way an admin would."""
    now = clock.now()
    today: date = now.astimezone(zone).date()
    async with db.write() as tx:
        for table in (demo_people_rows(), demo_roster_rows(today - timedelta(days=1), DAYS)):
            read = await sheet.understand(tx, now, rows(table))
            if read is None or read["errors"]:
                raise ValueError(f"the synthetic street does not read: {read and read['errors'][:3]}")
            await sheet.lay_in(tx, now, None, "沽水街道（演示）", read)


def label(who: Actor) -> str:
    """Return under which heading the chat page lists a person."""
    for role, word in LABELS:
        if who.has(role):
            return word
    for post in who.posts:
        if post.role is Role.CONTACT:
            level = "网格员" if "网格" in post.unit else "村（社区）"
            return f"{level} {post.ab or 'A'}角"
    return "信息报告员" if who.has(Role.REPORTER) else "其他"


async def introduce(api: BotApi, db: Database) -> None:
    """Make the street's people known to the local chat."""
    async with db.read() as tx:
        everybody = await people.everybody(tx)
    for who in everybody:
        if who.telegram_id is not None and who.telegram_id not in api.accounts:
            where = f"{who.posts[0].unit} {who.title}".strip() if who.posts else who.title
            api.add_account(who.telegram_id, who.name, group=label(who), label=where, started=True)
            if who.has(*GREETED):
                api.start(who.telegram_id)  # the home card with its keyboard stands there when the page opens


async def demo(settings: Settings, data: Path, port: int) -> int:
    """Run the demo until it is told to stop; a second run continues from the data."""
    data.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    chat = await _chat(data, port)
    settings = settings.model_copy(
        update={
            "data": data,
            "database_url": "",
            "telegram_token": SecretStr(TOKEN),
            "telegram_api": chat.url,
            "heartbeat_url": None,  # the office's own, if this checkout has one, is not a demo's to ask for
        }
    )
    lock = take_lock(settings, clock)
    app = App(settings, clock)
    _stop_on_signals(app.stop)
    await migrate(app.db, clock.now(), app.backups)
    async with app.db.read() as tx:
        empty = await people.count(tx) == 0
    if empty:
        await lay_street(app.db, clock, settings.zone)
    await introduce(chat.api, app.db)
    pages = await serve_pages(pages_of(app), "127.0.0.1", 0)
    set_web_url(f"http://127.0.0.1:{pages.addresses[0][1]}")
    await app.open()
    print(
        f"\n  值班室演示：{chat.url}\n  在页面上选一个人，打字或点按钮。按 Ctrl-C 停止；再次 make demo 接着用。\n",
        flush=True,
    )
    try:
        await app.run()
    finally:
        await pages.cleanup()
        await app.close()
        await chat.stop()
        lock.release()
    return 0


async def _chat(data: Path, port: int) -> "Chat":
    store = Store(data / "localchat.sqlite3")
    api = BotApi(Clock().wall, token=TOKEN, store=store)
    try:
        running = await serve(api, "127.0.0.1", port)
    except OSError as error:
        raise Refusal(f"端口 {port} 已被占用，例如：python -m bot demo --port {port + 1}") from error
    return Chat(api, running)


class Chat:
    """The local chat that listens."""

    def __init__(self, api: BotApi, running: Running) -> None:
        self.api, self._running, self.url = api, running, running.url

    async def stop(self) -> None:
        """Stop it."""
        await self._running.stop()

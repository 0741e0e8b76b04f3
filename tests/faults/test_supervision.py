"""What the outside hears of the process: systemd's socket, the heartbeat, Telegram's clock, a small log."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from pydantic import SecretStr

from bot import logs, notify
from bot.app import App
from bot.heartbeat import Heartbeat
from bot.pulse import Pulse
from bot.telegram import make_bot, read_date
from config.settings import Settings, load_settings
from localchat.api import BotApi
from localchat.server import serve
from tests.localchat.in_process import in_process_bot
from tests.stories.room import StoryClock

NOW = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)


# --- systemd ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("abstract", [False, True], ids=["path", "abstract"])
def test_systemd_is_told_by_a_datagram(tmp_path: Path, *, abstract: bool) -> None:
    name = f"@dutyroom-{tmp_path.name}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind("\0" + name[1:] if abstract else name)
        supervisor.settimeout(1)
        assert notify.tell(notify.READY, {"NOTIFY_SOCKET": name})
        assert supervisor.recv(100) == b"READY=1"


def test_without_a_supervisor_or_with_a_dead_one_duty_goes_on(tmp_path: Path) -> None:
    assert not notify.tell(notify.READY, {})
    assert not notify.tell(notify.ALIVE, {"NOTIFY_SOCKET": str(tmp_path / "nobody")})


def test_a_loop_that_stands_still_is_named_and_an_unbegun_one_is_not() -> None:
    t = 0.0
    pulse = Pulse(lambda: t)
    for loop in ("outbox", "poll", "connect"):
        pulse.turned(loop)
    pulse.ended("connect")
    t = 61.0
    assert pulse.stuck() == ["outbox"]
    t = 121.0
    assert pulse.stuck() == ["outbox", "poll"]
    pulse.turned("outbox")
    assert pulse.stuck() == ["poll"]


async def test_the_watchdog_is_fed_by_the_clockwork_only_while_every_loop_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = StoryClock(NOW)
    api = BotApi(clock.wall)
    settings = Settings(data=tmp_path, telegram_token=SecretStr(api.token), _env_file=None)
    app = App(settings, clock, in_process_bot(api))
    await app.open()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        async def clockwork_turns_once() -> bytes:
            stop = asyncio.Event()
            loop = asyncio.create_task(app.clockwork.run(stop))  # noqa: TID251 - as the process does
            await asyncio.sleep(0)
            stop.set()
            await loop
            try:
                return supervisor.recv(100)
            except BlockingIOError:
                return b""

        app.pulse.turned("outbox")
        assert await clockwork_turns_once() == b"WATCHDOG=1"
        clock.move(120)  # the outbox hangs
        assert await clockwork_turns_once() == b""
        app.pulse.turned("outbox")
        assert await clockwork_turns_once() == b"WATCHDOG=1"
    await app.close()


# --- the heartbeat ------------------------------------------------------------------------------------------


@dataclass
class Monitor:
    """An outside monitor: how often it was asked, and how it answers."""

    server: TestServer
    asked: int = 0
    status: int = 200

    async def take(self, request: web.Request) -> web.Response:
        """Count."""
        assert request.path == "/ping/a-secret-key-0123456789"
        self.asked += 1
        return web.Response(status=self.status)

    @property
    def url(self) -> str:
        """Return what is asked for."""
        return f"http://127.0.0.1:{self.server.port}/ping/a-secret-key-0123456789"


@pytest.fixture
async def monitor() -> AsyncIterator[Monitor]:
    """Return a monitor that answers well."""
    app = web.Application()
    monitor = Monitor(TestServer(app))
    app.router.add_get("/{path:.*}", monitor.take)
    await monitor.server.start_server(shutdown_timeout=0.1)
    yield monitor
    await monitor.server.close()


async def test_the_outside_hears_of_us_only_after_a_clean_audit(tmp_path: Path, monitor: Monitor) -> None:
    clock = StoryClock(NOW)
    api = BotApi(clock.wall)
    settings = Settings(
        data=tmp_path,
        telegram_token=SecretStr(api.token),
        heartbeat_url=SecretStr(monitor.url),
        _env_file=None,
    )
    app = App(settings, clock, in_process_bot(api))
    await app.open()

    async def minute() -> int:
        before = monitor.asked
        clock.move(61)
        app.clockwork.last_run = clock.now()
        await app.clockwork.audit()
        await asyncio.gather(*app.jobs)
        return monitor.asked - before

    assert await minute() == 0, "Telegram has not answered yet"
    app.inbox.last_poll = clock.now() + timedelta(hours=1)
    assert await minute() == 1
    assert await app.clockwork.audit() == [], "audited in this minute"
    app.outbox.failing_since = clock.now()
    assert await minute() == 0, "sending fails"
    app.outbox.failing_since = None
    app.health.drift = 100.0
    assert await minute() == 0, "the clock is wrong"
    app.health.drift = 1.0
    app._audited(["W1 的提醒阶梯缺失，已补上"])
    assert not app.jobs, "something was found"
    assert await minute() == 1
    await app.close()


async def test_a_heartbeat_that_is_not_heard_disturbs_nobody_and_is_said_once(
    monitor: Monitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.heartbeat")
    nobody = Heartbeat(f"http://127.0.0.1:{unused_port()}/ping/a-secret-key-0123456789")
    refusing = Heartbeat(monitor.url)
    monitor.status = 503
    for beat in (nobody, nobody, refusing):
        await beat.beat()
    assert [r.message.split(";")[0] for r in caplog.records] == [
        "the heartbeat was not heard (ClientConnectorError)",
        "the heartbeat was not heard (503)",
    ]
    monitor.status = 200
    await refusing.beat()
    assert caplog.records[-1].message == "the heartbeat is heard again"
    assert "a-secret-key" not in caplog.text


# --- Telegram's clock ---------------------------------------------------------------------------------------


async def test_the_transport_hears_telegrams_time(tmp_path: Path) -> None:
    api = BotApi(NOW.timestamp)
    running = await serve(api, "127.0.0.1", 0)
    clock = StoryClock(NOW)
    settings = Settings(
        data=tmp_path, telegram_token=SecretStr(api.token), telegram_api=running.url, _env_file=None
    )
    app = App(settings, clock)
    assert app.bot is not None
    await app.bot.initialize()
    assert app.health.drift is not None
    assert app.health.drift < -86400, "the story's clock is behind the machine's, which the server tells"
    assert "慢" in app.health.trouble()["drift"]
    await app.close()
    await running.stop()


async def test_a_few_seconds_of_drift_are_no_trouble(tmp_path: Path) -> None:
    clock = StoryClock(NOW)
    api = BotApi(clock.wall)
    app = App(
        Settings(data=tmp_path, telegram_token=SecretStr(api.token), _env_file=None),
        clock,
        in_process_bot(api),
    )
    for seconds, told in ((0, False), (29, False), (-29, False), (32, True), (-32, True)):
        app.health.heard(NOW + timedelta(seconds=seconds))
        assert ("drift" in app.health.trouble()) == told
    await app.close()


def test_a_date_header_is_read_or_left() -> None:
    assert read_date("Sat, 25 Jul 2026 02:00:00 GMT") == NOW
    for bad in ("", "yesterday", "Sat, 25 Jul 2026 02:00:00"):
        assert read_date(bad) is None
    make_bot("123456:local-token", "http://127.0.0.1:9")  # nobody listens to the time: that is well


# --- settings and logs --------------------------------------------------------------------------------------


def test_systemd_hands_secrets_over_as_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dutyroom_telegram_token").write_text("123456:from-a-credential\n", "utf-8")
    (tmp_path / "dutyroom_heartbeat_url").write_text("https://hc.example.com/ping/1\n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("DUTYROOM_TELEGRAM_TOKEN", "")  # as an .env file copied and not filled in
    monkeypatch.delenv("DUTYROOM_HEARTBEAT_URL", raising=False)
    settings = load_settings(_env_file=None)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123456:from-a-credential"
    assert settings.heartbeat_url is not None
    assert settings.heartbeat_url.get_secret_value() == "https://hc.example.com/ping/1"
    assert "credential" not in repr(settings)


def test_a_log_file_stays_small_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 2000)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.set_up(file=tmp_path / "logs" / "dutyroom.log")
        for number in range(2000):
            logging.getLogger("bot.test").warning("line %s of 13912345678 by 123456:abcdefghijk", number)
    finally:
        root.handlers[0].close()
        root.handlers[:], root.level = handlers, level
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == 1 + logs.KEPT
    assert sum(f.stat().st_size for f in files) <= 2000 * (1 + logs.KEPT)
    assert "line 1999 of <phone> by <token>" in files[0].read_text("utf-8")

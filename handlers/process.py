"""状态, 备份, 零报告."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from actions import nil_report
from actions.record import Disk
from domain.notice import Notice
from domain.people import Role
from handlers.desk import Answer, Desk, command, press
from storage.database import Tx
from storage.log import Checked

Made = Callable[[Tx, datetime, Checked], Awaitable[Notice]]
"""What is said once the chain was checked, made in a unit of work of its own."""


@dataclass(frozen=True)
class Process:
    """What the process lends to the chat: its state, and work beside the loops whose result is said when it is there.

    `kept` says how a kept file stands; `backup` takes a chat; `generate` a draft; `print` what is to be printed;
    `check` a chat and what is made for it once the log's chain was checked.
    """

    health: Callable[[], Awaitable[Notice]]
    kept: Disk
    backup: Callable[[int], Awaitable[None]]
    generate: Callable[[int], Awaitable[None]]
    print: Callable[[str], Awaitable[None]]
    check: Callable[[int, Made], Awaitable[None]]


_LENT: list[Process] = []


def lend(process: Process) -> None:
    """Let the chat ask the process."""
    _LENT[:] = [process]


def lent() -> Process:
    """Return the process."""
    return _LENT[0]


def after_check(desk: Desk, made: Made) -> None:
    """Let the log's chain be checked beside the loops, then say what is made: a log of years takes half a minute."""
    chat = desk.chat_id
    desk.tx.after.append(lambda: lent().check(chat, made))


@command("health", "状态", Role.ADMIN, describe="程序运行状态", daily=(Role.ADMIN,))
async def health(desk: Desk) -> Answer:
    """How the process is."""
    del desk
    return await lent().health()


@command("nil", "零报告", Role.OFFICER, Role.DEPUTY, describe="今日无突发事件，向上级零报告")
async def nil(desk: Desk) -> Answer:
    """The day's zero report."""
    return await nil_report.send(desk.tx, desk.who, desk.now, desk.now.astimezone(desk.tx.zone).date())


@press("nil.send")
async def press_nil(desk: Desk, subject: str) -> Answer:
    """零报告."""
    return await nil_report.send(desk.tx, desk.who, desk.now, date.fromisoformat(subject))


@command("backup", "备份", Role.ADMIN, describe="立即备份")
async def backup(desk: Desk) -> Answer:
    """Ask for a backup: written right after this unit of work, which holds the only writer."""
    chat = desk.chat_id
    desk.tx.after.append(lambda: lent().backup(chat))
    return None

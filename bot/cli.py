"""The command line: run, demo, claim, import, read, verify, backup, restore, health. Refusals are one line, exit 2."""

import argparse
import asyncio
import json
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import logs, notify
from bot.clock import Clock
from config.rules import RuleError, load_rules
from config.settings import SettingError, Settings, load_settings, setting_line
from storage.database import BadUrl, Database, StorageFailed, private_umask
from storage.lock import AlreadyRunning

if TYPE_CHECKING:
    from aiohttp.web import AppRunner

    from bot.app import App

KINDS = {"people": "人员表", "roster": "值班表"}


class Refusal(Exception):
    """The command cannot be carried out; the text is one line for the person who typed it."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status: 0 done, 1 not so (verify, health), 2 refused."""
    parsed = _parser().parse_args(arguments)
    private_umask()
    try:
        settings = load_settings()
        _check_rules(settings)
        return int(parsed.run(settings, parsed))
    except (SettingError, AlreadyRunning, Refusal) as error:
        print(error, file=sys.stderr)
    except BadUrl as error:
        print(setting_line("database_url", str(error).splitlines()[0]), file=sys.stderr)
    except StorageFailed as error:
        hint = "；数据库已损坏，请从备份恢复（docs/operations.md）" if error.damaged else ""
        print(f"数据库用不了：{error}{hint}", file=sys.stderr)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        print(setting_line("data", f"{error.filename} 不能读写（{error.strerror}）"), file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="值班室 dutyroom")
    commands = parser.add_subparsers(required=True, metavar="命令")

    def add(name: str, run: Any, words: str) -> argparse.ArgumentParser:  # noqa: ANN401 - a command's function
        one = commands.add_parser(name, help=words, description=words)
        one.set_defaults(run=run)
        return one

    add("run", run, "连接 Telegram 运行")
    demo = add("demo", start_demo, "本机演示，不需要令牌和网络")
    demo.add_argument("--reset", action="store_true", help="清除演示数据")
    demo.add_argument("--data", type=Path, default=Path("data/demo"), help="演示数据目录")
    demo.add_argument("--port", type=int, default=8801, help="聊天页端口")
    add("claim", claim, "生成首位管理员的一次性口令")
    sheet = add("import", import_sheet, "导入人员表或值班表（xlsx、csv）")
    sheet.add_argument("what", nargs="*", help="[people|roster] 文件")
    sheet.add_argument("--yes", action="store_true", help="没有错误就直接导入")
    sheet.add_argument("--dry-run", action="store_true", help="只预览")
    sheet.add_argument("--json", action="store_true", help="以 JSON 输出")
    reading = add("read", read_text, "试读一段文字：bulletin 预警，report 首报")
    reading.add_argument("kind", choices=("bulletin", "report"))
    reading.add_argument("--received-at", type=datetime.fromisoformat, default=None)
    add("verify", verify, "校验日志链")
    add("backup", back_up, "立即备份")
    put_back = add("restore", restore, "从备份恢复（先停止运行）")
    put_back.add_argument("file", type=Path)
    add("health", health, "运行状态")
    return parser


def _check_rules(settings: Settings) -> None:
    try:
        load_rules(settings.rules)
    except RuleError as error:
        raise SettingError(setting_line("rules", str(error))) from error


def _wait(work: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(work)


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)


def run(settings: Settings, _: argparse.Namespace) -> int:
    """Run the bot until it is told to stop."""
    if settings.telegram_token is None:
        raise Refusal(setting_line("telegram_token", "没有设置"))
    try:
        logs.set_up(file=settings.log_file)
    except OSError as error:
        raise Refusal(setting_line("log_file", f"{settings.log_file} 不能写（{error.strerror}）")) from error
    return _wait(_run(settings))


async def _run(settings: Settings) -> int:
    from bot.app import App, take_lock  # noqa: PLC0415 - the command line answers fast where no bot is needed
    from storage.migrate import SchemaTooNew  # noqa: PLC0415 - same

    clock = Clock()
    lock = take_lock(settings, clock)
    app = App(settings, clock)
    _stop_on_signals(app.stop)
    pages = None
    try:
        _not_missing(app)
        await app.open()
        pages = await _pages(app)
        app.tell(notify.READY)
        await app.run()
    except SchemaTooNew as error:
        raise Refusal(str(error)) from error
    finally:
        if pages is not None:
            await pages.cleanup()
        await app.close()
        lock.release()
    return 0


def _not_missing(app: "App") -> None:
    """Refuse to begin anew where a room was kept: its database is gone, its backups are not."""
    from storage import backup  # noqa: PLC0415 - as above

    path = app.db.path
    newest = backup.newest(app.backups)
    if path is not None and newest is not None and not path.exists():
        raise Refusal(f"数据库 {path} 不见了，不另起空库；请从备份恢复：python -m bot restore {newest}")


async def _pages(app: "App") -> "AppRunner | None":
    """Open the pages; duty does not wait for them."""
    from bot.pages import pages_of  # noqa: PLC0415 - as above
    from web.pages import serve  # noqa: PLC0415 - as above

    bind = app.settings.web_bind
    try:
        pages = await serve(pages_of(app), *app.settings.web_address)
    except OSError as error:
        why = setting_line("web_bind", f"{bind} 用不了（{error.strerror}），状态页没有打开")
        print(f"值班室已启动。{why}", file=sys.stderr, flush=True)
        return None
    print(f"值班室已启动，状态页 http://{bind}/health", flush=True)
    return pages


def start_demo(settings: Settings, parsed: argparse.Namespace) -> int:
    """Start the local chat, the synthetic street and the bot on this machine."""
    from bot.demo import demo, reset  # noqa: PLC0415 - only the demo needs the local chat

    if parsed.reset:
        reset(parsed.data)
        print("演示数据已清除。")
        return 0
    logs.set_up()
    return _wait(demo(settings, parsed.data, parsed.port))


@asynccontextmanager
async def _guest(settings: Settings) -> AsyncIterator[Database]:
    """Open the database beside a bot that may be running; closed at the end, or its threads keep us from ending."""
    from storage.migrate import SchemaTooNew, migrate  # noqa: PLC0415 - as above

    db = Database(settings.url, settings.zone, settings.rules, guest=True)
    try:
        await migrate(db, Clock().now(), settings.data / "backups")
        yield db
    except SchemaTooNew as error:
        raise Refusal(str(error)) from error
    finally:
        await db.close()


def claim(settings: Settings, _: argparse.Namespace) -> int:
    """Print a one-time code with which the first admin binds by /start CODE."""
    return _wait(_claim(settings))


async def _claim(settings: Settings) -> int:
    from actions import people  # noqa: PLC0415 - as above

    async with _guest(settings) as db, db.write() as tx:
        code = await people.claim(tx, Clock().now())
        hours = int(tx.rules.misc.invitation.total_seconds() // 3600)
    print(code)
    print(f"请在 {hours} 小时内给机器人发送：/start {code}", file=sys.stderr)
    return 0


def import_sheet(settings: Settings, parsed: argparse.Namespace) -> int:
    """Preview a sheet and lay it in when confirmed."""
    asked = parsed.what[0] if len(parsed.what) > 1 and parsed.what[0] in KINDS else None
    words = parsed.what[1:] if asked else parsed.what
    if len(words) != 1:
        raise Refusal("请写明一个文件，例如：python -m bot import 人员.xlsx --yes")
    parsed.asked = asked
    return _wait(_import(settings, parsed, Path(words[0])))


async def _import(settings: Settings, parsed: argparse.Namespace, file: Path) -> int:
    from actions import sheet  # noqa: PLC0415 - as above
    from bot.sheets import SheetRefused, read_sheet  # noqa: PLC0415 - as above

    if not file.is_file():
        raise Refusal(f"没有这个文件：{file}")
    try:
        read_in = await read_sheet(file.read_bytes(), file.name)
    except SheetRefused as error:
        raise Refusal(f"{file.name}：{error}") from error
    async with _guest(settings) as db:
        async with db.read() as tx:
            name = f"{file.stem} {read_in.name}"
            read = await sheet.understand(tx, Clock().now(), read_in.rows, read_in.merged, name, parsed.asked)
        if read is None:
            raise Refusal(f"{file.name}：没有认出表头，应为人员表或值班表")
        if read["kind"] not in KINDS:
            raise Refusal(f"{file.name} 请由管理员发给机器人导入，命令行只导入人员表和值班表")
        if parsed.asked not in (None, read["kind"]):
            raise Refusal(f"{file.name} 是{KINDS[read['kind']]}，不是{KINDS[parsed.asked]}，没有读")
        return await _import_read(db, parsed, file, read)


async def _import_read(db: Database, parsed: argparse.Namespace, file: Path, read: dict[str, Any]) -> int:
    from actions import sheet  # noqa: PLC0415 - as above

    if parsed.json:
        rows = read["rows"] if read["kind"] == "roster" else read["people"]
        print(json.dumps({**read, "rows": rows}, ensure_ascii=False))
    else:
        _show_read(read)
    if parsed.dry_run:
        return 1 if read["errors"] else 0
    if read["errors"]:
        raise Refusal("有错误，整表未导入。")
    if read["gaps"] and not parsed.yes:
        raise Refusal("必须有人的岗位空缺，没有发布；确需发布请加 --yes。")
    if not parsed.yes and not _asks("确认导入？输入 确认 继续："):
        raise Refusal("没有导入。")
    async with db.write() as tx:
        notice = await sheet.lay_in(
            tx, Clock().now(), None, file.name, read, "命令行导入" if read["gaps"] else ""
        )
    if not parsed.json:
        from messages.render import render  # noqa: PLC0415 - as above

        print(render(notice, zone=db.zone, now=Clock().now()).plain)
    return 0


def _asks(question: str) -> bool:
    try:
        return input(question).strip() in ("确认", "y", "yes")
    except EOFError:
        return False


def _show_read(read: dict[str, Any]) -> None:
    what = (
        f"{len(read['units'])} 个单位、{len(read['people'])} 人"
        if read["kind"] == "people"
        else f"{read['days']} 天、{len(read['shifts'])} 班（{read['layout']}）"
    )
    print(
        f"读出 {what}；错误 {len(read['errors'])} 处，提醒 {len(read['warnings'])} 处，空岗 {len(read['gaps'])} 处。"
    )
    for name, word in (("errors", "错误"), ("warnings", "提醒")):
        for problem in read[name][:50]:
            print(f"{word} {problem['where']}「{problem['value']}」:{problem['reason']}")
    for gap in read["gaps"][:50]:
        print(f"空岗 {gap['text']}")


def read_text(settings: Settings, parsed: argparse.Namespace) -> int:
    """Print the reading of a text from standard input as JSON; bad XML is none, with its reason beside."""
    from actions.bulletin import readings_json  # noqa: PLC0415 - as above
    from actions.incident import reading_json  # noqa: PLC0415 - as above
    from domain.bulletin_xml import BulletinRefused  # noqa: PLC0415 - as above

    at = parsed.received_at or Clock().now()
    if at.tzinfo is None:
        at = at.replace(tzinfo=settings.zone)
    data = sys.stdin.buffer.read()
    read = readings_json if parsed.kind == "bulletin" else reading_json
    found: Any = []
    try:
        found = read(data, at, settings.zone)
    except BulletinRefused as refused:
        print(refused, file=sys.stderr)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def verify(settings: Settings, _: argparse.Namespace) -> int:
    """Check the log's chain."""
    return _wait(_verify(settings))


async def _verify(settings: Settings) -> int:
    from storage import log  # noqa: PLC0415 - as above

    async with _guest(settings) as db:
        if damage := await db.damage():
            print(f"数据库已损坏：{damage}。请从备份恢复")
        async with db.read() as tx:
            result = await log.verify(tx)
    if isinstance(result, log.Broken):
        print(f"日志链断在第 {result.seq} 条：{result.reason}")
        return 1
    print(f"日志链完好：{result.count} 条，最后一条摘要 {result.head}")
    return 1 if damage else 0


def back_up(settings: Settings, _: argparse.Namespace) -> int:
    """Write a backup now."""
    return _wait(_back_up(settings))


async def _back_up(settings: Settings) -> int:
    from storage import backup  # noqa: PLC0415 - as above

    target = backup.backup_file(settings.data / "backups", Clock().now().astimezone(settings.zone), "手动")
    async with _guest(settings) as db:
        try:
            await backup.back_up(db, target)
            backup.keep_files(settings.data / "files", settings.data / "backups")
        except (backup.BackupFailed, OSError) as error:
            raise Refusal(str(error)) from error
    print(f"已备份并校验：{target}")
    return 0


def restore(settings: Settings, parsed: argparse.Namespace) -> int:
    """Put a backup in the database's place."""
    from bot.app import take_lock  # noqa: PLC0415 - as above
    from storage import backup  # noqa: PLC0415 - as above

    lock = take_lock(settings, Clock())
    target = Database(settings.url, settings.zone).path
    if target is None:
        raise Refusal("PostgreSQL 请用 pg_restore 恢复")
    try:
        aside = backup.restore(parsed.file, target)
        backup.bring_files(parsed.file.resolve().parent, settings.data / "files")
    except (backup.BackupFailed, OSError) as error:
        raise Refusal(f"没有恢复：{error}") from error
    finally:
        lock.release()
    print(f"已从 {parsed.file.name} 恢复" + (f"，原数据库保留为 {aside.name}" if aside else ""))
    return 0


def health(settings: Settings, _: argparse.Namespace) -> int:
    """Ask the running process how it is."""
    url = f"http://{settings.web_bind}/health"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            print(answer.read().decode())
            return 0
    except urllib.error.HTTPError as error:
        print(error.read().decode())
        return 1
    except (urllib.error.URLError, OSError) as error:
        print(f"没有运行，或状态页连不上（{url}）：{error}", file=sys.stderr)
        return 1

"""`python -m localchat`: the local chat as a process of its own."""

import argparse
import asyncio
import json
import signal
import sys
import time
from pathlib import Path

from .api import DEMO_TOKEN, BotApi
from .server import serve
from .store import Store


def main() -> int:
    """Serve until SIGINT or SIGTERM; 2 when the address is taken or the accounts cannot be read."""
    args = _arguments()
    store = Store(args.data) if args.data else None
    # The one clock of this process, handed on as a value
    api = BotApi(time.time, args.token, args.username, store, limits=args.limits)  # noqa: TID251 - a process of its own
    try:
        if args.accounts:
            _preload(api, json.loads(args.accounts.read_text(encoding="utf-8")))
        asyncio.run(_serve(api, args.bind))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"本地聊天无法启动:{error}", file=sys.stderr)
        return 2
    finally:
        if store:
            store.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m localchat", description="本地聊天:不需要 Telegram 的演练环境"
    )
    parser.add_argument("--bind", default="127.0.0.1:8801", help="监听地址,只用本机回环地址")
    parser.add_argument("--data", type=Path, help="保存聊天记录的文件夹;不给则不保存")
    parser.add_argument("--token", default=DEMO_TOKEN, help="机器人口令")
    parser.add_argument("--username", default="dutyroom_bot", help="机器人用户名")
    parser.add_argument("--accounts", type=Path, help="预置人员和群的 JSON 文件")
    parser.add_argument("--limits", action="store_true", help="照 Telegram 公布的限速拒绝(429)")
    return parser.parse_args()


def _preload(api: BotApi, wanted: dict[str, list[dict[str, object]]]) -> None:
    for account in wanted.get("accounts", []):
        api.add_account(**account)  # type: ignore[arg-type]  # a file's words; wrong ones are told as such
    for group in wanted.get("groups", []):
        if group["id"] not in api.groups:
            with_bot = group.pop("bot", False)
            made = api.create_group(**group)  # type: ignore[arg-type]  # as above
            if with_bot:
                api.add_bot_to_group(made.id)


async def _serve(api: BotApi, bind: str) -> None:
    host, _, port = bind.rpartition(":")
    running = await serve(api, host or "127.0.0.1", int(port))
    print(running.url, flush=True)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
    await running.stop()


if __name__ == "__main__":
    sys.exit(main())

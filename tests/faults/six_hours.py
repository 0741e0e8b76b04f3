"""Six hours without Telegram on the real process, a cascade and an incident running; then what comes in two minutes.

Run by hand under a clock that runs faster, which all processes share (Debian's faketime):
`faketime -f '+0 x20' python -m tests.faults.six_hours` (19 minutes; without faketime it takes six hours).
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from tests.faults import processes
from tests.faults.processes import Chat, Street, accounts, local_chat, words
from tests.faults.way import Way, way_to

OFFICER = accounts()["郑伟"]
MINUTE, HOUR = 60.0, 3_600.0
BACK = 2 * MINUTE
"""After so long the live cards are true again."""
MOST_LATE = 3
"""So many messages may come to one person after the return: whatever comes then comes late."""
AGAIN = "重发"
ON_WATCH = "SELECT p.name FROM watches w JOIN people p ON p.id = w.person_id WHERE w.post = 'officer'"
BEHIND = "SELECT count(*) FROM cards WHERE dirty_at < ?"


async def main(hours: float) -> int:
    """Return 1 where more was late for somebody, a card is not true, or the officer heard of something else first."""
    processes.PATIENCE = HOUR  # a start takes minutes by a clock that runs twenty times as fast
    with tempfile.TemporaryDirectory() as folder:
        async with (
            local_chat(Path(folder) / "chat", None, "--limits") as chat,
            way_to(chat, broken=False) as way,
        ):
            street = Street(Path(folder) / "office", chat)
            street.settings["DUTYROOM_TELEGRAM_API"] = f"http://127.0.0.1:{way.port}"
            await street.lay_in()
            async with street.running():
                return await away(street, chat, way, hours)


async def away(street: Street, chat: Chat, way: Way, hours: float) -> int:
    """Let a red warning and an incident begin, Telegram go away and come back; print and judge what came."""
    at = Clock().now().astimezone(ZoneInfo("Asia/Shanghai"))
    typed = await chat.types(
        OFFICER,
        f"天津市气象台于{at:%Y年%m月%d日%H时%M分}发布暴雨红色预警信号：预计未来3小时我市有100毫米以上降水，请注意防范。",
    )
    await chat.hears(OFFICER, "待下发", typed)
    await chat.ask("press", account_id=OFFICER, button="下发")
    await chat.hears(OFFICER, "进度", typed)
    await chat.types(OFFICER, "首报 刚才海棠里3号楼2门电动车着火，1人受伤，119已到")
    await chat.hears(OFFICER, "首报待发送", typed)
    await asyncio.sleep(MINUTE)
    before = {
        p: max([m["message_id"] for m in await chat.said_to(p)], default=0) for p in accounts().values()
    }
    way.cut()
    await asyncio.sleep(hours * HOUR)
    await way.lay()
    await asyncio.sleep(BACK)
    came = {name: await _since(chat, person, before[person]) for name, person in accounts().items()}
    behind = street.rows(BEHIND, int((Clock().now().timestamp() - MINUTE / 2) * 1_000_000))[0][0]
    officer = came[street.rows(ON_WATCH)[0][0]]
    tries = street.rows("SELECT sum(attempts) FROM outbox")[0][0]
    told = [
        f"{hours:g} h away: {sum(map(len, came.values()))} messages to {sum(map(bool, came.values()))} people",
        f"most to one: {max(map(len, came.values()))}",
        f"cards behind after two minutes: {behind}; tries in all: {tries}",
        f"said again since it may have come before: {sum(AGAIN in text for texts in came.values() for text in texts)}",
        "who is on watch heard:",
        *(f"  {' / '.join(text.splitlines()[:2])}" for text in officer),
    ]
    sys.stdout.write("\n".join(told) + "\n")
    first = "预警 W1" in officer[0] if officer else False
    return 0 if max(map(len, came.values())) <= MOST_LATE and behind == 0 and first else 1


async def _since(chat: Chat, person: int, number: int) -> list[str]:
    """Return the words of the bot's messages to a person after a message of this number."""
    return [words(m) for m in await chat.said_to(person) if m["message_id"] > number]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.faults.six_hours")
    asked.add_argument("--hours", type=float, default=6.0)
    sys.exit(asyncio.run(main(asked.parse_args().hours)))

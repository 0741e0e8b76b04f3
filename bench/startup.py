"""How soon a started process answers its first command, and how much memory it holds when idle."""

import asyncio
import compileall
import os
import re
import tempfile
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no types

from bench.table import Row
from tests.faults.processes import ROOT, Street, accounts, elapsed, local_chat

OFFICER = "郑伟"
RUNS = 3
OURS_ONLY = re.compile(r"/(?:\.\w+|tests|bench|node_modules)/")
"""What is not compiled: the environment's own byte code is there, tests and benches are not started."""
IDLE = 3.0
"""Seconds of quiet before memory is read."""


async def measure() -> list[Row]:
    """Start the real process a few times against the real local chat; the worst of the runs counts.

    As installed: byte code is there, as `make setup` writes it.
    """
    times, sizes = [], []
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(ROOT, quiet=1, rx=OURS_ONLY)
    with tempfile.TemporaryDirectory() as folder:
        async with local_chat(Path(folder) / "chat") as chat:
            street = Street(Path(folder) / "office", chat)
            await street.lay_in()
            for _ in range(RUNS):
                typed = await chat.types(accounts()[OFFICER], "值班")
                began = elapsed()
                async with street.running() as bot:
                    await chat.hears(accounts()[OFFICER], "主班", typed)
                    times.append(elapsed() - began)
                    await asyncio.sleep(IDLE)
                    sizes.append(psutil.Process(bot.process.pid).memory_info().rss / 1024 / 1024)
                    await bot.terminate()
    return [
        Row("start to first answer", max(times), 2.0, "s"),
        Row("idle memory (RSS)", max(sizes), 120.0, "MB"),
    ]


def run() -> list[Row]:
    """Return the table's rows."""
    return asyncio.run(measure())

"""A process of its own for work that is foreign or heavy: asked once, bounded in time, ended in any case."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

BEHIND = 10
"""How nice it is: what is said to people goes before documents and rosters."""


async def run(
    args: tuple[str, ...], told: bytes, seconds: float, *, cwd: Path | None = None, hear: bool = False
) -> tuple[int, bytes, bytes]:
    """Run Python with `args`, tell it `told`; return its exit code and what it said.

    It gets no environment, so no secrets, and the processor only after us. `seconds`: of wall clock, after which it is
    killed; raises TimeoutError.
    `hear`: keep what it says of its trouble (stderr); without, that is thrown away unread.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *args,
        cwd=cwd,
        env={},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE if hear else asyncio.subprocess.DEVNULL,
    )
    with contextlib.suppress(OSError):  # it has ended already
        os.setpriority(os.PRIO_PROCESS, child.pid, BEHIND)
    try:
        async with asyncio.timeout(seconds):
            said, trouble = await child.communicate(told)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return child.returncode or 0, said, trouble or b""

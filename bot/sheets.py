"""Spreadsheets in: bytes of a workbook or CSV become plain rows, read by a limited child process."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import child

MAX_BYTES = 20 * 2**20  # what a bot may download from Telegram
MAX_MEMORY = 512 * 2**20  # a 384 KB xlsx took 838 MB when tried
MAX_ROWS = 20_000
CHILD = Path(__file__).with_name("sheet_child.py")


class SheetRefused(Exception):
    """The file cannot be used as a sheet; the text is a short Chinese sentence with the right form."""


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells as text, from row `first_row` and column A on.

    `merged`: merged ranges (top, left, bottom, right), counted from 0 within `rows`; only their first cell
    has the text. `others`: names of further sheets with content, which were not read.
    """

    rows: tuple[tuple[str, ...], ...]
    name: str
    first_row: int = 1
    merged: tuple[tuple[int, int, int, int], ...] = ()
    others: tuple[str, ...] = ()


async def read_sheet(
    data: bytes,
    filename: str,
    *,
    timeout_s: float = 20,
    max_rows: int = MAX_ROWS,
    max_memory: int = MAX_MEMORY,
) -> Sheet:
    """Return the first visible sheet with content; raise SheetRefused.

    `timeout_s`: seconds of wall clock and, rounded up, of CPU; `max_memory`: bytes of address space.
    """
    if not data:
        raise SheetRefused("文件是空的，请发有内容的 xlsx、xls 或 csv 表格。")
    if len(data) > MAX_BYTES:
        raise SheetRefused(f"文件超过 {MAX_BYTES // 2**20} MB，请只留需要的工作表再发。")
    limits = (str(max_memory), str(int(timeout_s) + 1), str(max_rows))
    name = filename.encode()
    answer = await _ask_child(limits, len(name).to_bytes(4, "big") + name + data, timeout_s)
    if "refused" in answer:
        raise SheetRefused(answer["refused"])
    return Sheet(
        rows=tuple(tuple(row) for row in answer["rows"]),
        name=answer["name"],
        merged=tuple((a, b, c, d) for a, b, c, d in answer["merged"]),
        others=tuple(answer["others"]),
    )


async def _ask_child(limits: tuple[str, ...], told: bytes, timeout_s: float) -> dict[str, Any]:
    """Run the child to its end and return its answer."""
    # -I: neither the working folder nor bot/ is on the child's path, so nothing of ours shadows a library.
    try:
        code, said, _ = await child.run(("-I", str(CHILD), *limits), told, timeout_s)
    except TimeoutError as error:
        raise SheetRefused("表格太复杂，规定时间内没有读完，请只留需要的工作表再发。") from error
    if code != 0:
        raise SheetRefused("表格太大或已损坏，没有读出来，请把需要的行复制到新的表格里，存为 xlsx 再发。")
    answer: dict[str, Any] = json.loads(said)
    return answer

"""Files that come with messages: fetched outside any transaction, kept by content hash, sheets read in a child."""

import asyncio
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.sheets import SheetRefused, read_sheet
from domain.decoding import decode_text
from domain.file_content import lie

SIZE_LIMIT = 20 * 1024 * 1024
"""What the Bot API lets a bot download (bytes)."""
SHEETS = (".xlsx", ".xls", ".csv", ".tsv", ".xlsm", ".ods")
TEXTS = (".xml", ".txt", ".cap")
TEXT_LIMIT = 200_000
TRIES = 3
NAMES = {"voice": "语音.ogg", "video": "视频.mp4", "audio": "录音.mp3", "video_note": "圆形视频.mp4"}
"""Kinds of files that Telegram sends without a name, and what they are called here."""
QUOTING = re.compile(r"\s*[/／]?(?:首报|report\b)", re.IGNORECASE)
"""A word that takes the file of the message it answers."""


@dataclass(frozen=True)
class File:
    """What a message carries: its number at Telegram, name, kind and size."""

    file_id: str
    name: str
    kind: str
    size: int


def file_of(raw: dict[str, Any]) -> File | None:
    """Return the file a raw update carries, or that of the message it answers with 首报; None when there is none."""
    message = raw.get("message") or {}
    found = _file_in(message)
    if found is None and QUOTING.match(message.get("text") or ""):
        return _file_in(message.get("reply_to_message") or {})
    return found


def _file_in(message: dict[str, Any]) -> File | None:
    if document := message.get("document"):
        name = str(document.get("file_name") or "文件")
        return File(document["file_id"], name[-120:], "document", document.get("file_size") or 0)
    if photos := message.get("photo"):
        return File(photos[-1]["file_id"], "照片.jpg", "photo", photos[-1].get("file_size") or 0)
    for kind, name in NAMES.items():
        if part := message.get(kind):
            return File(part["file_id"], name, kind, part.get("file_size") or 0)
    return None


async def prepare(bot: Bot, folder: Path, file: File) -> dict[str, Any]:
    """Fetch a file, keep it, and read what can be read of it; what cannot be used is said in `refused`."""
    prepared: dict[str, Any] = {"name": file.name, "sha256": "", "size": file.size, "kind": file.kind}
    if file.size > SIZE_LIMIT:
        return {**prepared, "refused": f"文件 {file.size // 1024 // 1024} MB，超过 20 MB"}
    data = await _download(bot, file)
    if data is None:
        return {**prepared, "refused": "没有取到文件，请检查网络后重发"}
    if not data:
        return {**prepared, "refused": "文件是空的（0 字节）"}
    if wrong := lie(file.name, file.kind, data):
        return {**prepared, "size": len(data), "refused": wrong}
    prepared |= {"sha256": keep(folder, data), "size": len(data)}
    suffix = Path(file.name).suffix.lower()
    if file.kind == "document" and suffix in SHEETS:
        try:
            sheet = await read_sheet(data, file.name)
        except SheetRefused as error:
            return {**prepared, "refused": str(error)}
        return {**prepared, "rows": [list(row) for row in sheet.rows], "merged": list(sheet.merged)}
    if file.kind == "document" and suffix in TEXTS and len(data) <= TEXT_LIMIT:
        return {**prepared, "text": decode_text(data)}
    return prepared


async def _download(bot: Bot, file: File) -> bytes | None:
    for attempt in range(TRIES):
        try:
            remote = await bot.get_file(file.file_id)
            return bytes(await remote.download_as_bytearray())
        except TelegramError:
            await asyncio.sleep(attempt)
    return None


class Spoilt(Exception):
    """A kept file is not what was kept: `missing` from the disk, or altered."""

    def __init__(self, *, missing: bool) -> None:
        super().__init__("文件不在了" if missing else "文件被改动")
        self.missing = missing


def keep(folder: Path, data: bytes) -> str:
    """Write a file under its content's hash, over a spoilt one too, and return the hash."""
    digest = hashlib.sha256(data).hexdigest()
    target = folder / digest[:2] / digest
    if not target.is_file() or target.read_bytes() != data:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # the log names the hash: a power cut must not leave an empty file
        partial.replace(target)
    return digest


def kept(folder: Path, sha256: str) -> bytes:
    """Return what was kept under a hash; raise Spoilt."""
    try:
        data = (folder / sha256[:2] / sha256).read_bytes()
    except OSError as error:
        raise Spoilt(missing=True) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Spoilt(missing=False)
    return data

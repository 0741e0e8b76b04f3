"""Logs without secrets: tokens, phones and links are blotted out before a line is written."""

import logging
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from storage.database import StorageFailed

LARGEST, KEPT = 5 * 1024 * 1024, 5
"""A log file of so many bytes is put aside, and so many of those are kept: 30 MB at most."""
_SECRETS = (
    (
        re.compile(
            r"(?<![a-z0-9+.-])(?!https?:|sqlite|postgresql)([a-z][a-z0-9+.-]{1,24})://[^\s\"']+",
            re.IGNORECASE,
        ),
        r"\1://<channel>",
    ),
    (re.compile(r"(?<=://)[^\s/@\"']+@"), "<user>@"),
    (re.compile(r"(https?://[^\s/\"']+/)[^\s\"']*[\w-]{16,}[^\s\"']*"), r"\1<link>"),
    (re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{10,}"), "<token>"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "<phone>"),
    (re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"), "<phone>"),
    (re.compile(r"https?://t\.me/\S+"), "<link>"),
    (re.compile(r"(?<=start=)[\w-]{8,}"), "<code>"),
    (re.compile(r"(?<=/calendar/)[^\s/?\"']+"), "<link>"),
    (re.compile(r"(?<=Bearer )\S+"), "<token>"),
    (re.compile(r"(?<=/a/)[\w-]{16,}"), "<link>"),
)


class Blotting(logging.Formatter):
    """A formatter that blots secrets out of the finished line, tracebacks included: keys stand in addresses too."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets; of storage that failed, which is tried each second, one line only."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StorageFailed):
            words = {
                "msg": f"{record.getMessage()}: {error}",
                "args": None,
                "exc_info": None,
                "exc_text": None,
            }
            record = logging.makeLogRecord(record.__dict__ | words)
        return blot(super().format(record))


def blot(text: str) -> str:
    """Return the text without tokens, phones and links."""
    for pattern, word in _SECRETS:
        text = pattern.sub(word, text)
    return text


def set_up(level: int = logging.INFO, file: Path | None = None) -> None:
    """Send log lines to standard error or to a file kept small; libraries that print URLs or bodies are silenced."""
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    handler.setFormatter(Blotting("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("httpx", "httpcore", "telegram", "apscheduler", "aiosqlite", "aiohttp.access", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings hold the paths of gateways

"""Optional memory on disk, so that a restarted local chat goes on where it was killed."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS blobs (key TEXT PRIMARY KEY, data BLOB NOT NULL);
"""


class Store:
    """JSON rows by kind and key in one SQLite file; each `commit` survives a killed process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "localchat.sqlite3")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_SCHEMA)

    def put(self, kind: str, key: object, value: object) -> None:
        """Write or replace one row."""
        row = (kind, str(key), json.dumps(value, ensure_ascii=False))
        self._db.execute("INSERT OR REPLACE INTO rows (kind, key, value) VALUES (?, ?, ?)", row)

    def drop(self, kind: str, key: object) -> None:
        """Forget one row."""
        self._db.execute("DELETE FROM rows WHERE kind = ? AND key = ?", (kind, str(key)))

    def rows(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Yield key and value of a kind in the order they were last written."""
        for key, value in self._db.execute(
            "SELECT key, value FROM rows WHERE kind = ? ORDER BY rowid", (kind,)
        ):
            yield key, json.loads(value)

    def put_blob(self, key: str, data: bytes) -> None:
        """Write or replace a file's bytes."""
        self._db.execute("INSERT OR REPLACE INTO blobs (key, data) VALUES (?, ?)", (key, data))

    def blob(self, key: str) -> bytes:
        """Return a file's bytes, or none at all for an unknown key."""
        row = self._db.execute("SELECT data FROM blobs WHERE key = ?", (key,)).fetchone()
        return bytes(row[0]) if row else b""

    def commit(self) -> None:
        """Make everything written so far last."""
        self._db.commit()

    def close(self) -> None:
        """Commit and let go of the file."""
        self._db.commit()
        self._db.close()

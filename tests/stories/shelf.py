"""Where the stories' databases come from: files of SQLite, or databases of the server DUTYROOM_STORIES_ON names."""

import asyncio
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Dialect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.backup import back_up
from storage.database import Database

SERVER = os.environ.get("DUTYROOM_STORIES_ON", "")
"""The URL of a PostgreSQL server, with a database to connect to; "" for SQLite."""
_DIALECTS: dict[str, Dialect] = {}
_COMPILED: dict[object, object] = {}
"""SQLAlchemy's compiled statements."""


class StoryDatabase(Database):
    """A database whose statements are compiled once in a test process: a room of its own would begin with none."""

    def _engine(self, *, query_only: bool, size: int) -> AsyncEngine:
        made = super()._engine(query_only=query_only, size=size)
        made.sync_engine.dialect = _DIALECTS.setdefault(
            made.dialect.driver, made.dialect
        )  # it is part of the key
        made.sync_engine.update_execution_options(compiled_cache=_COMPILED)
        return made


class Shelf:
    """Databases kept as they were at some point, to be laid out again as often as wanted."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}
        self._folder = Path(tempfile.mkdtemp())

    def url_for(self, data: Path) -> str:
        """Return the URL of a room's database: a file in its data folder, or a database of the server."""
        if not SERVER:
            return f"sqlite+aiosqlite:///{(data / 'dutyroom.sqlite3').as_posix()}"
        return _of_server(_name(str(data)))

    def has(self, key: str) -> bool:
        """Return True if a database was kept under this key."""
        return key in self._kept

    async def exists(self, url: str) -> bool:
        """Return True if the database is there."""
        name = make_url(url).database or ""
        if not SERVER:
            return await asyncio.to_thread(Path(name).exists)
        return bool(await _on_server("SELECT 1 FROM pg_database WHERE datname = :name", name=name))

    async def keep(self, key: str, db: Database) -> None:
        """Keep a copy of a database as it is now."""
        if not SERVER:
            copy = self._folder / f"{_name(key)}.sqlite3"
            self._kept[key] = str(await back_up(db, copy))
            return
        await db.close()  # a template has no connections; the engines open new ones by themselves
        self._kept[key] = _name(f"{os.getpid()} {key}")
        await _copied(make_url(db.url).database or "", self._kept[key])

    async def lay_out(self, key: str, url: str) -> None:
        """Put a copy of what was kept in a database's place; an empty one where nothing was."""
        name = make_url(url).database or ""
        if SERVER:
            await _copied(self._kept.get(key, "template1"), name)
        elif key in self._kept:
            shutil.copy(self._kept[key], name)


def _name(words: str) -> str:
    return f"story_{hashlib.sha256(words.encode()).hexdigest()[:24]}"


def _of_server(database: str) -> str:
    return make_url(SERVER).set(database=database).render_as_string(hide_password=False)


async def _copied(template: str, name: str) -> None:
    await _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


async def _on_server(statement: str, **values: str) -> object:
    engine = create_async_engine(SERVER, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        result = await connection.execute(text(statement), values)
        found = result.scalar() if result.returns_rows else None
    await engine.dispose()
    return found

"""Bring a database to the newest schema: backed up before, refused when it is newer than this program."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.backup import back_up, backup_file
from storage.database import Database, StorageFailed, Tx
from storage.schema import rooms

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
"""The newest revision; a test compares it with Alembic's own head."""


class SchemaTooNew(Exception):
    """The database was written by a newer program; the text says which revision."""


def alembic_config(connection: Connection | None) -> "Config":
    """Return Alembic's configuration bound to `connection`."""
    from alembic.config import Config  # noqa: PLC0415 - Alembic is slow to load and seldom needed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _known(revision: str) -> bool:
    return (Path(__file__).parent / "migrations" / "versions" / f"{revision}.py").is_file()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - Alembic is slow to load and seldom needed

    command.upgrade(alembic_config(connection), "head")


async def migrate(db: Database, now: datetime, backups: Path) -> str:
    """Return the revision after migrating; back up first when there is data; raise SchemaTooNew or StorageFailed."""
    try:
        return await _migrate(db, now, backups)
    except DBAPIError as error:
        raise StorageFailed(str(error.orig)) from error


async def _migrate(db: Database, now: datetime, backups: Path) -> str:
    async with db.opened() as conn:
        current = await conn.run_sync(_current)
    if current == HEAD:
        return HEAD
    if current is not None and not _known(current):
        raise SchemaTooNew(f"数据库版本 {current} 比本程序（{HEAD}）新，请用新版程序打开")
    if current is not None and db.path is not None:
        await back_up(db, backup_file(backups, now.astimezone(db.zone), f"升级前-{current}"))
    async with db.opened() as conn:
        await _foreign_keys(conn, db, "OFF")  # SQLite rebuilds a table by dropping the old one
        async with conn.begin():
            await conn.run_sync(_upgrade)
            if db.path is not None and (
                broken := (await conn.execute(text("PRAGMA foreign_key_check"))).all()
            ):
                raise RuntimeError(f"the migration broke references: {broken[:3]}")
            tx = Tx(conn, db._rules, db.zone)
            if await tx.value(rooms.select().limit(1)) is None:
                await tx.add(rooms, name=tx.rules.room.name, drill=False)
        await _foreign_keys(conn, db, "ON")
    return HEAD


async def _foreign_keys(conn: AsyncConnection, db: Database, state: str) -> None:
    """Switch SQLite's foreign keys, which it does only outside a transaction."""
    if db.path is not None:
        raw = await conn.get_raw_connection()
        cursor = await raw.driver_connection.execute(f"PRAGMA foreign_keys={state}")  # type: ignore[union-attr]  # aiosqlite's connection
        await cursor.close()

"""Bring a database to the newest schema: backed up before, refused when it is newer than this program."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.backup import backup_file, vacuum_into
from storage.database import ROOM, Database, Tx
from storage.schema import rooms

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
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
    """Return the revision after migrating; back up first when there is data; raise SchemaTooNew."""
    async with db._writer.connect() as conn:
        current = await conn.run_sync(_current)
    if current == HEAD:
        return HEAD
    if current is not None and not _known(current):
        raise SchemaTooNew(f"数据库版本 {current} 比本程序（{HEAD}）新，请用新版程序打开")
    if current is not None and db.path is not None:
        await vacuum_into(db, backup_file(backups, now, f"升级前-{current}"))
    async with db._writer.begin() as conn:
        await conn.run_sync(_upgrade)
        tx = Tx(conn, db._rules, db.zone)
        if await tx.value(rooms.select().limit(1)) is None:
            await tx.add(rooms, id=ROOM, name=tx.rules.room.name, drill=False)
    return HEAD

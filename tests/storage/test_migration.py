"""An office that upgrades keeps what it has: every earlier schema with data in it is brought to the newest."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from sqlalchemy import create_engine

from domain.roster import Post
from storage import bulletin, callout, handover, roster
from storage.database import Database
from storage.migrate import HEAD, alembic_config, migrate

NOW = datetime(2026, 7, 25, 2, 0, tzinfo=UTC)
AT, LATER = 1_785_000_000_000_000, 1_785_086_400_000_000
ROWS = (
    "INSERT INTO rooms (id, name, drill) VALUES (1, '值班室', 0)",
    "INSERT INTO people (id, room_id, name, title, phone, active) VALUES (1, 1, '刘芳', '', '1', 1), (2, 1, '陈刚', '', '2', 1)",
    f"INSERT INTO shifts (id, room_id, post, person_id, starts_at, ends_at, state, source) VALUES (1, 1, 'officer', 1, {AT}, {LATER}, 'planned', 'import')",  # noqa: S608 - our own text
    f"INSERT INTO watches (room_id, post, person_id, shift_id, since) VALUES (1, 'officer', 1, 1, {AT})",  # noqa: S608 - our own text
    f"INSERT INTO swaps (id, room_id, shift_id, from_id, to_id, kind, state, reason, created_at) VALUES (1, 1, 1, 1, 2, 'swap', 'offered', '', {AT})",  # noqa: S608 - our own text
    f"INSERT INTO handovers (id, room_id, out_id, in_id, state, sheet, notes, opened_at, signed_out_at) VALUES (1, 1, 1, 2, 'signed_out', '{{}}', '', {AT}, {AT})",  # noqa: S608 - our own text
    "INSERT INTO handover_items (id, handover_id, subject, text) VALUES (1, 1, 'E1', 'E1 火灾')",
    "INSERT INTO units (id, room_id, name, level) VALUES (1, 1, '东柳村', 'village')",
    "INSERT INTO posts_held (id, person_id, unit_id, role, ab) VALUES (1, 2, 1, 'contact', 'A')",
    f"INSERT INTO bulletins (id, room_id, raw, reading, action, received_at, state, drill, by_id, dispatched_at) VALUES (1, 1, '原文', '{{}}', 'new', {AT}, 'live', 0, 1, {AT})",  # noqa: S608 - our own text
    f"INSERT INTO contacts (id, bulletin_id, unit_id, level, a_id, acked_at, acked_how, acked_by, passed_note) VALUES (1, 1, 1, 'village', 2, {AT}, 'phone', 2, '')",  # noqa: S608 - our own text
    f"INSERT INTO phone_calls (id, contact_id, by_id, at, reached, who, number, read_back) VALUES (1, 1, 1, {AT}, 1, '陈刚', '2', 0)",  # noqa: S608 - our own text
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Return a database of the first release with a shift, its watch, a swap and a signed handover."""
    path = tmp_path / "dutyroom.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file, file:
        for statement in ROWS:
            file.execute(statement)
    return path


async def test_data_of_the_first_release_survives_the_upgrade(old: Path, tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{old}", ZoneInfo("Asia/Shanghai"))
    assert await migrate(db, NOW, tmp_path / "backups") == HEAD
    async with db.read() as tx:
        shift = await roster.any_by_id(tx, 1)
        watch = await roster.watch(tx)
        (item,) = await handover.items(tx, 1)
        warning = await bulletin.by_id(tx, 1)
        (contact,) = await callout.of_bulletin(tx, 1)
        (call,) = await callout.calls(tx, 1)
    assert (shift.name, shift.label, shift.turn_id) == ("刘芳", "", 1)
    assert watch is not None
    assert watch.shift_id == 1
    assert (item.text, item.top, item.next_action) == ("E1 火灾", False, "")
    assert warning is not None
    assert (warning.raw, warning.scope, warning.refs, warning.advice) == ("原文", [], [], "")
    assert (contact.unit, contact.acked_how, contact.passed_how) == ("东柳村", "phone", None)
    assert (call.who, call.withdraws_id, call.why) == ("陈刚", None, "")
    async with db.write() as tx:  # an office's own post has room now, and references are looked after again
        await roster.add_shift(tx, Post("值班长"), 2, NOW, NOW.replace(hour=9))
    await db.close()
    assert [p.name for p in (tmp_path / "backups").iterdir()] != [], "backed up before"


async def test_what_was_signed_is_guarded_after_the_upgrade(old: Path, tmp_path: Path) -> None:
    db = Database(f"sqlite+aiosqlite:///{old}", ZoneInfo("Asia/Shanghai"))
    await migrate(db, NOW, tmp_path / "backups")
    await db.close()
    with closing(sqlite3.connect(old)) as connection:
        for statement in (
            "UPDATE handovers SET notes = 'x' WHERE id = 1",
            "UPDATE handover_items SET text = 'x' WHERE id = 1",
            "DELETE FROM handover_items",
            "DELETE FROM handovers",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)
        connection.execute("UPDATE handover_items SET answer = 'accepted' WHERE id = 1")

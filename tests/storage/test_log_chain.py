"""The log takes entries only at its end, and its chain shows every later hand in it (P7)."""

import contextlib
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from storage import log
from storage.database import Database, StorageFailed
from storage.schema import log as table
from tests.storage.conftest import NOW, ZONE, BrokenOff, meddle

ENTRIES = 6


@pytest.fixture
def empty(db: Database) -> Database:
    """Return a database with no entry yet."""
    return db


@pytest.fixture
async def written(db: Database) -> Database:
    """Return a database with a few entries."""
    async with db.write() as tx:
        for number in range(1, ENTRIES + 1):
            await log.append(tx, NOW, 1, "duty.log", "W1", f"第 {number} 件事", number=number)
    return db


async def verified(db: Database) -> log.Verified | log.Broken:
    """Return what a check of the chain says."""
    async with db.read() as tx:
        return await log.verify(tx)


async def test_an_untouched_chain_is_whole(written: Database) -> None:
    found = await verified(written)
    assert isinstance(found, log.Verified)
    assert found.count == ENTRIES


async def test_an_empty_log_is_whole(empty: Database) -> None:
    assert await verified(empty) == log.Verified(0, log.GENESIS)


HANDS = {
    "a text is changed": ("UPDATE log SET text = '没有的事' WHERE seq = 3", 3),
    "a time is moved by a microsecond": ("UPDATE log SET at = at + 1 WHERE seq = 4", 4),
    "a person is put in another's place": ("UPDATE log SET person_id = 2 WHERE seq = 2", 2),
    "a person is taken out": ("UPDATE log SET person_id = NULL WHERE seq = 2", 2),
    "an act is renamed": ("UPDATE log SET act = 'callout.acked' WHERE seq = 1", 1),
    "an entry is moved to another event": ("UPDATE log SET subject = 'W2' WHERE seq = 5", 5),
    "data is changed": ("UPDATE log SET data = '{}' WHERE seq = 6", 6),
    "an entry is moved to another room": ("UPDATE log SET room_id = 2 WHERE seq = 3", 3),
    "a hash is changed": ("UPDATE log SET hash = 'x' || substr(hash, 2) WHERE seq = 3", 3),
    "the link to the entry before is changed": ("UPDATE log SET previous = hash WHERE seq = 3", 3),
    "the first entry is removed": ("DELETE FROM log WHERE seq = 1", 1),
    "an entry in the middle is removed": ("DELETE FROM log WHERE seq = 3", 3),
    "an entry is put at the end with an invented hash": (
        "INSERT INTO log SELECT 7, at, room_id, person_id, act, subject, text, data, hash, 'f' FROM log WHERE seq = 6",
        7,
    ),
}


@pytest.mark.parametrize("hand", HANDS)
async def test_every_hand_in_the_log_is_found_and_named(written: Database, hand: str) -> None:
    statement, where = HANDS[hand]
    assert written.path is not None
    meddle(written.path, statement)
    found = await verified(written)
    assert isinstance(found, log.Broken), hand
    assert found.seq == where
    assert str(where) in found.reason


async def test_two_entries_that_change_places_are_found(written: Database) -> None:
    assert written.path is not None
    meddle(
        written.path,
        "UPDATE log SET seq = 99 WHERE seq = 3",
        "UPDATE log SET seq = 3 WHERE seq = 4",
        "UPDATE log SET seq = 4 WHERE seq = 99",
    )
    found = await verified(written)
    assert isinstance(found, log.Broken)
    assert found.seq == 3


ENDS = {
    "the last entry is removed": ("DELETE FROM log WHERE seq = 6", 6),
    "the last three are removed": ("DELETE FROM log WHERE seq > 3", 4),
    "all are removed": ("DELETE FROM log", 1),
    "the note of the last entry is removed": ("DELETE FROM facts WHERE name = 'log.head'", 7),
    "the note of the last entry is changed": ("UPDATE facts SET value = '5 x' WHERE name = 'log.head'", 6),
}


@pytest.mark.parametrize("hand", ENDS)
async def test_a_hand_at_the_end_is_found_by_the_note_of_the_last_entry(written: Database, hand: str) -> None:
    statement, where = ENDS[hand]
    assert written.path is not None
    meddle(written.path, statement)
    found = await verified(written)
    assert isinstance(found, log.Broken), hand
    assert found.seq == where


async def test_a_forged_entry_with_the_right_hash_is_found(written: Database) -> None:
    assert written.path is not None
    forge(written.path)
    found = await verified(written)
    assert isinstance(found, log.Broken)
    assert found.seq == ENTRIES + 1


def forge(path: Path) -> None:
    """Append an entry as one would who knows how hashes are made."""
    with closing(sqlite3.connect(path)) as file, file:
        seq, previous = file.execute("SELECT max(seq), hash FROM log").fetchone()
        fields = (NOW.isoformat(), 1, 1, "duty.log", "W1", "没有的事", "{}")
        digest = log.entry_hash(previous, seq + 1, fields)
        file.execute(
            "INSERT INTO log SELECT seq + 1, at, 1, 1, 'duty.log', 'W1', '没有的事', '{}', hash, ?"
            " FROM log WHERE seq = ?",
            (digest, seq),
        )


COLUMNS = ("at", "room_id", "person_id", "act", "subject", "text", "data", "previous", "hash")


def any_hand(path: Path, dice: random.Random) -> tuple[str, int]:
    """Change, remove, exchange or append one entry at random; return what was done and the entry it is found at."""
    with closing(sqlite3.connect(path)) as file:
        count = file.execute("SELECT max(seq) FROM log").fetchone()[0]
    one, other = sorted(dice.sample(range(1, count + 1), 2))
    column, kind = dice.choice(COLUMNS), dice.randrange(4)
    if kind == 0:
        with closing(sqlite3.connect(path)) as file:
            before = file.execute(f"SELECT {column} FROM log WHERE seq = ?", (one,)).fetchone()[0]  # noqa: S608 - names from this file
        after = (before or 0) + dice.choice([-1, 1]) if not isinstance(before, str) else altered(before, dice)
        value = after if isinstance(after, int) else f"'{after}'"
        meddle(path, f"UPDATE log SET {column} = {value} WHERE seq = {one}")  # noqa: S608 - same
        return f"{column} of {one} changed from {before!r} to {after!r}", one
    if kind == 1:
        meddle(path, f"DELETE FROM log WHERE seq = {one}")  # noqa: S608 - same
        return f"{one} removed", one
    if kind == 2:
        meddle(
            path,
            f"UPDATE log SET seq = -1 WHERE seq = {one}",  # noqa: S608 - same
            f"UPDATE log SET seq = {one} WHERE seq = {other}",  # noqa: S608 - same
            f"UPDATE log SET seq = {other} WHERE seq = -1",  # noqa: S608 - same
        )
        return f"{one} and {other} exchanged", one
    forge(path)
    return "one appended", count + 1


def altered(text: str, dice: random.Random) -> str:
    """Return a text that differs by one character put in, taken out or replaced."""
    at = dice.randrange(len(text) + 1)
    cut = text[:at] + dice.choice(["", "x", "一", " "]) + text[at + dice.randrange(2) :]
    return cut if cut != text else f"{text}0"


async def test_any_single_hand_in_the_log_is_found_and_named(written: Database, tmp_path: Path) -> None:
    assert written.path is not None
    await written.close()
    for seed in range(200):
        path = tmp_path / "meddled.sqlite3"
        shutil.copyfile(written.path, path)
        done, where = any_hand(path, random.Random(seed))
        copy = Database(f"sqlite+aiosqlite:///{path}", ZONE)
        found = await verified(copy)
        await copy.close()
        path.unlink()
        assert isinstance(found, log.Broken), f"seed {seed}: {done}"
        assert found.seq == where, f"seed {seed}: {done}, found: {found.reason}"


async def test_a_log_longer_than_is_read_at_once_is_whole(empty: Database) -> None:
    count = log.AT_ONCE + 2
    async with empty.write() as tx:
        await log.append_all(tx, NOW, [log.New(1, "duty.log", "W1", "一件事")] * count)
    found = await verified(empty)
    assert isinstance(found, log.Verified)
    assert found.count == count


async def test_the_database_itself_refuses_to_change_an_entry(written: Database) -> None:
    for statement in (update(table).values(text="x"), delete(table)):
        with pytest.raises(StorageFailed, match="append-only"):
            async with written.write() as tx:
                await tx.run(statement)
    assert isinstance(await verified(written), log.Verified)


async def test_an_entry_of_a_unit_that_fails_is_no_entry(written: Database) -> None:
    with contextlib.suppress(BrokenOff):
        async with written.write() as tx:
            await log.append(tx, NOW, 1, "duty.log", "", "不作数")
            raise BrokenOff
    async with written.write() as tx:
        assert await log.append(tx, NOW, 1, "duty.log", "", "作数") == ENTRIES + 1
    assert isinstance(await verified(written), log.Verified)

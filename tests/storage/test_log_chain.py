"""The log takes entries only at its end, and its chain shows every later hand in it (P7)."""

import contextlib

import pytest
from sqlalchemy import delete, update

from storage import log
from storage.database import Database, StorageFailed
from storage.schema import log as table
from tests.storage.conftest import NOW, BrokenOff, meddle

ENTRIES = 6


@pytest.fixture
async def db(db: Database) -> Database:
    """Return a database with a few entries."""
    async with db.write() as tx:
        for number in range(1, ENTRIES + 1):
            await log.append(tx, NOW, 1, "duty.log", "W1", f"第 {number} 件事", number=number)
    return db


async def verified(db: Database) -> log.Verified | log.Broken:
    """Return what a check of the chain says."""
    async with db.read() as tx:
        return await log.verify(tx)


async def test_an_untouched_chain_is_whole(db: Database) -> None:
    found = await verified(db)
    assert isinstance(found, log.Verified)
    assert found.count == ENTRIES


async def test_an_empty_log_is_whole(db: Database) -> None:
    assert db.path is not None
    meddle(db.path, "DELETE FROM log")
    assert await verified(db) == log.Verified(0, log.GENESIS)


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
async def test_every_hand_in_the_log_is_found_and_named(db: Database, hand: str) -> None:
    statement, where = HANDS[hand]
    assert db.path is not None
    meddle(db.path, statement)
    found = await verified(db)
    assert isinstance(found, log.Broken), hand
    assert found.seq == where
    assert str(where) in found.reason


async def test_two_entries_that_change_places_are_found(db: Database) -> None:
    assert db.path is not None
    meddle(
        db.path,
        "UPDATE log SET seq = 99 WHERE seq = 3",
        "UPDATE log SET seq = 3 WHERE seq = 4",
        "UPDATE log SET seq = 4 WHERE seq = 99",
    )
    found = await verified(db)
    assert isinstance(found, log.Broken)
    assert found.seq == 3


async def test_a_cut_off_end_shows_only_against_a_head_kept_elsewhere(db: Database) -> None:
    before = await verified(db)
    assert db.path is not None
    meddle(db.path, "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
    after = await verified(db)
    assert isinstance(before, log.Verified)
    assert isinstance(after, log.Verified)
    assert (after.count, after.head) != (before.count, before.head)


async def test_the_database_itself_refuses_to_change_an_entry(db: Database) -> None:
    for statement in (update(table).values(text="x"), delete(table)):
        with pytest.raises(StorageFailed, match="append-only"):
            async with db.write() as tx:
                await tx.run(statement)
    assert isinstance(await verified(db), log.Verified)


async def test_an_entry_of_a_unit_that_fails_is_no_entry(db: Database) -> None:
    with contextlib.suppress(BrokenOff):
        async with db.write() as tx:
            await log.append(tx, NOW, 1, "duty.log", "", "不作数")
            raise BrokenOff
    async with db.write() as tx:
        assert await log.append(tx, NOW, 1, "duty.log", "", "作数") == ENTRIES + 1
    assert isinstance(await verified(db), log.Verified)

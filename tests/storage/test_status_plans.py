"""What 状态 counts is found by index: neither all that was ever sent nor all that ever came is gone through."""

import sqlite3
from contextlib import closing

from storage import inbox, outbox
from storage.database import Database
from tests.storage.conftest import NOW
from tests.storage.test_dutylog_plans import watched


async def test_no_count_goes_through_what_is_over(db: Database) -> None:
    async with db.write() as tx:
        await inbox.keep(tx, NOW, [({"update_id": n}, True) for n in range(3)])
        await inbox.done(tx, NOW, [0, 1])
        await inbox.done(tx, NOW, [2], "a traceback")
    with watched(db) as noted:
        async with db.read() as tx:
            await outbox.ages(tx)
            await outbox.oldest(tx)
            await inbox.unhandled(tx)
            assert await inbox.set_aside(tx) == 1
    counts = [(s, v) for s, v in noted if "FROM inbox" in s or "FROM outbox" in s]
    assert len(counts) == 4
    assert db.path is not None
    with closing(sqlite3.connect(db.path)) as connection:
        for statement, values in counts:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            walks = [step for step in plan if step.startswith("SCAN") and "ix_inbox_set_aside" not in step]
            assert not walks, (plan, statement)

"""No search of the duty log walks the whole log: it grows for years, and the searches hold up the room."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from actions import dutylog, dutylog_search
from domain.actor import Actor, PostHeld
from domain.people import Role
from storage import log
from storage.database import Database
from tests.storage.conftest import NOW

READER = Actor(1, "刘芳", "", "", 101, (PostHeld(Role.OFFICER, None, "", None),))
WHOLE_ACT = re.compile(r"ix_log_act_seq \(act=\?\)")
ASKED = ("", "昨天", "7.25 刘芳", "刘芳", "E7", "E7 7.25", "L1", "漏水", "到岗")


@contextmanager
def watched(db: Database) -> Iterator[list[tuple[str, Any]]]:
    """Note every statement that is read with, and its values."""
    engine, noted = db._reader.sync_engine, list[tuple[str, Any]]()

    def note(_c: object, _k: object, statement: str, values: object, *_: object) -> None:
        noted.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield noted
    event.remove(engine, "before_cursor_execute", note)


async def test_every_search_goes_by_number_time_or_event(db: Database) -> None:
    async with db.write() as tx:
        first = await log.append(tx, NOW, 1, "duty.log", "", "漏水")
        await dutylog.correct(tx, READER, NOW, first, "不漏")
        for number in range(30):
            await log.append(tx, NOW, 1, "duty.log", "E7", f"漏水 {number}")
    with watched(db) as noted:
        async with db.read() as tx:
            for asked in ASKED:
                await dutylog_search.search(tx, READER, NOW, asked, {"shift.arrived": "到岗"})
            await dutylog.day(tx, NOW.astimezone(tx.zone).date())
    statements = {(s, repr(v)): (s, v) for s, v in noted if "FROM log" in s}.values()
    assert len(statements) > len(ASKED)
    assert db.path is not None
    with closing(sqlite3.connect(db.path)) as connection:
        for statement, values in statements:
            plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            walks = [step for step in plan if step.startswith("SCAN log") or WHOLE_ACT.search(step)]
            assert not walks, (plan, statement)


@pytest.mark.parametrize("asked", ASKED)
async def test_every_search_of_an_empty_log_is_answered(db: Database, asked: str) -> None:
    async with db.read() as tx:
        found = await dutylog_search.search(tx, READER, NOW, asked, {})
    assert found.kind() in ("dutylog.log_found", "base.not_found")


async def test_it_is_asked_in_the_act_itself_who_may_read(db: Database) -> None:
    reporter = Actor(2, "李强", "", "", 102, (PostHeld(Role.REPORTER, None, "", None),))
    async with db.read() as tx:
        refused = await dutylog_search.search(tx, reporter, NOW, "", {})
    assert refused.kind() == "base.not_allowed"

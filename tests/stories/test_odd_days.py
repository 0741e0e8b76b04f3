"""Days that calendars make odd: an hour less, an hour more, the 29th of February."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from storage.schema import shifts
from tests.stories.room import ZONE, Room
from tests.stories.test_duty_day import BLUE

ADMIN = "宋倩"
BERLIN = ZoneInfo("Europe/Berlin")
ODD = {
    "an hour less": (datetime(2026, 3, 29, 1, 55, tzinfo=BERLIN), 23, "03:05"),
    "an hour more": (datetime(2026, 10, 25, 2, 55, tzinfo=BERLIN), 25, "02:05"),
}


async def holds_the_watch(room: Room) -> str:
    """Return who `值班` says is on duty."""
    found = re.search(r"^主班：(\S+)", (await room.types(ADMIN, "值班"))[-1], re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("odd", ODD)
async def test_where_clocks_change_ten_minutes_are_ten_and_the_watch_has_no_gap(
    tmp_path: Path, odd: str
) -> None:
    now, hours, limit = ODD[odd]
    room = await Room(tmp_path / "data", now.astimezone(UTC), timezone="Europe/Berlin").open()
    await room.lay_street()
    officer = await holds_the_watch(room)
    await room.types(officer, BLUE)
    await room.presses(officer, "下发")
    assert f"{limit} 截止" in "\n".join(room.heard(officer)), "told by the clock on the wall"
    await room.fast_forward(minutes=9.5)
    assert not [said for said in room.heard(officer) if "已过时限" in said]
    await room.fast_forward(minutes=1)
    assert [said for said in room.heard(officer) if "已过时限" in said], (
        "the call list, due then too, says it"
    )
    async with room.app.db.read() as tx:
        rows = await tx.all(
            select(shifts.c.starts_at, shifts.c.ends_at)
            .where(shifts.c.post == "officer")
            .order_by(shifts.c.starts_at)
        )
    spans = [(row.starts_at, row.ends_at) for row in rows]
    assert all(end == start for (_, end), (start, _) in pairwise(spans)), "no gap, no overlap"
    assert [(end - start) / timedelta(hours=1) for start, end in spans[:4]].count(hours) == 1
    assert {start.astimezone(BERLIN).strftime("%H:%M") for start, _ in spans} == {"08:30"}
    await room.close()


async def test_the_29th_of_february_is_a_day_like_any_other(tmp_path: Path) -> None:
    room = await Room(tmp_path / "data", datetime(2028, 2, 28, 10, 0, tzinfo=ZONE)).open()
    await room.lay_street()
    before = await holds_the_watch(room)
    await room.fast_forward(hours=22.3)
    await room.types(before, "记录 水位正常")
    assert "水位正常" in (await room.types(ADMIN, "日志 2.29"))[-1]
    assert "沽水街道2028年2月值班表.xlsx" in (await room.types(ADMIN, "值班表 2028-02"))[-1]
    await room.types(before, "交班")
    await room.presses(before, "交班")
    await room.fast_forward(minutes=15)
    after = next(name for name in room.ids if "接班" in room.buttons(name))
    await room.types(after, "接班 H1")
    assert await holds_the_watch(room) == after != before
    await room.close()

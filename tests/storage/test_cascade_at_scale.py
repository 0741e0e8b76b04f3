"""The cascade in sets: its order by level, its counts, many acknowledgements at once, which cards are edited first."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from actions import callout as act
from domain.actor import Actor
from domain.notice import Priority
from domain.notices import callout as say
from domain.people import Role, UnitLevel
from storage import bulletin, callout, card, log, outbox, people
from storage.callout import Group
from storage.card import Placed
from storage.database import Database, Tx
from storage.schema import contacts
from tests.storage.conftest import NOW

LEVELS = ("village", "grid")
ORDER = say.Order.kind()


async def lay(tx: Tx, villages: int = 2, grids: int = 3) -> int:
    """Lay in villages as a sheet does, each with its grids; each person is B of the unit before; open a cascade."""
    told: list[tuple[int, int]] = []
    for v in range(villages):
        village = await people.put_unit(tx, f"村{v}", UnitLevel.VILLAGE, None)
        told.append((village, await people.add_person(tx, f"村民{v}", telegram_id=1000 + v)))
        for g in range(grids):
            grid = await people.put_unit(tx, f"村{v}格{g}", UnitLevel.GRID, village)
            told.append((grid, await people.add_person(tx, f"格员{v}{g}", telegram_id=2000 + 10 * v + g)))
    for (unit, person), (_, b) in zip(told, [*told[1:], told[0]], strict=True):
        await people.give_post(tx, person, Role.CONTACT, unit, "A")
        await people.give_post(tx, b, Role.CONTACT, unit, "B")
    key = await bulletin.add(tx, raw="原文", reading={}, action="new", colour="红", received_at=NOW)
    await bulletin.move(tx, key, "draft", "live", dispatched_at=NOW)
    await callout.open_cascade(tx, key, LEVELS, None, "2026-07-25")
    return key


async def named(tx: Tx, *names: str) -> list[Actor]:
    """Return people by name."""
    return [(await people.by_name(tx, name))[0] for name in names]


async def names_of(tx: Tx, sendings: list[outbox.Sending]) -> list[str]:
    """Return whom messages go to."""
    known = await people.by_ids(tx, [s.person_id for s in sendings if s.person_id])
    return [known[s.person_id or 0].name for s in sendings]


async def test_every_village_is_told_before_any_grid_whatever_the_order_of_the_sheet(db: Database) -> None:
    async with db.write() as tx:
        key = await lay(tx)
        assert await callout.tell(tx, NOW, key, ORDER, Priority.LIFE, Group.ALL) == 8
        told = await names_of(tx, await outbox.claim(tx, NOW, 10, ()))
    assert told == ["村民0", "村民1", "格员00", "格员01", "格员02", "格员10", "格员11", "格员12"]


async def test_each_person_finds_the_units_of_both_duties(db: Database) -> None:
    async with db.write() as tx:
        key = await lay(tx)
        a, b = await named(tx, "村民0", "格员00")
        found = await callout.of_people(tx, key, [a.id, b.id, 999])
    assert {p: [c.unit for c in units] for p, units in found.items()} == {
        a.id: ["村0", "村1格2"],
        b.id: ["村0", "村0格0"],
        999: [],
    }


async def test_counts_and_the_first_silent_come_without_the_rest(db: Database) -> None:
    async with db.write() as tx:
        key = await lay(tx)
        (village,) = await named(tx, "村民0")
        await act.acknowledge(tx, village, NOW, key)
        tried = next(c for c in await callout.silent(tx, key) if c.unit == "村0格1")
        await callout.add_call(tx, NOW, tried.id, village.id, reached=False, who="", number="")
        totals = {t.level: (t.total, t.acked, t.passed) for t in await callout.totals(tx, key)}
        silent = await callout.silent(tx, key, limit=2)
        everybody = await callout.silent(tx, key)
        count = await callout.count_silent(tx, key)
        listed = await callout.silent(tx, key, listed=True), await callout.count_silent(tx, key, listed=True)
    assert totals == {"village": (2, 1, 0), "grid": (6, 0, 0)}
    assert [c.unit for c in silent] == ["村1", "村0格0"]
    assert [c.unit for c in everybody[-2:]] == ["村1格2", "村0格1"], (
        "the one called in vain is the last of its level"
    )
    assert (everybody[-1].id, count) == (tried.id, 7)
    assert listed == ([], 0)


async def test_many_acknowledge_at_once_and_each_is_recorded_and_logged(db: Database) -> None:
    async with db.write() as tx:
        key = await lay(tx)
        readers = await named(tx, "村民0", "刘芳", "格员00", "村民1")
        answers = await act.acknowledge_all(tx, readers, NOW, key)
        rows = await tx.all(select(contacts.c.acked_by).where(contacts.c.acked_at.is_not(None)))
        entries = await log.entries(tx, act="callout.acked")
        verified = await log.verify(tx)
    assert [type(a).__name__ for a in answers] == ["Acknowledged", "NotYours", "Acknowledged", "Acknowledged"]
    assert {r.acked_by for r in rows} == {readers[0].id, readers[2].id, readers[3].id}
    assert [e.text for e in entries] == ["村0", "村0格0", "村1"]
    assert isinstance(verified, log.Verified)


async def test_of_a_and_b_at_once_the_first_counts_and_the_second_hears_who_it_was(db: Database) -> None:
    async with db.write() as tx:
        key = await lay(tx)
        a, b = await named(tx, "格员11", "格员12")
        own = (await callout.of_people(tx, key, [a.id]))[a.id]
        (shared,) = [c for c in own if c.b_id == b.id]
        await callout.stamp(tx, NOW, [shared.id], "b_told_at")
        first, second = await act.acknowledge_all(tx, [b, a], NOW, key)
    assert isinstance(first, say.Acknowledged)
    assert isinstance(second, say.AlreadyAcknowledged)
    assert (first.units, second.by, second.at) == (("村1格1", "村1格2"), "格员12", NOW)


@pytest.mark.parametrize("last", [(), ("callout.order",)])
async def test_receipts_are_edited_after_the_cards_somebody_leads_by(
    db: Database, last: tuple[str, ...]
) -> None:
    gap = timedelta(seconds=3)
    async with db.write() as tx:
        receipts = [Placed("callout.order", "W1", None, chat, 1, "") for chat in range(1, 6)]
        await card.place(tx, NOW - gap, [*receipts, Placed("callout.progress", "W1", None, 9, 1, "")])
        await card.touch(tx, NOW, "W1", ["callout.order"])
        await card.touch(tx, NOW, "W1")
        found = await card.stale(tx, NOW, gap, 2, last)
    assert [c.chat_id for c in found] == ([9, 1] if last else [1, 2])


async def test_a_card_takes_the_place_of_the_older_one_in_its_chat(db: Database) -> None:
    async with db.write() as tx:
        assert (
            await card.place(tx, NOW, [Placed("x.card", "W1", None, chat, 10 + chat, "") for chat in (1, 2)])
            == {}
        )
        new = [Placed("x.card", "W1", None, chat, 20 + chat, "") for chat in (2, 3)]
        older = await card.place(tx, NOW, new)
        standing = [await card.find(tx, "x.card", "W1", chat) for chat in (1, 2, 3)]
    assert older == {new[0]: 12}
    assert [c.message_id for c in standing if c] == [11, 22, 23]

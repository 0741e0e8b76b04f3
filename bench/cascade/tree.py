"""A unit tree of any size in storage, in the order of a sheet: each village with its grids, then the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select

from config.demo import FIRST, SECOND, SURNAMES
from domain.people import Role
from storage.database import Tx
from storage.people import add_person, give_post
from storage.schema import people, posts_held, units

OFFICERS = ("刘芳", "陈刚")
LEADERS = ("王志强", "李建国")
ADMIN = "宋倩"
LEVELS = ("street", "village", "grid")
ACCOUNTS = 1_000_000
"""Accounts are numbered from here; whoever answers for unit 7 has 1000007, the office's people come below."""
CHUNK = 5000


@dataclass(frozen=True)
class Shape:
    """How many units of each level a warning goes to; districts stand above them."""

    districts: int
    streets: int
    villages: int
    grids: int

    @property
    def contacts(self) -> int:
        """How many units are told."""
        return self.streets + self.villages + self.grids


HUNDRED = Shape(1, 1, 11, 88)
THOUSAND = Shape(1, 10, 200, 790)
STREET = Shape(1, 1, 22, 177)
CITY = Shape(16, 252, 5617, 16131)
"""16 districts, 252 streets, 5,617 villages and communities, grids to make 22,000."""


def _below(parents: int, children: int, parent: int) -> range:
    """Return which children stand below a parent when they are spread evenly."""
    return range(-(-parent * children // parents), -(-(parent + 1) * children // parents))


def walk(shape: Shape) -> Iterator[tuple[str, int]]:
    """Yield level and the number of the unit above (counted from 1, 0: none), from the top down."""
    last = 0
    for district in range(shape.districts):
        yield "superior", 0
        last += 1
        above_streets = last
        for street in _below(shape.districts, shape.streets, district):
            yield "street", above_streets
            last += 1
            above_villages = last
            for village in _below(shape.streets, shape.villages, street):
                yield "village", above_villages
                last += 1
                above_grids = last
                for _ in _below(shape.villages, shape.grids, village):
                    yield "grid", above_grids
                    last += 1


def _name(n: int) -> str:
    return (
        SURNAMES[n % 40]
        + FIRST[n // 40 % 20]
        + SECOND[n // 800 % 20]
        + (chr(0x4E00 + n // 16000) * (n >= 16000))
    )


async def lay(tx: Tx, shape: Shape) -> list[int]:
    """Lay in units, one person for each, who is B-role of the next one, and the office; return the accounts told."""
    rows = list(walk(shape))
    there = [n for n, (level, _) in enumerate(rows, 1) if level in LEVELS]
    await _insert(tx, units, (_unit(tx, n, *row) for n, row in enumerate(rows, 1)))
    await _insert(tx, people, (_person(tx, n) for n in there))
    for table in (units, people):
        await _numbered(tx, table)
    await _insert(tx, posts_held, (_post(n, n, "A") for n in there))
    await _insert(
        tx, posts_held, (_post(a, n, "B") for n, a in zip(there, [*there[1:], there[0]], strict=True))
    )
    office = [(name, Role.OFFICER) for name in OFFICERS] + [(name, Role.LEADER) for name in LEADERS]
    for number, (name, role) in enumerate([*office, (ADMIN, Role.ADMIN)], 1):
        await give_post(tx, await add_person(tx, name, "", f"1390000{number:04}", number), role)
    return [ACCOUNTS + n for n in there]


def _unit(tx: Tx, n: int, level: str, above: int) -> dict[str, Any]:
    return {"id": n, "room_id": tx.room, "name": f"{level}{n}", "parent_id": above or None, "level": level}


def _person(tx: Tx, n: int) -> dict[str, Any]:
    phone = f"138{n:08}"
    return {"id": n, "room_id": tx.room, "name": _name(n), "phone": phone, "telegram_id": ACCOUNTS + n}


def _post(unit: int, person: int, ab: str) -> dict[str, Any]:
    return {"person_id": person, "unit_id": unit, "role": "contact", "ab": ab}


async def _numbered(tx: Tx, table: Table) -> None:
    """Let PostgreSQL number further rows after those that brought their numbers; SQLite does so by itself."""
    if tx.conn.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        await tx.run(select(func.setval(sequence, select(func.max(table.c.id)).scalar_subquery())))


async def _insert(tx: Tx, table: Any, rows: Iterator[dict[str, Any]]) -> None:  # noqa: ANN401 - a table
    waiting = list(rows)
    for start in range(0, len(waiting), CHUNK):
        await tx.run(table.insert(), waiting[start : start + CHUNK])

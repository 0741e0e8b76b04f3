"""Changes of rules: written with what they undo, so that undoing twice goes two steps back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import Tx
from storage.schema import rule_changes


@dataclass(frozen=True)
class Standing:
    """The newest change that is neither an undoing nor undone, and the value its key had before it."""

    id: int
    key: str
    value: str | None
    before: str | None


async def newest_standing(tx: Tx) -> Standing | None:
    """Return the change that 撤销 takes back next, None when all are taken back."""
    rows = await tx.all(select(rule_changes).order_by(rule_changes.c.id))
    undone = {r.undoes for r in rows}
    standing = [r for r in rows if r.undoes is None and r.id not in undone]
    if not standing:
        return None
    last = standing[-1]
    before = next((r.value for r in reversed(standing[:-1]) if r.key == last.key), None)
    return Standing(last.id, last.key, last.value, before)


async def undo(tx: Tx, now: datetime, standing: Standing, by: int) -> int:
    """Write the change that takes another back and return its version."""
    tx.ruled = True
    return await tx.add(
        rule_changes, key=standing.key, value=standing.before, by_id=by, at=now, undoes=standing.id
    )

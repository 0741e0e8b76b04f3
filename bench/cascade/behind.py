"""A red warning to 120 people while 25,000 routine messages wait, under the public limits."""

from datetime import timedelta
from time import perf_counter

from sqlalchemy import func, insert, select

from bench.cascade.office import Office, office, running
from bench.cascade.tree import Shape
from bench.table import Row
from domain.notice import Priority
from domain.notices.base import Alarm
from storage.schema import outbox, people

PLACE = Shape(1, 1, 19, 100)
ROUTINE = 25_000
CHUNK = 5_000


async def measure() -> list[Row]:
    """Lay the routine messages up, dispatch among them, and wait until the last of the 120 was accepted."""
    async with office(PLACE, "--limits") as one:
        await _routine(one)
        number = await one.receive()
        async with running(one.app):
            while not one.notes.accepted:  # the routine ones are on their way
                await one.sent(1, 0.2)
            began = perf_counter()
            committed = await one.dispatch(number)
            ours = len(one.notes.accepted)
            told = await _told(one, ours)
            last = told[-1][0]
            await one.sent(10**9, 3)
    everything = sorted(at for at, _ in one.notes.accepted)
    most = max(sum(at <= other < at + 1 for other in everything) for at in everything)
    least = PLACE.contacts / 30
    return [
        Row(
            f"{PLACE.contacts} people, red, behind {ROUTINE:,} routine: last one accepted", last - began, 5.0, "s",
            f"ceiling {least:.1f} s: {PLACE.contacts} at 30/s; committed after {committed:.2f} s",
        ),
        Row("  told", len({chat for _, chat in told}), None, "", least=PLACE.contacts),
        Row("  most sends accepted in any one second", most, 30, "/s", f"{len(everything)} in all"),
    ]  # fmt: skip


async def _told(one: Office, since: int) -> list[tuple[float, int]]:
    """Return when the warning was accepted for each of the tree: routine messages go to chats outside of it."""
    await one.sent(PLACE.contacts, 60, since=since)
    known = one.accounts[0]
    return [(at, chat) for at, chat in one.notes.accepted[since:] if chat >= known][: PLACE.contacts]


async def _routine(one: Office) -> None:
    """Promise routine messages to the office's own five people, who are read least of all."""
    now = one.app.clock.now()
    notice = Alarm(text="常规", at=now)
    async with one.app.db.write() as tx:
        most = int(await tx.value(select(func.count()).select_from(people)) or 0)
        for start in range(0, ROUTINE, CHUNK):
            await tx.run(insert(outbox), [
                {
                    "kind": notice.kind(), "subject": "", "data": notice.model_dump(mode="json"), "person_id": None,
                    "chat_id": 1 + n % min(5, most), "priority": int(Priority.DIGEST), "state": "pending",
                    "not_before": now - timedelta(seconds=1), "created_at": now,
                }
                for n in range(start, start + CHUNK)
            ])  # fmt: skip

"""What an arrival or its failure means for the event: receipt starts a contact's clock, silence of the line climbs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions import duty
from actions.callout_ladder import unreachable as callout_unreachable
from domain.actor import Actor
from domain.notice import Notice, Priority
from domain.notices import callout as say
from domain.notices.base import Alarm
from storage import callout, log, outbox, people, room
from storage.database import Tx

CALLOUT = {n.kind() for n in (say.Order, say.ToldB, say.Reminder, say.Reshown)}


@dataclass(frozen=True)
class Instead:
    """A message that could not reach its person, as it has to reach a stand-in."""

    row: int
    priority: int
    data: dict[str, Any]


async def delivered(tx: Tx, now: datetime, messages: Iterable[tuple[str, str, int | None]]) -> None:
    """These messages (kind, subject, person) arrived."""
    told: dict[str, list[int]] = {}
    for kind, subject, person in messages:
        if kind == say.Order.kind() and person is not None:
            told.setdefault(subject, []).append(person)
    for subject, people_told in told.items():
        await callout.delivered(tx, now, int(subject[1:]), people_told)


async def unreachable(
    tx: Tx,
    now: datetime,
    kind: str,
    subject: str,
    person: int | None,
    why: str,
    instead: Instead | None = None,
) -> None:
    """The person cannot be written to: the B-role and the call list take over, the admin hears it once a day."""
    if person is None:
        return
    await people.blocked(tx, person, now)
    if kind in CALLOUT:
        await callout_unreachable(tx, now, subject, person, why)
    who = await people.by_id(tx, person)
    if who is None:
        return
    if instead is not None and kind not in CALLOUT and instead.priority <= Priority.CLOCK:
        await _to_stand_ins(tx, now, kind, subject, who, instead)
    await log.append(tx, now, person, "person.unreachable", subject, why)
    if not await people.is_active(tx, person):
        return  # revoked since it was written to: nobody is to be invited again
    text = f"{who.name} {who.phone} 收不到消息（{why}），请核实并重新邀请"
    for admin in await duty.admins(tx):
        if admin.id != person:
            key = f"unreachable:{person}:{now.astimezone(tx.zone):%Y%m%d}:{admin.id}"
            await outbox.say(tx, now, Alarm(text=text, at=now), person=admin.id, key=key)


async def _to_stand_ins(
    tx: Tx, now: datetime, kind: str, subject: str, absent: Actor, instead: Instead
) -> None:
    for reader in await duty.stand_ins(tx, now, absent):
        if await outbox.promised(tx, f"{kind}:{subject}:P{reader.id}"):
            continue  # has the same message by right
        if await outbox.told(tx, kind, subject, reader.id, instead.data):
            continue  # has these very words already, by right or for another who cannot be reached
        await outbox.say_live(
            tx,
            now,
            Notice.registry[kind],
            subject,
            person=reader.id,
            key=f"instead:{instead.row}:{reader.id}",
            priority=Priority(instead.priority),
            data=instead.data,
        )


async def moved(tx: Tx, old: int, new: int) -> None:
    """The room's group has a new number."""
    if await room.group(tx) == old:
        await room.set_group(tx, new)


async def alarm(tx: Tx, now: datetime, text: str, key: str) -> None:
    """Tell every admin once per key."""
    for admin in await duty.admins(tx):
        await outbox.say(tx, now, Alarm(text=text, at=now), person=admin.id, key=f"alarm:{key}:{admin.id}")

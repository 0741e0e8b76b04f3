"""The response to an incident as each reader sees it now."""

from collections.abc import Sequence
from datetime import datetime

from actions import duty
from actions.view import Asked, view
from config.tables import load_response
from domain.actor import Actor
from domain.evacuation_text import is_about
from domain.notices import response as say
from domain.people import Role, UnitLevel
from storage import bulletin, evacuee, incident, partner, people, task
from storage.bulletin import Bulletin
from storage.database import Tx
from storage.incident import Incident
from storage.partner import Member, Partner

ROOM = (Role.OFFICER, Role.DEPUTY, Role.LEADER)
"""Who acts in a response."""
SHOWN = 8
"""How many instructions a card lists."""


async def members(tx: Tx, now: datetime, unit_ids: Sequence[int]) -> list[Member]:
    """Return who answers for these units today; of a unit above everybody of the duty room there."""
    found = await partner.members(tx, unit_ids, now.astimezone(tx.zone).date().isoformat())
    above = [u for u in await partner.units_of(tx, UnitLevel.SUPERIOR) if u in unit_ids]
    if not above:
        return found
    superiors = await duty.superiors(tx)
    within = await people.reachable(tx, [p.id for p in superiors])
    return [m for m in found if m.unit_id not in above] + [
        Member(p.id, p.name, p.phone, unit, "", p.id in within) for unit in above for p in superiors
    ]


def before_reopening(i: Incident, row: Partner) -> bool:
    """Return True for what a unit was told or asked before the incident was opened again: it is told anew."""
    return i.reopened_at is not None and row.told_at < i.reopened_at


def to_call(found: Sequence[Member], unit_id: int) -> str:
    """Return whom of a unit to phone: the A-role, else the B-role, else anybody with a number."""
    return next((f"{m.name} {m.phone}" for m in found if m.unit_id == unit_id and m.phone), "")


async def lines(tx: Tx, now: datetime, rows: Sequence[Partner]) -> tuple[say.PartnerLine, ...]:
    """Return how told units stand."""
    found = await members(tx, now, [r.unit_id for r in rows]) if rows else []
    return tuple(
        say.PartnerLine(
            unit_id=r.unit_id,
            unit=r.unit,
            kind=r.kind,
            text=r.text,
            told_by=r.told_by,
            told_at=r.told_at,
            acked_by=r.acked_by,
            acked_at=r.acked_at,
            acked_how=r.acked_how,
            arrived_at=r.arrived_at,
            arrived_text=r.arrived_text or "",
            call=to_call(found, r.unit_id),
            reachable=any(m.reachable for m in found if m.unit_id == r.unit_id),
        )
        for r in rows
    )


async def on_card(tx: Tx, i: Incident, now: datetime) -> say.OnCard:
    """Return what the incident's card says of the response in a group."""
    moved, back = await evacuee.totals(tx, i.id)
    standing = [e for e in await evacuee.of_incident(tx, i.id) if e.withdrawn_at is None] if moved else []
    b = await bulletin.by_id(tx, i.bulletin_id) if i.bulletin_id else None
    return say.OnCard(
        partners=await lines(tx, now, await partner.of_incident(tx, i.id)),
        moved=moved,
        back=back,
        about=any(is_about(e.who) for e in standing),
        tasks=tuple(
            say.TaskLine(
                number=f"T{t.id}",
                text=t.text,
                owner=t.owner or "当班值班员",
                due_at=t.due_at,
                done_at=t.done_at,
                done_by=t.done_by,
            )
            for t in (await task.of_event(tx, i.number))[-SHOWN:]
        ),
        warning=named(b) if b else None,
        offers=(),
        acts=False,
        links=False,
    )


def links(i: Incident, reader: Actor) -> bool:
    """Return True if this reader may join an incident to a warning."""
    return reader.has(Role.OFFICER, Role.DEPUTY) and i.state == "open"


async def offers(tx: Tx, i: Incident) -> tuple[tuple[str, str], ...]:
    """Return the warnings an incident may be joined to, none where it is joined to one."""
    return () if i.bulletin_id else tuple((b.number, named(b)) for b in await fitting(tx, i))


def named(b: Bulletin) -> str:
    """Return how a warning is named in a line."""
    return f"{b.number} {b.hazard or '预警'}{f'{b.colour}色' if b.colour else ''}"


async def fitting(tx: Tx, i: Incident) -> list[Bulletin]:
    """Return the live warnings whose hazard and area fit an incident, newest first."""
    table = load_response()
    found = [b for b in await bulletin.live(tx) if b.action != "cancel" and b.drill == i.drill]
    return [b for b in found if table.belongs(i.subtype, b.hazard) and await _within(tx, b, i)]


async def _within(tx: Tx, b: Bulletin, i: Incident) -> bool:
    """A warning that went to some units only fits an incident in one of them, or at a place that names no unit."""
    if not b.scope:
        return True
    units = {unit.id: unit for unit in (await people.all_units(tx)).values()}
    place = i.place or i.raw
    there = {
        key
        for key, unit in units.items()
        if unit.level is UnitLevel.VILLAGE and (unit.name.removesuffix("社区") or unit.name) in place
    }
    tags = await people.tags(tx)
    scope = {key for word in b.scope for key in tags.get(word, [])}
    scope |= {key for key, unit in units.items() if unit.name in b.scope}
    return not there or bool(there & (scope | {units[key].parent_id for key in scope if key in units}))


@view(say.Partners)
async def partners(tx: Tx, asked: Asked) -> say.Partners | None:
    """Return the partner units: whom to tell, how the told ones stand."""
    i = await incident.by_id(tx, asked.number)
    if i is None or i.state not in ("open", "closed"):
        return None
    rows = await partner.of_incident(tx, i.id)
    told = {r.unit_id for r in rows if r.kind == "told" and not before_reopening(i, r)}
    likely = load_response().units_for(i.subtype)
    units = await partner.units_of(tx, UnitLevel.PARTNER)
    ranks = {key: _rank(name, likely) for key, name in units.items()}
    return say.Partners(
        drill=i.drill,
        number=i.number,
        title=i.title,
        running=i.state == "open",
        units=tuple(
            say.UnitLine(id=key, name=units[key], likely=ranks[key] < len(likely))
            for key in sorted(units, key=lambda key: (ranks[key], key))
            if key not in told
        ),
        lines=await lines(tx, asked.now, rows),
    )


def _rank(name: str, likely: Sequence[str]) -> int:
    return next((place for place, word in enumerate(likely) if word in name), len(likely))


async def rows_of(tx: Tx, who: Actor, incident_id: int) -> list[Partner]:
    """Return what this person's units were told or asked in an incident."""
    own = await units_of(tx, who)
    return [r for r in await partner.of_incident(tx, incident_id) if r.unit_id in own]


async def units_of(tx: Tx, who: Actor) -> set[int]:
    """Return the units this person answers for; whoever is of the duty room above, for every unit above."""
    roles = (Role.CONTACT, Role.REPORTER, Role.SUPERIOR)
    own = {post.unit_id for post in who.posts if post.unit_id is not None and post.role in roles}
    return own | (set(await partner.units_of(tx, UnitLevel.SUPERIOR)) if who.has(Role.SUPERIOR) else set())


@view(say.Call)
async def call(tx: Tx, asked: Asked) -> say.Call | None:
    """Return the incident as this reader's unit was told of it, with how it answered."""
    i = await incident.going_on(tx, asked.number)
    reader = await people.by_id(tx, asked.person_id) if asked.person_id else None
    rows = await rows_of(tx, reader, i.id) if i and reader else []
    if i is None or not rows:
        return None
    rows = [r for r in rows if not before_reopening(i, r)] or rows
    return say.Call(
        drill=i.drill,
        number=i.number,
        title=i.subtype or i.category or "突发事件",
        place=i.place,
        asks=tuple(
            say.Ask(
                unit=r.unit,
                kind=r.kind,
                text=r.text,
                by=r.told_by,
                by_phone=r.told_by_phone,
                at=r.told_at,
                acked_by=r.acked_by,
                acked_at=r.acked_at,
                acked_how=r.acked_how,
                arrived_by=r.arrived_by,
                arrived_at=r.arrived_at,
                arrived_text=r.arrived_text or "",
            )
            for r in rows
        ),
        room=tx.rules.room.name,
        room_phone=tx.rules.room.phone,
        running=i.state == "open",
    )

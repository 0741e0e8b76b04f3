"""The evidence of one event (P7): its acts, texts and answers, and the hash chain they stand in."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from actions.authority import refuse
from actions.callout_record import compile_record
from actions.flash import PRINTED
from actions.incident_views import flash
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.people import Role
from storage import bulletin, chain, evacuee, incident, log, outbox, partner, people
from storage.bulletin import Bulletin
from storage.chain import Link
from storage.database import Tx
from storage.incident import Incident

EXAMPLE = "台账 E7"


async def about(tx: Tx, text: str) -> Bulletin | Incident | Notice:
    """Return the event whose number is written, or what is wrong with that."""
    said = re.fullmatch(r"([EeWw])\s*(\d{1,9})", text.strip())
    if said is None:
        return base.WrongForm(why="请写事件（E）或预警（W）的编号。", example=EXAMPLE)
    kind, key = said[1].upper(), int(said[2])
    event = await (bulletin.by_id(tx, key) if kind == "W" else incident.by_id(tx, key))
    return event or base.NotFound(number=f"{kind}{key}", example=EXAMPLE)


async def pack(tx: Tx, who: Actor, now: datetime, text: str, checked: log.Checked | None = None) -> Notice:
    """Return the evidence of an incident or a warning as plain data; its making is logged.

    `checked`: what a check of the chain just said; without, it is checked in this unit of work.
    """
    if refused := refuse(who, "台账", Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN):
        return refused
    event = await about(tx, text)
    if isinstance(event, Notice):
        return event
    return await _of(tx, who, now, event, checked or await log.verify(tx))


async def _of(
    tx: Tx, who: Actor, now: datetime, event: Bulletin | Incident, verified: log.Checked
) -> say.Evidence:
    links = await chain.segment(tx, event.number)
    warning = isinstance(event, Bulletin)
    title = f"{event.hazard or '预警'}{event.colour or ''}" if isinstance(event, Bulletin) else event.title
    found = say.Evidence(
        number=event.number,
        title=title,
        drill=event.drill,
        at=now,
        raw=event.raw,
        timeline=await _timeline(tx, [link for link in links if link.subject == event.number]),
        reports=await _reports(tx, event) if isinstance(event, Incident) else (),
        figures=() if warning else await _figures(tx, event.id),
        record=await compile_record(tx, now, event, who.name)
        if isinstance(event, Bulletin) and event.dispatched_at
        else None,
        chain=tuple(say.ChainLink.model_validate(asdict(link)) for link in links),
        broken=verified.reason if isinstance(verified, log.Broken) else None,
        by=who.name,
        messages=await _messages(tx, event),
        files=_files(links, event.number),
        copies=_copies(links, event.number),
        partners=() if warning else await _partners(tx, event.id),
        moved=() if warning else await _moved(tx, event.id),
    )
    await log.append(tx, now, who.id, "evidence.packed", "", event.number)
    return found


async def _timeline(tx: Tx, links: Sequence[Link]) -> tuple[say.TimelineRow, ...]:
    names = await people.by_ids(tx, [link.person for link in links if link.person])
    return tuple(
        say.TimelineRow(
            seq=link.seq,
            at=link.when,
            person=names[link.person].name if link.person in names else "系统",
            act=link.act,
            text=link.text,
        )
        for link in links
    )


async def _reports(tx: Tx, i: Incident) -> tuple[say.ReportText, ...]:
    found = await incident.reports_of(tx, i.id)
    names = await people.by_ids(tx, [p for r in found for p in (r.by_id, r.signed_by, r.confirmed_by) if p])
    return tuple(
        [
            say.ReportText(
                stage=r.stage,
                seq=r.seq,
                raw=r.raw,
                state=r.state,
                author=names[r.by_id].name,
                created_at=r.created_at,
                sent_at=r.sent_at,
                signer=names[r.signed_by].name if r.signed_by else None,
                signed_at=r.signed_at,
                confirmer=names[r.confirmed_by].name if r.confirmed_by else r.receipt,
                confirmed_at=r.confirmed_at,
                flash=await flash(tx, i, r) if r.content else None,
            )
            for r in found
        ]
    )


async def _messages(tx: Tx, event: Bulletin | Incident) -> tuple[say.MessageRow, ...]:
    """Return what was said about an event and its reports; a report's receipt is that of the person it went to."""
    reports = await incident.reports_of(tx, event.id) if isinstance(event, Incident) else []
    receipts = {(f"R{r.id}", r.confirmed_by): r.confirmed_at for r in reports}
    found = await outbox.messages(tx, [event.number, *(f"R{r.id}" for r in reports)])
    return tuple(
        say.MessageRow(
            kind=m.kind,
            to=m.to,
            queued_at=m.queued_at,
            sent_at=m.sent_at,
            state=m.state,
            error=m.error,
            receipt_at=receipts.get((m.subject, m.person_id)) if m.person_id else None,
        )
        for m in found
    )


def _files(links: Sequence[Link], number: str) -> tuple[say.EventFile, ...]:
    """Return the files that entries about an event name, each once."""
    found: dict[str, say.EventFile] = {}
    for link in links:
        file = json.loads(link.data).get("file") if link.subject == number else None
        if isinstance(file, dict) and file.get("sha256"):
            name = str(file.get("name") or "")
            found.setdefault(file["sha256"], say.EventFile(seq=link.seq, name=name, sha256=file["sha256"]))
    return tuple(found.values())


def _copies(links: Sequence[Link], number: str) -> tuple[say.EventFile, ...]:
    """Return the documents that were printed of an event's reports."""
    return tuple(
        say.EventFile(seq=link.seq, name=data["name"], sha256=data["sha256"])
        for link in links
        if link.subject == number and link.act == PRINTED
        for data in [json.loads(link.data)]
    )


async def _partners(tx: Tx, incident_id: int) -> tuple[say.PartnerRow, ...]:
    rows = await partner.of_incident(tx, incident_id)
    return tuple(
        say.PartnerRow.model_validate(asdict(row) | {"arrived_text": row.arrived_text or ""}) for row in rows
    )


async def _moved(tx: Tx, incident_id: int) -> tuple[say.MovedRow, ...]:
    rows = await evacuee.of_incident(tx, incident_id)
    return tuple(
        say.MovedRow.model_validate(asdict(row) | {"returns": row.returns_id is not None}) for row in rows
    )


async def _figures(tx: Tx, incident_id: int) -> tuple[say.FigureRow, ...]:
    given = await incident.figures_of(tx, incident_id, every=True)
    return tuple(say.FigureRow(name=f.name, text=f.text, by=f.by, at=f.at) for f in given)

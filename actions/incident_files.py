"""Files of events: named in the log by their content, shown to who must see them, carried when events are joined."""

import json
import re
from datetime import datetime

from actions import duty, dutylog
from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import intake as say
from domain.notices.incident import Card, Word
from domain.notices.room import FileKept, Logged
from domain.people import Role
from storage import bulletin, callout, card, chain, draft, incident, log, outbox, partner, people
from storage.database import Tx
from storage.incident import EventFile, Incident

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
PICTURE_LIMIT = 10 * 1024 * 1024
"""What the Bot API sends as a picture (bytes); a larger one goes as a file."""
ALBUM = "event-album"
"""Drafts of this kind say to which event the further files of an album go."""
_EVENT = re.compile(r"[EeＥｅ]\s*(\d{1,9})(?!\d)[\s:：,，、]*")


def named(text: str) -> tuple[int, str] | None:
    """Return the event at the head of a caption (E7 …) and the words after it."""
    found = _EVENT.match(text)
    return (int(found[1]), text[found.end() :]) if found else None


async def attach(tx: Tx, now: datetime, by: int | None, i: Incident, file: FileKept, words: str) -> int:
    """Let a kept file belong to an event and return its entry of the log."""
    kept = file.model_dump(exclude={"text"})
    seq = await log.append(tx, now, by, incident.FILE, i.number, words or file.name, file=kept)
    await card.touch(tx, now, i.number, [Card.card, Word.card])
    return seq


async def show(tx: Tx, now: datetime, i: Incident, file: FileKept, by: Actor, words: str) -> None:
    """Put a file before the officers on watch."""
    one = EventFile(file.name, file.sha256, file.kind, file.size, by.id, now, 0)
    for officer in await duty.officers_to_tell(tx, now):
        if officer.id != by.id:
            notice = _sent(i.number, one, by.name, words)
            await outbox.say(tx, now, notice, person=officer.id, subject=i.number)


def _sent(number: str, file: EventFile, by: str, words: str = "") -> say.EventFile:
    return say.EventFile(
        number=number,
        name=file.name,
        sha256=file.sha256,
        picture=file.kind == "photo" and file.size <= PICTURE_LIMIT,
        by=by,
        at=file.at,
        words=words,
    )


async def send(tx: Tx, who: Actor, number: int) -> list[Notice]:
    """Return the files of an event, each as it is kept."""
    if refused := refuse(who, "附件", *READERS):
        return [refused]
    i = await incident.by_id(tx, number)
    if i is None:
        return [base.NotFound(number=f"E{number}", example="附件 E7")]
    files = await incident.files_of(tx, number)
    names = await people.by_ids(tx, [f.by for f in files if f.by])
    sent = [_sent(i.number, f, names[f.by].name if f.by in names else "") for f in files]
    return [*sent] or [say.NoFiles(number=i.number, drill=i.drill)]


async def attach_to(
    tx: Tx, who: Actor, now: datetime, number: int, words: str, file: FileKept, album: str
) -> list[Notice]:
    """Attach an officer's file to the event its caption names; to none, it is kept in the duty log."""
    if refused := refuse(who, "附件", *dutylog.WRITERS):
        return [refused]
    i = await incident.by_id(tx, number)
    if i is None or i.state not in ("open", "closed"):
        kept = await dutylog.write(tx, who, now, f"E{number} {words}".strip(), file)
        return [kept, base.NotFound(number=f"E{number}", example="E7 现场照片")]
    await remember_album(tx, now, who.id, album, i)
    await attach(tx, now, who.id, i, file, words)
    return [say.FileAttached(number=i.number, name=file.name, at=now, drill=i.drill)]


async def beside(
    tx: Tx, who: Actor, now: datetime, number: str, words: str, file: FileKept, album: str
) -> Notice | None:
    """Keep a file whose caption was an answer or a command with the event of that (E7, W12), else in the duty log.

    None where this person may attach it to neither.
    """
    i = await incident.by_id(tx, int(number[1:])) if number.startswith("E") else None
    room = who.has(*dutylog.WRITERS)
    ours = i is not None and (room or i.by_id == who.id or await _concerns(tx, who, i))
    if i is not None and ours and i.state != "discarded":
        await remember_album(tx, now, who.id, album, i)
        await attach(tx, now, who.id, i, file, words)
        if not room:
            await show(tx, now, i, file, who, words)
        return say.FileAttached(number=i.number, name=file.name, at=now, drill=i.drill)
    told = number.startswith("W") and await callout.of_person(tx, int(number[1:]), who.id)
    if told or (room and number.startswith("W") and await bulletin.by_id(tx, int(number[1:]))):
        kept = file.model_dump(exclude={"text"})
        await log.append(tx, now, who.id, incident.FILE, number, words, file=kept)
        return say.FileAttached(number=number, name=file.name, at=now)
    return await dutylog.write(tx, who, now, words, file) if room else None


async def _concerns(tx: Tx, who: Actor, i: Incident) -> bool:
    """Return True if this person's unit was told or asked in an incident, or it was reported to the room above."""
    if who.has(Role.SUPERIOR) and any(r.sent_at for r in await incident.reports_of(tx, i.id)):
        return True
    own = {post.unit_id for post in who.posts}
    return any(row.unit_id in own for row in await partner.of_incident(tx, i.id))


async def remember_album(tx: Tx, now: datetime, person: int, album: str, i: Incident) -> None:
    """The further files of this album ("": none) go to the same event."""
    if album:
        await draft.keep(tx, now, person, ALBUM, album, {"event": i.id})


async def of_album(tx: Tx, who: Actor, now: datetime, album: str, file: FileKept) -> bool:
    """Return True if a file without words was attached to the event that another of its album named."""
    kept = await draft.newest(tx, who.id, ALBUM) if album else None
    if kept is None or kept.text != album or kept.data is None:
        return False
    i = await incident.by_id(tx, kept.data["event"])
    if i is None:
        return False
    await attach(tx, now, who.id, i, file, "")
    return True


async def offered(tx: Tx, notice: Notice | None) -> Notice | None:
    """Return an answer about an entry of the duty log with the open events it may be attached to."""
    if not isinstance(notice, Logged):
        return notice
    numbers = tuple(i.number for i in await incident.in_state(tx, "open"))[-3:]
    return notice.model_copy(update={"events": numbers})


async def attach_entry(tx: Tx, who: Actor, now: datetime, number: int, seq: int) -> Notice:
    """Attach what an entry of the duty log holds, a file or a place, to an event; the entry stands."""
    if refused := refuse(who, "附件", *dutylog.WRITERS):
        return refused
    i, link = await incident.by_id(tx, number), await chain.entry(tx, seq)
    if i is None or link is None or i.state not in ("open", "closed"):
        return base.StaleButton()
    data = json.loads(link.data)
    if link.seq not in await _attached(tx, i.number):
        await log.append(tx, now, who.id, incident.FILE, i.number, link.text, **data, entry=seq)
        await card.touch(tx, now, i.number, [Card.card])
    return say.FileAttached(
        number=i.number, name=(data.get("file") or {}).get("name", link.text)[:40], at=now, drill=i.drill
    )


async def _attached(tx: Tx, number: str) -> set[int]:
    """Return the entries of the duty log that were attached to an event before."""
    links = [await chain.entry(tx, e.seq) for e in await log.entries(tx, subject=number, act=incident.FILE)]
    return {entry for link in links if link and (entry := json.loads(link.data).get("entry"))}


async def carry(tx: Tx, now: datetime, by: int, old: Incident, to: Incident) -> None:
    """The files of an event that was joined belong to the other as well."""
    for f in await incident.files_of(tx, old.id):
        kept = {"name": f.name, "sha256": f.sha256, "kind": f.kind, "size": f.size}
        await log.append(tx, now, by, incident.FILE, to.number, f"{old.number} {f.name}", file=kept)

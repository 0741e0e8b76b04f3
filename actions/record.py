"""Printed documents and the templates they are printed from: what was printed stands in the log with its hash."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from actions import duty, handover_sheet, prints
from actions.authority import refuse
from actions.slot import bounds
from actions.view import Asked
from domain.actor import Actor
from domain.dutylog import past_day
from domain.notice import Notice
from domain.notices import base
from domain.notices import record as say
from domain.notices.handover import Sheet
from domain.people import Role
from domain.roster import Post
from storage import chain, handover, log, outbox, people, room
from storage.database import Tx

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
PRINTED = "handover.printed"
TEMPLATES = ("交接班记录", "值班日志", "突发事件信息快报")
LISTED = 10


Kept = Literal["whole", "missing", "altered"]
Disk = Callable[[str], Kept]
"""How a kept file stands, by its hash."""


@dataclass(frozen=True)
class Made:
    """A document as it was printed."""

    name: str
    sha256: str
    at: datetime


async def sheet(tx: Tx, now: datetime, number: int) -> tuple[Sheet, str] | None:
    """Return a finished handover's sheet, and the hash of what it says; None for an unfinished one."""
    h = await handover.by_id(tx, number)
    if h is None or h.state not in ("done", "forced"):
        return None
    found = await handover_sheet.sheet(tx, Asked(f"H{number}", None, {}, now))
    if not isinstance(found, Sheet):
        return None
    said = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    return found, hashlib.sha256(said.encode()).hexdigest()


async def made(tx: Tx, number: int) -> Made | None:
    """Return the printed document of a handover."""
    entries = await log.entries(tx, subject=f"H{number}", act=PRINTED)
    if not entries:
        return None
    link = await chain.entry(tx, entries[0].seq)
    data: dict[str, Any] = json.loads(link.data) if link else {}
    return Made(data["name"], data["sha256"], entries[0].at)


async def printed(tx: Tx, now: datetime, number: int, name: str, sha256: str, content: str) -> None:
    """Note a printed handover in the log, once, and send it to both signers and the leaders on duty."""
    h = await handover.by_id(tx, number)
    await prints.done(tx, now, f"H{number}")
    if h is None or await made(tx, number) is not None:
        return
    await log.append(tx, now, None, PRINTED, f"H{number}", name, name=name, sha256=sha256, content=content)
    leaders = [p.id for p in await duty.on_post(tx, now, Post.LEADER)]
    for person in sorted({h.out_id, *([h.in_id] if h.in_id else []), *leaders}):
        notice = say.Printed(title=f"交接班记录 H{number}", name=name, sha256=sha256, at=now)
        await outbox.say(
            tx, now, notice, person=person, subject=f"H{number}", key=f"printed:{number}:{person}"
        )


async def look(tx: Tx, who: Actor, now: datetime, text: str, disk: Disk) -> list[Notice]:
    """Return the newest handovers, or the printed document of one by its number or day."""
    if refused := refuse(who, "交接班记录", *READERS):
        return [refused]
    found = re.fullmatch(r"[Hh]?\s*(\d{1,9})", unicodedata.normalize("NFKC", text).strip())
    if found:
        return [await _one(tx, who, now, int(found[1]), disk)]
    today = now.astimezone(tx.zone).date()
    if text and (day := past_day(text, today)) is not None:
        start, end = bounds(tx, day)
        numbers = [h.id for h in await handover.moved_within(tx, start, end)]
        return [await _one(tx, who, now, n, disk) for n in numbers] or [
            base.NotFound(number=text, example="交接班记录 H3")
        ]
    if text:
        return [base.WrongForm(why=f"看不懂「{text[:20]}」。", example="交接班记录 H3、交接班记录 7.25")]
    return [await _listing(tx)]


async def _one(tx: Tx, who: Actor, now: datetime, number: int, disk: Disk) -> Notice:
    if await handover.by_id(tx, number) is None:
        return base.NotFound(number=f"H{number}", example="交接班记录 H3")
    found = await made(tx, number)
    if found is None:
        return say.PrintFailed(
            title=f"交接班记录 H{number}", why="交接还没有完成，或正在打印", again_minutes=None
        )
    title, state = f"交接班记录 H{number}", disk(found.sha256)
    if state != "whole":
        return await spoilt(tx, who, now, title, found, missing=state == "missing")
    return say.Printed(title=title, name=found.name, sha256=found.sha256, at=found.at)


async def spoilt(
    tx: Tx, who: Actor, now: datetime, title: str, found: Made, *, missing: bool
) -> say.RecordSpoilt:
    """Return what is said instead of a spoilt file; the other admins hear it once a day."""
    notice = say.RecordSpoilt(title=title, name=found.name, sha256=found.sha256, at=found.at, missing=missing)
    for admin in await duty.admins(tx):
        if admin.id != who.id:
            key = f"spoilt:{found.sha256[:16]}:{now.astimezone(tx.zone):%y%m%d}:{admin.id}"
            await outbox.say(tx, now, notice, person=admin.id, key=key)
    return notice


async def _listing(tx: Tx) -> Notice:
    newest = await handover.newest(tx, LISTED)
    names = await people.by_ids(tx, [p for h in newest for p in (h.out_id, h.in_id) if p])
    return say.Records(
        lines=tuple(
            [
                say.RecordLine(
                    number=h.id,
                    at=h.at,
                    out_name=names[h.out_id].name,
                    in_name=names[h.in_id].name if h.in_id else None,
                    state="void" if await handover.relieved_by(tx, h) else h.state,
                    printed=await made(tx, h.id) is not None,
                )
                for h in newest
            ]
        )
    )


def _fact(name: str) -> str:
    return f"template:{name}"


async def template_of(tx: Tx, name: str) -> str | None:
    """Return the hash of the office's own template, None for the shipped one."""
    return await room.fact(tx, _fact(name)) or None


async def templates(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return which templates are in force; their files follow."""
    if refused := refuse(who, "模板", Role.ADMIN):
        return refused
    await prints.ask(tx, now, who.id, prints.IN_FORCE, "模板")
    return say.Templates(lines=tuple([await _line(tx, name) for name in TEMPLATES]))


async def _line(tx: Tx, name: str) -> say.TemplateLine:
    entries = await log.entries(tx, subject="", act="template.changed")
    own = await template_of(tx, name) is not None
    last = next((e for e in reversed(entries) if e.text == name), None) if own else None
    by = await people.by_ids(tx, [last.person_id] if last and last.person_id else [])
    return say.TemplateLine(
        name=name, own=own, at=last.at if last else None, by=next((a.name for a in by.values()), "")
    )


def template_named(text: str, file: str) -> str | None:
    """Return which template a caption or a file's name means."""
    return next((name for name in TEMPLATES if name in text or name in file), None)


async def try_template(tx: Tx, who: Actor, now: datetime, name: str, sha256: str) -> Notice:
    """Let a kept file be tried as a template; the answer to that follows."""
    if refused := refuse(who, "模板", Role.ADMIN):
        return refused
    await prints.ask(tx, now, who.id, prints.TRIAL, f"模板 {name}", name=name, sha256=sha256)
    return say.TemplateTrying(name=name)


async def put_template(tx: Tx, now: datetime, person: int, name: str, sha256: str | None) -> None:
    """Put a template that was tried in force (None: the shipped one again), and say so."""
    await room.remember(tx, _fact(name), sha256 or "")
    await log.append(tx, now, person, "template.changed", "", name, sha256=sha256 or "")
    notice = say.TemplateChanged(name=name, own=sha256 is not None, sha256=sha256 or "", at=now)
    await outbox.say(tx, now, notice, person=person)


async def refuse_template(tx: Tx, now: datetime, person: int, name: str, why: str) -> None:
    """Say why a template is not taken; the one before stays."""
    await outbox.say(tx, now, say.TemplateRefused(name=name, why=why), person=person)


async def send(tx: Tx, now: datetime, person: int, files: Sequence[tuple[str, str, str]]) -> None:
    """Send kept files (title, name, hash) to a person."""
    for title, name, sha256 in files:
        await outbox.say(tx, now, say.Printed(title=title, name=name, sha256=sha256, at=now), person=person)


def day_name(day: date) -> str:
    """Return the file name of a day of the duty log (domain.md §6.2)."""
    return f"值班日志{day:%Y%m%d}.docx"

"""The document of a report: its Word file as it was sent, on demand, as a draft; an officer's own words for it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions import duty, prints
from actions.authority import refuse
from actions.incident_views import flash, flash_now
from actions.record import Disk, Made, spoilt
from domain.actor import Actor
from domain.followup_text import FollowupReading, read_followup
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as say
from domain.notices import record as paper
from domain.people import Role
from storage import card, chain, draft, incident, log, outbox
from storage.database import Tx
from storage.incident import FigureGiven, Incident, Report

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN, Role.SUPERIOR)
PRINTED = "report.printed"
EXAMPLE = "快报 E7"
SENT = ("sent", "confirmed")
COUNTED = (("deaths", "死亡"), ("injured", "受伤"), ("missing", "失踪"), ("trapped", "被困"))


@dataclass(frozen=True)
class Copy:
    """A file that was made of a report; `signed`: it names who signed."""

    report: int
    name: str
    sha256: str
    signed: bool
    at: datetime

    @property
    def word(self) -> bool:
        """Return True for a Word file."""
        return self.name.endswith(".docx")


@dataclass(frozen=True)
class Wanted:
    """A report whose document is to be made; `signed_after`: it was sent unsigned before."""

    flash: say.Flash
    signed_after: bool


async def copies_of(tx: Tx, number: str) -> list[Copy]:
    """Return the files made of an incident's reports, oldest first."""
    found = []
    for link in await chain.of_act(tx, number, PRINTED):
        data: dict[str, Any] = json.loads(link.data)
        found.append(Copy(data["report"], data["name"], data["sha256"], data["signed"], link.when))
    return found


async def _of(tx: Tx, report_id: int) -> tuple[Report, Incident, list[Copy]] | None:
    report = await incident.report(tx, report_id)
    i = await incident.by_id(tx, report.incident_id) if report else None
    if report is None or i is None:
        return None
    return report, i, [c for c in await copies_of(tx, i.number) if c.report == report.id]


async def wanted(tx: Tx, report_id: int) -> Wanted | None:
    """Return what is to be made of a report now: its document, or the signed one after an unsigned one."""
    found = await _of(tx, report_id)
    if found is None or found[0].state not in SENT:
        return None
    report, i, copies = found
    words = [c for c in copies if c.word]
    if words and (words[-1].signed or report.signed_at is None):
        return None
    return Wanted(await flash(tx, i, report), signed_after=bool(words))


async def unconverted(tx: Tx, report_id: int) -> Copy | None:
    """Return the newest Word file of a report that has no PDF beside it."""
    found = await _of(tx, report_id)
    if found is None or not found[2] or not found[2][-1].word:
        return None
    return found[2][-1]


async def unsent(tx: Tx, report_id: int) -> say.Flash | None:
    """Return a report that was not sent, as it would go up now."""
    found = await _of(tx, report_id)
    if found is None or found[0].state in SENT:
        return None
    return await flash(tx, found[1], found[0])


async def printed(tx: Tx, now: datetime, report_id: int, name: str, sha256: str) -> None:
    """Keep a report's Word file: the first one made is the report's document; send it up and to the officers."""
    found = await _of(tx, report_id)
    if found is None:
        return
    report, i, _ = found
    if report.document is None:
        await incident.change_report(tx, report.id, document=sha256)
    copy = Copy(report.id, name, sha256, report.signed_at is not None, now)
    await _keep_and_send(tx, now, i, copy)


async def converted(tx: Tx, now: datetime, report_id: int, word: Copy, sha256: str) -> None:
    """Keep the PDF of a report's Word file, and send it to the same people."""
    found = await _of(tx, report_id)
    if found is not None:
        name = f"{word.name.removesuffix('.docx')}.pdf"
        await _keep_and_send(tx, now, found[1], Copy(report_id, name, sha256, word.signed, now))


async def _keep_and_send(tx: Tx, now: datetime, i: Incident, copy: Copy) -> None:
    data = {"report": copy.report, "name": copy.name, "sha256": copy.sha256, "signed": copy.signed}
    await log.append(tx, now, None, PRINTED, i.number, copy.name, **data)
    readers = [*await duty.superiors(tx), *await duty.officers_to_tell(tx, now)]
    for person in sorted({reader.id for reader in readers}):
        key = f"flash:{copy.report}:{copy.sha256[:24]}:{person}"
        await outbox.say(tx, now, _file(i, copy), person=person, subject=i.number, key=key)


def _file(i: Incident, copy: Copy) -> paper.Printed:
    return paper.Printed(
        title=f"信息快报 {i.number}", name=copy.name, sha256=copy.sha256, at=copy.at, drill=i.drill
    )


# --- on demand ---------------------------------------------------------------------------------------------


async def look(tx: Tx, who: Actor, now: datetime, text: str, disk: Disk) -> list[Notice]:
    """Return the files of an event's reports; one that was not sent is shown and follows as a draft."""
    if refused := refuse(who, "快报", *READERS):
        return [refused]
    said = re.fullmatch(r"[EeＥｅ]?\s*(\d{1,9})", text.strip())
    if said is None:
        return [base.WrongForm(why="请写事件编号。", example=EXAMPLE)]
    i = await incident.by_id(tx, int(said[1]))
    inside = who.has(Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
    reports = await incident.reports_of(tx, i.id) if i else []
    if i is None or not (reports if inside else [r for r in reports if r.state in SENT]):
        return [base.NotFound(number=f"E{int(said[1])}", example=EXAMPLE) if i is None else _none(i)]
    answers = [await _again(tx, who, now, i, copy, disk) for copy in await copies_of(tx, i.number)]
    made = {copy.report for copy in await copies_of(tx, i.number)}
    for report in reports:
        if report.state in SENT and report.id not in made:
            answers.append(
                paper.PrintFailed(title=f"信息快报 {i.number}", why="正在打印", again_minutes=None)
            )
        elif inside and report.state in ("draft", "to_sign"):
            await prints.ask(
                tx, now, who.id, prints.FLASH, f"信息快报 {i.number} 草稿", report=str(report.id)
            )
            answers.append(say.Preview(number=i.number, report=report.id, flash=await flash(tx, i, report)))
    return answers or [_none(i)]


def _none(i: Incident) -> Notice:
    return say.NoFlash(number=i.number, drill=i.drill)


async def _again(tx: Tx, who: Actor, now: datetime, i: Incident, copy: Copy, disk: Disk) -> Notice:
    state = disk(copy.sha256)
    if state == "whole":
        return _file(i, copy)
    made = Made(copy.name, copy.sha256, copy.at)
    return await spoilt(tx, who, now, f"信息快报 {i.number}", made, missing=state == "missing")


# --- an officer's own words --------------------------------------------------------------------------------


async def reword(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Notice:
    """Make an officer's own words the body of the newest unsent report; its numbers are theirs from then on."""
    if refused := refuse(who, "正文", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    if i is None:
        return base.NotFound(number=f"E{number}", example=f"正文 E7 {_EXAMPLE}")
    if not text.strip():
        return base.WrongForm(why="正文没有内容，没有改动。", example=f"正文 {i.number} {_EXAMPLE}")
    drafts = [r for r in await incident.reports_of(tx, i.id) if r.state == "draft"]
    if not drafts:
        return say.NothingToReword(
            number=i.number, draft=await draft.keep(tx, now, who.id, "正文", text), drill=i.drill
        )
    report, read = drafts[-1], read_followup(text, now, tx.zone)
    differs, lower = _against(await incident.figures_of(tx, i.id), read)
    if lower and not read.correction:
        kept = await draft.keep(tx, now, who.id, "正文", text)
        return say.Lowered(number=i.number, what="、".join(lower), draft=kept, word="正文", drill=i.drill)
    await incident.change_report(tx, report.id, reading={**report.reading, "body": text.strip()})
    await log.append(tx, now, who.id, "report.reworded", i.number, text, report=report.id)
    await card.touch(tx, now, f"R{report.id}")
    again = await incident.report(tx, report.id)
    shown = await flash_now(tx, i, again or report)
    return say.BodyKept(
        number=i.number, report=report.id, at=now, flash=shown, differs=tuple(differs), drill=i.drill
    )


_EXAMPLE = "7月25日14时20分许，金桥路工地发生沟槽坍塌，1人受伤已送医。"


def _against(given: list[FigureGiven], read: FollowupReading) -> tuple[list[str], list[str]]:
    """Return how the figures of a text differ from those given last, and which of them are fewer (P5)."""
    newest = {f.name: f for f in given}
    differs, lower = [], []
    for name, label in COUNTED:
        old, new = newest.get(name), read.figures.get(name)
        if old is None or new is None or old.value is None or new.value is None or old.value == new.value:
            continue
        differs.append(f"{label}：已记录“{old.text}”，正文“{new.text}”")
        if new.value < old.value:
            lower.append(f"{label}由{old.text or old.value}减为{new.text or new.value}")
    return differs, lower

"""Texts that are no command: strangers, pasted bulletins and rosters, reports, files; nothing typed is lost."""

import re
from dataclasses import replace
from datetime import datetime

from telegram import Message

from actions import (
    album,
    bulletin,
    dutylog,
    incident_files,
    incident_mend,
    incident_words,
    people,
    remark,
    report,
    report_sign,
    roster_import,
    sheet,
    task,
)
from domain.notice import Notice
from domain.notices import base
from domain.people import Role
from domain.plain import without_pictures
from domain.question_words import PHONE, command_for
from domain.remark import is_courtesy
from domain.word_order import only_incident
from handlers import answers
from handlers.desk import Answer, Attachment, Desk, find_command, press, straight
from handlers.dutylog import file_of
from handlers.incident import told
from handlers.people import words_of
from handlers.show import by_number
from storage import draft
from storage import incident as incidents
from storage.database import Tx


async def stranger(tx: Tx, now: datetime, account: int, name: str, text: str) -> Answer:
    """Bind by a code; anything else gets one polite line."""
    found = find_command(straight(text))
    if found is None or found[0].name != "start" or not found[1]:
        return base.NotBound()
    bound = await people.bind(tx, now, account, found[1], name)
    if isinstance(bound, Notice):
        return bound
    return [people.bound(tx, bound, words_of(bound))]


async def free(desk: Desk, message: Message) -> Answer:
    """A text without a command: a bare answer, a file, a pasted bulletin or roster; else kept and offered."""
    if desk.attachment is not None:
        return await _captioned(desk) or await _file(desk, desk.attachment)
    if message.location is not None or message.contact is not None:
        desk.text = _placed(message, desk.text)
        if desk.who.has(*dutylog.WRITERS):
            entry = await dutylog.write(desk.tx, desk.who, desk.now, desk.text)
            return await incident_files.offered(desk.tx, entry)
    if not any(c.isalnum() for c in desk.text):
        return await answers.nodded(desk) or base.Empty()
    if numbered := await by_number(desk):
        return numbered
    return (
        await answers.read(desk)
        or await shown(desk)
        or await _read(desk, message)
        or await from_above(desk)
        or await _keep(desk)
    )


async def shown(desk: Desk) -> Answer:
    """A question that is answered by what this person may see; None for another text, and where nobody is found."""
    meant = command_for(desk.text) if desk.private else None
    if meant is None:
        return None
    if found := find_command(meant):
        return await found[0].run(replace(desk, text=found[1])) if desk.who.has(*found[0].roles) else None
    if not desk.who.has(Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return None
    about = meant.removeprefix(PHONE)
    return (
        await people.phone_book(desk.tx, about)
        if meant.startswith(PHONE)
        else await by_number(replace(desk, text=meant))
    )


async def _read(desk: Desk, message: Message) -> Answer:
    """A pasted bulletin or roster, a reporter's word, the answer to a question about an incident; else None."""
    if desk.who.has(*bulletin.OFFICERS) and bulletin.looks_like(desk.tx, desk.text, desk.now):
        return await bulletin.receive(desk.tx, desk.who, desk.now, desk.text)
    if await roster_import.is_roster(desk.tx, desk.who, desk.text):
        return await sheet.receive_text(desk.tx, desk.who, desk.now, desk.text)
    if await _is_word(desk, message):
        placed = message.location is not None or message.contact is not None
        return await incident_words.receive(desk.tx, desk.who, desk.now, told(desk, placed=placed))
    if meant := await incident_mend.without_number(desk.tx, desk.who, desk.text):
        return await incident_mend.mend(desk.tx, desk.who, desk.now, *meant)
    if (number := report_sign.asked_in(desk.asked)) and desk.who.has(Role.LEADER):
        return await report_sign.give_back(desk.tx, desk.who, desk.now, number, desk.text)
    if asked := incident_mend.asked_in(desk.asked):
        return await incident_mend.mend(desk.tx, desk.who, desk.now, asked[0], f"{asked[1]} {desk.text}")
    return None


async def from_above(desk: Desk) -> Answer:
    """What the duty room above writes goes to the officers on duty; None for others, and for thanks."""
    if not desk.who.has(Role.SUPERIOR) or is_courtesy(desk.text):
        return None
    named = _NUMBER.search(desk.text) or _NUMBER.search(desk.asked)
    number = f"{without_pictures(named[1]).upper()}{named[2]}" if named else ""
    waiting = [f"E{one}" for one in await report_sign.unconfirmed(desk.tx, desk.who)]
    return await remark.pass_on(desk.tx, desk.who, desk.now, desk.text, number, waiting)


async def _keep(desk: Desk) -> Notice:
    kept = await draft.keep(desk.tx, desk.now, desk.who.id, "text", desk.text)
    officer = desk.who.has(Role.OFFICER, Role.DEPUTY)
    unsigned = await report_sign.unsigned(desk.tx, desk.who)
    return base.Kept(
        draft=kept,
        text=desk.text[:300],
        officer=officer,
        leader=desk.who.has(Role.LEADER),
        about=await _about(desk) if officer else "",
        reporter=desk.who.has(*incident_words.REPORTERS),
        mend=await draft.asked(desk.tx, desk.now, desk.who.id, incident_mend.ASKED),
        back=await draft.asked(desk.tx, desk.now, desk.who.id, report_sign.REASON)
        or (f"E{unsigned[0]}" if len(unsigned) == 1 else ""),
        answers=await answers.offers(desk, kept),
    )


async def _about(desk: Desk) -> str:
    """Return the open incident a text may be news of: one it names, or the card it answers, else the only one."""
    running = {i.number for i in await incidents.in_state(desk.tx, "open")}
    for words in (desk.text, desk.asked):
        named = {f"E{found[2]}" for found in _NUMBER.finditer(words) if without_pictures(found[1]) in "Ee"}
        if named:
            return named.pop() if len(named) == 1 and named <= running else ""
    return running.pop() if len(running) == 1 else ""


def _placed(message: Message, text: str) -> str:
    """Return a place or a contact card in words."""
    words = [text]
    if message.contact is not None:
        words.insert(0, f"名片 {message.contact.first_name} {message.contact.phone_number}")
    if message.location is not None:
        named = (message.venue.title, message.venue.address) if message.venue else ()
        at = f"位置 {message.location.latitude:.5f}，{message.location.longitude:.5f}"
        words = [at, *named, *words]
    return " ".join(filter(None, words))


async def _is_word(desk: Desk, message: Message) -> bool:
    """Return True if what a reporter sent is taken as a first word, or added to the one before, without asking."""
    if not desk.who.has(*incident_words.REPORTERS) or desk.who.has(*dutylog.WRITERS):
        return False
    if message.location is not None or message.contact is not None or desk.origin:
        return True
    if bulletin.looks_like(desk.tx, desk.text, desk.now) or is_courtesy(desk.text):
        return False
    if incident_words.tells(desk.tx, desk.text, desk.now):
        return True
    return await incident_words.fresh(desk.tx, desk.who, desk.now) is not None


_NUMBER = re.compile(r"([EeWwＥｅＷｗ])\s*(\d{1,9})(?!\d)")


async def beside(desk: Desk, text: str, *, only_event: bool = False) -> list[Notice]:
    """Keep the file that came with an answer or a command; `only_event`: what names no event is about the only one."""
    file = desk.attachment
    if file is None:
        return []
    kept = file_of(desk)
    if kept is None:
        return [base.AttachmentLost(name=file.name, why=file.refused or "")]
    found = _NUMBER.search(text)
    number = f"{without_pictures(found[1]).upper()}{found[2]}" if found else ""
    running = await incidents.in_state(desk.tx, "open") if only_event and not number else []
    number = running[0].number if len(running) == 1 else number
    noted = await incident_files.beside(desk.tx, desk.who, desk.now, number, text, kept, desk.album)
    example = "E7 现场照片" if desk.who.has(Role.SUPERIOR) else "已传达 W12"
    return [noted or base.AttachmentUnnamed(name=file.name, example=example)]


async def _captioned(desk: Desk) -> list[Notice] | None:
    """An answer as the caption of a file, to the event that waits for it; None for another caption."""
    found = await answers.captioned(desk)
    return [*found[1], *await beside(desk, f"{found[0]} {desk.text}".strip())] if found else None


async def _file(desk: Desk, file: Attachment) -> Answer:
    """A sheet of the admin, a bulletin file of the officer, a reporter's photo; else an entry of the duty log."""
    if desk.who.has(Role.ADMIN) and file.kind == "document" and (file.rows is not None or file.refused):
        return await sheet.receive(
            desk.tx, desk.who, desk.now, file.name, file.rows, file.refused, file.merged
        )
    if file.text is not None and await roster_import.is_roster(desk.tx, desk.who, file.text):
        return await sheet.receive_text(desk.tx, desk.who, desk.now, file.text, file.name)
    if desk.who.has(*dutylog.WRITERS):
        return await _officers_file(desk, file)
    if desk.who.has(*incident_words.REPORTERS):
        return await incident_words.receive(desk.tx, desk.who, desk.now, told(desk))
    if desk.who.has(Role.SUPERIOR):
        return await _file_from_above(desk)
    if file.refused:
        return base.AttachmentLost(name=file.name, why=file.refused)
    if desk.who.has(Role.ADMIN) and file.kind == "document":
        return await sheet.receive(desk.tx, desk.who, desk.now, file.name, None, None)
    return base.NotAllowed(what="发送文件", roles=("值班员", "副班", "带班领导", "责任人", "信息报告员"))


async def _file_from_above(desk: Desk) -> Answer:
    """A file of the duty room above, kept with the event it names or answers, and shown to the officers."""
    kept = file_of(desk)
    alone = kept if not desk.text else None
    if alone and await incident_files.of_album(desk.tx, desk.who, desk.now, desk.album, alone):
        return None
    answered = only_incident(desk.asked) or ""
    return await beside(desk, desk.text if _NUMBER.search(desk.text) else f"{answered} {desk.text}".strip())


async def _officers_file(desk: Desk, file: Attachment) -> Answer:
    """A bulletin; a file for the event its caption names, or another of its album named; else the duty log."""
    kept = file_of(desk)
    if kept is None and not desk.text:
        return base.AttachmentLost(name=file.name, why=file.refused or "")
    if file.text is not None and desk.who.has(*bulletin.OFFICERS):
        return await bulletin.receive(desk.tx, desk.who, desk.now, file.text)
    pasted = desk.text and desk.who.has(*bulletin.OFFICERS)
    if pasted and bulletin.looks_like(desk.tx, desk.text, desk.now):
        offered = await bulletin.receive(desk.tx, desk.who, desk.now, desk.text)
        return [*offered, *await beside(desk, "")]
    named = incident_files.named(desk.text)
    if kept is not None and named is not None:
        return await incident_files.attach_to(desk.tx, desk.who, desk.now, *named, kept, desk.album)
    if kept is not None and await incident_files.of_album(desk.tx, desk.who, desk.now, desk.album, kept):
        return None
    entry = await album.write(desk.tx, desk.who, desk.now, desk.text, kept, file.refused, desk.album)
    return await incident_files.offered(desk.tx, entry)


async def _use(desk: Desk, subject: str) -> draft.Draft | None:
    found = await draft.by_id(desk.tx, int(subject))
    if found is None or found.person_id != desk.who.id or not await draft.use(desk.tx, desk.now, found.id):
        return None
    return found


@press("draft.report")
async def draft_report(desk: Desk, subject: str) -> Answer:
    """A kept text becomes a first report."""
    found = await _use(desk, subject)
    if found is None:
        return base.DraftUsed()
    return await incident_words.receive(
        desk.tx, desk.who, desk.now, incident_words.Told(found.text, said=True)
    )


@press("draft.mend")
async def draft_mend(desk: Desk, subject: str) -> Answer:
    """A kept text answers what was asked about an incident: D12:E7 地点."""
    key, _, asked = subject.partition(":")
    found, field = await _use(desk, key), incident_mend.asked_in(asked)
    if found is None or field is None:
        return base.DraftUsed()
    return await incident_mend.mend(desk.tx, desk.who, desk.now, field[0], f"{field[1]} {found.text}")


@press("draft.return")
async def draft_return(desk: Desk, subject: str) -> Answer:
    """A kept text is the reason why a report goes back: D12:E7."""
    key, _, event = subject.partition(":")
    found = await _use(desk, key)
    if found is None:
        return base.DraftUsed()
    return await report_sign.give_back(desk.tx, desk.who, desk.now, int(event[1:]), found.text)


@press("draft.followup")
async def draft_followup(desk: Desk, subject: str) -> Answer:
    """A kept text is news of an incident: D12:E7."""
    key, _, event = subject.partition(":")
    found = await _use(desk, key)
    if found is None:
        return base.DraftUsed()
    words = re.sub(rf"^[EeＥｅ]\s*{event[1:]}(?!\d)[\s:：,，]*", "", found.text)
    return await report.follow_up(desk.tx, desk.who, desk.now, f"{event} {words}", "followup")


@press("draft.instruct")
async def draft_instruct(desk: Desk, subject: str) -> Answer:
    """A leader's kept text becomes an instruction."""
    found = await _use(desk, subject)
    return await task.instruct(desk.tx, desk.who, desk.now, found.text) if found else base.DraftUsed()


@press("draft.log")
async def draft_log(desk: Desk, subject: str) -> Answer:
    """A kept text goes into the duty log."""
    found = await _use(desk, subject)
    return await dutylog.write(desk.tx, desk.who, desk.now, found.text) if found else base.DraftUsed()


@press("draft.warn")
async def draft_warn(desk: Desk, subject: str) -> Answer:
    """A kept text is read as a bulletin."""
    found = await _use(desk, subject)
    return await bulletin.receive(desk.tx, desk.who, desk.now, found.text) if found else base.DraftUsed()

"""Texts that are no command: strangers, plain answers, pasted bulletins, files; nothing typed is lost."""

import re
from datetime import datetime

from telegram import Message

from actions import (
    album,
    bulletin,
    callout,
    dutylog,
    handover,
    incident_files,
    incident_mend,
    incident_words,
    leave,
    people,
    report_sign,
    response,
    rollcall,
    roster_import,
    sheet,
    shift,
    swap,
)
from domain.handover import read_carried
from domain.notice import Notice
from domain.notices import base
from domain.passing import read_answer, read_arrival, read_decision, says_arrived
from domain.people import Role
from domain.plain import without_pictures
from handlers.desk import TWINS, Answer, Attachment, Desk, find_command, find_twin, press
from handlers.dutylog import file_of
from handlers.incident import told
from handlers.people import words_of
from handlers.roster import ON_ROSTER
from handlers.show import by_number
from storage import bulletin as bulletins
from storage import draft
from storage import incident as incidents
from storage.database import Tx

ANSWERS = (
    "收到",
    "已传达",
    "签发",
    "发送",
    "已电话报告",
    "无变化",
    "确认",
    "取消",
    "下发",
    "退回",
    "同意",
    "不同意",
)


async def stranger(tx: Tx, now: datetime, account: int, name: str, text: str) -> Answer:
    """Bind by a code; anything else gets one polite line."""
    found = find_command(text)
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
        return base.Empty()
    if shown := await by_number(desk):
        return shown
    if answer := _answer_in(desk.text):
        return await bare(desk, *answer)
    for read in (_on_duty, _decided, _worded, _nodded, _arrived, _called, _why):
        if answered := await read(desk):
            return answered
    return await _read(desk, message) or await _keep(desk)


async def _on_duty(desk: Desk) -> Answer:
    """Arrival in other words, an answer of the handover without a number, a roll call's code; None for another text."""
    if says_arrived(desk.text) and desk.who.has(*ON_ROSTER):
        return await shift.arrive(desk.tx, desk.who, desk.now)
    if found := read_carried(desk.text):
        return await handover.answer_in_words(desk.tx, desk.who, desk.now, *found)
    return await rollcall.answer_bare(desk.tx, desk.who, desk.now, desk.text)


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


async def _keep(desk: Desk) -> Notice:
    kept = await draft.keep(desk.tx, desk.now, desk.who.id, "text", desk.text)
    return base.Kept(
        draft=kept,
        text=desk.text[:300],
        officer=desk.who.has(Role.OFFICER, Role.DEPUTY),
        reporter=desk.who.has(*incident_words.REPORTERS),
        mend=await incident_mend.asked_of(desk.tx, desk.who, desk.now),
        back=await report_sign.asked_reason(desk.tx, desk.who, desk.now),
    )


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
    if bulletin.looks_like(desk.tx, desk.text, desk.now) or incident_words.is_courtesy(desk.text):
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
    return [noted or base.AttachmentUnnamed(name=file.name)]


async def _captioned(desk: Desk) -> list[Notice] | None:
    """An answer as the caption of a file, to the one event that waits for it; None for another caption."""
    loose, _ = _answer_in(desk.text) or ("", "")
    word, more = read_answer(desk.text) or (loose, "")
    if word not in ("收到", "已传达") or incident_words.tells(desk.tx, desk.text, desk.now):
        return None
    number = _answered_number(desk.asked, word)
    waiting = [number] if number else await _waiting(desk, word)
    if len(waiting) != 1:
        return None
    answer = await _twin(desk, f"{word} {waiting[0]} {more}")
    said = answer if isinstance(answer, list) else [answer] if answer else []
    return [*said, *await beside(desk, f"{waiting[0]} {desk.text}")]


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
    if file.refused:
        return base.AttachmentLost(name=file.name, why=file.refused)
    if desk.who.has(Role.ADMIN) and file.kind == "document":
        return await sheet.receive(desk.tx, desk.who, desk.now, file.name, None, None)
    return base.NotAllowed(what="发送文件", roles=("值班员", "副班", "带班领导", "责任人", "信息报告员"))


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


_LOOSE = re.compile(
    r"(?:好的?|嗯+|行|是|OK|ok)?[,. ]*(\d{1,9})?[,. ]*(收到|已传达)了?[,. ]*(\d{1,9})?[.!~ ]*"
)


SUBJECT = 48
"""Characters a button's subject may have."""


async def _worded(desk: Desk) -> Answer:
    """An answer with words behind it (收到，谢谢; 已传达 30户) to what waits for it; None for another text."""
    found = read_answer(desk.text)
    if found is None:
        return None
    word, more = found
    if word in ("收到", "已传达") and incident_words.tells(desk.tx, desk.text, desk.now):
        return None
    number = _answered_number(desk.asked, word)
    waiting = [number] if number else await _waiting(desk, word)
    return await _to_one_of(desk, word, more, waiting) if waiting else None


async def _nodded(desk: Desk) -> Answer:
    """好的 or 知道了 to a warning that waits: no answer, but one press away from it; None for another text."""
    waiting = await callout.waiting_for(desk.tx, desk.who, passing=False)
    if not waiting or not incident_words.is_courtesy(desk.text):
        return None
    return base.NoAnswer(said=desk.text[:20], options=tuple((f"收到 W{n}", f"收到 W{n}") for n in waiting))


async def _arrived(desk: Desk) -> Answer:
    """A unit that is awaited says that it is there (我们到了, 已到场 2车8人); None for another text."""
    more = read_arrival(desk.text)
    waiting = await _waiting(desk, "到场") if more is not None else []
    return await _to_one_of(desk, "到场", more or "", waiting) if waiting else None


async def _to_one_of(desk: Desk, word: str, more: str, waiting: list[str]) -> Answer:
    """Give an answer with its words to the one event that waits for it, or ask which."""
    if len(waiting) == 1:
        return await _twin(desk, f"{word} {waiting[0]} {more}")
    whole = {n: f"{word} {n} {more}".strip() for n in waiting}
    if max(map(len, whole.values())) > SUBJECT:
        kept = await draft.keep(desk.tx, desk.now, desk.who.id, "answer", more)
        whole = {n: f"D{kept}:{word} {n}" for n in waiting}
    options = tuple((f"{word} {n}", subject) for n, subject in whole.items())
    return base.Choose(word=word, act="bare", options=options)


CALLS = ("已电话报告", "电话已叫应", "未叫通", "签发", "退回")


async def _called(desk: Desk) -> Answer:
    """A call, or a leader's word with more behind it, without a number (退回 人数不对); None for another text."""
    found = re.match(rf"({'|'.join(CALLS)})[\s:：,，]+(.+)", desk.text, re.DOTALL)
    waiting = await _waiting(desk, found[1]) if found else []
    if found is None or not waiting or not desk.who.has(*dutylog.WRITERS):
        return None
    if len(desk.text) > SUBJECT and found[1] not in ("签发", "退回"):
        return None
    if number := _answered_number(desk.asked, found[1]):
        waiting = [number]
    return await _to_one_of(desk, found[1], found[2], waiting)


async def _why(desk: Desk) -> Answer:
    """The reason that was asked for just before, when 无法传达 was pressed; None for what tells of people in danger."""
    number = await callout.asked_why(desk.tx, desk.who, desk.now)
    if number is None or incident_words.harms(desk.tx, desk.text, desk.now):
        return None
    return await callout.cannot_pass(desk.tx, desk.who, desk.now, number, desk.text, desk.how)


async def _decided(desk: Desk) -> Answer:
    """Take 同意，没问题 and 批准 as the answer to the swap or leave that waits; None for another text."""
    found = read_decision(desk.text) if len(desk.text) <= SUBJECT else None
    if found is None:
        return None
    word, more = found
    number = _answered_number(desk.asked, word)
    waiting = [number] if number else await _waiting(desk, word)
    return await _to_one_of(desk, word, more, waiting) if waiting else None


def _answer_in(text: str) -> tuple[str, str] | None:
    """Return the answer a word alone means, also a loose one (收到了, 收到 1), with its digits; None for other text."""
    said = without_pictures(text).replace("。", ".")
    word = said.rstrip(".! ")
    if word in ANSWERS:
        return word, ""
    found = _LOOSE.fullmatch(said)
    if found is None or (found[1] and found[3]):
        return None
    return found[2], found[1] or found[3] or ""


async def bare(desk: Desk, word: str, digits: str = "") -> Answer:
    """An answer word, mostly without a number: the one event it can mean, or a choice.

    Of a number without its letter the event is meant that waits, else the warning.
    """
    waiting = await _waiting(desk, word)
    if digits:
        waiting = [number for number in waiting if number[1:] == digits] or [f"W{digits}"]
    elif number := _answered_number(desk.asked, word):
        return await _twin(desk, f"{word} {number}")
    meant = word
    if (
        not waiting and word == "同意"
    ):  # a leader's consent to a report is a signature: asked, never taken for one
        meant, waiting = "签发", await _waiting(desk, "签发")
    if not waiting:
        return base.NothingOpen(word=word)
    if len(waiting) > 1 or meant != word:
        options = tuple((f"{meant} {n}", f"{meant} {n}") for n in waiting)
        return base.Choose(word=word, act="bare", options=options)
    return await _twin(desk, f"{word} {waiting[0]}")


def _answered_number(asked: str, word: str) -> str | None:
    """Return the one event a message of the bot that is answered asks this answer for, None where it names several."""
    for pattern in (rf"{word} ([A-Z]\d{{1,9}})", r"(?<![A-Za-z0-9])([A-Z]\d{1,9})"):
        named = {number for number in re.findall(pattern, asked) if (word, number[0]) in TWINS}
        if named:
            return named.pop() if len(named) == 1 else None
    return None


async def _waiting(desk: Desk, word: str) -> list[str]:
    tx, who = desk.tx, desk.who
    found: list[str] = []
    if word in ("收到", "已传达", "无法传达"):
        found += [f"W{n}" for n in await callout.waiting_for(tx, who, passing=word != "收到")]
    if word == "收到":
        found += [f"S{s.id}" for s in await shift.waiting_prompts(tx, who, desk.now)]
        asked = {*await report_sign.unconfirmed(tx, who), *await response.waiting_for(tx, who)}
        found += [f"E{n}" for n in sorted(asked)]
    if word == "到场":
        found += [f"E{n}" for n in await response.waiting_for(tx, who, arrival=True)]
    if word in ("签发", "退回"):
        found += [f"E{n}" for n in await report_sign.unsigned(tx, who)]
    if word in ("电话已叫应", "未叫通") and who.has(Role.OFFICER, Role.DEPUTY, Role.LEADER):
        found += [b.number for b in await bulletins.live(tx)]
    if word in ("发送", "已电话报告", "无变化"):
        found += [i.number for i in await incidents.in_state(tx, "open")]
    if word in ("下发", "取消"):
        found += [f"W{n}" for n in await bulletin.drafts_of(tx, who)]
    if word in ("确认", "取消"):
        found += [f"D{n}" for n in await sheet.drafts_of(tx, who)]
    if word in ("同意", "不同意"):
        found += [f"S{n}" for n in await swap.waiting_for(tx, who)]
        found += [f"Q{n}" for n in await leave.waiting_for(tx, who, desk.now)]
    return found


async def _twin(desk: Desk, text: str) -> Answer:
    found = find_twin(text)
    return await found[0](desk, found[1], found[2]) if found else base.NothingOpen(word=text)


@press("bare")
async def picked(desk: Desk, subject: str) -> Answer:
    """One of several events was picked; D12:无法传达 W1 is said with the words of a draft."""
    kept = re.match(r"D(\d+):", subject)
    found = await draft.by_id(desk.tx, int(kept[1])) if kept else None
    if kept is None or found is None:
        return await _twin(desk, subject)
    return await _twin(desk, f"{subject[kept.end() :]} {found.text}")


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

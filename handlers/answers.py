"""Answers without a number: given to the one event that waits for them, or asked which; nothing is guessed."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from actions import (
    bulletin,
    callout,
    dutylog,
    handover,
    incident_words,
    leave,
    nil_report,
    report_final,
    report_sign,
    response,
    rollcall,
    sheet,
    shift,
    swap,
    task,
)
from domain.answer_words import (
    Said,
    is_question,
    read_said,
    says_arrived,
    says_called,
    says_consent,
    says_reported,
    says_seen,
    says_told,
)
from domain.handover import read_carried
from domain.nil_report import says_nothing_happened
from domain.notice import Notice
from domain.notices import base
from domain.people import Role
from domain.word_order import only_incident
from handlers.desk import TWINS, Answer, Desk, Twin, find_twin, listed, press
from handlers.roster import ON_ROSTER
from storage import bulletin as bulletins
from storage import callout as contacts
from storage import draft
from storage import incident as incidents

SUBJECT = 48
"""Characters a button's subject may have."""
OFFERED = 6
"""Answers that are offered for a text which was not understood."""
SIGNED = {"同意": "签发", "发送": "签发", "不同意": "退回"}
"""What consent to a report, and its opposite, would be: asked, never taken for one."""
PASSED = ("收到", "已传达")
"""Answers of many, whose words may tell of people in danger: then they are read as a report."""


async def read(desk: Desk) -> Answer:
    """Take a text as an answer in any of its forms; None for any other text."""
    for reader in (_on_duty, _answered, _arrived, _told_of_calls, nodded, _why):
        if answered := await reader(desk):
            return answered
    return None


async def _on_duty(desk: Desk) -> Answer:
    """Arrival or a zero report in other words, an answer of the handover, a roll call's code; None for another text."""
    if says_arrived(desk.text) and desk.who.has(*ON_ROSTER):
        return await shift.arrive(desk.tx, desk.who, desk.now)
    if says_nothing_happened(desk.text) and desk.who.has(Role.OFFICER, Role.DEPUTY):
        return await nil_report.send(desk.tx, desk.who, desk.now, desk.now.astimezone(desk.tx.zone).date())
    if (found := read_carried(desk.text)) and (found[0] != "finished" or await handover.waits(desk.tx)):
        return await handover.answer_in_words(desk.tx, desk.who, desk.now, *found)
    return await rollcall.answer_bare(desk.tx, desk.who, desk.now, desk.text)


async def _answered(desk: Desk) -> Answer:
    """An answer's word, alone or with others behind it (收到，谢谢; 已传达 30户; 批准); None for another text."""
    said = _said(desk)
    if said is None:
        return None
    numbers = re.findall(r"\d+", said.digits)
    if len(numbers) > 1:
        each = [await _one(desk, replace(said, digits=number)) for number in dict.fromkeys(numbers)]
        return [notice for answer in each for notice in listed(answer)]
    return await _one(desk, said)


async def _one(desk: Desk, said: Said) -> Answer:
    if waiting := await _meant(desk, said):
        return await _to_one_of(desk, said, waiting)
    if (meant := SIGNED.get(said.word)) and (
        unsigned := await _meant(desk, replace(said, word=meant, digits=""))
    ):
        options = await _options(desk, replace(said, word=meant), unsigned)
        return base.NoAnswer(word=meant, said=desk.text[:20], options=options)
    if not said.alone and said.word != "销假":
        return None
    if said.word == "收到" and not said.digits and (passing := await _waiting(desk, "已传达")):
        return await _twin(desk, f"收到 {passing[0]}")  # said twice: it hears when it was said first
    return base.NothingOpen(word=said.word)


LEADERS = ("签发", "退回")
"""What a leader says to a report."""


def _said(desk: Desk) -> Said | None:
    said = read_said(desk.text, (desk.who.name, *(post.unit for post in desk.who.posts)))
    danger = said is not None and said.word in PASSED and incident_words.tells(desk.tx, desk.text, desk.now)
    return None if danger else said


async def _meant(desk: Desk, said: Said) -> list[str]:
    """Return the events an answer may be for: those of its digits, of the message it answers, else all that wait.

    Of a number without its letter the event is meant that waits, else the first kind of event that may.
    """
    if not said.digits and (number := _answered_number(desk.asked, said.word)):
        return [number]
    waiting = await _waiting(desk, said.word)
    if not said.digits:
        return waiting
    letter = next((one for word, one in WAITING if word == said.word), "W")
    return [number for number in waiting if number[1:] == said.digits] or [f"{letter}{said.digits}"]


async def offers(desk: Desk, kept: int) -> tuple[tuple[str, str], ...]:
    """Return the answers that a kept text which was not understood may be, each a press away with its words."""
    waiting = [
        f"{word} {number}"
        for word in ("收到", "已传达", "无法传达")
        for number in await _waiting(desk, word)
        if word != "收到" or number[0] == "W"
    ]
    named = {number.upper() for number in re.findall(r"[Ww]\d+", desk.text)}
    waiting = [one for one in waiting if not named or one.rpartition(" ")[2] in named]
    return tuple((one, f"D{kept}:{one}") for one in waiting[:OFFERED])


def questioned(desk: Desk, found: Sequence[tuple[Twin, int, str]]) -> Notice | None:
    """A question about an answer (收到 W1 吗) is none, but one press away from it; None where nothing is asked."""
    names = {act: name for name, act in TWINS.items() if name in WAITING}
    if not found or not all(act in names and is_question(rest) for act, _, rest in found):
        return None
    meant = [f"{names[act][0]} {names[act][1]}{key}" for act, key, _ in found]
    options = tuple((one, one) for one in meant)
    return base.NoAnswer(word=names[found[0][0]][0], said=desk.text[:20], options=options)


async def captioned(desk: Desk) -> tuple[str, list[Notice]] | None:
    """Take the caption of a file as an answer to the one event that waits; return its number and what is said.

    A leader's word about a report is always one: which is asked where several wait, and the number is "".
    """
    said = _said(desk)
    decides = said is not None and said.word in LEADERS and desk.who.has(Role.LEADER)
    if said is None or not (decides or said.word in (*PASSED, "到场")):
        return None
    waiting = await _meant(desk, said)
    if len(waiting) == 1:
        return waiting[0], listed(await _to_one_of(desk, said, waiting))
    return ("", listed(await _one(desk, said))) if decides else None


async def _arrived(desk: Desk) -> Answer:
    return await response.arrival_said(desk.tx, desk.who, desk.now, desk.text, desk.how)


async def _told_of_calls(desk: Desk) -> Answer:
    """胡志荣打通了, 给区里报了: what was done by telephone is one press from its record; None for another text."""
    if not desk.who.has(Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return None
    if called := says_called(desk.text):
        word, name = called
        live = [b for b in await bulletins.live(desk.tx) if await contacts.named(desk.tx, b.id, name)]
        waiting = [f"{b.number} {name}" for b in live]
    elif word := says_reported(desk.text) or "":
        named = only_incident(desk.text)
        waiting = [n for n in await _waiting(desk, word) if named in (None, n)]
    else:
        return None
    options = tuple((f"{word} {one}", f"{word} {one}") for one in waiting)
    return base.NoAnswer(word=word, said=desk.text[:20], options=options) if options else None


async def nodded(desk: Desk) -> Answer:
    """好的, 👌, 1, 已通知住户 or 可以，发吧 where something waits: no answer, but one press away; else None."""
    nods = (("收到", says_seen), ("已传达", says_seen), ("已传达", says_told), ("签发", says_consent))
    for word, says in nods:
        if says(desk.text) and (waiting := await _waiting(desk, word)):
            if says is says_told and incident_words.tells(desk.tx, desk.text, desk.now):
                return None
            more = desk.text if says is says_told else ""
            options = await _options(desk, Said(word, more), waiting)
            return base.NoAnswer(word=word, said=desk.text[:20], options=options)
    said = _said(desk)
    if said is not None and said.word in PASSED and not said.more:
        return base.NothingOpen(word=said.word)
    if says_consent(desk.text) and desk.who.has(Role.LEADER):
        return base.NothingOpen(word="签发")
    return base.NothingOpen(word="收到") if says_seen(desk.text) and _has_letters(desk.text) else None


def _has_letters(text: str) -> bool:
    return any(char.isalpha() for char in text)


async def _why(desk: Desk) -> Answer:
    """The reason that was asked for just before, when 无法传达 was pressed; None for what tells of people in danger."""
    number = await callout.asked_why(desk.tx, desk.who, desk.now)
    if number is None or incident_words.harms(desk.tx, desk.text, desk.now):
        return None
    return await callout.cannot_pass(desk.tx, desk.who, desk.now, number, desk.text, desk.how)


async def _to_one_of(desk: Desk, said: Said, waiting: list[str]) -> Answer:
    """Give an answer with its words to the one event that waits for it, or ask which."""
    if len(waiting) == 1:
        return await _twin(desk, f"{said.word} {waiting[0]} {said.more}".strip())
    return base.Choose(word=said.word, act="bare", options=await _options(desk, said, waiting))


async def _options(desk: Desk, said: Said, waiting: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what gives an answer with its words to each event: the words of a button, and its subject."""
    whole = {n: f"{said.word} {n} {said.more}".strip() for n in waiting}
    if max(map(len, whole.values())) > SUBJECT:
        kept = await draft.keep(desk.tx, desk.now, desk.who.id, "answer", said.more)
        whole = {n: f"D{kept}:{said.word} {n}" for n in waiting}
    return tuple((f"{said.word} {n}", subject) for n, subject in whole.items())


def _answered_number(asked: str, word: str) -> str | None:
    """Return the one event a message of the bot that is answered asks this answer for, None where it names several."""
    for pattern in (rf"{word} ([A-Z]\d{{1,9}})", r"(?<![A-Za-z0-9])([A-Z]\d{1,9})"):
        named = {number for number in re.findall(pattern, asked) if (word, number[0]) in TWINS}
        if named:
            return named.pop() if len(named) == 1 else None
    return None


# --- what waits --------------------------------------------------------------------------------------------


async def _unacknowledged(desk: Desk) -> Sequence[int]:
    return await callout.waiting_for(desk.tx, desk.who, passing=False)


async def _unpassed(desk: Desk) -> Sequence[int]:
    return await callout.waiting_for(desk.tx, desk.who, passing=True)


async def _prompts(desk: Desk) -> Sequence[int]:
    return [s.id for s in await shift.waiting_prompts(desk.tx, desk.who, desk.now)]


async def _unconfirmed(desk: Desk) -> Sequence[int]:
    sent = await report_sign.unconfirmed(desk.tx, desk.who)
    return sorted({*sent, *await response.waiting_for(desk.tx, desk.who)})


async def _unarrived(desk: Desk) -> Sequence[int]:
    return await response.waiting_for(desk.tx, desk.who, arrival=True)


async def _unsigned(desk: Desk) -> Sequence[int]:
    return await report_sign.unsigned(desk.tx, desk.who)


async def _live(desk: Desk) -> Sequence[int]:
    may = desk.who.has(Role.OFFICER, Role.DEPUTY, Role.LEADER)
    return [b.id for b in await bulletins.live(desk.tx)] if may else []


async def _open(desk: Desk) -> Sequence[int]:
    may = desk.who.has(*dutylog.WRITERS)
    return [i.id for i in await incidents.in_state(desk.tx, "open")] if may else []


async def _unsent(desk: Desk) -> Sequence[int]:
    """Return the open incidents with something to send, all of them where there is none; officers and deputies send."""
    running = await _open(desk) if desk.who.has(Role.OFFICER, Role.DEPUTY) else []
    drafts = await incidents.with_drafts(desk.tx)
    return [i for i in running if i in drafts] or running


async def _unconfirmed_above(desk: Desk) -> Sequence[int]:
    may = desk.who.has(Role.OFFICER, Role.DEPUTY)
    return await incidents.with_reports(desk.tx, signed=None) if may else []


async def _in_hospital(desk: Desk) -> Sequence[int]:
    return await report_final.asked_after(desk.tx, desk.who)


async def _drafts(desk: Desk) -> Sequence[int]:
    return await bulletin.drafts_of(desk.tx, desk.who)


async def _sheets(desk: Desk) -> Sequence[int]:
    return await sheet.drafts_of(desk.tx, desk.who)


async def _swaps(desk: Desk) -> Sequence[int]:
    return await swap.waiting_for(desk.tx, desk.who)


async def _leaves(desk: Desk) -> Sequence[int]:
    return await leave.waiting_for(desk.tx, desk.who, desk.now)


async def _own_swaps(desk: Desk) -> Sequence[int]:
    return await swap.asked_by(desk.tx, desk.who)


async def _own_leaves(desk: Desk) -> Sequence[int]:
    return await leave.running_of(desk.tx, desk.who, desk.now, desk.text)


async def _tasks(desk: Desk) -> Sequence[int]:
    return await task.waiting_for(desk.tx, desk.who, desk.now)


async def _unseen(desk: Desk) -> Sequence[int]:
    return await task.unseen(desk.tx, desk.who, desk.now)


WAITING: dict[tuple[str, str], Callable[[Desk], Awaitable[Sequence[int]]]] = {
    ("收到", "W"): _unacknowledged,
    ("收到", "S"): _prompts,
    ("收到", "E"): _unconfirmed,
    ("收到", "T"): _unseen,
    ("已传达", "W"): _unpassed,
    ("无法传达", "W"): _unpassed,
    ("到场", "E"): _unarrived,
    ("签发", "E"): _unsigned,
    ("退回", "E"): _unsigned,
    ("电话已叫应", "W"): _live,
    ("未叫通", "W"): _live,
    ("上级已收到", "E"): _unconfirmed_above,
    ("发送", "E"): _unsent,
    ("已电话报告", "E"): _open,
    ("无变化", "E"): _open,
    ("稳定", "E"): _open,
    ("长期", "E"): _open,
    ("未稳定", "E"): _open,
    ("已出院", "E"): _in_hospital,
    ("仍住院", "E"): _in_hospital,
    ("下发", "W"): _drafts,
    ("取消", "W"): _drafts,
    ("取消", "D"): _sheets,
    ("确认", "D"): _sheets,
    ("同意", "S"): _swaps,
    ("同意", "Q"): _leaves,
    ("不同意", "S"): _swaps,
    ("不同意", "Q"): _leaves,
    ("撤回", "S"): _own_swaps,
    ("销假", "Q"): _own_leaves,
    ("已办结", "T"): _tasks,
}
"""Which events may wait for an answer's word, by their letter."""


async def _waiting(desk: Desk, word: str) -> list[str]:
    """Return the numbers of the events that wait for this person's word."""
    ours = {letter: find for (said, letter), find in WAITING.items() if said == word}
    return [f"{letter}{number}" for letter, find in ours.items() for number in await find(desk)]


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

"""Words that somebody put behind an answer which takes none: kept with its event, and heard by the officers."""

from collections.abc import Sequence
from datetime import datetime

from actions import duty
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.remark import is_courtesy, is_trouble
from storage import log, outbox
from storage.database import Tx


async def keep(tx: Tx, who: Actor, now: datetime, answer: str, number: str, words: str) -> Notice | None:
    """Keep the words with the event and tell the officers; one of many who only answer is logged. None: courtesy."""
    words = words.strip()
    if is_courtesy(words):
        return None
    of_many = number.startswith("W") and answer == "收到" and not is_trouble(words)
    act = "answer.aside" if of_many else "answer.words"
    await log.append(tx, now, who.id, act, number, f"{answer}：{words}")
    if of_many:
        return None
    told = [one for one in await duty.officers_to_tell(tx, now) if one.id != who.id]
    for officer in told:
        heard = base.WordsHeard(
            number=number, answer=answer, words=words, name=who.name, phone=who.phone, at=now
        )
        await outbox.say(tx, now, heard, person=officer.id, subject=number)
    return base.WordsKept(number=number, answer=answer, words=words, told="、".join(one.name for one in told))


async def pass_on(
    tx: Tx, who: Actor, now: datetime, words: str, number: str, waiting: Sequence[str]
) -> Notice:
    """What the room above writes in its own words reaches the officers, and stands with the event it is about.

    `number`: that event, "" where none is named; `waiting`: the events whose receipt is still to be confirmed.
    """
    await log.append(tx, now, who.id, "answer.words", number, words)
    heard = base.HeardFromAbove(number=number, name=who.name, phone=who.phone, words=words, at=now)
    told = await duty.officers_to_tell(tx, now)
    for officer in told:
        await outbox.say(tx, now, heard, person=officer.id, subject=number)
    options = tuple((f"收到 {one}", f"收到 {one}") for one in waiting)
    return base.PassedOn(words=words, told="、".join(one.name for one in told), at=now, options=options)

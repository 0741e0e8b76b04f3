"""Words that somebody put behind an answer which takes none: kept with its event, and heard by the officers."""

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
    await log.append(tx, now, who.id, "answer.words", number, f"{answer}：{words}")
    if number.startswith("W") and answer == "收到" and not is_trouble(words):
        return None
    told = [one for one in await duty.officers_to_tell(tx, now) if one.id != who.id]
    for officer in told:
        heard = base.WordsHeard(
            number=number, answer=answer, words=words, name=who.name, phone=who.phone, at=now
        )
        await outbox.say(tx, now, heard, person=officer.id, subject=number)
    return base.WordsKept(number=number, answer=answer, words=words, told="、".join(one.name for one in told))

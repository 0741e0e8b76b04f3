"""Whatever a reporter sends is a first word at once, or an addition to the one he has just sent."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions import duty, incident, incident_files
from actions.incident_alike import telling
from actions.incident_views import submitted
from actions.response_views import units_of
from domain.actor import Actor
from domain.duplicates import Telling, another
from domain.notice import Notice
from domain.notices import incident as say
from domain.notices import intake
from domain.notices.incident import Card, Word
from domain.notices.room import FileKept
from domain.people import Role
from domain.report_kind import DEAD
from domain.report_text import ReportReading
from storage import card, draft, log, outbox, partner, room
from storage import incident as events
from storage.database import Tx
from storage.incident import Incident

SOON = timedelta(minutes=5)
"""What a reporter sends within this time of his word is about the same event."""
_CORRECTS = re.compile(r"[说看写搞弄听报]错|误报|更正|不对|不是[^,，。]{1,12}[,，]?\s*(?:而?是|应该?是)")
"""What a reporter puts right is about the event he told of, another place too."""
REPORTERS = (Role.REPORTER, Role.CONTACT)


@dataclass(frozen=True)
class Told:
    """What came in: words, a kept file or why it was `refused` (`file_name` says which), the mark of its album.

    `origin`: whom it was forwarded from. `said`: typed behind 首报. `placed`: a place or a card.
    """

    text: str
    file: FileKept | None = None
    file_name: str = ""
    refused: str | None = None
    album: str = ""
    origin: str = ""
    said: bool = False
    placed: bool = False
    received_at: datetime | None = None

    @property
    def words(self) -> str:
        """The words as they are kept, naming the file or why there is none."""
        words = f"{self.text}（转发自 {self.origin}）" if self.origin else self.text
        if self.file is not None:
            return incident.with_file(words, self.file.name, self.file.sha256)
        return f"{words}（附件 {self.file_name} 没有收下：{self.refused}）" if self.refused else words


def tells(tx: Tx, text: str, now: datetime) -> bool:
    """Return True if a text tells of an incident by itself."""
    reading = incident.understand(tx, text, now)
    dead = any(hit.reason == DEAD for hit in reading.direct_report)
    return dead or reading.category is not None or _harmed(reading)


OBSTACLES = (None, "停电", "供水中断", "城市内涝", "大风次生(倒树)")
"""Types of what keeps people from passing a warning on; any other is an event of its own."""


def harms(tx: Tx, text: str, now: datetime) -> bool:
    """Return True if a text tells of more than what stands in somebody's way: people in danger, another event."""
    reading = incident.understand(tx, text, now)
    return bool(reading.direct_report) or reading.subtype not in OBSTACLES or _harmed(reading)


def _harmed(reading: ReportReading) -> bool:
    figures = (reading.figures.get(name) for name in ("deaths", "injured", "missing", "trapped"))
    return any(figure and figure.value != 0 for figure in figures)


async def fresh(tx: Tx, who: Actor, now: datetime) -> Incident | None:
    """Return the event this person told of just now, or the one his word was joined to, while it goes on.

    Where he told of none: the one open incident his unit was called to.
    """
    number = await events.last_told(tx, who.id, now - SOON) or await _called_to(tx, who)
    i = await events.by_id(tx, number) if number else None
    if i is not None and i.joined_id is not None:
        i = await events.by_id(tx, i.joined_id)
    if i is None or i.state not in ("offered", "open"):
        return None
    return None if i.drill and not await room.drilling(tx) else i  # what comes after an exercise is real


async def _called_to(tx: Tx, who: Actor) -> int | None:
    told = set(await partner.incidents_of(tx, await units_of(tx, who)))
    found = [i.id for i in await events.in_state(tx, "open") if i.id in told]
    return found[0] if len(found) == 1 else None


async def receive(tx: Tx, who: Actor, now: datetime, told: Told) -> list[Notice]:
    """Take a first word, or add to the reporter's last one; an officer's opens an incident at once."""
    if not who.has(Role.OFFICER, Role.DEPUTY):
        before = await fresh(tx, who, now)
        if before is not None and not _another(tx, now, told, before):
            return [await _add(tx, who, now, before, told)]
    came = incident.Came(told.file, told.album, told.received_at)
    answers = await incident.first_word(tx, who, now, told.words, came)
    return [_with_refusal(answer, told.refused) for answer in answers]


def _with_refusal(answer: Notice, refused: str | None) -> Notice:
    return answer.model_copy(update={"refused": refused}) if isinstance(answer, say.WordReceived) else answer


def _another(tx: Tx, now: datetime, told: Told, before: Incident) -> bool:
    """Return True if the words tell of another event than the one before."""
    if not told.text or told.placed:
        return False
    if told.said and told.text.strip().upper().startswith("E"):
        return True
    if not told.said and _CORRECTS.search(told.text):
        return False
    reading = incident.understand(tx, told.text, now)
    new = Telling("", "", reading.place, reading.category, reading.subtype, now)
    return another(new, telling(before), said=told.said)


async def _add(tx: Tx, who: Actor, now: datetime, i: Incident, told: Told) -> Notice:
    """Add words and file to an event: a waiting word grows, an open incident's officer is shown them."""
    await log.append(tx, now, who.id, "incident.added", i.number, told.words)
    kept = None
    if i.state == "offered":
        await _grow(tx, who, i, told.words)
    elif told.text:
        kept = await draft.keep(tx, now, who.id, "addition", told.text)
    await card.touch(tx, now, i.number, [Card.card, Word.card])
    if told.refused or kept or (told.text and told.file is None):
        await _tell(tx, who, now, i, told.words, kept)
    if told.file is not None:
        await incident_files.attach(tx, now, who.id, i, told.file, told.text)
        await incident_files.show(tx, now, i, told.file, who, told.text)
    return intake.Added(
        number=i.number,
        at=now,
        file=told.file.name if told.file else None,
        refused=told.refused,
        drill=i.drill,
    )


async def _grow(tx: Tx, who: Actor, i: Incident, words: str) -> None:
    """A waiting word is read anew with what was added; its time of receipt stands."""
    raw = f"{i.raw}\n{words}"
    await incident.reread(tx, i, raw, incident.told_by(who, incident.read(tx, raw, i.received_at)))


async def hand_on(tx: Tx, who: Actor, now: datetime, i: Incident, words: str, word: str) -> Notice:
    """A leader's words for a report (续报, 终报) go to the officers on duty, who send it with one press."""
    await log.append(tx, now, who.id, "incident.added", i.number, words)
    kept = await draft.keep(tx, now, who.id, "addition", words)
    await card.touch(tx, now, i.number, [Card.card])
    told = await _tell(tx, who, now, i, words, kept, word)
    return intake.HandedOn(number=i.number, word=word, told=told, at=now, drill=i.drill)


async def _tell(
    tx: Tx, who: Actor, now: datetime, i: Incident, words: str, kept: int | None, word: str = "续报"
) -> str:
    """Show the officers on duty what was added, and return their names."""
    unit = who.posts[0].unit if who.posts else ""
    notice = intake.WordAdded(
        number=i.number,
        title=i.title,
        reporter=who.name,
        unit=Role.LEADER.word if who.has(Role.LEADER) else unit,
        phone=who.phone,
        text=words,
        draft=kept,
        submitted=submitted(await events.reports_of(tx, i.id)),
        word=word,
        drill=i.drill,
    )
    officers = await duty.officers_to_tell(tx, now)
    for officer in officers:
        await outbox.say(tx, now, notice, person=officer.id, subject=i.number)
    return "、".join(one.name for one in officers)

"""Mending the card: a field by its name, or a sentence that fills gaps; until the first report is submitted."""

import re
from datetime import datetime

from actions.authority import refuse
from actions.incident import SLACK
from actions.incident_put import lowers, put, read_into, repeats, standing
from actions.incident_views import submitted
from config.tables import load_incident_types
from domain.actor import Actor
from domain.mend_pieces import Piece, piece_of, pieces_of
from domain.mend_text import COUNTED, FIELDS, likely_types, read_mend
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as events
from domain.notices import intake as say
from domain.people import Role
from storage import draft, incident
from storage.database import Tx
from storage.incident import Incident

ASKED = "mend-asked"
"""Drafts of this kind say which field a person was asked for last (E7 地点)."""
_ASKED = re.compile(rf"(?:^|补 )E(\d{{1,9}}) ({'|'.join(FIELDS)})(?:\s|$)")
_UNNUMBERED = re.compile(r"补[\s:：,，]+(?=\S)")
EXAMPLES = {
    "时间": "9点40",
    "地点": "海棠里3号楼2门",
    "类型": "火灾",
    "伤亡": "2人受伤，无人死亡",
    "来源": "社区网格员",
    "电话": "王强13800000017",
    "措施": "已断电，疏散12户",
}


async def mend(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> list[Notice]:
    """Take a mending as typed: a field alone is asked for, a field with words is put in, a sentence fills gaps."""
    i = await _mendable(tx, who, now, number, text)
    if isinstance(i, Notice):
        return [i]
    said = read_mend(text)
    if said.field is None and not said.words:
        return [_wrong(i, "补什么？没有改动。")]
    if said.field in (None, "伤亡") and said.words:
        return await _sentence(tx, who, now, i, said.words, corrects=said.corrects)
    if not said.words:
        return [await ask(tx, who, now, number, said.field or "")]
    words, reason = _with_reason(said.field or "", said.words) if said.corrects else (said.words, "")
    piece = piece_of(said.field or "", words, i.received_at, tx.zone, load_incident_types())
    if isinstance(piece, str):
        return [_wrong(i, f"{said.field}没有改动：{piece}。", said.field)]
    lowered = await lowers(tx, i, piece)
    if lowered and not reason:
        return [await _keep_lowered(tx, who, now, i, lowered, text)]
    return await put(tx, who, now, i, said.words, [piece], [])


def _with_reason(field: str, words: str) -> tuple[str, str]:
    """Return the content and the reason of a correction (1，原报有误); only a figure has one behind it."""
    if field not in COUNTED:
        return words, words
    content, _, reason = (
        part.strip() for part in re.sub(r"[,，。;；]|\s+", "|", words, count=1).partition("|")
    )
    return content, reason


def _wrong(i: Incident, why: str, field: str | None = None) -> Notice:
    field = "地点" if field is None else field
    example = EXAMPLES.get(field, "2人")
    return base.WrongForm(why=why, example=f"补 {i.number} {field} {example}")


async def _mendable(tx: Tx, who: Actor, now: datetime, number: int, text: str) -> Incident | Notice:
    """Return the incident if its facts may still change, else what is said instead; the words are kept."""
    if refused := refuse(who, "补", Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    if i is None or i.state in ("offered", "discarded"):
        kept = await draft.keep(tx, now, who.id, "续报", text)
        numbers = tuple(o.number for o in await incident.in_state(tx, "open"))
        return events.NoSuch(number=f"E{number}", word="补", draft=kept, open=numbers)
    if i.state == "closed":
        return events.Closed(number=i.number, at=i.closed_at, drill=i.drill)
    if submitted(await incident.reports_of(tx, i.id)):
        return say.Submitted(
            number=i.number, draft=await draft.keep(tx, now, who.id, "续报", text), drill=i.drill
        )
    return i


# --- asking ------------------------------------------------------------------------------------------------


async def ask(tx: Tx, who: Actor, now: datetime, number: int, field: str) -> Notice:
    """Ask for one field in a line with an example; a type is offered as buttons too."""
    i = await _mendable(tx, who, now, number, field)
    if isinstance(i, Notice):
        return i
    await draft.keep(tx, now, who.id, ASKED, f"{i.number} {field}")
    kinds: tuple[tuple[str, str], ...] = ()
    if field == "类型":
        types = load_incident_types()
        places = likely_types(i.raw, i.category, types)
        kinds = tuple((types.type[place].subtype, f"{i.number}:{place}") for place in places)
    return say.MendAsked(
        number=i.number, field=field, example=EXAMPLES.get(field, "2人"), kinds=kinds, drill=i.drill
    )


async def without_number(tx: Tx, who: Actor, text: str) -> tuple[int, str] | None:
    """Return which event 补 … without a number is about, the only open one, and the words; None for any other text."""
    found = _UNNUMBERED.match(text)
    if found is None or not who.has(Role.OFFICER, Role.DEPUTY):
        return None
    numbers = await incident.in_state(tx, "open")
    return (numbers[0].id, text[found.end() :]) if len(numbers) == 1 else None


def asked_in(words: str) -> tuple[int, str] | None:
    """Return which event's which field a question asks for (补 E7 地点 …, or E7 地点)."""
    found = _ASKED.search(words)
    return (int(found[1]), found[2]) if found else None


async def pick_kind(tx: Tx, who: Actor, now: datetime, number: int, place: int) -> list[Notice]:
    """Put in the type that was picked, by its place in the table."""
    types = load_incident_types().type
    if not 0 <= place < len(types):
        return [base.StaleButton()]
    return await mend(tx, who, now, number, f"类型 {types[place].subtype}")


# --- a sentence --------------------------------------------------------------------------------------------


async def fill(tx: Tx, who: Actor, now: datetime, number: int, kept: int) -> list[Notice]:
    """Fill in what a reporter added."""
    found = await draft.by_id(tx, kept)
    if found is None:
        return [base.DraftUsed()]
    i = await _mendable(tx, who, now, number, found.text)
    if isinstance(i, Notice):
        return [i]
    if not await draft.use(tx, now, kept):
        return [base.DraftUsed()]
    return await _sentence(tx, who, now, i, found.text, corrects=False)


async def _sentence(
    tx: Tx, who: Actor, now: datetime, i: Incident, words: str, *, corrects: bool
) -> list[Notice]:
    """Fill what is empty; what stands otherwise is shown with a button, or changed when the words correct it."""
    pieces = _in_time(pieces_of(read_into(tx, i, words)), i)
    stands = await standing(tx, i)
    fits, differ = [], []
    for piece in pieces:
        old = stands.get(piece.field)
        if old is None or corrects or piece.field in ("电话", "措施"):
            fits.append(piece)
        elif not await repeats(tx, i, piece, old):
            differ.append((piece, old))
    kept = await draft.keep(tx, now, who.id, "mend", words) if differ else 0
    differs = [await _differ(tx, i, piece, old, kept) for piece, old in differ]
    return await put(tx, who, now, i, words, fits, differs)


def _in_time(pieces: list[Piece], i: Incident) -> list[Piece]:
    """A time after receipt is no time of the event."""
    latest = i.received_at + SLACK
    return [
        p
        for p in pieces
        if p.field != "时间" or datetime.fromisoformat(p.reading["occurred_at"]["value"]) <= latest
    ]


async def _differ(tx: Tx, i: Incident, piece: Piece, old: str, kept: int) -> say.Differ:
    lowered = await lowers(tx, i, piece)
    subject = None if lowered else f"{i.number}:{kept}:{piece.field}"
    return say.Differ(field=piece.field, old=old, new=piece.text, subject=subject)


async def amend(tx: Tx, who: Actor, now: datetime, number: int, kept: int, field: str) -> list[Notice]:
    """Correct one field by what a kept sentence says of it."""
    found = await draft.by_id(tx, kept)
    if found is None or found.person_id != who.id:
        return [base.DraftUsed()]
    i = await _mendable(tx, who, now, number, found.text)
    if isinstance(i, Notice):
        return [i]
    pieces = [p for p in pieces_of(read_into(tx, i, found.text)) if p.field == field]
    if any([await lowers(tx, i, p) for p in pieces]):
        return [base.StaleButton()]
    return await put(tx, who, now, i, found.text, pieces, [])


async def _keep_lowered(
    tx: Tx, who: Actor, now: datetime, i: Incident, what: str, text: str
) -> events.Lowered:
    kept = await draft.keep(tx, now, who.id, "mend", text)
    return events.Lowered(number=i.number, what=what, draft=kept, word="补", drill=i.drill)

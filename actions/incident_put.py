"""Putting pieces into an incident: figures with their history, what is missing, the grade."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from actions.incident import understand
from actions.report_figures import figure_text
from actions.report_grade import regrade
from domain.actor import Actor
from domain.mend_pieces import Piece
from domain.mend_text import ASKED_BY, LABEL
from domain.notice import Notice
from domain.notices import incident as events
from domain.notices import intake as say
from domain.report_text import ReportReading
from storage import card, incident, log
from storage.database import Tx
from storage.incident import FigureGiven, Incident


async def repeats(tx: Tx, i: Incident, piece: Piece, old: str) -> bool:
    """Return True if a piece says what stands already: the same number, or words that are a part of it."""
    if piece.figure is None:
        return piece.text in old
    given = (await _figures(tx, i)).get(piece.figure[0])
    new = piece.figure[1]
    return given is not None and (given.value, given.low, given.high) == (new.value, new.low, new.high)


def read_into(tx: Tx, i: Incident, words: str) -> ReportReading:
    """Return what words say of an incident, their times counted from its receipt."""
    return understand(tx, words, i.received_at)


async def _figures(tx: Tx, i: Incident) -> dict[str, FigureGiven]:
    return {f.name: f for f in await incident.figures_of(tx, i.id)}


async def standing(tx: Tx, i: Incident) -> dict[str, str]:
    """Return how each field that is not empty stands."""
    reading = i.reading
    occurred = reading.get("occurred_at") or {}
    fields = {
        "时间": occurred.get("text") if occurred.get("value") else None,
        "地点": i.place,
        "类型": None if (i.subtype or "").endswith("(疑似)") else i.subtype,
        "来源": reading.get("source"),
        "电话": "、".join(c["phone"] for c in reading.get("contacts") or ()),
        "措施": "；".join(reading.get("actions") or ()),
        **{LABEL[name]: figure_text(f) for name, f in (await _figures(tx, i)).items() if _known(f)},
    }
    return {field: text for field, text in fields.items() if text}


def _known(figure: FigureGiven) -> bool:
    return figure.value is not None or figure.low is not None or figure.high is not None


async def lowers(tx: Tx, i: Incident, piece: Piece) -> str:
    """Return which casualties would become fewer, or unknown again; "" when none would (P5)."""
    if piece.figure is None:
        return ""
    name, new = piece.figure
    old = (await _figures(tx, i)).get(name)
    if old is None or not _known(old):
        return ""
    least = old.value if old.value is not None else old.low
    most = new.value if new.value is not None else new.low
    if least and (most is None or most < least):
        return f"{LABEL[name]}由{old.text or old.value}改为{new.text or new.value}"
    return ""


@dataclass
class _New:
    """An incident while it is mended."""

    reading: dict[str, Any]
    changes: list[say.Change]


async def put(
    tx: Tx,
    who: Actor,
    now: datetime,
    i: Incident,
    words: str,
    pieces: list[Piece],
    differs: list[say.Differ],
) -> list[Notice]:
    """Write the pieces, what is still missing and the grade; the log keeps old and new."""
    stands = await standing(tx, i)
    new = _New({**i.reading, "said": [*(i.reading.get("said") or ()), words]}, [])
    reports = await incident.reports_of(tx, i.id)
    for piece in pieces:
        old = stands.get(piece.field)
        if old == piece.text or (old and piece.figure and await repeats(tx, i, piece, old)):
            continue
        if piece.figure is not None:
            name, figure = piece.figure
            await incident.add_figure(tx, now, reports[-1].id, who.id, name, asdict(figure))
        _write(new, piece)
        added = piece.field in ("电话", "措施")
        if old and not added:
            new.reading["replaced"] = [*(new.reading.get("replaced") or ()), old]
        when = (piece.reading.get("occurred_at") or {}).get("value")
        new.changes.append(
            say.Change(field=piece.field, old=None if added else old, new=piece.text, when=when)
        )
    raised = None
    if new.changes:
        raised = await _save(tx, who, now, i, new)
        changes = [c.model_dump(exclude={"when"}) for c in new.changes]
        await log.append(tx, now, who.id, "incident.mended", i.number, words, changes=changes)
        await card.touch(tx, now, i.number, [events.Card.card])
    changed = tuple(new.changes)
    return [
        say.Mended(
            number=i.number, at=now, changes=changed, differs=tuple(differs), raised=raised, drill=i.drill
        )
    ]


def _write(new: _New, piece: Piece) -> None:
    """Put a piece into the reading: phones and deeds are added, anything else takes its place."""
    for key, value in piece.reading.items():
        before = new.reading.get(key) or []
        adds = key in ("contacts", "actions")
        new.reading[key] = [*before, *(one for one in value if one not in before)] if adds else value
    filled = "伤亡" if piece.figure and piece.figure[0] in ("deaths", "injured") else piece.field
    doubts, missing = new.reading.get("doubts") or (), new.reading.get("missing") or ()
    new.reading["missing"] = [m for m in missing if ASKED_BY.get(m) != filled]
    if piece.field == "时间":
        new.reading["doubts"] = [d for d in doubts if "时间在收到之后" not in d and "一个月以前" not in d]
    if piece.field == "类型":
        new.reading["doubts"] = [d for d in doubts if "只是疑似" not in d]


async def _save(tx: Tx, who: Actor, now: datetime, i: Incident, new: _New) -> str | None:
    """Write what is known now; the grade may rise by it and is never lowered. Return the grade it rose to."""
    whole = read_into(tx, i, "\n".join([i.raw, *new.reading["said"]]))
    asked = {m for m in new.reading["missing"] if m in ASKED_BY or m in whole.missing}
    new.reading["missing"] = [m for m in new.reading["missing"] if m in asked]
    known = [hit["word"] for hit in new.reading.get("direct_report") or ()]
    hits = [{"word": h.word, "reason": h.reason} for h in whole.direct_report if h.word not in known]
    new.reading["direct_report"] = [*(new.reading.get("direct_report") or ()), *hits]
    await incident.change(
        tx,
        i.id,
        reading=new.reading,
        category=new.reading.get("category"),
        subtype=new.reading.get("subtype"),
        place=new.reading.get("place"),
        direct=i.direct or bool(new.reading["direct_report"]),
    )
    mended = await incident.by_id(tx, i.id) or i
    after = await regrade(tx, who, now, mended, {})
    return after.grade if i.grade is not None and after.grade != i.grade else None

"""The evacuated of an incident: moved, returned, listed; a mistake is withdrawn with its reason, never deleted."""

import re
from collections.abc import Sequence
from datetime import datetime

from actions.authority import refuse
from actions.response import event_of
from actions.response_views import ROOM
from actions.view import Asked, view
from domain.actor import Actor
from domain.evacuation_text import Back, Unclear, is_about, read_back, read_moved
from domain.notice import Notice
from domain.notices import base
from domain.notices import response as say
from storage import card, draft, evacuee, incident, log, people
from storage.database import Tx
from storage.evacuee import Evacuee
from storage.incident import Incident

SHOWN = 40
"""How many groups the list shows; those that are out come first."""


def _lines(rows: Sequence[Evacuee]) -> list[say.EvacuationLine]:
    """Return the groups with how many of each came back, numbered in the order they were recorded."""
    groups = [e for e in rows if e.returns_id is None]
    back = {e.id: 0 for e in groups}
    for e in rows:
        if e.returns_id is not None and e.withdrawn_at is None:
            back[e.returns_id] += e.headcount
    return [
        say.EvacuationLine(
            id=e.id,
            position=place,
            who=e.who,
            headcount=e.headcount,
            about=is_about(e.who),
            shelter=e.shelter,
            back=back[e.id],
            by=e.by,
            at=e.at,
            withdrawn=e.withdrawn_at is not None,
        )
        for place, e in enumerate(groups, 1)
    ]


async def _standing(tx: Tx, incident_id: int) -> list[say.EvacuationLine]:
    return [one for one in _lines(await evacuee.of_incident(tx, incident_id)) if not one.withdrawn]


def _about(lines: Sequence[say.EvacuationLine]) -> bool:
    return any(one.about for one in lines)


@view(say.EvacuationList)
async def listing(tx: Tx, asked: Asked) -> say.EvacuationList | None:
    """Return the list of an incident's evacuated."""
    i = await incident.by_id(tx, asked.number)
    if i is None:
        return None
    every = _lines(await evacuee.of_incident(tx, i.id))
    standing = [one for one in every if not one.withdrawn]
    shown = sorted(every, key=lambda one: (one.withdrawn, one.left == 0, one.position))[:SHOWN]
    moved, back = await evacuee.totals(tx, i.id)
    reader = await people.by_id(tx, asked.person_id) if asked.person_id else None
    return say.EvacuationList(
        drill=i.drill,
        number=i.number,
        title=i.title,
        lines=tuple(sorted(shown, key=lambda one: one.position)),
        more=len(every) - len(shown),
        shelters=tuple(_shelter(name, standing) for name in dict.fromkeys(one.shelter for one in standing)),
        moved=moved,
        back=back,
        about=_about(standing),
        acts=reader is not None and reader.has(*ROOM),
    )


def _shelter(name: str, lines: Sequence[say.EvacuationLine]) -> say.Shelter:
    there = [one for one in lines if one.shelter == name]
    return say.Shelter(
        name=name,
        moved=sum(one.headcount for one in there),
        back=sum(one.back for one in there),
        about=_about(there),
    )


async def move(tx: Tx, who: Actor, now: datetime, number: int | None, text: str = "") -> Notice:
    """Record who was moved where; without words show the list. No headcount stated: refused, the text is kept."""
    if refused := refuse(who, "转移", *ROOM):
        return refused
    i = await event_of(tx, who, now, number, "转移", text, over=not text.strip())
    if isinstance(i, Notice):
        return i
    if not text.strip():
        return await listing(tx, Asked(i.number, who.id, {}, now)) or base.StaleButton()
    read = read_moved(text)
    if isinstance(read, Unclear):
        kept = await draft.keep(tx, now, who.id, "text", f"转移 {i.number} {text}")
        return say.NotCounted(number=i.number, why=read.why, word="转移", draft=kept, drill=i.drill)
    keys = [
        await evacuee.add(
            tx, now, i.id, who.id, who=m.who, headcount=m.headcount, origin=m.origin, shelter=m.shelter
        )
        for m in read
    ]
    await log.append(tx, now, who.id, "evacuation.moved", i.number, text, lines=keys)
    await card.touch(tx, now, i.number)
    lines = await _standing(tx, i.id)
    moved, back = await evacuee.totals(tx, i.id)
    return say.Evacuated(
        number=i.number,
        lines=tuple(one for one in lines if one.id in keys),
        moved=moved,
        back=back,
        about=_about(lines),
        at=now,
        drill=i.drill,
    )


async def give_back(tx: Tx, who: Actor, now: datetime, number: int | None, text: str) -> Notice:
    """Record who came back: by a line's number, a shelter or name, a headcount; more than are out is refused."""
    if refused := refuse(who, "返回", *ROOM):
        return refused
    i = await event_of(tx, who, now, number, "返回", text, over=True)
    if isinstance(i, Notice):
        return i
    read = read_back(text)
    if isinstance(read, Unclear):
        kept = await draft.keep(tx, now, who.id, "text", f"返回 {i.number} {text}")
        return say.NotCounted(number=i.number, why=read.why, word="返回", draft=kept, drill=i.drill)
    lines = await _standing(tx, i.id)
    shares = _shares(read, [one for one in _meant(read, lines) if one.left > 0])
    if not shares:
        kept = await draft.keep(tx, now, who.id, "text", f"返回 {i.number} {text}")
        return _refused(i, read, lines, kept)
    return await _returned(tx, who, now, i, shares, text)


async def all_back(tx: Tx, who: Actor, now: datetime, number: int, line: int) -> Notice:
    """Record that everybody of a line came back."""
    if refused := refuse(who, "返回", *ROOM):
        return refused
    i = await incident.by_id(tx, number)
    found = next((one for one in await _standing(tx, number) if one.id == line), None)
    if i is None or found is None or found.left == 0:
        return base.StaleButton()
    return await _returned(tx, who, now, i, {found.id: found.left}, f"{found.position} 全部返回")


def _meant(read: Back, lines: Sequence[say.EvacuationLine]) -> list[say.EvacuationLine]:
    found = [one for one in lines if read.line in (None, one.position)]
    if not read.where:
        return found
    same = [one for one in found if read.where == one.shelter]
    return same or [one for one in found if read.where in one.shelter or read.where in one.who]


def _shares(read: Back, out: Sequence[say.EvacuationLine]) -> dict[int, int]:
    """Return how many of which line came back; nothing when that is not said: no line's part is made up."""
    left = sum(one.left for one in out)
    whole = read.headcount is None and (len(out) == 1 or read.everybody or read.words.endswith("全部"))
    if whole or read.headcount == left:
        return {one.id: one.left for one in out}
    if len(out) == 1 and read.headcount is not None and 0 < read.headcount < left:
        return {out[0].id: read.headcount}
    return {}


def _refused(i: Incident, read: Back, lines: Sequence[say.EvacuationLine], kept: int) -> Notice:
    meant = [one for one in _meant(read, lines) if one.left > 0]
    return say.ReturnRefused(
        number=i.number,
        asked=read.headcount,
        left=sum(one.left for one in meant),
        where=read.where or (f"第{read.line}条" if read.line else ""),
        lines=tuple(meant or [one for one in lines if one.left > 0])[:8],
        draft=kept,
        drill=i.drill,
    )


async def _returned(
    tx: Tx, who: Actor, now: datetime, i: Incident, shares: dict[int, int], text: str
) -> Notice:
    before = {one.id: one for one in await _standing(tx, i.id)}
    for line, headcount in shares.items():
        await evacuee.add(
            tx,
            now,
            i.id,
            who.id,
            who=before[line].who,
            headcount=headcount,
            shelter=before[line].shelter,
            returns_id=line,
        )
    back_now = sum(shares.values())
    await log.append(
        tx, now, who.id, "evacuation.returned", i.number, f"{text}（{back_now}人）", lines=shares
    )
    await card.touch(tx, now, i.number)
    lines = await _standing(tx, i.id)
    moved, back = await evacuee.totals(tx, i.id)
    return say.Returned(
        number=i.number,
        back_now=back_now,
        lines=tuple(one for one in lines if one.id in shares),
        moved=moved,
        back=back,
        about=_about(lines),
        at=now,
        drill=i.drill,
    )


async def withdraw(
    tx: Tx, who: Actor, now: datetime, number: int, text: str, *, returned: bool = False
) -> Notice:
    """Withdraw a line (or the newest return of one) with a reason; it stays on the list, struck out."""
    word = "撤销返回" if returned else "撤销转移"
    if refused := refuse(who, word, *ROOM):
        return refused
    example = f"{word} E{number} 2 写错了楼号"
    said = re.fullmatch(r"第?(\d{1,3})(?:条|批)?[\s,，:：]*(.*)", text.strip(), re.DOTALL)
    if said is None or not said[2].strip():
        return say.NotWithdrawn(number=f"E{number}", why="请写清单上的序号和原因，没有撤销", example=example)
    rows = await evacuee.of_incident(tx, number)
    line = next((one for one in _lines(rows) if one.position == int(said[1])), None)
    if line is None or line.withdrawn:
        why = f"清单上没有第{said[1]}条" if line is None else f"第{said[1]}条已经撤销"
        return say.NotWithdrawn(number=f"E{number}", why=why, example=f"转移 E{number}")
    returns = [e for e in rows if e.returns_id == line.id and e.withdrawn_at is None]
    if returned and not returns:
        return say.NotWithdrawn(number=f"E{number}", why=f"第{said[1]}条没有返回记录", example=example)
    if returns and not returned:
        why = f"第{said[1]}条已有{line.back}人返回，请先撤销返回"
        return say.NotWithdrawn(number=f"E{number}", why=why, example=f"撤销返回 E{number} {said[1]} 记错了")
    gone = returns[-1] if returned else next(e for e in rows if e.id == line.id)
    return await _withdrawn(tx, who, now, gone, line, said[2].strip(), word)


async def _withdrawn(
    tx: Tx, who: Actor, now: datetime, gone: Evacuee, line: say.EvacuationLine, reason: str, word: str
) -> Notice:
    number = f"E{gone.incident_id}"
    await evacuee.withdraw(tx, now, gone.id)
    words = f"第{line.position}条 {gone.who} {gone.headcount}人：{reason}"
    act = "evacuation.return_withdrawn" if gone.returns_id else "evacuation.withdrawn"
    await log.append(tx, now, who.id, act, number, words, line=gone.id)
    await card.touch(tx, now, number)
    moved, back = await evacuee.totals(tx, gone.incident_id)
    return say.EvacuationWithdrawn(
        number=number,
        position=line.position,
        what=word,
        headcount=gone.headcount,
        reason=reason,
        moved=moved,
        back=back,
        at=now,
    )

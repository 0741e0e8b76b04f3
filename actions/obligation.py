"""Periodic obligations of the document: what is open in the present calendar period, and what met it."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from actions.authority import refuse
from config.obligations import ObligationRow, load_obligations
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import room as say
from domain.obligation import Cadence, cadence_of, period_of
from domain.people import Role, UnitLevel
from storage import log, people, room
from storage.database import Tx
from storage.room import Obligation

READERS = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.ADMIN)
EXAMPLE = "周期任务 完成 O-01 会议纪要第7期"
_DONE = re.compile(r"^(?:完成|已完成|done)\s*(?P<id>[Oo]-?\d{1,2})\s*(?P<evidence>.*)$", re.DOTALL)
NAMES_SHOWN = 6


async def listing(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return the trackable obligations with period, days left, and whether they are met."""
    if refused := refuse(who, "周期任务", *READERS):
        return refused
    lines = [(cadence_of(r.frequency), await _line(tx, r, now)) for r in _tracked()]
    timed = sorted(
        (n for c, n in lines if c in (Cadence.QUARTER, Cadence.YEAR)), key=lambda n: n.days_left or 0
    )
    return say.Obligations(
        open=tuple(line for line in timed if line.done < line.needed),
        done=tuple(line for line in timed if line.done >= line.needed),
        unset=tuple(line for cadence, line in lines if cadence is Cadence.UNSET),
        per_person=tuple(line for cadence, line in lines if cadence is Cadence.PER_PERSON),
    )


def _tracked() -> list[ObligationRow]:
    rows = [r for r in load_obligations() if r.bot == "Y"]
    return [r for r in rows if cadence_of(r.frequency) is not Cadence.OTHER]


async def _villages(tx: Tx) -> list[str]:
    return [u.name for u in (await people.all_units(tx)).values() if u.level is UnitLevel.VILLAGE]


def _today(tx: Tx, now: datetime) -> date:
    return now.astimezone(tx.zone).date()


async def _met(tx: Tx, row: ObligationRow, key: str) -> list[Obligation]:
    return [o for o in await room.obligations(tx, key) if o.obligation == row.id and o.period == key]


async def _line(tx: Tx, row: ObligationRow, now: datetime) -> say.ObligationLine:
    today = _today(tx, now)
    period = period_of(cadence_of(row.frequency), today)
    met = await _met(tx, row, period.key) if period else []
    villages = await _villages(tx) if row.per_village else []
    reported = {v for v in villages for o in met if o.evidence.startswith(f"{v} ")}
    return say.ObligationLine(
        number=row.id,
        text=row.obligation,
        subject=row.subject,
        cadence=cadence_of(row.frequency).value,
        period=period.key if period else None,
        last=period.last if period else None,
        days_left=period.days_left(today) if period else None,
        done=len(reported) if row.per_village else min(len(met), 1),
        needed=max(len(villages), 1) if row.per_village else 1,
        evidence=met[-1].evidence[:40] if met else None,
    )


async def done(tx: Tx, who: Actor, now: datetime, text: str, file: say.FileKept | None = None) -> Notice:
    """Record that an obligation was met in the present period, with its evidence in words or as a file."""
    if refused := refuse(who, "周期任务", *READERS):
        return refused
    said = _DONE.match(text.strip())
    if said is None:
        return base.WrongForm(why="没看懂要登记哪一项，没有记录。", example=EXAMPLE)
    number = f"O-{int(said['id'].upper().removeprefix('O').removeprefix('-')):02d}"
    row = next((r for r in _tracked() if r.id == number), None)
    evidence = " ".join(filter(None, (said["evidence"].strip(), f"附件 {file.name}" if file else "")))
    if row is None:
        return base.NotFound(number=number, example=EXAMPLE)
    if not evidence:
        return base.WrongForm(why=f"{number} 的证据是什么（{row.evidence}）？没有记录。", example=EXAMPLE)
    return await _record(tx, who, now, row, evidence, file)


async def _record(
    tx: Tx, who: Actor, now: datetime, row: ObligationRow, evidence: str, file: say.FileKept | None
) -> Notice:
    period = period_of(cadence_of(row.frequency), _today(tx, now))
    if period is None:
        why = f"{row.id} 没有固定周期（{row.frequency}），不能按期登记。可用「记录」记入值班日志。"
        return base.WrongForm(why=why, example=EXAMPLE)
    given = [evidence]
    if row.per_village:
        villages = await _villages(tx)
        named, rest = _villages_named(evidence, villages)
        if not named:
            return _which_village(row, villages)
        given = [f"{village} {rest or '(未附说明)'}" for village in named]
    data = {"file": file.model_dump()} if file else {}
    for one in given:
        await room.add_obligation(tx, now, row.id, period.key, one, who.id)
        await log.append(tx, now, who.id, "obligation.done", row.id, f"{period.key} {one}", **data)
    return say.ObligationDone(line=await _line(tx, row, now), evidence="；".join(given), at=now)


def _villages_named(evidence: str, villages: Sequence[str]) -> tuple[list[str], str]:
    """Return the villages an evidence begins with and the words behind; none where one beside them is not known."""
    named: list[str] = []
    rest = evidence
    while found := [v for v in villages if rest.startswith(v)]:
        named.append(max(found, key=len))
        rest = rest.removeprefix(named[-1])
        beside = re.match(r"\s*[、,，和及与]\s*", rest)
        if not beside:
            return named, rest.strip()
        rest = rest[beside.end() :]
    return [], evidence


def _which_village(row: ObligationRow, villages: Sequence[str]) -> Notice:
    shown = tuple(villages[:NAMES_SHOWN])
    more = max(len(villages) - NAMES_SHOWN, 0)
    return say.ObligationVillage(number=row.id, text=row.obligation, missing=shown, more=more)

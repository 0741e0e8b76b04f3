"""Periodic obligations of the document: what is open in the present calendar period, and what met it."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from actions import rule
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
UNSET = ("未设定", "默认", "取消")
_OFTEN = rf"每(?:[天日周月年]|季度|半年)|{'|'.join(UNSET)}"
_FREQUENCY = re.compile(
    rf"(?:设定|设置|改)?频次[\s:：]*(?:(?P<id>[Oo]-?\d{{1,2}})[\s=＝:：为改定]*(?P<often>{_OFTEN})[\s，,]*"
    r"(?P<why>(?:因为|原因).*)?|.*)",
    re.DOTALL,
)
FREQUENCY_KEY = "obligation.frequency"
FREQUENCY_EXAMPLE = "周期任务 频次 O-17 每月"
NAMES_SHOWN = 6


async def listing(tx: Tx, who: Actor, now: datetime) -> Notice:
    """Return the trackable obligations with period, days left, and whether they are met."""
    if refused := refuse(who, "周期任务", *READERS):
        return refused
    lines = [(_cadence(tx, r), await _line(tx, r, now)) for r in _tracked()]
    timed = sorted((n for _, n in lines if n.period), key=lambda n: n.days_left or 0)
    return say.Obligations(
        open=tuple(line for line in timed if line.done < line.needed),
        done=tuple(line for line in timed if line.done >= line.needed),
        unset=tuple(line for cadence, line in lines if cadence is Cadence.UNSET),
        per_person=tuple(line for cadence, line in lines if cadence is Cadence.PER_PERSON),
    )


def _tracked() -> list[ObligationRow]:
    rows = [r for r in load_obligations() if r.bot == "Y"]
    return [r for r in rows if cadence_of(r.frequency) is not Cadence.OTHER]


def _cadence(tx: Tx, row: ObligationRow) -> Cadence:
    """Return how often an obligation is due: as an admin set it where the document leaves it open."""
    chosen = dict(line.split() for line in tx.rules.obligation.frequency)
    return cadence_of(chosen.get(row.id, row.frequency))


async def set_frequency(tx: Tx, who: Actor, now: datetime, text: str) -> Notice | None:
    """Set how often an obligation is due (频次 O-17 每月), or take it back (频次 O-17 未设定); None for other words."""
    said = _FREQUENCY.fullmatch(text.strip())
    if said is None:
        return None
    if refused := refuse(who, "设定频次", Role.ADMIN):
        return refused
    if not said["id"]:
        why = "请写明哪一项、多久一次：每月、每季度、每半年或每年。没有改动。"
        return base.WrongForm(why=why, example=FREQUENCY_EXAMPLE)
    number = _number(said["id"])
    lines = [line for line in tx.rules.obligation.frequency if line.split()[0] != number]
    if said["often"] not in UNSET:
        lines.append(f"{number} {said['often']}")
    return await rule.change(
        tx, who, now, FREQUENCY_KEY, f"{','.join(lines) or '-'} {said['why'] or ''}".strip()
    )


def _number(said: str) -> str:
    return f"O-{int(said.upper().removeprefix('O').removeprefix('-')):02d}"


async def _villages(tx: Tx) -> list[str]:
    return [u.name for u in (await people.all_units(tx)).values() if u.level is UnitLevel.VILLAGE]


def _today(tx: Tx, now: datetime) -> date:
    return now.astimezone(tx.zone).date()


async def _met(tx: Tx, row: ObligationRow, key: str) -> list[Obligation]:
    return [o for o in await room.obligations(tx, key) if o.obligation == row.id and o.period == key]


async def _line(tx: Tx, row: ObligationRow, now: datetime) -> say.ObligationLine:
    today = _today(tx, now)
    period = period_of(_cadence(tx, row), today)
    met = await _met(tx, row, period.key) if period else []
    villages = await _villages(tx) if row.per_village else []
    reported = {v for v in villages for o in met if o.evidence.startswith(f"{v} ")}
    return say.ObligationLine(
        number=row.id,
        text=row.obligation,
        subject=row.subject,
        cadence=_cadence(tx, row).value,
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
    number = _number(said["id"])
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
    period = period_of(_cadence(tx, row), _today(tx, now))
    if period is None and row.left_open:
        why = f"{row.id} 还没有设定频次，不能按期登记。请管理员先设定。"
        return base.WrongForm(why=why, example=f"周期任务 频次 {row.id} 每季度")
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

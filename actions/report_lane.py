"""What people say about a report's lanes and pace: more time, handed in elsewhere, not required; stable, long."""

from datetime import datetime

from actions import duty, report_clock
from actions.authority import refuse
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from domain.report_extension import Extension, extend, read_extension
from storage import card, incident, log, outbox
from storage import report_clock as clocks
from storage.database import Tx
from storage.incident import Incident
from storage.report_clock import Clock

PHASES = {"stable": "稳定", "long": "长期", "unresolved": "未稳定"}
EXTEND = "延期 E7 电话 20分钟 总值班室占线"
EXCUSE = "免报 E7 电话 已由区里当面接报"
HAND_IN = "已报送 E7 区卫生健康委 王科长"


async def _receiver(tx: Tx, number: int, words: str) -> tuple[str, str]:
    """Return the receiver whose name the words begin with, in either lane, and the rest."""
    name, rest = await report_clock.receiver_in(tx, number, "phone", words)
    return (name, rest) if name else await report_clock.receiver_in(tx, number, "written", words)


async def ask_more_time(tx: Tx, who: Actor, now: datetime, number: int, words: str) -> Notice:
    """Extend a running clock once it is asked for with a reason, before it is over; the leader is told."""
    if refused := refuse(who, "延期", Role.OFFICER, Role.DEPUTY):
        return refused
    receiver, rest = await _receiver(tx, number, words)
    asked = read_extension(rest)
    if asked is None or not asked.reason:
        return base.WrongForm(
            why="延期要写明哪一路（电话、书面）、多久或到几点、原因。",
            example=EXTEND.replace("E7", f"E{number}"),
        )
    i = await incident.by_id(tx, number)
    clock = await clocks.newest(tx, number, asked.lane, receiver)
    if i is None or clock is None:
        return base.NotFound(number=f"E{number}", example=EXTEND)
    return await _extend(tx, who, now, i, clock, asked)


async def _extend(tx: Tx, who: Actor, now: datetime, i: Incident, clock: Clock, asked: Extension) -> Notice:
    most = tx.rules.report.extension
    end = extend(asked, clock.due_at, now, most, tx.zone) if clock.runs else "ended"
    what = {"number": i.number, "lane": clock.lane, "receiver": clock.receiver, "due_at": clock.due_at}
    if isinstance(end, str):
        return say.NotExtended(**what, refused=end, most_minutes=int(most.total_seconds() // 60))
    await report_clock.close(tx, i, now, clock, "extended", who.id, asked.reason)
    await report_clock.start_turn(tx, i, now, clock.lane, clock.receiver, clock.started_at, end)
    told = [leader for leader in await duty.leaders_to_tell(tx, now) if leader.id != who.id]
    for leader in told:
        notice = say.ExtendedForLeader(
            **what, title=i.title, drill=i.drill, end_at=end, by=who.name, reason=asked.reason
        )
        await outbox.say(tx, now, notice, person=leader.id, subject=i.number)
    await _shown(tx, now, i)
    data = {"lane": clock.lane, "receiver": clock.receiver, "until": end.isoformat()}
    await log.append(tx, now, who.id, "report.extended", i.number, asked.reason, **data)
    return say.Extended(**what, end_at=end, at=now, leader="、".join(leader.name for leader in told))


async def _shown(tx: Tx, now: datetime, i: Incident) -> None:
    await card.touch(tx, now, i.number, [say.Card.card])


async def handed_in(tx: Tx, who: Actor, now: datetime, number: int, words: str) -> Notice:
    """End the written lane to another receiver than the duty room above: by fax, by hand, by another system."""
    if refused := refuse(who, "已报送", Role.OFFICER, Role.DEPUTY):
        return refused
    receiver, name = await report_clock.receiver_in(tx, number, "written", words)
    i = await incident.by_id(tx, number)
    clock = await clocks.newest(tx, number, "written", receiver) if receiver else None
    if i is None or clock is None:
        owed = [
            c.receiver for c in await clocks.of_incident(tx, number) if c.lane == "written" and c.receiver
        ]
        why = (
            f"E{number} 要报送的单位：{'、'.join(dict.fromkeys(owed))}"
            if owed
            else f"E{number} 没有另报其他单位的要求"
        )
        return base.WrongForm(why=f"{why}。报上级值班室请用「发送」。", example=HAND_IN)
    if clock.outcome == "not_required":
        return say.NotOwed(number=i.number, lane="written", receiver=receiver, note=clock.note, drill=i.drill)
    if not clock.runs:
        if name:
            await clocks.note(tx, clock.id, name)
            await log.append(tx, now, who.id, "report.handed_in_name", i.number, f"{receiver} {name}")
            await _shown(tx, now, i)
        return say.AlreadyHandedIn(
            number=i.number,
            receiver=receiver,
            at=clock.ended_at or now,
            to=name or clock.note,
            added=bool(name),
            drill=i.drill,
        )
    late = await report_clock.end(tx, i, now, "written", who.id, name, receiver)
    await log.append(tx, now, who.id, "report.handed_in", i.number, f"{receiver} {name}".strip(), late=late)
    await _shown(tx, now, i)
    return say.HandedIn(number=i.number, receiver=receiver, to=name, at=now, late_minutes=late, drill=i.drill)


async def excuse(tx: Tx, who: Actor, now: datetime, number: int, words: str) -> Notice:
    """A leader says with a reason that a report is not required: its clock ends with that name."""
    if refused := refuse(who, "免报", Role.LEADER):
        return refused
    receiver, rest = await _receiver(tx, number, words)
    lane, reason = {"电话": "phone", "书面": "written"}.get(rest[:2]), rest[2:].strip(" ,，:：")
    if lane is None or not reason:
        return base.WrongForm(
            why="免报要写明哪一路（电话、书面）和原因。", example=EXCUSE.replace("E7", f"E{number}")
        )
    i = await incident.by_id(tx, number)
    clock = await clocks.newest(tx, number, lane, receiver)
    if i is None or clock is None:
        return base.NotFound(number=f"E{number}", example=EXCUSE)
    if not clock.runs:
        return say.NotExtended(
            number=i.number,
            lane=lane,
            receiver=receiver,
            due_at=clock.due_at,
            refused="ended",
            most_minutes=0,
            drill=i.drill,
        )
    await report_clock.close(tx, i, now, clock, "not_required", who.id, f"{who.name}：{reason}")
    await log.append(tx, now, who.id, "report.excused", i.number, reason, lane=lane, receiver=receiver)
    await _shown(tx, now, i)
    notice = say.Excused(
        number=i.number, lane=lane, receiver=receiver, by=who.name, reason=reason, at=now, drill=i.drill
    )
    for officer in await duty.officers_to_tell(tx, now):
        if officer.id != who.id:
            await outbox.say(tx, now, notice, person=officer.id, subject=i.number)
    return notice


async def set_phase(tx: Tx, who: Actor, now: datetime, number: int, phase: str) -> Notice:
    """Set the pace of follow-ups; the next one is counted from now."""
    if refused := refuse(who, PHASES[phase], Role.OFFICER, Role.DEPUTY):
        return refused
    i = await incident.by_id(tx, number)
    if i is None or i.state in ("offered", "discarded"):
        return base.NotFound(number=f"E{number}", example=f"{PHASES[phase]} E7")
    if not await incident.move(tx, number, ("open",), "open", phase=phase):
        return say.Closed(number=i.number, at=i.closed_at, drill=i.drill)
    i = await incident.by_id(tx, number) or i
    due = await report_clock.followup_from(tx, i, now)
    await _shown(tx, now, i)
    await log.append(tx, now, who.id, f"followup.{phase}", i.number)
    return say.Paced(number=i.number, phase=phase, at=now, next_at=due, drill=i.drill)

"""The handover sheet compiles itself, item by item (product.md §5, domain.md §1.3), and is frozen once signed."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from actions import equipment
from actions import swap as swaps
from actions.incident_list import LANES
from actions.view import Asked, view
from domain.evacuation_text import is_about
from domain.handover import Item, incident_risk, task_risk, top_risks, warning_risk
from domain.notices import handover as say
from domain.roster import Post
from storage import (
    bulletin,
    callout,
    evacuee,
    handover,
    incident,
    leave,
    partner,
    people,
    report_clock,
    room,
    roster,
)
from storage.bulletin import Bulletin
from storage.database import Tx
from storage.deadline import open_of
from storage.handover import Handover

STANDS = {"offered": "待处理", "open": "处置中", "closed": "已终报"}
NEXT_SHIFT = timedelta(hours=24)
RECENT = timedelta(hours=24)


async def compile_items(tx: Tx, now: datetime) -> list[Item]:
    """Return what has to be carried, the gravest first; the officer's own words for a next action go before ours."""
    items = [
        *[await _warning(tx, b) for b in await bulletin.live(tx)],
        *[await _incident(tx, now, i) for i in await incident.in_state(tx, "open", "offered")],
        *await _owed(tx, now),
        *await _unfinished_reports(tx),
        *await _tasks(tx, now),
    ]
    own = await handover.next_actions(tx)
    items = [
        Item(i.subject, i.text, i.owner, own.get(i.subject, i.next_action), i.due_at, i.risk) for i in items
    ]
    return sorted(items, key=lambda i: (-i.risk, i.due_at or now + timedelta(days=999), i.subject))


async def _warning(tx: Tx, b: Bulletin) -> Item:
    total = sum(t.total for t in await callout.totals(tx, b.id))
    silent = await callout.silent(tx, b.id)
    names = "、".join(f"{c.unit} {c.a_name}" for c in silent)
    cancel = b.action == "cancel"
    colour = f"{b.colour}色" if b.colour else ""
    mark = "【演练】" if b.drill else ""
    text = f"{b.number} {mark}{b.hazard or ''}{colour}{'预警解除' if cancel else '预警'}"
    text += f" 收到 {total - len(silent)}/{total}" + (f"，未应答：{names}" if names else "")
    due = (await open_of(tx, "callout", b.number)).get("expire")
    if silent and b.dispatched_at is not None:
        due = b.dispatched_at + tx.rules.callout.on_time
    what = f"叫应未应答的 {len(silent)} 个" if silent else "等解除，随时传达"
    risk = warning_risk(b.colour, len(silent), cancel=cancel)
    return Item(b.number, text, "值班员", "核对后结束" if cancel and not silent else what, due, risk)


async def _incident(tx: Tx, now: datetime, i: incident.Incident) -> Item:
    waiting = [
        (c.due_at, f"{c.receiver}{LANES[c.lane]}") for c in await report_clock.of_incident(tx, i.id) if c.runs
    ]
    waiting += [(at, "续报") for at in (await open_of(tx, "followup", i.number)).values()]
    due = "；".join(f"{what} {_due(tx, now, at)}" for at, what in sorted(waiting))
    offered = i.state == "offered"
    text = f"{i.number} {i.marked} {STANDS[i.state]}" + (f"，{due}" if due else "")
    left = await _left(tx, i)
    text += f"；{left}" if left else ""
    first = min(waiting, default=None)
    what = "受理或并入" if offered else first[1] if first else "跟踪处置，适时终报"
    risk = incident_risk(
        urgent=i.urgent or i.direct, offered=offered, due_at=first[0] if first else None, now=now
    )
    return Item(i.number, text, "值班员", what, first[0] if first else None, risk)


async def _left(tx: Tx, i: incident.Incident) -> str:
    """Return what around an incident waits for somebody besides its clocks."""
    if i.state != "open":
        return ""
    reports = await incident.reports_of(tx, i.id)
    states = [r.state for r in reports]
    silent = sum(p.acked_at is None for p in await partner.of_incident(tx, i.id))
    lines = [
        (states.count("draft"), "{} 份报告未发送"),
        (states.count("to_sign"), "{} 份报告待签发"),
        (int(bool(reports) and states[-1] == "sent"), "上级未确认收到"),
        (silent, "{} 个联动单位没有回复"),
    ]
    return "，".join(words.format(count) for count, words in lines if count)


def _due(tx: Tx, now: datetime, at: datetime) -> str:
    """Return when something is due, with its day where that is not today."""
    local, today = at.astimezone(tx.zone), now.astimezone(tx.zone).date()
    day = "" if local.date() == today else f"{local.month}月{local.day}日 "
    return f"{day}{local:%H:%M} {'到期' if at > now else '已逾期'}"


async def _owed(tx: Tx, now: datetime) -> list[Item]:
    """Closed incidents with a report that is still owed: carried until its clock has ended."""
    owing = {c.incident_id for c in await report_clock.running(tx)}
    return [await _incident(tx, now, i) for i in await incident.by_keys(tx, owing) if i.state == "closed"]


async def _unfinished_reports(tx: Tx) -> list[Item]:
    """Reports of closed incidents that are not signed, or not confirmed above: carried until they are."""
    words = {
        "to_sign": ("待签发", "带班领导", "催签发"),
        "sent": ("上级未确认收到", "值班员", "电话核实上级收到"),
        "returned": ("被退回待改", "值班员", "改好重报"),
    }
    found = []
    for r, i in await incident.unfinished_of_closed(tx):
        state, owner, what = words[r.state]
        found.append(Item(f"R{r.id}", f"{i.number} {i.marked} 报告{state}", owner, what, None, 30))
    return found


async def _tasks(tx: Tx, now: datetime) -> list[Item]:
    tasks = await room.open_tasks(tx)
    owners = await people.by_ids(tx, [t.owner_id for t in tasks if t.owner_id])
    found = []
    for t in tasks:
        kind = "批示" if t.kind == "instruction" else "待办"
        owner = owners[t.owner_id].name if t.owner_id in owners else "值班员"
        text = f"T{t.id} {kind}：{t.text}" + (f"（{t.by}批，{owner}办）" if t.kind == "instruction" else "")
        found.append(Item(f"T{t.id}", text, owner, "办结后回复", t.due_at, task_risk(t.due_at, now)))
    return found


async def around(tx: Tx, now: datetime, items: Sequence[Item]) -> dict[str, Any]:
    """Return what stands on the sheet beside the items, as plain data: it is frozen with them."""
    present, coming = await leaders(tx, now)
    return {
        "leaders": list(present),
        "next_leaders": list(coming),
        "others": [
            f"{s.post.word} {s.name}"
            for s in await roster.at(tx, now)
            if s.post not in (Post.LEADER, Post.OFFICER)
        ],
        "moved": await _moved(tx),
        "changes": [*await _changes(tx, now), *await _leave(tx, now)],
        "equipment": [line.model_dump() for line in await equipment.state(tx)],
        "due_next": _due_next(tx, now, items),
    }


async def leaders(tx: Tx, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the leaders on duty now, and of those who come next (two in a 双带班 period)."""
    running = [s for s in await roster.at(tx, now) if s.post is Post.LEADER]
    coming = await roster.next_of(tx, Post.LEADER, now)
    if coming is None:
        return tuple(s.name for s in running), ()
    nexts = await roster.between(tx, coming.starts_at, coming.starts_at + timedelta(seconds=1))
    return tuple(s.name for s in running), tuple(s.name for s in nexts if s.post is Post.LEADER)


async def _moved(tx: Tx) -> list[str]:
    """People moved, as last reported for each open incident, in the words they were reported in (P5)."""
    found = []
    for i in await incident.in_state(tx, "open"):
        last = {f.name: f for f in await incident.figures_of(tx, i.id)}
        words = [last[name].text for name in ("evacuated", "households") if name in last]
        moved, back = await evacuee.totals(tx, i.id)
        standing = [e for e in await evacuee.of_incident(tx, i.id) if e.withdrawn_at is None]
        about = "约 " if any(is_about(e.who) for e in standing) else ""
        out = f"未返回 {about if moved > back else ''}{moved - back} 人"
        words += (
            [f"清单登记 {about}{moved} 人，已返回 {about if back else ''}{back} 人，{out}"] if moved else []
        )
        if words:
            mark = "【演练】" if i.drill else ""
            found.append(f"{i.number} {mark}{i.place or i.title} 转移安置：{'，'.join(dict.fromkeys(words))}")
    return found


async def _changes(tx: Tx, now: datetime) -> list[str]:
    watch = await roster.watch(tx)
    found = []
    for s in await swaps.recent(tx, min(watch.since if watch else now, now - RECENT)):
        names = await people.by_ids(tx, [s.from_id, s.to_id])
        shift = await roster.any_by_id(tx, s.shift_id)
        start = shift.starts_at.astimezone(tx.zone)
        what = (
            "顶空岗"
            if s.from_id == s.to_id
            else f"{'顶' if s.kind == 'cover' else '换'} {names[s.from_id].name}"
        )
        state = {"approved": "已批准", "accepted": "待批准"}.get(s.state, "待补批")
        found.append(
            f"{start.month}月{start.day}日 {shift.post.word} {names[s.to_id].name} {what}（{state}）"
        )
    return found


async def _leave(tx: Tx, now: datetime) -> list[str]:
    today = now.astimezone(tx.zone).date()
    return [
        f"{x.name} 请假 {x.first.month}月{x.first.day}日至{x.last.month}月{x.last.day}日"
        for x in await leave.granted(tx, today, today + timedelta(days=1))
    ]


def _due_next(tx: Tx, now: datetime, items: Sequence[Item]) -> list[str]:
    """What falls due within a day, in order: the items' own times, and the day's zero report."""
    local = now.astimezone(tx.zone)
    nil = datetime.combine(local.date(), tx.rules.report.nil_report_at, tx.zone)
    due = [(i.due_at, f"{i.subject} {i.next_action}") for i in items if i.due_at is not None]
    due.append((nil if nil > now else nil + timedelta(days=1), "零报告"))
    return [f"{what} {_due(tx, now, at)}" for at, what in sorted(due) if at <= now + NEXT_SHIFT]


@view(say.Sheet)
async def sheet(tx: Tx, asked: Asked) -> say.Sheet | None:
    """Return the sheet: compiled live as a draft, frozen once signed."""
    h = await handover.by_id(tx, asked.number)
    if h is None:
        return None
    if h.state == "draft":
        items = await compile_items(tx, asked.now)
        parts, lines = await around(tx, asked.now, items), [_live(i) for i in items]
    else:
        parts, lines = h.sheet, [_kept(i) for i in await handover.items(tx, h.id)]
    return await _sheet(tx, asked, h, parts, lines)


async def _sheet(
    tx: Tx, asked: Asked, h: Handover, parts: dict[str, Any], lines: Sequence[say.ItemLine]
) -> say.Sheet:
    found = await people.by_ids(tx, [x for x in (h.out_id, h.in_id, h.forced_by) if x])
    holder = await handover.relieved_by(tx, h)
    wanted = [line.id for line in lines if line.top]
    return say.Sheet(
        number=h.id,
        state=h.state,
        out_name=found[h.out_id].name,
        in_name=found[h.in_id].name if h.in_id else None,
        leaders=tuple(parts.get("leaders", ())),
        next_leaders=tuple(parts.get("next_leaders", ())),
        others=tuple(parts.get("others", ())),
        moved=tuple(parts.get("moved", ())),
        changes=tuple(parts.get("changes", ())),
        equipment=tuple(say.EquipmentLine(**e) for e in parts.get("equipment", ())),
        due_next=tuple(parts.get("due_next", ())),
        items=tuple(lines),
        notes=h.notes,
        opened_at=h.opened_at,
        signed_out_at=h.signed_out_at,
        signed_in_at=h.signed_in_at,
        forced_by=found[h.forced_by].name if h.forced_by else None,
        forced_reason=h.forced_reason,
        relieved_by=holder.name if holder else None,
        for_incoming=not holder
        and asked.person_id == h.in_id
        and (h.in_id != h.out_id or h.state != "draft"),
        for_outgoing=not holder and asked.person_id == h.out_id,
        answered=all(line.answer for line in lines),
        to_read_back=len(wanted),
        left_to_read_back=sum(line.top and not line.read_back for line in lines),
    )


def _live(i: Item) -> say.ItemLine:
    return say.ItemLine(
        id=0,
        subject=i.subject,
        text=i.text,
        owner=i.owner,
        next_action=i.next_action,
        due_at=i.due_at,
        risk=i.risk > 0,
        top=False,
        answer=None,
        read_back=False,
    )


def _kept(i: handover.Item) -> say.ItemLine:
    return say.ItemLine(
        id=i.id,
        subject=i.subject,
        text=i.text,
        owner=i.owner,
        next_action=i.next_action,
        due_at=i.due_at,
        risk=i.risk > 0,
        top=i.top,
        answer=i.answer,
        read_back=i.read_back_at is not None,
    )


async def freeze(tx: Tx, now: datetime, h: Handover, **values: object) -> str:
    """Write the sheet as it is now and move the handover along; return the hash of what was frozen.

    From here on the database refuses any change of it: what arises later belongs to the next sheet.
    """
    items = await compile_items(tx, now)
    tops = {i.subject for i in top_risks(items, tx.rules.handover.read_back)}
    for i in items:
        await handover.add_item(tx, h.id, i, top=i.subject in tops)
    parts = await around(tx, now, items)
    await handover.change(tx, h.id, sheet=parts, **values)
    what = {
        "parts": parts,
        "items": [[i.subject, i.text, i.owner, i.next_action] for i in items],
        "notes": h.notes,
    }
    return hashlib.sha256(json.dumps(what, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

"""Spreadsheets of people and rosters: preview with the place of each error, then 确认; all rows or none."""

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from actions import people as lay
from actions import roster
from actions.authority import refuse
from actions.slot import arrangement
from actions.view import Asked, view
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import people as say
from domain.notices import roster as say_roster
from domain.people import Role
from domain.people_sheet import read_people
from domain.roster import Post, Wanted
from domain.roster_check import OnLeave
from domain.roster_dates import runs_of
from domain.roster_gaps import Gap
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import read_roster
from domain.roster_spans import RosterShift
from domain.roster_text import looks_like_roster, rows_of_text
from domain.roster_words import WEEKDAY_WORDS
from domain.sheet import SheetError
from domain.sheet_kind import detect_kind
from storage import card, draft, leave, log, people
from storage.database import Tx

SHOWN = 15
BUSIEST = 6
PASTED = "粘贴的文字"
UNKNOWN = (
    "没有认出表头。人员表需有：单位、层级、角色、姓名；值班表需有：日期、带班领导、值班人员，"
    "或整月表：姓名、1 至 31 日。"
)
Rows = tuple[tuple[str, ...], ...]
Merged = tuple[tuple[int, int, int, int], ...]


async def receive(
    tx: Tx,
    who: Actor,
    now: datetime,
    file: str,
    rows: Rows | None,
    refused: str | None,
    merged: Merged = (),
) -> Notice:
    """Read a sheet, keep what was understood as a draft, and show it."""
    if forbidden := refuse(who, "导入", Role.ADMIN):
        return forbidden
    if rows is None:
        return say.ImportUnknown(file=file, why=refused or "不是表格。请发 xlsx 或 csv 文件。")
    read = await understand(tx, now, rows, merged, file)
    if read is None:
        return say.ImportUnknown(file=file, why=UNKNOWN)
    read.pop("rows", None)  # for the command line; the preview counts
    kept = await draft.keep(tx, now, who.id, f"import-{read['kind']}", file, read)
    shown = await preview(tx, Asked(f"D{kept}", who.id, {}, now))
    return shown or base.NotFound(number=f"D{kept}", example="导入")


async def receive_text(tx: Tx, who: Actor, now: datetime, text: str, file: str = PASTED) -> Notice:
    """Read a table that came as text: pasted, or in a text file."""
    rows = tuple(tuple(line.split("\t")) for (line,) in rows_of_text(text))
    return await receive(tx, who, now, file, rows, None)


async def is_roster(tx: Tx, who: Actor, text: str) -> bool:
    """Return True if an admin's text is plainly a roster."""
    if not who.has(Role.ADMIN) or not any(c.isdigit() for c in text):
        return False
    office = await _office(tx)
    return looks_like_roster(text, office.directory)


async def understand(
    tx: Tx, now: datetime, rows: Rows, merged: Merged = (), name: str = ""
) -> dict[str, Any] | None:
    """Return what a sheet says as JSON: kind, rows, errors, warnings, gaps; None for neither kind of sheet.

    `name`: the file's, which may tell year and month.
    """
    today = now.astimezone(tx.zone).date()
    office = await _office(tx)
    kind = detect_kind(rows, office.directory)
    if kind is None:
        return None
    return await _people(tx, rows) if kind == "people" else _roster(office, today, rows, merged, name)


async def _office(tx: Tx) -> Office:
    """Return what a roster is read with."""
    known = [KnownPerson(a.id, a.name, a.phone, tuple(a.roles)) for a in await people.everybody(tx)]
    leaves = [OnLeave(q.person_id, q.first, q.last) for q in await leave.granted(tx, date.min, date.max)]
    return Office(known, tx.rules.roster, tx.zone, await arrangement(tx), leaves)


async def _people(tx: Tx, rows: Rows) -> dict[str, Any]:
    sheet = read_people(rows, known={u.name: u.level for u in (await people.all_units(tx)).values()})
    return {
        "kind": "people",
        "units": [{"name": u.name, "parent": u.parent, "level": u.level.value} for u in sheet.units],
        "people": [
            {
                "name": p.name,
                "title": p.title,
                "phone": p.phone,
                "telegram_id": p.telegram_id,
                "roles": [{"unit": r.unit, "role": r.role.value, "ab": r.ab} for r in p.roles],
            }
            for p in sheet.people
        ],
        "errors": [_problem(e) for e in sheet.errors],
        "warnings": [_problem(e) for e in sheet.warnings],
        "gaps": [],
    }


def _roster(office: Office, today: date, rows: Rows, merged: Merged, name: str) -> dict[str, Any]:
    sheet = read_roster(rows, office, today=today, name=name, merged=merged)
    dates = [d.date for d in sheet.days]
    return {
        "kind": "roster",
        "layout": sheet.layout.value if sheet.layout else "",
        "first": min(dates).isoformat() if dates else None,
        "last": max(dates).isoformat() if dates else None,
        "days": len(dates),
        "runs": [[a.isoformat(), b.isoformat()] for a, b in runs_of(dates)],
        "posts": [post.value for post in sheet.posts],
        "counts": Counter(s.entry.person.name for s in sheet.shifts).most_common(),
        "shifts": [
            {
                "post": w.post.value,
                "person": w.person_id,
                "starts_at": w.starts_at.isoformat(),
                "ends_at": w.ends_at.isoformat(),
                "label": w.label,
            }
            for w in sheet.wanted
        ],
        "rows": [_row(s) for s in sheet.shifts],
        "errors": [_problem(e) for e in sheet.errors],
        "warnings": [_problem(e) for e in sheet.warnings],
        "gaps": [_gap(g) for g in sheet.gaps],
    }


def _row(s: RosterShift) -> dict[str, Any]:
    return {
        "date": s.day.isoformat(),
        "weekday": WEEKDAY_WORDS[s.day.weekday()],
        "shift": s.label,
        "from": s.starts_at.isoformat(timespec="minutes"),
        "to": s.ends_at.isoformat(timespec="minutes"),
        "post": s.post.word,
        "person": s.entry.person.name,
        "phone": s.entry.person.phone,
        "cell": s.entry.place.cell,
        "row": s.entry.place.row,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "date": gap.date.isoformat(),
        "shift": gap.shift.strip(),
        "post": gap.post.word if gap.post else None,
        "missing": gap.missing,
        "text": gap.text,
    }


def _problem(e: SheetError) -> dict[str, Any]:
    return {"where": e.where, "value": e.value, "reason": e.reason, "cell": e.cell, "row": e.row}


def _shown(problems: list[dict[str, Any]]) -> tuple[say.Problem, ...]:
    return tuple(
        say.Problem(where=p["where"], value=p["value"][:40], reason=p["reason"]) for p in problems[:SHOWN]
    )


@view(say.ImportPreview, say_roster.RosterPreview)
async def preview(tx: Tx, asked: Asked) -> Notice | None:
    """Return what was understood of a sheet."""
    kept = await draft.by_id(tx, asked.number)
    if kept is None or kept.data is None:
        return None
    data = kept.data
    state = "open" if kept.used_at is None else "cancelled" if data.get("cancelled") else "done"
    if data["kind"] == "roster" and "runs" not in data:
        return None  # read by an older version
    more = max(0, len(data["errors"]) - SHOWN)
    if data["kind"] == "people":
        return say.ImportPreview(
            draft=kept.id,
            file=kept.text,
            units=len(data["units"]),
            people=len(data["people"]),
            errors=_shown(data["errors"]),
            warnings=_shown(data["warnings"]),
            more=more,
            state=state,
        )
    return say_roster.RosterPreview(
        draft=kept.id,
        file=kept.text,
        days=data["days"],
        first=date.fromisoformat(data["first"]) if data["first"] else None,
        last=date.fromisoformat(data["last"]) if data["last"] else None,
        errors=_shown(data["errors"]),
        warnings=_shown(data["warnings"]),
        layout=data["layout"],
        posts=tuple(Post(key).word for key in data["posts"]),
        shifts=len(data["shifts"]),
        people=tuple((name, count) for name, count in data["counts"][:BUSIEST]),
        others=max(0, len(data["counts"]) - BUSIEST),
        gaps=tuple(gap["text"] for gap in data["gaps"][:SHOWN]),
        more_gaps=max(0, len(data["gaps"]) - SHOWN),
        more_warnings=max(0, len(data["warnings"]) - SHOWN),
        more=more,
        state=state,
    )


async def confirm(tx: Tx, who: Actor, now: datetime, draft_id: int, reason: str = "") -> Notice:
    """Lay the sheet in, whole; a roster with open required posts needs a reason."""
    if forbidden := refuse(who, "确认导入", Role.ADMIN):
        return forbidden
    kept = await draft.by_id(tx, draft_id)
    if kept is None or kept.data is None or not kept.kind.startswith("import-"):
        return base.NotFound(number=f"D{draft_id}", example="把表格发到这里")
    if kept.used_at is not None:
        return say.ImportDone(state="cancelled" if kept.data.get("cancelled") else "done")
    data = kept.data
    if data["kind"] == "roster" and "runs" not in data:
        return base.WrongForm(why="这份预览是旧版程序读的，没有发布。", example="把表格再发一次")
    if data["errors"] or (data["gaps"] and not reason):
        why = "表里还有错误，没有导入。" if data["errors"] else "必须有人的岗位空缺，没有发布。"
        return base.WrongForm(why=why, example=f"确认 D{draft_id} 因为 国庆班表待补")
    if not await draft.use(tx, now, draft_id):
        return say.ImportDone(state="done")
    await card.touch(tx, now, f"D{draft_id}")
    return await lay_in(tx, now, who.id, kept.text, data, reason)


async def lay_in(
    tx: Tx, now: datetime, by: int | None, file: str, data: dict[str, Any], reason: str = ""
) -> Notice:
    """Write what a checked sheet says, in this one unit of work."""
    if data["kind"] == "people":
        taken = await lay.lay_in(tx, data)
        await log.append(tx, now, by, "people.imported", "", file, **asdict(taken))
        return say.Imported(file=file, units=taken.units, people=taken.people, at=now)
    wanted = [
        Wanted(
            Post(w["post"]),
            w["person"],
            datetime.fromisoformat(w["starts_at"]),
            datetime.fromisoformat(w["ends_at"]),
            w["label"],
        )
        for w in data["shifts"]
    ]
    span = (date.fromisoformat(data["first"]), date.fromisoformat(data["last"]))
    made = await _publish(tx, by, now, wanted, data)
    if reason:
        await log.append(tx, now, by, "roster.forced", "", reason)
    return say_roster.RosterImported(file=file, first=span[0], last=span[1], shifts=made, at=now)


async def _publish(tx: Tx, by: int | None, now: datetime, wanted: list[Wanted], data: dict[str, Any]) -> int:
    """Publish each run of days by itself, and only the sheet's posts: what the sheet does not name stays as it is."""
    posts = [Post(key) for key in data["posts"]]
    made = 0
    for first, last in data["runs"]:
        span = (date.fromisoformat(first), date.fromisoformat(last))
        own = [w for w in wanted if span[0] <= w.starts_at.astimezone(tx.zone).date() <= span[1]]
        made += await roster.publish(tx, by, now, own, span, posts=posts)
    return made


async def cancel(tx: Tx, who: Actor, now: datetime, draft_id: int) -> Notice:
    """Put a sheet away."""
    kept = await draft.by_id(tx, draft_id)
    if kept is None or kept.data is None or kept.person_id != who.id:
        return base.NotFound(number=f"D{draft_id}", example="把表格发到这里")
    if not await draft.use(tx, now, draft_id):
        return say.ImportDone(state="cancelled" if kept.data.get("cancelled") else "done")
    await draft.mark_cancelled(tx, draft_id)
    await card.touch(tx, now, f"D{draft_id}")
    await log.append(tx, now, who.id, "import.cancelled", "", kept.text)
    return base.Done()


async def drafts_of(tx: Tx, who: Actor) -> list[int]:
    """Return this person's sheets that wait for 确认."""
    return await draft.waiting(tx, who.id, "import-")

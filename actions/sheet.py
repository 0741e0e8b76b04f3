"""Spreadsheets of people and rosters: preview with the place of each error, then 确认; all rows or none."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from actions import callout_ladder, generation, leave, office_import
from actions import people as lay
from actions.authority import refuse
from actions.roster_import import office_of, overwritten, problem_json, publish, roster_json, wanted_in
from actions.view import Asked, view
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import base
from domain.notices import people as say
from domain.notices import roster as say_roster
from domain.people import Role
from domain.people_sheet import PeopleSheet, read_people, rows_of_people
from domain.roster import Post
from domain.roster_text import rows_of_text
from domain.sheet_kind import detect_kind
from storage import card, draft, log, people
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
    look = office_import.preview if read["kind"] in office_import.KINDS else preview
    shown = await look(tx, Asked(f"D{kept}", who.id, {}, now))
    return shown or base.NotFound(number=f"D{kept}", example="导入")


def is_people(who: Actor, text: str) -> bool:
    """Return True if an admin's text is a people table with its header and at least one line below it."""
    return who.has(Role.ADMIN) and "\n" in text.strip() and rows_of_people(text) is not None


async def receive_text(tx: Tx, who: Actor, now: datetime, text: str, file: str = PASTED) -> Notice:
    """Read a table that came as text: pasted, or in a text file."""
    table = rows_of_people(text) or [line.split("\t") for (line,) in rows_of_text(text)]
    rows = tuple(map(tuple, table))
    return await receive(tx, who, now, file, rows, None)


async def understand(
    tx: Tx, now: datetime, rows: Rows, merged: Merged = (), name: str = "", asked: str | None = None
) -> dict[str, Any] | None:
    """Return what a sheet says as JSON: kind, rows, errors, warnings, gaps; None for no kind of sheet we know.

    `name`: the file's, which may tell year and month. `asked`: what it is said to be, where its header does not tell.
    """
    today = now.astimezone(tx.zone).date()
    office = await office_of(tx)
    kind = detect_kind(rows, office.directory, guess=False)
    if kind is None and (other := office_import.understand(rows, office.directory, today)):
        if other["kind"] == "leave":
            other["lines"] = await leave.with_shifts(tx, other["taken"], other["lines"])
        return other
    if kind is None and asked != "roster" and detect_kind(rows, office.directory) is None:
        return None
    if kind == "people":
        return await _people(tx, rows)
    read = roster_json(office, today, rows, merged, name)
    read["warnings"] = [*await overwritten(tx, now, read), *read["warnings"]]
    return read


async def _people(tx: Tx, rows: Rows) -> dict[str, Any]:
    sheet = read_people(rows, known={u.name: u.level for u in (await people.all_units(tx)).values()})
    read = _people_json(sheet)
    known = await _alike(tx, read["people"])
    read["warnings"] = [*await _relieved(tx, sheet), *known, *map(problem_json, sheet.warnings)]
    return read


def _people_json(sheet: PeopleSheet) -> dict[str, Any]:
    return {
        "kind": "people",
        "units": [
            {"name": u.name, "parent": u.parent, "level": u.level.value, "tags": u.tags} for u in sheet.units
        ],
        "people": [
            {
                "name": p.name,
                "title": p.title,
                "phone": p.phone,
                "telegram_id": p.telegram_id,
                "roles": [
                    {
                        "unit": r.unit,
                        "role": r.role.value,
                        "ab": r.ab,
                        "first_day": r.first_day,
                        "last_day": r.last_day,
                    }
                    for r in p.roles
                ],
            }
            for p in sheet.people
        ],
        "errors": [problem_json(e) for e in sheet.errors],
        "gaps": [],
    }


async def _alike(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return whose number changes with a sheet, who comes back by it, and who is new though the name is known."""
    everybody, revoked = await people.everybody(tx), await people.revoked(tx)
    warnings = []
    for row, who in zip(rows, lay.known_of(rows, everybody, revoked), strict=True):
        others = "、".join(a.phone or "无电话" for a in everybody if a.name == row["name"])
        if who in revoked:
            why = "账号已停用，导入后恢复，岗位以本表为准"
            warnings.append({"where": who.name, "value": who.phone, "reason": why})
        elif who is not None and row["phone"] and who.phone != row["phone"]:
            why = f"是同一个人，电话改为 {row['phone']}"
            warnings.append({"where": who.name, "value": who.phone, "reason": why})
        elif who is None and others:
            why = f"已有同名的人（{others}），按另一个人登记；如是同一人，请把电话写成原来的再导入"
            warnings.append({"where": row["name"], "value": row["phone"], "reason": why})
    return warnings


async def _relieved(tx: Tx, sheet: PeopleSheet) -> list[dict[str, Any]]:
    """Return the A- and B-roles that end with a sheet or pass to others: what it says of a unit replaces what stood."""
    given: dict[tuple[str | None, str | None], list[str]] = {}
    for p in sheet.people:
        for r in p.roles:
            if r.role is Role.CONTACT:
                given.setdefault((r.unit, r.ab), []).append(p.name)
    named = {unit for unit, _ in given}
    ending = [
        (post.unit, post.ab, who.name, given.get((post.unit, post.ab), []))
        for who in await people.with_role(tx, Role.CONTACT)
        for post in who.posts
        if post.role is Role.CONTACT and post.unit in named
    ]
    return [
        {
            "where": unit,
            "value": f"{ab}角 {name}",
            "reason": f"导入后改由 {'、'.join(new)} 担任" if new else "表里没有，导入后空缺",
        }
        for unit, ab, name, new in ending
        if name not in new
    ]


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
            more_warnings=max(0, len(data["warnings"]) - SHOWN),
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
    if data.get("state") == "asked":
        return base.WrongForm(why="还在排班，排好会发给您。", example=f"确认 D{draft_id}")
    if data.get("kind", "roster") == "roster" and "runs" not in data:
        return base.WrongForm(why="这份预览是旧版程序读的，没有发布。", example="把表格再发一次")
    if changed := await generation.overtaken(tx, data):
        why = f"排好以后又有变化（{changed}），没有发布。"
        return base.WrongForm(why=why, example=f"排班 {data['first'][:7]}")
    if data["errors"] or (data["gaps"] and not reason):
        why = "表里还有错误，没有导入。" if data["errors"] else "必须有人的岗位空缺，没有发布。"
        return base.WrongForm(why=why, example=f"确认 D{draft_id} 因为 国庆班表待补")
    if not await draft.use(tx, now, draft_id):
        return say.ImportDone(state="done")
    await card.touch(tx, now, f"D{draft_id}")
    if data["kind"] in office_import.KINDS:
        return await office_import.lay_in(tx, who, now, kept.text, data)
    return await lay_in(tx, now, who.id, kept.text, data, reason)


async def lay_in(
    tx: Tx, now: datetime, by: int | None, file: str, data: dict[str, Any], reason: str = ""
) -> Notice:
    """Write what a checked sheet says, in this one unit of work."""
    if data["kind"] == "people":
        taken = await lay.lay_in(tx, now, data)
        await callout_ladder.reheld(tx, now)
        await log.append(tx, now, by, "people.imported", "", file, **asdict(taken))
        return say.Imported(file=file, units=taken.units, people=taken.people, at=now)
    wanted = wanted_in(data)
    span = (date.fromisoformat(data["first"]), date.fromisoformat(data["last"]))
    made = await publish(tx, by, now, wanted, data, source=data.get("source", "import"))
    if reason:
        await log.append(tx, now, by, "roster.forced", "", reason)
    return say_roster.RosterImported(file=file, first=span[0], last=span[1], shifts=made, at=now)


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

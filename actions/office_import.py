"""Sheets beside people and rosters: the year's holidays, leave, the shifts of the office; previewed, then 确认."""

from datetime import date, datetime
from typing import Any

from actions import finding, scheme
from actions import leave as leaves
from actions.roster_import import problem_json
from actions.view import Asked, view
from domain.actor import Actor
from domain.day_kind_sheet import is_arrangement, read_arrangement
from domain.leave_sheet import is_leave, read_leaves
from domain.notice import Notice
from domain.notices import office_import as say
from domain.notices.people import Problem
from domain.roster_names import Directory
from domain.scheme_sheet import is_scheme, read_scheme
from domain.sheet import Rows, SheetError
from storage import draft, holiday, log
from storage.database import Tx

KINDS = ("holidays", "leave", "scheme")
SHOWN = 10


def understand(rows: Rows, people: Directory, today: date) -> dict[str, Any] | None:
    """Return what such a sheet says as JSON, None for a sheet of no such kind."""
    if is_leave(rows):
        sheet = read_leaves(rows, people, today)
        taken = [
            {
                "person": r.person_id,
                "first": r.first.isoformat(),
                "last": r.last.isoformat(),
                "reason": r.reason,
            }
            for r in sheet.rows
        ]
        lines = [
            f"{r.name} {r.first} 至 {r.last} {r.reason}".strip()
            + (f"（{r.joined} 行重叠，合为一段）" if r.joined > 1 else "")
            for r in sheet.rows
        ]
        return _json("leave", lines, sheet.errors, taken)
    if is_scheme(rows):
        shifts = read_scheme(rows)
        return _json("scheme", shifts.lines, shifts.errors, list(shifts.lines))
    if is_arrangement(rows):
        table = read_arrangement(rows)
        days = {day.isoformat(): [known.kind.value, known.name] for day, known in table.days.items()}
        return _json("holidays", [f"{day} {' '.join(w)}" for day, w in days.items()], table.errors, days)
    return None


def _json(kind: str, lines: Any, errors: tuple[SheetError, ...], taken: object) -> dict[str, Any]:  # noqa: ANN401 - lines of any sequence
    problems = [problem_json(e) for e in errors]
    return {
        "kind": kind,
        "lines": list(lines),
        "taken": taken,
        "errors": problems,
        "warnings": [],
        "gaps": [],
    }


@view(say.OfficePreview)
async def preview(tx: Tx, asked: Asked) -> say.OfficePreview | None:
    """Return what was understood of such a sheet."""
    kept = await draft.by_id(tx, asked.number)
    if kept is None or kept.data is None:
        return None
    data = kept.data
    return say.OfficePreview(
        draft=kept.id,
        file=kept.text,
        what=data["kind"],
        lines=tuple(data["lines"][:SHOWN]),
        count=len(data["lines"]),
        errors=tuple(
            Problem(where=p["where"], value=p["value"][:40], reason=p["reason"])
            for p in data["errors"][:SHOWN]
        ),
        more=max(0, len(data["errors"]) - SHOWN),
        state="open" if kept.used_at is None else "cancelled" if data.get("cancelled") else "done",
    )


async def lay_in(tx: Tx, who: Actor, now: datetime, file: str, data: dict[str, Any]) -> Notice:
    """Write what a checked sheet says, in this one unit of work."""
    match data["kind"]:
        case "leave":
            made = await leaves.lay_in(tx, who.id, now, data["taken"])
        case "scheme":
            answer = await scheme.put_shifts(tx, who, now, data["taken"])
            await log.append(tx, now, who.id, "scheme.imported", "", file)
            return answer
        case _:
            days = {date.fromisoformat(day): (kind, name) for day, (kind, name) in data["taken"].items()}
            await holiday.put(tx, days)
            await finding.refresh(tx, now)
            made = len(days)
    await log.append(tx, now, who.id, f"{data['kind']}.imported", "", file, count=made)
    return say.OfficeImported(file=file, what=data["kind"], count=made, at=now)

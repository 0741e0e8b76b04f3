"""The grade of an incident after its first word: raised by figures, lowered only by a named person with a reason."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions import duty, report_clock, report_sign
from actions.authority import refuse
from config.receivers import GRADES
from domain.actor import Actor
from domain.figures import Figure
from domain.grading import URGENT, grade, is_graver
from domain.notice import Notice
from domain.notices import base
from domain.notices import incident as say
from domain.people import Role
from domain.report_profile import is_urgent
from storage import card, incident, log, outbox
from storage.database import Tx
from storage.incident import Incident

EXAMPLE = "定级 E7 较大 现场核实死亡3人"


async def regrade(
    tx: Tx, who: Actor, now: datetime, i: Incident, figures: Mapping[str, dict[str, Any] | None]
) -> Incident:
    """After new figures or a mend (`direct` may be set by it): raise grade and urgency where due, fit the clocks.

    `figures`: those just given, by name, as a reading has them. Return the incident as it is now.
    """
    suggested = grade(await _newest(tx, i, figures), i.subtype, i.category)
    stands = i.reading.get("grade") or {}
    higher = is_graver(suggested.grade, i.grade) and is_graver(suggested.grade, stands.get("set_aside"))
    same = suggested.grade == i.grade is not None and not stands.get("by")  # by other figures than before
    said = {**stands, "grade": suggested.grade, "line": suggested.line, "by": ""}
    new = said if higher or same else stands
    return await _stand(tx, who, now, i, new, suggested.grade if higher else i.grade)


async def _newest(tx: Tx, i: Incident, said: Mapping[str, dict[str, Any] | None]) -> dict[str, Figure | None]:
    found: dict[str, Figure | None] = {
        f.name: Figure(f.value, f.low, f.high, f.text) for f in await incident.figures_of(tx, i.id)
    }
    for name, one in said.items():
        if one:
            found[name] = Figure(one["value"], one["low"], one["high"], one["text"])
    return found


_SETS = re.compile(r"^(?:(?:上|下)?调整?|升级?|降级?|改|定)?(?:为|到|成)\s*")
"""Words before the grade: 升为较大."""


async def set_grade(tx: Tx, who: Actor, now: datetime, number: int, words: str) -> Notice:
    """A person sets the grade with a reason, also to a lower one; what software suggested is put aside by that."""
    if refused := refuse(who, "定级", Role.OFFICER, Role.DEPUTY, Role.LEADER):
        return refused
    said = _SETS.sub("", words.strip())
    new, _, reason = (part.strip() for part in re.sub(r"[\s,，、:：]+", " ", said, count=1).partition(" "))
    i = await incident.by_id(tx, number)
    if i is None or i.state in ("offered", "discarded"):
        return base.NotFound(number=f"E{number}", example=EXAMPLE)
    if new not in GRADES or not reason:
        why = f"定级要写明等级（{'、'.join(GRADES)}）和原因。"
        return base.WrongForm(why=why, example=EXAMPLE.replace("E7", i.number))
    stands = i.reading.get("grade") or {}
    aside = stands.get("set_aside")
    if is_graver(i.grade, new):
        aside = i.grade if is_graver(i.grade, aside) else aside
    mine = {"grade": new, "line": f"{who.name}：{reason}", "by": who.name, "set_aside": aside}
    await log.append(tx, now, who.id, "incident.graded", i.number, reason, old=i.grade, new=new)
    after = await _stand(tx, who, now, i, mine, new)
    return say.Graded(
        number=i.number, old=i.grade, new=new, reason=reason, at=now, urgent=after.urgent, drill=i.drill
    )


async def _stand(
    tx: Tx, who: Actor, now: datetime, i: Incident, stands: dict[str, Any], new: str | None
) -> Incident:
    """Keep the grade, its line and whether it is urgent; a rise is phoned, told, and shortens what runs."""
    lowered = is_graver(i.grade, new)
    urgent = is_urgent(new, direct=i.direct) or (i.urgent and not lowered)
    if stands != (i.reading.get("grade") or {}) or urgent != i.urgent:
        values = {"grade": new, "urgent": urgent, "reading": {**i.reading, "grade": stands}}
        await incident.move(tx, i.id, (i.state,), i.state, **values)
        await card.touch(tx, now, i.number, [say.Card.card])
    after = await incident.by_id(tx, i.id) or i
    graver, direct = is_graver(new, i.grade), urgent and not i.urgent
    rose = direct or (graver and new in URGENT)
    if i.state == "open" or (i.state == "closed" and rose):
        why = f"升为{new}，重新计时" if graver else "转为直报，重新计时"
        await report_clock.fit(tx, after, now, who.id, why, again=rose)
    if rose:
        await report_sign.deliver_waiting(tx, who, now, after)
    line = stands.get("line", "") if graver else "直报情形"
    if rose:
        await _tell(tx, now, i, after, line)
    if graver or direct:
        await log.append(tx, now, who.id, "incident.raised", i.number, line, old=i.grade, new=new)
    return after


async def _tell(tx: Tx, now: datetime, before: Incident, after: Incident, line: str) -> None:
    """Officer and leader hear of a rise, with the line that triggered it."""
    notice = say.GradeRaised(
        number=after.number,
        title=after.title,
        drill=after.drill,
        old=before.grade,
        new=after.grade,
        line=line,
        urgent=after.urgent,
    )
    for person in dict.fromkeys(
        [*await duty.officers_to_tell(tx, now), *await duty.leaders_to_tell(tx, now)]
    ):
        await outbox.say(tx, now, notice, person=person.id, subject=after.number)

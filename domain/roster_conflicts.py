"""What is wrong with the people of a sheet: twice at a time, too little rest, on leave, out of reach."""

from collections.abc import Sequence
from datetime import date, timedelta

from domain.phone import Phone, read_phone
from domain.roster import Post, fit_roles
from domain.roster_check import OnLeave
from domain.roster_entry import Entry, Gathered, Place
from domain.roster_office import Office
from domain.roster_spans import RosterShift

ON_CALL = (Post.LEADER, Post.DRIVER)
"""Posts that may be held day after day: at home, to be called (domain.md §1.1)."""


def check_people(shifts: Sequence[RosterShift], office: Office, into: Gathered) -> list[RosterShift]:
    """Return the shifts that clash with none before them; tell what is wrong with the others and with these."""
    by_person: dict[int, list[tuple[int, RosterShift]]] = {}
    for index, shift in enumerate(shifts):
        by_person.setdefault(shift.entry.person.id, []).append((index, shift))
    kept: list[tuple[int, RosterShift]] = []
    for own in by_person.values():
        kept += _without_clashes(own, into, office.rules.rest)
    _check_leaves(shifts, office.leaves, into)
    _check_roles(shifts, office, into)
    _check_phones(shifts, into)
    return [shift for _, shift in sorted(kept, key=lambda item: item[0])]


def _check_roles(shifts: Sequence[RosterShift], office: Office, into: Gathered) -> None:
    """Tell once of a person on a post whose role they do not hold: they could not sign or approve there."""
    told: set[tuple[int, Post]] = set()
    for shift in shifts:
        person, fits = shift.entry.person, fit_roles(shift.post, office.rules)
        if not person.roles or not fits or set(person.roles) & set(fits) or (person.id, shift.post) in told:
            continue
        told.add((person.id, shift.post))
        roles = "、".join(role.word for role in fits)
        why = f"{person.name}不是{roles}，排了{shift.post.word}也不能在这个岗上办事，请核对或先改人员表"
        into.warn(shift.entry.place, person.name, why)


def _without_clashes(
    own: Sequence[tuple[int, RosterShift]], into: Gathered, rest: timedelta
) -> list[tuple[int, RosterShift]]:
    kept: list[tuple[int, RosterShift]] = []
    short: list[tuple[RosterShift, RosterShift]] = []
    for index, shift in sorted(own, key=lambda item: (item[1].starts_at, item[0])):
        before = kept[-1][1] if kept else None
        if before is not None and before.ends_at > shift.starts_at:
            into.error(shift.entry.place, shift.entry.person.name, _clash(before, shift))
            into.doubted.add((shift.day, shift.post))
            continue
        rests = shift.post not in ON_CALL
        if rests and before is not None and shift.starts_at - before.ends_at < rest:
            short.append((before, shift))
        kept.append((index, shift))
    if short:
        _tell_rest(short, into, rest)
    return kept


def _clash(before: RosterShift, shift: RosterShift) -> str:
    name, cell, post = shift.entry.person.name, before.entry.place.cell, before.post.word
    if before.day == shift.day:
        return f"{name}当天已在{cell}排了{before.label}{post}，一人同一时间只能排一个岗"
    return (
        f"{name}和{cell}排的{_day(before.day)}{before.label}{post}时间重叠（那一班到 {before.ends_at:%H:%M}）"
    )


def _tell_rest(short: Sequence[tuple[RosterShift, RosterShift]], into: Gathered, rest: timedelta) -> None:
    before, shift = short[0]
    hours = (shift.starts_at - before.ends_at).total_seconds() / 3600
    more = f"；这样的连班共 {len(short)} 处" if len(short) > 1 else ""
    why = (
        f"连班：离上一班（{_day(before.day)}{before.label}，{before.entry.place.cell}）只隔 {hours:g} 小时，"
        f"规则是至少 {rest.total_seconds() / 3600:g} 小时{more}"
    )
    into.warn(shift.entry.place, shift.entry.person.name, why)


def _check_leaves(shifts: Sequence[RosterShift], leaves: Sequence[OnLeave], into: Gathered) -> None:
    of_person: dict[int, list[OnLeave]] = {}
    for leave in leaves:
        of_person.setdefault(leave.person_id, []).append(leave)
    for shift in shifts:
        for leave in of_person.get(shift.entry.person.id, ()):
            if leave.first <= shift.day <= leave.last:
                name = shift.entry.person.name
                days = _day(leave.first) + (f"至{_day(leave.last)}" if leave.last > leave.first else "")
                into.error(shift.entry.place, name, f"{name}{days}已请假，{_day(shift.day)}不能排班，请换人")


def _check_phones(shifts: Sequence[RosterShift], into: Gathered) -> None:
    """A person nobody can call is an error; a blank beside filled cells is told once for its column."""
    blank: dict[int, list[Entry]] = {}
    filled: set[int] = set()
    lacking: set[int] = set()
    for entry in (shift.entry for shift in shifts):
        written = any(isinstance(read_phone(phone), Phone) for phone in entry.phones)
        if entry.phone_at is not None and entry.phones:
            filled.add(entry.phone_at.column)
        if not entry.person.phone and entry.person.id not in lacking:
            lacking.add(entry.person.id)
            _tell_lacking(entry, into, written=written)
        elif entry.phone_at is not None and not entry.phones and entry.person.phone:
            blank.setdefault(entry.phone_at.column, []).append(entry)
    for column, entries in blank.items():
        first = entries[0].phone_at
        if column in filled and first is not None:
            more = f"（这一列共 {len(entries)} 处）" if len(entries) > 1 else ""
            person = entries[0].person
            into.warn(first, "", f"电话空着{more}，按人员表里的用：{person.name} {person.phone}")


def _tell_lacking(entry: Entry, into: Gathered, *, written: bool) -> None:
    at: Place = entry.phone_at or entry.place
    name = entry.person.name
    if written:
        why = f"人员表里没有{name}的电话，只有这张表里有；请把它也登记到人员表"
        into.warn(at, entry.phones[0], why)
    else:
        why = f"缺电话：{name}在表里和人员表里都没有电话，请补上，如 13800000001"
        into.error(at, "、".join(entry.phones) or name, why)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"

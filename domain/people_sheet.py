"""A people sheet read into units and people: pure, nothing silently mended, every problem with its cell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.people import AB, Role, UnitLevel
from domain.people_rows import Draft, columns_of, find_header, read_drafts
from domain.people_units import UnitRow, UnitTree
from domain.people_words import WORDS
from domain.sheet import HEADER_WITHIN, Rows, SheetError

CALLED = (UnitLevel.VILLAGE, UnitLevel.GRID)


@dataclass(frozen=True)
class RoleRow:
    """A role in a unit; `ab` only for contacts."""

    unit: str
    role: Role
    ab: AB | None
    first_day: str | None = None
    last_day: str | None = None


@dataclass(frozen=True)
class PersonRow:
    """A person with all roles; `rows` where they stand, from 1."""

    name: str
    title: str
    phone: str
    telegram_id: int | None
    roles: tuple[RoleRow, ...]
    rows: tuple[int, ...]


@dataclass(frozen=True)
class PeopleSheet:
    """What was understood; to be used only when `errors` is empty."""

    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    errors: tuple[SheetError, ...]
    warnings: tuple[SheetError, ...]


def read_people(rows: Rows, *, known: Mapping[str, UnitLevel] | None = None) -> PeopleSheet:
    """Return the units (parents before children) and people of a sheet.

    `known`: units that stand already; a sheet that only adds people to them may do without level and parent.
    """
    known = known or {}
    header = find_header(rows, need_tree=not known)
    if isinstance(header, SheetError):
        return PeopleSheet((), (), (header,), ())
    drafts, errors, warnings = read_drafts(rows, header)
    if not drafts and not errors:
        errors.append(SheetError(0, WORDS["name"], "", "表头下面没有内容，请每人填一行"))
    units = UnitTree(drafts, known, errors)
    people = _People(drafts, errors, warnings)
    _check_ab(drafts, errors)
    _check_called(units.ordered(), drafts, warnings)
    return PeopleSheet(units.ordered(), people.rows(), _in_order(errors), _in_order(warnings))


def rows_of_people(text: str) -> Rows | None:
    """Return the rows of a people table in a text, parted by tabs, commas, bars or blanks; None for another text."""
    lines = [line for line in text.splitlines() if line.strip()]
    for mark in ("\t", ",", "，", "|", None):
        rows = [[cell.strip() for cell in line.split(mark)] for line in lines]
        heads = [len(row) for row in rows[:HEADER_WITHIN] if is_people_header(columns_of(row))]
        if heads and (mark is not None or all(len(row) == heads[0] for row in rows)):
            return rows
    return None


def _in_order(problems: list[SheetError]) -> tuple[SheetError, ...]:
    return tuple(sorted(problems, key=lambda p: (p.row, p.letter)))


class _People:
    """The people of the sheet: one per name and phone, or per account."""

    def __init__(self, drafts: Sequence[Draft], errors: list[SheetError], warnings: list[SheetError]) -> None:
        self.errors, self.warnings = errors, warnings
        self.groups: dict[tuple[str, str], list[Draft]] = {}
        for draft in drafts:
            if draft.name:
                self.groups.setdefault((draft.name, draft.phone), []).append(draft)
        self._check_accounts()
        self._check_phones()
        self._check_names()

    def _check_accounts(self) -> None:
        owners: dict[int, Draft] = {}
        for group in self.groups.values():
            own = [d for d in group if d.telegram_id is not None]
            for d in own:
                first = owners.setdefault(d.telegram_id or 0, d)
                if (first.name, first.phone) != (d.name, d.phone):
                    what = "姓名" if first.name != d.name else "电话"
                    why = f"第{first.row}行已用这个账号，{what}却不同；一个账号只属于一个人"
                    self._add(self.errors, d, "telegram_id", str(d.telegram_id), why)
            if len({d.telegram_id for d in own}) > 1:
                why = f"{own[0].name}在第{own[0].row}行写的是另一个账号，一个人只能写一个"
                self._add(self.errors, own[-1], "telegram_id", str(own[-1].telegram_id), why)

    def _check_phones(self) -> None:
        by_phone: dict[str, Draft] = {}
        for (name, phone), group in self.groups.items():
            first = by_phone.setdefault(phone, group[0]) if phone else group[0]
            if first.name != name:
                self._add(
                    self.warnings,
                    group[0],
                    "phone",
                    phone,
                    f"和第{first.row}行{first.name}的电话相同，请核对",
                )

    def _check_names(self) -> None:
        by_name: dict[str, Draft] = {}
        for (name, phone), group in self.groups.items():
            first = by_name.setdefault(name, group[0])
            if phone and first.phone and first.phone != phone:
                why = f"和第{first.row}行同名但电话不同，按两个人读；如是同一人请写同一个电话"
                self._add(self.warnings, group[0], "name", name, why)

    def _add(self, to: list[SheetError], draft: Draft, key: str, value: str, reason: str) -> None:
        to.append(SheetError(draft.row, WORDS[key], value, reason, draft.letters.get(key, "")))

    def rows(self) -> tuple[PersonRow, ...]:
        """Return the people in the order of the sheet."""
        alone = _only_contacts([d for group in self.groups.values() for d in group])
        return tuple(_person(group, alone) for group in self.groups.values())


def _only_contacts(drafts: Sequence[Draft]) -> frozenset[str]:
    counts = Counter(d.unit for d in drafts if Role.CONTACT in d.roles)
    return frozenset(unit for unit, count in counts.items() if count == 1)


def _person(group: Sequence[Draft], alone: frozenset[str]) -> PersonRow:
    roles = dict.fromkeys(
        RoleRow(
            d.unit,
            role,
            (d.ab or (AB.A if d.unit in alone else None)) if role is Role.CONTACT else None,
            d.first_day,
            d.last_day,
        )
        for d in group
        for role in d.roles
    )
    return PersonRow(
        name=group[0].name,
        title=next((d.title for d in group if d.title), ""),
        phone=group[0].phone,
        telegram_id=next((d.telegram_id for d in group if d.telegram_id is not None), None),
        roles=tuple(roles),
        rows=tuple(d.row for d in group),
    )


def _check_ab(drafts: Sequence[Draft], errors: list[SheetError]) -> None:
    """A unit has one A-role; where several share it, each says A or B (domain.md §4.2)."""
    contacts: dict[str, list[Draft]] = {}
    for draft in drafts:
        if Role.CONTACT in draft.roles and draft.unit:
            contacts.setdefault(draft.unit, []).append(draft)
    for unit, own in contacts.items():
        for d in own:
            first = next((o for o in own if o.ab is AB.A and o.meets(d)), None)
            if d.first_day and d.last_day and d.first_day > d.last_day:
                why = "截止日期早于起始日期"
                errors.append(
                    SheetError(d.row, WORDS["last_day"], d.last_day, why, d.letters.get("last_day", ""))
                )
            if d.ab is None and len(own) > 1 and not d.ab_wrong:
                why = f"“{unit}”有 {len(own)} 位责任人，每位都要写 A 或 B"
                errors.append(SheetError(d.row, WORDS["ab"], "", why, d.letters.get("ab", "")))
            if d.ab is AB.A and first is not None and first is not d:
                why = f"“{unit}”第{first.row}行已有A角{first.name}，一个单位同一天只能有一个A角，另一位请写 B"
                errors.append(SheetError(d.row, WORDS["ab"], "A", why, d.letters.get("ab", "")))


def _check_called(units: Sequence[UnitRow], drafts: Sequence[Draft], warnings: list[SheetError]) -> None:
    """A village or grid without a contact would be called in vain."""
    called = {d.unit for d in drafts if Role.CONTACT in d.roles}
    for unit in units:
        if unit.level in CALLED and unit.name not in called:
            why = "没有责任人，预警叫应时找不到人"
            warnings.append(SheetError(unit.row, WORDS["unit"], unit.name, why))


def is_people_header(columns: Mapping[str, int]) -> bool:
    """Return True if these known columns make a people sheet."""
    return "name" in columns and "phone" in columns and ("unit" in columns or "role" in columns)

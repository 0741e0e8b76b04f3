"""The synthetic street is a whole street, and its sheets are read without an error."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from config.demo import demo_people_rows, demo_roster_rows
from config.rules import load_rules
from domain.people import AB, Role, UnitLevel
from domain.people_sheet import read_people
from domain.roster import BUILT_IN
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import read_roster
from domain.sheet_kind import SheetKind, detect_kind

SHEET = read_people(demo_people_rows())


def test_the_people_sheet_has_no_error_and_no_warning() -> None:
    assert SHEET.errors == SHEET.warnings == ()
    assert detect_kind(demo_people_rows()) is SheetKind.PEOPLE


def test_the_street_has_the_size_that_was_promised() -> None:
    levels = Counter(unit.level for unit in SHEET.units)
    assert (levels[UnitLevel.VILLAGE], levels[UnitLevel.GRID], levels[UnitLevel.PARTNER]) == (22, 65, 7)
    assert (levels[UnitLevel.FIRM], levels[UnitLevel.SCHOOL], levels[UnitLevel.HOSPITAL]) == (3, 3, 1)
    assert 190 <= len(SHEET.people) <= 210


def test_names_phones_and_accounts_are_all_different() -> None:
    for values in zip(*((p.name, p.phone, p.telegram_id) for p in SHEET.people), strict=True):
        assert len(set(values)) == len(SHEET.people)
    assert min(p.telegram_id or 0 for p in SHEET.people) == 10001


def test_every_called_unit_has_an_a_and_a_b_who_are_not_the_same() -> None:
    held: dict[str, dict[AB | None, str]] = {}
    for person in SHEET.people:
        for role in person.roles:
            if role.role is Role.CONTACT:
                held.setdefault(role.unit, {})[role.ab] = person.name
    called = [u.name for u in SHEET.units if u.level not in (UnitLevel.STREET, UnitLevel.SUPERIOR)]
    assert sorted(held) == sorted(called)
    assert all(set(ab) == {AB.A, AB.B} and ab[AB.A] != ab[AB.B] for ab in held.values())


def test_villages_partners_and_sites_have_a_reporter() -> None:
    reporting = {r.unit for p in SHEET.people for r in p.roles if r.role is Role.REPORTER}
    wanting = {u.name for u in SHEET.units if u.level not in (UnitLevel.STREET, UnitLevel.SUPERIOR)}
    grids = {u.name for u in SHEET.units if u.level is UnitLevel.GRID}
    assert reporting == wanting - grids


def test_the_roster_is_read_back_whole_over_the_turn_of_a_year() -> None:
    people = [KnownPerson(n, p.name, p.phone) for n, p in enumerate(SHEET.people)]
    rows = demo_roster_rows(date(2026, 12, 20), 31)
    office = Office(people, load_rules().roster, ZoneInfo("Asia/Shanghai"))
    sheet = read_roster(rows, office, today=date(2026, 7, 1))
    assert (sheet.errors, sheet.warnings, sheet.gaps) == ((), (), ())
    assert [d.date for d in sheet.days] == [date(2026, 12, 20) + timedelta(days=n) for n in range(31)]
    assert all(set(d.posts) == set(BUILT_IN) for d in sheet.days)


def test_nobody_has_two_shifts_in_a_row_and_the_rotation_goes_on_between_sheets() -> None:
    first, second = demo_roster_rows(date(2026, 7, 1), 31), demo_roster_rows(date(2026, 8, 1), 31)
    officers = [row[5] for row in [*first[2:-1], *second[2:-1]]]
    assert all(a != b for a, b in pairwise(officers))
    assert "刘芳" in officers


def test_the_same_call_gives_the_same_cells() -> None:
    assert demo_people_rows() == demo_people_rows()

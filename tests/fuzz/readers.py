"""The readers of what people type, paste and send: any text has an answer, within bounded time."""

import random
import time
from collections.abc import Callable
from contextlib import suppress

from config.demo import demo_people_rows
from config.rules import load_rules
from config.tables import load_direct, load_hazards, load_incident_types
from domain import (
    bulletin_file,
    bulletin_text,
    bulletin_xml,
    day_kind_sheet,
    day_text,
    dutylog,
    evacuation_text,
    followup_text,
    instruction,
    leave_sheet,
    leave_text,
    link,
    mend_text,
    moment,
    passing,
    people_sheet,
    phone,
    place,
    report_claims,
    report_extension,
    report_text,
    roster_sheet,
    roster_text,
    scheme_sheet,
    sheet_kind,
    source,
)
from domain.figures import read_figures
from domain.roster_names import Directory, KnownPerson
from domain.roster_office import Office
from handlers.desk import find_command, find_twin, plain
from tests.fuzz import corpus, mutate
from tests.stories.conftest import MORNING
from tests.stories.room import ZONE

MOST = 3.0
"""Seconds of this process's own time that one text or sheet may take; an ordinary one takes milliseconds."""
HAZARDS, TYPES, DIRECT, RULES = load_hazards(), load_incident_types(), load_direct(), load_rules()
NAMES = tuple(dict.fromkeys(str(row[4]) for row in demo_people_rows()[1:]))
PEOPLE = [KnownPerson(n, name, f"138{n:08}") for n, name in enumerate(NAMES)]
DIRECTORY = Directory(PEOPLE)
OFFICE = Office(PEOPLE, RULES.roster, ZONE)
TODAY = MORNING.date()
Rows = tuple[tuple[str, ...], ...]


def _typed(text: str) -> None:
    for command in (find_command, find_twin, plain, evacuation_text.read_moved, evacuation_text.read_back):
        command(text)
    passing.read_passing(text)
    source.read_wish(text)
    day_text.read_day(text, TODAY)
    day_text.read_month(text, TODAY)
    dutylog.read_query(text, TODAY)
    leave_text.read_leave(text, NAMES, TODAY)
    with suppress(instruction.NoSuchDay):
        instruction.read_instruction(text, NAMES, MORNING, ZONE)
    phone.read_phone(text)
    report_extension.read_extension(text)
    link.read_answer({"act": "pass", "channel": text, "households": text})


def _mended(text: str) -> None:
    said = mend_text.read_mend(text)
    mend_text.read_count_of(said.words)
    mend_text.find_type(said.words, TYPES)


def _reported(text: str) -> None:
    report_text.to_json(report_text.read_report(text, MORNING, ZONE, TYPES, DIRECT))


def _parts(text: str) -> None:
    read_figures(text)
    place.read_place(text)
    moment.read_moment(text, MORNING, ZONE)
    report_claims.read_claims(text)


TEXTS: dict[str, tuple[Callable[[], tuple[str, ...]], Callable[[str], object]]] = {
    "typed": (corpus.texts, _typed),
    "bulletin": (corpus.bulletins, lambda text: bulletin_text.read_bulletins(text, MORNING, ZONE, HAZARDS)),
    "report": (corpus.reports, _reported),
    "parts of a report": (corpus.reports, _parts),
    "follow-up": (corpus.reports, lambda text: followup_text.read_followup(text, MORNING, ZONE)),
    "mending": (corpus.texts, _mended),
    "pasted roster": (corpus.texts, lambda text: _rostered(_lines(text))),
}


def _lines(text: str) -> Rows:
    return tuple(tuple(line.split("\t")) for (line,) in roster_text.rows_of_text(text))


def _file(data: bytes) -> None:
    try:
        bulletin_file.read_bulletin_file(data, MORNING, ZONE, HAZARDS)
    except bulletin_xml.BulletinRefused:
        return


def _rostered(rows: Rows) -> None:
    sheet_kind.detect_kind(rows, DIRECTORY)
    roster_sheet.read_roster(rows, OFFICE, today=TODAY)


def one_sheet(rows: Rows) -> None:
    """Read rows as every kind of sheet they may be."""
    _rostered(rows)
    people_sheet.read_people(rows)
    day_kind_sheet.read_arrangement(rows)
    if leave_sheet.is_leave(rows):
        leave_sheet.read_leaves(rows, DIRECTORY, TODAY)
    if scheme_sheet.is_scheme(rows):
        scheme_sheet.read_scheme(rows)


def _cells(dice: random.Random) -> Rows:
    """Return a sheet with cells, rows and columns changed."""
    rows = [list(row) for row in dice.choice(corpus.tables())]
    for _ in range(dice.randint(0, 8)):
        row = dice.choice(rows)
        match dice.randrange(5):
            case 0:
                rows.insert(dice.randint(0, len(rows)), list(row))
            case 1 if len(rows) > 1:
                rows.remove(row)
            case 2 if row:
                del row[dice.randrange(len(row))]
            case _:
                row.insert(dice.randint(0, len(row)), mutate.text(dice, corpus.texts())[:80])
                if dice.random() < 0.7 and len(row) > 1:
                    row.pop()
    return tuple(tuple(row) for row in rows)


def one(dice: random.Random) -> None:
    """Read one input; raises what a reader raises, AssertionError when it takes too long."""
    begun = time.process_time()
    what = _one(dice)
    taken = time.process_time() - begun
    assert taken < MOST, f"{what} took {taken:.1f} s"


def _one(dice: random.Random) -> str:
    kind = dice.randrange(len(TEXTS) + 2)
    if kind == len(TEXTS):
        _file(mutate.data(dice, corpus.bulletin_files()))
        return "file of a bulletin"
    if kind > len(TEXTS):
        one_sheet(_cells(dice))
        return "sheet"
    name = list(TEXTS)[kind]
    texts, read = TEXTS[name]
    read(mutate.text(dice, texts()))
    return name

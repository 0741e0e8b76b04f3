"""What a search of the duty log asks for, on Saturday 25 July 2026."""

import ast
from datetime import date
from pathlib import Path

import pytest

from domain.dutylog import LISTED, Query, corrected, mentions, past_day, read_query
from messages.room_files import act_word

TODAY = date(2026, 7, 25)

QUERIES = {
    "nothing is the shift that runs": ("", Query()),
    "a day": ("7.25", Query(day=TODAY)),
    "a day and a name": ("7.25 刘芳", Query(day=TODAY, words=("刘芳",))),
    "an event in small letters": ("e7", Query(subject="E7")),
    "an event in wide letters": ("Ｗ１２", Query(subject="W12")),
    "an entry": ("l12", Query(entry=12)),
    "an obligation": ("O-01", Query(subject="O-01")),
    "a word": ("漏水", Query(words=("漏水",))),
    "all together, parted by Chinese stops": (
        "昨天，E7、漏水 刘芳",
        Query(day=date(2026, 7, 24), subject="E7", words=("漏水", "刘芳")),
    ),
    "a second day is a word": ("7.25 7.26", Query(day=TODAY, words=("7.26",))),
    "a print": ("7.25 打印", Query(day=TODAY, printed=True)),
    "a place is no event": ("E座", Query(words=("E座",))),
    "a holiday is a word": ("国庆", Query(words=("国庆",))),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_is_read(case: str) -> None:
    text, wanted = QUERIES[case]
    assert read_query(text, TODAY) == wanted


DAYS = {
    "26号": date(2026, 6, 26),
    "25日": TODAY,
    "31号": None,
    "12.31": date(2025, 12, 31),
    "2026-12-31": date(2026, 12, 31),
    "周日": date(2026, 7, 19),
    "周五": date(2026, 7, 24),
    "上周五": date(2026, 7, 17),
    "前天": date(2026, 7, 23),
    "明天": date(2026, 7, 26),
    "13.40": None,
}


@pytest.mark.parametrize("said", DAYS)
def test_a_day_lies_behind(said: str) -> None:
    assert past_day(said, TODAY) == DAYS[said]


def test_the_last_of_february_is_looked_for_in_a_year_that_has_it() -> None:
    assert past_day("2.29", date(2028, 2, 1)) is None
    assert past_day("2.29", date(2028, 3, 1)) == date(2028, 2, 29)


def test_an_event_is_named_by_its_whole_number() -> None:
    assert mentions("现场e7已清理", "E7")
    assert not mentions("E71 与此无关", "E7")
    assert not mentions("DE7", "E7")


def test_only_a_written_entry_corrects_another() -> None:
    assert corrected("duty.log", "L12") == 12
    assert corrected("duty.log", "E12") is None
    assert corrected("task.done", "L12") is None


def test_every_act_of_the_list_has_a_word() -> None:
    assert len(set(LISTED)) == len(LISTED)
    assert all(act_word(act) != act and not act_word(act).isascii() for act in LISTED)


def test_every_act_that_is_logged_has_a_word() -> None:
    calls = [
        call
        for file in Path("actions").glob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "log.append" and len(call.args) > 3
    ]
    acts = {str(call.args[3].value) for call in calls if isinstance(call.args[3], ast.Constant)}
    assert len(acts) > 50
    assert [act for act in sorted(acts) if act_word(act).isascii()] == []

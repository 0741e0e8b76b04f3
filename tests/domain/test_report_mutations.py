"""First words changed as keyboards and voices change them: read as before; never a crash, no number made or lost."""

import json
import os
import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from config.tables import load_direct, load_incident_types
from domain.figures import Figure, read_figures
from domain.followup_text import read_followup
from domain.numerals import read_number
from domain.plain import make_plain
from domain.report_text import ReportReading, read_report, to_json
from tests.domain.report_corpus import REPEATED, ZONE, Case, hostile, own_cases, shared_cases, show

EXAMPLES = min(int(os.environ.get("EXAMPLES", "200")), 300)
CASES = [*shared_cases(), *own_cases()]
REPORTS = [case for case in CASES if not case.followup]
GOT = REPORTS[0].received_at
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}
INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\ufe0f"]
CHANGES: dict[str, Callable[[str], str]] = {
    "half-width colons": lambda t: t.replace("：", ":"),
    "full-width colons": lambda t: t.replace(":", "："),
    "full-width digits and letters": lambda t: t.translate(WIDE),
    "half-width punctuation": lambda t: unicodedata.normalize("NFKC", t),
    "blanks of the other width": lambda t: t.replace(" ", "\u3000"),
    "more blanks": lambda t: t.replace(" ", "  "),
    "Windows line ends": lambda t: f"{t}\r\n",
    "blank lines around": lambda t: f"\n\n{t}\n\n",
    "a sticker behind": lambda t: f"{t}😭",
}


def read(text: str) -> ReportReading:
    return read_report(text, GOT, ZONE, load_incident_types(), load_direct())


def plain(text: str) -> str:
    return make_plain(text, tight=False).text


def essence(case: Case, text: str) -> dict[str, object]:
    """Return all that a line is read as, blanks in its quoted words apart."""
    got = to_json(read_report(text, case.received_at, ZONE, load_incident_types(), load_direct()))
    return {name: re.sub(r"[\s😭]", "", json.dumps(value, ensure_ascii=False)) for name, value in got.items()}


@quick
@given(st.sampled_from(REPORTS), st.sampled_from(sorted(CHANGES)))
def test_how_a_line_is_typed_changes_no_field(case: Case, change: str) -> None:
    assert essence(case, CHANGES[change](case.text)) == essence(case, case.text)


@quick
@given(
    st.sampled_from(REPORTS),
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(INVISIBLE)), max_size=6),
)
def test_what_cannot_be_seen_changes_nothing(case: Case, marks: list[tuple[int, str]]) -> None:
    text = case.text
    for at, mark in marks:
        text = text[: at % (len(text) + 1)] + mark + text[at % (len(text) + 1) :]
    assert essence(case, text) == essence(case, case.text)


def numbers_in(text: str) -> set[int]:
    """Return every number that any part of the text can be read as, and none at all."""
    numerals = "0-9零〇一二两三四五六七八九十百千万"
    out = {0}
    for run in re.findall(rf"[{numerals}]+", text.replace("俩", "两").replace("仨", "三")):
        parts = [run[i:j] for i in range(len(run)) for j in range(i + 1, min(len(run), i + 12) + 1)]
        out |= {n for part in parts if (n := read_number(part)) is not None}
        for part in parts:
            pair = re.fullmatch(
                r"(十|[二三四五六七八九]十|[一二三四五六七八九][千百])?([一二三四五六七八九])([一二三四五六七八九])([十百]?)",
                part,
            )
            if pair:
                before, *digits, unit = pair.groups()
                out |= {n for d in digits if (n := read_number(f"{before or ''}{d}{unit}")) is not None}
    return out


def numbers_of(figures: dict[str, Figure | None]) -> set[int]:
    return {
        n
        for figure in figures.values()
        if figure
        for n in (figure.value, figure.low, figure.high)
        if n is not None
    }


@quick
@given(st.sampled_from(CASES), st.integers(0, 10_000), st.integers(0, 10_000))
def test_no_piece_of_a_line_yields_a_number_that_it_does_not_hold(
    case: Case, start: int, length: int
) -> None:
    piece = plain(case.text)[start % len(case.text) :][: 1 + length % len(case.text)]
    assert numbers_of(read_figures(piece).figures) <= numbers_in(piece)


@quick
@given(st.lists(st.sampled_from(CASES), min_size=2, max_size=3), st.sampled_from(["", "，", "\n", " "]))
def test_lines_run_together_yield_no_number_of_their_own(cases: list[Case], between: str) -> None:
    text = plain(between.join(case.text for case in cases))
    assert numbers_of(read_figures(text).figures) <= numbers_in(text)


COUNTED = st.sampled_from(["3", "12", "40", "256", "两", "五", "十二", "三十", "一百二十", "１５"])
HAPPENED = [
    *(
        "{}人受伤",
        "受伤{}人",
        "有{}个人被困",
        "死亡{}人",
        "{}名工人被埋",
        "疏散{}人",
        "转移群众{}人",
        "{}户停水",
        "影响{}户",
        "失联{}人",
    ),
    *("{}个学生呕吐", "困了{}个人", "送医{}人", "{}个业主在门口", "车上有{}名乘客", "{}人在现场", "住着{}户"),
]
AROUND = ["", "刚才海棠里3号楼着火", "，其余不详", "14:05", "，消防到场", "联系人王强13800000022", "。", " "]


@quick
@given(
    COUNTED,
    st.sampled_from(HAPPENED),
    st.sampled_from(AROUND),
    st.sampled_from(AROUND),
)
def test_a_count_that_was_said_is_a_figure_or_a_doubt(
    count: str, form: str, before: str, behind: str
) -> None:
    text = f"{before}，{form.format(count)}{behind}"
    value = read_number(unicodedata.normalize("NFKC", count))
    got = read_figures(plain(text))
    assert value in numbers_of(got.figures) or any(plain(count) in doubt for doubt in got.doubts), got


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二十余人受伤", {"injured": "20+", "deaths": None}),
        ("5、6户转移", {"households": "5-6"}),
        ("三四个人被困", {"trapped": "3-4"}),
        ("十五六个学生呕吐", {"injured": "15-16"}),
        ("十几人受伤", {"injured": "?"}),
        ("不到10人受伤", {"injured": "10-"}),
        ("受伤人数不详", {"injured": None, "deaths": None}),
        ("无人员伤亡", {"injured": "0", "deaths": "0"}),
        ("1人死亡，有说3人死亡的", {"deaths": "1-3"}),
        ("3人死亡，后来又说死了4个", {"deaths": "3-4"}),
        ("2人重伤、3人轻伤", {"injured": "3+"}),
        ("3人受伤，其中1人重伤", {"injured": "3"}),
        ("被困3人已全部救出", {"trapped": None}),
    ],
)
def test_ranges_and_contradictions_are_kept_as_said(text: str, expected: dict[str, str | None]) -> None:
    got = read_figures(text).figures
    assert {name: show(got[name]) for name in expected} == expected


@pytest.mark.parametrize("text", ["-3人受伤", "负2人死亡", "99999999999人受伤", "1.5人被困"])
def test_a_number_that_is_no_count_of_people_is_a_doubt(text: str) -> None:
    got = read_figures(text)
    assert numbers_of(got.figures) <= {0}
    assert any("不像人数" in doubt for doubt in got.doubts)


@quick
@example("3人受伤，3人受伤")
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "着火",
                    "3",
                    "两",
                    "人",
                    "受伤",
                    "没",
                    "死",
                    "被困",
                    "户",
                    "，",
                    " ",
                    ":",
                    "14",
                    "点",
                    "半",
                    "昨晚",
                    "到",
                    "现在",
                    "小区",
                ),
                *(
                    "里",
                    "路",
                    "和",
                    "号楼",
                    "我是",
                    "网格员",
                    "说",
                    "138",
                    "00000001",
                    "不是",
                    "是",
                    "其中",
                    "约",
                    "多",
                    "-",
                    "、",
                    "120",
                    "已",
                ),
            ]
        ),
        max_size=25,
    ).map("".join)
    | st.text(max_size=120)
)
def test_no_text_crashes_and_no_number_is_made(text: str) -> None:
    got = read(text)
    json.dumps(to_json(got))
    assert numbers_of(got.figures) <= numbers_in(plain(text))
    read_followup(text, GOT, ZONE)


@pytest.mark.parametrize("unit", REPEATED)
@pytest.mark.timeout(
    20
)  # a pattern that goes back over the text takes minutes; the time is `bench reports`'s
def test_hostile_repetition_is_read_to_its_end(unit: str) -> None:
    text = hostile(unit)
    json.dumps(to_json(read(text)))
    read_followup(text, GOT, ZONE)

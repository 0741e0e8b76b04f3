"""The days after an incident: windows by kind, who is in hospital, what a final report must speak of."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.report_after import (
    asking_days,
    days_since,
    in_hospital,
    missing_parts,
    morning_after,
    window_days,
)

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("subtype", "days", "asked"),
    [
        ("火灾", 7, (6,)),
        ("危险化学品火灾", 7, (6,)),
        ("道路交通事故", 7, (6,)),
        ("校车事故", 7, (6,)),
        ("有限空间中毒窒息", 30, (6, 29)),
        (None, 30, (6, 29)),
    ],
)
def test_the_window_is_seven_days_for_fire_and_traffic_else_thirty(
    subtype: str | None, days: int, asked: tuple[int, ...]
) -> None:
    assert (window_days(subtype), asking_days(subtype)) == (days, asked)


def test_days_are_counted_by_the_calendar_of_the_room() -> None:
    start = datetime(2026, 7, 25, 15, 59, tzinfo=UTC)  # 23:59 in the room
    assert days_since(start, datetime(2026, 7, 25, 16, 1, tzinfo=UTC), ZONE) == 1
    assert morning_after(start, 6, ZONE) == datetime(2026, 7, 31, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("texts", "injured", "inside"),
    [
        (["1人受伤送医"], True, True),
        (["1人受伤送医", "伤者已全部出院"], True, False),
        (["2人受伤送医", "1人出院，仍有1人住院"], True, True),
        (["2人受伤送医", "1人出院，另1人在ICU治疗"], True, True),
        (["3人轻伤，无人住院"], True, False),
        (["1人受伤"], True, True),
        (["水管已修复"], False, False),
        (["伤者已出院", "复查后又住院"], True, True),
    ],
)
def test_who_is_in_hospital_is_read_from_the_reports(
    texts: list[str], *, injured: bool, inside: bool
) -> None:
    assert in_hospital(texts, injured=injured) is inside


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("处置完毕", ["基本情况（时间、地点、经过）", "下一步（善后、评估）"]),
        ("7月25日10时海棠里3号楼火灾，消防扑灭，目前无复燃，下一步由社区做好善后", []),
    ],
)
def test_a_final_report_speaks_of_what_happened_what_was_done_how_it_stands_and_what_is_next(
    text: str, missing: list[str]
) -> None:
    assert list(missing_parts(text)) == missing

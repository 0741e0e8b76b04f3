"""请假 as people type it."""

from datetime import date

import pytest

from domain.leave_text import read_leave

TODAY = date(2026, 7, 25)


@pytest.mark.parametrize(
    ("text", "first", "last", "reason"),
    [
        ("8.1-8.5 年休假", (8, 1), (8, 5), "年休假"),
        ("明天 3天", (7, 26), (7, 28), ""),
        ("明天 三天 看病", (7, 26), (7, 28), "看病"),
        ("8.1起3天 看病", (8, 1), (8, 3), "看病"),
        ("明天起两天", (7, 26), (7, 27), ""),
        ("8月1日开始休5天", (8, 1), (8, 5), ""),
        ("8.1 共5天 年休", (8, 1), (8, 5), "年休"),
        ("8.1 一天", (8, 1), (8, 1), ""),
        ("8.1-8.5 3天年假", (8, 1), (8, 5), "3天年假"),
        ("8.1 5天后回来", (8, 1), (8, 1), "5天后回来"),
        ("9.1-9.3，孩子开学", (9, 1), (9, 3), "孩子开学"),
        ("从10.1到10.3", (10, 1), (10, 3), ""),
        ("9.10 半天", (9, 10), (9, 10), "半天"),
    ],
)
def test_leave_is_read_as_it_is_typed(
    text: str, first: tuple[int, int], last: tuple[int, int], reason: str
) -> None:
    said = read_leave(text, ["刘芳"], TODAY)
    assert said is not None
    assert (said.first, said.last, said.reason) == (date(2026, *first), date(2026, *last), reason)


@pytest.mark.parametrize("text", ["8.20、8.22", "8.1，8.3", "三天", "明天下午", ""])
def test_leave_without_clear_days_is_asked_again(text: str) -> None:
    assert read_leave(text, ["刘芳"], TODAY) is None

"""Tellings of one event and of two, a row per case."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.duplicates import Telling, likely, score

NOON = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
FIRE, WATER, LIFT = ("事故灾难", "火灾"), ("事故灾难", "供水中断"), ("事故灾难", "电梯困人")


def told(place: str | None, kind: tuple[str, str] | None, minutes: float, number: str = "E1") -> Telling:
    """Return a telling so many minutes after noon."""
    category, subtype = kind or (None, None)
    return Telling(number, f"{place}", place, category, subtype, NOON + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (told("海棠里3号楼", FIRE, 0), told("海棠里3号楼2门", FIRE, 12), "同一地点、都是火灾、相差12分钟"),
        (told("海棠里社区3号楼", FIRE, 0), told("海棠里3号楼", FIRE, 0), "都是火灾"),
        (told("海棠里", FIRE, 0), told("海棠里3号楼", None, 5), "同一地点、相差5分钟"),
        (told("海棠里3号楼", FIRE, 0), told("海棠里5号楼", FIRE, 10), "地点相近（楼号不同）"),
        (told("海棠里３号楼", FIRE, 0), told("海棠里3号楼", FIRE, 150), "相差约2小时"),
        (told(None, LIFT, 0), told("福安里2号楼", LIFT, 4), "都是电梯困人、相差4分钟"),
        (
            told("福安里社区门口", WATER, 0),
            told("福安里门口", WATER, 600),
            "同一地点、都是供水中断、相差约10小时",
        ),
        (told("海棠里3号楼", ("事故灾难", "高层火灾"), 0), told("海棠里3号楼", FIRE, 100), "都是火灾"),
        (told("海棠里3号楼", ("事故灾难", "火灾(疑似)"), 0), told("海棠里3号楼", FIRE, 0), "同一时间"),
    ],
)
def test_what_may_be_one_event_is_suggested_with_its_reason(
    one: Telling, other: Telling, reason: str
) -> None:
    found = score(one, other)
    assert found is not None
    assert reason in found.reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("海棠里3号楼", FIRE, 0), told("金桥路泵站", FIRE, 3)),
        (told("海棠里3号楼", FIRE, 0), told("海棠里3号楼", ("社会安全", "群体性聚集"), 3)),
        (told("海棠里3号楼", FIRE, 0), told("海棠里3号楼", FIRE, 13 * 60)),
        (told(None, FIRE, 0), told(None, None, 1)),
        (told(None, LIFT, 0), told("福安里2号楼", LIFT, 40)),
        (told("海棠里3号楼", FIRE, 0), told("福安里3号楼", FIRE, 1)),
    ],
)
def test_what_is_hardly_one_event_is_not(one: Telling, other: Telling) -> None:
    assert score(one, other) is None


def test_an_event_is_no_duplicate_of_itself_and_the_likeliest_comes_first() -> None:
    new = told("海棠里3号楼", FIRE, 10, "E9")
    others = [told("海棠里5号楼", FIRE, 0, "E2"), told("海棠里3号楼", FIRE, 5, "E3"), new]
    assert [one.telling.number for one in likely(new, others)] == ["E3", "E2"]
    assert likely(new, [told("海棠里", FIRE, n, f"E{n}") for n in range(6)]) != []
    assert len(likely(new, [told("海棠里", FIRE, n, f"E{n}") for n in range(6)])) == 3

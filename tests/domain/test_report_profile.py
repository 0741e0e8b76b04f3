"""Which clocks an incident has, and when its next follow-up is due, as tables."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.receivers import read_receiver, write_receiver
from config.rules import ReportRules, RuleError, Rules, change_rules, flat, load_rules
from domain.grading import is_graver
from domain.report_extension import Extension, extend, read_extension
from domain.report_profile import is_urgent, lanes, next_followup

ZONE = ZoneInfo("Asia/Shanghai")
RULES = load_rules()
OTHERS = "区应急管理局 事故灾难 较大以上 电话15m 书面30m,区卫生健康委 公共卫生 书面2h,区委办 紧急 书面45m"
WIDE = change_rules(RULES, "report.receivers", OTHERS)


def minutes(rules: ReportRules, category: str | None, grade: str | None, *, urgent: bool) -> dict[str, int]:
    found = lanes(category, grade, urgent=urgent, rules=rules)
    return {f"{lane.receiver}{lane.name}": int(lane.length.total_seconds() // 60) for lane in found}


OWN, OWN_URGENT = {"phone": 30, "written": 60}, {"phone": 15, "written": 30}


@pytest.mark.parametrize(
    ("rules", "category", "grade", "urgent", "expected", "why"),
    [
        (RULES, "事故灾难", "一般", False, OWN, "ordinary"),
        (RULES, None, None, False, OWN, "a kind not known yet has clocks all the same"),
        (RULES, "事故灾难", "较大", True, OWN_URGENT, "较大以上"),
        (RULES, "社会安全", None, True, OWN_URGENT, "sensitive, whatever its grade"),
        (RULES, "公共卫生", "一般", False, OWN | {"区卫生健康委written": 120}, "two hours to health"),
        (RULES, "自然灾害", "一般", False, OWN, "health is not told of other kinds"),
        (WIDE, "事故灾难", "一般", False, OWN, "below the receiver's grade"),
        (
            WIDE, "事故灾难", "重大", True,
            OWN_URGENT | {"区应急管理局phone": 15, "区应急管理局written": 30, "区委办written": 45},
            "from a grade on, and urgent ones",
        ),
        (WIDE, "社会安全", None, True, OWN_URGENT | {"区委办written": 45}, "only the urgent one"),
    ],
)  # fmt: skip
def test_an_incident_has_these_lanes(
    *, rules: Rules, category: str | None, grade: str | None, urgent: bool, expected: dict[str, int], why: str
) -> None:
    assert minutes(rules.report, category, grade, urgent=urgent) == expected, why


def test_two_rows_of_one_receiver_give_the_shorter_time() -> None:
    rules = change_rules(RULES, "report.receivers", "区委办 书面2h,区委办 紧急 书面30m")
    assert minutes(rules.report, None, None, urgent=True)["区委办written"] == 30
    assert minutes(rules.report, None, None, urgent=False)["区委办written"] == 120


@pytest.mark.parametrize("line", OTHERS.split(","))
def test_a_receiver_is_written_as_it_is_read(line: str) -> None:
    assert read_receiver(write_receiver(read_receiver(line))) == read_receiver(line)


@pytest.mark.parametrize("line", ["", "区委办", "公共卫生 书面2h", "区委办 星期三 书面2h", "区委办 书面快"])
def test_a_receiver_that_cannot_be_read_is_refused_with_the_right_form(line: str) -> None:
    with pytest.raises((RuleError, ValueError), match="写作"):
        read_receiver(line)


def test_there_may_be_no_other_receiver() -> None:
    rules = change_rules(RULES, "report.receivers", "-")
    assert rules.report.receivers == ()
    assert minutes(rules.report, "公共卫生", None, urgent=False) == OWN


def test_receivers_are_shown_as_they_are_typed() -> None:
    assert flat(RULES)["report.receivers"] == "区卫生健康委 公共卫生 书面2h"
    assert flat(RULES)["report.followup_daily"] == "08:00,17:00"


@pytest.mark.parametrize(
    ("grade", "direct", "urgent"),
    [("特别重大", False, True), ("较大", False, True), ("一般", False, False), (None, False, False), (None, True, True)],
)  # fmt: skip
def test_what_is_reported_directly(*, grade: str | None, direct: bool, urgent: bool) -> None:
    assert is_urgent(grade, direct=direct) is urgent


def test_grades_have_an_order_and_none_is_the_lowest() -> None:
    order = [None, "一般", "较大", "重大", "特别重大"]
    for n, low in enumerate(order):
        assert not is_graver(low, low)
        for high in order[n + 1 :]:
            assert is_graver(high, low)
            assert not is_graver(low, high)


def local(day: int, at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    return datetime(2026, 7, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("phase", "now", "due"),
    [
        ("unresolved", local(25, "10:00"), local(25, "10:30")),
        ("stable", local(25, "10:00"), local(25, "12:00")),
        ("long", local(25, "07:59"), local(25, "08:00")),
        ("long", local(25, "08:00"), local(25, "17:00")),
        ("long", local(25, "17:00"), local(26, "08:00")),
        ("long", local(31, "23:30"), local(31, "08:00") + timedelta(days=1)),
    ],
)
def test_the_next_follow_up_comes_by_the_pace_of_the_phase(phase: str, now: datetime, due: datetime) -> None:
    assert next_followup(phase, now.astimezone(UTC), ZONE, RULES.report) == due


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("电话 20分钟 占线", Extension("phone", timedelta(minutes=20), None, "占线")),
        ("电话报告20分钟，占线", Extension("phone", timedelta(minutes=20), None, "占线")),
        ("书面 1小时30分 领导在途", Extension("written", timedelta(minutes=90), None, "领导在途")),
        ("书面 一个小时 领导在途", Extension("written", timedelta(hours=1), None, "领导在途")),
        ("书面 半小时 领导在途", Extension("written", timedelta(minutes=30), None, "领导在途")),
        ("书面 至15:40 领导在途", Extension("written", None, time(15, 40), "领导在途")),
        ("书面 到15点 领导在途", Extension("written", None, time(15), "领导在途")),
        ("书面 20分钟", Extension("written", timedelta(minutes=20), None, "")),
        ("20分钟 占线", None),
        ("电话 占线", None),
        ("书面 至25:40 领导在途", None),
        ("", None),
    ],
)
def test_a_wish_for_more_time_is_read(words: str, expected: Extension | None) -> None:
    assert read_extension(words) == expected


DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("words", "due", "now", "end"),
    [
        ("电话 20分钟 x", local(25, "10:30"), local(25, "10:20"), local(25, "10:50")),
        ("电话 至11:00 x", local(25, "10:30"), local(25, "10:20"), local(25, "11:00")),
        ("书面 至0:20 x", local(25, "23:50"), local(25, "23:40"), local(26, "00:20")),
        ("电话 至10:10 x", local(25, "10:30"), local(25, "10:05"), "shorter"),
        ("电话 0分钟 x", local(25, "10:30"), local(25, "10:05"), "shorter"),
        ("书面 25小时 x", local(25, "10:30"), local(25, "10:05"), "too_long"),
        ("电话 20分钟 x", local(25, "10:30"), local(25, "10:30"), "over"),
    ],
)
def test_more_time_is_given_before_the_end_only_and_never_less(
    words: str, due: datetime, now: datetime, end: datetime | str
) -> None:
    asked = read_extension(words)
    assert asked is not None
    assert extend(asked, due, now, DAY, ZONE) == end

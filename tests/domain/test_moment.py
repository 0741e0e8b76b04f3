"""The time of an event is read from hurried words; arrivals, calls and deadlines are not it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.moment import read_moment

ZONE = ZoneInfo("Asia/Shanghai")
GOT = datetime(2026, 7, 25, 16, 43, tzinfo=ZONE)

ROWS = [
    ("刚才3号楼着火了", "25 16:43", "刚才", "约"),
    ("120刚拉走", "25 16:43", "刚", "约"),
    ("今早8点半多，有味儿", "25 08:30", "今早8点半多", "约"),
    ("昨晚到今天上午一直积水", None, "昨晚到今天上午", "区间"),
    ("从11点不到就停水", "25 11:00", "从11点不到", "约"),
    ("14：05冒黄烟", "25 14:05", "14:05", "准"),
    ("18点多门口聚了人", "25 18:00", "18点多", "约"),
    ("周五早上7点半着的火", "24 07:30", "周五早上7点半", "准"),
    ("上周三下午2点", "15 14:00", "上周三下午2点", "约"),
    ("星期六上午9点10分", "25 09:10", "星期六上午9点10分", "准"),
    ("22点多门口聚了人", "24 22:00", "22点多", "约"),
    ("十分钟前撞了", "25 16:33", "十分钟前", "约"),
    ("半小时前塌的", "25 16:13", "半小时前", "约"),
    ("一个半小时前塌的", "25 15:13", "一个半小时前", "约"),
    ("今天下午3点20左右吐的", "25 15:20", "今天下午3点20左右", "约"),
    ("7月25日14时20分许，发生坍塌", "25 14:20", "7月25日14时20分许", "约"),
    ("凌晨两点多着火", "25 02:00", "凌晨两点多", "约"),
    ("几点倒的不知道居民10:40打来的", None, "几点倒的不知道", "未知"),
    ("时间不详", None, "时间不详", "未知"),
    ("昨晚11点半掉下来的", "24 23:30", "昨晚11点半", "准"),
    ("昨晚1点多响的", "25 01:00", "昨晚1点多", "约"),
    ("3点多砸的", "25 15:00", "3点多", "约"),
    ("中午12点半停的电", "25 12:30", "中午12点半", "准"),
    ("9点10分着的火，9点20消防到场", "25 09:10", "9点10分", "准"),
    ("下午3点到4点之间", "25 15:00", "下午3点到4点之间", "区间"),
    ("2026年7月24日9时5分发生", "24 09:05", "2026年7月24日9时5分", "准"),
    ("早上七点一刻摔的", "25 07:15", "早上七点一刻", "准"),
    ("二十多分钟前漏的", "25 16:23", "二十多分钟前", "约"),
    ("几分钟前漏的", None, "几分钟前", "约"),
    ("2026-07-24 14:20 三楼着火", "24 14:20", "2026-07-24 14:20", "准"),
    ("2026.7.24 14:20着火", "24 14:20", "2026.7.24 14:20", "准"),
    ("7/24 下午2点20着火", "24 14:20", "7/24 下午2点20", "准"),
    ("7.24 14:20着火", "24 14:20", "7.24 14:20", "准"),
    ("3-2-501 14:20着火", "25 14:20", "14:20", "准"),
    ("7月24日下午着火", None, "7月24日下午", "区间"),
]


@pytest.mark.parametrize(("line", "value", "text", "precision"), ROWS, ids=[r[0] for r in ROWS])
def test_the_time_is_read_with_its_words(line: str, value: str | None, text: str, precision: str) -> None:
    got = read_moment(line, GOT, ZONE)
    assert got is not None
    assert (got.value.strftime("%d %H:%M") if got.value else None, got.text, got.precision) == (
        value,
        text,
        precision,
    )


@pytest.mark.parametrize(
    "line",
    [
        "燃气公司8：50到的",
        "居民10:40打来的",
        "17:00前报书面",
        "海棠里3号楼着火",
        "12-1-501漏气",
        "13800000017",
        "接报时间9:20",
        "比分3:2",
        "",
    ],
)
def test_an_arrival_a_call_or_a_deadline_is_not_the_occurrence(line: str) -> None:
    assert read_moment(line, GOT, ZONE) is None


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(["昨晚", "今天", "下午", "3", "点", "半", ":", "25日", "月", "前", "到", "99", "两"]),
        max_size=12,
    ).map("".join)
)
def test_no_line_crashes_and_clocks_are_never_in_the_far_future(line: str) -> None:
    got = read_moment(line, GOT, ZONE)
    assert got is None or got.value is None or got.value.tzinfo is not None
    if got is not None and got.value is not None and "月" not in line and "日" not in line:
        assert got.value <= GOT + timedelta(days=1)

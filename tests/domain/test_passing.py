"""What grid workers type behind 已传达: channels and counts, nothing that was not typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.passing import Passing, read_answer, read_arrival, read_passing

# typed, channel, households, of how many
ROWS = [
    ("", None, None, None),
    ("广播 120户", "广播", 120, None),
    ("大喇叭喊了，微信群也发了", "广播、微信群", None, None),
    ("微信群98/120户", "微信群", 98, 120),
    ("微信群 ９８／１２０户", "微信群", 98, 120),
    ("敲门二十户，共三十户", "敲门", 20, 30),
    ("入户12户 电话8户", "电话、敲门", None, None),
    ("敲门120户，3户没人", "敲门", 120, None),
    ("敲门120户，还有5户没通知到", "敲门", 120, None),
    ("应通知120户，实际通知118户，未通知2户", None, 118, 120),
    ("广播 120户（3号楼30户 4号楼90户）", "广播", 120, None),
    ("7/25 广播120户", "广播", 120, None),
    ("120000户", None, None, None),
    ("12345678户", None, None, None),
    ("1,200户", None, None, None),
    ("1e9户", None, None, None),
    ("-5户", None, None, None),
    ("3.5户", None, None, None),
    ("120/98户", None, None, None),
    ("没有广播，敲门30户", "敲门", 30, None),
    ("无法电话，微信群20户", "微信群", 20, None),
    ("广播不通，敲门30户", "敲门", 30, None),
    ("应急广播 全部120户", "广播", 120, 120),
    ("挨家敲了35户", "敲门", 35, None),
    ("短信 一百二十户", "短信", 120, None),
    ("鸣锣吹哨", "鸣锣吹哨", None, None),
    ("已通知", None, None, None),
    ("3号楼没人", None, None, None),
    ("0户，都不在家", None, 0, None),
    ("98/0户", None, None, None),
]


@pytest.mark.parametrize(("typed", "channel", "households", "total"), ROWS)
def test_a_report_of_passing_on(
    typed: str, channel: str | None, households: int | None, total: int | None
) -> None:
    assert read_passing(typed) == Passing(channel, households, total)


@given(st.text(alphabet="广播微信群户共0123456789０１二十百/／-，。 <>", max_size=60))
def test_no_number_is_made_up(typed: str) -> None:
    read = read_passing(typed)
    if not any(c.isdigit() or c in "二十百" for c in typed):
        assert read.households is None
        assert read.total is None


@pytest.mark.parametrize(
    ("typed", "more"),
    [
        *(
            ("我们到了", ""),
            ("到了", ""),
            ("已到场 2车8人", "2车8人"),
            ("到场了，2车8人", "2车8人"),
            ("已到现场。", ""),
        ),
        *(("我队已到达现场，火势很大", "火势很大"), ("已到", ""), ("已经到了！", ""), ("都已到场", "")),
    ],
)
def test_a_unit_at_the_scene_says_so(typed: str, more: str) -> None:
    assert read_arrival(typed) == more


@pytest.mark.parametrize(
    "typed",
    [
        "马上到",
        "10分钟到",
        "到了吗？",
        "到",
        "还没到场",
        "到场路上堵车",
        "到期了",
        "人到齐了",
        "已到期",
        "到了10个人",
    ],
)
def test_who_is_on_the_way_is_not_there(typed: str) -> None:
    assert read_arrival(typed) in (None, *(["10个人"] if typed == "到了10个人" else []))


@pytest.mark.parametrize(
    ("typed", "word", "more"),
    [
        *(
            ("都通知到了", "已传达", ""),
            ("已通知到位 广播30户", "已传达", "广播30户"),
            ("通知完了", "已传达", ""),
        ),
        *(("传达完毕，30户", "已传达", "30户"), ("全部通知到户", "已传达", ""), ("收悉。", "收到", "")),
        *(("已知悉，谢谢", "收到", "谢谢"), ("已阅", "收到", "")),
    ],
)
def test_an_answer_has_many_words(typed: str, word: str, more: str) -> None:
    assert read_answer(typed) == (word, more.replace("。", "."))


@pytest.mark.parametrize(
    "typed",
    [
        "已通知物业",
        "已通知水务来修",
        "都通知到了吗？",
        "通知完了，还有3户没人",
        "没通知到",
        "收悉情况",
        "已阅读",
        "全通知开会",
    ],
)
def test_what_is_told_of_something_else_is_no_answer(typed: str) -> None:
    assert read_answer(typed) is None

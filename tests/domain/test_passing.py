"""What grid workers type behind 已传达: channels and counts, nothing that was not typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.passing import Passing, read_passing

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

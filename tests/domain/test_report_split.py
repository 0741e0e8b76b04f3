"""Two incidents in one message are told apart, and one is never cut in two."""

import pytest

from domain.report_split import split_incidents

TWO = [
    ("1.滨河新苑12号楼前树倒了压了三辆车；2.滨河小学操场外有人烧垃圾冒白烟", "2."),
    ("报告两个事：一、海棠里5号楼着火，已扑灭；二、津塘路地道积水三十公分", "二、"),
    ("柳湾小区停水了，水务在修。另外，福安里菜市场倒了一棵树，没伤人", "另外"),
    ("和苑西区换热站漏水。还有一个事，保障路路口撞车了，两个人受伤", "还有一个事"),
    ("一是东风里3号楼电梯困人，维保到了；二是西康路爆管跑水", "二是"),
]
ONE = [
    "海棠里3号楼着火，2人受伤，另有3人被困",
    "柳湾小区着火。另外通知燃气公司到场了",
    "御河湾小区北门聚了四五十人，另外有人在拍抖音",
    "海棠里社区1号楼、2号楼停水，另外3号楼也停了",
    "1.海棠里3号楼着火；2.已疏散20人；3.消防在现场",
    "柳湾小区12-1-501燃气泄漏，还有一个人头晕",
    "昨天交办的三件事都落实了",
    "",
]


@pytest.mark.parametrize(("text", "mark"), TWO)
def test_two_incidents_are_two_parts_as_typed_but_for_what_joins_them(text: str, mark: str) -> None:
    first, second = split_incidents(text)
    assert second.startswith(mark) or (mark in text and mark.startswith(("另", "还")) and mark not in second)
    assert first in text
    assert second in text


@pytest.mark.parametrize("text", ONE)
def test_one_incident_is_one_part(text: str) -> None:
    assert split_incidents(text) == (text,)

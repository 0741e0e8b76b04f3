"""Figures are read as said: zero is not silence, a span is not a number, nothing is invented."""

import re
from itertools import permutations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.figures import Figure, read_figures, read_quantity
from domain.numerals import read_number
from domain.plain import make_plain

ROWS: list[tuple[str, dict[str, tuple[int | None, int | None, int | None]]]] = [
    ("造成2人死亡、5人受伤", {"deaths": (2, None, None), "injured": (5, None, None)}),
    (
        "死亡2人，受伤3人，失联1人",
        {"deaths": (2, None, None), "injured": (3, None, None), "missing": (1, None, None)},
    ),
    ("死亡2人受伤3人", {"deaths": (2, None, None), "injured": (3, None, None)}),
    ("2人死亡3人受伤", {"deaths": (2, None, None), "injured": (3, None, None)}),
    ("一死两伤", {"deaths": (1, None, None), "injured": (2, None, None)}),
    ("死1伤2", {"deaths": (1, None, None), "injured": (2, None, None)}),
    ("无人员伤亡", {"deaths": (0, None, None), "injured": (0, None, None)}),
    ("没人受伤", {"deaths": (0, None, None), "injured": (0, None, None)}),
    ("有没有人受伤不知道", {}),
    ("伤亡情况不详", {}),
    ("是否有人员伤亡还没问", {}),
    ("疏散了大概5、6户", {"households": (None, 5, 6)}),
    ("转移群众12户35人", {"households": (12, None, None), "evacuated": (35, None, None)}),
    ("疏散四五十人", {"evacuated": (None, 40, 50)}),
    ("疏散群众40-50人", {"evacuated": (None, 40, 50)}),
    ("二十余名学生呕吐", {"injured": (None, 20, None)}),
    ("至少3人被困", {"trapped": (None, 3, None)}),
    ("电梯困了三个人", {"trapped": (3, None, None)}),
    ("好像有人没下来", {"trapped": (None, None, None)}),
    ("有人受伤", {"injured": (None, None, None)}),
    ("没有人被困", {"trapped": (0, None, None)}),
    ("无一人受伤", {"injured": (0, None, None), "deaths": (0, None, None)}),
    ("几十个人受伤", {"injured": (None, None, None)}),
    ("十几人中毒", {"injured": (None, None, None)}),
    ("影响三百户", {"households": (300, None, None)}),
    ("第二个人没找到", {}),
    ("小渔庄村一人触电身亡", {"deaths": (1, None, None)}),
    ("煤气中毒，2人中毒后死亡，3人中毒", {"deaths": (2, None, None), "injured": (3, None, None)}),
    ("伤者1人经抢救无效死亡", {"deaths": (1, None, None)}),
    ("1人送医抢救无效死亡", {"deaths": (1, None, None)}),
    ("2人受伤，1人死亡", {"deaths": (1, None, None), "injured": (2, None, None)}),
    ("2名群众受轻伤，一名消防员牺牲", {"deaths": (1, None, None), "injured": (2, None, None)}),
    ("公交车撞树上了，司机和7名乘客受伤", {"injured": (None, 7, None)}),
    ("司机和副驾驶2人受伤", {"injured": (2, None, None)}),
    ("司机及乘客共5人受伤", {"injured": (5, None, None)}),
    ("北鱼塘淹死个孩子", {"deaths": (None, None, None)}),
    ("老太太没挺过来", {"deaths": (None, None, None)}),
    ("死了个牛，没死人", {"deaths": (0, None, None)}),
    ("３人轻伤", {"injured": (3, None, None)}),
    ("3号楼2门，离小学500米，70多岁", {}),
    ("约20来人在里面抢挪车辆", {}),
    ("三个人都在底下打了119了", {"trapped": (3, None, None)}),
    ("下游37户112人做好转移准备", {"households": (37, None, None)}),
    ("需转移群众40人，已转移25人", {"evacuated": (25, None, None)}),
    ("孩子丢了，男孩6岁", {"missing": (None, None, None)}),
    (
        "死亡人数0，受伤人数2（轻伤），失踪0，受困0",
        {
            "deaths": (0, None, None),
            "injured": (2, None, None),
            "missing": (0, None, None),
            "trapped": (0, None, None),
        },
    ),
    ("死亡:无 受伤:2", {"deaths": (0, None, None), "injured": (2, None, None)}),
    ("0死3伤1失联", {"deaths": (0, None, None), "injured": (3, None, None), "missing": (1, None, None)}),
    ("无死亡，伤2", {"deaths": (0, None, None), "injured": (2, None, None)}),
    ("3死", {"deaths": (3, None, None)}),
    ("不是两人受伤是三人", {"injured": (3, None, None)}),
    ("前面说3人受伤，现核实为2人", {"injured": (2, None, None)}),
    ("之前说死了两个 现在医院那边讲是一个", {"deaths": (1, None, None)}),
    ("首报称2人死亡系误报，实际为2人重伤", {"injured": (2, None, None)}),
    ("受伤人数从6人减为5人", {"injured": (5, None, None)}),
    ("遇难人数上升为4人", {"deaths": (4, None, None)}),
    ("伤者中有1人经抢救无效死亡，目前2死4伤", {"deaths": (2, None, None), "injured": (4, None, None)}),
    ("4名工人被埋，已救出2人", {"trapped": (4, None, None)}),
    ("4名工人被埋 已救出2人", {"trapped": (4, None, None)}),
    ("失踪2人找到1人", {"missing": (2, None, None)}),
    ("失联3人已找到2人，还有1人失联", {"missing": (1, None, None)}),
    ("渔船上救起来5个，1个没了，还有1个没找着", {"deaths": (1, None, None), "missing": (1, None, None)}),
    ("20户家里电没了", {}),
    ("捞上来一具男尸", {"deaths": (1, None, None)}),
    ("被困人员已救出，送医途中死亡", {"deaths": (None, None, None)}),
    ("死了20头猪，病死猪尸体已处理", {}),
    ("1人轻伤、1人重伤", {"injured": (None, 1, None)}),
    ("1名儿童受伤、2名成人受伤", {"injured": (None, 2, None)}),
    ("2死3重伤5轻伤", {"deaths": (2, None, None), "injured": (None, 5, None)}),
    ("轻伤2人，重伤0", {"injured": (2, None, None)}),
    ("3人死伤", {}),
    ("死伤5人", {}),
    ("死者家属十几个人在医院门口", {}),
    ("现在到底几个伤的", {}),
    ("伤者：张某、李某", {"injured": (None, None, None)}),
    ("老人摔倒了叫不醒", {"injured": (None, None, None)}),
    ("三十多个娃儿肚子痛", {"injured": (None, 30, None)}),
    ("增加1名死者，共死亡3人", {"deaths": (3, None, None)}),
    ("前报死亡1人受伤4人，现死亡2人受伤3人", {"deaths": (2, None, None), "injured": (3, None, None)}),
    ("首报死亡1人，现场还在搜救", {"deaths": (1, None, None)}),
    ("受伤人数更新为9人", {"injured": (9, None, None)}),
    ("“2人受伤”更正为“1人受伤”", {"injured": (1, None, None)}),
    ("受伤5人变为4人", {"injured": (4, None, None)}),
    ("伤2人改为伤3人", {"injured": (3, None, None)}),
    (
        "死亡2人（较上报增加1人），受伤5人（较上报减少1人）",
        {"deaths": (2, None, None), "injured": (5, None, None)},
    ),
    ("失联人员均已联系上", {"missing": (0, None, None)}),
    ("共15人，已转移9人", {"evacuated": (9, None, None)}),
    ("转移9人，又转移6人，共15人", {"evacuated": (15, None, None)}),
    ("司机被卡驾驶室", {"trapped": (None, None, None)}),
    ("老板娘和一个客人烧伤", {"injured": (None, 1, None)}),
    ("小孩溺水，救上来没救过来", {"deaths": (None, None, None)}),
    ("7人逃出（2人轻伤），2人失去联系", {"injured": (2, None, None), "missing": (2, None, None)}),
]


def read(text: str) -> dict[str, Figure]:
    return {name: f for name, f in read_figures(make_plain(text, tight=False).text).figures.items() if f}


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[r[0] for r in ROWS])
def test_figures_are_read_as_said(
    text: str, expected: dict[str, tuple[int | None, int | None, int | None]]
) -> None:
    assert {name: (f.value, f.low, f.high) for name, f in read(text).items()} == expected


def test_none_hurt_said_unsurely_is_zero_with_a_doubt() -> None:
    got = read_figures("没伤人应该")
    assert got.figures["injured"] == Figure(0, None, None, "没伤人应该")
    assert any("未核实" in doubt for doubt in got.doubts)


def test_suspicion_keeps_its_words() -> None:
    assert read("好像有人没下来")["trapped"].text == "疑似有"


COUNTED = {
    "deaths": ("死亡1人", "1人死亡"),
    "injured": ("受伤2人", "2人受伤"),
    "missing": ("失联3人", "3人失联"),
    "trapped": ("被困4人", "4人被困"),
    "evacuated": ("转移5人", "5人转移"),
}


@pytest.mark.parametrize("form", [0, 1])
@pytest.mark.parametrize("between", ["、", "，", "；", " ", ""])
def test_figures_in_a_row_keep_each_its_own_number_in_every_order(form: int, between: str) -> None:
    numbers = dict(zip(COUNTED, range(1, 6), strict=True))
    for order in permutations(COUNTED, 3):
        got = read(between.join(COUNTED[name][form] for name in order))
        assert {name: f.value for name, f in got.items()} == {name: numbers[name] for name in order}


def test_people_to_be_moved_and_the_dead_without_a_number_are_asked_about() -> None:
    assert any("112人" in doubt for doubt in read_figures("37户112人做好转移准备").doubts)
    assert any("没写死亡几人" in doubt for doubt in read_figures("送医途中死亡").doubts)
    assert any("老师骨折" in doubt for doubt in read_figures("3名学生轻微伤,老师骨折").doubts)
    assert any("没有相加" in doubt for doubt in read_figures("1人轻伤,1人重伤").doubts)


def test_people_rescued_are_kept_apart() -> None:
    assert read_figures("救出3人").rescued == Figure(3, None, None, "3人")


@pytest.mark.parametrize(
    ("words", "value"),
    [("二十", 20), ("三百零五", 305), ("两", 2), ("一万二千", 12000), ("12", 12), ("", None), ("楼", None)],
)
def test_numerals_are_read(words: str, value: int | None) -> None:
    assert read_number(words) == value


def test_a_quantity_without_number_is_none() -> None:
    assert read_quantity("好多人") is None


WORDS = [
    "3",
    "12",
    "两",
    "四五",
    "十",
    "百",
    "人",
    "名",
    "户",
    "受伤",
    "死亡",
    "被困",
    "疏散",
    "没",
    "无",
    "有",
    "约",
    "多",
    "、",
    "，",
    "-",
    "几",
    "失联",
    "伤亡",
    "个",
    "不知道",
]


def _said(text: str) -> set[int]:
    """Return every number that any part of the text can be read as."""
    numerals = "0-9零一二两三四五六七八九十百千万"
    out = {0}
    for run in re.findall(rf"[{numerals}]+", text):
        parts = [run[i:j] for i in range(len(run)) for j in range(i + 1, len(run) + 1)]
        out |= {n for part in parts if (n := read_number(part)) is not None}
        for part in parts:
            pair = re.fullmatch(
                r"([一二三四五六七八九]?[千百十])?([一二三四五六七八九])([一二三四五六七八九])([十百]?)", part
            )
            before, *digits, unit = pair.groups() if pair else ("", "", "", "")
            out |= {n for digit in digits if (n := read_number(f"{before or ''}{digit}{unit}")) is not None}
    return out


@settings(max_examples=300, deadline=None)
@example("受伤四五十人")
@example("受伤一千三四百人")
@example("十四五受伤")
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join) | st.text(max_size=60))
def test_every_number_in_the_result_stands_in_the_text(text: str) -> None:
    plain = make_plain(text, tight=False).text
    said = _said(plain)
    for figure in read(text).values():
        assert {n for n in (figure.value, figure.low, figure.high) if n is not None} <= said


def test_a_count_right_after_a_colon_is_a_count_and_a_clock_is_none() -> None:
    assert read_figures("更正：2人受伤".replace("：", ":")).figures["injured"] == Figure(2, None, None, "2人")
    assert read_figures("10:02人到场").figures["injured"] is None

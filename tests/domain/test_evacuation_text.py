"""Who was moved where, as people type it in a hurry."""

import pytest

from domain.evacuation_text import Back, Moved, Unclear, read_back, read_moved

MOVED = (
    ("3号楼22户46人 到 柳湾小学", "3号楼22户46人", 46, "3号楼", "柳湾小学", False),
    ("3号楼22户46人到柳湾小学", "3号楼22户46人", 46, "3号楼", "柳湾小学", False),
    ("３号楼２２户４６人　到　柳湾小学", "3号楼22户46人", 46, "3号楼", "柳湾小学", False),
    ("柳湾社区低洼处12户 约三十人 至 社区活动室", "柳湾社区低洼处12户 约三十人", 30, "柳湾社区低洼处", "社区活动室", True),
    ("东柳村二十余人安置在村小学", "东柳村二十余人", 20, "东柳村", "村小学", True),
    ("东柳村20多名群众转移到村小学", "东柳村20多名群众", 20, "东柳村", "村小学", True),
    ("五六十人 到 体育馆", "五六十人", 50, "", "体育馆", True),
    ("十二人 到 体育馆", "十二人", 12, "", "体育馆", False),
    ("一百二十人撤到渔港小学", "一百二十人", 120, "", "渔港小学", False),
    ("1,200人 到 体育馆", "1200人", 1200, "", "体育馆", False),
    ("王秀兰 到 社区活动室", "王秀兰", 1, "", "社区活动室", False),
    ("王秀兰、张大明和李梅 到 社区活动室", "王秀兰、张大明、李梅", 3, "", "社区活动室", False),
    ("王秀兰一家3口 到 社区活动室", "王秀兰一家3口", 3, "王秀兰一家", "社区活动室", False),
    ("海棠里46人（其中老人5人、孩子3人）到柳湾小学", "海棠里46人(其中老人5人、孩子3人)", 46, "海棠里", "柳湾小学", False),
    ("转移46人到柳湾小学", "46人", 46, "", "柳湾小学", False),
    ("安置在柳湾小学46人", "46人", 46, "", "柳湾小学", False),
    ("3号楼46人到柳湾小学，老人居多", "3号楼46人(老人居多)", 46, "3号楼", "柳湾小学", False),
    ("养老院5名老人 到 卫生服务中心", "养老院5名老人", 5, "养老院", "卫生服务中心", False),
    ("老人5人、孩子3人，共8人 到 小学", "老人5人、孩子3人,共8人", 8, "", "小学", False),
    ("2号楼1门3人 投亲靠友", "2号楼1门3人 投亲靠友", 3, "2号楼1门", "", False),
    ("46人左右 到 小学", "46人左右", 46, "", "小学", True),
    ("3号楼两口人 到 小学", "3号楼两口人", 2, "3号楼", "小学", False),
)  # fmt: skip
"""Text, whom in the words typed, how many for certain, from where, to where, whether about."""


@pytest.mark.parametrize("row", MOVED, ids=[row[0] for row in MOVED])
def test_a_group_is_read_with_the_words_it_was_given_in(row: tuple[str, str, int, str, str, bool]) -> None:
    assert read_moved(row[0]) == [Moved(row[1], row[2], row[3], row[4], about=row[5])]


UNCLEAR = (
    ("3号楼22户 到 柳湾小学", "只写了户数"),
    ("3号楼 到 柳湾小学", "没有写人数"),
    ("柳湾 到 柳湾小学", "没有写人数"),
    ("王家村 到 柳湾小学", "没有写人数"),
    ("王秀兰一家 到 活动室", "没有写人数"),
    ("几十人 到 柳湾小学", "没有说清"),
    ("十几人 到 柳湾小学", "没有说清"),
    ("数百人 到 柳湾小学", "没有说清"),
    ("不到10人 到 柳湾小学", "没有说清"),
    ("老人5人、孩子3人 到 小学", "请写合计"),
    ("4.5人 到 小学", "没有写人数"),
    ("-5人 到 小学", "没有写人数"),
    ("0人 到 小学", "不对"),
    ("9999999人 到 小学", "不对"),
    ("30人次 到 小学", "没有写人数"),
    ("", "没有写"),
    ("；；", "没有写"),
    ("3号楼46人到柳湾小学；5号楼若干到活动室", "没有写人数"),
)


@pytest.mark.parametrize(("text", "why"), UNCLEAR, ids=[row[0] or "empty" for row in UNCLEAR])
def test_what_cannot_be_counted_is_refused_and_not_made_up(text: str, why: str) -> None:
    read = read_moved(text)
    assert isinstance(read, Unclear)
    assert why in read.why


def test_several_groups_stand_in_lines_or_between_semicolons() -> None:
    read = read_moved("3号楼46人到柳湾小学；5号楼12人到活动室\n王秀兰 到 活动室。")
    assert isinstance(read, list)
    assert [(m.headcount, m.shelter) for m in read] == [(46, "柳湾小学"), (12, "活动室"), (1, "活动室")]


BACK = (
    ("46人都回家了", None, 46, "", False),
    ("柳湾小学的人都回去了", None, None, "柳湾小学", False),
    ("柳湾小学12人回家", None, 12, "柳湾小学", False),
    ("活动室里的都走了", None, None, "活动室", False),
    ("柳湾小学陆续返回", None, None, "柳湾小学陆续", False),
    ("回民中学 12人已返回", None, 12, "回民中学", False),
    ("12人 柳湾小学", None, 12, "柳湾小学", False),
    ("柳湾小学12人", None, 12, "柳湾小学", False),
    ("柳湾小学 12人返回", None, 12, "柳湾小学", False),
    ("12人", None, 12, "", False),
    ("2", 2, None, "", False),
    ("第2条", 2, None, "", False),
    ("2 5人", 2, 5, "", False),
    ("王秀兰", None, None, "王秀兰", False),
    ("全部", None, None, "", True),
    ("柳湾小学全部", None, None, "柳湾小学", False),
    ("十二人 从柳湾小学", None, 12, "柳湾小学", False),
)


@pytest.mark.parametrize("row", BACK, ids=[row[0] for row in BACK])
def test_a_return_is_read(row: tuple[str, int | None, int | None, str, bool]) -> None:
    read = read_back(row[0])
    assert isinstance(read, Back)
    assert (read.line, read.headcount, read.where, read.everybody) == row[1:]


@pytest.mark.parametrize("text", ["", "几个人 柳湾小学"])
def test_a_return_without_a_number_is_refused(text: str) -> None:
    assert isinstance(read_back(text), Unclear)

"""What is an answer without a number, and what only looks like one."""

import pytest

from domain.answer_words import (
    Said,
    is_question,
    read_said,
    says_called,
    says_reported,
    says_seen,
    says_told,
)


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
        ("到了10个人", "10个人"),
    ],
)
def test_a_unit_at_the_scene_says_so(typed: str, more: str) -> None:
    assert read_said(typed) == Said("到场", more)


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
    ],
)
def test_who_is_on_the_way_is_not_there(typed: str) -> None:
    assert read_said(typed) is None


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
    assert read_said(typed) == Said(word, more)


@pytest.mark.parametrize(
    "typed",
    [
        "是否已叫应",
        "林文涛已叫应没有",
        "已电话叫应林文涛吗",
        "已电话叫应林文涛，没人接",
        "还没叫应林文涛",
        "尚未叫应",
        "大家已叫应？",
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
    assert read_said(typed) is None


# typed, word, words behind it, digits: nothing but an answer
ALONE = [
    ("收到", "收到", ""),
    ("收到了。", "收到", ""),
    ("收到🙏", "收到", ""),
    ("好的，收到！", "收到", ""),
    ("收到 1", "收到", "1"),
    ("1 收到", "收到", "1"),
    ("已传达。", "已传达", ""),
    ("已办结", "已办结", ""),
    ("销假。", "销假", ""),
    ("撤回", "撤回", ""),
    ("签发！", "签发", ""),
    ("签发吧", "签发", ""),
    ("签发 1", "签发", "1"),
    ("发送1、2", "发送", "1、2"),
    ("1、2都签发", "签发", "1、2"),
]


@pytest.mark.parametrize(("typed", "word", "digits"), ALONE, ids=[row[0] for row in ALONE])
def test_a_word_alone_is_an_answer(typed: str, word: str, digits: str) -> None:
    assert read_said(typed) == Said(word, digits=digits, alone=True)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("吗", True),
        (" 了吗？", True),
        ("？", True),
        ("吧？", True),
        ("没有？", True),
        ("了没有", True),
        (" 没", True),
        ("吧", False),
        ("", False),
    ],
)
def test_a_question_is_what_is_asked(words: str, *, asked: bool) -> None:
    assert is_question(words) is asked


# typed, word, words behind it as they were typed
BEHIND = [
    ("批准，请注意交接", "同意", "请注意交接"),
    ("不同意：人手不够。", "不同意", "人手不够。"),
    ("退回 人数不对，请核实。", "退回", "人数不对，请核实。"),
    ("无法传达，停电了。", "无法传达", "停电了。"),
    ("未叫通 津塘路社区，占线", "未叫通", "津塘路社区，占线"),
    ("电话已叫应 刘海芝", "电话已叫应", "刘海芝"),
    ("未叫通林文涛，关机", "未叫通", "林文涛，关机"),
    ("已电话叫应林文涛，复述无误", "电话已叫应", "林文涛，复述无误"),
    ("已叫应 林文涛", "电话已叫应", "林文涛"),
    ("林文涛已叫应，他说马上去", "电话已叫应", "林文涛，他说马上去"),
    ("已办结，已报区里", "已办结", "已报区里"),
]


@pytest.mark.parametrize(("typed", "word", "more"), BEHIND, ids=[row[0] for row in BEHIND])
def test_words_behind_an_answer_stay_as_typed(typed: str, word: str, more: str) -> None:
    assert read_said(typed) == Said(word, more)


@pytest.mark.parametrize(
    "typed", ["1", "＋1", "👌", "👍🏻", "🙏 谢谢", "好的", "知道了！", "OK", "明白，马上落实"]
)
def test_a_nod_is_one_press_from_an_answer(typed: str) -> None:
    assert says_seen(typed)


@pytest.mark.parametrize("typed", ["?", "2", "……", "好的，但是3号楼没人应", "水进屋了👍", "11"])
def test_what_says_more_is_no_nod(typed: str) -> None:
    assert not says_seen(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "已通知120户",
        "各网格已通知",
        "群里发了",
        "大喇叭广播了两遍",
        "收到了 已通知",
        "我挨家敲门通知的",
        "电话通知了3户",
    ],
)
def test_passing_on_that_may_be_unfinished_is_one_press_from_the_answer(typed: str) -> None:
    assert says_told(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "群里有人说东柳河漫了",
        "还没通知",
        "通知了吗",
        "已通知物业",
        "广播坏了",
        "敲门没人应",
        "大家都在群里",
        "到了",
    ],
)
def test_news_and_doubts_are_not_passing_on(typed: str) -> None:
    assert not says_told(typed)


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        *(
            ("胡志荣打通了", ("电话已叫应", "胡志荣")),
            ("胡志荣电话打通了，他说马上去", ("电话已叫应", "胡志荣")),
        ),
        *(("林文涛说收到了", ("电话已叫应", "林文涛")), ("林文涛已收到", ("电话已叫应", "林文涛"))),
        *(("东柳村联系上了", ("电话已叫应", "东柳村")), ("何晓强没人接", ("未叫通", "何晓强"))),
        *(
            ("何晓强电话一直打不通", ("未叫通", "何晓强")),
            ("东柳村第1网格手机关机", ("未叫通", "东柳村第1网格")),
        ),
        *(
            ("打通了", None),
            ("道路已打通", ("电话已叫应", "道路")),
            ("隧道抢通了", None),
            ("人联系不上，家里着火", None),
        ),
    ],
)
def test_a_call_told_in_ones_own_words(typed: str, called: tuple[str, str] | None) -> None:
    assert says_called(typed) == called


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        *(
            ("给区里报了", "已电话报告"),
            ("E1 已经给区里打电话了", "已电话报告"),
            ("已经电话报告区总值班室张科长", "已电话报告"),
        ),
        *(
            ("区里收到了", "上级已收到"),
            ("上级说收到了。", "上级已收到"),
            ("E1 总值班室已确认", "上级已收到"),
        ),
        *(
            ("区里说还没收到", None),
            ("给区里报了3次没人接", None),
            ("区里来电问伤亡", None),
            ("上级要求收到后回复", None),
        ),
    ],
)
def test_what_was_said_to_the_room_above(typed: str, word: str | None) -> None:
    assert says_reported(typed) == word


OWN = ("林文涛", "东柳村第1网格")


@pytest.mark.parametrize(
    ("typed", "word", "more"),
    [
        ("收到请放心", "收到", "请放心"),
        ("东柳村收到", "收到", ""),
        ("东柳村第1网格 林文涛 收到！", "收到", ""),
        ("本网格收到", "收到", ""),
        ("【收到】", "收到", ""),
        ("回复：收到", "收到", ""),
        ("@郑伟 收到", "收到", ""),
        ("收到，已传达30户", "已传达", "30户"),
        ("收到并传达", "已传达", ""),
        ("收到了 俺村都通知到了", "已传达", ""),
        ("收到\n已传达", "已传达", ""),
        ("东柳村已全部通知到位", "已传达", ""),
    ],
)
def test_an_answer_may_begin_with_who_gives_it_and_hold_both_words(typed: str, word: str, more: str) -> None:
    got = read_said(typed, OWN)
    assert got is not None
    assert (got.word, got.more) == (word, more)


@pytest.mark.parametrize(
    "typed",
    [
        "胡志荣收到",
        "替胡志荣回复 收到",
        "李强让我说他收到了",
        "北苇村收到",
        "收到请回复",
        "回复：没收到",
        "收到，还没传达",
        "收到，未传达",
        "收到，正在通知",
    ],
)
def test_anothers_answer_or_half_of_one_is_not_taken_for_both(typed: str) -> None:
    got = read_said(typed, OWN)
    assert got is None or (typed == "收到，正在通知" and got.word == "收到")

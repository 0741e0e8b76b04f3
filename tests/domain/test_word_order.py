"""Answers about numbered events in every order people type them; what is no answer stands as it was typed."""

import pytest

from domain.word_order import begins_with_number, only_incident, word_first

WORDS = ("收到", "已传达", "签发", "退回", "到场", "续报", "同意", "取消", "取消关联")
ROWS = [
    ("E1收到", "收到 E1"),
    ("E1 收到，请每小时续报", "收到 E1 请每小时续报"),
    ("Ｅ１已收到。", "收到 Ｅ１"),
    ("已收到E1", "收到 E1"),
    ("我已收到 W1", "收到 W1"),
    ("收到预警 W2", "收到 W2"),
    ("W1、W2收到", "收到 W1、W2"),
    ("W1 W2 都已收到", "收到 W1 W2"),
    ("全部传达了 W1 30户", "已传达 W1 30户"),
    ("W1已传达30户", "已传达 W1 30户"),
    ("没法传达 W2 停电", "无法传达 W2 停电"),
    ("E1签发", "签发 E1"),
    ("同意签发", "签发"),
    ("同意，签发 E1", "签发 E1"),
    ("E1 退回 人数不对", "退回 E1 人数不对"),
    ("E1到场 1车2人", "到场 E1 1车2人"),
    ("E1续报 明火已灭", "续报 E1 明火已灭"),
    ("S31同意", "同意 S31"),
    ("W1收到了吗", "收到 W1 吗"),
    ("E1 收到吗？", "收到 E1 吗？"),
    ("E1 取消关联", "取消关联 E1"),
    ("E1没变化", "无变化 E1"),
    ("目前没有新情况 E1、E2", "无变化 E1、E2"),
]
AS_TYPED = [
    *(
        "收到",
        "收到 W1",
        "E1",
        "E1签发了吗，区里在催",
        "E1 签发人是谁",
        "3号楼着火",
        "已收到",
        "E1 现场照片",
    ),
    *("不同意签发", "E1 收到消防通知，火已灭", "天津市气象台发布暴雨红色预警信号"),
]


@pytest.mark.parametrize(("typed", "meant"), ROWS)
def test_the_word_of_an_answer_comes_first(typed: str, meant: str) -> None:
    assert word_first(typed, WORDS) == meant


@pytest.mark.parametrize("typed", AS_TYPED)
def test_what_is_no_answer_stands_as_it_was_typed(typed: str) -> None:
    assert word_first(typed, WORDS) == typed


@pytest.mark.parametrize(
    ("words", "named"),
    [("E7 火灭了", True), ("Ｅ７火灭了", True), ("7，火灭了", True), ("2人受伤", False), ("12点恢复", False)],
)
def test_only_the_number_of_an_event_is_one(words: str, named: bool) -> None:  # noqa: FBT001 - a column of the table
    assert begins_with_number(words) is named


@pytest.mark.parametrize(
    ("said", "one"),
    [("事件 E1\n签发 E1", "E1"), ("E1 与 E2 相近", None), ("没有事件", None), ("单元1", None)],
)
def test_a_message_is_about_an_incident_that_it_names_alone(said: str, one: str | None) -> None:
    assert only_incident(said) == one

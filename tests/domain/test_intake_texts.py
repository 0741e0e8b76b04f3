"""What a mending says, where a second event begins, and what a file is by its bytes: tables."""

import pytest

from config.tables import load_incident_types
from domain.file_content import lie
from domain.mend_text import find_type, likely_types, read_count_of, read_mend
from domain.report_text import split_incidents

TYPES = load_incident_types()


@pytest.mark.parametrize(
    ("text", "field", "words", "corrects"),
    [
        ("地点 海棠里3号楼2门", "地点", "海棠里3号楼2门", False),
        ("时间：9点40", "时间", "9点40", False),
        ("死亡 0", "死亡", "0", False),
        ("死亡人数0", "死亡", "0", False),
        ("受伤2人", "受伤", "2人", False),
        ("联系人 王强13800000017", "电话", "王强13800000017", False),
        ("类别 火灾", "类型", "火灾", False),
        ("更正 死亡 1，原报有误", "死亡", "1，原报有误", True),
        ("海棠里3号楼，2人受伤送医", None, "海棠里3号楼，2人受伤送医", False),
        ("伤亡 无", "伤亡", "没有人员伤亡", False),
        ("地点", "地点", "", False),
        ("", None, "", False),
    ],
)
def test_a_mending_is_a_field_or_a_sentence(text: str, field: str | None, words: str, corrects: bool) -> None:  # noqa: FBT001 - a column of the table
    said = read_mend(text)
    assert (said.field, said.words, said.corrects) == (field, words, corrects)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("0", 0),
        ("无", 0),
        ("没有", 0),
        ("2人", 2),
        ("２人", 2),
        ("三人", 3),
        ("正在核实", None),
        ("十余人", None),
    ],
)
def test_a_count_is_read_as_said(words: str, value: int | None) -> None:
    figure = read_count_of(words)
    assert not isinstance(figure, str)
    assert (figure.value, figure.text) == (value, words)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("-2", "不小于 0"),
        ("1.5人", "整数"),
        ("9999999999人", "过大"),
        ("好多好多", "看不出"),
        ("-3人", "不小于 0"),
        ("1e9人", "看不出"),
    ],
)
def test_what_is_no_count_is_refused_with_the_reason(words: str, why: str) -> None:
    refused = read_count_of(words)
    assert isinstance(refused, str)
    assert why in refused


def test_a_type_is_found_by_its_name_a_part_of_it_or_its_words() -> None:
    for words, subtype in (
        ("火灾", "火灾"),
        ("高层火灾", "火灾"),
        ("电梯困", "电梯困人"),
        ("着火了", "火灾"),
    ):
        found = find_type(words, TYPES)
        assert found is not None
        assert found.subtype == subtype
    assert find_type("吃饭", TYPES) is None


def test_likely_types_are_those_of_the_words_first() -> None:
    assert TYPES.type[likely_types("楼道着火了", None, TYPES)[0]].subtype == "火灾"
    offered = [TYPES.type[place] for place in likely_types("出事了", "社会安全", TYPES)]
    assert {kind.category for kind in offered} == {"社会安全"}


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("海棠里3号楼着火。另外福安里2号楼电梯困人3个", "福安里2号楼电梯困人3个"),
        ("海棠里3号楼着火；还有福安里门口水管爆了", "福安里门口水管爆了"),
        ("1. 海棠里3号楼着火 2. 福安里2号楼电梯困了3人", "福安里2号楼电梯困了3人"),
        ("1、海棠里3号楼着火\n2、福安里2号楼电梯困了3人", "福安里2号楼电梯困了3人"),
    ],
)
def test_where_the_second_event_begins(text: str, second: str) -> None:
    parts = split_incidents(text)
    assert len(parts) == 2
    assert "着火" in parts[0]
    assert parts[1].endswith(second)


@pytest.mark.parametrize(
    "text",
    [
        "海棠里3号楼着火，还有2人没下来",
        "海棠里3号楼着火。另外119已到",
        "海棠里3号楼2.5米高的树着火",
        "1人受伤2人被困，海棠里着火",
        "海棠里3号楼着火。另外5号楼也着火",
    ],
)
def test_one_event_is_not_split(text: str) -> None:
    assert split_incidents(text) == (text,)


JPEG, HTML = b"\xff\xd8\xff\xe0\x00\x10JFIF", b"<!DOCTYPE html><html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "kind", "data", "why"),
    [
        ("现场.jpg", "document", HTML, "内容是网页，不是照片"),
        ("照片.jpg", "photo", b"\xef\xbb\xbf\n <html>", "内容是网页，不是照片"),
        ("现场.JPEG", "document", b"MZ\x90\x00", "内容是程序，不是照片"),
        ("现场.png", "document", b"%PDF-1.7", "内容是PDF 文件，不是照片"),
        ("视频.mp4", "video", JPEG, "内容是照片，不是视频"),
        ("现场.jpg", "document", JPEG, None),
        ("现场.png", "document", JPEG, None),
        ("现场.heic", "document", b"\x00\x00\x00\x18ftypheic", None),
        ("视频.mp4", "video", b"\x00\x00\x00\x18ftypisom", None),
        ("语音.ogg", "voice", b"OggS", None),
        ("通知.pdf", "document", b"%PDF-1", None),
        ("网页.html", "document", HTML, None),
        ("照片.jpg", "photo", b"jpg-1", None),
    ],
)
def test_a_file_is_what_its_bytes_are(name: str, kind: str, data: bytes, why: str | None) -> None:
    assert lie(name, kind, data) == why

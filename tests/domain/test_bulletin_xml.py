"""CAP 1.2 and the national 12379 XML are read; what could harm is refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.tables import load_hazards
from domain.bulletin_file import read_bulletin_file
from domain.bulletin_reading import Action, Colour
from domain.bulletin_xml import BulletinRefused, looks_like_xml, read_bulletin_xml

ZONE = ZoneInfo("Asia/Shanghai")
GOT = datetime(2026, 7, 25, 16, 30, tzinfo=ZONE)
TABLE = load_hazards()

CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>A_2</identifier><sender>1200</sender>
<sent>2026-07-25T16:20:00+08:00</sent><status>Actual</status><msgType>Update</msgType><scope>Public</scope>
<references>1200,A_1,2026-07-25T10:30:00+08:00</references>
<info><language>zh-CN</language><event>暴雨</event><severity>Severe</severity>
<eventCode><valueName>CN-12379</valueName><value>11B03</value></eventCode>
<expires>2026-07-25T19:20:00+08:00</expires><senderName>天津市气象台</senderName><headline>天津市气象台更新暴雨橙色预警</headline>
<description>天津市气象台2026年07月25日16时20分更新暴雨黄色预警信号为暴雨橙色预警信号：预计未来3小时</description>
<area><areaDesc>东丽区、津南区</areaDesc></area></info></alert>"""

NATIVE = """<?xml version="1.0" encoding="UTF-8"?><alert>
<identifier>B_1</identifier><sender>天津市气象局</sender>
<sendTime>2026-07-25 16:20:00+08:00</sendTime><status>Exercise</status><msgType>Cancel</msgType>
<references>A_1</references><info><language>zh-CN</language><eventType>11B06</eventType><severity>Blue</severity>
<onset/><expires/><senderName>(签发人)</senderName><headline>h</headline>
<description>天津市气象台2026年07月25日16时20分解除大风蓝色预警信号。</description>
<area><areaDesc>天津市</areaDesc></area></info></alert>"""


def test_cap_is_read_with_identifier_references_and_ends() -> None:
    (got,) = read_bulletin_xml(CAP.encode(), GOT, ZONE, TABLE)
    assert (got.identifier, got.references, got.status) == ("A_2", ("A_1",), "Actual")
    assert (got.action, got.hazard, got.colour, got.from_colour) == (
        Action.UPGRADE,
        "暴雨",
        Colour.ORANGE,
        Colour.YELLOW,
    )
    assert got.expires == datetime(2026, 7, 25, 19, 20, tzinfo=ZONE)
    assert got.area == ("东丽区", "津南区")


def test_the_national_form_has_its_colour_in_severity_and_bare_references() -> None:
    (got,) = read_bulletin_xml(NATIVE.encode(), GOT, ZONE, TABLE)
    assert (got.action, got.colour, got.event_code, got.references) == (
        Action.CANCEL,
        Colour.BLUE,
        "11B06",
        ("A_1",),
    )
    assert got.issuer == "天津市气象台"
    assert "这是演练消息（Exercise）" in got.doubts


def test_a_colour_field_against_the_text_is_a_doubt() -> None:
    (got,) = read_bulletin_xml(NATIVE.replace("Blue", "Red").encode(), GOT, ZONE, TABLE)
    assert "字段颜色红与正文颜色蓝不同" in got.doubts


BOMB = '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><alert>&z;</alert>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB.encode(), "DOCTYPE"),
        (b'<!DOCTYPE alert SYSTEM "http://127.0.0.1/x.dtd"><alert/>', "DOCTYPE"),
        (b"<alert>" + b" " * 1_000_001 + b"</alert>", "1 MB"),
        ("<?xml version='1.0' encoding='UTF-8'?><alert>预警</alert>".encode("gbk"), "没有内容"),
        (b"<?xml version='1.0' encoding='nonsense'?><alert/>", "没有内容"),
        (b"<alert><info>", "读不通"),
        (b"", "读不通"),
        (b"<feed/>", "没有预警"),
        (b"<alert/>", "没有内容"),
        (b"<alert>" + b" " * 50_000_000 + b"</alert>", "1 MB"),
        (b"<alert>" * 33 + b"</alert>" * 33, "32 层"),
        (b"<alert>" * 120_000, "32 层"),
        (b" \n ", "空的"),
        (b"<!DOCTYPE " + b"a" * 900_000, "读不通|DOCTYPE"),
        (BOMB.encode("utf-16"), "DOCTYPE"),
        (b"<?xml version='1.0' encoding='utf-16'?><alert/>", "没有内容"),
        (b"<alert>\xff\xff\xff</alert>", "读不通"),
        (b"<alert>\x00</alert>", "读不通"),
        (b"<alert>&nbsp;</alert>", "读不通|实体"),
        (b"<alert/><alert/>", "读不通"),
    ],
)
def test_what_is_no_safe_warning_is_refused_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(BulletinRefused, match=why):
        read_bulletin_xml(data, GOT, ZONE, TABLE)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<?xml version='1.0'?>", True),
        (b"\xef\xbb\xbf <alert>", True),
        ("天津市气象台".encode(), False),
        (b"", False),
    ],
)
def test_xml_is_known_by_its_first_characters(data: bytes, *, expected: bool) -> None:
    assert looks_like_xml(data) is expected


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("GB18030", "gb18030"),
        ("GBK", "gb18030"),
        ("gb2312", "gb18030"),
        ("UTF-8", "gb18030"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("UTF-8", "utf-16"),
        ("GB18030", "utf-8"),
        ("UTF-16", "utf-8"),
        ("ISO-8859-1", "utf-8"),
    ],
)
def test_a_file_is_read_in_the_encoding_it_is_in(declared: str, code: str) -> None:
    text = CAP.replace('encoding="UTF-8"', f'encoding="{declared}"')
    for data in (text.encode(code), text.partition("?>")[2].lstrip().encode(code)):
        (got,) = read_bulletin_file(data, GOT, ZONE, TABLE)
        assert (got.hazard, got.colour, got.area) == ("暴雨", Colour.ORANGE, ("东丽区", "津南区"))


def test_several_alerts_in_one_file_are_several_warnings() -> None:
    one = CAP.partition("?>")[2]
    found = read_bulletin_xml(f"<alerts>{one}{one.replace('A_2', 'A_3')}</alerts>".encode(), GOT, ZONE, TABLE)
    assert [got.identifier for got in found] == ["A_2", "A_3"]


def test_a_colour_that_only_the_severity_says_is_asked_about() -> None:
    text = CAP.replace("橙色", "").replace("黄色", "")
    (got,) = read_bulletin_xml(text.encode(), GOT, ZONE, TABLE)
    assert got.colour is Colour.ORANGE
    assert "没写颜色，按 severity（Severe）判为橙色，请核对" in got.doubts


def test_a_code_against_the_text_is_a_doubt() -> None:
    (got,) = read_bulletin_xml(CAP.replace("11B03", "11B06").encode(), GOT, ZONE, TABLE)
    assert "编码或 event 是大风，正文灾种是暴雨，请核对" in got.doubts


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(CAP.encode()) - 1), st.binary(max_size=4))
def test_damaged_files_are_read_or_refused_never_crash(at: int, junk: bytes) -> None:
    data = CAP.encode()
    try:
        read_bulletin_xml(data[:at] + junk + data[at + 2 :], GOT, ZONE, TABLE)
    except BulletinRefused:
        return

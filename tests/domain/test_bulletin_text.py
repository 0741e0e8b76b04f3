"""Bulletins as the field sends them are read; what is odd is asked about."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.tables import load_hazards
from domain.bulletin_text import Action, BulletinReading, Colour, read_bulletins, to_json

ZONE = ZoneInfo("Asia/Shanghai")
GOT = datetime(2026, 7, 25, 16, 30, tzinfo=ZONE)
TABLE = load_hazards()

# name, text, expected rows "issuer|issue time (day hour:minute)|action|hazard|colour|from"
ROWS = [
    (
        "a station's plain form",
        "天津市气象台于2026年07月25日16时20分发布暴雨蓝色预警信号：预计今天夜间有大雨。",
        ["天津市气象台|25 16:20|new|暴雨|蓝|"],
    ),
    (
        "the issue time behind the warning's name, as the national system writes it",
        "津南区气象台发布暴雨蓝色预警[IV级/一般] 2026-07-25 16:20:00 预计未来12小时有大雨。",
        ["津南区气象台|25 16:20|new|暴雨|蓝|"],
    ),
    (
        "a lift with its time behind it",
        "天津市气象台解除暴雨蓝色预警信号 2026年7月25日16时20分",
        ["天津市气象台|25 16:20|cancel|暴雨|蓝|"],
    ),
    (
        "a time behind the name that begins a span is no issue time",
        "天津市气象台发布暴雨黄色预警信号 2026年7月25日17时至26日8时",
        ["天津市气象台||new|暴雨|黄|"],
    ),
    (
        "no 于， level in brackets",
        "武清区气象台2026年7月25日16时5分发布高温橙色预警[Ⅱ级/严重]：预计今天最高气温37℃以上。",
        ["武清区气象台|25 16:05|new|高温|橙|"],
    ),
    (
        "no year",
        "天津市气象台于7月25日15时45分发布雷电黄色预警信号：预计未来6小时我市有雷电。",
        ["天津市气象台|25 15:45|new|雷电|黄|"],
    ),
    (
        "day only, continued",
        "北辰区气象台25日11时19分继续发布大风蓝色预警信号：预计今天白天风大。",
        ["北辰区气象台|25 11:19|continue|大风|蓝|"],
    ),
    (
        "headline with slashes only",
        "天津市气象局发布道路结冰黄色预警/III/较重",
        ["天津市气象局||new|道路结冰|黄|"],
    ),
    (
        "changed， 变更",
        "宝坻区气象台2026年7月25日16时26分将暴雨橙色预警信号变更为暴雨红色预警信号。",
        ["宝坻区气象台|25 16:26|upgrade|暴雨|红|橙"],
    ),
    (
        "lowered, hazard left out the second time",
        "天津市气象台7月25日16时26分将下营镇、官庄镇暴雨橙色预警信号降级为黄色。",
        ["天津市气象台|25 16:26|downgrade|暴雨|黄|橙"],
    ),
    (
        "由 ... 升级为",
        "静海区气象台25日16时10分将雷雨大风预警由蓝色升级为黄色：预计未来2小时有10级阵风",
        ["静海区气象台|25 16:10|upgrade|雷雨大风|黄|蓝"],
    ),
    (
        "two hazards, marine",
        "天津市海洋环境监测预报中心2026年7月25日15时发布风暴潮黄色警报和海浪蓝色警报。",
        [
            "天津市海洋环境监测预报中心|25 15:00|new|风暴潮|黄|",
            "天津市海洋环境监测预报中心|25 15:00|new|海浪|蓝|",
        ],
    ),
    (
        "two hazards with one colour",
        "天津市气象台7月25日16时发布暴雨、雷电黄色预警信号：预计未来6小时",
        ["天津市气象台|25 16:00|new|暴雨|黄|", "天津市气象台|25 16:00|new|雷电|黄|"],
    ),
    (
        "cancel and issue in one head",
        "天津市气象台7月25日16时解除雷电黄色预警信号，继续发布暴雨蓝色预警信号。",
        ["天津市气象台|25 16:00|cancel|雷电|黄|", "天津市气象台|25 16:00|continue|暴雨|蓝|"],
    ),
    (
        "the same hazard cancelled and issued is a change",
        "天津市气象台7月25日16时解除暴雨橙色预警信号，同时发布暴雨黄色预警信号。",
        ["天津市气象台|25 16:00|downgrade|暴雨|黄|橙"],
    ),
    (
        "issuer not at the head",
        "【暴雨黄色预警】受切变线影响，2026年7月25日16时15分，津南区气象台发布暴雨黄色预警信号：预计未来6小时津南区有50毫米降水。",
        ["津南区气象台|25 16:15|new|暴雨|黄|"],
    ),
    (
        "forwarded with a word before",
        "转发：天津市气象台于2026年7月25日16时20分发布冰雹橙色预警信号：预计未来6小时中心城区可能出现冰雹。",
        ["天津市气象台|25 16:20|new|冰雹|橙|"],
    ),
    (
        "signature at the end",
        "暴雨蓝色预警信号：预计今天夜间我市有大到暴雨，请注意防范。\n天津市气象台\n2026年7月25日16时20分",
        ["天津市气象台|25 16:20|new|暴雨|蓝|"],
    ),
    (
        "in brackets after the name",
        "大雾橙色预警信号（西青区气象台2026年7月25日06时30分发布）：预计未来6小时能见度小于200米。",
        ["西青区气象台|25 06:30|new|大雾|橙|"],
    ),
    (
        "labels",
        "预警名称：暴雨橙色预警\n发布单位：天津市气象台\n发布时间：2026-07-25 16:20\n预计未来3小时中心城区有50毫米以上降水",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "full-width digits",
        "天津市气象台于２０２６年０７月２５日１６时２０分发布暴雨橙色预警信号：预计",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "blanks between everything",
        "天津市 气象台 于 2026 年 7 月 25 日 16 时 20 分 发布 暴雨 橙色 预警信号 ： 预计",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "hazard nobody knows",
        "天津市气象台7月25日16时20分发布飓风橙色预警信号：预计",
        ["天津市气象台|25 16:20|new|飓风|橙|"],
    ),
    (
        "colour that cannot be",
        "天津市气象台7月25日16时20分发布雷电蓝色预警信号：预计",
        ["天津市气象台|25 16:20|new|雷电|蓝|"],
    ),
    (
        "body says the change, head says 发布",
        "天津市气象台2026年7月25日16时26分发布高温橙色预警[Ⅱ级/严重]：高温黄色预警信号更新为高温橙色预警信号，预计明天最高气温38℃。",
        ["天津市气象台|25 16:26|upgrade|高温|橙|黄"],
    ),
    (
        "more may come",
        "天津市气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时降水50毫米以上，后期可能升级为暴雨橙色预警信号。",
        ["天津市气象台|25 16:20|new|暴雨|黄|"],
    ),
    (
        "two bulletins pasted together",
        "天津市气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时全市有暴雨。\n滨海新区气象台7月25日16时25分发布海上大风蓝色预警信号：预计今天夜间渤海湾阵风8级。",
        ["天津市气象台|25 16:20|new|暴雨|黄|", "滨海新区气象台|25 16:25|new|海上大风|蓝|"],
    ),
    (
        "city and district on the same event",
        "天津市气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时全市有暴雨。\n宁河区气象台7月25日16时28分发布暴雨黄色预警信号：预计未来6小时宁河有暴雨。",
        ["天津市气象台|25 16:20|new|暴雨|黄|", "宁河区气象台|25 16:28|new|暴雨|黄|"],
    ),
    (
        "heavy pollution by the office",
        "天津市重污染天气应急指挥部办公室7月25日10时发布重污染天气橙色预警，自7月26日0时起实施。",
        ["天津市重污染天气应急指挥部办公室|25 10:00|new|重污染|橙|"],
    ),
    (
        "flood by hydrology",
        "海河水利委员会水文局2026年7月25日14时30分发布洪水蓝色预警：预计未来24小时",
        ["海河水利委员会水文局|25 14:30|new|洪水|蓝|"],
    ),
    (
        "raised and issued",
        "蓟州区气象台2026年7月25日16时20分升级发布暴雨红色预警信号：",
        ["蓟州区气象台|25 16:20|upgrade|暴雨|红|"],
    ),
    (
        "already cancelled, word after",
        "天津市气象台7月25日16时20分消息：暴雨黄色预警信号已解除。",
        ["天津市气象台|25 16:20|cancel|暴雨|黄|"],
    ),
    (
        "received after midnight",
        "天津市气象台24日23时50分发布大雾黄色预警信号：",
        ["天津市气象台|24 23:50|new|大雾|黄|"],
    ),
    (
        "three issuers",
        "天津市水务局、天津市气象局、天津市规划和自然资源局7月25日16时联合发布山洪灾害气象风险黄色预警：预计25日20时至26日8时蓟州区北部",
        ["天津市水务局、天津市气象局、天津市规划和自然资源局|25 16:00|new|山洪灾害|黄|"],
    ),
    (
        "one hazard cancelled and issued anew in another colour, 改发",
        "天津市气象台7月25日16时20分解除暴雨橙色预警信号，改发暴雨黄色预警信号",
        ["天津市气象台|25 16:20|downgrade|暴雨|黄|橙"],
    ),
    (
        "spoken, 升到了",
        "7月25日16时20分，天津市气象台把暴雨预警从黄色升到了橙色，要求各街镇到岗",
        ["天津市气象台|25 16:20|upgrade|暴雨|橙|黄"],
    ),
    (
        "labels in one line",
        "预警类别:气象灾害 预警名称:大风 预警级别:蓝色(Ⅳ级) 发布单位:天津市滨海新区气象局 发布时间:2026-07-25 16:20:00",
        ["天津市滨海新区气象局|25 16:20|new|大风|蓝|"],
    ),
    (
        "the colour only in the body",
        "天津市水务局、天津市气象局7月25日16时联合发布山洪灾害气象预警：蓟州区发生山洪灾害可能性较大（黄色预警）",
        ["天津市水务局、天津市气象局|25 16:00|new|山洪灾害|黄|"],
    ),
    (
        "one continued, another raised",
        "天津市气象局7月25日16时20分继续发布雷电橙色预警，升级暴雨黄色预警为橙色预警",
        ["天津市气象局|25 16:20|continue|雷电|橙|", "天津市气象局|25 16:20|upgrade|暴雨|橙|黄"],
    ),
    (
        "what was issued before goes on",
        "天津市气象台于7月25日16时20分发布雷电黄色预警信号，15时50分发布的暴雨蓝色预警信号继续生效",
        ["天津市气象台|25 16:20|new|雷电|黄|", "天津市气象台|25 16:20|continue|暴雨|蓝|"],
    ),
    (
        "three hazards, three colours",
        "天津市气象台7月25日16时20分同时发布暴雨橙色、雷电黄色、大风蓝色预警信号，预计今天傍晚到夜间",
        [
            "天津市气象台|25 16:20|new|暴雨|橙|",
            "天津市气象台|25 16:20|new|雷电|黄|",
            "天津市气象台|25 16:20|new|大风|蓝|",
        ],
    ),
    (
        "two offices with a blank between",
        "天津市气象局 天津市水务局 7月25日16时20分 联合发布 山洪灾害气象风险预警（黄色）",
        ["天津市气象局、天津市水务局|25 16:20|new|山洪灾害|黄|"],
    ),
    (
        "the time behind",
        "天津市气象台发布天津地区海上大风黄色预警，时间7月25日16点20分",
        ["天津市气象台|25 16:20|new|海上大风|黄|"],
    ),
    (
        "by the plan, a decision",
        "根据《天津市重污染天气应急预案》，天津市重污染天气应急指挥部办公室决定于7月25日16时启动重污染天气橙色预警。",
        ["天津市重污染天气应急指挥部办公室|25 16:00|new|重污染|橙|"],
    ),
    (
        "what may come, then what is done",
        "受低涡影响，今晚可能出现暴雨，天津市气象台7月25日16时20分发布暴雨橙色预警信号，预计未来3小时全市有暴雨。",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "a colon that became a question mark",
        "天津市气象台7月25日16时20分发布暴雨橙色预警信号?预计未来3小时全市有暴雨",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "no stop before the guide",
        "天津市气象台7月25日16时20分发布暴雨橙色预警信号 防御指南 1.注意排水",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "no stop before the forecast",
        "天津市气象台7月25日16时20分发布暴雨橙色预警信号 下午到前半夜有暴雨",
        ["天津市气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "cancels what was issued before",
        "天津市气象台于7月25日16时20分解除7月25日10时30分发布的暴雨蓝色预警信号。",
        ["天津市气象台|25 16:20|cancel|暴雨|蓝|"],
    ),
    (
        "a centre of issuing issues",
        "天津市突发事件预警信息发布中心7月25日16时20分发布暴雨橙色预警：预计",
        ["天津市突发事件预警信息发布中心|25 16:20|new|暴雨|橙|"],
    ),
    (
        "a district whose name begins with 未",
        "西安市未央区气象台7月25日16时20分发布暴雨橙色预警信号：预计",
        ["西安市未央区气象台|25 16:20|new|暴雨|橙|"],
    ),
    (
        "danger counted upwards",
        "蓟州区应急管理局7月25日16时发布森林火险四级预警：预计25日至27日",
        ["蓟州区应急管理局|25 16:00|new|森林火险|橙|"],
    ),
    (
        "level before the colour",
        "天津市气象台7月25日16时20分发布暴雨Ⅲ级（黄色）预警：预计",
        ["天津市气象台|25 16:20|new|暴雨|黄|"],
    ),
    (
        "a second signal that only runs on",
        "广州市天河区气象台7月25日16时20分将暴雨橙色预警信号升级为红色，雷雨大风黄色预警信号继续生效。",
        [
            "广州市天河区气象台|25 16:20|upgrade|暴雨|红|橙",
            "广州市天河区气象台|25 16:20|continue|雷雨大风|黄|",
        ],
    ),
    (
        "a second signal that stays as it is",
        "鄂尔多斯市气象台7月25日16时20分发布沙尘暴黄色预警信号[Ⅲ级/较重]，原大风蓝色预警信号维持不变",
        ["鄂尔多斯市气象台|25 16:20|new|沙尘暴|黄|", "鄂尔多斯市气象台|25 16:20|continue|大风|蓝|"],
    ),
    (
        "a second signal that ends at the same time",
        "大连市气象台25日16时20分发布暴雨黄色预警信号，雷电黄色预警信号同时解除",
        ["大连市气象台|25 16:20|new|暴雨|黄|", "大连市气象台|25 16:20|cancel|雷电|黄|"],
    ),
    (
        "the verb behind the name, as a noun",
        "贵阳市气象台7月25日16时20分发布道路结冰黄色预警解除通知",
        ["贵阳市气象台|25 16:20|cancel|道路结冰|黄|"],
    ),
    (
        "issued then, ended now",
        "晋城市气象台25日5时30分发布大雾红色预警信号，25日8时45分解除。",
        ["晋城市气象台|25 08:45|cancel|大雾|红|"],
    ),
    (
        "issued then, raised now",
        "杭州市气象台2026年7月25日15时35分发布雷电黄色预警，2026年7月25日16时20分升级为雷电橙色预警信号",
        ["杭州市气象台|25 16:20|upgrade|雷电|橙|黄"],
    ),
    (
        "the office in the heading",
        "【青海省气象台】7月25日16时20分发布雷电黄色预警：西宁市、海东市未来6小时有雷电",
        ["青海省气象台|25 16:20|new|雷电|黄|"],
    ),
    (
        "the office before a colon, the time last",
        "长江委水文局：升级发布乌江下游洪水橙色预警 7月25日16时20分",
        ["长江委水文局|25 16:20|upgrade|洪水|橙|"],
    ),
    (
        "the time in brackets behind the level",
        "牙克石市气象台发布雷电黄色预警[Ⅲ级/较重]（2026-07-25 16:20）未来6小时内博克图镇有雷电",
        ["牙克石市气象台|25 16:20|new|雷电|黄|"],
    ),
    (
        "the office behind the change",
        "深圳市暴雨橙色预警信号降级为黄色，深圳市气象台2026年7月25日16时20分",
        ["深圳市气象台|25 16:20|downgrade|暴雨|黄|橙"],
    ),
    (
        "a temperature that rises is no warning that does",
        "预计未来24小时最高气温升至37℃以上，长沙市气象台2026年7月25日16时20分发布高温橙色预警信号。",
        ["长沙市气象台|25 16:20|new|高温|橙|"],
    ),
    (
        "a form whose title has the hazard",
        "江西省地质灾害气象风险预警（2026年第58期）\n预警等级：橙色预警\n发布单位：江西省自然资源厅 江西省气象局\n发布时间：2026年7月25日16时20分\n预警区域：上饶市、景德镇市",
        ["江西省自然资源厅、江西省气象局|25 16:20|new|地质灾害气象风险|橙|"],
    ),
]

NO_BULLETIN = [
    "",
    "今天天气不错",
    "收到天津市气象台发布的暴雨蓝色预警，已通知各社区",
    "今天会不会发布暴雨红色预警？",
    "天津市气象台7月25日16时20分发布暴雨橙色预警信号了吗？",
    "今天天津市气象台没有发布预警",
    "提醒大家，暴雨橙色预警信号生效中，尽量别出门",
    "各村：按照区里要求，解除暴雨橙色预警后方可撤岗",
    "天津市水务局7月25日16时启动防汛四级预警响应",
    "天津市气象台将于7月25日傍晚视情发布暴雨黄色预警",
    "海棠里3号楼着火了，消防到场",
    "红色的车停在蓝色预警牌旁边",
    "🙂🙂",
    "\u200b\ufeff",
    "1、市台16:20暴雨橙色，16:24收到，16:26发村居，22个社区都回了",
]


def read(text: str, received_at: datetime = GOT) -> list[BulletinReading]:
    return read_bulletins(text, received_at, ZONE, TABLE)


def row(got: BulletinReading) -> str:
    when = got.issued_at.astimezone(ZONE).strftime("%d %H:%M") if got.issued_at else ""
    return "|".join(
        [got.issuer or "", when, got.action, got.hazard or "", got.colour or "", got.from_colour or ""]
    )


@pytest.mark.parametrize(("text", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])
def test_a_bulletin_is_read(text: str, expected: list[str]) -> None:
    assert [row(got) for got in read(text)] == expected


@pytest.mark.parametrize("text", NO_BULLETIN)
def test_other_talk_is_no_bulletin(text: str) -> None:
    assert read(text) == []


def test_the_raw_text_of_one_bulletin_is_the_whole_text_verbatim() -> None:
    text = " 【预警】\n天津市气象台于２０２６年07月25日16时20分发布暴雨橙色预警信号：预计。\n（预警信息来源：国家预警信息发布中心） "
    assert [got.raw for got in read(text)] == [text]


def test_the_slices_of_two_bulletins_make_up_the_text() -> None:
    text = next(r[1] for r in ROWS if r[0] == "two bulletins pasted together")
    assert "".join(got.raw for got in read(text)) == text


def test_an_impossible_colour_is_a_question_not_a_refusal() -> None:
    (got,) = read("天津市气象台7月25日16时20分发布雷电蓝色预警信号：预计")
    assert "雷电没有蓝色预警，请核对" in got.doubts


def test_an_unknown_hazard_is_kept_as_typed() -> None:
    (got,) = read("天津市气象台7月25日16时20分发布飓风橙色预警信号：预计")
    assert (got.hazard, got.event_code) == ("飓风", None)
    assert "没见过的灾种：飓风" in got.doubts


def test_an_issue_time_far_from_receipt_is_a_doubt() -> None:
    (got,) = read("天津市气象台2026年7月20日16时20分发布暴雨黄色预警信号：预计")
    assert "发布时间比收到早5天" in got.doubts


def test_a_time_that_does_not_exist_is_a_doubt_and_no_time() -> None:
    (got,) = read("天津市气象台2026年7月35日16时20分发布暴雨黄色预警信号：预计")
    assert got.issued_at is None
    assert "发布时间不成立，请核对" in got.doubts


def test_headline_and_body_that_disagree_on_colour_are_a_doubt() -> None:
    (got,) = read("天津市气象台发布暴雨橙色预警\n天津市气象台7月25日16时20分发布暴雨黄色预警信号：预计")
    assert got.colour is Colour.YELLOW
    assert "标题与正文的颜色不同，取正文" in got.doubts


@pytest.mark.parametrize(
    ("body", "area", "window"),
    [
        ("预计未来3小时武清、宝坻及宁河将有强降水", ["武清区", "宝坻区", "宁河区"], "PT3H"),
        ("预计今天夜间中南部及东部地区有大雾", ["中南部及东部地区"], "今天夜间"),
        ("预计明天上午到下午，我市有大风", ["天津市"], "明天上午到下午"),
        (
            "预计7月25日20时至26日20时，下营镇、官庄镇北部山区风险较高",
            ["下营镇", "官庄镇"],
            "7月25日20时至26日20时",
        ),
        ("预计未来六小时中心城区有冰雹", ["中心城区"], "PT6H"),
        ("请注意防范", ["天津市"], None),
        (
            "预计25日傍晚前后到26日凌晨，我市南部静海、西青有雷电",
            ["静海区", "西青区"],
            "25日傍晚前后到26日凌晨",
        ),
        ("预计本周五夜间到周六白天，全市有6级风", ["天津市"], "本周五夜间到周六白天"),
        ("预计明天中午前后，市区和环城四区最高气温37℃", ["市区", "环城四区"], "明天中午前后"),
        (
            "预计未来3小时，津南区双港镇、咸水沽镇，西青区大寺镇，滨海新区中塘镇等地有暴雨",
            ["双港镇", "咸水沽镇", "大寺镇", "中塘镇"],
            "PT3H",
        ),
        ("目前冰雹云团位于河北省廊坊市，预计未来2小时武清区将出现冰雹", ["武清区"], "PT2H"),
        ("预计未来3小时，塘沽街、新港街、杭州道街等街道有暴雨", ["塘沽街", "新港街", "杭州道街"], "PT3H"),
    ],
)
def test_area_and_window_are_read_from_the_forecast(body: str, area: list[str], window: str | None) -> None:
    (got,) = read(f"天津市气象台7月25日16时20分发布暴雨黄色预警信号：{body}。")
    assert (list(got.area), got.window) == (area, window)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        (
            "自然资源厅、气象局7月25日16时联合发布地质灾害气象风险橙色预警：预计25日20时至26日20时，汉中东部、安康西部风险高。",
            ["汉中东部", "安康西部"],
        ),
        (
            "四川省水利厅7月25日16时发布山洪灾害橙色预警：广元、巴中、达州北部山洪灾害发生可能性大",
            ["广元", "巴中", "达州北部"],
        ),
        ("水利部7月25日16时发布山洪灾害橙色预警：四川东北部、陕西南部局地可能性大", ["四川", "陕西"]),
        (
            "深圳市气象台7月25日16时发布暴雨黄色预警信号：福田区、罗湖区（含深汕特别合作区除外）",
            ["福田区", "罗湖区"],
        ),
        ("天津市气象台7月25日16时发布暴雨黄色预警信号：预计除蓟州区外，全市有暴雨", ["天津市"]),
        ("青海省气象台7月25日16时发布雷电黄色预警：西宁市、海东市未来6小时有雷电", ["西宁市", "海东市"]),
        (
            "贵州省气象台7月25日16时发布暴雨黄色预警：遵义市习水县、赤水市，毕节市金沙县未来3小时有暴雨",
            ["习水县", "赤水市", "金沙县"],
        ),
        (
            "辽宁省气象台7月25日16时发布暴雨黄色预警：本溪市、海城市、凌海市有暴雨",
            ["本溪市", "海城市", "凌海市"],
        ),
        (
            "江西省气象台7月25日16时发布暴雨黄色预警：景德镇市、山阴县、全州县、市北区有暴雨",
            ["景德镇市", "山阴县", "全州县", "市北区"],
        ),
        (
            "甘肃省气象局7月25日16时发布暴雨橙色预警，预警区域：甘南州、陇南市、天水市",
            ["甘南州", "陇南市", "天水市"],
        ),
        ("宁波市气象台7月25日16时解除镇海区雷电黄色预警信号", ["镇海区"]),
        ("市气象台7月25日16时发布大风蓝色预警信号，预计今夜我市有大风。【安阳市气象局】", ["安阳市"]),
        ("市气象台7月25日16时发布大风蓝色预警信号，预计今夜我市有大风。", ["天津市"]),
        (
            "中央气象台7月25日16时发布暴雨橙色预警：预计河北东部、天津、山东北部有大雨",
            ["天津市", "河北东部", "山东"],
        ),
        ("天津市气象台7月25日16时发布暴雨橙色预警：河北、南开有大雨", ["河北区", "南开区"]),
        ("新疆气象台7月25日16时发布大风红色预警信号，达坂城区、乌鲁木齐县有大风", ["达坂城区", "乌鲁木齐县"]),
        (
            "合肥市气象台7月25日16时发布雷电黄色预警信号,蜀山区有雷电(来源:合肥市突发事件预警信息发布中心)",
            ["蜀山区"],
        ),
        ("北京市应急指挥中心：市气象台于25日16时升级发布暴雨橙色预警信号", ["北京市"]),
    ],
)
def test_places_of_other_provinces_are_neither_cut_nor_dropped_nor_taken_for_ours(
    text: str, area: list[str]
) -> None:
    assert list(read(text)[0].area) == area


def test_the_json_form_has_exactly_its_keys() -> None:
    (got,) = read(ROWS[0][1])
    keys = [
        "issuer",
        "issued_at",
        "action",
        "hazard",
        "colour",
        "from_colour",
        "area",
        "window",
        "event_code",
        "doubts",
    ]
    assert list(to_json(got)) == keys
    json.dumps(to_json(got))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    read(text)


PIECES = [
    "天津市气象台",
    "7月25日",
    "16时20分",
    "将",
    "解除",
    "发布",
    "暴雨",
    "雷电",
    "橙色",
    "黄色",
    "预警信号",
    "升级为",
    ":",
    "。",
    "\n",
    "【",
    "】",
    "、",
]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_no_shuffle_of_bulletin_words_crashes_or_makes_up_a_colour(pieces: list[str]) -> None:
    text = "".join(pieces)
    for got in read(text):
        assert got.colour is None or f"{got.colour}色" in text


WIDE = str.maketrans("0123456789:,", "０１２３４５６７８９：，")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([r for r in ROWS if len(r[2]) == 1]),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from([" ", "\u3000", "\u200b", "\t"])), max_size=6),
)
def test_widths_colons_and_blanks_change_nothing(
    row_: tuple[str, str, list[str]],
    wide: bool,  # noqa: FBT001 - drawn by hypothesis
    blanks: list[tuple[int, str]],
) -> None:
    text = row_[1].translate(WIDE) if wide else row_[1]
    for at, blank in blanks:
        text = text[: at % (len(text) + 1)] + blank + text[at % (len(text) + 1) :]
    assert [row(got) for got in read(text)] == row_[2]


def test_five_thousand_characters_are_read_quickly() -> None:
    before = ROWS[0][1] + "注意防范暴雨。" * 800
    assert [row(got) for got in read(before)] == ROWS[0][2]


HOSTILE = [
    *(
        "橙色",
        "暴雨橙色预警",
        "发布",
        "市",
        "气象台",
        "1",
        "25日",
        "16时20分",
        "一",
        ">",
        "(",
        " ",
        "\n",
        "、暴雨",
    ),
    *(
        "区、",
        "和",
        "除",
        "除武清区外",
        "I级",
        "天",
        ROWS[0][1],
        ":",
        "中部、",
        "东南",
        "请",
        "!!",
        "2026-07-25",
        "自治县",
    ),
    *(
        "二〇二六年",
        "预警类型:",
        "升级为橙色",
        "将暴雨黄色预警信号升级为",
        "由黄色",
        "预计未来",
        "【",
        "受",
        "如发布",
        "🙂",
    ),
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_of_one_piece_is_read_in_bounded_time(piece: str) -> None:
    read((piece * 100_000)[:100_000])
    read(ROWS[0][1] + (piece * 10_000)[:10_000])


def test_a_text_too_long_is_read_in_front_and_kept_whole() -> None:
    text = ROWS[0][1] + "注意防范。" * 3_000
    (got,) = read(text)
    assert (got.raw, got.colour) == (text, Colour.BLUE)
    assert "文字太长，只判读了前8000字" in got.doubts


@pytest.mark.parametrize(
    ("text", "area", "asked"),
    [
        (
            "沈阳市和平区气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时和平区有暴雨。",
            "和平区",
            True,
        ),
        ("河北省气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时唐山市有暴雨。", "唐山市", True),
        (
            "河北省气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时天津市和唐山市有暴雨。",
            "天津市",
            False,
        ),
        ("河北区气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时河北区有暴雨。", "河北区", False),
        (
            "中央气象台7月25日16时20分发布暴雨黄色预警：预计未来24小时，河北省东部、天津北部有暴雨。",
            "天津市",
            False,
        ),
        ("蓟州区气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时下营镇有暴雨。", "下营镇", False),
    ],
)
def test_a_warning_wholly_for_elsewhere_is_asked_about(text: str, area: str, asked: bool) -> None:  # noqa: FBT001 - a column of the table
    (got,) = read(text)
    assert area in got.area
    assert any("外省" in doubt for doubt in got.doubts) is asked


def test_the_year_is_the_one_nearest_to_receipt() -> None:
    (got,) = read(
        "天津市气象台12月31日23时50分发布大雾黄色预警信号：", datetime(2027, 1, 1, 0, 5, tzinfo=ZONE)
    )
    assert got.issued_at == datetime(2026, 12, 31, 23, 50, tzinfo=ZONE)
    assert got.action is Action.NEW


def test_a_window_in_hours_ends_that_many_hours_after_issue() -> None:
    (got,) = read("天津市气象台7月25日16时20分发布暴雨黄色预警信号：预计未来6小时我市有暴雨。")
    assert got.issued_at is not None
    assert got.expires == got.issued_at + timedelta(hours=6)


def test_a_forecast_after_a_comma_is_read_too() -> None:
    (got,) = read("河东区气象台7月25日16:20发布雷雨大风蓝色预警信号，预计未来6小时河东区将有阵风。")
    assert (got.area, got.window) == (("河东区",), "PT6H")

"""A hurried first word is read by rule: what is not said stays open and is asked for."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.tables import load_direct, load_incident_types
from domain.figures import Figure
from domain.report_text import Contact, ReportReading, grade, read_followup, read_report, to_json

ZONE = ZoneInfo("Asia/Shanghai")
GOT = datetime(2026, 7, 25, 16, 43, tzinfo=ZONE)

# line, category, subtype, place
ROWS = [
    (
        "十分钟前鑫苑小区5号楼2单元电梯困了3个人，里面有个孕妇，我是物业小王13900000021",
        "事故灾难",
        "电梯困人",
        "鑫苑小区5号楼2单元电梯",
    ),
    (
        "半小时前金桥路供热管网改造工地塌方，埋了两个人，消防来了2台车",
        "事故灾难",
        "施工坍塌",
        "金桥路供热管网改造工地",
    ),
    (
        "昨晚到今天上午津塘路地道积水有半米深，没有人被困，排管所正在抽水",
        "自然灾害",
        "城市内涝",
        "津塘路地道",
    ),
    ("从11点不到就开始停水，福安里三百多户没水，水务说是爆管", "事故灾难", "供水中断", "福安里"),
    ("今天下午3点20左右东柳小学放学有二十余名学生呕吐，已送区医院", "公共卫生", "学校聚集性症状", "东柳小学"),
    (
        "沽水街道津塘公路与金桥路交口发生交通事故，一辆货车追尾一辆公交车，造成2人死亡",
        "事故灾难",
        "道路交通事故",
        "沽水街道津塘公路与金桥路交口",
    ),
    ("凌晨两点多柳湾村老李家厨房着火，自己扑灭了，没伤着人", "事故灾难", "火灾", "柳湾村老李家厨房"),
    ("居民反映海棠里社区8号楼地下室有煤气味，时间不详", "事故灾难", "燃气泄漏", "海棠里社区8号楼地下室"),
    ("刚刚有人在御河湾小区12号楼楼顶要跳楼", "社会安全", "个人极端", "御河湾小区12号楼楼顶"),
    ("14：05 恒发路仓库冒黑烟，火势挺大", "事故灾难", "火灾", "恒发路仓库"),
    ("一辆罐车在外环线侧翻，拉的好像是盐酸，有泄露", "事故灾难", "危险化学品泄漏", "外环线"),
    ("上午10点左右，几十个工人在鑫苑工地门口聚集讨薪", "社会安全", "群体性聚集(欠薪)", "鑫苑工地门口"),
    ("有个小孩落水，还没找到，柳湾桥下边", "事故灾难", "溺水", "柳湾桥下边"),
    ("东柳村猪场死了十几头猪", "公共卫生", "动物疫情", "东柳村猪场"),
    ("雷雨大风把鑫苑商场广告牌刮掉了，砸伤1人", "自然灾害", "大风次生(高空坠物)", "鑫苑商场"),
    ("下营镇北部山区16时许发生山体滑坡，无人员伤亡", "自然灾害", "滑坡", "下营镇北部山区"),
    ("可能一氧化碳中毒，福安里5号楼3门402", "事故灾难", "一氧化碳中毒(疑似)", "福安里5号楼3门402"),
    ("福安里养老院停电了，发电车还没到", "事故灾难", "停电", "福安里养老院"),
    ("海棠里3号楼后面路面塌了个大坑", "事故灾难", "道路塌陷", "海棠里3号楼后面"),
    ("施工队把燃气管挖断了，在津塘路", "事故灾难", "燃气泄漏", "津塘路"),
    ("一个大爷晕倒在福安里菜市场，中暑了", "自然灾害", "高温中暑", "福安里菜市场"),
    ("柳湾社区有人打架，伤了一个", "社会安全", "刑事治安案件", "柳湾社区"),
    ("鑫苑二期工地吊篮掉下来了，一死一伤", "事故灾难", "高处坠落", "鑫苑二期工地"),
    ("园区锅炉爆炸，死了1人，伤3人", "事故灾难", "锅炉压力容器", "园区"),
    ("东柳村北边荒草着火了，风挺大", "自然灾害", "林火", "东柳村北边"),
    ("今天天气不错", None, None, None),
    ("燃气爆炸 向阳街18号楼一层窗户全崩飞了", "事故灾难", "燃气爆炸", "向阳街18号楼一层"),
    ("电梯坏了困了一家四口，名都大厦B座", "事故灾难", "电梯困人", "名都大厦B座"),
    ("在建工地塔吊倒了，开发区科技路恒大工地", "事故灾难", "起重伤害", "开发区科技路恒大工地"),
    ("我社区辖区内金地小区地下车库进水", "自然灾害", "城市内涝", "金地小区地下车库"),
    ("我镇王庄村今天三轮车翻沟里了，发生车祸", "事故灾难", "道路交通事故", "王庄村"),
    ("G25长深高速K1203+500处客车侧翻", "事故灾难", "道路交通事故", "G25长深高速K1203+500处"),
    ("洪水进村了 红旗村一组二组都淹了", "自然灾害", "暴雨洪涝", "红旗村"),
    ("锅炉房蒸汽管道爆裂，烫伤3人，已转省烧伤医院", "事故灾难", "锅炉压力容器", None),
    ("老人走失，今早从翠湖苑3期出门至今未归", "社会安全", "人员走失", "翠湖苑3期"),
    ("更正，地点还是光明路加油站，汽油漏了", "事故灾难", "危险化学品泄漏", "光明路加油站"),
    ("前进村蔬菜大棚着火", "事故灾难", "火灾", "前进村蔬菜大棚"),
    (
        "泗水河右岸K12+300处堤防出现管涌，已转移下游群众126户",
        "自然灾害",
        "河道险情",
        "泗水河右岸K12+300处堤防",
    ),
]


def read(text: str) -> ReportReading:
    return read_report(text, GOT, ZONE, load_incident_types(), load_direct())


@pytest.mark.parametrize(("line", "category", "subtype", "place"), ROWS, ids=[r[0][:20] for r in ROWS])
def test_kind_and_place_are_read(
    line: str, category: str | None, subtype: str | None, place: str | None
) -> None:
    got = read(line)
    assert (got.category, got.subtype, got.place) == (category, subtype, place)


def test_a_contact_is_name_and_phone() -> None:
    assert read("联系人：社区书记 赵敏 １３８００００００１７").contacts == (Contact("赵敏", "13800000017"),)


def test_actions_are_the_clauses_as_typed() -> None:
    assert read("着火了，119已经打了，我让小张先过去看").actions == ("119已经打了", "我让小张先过去看")


def test_the_source_is_who_says_so() -> None:
    assert read("刚才海棠里社区网格员小刘打电话说着火了").source == "海棠里社区网格员小刘"


@pytest.mark.parametrize(
    "line",
    [
        "居民区发现一枚疑似炸弹，已拉警戒线",
        "有个孕妇在家羊水破了，120路堵",
        "有人在群里说要去区政府上访，大概30人",
        "沽水中学食堂中午吃完饭十几个学生肚子疼吐了，送沽水医院",
    ],
)
def test_where_somebody_was_taken_or_stood_is_no_source(line: str) -> None:
    assert read(line).source is None


def test_a_cordon_is_no_place() -> None:
    assert read("居民区发现一枚疑似炸弹，已拉警戒线").place != "已拉警戒线"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("东柳小学着火", "涉学校、幼儿园"),
        ("化工厂冒烟", "危险化学品"),
        ("好像有人没下来", "可能有人被困、失联"),
        ("燃气泄漏", "燃气"),
        ("有人在拍抖音", "网络传播、媒体关注"),
        ("死亡1人", "有人死亡"),
        ("月河社区河边发现一具男尸", "有人死亡"),
        ("大芦庄村北鱼塘淹死个孩子", "有人死亡"),
        ("一名消防员牺牲", "有人死亡"),
    ],
)
def test_the_direct_report_checklist_is_ticked(line: str, reason: str) -> None:
    assert reason in {hit.reason for hit in read(line).direct_report}


def test_a_dead_dog_is_nobody_dead() -> None:
    ticked = read("路灯杆漏电，一条狗电死了，人没事").direct_report
    assert "有人死亡" not in {hit.reason for hit in ticked}


def test_nobody_trapped_ticks_nothing() -> None:
    assert read("积水，没有人被困").direct_report == ()


def test_what_a_superior_will_ask_is_listed() -> None:
    assert {"确切时间", "人员伤亡", "过火面积", "报告人电话"} <= set(read("刚才海棠里3号楼着火了").missing)


def test_what_was_said_is_not_asked_for_again() -> None:
    got = read("8点半海棠里3号楼着火，过火面积3平米，没人受伤，联系人 王强 13900000022")
    assert not {"确切时间", "人员伤亡", "过火面积", "报告人电话", "地点"} & set(got.missing)


def test_a_homophone_is_understood_and_said_so() -> None:
    got = read("12-1-501然气泄露")
    assert got.subtype == "燃气泄漏"
    assert "“然气”按“燃气”理解" in got.doubts


def test_a_denied_word_names_no_kind() -> None:
    assert read("没有着火，是做饭的烟").category is None


def test_the_json_form_has_exactly_its_keys() -> None:
    got = to_json(read(ROWS[0][0]))
    keys = [
        "category",
        "subtype",
        "occurred_at",
        "place",
        "figures",
        "actions",
        "source",
        "contacts",
        "missing",
        "direct_report",
        "doubts",
    ]
    assert list(got) == keys
    json.dumps(got)


def figures(**said: int) -> dict[str, Figure | None]:
    return {name: Figure(n, None, None, str(n)) for name, n in said.items()}


@pytest.mark.parametrize(
    ("said", "subtype", "category", "expected"),
    [
        ({"deaths": 30}, "火灾", "事故灾难", "特别重大"),
        ({"deaths": 29}, "火灾", "事故灾难", "重大"),
        ({"deaths": 3}, "火灾", "事故灾难", "较大"),
        ({"deaths": 2, "injured": 10}, "火灾", "事故灾难", "较大"),
        ({"deaths": 2, "injured": 9}, "火灾", "事故灾难", "一般"),
        ({"deaths": 0, "injured": 0}, "火灾", "事故灾难", "一般"),
        ({}, "火灾", "事故灾难", None),
        ({"deaths": 49}, "地震", "自然灾害", "较大"),
        ({"evacuated": 10_000}, "环境污染", "事故灾难", "重大"),
        ({"injured": 30}, "食物中毒", "公共卫生", "一般"),
        ({"injured": 30}, "传染病聚集", "公共卫生", None),
        ({"deaths": 3}, "地面塌陷", "自然灾害", "较大"),
        ({"deaths": 50}, "个人极端", "社会安全", None),
        ({"deaths": 5}, None, None, None),
    ],
)
def test_the_highest_triggered_line_gives_the_grade(
    said: dict[str, int], subtype: str | None, category: str | None, expected: str | None
) -> None:
    assert grade(figures(**said), subtype, category).grade == expected


def test_a_lift_that_traps_for_two_hours_is_graded() -> None:
    got = grade(figures(), "电梯困人", "事故灾难", trapped_for=timedelta(hours=2))
    assert (got.grade, "2小时以上" in got.line) == ("一般", True)


def test_a_follow_up_says_only_what_changed() -> None:
    got = read_followup(
        "续报二 16:40 明火灭了，救出3人，1人受伤，已疏散22户。带班领导王主任在现场", GOT, ZONE
    )
    assert got.sequence == 2
    assert got.figures["injured"] == Figure(1, None, None, "1人")
    assert got.figures["deaths"] is None
    assert got.rescued == Figure(3, None, None, "3人")
    assert "明火灭了" in got.status
    assert got.leader_on_scene == "王主任"


def test_a_state_does_not_begin_within_a_number() -> None:
    said = read_followup("火已于15:10全部扑灭，疏散150人已全部返回家中", GOT, ZONE).status
    assert said == ("全部扑灭", "已全部返回家中")


def test_a_correction_keeps_both_words() -> None:
    got = read_followup("恒泰化工的事 不是反应釜是废酸罐呼吸阀，烟没了", GOT, ZONE)
    assert (got.correction, got.corrected) == (True, (("反应釜", "废酸罐呼吸阀"),))


@pytest.mark.parametrize(
    ("line", "doubted"),
    [
        ("撤回之前说的1人死亡，医院说救回来了", True),
        ("1人受伤，系误报", True),
        ("撤销了警戒，2人受伤", False),
        ("2人受伤送医", False),
    ],
)
def test_a_figure_that_is_taken_back_is_asked_about(line: str, *, doubted: bool) -> None:
    doubts = read_followup(line, GOT, ZONE).doubts
    assert any("像是撤回前面的数字" in doubt for doubt in doubts) == doubted


@pytest.mark.parametrize("line", ["无变化", "目前没有变化", "现场无新情况", "没啥变化"])
def test_no_change_counts_as_a_follow_up(line: str) -> None:
    assert read_followup(line, GOT, ZONE).no_change


@pytest.mark.parametrize(
    ("line", "number"),
    [("续报：", None), ("续报2：", 2), ("塌方续报三 16:40 完了", 3), ("第二次续报", 2), ("续报 16:40", None)],
)
def test_the_sequence_is_the_one_stated(line: str, number: int | None) -> None:
    assert read_followup(line, GOT, ZONE).sequence == number


def test_a_superiors_task_has_its_due_time() -> None:
    (task,) = read_followup("区应急局让咱17:00前写个书面的，终报也要。", GOT, ZONE).tasks
    assert (task.due, task.asked_by) == (datetime(2026, 7, 25, 17, 0, tzinfo=ZONE), "区应急局")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=150))
def test_no_text_crashes_the_readers(text: str) -> None:
    json.dumps(to_json(read(text)))
    read_followup(text, GOT, ZONE)


@pytest.mark.parametrize(
    "text", ["", "🙂🙂", "\u200b\ufeff", "着火了，" * 1250, "3" * 5000, "一" * 5000, "人" * 5000]
)
def test_odd_texts_are_read_in_time(text: str) -> None:
    read(text)
    read_followup(text, GOT, ZONE)

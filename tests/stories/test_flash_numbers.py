"""P5: no number stands in a report's document that no person gave and that is no clock, date or number of the room."""

import html
import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.incident_views import composed, facts_of, flash
from actions.report_figures import figure_text, own
from bot import document_child
from bot.prints import SHIPPED
from config.rules import load_rules
from config.tables import load_direct, load_incident_types
from domain.followup_text import read_followup
from domain.notices.incident import FigureLine, Flash
from domain.report_text import read_report, to_json
from handlers.desk import plain
from messages.flash_values import flash_name, flash_values
from messages.render import environment
from storage import incident
from storage.incident import Incident, Report
from tests.stories.room import ZONE, Room
from tests.stories.test_records_and_log import _words

RULES = load_rules()
NOW = datetime(2026, 7, 25, 10, 7, tzinfo=ZONE)
NUMBER = re.compile(r"\d+|[〇零一二两三四五六七八九十百千万亿]+")
TEMPLATE = (SHIPPED / "突发事件信息快报.docx").read_bytes()

COUNTS = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.integers(0, 40).map(str),
    st.sampled_from(
        [
            *(
                "一",
                "两",
                "三",
                "十二",
                "二十余",
                "三四",
                "5、6",
                "５、６",
                "约30",
                "近百",
                "上百",
                "十几",
                "几",
            ),
            *(
                "3.5",
                "１２",
                "百余",
                "一百二十",
                "四十三",
                "十九",
                "五十六",
                "30多",
                "不到20",
                "无",
                "2-3",
                "①",
                "半",
                "七八",
            ),
        ]
    ),
)
WHO = st.sampled_from(["人", "名学生", "个", "位老人", "户", "个孩子", "名工人", ""])
WHAT = st.sampled_from(
    [
        *("受伤", "死亡", "被困", "失踪", "失联", "没下来", "送医院了", "已转移", "埋里头", "救出来了"),
        *("伤得不轻", "情况不明", "撤离", "停水", "围观", "呕吐", "没事", "更正", "不是", "而是"),
    ]
)
PLACE = st.sampled_from(
    [
        "海棠里3号楼2门",
        "金桥路118号",
        "二马路",
        "第三小学",
        "福安里",
        "海棠里",
        "南仓路",
        "206国道",
        "",
    ]
)
WHEN = st.sampled_from(
    [
        "刚才",
        "今早8点",
        "下午2点20左右",
        "昨晚十一点半",
        "半小时前",
        "20分钟前",
        "7月24日",
        "凌晨三点多",
        "14:05",
        "",
    ]
)
EVENT = st.sampled_from(
    [
        "着火",
        "水管爆了",
        "一氧化碳中毒",
        "塌了",
        "电梯困人",
        "爆炸",
        "两车相撞",
        "停电",
        "积水30厘米",
        "不知道怎么了",
    ]
)
EXTRA = st.one_of(
    st.sampled_from(
        [
            *("119已打", "消防来了2个车", "电话13800000000", "网格员李姐说的", "原因不明", "3楼窜火"),
            *("17时前恢复", "第2次报", "过火面积约5平方米", "120拉走1个", "领导已到场"),
        ]
    ),
    st.text(max_size=12),
)
PEOPLE = st.tuples(COUNTS, WHO, WHAT).map("".join) | st.tuples(WHAT, COUNTS, WHO).map("".join)
GAP = st.sampled_from(["，", ",", " ", "。", "、", "\n", ""])


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Return a hurried line."""
    head = [draw(WHEN), draw(PLACE), draw(EVENT)]
    tail = draw(st.lists(PEOPLE | EXTRA, max_size=5))
    parts = draw(st.permutations([*head, *tail])) if draw(st.booleans()) else [*head, *tail]
    return draw(GAP).join(part for part in parts if part)


def numbers(text: str) -> set[str]:
    """Return every number in a text, Arabic or Chinese, in one width; a mark over a digit parts no number."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Mn")
    return set(NUMBER.findall(bare))


def permitted(x: Flash) -> set[str]:
    """Return the numbers of the room's own: issue, ordinal, times, phone."""
    moments = [x.at, x.facts.received_at, x.next_at, x.facts.occurred_at]
    times = [m.astimezone(ZONE) for m in moments if m is not None]
    clock = {str(n) for t in times for n in (t.year, t.month, t.day, t.hour)}
    clock |= {f"{t.minute:02d}" for t in times} | {f"{x.at.astimezone(ZONE):%Y%m%d}"}
    ordinal = numbers("一二三四五六七八九十"[x.order - 1]) if x.stage == "followup" else set()
    return clock | ordinal | numbers(x.phone) | {str(x.issue)} | numbers(x.facts.subtype or "")


def first_report(text: str) -> tuple[Incident, Flash]:
    """Return what goes up of a hurried line."""
    reading: dict[str, Any] = to_json(read_report(text, NOW, ZONE, load_incident_types(), load_direct()))
    row: dict[str, Any] = dict.fromkeys(Incident.__dataclass_fields__)
    row |= {"id": 1, "raw": text, "reading": reading, "received_at": NOW, "by_id": 1, "drill": False}
    i = Incident(**row | {name: reading[name] for name in ("category", "subtype", "place")})
    report = _report(1, "first", text, reading, NOW)
    figures = tuple(
        FigureLine(name=n, text=figure_text(f), history=(), said=own(f["text"]), value=f["value"])
        for n, f in reading["figures"].items()
        if f
    )
    known = facts_of(i, reading, figures, reading["source"])
    x = composed(i, report, known, RULES)
    return i, x.model_copy(update={"author": "甲", "next_at": NOW + timedelta(minutes=30)})


def next_report(i: Incident, before: Flash, text: str, stage: str, minutes: int) -> Flash:
    """Return what goes up of a follow-up or final report after a first one."""
    now = NOW + timedelta(minutes=minutes)
    report = _report(2, stage, text, {}, now)
    read = read_followup(text, now, ZONE)
    x = composed(i, report, before.facts, RULES).model_copy(update={"corrects": read.correction})
    last = {f.name: f.said for f in before.facts.figures}
    changed = tuple(
        FigureLine(name=n, text="", history=(), said=own(f.text), value=f.value, before=last.get(n, ""))
        for n, f in read.figures.items()
        if f
    )
    return x.model_copy(update={"changed": changed, "author": "甲"})


def _report(seq: int, stage: str, raw: str, reading: dict[str, Any], at: datetime) -> Report:
    row: dict[str, Any] = dict.fromkeys(Report.__dataclass_fields__)
    row |= {"id": seq, "seq": seq, "stage": stage, "raw": raw, "reading": reading, "created_at": at}
    return Report(**row | {"issue": 90 + seq, "issue_year": 2026})


def words_of(x: Flash) -> str:
    """Return everything a reader of a report sees: the values of its document, its name, its words in the chat."""
    module = environment().get_template("incident/_flash.j2").make_module({"zone": ZONE})
    chat = html.unescape(re.sub(r"<[^>]+>", "", str(module.flash_text(x))))  # type: ignore[attr-defined]  # a macro
    values = flash_values(x, zone=ZONE)
    lines = [*values.pop("正文"), *values.values(), flash_name(x, ZONE), chat]
    return "\n".join(lines)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=lines(), followup=lines(), final=lines())
@example("刚才，海棠里3号楼2门，着火，0人受伤，0\U00018cd60", "", "")
@example("0-100000人受伤着火二马路119已打0人受伤刚才", "", "")
@example("南仓路着火，一百二十人受伤，四十三人被困", "五十六人受伤，两人死亡", "更正：实际十九人受伤")
def test_every_number_in_a_report_was_given_by_a_person_or_is_the_rooms_own(
    first: str, followup: str, final: str
) -> None:
    first, followup, final = map(plain, (first, followup, final))  # as a message is read
    i, x = first_report(first)
    entered = numbers(first)
    reports = [
        (x, first),
        (next_report(i, x, followup, "followup", 11), followup),
        (next_report(i, x, final, "final", 23), final),
    ]
    for one, text in reports:
        entered |= numbers(text)
        loose = numbers(words_of(one)) - entered - permitted(one)
        assert not loose, (loose, first, followup, final, words_of(one))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=lines(), followup=lines())
def test_neither_is_there_one_in_the_word_file(first: str, followup: str) -> None:
    first, followup = plain(first), plain(followup)
    i, x = first_report(first)
    for one in (x, next_report(i, x, followup, "followup", 11)):
        made = document_child.fill(TEMPLATE, flash_values(one, zone=ZONE))
        assert not numbers(_words(made)) - numbers(first) - numbers(followup) - permitted(one)


async def test_neither_is_there_one_that_went_up_through_the_whole_room(room: Room) -> None:
    first = "今早8点海棠里3号楼2门着火，二十余名学生受伤，5、6个送医院了，还有1个不知道啥情况"
    followup, entered = "续报 E1 更正：实际十二人受伤，3人已出院", numbers("022-00000000")
    for text in (f"首报 {first}", followup):
        await room.types("郑伟", text)
        await room.types("郑伟", "发送 E1")
        await room.types("张慧敏", "签发 E1")
        await room.fast_forward(minutes=1)
        entered |= numbers(text)
    async with room.app.db.read() as tx:
        i = await incident.by_id(tx, 1)
        assert i is not None
        sent = [await flash(tx, i, r) for r in await incident.reports_of(tx, 1)]
    assert len(sent) == 2
    for x in sent:
        assert not numbers(words_of(x)) - entered - permitted(x)

"""Five first reports, word for word as they came in, each from its first word to its final report and its evidence."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy

from storage import incident, report_clock
from tests.stories.room import ZONE, Room
from tests.stories.test_evidence import _pack, _rows, verify
from tests.stories.test_final_and_reopening import until
from tests.stories.test_records_and_log import _words
from tests.stories.test_response import of
from tests.stories.test_written_lane import LEADER, OFFICER, SUPERIOR

TEXTS = Path(__file__).parents[1] / "inputs/reports/shared"
COUNTED = re.compile(r"\d+(?=人|名|户|辆|个业主)")


def text(name: str) -> str:
    """Return a report as it was typed."""
    (path,) = TEXTS.glob(f"{name}_*.txt")
    return path.read_text("utf-8").strip("\n")


@asynccontextmanager
async def duty_room(folder: Path, hour: int, minute: int) -> AsyncIterator[Room]:
    """Open the street's room on 25 July at this time of day."""
    room = await Room(folder / "data", datetime(2026, 7, 25, hour, minute, tzinfo=ZONE)).open()
    await room.lay_street()
    yield room
    await room.close()


async def says(room: Room, name: str, words: str, *parts: str) -> str:
    """A person types; the answer has these parts."""
    answer = "\n".join(await room.types(name, words))
    for part in parts:
        assert part in answer, f"{part} not in: {answer}"
    return answer


async def presses(room: Room, name: str, word: str, part: str = "") -> None:
    """A person presses a button; what pops up has this part."""
    popped = await room.presses(name, word)
    assert part in popped, popped


def newest(room: Room, name: str, words: str) -> str:
    """Return the newest message to a person that has these words, as it reads now."""
    return next(told for told in reversed(room.heard(name)) if words in told)


def card(room: Room, name: str = OFFICER) -> str:
    """Return the incident's card as a person sees it."""
    return newest(room, name, "原话：")


async def told_first(room: Room, reporter: str, words: str) -> str:
    """A reporter's words reach officer and leader at once, with the moment of receipt; the officer takes them up."""
    at = f"{room.clock.now().astimezone(ZONE):%H:%M:%S}"
    await says(room, reporter, words, f"已收到（E1，{at}），值班员 {OFFICER} 已被告知")
    for name in (OFFICER, LEADER):
        assert f"{reporter}</b> 报告" in room.last(name) or f"{reporter} 报告（E1，{at} 收到）" in room.last(
            name
        )
        assert words in room.last(name)
    await presses(room, OFFICER, "首报")
    assert f"值班员 {OFFICER}" in room.last(reporter)
    return card(room)


async def documents(room: Room) -> list[str]:
    """Return the words of every report's Word file as it first went up: each was printed and is kept by its hash."""
    await room.fast_forward(seconds=15)
    async with room.app.db.read() as tx:
        reports = [r for r in await incident.reports_of(tx, 1) if r.state in ("sent", "confirmed")]
    files = [m["document"] for m in room.api.chat(room.ids[SUPERIOR]) if m.get("document")]
    kept = {}
    for found in files:
        file = await room.app.outbox.bot.get_file(found["file_id"])
        data = bytes(await file.download_as_bytearray())
        kept[hashlib.sha256(data).hexdigest()] = _words(data)
    assert [r.document in kept for r in reports] == [True] * len(reports)
    words = [kept[r.document or ""] for r in reports]
    for number, one in enumerate(words, 1):
        assert f"第 {number} 期" in one
        assert not re.search(r"。。|，，|；；|。，|，。|：。|None|\n\s*\n\s*\n\s*\n", one), one
    return words


async def nothing_invented(room: Room) -> None:
    """Every count in what went up stands in somebody's own words."""
    typed = "\n".join(
        m["text"] for chat in room.ids.values() for m in room.api.chat(chat) if not m["from"]["is_bot"]
    )
    for went_up in await documents(room):
        counts = COUNTED.findall(went_up)
        assert [n for n in counts if n not in typed] == [], went_up


async def proves_itself(room: Room, folder: Path) -> None:
    """The evidence proves itself, its timeline is in order; every clock has an outcome, a time and a person."""
    names = await _pack(room, folder)
    code, said = verify(folder)
    assert code == 0, said
    assert said.startswith("通过：")
    reports = len(await documents(room))
    assert len([n for n in names if n.endswith(".docx")]) >= reports
    times = [str(row[1]) for row in _rows(folder / "timeline.xlsx") if str(row[0]).startswith("L")]
    assert len(times) > reports
    assert times == sorted(times)
    async with room.app.db.read() as tx:
        clocks = await report_clock.of_incident(tx, 1)
        state = await tx.value(sqlalchemy.text("SELECT state FROM incidents WHERE id = 1"))
    assert state == "closed"
    assert {c.lane for c in clocks} >= {"phone", "written"}
    assert [(c.outcome is None, c.ended_at is None, not c.by) for c in clocks] == [
        (False, False, False)
    ] * len(clocks)


async def goes_up(room: Room, *, signed_first: bool = False) -> None:
    """The officer sends; a direct report is signed after, another before; the superior confirms by a press."""
    await presses(room, OFFICER, "发送", "签发后自动报送" if signed_first else "补签")
    await says(room, LEADER, "签发 E1", "已签发：事件 E1")
    await presses(room, SUPERIOR, "收到", f"{SUPERIOR} 收到事件 E1 报告")


async def test_r01_an_electric_bicycle_burns_in_a_stairwell(tmp_path: Path) -> None:
    fireman = of("消防站", "A")
    async with duty_room(tmp_path, 10, 0) as room:
        await says(
            *(room, OFFICER, f"首报 {text('r01')}"),
            *("事件 E1 · 首报待发送\n时间：刚才", "地点：海棠里社区3号楼2门楼道", "类别：事故灾难 · 火灾"),
            *(
                "死亡 正在核实；受伤 正在核实；失踪 正在核实；被困 疑似有，正在核实",
                "来源：海棠里社区网格员小刘",
            ),
            *("先电话直报，再补书面", "待补：确切时间、人员伤亡、过火面积、起火原因、报告人电话"),
            *("接报 10:00:00", "电话报告截止 10:15", "书面报告截止 10:30", text("r01")),
        )
        assert "小刘打电话说3号楼2门楼道电动车着火（" not in card(room)
        assert "已电话报告" in room.buttons(LEADER)
        await says(room, OFFICER, "补 E1 时间 9点55分", "时间：9点55分（更正，原为 刚才）")
        await says(room, OFFICER, "已电话报告 E1 王科长", "已记录：事件 E1 电话报告 王科长（10:00")
        await presses(room, OFFICER, "发送", "首报已直报区总值班室（10:00:0")
        up = newest(room, SUPERIOR, "首报")
        assert (
            "7月25日9时55分，海棠里社区3号楼2门楼道发生火灾。10时，沽水街道值班室接海棠里社区网格员小刘报告。"
            in up
        )
        assert "疑似有人员被困，人数正在核实" in up
        assert "已采取措施：119已经打了；已安排小张先过去看。" in up
        assert "“刚才海棠里" not in up
        await room.fast_forward(seconds=15)
        await says(room, LEADER, "签发 E1", "已签发：事件 E1 首报")
        await says(room, OFFICER, "上级已收到 E1 王科长", "王科长 收到事件 E1 报告")
        await presses(room, OFFICER, "联动")
        await presses(room, OFFICER, "消防站", "已告知消防站")
        assert f"来报：{text('r01')}" in room.last(fireman)
        await says(room, fireman, "收到 E1", "已记录：消防站")
        await says(room, fireman, "到场 E1 2车8人", "2车8人")
        assert "消防站 ✅ 到场 10:0" in card(room)
        await says(
            room, OFFICER, "转移 E1 3号楼22户46人 到 海棠里幼儿园", "共转移 46 人，已返回 0 人，未返回 46 人"
        )
        await says(
            room, LEADER, "批示 E1 排查同类楼道充电 今天18点前", "已记录批示 T1（关于事件 E1）", "时限 18:00"
        )
        await room.fast_forward(minutes=24)
        await says(
            *(room, OFFICER, text("f01")),
            *("事件 E1 续报一（待发送）", "变化：受伤 1人", "要改写请输入：正文 E1 …"),
        )
        await says(
            *(room, OFFICER),
            "正文 E1 消防10时02分到场，10时20分明火扑灭，救出3人，其中1人轻微吸入烟气送天津市第四中心医院，无生命危险。"
            "过火面积约3平方米。已疏散22户，现已全部返回。起火原因初步判断与充电有关，正在调查。",
            *("正文已换", "续报一"),
        )
        await goes_up(room)
        await says(room, OFFICER, "返回 E1 46人", "共转移 46 人，已返回 46 人，未返回 0 人")
        await presses(room, OFFICER, "稳定", "已稳定")
        await says(room, OFFICER, "无变化 E1", "已记录：事件 E1 无变化")
        await says(room, OFFICER, "已办结 T1", "T1")
        draft = await says(
            *(room, OFFICER),
            "终报 E1 7月25日9时55分，海棠里社区3号楼2门楼道电动自行车起火，10时20分明火扑灭。消防救出3人，其中1人轻微吸入烟气"
            "送天津市第四中心医院，无生命危险。22户居民已全部返回。目前现场清理完毕，下一步由社区做好善后和同类楼道排查",
            *("事件 E1 终报（待发送）", "仍为正在核实：死亡、被困"),
        )
        assert "没有登记返回" not in draft
        await goes_up(room)
        first, followup, final = await documents(room)
        assert "海棠里社区3号楼2门楼道发生火灾" in first
        assert "突发事件信息快报（续报一）" in followup
        assert "119" not in followup, "only what changed"
        assert "海棠里社区3号楼2门楼道火灾终报" in final
        assert "续报将于" not in final
        await nothing_invented(room)
        await proves_itself(room, tmp_path / "pack")
        await until(room, 7, 31, 9, 1)
        assert "还在住院吗？有无死亡？" in room.last(OFFICER)
        await presses(room, OFFICER, "已出院", "已全部出院")


async def test_r02_gas_leaks_in_the_morning(tmp_path: Path) -> None:
    reporter = of("柳湾社区", "A")
    async with duty_room(tmp_path, 9, 10) as room:
        seen = await told_first(room, reporter, text("r02"))
        for part in (
            *("地点：柳湾小区12-1-501", "类别：事故灾难 · 燃气泄漏", "受伤 无（原话“没人受伤”）"),
            *("“然气”按“燃气”理解", "联系人：赵敏 13800000017", "初判：一般（", "电话报告截止 09:25"),
        ):
            assert part in seen, part
        await says(room, OFFICER, "已电话报告 E1 王科长", "电话报告 王科长")
        await goes_up(room)
        up = newest(room, SUPERIOR, "首报")
        assert f"接柳湾社区{reporter}（据邻居）报告（联系人赵敏，电话13800000017）。" in up
        assert "已关阀" in up
        assert "联系人:" not in up
        await says(room, OFFICER, "转移 E1 12号楼6户15人 到 柳湾社区活动室", "未返回 15 人")
        await says(room, OFFICER, "联动 E1 派出所", "已告知派出所")
        await says(room, of("派出所", "A"), "收到 E1", "已记录：派出所")
        await says(room, of("派出所", "A"), "到场 E1 3人", "3人")
        await room.fast_forward(minutes=29)
        await says(room, OFFICER, "无变化", "事件 E1 无变化")
        await says(room, OFFICER, "续报 E1 燃气公司查明是灶具软管脱落，已更换，检测正常", "续报一")
        await goes_up(room)
        await says(room, OFFICER, "返回 E1 全部", "未返回 0 人")
        await says(room, LEADER, "批示 E1 全小区查一遍软管 今天17点前", "时限 17:00")
        await says(room, OFFICER, "已办结 T1")
        await says(
            *(room, OFFICER),
            "终报 E1 7月25日8时30分许，柳湾小区12-1-501灶具软管脱落造成燃气泄漏，经燃气公司关阀更换软管，检测正常，没人受伤。"
            "目前居民已全部返回，下一步全小区排查软管",
            "终报（待发送）",
        )
        await goes_up(room)
        assert len(await documents(room)) == 3
        await nothing_invented(room)
        await proves_itself(room, tmp_path / "pack")
        await until(room, 7, 31, 9, 1)
        assert not any("还在住院吗" in told for told in room.heard(OFFICER))


async def test_r06_a_chemical_plant_smokes_near_a_school_and_its_cause_is_corrected(tmp_path: Path) -> None:
    reporter = of("柳湾社区", "A")
    async with duty_room(tmp_path, 14, 8) as room:
        seen = await told_first(room, reporter, text("r06"))
        for part in (
            *("地点：园区恒泰化工", "类别：事故灾难 · 危险化学品泄漏", "死亡 正在核实；受伤 正在核实"),
            *(
                "小学（涉学校、幼儿园）、化工（危险化学品）",
                "先电话直报，再补书面",
                "电话报告截止 14:23",
                "待补：",
            ),
        ):
            assert part in seen, part
        await presses(room, OFFICER, "补时间")
        await says(room, OFFICER, "补 E1 时间 14点左右", "时间：14点左右（更正，原为 14:05）")
        await says(room, OFFICER, "已电话报告 E1 王科长", "电话报告 王科长")
        await presses(room, OFFICER, "发送", "已直报区总值班室")
        up = newest(room, SUPERIOR, "首报")
        assert (
            f"7月25日14时许，园区恒泰化工发生危险化学品泄漏。14时08分，沽水街道值班室接柳湾社区{reporter}（据家长群）报告"
            in up
        )
        assert "人员伤亡情况正在核实。" in up
        assert "要不要" not in up, "a question to the room is no news for the superior"
        await room.fast_forward(seconds=15)
        await says(room, LEADER, "签发 E1", "已签发")
        await says(room, OFFICER, "上级已收到 E1 王科长", "王科长 收到事件 E1 报告")
        await says(room, OFFICER, "联动 E1 消防站", "已告知消防站")
        await says(room, of("消防站", "A"), "收到 E1", "已记录：消防站")
        await says(room, of("消防站", "A"), "到场 E1 3车12人", "3车12人")
        await says(room, LEADER, "批示 E1 通知学校走南门放学 今天15点前", "时限 15:00")
        await says(room, OFFICER, "已办结 T1")
        await room.fast_forward(minutes=30)
        assert "该续报了" in newest(room, OFFICER, "该续报了")
        await presses(room, OFFICER, "无变化", "事件 E1 无变化")
        await room.fast_forward(minutes=60)
        await says(room, OFFICER, f"续报 E1 {text('f04')}", "续报一（待发送）", "变化：受伤 3名员工")
        assert "更正" not in room.last(OFFICER).split("变化：")[1].split("\n")[0], (
            "nothing was reported before"
        )
        await says(
            *(room, OFFICER),
            "正文 E1 更正：泄漏部位不是反应釜，为废酸罐呼吸阀。黄烟15时10分消散，经环保部门监测，氮氧化物未超标。"
            "企业3名员工咽部不适，就医检查无碍后返回。学校已正常放学。",
            "正文已换",
        )
        await goes_up(room)
        assert "泄漏部位不是反应釜，为废酸罐呼吸阀" in newest(room, SUPERIOR, "续报一")
        await says(room, OFFICER, "续报 E1 更正：2人受伤，企业核实另一人是陪同", "续报二")
        await goes_up(room)
        assert "更正：受伤，原报“3名员工”，更正为“2人”。" in newest(room, SUPERIOR, "续报二")
        assert "原报 3名员工" in await says(room, OFFICER, "E1")
        await presses(room, OFFICER, "稳定", "已稳定")
        await says(
            *(room, OFFICER),
            "终报 E1 7月25日14时许，园区恒泰化工废酸罐呼吸阀泄漏冒黄烟，经企业和消防处置，15时10分消散，氮氧化物未超标。"
            "2人就医检查无碍已返回，无人死亡。目前现场稳定，下一步由区应急局督促企业整改",
            "终报（待发送）",
        )
        await goes_up(room)
        first, *_, final = await documents(room)
        assert "反应釜" in first, "what went up never changes"
        assert "废酸罐" in final
        await nothing_invented(room)
        await proves_itself(room, tmp_path / "pack")


async def test_r08_owners_gather_at_the_gate(tmp_path: Path) -> None:
    reporter = of("御河湾社区", "A")
    async with duty_room(tmp_path, 18, 20) as room:
        seen = await told_first(room, reporter, text("r08"))
        for part in (
            *("地点：御河湾小区北门", "类别：社会安全 · 群体性聚集(物业纠纷)", "抖音（网络传播、媒体关注）"),
            *("“四五十个业主”没有归到哪一项，请核实", "电话报告截止 18:35", "待补："),
        ):
            assert part in seen, part
        assert "初判" not in seen, "a public-security event is not graded by figures nobody gave"
        await says(room, OFFICER, "已电话报告 E1 王科长", "电话报告 王科长")
        await goes_up(room)
        up = newest(room, SUPERIOR, "首报")
        assert "御河湾小区北门发生群体性聚集（物业纠纷）。18时20分" in up
        assert f"接御河湾社区{reporter}报告" in up
        assert "四五十个业主" in up
        await says(room, OFFICER, "联动 E1 派出所", "已告知派出所")
        await says(room, of("派出所", "A"), "收到 E1", "已记录：派出所")
        await says(room, of("派出所", "A"), "到场 E1 5人", "5人")
        await says(room, LEADER, "批示 E1 请物业经理到场答复 今天20点前", "时限 20:00")
        await room.fast_forward(minutes=25)
        await says(
            room, OFFICER, "续报 E1 物业经理到场对话，还有20人左右未散，车辆已能进出，没人受伤", "续报一"
        )
        await goes_up(room)
        await says(room, OFFICER, "续报 E1 更正：诉求不是物业费涨价，是电梯维修没公示", "续报二")
        await goes_up(room)
        await says(room, OFFICER, "无变化 E1", "无变化")
        await says(room, OFFICER, "稳定 E1", "已稳定")
        await says(room, OFFICER, "已办结 T1")
        await says(
            *(room, OFFICER),
            "终报 E1 7月25日18时许，御河湾小区北门业主因电梯维修未公示聚集，经社区、派出所和物业对话，现已全部散去，无人死亡，"
            "没人受伤。目前秩序正常，下一步由物业三日内公示",
            "终报（待发送）",
        )
        await goes_up(room)
        _, one, two, _ = await documents(room)
        assert "突发事件信息快报（续报一）" in one
        assert "突发事件信息快报（续报二）" in two
        await nothing_invented(room)
        await proves_itself(room, tmp_path / "pack")


async def test_r09_a_tree_falls_on_cars_and_the_report_is_signed_before_it_goes(tmp_path: Path) -> None:
    async with duty_room(tmp_path, 10, 45) as room:
        seen = await says(
            *(room, OFFICER, f"首报 {text('r09')}"),
            *("地点：福安里菜市场后身那条路", "来源：居民", "“没伤人应该”未核实", "待补：确切时间"),
            *("电话报告截止 11:15", "书面报告截止 11:45"),
        )
        assert "直报情形" not in seen
        await says(room, OFFICER, "补 E1 地点 福安里菜市场北侧路", "地点：福安里菜市场北侧路（更正")
        await says(room, OFFICER, "已电话报告 E1 王科长", "电话报告 王科长")
        await presses(room, OFFICER, "发送", f"首报已送 {LEADER} 签发")
        assert not any("首报" in told for told in room.heard(SUPERIOR)), "nothing goes up unsigned"
        asked = newest(room, LEADER, "请签发")
        assert "事发时间正在核实" in asked
        assert "几点倒的不知道" not in asked
        assert "“没伤人应该”" in asked, "the doubt is not dropped"
        await says(room, LEADER, "签发 E1", "已签发：事件 E1 首报")
        await says(room, OFFICER, "上级已收到 E1 王科长", "王科长 收到事件 E1 报告")
        await presses(room, OFFICER, "联动")
        await says(room, OFFICER, "联动 E1 房管站 电话", "已记录：房管站 电话告知")
        await says(room, OFFICER, "到场 E1 房管站 4人", "4人")
        await says(room, LEADER, "批示 E1 拉好警戒，别让人靠近电线 今天12点前", "时限 12:00")
        await says(room, OFFICER, "已办结 T1")
        await room.fast_forward(minutes=20)
        await says(
            room, OFFICER, "续报 E1 电力已断电，园林正在锯树，砸坏的车是3辆不是2辆，没人受伤", "续报一"
        )
        await goes_up(room, signed_first=True)
        assert "3辆" in newest(room, SUPERIOR, "续报一")
        await says(room, OFFICER, "无变化 E1", "无变化")
        await says(room, OFFICER, "稳定 E1", "已稳定")
        await says(
            *(room, OFFICER),
            "终报 E1 7月25日10时40分前，福安里菜市场北侧路一棵杨树被大风刮倒，砸坏3辆车、压断电线，经园林、电力处置，树已清走，"
            "供电恢复，没人受伤。目前道路通行，下一步联系车主定损",
            "终报（待发送）",
        )
        await goes_up(room, signed_first=True)
        assert len(await documents(room)) == 3
        await nothing_invented(room)
        await proves_itself(room, tmp_path / "pack")

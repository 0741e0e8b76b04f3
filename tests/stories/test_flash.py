"""突发事件信息快报: what goes up in words and as a Word file, signed later, reworded, sent again, replaced by the office."""

import hashlib
import io
from pathlib import Path

from docx import Document

from bot.prints import SHIPPED
from storage import incident
from tests.stories.room import Room
from tests.stories.test_records_and_log import _file, _words, dies

OFFICER, LEADER, ADMIN, SUPERIOR = "郑伟", "张慧敏", "宋倩", "崔海波"
SMALL = "首报 今早8点福安里社区门口水管爆了，约30户停水，没人受伤，已通知水务"
FIRE = "首报 刚才海棠里3号楼电动车着火，有人没下来，119已打"


def files(room: Room, name: str) -> list[str]:
    """Return the names of the Word files a person has."""
    documents = [m.get("document") or {} for m in room.api.chat(room.ids[name])]
    return [d["file_name"] for d in documents if "快报" in d.get("file_name", "")]


async def goes_up(room: Room, words: str = SMALL) -> None:
    """A report is sent, signed where it must be, and its file made."""
    await room.types(OFFICER, words)
    await room.presses(OFFICER, "发送")
    if words != FIRE:
        await room.types(LEADER, "签发 E1")
    await room.fast_forward(seconds=15)


async def test_the_superior_reads_a_document_not_the_hurried_line_and_gets_it_as_a_file(room: Room) -> None:
    await goes_up(room)
    card = next(text for text in room.heard(SUPERIOR) if "信息快报（首报）" in text)
    for part in (
        "突发事件信息快报（首报） 第1期",
        "沽水街道办事处 2026年7月25日10时",
        "7月25日8时许，福安里社区门口发生供水中断。10时，沽水街道值班室接到报告。",
        "报告称“没人受伤”；失踪、被困情况正在核实",
        "已采取措施：已通知水务。",
        "“约30户停水”",
        "起因正在核查。",
        "续报将于10时30分前报送。",
        "主送：区总值班室　抄送：区应急管理局",
        "签发人：张慧敏　编辑：郑伟",
    ):
        assert part in card, part
    assert files(room, SUPERIOR) == ["20260725-信息快报-福安里社区门口供水中断-首报-第1期.docx"]
    assert files(room, OFFICER) == files(room, SUPERIOR)
    data = await _file(room, SUPERIOR, "快报")
    words = _words(data)
    for part in ("第 1 期", "沽水街道办事处\t2026年7月25日10时", "约30户停水", "签发人：张慧敏"):
        assert part in words, part
    async with room.app.db.read() as tx:
        (report,) = await incident.reports_of(tx, 1)
    assert report.document == hashlib.sha256(data).hexdigest()
    await room.fast_forward(minutes=20)
    assert len(files(room, SUPERIOR)) == 1


async def test_a_direct_report_goes_up_unsigned_and_again_when_it_is_signed(room: Room) -> None:
    await goes_up(room, FIRE)
    first = await _file(room, SUPERIOR, "快报")
    assert "签发人：（待补签）" in _words(first)
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(seconds=15)
    assert files(room, SUPERIOR) == [
        "20260725-信息快报-海棠里3号楼火灾-首报-第1期.docx",
        "20260725-信息快报-海棠里3号楼火灾-首报-第1期-补签.docx",
    ]
    signed = _words(await _file(room, SUPERIOR, "补签"))
    assert "签发人：张慧敏" in signed
    assert signed.replace("张慧敏", "（待补签）") == _words(first), "nothing but the signature is new"
    async with room.app.db.read() as tx:
        (report,) = await incident.reports_of(tx, 1)
    assert report.document == hashlib.sha256(first).hexdigest()


async def test_a_follow_up_says_what_changed_with_the_old_figure_and_a_sent_one_never_changes(
    room: Room,
) -> None:
    await goes_up(room, "首报 今早8点福安里社区门口水管爆了，2人受伤，已通知水务")
    before = await _file(room, SUPERIOR, "首报")
    await room.types(OFFICER, "续报 E1 更正：之前报的受伤有误，实际1人受伤")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(seconds=15)
    words = _words(await _file(room, SUPERIOR, "续报一"))
    assert "突发事件信息快报（续报一）" in words
    assert "更正：之前报的受伤有误，实际1人受伤。" in words
    assert "更正：受伤，原报“2人”，更正为“1人”。" in words
    assert "水务" not in words, "only what changed"
    await room.types(OFFICER, "快报 E1")
    assert await _file(room, OFFICER, "首报") == before


async def test_the_officer_rewords_an_unsent_report_and_a_sent_one_is_refused(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    (preview, *_) = await room.types(OFFICER, "快报 E1")
    assert "（草稿）" in preview
    assert files(room, OFFICER) == ["20260725-信息快报-福安里社区门口供水中断-首报-草稿.docx"]
    assert "草稿，未报送" in _words(await _file(room, OFFICER, "草稿"))
    answer = (await room.types(OFFICER, "正文 E1 7月25日8时，福安里社区供水主管爆裂，影响32户。"))[-1]
    assert "正文已换" in answer
    assert "影响32户" in answer
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(seconds=15)
    words = _words(await _file(room, SUPERIOR, "快报"))
    assert "影响32户" in words
    assert "约30户停水" not in words
    answer = (await room.types(OFFICER, "正文 E1 别的话"))[-1]
    assert "已报送的不能改" in answer
    assert "草稿 D" in answer
    assert "正文 E7" in (await room.types(OFFICER, "正文 没有编号"))[-1]


async def test_a_body_does_not_lower_casualties_without_saying_that_it_corrects(room: Room) -> None:
    await room.types(OFFICER, "首报 今早8点福安里社区门口墙倒了，2人受伤")
    assert "受伤由2人减为1人" in (await room.types(OFFICER, "正文 E1 福安里社区墙体倒塌，1人受伤。"))[-1]
    assert "请核对" in (await room.types(OFFICER, "正文 E1 福安里社区墙体倒塌，3人受伤。"))[-1]


async def test_the_superior_gets_sent_reports_again_and_no_draft(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    assert "还没有报送" in (await room.types(SUPERIOR, "快报 E1"))[-1]
    assert "没有 E9" in (await room.types(SUPERIOR, "快报 E9"))[-1]
    assert "快报 E7" in (await room.types(OFFICER, "快报"))[-1]
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    assert "正在打印" in (await room.types(SUPERIOR, "快报 E1"))[-1]
    await room.fast_forward(seconds=15)
    assert "第1期.docx" in (await room.types(SUPERIOR, "快报 E1"))[-1]
    (path,) = [p for p in room.app.files.rglob("*") if p.is_file() and p.read_bytes()[:2] == b"PK"]
    path.unlink()
    assert "文件不在了" in (await room.types(SUPERIOR, "快报 E1"))[-1]


async def test_a_crash_before_the_file_is_made_makes_it_once(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    dies(room)
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(seconds=15)
    assert files(room, SUPERIOR) == []
    await room.crash()
    await room.crash()
    assert len(files(room, SUPERIOR)) == 1


async def test_the_offices_own_template_is_used_and_a_broken_one_names_its_line(room: Room) -> None:
    own = Document(str(SHIPPED / "突发事件信息快报.docx"))
    own.add_paragraph("本街道格式 {{ 期号 }}")
    good, broken = io.BytesIO(), io.BytesIO()
    own.save(good)
    own.add_paragraph("{% if 期号 %}没有结尾")
    own.save(broken)
    await room.sends_file(ADMIN, "a.docx", good.getvalue(), "模板 突发事件信息快报")
    assert "已换上本单位的「突发事件信息快报」模板" in room.last(ADMIN)
    await room.sends_file(ADMIN, "b.docx", broken.getvalue(), "模板 突发事件信息快报")
    assert "没有换：写法不对，少了结尾的 {% endif %}" in room.last(ADMIN)
    assert "没有结尾" in room.last(ADMIN), "the line is named"
    await goes_up(room)
    assert "本街道格式 1" in _words(await _file(room, SUPERIOR, "快报"))


async def test_a_drill_says_so_in_title_and_name(room: Room) -> None:
    await room.types(ADMIN, "演练 开")
    await goes_up(room)
    assert files(room, SUPERIOR) == ["20260725-演练-信息快报-福安里社区门口供水中断-首报-第1期.docx"]
    assert "【演练】突发事件信息快报（首报）" in _words(await _file(room, SUPERIOR, "快报"))


async def test_a_reporters_own_name_is_the_source_and_a_phone_without_a_name_is_no_error(room: Room) -> None:
    await room.types("张玉梅", "首报 福安里2号楼水管爆了 13800000000")
    await room.presses(OFFICER, "首报")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    card = next(text for text in room.heard(SUPERIOR) if "信息快报（首报）" in text)
    assert "张玉梅报告（电话13800000000）" in card


async def test_a_pdf_follows_where_a_converter_is_found_and_a_failing_one_costs_only_the_pdf(
    room: Room, tmp_path: Path
) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nprintf '%%PDF-1.4' > in.pdf\n", "utf-8")
    program.chmod(0o700)
    room.app.prints.converter = str(program)
    await goes_up(room)
    name = "20260725-信息快报-福安里社区门口供水中断-首报-第1期"
    assert files(room, SUPERIOR) == [f"{name}.docx", f"{name}.pdf"]
    await room.fast_forward(minutes=10)
    assert len(files(room, SUPERIOR)) == 2
    program.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    await room.types(OFFICER, "续报 E1 正在抢修")
    await room.presses(OFFICER, "发送")
    assert "签发人：（待签发）" in room.last(LEADER)
    assert "草稿，未报送" in _words(await _draft(room))
    await room.types(LEADER, "签发 E1")
    await room.fast_forward(seconds=15)
    assert files(room, SUPERIOR)[2:] == ["20260725-信息快报-福安里社区门口供水中断-续报一-第2期.docx"]
    assert sum("没有转成 PDF" in text for text in room.heard(ADMIN)) == 1


async def _draft(room: Room) -> bytes:
    await room.types(OFFICER, "快报 E1")
    return await _file(room, OFFICER, "续报一-草稿")

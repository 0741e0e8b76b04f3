"""Printed handover records with their hash in the log, templates an office replaces, a day of the duty log."""

import hashlib
import io
import json
from datetime import date, datetime

import pytest
from docx import Document

from actions import record
from bot.prints import SHIPPED
from storage import chain, log
from tests.stories.room import ZONE, Room
from tests.stories.test_duty_day import FIRE
from tests.stories.test_handover import _until

OUT, IN, LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "宋倩"


async def _file(room: Room, name: str, last: str) -> bytes:
    """Return the newest file of that name ending in a person's chat."""
    messages = [
        m for m in room.api.chat(room.ids[name]) if last in (m.get("document") or {}).get("file_name", "")
    ]
    file = await room.app.outbox.bot.get_file(messages[-1]["document"]["file_id"])
    return bytes(await file.download_as_bytearray())


def _words(data: bytes) -> str:
    word = Document(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in word.paragraphs), *cells])


def dies(room: Room) -> None:
    """Let the process die each time before it prints."""

    async def killed(subject: str) -> None:
        del subject

    room.app.prints.print = killed  # type: ignore[method-assign]  # the next process is another object


async def _hand_over(room: Room, note: str = "") -> None:
    await _until(room, 26, "08:20")
    if note:
        await room.types(OUT, f"交班 {note}")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    await room.types(IN, "接班")
    if "全部接收" in room.buttons(IN):
        await room.presses(IN, "全部接收")
    elif any(b.startswith("接收") for b in room.buttons(IN)):
        await room.presses(IN, "接收")
    await room.reads_back(IN)
    await room.presses(IN, "接班")


async def test_a_finished_handover_is_printed_for_both_and_its_hash_stands_in_the_log(room: Room) -> None:
    await room.types(OUT, f"首报 {FIRE}")
    await room.presses(OUT, "发送")
    await _hand_over(room, "传真机 <缺墨> & 卡纸")
    for name in (OUT, IN, LEADER):
        assert any("[交接班记录20260726-0820.docx]" in text for text in room.heard(name)), name
    data = await _file(room, IN, "交接班记录")
    words = _words(data)
    for part in ("沽水街道值班室交接班记录", "编号 H1", OUT, IN, "火灾", "传真机 <缺墨> & 卡纸", "接收", "√"):
        assert part in words, part
    async with room.app.db.read() as tx:
        (entry,) = await log.entries(tx, subject="H1", act="handover.printed")
        link = await chain.entry(tx, entry.seq)
    assert link is not None
    assert json.loads(link.data)["sha256"] == hashlib.sha256(data).hexdigest()
    again = (await room.types(LEADER, "交接班记录 H1"))[-1]
    assert "交接班记录20260726-0820.docx" in again
    assert await _file(room, LEADER, "交接班记录") == data
    assert (
        "H1 7月26日（周日） 08:20 郑伟 → 何琳 已完成，已打印" in (await room.types(ADMIN, "交接班记录"))[-1]
    )


async def test_a_crash_between_signature_and_print_prints_once(room: Room) -> None:
    await _until(room, 26, "08:20")
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    dies(room)
    await room.presses(IN, "接班")
    assert "交接班记录2026" not in "\n".join(room.heard(IN))
    await room.crash()
    await room.crash()
    assert sum("[交接班记录20260726-0820.docx]" in text for text in room.heard(IN)) == 1


async def test_the_office_replaces_a_template_and_a_broken_one_is_refused_with_its_reason(room: Room) -> None:
    own = Document(str(SHIPPED / "交接班记录.docx"))
    own.add_paragraph("本单位格式 {{ 交班人 }} 交 {{ 接班人 }}")
    good, broken = io.BytesIO(), io.BytesIO()
    own.save(good)
    own.add_paragraph("{{ 天气预报 }}")
    own.save(broken)
    await room.sends_file(ADMIN, "交接班记录.docx", broken.getvalue(), "模板 交接班记录")
    assert "没有换：没有「天气预报」这个栏目" in room.last(ADMIN)
    assert "交接班记录：自带的" in (await room.types(ADMIN, "模板"))[0]
    await room.sends_file(ADMIN, "交接班记录.docx", good.getvalue(), "模板 交接班记录")
    assert "已换上本单位的「交接班记录」模板" in room.last(ADMIN)
    assert "交接班记录：本单位的" in (await room.types(ADMIN, "模板"))[0]
    await room.sends_file(ADMIN, "x.docx", b"no word at all", "模板 交接班记录")
    assert "不是 Word 文档" in room.last(ADMIN)
    await _hand_over(room)
    assert "本单位格式 郑伟 交 何琳" in _words(await _file(room, IN, "交接班记录"))
    assert "用回自带的「交接班记录」模板" in (await room.types(ADMIN, "模板 交接班记录 恢复"))[-1]
    assert "管理员" in (await room.types(OUT, "模板"))[-1]


async def test_a_day_of_the_log_is_printed(room: Room) -> None:
    await room.types(OUT, "记录 检查泵站")
    await room.types(OUT, "记录 水位 3.0 米")
    assert "正在打印 7月25日的值班日志" in (await room.types(OUT, "日志 7.25 打印"))[0]
    words = _words(await _file(room, OUT, "值班日志20260725.docx"))
    for part in ("2026年7月25日 星期六", LEADER, OUT, "检查泵站", "水位 3.0 米", "天气"):
        assert part in words, part


async def test_a_record_belongs_to_the_day_the_watch_moved_not_when_the_sheet_was_opened(room: Room) -> None:
    await _until(room, 25, "23:50")
    await room.types(OUT, "交班")
    room.clock.move(600)
    await room.settle()
    await room.types(LEADER, f"强制交接 {IN} {OUT}突发疾病")
    assert "[交接班记录20260726-0000.docx]" in (await room.types(ADMIN, "交接班记录 7.26"))[-1]
    assert "没有 7.25" in (await room.types(ADMIN, "交接班记录 7.25"))[-1]
    assert "[交接班记录20260726-0000.docx]" in (await room.types(ADMIN, "交接班记录 Ｈ１"))[-1]
    assert "H1 7月26日（周日） 00:00" in (await room.types(ADMIN, "交接班记录"))[-1]
    assert "没有 12.31" in (await room.types(ADMIN, "交接班记录 12.31"))[-1]


async def test_a_record_nobody_has_is_said_so(room: Room) -> None:
    assert "还没有交接班" in (await room.types(OUT, "交接班记录"))[-1]
    assert "H9" in (await room.types(OUT, "交接班记录 H9"))[-1]
    assert "看不懂" in (await room.types(OUT, "交接班记录 改天"))[-1]
    await room.types(OUT, "交班")
    assert "还没有完成" in (await room.types(OUT, "交接班记录 H1"))[-1]
    async with room.app.db.read() as tx:
        assert await record.sheet(tx, datetime(2026, 7, 25, tzinfo=ZONE), 1) is None
    assert record.day_name(date(2026, 7, 25)) == "值班日志20260725.docx"


async def test_a_long_log_is_checked_beside_the_loops(room: Room) -> None:
    async with room.app.db.write() as tx:
        await log.append_all(tx, room.clock.now(), [log.New(1, "duty.log", "", "一件事")] * log.AT_ONCE * 4)
    room.api.post(room.ids[ADMIN], "审计")
    room.api.post(room.ids[OUT], "值班")
    await room._take()
    await room.app.inbox.work()
    assert room.app.jobs, "the check goes on"
    await room.app.outbox.pump()
    assert "郑伟" in room.last(OUT), "and others are answered meanwhile"
    await room.settle()
    assert "日志链完整" in room.last(ADMIN)
    assert "条数" in (await room.types(ADMIN, "审计 二十"))[-1]


async def test_a_pack_of_an_event_that_is_not_there_is_refused_at_once(room: Room) -> None:
    assert "E99" in (await room.types(OUT, "台账 E99"))[-1]
    assert not room.app.jobs


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("今晚12点前报结果", "明天 00:00"),
        ("半小时内报结果", "10:30"),
        ("两个小时之内报结果", "12:00"),
        ("12月31日前整改到位", "12月31日 23:59"),
        ("下周一8点前交", "7月27日 08:00"),
        ("周五17点前交", "7月31日 17:00"),
        ("今天17点前交", "17:00"),
        ("后天凌晨2点前交", "7月27日 02:00"),
        ("下班前报上来", "17:30"),
        ("周一下班前报上来", "7月27日 17:30"),
        ("天亮前撤完", "明天 06:00"),
        ("今晚前报结果", "明天 00:00"),
    ],
)
async def test_an_instruction_is_due_when_it_says(room: Room, typed: str, due: str) -> None:
    said = (await room.types("张慧敏", f"批示 {typed}"))[-1]
    limit = said.split("时限 ")[1].splitlines()[0]
    assert limit.startswith(due)
    assert "按 24 小时" not in limit


async def test_an_instruction_is_received_and_finished_without_its_number(room: Room) -> None:
    await room.types("张慧敏", "批示 给刘芳 核查3号楼积水 17:00前")
    given = room.api.chat(room.ids["刘芳"])[-1]
    room.api.post(room.ids["刘芳"], "收到，我带人去", reply_to=given["message_id"])
    await room.settle()
    assert "已记录收到 T1" in room.last("刘芳")
    assert "办完请回复：已办结 T1" in room.last("刘芳")
    assert "刘芳 已收到 T1（10:00:" in room.last("张慧敏")
    assert "附言：我带人去" in room.last("张慧敏")
    told = len(room.heard("张慧敏"))
    assert "已记录收到 T1" in (await room.types("刘芳", "收到 T1"))[-1]
    assert len(room.heard("张慧敏")) == told, "said twice, heard once"
    assert "现在没有等您「收到」" in (await room.types("刘芳", "收到"))[-1]
    assert "责任人是 刘芳" in (await room.types("陈刚", "收到 T1"))[-1]
    assert "已办结 T1" in (await room.types("刘芳", "已办结，水已退"))[-1]
    assert "现在没有等您「已办结」" in (await room.types("刘芳", "已办结"))[-1]

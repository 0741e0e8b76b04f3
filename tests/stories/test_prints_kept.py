"""What is to be printed is a row until it is printed: a full disk, a crash or a spoilt file loses nothing in silence."""

import io
from pathlib import Path

import pytest
from docx import Document

from bot import child
from bot.prints import AT_ONCE, SHIPPED
from tests.stories.room import Room
from tests.stories.test_records_and_log import ADMIN, IN, OUT, _file, _hand_over, _words, dies

RECORD = "[交接班记录20260726-0820.docx]"


def _full(room: Room) -> Path:
    """Let nothing be kept any more, as on a full disk; return the folder that could be written."""
    folder = room.app.prints.folder
    room.app.prints.folder = room.data / "rules.toml"  # no folder: every write into it fails
    return folder


async def test_a_print_that_cannot_be_kept_is_tried_until_it_is_and_the_admins_hear_once_a_day(
    room: Room,
) -> None:
    folder = _full(room)
    await _hand_over(room)
    await room.fast_forward(minutes=16)
    told = [text for text in room.heard(ADMIN) if "「交接班记录 H1」没有打印出来" in text]
    assert len(told) == 1
    assert "每 5 分钟" in told[0]
    assert RECORD not in "\n".join(room.heard(IN))
    room.clock.move(24 * 3600)
    await room.settle()
    assert sum("「交接班记录 H1」没有打印出来" in text for text in room.heard(ADMIN)) == 2
    room.app.prints.folder = folder
    await room.fast_forward(minutes=6)
    for name in (OUT, IN):
        assert sum(RECORD in text for text in room.heard(name)) == 1
    await room.fast_forward(minutes=20)
    assert sum(RECORD in text for text in room.heard(IN)) == 1


def _kept(room: Room) -> Path:
    """Return the one Word file that is kept."""
    (path,) = [p for p in room.app.files.rglob("*") if p.is_file() and p.read_bytes()[:2] == b"PK"]
    return path


async def test_an_altered_record_is_not_sent_as_genuine_and_the_admins_are_told(room: Room) -> None:
    await _hand_over(room)
    path = _kept(room)
    genuine = path.read_bytes()
    path.write_bytes(genuine + b"x")
    for _ in range(2):
        (answer,) = await room.types(OUT, "交接班记录 H1")
        assert "与值班日志里的文件摘要不符" in answer
        assert f"files/{path.parent.name}/{path.name}" in answer
        assert RECORD not in answer
    assert sum("与值班日志里的文件摘要不符" in text for text in room.heard(ADMIN)) == 1
    path.write_bytes(genuine)
    assert RECORD in (await room.types(OUT, "交接班记录 H1"))[-1]


async def test_a_record_whose_file_is_gone_says_so_and_what_to_do(room: Room) -> None:
    await _hand_over(room)
    path = _kept(room)
    path.unlink()
    (answer,) = await room.types(OUT, "交接班记录 7.26")
    assert "文件不在了" in answer
    assert f"请管理员从备份里找回 files/{path.parent.name}/{path.name}" in answer
    assert RECORD not in answer
    assert sum("文件不在了" in text for text in room.heard(ADMIN)) == 1
    (own,) = await room.types(ADMIN, "交接班记录 H1")
    assert "文件不在了" in own


async def test_an_office_template_that_was_altered_on_the_disk_gives_way_to_the_shipped_one(
    room: Room,
) -> None:
    own = Document(str(SHIPPED / "交接班记录.docx"))
    own.add_paragraph("本单位格式 {{ 交班人 }}")
    out = io.BytesIO()
    own.save(out)
    await room.sends_file(ADMIN, "交接班记录.docx", out.getvalue(), "模板 交接班记录")
    assert "已换上" in room.last(ADMIN)
    path = _kept(room)
    path.write_bytes(b"PK, but no template")
    await _hand_over(room)
    assert "本单位格式" not in _words(await _file(room, IN, "交接班记录"))
    assert any("本单位模板" in text and "被改动" in text for text in room.heard(ADMIN))
    await room.sends_file(ADMIN, "交接班记录.docx", out.getvalue(), "模板 交接班记录")
    assert path.read_bytes() == out.getvalue(), "what is sent again is whole again"


async def test_a_template_that_would_lose_text_is_refused_and_the_one_before_stays(room: Room) -> None:
    own = Document(str(SHIPPED / "交接班记录.docx"))
    own.add_paragraph("{{r 说明 }} {{p 交班人 }}")
    out = io.BytesIO()
    own.save(out)
    await room.sends_file(ADMIN, "交接班记录.docx", out.getvalue(), "模板 交接班记录")
    assert "没有换：「交班人」里的 < 和 & 会使文字丢失" in room.last(ADMIN)
    assert "交接班记录：自带的" in (await room.types(ADMIN, "模板"))[0]


async def test_a_crash_between_the_question_and_its_answer_loses_no_print_and_no_trial(room: Room) -> None:
    await room.types(OUT, "记录 检查泵站")
    own = Document(str(SHIPPED / "值班日志.docx"))
    own.add_paragraph("本单位格式 {{ 值班室 }}")
    out = io.BytesIO()
    own.save(out)
    dies(room)
    assert "正在打印" in (await room.types(OUT, "日志 7.25 打印"))[-1]
    await room.sends_file(ADMIN, "值班日志.docx", out.getvalue(), "模板 值班日志")
    await room.types(ADMIN, "模板")
    assert "[" not in "\n".join(room.heard(OUT) + room.heard(ADMIN))
    for _ in range(2):
        await room.crash()
    assert sum("[值班日志20260725.docx]" in text for text in room.heard(OUT)) == 1
    assert sum("已换上本单位的「值班日志」模板" in text for text in room.heard(ADMIN)) == 1
    assert sum("模板 交接班记录" in text and "[交接班记录.docx]" in text for text in room.heard(ADMIN)) == 1
    await room.fast_forward(minutes=11)
    assert sum("[值班日志20260725.docx]" in text for text in room.heard(OUT)) == 1


async def test_a_day_that_cannot_be_kept_reaches_who_asked_for_it_later(room: Room) -> None:
    folder = _full(room)
    assert "正在打印" in (await room.types(OUT, "日志 7.25 打印"))[-1]
    assert any("「值班日志 7月25日」没有打印出来" in text for text in room.heard(ADMIN))
    room.app.prints.folder = folder
    await room.fast_forward(minutes=6)
    assert "[值班日志20260725.docx]" in room.last(OUT)


async def test_documents_take_turns(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most = 0, 0
    run = child.run

    async def watched(args: tuple[str, ...], told: bytes, seconds: float) -> tuple[int, bytes, bytes]:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        try:
            return await run(args, told, seconds)
        finally:
            at_work -= 1

    monkeypatch.setattr(child, "run", watched)
    for _ in range(5):
        room.api.post(room.ids[OUT], "日志 7.25 打印")
    await room.settle()
    assert sum("[值班日志20260725.docx]" in text for text in room.heard(OUT)) == 5
    assert most == AT_ONCE

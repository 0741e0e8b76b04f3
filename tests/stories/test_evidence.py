"""The evidence of one event: everything in one zip that proves itself with Python's standard library alone."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl

from messages import room_files
from storage import log
from tests.stories.room import Room
from tests.stories.test_flash import LEADER, OFFICER, SUPERIOR, goes_up
from tests.stories.test_records_and_log import _file


def verify(folder: Path) -> tuple[int, str]:
    """Run the pack's own program as anybody would, with the standard library only."""
    ran = subprocess.run(  # noqa: S603 - our own program, our own folder
        [sys.executable, "-X", "utf8", "-I", str(folder / "verify.py")],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


async def _happens(room: Room, photo: bytes) -> Path:
    """Something happens, is reported and confirmed; return where its photo is kept."""
    await goes_up(room)
    await room.presses(SUPERIOR, "收到")
    await room.sends_file(OFFICER, "现场 照片.jpg", photo, "记录 现场照片")
    (path,) = [p for p in room.app.files.rglob("*") if p.is_file() and p.read_bytes() == photo]
    async with room.app.db.write() as tx:
        file = {"name": "现场/照片.jpg", "sha256": path.name, "size": len(photo), "kind": "photo"}
        await log.append(tx, room.clock.now(), 1, "incident.file", "E1", "现场照片", file=file)
    return path


async def _pack(room: Room, folder: Path) -> set[str]:
    await room.types(LEADER, "台账 E1")
    with zipfile.ZipFile(io.BytesIO(await _file(room, LEADER, "台账-E1.zip"))) as packed:
        packed.extractall(folder)
        return set(packed.namelist())


def _rows(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


async def test_it_holds_everything_and_names_whatever_was_changed(room: Room, tmp_path: Path) -> None:
    await _happens(room, b"\xff\xd8 a photo")
    folder = tmp_path / "pack"
    names = await _pack(room, folder)
    assert {"README.txt", "timeline.xlsx", "messages.xlsx", "figures.xlsx", "原文.txt", "log.jsonl"} <= names
    (photo,) = [n for n in names if n.startswith("attachments/")]
    (document,) = [n for n in names if n.startswith("documents/")]
    assert photo.endswith("现场_照片.jpg")
    assert document == "documents/20260725-信息快报-福安里社区门口供水中断-首报-第1期.docx"
    assert "起因正在核查。" in (folder / "报告-01-首报.txt").read_text("utf-8")
    (up,) = [row for row in _rows(folder / "messages.xlsx") if "报送上级" in row and SUPERIOR in row]
    assert "已送达" in up
    assert any("2026-07-25 10:00" in str(cell) for cell in up[5:6]), "the receipt's time"
    code, said = verify(folder)
    assert code == 0, said
    assert said.startswith("通过：")
    for name in (photo, document, "timeline.xlsx"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        code, said = verify(folder)
        assert code == 1
        assert f"不通过：{name} 内容被改动" in said
        (folder / name).write_bytes(whole)
    whole = (folder / photo).read_bytes()
    (folder / photo).unlink()
    assert f"不通过：{photo} 缺少这个文件" in verify(folder)[1]
    (folder / photo).write_bytes(whole)
    chain = (folder / "log.jsonl").read_text("utf-8")
    (folder / "log.jsonl").write_text(chain.replace("已通知水务", "未通知水务", 1), "utf-8")
    assert verify(folder)[1].startswith("不通过：第 ")
    (folder / "log.jsonl").write_text(chain[1:], "utf-8")
    assert "不能读" in verify(folder)[1]


async def test_a_photo_that_is_gone_is_named_and_the_rest_goes(room: Room, tmp_path: Path) -> None:
    path = await _happens(room, b"\xff\xd8 a photo")
    path.write_bytes(b"something else")
    names = await _pack(room, tmp_path / "gone")
    assert not any(n.startswith("attachments/") for n in names)
    readme = (tmp_path / "gone/README.txt").read_text("utf-8")
    assert "没有放入的文件" in readme
    assert "现场/照片.jpg" in readme
    assert path.name in readme
    assert verify(tmp_path / "gone")[0] == 0


async def test_what_is_too_large_to_send_is_left_out_by_name(room: Room, tmp_path: Path) -> None:
    await _happens(room, b"\xff\xd8" + b"x" * 60_000)
    largest, room_files.LARGEST = room_files.LARGEST, 50_000
    try:
        names = await _pack(room, tmp_path / "large")
    finally:
        room_files.LARGEST = largest
    assert any(n.startswith("documents/") for n in names), "the smaller ones go"
    assert "文件太大" in (tmp_path / "large/README.txt").read_text("utf-8")
    assert verify(tmp_path / "large")[0] == 0

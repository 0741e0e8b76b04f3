"""PDF beside a Word document: made where the machine can, said in a short sentence where it cannot, bounded in time."""

import shutil
from pathlib import Path

import pytest

from bot import convert
from bot.convert import ConversionFailed, converter, to_pdf
from bot.prints import SHIPPED


def test_a_converter_is_given_looked_for_or_refused(tmp_path: Path) -> None:
    assert converter("-") is None
    assert converter(str(tmp_path / "none")) is None
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o700)
    assert converter(str(program)) == str(program)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("exit 1", "没有转成 PDF，已发 Word 文件"),
        ("echo no PDF > in.pdf", "没有转成 PDF，已发 Word 文件"),
        ("sleep 30", "没有转成 PDF，已发 Word 文件"),
    ],
    ids=["fails", "writes something else", "hangs"],
)
async def test_a_converter_that_makes_no_pdf_is_said_so(
    script: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "SECONDS", 1)
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o700)
    with pytest.raises(ConversionFailed, match=why):
        await to_pdf(str(program), b"PK")


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
async def test_libreoffice_makes_one() -> None:
    program = converter("")
    assert program is not None
    assert (await to_pdf(program, (SHIPPED / "值班日志.docx").read_bytes())).startswith(b"%PDF")

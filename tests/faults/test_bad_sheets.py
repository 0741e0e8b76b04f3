"""Bad files sent as sheets are refused in words a person can act on; good ones of odd make are read."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from bot import sheet_child
from bot.sheets import Sheet, SheetRefused, read_sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
XLSX_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="worksheets/s.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/worksheet"/></Relationships>'
    ),
}


def xlsx(*rows: list[object], merge: str = "") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if merge:
        book.worksheets[0].merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_hand(cells: str) -> bytes:
    """A workbook whose sheet is this XML: quicker than a library, and able to be wrong."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as parts:
        for name, text in XLSX_PARTS.items():
            parts.writestr(name, text)
        head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        parts.writestr("xl/worksheets/s.xml", f"{head}{cells}</sheetData></worksheet>")
    return out.getvalue()


def zipped(**parts: bytes) -> bytes:
    """A zip with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def many_rows() -> bytes:
    rows = (f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 99991}</v></c></row>' for n in range(1, 100_001))
    return by_hand("".join(rows))


async def refusal(data: bytes, name: str = "人员.xlsx") -> str:
    with pytest.raises(SheetRefused) as refused:
        await read_sheet(data, name)
    return str(refused.value)


BAD = [
    ("an empty file", b"", "人员.xlsx", "文件是空的"),
    ("a file of blanks", b" \r\n", "人员.csv", "文件是空的"),
    ("a picture renamed", PNG + bytes(200), "人员.xlsx", "其实是图片"),
    ("a picture named csv", PNG + bytes(200), "人员.csv", "其实是图片"),
    ("a PDF renamed", b"%PDF-1.7\n", "人员.xls", "其实是PDF"),
    ("other bytes", bytes(range(256)), "人员.xlsx", "不是表格"),
    ("a Word document", zipped(word__document=b"<x/>"), "人员.xlsx", "像是 Word"),
    ("a locked workbook", OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "人员.xlsx", "有密码"),
    ("an old container of nothing", OLE + bytes(2000), "人员.xls", "已损坏"),
    ("a workbook cut short", xlsx(["单位"])[:-300], "人员.xlsx", "已损坏"),
    ("a workbook without its sheet", zipped(xl__workbook=b"<x/>"), "人员.xlsx", "已损坏"),
    ("a zip bomb", zipped(xl__sheet=bytes(30 * 2**20)), "人员.xlsx", "解开后太大"),
    ("a web page named xls", b"<html><table></table></html>", "人员.xls", "网页格式"),
    ("a workbook without cells", xlsx(), "人员.xlsx", "没有内容"),
    (
        "a stray cell far to the right",
        by_hand('<row r="1"><c r="ZZ1"><v>1</v></c></row>'),
        "a.xlsx",
        "702 列",
    ),
    (
        "too many cells within the rows and columns allowed",
        by_hand('<row r="1"><c r="A1"><v>1</v></c></row><row r="9000"><c r="BZ9000"><v>1</v></c></row>'),
        "a.xlsx",
        "9000 行 78 列",
    ),
    ("a text of too many words", b"a" * 100_000 + b"\n" + (b"b" * 100_000 + b"\n") * 110, "a.csv", "字太多"),
    ("a text of too many rows", b"a,b\n" * 20_001, "人员.csv", "最多 20000 行"),
]


@pytest.mark.parametrize(("data", "name", "why"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
async def test_a_bad_file_is_refused_with_the_reason(data: bytes, name: str, why: str) -> None:
    assert why in await refusal(data, name)


async def test_a_hundred_thousand_rows_are_refused_by_the_limit() -> None:
    assert await refusal(many_rows()) == "表格有 100000 行，最多 20000 行，请删去下面多余的行或分几次发。"


async def test_a_sheet_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(SheetRefused, match="规定时间内没有读完"):
        await read_sheet(xlsx(["单位"]), "a.xlsx", timeout_s=0.001)


async def test_a_sheet_that_takes_too_much_memory_is_given_up() -> None:
    # One stray cell makes 27 million cells of 32 bytes: over the limit before rows can be counted.
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="Z1048576"><v>1</v></c></row>'
    assert "太大或已损坏" in await refusal(by_hand(cells))


async def test_a_sheet_within_a_tight_limit_is_read() -> None:
    assert (await read_sheet(xlsx(["单位"]), "a.xlsx", max_memory=64 * 2**20)).rows == (("单位",),)


async def test_a_file_beyond_the_size_is_not_even_given_to_the_child() -> None:
    assert "超过 20 MB" in await refusal(bytes(20 * 2**20 + 1))


async def test_merged_cells_are_blank_but_their_ranges_are_told() -> None:
    sheet = await read_sheet(xlsx(["表", "", ""], ["a", "b", "c"], ["", "d", "e"], merge="A2:A3"), "a.xlsx")
    assert sheet.rows == (("表", "", ""), ("a", "b", "c"), ("", "d", "e"))
    assert sheet.merged == ((1, 0, 2, 0),)


async def test_a_formula_counts_by_its_kept_value_only() -> None:
    cells = (
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="str"><f>x</f><v>刘芳</v></c>'
    )
    sheet = await read_sheet(by_hand(f'<row r="1">{cells}</row>'), "a.xlsx")
    assert sheet.rows == (("2", "", "刘芳"),)


async def test_cells_are_read_as_people_see_them_from_the_first_row_on() -> None:
    moment = datetime(2026, 7, 25, 8, 30)  # noqa: DTZ001 - a spreadsheet's cell has no zone
    sheet = await read_sheet(xlsx([], ["", 13800000001, 7.25, date(2026, 7, 25), moment, True]), "a.xlsx")
    assert sheet.rows[1] == ("", "13800000001", "7.25", "2026-07-25", "2026-07-25 08:30", "是")
    assert sheet.first_row == 1


async def test_a_hidden_sheet_is_not_read_and_further_ones_are_told() -> None:
    book = Workbook()
    book.worksheets[0].append(["hidden"])
    book.worksheets[0].sheet_state = "hidden"
    for name in ("空", "七月", "八月"):
        book.create_sheet(name)
    book["七月"].append(["a"])
    book["八月"].append(["b"])
    out = io.BytesIO()
    book.save(out)
    sheet = await read_sheet(out.getvalue(), "a.xlsx")
    assert (sheet.rows, sheet.name, sheet.others) == ((("a",),), "七月", ("八月",))


TEXT = "单位,姓名\r\n东柳村,刘芳\r\n"
READ = (("单位", "姓名"), ("东柳村", "刘芳"))


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.replace(",", "\t").encode("utf-16"),
        TEXT.replace(",", "\t").encode("gb18030"),
        TEXT.replace(",", ";").encode(),
        (TEXT + ",\r\n\r\n").encode(),
    ],
    ids=[
        "utf-8",
        "utf-8 with its mark",
        "gb18030",
        "utf-16 by tabs",
        "by tabs",
        "by semicolons",
        "blank rows",
    ],
)
async def test_a_text_is_read_in_each_code_and_mark(data: bytes) -> None:
    assert await read_sheet(data, "人员.csv") == Sheet(READ, "")


CELLS = [
    (1.0, "1"),
    (0.1 + 0.2, "0.3"),
    (1e20, "1e+20"),
    (False, "否"),
    (time(8, 30), "08:30"),
    (timedelta(hours=26, minutes=5), "26:05"),
    (datetime(2026, 7, 25, tzinfo=UTC), "2026-07-25"),
    ("a\r\nb\x00", "a\nb"),
]


@pytest.mark.parametrize(("cell", "text"), CELLS)
def test_a_cell_becomes_text(cell: object, text: str) -> None:
    assert sheet_child.cell_text(cell) == text


def test_the_child_answers_a_refusal_in_words() -> None:
    told = (1).to_bytes(4, "big") + b"a" + PNG
    assert sheet_child.answer(told, 10) == {
        "refused": "这个文件其实是图片，不是表格，请发 xlsx、xls 或 csv。"
    }

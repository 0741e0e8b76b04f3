"""The child that reads a sheet: file on stdin, rows as JSON on stdout, within limits of memory and CPU.

Run as a script with three arguments: bytes of address space, seconds of CPU, most rows.
stdin: 4 bytes length of the name, the name, the file. Imports nothing of ours, so that it starts fast.
"""

import csv
import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

MAX_COLUMNS = 256
MAX_CELLS = 500_000
MAX_SAID = 10 * 2**20  # bytes of JSON: the parent reads them between two messages
MAX_UNPACKED = 100 * 2**20
BOMB_RATIO = 200
BOMB_FROM = 10 * 2**20  # small files may well pack 200:1
WHOLE = 1e15  # floats above lose units
PICTURES = {
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"GIF8": "图片",
    b"BM": "图片",
    b"RIFF": "图片或音频",
    b"%PDF": "PDF",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
}


class Refused(Exception):
    """The file is no sheet we read; the text is for the person who sent it."""


def read_file(data: bytes, max_rows: int) -> dict[str, Any]:
    """Return rows, name, merged ranges and names of further sheets; raise Refused. The content decides."""
    if not data.strip():
        raise Refused("文件是空的，请发有内容的 xlsx、xls 或 csv 表格。")
    if data.startswith(b"PK"):
        check_zip(data)
        return read_workbook(data, max_rows)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        check_ole(data)
        return read_workbook(data, max_rows)
    for head, kind in PICTURES.items():
        if data.startswith(head):
            raise Refused(f"这个文件其实是{kind}，不是表格，请发 xlsx、xls 或 csv。")
    return {"rows": read_text(data, max_rows), "name": "", "merged": [], "others": []}


def check_zip(data: bytes) -> None:
    """Refuse what is no workbook, locked, or unpacks beyond reason, before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise Refused("文件已损坏或没有传完整，请用 Excel 或 WPS 另存为新的 xlsx 再发。") from error
    names = {part.filename for part in parts}
    if not any(name.startswith("xl/") for name in names) and "content.xml" not in names:
        raise Refused("这个文件不是表格（像是 Word 文档或压缩包），请发 xlsx、xls 或 csv。")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("表格有密码，请去掉密码另存后再发。")
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if unpacked > MAX_UNPACKED or (unpacked > BOMB_FROM and unpacked / packed > BOMB_RATIO):
        raise Refused("表格解开后太大，不予打开，请只留需要的工作表另存后再发。")


def check_ole(data: bytes) -> None:
    """Refuse a locked xlsx, which is kept as an encrypted stream in an old container ([MS-OFFCRYPTO])."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Refused("表格有密码，请去掉密码另存后再发。")
    if "WordDocument".encode("utf-16-le") in data:
        raise Refused("这个文件是 Word 文档，不是表格，请发 xlsx、xls 或 csv。")


def read_workbook(data: bytes, max_rows: int) -> dict[str, Any]:
    """Return the first visible sheet with content; raise Refused."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
        sheets = [book.get_sheet_by_name(name) for name in shown]
    except PasswordError as error:
        raise Refused("表格有密码，请去掉密码另存后再发。") from error
    except (CalamineError, OSError, ValueError) as error:
        raise Refused("文件已损坏或不是表格，请用 Excel 或 WPS 另存为新的 xlsx 再发。") from error
    full = [sheet for sheet in sheets if sheet.end is not None]
    if not full:
        raise Refused("表格里没有内容，请填好再发。")
    return {
        "rows": read_cells(full[0], max_rows),
        "name": full[0].name,
        "merged": [[*top_left, *bottom_right] for top_left, bottom_right in full[0].merged_cell_ranges or ()],
        "others": [sheet.name for sheet in full[1:]],
    }


def read_cells(sheet: CalamineSheet, max_rows: int) -> list[list[str]]:
    """Return the cells from A1 on as text; raise Refused when there are too many."""
    row, column = sheet.end or (0, 0)
    check_rows(row + 1, max_rows)
    if column >= MAX_COLUMNS:
        raise Refused(f"表格有 {column + 1} 列，最多 {MAX_COLUMNS} 列，请删去右边多余的列再发。")
    if (row + 1) * (column + 1) > MAX_CELLS:
        raise Refused(f"表格有 {row + 1} 行 {column + 1} 列，太大了，请删去多余的行和列再发。")
    return trim([[cell_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)])


def check_rows(count: int, max_rows: int) -> None:
    """Raise Refused when there are more rows than allowed."""
    if count > max_rows:
        raise Refused(f"表格有 {count} 行，最多 {max_rows} 行，请删去下面多余的行或分几次发。")


def trim(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows without the blank ones at the end; raise Refused when none is left."""
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Refused("表格里没有内容，请填好再发。")
    return rows


def cell_text(cell: object) -> str:
    """Return a cell as people read it: whole numbers without `.0`, dates as 2026-07-25."""
    match cell:
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < WHOLE:
            return str(int(cell))
        case float():
            return f"{cell:.15g}"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M")
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M")
        case timedelta():
            minutes = int(cell.total_seconds()) // 60
            return f"{minutes // 60:02}:{minutes % 60:02}"
        case _:
            return str(cell).replace("\r\n", "\n").replace("\x00", "")


def read_text(data: bytes, max_rows: int) -> list[list[str]]:
    """Return the cells of comma- or tab-separated text; raise Refused."""
    text = decode(data)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype", "<?xml", "<table")):
        raise Refused("这个文件其实是网页格式，请用 Excel 或 WPS 打开，另存为 xlsx 再发。")
    head = text[:4000]
    mark = max(",\t;", key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            rows.append(row[:MAX_COLUMNS])
            check_rows(len(rows), max_rows)
    except csv.Error as error:
        raise Refused("csv 的引号不成对或单元格太长，请用 Excel 或 WPS 另存为 xlsx 再发。") from error
    return trim(rows)


def decode(data: bytes) -> str:
    """Return the text of UTF-8, UTF-16 with its mark, or GB18030; raise Refused for what is no text."""
    codes = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in "\t\r\n\f" for c in text):
            return text
    raise Refused("这个文件不是表格，请发 xlsx、xls 或 csv。")


def answer(told: bytes, max_rows: int) -> dict[str, Any]:
    """Return what to say for one request: the rows, or `refused` with the reason."""
    data = told[4 + int.from_bytes(told[:4], "big") :]
    try:
        return read_file(data, max_rows)
    except Refused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        return {"refused": "表格太大，内存不够，请只留需要的工作表另存后再发。"}
    except BaseException:  # noqa: BLE001 - a panic of the reading library derives from BaseException
        return {"refused": "文件已损坏，没有读出来，请用 Excel 或 WPS 另存为新的 xlsx 再发。"}


def main(memory: int, cpu: int, max_rows: int) -> None:
    """Limit this process, answer one request and end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    said = json.dumps(answer(sys.stdin.buffer.read(), max_rows), ensure_ascii=False).encode(
        "utf-8", "replace"
    )
    if len(said) > MAX_SAID:
        said = json.dumps({"refused": "表格里的字太多，请只留需要的工作表再发。"}).encode()
    sys.stdout.buffer.write(said)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))

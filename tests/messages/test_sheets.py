"""What the room writes as a workbook it can read back, and nothing in it is a formula."""

import io
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot.sheets import read_sheet
from config.rules import load_rules
from domain.roster import Post
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import read_roster
from messages.sheets import PrintedDay, PrintedPerson, roster_xlsx, table_xlsx

NAMES = ("王志强", "刘芳", "周凯", "马永军", "李建国", "陈刚")
KNOWN = [KnownPerson(n, name, f"1380000000{n}") for n, name in enumerate(NAMES)]
PRINTED = [PrintedPerson(p.name, "科员", p.phone) for p in KNOWN]
FIRST = date(2026, 7, 25)


def days() -> list[PrintedDay]:
    usual = {Post.LEADER: [PRINTED[0]], Post.OFFICER: [PRINTED[1]], Post.DRIVER: [PRINTED[3]]}
    dual = {Post.LEADER: [PRINTED[0], PRINTED[4]], Post.OFFICER: [PRINTED[5]], Post.DEPUTY: [PRINTED[2]]}
    return [PrintedDay(FIRST, usual, "=1+1"), PrintedDay(FIRST + timedelta(days=1), dual)]


async def test_a_roster_that_was_written_is_read_back_the_same() -> None:
    data = roster_xlsx("沽水街道2026年7月值班表", days(), foot=["值班电话：022-28880000", "制表：某某"])
    sheet = await read_sheet(data, "值班表.xlsx")
    office = Office(KNOWN, load_rules().roster, ZoneInfo("Asia/Shanghai"))
    read = read_roster(sheet.rows, office, today=FIRST, merged=sheet.merged)
    assert (read.errors, read.warnings, read.gaps) == ((), (), ())
    written = [(d.date, {k: tuple(p.name for p in v) for k, v in d.posts.items()}) for d in days()]
    assert [
        (d.date, {k: tuple(KNOWN[n].name for n in v) for k, v in d.posts.items()}) for d in read.days
    ] == written


def test_a_roster_is_set_up_for_a4_landscape_under_a_merged_title() -> None:
    sheet = load_workbook(io.BytesIO(roster_xlsx("值班表", days()))).worksheets[0]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert [str(r) for r in sheet.merged_cells.ranges] == ["A1:L1"]
    assert sheet.print_title_rows == "$1:$2"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "\t=1"])
def test_a_cell_that_looks_like_a_formula_is_text(text: str) -> None:
    cell = load_workbook(io.BytesIO(table_xlsx("导出", ["内容"], [[text]]))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix


def test_the_note_of_a_day_is_text_too() -> None:
    cell = load_workbook(io.BytesIO(roster_xlsx("表", days()))).worksheets[0]["L3"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


async def test_a_table_is_read_back_with_numbers_as_they_were_shown() -> None:
    data = table_xlsx(
        "台账[1]/2", ["编号", "电话", "备注"], [[12, "022-28880000", None], ["W12", "0138", "a\x0bb"]]
    )
    sheet = await read_sheet(data, "台账.xlsx")
    assert sheet.rows == (("编号", "电话", "备注"), ("12", "022-28880000", ""), ("W12", "0138", "ab"))
    assert sheet.name == "台账_1__2"

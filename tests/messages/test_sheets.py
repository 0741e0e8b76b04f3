"""What the room writes as a workbook it can read back, and nothing in it is a formula."""

import io
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.sheets import read_sheet
from config.rules import load_rules
from domain.notices.roster import Month
from domain.roster import Post
from domain.roster_names import KnownPerson
from domain.roster_office import Office
from domain.roster_sheet import read_roster
from messages.roster_files import month_bytes
from messages.sheets import PrintedDay, PrintedPerson, roster_xlsx, table_xlsx
from tests.messages.months import POSTS, ZONE, day_and_night, leader_beside, october, whole_day

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


# --- several shifts a day ---------------------------------------------------------------------------------


def sheet_of(month: Month) -> Worksheet:
    return load_workbook(io.BytesIO(month_bytes(month, ZONE))).worksheets[0]


def shown(sheet: Worksheet, row: int) -> list[str]:
    return [str(cell.value or "") for cell in sheet[row]]


def test_a_day_of_several_shifts_has_a_row_for_each_under_one_merged_date() -> None:
    sheet = sheet_of(october(day_and_night))
    assert shown(sheet, 2)[:4] == ["日期", "星期", "班次", "带班领导"]
    assert shown(sheet, 3)[:4] == ["2026-10-01", "四", "白班", "李建国、张慧敏"]
    assert shown(sheet, 4)[:4] == ["", "", "夜班", "李建国、张慧敏"]
    assert {"A3:A4", "B3:B4", "M3:M4"} <= {str(r) for r in sheet.merged_cells.ranges}
    assert shown(sheet, 66)[0] == "说明：白班 08:30-17:30；夜班 17:30-次日08:30"


def test_holidays_and_weekends_are_tinted_and_named_in_the_remarks() -> None:
    sheet = sheet_of(october(whole_day))
    notes = {row: shown(sheet, row)[-1] for row in (3, 10, 12, 13)}
    assert notes == {3: "国庆节", 10: "", 12: "调休上班", 13: ""}
    fills = [sheet.cell(row, 1).fill.fgColor.rgb for row in (3, 10, 12, 13)]
    assert len(set(fills)) == 4


def test_a_post_of_the_offices_own_has_a_column_before_the_remarks() -> None:
    sheet = sheet_of(october(leader_beside, (*POSTS, ("值班长", "值班长"))))
    assert shown(sheet, 2)[-3:] == ["值班长", "电话", "备注"]
    assert [row[2] for row in (shown(sheet, n) for n in (3, 4, 5))] == ["全天", "白班", "夜班"]
    assert shown(sheet, 4)[-3] == "欧阳建国"


async def test_a_month_of_one_shift_a_day_is_read_back_the_same() -> None:
    month = october(whole_day)
    sheet = await read_sheet(month_bytes(month, ZONE), "值班表.xlsx")
    known = [KnownPerson(n, name, phone) for n, (name, _, phone) in enumerate(month.people)]
    office = Office(known, load_rules().roster, ZONE)
    read = read_roster(sheet.rows, office, today=FIRST, merged=sheet.merged)
    assert (read.errors, read.warnings) == ((), ())
    written = {
        d.day: [(post, name) for s in d.shifts for post, name in s.names] for d in month.days if d.shifts
    }
    assert {
        d.date: [(post.value, known[n].name) for post, ids in d.posts.items() for n in ids] for d in read.days
    } == written

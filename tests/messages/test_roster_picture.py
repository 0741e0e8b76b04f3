"""The month's picture: what stands in which cell, that nothing is cut, and Telegram's limits."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from PIL import Image

from bot.fonts import cjk_font
from messages.roster_picture import draw_with, month_picture, month_table, picture_bytes
from messages.table import Cell, Table
from messages.table_picture import MARGIN, PAD, WIDTH, _Sheet, draw
from tests.messages.months import (
    LONG,
    OFFICERS,
    POSTS,
    ZONE,
    Made,
    day_and_night,
    leader_beside,
    october,
    shift,
    whole_day,
)

FACE = cjk_font()
needs_font = pytest.mark.skipif(FACE is None, reason="no CJK font: apt-get install fonts-noto-cjk")


def words(cell: Cell) -> str:
    """Return what stands in a cell."""
    return cell.joint.join((*cell.pieces, *([cell.alarm] if cell.alarm else [])))


def rows(table: Table) -> list[list[str]]:
    """Return the table's words; a cell that another one covers is empty."""
    columns = range(len(table.header))
    return [[words(table.cells.get((row, n), Cell())) for n in columns] for row in range(table.rows)]


def test_a_month_of_one_shift_a_day_has_a_row_a_day_and_only_posts_in_use() -> None:
    table = month_table(october(whole_day), ZONE)
    assert table.header == ("日期", "星期", "带班领导", "主班")
    shown = rows(table)
    assert shown[0] == ["10.1", "周四 国庆节", "李建国、张慧敏", "陈刚"]
    assert shown[9][:2] == ["10.10", "周六 班"]
    assert shown[12] == ["10.13", "周二", "赵文斌", "缺"]
    assert shown[20] == ["10.21", "周三", "未排班", ""]
    assert table.foot == ("值班电话：022-00000000", "每班 08:30-次日08:30")
    assert [entry[2] for entry in table.legend] == ["周末", "节假日", "调休上班（班）", "缺：无人值班"]


def test_weekends_holidays_and_weekends_worked_have_colours_of_their_own() -> None:
    table = month_table(october(whole_day), ZONE)
    tints = {row: table.cells[row, 0].tint for row in (0, 7, 9, 10)}
    assert len(set(tints.values())) == 4
    assert tints[7] == "#ffffff"


def test_a_day_of_two_shifts_has_two_rows_under_one_date() -> None:
    table = month_table(october(day_and_night), ZONE)
    assert table.header == ("日期", "星期", "班次", "带班领导", "主班")
    assert (table.cells[0, 0].down, table.rows) == (2, 62)
    shown = rows(table)
    assert [row[2] for row in shown[:2]] == ["白班", "夜班"]
    assert shown[25] == ["", "", "夜班", "缺", "缺"]
    assert "白班 08:30-17:30　夜班 17:30-次日08:30" in table.foot


def test_a_leader_who_stands_beside_day_and_night_is_one_cell_over_both() -> None:
    table = month_table(october(leader_beside, (*POSTS, ("值班长", "值班长"))), ZONE)
    assert table.header == ("日期", "星期", "班次", "带班领导", "主班", "副班", "值班长")
    leader = table.cells[0, 3]
    assert (leader.pieces, leader.down, table.rows) == (("李建国",), 2, 62)
    assert [words(table.cells[n, 6]) for n in (0, 1)] == ["欧阳建国", ""]


def test_an_open_post_of_the_offices_own_that_nobody_ever_held_has_a_column() -> None:
    def made(day: date) -> Made:
        shifts, gaps = whole_day(day)
        return shifts, (*gaps, "值班长")

    table = month_table(october(made), ZONE)
    assert table.header[-1] == "值班长"
    assert words(table.cells[0, 4]) == "缺"


@needs_font
@pytest.mark.parametrize("made", [whole_day, day_and_night, leader_beside])
def test_a_picture_is_within_telegrams_limits_and_sharp_on_a_telephone(made: object) -> None:
    assert FACE is not None
    data = month_picture(october(made), FACE, ZONE)  # type: ignore[arg-type]  # one of the three above
    image = Image.open(io.BytesIO(data))
    assert image.width == WIDTH
    assert image.width + image.height <= 10_000
    assert len(data) < 1_000_000


@needs_font
def test_a_month_of_ten_shifts_a_day_is_made_smaller_and_never_too_long() -> None:
    def made(day: date) -> Made:
        hours = [(f"{n * 2:02}:00", f"{n * 2 + 2:02}:00") for n in range(10)]
        return tuple(shift(day, f"第{n}班", h, ("officer", OFFICERS[n % 6])) for n, h in enumerate(hours)), ()

    assert FACE is not None
    image = Image.open(io.BytesIO(month_picture(october(made), FACE, ZONE)))
    assert image.width + image.height <= 10_000
    assert image.height <= 20 * image.width


@needs_font
def test_a_table_far_too_long_is_set_on_wider_paper() -> None:
    assert FACE is not None
    cells = {(row, 0): Cell(("刘芳",)) for row in range(700)}
    image = Image.open(io.BytesIO(draw(Table("表", ("主班",), cells, 700), FACE)))
    assert image.width + image.height <= 10_000
    assert image.height <= 20 * image.width


@needs_font
@pytest.mark.parametrize("count", [1, 4, 12])
def test_no_letter_of_a_name_is_cut_however_many_columns_there_are(count: int) -> None:
    assert FACE is not None
    names = (LONG, "王志强", "欧阳建国")
    cells = {(0, n): Cell(names) for n in range(count)}
    sheet = _Sheet(Table("表", ("带班领导",) * count, cells, 1), FACE)
    sheet.image()
    assert sum(sheet.widths) == WIDTH - 2 * MARGIN
    for column in range(count):
        lines, size = sheet._lines(column, cells[0, column])
        assert "".join(lines).replace("、", "") == "".join(names)
        for line in lines:
            assert sheet.font(size).getlength(line) <= sheet.widths[column] - 2 * PAD
        assert len(lines) * size * 1.2 <= sheet.tops[1] - sheet.tops[0]


@needs_font
def test_the_letters_are_really_there_and_not_boxes_for_missing_ones() -> None:
    assert FACE is not None
    font = _Sheet(Table("", ("日期",), {}, 0), FACE).font(40)
    masks = {bytes(font.getmask(letter)) for letter in "值班刘芳缺"}
    assert len(masks) == 5


@pytest.fixture
def no_font() -> Iterator[None]:
    """Let the machine have no font, and put the real search back."""
    draw_with(lambda: None)
    yield
    draw_with(cjk_font)


@pytest.mark.usefixtures("no_font")
def test_without_a_font_there_is_no_picture() -> None:
    assert picture_bytes(october(whole_day), ZONE) == b""


@needs_font
def test_the_same_month_is_drawn_once_for_all_who_ask() -> None:
    draw_with(cjk_font)
    before = month_picture.cache_info().misses
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(lambda _: picture_bytes(october(day_and_night), ZONE), range(4)))
    assert len(made) == 1
    assert month_picture.cache_info().misses - before <= 1

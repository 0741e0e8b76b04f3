"""An admin sends rosters as offices write them, or pastes them; what is confirmed is who stands there."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from config.demo import demo_people_rows
from tests.inputs.rosters.make import LEADERS, OFFICERS, text, turn, whole_month
from tests.stories.room import Room

ADMIN, OFFICER = "宋倩", "郑伟"
SAMPLES = Path(__file__).parents[1] / "inputs" / "rosters"
PASTED = "10月1日 周四 王志强 刘芳 冯磊\n10月2日 周五 李建国 陈刚 许佳"


async def test_a_months_matrix_is_shown_confirmed_and_in_force(room: Room) -> None:
    shown = (await room.sends_file(ADMIN, "十月.xlsx", whole_month()))[-1]
    assert "版式：整月表：人员在左、日期在上。岗位：带班领导、主班、副班" in shown
    assert "31 天（10月1日至10月31日），93 班" in shown
    await room.presses(ADMIN, "确认")
    answer = (await room.types(OFFICER, "值班 10.2"))[-1]
    assert f"带班领导：{turn(LEADERS, 1)}" in answer
    assert f"主班：{turn(OFFICERS, 1)}" in answer


async def test_a_pasted_roster_is_previewed_and_published(room: Room) -> None:
    assert "粘贴的文字" in (await room.types(ADMIN, PASTED))[-1]
    await room.presses(ADMIN, "确认")
    assert "主班：陈刚" in (await room.types(OFFICER, "值班 10.2"))[-1]


async def test_the_word_import_takes_a_pasted_table_too(room: Room) -> None:
    table = text([["日期", "带班领导", "主班"], ["10月5日", "王志强", "吴静"]], "\t")
    assert "读出 1 天" in (await room.types(ADMIN, f"导入 {table}"))[-1]
    assert "没有认出表头" in (await room.types(ADMIN, "导入 明天再说"))[-1]


async def test_a_text_of_an_admin_that_is_no_roster_is_kept_as_before(room: Room) -> None:
    assert "粘贴的文字" not in (await room.types(ADMIN, "10月1日 刘芳 请假\n10月2日 陈刚 出差"))[-1]


async def test_an_officers_pasted_roster_is_not_for_the_officer_to_publish(room: Room) -> None:
    assert "粘贴的文字" not in (await room.types(OFFICER, PASTED))[-1]


async def test_a_leaders_table_leaves_the_officers_where_they_are(room: Room) -> None:
    before = (await room.types(OFFICER, "值班 7.27"))[-1]
    officer = next(line for line in before.splitlines() if line.startswith("主班"))
    shown = (await room.types(ADMIN, "导入 日期\t带班领导\n7月27日\t赵文斌\n7月28日\t孙立新"))[-1]
    assert "岗位：带班领导（别的岗位不动）" in shown
    await room.presses(ADMIN, "确认")
    after = (await room.types(OFFICER, "值班 7.27"))[-1]
    assert officer in after
    assert "带班领导：赵文斌" in after


async def test_days_that_a_table_leaves_out_keep_their_shifts(room: Room) -> None:
    before = (await room.types(OFFICER, "值班 7.28"))[-1]
    await room.types(ADMIN, "导入 日期\t带班领导\t主班\n7月27日\t赵文斌\t何琳\n7月29日\t孙立新\t吴静")
    await room.types(ADMIN, "确认 D1 因为 只改两天")
    assert (await room.types(OFFICER, "值班 7.28"))[-1] == before
    assert "主班：何琳" in (await room.types(OFFICER, "值班 7.27"))[-1]


async def test_errors_are_shown_by_their_cells_and_nothing_can_be_confirmed(room: Room) -> None:
    data = (SAMPLES / "九月三十一日.xlsx").read_bytes()
    shown = (await room.sends_file(ADMIN, "九月三十一日.xlsx", data))[-1]
    assert "3 处错误" in shown
    assert "AH4(31)「√」：没有2026年9月31日这一天" in shown
    assert "确认" not in room.buttons(ADMIN)


async def test_a_roster_in_a_text_file_is_a_roster(room: Room) -> None:
    shown = (await room.sends_file(ADMIN, "值班.txt", PASTED.encode()))[-1]
    assert "读出 2 天" in shown


# --- the command line -------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder whose database knows the street's people."""
    monkeypatch.setenv("DUTYROOM_DATA", str(tmp_path / "data"))
    people = tmp_path / "人员.csv"
    people.write_text(text(demo_people_rows()), "utf-8")
    assert main(["import", "people", str(people), "--yes"]) == 0
    return tmp_path


def test_the_command_line_prints_rows_errors_and_gaps_as_json(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [["日期", "星期", "带班领导", "值班员"], ["2026-10-01", "五", "王志强", ""]]
    file = office / "十月.csv"
    file.write_text(text(rows), "utf-8")
    capsys.readouterr()
    assert main(["import", "roster", str(file), "--dry-run", "--json"]) == 1
    read = json.loads(capsys.readouterr().out)
    assert read["kind"] == "roster"
    assert [(e["cell"], e["row"], "星期四" in e["reason"]) for e in read["errors"]] == [("B2", 2, True)]
    gap = {"date": "2026-10-01", "shift": "", "post": "主班", "missing": 1, "text": "10月1日 主班"}
    assert read["gaps"] == [gap]
    row = read["rows"][0]
    assert (row["date"], row["weekday"], row["post"], row["person"], row["cell"]) == (
        "2026-10-01",
        "星期四",
        "带班领导",
        "王志强",
        "C2",
    )


def test_a_right_file_needs_no_word_before_it_and_exits_well(office: Path) -> None:
    del office
    assert main(["import", str(SAMPLES / "人员月表.xlsx"), "--dry-run", "--json"]) == 0


def test_a_people_sheet_is_no_roster(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "roster", str(office / "人员.csv"), "--dry-run"]) == 2
    assert capsys.readouterr().err.strip() == "人员.csv 是人员表，不是值班表，没有读"

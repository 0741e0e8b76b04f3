"""What a Word template is tried with: a record with one of everything, and that of a quiet watch, with nothing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.notices.dutylog import LogDay, LogRow
from domain.notices.handover import EquipmentLine, ItemLine, Sheet
from domain.notices.incident import Facts, FigureLine, Flash
from messages.flash_values import NAME, flash_values
from messages.record_values import day_values, sheet_values

NOTHING: dict[str, Any] = {
    "leaders": (),
    "next_leaders": (),
    "others": (),
    "moved": (),
    "changes": (),
    "equipment": (),
    "due_next": (),
    "items": (),
    "notes": "",
    "forced_by": None,
    "forced_reason": None,
}


def samples(template: str, now: datetime, zone: ZoneInfo) -> dict[str, dict[str, Any]]:
    """Return the values a template is tried with, each under the word that says which it is ("": the full one)."""
    if template == "交接班记录":
        sheets = {"": _sheet(now), "没有事项的一班": _sheet(now).model_copy(update=NOTHING)}
        return {
            name: sheet_values(one, "0" * 64, room="值班室", phone="022-00000000", zone=zone, now=now)
            for name, one in sheets.items()
        }
    if template == NAME:
        full, bare = _flash(now), {"copies": "", "signer": None, "issue": None, "next_at": None}
        return {
            "": flash_values(full, zone=zone),
            "没有签发的草稿": flash_values(full.model_copy(update=bare), zone=zone, draft=True),
        }
    days = {
        "": _day(now),
        "没有记录的一天": _day(now).model_copy(update={"leaders": (), "officers": (), "rows": ()}),
    }
    return {name: day_values(one, room="值班室", zone=zone, now=now) for name, one in days.items()}


def _sheet(now: datetime) -> Sheet:
    item = ItemLine(
        id=1,
        subject="E1",
        text="E1 海棠里社区 <3号楼> 火灾 & 浓烟",
        owner="值班员",
        next_action="续报",
        due_at=now,
        risk=True,
        top=True,
        answer="accepted",
        read_back=True,
    )
    return Sheet(
        number=1,
        state="done",
        out_name="甲",
        in_name="乙",
        leaders=("丙",),
        next_leaders=("丁",),
        others=("副班 戊",),
        moved=("E1 转移 2 户",),
        changes=("己 顶 庚",),
        equipment=(EquipmentLine(item="传真机", fault="缺墨", checked=True),),
        due_next=("E1 续报",),
        items=(item,),
        notes="说明",
        opened_at=now,
        signed_out_at=now,
        signed_in_at=now,
        forced_by="丙",
        forced_reason="原因",
        for_incoming=False,
        for_outgoing=False,
        answered=True,
        to_read_back=1,
        left_to_read_back=0,
    )


def _day(now: datetime) -> LogDay:
    row = LogRow(
        at=now,
        number=1,
        kind="duty.log",
        subject="",
        person="甲",
        text="巡查 <正常> & 记录",
        file="",
        corrected_by=("L2 10:00 甲：更正",),
        cut=False,
    )
    return LogDay(room="值班室", day=now.date(), leaders=("丙",), officers=("甲",), phone="", rows=(row,))


def _flash(now: datetime) -> Flash:
    """Return a report with one of everything, as a template is tried with."""
    figure = FigureLine(name="injured", text="2人", history=("1人",), said="2人", value=2)
    known = Facts(
        number="E1",
        drill=True,
        received_at=now,
        occurred="2点20左右",
        occurred_at=now,
        precision="约",
        category="事故灾难",
        subtype="施工坍塌",
        place="海棠里 <3号楼>",
        figures=(figure,),
        measures=("已警戒 & 疏散",),
        source="网格员",
        contacts=("022-00000000",),
        grade=None,
        grade_line="",
        direct=(),
    )
    return Flash(
        facts=known,
        issue=1,
        issue_year=now.year,
        office="街道办事处",
        phone="022-00000000",
        superior="区总值班室",
        stage="first",
        order=1,
        title="",
        raw="续报 E1 <情况> & 稳定",
        changed=(figure,),
        author="甲",
        signer="乙",
        at=now,
        room="街道值班室",
        copies="区应急管理局",
        next_at=now,
    )

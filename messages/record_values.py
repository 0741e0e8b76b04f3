"""What the Word templates are filled with: plain words under the Chinese names that offices see in them.

docs/operations.md lists the names. Characters that XML cannot hold are left to the child that fills them in.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.notices.dutylog import LogDay
from domain.notices.handover import ItemLine, Sheet
from messages.render import WEEKDAYS
from messages.room_files import act_word

ANSWERS = {"accepted": "接收", "finished": "已办结", "referred": "转交"}
STATES = {"done": "已完成", "forced": "带班领导确认交接", "signed_out": "待接班签字", "draft": "草稿"}


def _at(when: datetime | None, zone: ZoneInfo) -> str:
    local = when.astimezone(zone) if when else None
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M:%S}" if local else "未签"


def sheet_values(
    sheet: Sheet, sha256: str, *, room: str, phone: str, zone: ZoneInfo, now: datetime
) -> dict[str, Any]:
    """Return the values of a handover record."""
    faults = [f"{e.item}：{e.fault}" for e in sheet.equipment if e.fault]
    unchecked = [e.item for e in sheet.equipment if not e.checked and not e.fault]
    forced = f"{sheet.forced_by}，原因：{sheet.forced_reason}" if sheet.forced_by else ""
    return {
        "值班室": room,
        "值班电话": phone,
        "编号": f"H{sheet.number}",
        "状态": STATES[sheet.state],
        "交班人": sheet.out_name,
        "交班时间": _at(sheet.signed_out_at, zone),
        "接班人": sheet.in_name or "（未排班）",
        "接班时间": "由带班领导确认" if sheet.forced_by else _at(sheet.signed_in_at, zone),
        "带班领导": "、".join(sheet.leaders) or "未排班",
        "下一班带班领导": "、".join(sheet.next_leaders) or "未排班",
        "同班人员": "、".join(sheet.others) or "无",
        "强制交接": forced,
        "零报告": not sheet.items,
        "事项": [_item(number, i, zone) for number, i in enumerate(sheet.items, 1)],
        "转移安置": list(sheet.moved),
        "人员变动": list(sheet.changes),
        "设备": [
            *faults,
            f"未核对：{'、'.join(unchecked)}" if unchecked else "其余正常" if faults else "全部正常",
        ],
        "接下来到期": list(sheet.due_next),
        "说明": sheet.notes.splitlines(),
        "打印时间": _at(now, zone),
        "摘要值": sha256,
    }


def _item(number: int, i: ItemLine, zone: ZoneInfo) -> dict[str, Any]:
    due = f"，{i.due_at.astimezone(zone):%m-%d %H:%M} 前" if i.due_at else ""
    return {
        "序号": str(number),
        "内容": i.text,
        "下一步": f"{i.next_action}{f'（{i.owner}{due}）' if i.owner or due else ''}",
        "答复": ANSWERS.get(i.answer or "", "未答复"),
        "重点": "√" if i.top else "",
    }


def day_values(log: LogDay, *, room: str, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Return the values of a day of the duty log."""
    return {
        "值班室": room,
        "值班电话": log.phone,
        "日期": f"{log.day.year}年{log.day.month}月{log.day.day}日 星期{WEEKDAYS[log.day.weekday()]}",
        "带班领导": "、".join(log.leaders) or "未排班",
        "值班人员": "、".join(log.officers) or "未排班",
        "条数": str(len(log.rows)),
        "记录": [
            {
                "时间": _time(r.at.astimezone(zone), log.day),
                "编号": f"L{r.number}",
                "事项": f"{act_word(r.kind)} {r.subject}".strip(),
                "人员": r.person,
                "内容": f"{r.text}（附件 {r.file}）" if r.file else r.text,
                "更正": "；".join(r.corrected_by),
            }
            for r in log.rows
        ],
        "打印时间": _at(now, zone),
    }


def _time(at: datetime, day: date) -> str:
    """Return an entry's time, with its day where only a correction of it is of this day."""
    return f"{at:%H:%M}" if at.date() == day else f"{at.month}月{at.day}日 {at:%H:%M}"

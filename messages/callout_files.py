"""叫应记录 as a workbook: the figures, every contact, every call, and the verbatim text they were told."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices import callout as say
from domain.people import UnitLevel
from messages.render import DOCUMENTS, Document, span

HOW = {"press": "按钮", "text": "文字", "phone": "电话", "link": "链接", "grids": "网格全部应答", "": ""}
STATES = {"live": "进行中", "superseded": "已被取代", "ended": "已结束"}
CONTACTS = (
    *("单位", "层级", "A角", "A角电话", "B角", "B角电话", "送达", "应答", "应答人", "角色", "方式"),
    *("用时（秒）", "迟（分钟）", "电话次数", "接通号码", "复述", "记录人"),
)
PASSING = (
    *("单位", "上级单位", "未送达原因", "提醒A角", "转B角", "列入叫应名单", "传达", "传达人", "传达方式"),
    *("渠道", "户数", "应通知户数", "传达说明", "传达迟（分钟）", "无法传达"),
)
CALLS = ("时间", "单位", "接电话的人", "号码", "结果", "复述", "谁打的", "说明")
FIGURES = (
    *("层级", "单位数", "应答", "应答率", "时限内应答", "时限内应答率", "中位用时", "95%用时", "最慢"),
    *("已传达", "时限内传达"),
)

Table = tuple[str, Sequence[str], Sequence[Sequence[object]]]


def record(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the record of one warning; an exercise says so in the file's name and in each sheet."""
    if not isinstance(notice, say.CallRecord):
        raise TypeError(f"{notice.kind()} is no record")
    mark = "【演练】" if notice.drill else ""
    what = f"{notice.head.hazard or '预警'}{notice.head.colour or ''}{'解除' if notice.head.action == 'cancel' else ''}"
    name = (
        f"{mark}叫应记录-{notice.head.number}-{what}-{notice.dispatched_at.astimezone(zone):%Y%m%d-%H%M}.xlsx"
    )
    return Document(name, lambda: record_xlsx(notice, zone))


DOCUMENTS[say.CallRecord.kind()] = record


def record_xlsx(r: say.CallRecord, zone: ZoneInfo) -> bytes:
    """Return the workbook."""
    from messages import sheets  # noqa: PLC0415 - the writer of workbooks is loaded with the first file

    mark = "演练-" if r.drill else ""
    tables: list[Table] = [
        (f"{mark}汇总", FIGURES, _figures(r)),
        (f"{mark}叫应记录", CONTACTS, _contacts(r, zone)),
        (f"{mark}传达与提醒", PASSING, _passing(r, zone)),
        (f"{mark}电话记录", CALLS, _calls(r, zone)),
        (f"{mark}预警原文", ("项目", "内容"), _text(r, zone)),
    ]
    return sheets.tables_xlsx(tables)


def _at(when: datetime | None, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S}" if when else ""


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _span(seconds: float | None) -> str:
    return "—" if seconds is None else span(seconds)


def _figures(r: say.CallRecord) -> list[list[object]]:
    return [
        [
            UnitLevel(x.level).word,
            x.total,
            x.acked,
            _share(x.acked, x.total),
            x.in_time,
            _share(x.in_time, x.total),
            _span(x.p50),
            _span(x.p95),
            _span(x.slowest),
            x.passed,
            x.passed_in_time,
        ]
        for x in r.levels
    ]


def _contacts(r: say.CallRecord, zone: ZoneInfo) -> list[list[object]]:
    return [
        [
            c.unit,
            UnitLevel(c.level).word,
            c.a_name,
            c.a_phone,
            c.b_name,
            c.b_phone,
            _clock(c.delivered_at, r, zone),
            _clock(c.acked_at, r, zone) or "未应答",
            c.acked_by,
            f"{c.acked_role}角" if c.acked_role else "",
            HOW[c.acked_how],
            c.seconds,
            c.late_minutes,
            c.calls or None,
            c.number,
            "已复述" if c.read_back else "",
            c.recorder,
        ]
        for c in r.contacts
    ]


def _passing(r: say.CallRecord, zone: ZoneInfo) -> list[list[object]]:
    return [
        [
            c.unit,
            c.parent,
            c.undeliverable,
            _clock(c.reminded_at, r, zone),
            _clock(c.b_told_at, r, zone),
            _clock(c.listed_at, r, zone),
            _clock(c.passed_at, r, zone) or "未传达",
            c.passed_by,
            HOW[c.passed_how],
            c.channel,
            c.households,
            c.households_total,
            c.passed_note,
            c.late_passing,
            f"{_clock(c.cannot_at, r, zone)} {c.cannot}" if c.cannot else "",
        ]
        for c in r.contacts
    ]


def _clock(when: datetime | None, r: say.CallRecord, zone: ZoneInfo) -> str:
    """Return the clock time, with the day where it is not the day of the dispatch."""
    if when is None:
        return ""
    local, day = when.astimezone(zone), r.dispatched_at.astimezone(zone).date()
    return f"{local:%H:%M:%S}" if local.date() == day else f"{local:%m-%d %H:%M:%S}"


def _calls(r: say.CallRecord, zone: ZoneInfo) -> list[list[object]]:
    return [
        [
            _at(c.at, zone),
            c.unit,
            c.who,
            c.number,
            "撤销叫应记录" if c.withdraws else "叫应" if c.reached else "未叫通",
            "已复述" if c.read_back else "",
            c.by,
            c.why or ("这条记录后来撤销" if c.withdrawn else ""),
        ]
        for c in r.calls
    ]


def _text(r: say.CallRecord, zone: ZoneInfo) -> list[list[object]]:
    h = r.head
    rows: list[list[object]] = [
        ["性质", "演练"] if r.drill else ["性质", "实际预警"],
        ["编号", h.number],
        ["发布单位", h.issuer or "没读出"],
        ["发布时间", _at(h.issued_at, zone) or "没读出"],
        ["收到时间", _at(h.received_at, zone)],
        ["下发时间", _at(r.dispatched_at, zone)],
        ["范围", "、".join(r.scope) or "全部"],
        ["状态", STATES[r.state] + (f"（{r.successor}）" if r.successor else "")],
        ["原文", r.raw],
        ["街道提示", r.advice or "无"],
        ["时限", f"{r.limit_seconds} 秒，从各自送达算起"],
        ["制表", f"{r.by} {_at(r.at, zone)}"],
    ]
    return rows

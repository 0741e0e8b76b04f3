"""The files of the office: the evidence pack of one event, and the export of everything."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices import room as say
from messages.callout_files import record_xlsx
from messages.flash_values import about, heading, paragraphs
from messages.kept_files import read
from messages.render import DOCUMENTS, Document, environment

VERIFY = Path(__file__).parent / "room" / "verify.txt"
STAGES = {"first": "首报", "followup": "续报", "final": "终报", "supplement": "补报"}
TIMELINE = ("编号", "时间", "谁", "做了什么", "内容")
FIGURES = ("项目", "原话", "谁报的", "时间")
FIGURE_NAMES = {
    "deaths": "死亡",
    "injured": "受伤",
    "missing": "失踪",
    "trapped": "被困",
    "evacuated": "转移",
    "households": "户数",
}
ACT_COLUMN = 3


def table_xlsx(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return a workbook of one table."""
    from messages import sheets  # noqa: PLC0415 - the writer of workbooks is loaded with the first file

    return sheets.table_xlsx(title, header, rows)


def evidence(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the evidence pack: time line, texts, answers, the chain and how to recompute it."""
    if not isinstance(notice, say.Evidence):
        raise TypeError(f"{notice.kind()} is no evidence")
    return Document(f"台账-{notice.number}.zip", lambda: zipped(_evidence_files(notice, zone)))


def export(notice: Notice, zone: ZoneInfo) -> Document:
    """Return every sheet of the export in one zip file."""
    if not isinstance(notice, say.Export):
        raise TypeError(f"{notice.kind()} is no export")
    name = f"值班室导出-{notice.at.astimezone(zone):%Y%m%d-%H%M}.zip"
    return Document(name, lambda: zipped({f"{t.title}.xlsx": _sheet(t) for t in notice.tables}))


DOCUMENTS[say.Evidence.kind()] = evidence
DOCUMENTS[say.Export.kind()] = export


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip without times of its own, so that the same data gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def act_word(act: str) -> str:
    """Return a log entry's act in words."""
    module = environment().get_template("room/_acts.j2").module
    return str(cast("Any", module).act_word(act))


def _sheet(table: say.Table) -> bytes:
    rows = [list(row) for row in table.rows]
    if "做了什么" in table.header:
        rows = [[*row[:ACT_COLUMN], act_word(row[ACT_COLUMN]), *row[ACT_COLUMN + 1 :]] for row in rows]
    return table_xlsx(table.title, list(table.header), rows)


LARGEST = 45 * 2**20
"""Bytes of files that go along: a bot may send 50 MB, and the rest needs room too."""
MESSAGES = ("消息", "发给", "生成时间", "送出时间", "情况", "收到时间", "原因")
PARTNERS = ("单位", "事项", "内容", "通知时间", "收到时间", "到场时间", "到场情况")
MOVED = ("转移对象", "人数", "从哪里", "到哪里", "登记人", "时间", "转移/返回", "撤销时间")
PARTNER_WORDS = {"told": "通知", "reinforce": "请求增援"}


def _evidence_files(e: say.Evidence, zone: ZoneInfo) -> dict[str, bytes]:
    files = {
        "timeline.xlsx": table_xlsx(f"{e.number} 时间线", list(TIMELINE), _timeline(e, zone)),
        "原文.txt": e.raw.encode(),
    }
    for report in e.reports:
        files[f"报告-{report.seq:02d}-{STAGES.get(report.stage, report.stage)}.txt"] = _report(report, zone)
    files |= _tables(e, zone)
    if e.record:
        files["叫应记录.xlsx"] = record_xlsx(e.record, zone)
    along, left_out = _along(e)
    files |= along
    lines = [json.dumps(link.model_dump(), ensure_ascii=False, sort_keys=True) for link in e.chain]
    files["log.jsonl"] = ("\n".join(lines) + "\n").encode()
    files = {"README.txt": _readme(e, zone, left_out).encode(), **files}
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = json.dumps({"files": listed, "left_out": left_out}, ensure_ascii=False, indent=1)
    return {**files, "manifest.json": manifest.encode(), "verify.py": VERIFY.read_bytes()}


def _tables(e: say.Evidence, zone: ZoneInfo) -> dict[str, bytes]:
    """Return the sheets that have rows."""
    tables = (
        ("figures.xlsx", "数字沿革", FIGURES, _figures(e, zone)),
        ("messages.xlsx", "消息", MESSAGES, [_message(m, zone) for m in e.messages]),
        ("partners.xlsx", "联动单位", PARTNERS, [_partner(p, zone) for p in e.partners]),
        ("evacuees.xlsx", "转移安置", MOVED, [_moved(m, zone) for m in e.moved]),
    )
    return {name: table_xlsx(f"{e.number} {title}", head, rows) for name, title, head, rows in tables if rows}


def _along(e: say.Evidence) -> tuple[dict[str, bytes], list[dict[str, object]]]:
    """Return the documents and attachments that go along, and those that are gone or too large, with the reason."""
    places = [(f"documents/{f.name}", f) for f in e.copies]
    places += [(f"attachments/L{f.seq}-{f.sha256[:8]}-{_safe(f.name)}", f) for f in e.files]
    along, left_out, room = {}, [], LARGEST
    for place, data, file in sorted(
        ((place, read(f.sha256), f) for place, f in places), key=lambda one: (len(one[1]), one[0])
    ):
        room -= len(data)
        if data and room >= 0:
            along[place] = data
            continue
        why = f"文件太大（{len(data) / 2**20:.1f} MB），请从值班室电脑上取" if data else GONE
        left_out.append({"name": file.name, "sha256": file.sha256, "seq": file.seq, "why": why})
    return dict(sorted(along.items())), left_out


GONE = "导出时不在值班室电脑上，或已被改动"


def _safe(name: str) -> str:
    """Return a file's name that unpacks anywhere, at most 60 letters of it."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', "_", name).strip(". ")[-60:]


def _message(m: say.MessageRow, zone: ZoneInfo) -> list[str]:
    words = cast("Any", environment().get_template("room/_kinds.j2").module)
    return [
        *(str(words.kind_word(m.kind)), m.to or "值班群", _at(m.queued_at, zone), _at(m.sent_at, zone)),
        *(str(words.state_word(m.state)), _at(m.receipt_at, zone), m.error),
    ]


def _partner(p: say.PartnerRow, zone: ZoneInfo) -> list[str]:
    return [
        *(p.unit, PARTNER_WORDS[p.kind], p.text),
        *(_at(when, zone) for when in (p.told_at, p.acked_at, p.arrived_at)),
        p.arrived_text,
    ]


def _moved(m: say.MovedRow, zone: ZoneInfo) -> list[str]:
    way = "返回" if m.returns else "转移"
    return [
        *(m.who, str(m.headcount), m.origin, m.shelter, m.by, _at(m.at, zone), way, _at(m.withdrawn_at, zone))
    ]


def _at(when: datetime | None, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S}" if when else ""


def _timeline(e: say.Evidence, zone: ZoneInfo) -> list[list[str]]:
    return [[f"L{r.seq}", _at(r.at, zone), r.person, act_word(r.act), r.text] for r in e.timeline]


def _figures(e: say.Evidence, zone: ZoneInfo) -> list[list[str]]:
    return [[FIGURE_NAMES.get(f.name, f.name), f.text, f.by, _at(f.at, zone)] for f in e.figures]


def _report(report: say.ReportText, zone: ZoneInfo) -> bytes:
    """Return a report verbatim under who wrote, sent, signed and confirmed it when."""
    x = report.flash
    document = [heading(x, zone), about(x, zone), *paragraphs(x, zone)] if x else []
    stage = STAGES.get(report.stage, report.stage)
    return _words("room/report_text.j2", zone, r=report, stage=stage, document=document).encode()


def _readme(e: say.Evidence, zone: ZoneInfo, left_out: list[dict[str, object]]) -> str:
    return _words("room/readme.j2", zone, e=e, left_out=left_out)


def _words(template: str, zone: ZoneInfo, **values: object) -> str:
    """Return a plain text file; marks are not wanted in it, so escapes are undone."""
    template_text = environment().overlay(autoescape=False).get_template(template)
    return template_text.render(values, zone=zone)

"""The files of the office: the evidence pack of one event, and the export of everything."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices import room as say
from messages.callout_files import record_xlsx
from messages.render import DOCUMENTS, Document, environment

VERIFY = Path(__file__).parent / "room" / "verify.txt"
STAGES = {"first": "首报", "followup": "续报", "final": "终报"}
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


def _evidence_files(e: say.Evidence, zone: ZoneInfo) -> dict[str, bytes]:
    kind = "事件" if e.number.startswith("E") else "预警"
    files = {
        "README.txt": _readme(e, zone).encode(),
        "timeline.xlsx": table_xlsx(f"{kind} {e.number} 时间线", list(TIMELINE), _timeline(e, zone)),
        "原文.txt": e.raw.encode(),
    }
    for report in e.reports:
        files[f"报告-{report.seq:02d}-{STAGES.get(report.stage, report.stage)}.txt"] = _report(report, zone)
    if e.figures:
        files["figures.xlsx"] = table_xlsx(f"事件 {e.number} 数字沿革", FIGURES, _figures(e, zone))
    if e.record:
        files["叫应记录.xlsx"] = record_xlsx(e.record, zone)
    lines = [json.dumps(link.model_dump(), ensure_ascii=False, sort_keys=True) for link in e.chain]
    files["log.jsonl"] = ("\n".join(lines) + "\n").encode()
    files["verify.py"] = VERIFY.read_bytes()
    return files


def _at(when: datetime | None, zone: ZoneInfo) -> str:
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S}" if when else ""


def _timeline(e: say.Evidence, zone: ZoneInfo) -> list[list[str]]:
    return [[f"L{r.seq}", _at(r.at, zone), r.person, act_word(r.act), r.text] for r in e.timeline]


def _figures(e: say.Evidence, zone: ZoneInfo) -> list[list[str]]:
    return [[FIGURE_NAMES.get(f.name, f.name), f.text, f.by, _at(f.at, zone)] for f in e.figures]


def _report(report: say.ReportText, zone: ZoneInfo) -> bytes:
    """Return a report verbatim under who wrote, sent, signed and confirmed it when."""
    return _words(
        "room/report_text.j2", zone, r=report, stage=STAGES.get(report.stage, report.stage)
    ).encode()


def _readme(e: say.Evidence, zone: ZoneInfo) -> str:
    return _words("room/readme.j2", zone, e=e)


def _words(template: str, zone: ZoneInfo, **values: object) -> str:
    """Return a plain text file; marks are not wanted in it, so escapes are undone."""
    template_text = environment().overlay(autoescape=False).get_template(template)
    return template_text.render(values, zone=zone)

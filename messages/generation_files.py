"""A generated roster as a workbook."""

from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices.generation import PlanFile
from messages.render import DOCUMENTS, WEEKDAYS, Document
from messages.room_files import table_xlsx


def plan_document(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the workbook of a generated roster; raises TypeError for another notice."""
    del zone
    if not isinstance(notice, PlanFile):
        raise TypeError(f"{notice.kind()} is no generated roster")
    several = any(row.label for row in notice.rows)
    header = ["日期", "星期", *(["班次"] if several else []), *notice.posts, "备注"]
    rows = [
        [
            row.day.isoformat(),
            WEEKDAYS[row.day.weekday()],
            *([row.label] if several else []),
            *row.names,
            f"{row.holiday}{'（调休上班）' if row.kind == '调休上班' else ''}",
        ]
        for row in notice.rows
    ]
    return Document(f"{notice.title}（待确认）.xlsx", lambda: table_xlsx(notice.title, header, rows))


DOCUMENTS[PlanFile.kind()] = plan_document

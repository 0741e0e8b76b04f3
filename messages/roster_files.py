"""The month's roster as a picture, and as a workbook in the office layout."""

from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices.roster import Month
from domain.roster import Post
from messages.render import DOCUMENTS, Document
from messages.roster_grid import ALL_DAY, GridDay, GridRow, grid_of
from messages.roster_picture import picture_bytes


def month_files(notice: Notice, zone: ZoneInfo) -> tuple[Document, ...]:
    """Return the picture and the workbook of a month; raises TypeError for another notice."""
    if not isinstance(notice, Month):
        raise TypeError(f"{notice.kind()} is no month")
    return (
        Document(f"{notice.title}.png", lambda: picture_bytes(notice, zone), photo=True),
        Document(f"{notice.title}.xlsx", lambda: month_bytes(notice, zone)),
    )


def month_bytes(notice: Month, zone: ZoneInfo) -> bytes:
    """Return the month in the office's layout: a row a day, or a row a shift where a day has several."""
    from messages.sheets import (  # noqa: PLC0415 - the writer of workbooks is loaded with the first file
        PrintedDay,
        PrintedPerson,
        roster_xlsx,
    )

    people = {name: PrintedPerson(name, title, phone) for name, title, phone in notice.people}
    grid = grid_of(notice)
    days = [
        PrintedDay(
            day.day,
            {Post(post): [people[name] for name in names] for post, names in row.names.items()},
            day.note,
            (row.label or ALL_DAY) if grid.several else "",
            day.kind,
        )
        for day in grid.days
        for row in rows_of(day)
    ]
    foot = [f"值班电话：{notice.room_phone}"]
    if grid.several:
        foot.append(
            "说明：" + "；".join(f"{label or ALL_DAY} {h}" for label, h in grid.hours(zone).items() if h)
        )
    return roster_xlsx(notice.title, days, foot=foot)


def rows_of(day: GridDay) -> tuple[GridRow, ...]:
    """Return the rows of a day in the workbook; a day nobody stands on has none."""
    rows = (*((day.whole,) if day.whole else ()), *day.rows)
    return rows if any(row.names for row in rows) else ()


DOCUMENTS[Month.kind()] = month_files

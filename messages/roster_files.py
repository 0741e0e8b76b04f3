"""The month's roster as a file, in the office layout."""

from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices.roster import Month
from domain.roster import Post
from messages.render import DOCUMENTS, Document


def month_file(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the workbook of a month; raises TypeError for another notice."""
    del zone
    if not isinstance(notice, Month):
        raise TypeError(f"{notice.kind()} is no month")
    return Document(f"{notice.title}.xlsx", lambda: month_bytes(notice))


def month_bytes(notice: Month) -> bytes:
    """Return the month in the office's layout."""
    from messages.sheets import (  # noqa: PLC0415 - the writer of workbooks is loaded with the first file
        PrintedDay,
        PrintedPerson,
        roster_xlsx,
    )

    people = {name: PrintedPerson(name, title, phone) for name, title, phone in notice.people}
    days = [
        PrintedDay(
            day.day,
            {
                Post(post): [people[name] for s in day.shifts for p, name in s.names if p == post]
                for post, _ in notice.posts
            },
        )
        for day in notice.days
        if day.shifts
    ]
    return roster_xlsx(notice.title, days, foot=[f"值班电话：{notice.room_phone}"])


DOCUMENTS[Month.kind()] = month_file

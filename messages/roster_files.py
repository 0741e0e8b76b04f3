"""The month's roster as a file, in the office layout."""

from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices.roster import Month
from domain.roster import Post
from messages.render import DOCUMENTS, Document
from messages.sheets import PrintedDay, PrintedPerson, roster_xlsx


def month_file(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the workbook of a month; raises TypeError for another notice."""
    del zone
    if not isinstance(notice, Month):
        raise TypeError(f"{notice.kind()} is no month")
    people = {name: (title, phone) for name, title, phone in notice.people}
    days = [
        PrintedDay(
            day.day,
            {
                post: tuple(
                    PrintedPerson(name, *people.get(name, ("", "")))
                    for p, name in day.names
                    if p == post.value
                )
                for post in Post
            },
        )
        for day in notice.days
    ]
    foot = [f"值班电话：{notice.room_phone}"]
    return Document(f"{notice.title}.xlsx", lambda: roster_xlsx(notice.title, days, foot=foot))


DOCUMENTS[Month.kind()] = month_file

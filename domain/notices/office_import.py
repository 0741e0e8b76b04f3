"""What is said about sheets of holidays, leave and shifts."""

from datetime import datetime

from domain.notice import Notice
from domain.notices.people import Problem


class OfficePreview(Notice):
    """What was understood of such a sheet: all rows or none."""

    card = "office_import.office_preview"
    draft: int
    file: str
    what: str
    lines: tuple[str, ...]
    count: int
    errors: tuple[Problem, ...]
    more: int
    state: str

    def event(self) -> str:
        """Return the event this card shows."""
        return f"D{self.draft}"


class OfficeImported(Notice):
    """Such a sheet is in force."""

    file: str
    what: str
    count: int
    at: datetime

"""Files that were made before and are kept: the outbox sends them as they are."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from domain.notice import Notice
from domain.notices.intake import EventFile
from domain.notices.record import Printed
from messages.render import DOCUMENTS, Document

_READ: list[Callable[[str], bytes]] = []


def read_with(read: Callable[[str], bytes]) -> None:
    """Say how a kept file is read by its hash; the disk is the process's."""
    _READ[:] = [read]


def read(sha256: str) -> bytes:
    """Return a kept file, b"" when it is gone or is no longer what was kept."""
    return _READ[0](sha256) if _READ else b""


def kept(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the printed document; raises TypeError for another notice."""
    del zone
    if not isinstance(notice, Printed):
        raise TypeError(f"{notice.kind()} is no printed document")
    return Document(notice.name, lambda: read(notice.sha256))


def of_event(notice: Notice, zone: ZoneInfo) -> Document:
    """Return the file of an event as it is kept; raises TypeError for another notice."""
    del zone
    if not isinstance(notice, EventFile):
        raise TypeError(f"{notice.kind()} is no file of an event")
    return Document(notice.name, lambda: _READ[0](notice.sha256), photo=notice.picture)


DOCUMENTS[Printed.kind()] = kept
DOCUMENTS[EventFile.kind()] = of_event

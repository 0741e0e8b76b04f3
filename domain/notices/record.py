"""What is said about documents: records that were printed, and the templates they are printed from."""

from datetime import datetime

from pydantic import BaseModel

from domain.notice import Notice


class Printed(Notice):
    """A printed document, sent as it is kept: `title` says which, `sha256` is the file's."""

    title: str
    name: str
    sha256: str
    at: datetime


class RecordSpoilt(Notice):
    """A record's file is `missing` or was altered since it was printed: it is not sent."""

    title: str
    name: str
    sha256: str
    at: datetime
    missing: bool


class RecordLine(BaseModel, frozen=True):
    """One handover of a list; `at`: when the watch moved, until then when the sheet was opened."""

    number: int
    at: datetime
    out_name: str
    in_name: str | None
    state: str
    printed: bool


class Records(Notice):
    """The newest handovers."""

    lines: tuple[RecordLine, ...]


class TemplateLine(BaseModel, frozen=True):
    """A template in force: the office's own since when and by whom, or the shipped one."""

    name: str
    own: bool
    at: datetime | None
    by: str


class Templates(Notice):
    """The templates in force."""

    lines: tuple[TemplateLine, ...]


class TemplateTrying(Notice):
    """The template is being tried."""

    name: str


class TemplateChanged(Notice):
    """A template is in force from now on; `own` False: the shipped one again."""

    name: str
    own: bool
    sha256: str
    at: datetime


class TemplateRefused(Notice):
    """The template cannot be used: why; the one before stays."""

    name: str
    why: str


class PrintFailed(Notice):
    """A document could not be made; `again_minutes`: it is tried each so many minutes, until it is."""

    title: str
    why: str
    again_minutes: int | None

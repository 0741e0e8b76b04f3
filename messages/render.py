"""Turn a Notice into what Telegram shows: text, buttons, reply keyboard, files. Pure: `now` and zone are given."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from domain.flash_text import trimmed
from domain.notice import Notice

FOLDER = Path(__file__).parent
TEXT_LIMIT = 4096
TOAST_LIMIT = 200
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Button:
    """An inline button: its word, and the act on a subject that a press means."""

    word: str
    act: str
    subject: str


@dataclass
class Keyboard:
    """What a template lays under its text."""

    rows: list[list[Button]] = field(default_factory=lambda: [[]])
    words: list[list[str]] | None = None

    def button(self, word: str, act: str, subject: object = "") -> str:
        """Add a button to the present row."""
        self.rows[-1].append(Button(word, act, str(subject)))
        return ""

    def row(self) -> str:
        """Begin a new row."""
        if self.rows[-1]:
            self.rows.append([])
        return ""

    def reply(self, rows: list[list[str]]) -> str:
        """Lay a reply keyboard."""
        self.words = rows
        return ""


@dataclass(frozen=True)
class Document:
    """A file to be sent with the text; the first one has the text as its caption.

    `make`: its bytes, empty where this machine cannot make it. A `photo` is shown as a picture: an addition,
    without which the rest goes all the same.
    """

    name: str
    make: Callable[[], bytes]
    photo: bool = False


@dataclass(frozen=True)
class Rendered:
    """A message ready to be sent: HTML text in parts that fit, buttons, reply keyboard, documents in order."""

    parts: tuple[str, ...]
    buttons: tuple[tuple[Button, ...], ...]
    words: tuple[tuple[str, ...], ...] | None
    html: bool
    documents: tuple[Document, ...] = ()

    @property
    def plain(self) -> str:
        """The words without marks."""
        return html.unescape(re.sub(r"<[^>]+>", "", "\n".join(self.parts)))


DOCUMENTS: dict[str, Callable[[Notice, ZoneInfo], Document | tuple[Document, ...]]] = {}
"""How the file or files of a notice are made, by kind."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates' environment: autoescape, StrictUndefined, our filters."""
    env = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        auto_reload=False,  # a file replaced under a running process must not break its cards
        cache_size=-1,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    env.filters |= {
        "clock": _clock,
        "day": _day,
        "minutes_left": _minutes_left,
        "minutes_since": _minutes_since,
        "moment": _moment,
        "seconds": _seconds,
        "span": span,
        "mask": mask,
        "window": window,
        "to": _to,
        "body_words": trimmed,
    }
    return env


def _local(context: Context, when: datetime) -> datetime:
    return when.astimezone(context["zone"])


@pass_context
def _clock(context: Context, when: datetime) -> str:
    return f"{_local(context, when):%H:%M}"


@pass_context
def _seconds(context: Context, when: datetime) -> str:
    return f"{_local(context, when):%H:%M:%S}"


@pass_context
def _to(context: Context, start: datetime, end: datetime) -> str:
    return hours(start, end, context["zone"])


@pass_context
def _day(context: Context, when: datetime) -> str:
    local = _local(context, when)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）"


@pass_context
def _moment(context: Context, when: datetime) -> str:
    """The clock time, with the day when it is not today."""
    local, today = _local(context, when), _local(context, context["now"]).date()
    names = {0: "", 1: "明天 ", -1: "昨天 "}
    days = (local.date() - today).days
    return f"{names.get(days, f'{local.month}月{local.day}日 ')}{local:%H:%M}"


@pass_context
def _minutes_left(context: Context, when: datetime) -> int:
    """The minutes until then, at least one before it, 0 after it: as it is said, not as it was written."""
    left = (when - context["now"]).total_seconds() / 60
    return max(1, round(left)) if left > 0 else 0


@pass_context
def _minutes_since(context: Context, when: datetime) -> int:
    """The whole minutes that have passed since."""
    return int((context["now"] - when).total_seconds() // 60)


def hours(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Return the hours of a shift as people write them: 08:30-17:30, 17:30-次日08:30."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    return f"{first:%H:%M}-{'次日' if last.date() > first.date() else ''}{last:%H:%M}"


def span(value: timedelta | float) -> str:
    """Return a duration as people say it: 45秒, 12分钟, 2小时5分."""
    seconds = round(value.total_seconds() if isinstance(value, timedelta) else value)
    minutes, rest = divmod(abs(seconds), 60)
    if minutes == 0:
        return f"{rest}秒"
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes}分钟"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}小时{minutes}分" if minutes else f"{hours}小时"


def window(text: str) -> str:
    """Return a window as people say it: PT6H is 未来6小时; words stay as they are."""
    hours = re.fullmatch(r"PT(\d+)H", text)
    return f"未来{hours[1]}小时" if hours else text


def mask(phone: str) -> str:
    """Return a phone with its middle hidden, for groups."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"  # noqa: PLR2004 - shorter shows too much


def render(notice: Notice, *, zone: ZoneInfo, now: datetime, repeated: bool = False) -> Rendered:
    """Return the message of a notice; raise jinja2.UndefinedError when its template asks for what it lacks."""
    keyboard = Keyboard()
    feature, _, name = notice.kind().partition(".")
    values = {field: getattr(notice, field) for field in type(notice).model_fields}
    text = (
        environment()
        .get_template(f"{feature}/{name}.j2")
        .render(values, keyboard=keyboard, zone=zone, now=now)
    )
    text = text.strip("\n")
    if notice.drill:
        text = f"【演练】{text}"
    if repeated:
        text = environment().get_template("base/repeated.j2").render(text=text, now=now, zone=zone)
    parts, marked = split(text)
    return Rendered(
        parts,
        tuple(tuple(row) for row in keyboard.rows if row),
        tuple(tuple(row) for row in keyboard.words) if keyboard.words else None,
        marked,
        _documents(notice, zone),
    )


def _documents(notice: Notice, zone: ZoneInfo) -> tuple[Document, ...]:
    make = DOCUMENTS.get(notice.kind())
    made = make(notice, zone) if make else ()
    return made if isinstance(made, tuple) else (made,)


def toast(rendered: Rendered) -> str:
    """Return the pop-up of an answer: its first lines within Telegram's limit."""
    text = rendered.plain
    return text if len(text) <= TOAST_LIMIT else text[: TOAST_LIMIT - 1] + "…"


def split(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the text in parts that fit one message, and whether they still carry marks.

    A text too long for one message loses its marks (never its words), so that no tag is cut.
    """
    if units(html.unescape(re.sub(r"<[^>]+>", "", text))) <= TEXT_LIMIT:
        return (text,), True
    plain = html.unescape(re.sub(r"</?(?:b|i|u|code|pre|blockquote)[^>]*>", "", text))
    parts, current = [], ""
    for line in plain.splitlines(keepends=True):
        rest = line
        while rest:
            room = TEXT_LIMIT - 96 - units(current)
            piece = fit(rest, room)
            if not piece or (piece != rest and current and len(rest) <= TEXT_LIMIT // 2):
                parts.append(current)
                current = ""
                continue
            current, rest = current + piece, rest[len(piece) :]
    return (*parts, current), False


def units(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def fit(text: str, room: int) -> str:
    """Return the longest head of `text` that is at most `room` UTF-16 units."""
    if units(text) <= room:
        return text
    head = text[: max(room, 0)]
    while head and units(head) > room:
        head = head[:-1]
    return head

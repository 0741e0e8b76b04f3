"""Reads warnings from bulletin text as pasted or forwarded; asks about what is odd, refuses nothing.

The grammar is domain.md §3.5: statements that announce, headlines and bodies joined, one reading per warning.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from config.tables import HazardTable
from domain import bulletin_doubts as ask
from domain.bulletin_area import Area, issuer_area, read_area
from domain.bulletin_changes import VERB, Change
from domain.bulletin_heads import Head, find_heads
from domain.bulletin_issuer import blank_stamps
from domain.bulletin_reading import Action, BulletinReading, Colour, to_json
from domain.bulletin_window import Window, read_window
from domain.plain import Plain, is_visible, make_plain
from domain.stamps import find_stamps

__all__ = ["Action", "BulletinReading", "Colour", "read_bulletins", "to_json"]

_PLACED = re.compile(r"(?:将|在)(?!线)(.*)$")
_ISSUED_BY = re.compile(r"(?:发布|预警)(?:单位|机构|部门):?[^。;,\n]*|来源[:。]*[^)\]。\n]*")
_OFFICE_OF = re.compile(
    r"(?<![一-龥])(?P<city>[一-龥]{2,3}[省市])(?:气象|应急|水[务文利]|防汛|人民政府|自然资源)"
)
_FORECAST = re.compile(r"预计|(?:我|全)[市区县]|[^。\n]*将(?:出现|有|迎来)")
MAX_READ: Final = 8_000
"""Characters that are read; what stands behind them is kept in `raw` and asked about."""


def _bounds(heads: list[Head], length: int) -> list[tuple[int, int]]:
    starts = [0, *(head.start for head in heads[1:])]
    return list(zip(starts, [*starts[1:], length], strict=True))


def _placed(head: Head) -> str:
    """Return what stands between 将 or 在 and the warning's name: "将甲镇、乙镇暴雨黄色预警信号升级"."""
    said = head.statement
    where = _PLACED.search(said.text[: said.mentions[0].start])
    return VERB.split(where.group(1))[0] if where else ""


def _body(head: Head, plain: str, end: int) -> str:
    """Return all that stands behind the head's warnings."""
    said = head.statement
    return f"{said.text[said.mentions[-1].end :]}。{plain[said.end : end]}"


def _ahead(head: Head, before: str) -> str:
    """Return the forecast before the warning's name: in earlier sentences, or in the head itself."""
    said = head.statement
    own = said.text[: said.mentions[0].start]
    for name in (said.issuer or "").split("、"):
        own = own.replace(name, "|") if name else own
    opening, _, rest = own.rpartition("|")
    kept = f"{opening if _FORECAST.search(opening) else ''},{rest}"
    found = _FORECAST.search(before)
    return f"{before[found.start() :]}。{kept}" if found else kept


def _without_issue_time(body: str, issued: datetime | None, zone: ZoneInfo) -> str:
    """Return the body with the issue time blotted out where it is printed again: it is no window."""
    if issued is None:
        return body
    again = [s for s in find_stamps(body, bare=True) if s.resolve(issued, zone) == issued]
    return blank_stamps(body, [s for s in again if body[s.end : s.end + 1] not in set("至到-~起")])


def _elsewhere(issuer: str | None, section: str, table: HazardTable) -> str | None:
    """Return another city whose office the text names, where the issuer is "市气象台" without a city's name."""
    if issuer is None or not issuer.startswith("市"):
        return None
    named = {found["city"] for found in _OFFICE_OF.finditer(section)}
    return named.pop() if len(named) == 1 and table.places.city not in named else None


def _where(
    head: Head, section: str, texts: tuple[str, ...], table: HazardTable
) -> tuple[tuple[str, ...], list[str]]:
    """Return (area, doubts) from the first text that names places."""
    issuer = head.statement.issuer
    own = _elsewhere(issuer, section, table) or issuer_area(issuer, table.places)
    texts = tuple(_ISSUED_BY.sub("", text) for text in texts)
    areas = [read_area(text, own, table.places) for text in texts]
    found = next((area for area in areas if area.names), Area())
    area = found.names or ((own,) if own else ())
    doubts = [] if found.names else ["没写范围，按发布单位辖区" if own else "没写范围"]
    excluded = tuple(dict.fromkeys(name for one in areas for name in one.excluded))
    if excluded:
        doubts.append(f"范围不含{'、'.join(excluded)}，请核对")
    return area, doubts + ask.outside(issuer, area, table.places)


def _raw(plain: Plain, bounds: tuple[int, int]) -> str:
    """Return the section as typed; the sections of a text make up the whole text."""
    start = plain.at[bounds[0]] if bounds[0] else 0
    end = plain.at[bounds[1]] if bounds[1] < len(plain.text) else len(plain.source)
    return plain.source[start:end]


def _verbatim(plain: Plain, bounds: tuple[int, int], window: Window) -> str | None:
    """Return the window's words as they were typed."""
    at = plain.text.find(window.words, *bounds) if window.words else -1
    if window.words is None or at < 0:
        return window.words
    typed = plain.original(at, at + len(window.words))
    return "".join(char for char in typed if not char.isspace() and is_visible(char))


class _Section:
    """One head with the text that belongs to it, read for what its warnings share."""

    def __init__(
        self,
        head: Head,
        plain: Plain,
        bounds: tuple[int, int],
        received_at: datetime,
        zone: ZoneInfo,
        table: HazardTable,
    ) -> None:
        said = head.statement
        self.head = head
        self.table = table
        self.text = plain.text[bounds[0] : bounds[1]]
        self.raw = _raw(plain, bounds)
        self.issued = said.stamp.resolve(received_at, zone) if said.stamp else None
        body, ahead = _body(head, plain.text, bounds[1]), _ahead(head, plain.text[bounds[0] : said.start])
        self.area, doubts = _where(head, plain.text[slice(*bounds)], (_placed(head), body, ahead), table)
        self.window = self._window(body, ahead, zone)
        self.words = _verbatim(plain, bounds, self.window)
        self.doubts = [
            *head.doubts,
            *([] if said.issuer else ["没写发布单位"]),
            *ask.time_doubts(self.issued, received_at, printed=said.stamp is not None),
            *doubts,
            *(["像是转述，请核对原文"] if said.quoted or said.told else []),
        ]

    def _window(self, body: str, ahead: str, zone: ZoneInfo) -> Window:
        """Return the window of what follows the head, else of a forecast before it; a bare date there is none."""
        for text in (body, ahead):
            window = read_window(_without_issue_time(text, self.issued, zone), self.issued, zone)
            if window.words and (text is body or "预计" in text or window.words.endswith("起")):
                return window
        return Window()

    def readings(self) -> list[BulletinReading]:
        """Return one reading per warning."""
        return [self._reading(change, alone=len(self.head.changes) == 1) for change in self.head.changes]

    def _reading(self, change: Change, *, alone: bool) -> BulletinReading:
        known = self.table.find(change.hazard) if change.hazard else None
        drill = ask.is_drill(self.text)
        ended = change.action is Action.CANCEL
        doubts = [
            *self.doubts,
            *ask.hazard_doubts(change.hazard, known, change.colour),
            *change.doubts,
            *([] if change.verb or self.window.words else ["没写发布还是解除"]),
            *(ask.level_doubts(self.text, change, known) if alone and not change.from_colour else []),
            *(["文中写明是演练"] if drill else []),
        ]
        return BulletinReading(
            issuer=self.head.statement.issuer,
            issued_at=self.issued,
            action=change.action,
            hazard=known.name if known else change.hazard,
            local_hazard=change.hazard if known and change.hazard != known.name else None,
            colour=change.colour,
            from_colour=change.from_colour,
            area=self.area,
            window=None if ended else self.words,
            onset=None if ended else self.window.onset,
            expires=None if ended else self.window.expires,
            event_code=known.code or None if known else None,
            doubts=tuple(dict.fromkeys(doubts)),
            raw=self.raw,
            status="Exercise" if drill else None,
        )


def read_bulletins(
    text: str, received_at: datetime, zone: ZoneInfo, hazards: HazardTable
) -> list[BulletinReading]:
    """Return the warnings in a pasted text, [] when it is no bulletin; times are aware in `zone`.

    What is not printed stays None; what looks odd is a doubt in Chinese (气象灾害防御条例 art. 30).
    """
    plain, heads = find_heads(make_plain(text[:MAX_READ], tight=True), hazards)
    bounds = _bounds(heads, len(plain.text)) if heads else []
    readings = [
        reading
        for head, span in zip(heads, bounds, strict=True)
        for reading in _Section(head, plain, span, received_at, zone, hazards).readings()
    ]
    if len(heads) == 1:
        readings = [replace(reading, raw=text) for reading in readings]
    if readings and len(text) > MAX_READ:
        readings = [
            _cut(reading, text) if r == len(readings) - 1 else reading for r, reading in enumerate(readings)
        ]
    return readings


def _cut(reading: BulletinReading, text: str) -> BulletinReading:
    raw = reading.raw if reading.raw == text else reading.raw + text[MAX_READ:]
    return replace(reading, raw=raw, doubts=(*reading.doubts, f"文字太长，只判读了前{MAX_READ}字"))

"""Reads warnings from CAP 1.2 and the national 12379 XML, two different shapes (domain.md §3.6).

What the fields leave out is read from headline and description; where both speak and differ, that is a doubt.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from config.tables import Hazard, HazardTable
from domain import bulletin_doubts as ask
from domain.bulletin_reading import Action, BulletinReading, Colour
from domain.bulletin_text import read_bulletins
from domain.bulletin_window import read_window
from domain.bulletin_xml_fields import Said, read_references, read_time, split_areas
from domain.bulletin_xml_parse import MAX_BYTES, BulletinRefused, looks_like_xml, parse_xml
from domain.plain import make_plain

__all__ = ["MAX_BYTES", "BulletinRefused", "looks_like_xml", "read_bulletin_xml"]

MOST_WARNINGS = 50
"""So many warnings may stand in one file."""

_ENGLISH = {"blue": Colour.BLUE, "yellow": Colour.YELLOW, "orange": Colour.ORANGE, "red": Colour.RED}
_SEVERITY = {"minor": Colour.BLUE, "moderate": Colour.YELLOW, "severe": Colour.ORANGE, "extreme": Colour.RED}
_UNREAL = {"Exercise": "演练", "Test": "测试", "Draft": "草稿", "System": "系统"}
_FILLED = (
    "没写发布时间",
    "没写发布单位",
    "没写颜色",
    "没写范围",
    "发布时间",
    "范围在外省",
    "没见过的灾种",
    "没写灾种",
    "没写发布还是",
)


@dataclass(frozen=True, slots=True)
class _Context:
    """What a reading needs besides the file."""

    received_at: datetime
    zone: ZoneInfo
    hazards: HazardTable


def _action(said: Said, spoken: BulletinReading | None) -> tuple[Action, list[str]]:
    kind = said.text("msgType") or ""
    if kind == "Cancel":
        agrees = spoken is None or spoken.action is Action.CANCEL
        return Action.CANCEL, [] if agrees else ["msgType 是解除，正文不是"]
    if kind in {"Alert", "Update"}:
        fallback = Action.NEW if kind == "Alert" else Action.CONTINUE
        if spoken is None:
            return fallback, [] if kind == "Alert" else ["更新消息没写原来的颜色"]
        if spoken.action is Action.CANCEL:
            return Action.CANCEL, ["正文是解除，msgType 不是"]
        return (Action.CONTINUE if kind == "Update" and spoken.action is Action.NEW else spoken.action), []
    return (spoken.action if spoken else Action.NEW), [f"没见过的消息类型：{kind or '空'}"]


def _colour_word(word: str) -> Colour | None:
    chinese = next((colour for colour in Colour if word.startswith(colour.value)), None)
    return chinese or _ENGLISH.get(word.lower())


def _colour(said: Said, spoken: BulletinReading | None) -> tuple[Colour | None, list[str]]:
    """Return (colour, doubts): a field that names a colour, else the text's, else the one of CAP's severity."""
    severity = said.text("severity") or ""
    words = [v for k, v in said.pairs("parameter").items() if k.lower() in {"color", "colour", "颜色"}]
    field = next((c for c in map(_colour_word, [*words, severity]) if c), None)
    graded = _SEVERITY.get(severity.lower())
    told = spoken.colour if spoken else None
    doubts = []
    if told and (field or graded) not in {None, told}:
        doubts.append(f"字段颜色{field or graded}与正文颜色{told}不同")
    if field is None and told is None and graded:
        doubts.append(f"没写颜色，按 severity（{severity}）判为{graded}色，请核对")
    return field or told or graded, doubts


def _spoken(said: Said, known: Hazard | None, context: _Context) -> BulletinReading | None:
    """Return what headline and description say, of several warnings the one on this info's hazard."""
    headline, description = said.text("headline") or "", said.text("description") or ""
    for text in (f"{headline}\n{description}", description, headline):
        found = read_bulletins(text, context.received_at, context.zone, context.hazards)
        if found:
            return next((r for r in found if known and r.hazard == known.name), found[0])
    return None


def _known(said: Said, hazards: HazardTable) -> Hazard | None:
    code = said.code()
    event = (said.text("event") or "").removesuffix("预警").removesuffix("事件")
    return (hazards.by_code(code) if code else None) or hazards.find(event)


def _base(said: Said, action: Action, context: _Context) -> BulletinReading:
    """Return a reading of the description's window alone, for an info whose text announces nothing."""
    body = make_plain(said.text("description") or "", tight=True).text
    window = read_window(body, read_time(said.text("sent", "sendTime"), context.zone), context.zone)
    return BulletinReading(
        issuer=None,
        issued_at=None,
        action=action,
        hazard=None,
        local_hazard=None,
        colour=None,
        from_colour=None,
        area=(),
        window=window.words,
        onset=window.onset,
        expires=window.expires,
        event_code=None,
        doubts=(),
        raw="",
    )  # fmt: skip - a form that is empty but for its window


def _issuer(said: Said) -> str | None:
    names = (said.info.findtext("senderName"), said.alert.findtext("sender"), said.alert.findtext("source"))
    return next((n.strip() for n in names if n and re.search(r"[台局心部委站室]$", n.strip())), None)


def _status_doubts(status: str | None) -> list[str]:
    return [f"这是{_UNREAL[status]}消息（{status}）"] if status in _UNREAL else []


def _hazard_doubts(
    said: Said, known: Hazard | None, spoken: BulletinReading | None, colour: Colour | None
) -> list[str]:
    if known and spoken and spoken.hazard not in {None, known.name}:
        return [f"编码或 event 是{known.name}，正文灾种是{spoken.hazard}，请核对"]
    typed = known.name if known else (spoken.hazard if spoken else None) or said.text("event")
    return ask.hazard_doubts(typed, known, colour)


def _read(said: Said, context: _Context) -> BulletinReading:
    table = context.hazards
    known = _known(said, table)
    spoken = _spoken(said, known, context)
    action, doubts = _action(said, spoken)
    colour, colour_doubts = _colour(said, spoken)
    base = spoken or _base(said, action, context)
    known = known or (table.find(base.hazard) if base.hazard else None)
    status = said.text("status")
    sent = read_time(said.text("sent", "sendTime"), context.zone)
    issuer, issued = base.issuer or _issuer(said), base.issued_at or sent
    area = split_areas(said, table.places) or base.area
    doubts += [
        *colour_doubts,
        *_hazard_doubts(said, known, spoken, colour),
        *_status_doubts(status),
        *([] if issuer else ["没写发布单位"]),
        *ask.time_doubts(issued, context.received_at, printed=issued is not None),
        *([] if area else ["没写范围"]),
        *ask.outside(issuer, area, table.places),
        *(d for d in base.doubts if not d.startswith(_FILLED)),
    ]
    ended = action is Action.CANCEL
    return replace(
        base,
        issuer=issuer,
        issued_at=issued,
        action=action,
        hazard=known.name if known else base.hazard or said.text("event"),
        colour=colour,
        area=area,
        window=None if ended else base.window,
        onset=read_time(said.text("onset"), context.zone) or base.onset,
        expires=read_time(said.text("expires"), context.zone) or base.expires,
        event_code=said.code() or (known.code or None if known else None),
        doubts=tuple(dict.fromkeys(doubts)),
        raw=said.verbatim(),
        identifier=said.text("identifier"),
        references=read_references(said.alert.findtext("references")),
        sent=sent,
        status=status,
    )


def _infos(alert: Element) -> list[Element]:
    """Return the Chinese infos of an alert, the first one when none is Chinese."""
    infos = list(alert.iter("info"))
    return [i for i in infos if (i.findtext("language") or "zh").strip().lower().startswith("zh")] or infos[
        :1
    ]


def read_bulletin_xml(
    data: bytes, received_at: datetime, zone: ZoneInfo, hazards: HazardTable
) -> list[BulletinReading]:
    """Return the warnings in a CAP 1.2 or 12379 file, one per Chinese info; raise BulletinRefused."""
    alerts = list(parse_xml(data).iter("alert"))
    if not alerts:
        raise BulletinRefused("这份 XML 里没有预警（alert）")
    context = _Context(received_at, zone, hazards)
    said = [Said(alert, info) for alert in alerts for info in _infos(alert)]
    if not said:
        raise BulletinRefused("这份预警没有内容（info），无法判读")
    if len(said) > MOST_WARNINGS:  # a megabyte holds thousands: seconds of reading, and a flood of drafts
        raise BulletinRefused(f"一份文件最多 {MOST_WARNINGS} 条预警，这里有 {len(said)} 条，请分开发送")
    return [_read(one, context) for one in said]

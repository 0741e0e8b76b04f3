"""Reads warnings from CAP 1.2 and the national 12379 XML, two different shapes (domain.md §3.6).

A DOCTYPE is refused always, and so is anything above one megabyte: XML comes from outside.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

import defusedxml.ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from config.tables import HazardTable
from domain.bulletin_reading import Action, BulletinReading, Colour
from domain.bulletin_text import read_bulletins

MAX_BYTES: Final = 1_000_000
_ENGLISH = {"blue": Colour.BLUE, "yellow": Colour.YELLOW, "orange": Colour.ORANGE, "red": Colour.RED}
_SEVERITY = {"minor": Colour.BLUE, "moderate": Colour.YELLOW, "severe": Colour.ORANGE, "extreme": Colour.RED}
_UNREAL = {"Exercise": "演练", "Test": "测试", "Draft": "草稿", "System": "系统"}
_STAMPED = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)\s*([+-]\d{2}:?\d{2}|Z)?")
_BASIC = re.compile(r"\d{14}")


class BulletinRefused(Exception):
    """The file cannot be taken as a warning; the text says why in Chinese."""


@dataclass(frozen=True, slots=True)
class _Said:
    """An alert's and one info's fields, by name of the tag."""

    alert: Element
    info: Element

    def text(self, *names: str) -> str | None:
        """Return the first non-empty text of these tags, looked for in info, then alert."""
        for name in names:
            for parent in (self.info, self.alert):
                found = (parent.findtext(name) or "").strip()
                if found:
                    return found
        return None

    def pairs(self, name: str) -> dict[str, str]:
        """Return valueName to value of the CAP elements `name`."""
        return {
            (e.findtext("valueName") or "").strip(): (e.findtext("value") or "").strip()
            for e in self.info.iter(name)
        }


def looks_like_xml(data: bytes | str) -> bool:
    """Return True when the data starts like XML (after a byte order mark and blanks)."""
    head = data[:200] if isinstance(data, str) else data[:200].decode("utf-8", "ignore")
    if isinstance(data, bytes) and data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = data[:200].decode("utf-16", "ignore")
    return re.match(r"[\ufeff\s]*<(?:\?xml|!DOCTYPE|!--|(?:\w+:)?alert\b)", head, re.IGNORECASE) is not None


def _parse(data: bytes) -> Element:
    if len(data) > MAX_BYTES:
        raise BulletinRefused("文件超过 1 MB，不是预警文件")
    try:
        root: Element = SafeTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BulletinRefused("文件带有 DOCTYPE 或实体，已拒收") from error
    except (ParseError, LookupError, ValueError) as error:
        raise BulletinRefused("XML 读不通，请核对文件是否完整、编码是否为 UTF-8") from error
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return root


def _alerts(root: Element) -> list[Element]:
    return [root] if root.tag == "alert" else list(root.iter("alert"))


def _time(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return the time of either style, `zone` when no offset is written; None when it is no time."""
    if text is None:
        return None
    found = _STAMPED.fullmatch(text)
    try:
        if found:
            offset = (found.group(3) or "").replace("Z", "+00:00")
            value = datetime.fromisoformat(f"{found.group(1)}T{found.group(2)}{offset}")
        elif _BASIC.fullmatch(text):
            value = datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
        else:
            return None
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def _colour(said: _Said) -> Colour | None:
    named = said.pairs("parameter")
    word = (
        next((v for k, v in named.items() if k.lower() in {"color", "colour", "颜色"}), "")
        or said.text("severity")
        or ""
    )
    chinese = next((colour for colour in Colour if word.startswith(colour.value)), None)
    return chinese or _ENGLISH.get(word.lower()) or _SEVERITY.get(word.lower())


def _references(text: str | None) -> tuple[str, ...]:
    """Return the identifiers: CAP writes sender,identifier,sent triples, 12379 bare ids."""
    out = []
    for part in re.split(r"\s+(?!\d{2}:)", text or ""):
        fields = part.split(",")
        out.append(fields[1] if len(fields) >= 3 else part)  # noqa: PLR2004 - a CAP triple
    return tuple(ref for ref in out if ref)


def _action(said: _Said, spoken: BulletinReading | None) -> tuple[Action, list[str]]:
    kind = said.text("msgType") or ""
    if kind == "Cancel":
        return Action.CANCEL, [] if spoken is None or spoken.action is Action.CANCEL else [
            "msgType 是解除，正文不是"
        ]
    if kind in {"Alert", "Update"}:
        fallback = Action.NEW if kind == "Alert" else Action.CONTINUE
        if spoken is None:
            return fallback, [] if kind == "Alert" else ["更新消息没写原来的颜色"]
        if spoken.action is Action.CANCEL:
            return Action.CANCEL, ["正文是解除，msgType 不是"]
        return (Action.CONTINUE if kind == "Update" and spoken.action is Action.NEW else spoken.action), []
    return (spoken.action if spoken else Action.NEW), [f"没见过的消息类型：{kind or '空'}"]


def _code(said: _Said) -> str | None:
    codes = [said.text("eventType") or "", *said.pairs("eventCode").values()]
    return next((code for code in codes if re.fullmatch(r"1[0-9A-Z]{4,5}", code)), None)


def _area(said: _Said) -> tuple[str, ...]:
    names = [n for e in said.info.iter("areaDesc") for n in re.split(r"[,,、;;]", e.text or "") if n.strip()]
    return tuple(dict.fromkeys(n.strip() for n in names))


def _spoken(
    said: _Said, received_at: datetime, zone: ZoneInfo, hazards: HazardTable
) -> BulletinReading | None:
    lines = [line for line in (said.text("description"), said.text("headline")) if line]
    for line in lines:
        found = read_bulletins(line, received_at, zone, hazards)
        if found:
            return found[0]
    return None


def _verbatim(said: _Said) -> str:
    """Return headline, description and instruction as sent, one under the other."""
    parts = [said.info.findtext(name) or "" for name in ("headline", "description", "instruction")]
    return "\n".join(part for part in parts if part.strip())


def _read(said: _Said, received_at: datetime, zone: ZoneInfo, hazards: HazardTable) -> BulletinReading:
    spoken = _spoken(said, received_at, zone, hazards)
    action, doubts = _action(said, spoken)
    code = _code(said)
    known = hazards.by_code(code) if code else None
    event = said.text("event")
    colour = _colour(said)
    if spoken and colour and spoken.colour and colour is not spoken.colour:
        doubts.append(f"字段颜色{colour}与正文颜色{spoken.colour}不同")
    if known and known.colours and colour and colour.value not in known.colours:
        doubts.append(f"{known.name}没有{colour}色预警，请核对")
    if colour is None:
        doubts.append("没写颜色")
    status = said.text("status")
    if status in _UNREAL:
        doubts.append(f"这是{_UNREAL[status]}消息（{status}）")
    sent = _time(said.text("sent", "sendTime"), zone)
    named = spoken.issuer if spoken else None
    issuer = named or next(
        (
            n
            for n in (said.info.findtext("senderName"), said.alert.findtext("sender"))
            if n and re.search(r"[台局心部委]$", n)
        ),
        None,
    )
    name = known.name if known else spoken.hazard if spoken else event
    base = spoken or BulletinReading(
        None,
        None,
        action,
        None,
        None,
        None,
        None,
        (),
        None,
        None,
        None,
        None,
        (),
        "",
    )
    return replace(
        base,
        issuer=issuer,
        issued_at=base.issued_at or sent,
        action=action,
        hazard=name,
        colour=colour or base.colour,
        area=_area(said) or base.area,
        onset=_time(said.text("onset"), zone) or base.onset,
        expires=_time(said.text("expires"), zone) or base.expires,
        event_code=code or base.event_code,
        doubts=tuple(dict.fromkeys([*doubts, *(d for d in base.doubts if "范围" not in d)])),
        raw=_verbatim(said),
        identifier=said.text("identifier"),
        references=_references(said.alert.findtext("references")),
        sent=sent,
        status=status,
    )


def read_bulletin_xml(
    data: bytes, received_at: datetime, zone: ZoneInfo, hazards: HazardTable
) -> list[BulletinReading]:
    """Return the warnings in a CAP 1.2 or 12379 file, one per Chinese info; raise BulletinRefused."""
    alerts = _alerts(_parse(data))
    if not alerts:
        raise BulletinRefused("这份 XML 里没有预警（alert）")
    out = []
    for alert in alerts:
        infos = [i for i in alert.iter("info") if (i.findtext("language") or "zh").lower().startswith("zh")]
        out += [
            _read(_Said(alert, info), received_at, zone, hazards)
            for info in infos or list(alert.iter("info"))[:1]
        ]
    if not out:
        raise BulletinRefused("这份预警没有内容（info），无法判读")
    return out

"""Reads warnings from bulletin text as pasted or forwarded; asks about what is odd, refuses nothing.

The grammar is domain.md §3.5: statements that announce, headlines and bodies joined, one reading per warning.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from config.tables import HazardTable
from domain.bulletin_mentions import Change, read_changes
from domain.bulletin_reading import Action, BulletinReading, Colour, to_json
from domain.bulletin_scope import issuer_area, read_area, read_window
from domain.bulletin_statements import Statement, announces, read_statement, sign_off, split_statements
from domain.plain import Plain, make_plain

__all__ = ["Action", "BulletinReading", "Colour", "read_bulletins", "to_json"]

_EARLY = timedelta(hours=3)
_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class _Head:
    """An announcement with its changes, where its section starts, and doubts met while joining."""

    statement: Statement
    changes: tuple[Change, ...]
    start: int
    doubts: tuple[str, ...] = ()


def _hazards(head: _Head) -> set[str | None]:
    return {change.hazard for change in head.changes}


def _colours(head: _Head) -> set[Colour | None]:
    return {change.colour for change in head.changes}


def _join(last: _Head, new: _Head) -> _Head | None:
    """Return headline and body as one head, None when `new` is another announcement."""
    if _hazards(last) != _hazards(new) or len(last.changes) != len(new.changes):
        return None
    headline, body = last.statement, new.statement
    same = _colours(last) == _colours(new)
    if headline.stamp is None and body.stamp is not None and headline.issuer:
        doubts = () if same else ("标题与正文的颜色不同，取正文",)
        issuer = body.issuer or headline.issuer
        return _Head(replace(body, issuer=issuer), new.changes, last.start, (*last.doubts, *doubts))
    if not same or (
        body.stamp and headline.stamp and body.stamp.resolve != headline.stamp.resolve and body.issuer
    ):
        return None
    turned = any(change.from_colour for change in new.changes)
    return replace(last, changes=new.changes) if turned else last


def _heads(plain: str, table: HazardTable) -> list[_Head]:
    heads: list[_Head] = []
    for start, end in split_statements(plain):
        statement = read_statement(plain, start, end, table)
        if statement is None or not (announces(statement) or heads):
            continue
        if not statement.verb and not announces(statement):
            continue
        head = _Head(statement, tuple(read_changes(statement.text, list(statement.mentions))), start)
        joined = _join(heads[-1], head) if heads else None
        if joined:
            heads[-1] = joined
        else:
            heads.append(head)
    return heads


def _bounds(heads: list[_Head], length: int) -> list[tuple[int, int]]:
    starts = [0, *(head.start for head in heads[1:])]
    return list(zip(starts, [*starts[1:], length], strict=True))


def _inherit(heads: list[_Head]) -> list[_Head]:
    """Return heads where "同时解除…" takes issuer and time from the head before it."""
    out: list[_Head] = []
    for head in heads:
        said = head.statement
        if out and said.issuer is None and said.stamp is None:
            before = out[-1].statement
            head = replace(head, statement=replace(said, issuer=before.issuer, stamp=before.stamp))  # noqa: PLW2901 - the completed head
        out.append(head)
    return out


def _issued(head: _Head, received_at: datetime, zone: ZoneInfo) -> tuple[datetime | None, list[str]]:
    stamp = head.statement.stamp
    if stamp is None:
        return None, ["没写发布时间"]
    issued = stamp.resolve(received_at, zone)
    if issued is None:
        return None, ["发布时间不成立，请核对"]
    if issued > received_at + _LATE:
        return issued, ["发布时间晚于收到时间"]
    if issued < received_at - _EARLY:
        hours = int((received_at - issued) / timedelta(hours=1))
        return issued, [f"发布时间比收到早{hours}小时" if hours < 48 else f"发布时间比收到早{hours // 24}天"]  # noqa: PLR2004 - two days are said in days
    return issued, []


def _hazard(change: Change, table: HazardTable) -> tuple[str | None, str | None, str | None, list[str]]:
    """Return (national name, local name, event code, doubts)."""
    if change.hazard is None:
        return None, None, None, ["没写灾种"]
    known = table.find(change.hazard)
    if known is None:
        return change.hazard, None, None, [f"没见过的灾种：{change.hazard}"]
    local = change.hazard if change.hazard != known.name else None
    doubts = []
    if change.colour is None:
        doubts.append("没写颜色")
    elif known.colours and change.colour.value not in known.colours:
        doubts.append(f"{known.name}没有{change.colour}色预警，请核对")
    return known.name, local, known.code or None, doubts


def _level_doubts(text: str, change: Change, *, alone: bool) -> list[str]:
    if change.colour is None or not alone:
        return []
    said = {"I级": Colour.RED, "II级": Colour.ORANGE, "III级": Colour.YELLOW, "IV级": Colour.BLUE}
    found = [
        colour
        for word, colour in said.items()
        if f"[{word}" in text or f"({word}" in text or f"/{word}" in text
    ]
    return [f"颜色{change.colour}与级别不符"] if found and change.colour not in found else []


def _section(
    head: _Head,
    plain: Plain,
    bounds: tuple[int, int],
    *,
    received_at: datetime,
    zone: ZoneInfo,
    table: HazardTable,
    only: bool,
) -> list[BulletinReading]:
    text = plain.text[bounds[0] : bounds[1]]
    said = head.statement
    issued, time_doubts = _issued(head, received_at, zone)
    body = said.text[said.text.find("将") + 1 : said.mentions[0].start] if "将" in said.text else ""
    body += "。" + said.text[said.mentions[-1].end :] + "。" + plain.text[said.end : bounds[1]]
    own = issuer_area(said.issuer, table.places)
    area = read_area(body, own, table.places)
    window = read_window(body, issued, zone)
    shared = [*head.doubts, *([] if said.issuer else ["没写发布单位"]), *time_doubts]
    if not area and own:
        area, shared = (own,), [*shared, "没写范围，按发布单位辖区"]
    if said.quoted:
        shared.append("像是转述，请核对原文")
    raw = plain.source if only else plain.original(*bounds)
    out = []
    for change in head.changes:
        name, local, code, doubts = _hazard(change, table)
        doubts += [*change.doubts, *_level_doubts(text, change, alone=len(head.changes) == 1)]
        out.append(
            BulletinReading(
                said.issuer,
                issued,
                change.action,
                name,
                local,
                change.colour,
                change.from_colour,
                area,
                window.words,
                window.onset,
                window.expires,
                code,
                tuple(dict.fromkeys([*shared, *doubts])),
                raw,
            )
        )
    return out


def _completed(heads: list[_Head], plain: str, table: HazardTable) -> list[_Head]:
    """Return a lone head with issuer and time from labels or signature where the head lacks them."""
    if len(heads) != 1 or (heads[0].statement.issuer and heads[0].statement.stamp):
        return _inherit(heads)
    issuer, stamp = sign_off(plain, table)
    said = heads[0].statement
    return [
        replace(heads[0], statement=replace(said, issuer=said.issuer or issuer, stamp=said.stamp or stamp))
    ]


def _loose(plain: str, table: HazardTable) -> list[_Head]:
    """Return a head put together from a warning's name and a signature with issuer and time, or nothing."""
    issuer, stamp = sign_off(plain, table)
    if issuer is None or stamp is None:
        return []
    for start, end in split_statements(plain):
        said = read_statement(plain, start, end, table)
        if said:
            changes = tuple(read_changes(said.text, list(said.mentions)))
            return [_Head(replace(said, issuer=issuer, stamp=stamp), changes, 0)]
    return []


def read_bulletins(
    text: str, received_at: datetime, zone: ZoneInfo, hazards: HazardTable
) -> list[BulletinReading]:
    """Return the warnings in a pasted text, [] when it is no bulletin; times are aware in `zone`.

    What is not printed stays None; what looks odd is a doubt in Chinese (气象灾害防御条例 art. 30).
    """
    plain = make_plain(text, tight=True)
    heads = _heads(plain.text, hazards)
    if not heads:
        heads = _loose(plain.text, hazards)
    if not heads and "\n" in plain.text.strip():
        plain = _unbroken(plain)
        heads = _heads(plain.text, hazards)
    heads = _completed(heads, plain.text, hazards)
    heads = [h for h in heads if h.statement.issuer or h.statement.stamp or h.changes]
    bounds = _bounds(heads, len(plain.text)) if heads else []
    return [
        reading
        for head, span in zip(heads, bounds, strict=True)
        for reading in _section(
            head, plain, span, received_at=received_at, zone=zone, table=hazards, only=len(heads) == 1
        )
    ]


def _unbroken(plain: Plain) -> Plain:
    kept = [(char, at) for char, at in zip(plain.text, plain.at, strict=True) if char != "\n"]
    return Plain("".join(c for c, _ in kept), plain.source, tuple(at for _, at in kept))

"""The corpus of bulletins: texts of our own, the shared samples where they are there, and what is right about them.

`SHARED` names the folder of the shared samples when it does not lie beside the checkout.
"""

import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.tables import load_hazards
from domain.bulletin_file import read_bulletin_file
from domain.bulletin_reading import to_json
from domain.bulletin_xml import BulletinRefused

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "inputs" / "bulletins"
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "domain" / "inputs"
ZONE = ZoneInfo("Asia/Shanghai")
FIELDS = ("issuer", "issued_at", "action", "hazard", "colour", "from_colour", "area", "window", "event_code")
ABSENT: dict[str, Any] = {"area": []}
COLOURS = {"Blue": "蓝", "Yellow": "黄", "Orange": "橙", "Red": "红"}
ACTIONS = {"Alert": "new", "Cancel": "cancel"}


@dataclass(frozen=True)
class Case:
    """A text with the readings a careful person takes from it; a field that is not there is not judged."""

    name: str
    batch: str
    data: bytes
    received_at: datetime
    expected: tuple[dict[str, Any], ...]
    judged: tuple[str, ...] = FIELDS
    refused: str | None = None

    def got(self) -> list[dict[str, Any]]:
        """Return what the program reads; nothing from what it refuses."""
        try:
            readings = read_bulletin_file(self.data, self.received_at, ZONE, load_hazards())
        except BulletinRefused:
            return []
        return [to_json(reading) for reading in readings]


def own_cases() -> Iterator[Case]:
    """Return the texts of our own."""
    for row in tomllib.loads((OWN / "manifest.toml").read_text("utf-8"))["text"]:
        readings = tuple(
            {**{name: ABSENT.get(name) for name in FIELDS}, "asks": [], **_own(r)}
            for r in row.get("reading", ())
        )
        yield Case(
            row["file"],
            row["batch"],
            (OWN / row["file"]).read_bytes(),
            row["received_at"],
            readings,
            (*FIELDS, "doubts"),
            row.get("refused"),
        )


def _own(reading: dict[str, Any]) -> dict[str, Any]:
    issued = reading.get("issued_at")
    return {**reading, "issued_at": issued.isoformat()} if issued else reading


def shared_cases() -> Iterator[Case]:
    """Return the shared samples; none when they are not beside the checkout."""
    manifest = SHARED / "manifest.json"
    if not manifest.exists():
        return
    for item in json.loads(manifest.read_text("utf-8"))["items"]:
        if item["kind"] not in {"warning", "cap12", "cap12379"}:
            continue
        expected = _shared(item["expect"])
        got_at = datetime.fromisoformat(item.get("received_at", "2026-07-25T16:30:00+08:00"))
        data = (SHARED / item["file"]).read_bytes()
        yield Case(item["file"], "shared", data, got_at, (expected,), tuple(expected))


def _shared(expect: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a sample's expectation that the program's reading has, under its names."""
    issuer = expect.get("issuer")
    out = {
        "issuer": "、".join(issuer) if isinstance(issuer, list) else issuer,
        "issued_at": expect.get("issued_at"),
        "action": ACTIONS.get(expect.get("msg_type") or expect.get("msgType", ""), expect.get("change")),
        "hazard": expect.get("hazard"),
        "colour": COLOURS.get(expect.get("color", "")),
        "from_colour": COLOURS.get(expect.get("from_color", "")),
        "area": expect.get("area"),
        "window": expect.get("window"),
        "event_code": expect.get("event_code") or expect.get("eventType"),
    }
    return {name: value for name, value in out.items() if value is not None}


def wrong_fields(case: Case, got: list[dict[str, Any]]) -> list[tuple[str, Any, Any]]:
    """Return (field, expected, got) for every field read otherwise than expected; "count" for another number."""
    out: list[tuple[str, Any, Any]] = []
    if len(got) != len(case.expected):
        out.append(("count", len(case.expected), len(got)))
    for index, expected in enumerate(case.expected):
        found = got[index] if index < len(got) else {}
        out += [
            (name, expected[name], found.get(name))
            for name in case.judged
            if name != "doubts" and found.get(name) != expected[name]
        ]
        if "doubts" in case.judged and not asks_right(expected["asks"], found.get("doubts")):
            out.append(("doubts", expected["asks"], found.get("doubts")))
    return out


def asks_right(words: list[str], doubts: list[str] | None) -> bool:
    """Return True when each word stands in a doubt and each doubt holds one of the words."""
    if doubts is None:
        return False
    return all(any(w in d for d in doubts) for w in words) and all(any(w in d for w in words) for d in doubts)


@dataclass(frozen=True)
class Score:
    """How many of the values of a field are right."""

    field: str
    right: int
    total: int


def score(cases: list[Case]) -> list[Score]:
    """Return the score per field, with "count": the texts of which as many warnings were read as there are."""
    wrong = [name for case in cases for name, _, _ in wrong_fields(case, case.got())]
    fields = ("count", *FIELDS, "doubts")
    total = {f: sum(len(c.expected) for c in cases if f in c.judged) for f in fields}
    total["count"] = len(cases)
    return [Score(f, total[f] - wrong.count(f), total[f]) for f in fields]

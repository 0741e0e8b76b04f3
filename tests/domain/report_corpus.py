"""The corpus of first words and follow-ups: lines of our own, the shared samples where they are there, and what is right about them.

`SHARED` names the folder of the shared samples when it does not lie beside the checkout.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.tables import load_direct, load_incident_types
from domain.figures import NAMES, Figure
from domain.followup_text import FollowupReading, read_followup
from domain.report_text import read_report, to_json
from tests.domain.bulletin_corpus import Score, asks_right

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "inputs" / "reports" / "manifest.toml"
SHARED = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "domain" / "inputs"
ZONE = ZoneInfo("Asia/Shanghai")
WHEN = ("when.text", "when.value", "when.precision")
FIELDS = (
    *("category", "subtype", *WHEN, "place", *NAMES),
    *("actions", "source", "contacts", "asked", "direct_report", "doubts"),
)
FOLLOWUP_FIELDS = (
    *("sequence", *NAMES, "rescued", "correction", "no_change", "status", "tasks", "leader", "doubts"),
)
WORDS = ("actions", "direct_report", "doubts", "status")
"""Fields judged by one word of each entry: what is expected must be there, and nothing besides."""
REPEATED = (
    "unit",
    "3个人受伤、5户，14:05着火",
    "有",
    "人",
    "一",
    "3",
    "着火",
    "不是",
    "受伤",
    "路和",
    "14:",
    "已",
    "我是",
    "昨晚到",
    "里",
    "(",
    " ",
    "有人说",
    "大概有个",
    "3、",
    "没有人",
    "138",
    "在",
    "海棠里3号楼",
    "第",
    "格中",
    "续报",
    "报的",
    "转移",
    "的的，",
    "社区",
    "一个老人",
    "3个人、",
    "厂",
    "路",
    "转发",
    "没背出来",
)
"""Pieces that, said over and over, tempt a pattern to go back over the text."""
HOSTILE = 100_000
"""Characters of such a text."""
PARAPHRASED = {
    "已拨119": "119",
    "派小张到场": "小张",
    "燃气公司08:50到场": "燃气公司",
    "关阀": "关阀",
    "120已接走": "120",
    "派出所到场": "派出所",
    "已联系电力、园林": "电力",
}
NOT_SAID = {"followups/f03_trench_followup_no_second_person.txt": "injured"}
"""What a sample's expectation has and its text does not say: "伤者李某" is one, but no number (P5)."""
SAME_QUESTION = {"发生时间": "确切时间"}


def hostile(unit: str) -> str:
    """Return a piece said over and over."""
    return (unit * (HOSTILE // len(unit) + 1))[:HOSTILE]


@dataclass(frozen=True)
class Case:
    """A line with what a careful person takes from it, field by field; a field that is not there is not judged."""

    name: str
    batch: str
    text: str
    received_at: datetime
    expected: dict[str, Any] = field(repr=False)
    followup: bool = False
    weak: tuple[str, ...] = ()

    def got(self) -> dict[str, Any]:
        """Return what the program reads, under the same names."""
        if self.followup:
            return _of_followup(read_followup(self.text, self.received_at, ZONE))
        return _of_report(
            to_json(read_report(self.text, self.received_at, ZONE, load_incident_types(), load_direct()))
        )


def show(figure: Figure | dict[str, Any] | None) -> str | None:
    """Return a figure as the manifest writes it: "3", "5-6", "20+", "10-", "?" for words without a number."""
    if figure is None:
        return None
    got = figure if isinstance(figure, dict) else {n: getattr(figure, n) for n in ("value", "low", "high")}
    if got["value"] is not None:
        return str(got["value"])
    low, high = got["low"], got["high"]
    if low is None and high is None:
        return "?"
    return (
        f"{low}+"
        if high is None
        else f"{'' if low is None else low}-{high}"
        if low is not None
        else f"{high}-"
    )


def _of_report(got: dict[str, Any]) -> dict[str, Any]:
    when = got["occurred_at"]
    return {
        "category": got["category"],
        "subtype": got["subtype"],
        "when.text": when["text"],
        "when.value": when["value"],
        "when.precision": when["precision"],
        "place": got["place"],
        **{name: show(figure) for name, figure in got["figures"].items()},
        "actions": got["actions"],
        "source": got["source"],
        "contacts": [f"{c['name'] or ''} {c['phone']}".strip() for c in got["contacts"]],
        "asked": got["missing"],
        "direct_report": [hit["reason"] for hit in got["direct_report"]],
        "doubts": got["doubts"],
    }


def _of_followup(got: FollowupReading) -> dict[str, Any]:
    return {
        "sequence": got.sequence,
        **{name: show(figure) for name, figure in got.figures.items()},
        "rescued": show(got.rescued),
        "correction": got.correction,
        "no_change": got.no_change,
        "status": list(got.status),
        "tasks": [
            f"{t.due.strftime('%Y-%m-%d %H:%M') if t.due else ''} {t.asked_by or ''}" for t in got.tasks
        ],
        "leader": got.leader_on_scene,
        "doubts": list(got.doubts),
    }


def own_cases() -> Iterator[Case]:
    """Return the lines of our own."""
    manifest = tomllib.loads(OWN.read_text("utf-8"))
    for row in manifest["report"]:
        yield Case(
            row["id"],
            row["batch"],
            row["text"],
            row["got"],
            _own_report(row),
            weak=tuple(row.get("weak", ())),
        )
    for row in manifest["followup"]:
        yield Case(row["id"], row["batch"], row["text"], row["got"], _own_followup(row), followup=True)


def _own_report(row: dict[str, Any]) -> dict[str, Any]:
    category, _, subtype = row.get("kind", "").partition("/")
    words, value, precision = row.get("when", ("", "", "未知"))
    at = datetime.fromisoformat(value).replace(tzinfo=ZONE).isoformat() if value else None
    figures = row.get("figures", {})
    out = {
        "category": category or None,
        "subtype": subtype or None,
        **dict(zip(WHEN, (words or None, at, precision), strict=True)),
        "place": row.get("place"),
        **{name: figures.get(name) for name in NAMES},
        "actions": row.get("actions", []),
        "source": row.get("source"),
        "contacts": row.get("contacts", []),
        "direct_report": row.get("direct", []),
        "doubts": row.get("asks", []),
    }
    out["asked"] = [
        ("确切时间", out["when.value"] is None or str(words).startswith("刚")),
        ("地点", out["place"] is None),
        ("事件类型", out["category"] is None),
        ("报告人电话", not out["contacts"]),
    ]
    return out


def _own_followup(row: dict[str, Any]) -> dict[str, Any]:
    figures = row.get("figures", {})
    return {
        "sequence": row.get("sequence"),
        **{name: figures.get(name) for name in NAMES},
        "rescued": row.get("rescued"),
        "correction": row.get("correction", False),
        "no_change": row.get("no_change", False),
        "status": row.get("status", []),
        "tasks": row.get("tasks", []),
        "leader": row.get("leader"),
        "doubts": row.get("asks", []),
    }


def shared_cases() -> Iterator[Case]:
    """Return the shared samples; none when they are not beside the checkout."""
    manifest = SHARED / "manifest.json"
    if not manifest.exists():
        return
    for item in json.loads(manifest.read_text("utf-8"))["items"]:
        if item["kind"] not in {"first_report", "followup"}:
            continue
        text = (SHARED / item["file"]).read_text("utf-8")
        at = datetime.fromisoformat(item["received_at"])
        later = item["kind"] == "followup"
        expected = _shared_followup(item["expect"]) if later else _shared_report(item["expect"])
        expected.pop(NOT_SAID.get(item["file"], ""), None)
        yield Case(item["file"], "shared", text, at, expected, later)


def _shared_report(expect: dict[str, Any]) -> dict[str, Any]:
    """Return what a sample's expectation says, under the program's names; its paraphrases by their words."""
    when = expect["occurred_at"]
    out = {
        "category": expect["category"],
        "subtype": expect["subtype"],
        "when.text": when["text"],
        "when.value": when["value"],
        "when.precision": re.sub(r"\(.*", "", when["precision"]),
        "place": re.sub(r"\(.*|道路$", "", expect["place"]),
        "asked": [(SAME_QUESTION.get(m, m), True) for m in expect["missing"]],
    }
    for name in ("deaths", "injured"):
        if name in expect:
            out[name] = None if expect[name] is None else str(expect[name])
    if "trapped" in expect:
        out["trapped"] = "?"
    if "evacuated_households" in expect:
        out["households"] = expect["evacuated_households"].removeprefix("约")
    if "source" in expect:
        out["source"] = expect["source"]
    if "contact" in expect:
        out["contacts"] = [expect["contact"]]
    if "actions" in expect:
        out["actions"] = [PARAPHRASED[words] for words in expect["actions"]]
    return out


def _shared_followup(expect: dict[str, Any]) -> dict[str, Any]:
    changes = expect["changes"]
    names = {
        "injured": "injured",
        "rescued": "rescued",
        "evacuated_households": "households",
        "missing_persons": "missing",
    }
    out: dict[str, Any] = {"correction": expect.get("correction", False)}
    if expect["seq"] > 1:
        out["sequence"] = expect["seq"]
    for theirs, ours in names.items():
        if theirs in changes:
            out[ours] = re.sub(r"\(.*", "", str(changes[theirs]))
    if "leader_on_scene" in expect:
        out["leader"] = expect["leader_on_scene"]
    if "task" in expect:
        due = datetime.fromisoformat(expect["task"]["due"])
        out["tasks"] = [f"{due:%Y-%m-%d %H:%M} {expect['task']['from_']}"]
    return out


def wrong_fields(case: Case, got: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return (field, expected, got) for every field read otherwise than expected."""
    return [
        (name, expected, got[name])
        for name, expected in case.expected.items()
        if not _right(case, name, expected, got[name])
    ]


def _right(case: Case, name: str, expected: Any, got: Any) -> bool:  # noqa: ANN401 - as the manifest has it
    if name == "asked":
        same = _same if case.batch == "shared" else str.__eq__
        return all(wanted == any(same(word, m) for m in got) for word, wanted in expected)
    if name == "place" and case.batch == "shared":
        return str(got).startswith(expected)
    if name == "actions" and case.batch == "shared":
        return all(any(word in one for one in got) for word in expected)
    if name in WORDS:
        return asks_right(expected, got)
    return bool(got == expected)


def _same(question: str, asked: str) -> bool:
    return any(part in asked or asked in part for part in question.split("/"))


def score(cases: list[Case]) -> list[Score]:
    """Return the score per field, first words first, follow-ups' fields behind with "续报." before them."""
    out = []
    for followup, fields, mark in ((False, FIELDS, ""), (True, FOLLOWUP_FIELDS, "续报.")):
        some = [case for case in cases if case.followup is followup]
        wrong = [n for case in some for n, _, _ in wrong_fields(case, case.got())]
        for name in fields:
            total = sum(name in case.expected for case in some)
            if total:
                out.append(Score(f"{mark}{name}", total - wrong.count(name), total))
    return out

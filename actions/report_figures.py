"""Figures as they are told: as last given with what stood before, who said so, and where sources differ (P5)."""

import re
from dataclasses import dataclass
from typing import Any

from domain.followup_text import FollowupReading
from domain.notices import incident as say
from domain.numerals import NUMBER
from domain.report_claims import read_claims, reason_given, told_as_more
from storage import incident
from storage.database import Tx
from storage.incident import FigureGiven, Incident, Report

SHOWN_ALWAYS = ("deaths", "injured", "missing", "trapped")
"""Figures a superior always asks for: unknown is said as 正在核实."""
UNKNOWN = "正在核实"
READ_AS = ("疑似有", "有，人数不详")
"""What the reader concluded; these are not the reporter's own words."""
NAME = {"deaths": "死亡", "injured": "受伤"}
"""Figures that are not lowered without 更正 and a reason."""
Words = dict[str, Any]
"""A figure as kept with a report: name, source, value, low, high, text."""


def given_in(reading: FollowupReading, text: str, source: str) -> list[Words]:
    """Return the figures of a text with the source named for each, else `source` (who handed the text in)."""
    claims = read_claims(text)
    told = [(c.name, c.source, c.figure) for c in claims]
    named = {c.name for c in claims}
    told = [(n, source, f) for n, f in reading.figures.items() if f is not None and n not in named] + told
    given = [
        {"name": n, "source": s, "value": f.value, "low": f.low, "high": f.high, "text": f.text}
        for n, s, f in told
    ]
    return [_total(g, told_as_more(text, str(g["text"]))) for g in given]


def _total(g: Words, more: str) -> Words:
    """Return a figure told as an addition as unknown in its words: the sum is nobody's figure (P5)."""
    return {**g, "value": None, "low": None, "high": None, "text": more} if g["value"] and more else g


def asks_for_total(given: list[Words]) -> list[str]:
    """Return a doubt for each figure that was told as an addition."""
    return [f"“{g['text']}”像是新增的，请写明总数" for g in given if told_as_more(g["text"], "")]


def newest(given: list[Words]) -> dict[str, Words]:
    """Return the last word on each figure."""
    return {g["name"]: g for g in given}


def of_report(report: Report) -> list[Words]:
    """Return the figures a follow-up gives, in order."""
    kept: list[Words] | None = report.reading.get("given")
    if kept is not None:
        return kept
    figures = report.reading.get("figures") or {}
    return [{"name": name, "source": "", **figure} for name, figure in figures.items() if figure]


def figure_text(figure: FigureGiven | Words | None) -> str:
    """Return a figure in the words it was given in; unknown is 正在核实, none is 无."""
    if figure is None:
        return UNKNOWN
    value = figure.value if isinstance(figure, FigureGiven) else figure["value"]
    text = figure.text if isinstance(figure, FigureGiven) else figure["text"]
    if value is None:
        if text in READ_AS:
            return f"{text}，{UNKNOWN}"
        return f"{UNKNOWN}（原话“{text}”）" if text else UNKNOWN
    if str(value) in text and not (
        "死" in text and "伤" in text
    ):  # of “死1伤2” each is said by its own number
        return text
    return f"{value or '无'}（原话“{text}”）" if text else f"{value or '无'}"


def figure_lines(tx: Tx, given: list[FigureGiven]) -> tuple[say.FigureLine, ...]:
    """Return each figure as last given, with what was given before: by whom, when, and what it was corrected by."""
    by_name: dict[str, list[FigureGiven]] = {name: [] for name in SHOWN_ALWAYS}
    for figure in given:
        history = by_name.setdefault(figure.name, [])
        if history and _same(history[-1], figure):
            history.pop()
        history.append(figure)
    return tuple(
        say.FigureLine(
            name=name,
            text=figure_text(history[-1] if history else None) + _mark(history[-2:]),
            history=tuple(f"{_plain(old)}{_said(tx, old)}" for old in history[:-1]),
            said=own(history[-1].text if history else ""),
            value=history[-1].value if history else None,
        )
        for name, history in by_name.items()
    )


def own(text: str) -> str:
    """Return a figure's own words, "" for what the reader concluded."""
    return "" if text in READ_AS else text


def _plain(figure: FigureGiven | Words) -> str:
    text: str = figure.text if isinstance(figure, FigureGiven) else figure["text"]
    return text or UNKNOWN


def _mark(last: list[FigureGiven]) -> str:
    """Return the mark of a correction of what stood before, with the source of a figure that somebody is named for."""
    marks = [f"{f.source}说" for f in last[-1:] if f.source]
    marks += ["更正" for f in last[1:] if f.corrected]
    return f"（{'，'.join(marks)}）" if marks else ""


def _said(tx: Tx, figure: FigureGiven) -> str:
    mark = "，更正" if figure.corrected else ""
    return f"（{figure.source or figure.by} {figure.at.astimezone(tx.zone):%H:%M}{mark}）"


def _same(a: FigureGiven, b: FigureGiven) -> bool:
    return _size(a) == _size(b) and (a.value is not None or a.text == b.text)


def _size(figure: FigureGiven | Words) -> tuple[int | None, int | None, int | None]:
    if isinstance(figure, FigureGiven):
        return figure.value, figure.low, figure.high
    return figure["value"], figure["low"], figure["high"]


@dataclass(frozen=True)
class Conflict:
    """Sources that differ on a figure, the newest word of each, oldest first."""

    name: str
    voices: tuple[Words, ...]

    def words(self) -> str:
        """Return each source with its figure."""
        return "、".join(f"{v['source']}说{v['text']}" for v in self.voices)


async def conflicts(tx: Tx, i: Incident, report: Report) -> list[Conflict]:
    """Return where the named sources of a report, of its unsent neighbours and of earlier reports differ."""
    own = of_report(report)
    chosen = report.reading.get("chosen") or []
    given = await incident.figures_of(tx, i.id)
    others = [
        g
        for r in await incident.reports_of(tx, i.id)
        if r.state == "draft" and r.id != report.id and r.stage != "first"
        for g in of_report(r)
    ]
    found = []
    for name in dict.fromkeys(g["name"] for g in own if g["source"]):
        voices: dict[str, Words] = {}
        for word in [*_standing(given, name, report.id), *others, *own]:
            if word["name"] == name and word["source"]:
                voices.pop(word["source"], None)
                voices[word["source"]] = word
        if name not in chosen and len({_size(v) for v in voices.values()}) > 1:
            found.append(Conflict(name, tuple(voices.values())))
    return found


def _standing(given: list[FigureGiven], name: str, but: int) -> list[Words]:
    """Return what sources said earlier of a figure, since somebody last settled it."""
    out: list[Words] = []
    for f in given:
        if f.name != name or f.report_id == but:
            continue
        if f.settles:
            out = []
        out.append(
            {"name": name, "source": f.source, "value": f.value, "low": f.low, "high": f.high, "text": f.text}
        )
    return out


async def changed(tx: Tx, i: Incident, report: Report) -> tuple[say.FigureLine, ...]:
    """Return the figures a report gives that are not as they were, each with what stood before and who differs."""
    before = {f.name: f for f in await incident.figures_of(tx, i.id) if f.report_id != report.id}
    differ = {c.name: c for c in await conflicts(tx, i, report)}
    chosen = report.reading.get("chosen") or []
    lines = []
    for name, figure in newest(of_report(report)).items():
        old = before.get(name)
        if old and name not in differ and _unchanged(old, figure):
            continue
        marks = [f"{figure['source']}说"] if figure["source"] and name not in chosen else []
        marks += ["更正"] if old and report.reading.get("correction") else []
        marks += [f"口径不一：{differ[name].words()}"] if name in differ else []
        marks += [f"以{figure['source']}所报为准"] if _is_chosen(figure, name, chosen) else []
        marks += _named(report, name) if name in chosen and figure["value"] is None else []
        lines.append(
            say.FigureLine(
                name=name,
                text=figure_text(figure) + (f"（{'，'.join(marks)}）" if marks else ""),
                history=(f"{_plain(old)}{_said(tx, old)}",) if old else (),
                said=own(figure["text"]),
                value=figure["value"],
                before=own(old.text) if old else "",
            )
        )
    return tuple(lines)


def _is_chosen(figure: Words, name: str, chosen: list[str]) -> bool:
    return name in chosen and figure["value"] is not None and bool(figure["source"])


def _named(report: Report, name: str) -> list[str]:
    """Return who said what of a figure that is still being verified."""
    return [f"{g['source']}说{g['text']}" for g in of_report(report) if g["name"] == name and g["source"]]


def _unchanged(old: FigureGiven, figure: Words) -> bool:
    return _size(old) == _size(figure) and (old.value is not None or old.text == figure["text"])


async def lowered(tx: Tx, i: Incident, given: list[Words], text: str, *, correction: bool) -> str:
    """Return which casualties are fewer than reported before, without a correction and its reason (P5).

    What was known before an uncertain figure still counts.
    Another source's word beside that of a named one is a contradiction, not a correction: that is asked elsewhere.
    """
    if correction and reason_given(text):
        return ""
    before = {f.name: f for f in await incident.figures_of(tx, i.id) if _least(f) is not None}
    found = []
    for name, new in newest(given).items():
        old = before.get(name)
        if name not in NAME or old is None or (new["source"] and old.source and new["source"] != old.source):
            continue
        least, most = _least(old), new["value"] if new["value"] is not None else new["high"]
        if least is not None and most is not None and most < least:
            found.append(f"{NAME[name]}由{old.text or old.value}减为{_counted(new)}")
    return "、".join(found)


def _least(figure: FigureGiven) -> int | None:
    """Return how many are certain: of 至少3人 three."""
    return figure.value if figure.value is not None else figure.low


def _counted(new: Words) -> str:
    """Return a figure's words, behind its number where they have none: 0（原话“没事”）."""
    words = new["text"].strip(" ,，。、")
    if not words or re.search(rf"\d|{NUMBER}", words):
        return words or str(new["value"])
    return f"{new['value']}（原话“{words}”）"


async def choose(tx: Tx, i: Incident, report: Report, name: str, voice: str) -> str | None:
    """Settle a figure of a draft on one voice (its place in the list, or "none": 正在核实); return its words."""
    found = next((c for c in await conflicts(tx, i, report) if c.name == name), None)
    if found is None:
        return None
    nobody = {"name": name, "source": "", "value": None, "low": None, "high": None, "text": ""}
    picked = found.voices[int(voice)] if voice.isdigit() and int(voice) < len(found.voices) else nobody
    others = [v for v in found.voices if v != picked]
    rest = [g for g in of_report(report) if g["name"] != name]
    given = [*rest, *others, picked]
    reading = {
        **report.reading,
        "given": given,
        "figures": {**(report.reading.get("figures") or {}), name: picked},
        "chosen": [*(report.reading.get("chosen") or []), name],
    }
    await incident.change_report(tx, report.id, reading=reading)
    return f"{picked['source']}说{picked['text']}" if picked["source"] else UNKNOWN

"""Statements of a bulletin that announce something: who, when, which warnings (domain.md §3.5)."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from config.tables import HazardTable
from domain import bulletin_talk as talk
from domain.bulletin_changes import VERB
from domain.bulletin_issuer import ORG, blank_stamps, is_weatherly, read_issuer, read_office
from domain.bulletin_mentions import Mention, find_mentions, find_uncoloured
from domain.stamps import Stamp, find_stamps

_END = re.compile(r"[。\n;!]|(?<!\d):|:(?!\d)")
_RESTART = re.compile(
    rf"(?:(?<=信号)|(?<=预警)|(?<=警报)|(?<=[)\]】])|(?<=/较重)|(?<=/严重)|(?<=/一般))(?!信息|信号|发布|中心|预报|指挥)(?=[一-龥、]{{2,40}}?{ORG}(?:于|在)?(?:\d{{4}}年)?(?:\d{{1,2}}月)?\d{{1,2}}日)"
)
MAX_STATEMENT: Final = 600
"""Characters of a statement in which warnings are looked for; the rest is its body."""
_CHANGES = re.compile(r",?(?:将其|再次|又)?(?:升级|降级|变更|更新|提升|调整|解除|取消)")
_PREAMBLE = re.compile(r"(?:发布|消息|通报|公告|通告|电|讯)(?:如下)?$")
_HEADLINE = re.compile(
    r"[^一-龥]*(?:(?:同时|并且|并|另外|另|现|又|决定|紧急|最新|[一-龥]{1,6}(?:省|市|区|县|镇|乡|街道|旗|州)|天津|我|将|把|的)*[^一-龥]*)"
)
_TITLE_REST = re.compile(
    r"[^一-龥]*(?:预警信号|预警|警报|信号|信息|发布|[^一-龥])*(?:已|现已)?(?:解除|取消)?[^一-龥]*"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """An announcing statement at plain[start:end] with what it says."""

    text: str
    start: int
    end: int
    mentions: tuple[Mention, ...]
    issuer: str | None
    stamp: Stamp | None
    verb: bool
    quoted: bool
    told: bool = False


def split_statements(plain: str) -> list[tuple[int, int]]:
    """Return the bounds of the statements in plain, tight text."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(plain):
        bounds.append((start, match.start()))
        start = match.end()
    bounds.append((start, len(plain)))
    return [part for a, b in bounds if b > a for part in _restarted(plain, a, b)]


def _restarted(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a statement in which an office with a date begins anew: a headline run into its body."""
    cuts = [start, *(start + m.start() for m in _RESTART.finditer(plain[start:end])), end]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _issue_stamp(text: str, verb: int | None) -> Stamp | None:
    stamps = [s for s in find_stamps(text) if not _is_start(text, s)]
    if verb is not None:
        before = [s for s in stamps if s.end <= verb]
        near = [s for s in find_stamps(text, bare=True) if s.end <= verb and verb - s.end <= 6]  # noqa: PLR2004 - adjacent to the verb
        bare = [s for s in near if not _is_start(text, s)]
        told = [s for s in stamps if s.start >= verb and text[: s.start].endswith(("时间", "时间为"))]
        found = before or bare or told
        behind = [s for s in stamps if s.start >= verb and _is_behind_a_name(text, s)]
        return found[-1] if found else behind[0] if behind else None
    return stamps[0] if stamps else None


def _latest(text: str, start: int) -> Stamp | None:
    """Return the time at which what was issued before was changed: "…发布大雾红色预警信号,28日8时45分解除"."""
    for stamp in reversed(find_stamps(text, bare=True)):
        told = stamp.start >= start and _CHANGES.match(text, stamp.end)
        if told and not re.search(r"(?:预计|计划|将于?|拟于?|自|从)$", text[: stamp.start]):
            return stamp
    return None


def _is_behind_a_name(text: str, stamp: Stamp) -> bool:
    """Return True for a full time, or the last words, right behind a name: "…预警[IV级/一般] 2026-07-25 10:30:00"."""
    if not stamp.year and not re.match(r"[)\s]*$", text[stamp.end :]):
        return False
    named = re.search(r"(?:预警|信号|警报|[)\]】])[,\s(]*$", text[: stamp.start])
    return named is not None and not re.match(r"\s*(?:[起至到前~-]|之?前|以前)", text[stamp.end :])


def _is_start(text: str, stamp: Stamp) -> bool:
    """Return True for the time from which something holds: "自12月19日0时起"."""
    return text[: stamp.start].endswith(("自", "从")) or text.startswith("起", stamp.end)


def read_preamble(text: str, table: HazardTable) -> tuple[str, Stamp] | None:
    """Return (issuer, time) of an opening that names no warning: "天津市气象台7月25日16时发布:"."""
    text = text.partition(",")[0] if "发布," in text else text
    found = _PREAMBLE.search(text)
    stamps = find_stamps(text)
    if found is None or not stamps or _is_start(text, stamps[-1]):
        return None
    issuer = read_issuer(blank_stamps(text, stamps)[: stamps[-1].start], table)
    return (issuer, stamps[-1]) if issuer and is_weatherly(issuer) else None


def _named(text: str, table: HazardTable) -> list[Mention]:
    """Return the warnings that the statement acts on: those foretold or advised on after them are left out."""
    found = find_mentions(text, table)
    if found:
        end = talk.foretold(text, found[0].end)
        return [m for m in found if m.start < end]
    verb = VERB.search(text)
    bare = find_uncoloured(text, table) if verb and verb.group() != "将" else None
    return [bare] if bare and verb and verb.end() <= bare.start else []


def read_statement(plain: str, start: int, end: int, table: HazardTable) -> Statement | None:
    """Return the statement when it announces a warning, None for any other sentence."""
    end = min(end, start + MAX_STATEMENT)
    text, title = plain[start:end], ""
    heading = text.rfind("】") + 1
    if heading and find_mentions(text[heading:], table):
        start, text, title = start + heading, text[heading:], text[:heading]
    mentions = _named(text, table)
    if not any(m.kind for m in mentions):
        return None
    verb = next(VERB.finditer(text), None)
    stamp = _issue_stamp(text, verb.start() if verb else None)
    stamp = _latest(text, mentions[0].end) or stamp
    if _is_talk(text, mentions, dated=stamp is not None):
        return None
    stops = [*([verb.start()] if verb else []), mentions[0].start, *([stamp.start] if stamp else [])]
    bare = blank_stamps(text, find_stamps(text, bare=True))
    issuer = next((name for at in stops if (name := read_issuer(bare[:at], table))), None)
    issuer = issuer or read_office(title, table)
    quoted = bool(verb and text[verb.end() : verb.end() + 1] == "的")
    said = text[: talk.foretold(text, mentions[-1].end)]
    told = talk.is_told(said) or talk.is_read_back(text)
    return Statement(text, start, end, tuple(mentions), issuer, stamp, verb is not None, quoted, told)


def _is_talk(text: str, mentions: list[Mention], *, dated: bool) -> bool:
    before, last = text[: mentions[0].start], mentions[-1].end
    said = text[: talk.foretold(text, last)]
    return (
        talk.is_hypothetical(before, dated=dated)
        or talk.is_asked(text[last:], said[last:])
        or talk.is_aside(text[last:])
        or (talk.is_past(before) and not dated)
        or talk.is_denied(said)
    )


def announces(statement: Statement) -> bool:
    """Return True for a statement that stands as a bulletin's head by itself."""
    full = statement.issuer is not None and statement.stamp is not None
    if statement.quoted or statement.told:
        return full and (statement.quoted or statement.verb)
    if not statement.verb:
        return full and is_weatherly(statement.issuer or "")
    if statement.stamp is None and talk.is_spoken(statement.text):
        return False
    return statement.issuer is not None or statement.stamp is not None or is_headline(statement)


def is_headline(statement: Statement) -> bool:
    """Return True for a line that is a warning's name, or that with a verb, and nothing else."""
    first, last = statement.mentions[0], statement.mentions[-1]
    verb = VERB.search(statement.text)
    start = min(first.start, verb.start()) if verb else first.start
    after = statement.text[last.end : talk.foretold(statement.text, last.end)]
    return bool(_HEADLINE.fullmatch(statement.text[:start]) and _TITLE_REST.fullmatch(after))


def follows(statement: Statement) -> bool:
    """Return True for a statement that adds to the head before it: "同时解除…", "黄色更新为橙色"."""
    return statement.verb and (
        announces(statement) or (len(statement.mentions) > 1 and not talk.is_spoken(statement.text))
    )

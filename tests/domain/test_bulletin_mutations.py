"""Texts changed as keyboards, phones and forwards change them: read as before, or asked about; never a crash."""

import os
import random
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.tables import load_hazards
from domain.bulletin_file import read_bulletin_file
from domain.bulletin_reading import BulletinReading
from domain.bulletin_text import read_bulletins
from domain.bulletin_xml import BulletinRefused, read_bulletin_xml
from domain.decoding import decode_text
from tests.domain.bulletin_corpus import ZONE, Case, own_cases, shared_cases

EXAMPLES = min(int(os.environ.get("EXAMPLES", "200")), 300)
TABLE = load_hazards()
CASES = [*shared_cases(), *own_cases()]
TEXTS = [c for c in CASES if c.name.endswith(".txt")]
BULLETINS = [c for c in TEXTS if c.expected]
SINGLE = [c for c in BULLETINS if len(c.expected) == 1]
XML = [c for c in CASES if c.name.endswith(".xml")]
quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WIDE = {c: c + 0xFEE0 for c in range(0x21, 0x7F)}
WIDE_DIGITS = {ord(d): ord(d) + 0xFEE0 for d in "0123456789"}
INVISIBLE = ["\u200b", "\u200d", "\ufeff", "\u2060", "\u00ad", "\ufe0f"]
BLANK = [" ", "\u3000", "\t", "\u00a0", *INVISIBLE]


def read(text: str, received_at: datetime) -> list[BulletinReading]:
    return read_bulletins(text, received_at, ZONE, TABLE)


def plain(text: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", text or "").split())


def refused_in_chinese(data: bytes, received_at: datetime) -> bool:
    """Read a file; return True when it is refused, and then with a reason in Chinese."""
    try:
        read_bulletin_xml(data, received_at, ZONE, TABLE)
    except BulletinRefused as refused:
        reason = str(refused)
    else:
        return False
    assert re.search(r"[一-龥]", reason)
    return True


def essence(got: BulletinReading) -> tuple[object, ...]:
    """Return all that a reading says, the window's words in one width and without padding."""
    return (
        *(got.issuer, got.issued_at, got.action, got.hazard, got.colour, got.from_colour, got.area),
        *(re.sub(r"(?<!\d)0(?=\d)", "", plain(got.window)), got.event_code),
    )


def text_of(case: Case) -> str:
    return decode_text(case.data)


CHANGES: dict[str, Callable[[str], str]] = {
    "half-width colons": lambda t: t.replace("：", ":"),
    "full-width colons": lambda t: re.sub(r":", "：", t),
    "full-width digits": lambda t: t.translate(WIDE_DIGITS),
    "all full width": lambda t: t.translate(WIDE),
    "half-width punctuation": lambda t: unicodedata.normalize("NFKC", t),
    "padded numbers": lambda t: re.sub(r"(?<!\d)(\d)(?=[月日时分])", r"0\1", t),
    "unpadded numbers": lambda t: re.sub(r"(?<!\d)0(\d)(?=[月日时分])", r"\1", t),
    "Windows line ends": lambda t: t.replace("\n", "\r\n"),
    "old Macintosh line ends": lambda t: t.replace("\n", "\r"),
    "blank lines between": lambda t: t.replace("\n", "\n\n"),
    "quoted by mail": lambda t: "".join(f"> {line}" for line in t.splitlines(keepends=True)),
    "indented": lambda t: "".join(f"\u3000\u3000{line}" for line in t.splitlines(keepends=True)),
    "a greeting before": lambda t: f"各位领导好，转发如下，请查收：\n{t}",
    "stickers before": lambda t: f"⚠️⛈️[玫瑰]\n{t}",
    "a reply request behind": lambda t: f"{t}\n收到请回复！",
    "the source behind": lambda t: f"{t}\n（预警信息来源：国家预警信息发布中心）",
    "a guide behind": lambda t: f"{t}\n防御指南：\n1.做好排水防涝；\n2.减少外出，如升级为红色预警立即停工。",
}


@quick
@given(st.sampled_from(BULLETINS), st.sampled_from(sorted(CHANGES)))
def test_how_a_text_is_typed_or_forwarded_changes_no_field(case: Case, change: str) -> None:
    text = text_of(case)
    before, after = read(text, case.received_at), read(CHANGES[change](text), case.received_at)
    assert [essence(r) for r in after] == [essence(r) for r in before]


@quick
@given(
    st.sampled_from(BULLETINS),
    st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(INVISIBLE)), max_size=8),
)
def test_what_cannot_be_seen_changes_nothing(case: Case, marks: list[tuple[int, str]]) -> None:
    text = text_of(case)
    before = read(text, case.received_at)
    for at, mark in marks:
        text = text[: at % (len(text) + 1)] + mark + text[at % (len(text) + 1) :]
    assert [essence(r) for r in read(text, case.received_at)] == [essence(r) for r in before]


@quick
@given(
    st.sampled_from(SINGLE), st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(BLANK)), max_size=4)
)
def test_blanks_anywhere_change_no_colour_hazard_or_action(case: Case, blanks: list[tuple[int, str]]) -> None:
    text = text_of(case)
    before = read(text, case.received_at)
    for at, blank in blanks:
        text = text[: at % (len(text) + 1)] + blank + text[at % (len(text) + 1) :]
    assert_not_silently_other(before, read(text, case.received_at))


@quick
@given(st.sampled_from(SINGLE), st.integers(0, 10_000), st.booleans())
def test_a_line_end_put_in_or_taken_out_is_read_the_same_or_asked(case: Case, at: int, out: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    text = text_of(case)
    before = read(text, case.received_at)
    place = at % (len(text) + 1)
    changed = text.replace("\n", "") if out else f"{text[:place]}\n{text[place:]}"
    assert_not_silently_other(before, read(changed, case.received_at))


@quick
@given(st.sampled_from(BULLETINS), st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_piece_of_a_text_names_no_colour_that_it_does_not_hold(case: Case, start: int, length: int) -> None:
    text = text_of(case)
    piece = text[start % len(text) :][: length % len(text)]
    for got in read(piece, case.received_at):
        assert got.raw in piece
        if got.colour and not any("级别" in doubt for doubt in got.doubts):
            assert got.colour.value in piece


@quick
@given(st.sampled_from(SINGLE), st.integers(0, 10_000))
def test_a_text_cut_short_is_read_the_same_as_far_as_its_head_goes(case: Case, length: int) -> None:
    text = text_of(case)
    (before,) = read(text, case.received_at)
    for got in read(text[: length % len(text)], case.received_at):
        cut_change = before.from_colour and got.from_colour is None
        assert got.hazard in {before.hazard, None} or got.doubts
        assert got.colour == before.colour or cut_change or got.doubts


@quick
@given(st.sampled_from([c for c in SINGLE if "line_broken" not in c.name]), st.randoms(use_true_random=False))
def test_lines_in_another_order_name_the_same_warning(case: Case, chance: random.Random) -> None:
    lines = text_of(case).splitlines(keepends=True)
    before = read("".join(lines), case.received_at)
    chance.shuffle(lines)
    assert_not_silently_other(before, read("\n".join(lines), case.received_at))


def assert_not_silently_other(before: list[BulletinReading], after: list[BulletinReading]) -> None:
    """Accept the same warning, or another reading that asks something, or none."""
    known = {(r.hazard, r.colour, r.action) for r in before}
    for got in after:
        assert (got.hazard, got.colour, got.action) in known or got.doubts, (got, known)


@quick
@given(
    st.sampled_from(TEXTS),
    st.sampled_from(["", "\n", " ", "\u200b"]),
    st.sampled_from(["", "\n\n", "\u3000"]),
)
def test_the_raw_text_is_verbatim(case: Case, before: str, behind: str) -> None:
    text = before + text_of(case) + behind
    readings = read(text, case.received_at)
    slices = list(dict.fromkeys(r.raw for r in readings))
    assert all(piece in text for piece in slices)
    if len(slices) == 1:
        assert slices == [text]
    elif slices:
        assert "".join(slices) == text


@quick
@given(st.lists(st.sampled_from(SINGLE), min_size=2, max_size=4, unique_by=lambda c: c.name))
def test_texts_pasted_one_under_the_other_are_each_read(cases: list[Case]) -> None:
    received_at = cases[0].received_at
    text = "\n\n".join(text_of(c) for c in cases)
    alone = {(r.hazard, r.colour) for c in cases for r in read(text_of(c), received_at)}
    together = read(text, received_at)
    assert all((r.hazard, r.colour) in alone or r.doubts for r in together)


@quick
@given(st.sampled_from(XML), st.integers(0, 100_000), st.binary(max_size=6), st.integers(0, 12))
def test_a_damaged_file_is_refused_or_read(case: Case, at: int, junk: bytes, gone: int) -> None:
    place = at % (len(case.data) + 1)
    data = case.data[:place] + junk + case.data[place + gone :]
    refused_in_chinese(data, case.received_at)


@quick
@given(
    st.sampled_from(XML),
    st.sampled_from(
        ["identifier", "info", "description", "headline", "severity", "area", "sent", "language", "event"]
    ),
    st.sampled_from(["", "黄", "Red", "二〇二六", "2026-13-45T99:99:99+08:00", "x" * 3000, "预警" * 500]),
)
def test_any_field_may_hold_anything_or_be_missing(case: Case, tag: str, value: str) -> None:
    text = decode_text(case.data)
    changed = re.sub(rf"(<(?:\w+:)?{tag}>)[^<]*(</)", lambda m: m.group(1) + value + m.group(2), text)
    for data in (changed, re.sub(rf"<(\w+:)?{tag}>.*?</(\w+:)?{tag}>", "", text, flags=re.DOTALL)):
        refused_in_chinese(data.encode(), case.received_at)


@quick
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_bulletin_file(data, CASES[0].received_at, ZONE, TABLE)
    except BulletinRefused:
        return


@quick
@given(st.sampled_from(BULLETINS), st.sampled_from(["gb18030", "utf-16", "utf-8-sig"]))
def test_a_text_is_read_the_same_in_each_encoding(case: Case, code: str) -> None:
    text = text_of(case).replace("\ufeff", "")
    readings = read_bulletin_file(text.encode(code), case.received_at, ZONE, TABLE)
    assert [essence(r) for r in readings] == [essence(r) for r in read(text, case.received_at)]

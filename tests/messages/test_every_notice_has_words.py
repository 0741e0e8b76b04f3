"""Every notice renders, whatever its optional parts are; every template belongs to a notice."""

import re
import types
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

import domain.notices
import messages.generation_files
import messages.kept_files
import messages.room_files
from domain.notice import Notice
from handlers.all_features import LOADED
from handlers.desk import PRESSES
from messages.render import FOLDER, TEXT_LIMIT, TOAST_LIMIT, Rendered, render, toast, units

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 25, 4, 0, tzinfo=UTC)
KNOWN = (domain.notices, messages.room_files, messages.generation_files, messages.kept_files, LOADED)
"""Importing these fills the tables that are looked at here."""

NO_MESSAGE = {
    "base.menu": "sets a person's command menu",
    "base.leave": "makes the bot leave a group",
    "base.retire": "takes the buttons off an older copy of a card",
}
"""Kinds that are done, not said."""
NO_NOTICE = {
    "ack/page.j2": "a page for the browser (tests/stories/test_ack_page.py)",
    "ack/words.j2": "a page for the browser (same)",
    "base/repeated.j2": "the line before a message that is sent again",
    "documents/build.py": "builds the Word templates",
    "documents/交接班记录.docx": "a Word template",
    "documents/值班日志.docx": "a Word template",
    "documents/突发事件信息快报.docx": "a Word template",
    "room/readme.j2": "a file within the evidence pack",
    "room/report_text.j2": "a file within the evidence pack",
    "room/verify.txt": "a file within the evidence pack",
}
"""Templates that no notice is called by."""

_BULLETIN = ("draft", "live", "superseded", "ended", "discarded")
_REPORT = ("draft", "to_sign", "sent", "returned", "confirmed")
_SWAP = (
    *("offered", "accepted", "effective", "approved"),
    *("declined", "refused", "withdrawn", "expired", "void"),
)
STATES = {
    "domain.notices.callout": _BULLETIN,
    "domain.notices.callout.Line": _BULLETIN[1:4],
    "domain.notices.incident": _REPORT,
    "domain.notices.incident.Card": ("open", "closed", "discarded"),
    "domain.notices.incident.Word": ("offered", "open", "discarded"),
    "domain.notices.incident.Draft": (*_REPORT, "discarded"),
    "domain.notices.incident.Alike": ("open", "offered", "closed"),
    "domain.notices.intake": ("open", "joined", "logged"),
    "domain.notices.handover": ("draft", "signed_out", "done", "forced"),
    "domain.notices.record": ("draft", "signed_out", "done", "forced"),
    "domain.notices.roster": _SWAP,
    "domain.notices.generation": ("asked", "failed", "open", "done", "cancelled"),
    "domain.notices.leave": ("asked", "granted", "refused", "ended"),
}
"""The states of what a notice shows, by its module, or by the class where that differs."""
VOCABULARY = {
    "action": ("new", "continue", "upgrade", "downgrade", "cancel"),
    "colour": ("蓝", "黄", "橙", "红"),
    "level": ("village", "grid", "street", "firm", "school", "hospital", "partner", "superior"),
    "lane": ("phone", "written"),
    "stage": ("first", "followup", "final", "supplement"),
    "outcome": ("met", "late", "extended", "not_required"),
    "phase": ("unresolved", "stable", "long"),
    "refused": ("over", "shorter", "too_long", "ended"),
    "how": ("press", "text", "phone", "link"),
    "acked_how": ("press", "text", "phone", "link"),
    "answer": ("accepted", "finished", "referred"),
    "what": ("holidays", "leave", "scheme"),
    "wrong": ("gap", "clash", "leave", "left", "unreachable"),
    "act": ("bare", "incident.followup", "incident.final"),
}
"""Fields whose text is one of a few words (storage/schema.py says which)."""

IMPOSSIBLE: dict[str, Callable[[Any], bool]] = {
    "callout.already_dispatched": lambda n: (
        n.state != "discarded" and n.at is None
    ),  # dispatched at some time
    "incident.sign": lambda n: (
        n.state == "returned" and n.return_reason is None
    ),  # returned with a reason only
    "process.nil_refused": lambda n: not n.incidents,  # refused because of incidents
    "room.obligation_done": lambda n: n.line.period is None,  # recorded for a period only
    "room.roll_call_result": lambda n: (
        n.outcome == "late" and n.answered_late is None
    ),  # late by some minutes
    "room.rule_list": lambda n: not n.lines,  # a group of rules has rules
}
"""What cannot be: the action that makes the notice never leaves these empty, for the reason given."""


def test_every_kind_that_is_no_message_is_still_known() -> None:
    assert NO_MESSAGE.keys() <= Notice.registry.keys()


class Maker:
    """Makes an example of a type: `full` or empty, with the `turn`-th word of each vocabulary."""

    def __init__(self, *, full: bool, turn: int) -> None:
        self.full, self.turn = full, turn

    def notice(self, kind: type[BaseModel]) -> dict[str, Any]:
        """Return a value for every field."""
        return {name: self.value(kind, name, f.annotation) for name, f in kind.model_fields.items()}

    def value(self, of: type[BaseModel], name: str, wanted: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
        """Return an example of the type that a field of this name wants."""
        inner = get_args(wanted)
        if get_origin(wanted) in (Union, types.UnionType):
            return self.value(of, name, inner[0]) if self.full else None
        if get_origin(wanted) is tuple and inner[-1] is Ellipsis:
            return tuple(self.value(of, name, inner[0]) for _ in range(3 if self.full else 0))
        if get_origin(wanted) is tuple:
            return tuple(self.value(of, name, one) for one in inner)
        if issubclass(wanted, BaseModel):
            return wanted(**self.notice(wanted))
        plain: dict[Any, Any] = {bool: self.full, int: 3, float: 3.5, datetime: NOW, date: NOW.date()}
        return plain[wanted] if wanted in plain else self.word(of, name)

    def word(self, of: type[BaseModel], name: str) -> str:
        """Return a text: a word of the field's vocabulary, or one that HTML must not swallow."""
        states = STATES.get(f"{of.__module__}.{of.__name__}", STATES.get(of.__module__, ()))
        words = states if name == "state" else VOCABULARY.get(name, ())
        return words[self.turn % len(words)] if words else "海棠里 <3号楼> & W12"


def examples(kind: str) -> Iterator[Notice]:
    """Return a notice empty and full, through every word of its vocabularies."""
    made = Notice.registry[kind]
    for turn in range(max(map(len, (*STATES.values(), *VOCABULARY.values())))):
        for full in (False, True):
            notice = made(**Maker(full=full, turn=turn).notice(made))
            if not IMPOSSIBLE.get(kind, lambda _: False)(notice):
                yield notice


def shown(notice: Notice) -> Rendered:
    """Return a notice as it is sent."""
    return render(notice, zone=ZONE, now=NOW)


MESSAGES = sorted(Notice.registry.keys() - NO_MESSAGE.keys())


@pytest.mark.parametrize("kind", MESSAGES)
def test_it_renders_with_every_optional_part_missing_and_present(kind: str) -> None:
    for notice in examples(kind):
        rendered = shown(notice)
        assert rendered.plain.strip(), notice
        assert not re.search(r"None|undefined|\{\{|\}\}|\{%|Undefined|datetime\.|\(\)", rendered.plain), (
            rendered.plain
        )
        assert "<3号楼>" not in "".join(rendered.parts) or not rendered.html, "the text of people is escaped"
        assert "\n\n\n\n" not in rendered.plain
        for part in rendered.parts:
            assert units(part if not rendered.html else rendered.plain) <= TEXT_LIMIT


@pytest.mark.parametrize("kind", MESSAGES)
def test_its_buttons_do_something(kind: str) -> None:
    buttons = [b for notice in examples(kind) for row in shown(notice).buttons for b in row]
    assert {b.act for b in buttons} <= PRESSES.keys()
    assert all(b.word and len(b.subject) <= 48 for b in buttons)


@pytest.mark.parametrize(
    "kind", [k for k in MESSAGES if Notice.registry[k].toast or Notice.registry[k].alert]
)
def test_as_a_pop_up_it_fits(kind: str) -> None:
    for notice in examples(kind):
        assert 0 < len(toast(shown(notice))) <= TOAST_LIMIT
        assert not shown(notice).buttons, "a pop-up has no buttons"


@pytest.mark.parametrize("kind", [k for k in MESSAGES if Notice.registry[k].card])
def test_a_card_says_which_event_it_shows(kind: str) -> None:
    made = Notice.registry[kind]
    assert made.card in Notice.registry
    assert made.event is not Notice.event


def test_every_template_belongs_to_a_notice() -> None:
    found = {p.relative_to(FOLDER).as_posix() for p in Path(FOLDER).glob("*/*") if p.is_file()}
    ours = {path for path in found if not Path(path).name.startswith("_") and "__pycache__" not in path}
    wanted = {f"{kind.replace('.', '/')}.j2" for kind in Notice.registry}
    assert ours - wanted - NO_NOTICE.keys() == set(), "templates that nothing is said with"
    assert wanted - ours == set(), "notices without words"
    assert NO_NOTICE.keys() <= ours

"""Roll calls: whoever asks hears how it ended, in time, late or not at all, and only the officer's own code answers."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .world import Heard, Person

if TYPE_CHECKING:
    from .model import Model

ASKED = re.compile(r"^📣 点名 (R\d+)：(\S+) 在点名。\n请在 (\d\d):(\d\d):(\d\d) 前回复：点名 (\d{4})")
RESULT = re.compile(r"^(?:✅|🟡|⛔) 点名 (R\d+)：(\S+) (按时应答|应答了|未在时限内应答)")
GIVEN = 300.0
"""Seconds in which the officer answers (product.md §3: a timed presence check)."""


@dataclass
class RollCall:
    """One roll call as its officer reads it."""

    asker: int
    officer: int
    code: str
    due: float
    tried: list[float] = field(default_factory=list)
    """When the officer typed the right code, or words that may hold it."""


class RollCalls:
    """What was asked, and what its askers have to hear."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self.calls: dict[str, RollCall] = {}

    def touched(self, who: Person, text: str) -> None:
        """Somebody typed: perhaps a code."""
        for number, call in self.calls.items():
            if who.account == call.officer and call.code in text:
                call.tried.append(self.model.world.t)
                self._owe(number, call, self.model.world.t, "(?:按时应答|应答了)", early=False)

    def hears(self, one: Heard) -> str | None:
        """Read a question or a result; return what is untrue in it."""
        if (found := ASKED.match(one.text)) and found[1] not in self.calls:
            asker = next((p for p in self.model.street.people if p.name == found[2]), None)
            if asker is not None:
                clock = self.model.world.clock_of(one.at)
                left = (int(found[3]) * 3600 + int(found[4]) * 60 + int(found[5]) - clock) % 86400
                due = one.at + left if left <= GIVEN + 2 else -1e9
                call = self.calls[found[1]] = RollCall(asker.account, one.chat, found[6], due)
                if 0 < left <= GIVEN + 2:
                    self._owe(found[1], call, one.at + left, "未在时限内应答", early=True)
        if (found := RESULT.match(one.text)) and (known := self.calls.get(found[1])):
            if found[3] != "未在时限内应答" and not known.tried:
                return f"{found[1]} was answered by nobody's deed"
            calm = [at for at in known.tried if self.model.world.calm_from(at) == at]
            if found[3] == "未在时限内应答" and any(at < known.due - 30 for at in calm):
                return f"{found[1]} was answered, and is said not to be"
        return None

    def _owe(self, number: str, call: RollCall, due: float, words: str, *, early: bool) -> None:
        sign, tried = re.compile(rf"点名 {number}：\S+ {words}"), len(call.tried)
        first = tried == 1 and words != "未在时限内应答"
        if words == "未在时限内应答" or first:
            self.model.owe(
                f"rollcall-{'ended' if early else 'answered'} {number}", "P3", due, {call.asker}, lambda text: bool(sign.search(text)),
                lambda _t: not first and bool(call.tried), early=early, countdown=True, marked=early,
            )  # fmt: skip

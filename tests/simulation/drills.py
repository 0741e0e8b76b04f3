"""Exercises beside what is real: every word about one says so, no word about the other does, and the figures know it."""

import re
from typing import TYPE_CHECKING

from .world import Heard

if TYPE_CHECKING:
    from .model import Model

MARK = "【演练】"
NUMBER = re.compile(r"(?<![A-Za-z0-9])[WE]\d+(?!\d)")
REFUSED = re.compile(r"没看懂|没有记作|^事件 E\d+ 没有|^E\d+ 没有|是重点|最要紧|^进行中的事件|没有改动")
"""What was typed did nothing, or read back a sheet that says it: it is told of the words, not of the event."""
FIGURES = re.compile(r"预警下发：(\d+) 次")
HINT = re.compile(r"请输入|例如|回复|→")
"""A line that shows how something is typed, with some number in it."""


class Drills:
    """Whether an exercise runs, and which warnings and incidents belong to one."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self.on = False
        """As it was typed: what is typed after it is read after it."""
        self.reported: set[str] = set()
        """First reports typed during an exercise."""

    def switches(self, *, on: bool) -> None:
        """A leader or the admin begins or ends the exercise: whoever is on watch hears it."""
        self.on = on
        words = f"{MARK}已开始" if on else "演练已结束"
        self.model.owe(
            "exercise told", "P2", self.model.world.t, self.model.holder_now,
            lambda text: text.startswith(words), lambda _t: self.on != on, early=False, born=self.model.world.t, clocked=False,
        )  # fmt: skip

    def _real(self, number: str) -> bool | None:
        """Return whether a warning or an incident is real, None where that is not known."""
        of = self.model.calls.get(number) or self.model.cases.get(number)
        return None if of is None else not of.drill

    def hears(self, one: Heard) -> str | None:
        """Return what is wrong with the mark in something that was said."""
        if len(NUMBER.findall(first := one.text.partition("\n")[0])) == 1 and first.count(MARK) > 1:
            return f"an exercise is said twice: {one.text[:80]}"
        if found := FIGURES.search(one.text):
            return self._miscounted(int(found[1]))
        whole = {self._real(n) for n in NUMBER.findall(one.text)}
        if len(whole) == 1:
            return self._wrong(whole.pop(), one.text)
        head, *_ = lines = one.text.split("\n")
        for line in lines:
            if HINT.search(line):
                continue
            real = {self._real(n) for n in NUMBER.findall(line)}
            if (
                len(real) == 1
                and (MARK not in head or line == head)
                and (wrong := self._wrong(real.pop(), line))
            ):
                return wrong
        return None

    def _miscounted(self, told: int) -> str | None:
        """The figures count what is real and has gone out."""
        real = [call for call in self.model.calls.values() if not call.drill]
        sure = sum(call.sent is not None for call in real)
        if sure <= told <= sum(call.pressed is not None or call.sent is not None for call in real):
            return None
        return f"{told} warnings are counted, {sure} real ones went out"

    def check(self) -> str | None:
        """Return what of an exercise was put together with what is real."""
        rows = self.model.world.rows(
            "SELECT 'E' || id, 'W' || bulletin_id FROM incidents UNION SELECT 'E' || id, 'E' || joined_id FROM incidents "
            "UNION SELECT 'W' || id, 'W' || predecessor_id FROM bulletins WHERE state <> 'draft'"
        )
        for one, other in rows:
            real = {self._real(one), self._real(other or "")}
            if real == {True, False}:
                return f"{one} belongs to {other}, and one of them is an exercise"
        return None

    @staticmethod
    def _wrong(real: bool | None, text: str) -> str | None:  # noqa: FBT001 - three values
        if real is None or real == (MARK not in text) or (not real and REFUSED.search(text)):
            return None
        return f"what is {'real' if real else 'an exercise'} is told as if it were not: {text[:80]}"

"""Faults planted for tests: delays, refusals, lost replies and outages."""

import asyncio
from dataclasses import dataclass, field

from .errors import LostReply, Outage, Refusal, too_many

_NAMES = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error",
          502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}  # fmt: skip
_TOO_MANY = 429


@dataclass
class Fault:
    """One planted fault; `left` is how many requests it still meets, None for all."""

    method: str | None
    chat: int | None
    left: int | None
    seconds: float = 0.0
    refusal: Refusal | None = None
    lose: bool = False

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether it applies; without a method it applies to all but getUpdates."""
        right_method = method.lower() == self.method if self.method else method.lower() != "getupdates"
        return right_method and self.chat in {None, chat} and self.left != 0


@dataclass
class Faults:
    """The planted faults, met in the order of planting."""

    planted: list[Fault] = field(default_factory=list)
    out: bool = False

    def delay(
        self, seconds: float, method: str | None = None, chat: int | None = None, count: int | None = None
    ) -> None:
        """Hold matching requests back for `seconds` of the loop's time."""
        self._plant(Fault(method, chat, count, seconds=seconds))

    def reply(
        self,
        code: int,
        *,
        retry_after: int = 1,
        description: str = "",
        method: str | None = None,
        chat: int | None = None,
        count: int | None = 1,
    ) -> None:
        """Refuse matching requests with the code; they take no effect."""
        refusal = Refusal(code, description or _NAMES.get(code, "Error"))
        self._plant(
            Fault(method, chat, count, refusal=too_many(retry_after) if code == _TOO_MANY else refusal)
        )

    def timeout_after_delivery(
        self, count: int | None = 1, method: str | None = None, chat: int | None = None
    ) -> None:
        """Let matching requests take effect and lose their replies."""
        self._plant(Fault(method, chat, count, lose=True))

    def outage(self, on: bool = True) -> None:  # noqa: FBT001, FBT002 - reads as outage(True) in a story
        """Begin or end a time in which nothing is reached."""
        self.out = on

    def clear(self) -> None:
        """Forget every planted fault and end the outage."""
        self.planted.clear()
        self.out = False

    async def before(self, method: str, chat: int | None) -> None:
        """Meet the faults that come before the effect: raises Outage or Refusal, or waits."""
        if self.out:
            raise Outage(method)
        for fault in self._met(method, chat, lose=False):
            await asyncio.sleep(fault.seconds)
            if fault.refusal:
                raise fault.refusal

    def after(self, method: str, chat: int | None) -> None:
        """Meet the faults that come after the effect: raises LostReply."""
        if self._met(method, chat, lose=True):
            raise LostReply(method)

    def _plant(self, fault: Fault) -> None:
        fault.method = fault.method.lower() if fault.method else None
        self.planted.append(fault)

    def _met(self, method: str, chat: int | None, *, lose: bool) -> list[Fault]:
        met = [f for f in self.planted if f.lose is lose and f.meets(method, chat)]
        first_refusal = next((i for i, f in enumerate(met) if f.refusal or f.lose), len(met))
        met = met[: first_refusal + 1]
        for fault in met:
            if fault.left is not None:
                fault.left -= 1
        self.planted = [f for f in self.planted if f.left != 0]
        return met

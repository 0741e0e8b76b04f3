"""The bot's queue of updates: long polling, confirmation by offset, expiry, one poller only."""

import asyncio
import copy
from collections.abc import Callable

from .bell import Bell
from .errors import Refusal
from .records import Json
from .store import Store

CALLBACK_LIFE_S = 150.0  # as the Bot API server keeps them: Client.cpp
MESSAGE_LIFE_S = 86_400.0
_FIRST_ID = 730_000_001
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_MOST = 100
_LONGEST_POLL_S = 50
_CONFLICT = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


class UpdateQueue:
    """Updates not yet confirmed by the bot; times in Unix seconds of the injected clock."""

    def __init__(self, clock: Callable[[], float], bell: Bell, store: Store | None) -> None:
        self._clock = clock
        self._bell = bell
        self._store = store
        self._waiting: dict[int, tuple[float, Json]] = {}
        self._next_id = _FIRST_ID
        self._allowed: list[str] = []
        self._poll = 0
        self.expired = 0
        """How many the bot did not come for in their time."""
        if store:
            self._load(store)

    def put(self, kind: str, body: Json) -> None:
        """Queue an update of a kind unless the bot does not ask for that kind."""
        if self._allowed and kind not in self._allowed:
            return
        if not self._allowed and kind in _NOT_BY_DEFAULT:
            return
        update = {"update_id": self._next_id, kind: copy.deepcopy(body)}
        expires = self._clock() + (CALLBACK_LIFE_S if kind == "callback_query" else MESSAGE_LIFE_S)
        self._waiting[self._next_id] = (expires, update)
        if self._store:
            self._store.put("update", self._next_id, [expires, update])
        self._next_id += 1
        if self._store:
            self._store.put("counter", "update", self._next_id)
        self._bell.ring()

    def pending(self) -> int:
        """Return how many updates wait."""
        self._expire()
        return len(self._waiting)

    def clear(self) -> None:
        """Forget every waiting update."""
        self._forget(list(self._waiting))

    async def poll(self, offset: int, limit: int, timeout: int, allowed: list[str] | None) -> list[Json]:  # noqa: ASYNC109 - the Bot API's own parameter
        """Answer getUpdates; raises the 409 Refusal when a later poll takes over."""
        self._poll += 1
        mine = self._poll
        self._bell.ring()
        self._allow(allowed)
        self._confirm(offset)
        loop = asyncio.get_running_loop()
        until = loop.time() + min(timeout, _LONGEST_POLL_S)
        while not (ready := self._ready(limit)) and loop.time() < until:
            await self._bell.wait(until - loop.time())
            if mine != self._poll:
                raise Refusal(409, _CONFLICT)
        return ready

    def _ready(self, limit: int) -> list[Json]:
        self._expire()
        most = min(max(limit, 1), _MOST)
        return [copy.deepcopy(update) for _, update in list(self._waiting.values())[:most]]

    def _allow(self, allowed: list[str] | None) -> None:
        if allowed is not None and allowed != self._allowed:
            self._allowed = allowed
            if self._store:
                self._store.put("counter", "allowed", allowed)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self._forget(list(self._waiting)[:offset])
        elif offset > 0:
            self._forget([i for i in self._waiting if i < offset])

    def _expire(self) -> None:
        now = self._clock()
        late = [i for i, (expires, _) in self._waiting.items() if expires <= now]
        self.expired += len(late)
        self._forget(late)

    def _forget(self, ids: list[int]) -> None:
        for update_id in ids:
            del self._waiting[update_id]
            if self._store:
                self._store.drop("update", update_id)

    def _load(self, store: Store) -> None:
        self._waiting = {int(key): (row[0], row[1]) for key, row in store.rows("update")}
        counters = dict(store.rows("counter"))
        self._next_id = counters.get("update", _FIRST_ID)
        self._allowed = counters.get("allowed", [])

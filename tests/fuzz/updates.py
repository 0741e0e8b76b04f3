"""Updates as the Bot API sends them, and as it never would, through the real inbox on a street with open events."""

import copy
import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from actions import duty
from storage import log
from storage.schema import buttons, inbox, metadata
from tests.fuzz import corpus, mutate
from tests.stories.conftest import MORNING
from tests.stories.room import SHELF, Room

OFFICER, CONTACT, LEADER, ADMIN, REPORTER = "郑伟", "刘海芝", "张慧敏", "宋倩", "张玉梅"
WARNING = "天津市气象台于7月25日09时58分发布暴雨红色预警信号：预计3小时内降雨量将达100毫米以上，请立即停止户外作业。"
FIRE = "首报 9点40分海棠里社区3号楼着火，2人受伤，1人被困，已报119，消防到场，联系人王强13800000022"
KEY = "fuzzed street"
PER_STREET = 100
"""So many inputs come to one street; then it is laid anew."""
BATCHES = (1, 1, 1, 2, 5, 20)
STRANGER, GROUP = 999_001, -1_000_000_999
ENTITIES = (
    "bold",
    "url",
    "text_link",
    "mention",
    "bot_command",
    "pre",
    "custom_emoji",
    "blockquote",
    "no such",
)
Raw = dict[str, Any]


@dataclass
class Street:
    """A street with open events, the real updates that made them, and who may press what."""

    room: Room
    recorded: list[Raw]
    tokens: list[tuple[str, int]]
    dice: random.Random
    sent: int = 5_000_000
    shaped: set[int] = field(default_factory=set)
    """Updates of a right shape, whatever their words: none of these may be set aside."""

    # --- what is made -------------------------------------------------------------------------------------

    def update(self) -> Raw:
        """Return an update: of a right shape with hostile words, or damaged."""
        self.sent += self.dice.choice([1, 1, 1, 7])
        kind = self.dice.random()
        raw = self._pressed() if kind < 0.25 else self._said()
        if kind > 0.95:
            raw = copy.deepcopy(self.dice.choice(self.recorded))
        raw["update_id"] = self.sent
        if self.dice.random() < 0.5:
            self.shaped.add(self.sent)
            return raw
        made = mutate.damaged(self.dice, raw, corpus.texts()) if self.dice.random() < 0.95 else self._any()
        return {**(made if isinstance(made, dict) else {"message": made}), "update_id": self.sent}

    def _any(self) -> Raw:
        kind = self.dice.choice(["message", "callback_query", "my_chat_member", "edited_message", "poll", ""])
        return {kind: mutate.value(self.dice, corpus.texts())}

    def sentinel(self) -> Raw:
        """Return an ordinary update that has to be handled whatever stands beside it."""
        self.sent += 1
        self.shaped.add(self.sent)
        return {
            "update_id": self.sent,
            "message": self._message(self.room.ids[OFFICER], f"记录 哨兵 {self.sent}"),
        }

    def _account(self) -> int:
        someone = self.dice.choice(sorted(self.room.ids))
        usual = (OFFICER, LEADER, ADMIN, CONTACT, REPORTER, someone)
        return STRANGER if self.dice.random() < 0.05 else self.room.ids[self.dice.choice(usual)]

    def _message(self, account: int, text: str) -> Raw:
        return {
            "message_id": self.sent,
            "date": int(self.room.clock.now().timestamp()),
            "chat": {"id": account, "type": "private", "first_name": "x"},
            "from": {"id": account, "is_bot": False, "first_name": "x"},
            "text": text,
        }

    def _said(self) -> Raw:
        dice = self.dice
        message = self._message(self._account(), mutate.text(dice, corpus.texts()))
        size = len(message["text"])
        if dice.random() < 0.2:
            message["entities"] = [
                {"type": dice.choice(ENTITIES), "offset": dice.choice([-1, 0, size, 10**6]), "length": size}
            ]
        more: dict[int, Raw] = {
            0: {"chat": {"id": GROUP, "type": "supergroup", "title": "x"}},
            1: {"location": {"latitude": dice.choice([39.1, -90.0, 1e9]), "longitude": 117.2}},
            2: {"contact": {"phone_number": mutate.text(dice, corpus.TYPED)[:40], "first_name": "x"}},
            3: {"reply_to_message": self._message(self.room.ids[OFFICER], mutate.text(dice, corpus.texts()))},
            4: {
                "forward_origin": {
                    "type": "hidden_user",
                    "date": 1,
                    "sender_user_name": dice.choice(mutate.HOSTILE),
                }
            },
            5: {"media_group_id": dice.choice(mutate.HOSTILE)},
            6: {"caption": message["text"], "text": None},
            7: {
                "sticker": {
                    "file_id": "x",
                    "file_unique_id": "x",
                    "width": 1,
                    "height": 1,
                    "type": "regular",
                    "is_animated": False,
                    "is_video": False,
                }
            },
        }
        message |= more.get(dice.randrange(30), {})
        return {"message": {name: value for name, value in message.items() if value is not None}}

    def _pressed(self) -> Raw:
        token, chat = self.dice.choice(self.tokens)
        account = chat if chat > 0 and self.dice.random() < 0.8 else self._account()
        said = self._message(chat, "x")
        data = token if self.dice.random() < 0.9 else self.dice.choice(mutate.HOSTILE)
        return {
            "callback_query": {
                "id": str(self.sent),
                "from": {"id": account, "is_bot": False, "first_name": "x"},
                "message": said,
                "chat_instance": "x",
                "data": data,
            }
        }

    # --- what has to hold ---------------------------------------------------------------------------------

    async def comes(self, raws: list[Raw]) -> None:
        """Let updates come as Telegram sends them, together, and be worked off."""
        before = self._kept()
        await self.room.app.inbox.take(raws)
        await self.room.app.inbox.prepared()
        while await self.room.app.inbox.work():
            pass
        await self.room.app.inbox.prepared()
        aside = {row.update_id for row in await self._set_aside()}
        if {raw["update_id"] for raw in raws} <= aside:
            after = self._kept()
            left = [name for name in after if after[name] != before[name]]
            assert left == [], f"what was set aside has left something in {left}"

    def _kept(self) -> dict[str, int]:
        """Return what stands in each table, but for updates and messages, as one number."""
        path = self.room.app.db.path
        assert path is not None
        with closing(sqlite3.connect(path)) as database:
            return {
                name: hash(tuple(database.execute(f"SELECT * FROM {name}")))  # noqa: S608 - the schema's own names
                for name in metadata.tables
                if name not in ("inbox", "outbox")
            }

    async def _set_aside(self) -> Sequence[Any]:
        """Return what was set aside; raises AssertionError for what is not done, or was well shaped."""
        columns = (inbox.c.update_id, inbox.c.done_at, inbox.c.error, inbox.c.raw)
        async with self.room.app.db.read() as tx:
            rows = await tx.all(
                select(*columns).where(inbox.c.done_at.is_(None) | inbox.c.error.is_not(None))
            )
        waiting = [row.raw for row in rows if row.done_at is None]
        assert waiting == [], "an update is neither done nor set aside"
        wrongly = [row for row in rows if row.update_id in self.shaped]
        assert wrongly == [], f"{wrongly[0].raw}\n{wrongly[0].error}"
        return rows

    async def check(self) -> Counter[str]:
        """Check the promises; return what was set aside."""
        async with self.room.app.db.read() as tx:
            assert await duty.officer_now(tx, self.room.clock.now()) is not None, "P1: nobody is responsible"
            assert isinstance(await log.verify(tx), log.Verified), "P7: the chain is broken"
        path = self.room.app.db.path
        assert path is not None
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return Counter(row.error.strip().splitlines()[-1][:80] for row in await self._set_aside())


async def street(folder: Path, dice: random.Random) -> Street:
    """Return a street at 10:00 with a red warning out and a fire reported; the second time from a copy."""
    room = await Room(folder, MORNING).open()
    await room.lay_street(days=4)
    if SHELF.has(KEY):
        await room._put_in_place(KEY)
    else:
        await _begin(room)
        await SHELF.keep(KEY, room.app.db)
    async with room.app.db.read() as tx:
        recorded = [row.raw for row in await tx.all(select(inbox.c.raw).order_by(inbox.c.update_id))]
        order = (buttons.c.act, buttons.c.subject, buttons.c.chat_id)
        tokens = [(row.token, row.chat_id) for row in await tx.all(select(buttons).order_by(*order))]
    room.api.updates._next_id += 1000  # those of the copy are known to its inbox
    return Street(room, recorded, tokens, dice)


async def _begin(room: Room) -> None:
    await room.types(OFFICER, WARNING)
    await room.presses(OFFICER, "下发")
    await room.presses(CONTACT, "收到")
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "签发 E1")
    await room.types(OFFICER, "首报 柳湾社区2号楼水管爆裂，地下室进水")
    await room.types(OFFICER, "记录 巡查河道，水位正常")
    await room.types(OFFICER, "指令 @何琳 17:00前 报送积水点")
    await room.types(OFFICER, "3号楼那边好像有点情况")
    await room.types(ADMIN, "邀请 李新 13912345678")


async def run(seed: int, folder: Path, count: int = PER_STREET) -> Counter[str]:
    """Let `count` updates come to one street; return what was set aside, by reason; raises AssertionError."""
    there = await street(folder, random.Random(f"updates {seed}"))
    try:
        left = count
        while left > 0:
            size = min(left, there.dice.choice(BATCHES))
            await there.comes(
                [*(there.update() for _ in range(size)), *([there.sentinel()] if size > 1 else [])]
            )
            there.room.clock.move(there.dice.choice([1, 1, 30, 600]))
            left -= size
        await there.room.settle()
        return await there.check()
    finally:
        await there.room.close()

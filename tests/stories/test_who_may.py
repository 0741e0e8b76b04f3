"""Who may do what stands in docs/roles.md: every command, word and button is tried as everybody (P6)."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from domain.notices import base
from domain.people import Role
from handlers.all_features import LOADED
from handlers.desk import COMMANDS, PRESSES, TWINS
from handlers.dispatch import GROUP_COMMANDS, handle
from storage import button, people, schema
from storage import room as rooms
from storage.database import Tx
from tests.stories.conftest import MORNING
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

TABLE = Path(__file__).parents[2] / "docs" / "roles.md"
LETTERS = {
    "O": Role.OFFICER,
    "D": Role.DEPUTY,
    "L": Role.LEADER,
    "V": Role.DRIVER,
    "C": Role.CONTACT,
    "R": Role.REPORTER,
    "S": Role.SUPERIOR,
    "A": Role.ADMIN,
}
GROUP = -5001
HARMLESS = {"outbox", "drafts", "buttons"}
"""What an answer may write: what is said, what was typed, the buttons under it."""
NOTHING = {n.kind() for n in (base.NotBound, base.StaleButton, base.DraftUsed)}
REFUSALS = {base.NotAllowed.kind(), base.NotAllowedKept.kind()}
SUBJECTS = {
    "bare": "收到 W1",
    "callout.cannot_why": "W1:进不去",
    "callout.colour": "W1:红色",
    "callout.discard": "W1",
    "callout.dispatch": "W1",
    "callout.dispatch_anyway": "W1",
    "callout.dispatch_as_before": "W1",
    "callout.end": "W1",
    "callout.second": "W1",
    "callout.join": "W1:W2",
    "callout.reached": "1",
    "callout.unreached": "1",
    "callout.claim": "W1",
    "handover.accept": "1",
    "handover.accept_all": "1",
    "handover.finish": "1",
    "handover.read_back": "1",
    "handover.refer": "1",
    "handover.sign_in": "1",
    "handover.sign_out": "1",
    "import.cancel": "1",
    "import.confirm": "1",
    "incident.confirm": "1",
    "incident.drop_report": "1",
    "incident.final": "E1:1",
    "incident.followup": "E1:1",
    "incident.join": "E1:E2",
    "incident.no_change": "E2",
    "incident.return": "1",
    "incident.send_report": "1",
    "incident.sign": "1",
    "draft.mend": "1:E2:地点",
    "draft.return": "1:E2",
    "draft.followup": "1:E2",
    "draft.instruct": "1",
    "incident.amend": "E2:1:地点",
    "incident.attach": "E2:L5",
    "incident.choose": "1:deaths:0",
    "incident.files": "E2",
    "incident.fill": "E2:1",
    "incident.kind": "E2:1",
    "incident.long": "E2",
    "incident.mend": "E2:地点",
    "incident.merge": "E2:E1",
    "incident.out": "E2",
    "incident.split": "E2",
    "incident.stable": "E2",
    "incident.still_in": "E2",
    "incident.unresolved": "E2",
    "response.ack": "E2",
    "response.all_back": "E2:1",
    "response.arrive": "E2",
    "response.arrived_for": "E2:1",
    "response.evacuated": "E2",
    "response.link": "E2:W1",
    "response.open": "E2",
    "response.phoned": "E2:1",
    "response.tell": "E2:1",
    "response.timeline": "E2",
    "leave.grant": "Q1",
    "leave.refuse": "Q1",
    "nil.send": "2026-07-24",
    "shift.arrive": "1",
    "shift.confirm": "1",
    "show": "E1",
    "swap.agree": "1",
    "swap.decline": "1",
    "swap.withdraw": "1",
}
"""Buttons that the scene does not show, by what they would carry."""


@dataclass
class Row:
    """Who may, by the table: these roles; `bound` when it also depends on who the person is to the event."""

    roles: set[Role] = field(default_factory=set)
    bound: bool = False


def read_table() -> dict[str, Row]:
    """Return the table by what is registered."""
    rows: dict[str, Row] = {}
    for line in TABLE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 3 + len(LETTERS) or cells[0] in ("act", "---"):
            continue
        ticked = {role for role, cell in zip(LETTERS.values(), cells[1:9], strict=True) if cell == "✓"}
        for name in re.findall(r"`([^`]+)`", cells[10]):
            row = rows.setdefault(name, Row())
            row.roles |= ticked
            row.bound |= bool(cells[9])
    return rows


ROWS = read_table()


def test_the_table_names_everything_that_is_registered() -> None:
    assert LOADED
    registered = {f"/{name}" for name in COMMANDS} | set(PRESSES) | {" ".join(key) for key in TWINS}
    assert registered - set(ROWS) == set(), "not in docs/roles.md"
    assert set(ROWS) - registered == set(), "in docs/roles.md, but not registered"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_offered_to_those_the_table_names(name: str) -> None:
    assert set(COMMANDS[name].roles) == ROWS[f"/{name}"].roles


@dataclass
class Tried:
    """What one try wrote: tables, and what was said to whom."""

    tables: set[str]
    said: list[tuple[str, int | None]]

    @property
    def refused(self) -> bool:
        """Return True if the person was told that it is not theirs to do."""
        return any(kind in REFUSALS for kind, _ in self.said)

    @property
    def unknown(self) -> bool:
        """Return True if the person heard that nobody knows them, or that there is nothing of theirs."""
        return {kind for kind, _ in self.said} <= NOTHING and bool(self.said)


@dataclass
class Scene:
    """A room in the middle of a day, with one person of each role that has nothing to do with anything in it."""

    room: Room
    accounts: dict[str, int]
    subjects: dict[str, str]
    written: set[str] = field(default_factory=set)
    update: int = 10**6

    async def typed(self, who: str, text: str, chat: int | None = None) -> Tried:
        """Let somebody type; nothing is kept."""
        account = self.accounts[who]
        place = {
            "id": chat or account,
            "type": "group" if chat else "private",
            "title": "群",
            "first_name": who,
        }
        return await self._try(
            {"message": {"text": text, "chat": place, "from": self._from(who), "date": 0, "message_id": 1}}
        )

    async def pressed(self, who: str, act: str, *, stolen: bool = False) -> Tried:
        """Let somebody press a button of this act, shown in their chat (or stolen from another); nothing is kept."""
        account = self.accounts[who]
        chat = self.accounts["admin"] if stolen else account
        async with self.room.app.db.write() as tx:
            wanted = button.Button(chat, act, self.subjects[act])
            token = (await button.tokens(tx, self.room.clock.now(), [wanted]))[wanted]
        message = {
            "chat": {"id": account, "type": "private", "first_name": who},
            "date": 0,
            "message_id": 1,
        }
        query = {"id": "1", "from": self._from(who), "data": token, "message": message, "chat_instance": "1"}
        return await self._try({"callback_query": query})

    def _from(self, who: str) -> dict[str, Any]:
        return {"id": self.accounts[who], "is_bot": False, "first_name": who}

    async def _try(self, raw: dict[str, Any]) -> Tried:
        self.update += 1
        async with self.room.app.db.write() as tx:
            newest = await tx.value(select(func.max(schema.outbox.c.id))) or 0
            point = await tx.conn.begin_nested()
            self.written.clear()
            now = self.room.clock.now()
            update = {"update_id": self.update, **raw}
            pops = await handle(tx, now, self.room.app.outbox.bot, [update], None, now)
            tables = set(self.written)
            said = await self._said(tx, newest)
            said += [(pop.notice.kind(), None) for pop in pops if pop.notice is not None]
            await point.rollback()
            tx.after.clear()
            tx.wakes.clear()
        return Tried(tables, said)

    @staticmethod
    async def _said(tx: Tx, newest: int) -> list[tuple[str, int | None]]:
        rows = await tx.all(
            select(schema.outbox.c.kind, schema.outbox.c.chat_id, schema.people.c.telegram_id)
            .outerjoin(schema.people, schema.people.c.id == schema.outbox.c.person_id)
            .where(schema.outbox.c.id > newest)
        )
        return [(r.kind, r.chat_id or r.telegram_id) for r in rows]


async def _add(tx: Tx, name: str, role: Role, account: int) -> int:
    key = await people.add_person(tx, name, telegram_id=account)
    await tx.run(insert(schema.posts_held).values(person_id=key, unit_id=None, role=role.value))
    return key


async def _people(room: Room) -> dict[str, int]:
    """Add one person of each role, somebody revoked, somebody of another room; a stranger has only an account."""
    accounts = {role.value: 990_000 + n for n, role in enumerate(Role)}
    accounts |= {"stranger": 990_100, "revoked": 990_101, "elsewhere": 990_102}
    async with room.app.db.write() as tx:
        for role in Role:
            await _add(tx, f"只是{role.word}", role, accounts[role.value])
        gone = await _add(tx, "已停用", Role.OFFICER, accounts["revoked"])
        await people.revoke(tx, room.clock.now(), gone)
        other = await tx.add(schema.rooms, name="邻街道值班室")
        elsewhere = await tx.add(
            schema.people, room_id=other, name="邻街", telegram_id=accounts["elsewhere"], active=True
        )
        await tx.run(insert(schema.posts_held).values(person_id=elsewhere, role=Role.OFFICER.value))
        await rooms.set_group(tx, GROUP)
    return accounts


async def _a_day(room: Room) -> None:
    """Let enough happen that most buttons are shown somewhere."""
    for who, text in (
        ("郑伟", BLUE),
        ("张玉梅", "首报 我们社区2号楼电梯困了3个人"),
        ("郑伟", "首报 今早8点福安里社区门口水管爆了，没人受伤，已通知水务"),
        ("张慧敏", "批示 核查3号楼积水 17:00前"),
        ("郑伟", "设备"),
        ("宋倩", "人员"),
        ("郑伟", "随便一句话"),
    ):
        await room.types(who, text)
    await room.presses("郑伟", "下发")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """Return the scene; what is written is noted by table."""
    room = await Room(tmp_path / "data", MORNING).open()
    await room.lay_street()
    await _a_day(room)
    accounts = await _people(room)
    async with room.app.db.read() as tx:
        shown = await tx.all(select(schema.buttons.c.act, schema.buttons.c.subject).distinct())
    subjects = SUBJECTS | {r.act: r.subject for r in shown}
    found = Scene(room, accounts, subjects)

    @event.listens_for(room.app.db._writer.sync_engine, "after_cursor_execute")
    def _ran(_conn: object, cursor: Any, statement: str, *_rest: object) -> None:  # noqa: ANN401 - the driver's
        wrote = re.match(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", statement)
        if wrote and cursor.rowcount != 0:
            found.written.add(wrote[1])

    yield found
    await room.close()


def _may(name: str, who: str) -> bool:
    return any(role.value == who for role in ROWS[name].roles)


def _judge(name: str, who: str, tried: Tried, account: int) -> list[str]:
    """Return what is wrong with what happened."""
    if _may(name, who):
        wrong = tried.refused and not ROWS[name].bound
        return [f"{name} as {who}: refused, though the table allows it"] if wrong else []
    out = []
    if not ROWS[name].bound and not (tried.refused or tried.unknown):
        out.append(f"{name} as {who}: was not refused, but heard {sorted({kind for kind, _ in tried.said})}")
    if written := tried.tables - HARMLESS - ({"people"} if who in {r.value for r in Role} else set()):
        out.append(f"{name} as {who}: wrote {sorted(written)}")
    if others := {kind for kind, to in tried.said if to not in (account, None)}:
        out.append(f"{name} as {who}: told others {sorted(others)}")
    return out


async def test_a_command_does_nothing_for_those_the_table_does_not_name(scene: Scene) -> None:
    wrong = []
    for name, command in sorted(COMMANDS.items()):
        for who, account in scene.accounts.items():
            tried = await scene.typed(who, command.example)
            wrong += _judge(f"/{name}", who, tried, account)
    assert "\n".join(wrong) == ""


async def test_a_word_with_a_number_does_nothing_for_those_the_table_does_not_name(scene: Scene) -> None:
    wrong = []
    for word, letter in sorted(TWINS):
        for who, account in scene.accounts.items():
            tried = await scene.typed(who, f"{word} {letter}1 张科长 说明原因")
            wrong += _judge(f"{word} {letter}", who, tried, account)
    assert "\n".join(wrong) == ""


async def test_every_button_is_tried(scene: Scene) -> None:
    assert set(PRESSES) - set(scene.subjects) == set(), "say in SUBJECTS what such a button carries"


async def test_a_button_does_nothing_for_those_the_table_does_not_name(scene: Scene) -> None:
    wrong = []
    for act in sorted(PRESSES):
        for who, account in scene.accounts.items():
            tried = await scene.pressed(who, act)
            wrong += _judge(act, who, tried, account)
            stolen = await scene.pressed(who, act, stolen=True) if who != "admin" else Tried(set(), [])
            if stolen.tables - HARMLESS:
                wrong.append(f"{act} as {who}: a button of another chat wrote {sorted(stolen.tables)}")
    assert "\n".join(wrong) == ""


async def test_in_the_group_only_what_shows_no_phones_is_answered(scene: Scene) -> None:
    wrong = []
    for name, command in sorted(COMMANDS.items()):
        for who in scene.accounts:
            tried = await scene.typed(who, command.example, chat=GROUP)
            if name in GROUP_COMMANDS:
                continue
            if tried.tables or tried.said:
                wrong.append(f"{name} as {who}: {sorted(tried.tables)} {tried.said}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("郑伟", ("值班", "交班", "接班", "首报", "事件", "到岗", "待办")),
        ("冯磊", ("值班", "交班", "接班", "首报", "事件", "到岗", "待办")),
        ("马永军", ("值班", "到岗", "我的班")),
        ("张慧敏", ("值班", "预警列表", "事件", "到岗", "待办")),
        ("赵永明", ("值班", "帮助")),
    ],
    ids=["officer", "deputy, who may stand in at night", "driver", "leader", "contact"],
)
async def test_the_daily_words_of_a_role_stand_under_the_chat(
    room: Room, name: str, wanted: tuple[str, ...]
) -> None:
    await room.types(name, "/start")
    shown = room.api.reply_keyboard(room.ids[name])
    assert shown is not None
    words = {key if isinstance(key, str) else key["text"] for row in shown["keyboard"] for key in row}
    assert set(wanted) <= words

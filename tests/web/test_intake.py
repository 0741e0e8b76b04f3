"""Bulletins are handed in over HTTP by sources with a token: read, kept, shown to the officer, never dispatched."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import func, select

from bot.intake import Sources
from bot.logs import blot
from bot.pages import pages_of
from handlers.identity import set_web_url
from storage.schema import bulletin_sources, bulletins, log, outbox
from tests.stories.room import ZONE, Room
from web.intake import Intake
from web.pages import make_app

OFFICER, ADMIN, LEADER = "郑伟", "宋倩", "张慧敏"
BLUE = "天津市气象台于7月25日09时58分发布暴雨蓝色预警信号：预计今天下午到夜间有大到暴雨，请做好防范。"
RED = BLUE.replace("蓝色", "红色")
CAP = Path(__file__).parents[1] / "inputs" / "cap_alert.xml"
DTD = '<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><alert><info>&b;</info></alert>'
Web = TestClient[web.Request, web.Application]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Return a room at 10:00 with the street laid in."""
    room = await Room(tmp_path / "data", datetime(2026, 7, 25, 10, 0, tzinfo=ZONE)).open()
    await room.lay_street()
    yield room
    await room.close()


@pytest.fixture
async def pages(room: Room) -> AsyncIterator[Web]:
    """Return a source's client."""
    async with TestClient(TestServer(pages_of(room.app))) as client:
        yield client


async def token_of(room: Room, name: str = "区应急局") -> str:
    """Return the token that an admin gives a source."""
    answer = (await room.types(ADMIN, f"来源 新增 {name}"))[-1]
    found = re.search(r"Bearer ([\w-]+)", answer)
    assert found, answer
    return found[1]


async def hand_in(
    pages: Web, token: str, data: bytes | str, kind: str = "text/plain; charset=utf-8"
) -> ClientResponse:
    """Hand something in."""
    body = data if isinstance(data, bytes) else data.encode()
    return await pages.post(
        "/api/bulletins", data=body, headers={"Authorization": f"Bearer {token}", "Content-Type": kind}
    )


async def bulletins_of(answer: ClientResponse) -> list[dict[str, Any]]:
    assert answer.status == 202, await answer.text()
    found: list[dict[str, Any]] = (await answer.json())["bulletins"]
    return found


async def kept(room: Room) -> int:
    async with room.app.db.read() as tx:
        return int(await tx.value(select(func.count()).select_from(bulletins)) or 0)


# --- the admin's side ---------------------------------------------------------------------------------------


async def test_a_token_is_shown_once_and_kept_as_a_hash(room: Room, pages: Web) -> None:
    set_web_url("https://zhiban.example.com/duty")
    token = await token_of(room)
    assert len(token) >= 22, "128 random bits"
    assert "https://zhiban.example.com/duty/api/bulletins" in room.last(ADMIN)
    assert "DUTYROOM_WEB_URL" not in room.last(ADMIN)
    listed = (await room.types(ADMIN, "来源"))[-1]
    assert "· 区应急局 · 还没有送过" in listed
    assert token not in listed
    await hand_in(pages, token, BLUE)
    assert "· 区应急局 · 最近一次 10:00" in (await room.types(ADMIN, "来源"))[-1]
    async with room.app.db.read() as tx:
        everything = repr([await tx.all(select(table)) for table in (bulletin_sources, log, outbox)])
    assert token not in everything
    assert token not in blot(f"Authorization: Bearer {token}")


async def test_an_ended_token_a_replaced_one_and_none_are_refused(room: Room, pages: Web) -> None:
    first = await token_of(room)
    second = await token_of(room)
    assert "以前的令牌已失效" in room.last(ADMIN)
    assert [(await hand_in(pages, token, BLUE)).status for token in (first, second)] == [401, 202]
    assert "已停用来源「区应急局」" in (await room.types(ADMIN, "来源 停用 区应急局"))[-1]
    assert "（已停用）" in (await room.types(ADMIN, "来源"))[-1]
    answer = await hand_in(pages, second, RED)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (await pages.post("/api/bulletins", data=RED.encode())).status == 401
    assert await kept(room) == 1
    assert "没有叫「区应急局」的来源在用" in (await room.types(ADMIN, "来源 停用 区应急局"))[-1]
    third = await token_of(room)
    assert (await hand_in(pages, third, RED)).status == 202, "an ended source may come back"


@pytest.mark.parametrize(
    "typed", ["来源 新增", "来源 新增 区 应急局", "来源 新增 " + "长" * 21, "来源 区应急局"]
)
async def test_a_wrong_form_is_answered_with_the_right_one(room: Room, typed: str) -> None:
    assert "来源 新增 区应急局" in (await room.types(ADMIN, typed))[-1]


async def test_only_an_admin_may(room: Room) -> None:
    assert "管理员" in (await room.types(OFFICER, "来源"))[-1]


# --- what comes in ------------------------------------------------------------------------------------------


async def test_what_comes_in_is_put_before_the_officer_and_dispatched_by_hand_only(
    room: Room, pages: Web
) -> None:
    (one,) = await bulletins_of(await hand_in(pages, await token_of(room), BLUE))
    assert one == {
        "number": "W1",
        "hazard": "暴雨",
        "colour": "蓝",
        "state": "draft",
        "duplicate_of": None,
    }
    await room.settle()
    assert BLUE in room.last(OFFICER)
    assert "区应急局" in room.last(OFFICER)
    assert "下发" in room.buttons(OFFICER)
    assert not any(BLUE in words for words in room.heard("王秀兰")), "nothing went out"
    await room.presses(OFFICER, "下发")
    assert any(BLUE in words for words in room.heard("王秀兰"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BLUE.encode(), "text/plain"),
        (BLUE.encode("utf-8-sig"), "text/plain; charset=utf-8"),
        (BLUE.encode("gb18030"), "text/plain"),
        (BLUE.encode("gb18030"), "text/plain; charset=GBK"),
        (BLUE.encode("gb18030"), "text/plain; charset=nonsense"),
        (BLUE.encode("utf-16"), "text/plain"),
        (json.dumps({"text": BLUE}).encode(), "application/json"),
        (json.dumps({"text": BLUE}, ensure_ascii=False).encode(), "application/json; charset=utf-8"),
        (CAP.read_bytes(), "application/xml"),
        (CAP.read_bytes(), "text/xml; charset=utf-8"),
        (CAP.read_bytes(), "text/plain"),
    ],
)
async def test_it_is_read_in_the_forms_and_encodings_that_are_sent(
    room: Room, pages: Web, body: bytes, kind: str
) -> None:
    (one,) = await bulletins_of(await hand_in(pages, await token_of(room), body, kind))
    assert one["number"] == "W1"
    assert one["hazard"]
    assert one["colour"] in "蓝黄橙红"


async def test_two_warnings_in_one_text_are_two(room: Room, pages: Web) -> None:
    text = f"{BLUE}\n{RED.replace('暴雨', '雷电')}"
    found = await bulletins_of(await hand_in(pages, await token_of(room), text))
    assert [one["number"] for one in found] == ["W1", "W2"]


@pytest.mark.parametrize(("body", "kind"), [(BLUE.encode(), "text/plain"), (CAP.read_bytes(), "text/xml")])
async def test_a_replay_answers_the_same_number_and_makes_nothing_new(
    room: Room, pages: Web, body: bytes, kind: str
) -> None:
    token = await token_of(room)
    await hand_in(pages, token, body, kind)
    await room.settle()
    heard = len(room.heard(OFFICER))
    answers = await asyncio.gather(*(hand_in(pages, token, body, kind) for _ in range(5)))
    for answer in answers:
        (one,) = await bulletins_of(answer)
        assert (one["number"], one["duplicate_of"]) == ("W1", "W1")
    await room.settle()
    assert await kept(room) == 1
    assert len(room.heard(OFFICER)) == heard


@pytest.mark.parametrize(
    ("body", "kind", "status", "error"),
    [
        ("你好，今天天气不错".encode(), "text/plain", 422, "no_bulletin"),
        (b"", "text/plain", 422, "no_bulletin"),
        (b"\xff\x81\x00\xff", "text/plain", 422, "encoding"),
        (BLUE.encode("gb18030"), "text/plain; charset=utf-8", 422, "encoding"),
        (b"\x00" * 5000, "text/plain", 422, "no_bulletin"),
        (DTD.encode(), "application/xml", 422, "refused"),
        (DTD.encode(), "text/plain", 422, "refused"),
        (CAP.read_bytes()[:-40], "application/xml", 422, "refused"),
        (b"<alert/>", "application/xml", 422, "refused"),
        (b"<?xml version='1.0'?><html/>", "application/xml", 422, "refused"),
        (BLUE.encode(), "application/xml", 422, "refused"),
        (b"{", "application/json", 422, "json"),
        (b"[]", "application/json", 422, "json"),
        (b'{"text": 3}', "application/json", 422, "json"),
        (b'{"text": "\\ud800"}', "application/json", 422, "json"),
        (b"[" * 200_000, "application/json", 422, "json"),
        (json.dumps({"text": "你好"}).encode(), "application/json", 422, "no_bulletin"),
        (BLUE.encode(), "application/octet-stream", 415, "media_type"),
        (BLUE.encode(), "multipart/form-data; boundary=x", 415, "media_type"),
    ],
)
async def test_what_is_no_bulletin_is_refused_with_a_reason(
    room: Room, pages: Web, body: bytes, kind: str, status: int, error: str
) -> None:
    answer = await hand_in(pages, await token_of(room), body, kind)
    said = await answer.json()
    assert (answer.status, said["error"]) == (status, error)
    assert said["reason"]
    assert await kept(room) == 0


async def test_a_packed_body_is_not_unpacked(room: Room, pages: Web) -> None:
    headers = {"Authorization": f"Bearer {await token_of(room)}", "Content-Type": "text/plain"}
    answer = await pages.post("/api/bulletins", data=b"x" * 900_000, headers=headers, compress="gzip")
    assert answer.status == 415


async def test_thousands_of_warnings_in_one_file_are_refused_at_once(room: Room, pages: Web) -> None:
    info = f"<info><language>zh-CN</language><description>{BLUE}</description></info>"
    answer = await hand_in(pages, await token_of(room), f"<alert>{info * 4000}</alert>", "text/xml")
    assert answer.status == 422
    assert "最多 50 条" in (await answer.json())["reason"]
    assert await kept(room) == 0


async def test_a_red_draft_that_waits_is_brought_up_again_and_then_told_to_the_leader(
    room: Room, pages: Web
) -> None:
    await hand_in(pages, await token_of(room), RED)
    await room.fast_forward(minutes=2.1)
    assert "暴雨红色预警（区应急局 送来）已等 2 分钟，还没有下发" in room.last(OFFICER)
    await room.fast_forward(minutes=3)
    assert f"请联系值班员 {OFFICER} 138" in room.last(LEADER)
    await room.presses(OFFICER, "下发")
    assert any(RED in words for words in room.heard("王秀兰")), "the reminder's own button dispatches"


async def test_a_draft_that_was_dispatched_in_time_is_not_brought_up_again(room: Room, pages: Web) -> None:
    await hand_in(pages, await token_of(room), RED)
    await room.settle()
    await room.types(OFFICER, "下发 W1")
    await room.fast_forward(minutes=6)
    assert not any("还没有下发" in words for name in (OFFICER, LEADER) for words in room.heard(name))


async def test_what_comes_in_reaches_a_stand_in_when_the_officer_cannot_be_written_to(
    room: Room, pages: Web
) -> None:
    room.api.block(room.ids[OFFICER])
    await room.settle()
    await hand_in(pages, await token_of(room), RED)
    await room.settle()
    others = [name for name in room.ids if name != OFFICER and any("待下发" in w for w in room.heard(name))]
    assert others


# --- too much, too slow -------------------------------------------------------------------------------------


async def test_fifty_megabytes_are_refused_before_they_are_read(room: Room, pages: Web) -> None:
    token, sent = await token_of(room), 0
    announced = await hand_in(pages, token, b"x" * 1_000_001)
    assert (announced.status, (await announced.json())["error"]) == (413, "too_large")

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(800):
            sent += 65_536
            yield b"x" * 65_536

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    try:
        answer = await pages.post("/api/bulletins", data=pieces(), headers=headers)
        assert answer.status == 413
    except ConnectionError:
        pass  # the server hung up while the rest was on its way
    assert sent < 20_000_000, "chunked, without a length: it was cut off"
    assert (await hand_in(pages, token, BLUE)).status == 202, "and the next one is taken"


async def test_a_body_in_pieces_without_a_length_is_taken(room: Room, pages: Web) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in BLUE.encode():
            yield bytes([byte])

    headers = {"Authorization": f"Bearer {await token_of(room)}", "Content-Type": "text/plain"}
    assert (await pages.post("/api/bulletins", data=pieces(), headers=headers)).status == 202


async def test_a_body_that_does_not_come_is_not_waited_for(room: Room) -> None:
    sources = Sources(room.app.db, room.clock)
    intake = Intake(sources.name_of, sources.take, room.clock.monotonic, seconds=0.05)
    token, never = await token_of(room), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield BLUE.encode()[:10]
        await never.wait()

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    async with TestClient(TestServer(make_app(room.app.health.now, intake=intake))) as client:
        answer = await client.post("/api/bulletins", data=pieces(), headers=headers)
        assert (answer.status, (await answer.json())["error"]) == (408, "too_slow")
    assert await kept(room) == 0


async def test_a_thousand_in_a_minute_neither_stop_the_process_nor_flood_the_officer(
    room: Room, pages: Web
) -> None:
    token = await token_of(room)
    before = len(room.heard(OFFICER))
    texts = [BLUE.replace("58分", f"{n % 60:02}分").replace("下午", f"下午{n}") for n in range(1000)]
    answers = [await hand_in(pages, token, text) for text in texts]
    statuses = [answer.status for answer in answers]
    assert answers[-1].headers["Retry-After"] == "1"
    assert statuses.count(202) == 120
    assert statuses.count(429) == 880
    await room.settle()
    heard = room.heard(OFFICER)[before:]
    assert sum("待下发" in words for words in heard) == 6
    (told,) = [words for words in heard if "只存为草稿" in words]
    assert f"有 {await kept(room) - 6} 条只存为草稿" in told
    assert "W7" in told
    assert len(heard) == 7
    (one,) = await bulletins_of(await hand_in(pages, await token_of(room, "市气象台"), RED))
    await room.settle()
    assert f"{one['number']} " in room.last(OFFICER), "another source, and red: it is seen"
    assert (await hand_in(pages, token, BLUE)).status == 202, "time has passed: it may send again"


async def test_a_red_warning_is_shown_in_a_flood_of_blue_ones(room: Room, pages: Web) -> None:
    token = await token_of(room)
    for n in range(8):
        await hand_in(pages, token, BLUE.replace("58分", f"{n:02}分"))
    await hand_in(pages, token, RED)
    await room.settle()
    assert "暴雨红色预警" in "".join(room.heard(OFFICER)[-3:])


async def test_who_tries_tokens_waits(room: Room, pages: Web) -> None:
    statuses = [(await hand_in(pages, f"guess-{n}", BLUE)).status for n in range(61)]
    assert statuses == [401] * 60 + [429]
    assert (await hand_in(pages, await token_of(room), BLUE)).status == 202, (
        "a right one is taken all the same"
    )


async def test_it_is_said_when_nothing_could_be_kept(
    room: Room, pages: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.database import StorageFailed  # noqa: PLC0415 - only here

    token = await token_of(room)

    def full(*_: object) -> None:
        raise StorageFailed("database or disk is full")

    monkeypatch.setattr(room.app.db, "write", full)
    answer = await hand_in(pages, token, BLUE)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")

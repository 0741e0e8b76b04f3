"""A contact without the chat opens a personal link, reads the verbatim text and answers on the page."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select

from actions import link
from bot.logs import blot
from bot.pages import pages_of
from storage import people
from storage.schema import ack_links, contacts, log, outbox
from tests.stories.room import Room

OFFICER, ADMIN, CONTACT = "郑伟", "宋倩", "刘海芝"
RED = "天津市气象台于7月25日09时58分发布暴雨红色预警信号：预计3小时内降雨量将达100毫米以上，<请>立即停止户外作业。"
Web = TestClient[web.Request, web.Application]


@pytest.fixture
async def pages(room: Room) -> AsyncIterator[Web]:
    """Return an old phone's browser on the room's pages; a red warning W1 is out."""
    await room.types(OFFICER, RED)
    await room.types(OFFICER, "下发 W1")
    async with TestClient(TestServer(pages_of(room.app))) as client:
        yield client


async def key(room: Room, name: str) -> int:
    """Return a person's key."""
    async with room.app.db.read() as tx:
        (who,) = await people.by_name(tx, name)
        return who.id


async def link_of(room: Room, name: str, number: int = 1) -> str:
    """Return the path of a person's link, as a message carries it."""
    person = await key(room, name)
    async with room.app.db.write() as tx:
        return f"/a/{await link.make(tx, room.clock.now(), number, person)}"


def form(html: str, act: str, **typed: str) -> dict[str, str]:
    """Fill the page's form that has a button of this act."""
    assert f'name="act" value="{act}"' in html
    token = re.search(r'name="csrf" value="(\w+)"', html)
    assert token
    return {"csrf": token[1], "act": act, **typed}


async def press(pages: Web, url: str, act: str, **typed: str) -> ClientResponse:
    """Open the page, press a button, and follow to what it says."""
    opened = await (await pages.get(url)).text()
    return await pages.post(url, data=form(opened, act, **typed))


async def acts(room: Room) -> list[str]:
    async with room.app.db.read() as tx:
        return [r.act for r in await tx.all(select(log.c.act).order_by(log.c.seq))]


async def test_the_page_shows_the_text_verbatim_with_issuer_time_and_duties(room: Room, pages: Web) -> None:
    answer = await pages.get(await link_of(room, CONTACT))
    html = await answer.text()
    assert answer.status == 200
    assert "暴雨红色预警</h1>" in html
    assert RED.replace("<请>", "&lt;请&gt;") in html
    assert "天津市气象台" in html
    assert "7月25日（周六） 09:58 发布" in html
    assert f"{CONTACT}，您负责" in html
    assert "<script" not in html
    assert "http" not in html.replace("DOCTYPE", ""), "no outside assets"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    style = await pages.get("/a/style.css")
    assert (style.status, style.content_type) == (200, "text/css")


async def test_a_preview_that_fetches_the_link_changes_nothing(room: Room, pages: Web) -> None:
    url, before = await link_of(room, CONTACT), await acts(room)
    for fetch in (pages.get, pages.head):
        assert (await fetch(url)).status == 200
    assert (await pages.get(f"{url}?act=ack&r=recorded")).status == 200
    assert await acts(room) == before
    assert "✔ 已记录" not in await (await pages.get(f"{url}?r=recorded")).text(), "a link cannot claim it"
    async with room.app.db.read() as tx:
        assert await tx.value(select(ack_links.c.opened_at)) is None


async def test_received_and_passed_on_are_recorded_as_by_the_link(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    answer = await press(pages, url, "ack")
    html = await answer.text()
    assert [r.status for r in answer.history] == [303], "reloading the answer sends nothing twice"
    assert "✔ 已记录 W1</b>（10:00:" in html
    assert "下一步：请传达到户到人" in html
    assert "收到</button>" not in html
    await room.fast_forward(seconds=4)
    assert "网格：收到 1/65" in "".join(room.heard(OFFICER)), "the officer's live card counts it"
    html = await (await press(pages, url, "pass", channel="敲门", households="１２０户")).text()
    assert "已传达 10:00" in html
    assert "敲门 120户" in html
    assert "收到、已传达都已记录" in html
    assert "<form" not in html
    async with room.app.db.read() as tx:
        row = await tx.one(select(contacts).where(contacts.c.acked_at.is_not(None)))
    assert row is not None
    assert (row.acked_how, row.acked_by) == ("link", await key(room, CONTACT))
    await room.fast_forward(seconds=4)
    assert "✅ 已传达" in "".join(room.heard(CONTACT)), "the card in the chat shows it as well"


async def test_passing_on_alone_acknowledges_too(room: Room, pages: Web) -> None:
    html = await (await press(pages, await link_of(room, CONTACT), "pass")).text()
    assert "收到、已传达都已记录" in html


async def test_a_second_post_says_that_it_was_recorded_before(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    fields = form(await (await pages.get(url)).text(), "ack")
    answers = await asyncio.gather(*(pages.post(url, data=fields) for _ in range(3)))
    words = [await a.text() for a in answers]
    assert sum("✔ 已记录 W1" in w for w in words) == 1
    assert sum("此前已经记录过" in w for w in words) == 2
    assert (await acts(room)).count("callout.acked") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"households": "很多"}, "户数请只写数字"),
        ({"households": "-3"}, "户数请只写数字"),
        ({"households": "9999999"}, "户数请只写数字"),
        ({"channel": "飞鸽"}, "请从列出的方式里选一个"),
    ],
)
async def test_what_cannot_be_taken_is_asked_again_and_nothing_is_recorded(
    room: Room, pages: Web, typed: dict[str, str], words: str
) -> None:
    before = await acts(room)
    answer = await press(pages, await link_of(room, CONTACT), "pass", **typed)
    html = await answer.text()
    assert answer.status == 422
    assert "没有记录" in html
    assert words in html
    assert f'value="{typed.get("households", "")}"' in html, "what was typed stands there still"
    assert await acts(room) == before


@pytest.mark.parametrize("csrf", ["", "0" * 64, "错"])
async def test_a_post_that_does_not_come_from_the_page_is_not_taken(
    room: Room, pages: Web, csrf: str
) -> None:
    url, before = await link_of(room, CONTACT), await acts(room)
    answer = await pages.post(url, data={"csrf": csrf, "act": "ack"})
    assert answer.status == 403
    assert "没有记录" in await answer.text()
    assert await acts(room) == before


async def test_another_persons_csrf_is_not_taken(room: Room, pages: Web) -> None:
    others = form(await (await pages.get(await link_of(room, "王秀兰"))).text(), "ack")
    assert (await pages.post(await link_of(room, CONTACT), data=others)).status == 403


@pytest.mark.parametrize("data", [b"", b"act", b"\xff\xfe\x00", b"a=1&" * 5000, b"a=" + b"x" * 17_000])
async def test_a_broken_form_is_refused_in_words(room: Room, pages: Web, data: bytes) -> None:
    url = await link_of(room, CONTACT)
    answer = await pages.post(url, data=data, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status in (413, 422)
    assert "没有记录" in await answer.text()


async def test_a_body_that_belies_its_headers_is_refused_in_words(room: Room, pages: Web) -> None:
    answer = await pages.post(
        await link_of(room, CONTACT), data=b"no gzip", headers={"Content-Encoding": "gzip"}
    )
    assert answer.status == 400
    assert "没有记录" in await answer.text()


async def test_an_unknown_link_and_somebody_revoked_look_the_same(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    fields = form(await (await pages.get(url)).text(), "ack")
    await room.types(ADMIN, f"人员 停用 {CONTACT}")
    before = await acts(room)
    never = await pages.get("/a/" + "x" * 22)
    gone = await pages.get(url)
    assert (never.status, gone.status) == (404, 404)
    assert await never.text() == await gone.text()
    assert "链接无效" in await gone.text()
    assert (await pages.post(url, data=fields)).status == 404
    assert await acts(room) == before


async def test_after_two_days_a_link_says_that_it_is_over(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    fields = form(await (await pages.get(url)).text(), "ack")
    room.clock.move(timedelta(hours=48).total_seconds())
    answer = await pages.get(url)
    assert answer.status == 410
    assert "已过期" in await answer.text()
    assert (await pages.post(url, data=fields)).status == 410


async def test_a_superseded_warning_shows_what_came_after_and_takes_no_answer(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    fields = form(await (await pages.get(url)).text(), "ack")
    await room.types(OFFICER, "天津市气象台于7月25日10时05分将暴雨红色预警信号降级为暴雨橙色预警信号。")
    await room.types(OFFICER, "下发 W2")
    before = await acts(room)
    html = await (await pages.post(url, data=fields)).text()
    assert "这一次没有记录" in html
    assert "W1 已被 W2 取代" in html
    assert "<form" not in html
    assert await acts(room) == before


async def test_an_ended_warning_says_so(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    await room.types(OFFICER, "结束预警 W1")
    html = await (await pages.get(url)).text()
    assert "W1 已结束" in html
    assert "<form" not in html


async def test_somebody_without_a_duty_in_it_answers_nothing(room: Room, pages: Web) -> None:
    answer = await pages.get(await link_of(room, ADMIN))
    assert answer.status == 404
    assert "没有您的任务" in await answer.text()


async def test_who_presses_too_often_waits_and_nobody_else_does(room: Room, pages: Web) -> None:
    url, other = await link_of(room, CONTACT), await link_of(room, "王秀兰")
    answers = [await pages.get(url) for _ in range(31)]
    assert [a.status for a in answers] == [200] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "请稍等" in await answers[-1].text()
    assert (await pages.get(other)).status == 200, "behind a proxy a whole street has one address"


async def test_a_token_is_kept_nowhere_but_as_a_hash(room: Room, pages: Web) -> None:
    url = await link_of(room, CONTACT)
    await press(pages, url, "ack")
    token = url.removeprefix("/a/")
    assert len(token) >= 22, "128 random bits"
    async with room.app.db.read() as tx:
        kept = [await tx.all(select(table)) for table in (ack_links, log, outbox)]
    assert token not in repr(kept)
    assert token not in blot(f"GET http://127.0.0.1/a/{token}?r=recorded failed")


async def test_who_cannot_pass_on_gives_a_reason_and_the_officer_hears_it_at_once(
    room: Room, pages: Web
) -> None:
    url = await link_of(room, CONTACT)
    answer = await press(pages, url, "cannot", reason="  ")
    assert answer.status == 422
    assert "请写明原因" in await answer.text()
    html = await (await press(pages, url, "cannot", reason="道路积水<进不去>")).text()
    assert "✔ 已记录 W1</b>（10:00:" in html
    assert "无法传达（道路积水&lt;进不去&gt;）" in html
    assert "已传达</button>" in html, "it may be passed on later"
    await room.settle()
    assert "道路积水<进不去>" in "".join(room.heard(OFFICER))
    html = await (await press(pages, url, "pass", channel="敲门")).text()
    assert "收到、已传达都已记录" in html


async def test_a_village_sees_which_grids_still_have_to_answer(room: Room, pages: Web) -> None:
    html = await (await press(pages, await link_of(room, "王秀兰"), "pass", channel="广播")).text()
    assert "传达已登记" in html
    assert "网格应答 0/3" in html
    assert "海棠里社区第1网格 刘海芝" in html


async def test_the_streets_advice_stands_apart_from_the_verbatim_text(room: Room, pages: Web) -> None:
    await room.types(OFFICER, "提示 W1 低洼住户请上楼")
    html = await (await pages.get(await link_of(room, CONTACT))).text()
    assert html.index("街道提示") > html.index("</blockquote>")
    assert "低洼住户请上楼" in html

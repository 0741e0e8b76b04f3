"""A calendar on a telephone follows the roster by a link: given in the chat, read over HTTP, ended at once."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select

from bot.logs import blot
from domain.people import Role
from handlers.identity import set_web_url
from storage import people
from storage.schema import feeds, log, outbox
from tests.stories.room import ZONE, Room
from web.calendar import Feeds
from web.pages import make_app

OFFICER, IN, LEADER, ADMIN, DRIVER, CONTACT = "郑伟", "何琳", "张慧敏", "宋倩", "马永军", "刘海芝"
Web = TestClient[web.Request, web.Application]


@pytest.fixture
async def pages(room: Room) -> AsyncIterator[Web]:
    """Return a subscriber's client on the room's pages, whose address the links carry."""
    app = make_app(room.app.health.now, Feeds(room.app.calendar, room.clock.monotonic))
    async with TestClient(TestServer(app)) as client:
        set_web_url(str(client.make_url("/")).rstrip("/"))
        yield client


async def link(room: Room, name: str, words: str = "日历") -> str:
    """Return the link that a person is given."""
    answer = (await room.types(name, words))[-1]
    found = re.search(r"http://\S+/calendar/[\w-]+\.ics", answer)
    assert found, answer
    return found[0]


async def get(pages: Web, url: str, **headers: str) -> ClientResponse:
    return await pages.get(urlsplit(url).path, headers=headers)


async def calendar(pages: Web, url: str) -> Calendar:
    answer = await get(pages, url)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return IcsCalendarStream.calendar_from_ics(await answer.text())


async def test_the_link_of_the_chat_shows_a_persons_own_shifts(room: Room, pages: Web) -> None:
    events = (await calendar(pages, await link(room, IN))).events
    mine = (await room.types(IN, "我的班"))[-1]
    numbers = re.findall(r"^(S\d+) ", mine, re.MULTILINE)
    assert [e.uid.split("@")[0] for e in events] == numbers
    assert events[0].dtstart == datetime(2026, 7, 26, 8, 30, tzinfo=ZONE)
    assert events[0].dtend == datetime(2026, 7, 27, 8, 30, tzinfo=ZONE)
    assert events[0].summary == "值班（主班）"
    assert "带班领导：赵文斌" in str(events[0].description)
    assert "放进手机日历：日历" in mine


async def test_a_shift_swapped_away_is_gone_and_is_in_the_others_calendar(room: Room, pages: Web) -> None:
    own, others = await link(room, IN), await link(room, "吴静")
    before = await calendar(pages, own)
    number = before.events[0].uid.split("@")[0]
    assert before.events[0].dtstart not in [e.dtstart for e in (await calendar(pages, others)).events]
    await room.types(IN, f"调班 {number} 吴静 家中有事")
    await room.presses("吴静", "同意")
    assert len((await calendar(pages, own)).events) == len(before.events), "not before the leader approves"
    await room.presses(LEADER, "同意")
    after = await calendar(pages, own)
    assert [e.uid for e in after.events] == [e.uid for e in before.events[1:]]
    assert before.events[0].dtstart in [e.dtstart for e in (await calendar(pages, others)).events]


async def test_the_rooms_calendar_has_every_shift_and_no_whole_phone(room: Room, pages: Web) -> None:
    url = await link(room, LEADER, "日历 值班室")
    events = (await calendar(pages, url)).events
    assert len(events) == 10
    assert "主班：郑伟 138****0005" in str(events[1].description)
    text = (await (await get(pages, url)).text()).replace("\r\n ", "")
    assert "1380000" not in text
    assert not re.search(r"\b1\d{4}\b", text), "accounts are numbers of five figures here"
    assert "值班员" in (await room.types(DRIVER, "日历 值班室"))[-1]


async def test_shifts_older_than_a_month_are_left_out(room: Room, pages: Web) -> None:
    url = await link(room, LEADER, "日历 值班室")
    room.clock.move(timedelta(days=31, hours=12).total_seconds())
    assert len((await calendar(pages, url)).events) == 9, "the one that ended on 25 July is gone"


async def test_an_ended_link_and_one_that_never_was_look_the_same(room: Room, pages: Web) -> None:
    url = await link(room, IN)
    assert "已停用您的 1 条日历链接" in (await room.types(IN, "日历 停用"))[-1]
    ended, never = await get(pages, url), await get(pages, url.replace("/calendar/", "/calendar/x"))
    assert (ended.status, never.status) == (404, 404)
    assert await ended.text() == await never.text()
    assert ended.headers["Cache-Control"] == "no-store"
    assert "没有在用的日历链接" in (await room.types(IN, "日历 停用"))[-1]


async def test_a_fresh_link_ends_the_older_one_of_its_kind_only(room: Room, pages: Web) -> None:
    first, whole = await link(room, OFFICER), await link(room, OFFICER, "日历 值班室")
    second = await link(room, OFFICER)
    assert "以前的链接已失效" in room.last(OFFICER)
    assert [(await get(pages, url)).status for url in (first, second, whole)] == [404, 200, 200]


async def test_somebody_revoked_reads_nothing_more(room: Room, pages: Web) -> None:
    urls = [await link(room, IN), await link(room, IN, "日历 值班室")]
    assert [(await get(pages, url)).status for url in urls] == [200, 200]
    await room.types(ADMIN, f"人员 停用 {IN}")
    assert [(await get(pages, url)).status for url in urls] == [404, 404]


async def test_the_rooms_calendar_ends_with_the_role_it_was_given_for(room: Room, pages: Web) -> None:
    own, whole = await link(room, LEADER), await link(room, LEADER, "日历 值班室")
    async with room.app.db.write() as tx:
        (who,) = await people.by_name(tx, LEADER)
        await people.clear_posts(tx, [post.unit_id or 0 for post in who.posts], Role.LEADER)
    assert [(await get(pages, url)).status for url in (own, whole)] == [200, 404]


async def test_a_reader_who_has_it_already_gets_304_until_something_changes(room: Room, pages: Web) -> None:
    url = await link(room, IN)
    tag = (await get(pages, url)).headers["ETag"]
    assert tag.startswith('W/"'), "each reading carries its own time: the same words, not the same bytes"
    room.clock.move(600)
    again = await get(pages, url, **{"If-None-Match": tag})
    assert (again.status, await again.read()) == (304, b"")
    await room.types("吴静", "我来顶 " + (await calendar(pages, url)).events[0].uid.split("@")[0])
    changed = await get(pages, url, **{"If-None-Match": tag})
    assert changed.status == 200
    assert changed.headers["ETag"] != tag
    head = await pages.head(urlsplit(url).path)
    assert (head.status, await head.read(), head.headers["ETag"]) == (200, b"", changed.headers["ETag"])


async def test_who_asks_too_often_waits(room: Room, pages: Web) -> None:
    path = urlsplit(await link(room, IN)).path
    answers = [(await pages.get(path)).status for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert (await pages.get(path)).headers["Retry-After"] == "1"
    room.clock.move(2)
    assert (await pages.get(path)).status == 200


async def test_a_token_is_kept_nowhere_but_as_a_hash(room: Room, pages: Web) -> None:
    url = await link(room, IN)
    token = urlsplit(url).path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 22, "128 random bits and more"
    await calendar(pages, url)
    async with room.app.db.read() as tx:
        kept = [await tx.all(select(table)) for table in (feeds, log, outbox)]
        assert (await tx.all(select(feeds.c.read_at)))[0].read_at == room.clock.now()
    assert token not in repr(kept)
    assert token not in blot(f"GET {url} failed")
    assert token.encode() not in b"".join(
        path.read_bytes() for path in room.data.glob("files/*") if path.is_file()
    )


async def test_a_word_that_is_not_understood_is_answered_with_the_forms(room: Room) -> None:
    assert "日历 停用" in (await room.types(IN, "日历 明天"))[-1]
    assert "日历" in (await room.types(CONTACT, "日历"))[-1]
    assert "http" not in room.last(CONTACT)


async def test_an_address_of_this_machine_only_is_said(room: Room) -> None:
    set_web_url("http://127.0.0.1:8800")
    assert "DUTYROOM_WEB_URL" in (await room.types(IN, "日历"))[-1]
    set_web_url("https://zhiban.example.com/duty")
    answer = (await room.types(IN, "日历"))[-1]
    assert "https://zhiban.example.com/duty/calendar/" in answer
    assert "DUTYROOM_WEB_URL" not in answer

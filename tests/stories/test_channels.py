"""People without the chat, or silent there, are reached over fallback channels: a real gateway on the loopback."""

import asyncio
import logging
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import TestClient, TestServer, unused_port
from sqlalchemy import func, select, update

from actions import channel as act
from bot.channels import PER_GATEWAY
from bot.gateway import read_failure
from bot.logs import blot
from bot.pages import pages_of
from bot.telegram import Later, Refused, Uncertain
from domain.notices.channel import ByChannel
from handlers.identity import set_web_url
from storage import bulletin, people
from storage.schema import ack_links, channels, contacts, drafts, inbox, log, outbox
from storage.schema import people as people_table
from tests.stories.gateway import SECRET, Gateway
from tests.stories.room import Room

OFFICER, ADMIN, CONTACT, UNIT = "郑伟", "宋倩", "刘海芝", "海棠里社区第1网格"
RED = "天津市气象台于7月25日09时58分发布暴雨红色预警信号：预计3小时内降雨量将达100毫米以上，<请>立即停止户外作业。"
GATEWAYS_OWN = ("apprise", "aiohttp.access")
"""Loggers that never reach ours: Apprise's is cut off, the other is the gateway's in this process."""


async def unbind(room: Room, name: str) -> int:
    """Take a person's account away; return the key."""
    async with room.app.db.write() as tx:
        (who,) = await people.by_name(tx, name)
        await tx.run(update(people_table).where(people_table.c.id == who.id).values(telegram_id=None))
    return who.id


async def rows(room: Room) -> list[tuple[str, int]]:
    """Return the states of what goes out by channels, and how often each was tried."""
    async with room.app.db.read() as tx:
        found = await tx.all(
            select(outbox.c.state, outbox.c.attempts)
            .where(outbox.c.kind == ByChannel.kind())
            .order_by(outbox.c.id)
        )
    return [(r.state, r.attempts) for r in found]


async def warn(room: Room, text: str = RED, number: int = 1) -> None:
    await room.types(OFFICER, text)
    await room.types(OFFICER, f"下发 W{number}")


# --- the admin's side ---------------------------------------------------------------------------------------


async def test_a_channel_is_added_listed_without_its_secrets_and_ended(room: Room) -> None:
    added = (await room.types(ADMIN, "通道 刘海芝 短信 json://user:pw@10.0.0.8:8080/sms/key"))[-1]
    assert "已记录：刘海芝 的通道「短信」（json://10.0.0.8，10:00:" in added
    assert "请马上删除您刚才发的那条消息" in added
    await room.types(ADMIN, f"通道 {UNIT} 群机器人 wecombot://abcdefghijklmnopqrstuvwxyz")
    listed = (await room.types(ADMIN, "通道"))[-1]
    assert "· 刘海芝「短信」json://10.0.0.8" in listed
    assert f"· {UNIT}「群机器人」wecombot://…" in listed, "there the host is the key"
    assert "8080" not in listed
    again = (await room.types(ADMIN, "通道 刘海芝 短信 json://10.0.0.9/sms"))[-1]
    assert "同名的旧地址已停用" in again
    assert "10.0.0.9" in (await room.types(ADMIN, "通道 刘海芝"))[-1]
    assert "已停用：刘海芝" in (await room.types(ADMIN, "通道 刘海芝 删除 短信"))[-1]
    assert "还没有备用通道" in (await room.types(ADMIN, "通道 刘海芝"))[-1]
    assert "没有叫「短信」的通道" in (await room.types(ADMIN, "通道 刘海芝 删除 短信"))[-1]


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("通道 刘海芝 短信 nonsense://10.0.0.8/sms", "wecombot://密钥"),
        ("通道 刘海芝 短信 json://", "地址不对"),
        ("通道 刘海芝 短信 syslog://", "不是发给人的服务"),
        ("通道 刘海芝 短信 https://10.0.0.8/secret", "地址不对"),
        ("通道 刘海芝 json://10.0.0.8/secret", "看不懂"),
        ("通道 json://10.0.0.8/secret", "看不懂"),
        ("通道 刘海芝 短信 10.0.0.8/secret", "看不懂"),
        ("通道 刘海芝 名字太长的一个通道名字啊啊 json://10.0.0.8/secret", "看不懂"),
        ("通道 刘海之 短信 json://10.0.0.8/secret", "是不是：刘海芝"),
        ("通道 刘海芝 试发", "没有通道"),
    ],
)
async def test_what_is_wrong_is_said_with_the_right_form_and_the_address_is_not_repeated(
    room: Room, typed: str, heard: str
) -> None:
    answer = (await room.types(ADMIN, typed))[-1]
    assert heard in answer
    assert "通道 " in answer
    assert "secret" not in answer
    async with room.app.db.read() as tx:
        assert await tx.value(select(func.count()).select_from(channels)) == 0


async def test_only_an_admin_may_and_what_somebody_else_typed_is_not_kept(room: Room) -> None:
    assert "管理员" in (await room.types(OFFICER, "通道"))[-1]
    assert "管理员" in (await room.types(OFFICER, f"通道 刘海芝 短信 json://{SECRET}@10.0.0.8/sms"))[-1]
    async with room.app.db.read() as tx:
        assert SECRET not in repr([await tx.all(select(table)) for table in (drafts, inbox, log)])


async def test_a_trial_says_what_came_of_it(room: Room, gateway: Gateway) -> None:
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    heard = await room.types(ADMIN, f"通道 {CONTACT} 试发")
    assert "正在向 刘海芝 试发：短信" in "".join(heard)
    assert "✅ 试发成功：刘海芝「短信」" in room.last(ADMIN)
    assert gateway.got[0]["title"] == "沽水街道值班室 通道试发"
    assert "不是预警" in gateway.got[0]["message"]
    gateway.status = 403
    await room.types(ADMIN, f"通道 {CONTACT} 试发")
    assert "❌ 试发没有成功：刘海芝「短信」：网关拒绝（403）" in room.last(ADMIN)
    await room.types(ADMIN, f"通道 {UNIT} 短信 json://127.0.0.1:{unused_port()}/")
    await room.types(ADMIN, f"通道 {UNIT} 试发")
    assert "网关连不上" in room.last(ADMIN)


# --- a warning ----------------------------------------------------------------------------------------------


async def test_a_contact_without_account_gets_the_text_opens_the_link_and_acknowledges(
    room: Room, gateway: Gateway
) -> None:
    async with TestClient(TestServer(pages_of(room.app))) as pages:
        set_web_url(str(pages.make_url("/")).rstrip("/"))
        person = await unbind(room, CONTACT)
        await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
        await warn(room)
        (text,) = gateway.got
        assert text["title"] == "暴雨红色预警 W1"
        assert RED in text["message"], "verbatim and whole"
        assert "天津市气象台 7月25日（周六） 09:58 发布" in text["message"]
        assert f"刘海芝，您负责：{UNIT}。" in text["message"]
        url = re.search(r"http://\S+/a/[\w-]{22}\b", text["message"])
        assert url, text["message"]
        html = await (await pages.get(urlsplit(url[0]).path)).text()
        csrf = re.search(r'name="csrf" value="(\w+)"', html)
        assert csrf
        answer = await pages.post(urlsplit(url[0]).path, data={"csrf": csrf[1], "act": "ack"})
        assert "✔ 已记录 W1" in await answer.text()
    async with room.app.db.read() as tx:
        contact = await tx.one(select(contacts).where(contacts.c.a_id == person))
        said = [r.text for r in await tx.all(select(log.c.text).where(log.c.act == "channel.sent"))]
    assert contact is not None
    assert (contact.acked_how, contact.acked_by) == ("link", person)
    assert contact.delivered_at is not None, "the clock runs from here"
    assert said == ["短信"]
    await room.fast_forward(minutes=12)
    later = [g["message"] for g in gateway.got[1:]]
    assert all("请您（B角）接手" in words for words in later), "for the own unit nothing more is asked"


async def test_somebody_silent_is_reminded_over_the_channel_once_per_rung(
    room: Room, gateway: Gateway
) -> None:
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    await warn(room)
    assert gateway.got == [], "who has the chat gets it there first"
    await room.fast_forward(minutes=1.1)
    assert [g["title"] for g in gateway.got] == ["【未应答】暴雨红色预警 W1"]
    assert "还没有您的应答" in gateway.got[0]["message"]
    await room.fast_forward(minutes=12)
    assert len(gateway.got) == 2, "once more as B-role of the grid beside"
    assert "请您（B角）接手：海棠里社区第3网格。" in gateway.got[1]["message"]


async def test_the_channel_of_a_unit_reaches_its_a_role_then_its_b_role_each_with_an_own_link(
    room: Room, gateway: Gateway
) -> None:
    village = "海棠里社区"
    await room.types(ADMIN, f"通道 {village} 短信 {gateway.url()}")
    await warn(room)
    await room.fast_forward(minutes=2.1)
    links = [re.search(r"/a/([\w-]+)", g["message"]) for g in gateway.got]
    assert len({found[1] for found in links if found}) == len(gateway.got) == 2
    assert "A角未应答，请您（B角）接手" in gateway.got[1]["message"]


async def test_whoever_blocked_the_bot_gets_it_by_the_channel_at_once(room: Room, gateway: Gateway) -> None:
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    room.api.block(room.ids[CONTACT])
    await warn(room)
    assert [g["title"] for g in gateway.got] == ["暴雨红色预警 W1"]


async def test_the_channels_go_on_while_the_outbox_of_the_chat_stands_still(
    room: Room, gateway: Gateway
) -> None:
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    await warn(room)
    room.clock.move(61)
    await room.app.clockwork.run_due()
    await room.app.channels.pump()
    assert gateway.got[0]["title"].startswith("【未应答】暴雨红色预警 W1")


async def test_what_waits_is_dropped_once_it_is_answered_or_the_warning_is_over(
    room: Room, gateway: Gateway
) -> None:
    person = await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    gateway.status = 503
    await warn(room)
    assert await rows(room) == [("pending", 1)]
    async with room.app.db.write() as tx:
        b = await bulletin.by_id(tx, 1)
        assert b is not None
        assert await act.reach(tx, room.clock.now(), b, [person], step=act.FIRST) == 0, "promised once"
        assert await act.reach(tx, room.clock.now(), b, [person], step="remind") == 1
    await room.types(OFFICER, "结束预警 W1")
    await room.fast_forward(seconds=5)
    assert [state for state, _ in await rows(room)] == ["dropped", "dropped"]


async def test_a_channel_ended_meanwhile_sends_nothing_more(room: Room, gateway: Gateway) -> None:
    await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    gateway.status = 503
    await warn(room)
    await room.types(ADMIN, f"通道 {CONTACT} 删除 短信")
    gateway.status = 200
    await room.fast_forward(seconds=5)
    assert await rows(room) == [("dropped", 1)]


# --- gateways that fail -------------------------------------------------------------------------------------


async def test_a_gateway_that_fails_for_a_while_is_tried_again(room: Room, gateway: Gateway) -> None:
    await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    gateway.status = 503
    await warn(room)
    gateway.status = 200
    await room.fast_forward(seconds=5)
    assert await rows(room) == [("sent", 2)]
    assert [g["title"] for g in gateway.got] == ["暴雨红色预警 W1"] * 2, "a refusal is certain: no 重发"


async def test_a_gateway_that_is_gone_is_given_up_in_the_end_and_the_officer_is_told(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 json://{SECRET}@127.0.0.1:{unused_port()}/key-0123456789")
    await warn(room)
    for _ in range(12):
        await room.fast_forward(seconds=61)
    assert ("failed", 10) in await rows(room)
    told = [words for words in room.heard(OFFICER) if "备用通道没有送到 1 人" in words]
    assert len(told) == 1
    assert "· 刘海芝 1" in told[0]
    assert "（短信：网关连不上）" in told[0]
    assert "刘海芝 短信" in caplog.text, "the log names person and channel"
    assert SECRET not in caplog.text


async def test_a_gateway_that_refuses_is_not_asked_again(room: Room, gateway: Gateway) -> None:
    await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    gateway.status = 401
    await warn(room)
    assert await rows(room) == [("failed", 1)]
    assert "网关拒绝（401）" in "".join(room.heard(OFFICER))


async def test_a_gateway_that_hangs_is_uncertain_and_holds_nobody_back(room: Room, gateway: Gateway) -> None:
    await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    gateway.held.clear()
    room.app.channels.seconds = 0.1
    await warn(room)
    assert await rows(room) == [("pending", 1)]
    assert any("暴雨红色预警" in words for words in room.heard("王秀兰")), "the chat went on"
    gateway.held.set()
    room.app.channels.seconds = 15
    await room.fast_forward(seconds=5)
    assert gateway.got[-1]["title"] == "【重发】暴雨红色预警 W1"
    assert await rows(room) == [("sent", 2)]


async def test_a_slow_gateway_leaves_room_for_another(room: Room, gateway: Gateway) -> None:
    async with room.app.db.read() as tx:
        every = [who for who in await people.everybody(tx) if any(p.ab == "A" for p in who.posts)][:12]
    for who in every[:-1]:
        await room.types(ADMIN, f"通道 {who.phone} 短信 {gateway.url()}")
    await room.types(ADMIN, f"通道 {every[-1].phone} 短信 json://localhost:{gateway.server.port}/sms/other")
    await warn(room)
    async with room.app.db.write() as tx:
        b = await bulletin.by_id(tx, 1)
        assert b is not None
        await act.reach(tx, room.clock.now(), b, [who.id for who in every], step="remind")
    jobs = await room.app.channels.round([])
    assert [job.channel.owner for job in jobs] == [who.name for who in [*every[:PER_GATEWAY], every[-1]]]
    assert SECRET not in repr(jobs)
    assert await room.app.channels.round(jobs) == [], "until one of them is back"
    assert gateway.got == []


async def test_the_process_sends_by_channel_beside_the_chat(room: Room, gateway: Gateway) -> None:
    """The loop of the real process: it is woken by a row, and ends when told while a gateway hangs."""
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    await warn(room)
    gateway.held.clear()
    room.app.channels.seconds = 0.2
    stop = asyncio.Event()

    async def promise_then_stop() -> None:
        async with room.app.db.write() as tx:
            b = await bulletin.by_id(tx, 1)
            (who,) = await people.by_name(tx, CONTACT)
            assert b is not None
            assert await act.reach(tx, room.clock.now(), b, [who.id], step="again") == 1
        await gateway.came.wait()
        stop.set()

    async with asyncio.timeout(5):
        await asyncio.gather(room.app.channels.run(stop), promise_then_stop())
    assert ("pending", 1) in await rows(room), "uncertain: it goes again and says 重发"


# --- secrets ------------------------------------------------------------------------------------------------


async def test_neither_addresses_nor_links_stand_where_they_need_not(
    room: Room, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await unbind(room, CONTACT)
    await room.types(ADMIN, f"通道 {CONTACT} 短信 {gateway.url()}")
    await room.types(ADMIN, f"通道 {CONTACT} 试发")
    await warn(room)
    link = re.search(r"/a/([\w-]+)", gateway.got[-1]["message"])
    assert link
    async with room.app.db.read() as tx:
        kept = repr([await tx.all(select(table)) for table in (log, outbox, drafts, inbox)])
        links = repr(await tx.all(select(ack_links)))
    ours = "".join(r.getMessage() for r in caplog.records if r.name not in GATEWAYS_OWN)
    assert not logging.getLogger("apprise").propagate, "its lines reach no log of ours"
    for secret in ("s3cretpassword", "key-0123456789"):
        assert secret not in kept
        assert secret not in ours
        assert secret not in "".join(room.heard(ADMIN))
    assert link[1] not in kept + links + ours


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("json://user:pw@10.0.0.8:8080/sms/key failed", "json://<channel> failed"),
        ("['wecombot://abcdefghijkl']", "['wecombot://<channel>']"),
        ("dingtalk://token0123/13800000000", "dingtalk://<channel>"),
        ("mailtos://u:p@example.com?to=a@b.cn,", "mailtos://<channel>"),
        ("https://user:pw@gateway.cn/x", "https://<user>@gateway.cn/x"),
        ("postgresql+asyncpg://duty:pw@db/room", "postgresql+asyncpg://<user>@db/room"),
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa.",
            "https://qyapi.weixin.qq.com/<link>",
        ),
        ("connected to http://127.0.0.1:8800/health", "connected to http://127.0.0.1:8800/health"),
        ("sqlite+aiosqlite:///data/dutyroom.sqlite3", "sqlite+aiosqlite:///data/dutyroom.sqlite3"),
    ],
)
def test_addresses_are_blotted_out_of_log_lines(line: str, kept: str) -> None:
    assert blot(line) == kept


@pytest.mark.parametrize(
    ("noted", "means"),
    [
        ("Failed to send JSON POST notification: error=403.", Refused("网关拒绝（403）")),
        ("Failed to send JSON notification: Too many, error=429.", Later(timedelta(0), "网关出错（429）")),
        ("Failed … Servers are overloaded., error=503.", Later(timedelta(0), "网关出错（503）")),
        (
            "Socket Exception: HTTPConnectionPool(…): Read timed out. (read timeout=4)",
            Uncertain("网关没有回答"),
        ),
        ("Socket Exception: ('Connection aborted.', RemoteDisconnected())", Uncertain("网关没有回答")),
        ("Socket Exception: Connection refused", Later(timedelta(0), "网关连不上")),
        ("", Later(timedelta(0), "网关连不上")),
    ],
)
def test_a_failure_is_told_apart_by_what_was_noted(noted: str, means: object) -> None:
    assert read_failure(noted) == means

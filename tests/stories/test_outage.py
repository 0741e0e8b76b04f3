"""Telegram is away, or takes only some messages: who hears of it, by what, and once it is back."""

import asyncio
from datetime import timedelta

from sqlalchemy import update

from actions import auditor, outage
from bot.inbox import CONFLICT_WAIT
from storage import room as rooms
from storage.schema import outbox
from tests.stories.gateway import Gateway
from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, ADMIN, CONTACT = "郑伟", "宋倩", "刘海芝"


async def polling(room: Room, minutes: float) -> None:
    """Let time pass as in the process: it polls now and then, and watches."""
    for _ in range(round(minutes * 3)):
        await room.fast_forward(seconds=20)
        if not room.api.faults.out:
            room.app.inbox.last_poll = room.clock.now()
        await room.app.watch_telegram()
    await room.settle()


async def test_an_outage_is_told_by_the_admins_channel_and_its_end_by_one_message(
    room: Room, gateway: Gateway
) -> None:
    await room.types(ADMIN, f"通道 {ADMIN} 短信 {gateway.url()}")
    await polling(room, 1)
    heard = len(room.heard(ADMIN))
    room.api.faults.outage(True)
    await polling(room, 0.7)
    assert gateway.got == [], "a minute is no outage yet"
    await polling(room, 4)
    (told,) = gateway.got
    assert "连不上 Telegram" in told["title"]
    assert "收不到消息" in told["message"]
    assert "重要事项请打电话" in told["message"]
    room.api.faults.outage(False)
    await polling(room, 2)
    new = room.heard(ADMIN)[heard:]
    assert [text for text in new if "Telegram" in text] == new, new
    (back,) = new
    assert back.startswith("已恢复")
    assert "中断约 5 分钟" in back
    assert len(gateway.got) == 1
    assert "Telegram 中断" in (await room.types(ADMIN, "审计"))[-1]


async def test_sending_that_fails_is_an_outage_too(room: Room, gateway: Gateway) -> None:
    await room.types(ADMIN, f"通道 {ADMIN} 短信 {gateway.url()}")
    room.api.faults.reply(502, method="sendMessage", count=None)
    await room.types(OFFICER, "值班")
    await polling(room, 2)
    (told,) = gateway.got
    assert "发不出消息" in told["message"]
    assert "收不到消息" not in told["message"]
    room.api.faults.clear()
    await polling(room, 2)
    assert room.last(ADMIN).startswith("已恢复")
    assert "主班" in room.last(OFFICER)


async def test_a_short_trouble_is_not_worth_a_message(room: Room, gateway: Gateway) -> None:
    await room.types(ADMIN, f"通道 {ADMIN} 短信 {gateway.url()}")
    heard = len(room.heard(ADMIN))
    room.api.faults.outage(True)
    await polling(room, 0.7)
    room.api.faults.outage(False)
    await polling(room, 2)
    assert gateway.got == []
    assert len(room.heard(ADMIN)) == heard


async def test_a_message_that_is_not_wanted_any_more_leaves_no_outage_behind(room: Room) -> None:
    room.api.faults.reply(502, method="sendMessage", count=None)
    await room.types(OFFICER, "值班")
    assert room.app.outbox.failing_since is not None
    async with room.app.db.write() as tx:
        await tx.run(update(outbox).where(outbox.c.state == "pending").values(state="dropped"))
    await room.settle()
    assert room.app.outbox.failing_since is None


async def test_after_a_longer_outage_open_buttons_are_shown_again(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    for minutes, again in ((1, False), (3, True)):
        since = room.clock.now()
        await room.fast_forward(minutes=minutes)
        async with room.app.db.write() as tx:
            await outage.begin(tx, room.clock.now(), since, polling=True, sending=False, refused=False)
        async with room.app.db.write() as tx:
            assert await outage.end(tx, room.clock.now())
        await room.settle()
        assert ("请再点一次「收到」" in room.last(CONTACT)) == again


async def test_an_outage_that_outlasts_the_process_is_told_once(room: Room, gateway: Gateway) -> None:
    await room.types(ADMIN, f"通道 {ADMIN} 短信 {gateway.url()}")
    await polling(room, 0.4)
    room.api.faults.outage(True)
    await polling(room, 2)
    assert len(gateway.got) == 1
    await room.app.db.close()
    room.api.faults.outage(False)
    await room.crash(timedelta(seconds=30))
    await polling(room, 1)
    assert sum(text.startswith("已恢复") for text in room.heard(ADMIN)) == 1
    async with room.app.db.read() as tx:
        assert await rooms.fact(tx, outage.SINCE) == ""


async def test_who_is_not_reached_while_others_are_is_named_to_the_admin(room: Room) -> None:
    room.api.faults.reply(502, method="sendMessage", chat=room.ids[CONTACT], count=None)
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    for _ in range(3):
        await room.fast_forward(minutes=1)
        async with room.app.db.write() as tx:
            await auditor.audit(tx, room.clock.now())
    await room.settle()
    told = [text for text in room.heard(ADMIN) if "没有发出去" in text]
    assert len(told) == 1, "once an hour"
    assert CONTACT in told[0]
    assert "仍在重试" in told[0]


async def test_a_chat_that_is_only_held_back_by_telegrams_limits_is_no_trouble(room: Room) -> None:
    room.api.faults.reply(429, retry_after=90, method="sendMessage", chat=room.ids[OFFICER], count=5)
    await room.types(OFFICER, "值班")
    await room.fast_forward(minutes=2)
    assert room.app.outbox.failing_since is None
    async with room.app.db.write() as tx:
        assert await auditor.audit(tx, room.clock.now()) == []


async def test_without_telegram_the_audit_does_not_write_of_what_waits(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    room.api.faults.outage(True)
    await room.fast_forward(minutes=5)
    async with room.app.db.write() as tx:
        assert await auditor.audit(tx, room.clock.now(), telegram_works=False) == []


async def test_the_poll_loop_itself_notices_and_comes_back(room: Room) -> None:
    stop = asyncio.Event()
    app = room.app
    app.health.began = room.clock.now()
    room.api.faults.outage(True)
    loop = asyncio.create_task(app.inbox.poll(stop))  # noqa: TID251 - as the process does
    room.clock.move(61)
    away = app.health.away()
    assert away is not None
    assert (away.polling, away.sending) == (True, False)
    assert not app.health.there()
    assert "收不到消息" in (await app.health.now()).trouble[0]
    room.api.faults.outage(False)
    room.api.post(room.ids[OFFICER], "值班")
    await asyncio.wait_for(app.inbox.arrived.wait(), 10)
    assert app.health.there()
    assert app.health.away() is None
    stop.set()
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


async def test_another_process_on_the_token_is_no_outage(room: Room) -> None:
    assert CONFLICT_WAIT < 60
    room.app.health.began = room.clock.now()
    room.app.inbox.conflict_since = room.clock.now()
    room.clock.move(120)
    assert room.app.health.away() is None, "it is told by itself, by the chat"
    assert "409" in (await room.app.health.now()).trouble[0]

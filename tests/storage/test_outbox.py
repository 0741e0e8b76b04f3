"""What is promised goes out in order of urgency, one at a time per chat, at least once and never silently twice."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import event

from domain.notice import Priority
from domain.notices.base import Alarm
from domain.notices.channel import Trial
from storage import card, outbox, people
from storage.database import Database, Loop, Tx
from tests.storage.conftest import NOW

SECOND = timedelta(seconds=1)
GAP = timedelta(seconds=3)


async def promise(
    tx: Tx, text: str, *, person: int | None = None, chat: int | None = None,
    priority: Priority = Priority.ANSWER, key: str | None = None,
) -> bool:  # fmt: skip
    """Promise an alarm with this text."""
    notice = Alarm(text=text, at=NOW)
    return await outbox.say(tx, NOW, notice, person=person, chat=chat, priority=priority, key=key)


async def claimed(
    db: Database, limit: int = 10, busy: tuple[int, ...] = (), above: Priority | None = None
) -> list[str]:
    """Claim and return the texts."""
    async with db.write() as tx:
        return [s.data["text"] for s in await outbox.claim(tx, NOW, limit, busy, above=above)]


async def test_the_most_urgent_goes_first_and_the_oldest_among_equals(db: Database) -> None:
    async with db.write() as tx:
        await promise(tx, "答复", chat=1)
        await promise(tx, "红色", chat=2, priority=Priority.LIFE)
        await promise(tx, "蓝色", chat=3, priority=Priority.WARNING)
        await promise(tx, "红色之二", chat=4, priority=Priority.LIFE)
    assert await claimed(db, limit=3) == ["红色", "红色之二", "蓝色"]
    assert await claimed(db) == ["答复"]
    assert await claimed(db) == []


async def test_one_claim_takes_one_message_per_chat(db: Database) -> None:
    async with db.write() as tx:
        for text in ("一", "二"):
            await promise(tx, f"刘芳{text}", person=1)
            await promise(tx, f"李强{text}", person=2)
        await promise(tx, "刘芳三", chat=101)
    assert await claimed(db) == ["刘芳一", "李强一"]
    assert await claimed(db, busy=(101, 102)) == []
    assert await claimed(db, busy=(102,)) == ["刘芳二"]


async def test_a_long_queue_of_one_chat_does_not_hide_the_others(db: Database) -> None:
    async with db.write() as tx:
        for number in range(50):
            await promise(tx, f"催{number}", person=1, priority=Priority.LIFE)
        await promise(tx, "别人的", person=2, priority=Priority.DIGEST)
    assert await claimed(db, limit=1) == ["催0"]
    assert await claimed(db, limit=1, busy=(101,)) == ["别人的"]


async def test_pages_of_a_busy_chat_are_passed_over_until_somebody_free_is_found(db: Database) -> None:
    async with db.write() as tx:
        for number in range(2 * outbox.PAGE + 1):
            await promise(tx, f"催{number}", person=1, priority=Priority.LIFE)
        await promise(tx, "别人的", person=2, priority=Priority.LIFE)
        await promise(tx, "后来的", chat=3)
    assert await claimed(db, limit=3, busy=(101,)) == ["别人的", "后来的"]
    assert await claimed(db, limit=3) == ["催0"]


async def test_whether_something_may_go_now_is_seen_without_looking_at_what_waits(db: Database) -> None:
    async with db.write() as tx:
        await promise(tx, "一", person=1)
        assert await outbox.next_moment(tx, NOW, GAP) == NOW
        (only,) = await outbox.claim(tx, NOW, 10, ())
        assert await outbox.next_moment(tx, NOW, GAP) is None
        await outbox.postpone(tx, only.id, NOW + SECOND, "限速", uncertain=False)
        assert await outbox.next_moment(tx, NOW, GAP) == NOW + SECOND
        await promise(tx, "二", person=2)
        assert await outbox.next_moment(tx, NOW, GAP) == NOW


async def test_an_edit_goes_when_its_card_has_stood_for_the_gap_and_not_after_a_later_message(
    db: Database,
) -> None:
    async with db.write() as tx:
        await card.place(tx, NOW, [card.Placed("callout.progress", "W1", 1, 101, 7, "")])
        assert await outbox.next_moment(tx, NOW, GAP) is None
        await card.touch(tx, NOW, "W1")
        assert await outbox.next_moment(tx, NOW, GAP) == NOW + GAP
        await promise(tx, "以后", person=2)
        (later,) = await outbox.claim(tx, NOW, 10, ())
        await outbox.postpone(tx, later.id, NOW + 2 * GAP, "限速", uncertain=False)
        assert await outbox.next_moment(tx, NOW, GAP) == NOW + GAP
        overdue = await outbox.next_moment(tx, NOW + 3 * GAP, GAP)
        assert overdue is not None
        assert overdue <= NOW + 3 * GAP


async def test_only_what_is_more_urgent_is_claimed_when_so_asked(db: Database) -> None:
    async with db.write() as tx:
        await promise(tx, "答复", chat=1)
        await promise(tx, "红色", chat=2, priority=Priority.LIFE)
    assert await claimed(db, above=Priority.ANSWER) == ["红色"]


async def test_somebody_without_an_account_is_claimed_without_a_chat(db: Database) -> None:
    async with db.write() as tx:
        await promise(tx, "一", person=3)
        await promise(tx, "二", person=3)
    async with db.write() as tx:
        assert [s.chat_id for s in await outbox.claim(tx, NOW, 10, ())] == [None, None]


async def test_a_key_is_promised_once_whatever_becomes_of_the_message(db: Database) -> None:
    async with db.write() as tx:
        assert await promise(tx, "一", person=1, key="k")
        assert not await promise(tx, "二", person=2, key="k")
        (sending,) = await outbox.claim(tx, NOW, 10, ())
        await outbox.sent(tx, NOW, {sending.id: 5})
        assert not await promise(tx, "三", person=1, key="k")


async def test_what_was_on_the_wire_at_a_crash_goes_again_and_says_so(db: Database) -> None:
    async with db.write() as tx:
        await promise(tx, "在途", person=1)
        await promise(tx, "在等", person=2)
        await outbox.claim(tx, NOW, 1, ())
    async with db.write() as tx:
        assert await outbox.recover(tx, NOW) == 1
        found = {s.data["text"]: s for s in await outbox.claim(tx, NOW, 10, ())}
    assert {text: s.repeated for text, s in found.items()} == {"在途": True, "在等": False}
    assert found["在途"].attempts == 1


async def test_a_postponed_message_waits_and_says_that_it_repeats_only_when_it_may_have_arrived(
    db: Database,
) -> None:
    async with db.write() as tx:
        await promise(tx, "确定没到", person=1)
        await promise(tx, "也许到了", person=2)
        sure, unsure = await outbox.claim(tx, NOW, 10, ())
        await outbox.postpone(tx, sure.id, NOW + SECOND, "限速", uncertain=False)
        await outbox.postpone(tx, unsure.id, NOW + SECOND, "超时", uncertain=True)
        assert await outbox.next_moment(tx, NOW, GAP) == NOW + SECOND
        assert await outbox.claim(tx, NOW, 10, ()) == []
        again = await outbox.claim(tx, NOW + SECOND, 10, ())
    assert [s.repeated for s in again] == [False, True]


async def test_what_is_sent_dropped_or_failed_never_goes_again(db: Database) -> None:
    async with db.write() as tx:
        for chat in (1, 2, 3):
            await promise(tx, str(chat), chat=chat)
        sent, dropped, failed = await outbox.claim(tx, NOW, 10, ())
        await outbox.sent(tx, NOW, {sent.id: 7})
        await outbox.drop(tx, dropped.id, "已不需要")
        await outbox.fail(tx, failed.id, "未绑定")
        assert await outbox.recover(tx, NOW) == 0
        assert await outbox.claim(tx, NOW, 10, ()) == []
        assert await outbox.ages(tx) == {"failed": 1}
        assert await outbox.next_moment(tx, NOW, GAP) is None


async def test_a_message_goes_to_the_account_a_person_has_when_it_goes(db: Database) -> None:
    async with db.write() as tx:
        await promise(tx, "一", person=3)
    async with db.write() as tx:
        await people.bind(tx, 3, 103)
        assert [s.chat_id for s in await outbox.claim(tx, NOW, 10, ())] == [103]


async def test_a_long_queue_to_one_chat_is_not_read_again_and_again(db: Database) -> None:
    async with db.write() as tx:
        for number in range(outbox.PAGE * 4):
            await promise(tx, f"{number}", chat=1)
        await promise(tx, "最后", chat=2)
    asked: list[str] = []
    async with db.write() as tx:
        connection = tx.conn.sync_connection
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
        found = [s.data["text"] for s in await outbox.claim(tx, NOW, 10, (1,))]
    assert found == ["最后"]
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1


async def test_a_promise_wakes_the_loop_that_sends_it_and_no_other(db: Database) -> None:
    trial = Trial(channel=1, by=1, target="刘芳", name="短信", room="值班室", phone="", at=NOW)
    woken: list[Mapping[Loop, datetime]] = []
    db.woken = woken.append
    async with db.write() as tx:
        await promise(tx, "答复", chat=1)
    async with db.write() as tx:
        await outbox.say(tx, NOW, trial, person=1)
    assert woken == [{Loop.CHAT: NOW}, {Loop.CHANNELS: NOW}]
